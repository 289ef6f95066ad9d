// ChaCha20-Poly1305 of RFC 8439 by node:crypto, and upon it XChaCha20-Poly1305 of
// draft-irtf-cfrg-xchacha, whose HChaCha20 node does not have.

import { createCipheriv, createDecipheriv } from 'node:crypto';

import { CODE, Refusal } from './codes.mjs';

export const TAG = 16;

const ALGORITHM = 'chacha20-poly1305';
const OPTIONS = { authTagLength: TAG };

/** Encrypts; the tag stands behind the ciphertext. */
export function seal(key, nonce, associated, plaintext) {
    const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS);
    cipher.setAAD(associated, { plaintextLength: plaintext.length });
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts, or throws a refusal if it does not verify. */
export function open(key, nonce, associated, sealed) {
    if (sealed.length < TAG) {
        throw new Refusal(CODE.DOES_NOT_VERIFY, 'shorter than its tag');
    }
    const length = sealed.length - TAG;
    const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS);
    decipher.setAAD(associated, { plaintextLength: length });
    decipher.setAuthTag(sealed.subarray(length));
    const plaintext = decipher.update(sealed.subarray(0, length));
    try {
        return Buffer.concat([plaintext, decipher.final()]);
    } catch {
        throw new Refusal(CODE.DOES_NOT_VERIFY, 'the tag is wrong');
    }
}

const rotate = (word, bits) => (word << bits) | (word >>> (32 - bits));

function quarter(state, a, b, c, d) {
    state[a] += state[b];
    state[d] = rotate(state[d] ^ state[a], 16);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 12);
    state[a] += state[b];
    state[d] = rotate(state[d] ^ state[a], 8);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 7);
}

function doubleRound(state) {
    for (let i = 0; i < 4; i++) {
        quarter(state, i, 4 + i, 8 + i, 12 + i);
    }
    for (let i = 0; i < 4; i++) {
        quarter(state, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4));
    }
}

/** HChaCha20: a new key from a key and 16 bytes of nonce. */
export function hchacha20(key, nonce) {
    const start = Buffer.concat([Buffer.from('expand 32-byte k', 'ascii'), key, nonce]);
    const state = new Uint32Array(16);
    state.forEach((_, i) => { state[i] = start.readUInt32LE(i * 4); });
    for (let i = 0; i < 10; i++) {
        doubleRound(state);
    }
    const out = Buffer.alloc(32);
    for (let i = 0; i < 4; i++) {
        out.writeUInt32LE(state[i], i * 4);
        out.writeUInt32LE(state[12 + i], 16 + i * 4);
    }
    return out;
}

const innerNonce = (nonce) => Buffer.concat([Buffer.alloc(4), nonce.subarray(16, 24)]);

export function xseal(key, nonce, associated, plaintext) {
    const inner = hchacha20(key, nonce.subarray(0, 16));
    return seal(inner, innerNonce(nonce), associated, plaintext);
}

export function xopen(key, nonce, associated, sealed) {
    const inner = hchacha20(key, nonce.subarray(0, 16));
    return open(inner, innerNonce(nonce), associated, sealed);
}

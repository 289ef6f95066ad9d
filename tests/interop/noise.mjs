// Chapter 1.2: the client's side of Noise_XK_25519_ChaChaPoly_SHA256.

import { createHmac, randomBytes } from 'node:crypto';

import { CODE, refuse } from './codes.mjs';
import { ascii, sha256, x25519, x25519Public } from './keys.mjs';
import { open, seal, TAG } from './xchacha.mjs';

const NAME = 'Noise_XK_25519_ChaChaPoly_SHA256'; // 32 bytes, so it need not be hashed
const PROLOGUE = 'kring/1';
const EMPTY = Buffer.alloc(0);
const KEY = 32;

export const MESSAGE_2_LENGTH = KEY + TAG;

const hmac = (key, ...parts) =>
    createHmac('sha256', key).update(Buffer.concat(parts)).digest();

function twoKeys(chaining, input) {
    const t = hmac(chaining, input);
    const first = hmac(t, Buffer.from([1]));
    return [first, hmac(t, first, Buffer.from([2]))];
}

/** One direction of sealing: a key, and a number that counts what was sealed with it. */
class CipherState {
    constructor(key) {
        this.key = key;
        this.count = 0;
    }

    nonce() {
        const nonce = Buffer.alloc(12);
        nonce.writeBigUInt64LE(BigInt(this.count), 4);
        this.count += 1;
        return nonce;
    }

    seal(plaintext, associated = EMPTY) {
        return seal(this.key, this.nonce(), associated, plaintext);
    }

    open(sealed, associated = EMPTY) {
        return open(this.key, this.nonce(), associated, sealed);
    }
}

export class Handshake {
    /** `statics` is the seat's noise pair; `ephemeral` is given in tests only. */
    constructor(serverKey, statics, ephemeral = randomBytes(KEY)) {
        this.serverKey = serverKey;
        this.statics = statics;
        this.ephemeral = ephemeral;
        this.serverEphemeral = null;
        this.cipher = null;
        this.chaining = ascii(NAME);
        this.hash = this.chaining;
        this.mixHash(ascii(PROLOGUE));
        this.mixHash(serverKey);
    }

    mixHash(data) {
        this.hash = sha256(this.hash, data);
    }

    mixKey(input) {
        const [chaining, key] = twoKeys(this.chaining, input);
        this.chaining = chaining;
        this.cipher = new CipherState(key);
    }

    encryptAndHash(plaintext) {
        const sealed = this.cipher.seal(plaintext, this.hash);
        this.mixHash(sealed);
        return sealed;
    }

    decryptAndHash(sealed) {
        const plaintext = this.cipher.open(sealed, this.hash);
        this.mixHash(sealed);
        return plaintext;
    }

    /** -> e, es */
    writeMessage1() {
        const key = x25519Public(this.ephemeral);
        this.mixHash(key);
        this.mixKey(x25519(this.ephemeral, this.serverKey));
        return Buffer.concat([key, this.encryptAndHash(EMPTY)]);
    }

    /** <- e, ee; throws if the one who answers is not the server of the link. */
    readMessage2(message) {
        if (message.length !== MESSAGE_2_LENGTH) {
            refuse(CODE.MALFORMED, 'message 2 has another length');
        }
        this.serverEphemeral = message.subarray(0, KEY);
        this.mixHash(this.serverEphemeral);
        this.mixKey(x25519(this.ephemeral, this.serverEphemeral));
        this.decryptAndHash(message.subarray(KEY));
    }

    /** -> s, se */
    writeMessage3(payload) {
        const statics = this.encryptAndHash(this.statics.public);
        this.mixKey(x25519(this.statics.secret, this.serverEphemeral));
        return Buffer.concat([statics, this.encryptAndHash(payload)]);
    }

    /** After message 3: what the client seals with, and what it opens with. */
    split() {
        const [outgoing, incoming] = twoKeys(this.chaining, EMPTY);
        return { outgoing: new CipherState(outgoing), incoming: new CipherState(incoming) };
    }
}

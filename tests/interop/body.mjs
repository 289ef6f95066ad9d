// Chapter 5.2: bodies. Padding hides the length; the commitment makes sure that one ciphertext
// cannot be opened to two different texts with two keys.

import { CODE, malformed, refuse } from './codes.mjs';
import { ascii, H, keyedHash } from './keys.mjs';
import { TAG, xopen, xseal } from './xchacha.mjs';

const SIZES = [
    256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768,
    49152,
];
const COMMITMENT = 32;
const OVERHEAD = COMMITMENT + TAG;
const END_OF_TEXT = 0x80;

/** The padded size of a plaintext of this length. */
export function paddedSize(length) {
    return SIZES.find((size) => size > length) ?? refuse(CODE.TOO_LONG, 'a text is too long');
}

export const isBodyLength = (length) => SIZES.includes(length - OVERHEAD);

function pad(plaintext) {
    const padded = Buffer.alloc(paddedSize(plaintext.length));
    plaintext.copy(padded);
    padded[plaintext.length] = END_OF_TEXT;
    return padded;
}

function unpad(padded) {
    let end = padded.length - 1;
    while (end > 0 && padded[end] === 0) {
        end -= 1;
    }
    if (padded[end] !== END_OF_TEXT || paddedSize(end) !== padded.length) {
        malformed('a text is not padded as it must be');
    }
    return padded.subarray(0, end);
}

export function commitmentOf(contentKey, header) {
    return keyedHash(contentKey, ascii('kring/1 body'), H(header));
}

export function sealBody(contentKey, header, plaintext) {
    const commitment = commitmentOf(contentKey, header);
    const nonce = commitment.subarray(0, 24);
    return Buffer.concat([commitment, xseal(contentKey, nonce, header, pad(plaintext))]);
}

/** The 32 bytes at the body's start, or zeros where there is no body. */
export function bodyCommitment(body) {
    return body.length === 0 ? Buffer.alloc(COMMITMENT) : body.subarray(0, COMMITMENT);
}

export function openBody(contentKey, header, body) {
    const commitment = bodyCommitment(body);
    if (!commitmentOf(contentKey, header).equals(commitment)) {
        refuse(CODE.DOES_NOT_VERIFY, 'the key does not fit the commitment');
    }
    const nonce = commitment.subarray(0, 24);
    return unpad(xopen(contentKey, nonce, header, body.subarray(COMMITMENT)));
}

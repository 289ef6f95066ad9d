// Chapter 3: the primitives, and what each key is made from.

import {
    createHash, createPrivateKey, createPublicKey, diffieHellman, sign as signBytes,
    verify as verifyBytes,
} from 'node:crypto';

import { blake2b } from './blake2b.mjs';
import { CODE, refuse } from './codes.mjs';
import { hasSmallOrder } from './curve.mjs';

export const ascii = (text) => Buffer.from(text, 'ascii');

/** A number as big-endian bytes. */
export function bigEndian(number, size) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(number));
    return bytes.subarray(8 - size);
}

/** H of the parts joined. */
export const H = (...parts) => blake2b(32, Buffer.concat(parts));

/** BLAKE2b-256 with a key of 32 or 64 bytes. */
export const keyedHash = (key, ...parts) => blake2b(32, Buffer.concat(parts), { key });

export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

function kdf(seed, number, context) {
    const salt = Buffer.alloc(16);
    salt.writeBigUInt64LE(BigInt(number));
    return blake2b(32, Buffer.alloc(0), { key: seed, salt, personal: ascii(context) });
}

// node:crypto takes raw keys only inside of their DER shells, which are the same for all keys.
const SECRET_SHELL = {
    x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
    ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
};
const PUBLIC_SHELL = {
    x25519: Buffer.from('302a300506032b656e032100', 'hex'),
    ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
};

function secretObject(type, secret) {
    const key = Buffer.concat([SECRET_SHELL[type], secret]);
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

function publicObject(type, bytes) {
    const key = Buffer.concat([PUBLIC_SHELL[type], bytes]);
    return createPublicKey({ key, format: 'der', type: 'spki' });
}

function publicHalf(type, secret) {
    const key = createPublicKey(secretObject(type, secret));
    return Buffer.from(key.export({ format: 'der', type: 'spki' }).subarray(-32));
}

/** X25519; a result of zeros is an error, always and everywhere. */
export function x25519(secret, point) {
    let shared;
    try {
        shared = diffieHellman({
            privateKey: secretObject('x25519', secret),
            publicKey: publicObject('x25519', point),
        });
    } catch {
        return refuse(CODE.BAD_KEY, 'X25519 gave nothing'); // OpenSSL refuses zeros itself
    }
    return shared.every((byte) => byte === 0)
        ? refuse(CODE.BAD_KEY, 'X25519 gave zeros')
        : shared;
}

export const x25519Public = (secret) => publicHalf('x25519', secret);
export const ed25519Public = (seed) => publicHalf('ed25519', seed);

export const sign = (seed, bytes) => signBytes(null, bytes, secretObject('ed25519', seed));

/** As libsodium verifies: OpenSSL checks that S is reduced, but not the order of R. */
export function verify(key, bytes, signature) {
    return signature.length === 64
        && !hasSmallOrder(signature.subarray(0, 32))
        && verifyBytes(null, bytes, publicObject('ed25519', key), signature);
}

const x25519Pair = (secret) => ({ secret, public: x25519Public(secret) });
const ed25519Pair = (seed) => ({ seed, public: ed25519Public(seed) });

/** The keys of a seat: one person in one session. */
export function seatKeys(seed) {
    return {
        noise: x25519Pair(kdf(seed, 1, 'kring/1s')),
        box: x25519Pair(kdf(seed, 2, 'kring/1s')),
        sign: ed25519Pair(kdf(seed, 3, 'kring/1s')),
    };
}

/** The device keys of a seat, as entries and messages hold them. */
export const deviceKeysOf = (seat) => [seat.noise.public, seat.box.public, seat.sign.public];

/** The keys of a link; `box` is that of recovery only. */
export function linkKeys(seed) {
    return {
        sign: ed25519Pair(kdf(seed, 1, 'kring/1l')),
        box: x25519Pair(kdf(seed, 2, 'kring/1l')),
    };
}

/** K, the group's key, from F. */
export const groupKey = (facilitatorKey) => keyedHash(facilitatorKey, ascii('kring/1 group'));

/** What stands in the clear of K, written H(K) in the protocol. */
export const groupCheck = (group) => H(ascii('kring/1 check'), group);

export function stepSecret(facilitatorKey, session, step) {
    return keyedHash(facilitatorKey, ascii('kring/1 step'), session, bigEndian(step, 4));
}

/** What a ticket signs. */
export const ticketProofBytes = (genesis) => Buffer.concat([ascii('kring/1 ticket'), genesis]);

/** What an invite, or recovery, signs. */
export function inviteProofBytes(session, [noise, box, signKey]) {
    return Buffer.concat([ascii('kring/1 invite'), session, noise, box, signKey]);
}

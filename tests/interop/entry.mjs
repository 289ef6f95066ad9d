// Chapter 5: entries. Decoding checks all that one entry alone can tell; sealing makes one.

import { randomBytes } from 'node:crypto';

import { bodyCommitment, commitmentOf, isBodyLength, openBody, sealBody } from './body.mjs';
import { CODE, malformed, refuse } from './codes.mjs';
import { ascii, H, inviteProofBytes, sign, verify, x25519Public } from './keys.mjs';
import {
    bodyBytes, headerId, KIND, kindNumber, LIMIT, NAME, readArgs,
} from './kinds.mjs';
import { decodeParts, encode } from './msgpack.mjs';
import { any, bin, fixed, int } from './shapes.mjs';
import { openSlot, readSlots, sealSlot } from './slots.mjs';

export const VERSION = 1;

const EMPTY = Buffer.alloc(0);

const place = fixed([['index', int(0, Number.MAX_SAFE_INTEGER)], ['hash', bin(0, 32)]]);

const headerShape = fixed([
    ['version', any], ['session', bin(0, 32)], ['epoch', int(1, LIMIT.EPOCHS)],
    ['kind', kindNumber], ['step', int(0, LIMIT.STEPS)], ['author', int(0, LIMIT.MEMBERS)],
    ['id', headerId], ['seen', place], ['args', any],
]);

// Only genesis has no session before it, and nothing that it could have seen.
function checkBeginning({ kind, session, seen, author }) {
    const length = kind === KIND.GENESIS ? 0 : 32;
    if (session.length !== length || seen.hash.length !== length) {
        malformed('a hash is missing, or is one too many');
    }
    if ((seen.index === 0) !== (kind === KIND.GENESIS)) {
        refuse(CODE.BAD_SEEN, 'index 0 outside of genesis, or another one in it');
    }
    if (kind === KIND.GENESIS && author !== 1) {
        malformed('genesis is written by member 1');
    }
}

export const isAnonymous = ({ kind, author }) => kind === KIND.ANSWER && author === 0;

function checkAuthor(header) {
    const nobody = header.kind === KIND.JOIN || isAnonymous(header);
    if ((header.author === 0) !== nobody) {
        malformed('an author where there is none, or none where there is one');
    }
}

function readHeader(value) {
    if (!Array.isArray(value) || value.length === 0) {
        malformed('no header');
    }
    if (value[0] !== VERSION) {
        refuse(CODE.UNKNOWN_VERSION, 'an entry of another version');
    }
    const header = headerShape(value);
    checkAuthor(header);
    checkBeginning(header);
    return { ...header, args: readArgs(header.kind, header.args) };
}

function readBody(value) {
    const body = bodyBytes(value);
    return body.length === 0 || isBodyLength(body.length)
        ? body
        : malformed('a body of a length that tells something');
}

const readSignature = (header, value) => bin(isAnonymous(header) ? 0 : 64)(value);

/** An entry from its bytes: all its values with names, and the parts that are hashed. */
export function decodeEntry(bytes) {
    if (bytes.length > LIMIT.ENTRY) {
        refuse(CODE.TOO_LONG, 'an entry is too long');
    }
    const parts = decodeParts(bytes);
    const header = readHeader(parts[0]?.value);
    if (parts.length !== 4) {
        malformed('an entry has four parts');
    }
    return {
        ...header,
        ...readSlots(parts[2].value),
        body: readBody(parts[1].value),
        signature: readSignature(header, parts[3].value),
        bytes,
        headerBytes: bytes.subarray(parts[0].start, parts[0].end),
        hash: H(bytes),
        signedHash: H(bytes.subarray(0, parts[2].end)),
    };
}

const signedBytes = (hash) => Buffer.concat([ascii('kring/1 entry'), hash]);

export function isSignedBy(entry, key) {
    return verify(key, signedBytes(entry.signedHash), entry.signature);
}

/** Whether the proof of a `join` is by this invite, or recovery, key. */
export function isProvenBy(join, key) {
    const { noise, box, sign: signKey } = join.args.device;
    return verify(key, inviteProofBytes(join.session, [noise, box, signKey]), join.args.proof);
}

function headerArray({ session, epoch, kind, step, author, id, seen, args }) {
    return [VERSION, session, epoch, kind, step, author, id, [seen.index, seen.hash], args];
}

/**
 * The bytes of an entry. `draft` holds the header's values, with `args` as a plain array,
 * `plaintext` (null: no body), `slots` and `signSeed` (null: no signature). A content slot gets
 * the content key; every other slot brings its own. The random values are given in tests only.
 */
export function sealEntry(draft, random = {}) {
    const { contentKey = randomBytes(32), ephemeral = randomBytes(32) } = random;
    const pair = { secret: ephemeral, public: x25519Public(ephemeral) };
    const header = headerArray(draft);
    const bytes = encode(header);
    const body = draft.plaintext === null
        ? EMPTY
        : sealBody(contentKey, bytes, draft.plaintext);
    const slots = draft.slots.map((slot) => sealSlot(pair, bytes, body, {
        ...slot, key: slot.name === NAME.CONTENT ? contentKey : slot.key,
    }));
    const values = [header, body, slots.length === 0 ? [] : [pair.public, ...slots]];
    return encode([...values, signatureOf(values, draft.signSeed)]);
}

function signatureOf(values, seed) {
    if (seed === null) {
        return EMPTY;
    }
    const unsigned = Buffer.concat([Buffer.from([0x94]), ...values.map(encode)]);
    return sign(seed, signedBytes(H(unsigned)));
}

/** Whether a key is this entry's content key. */
export function isContentKey(entry, key) {
    return commitmentOf(key, entry.headerBytes).equals(bodyCommitment(entry.body));
}

export const findSlot = (entry, lock, lockNumber, name, nameNumber = 0) =>
    entry.slots.find((slot) => slot.lock === lock && slot.lockNumber === lockNumber
        && slot.name === name && slot.nameNumber === nameNumber);

/** The plaintext of an entry whose content slot under this lock is opened by `opener`. */
export function openEntry(entry, lock, lockNumber, opener) {
    const slot = findSlot(entry, lock, lockNumber, NAME.CONTENT)
        ?? refuse(CODE.BAD_SLOTS, 'no slot for this reader');
    return openBody(openSlot(entry, slot, opener), entry.headerBytes, entry.body);
}

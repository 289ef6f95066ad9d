// Chapters 5.3 and 5.4: a slot holds one key, in a box that the owner of its lock can open.
//
// An *opener* is what a reader has for a lock: `{ symmetric }` for K and F,
// `{ secret, public }` for members and recovery, and `{ secret, public, group }` for a step.
// To seal, the public half is enough: the secret is then that of the entry's own pair *e*.

import { malformed } from './codes.mjs';
import { bodyCommitment } from './body.mjs';
import { ascii, H, keyedHash, x25519 } from './keys.mjs';
import { LIMIT, LOCK, memberNumber, NAME, stepNumber, textNumber } from './kinds.mjs';
import { encode } from './msgpack.mjs';
import { bin, fixed, listed, x25519Key } from './shapes.mjs';
import { open, seal } from './xchacha.mjs';

const ZERO_NONCE = Buffer.alloc(12); // every box key is used once

const zero = (value) => (value === 0 ? 0 : malformed('this lock or name has no number'));

const LOCK_NUMBERS = { [LOCK.MEMBER]: memberNumber, [LOCK.STEP]: stepNumber };
const NAME_NUMBERS = { [NAME.TEXT]: textNumber, [NAME.STEP]: stepNumber };

const slotShape = fixed([
    ['lock', listed(1, 5)], ['lockNumber', (n) => n], ['name', listed(1, 7)],
    ['nameNumber', (n) => n], ['box', bin(48)],
]);

function readSlot(value) {
    const slot = slotShape(value);
    (LOCK_NUMBERS[slot.lock] ?? zero)(slot.lockNumber);
    (NAME_NUMBERS[slot.name] ?? zero)(slot.nameNumber);
    return slot;
}

const place = ({ lock, lockNumber, name, nameNumber }) => [lock, lockNumber, name, nameNumber];

/** The slots of an entry: its public key *e*, null without slots, and the list. */
export function readSlots(value) {
    if (!Array.isArray(value) || value.length === 1 || value.length > LIMIT.SLOTS + 1) {
        malformed('no slots');
    }
    if (value.length === 0) {
        return { ephemeral: null, slots: [] };
    }
    const slots = value.slice(1).map(readSlot);
    if (new Set(slots.map((slot) => place(slot).join())).size !== slots.length) {
        malformed('two slots are alike');
    }
    return { ephemeral: x25519Key(value[0]), slots };
}

/** S of chapter 5.4: it binds a slot to its one place. */
export function slotContext(ephemeral, header, body, slot) {
    return Buffer.concat([
        ascii('kring/1 slot'), ephemeral, H(header), bodyCommitment(body), encode(place(slot)),
    ]);
}

/** The key of a box; `shared` is X25519 of the two keys, or null under K and F. */
export function boxKey(context, opener, shared) {
    if (shared === null) {
        return keyedHash(opener.symmetric, context);
    }
    const key = opener.group === undefined ? shared : Buffer.concat([shared, opener.group]);
    return keyedHash(key, context, opener.public);
}

export function openSlot(entry, slot, opener) {
    const context = slotContext(entry.ephemeral, entry.headerBytes, entry.body, slot);
    const shared = opener.symmetric ? null : x25519(opener.secret, entry.ephemeral);
    return open(boxKey(context, opener, shared), ZERO_NONCE, context, slot.box);
}

/** One slot as it stands in an entry; `slot.key` is what it holds, `slot.for` its opener. */
export function sealSlot(pair, header, body, slot) {
    const context = slotContext(pair.public, header, body, slot);
    const shared = slot.for.symmetric ? null : x25519(pair.secret, slot.for.public);
    const box = seal(boxKey(context, slot.for, shared), ZERO_NONCE, context, slot.key);
    return [...place(slot), box];
}

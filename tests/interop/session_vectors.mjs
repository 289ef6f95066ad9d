// The session of the vectors, with all keys of all its members: each slot of each entry can be
// opened, and each entry sealed again, as it is or altered.

import { decodeEntry, sealEntry } from './entry.mjs';
import { seatKeys, stepSecret, x25519Public } from './keys.mjs';
import { KIND, LOCK } from './kinds.mjs';
import { decodeParts } from './msgpack.mjs';
import { fold } from './rules.mjs';
import { Session } from './session.mjs';
import { openSlot } from './slots.mjs';
import { hex } from './tap.mjs';

const STEP_EPOCH = 1; // every step of this session is first opened in epoch 1

export class SessionVectors {
    constructor(vectors, keys) {
        this.vectors = vectors;
        this.id = hex(vectors.session);
        this.seats = [null, ...keys.seats.map(({ seed }) => seatKeys(hex(seed)))];
        this.epochs = [null, ...keys.epochs.map(({ f, k }) => ({ f: hex(f), k: hex(k) }))];
        this.recoveries = [null, ...keys.recoveries.map((recovery) =>
            ({ secret: hex(recovery.box_secret), public: hex(recovery.box) }))];
        this.entries = new Map(vectors.entries.map((vector) =>
            [vector.name, { ...vector, decoded: decodeEntry(hex(vector.entry)) }]));
    }

    get(name) {
        return this.entries.get(name);
    }

    step(number) {
        const secret = stepSecret(this.epochs[STEP_EPOCH].f, this.id, number);
        return { secret, public: x25519Public(secret), group: this.epochs[STEP_EPOCH].k };
    }

    /** The epoch that the K and F of an entry's slots are of. */
    keyEpoch({ kind, epoch, args }) {
        return kind === KIND.ROSTER && args.epoch !== null ? args.epoch.number : epoch;
    }

    opener(entry, { lock, lockNumber }) {
        const epoch = this.keyEpoch(entry);
        switch (lock) {
        case LOCK.GROUP: return { symmetric: this.epochs[epoch].k };
        case LOCK.FACILITATOR: return { symmetric: this.epochs[epoch].f };
        case LOCK.MEMBER: return this.seats[lockNumber].box;
        case LOCK.STEP: return this.step(lockNumber);
        default: return this.recoveries[epoch];
        }
    }

    keyIn(entry, slot) {
        return openSlot(entry, slot, this.opener(entry, slot));
    }

    /** The slots of an entry with their keys and openers, as sealing takes them. */
    openedSlots(entry) {
        return entry.slots.map((slot) =>
            ({ ...slot, key: this.keyIn(entry, slot), for: this.opener(entry, slot) }));
    }

    signSeed({ kind, author, args }) {
        if (kind === KIND.ANSWER && author === 0) {
            return null;
        }
        const key = kind === KIND.JOIN ? args.device.sign : this.seats[author].sign.public;
        return this.seats.find((seat) => seat?.sign.public.equals(key)).sign.seed;
    }

    /** The entry sealed again, with the same random values, and `changes` in its draft. */
    seal(name, changes = {}) {
        const vector = this.get(name);
        const { decoded } = vector;
        const bytes = (text) => (text === undefined ? undefined : hex(text));
        const draft = {
            ...decoded,
            args: decodeParts(decoded.headerBytes)[8].value,
            plaintext: vector.plaintext === undefined ? null : hex(vector.plaintext),
            slots: this.openedSlots(decoded),
            signSeed: this.signSeed(decoded),
            ...changes,
        };
        return sealEntry(draft, {
            contentKey: bytes(vector.content_key), ephemeral: bytes(vector.e_secret),
        });
    }

    /** The session folded up to, but without, the public entry of this name. */
    foldedBefore(name = null) {
        const session = new Session(this.id);
        for (const { entry, time_ms: time } of this.vectors.public) {
            if (entry === name) {
                break;
            }
            fold(session, this.get(entry).decoded.bytes, time);
        }
        return session;
    }

    timeOf(name) {
        return this.vectors.public.find(({ entry }) => entry === name).time_ms;
    }
}

// What the server delivers: entries of the public stream, messages of the own stream, waiting
// answers. Each is checked and put where it belongs; what does not fit is the server's fault.

import { Fault } from './codes.mjs';
import { decodeEntry, isSignedBy } from './entry.mjs';
import { KIND, STREAM } from './kinds.mjs';
import { OwnStream } from './own.mjs';
import { Reading } from './reading.mjs';
import { checkWaitingAnswer, fold } from './rules.mjs';
import { STEP_STATE } from './session.mjs';

export class Inbox {
    /**
     * `listener` has `folded(record)`, told before anything is read in it; `show(event)` for
     * what can be read; `read(record)` after that; and `deleted()`.
     */
    constructor(seat, session, listener) {
        this.seat = seat;
        this.session = session;
        this.listener = listener;
        this.number = null; // known once the own `join` is in the stream
        this.own = null;
        this.reading = null;
        this.expected = new Map(); // acknowledged entries that are still to come, by index
        this.private = []; // messages and waiting answers that are still to be taken
        this.waiting = new Set(); // ids of the waiting answers that were delivered
    }

    /** Delivery begins anew, from the places that were verified. */
    restart() {
        this.private = [];
        this.waiting = new Set();
    }

    take(item) {
        if (item.stream !== STREAM.PUBLIC) {
            this.private.push(item);
        } else if (item.index === 0) {
            this.takeTombstone(item);
        } else {
            this.takePublic(item);
        }
        this.takePrivate();
    }

    takePublic({ index, time, entry }) {
        if (index !== this.session.log.length) {
            throw new Fault(`entry ${index} comes after entry ${this.session.last.index}`);
        }
        const record = fold(this.session, entry, time);
        this.checkExpected(index);
        this.findMyself(record);
        this.listener.folded(record);
        this.reading?.advance().forEach((event) => this.listener.show(event));
        this.listener.read(record);
    }

    findMyself({ kind, args }) {
        if (kind === KIND.JOIN && args.device.sign.equals(this.seat.sign.public)) {
            this.number = this.session.members.length - 1;
            this.own = new OwnStream(this.session, this.number);
            this.reading = new Reading(this.seat, this.session, this.number);
        }
    }

    /** The server acknowledged that an entry stands at this index. */
    expect(index, hash) {
        this.expected.set(index, hash);
        if (index < this.session.log.length) {
            this.checkExpected(index);
        }
    }

    checkExpected(index) {
        const hash = this.expected.get(index);
        this.expected.delete(index);
        if (hash && !hash.equals(this.session.log[index].hash)) {
            throw new Fault(`entry ${index} is not what the server acknowledged there`);
        }
    }

    // A message or waiting answer may come before the public entry that its author saw.
    takePrivate() {
        while (this.private.length > 0 && this.own !== null) {
            const { seen } = decodeEntry(this.private[0].entry);
            if (seen.index > this.session.last.index) {
                return;
            }
            this.takePrivateItem(this.private.shift());
        }
    }

    takePrivateItem({ stream, index, time, entry }) {
        if (stream === STREAM.WAITING) {
            this.takeWaiting(decodeEntry(entry));
        } else if (index === this.own.index + 1) {
            this.takeMessage(this.own.take(entry, time));
        } else {
            throw new Fault(`message ${index} comes after message ${this.own.index}`);
        }
    }

    takeMessage(message) {
        if (message.author !== this.number) {
            this.listener.show(this.reading.message(message));
        }
    }

    // One that was released meanwhile is in the public stream, or soon will be.
    takeWaiting(entry) {
        const state = this.session.steps.get(entry.step)?.state;
        const inLog = this.session.ids.has(entry.id.toString('hex'));
        if (state === STEP_STATE.RELEASED || inLog) {
            return;
        }
        checkWaitingAnswer(this.session, entry);
        this.waiting.add(entry.id.toString('hex'));
        if (entry.author !== this.number && entry.author !== 0) {
            this.listener.show(this.reading.groupAnswer(entry));
        }
    }

    // The session was deleted: only a facilitator's signature makes it true.
    takeTombstone({ entry: bytes }) {
        const entry = decodeEntry(bytes);
        const signed = entry.kind === KIND.PURGE && entry.session.equals(this.session.id)
            && this.session.isFacilitator(entry.author)
            && isSignedBy(entry, this.session.member(entry.author).keys.sign);
        if (!signed) {
            throw new Fault('the session is said to be deleted, but no facilitator did it');
        }
        this.listener.deleted();
    }
}

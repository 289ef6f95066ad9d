// A member's own stream (chapter 7): the messages that this member wrote or received.

import { CODE, refuse } from './codes.mjs';
import { decodeEntry } from './entry.mjs';
import { ascii, bigEndian, H } from './keys.mjs';
import { KIND } from './kinds.mjs';
import { checkMessage } from './rules.mjs';
import { chain } from './session.mjs';

export class OwnStream {
    constructor(session, member) {
        this.session = session;
        this.member = member;
        this.index = 0;
        this.hash = H(ascii('kring/1 own'), session.id, bigEndian(member, 4));
        this.time = 0;
        this.ids = new Set();
    }

    get head() {
        return { index: this.index, hash: this.hash };
    }

    /** Checks and takes the next entry; gives back the message. */
    take(bytes, time) {
        const entry = decodeEntry(bytes);
        if (entry.kind !== KIND.MESSAGE) {
            refuse(CODE.BAD_STATE, 'an own stream holds messages only');
        }
        if (time < this.time || this.ids.has(entry.id.toString('hex'))) {
            refuse(CODE.CONFLICT, 'a message twice, or a time that runs backwards');
        }
        if (![...entry.args.recipients, entry.author].includes(this.member)) {
            refuse(CODE.FORBIDDEN, 'a message for others');
        }
        checkMessage(this.session, entry);
        this.index += 1;
        this.hash = chain(this.hash, time, bytes);
        this.time = time;
        this.ids.add(entry.id.toString('hex'));
        return { ...entry, index: this.index, time };
    }
}

// What one member can read: the keys that were handed to it, and what they open. What is wrong
// here is an author's doing, not the server's: it is shown as unreadable, and reading goes on.

import { openBody } from './body.mjs';
import { CODE, refuse, Refusal, unless } from './codes.mjs';
import {
    readAnswer, readName, readPlain, readText, readTitle, TEXT_TYPE, textOf,
} from './content.mjs';
import { findSlot, isContentKey, openEntry } from './entry.mjs';
import { groupCheck, groupKey, x25519Public } from './keys.mjs';
import { KIND, LOCK, NAME } from './kinds.mjs';
import { openSlot } from './slots.mjs';

const WRITTEN = {
    [KIND.NOTE]: 'note', [KIND.PARK]: 'park', [KIND.REPORT]: 'report',
};

export class Reading {
    constructor(seat, session, number) {
        this.session = session;
        this.number = number;
        this.me = seat.box; // what member locks to this member are opened with
        this.groupKeys = new Map(); // K by epoch
        this.stepSecrets = new Map();
        this.texts = new Map(); // the texts that can be read, by their number
        this.names = new Map();
        this.next = 1; // the index of the public entry that is read next
        this.nextKeys = 1; // and of the one that is looked at for keys
    }

    /** Reads on as far as the session is folded; gives back what there is to show. */
    advance() {
        if (!this.session.isAdmitted(this.number)) {
            return [];
        }
        const events = this.each('nextKeys', (record) => this.collectKeys(record));
        return [...events, ...this.each('next', (record) => this.read(record))];
    }

    // Keys come before all else: who is admitted reads what was written earlier, too.
    each(cursor, act) {
        const events = [];
        for (; this[cursor] < this.session.log.length; this[cursor] += 1) {
            const record = this.session.log[this[cursor]];
            try {
                events.push(...act(record));
            } catch (error) {
                events.push(this.unreadable(record, error));
            }
        }
        return events;
    }

    unreadable({ index, author }, error) {
        if (!(error instanceof Refusal)) {
            throw error;
        }
        return { event: 'unreadable', index, by: author, why: error.message };
    }

    collectKeys(record) {
        if (record.kind === KIND.ROSTER) {
            const epoch = record.args.epoch?.number ?? record.epoch;
            const group = this.keyForMe(record);
            if (group !== null) {
                this.keepGroupKey(epoch, group);
                this.openEarlierEpochs(epoch);
            }
        }
        return [];
    }

    keyForMe(record) {
        const find = (name) => findSlot(record, LOCK.MEMBER, this.number, name);
        const [group, facilitator] = [find(NAME.GROUP), find(NAME.FACILITATOR)];
        if (group !== undefined) {
            return openSlot(record, group, this.me);
        }
        return facilitator === undefined
            ? null
            : groupKey(openSlot(record, facilitator, this.me));
    }

    keepGroupKey(epoch, key) {
        const fits = groupCheck(key).equals(this.session.epochs[epoch].check);
        unless(fits, CODE.DOES_NOT_VERIFY, `a wrong key for epoch ${epoch}`);
        this.groupKeys.set(epoch, key);
    }

    // Each epoch's first roster holds the key of the epoch before, under its own.
    openEarlierEpochs(latest) {
        for (let epoch = latest; epoch > 1 && !this.groupKeys.has(epoch - 1); epoch--) {
            const { record } = this.session.epochs[epoch];
            const slot = findSlot(record, LOCK.GROUP, 0, NAME.PREVIOUS_GROUP);
            const key = openSlot(record, slot, { symmetric: this.groupKeys.get(epoch) });
            this.keepGroupKey(epoch - 1, key);
        }
    }

    underGroup(record) {
        const symmetric = this.groupKeys.get(record.epoch)
            ?? refuse(CODE.DOES_NOT_VERIFY, `no key for epoch ${record.epoch}`);
        return { symmetric };
    }

    openForGroup(record) {
        return openEntry(record, LOCK.GROUP, 0, this.underGroup(record));
    }

    read(record) {
        switch (record.kind) {
        case KIND.GENESIS:
            return [{ event: 'title', title: readTitle(this.openForGroup(record)) }];
        case KIND.NAME:
            this.names.set(record.author, readName(this.openForGroup(record)));
            return [];
        case KIND.OPEN:
        case KIND.REVEAL:
            return this.takeSlots(record);
        case KIND.RELEASE:
            return [...this.takeSlots(record), ...this.released(record)];
        case KIND.ANSWER:
            return this.released(record);
        default:
            return record.kind in WRITTEN ? [this.written(record)] : [];
        }
    }

    written(record) {
        const text = readPlain(this.openForGroup(record));
        const { kind, author, step } = record;
        return { event: WRITTEN[kind], member: author, step, text };
    }

    // One wrong key does not keep the others from being used.
    takeSlots(record) {
        return record.slots.flatMap((slot) => {
            try {
                const key = openSlot(record, slot, this.underGroup(record));
                return slot.name === NAME.STEP
                    ? this.keepStepSecret(slot.nameNumber, key)
                    : this.openText(slot.nameNumber, key);
            } catch (error) {
                return [this.unreadable(record, error)];
            }
        });
    }

    keepStepSecret(step, secret) {
        const fits = x25519Public(secret).equals(this.session.steps.get(step).key);
        unless(fits, CODE.DOES_NOT_VERIFY, `a wrong key for step ${step}`);
        this.stepSecrets.set(step, secret);
        return [];
    }

    openText(number, key) {
        if (this.texts.has(number)) {
            return [];
        }
        const record = this.session.texts.get(number);
        const fits = isContentKey(record, key);
        unless(fits, CODE.DOES_NOT_VERIFY, `a wrong key for text ${number}`);
        const text = readText(openBody(key, record.headerBytes, record.body));
        if (text === null) {
            return [{ event: 'later', what: `text ${number} is of a later version` }];
        }
        this.texts.set(number, text);
        const { type, step } = text;
        return [{ event: 'text', number, type, step, text: textOf(text) }];
    }

    /** The prompt of a step, if it can be read. */
    promptOf(step) {
        return [...this.texts.values()]
            .find((text) => text.type === TEXT_TYPE.PROMPT && text.step === step);
    }

    // A release is shown when the last of its answers is there.
    released({ step, index }) {
        const { record, answers } = this.session.steps.get(step).released;
        return index === record.index + record.args.count
            ? [{ event: 'released', step, answers: answers.map((one) => this.answer(one)) }]
            : [];
    }

    answer(record) {
        const who = { member: record.author, name: this.names.get(record.author) ?? null };
        const behalf = record.args.behalf === 0 ? {} : { behalf: record.args.behalf };
        try {
            const { fields, option } = readAnswer(this.openAnswer(record));
            return { ...who, ...behalf, fields, option };
        } catch (error) {
            const { why } = this.unreadable(record, error);
            return { ...who, ...behalf, fields: null, option: null, unreadable: why };
        }
    }

    openAnswer(record) {
        const { key, epoch } = this.session.steps.get(record.step);
        const secret = this.stepSecrets.get(record.step);
        const group = this.groupKeys.get(epoch);
        if (secret === undefined || group === undefined) {
            refuse(CODE.DOES_NOT_VERIFY, 'the key of the step is missing');
        }
        return openEntry(record, LOCK.STEP, record.step, { secret, public: key, group });
    }

    openForMe(entry) {
        return openEntry(entry, LOCK.MEMBER, this.number, this.me);
    }

    /** A message of the own stream, as it is shown. */
    message(entry) {
        try {
            const name = this.names.get(entry.author) ?? null;
            const text = readPlain(this.openForMe(entry));
            return { event: 'message', from: entry.author, name, text };
        } catch (error) {
            return this.unreadable(entry, error);
        }
    }

    /** A groupmate's answer, which may be seen while the step is worked on. */
    groupAnswer(entry) {
        const { step, author } = entry;
        try {
            const { fields, option } = readAnswer(this.openForMe(entry));
            return { event: 'group_answer', step, member: author, fields, option };
        } catch (error) {
            return this.unreadable(entry, error);
        }
    }
}

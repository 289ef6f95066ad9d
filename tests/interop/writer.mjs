// What a member appends: drafts of entries, sealed with the keys of the moment, and brought to
// the server until it has said what became of them.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { CODE, Fault, Refusal } from './codes.mjs';
import { Disconnected } from './connection.mjs';
import { writeAnswer, writeName } from './content.mjs';
import { sealEntry } from './entry.mjs';
import { deviceKeysOf, H, inviteProofBytes, linkKeys, sign } from './keys.mjs';
import { KIND, LOCK, NAME, SHARING, STREAM, WORKING } from './kinds.mjs';
import { METHOD } from './messages.mjs';
import { STATE, STEP_STATE } from './session.mjs';

// Nothing is wrong with the entry: the same bytes may do later.
const LATER = [CODE.OUT_OF_MEMORY, CODE.INPUT_OUTPUT, CODE.NO_SPACE, CODE.BUSY];
const LATER_PAUSE = 1000;

const contentSlot = (lock, lockNumber, opener) =>
    ({ lock, lockNumber, name: NAME.CONTENT, nameNumber: 0, for: opener });

const memberSlot = ({ number, keys }) => contentSlot(LOCK.MEMBER, number, { public: keys.box });

/** The proof that a device holds the invite. */
export function inviteProof(link, seat) {
    const bytes = inviteProofBytes(link.session, deviceKeysOf(seat));
    return sign(linkKeys(link.seed).sign.seed, bytes);
}

export class Writer {
    /** `client` gives the session, the keys, `until` and `request`. */
    constructor(client) {
        this.client = client;
        this.answers = new Map(); // own answers by step, until they are released
    }

    get session() {
        return this.client.session;
    }

    // What most entries have in common; `parts` say the rest.
    draft(parts) {
        const { session, client } = this;
        return {
            session: session.id, epoch: session.epoch, step: 0, author: client.number,
            seen: session.head, args: [], plaintext: null, slots: [],
            signSeed: client.seat.sign.seed, ...parts,
        };
    }

    join(name) {
        const { link, seat } = this.client;
        return this.append(() => this.draft({
            kind: KIND.JOIN,
            author: 0,
            args: [deviceKeysOf(seat), link.invite, inviteProof(link, seat)],
            plaintext: writeName(name),
            slots: this.session.facilitators().map(memberSlot),
        }));
    }

    underGroup() {
        const symmetric = this.client.reading.groupKeys.get(this.session.epoch);
        return [contentSlot(LOCK.GROUP, 0, { symmetric })];
    }

    name(name) {
        return this.append(() => this.draft({
            kind: KIND.NAME, plaintext: writeName(name), slots: this.underGroup(),
        }));
    }

    confirm(text) {
        return this.append(() => this.draft({ kind: KIND.CONFIRM, args: [text] }));
    }

    answerSlots(number) {
        const { session, client } = this;
        const step = session.steps.get(number);
        const group = client.reading.groupKeys.get(step.epoch);
        const mates = step.working === WORKING.GROUP ? session.groupOf(client.number) : [];
        const readers = new Set([client.number, ...mates.filter((m) => session.isAdmitted(m))]);
        const slots = [...readers].map((member) => memberSlot(session.member(member)));
        const sealed = contentSlot(LOCK.STEP, number, { public: step.key, group });
        return step.sharing === SHARING.NEVER ? slots : [sealed, ...slots];
    }

    answerDraft(number, content, edit) {
        const { opened, epoch } = this.session.steps.get(number);
        const [kind, step, plaintext] = [KIND.ANSWER, number, writeAnswer(content)];
        const slots = this.answerSlots(number);
        if (!this.isAnonymous(number)) {
            return this.draft({ kind, step, epoch, args: [edit, 0], plaintext, slots });
        }
        const sealed = slots.filter(({ lock }) => lock === LOCK.STEP);
        return this.draft({
            kind, step, epoch, author: 0, seen: opened, args: [0, 0], plaintext,
            slots: sealed, signSeed: null,
        });
    }

    isAnonymous(step) {
        return this.session.steps.get(step).sharing === SHARING.NO_NAMES;
    }

    /** Answers a step, or edits the answer; the promise is what the server acknowledged. */
    answer(step, content) {
        const own = this.answers.get(step) ?? {
            edit: 0, acknowledged: null, sent: new Set(), underWay: Promise.resolve(),
        };
        own.content = content;
        this.answers.set(step, own);
        const answered = own.underWay.then(() => this.sendAnswer(step, own));
        own.underWay = answered.catch(() => {}); // whoever asked hears of it
        return answered;
    }

    // Until the server has acknowledged an edit, the one before or this one may be released.
    async sendAnswer(step, own) {
        own.edit += 1;
        const draft = () => this.answerDraft(step, own.content, own.edit);
        const { result, bytes, id } = await this.append(draft, (sealed) =>
            own.sent.add(H(sealed).toString('hex')));
        own.acknowledged = { bytes, id };
        own.sent = new Set([result.hash.toString('hex')]);
        return result;
    }

    /** After a change of groups, answers that groupmates see are sealed to the new ones. */
    sealAgain() {
        return [...this.answers].filter(([number]) => {
            const { working, state } = this.session.steps.get(number);
            return working === WORKING.GROUP && state === STEP_STATE.OPEN;
        }).map(([number, { content }]) => this.answer(number, content));
    }

    /** Sends again the acknowledged answers that the server no longer shows. */
    async sendMissing(shown) {
        for (const [number, { acknowledged }] of this.answers) {
            const open = this.session.steps.get(number).state === STEP_STATE.OPEN;
            if (open && acknowledged && !shown.has(acknowledged.id.toString('hex'))) {
                await this.deliver(acknowledged.bytes).catch(ignoreHeld);
            }
        }
    }

    /** What was acknowledged must be among the released answers, with its last edit. */
    checkReleased(number) {
        const own = this.answers.get(number);
        this.answers.delete(number);
        if (!own?.acknowledged) {
            return;
        }
        const { record, answers } = this.session.steps.get(number).released;
        const tooFew = this.isAnonymous(number) && record.args.count === 0;
        if (!tooFew && !answers.some(({ hash }) => own.sent.has(hash.toString('hex')))) {
            throw new Fault(`the release of step ${number} lacks an acknowledged answer`);
        }
    }

    /**
     * Seals a draft and brings it to the server, anew wherever the protocol says so. `onSealed`
     * is told the bytes before they are sent.
     */
    async append(draft, onSealed = () => {}) {
        let id = randomBytes(16);
        for (;;) {
            const sealed = draft();
            const bytes = sealEntry({ ...sealed, id });
            onSealed(bytes);
            try {
                return { result: await this.deliver(bytes), bytes, id };
            } catch (error) {
                id = await this.wayOut(error, sealed, id);
            }
        }
    }

    // After some refusals the entry is sealed again: this waits until it can be, and gives the
    // id to do it under.
    async wayOut(error, { epoch }, id) {
        const code = error instanceof Refusal ? error.code : null;
        if (code === CODE.STALE_EPOCH) {
            await this.client.until(() => this.session.epoch > epoch);
            return id;
        }
        if (code === CODE.PAUSED) {
            await this.client.until(() => this.session.state !== STATE.PAUSED);
            return id;
        }
        if (code === CODE.DUPLICATE) {
            return randomBytes(16);
        }
        throw error;
    }

    // Identical bytes may be sent as often as it takes to get an answer.
    async deliver(bytes) {
        for (;;) {
            await this.client.until(() => this.client.attached);
            try {
                const result = await this.client.request(METHOD.APPEND, [bytes]);
                this.checkResult(result, bytes);
                return result;
            } catch (error) {
                if (error instanceof Refusal && LATER.includes(error.code)) {
                    await sleep(LATER_PAUSE);
                } else if (!(error instanceof Disconnected)) {
                    throw error;
                }
            }
        }
    }

    checkResult(result, bytes) {
        if (!result.hash.equals(H(bytes))) {
            throw new Fault('the server acknowledges another entry than was sent');
        }
        if (result.stream === STREAM.PUBLIC) {
            this.client.inbox.expect(result.index, result.hash);
        }
    }
}

// The author of an anonymous answer may not see it on the server, which then says 44.
function ignoreHeld(error) {
    if (!(error instanceof Refusal)) {
        throw error;
    }
}

// A member of one session: gets in by an invite, follows the session, and checks all that the
// server does. What happens is told by events; what to do about it is up to whoever uses it.
//
// Events: `show` with an object to show, `open` with a step that is open and can be worked on,
// `gate` with the number of the text that asks for confirmation, `ended`, `removed`.

import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { CODE, Fault, Refusal } from './codes.mjs';
import { Connection, Disconnected, WrongServer } from './connection.mjs';
import { TEXT_TYPE } from './content.mjs';
import { Inbox } from './inbox.mjs';
import { deviceKeysOf } from './keys.mjs';
import { answerersOf, isAnswered } from './kind_rules.mjs';
import { KIND } from './kinds.mjs';
import { METHOD, NOTIFICATION } from './messages.mjs';
import { MEMBER_STATE, Session, STATE, STEP_STATE } from './session.mjs';
import { inviteProof, Writer } from './writer.mjs';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
const CLOCKS_APART = 120000;
const NOWHERE = [0, Buffer.alloc(32)];

// Codes of a closed connection after which another attempt may do.
const COME_BACK = [
    null, CODE.OUT_OF_MEMORY, CODE.INPUT_OUTPUT, CODE.NO_SPACE, CODE.BUSY, CODE.TIMEOUT,
    CODE.CANCELLED,
];

const placeOf = ({ index, hash }) => [index, hash];

export class Client extends EventEmitter {
    constructor(link, seat) {
        super();
        this.link = link;
        this.seat = seat;
        this.session = new Session(link.session);
        this.inbox = new Inbox(seat, this.session, {
            folded: (record) => this.folded(record),
            show: (event) => this.tell(event),
            read: (record) => this.follow(record),
            deleted: () => this.emit('ended'),
        });
        this.writer = new Writer(this);
        this.connection = null;
        this.attached = false;
        this.everConnected = false;
        this.pause = FIRST_PAUSE;
        this.waiters = new Set();
        this.leaving = false;
        this.finished = new Promise((resolve, reject) => {
            this.finish = { resolve, reject };
        });
        this.finished.catch(() => {}); // whoever calls `run` hears of it
    }

    get number() {
        return this.inbox.number;
    }

    get reading() {
        return this.inbox.reading;
    }

    get member() {
        return this.session.member(this.number ?? 0);
    }

    /** Connects and gets in; the promise ends when the client has left, or cannot go on. */
    run(name) {
        this.connect();
        this.enter(name).catch((error) => this.fail(error));
        return this.finished;
    }

    async enter(name) {
        await this.until(() => this.attached);
        if (this.number === null) {
            await this.writer.join(name);
        }
        await this.until(() => this.session.isAdmitted(this.number));
        await this.writer.name(name);
    }

    connect() {
        const connection = new Connection(this.link, this.seat.noise, {
            notify: (method, params) => this.notified(method, params),
            closed: (error) => this.closed(error),
        });
        this.connection = connection;
        connection.welcomed.then((welcome) => this.attach(connection, welcome))
            .catch((error) => this.attachFailed(error));
    }

    async attach(connection, { time }) {
        this.everConnected = true;
        this.checkClock(Number(time));
        this.inbox.restart();
        const result = await (this.number === null ? this.knock() : this.resume());
        this.checkBehind(result);
        this.pause = FIRST_PAUSE;
        await this.until(() => this.session.last.index >= result.public.index);
        if (!this.session.hasPlace(result.public)) {
            throw new Fault('the server\'s head is not on the chain of what it sent');
        }
        if (!connection.ended) {
            this.attached = true;
            this.changed();
        }
        await this.until(() => this.inbox.waiting.size >= result.waiting);
        await this.writer.sendMissing(this.inbox.waiting);
    }

    knock() {
        const { session, invite } = this.link;
        const proof = inviteProof(this.link, this.seat);
        const place = this.session.last.index === 0 ? NOWHERE : placeOf(this.session.head);
        const params = [session, invite, proof, deviceKeysOf(this.seat), place];
        return this.request(METHOD.KNOCK, params);
    }

    resume() {
        const places = [placeOf(this.session.head), placeOf(this.inbox.own.head)];
        return this.request(METHOD.ATTACH, [this.link.session, ...places]);
    }

    checkBehind(result) {
        const lost = this.session.last.index - Number(result.public.index);
        const ownLost = (this.inbox.own?.index ?? 0) - Number(result.own.index);
        if (lost > 0 || ownLost > 0) {
            throw new Fault(`the server is behind: it lost ${Math.max(lost, ownLost)} entries`);
        }
    }

    checkClock(time) {
        const difference = time - Date.now();
        if (Math.abs(difference) > CLOCKS_APART) {
            this.emit('show', { event: 'clock', difference });
        }
    }

    // That the connection ended is told to `closed` as well.
    attachFailed(error) {
        if (error instanceof Refusal && COME_BACK.includes(error.code)) {
            this.connection.end(new Disconnected(error.message, error.code));
        } else if (!(error instanceof Disconnected || error instanceof WrongServer)) {
            this.fail(error);
        }
    }

    closed(error) {
        this.attached = false;
        if (this.leaving) {
            this.finish.resolve();
        } else if (this.comesBack(error)) {
            this.reconnect();
        } else {
            this.fail(error instanceof Refusal ? new Fault(error.message) : error);
        }
    }

    // A server that is just stopping may look like a stranger to who knew it before.
    comesBack(error) {
        return error instanceof WrongServer
            ? this.everConnected
            : error instanceof Disconnected && COME_BACK.includes(error.code);
    }

    async reconnect() {
        this.emit('show', { event: 'disconnected' });
        const pause = this.pause * (1 - Math.random() / 2);
        this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
        await sleep(pause);
        if (!this.leaving) {
            this.connect();
        }
    }

    request(method, params) {
        return this.connection.request(method, params);
    }

    /** Says goodbye and closes. */
    async leave() {
        this.leaving = true;
        try {
            await this.request(METHOD.GOODBYE, []);
        } catch {
            // who cannot say goodbye any more goes without it
        }
        this.connection.end(new Disconnected('left', CODE.OK));
        this.finish.resolve();
    }

    fail(error) {
        this.leaving = true;
        this.finish.reject(error);
        this.connection.end(error);
        this.waiters.clear();
    }

    /** What to do with a failure of something that went on beside the stream. */
    refused(error) {
        if (error instanceof Refusal) {
            const { code, message } = error;
            this.emit('show', { event: 'refused', code, why: message });
        } else if (!(error instanceof Disconnected)) {
            this.fail(error);
        }
    }

    /** A promise that is kept as soon as `holds()` is true. */
    until(holds) {
        return new Promise((resolve) => {
            this.waiters.add({ holds, resolve });
            this.changed();
        });
    }

    changed() {
        for (const waiter of this.waiters) {
            if (waiter.holds()) {
                this.waiters.delete(waiter);
                waiter.resolve();
            }
        }
    }

    notified(method, params) {
        if (method === NOTIFICATION.ITEM) {
            this.inbox.take(params);
            this.changed();
        } else if (method === NOTIFICATION.LOBBY) {
            this.emit('show', { event: 'lobby_reason', reason: params.reason });
        } else if (method === NOTIFICATION.NOTICE) {
            this.emit('show', { event: 'notice', code: params.code });
        } else if (method === NOTIFICATION.LAST_CALLED) {
            this.emit('show', { event: 'last_call', ...params });
        }
    }

    // Lies are found, and what an entry makes of this member is told, before anything is read.
    folded(record) {
        this.checkRelease(record);
        const { number, member } = this;
        if (number === null || this.becameOf(record) === null) {
            return;
        }
        if (member.state === MEMBER_STATE.LOBBY) {
            this.emit('show', { event: 'lobby' });
        } else if (member.state === MEMBER_STATE.REMOVED) {
            this.emit('removed');
        } else if (member.roles.length === 1) {
            this.emit('show', { event: 'admitted', member: number, role: member.role });
        } else {
            this.emit('show', { event: 'role', role: member.role });
        }
    }

    // The last entry of a release: its last answer, or itself if there are none.
    checkRelease({ kind, step }) {
        if ([KIND.RELEASE, KIND.ANSWER].includes(kind) && this.session.release === null) {
            this.writer.checkReleased(step);
        }
    }

    // The state of this member, if the entry has just made it so.
    becameOf({ kind, args }) {
        const joined = kind === KIND.JOIN && this.number === this.session.members.length - 1;
        const changed = kind === KIND.ROSTER
            && args.changes.some(({ member }) => member === this.number);
        return joined || changed ? this.member.state : null;
    }

    tell(event) {
        this.emit('show', event);
        if (event.event === 'text' && event.type === TEXT_TYPE.GATE) {
            this.emit('gate', event.number);
        }
    }

    follow(record) {
        if ([STATE.ENDED, STATE.PURGED].includes(this.session.state)) {
            this.emit('ended');
        } else if (this.session.isAdmitted(this.number)) {
            this.followOpen(record);
        }
    }

    // Who comes late finds steps that were opened before.
    followOpen(record) {
        if (record.kind === KIND.OPEN) {
            this.emit('open', record.step);
        } else if (this.becameOf(record) !== null) {
            this.openSteps().forEach((step) => this.emit('open', step));
        } else if (record.kind === KIND.GROUPS) {
            this.writer.sealAgain().forEach((sealed) => sealed.catch((e) => this.refused(e)));
        }
    }

    openSteps() {
        return [...this.session.steps].filter(([, { state }]) => state === STEP_STATE.OPEN)
            .map(([number]) => number);
    }

    /** Whether this member may write an answer to a step now. */
    mayAnswer(number) {
        const step = this.session.steps.get(number);
        return step.state === STEP_STATE.OPEN && isAnswered(step)
            && answerersOf(step).includes(this.member.role);
    }

    answer(step, content) {
        return this.writer.answer(step, content);
    }

    confirm(text) {
        return this.writer.confirm(text);
    }

    done(step) {
        return this.request(METHOD.DONE, [step, true]);
    }
}

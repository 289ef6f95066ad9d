// What the public stream has made of a session so far, and how each entry changes it. Whether
// an entry may be there at all is decided before that, in rules.mjs.

import { bigEndian, H } from './keys.mjs';
import { ASSIGN, KIND, LIMIT, ROLE, VERB } from './kinds.mjs';

export const STATE = Object.freeze({
    EMPTY: 'empty', FILLING: 'filling', RUNNING: 'running', PAUSED: 'paused', ENDED: 'ended',
    PURGED: 'purged',
});
export const STEP_STATE = Object.freeze({
    UNOPENED: 'unopened', OPEN: 'open', CLOSED: 'closed', RELEASED: 'released',
    SKIPPED: 'skipped',
});
export const MEMBER_STATE = Object.freeze({
    LOBBY: 'lobby', ADMITTED: 'admitted', REMOVED: 'removed',
});

/** The next value of a chain (chapter 7.1). */
export const chain = (before, time, bytes) => H(before, bigEndian(time, 8), bytes);

export class Session {
    constructor(id) {
        this.id = id;
        this.state = STATE.EMPTY;
        this.log = [{ index: 0, head: id }]; // log[n] is the entry with index n
        this.time = 0;
        this.ids = new Map();
        this.genesis = null;
        this.members = [null]; // members[n] is member n
        this.invites = new Map();
        this.texts = new Map();
        this.steps = new Map();
        this.epochs = [null]; // epochs[n]: the check of epoch n, and the entry that started it
        this.recovery = null;
        this.recoveryRedeemed = false;
        this.rosterIndex = 0;
        this.groups = [];
        this.scribes = new Map();
        this.timer = null;
        this.notes = new Map();
        this.agreements = new Map();
        this.release = null; // a release whose answers are still to come
    }

    get epoch() {
        return this.epochs.length - 1;
    }

    get last() {
        return this.log[this.log.length - 1];
    }

    /** The place of the last entry: what a new entry has `seen`. */
    get head() {
        return { index: this.last.index, hash: this.last.head };
    }

    hasPlace({ index, hash }) {
        return index > 0 && index < this.log.length && this.log[index].head.equals(hash);
    }

    member(number) {
        return number === 0 ? undefined : this.members[number];
    }

    isAdmitted(number) {
        return this.member(number)?.state === MEMBER_STATE.ADMITTED;
    }

    isFacilitator(number) {
        return this.isAdmitted(number) && this.member(number).role === ROLE.FACILITATOR;
    }

    facilitators() {
        return this.members.filter((member) => member && this.isFacilitator(member.number));
    }

    /** The role a member had after the entry with this index; null before admission. */
    roleAt(number, index) {
        const changes = this.member(number)?.roles ?? [];
        return changes.filter((change) => change.index <= index).pop()?.role ?? null;
    }

    /** Whether the member has had one of these roles since admission. */
    everHad(number, roles) {
        return this.member(number)?.roles.some(({ role }) => roles.includes(role)) ?? false;
    }

    /** The scribe of group 0 writes for every group, another for that group only. */
    isScribe(number, group) {
        return this.scribes.get(0) === number || this.scribes.get(group) === number;
    }

    hasGroup(group) {
        return group <= this.groups.length;
    }

    groupOf(number) {
        return this.groups.find((group) => group.includes(number)) ?? [];
    }

    /** Takes an entry that the rules have accepted, and gives back its record. */
    append(entry, time) {
        const index = this.log.length;
        const head = chain(this.last.head, time, entry.bytes);
        const record = { ...entry, index, time, head };
        this.log.push(record);
        this.time = time;
        this.ids.set(entry.id.toString('hex'), record);
        APPLY[entry.kind]?.(this, record);
        return record;
    }

    addMember({ keys, invite, state, role, index }) {
        const roles = role === null ? [] : [{ index, role }];
        const number = this.members.length;
        this.members.push({ number, keys, invite, state, role, roles });
        return this.members[number];
    }

    setRole(number, role, index) {
        const member = this.member(number);
        member.roles.push({ index, role });
        member.role = role;
        member.state = role === ROLE.REMOVED ? MEMBER_STATE.REMOVED : MEMBER_STATE.ADMITTED;
        if (role === ROLE.REMOVED) {
            this.groups = this.groups.map((group) => group.filter((one) => one !== number));
        }
        if (role === ROLE.REMOVED && this.invites.has(member.invite)) {
            this.invites.get(member.invite).uses = 0; // the rest of its uses is taken
        }
    }

    startEpoch(check, record) {
        this.epochs.push({ check, record });
        this.recoveryRedeemed = false;
        this.members.forEach((member) => { if (member) { member.owesEpoch = false; } });
    }
}

function applyGenesis(session, record) {
    const { device, recovery, check, textCount, skeleton } = record.args;
    session.genesis = record;
    session.recovery = recovery;
    session.rosterIndex = record.index;
    session.startEpoch(check, record);
    session.addMember({
        keys: device, invite: null, state: MEMBER_STATE.ADMITTED, role: ROLE.FACILITATOR,
        index: record.index,
    });
    skeleton.forEach((step) => session.steps.set(step.step, newStep(step)));
    session.state = textCount === 0 ? STATE.RUNNING : STATE.FILLING;
}

const newStep = ({ form, work, working, sharing, who }) => ({
    form, work, working, sharing, who, state: STEP_STATE.UNOPENED, key: null, opened: null,
    epoch: null, released: null, rows: new Set(),
});

function applyText(session, record) {
    session.texts.set(record.args.text, record);
    const { textCount } = session.genesis.args;
    const missing = Array.from({ length: textCount }, (_, i) => i)
        .some((number) => !session.texts.has(number));
    if (session.state === STATE.FILLING && !missing) {
        session.state = STATE.RUNNING;
    }
}

function applyInvite(session, { args }) {
    const { number, key, role, uses, expiry } = args;
    if (uses === 0) {
        session.invites.get(number).uses = 0;
    } else {
        session.invites.set(number, { key, role, uses, expiry, joins: 0 });
    }
}

function applyJoin(session, record) {
    const { device, invite } = record.args;
    if (invite !== 0) {
        session.invites.get(invite).joins += 1;
        session.addMember({
            keys: device, invite, state: MEMBER_STATE.LOBBY, role: null, index: record.index,
        });
        return;
    }
    const member = session.addMember({
        keys: device, invite, state: MEMBER_STATE.ADMITTED, role: ROLE.FACILITATOR,
        index: record.index,
    });
    member.owesEpoch = true;
    session.recovery = { ...session.recovery, used: true };
    session.recoveryRedeemed = true;
    session.rosterIndex = record.index;
}

function applyRoster(session, record) {
    const { changes, epoch } = record.args;
    changes.forEach(({ member, role }) => session.setRole(member, role, record.index));
    session.rosterIndex = record.index;
    if (epoch !== null) {
        session.startEpoch(epoch.check, record);
        session.recovery = epoch.recovery ?? session.recovery;
    }
}

function applyStep(session, { step, args }) {
    const state = session.steps.get(step)?.state ?? STEP_STATE.UNOPENED;
    session.steps.set(step, { ...newStep(args), state });
}

function applyOpen(session, record) {
    const step = session.steps.get(record.step);
    step.state = STEP_STATE.OPEN;
    if (step.opened === null) {
        step.key = record.args.key;
        step.opened = { index: record.index, hash: record.head };
        step.epoch = record.epoch;
    }
}

function extendTimer(session, { time, args }) {
    session.timer = Math.max(session.timer, time) + args.seconds * 1000;
}

const VERBS = {
    [VERB.CLOSE]: (session, { step }) => {
        session.steps.get(step).state = STEP_STATE.CLOSED;
    },
    [VERB.SKIP]: (session, { step }) => {
        session.steps.get(step).state = STEP_STATE.SKIPPED;
    },
    [VERB.PAUSE]: (session) => { session.state = STATE.PAUSED; },
    [VERB.RESUME]: (session) => { session.state = STATE.RUNNING; },
    [VERB.END]: (session) => {
        session.state = STATE.ENDED;
        session.timer = null;
    },
    [VERB.TIMER_START]: (session, { time, args }) => {
        session.timer = time + args.seconds * 1000;
    },
    [VERB.TIMER_EXTEND]: extendTimer,
    [VERB.TIMER_STOP]: (session) => { session.timer = null; },
};

function applyRelease(session, record) {
    const step = session.steps.get(record.step);
    step.state = STEP_STATE.RELEASED;
    step.released = { record, answers: [] };
    session.release = record.args.count === 0 ? null : step.released;
}

function applyGroups(session, { args }) {
    session.groups = args.groups;
    session.scribes = new Map([...session.scribes].filter(([group]) => group === 0));
}

// Only released answers are in the public stream, right behind their release.
function applyAnswer(session, record) {
    const { answers, record: release } = session.release;
    answers.push(record);
    session.steps.get(record.step).rows.add(rowKey(record));
    if (answers.length === release.args.count) {
        session.release = null;
    }
}

/** The row of an answer: one per author and *on behalf of*. */
export const rowKey = ({ author, args }) => `${author}/${args.behalf}`;

/** What a note or an agreement belongs to: only one of the same step and group replaces it. */
export const noteKey = ({ step, args }) => `${step}/${args.group}`;

function applyAgreement(session, record) {
    session.agreements.delete(record.args.replaces.toString('hex'));
    session.agreements.set(record.id.toString('hex'), noteKey(record));
}

const APPLY = {
    [KIND.GENESIS]: applyGenesis,
    [KIND.TEXT]: applyText,
    [KIND.INVITE]: applyInvite,
    [KIND.JOIN]: applyJoin,
    [KIND.ROSTER]: applyRoster,
    [KIND.STEP]: applyStep,
    [KIND.OPEN]: applyOpen,
    [KIND.PACE]: (session, record) => VERBS[record.args.verb]?.(session, record),
    [KIND.RELEASE]: applyRelease,
    [KIND.GROUPS]: applyGroups,
    [KIND.ASSIGN]: (session, { args }) => {
        if (args.what === ASSIGN.SCRIBE) {
            session.scribes.set(args.group, args.member);
        }
    },
    [KIND.ANSWER]: applyAnswer,
    [KIND.NOTE]: (session, record) => session.notes.set(noteKey(record), record.id),
    [KIND.AGREEMENT]: applyAgreement,
    [KIND.PURGE]: (session) => { session.state = STATE.PURGED; },
};

export const hasRoom = (session) => session.last.index < LIMIT.PUBLIC_ENTRIES;

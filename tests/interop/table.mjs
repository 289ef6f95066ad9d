// Chapter 9, the permission table, in the very words of the protocol: who may append what,
// when, where it goes, with a body or without, and which locks may hold which names.

import { ASSIGN, KIND, LOCK, NAME, VERB } from './kinds.mjs';

const LIVE = 'running, paused';
const UNTIL_END = 'filling, running, paused';
const BEFORE = 'open, closed, released, none';

/** One row per line: entry | who | session | step | goes to | body | slots. */
export const ROWS = [
    ['genesis', 'device', 'empty', 'none', 'public', 'yes',
        'content: K; F: member n, recovery'],
    ['text', 'facilitator', UNTIL_END, 'none', 'public', 'yes', 'content: F'],
    ['invite', 'facilitator', UNTIL_END, 'none', 'public', 'no', '-'],
    ['join', 'device', UNTIL_END, 'none', 'public', 'yes', 'content: member n'],
    ['roster', 'facilitator', UNTIL_END, 'none', 'public', 'no',
        'K: member n; F: member n, recovery; previous K: K; previous F: F'],
    ['confirm', 'every member', UNTIL_END, 'none', 'public', 'no', '-'],
    ['leave out', 'every member', LIVE, 'none', 'public', 'no', '-'],
    ['name', 'every member', UNTIL_END, 'none', 'public', 'yes', 'content: K'],
    ['step', 'facilitator', UNTIL_END, 'unopened, skipped, new', 'public', 'may', 'content: F'],
    ['open', 'facilitator', LIVE, 'unopened, closed, skipped', 'public', 'no', 'text n: K'],
    ['pace: close', 'facilitator', LIVE, 'open', 'public', 'no', '-'],
    ['pace: go', 'facilitator', LIVE, 'open, closed, released', 'public', 'no', '-'],
    ['pace: skip', 'facilitator', LIVE, 'unopened', 'public', 'no', '-'],
    ['pace: pause', 'facilitator', 'running', 'none', 'public', 'no', '-'],
    ['pace: resume', 'facilitator', 'paused', 'none', 'public', 'no', '-'],
    ['pace: end', 'facilitator', LIVE, 'none', 'public', 'no', '-'],
    ['pace: timer start', 'facilitator', LIVE, 'none', 'public', 'no', '-'],
    ['pace: timer extend', 'facilitator', LIVE, 'none', 'public', 'no', '-'],
    ['pace: timer stop', 'facilitator', LIVE, 'none', 'public', 'no', '-'],
    ['release', 'facilitator', LIVE, 'closed', 'public', 'no', 'text n: K; step n: K'],
    ['reveal', 'facilitator', UNTIL_END, 'none', 'public', 'no', 'text n: K; step n: K'],
    ['groups', 'facilitator', LIVE, 'none', 'public', 'may', 'content: K'],
    ['assign: scribe', 'facilitator', LIVE, 'none', 'public', 'no', '-'],
    ['assign: perspective', 'every member', LIVE, 'unopened, open, skipped', 'public', 'yes',
        'content: K'],
    ['answer', 'every member', 'running', 'open', 'waiting', 'yes',
        'content: member n, step n'],
    ['note', 'facilitator, scribe', LIVE, 'open', 'public', 'yes', 'content: K'],
    ['agreement', 'facilitator, scribe', LIVE, 'open', 'public', 'yes', 'content: K'],
    ['park', 'every member', LIVE, BEFORE, 'public', 'yes', 'content: K'],
    ['report', 'observer', LIVE, BEFORE, 'public', 'yes', 'content: K'],
    ['message', 'facilitator, observer', LIVE, BEFORE, 'own streams', 'yes',
        'content: member n'],
    ['follow-up', 'every member', LIVE, BEFORE, 'public', 'yes', 'content: K'],
    ['purge', 'facilitator', `${UNTIL_END}, ended`, 'none', 'public', 'no', '-'],
];

const VERB_NAMES = {
    [VERB.CLOSE]: 'close',
    [VERB.GO]: 'go',
    [VERB.SKIP]: 'skip',
    [VERB.PAUSE]: 'pause',
    [VERB.RESUME]: 'resume',
    [VERB.END]: 'end',
    [VERB.TIMER_START]: 'timer start',
    [VERB.TIMER_EXTEND]: 'timer extend',
    [VERB.TIMER_STOP]: 'timer stop',
};

const KIND_NAMES = {
    [KIND.GENESIS]: 'genesis',
    [KIND.TEXT]: 'text',
    [KIND.INVITE]: 'invite',
    [KIND.JOIN]: 'join',
    [KIND.ROSTER]: 'roster',
    [KIND.CONFIRM]: 'confirm',
    [KIND.LEAVE_OUT]: 'leave out',
    [KIND.NAME]: 'name',
    [KIND.STEP]: 'step',
    [KIND.OPEN]: 'open',
    [KIND.RELEASE]: 'release',
    [KIND.REVEAL]: 'reveal',
    [KIND.GROUPS]: 'groups',
    [KIND.ANSWER]: 'answer',
    [KIND.NOTE]: 'note',
    [KIND.AGREEMENT]: 'agreement',
    [KIND.PARK]: 'park',
    [KIND.REPORT]: 'report',
    [KIND.MESSAGE]: 'message',
    [KIND.FOLLOW_UP]: 'follow-up',
    [KIND.PURGE]: 'purge',
};

const SLOT_NAMES = {
    content: NAME.CONTENT,
    K: NAME.GROUP,
    F: NAME.FACILITATOR,
    'previous K': NAME.PREVIOUS_GROUP,
    'previous F': NAME.PREVIOUS_FACILITATOR,
    'text n': NAME.TEXT,
    'step n': NAME.STEP,
};

const SLOT_LOCKS = {
    K: LOCK.GROUP, F: LOCK.FACILITATOR, 'member n': LOCK.MEMBER, 'step n': LOCK.STEP,
    recovery: LOCK.RECOVERY,
};

/** What a slot may be, as a key of a row's set. */
export const slotKey = ({ name, lock }) => `${name} under ${lock}`;

function slotKeys(text) {
    if (text === '-') {
        return new Set();
    }
    return new Set(text.split('; ').flatMap((part) => {
        const [name, locks] = part.split(': ');
        return locks.split(', ').map((lock) =>
            slotKey({ name: SLOT_NAMES[name], lock: SLOT_LOCKS[lock] }));
    }));
}

const TABLE = new Map(ROWS.map(([entry, who, session, step, stream, body, slots]) => [entry, {
    who: who.split(', '),
    session: session.split(', '),
    step: step.split(', '),
    stream,
    body,
    slots: slotKeys(slots),
}]));

function rowName({ kind, args }) {
    if (kind === KIND.PACE) {
        return `pace: ${VERB_NAMES[args.verb]}`;
    }
    if (kind === KIND.ASSIGN) {
        return args.what === ASSIGN.SCRIBE ? 'assign: scribe' : 'assign: perspective';
    }
    return KIND_NAMES[kind];
}

/** The row of the table that an entry falls under. */
export const rowOf = (entry) => TABLE.get(rowName(entry));

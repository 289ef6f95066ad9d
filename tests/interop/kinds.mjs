// Chapter 6: the kinds of entries, their numbers, and the shape of each kind's arguments.

import {
    bin, binUpTo, deviceKeys, ed25519Key, fixed, hash, int, list, listed, orEmpty,
    recoveryKeys, time, x25519Key,
} from './shapes.mjs';
import { CODE, refuse } from './codes.mjs';
import { encode } from './msgpack.mjs';

export const KIND = Object.freeze({
    GENESIS: 1,
    TEXT: 2,
    INVITE: 3,
    JOIN: 4,
    ROSTER: 5,
    CONFIRM: 6,
    LEAVE_OUT: 7,
    NAME: 8,
    STEP: 9,
    OPEN: 10,
    PACE: 11,
    RELEASE: 12,
    REVEAL: 13,
    GROUPS: 14,
    ASSIGN: 15,
    ANSWER: 16,
    NOTE: 17,
    AGREEMENT: 18,
    PARK: 19,
    REPORT: 20,
    MESSAGE: 21,
    FOLLOW_UP: 22,
    PURGE: 23,
});

export const ROLE = Object.freeze({
    REMOVED: 0, FACILITATOR: 1, OBSERVER: 2, PARTICIPANT: 3, CASE_GIVER: 4,
});

export const VERB = Object.freeze({
    CLOSE: 1, GO: 2, SKIP: 3, PAUSE: 4, RESUME: 5, END: 6,
    TIMER_START: 7, TIMER_EXTEND: 8, TIMER_STOP: 9,
});

export const FORM = Object.freeze({
    READ: 1, QUESTION: 2, CHOICE: 3, TABLE: 4, COMPLETION: 5, PERSPECTIVES: 6,
    COMPARISON: 7, DISCUSSION: 8, COMMITMENT: 9, AGREEMENT: 10, FOLLOW_UP: 11, REPORT: 12,
});

export const WORK = Object.freeze({ ALONE: 1, PAIRS: 2, GROUPS: 3, PLENARY: 4 });
export const WORKING = Object.freeze({ NOBODY: 0, GROUP: 1 });
export const SHARING = Object.freeze({ NAMES: 1, NO_NAMES: 2, NEVER: 3 });
export const WHO = Object.freeze({ PARTICIPANTS: 1, ALL: 2, CASE_GIVER: 3, OBSERVER: 4 });
export const ASSIGN = Object.freeze({ SCRIBE: 1, PERSPECTIVE: 2 });
export const LOCK = Object.freeze({
    GROUP: 1, FACILITATOR: 2, MEMBER: 3, STEP: 4, RECOVERY: 5,
});
export const NAME = Object.freeze({
    CONTENT: 1, GROUP: 2, FACILITATOR: 3, PREVIOUS_GROUP: 4, PREVIOUS_FACILITATOR: 5,
    TEXT: 6, STEP: 7,
});
export const STREAM = Object.freeze({ PUBLIC: 0, OWN: 1, WAITING: 2 });

export const LIMIT = Object.freeze({
    ENTRY: 61440,
    SLOTS: 1024,
    SKELETON: 49152,
    PLAINTEXT: 49151,
    MEMBERS: 500,
    MEMBERS_RESERVED: 8,
    STEPS: 1023,
    TEXTS: 4096,
    INVITES: 600,
    EPOCHS: 1000,
    RECIPIENTS: 32,
    GROUP: 30,
    EDITS: 1000000,
    BEHALF: 8,
    PUBLIC_ENTRIES: 65535,
    TIMER_SECONDS: 86400,
    RETENTION_DAYS: 3660,
    FEWEST_ANONYMOUS: 3,
});

export const memberNumber = int(1, LIMIT.MEMBERS);
export const stepNumber = int(1, LIMIT.STEPS);
export const textNumber = int(0, LIMIT.TEXTS - 1);
const groupNumber = int(0, LIMIT.MEMBERS);
const id = bin(16);

// How a step is worked on: the same five numbers in the skeleton and in a `step` entry.
const STEP_FIELDS = [
    ['form', listed(1, 12)], ['work', listed(1, 4)], ['working', listed(0, 1)],
    ['sharing', listed(1, 3)], ['who', listed(1, 4)],
];

const skeletonSteps = list(fixed([['step', stepNumber], ...STEP_FIELDS]), LIMIT.STEPS);

function skeleton(value) {
    const steps = skeletonSteps(value);
    return encode(value).length <= LIMIT.SKELETON
        ? steps
        : refuse(CODE.TOO_LONG, 'the skeleton is too long');
}

const epoch = fixed([
    ['number', int(2, LIMIT.EPOCHS)], ['check', hash], ['recovery', orEmpty(recoveryKeys)],
]);

const changes = list(fixed([['member', memberNumber], ['role', listed(0, 4)]]), LIMIT.MEMBERS);

function groups(value) {
    const all = list(list(memberNumber, LIMIT.GROUP, 1), LIMIT.MEMBERS)(value);
    return all.flat().length <= LIMIT.MEMBERS
        ? all
        : refuse(CODE.TOO_LONG, 'too many places in groups');
}

const openKey = (value) => (bin(0, 32)(value).length === 0 ? value : x25519Key(value));

const paceShape = fixed([
    ['verb', listed(1, 9)], ['seconds', int(0, LIMIT.TIMER_SECONDS)],
]);

function pace(value) {
    const args = paceShape(value);
    const timed = [VERB.TIMER_START, VERB.TIMER_EXTEND].includes(args.verb);
    return timed || args.seconds === 0
        ? args
        : refuse(CODE.MALFORMED, 'this verb has no seconds');
}

const nothing = fixed([]);
const writing = fixed([['group', groupNumber], ['replaces', bin(0, 16)]]);

const ARGS = {
    [KIND.GENESIS]: fixed([
        ['device', deviceKeys], ['recovery', recoveryKeys], ['check', hash],
        ['textCount', int(0, LIMIT.TEXTS)], ['retention', time], ['admission', listed(0, 1)],
        ['skeleton', skeleton],
    ]),
    [KIND.TEXT]: fixed([['text', textNumber]]),
    [KIND.INVITE]: fixed([
        ['number', int(1, LIMIT.INVITES)], ['key', ed25519Key], ['role', listed(1, 4)],
        ['uses', int(0, 500)], ['expiry', time],
    ]),
    [KIND.JOIN]: fixed([
        ['device', deviceKeys], ['invite', int(0, LIMIT.INVITES)], ['proof', bin(64)],
    ]),
    [KIND.ROSTER]: fixed([
        ['index', int(0, LIMIT.PUBLIC_ENTRIES)], ['changes', changes],
        ['epoch', orEmpty(epoch)],
    ]),
    [KIND.CONFIRM]: fixed([['text', textNumber]]),
    [KIND.LEAVE_OUT]: fixed([['id', id]]),
    [KIND.NAME]: nothing,
    [KIND.STEP]: fixed([...STEP_FIELDS, ['position', int(0, LIMIT.STEPS)]]),
    [KIND.OPEN]: fixed([['key', openKey]]),
    [KIND.PACE]: pace,
    [KIND.RELEASE]: fixed([['count', int(0, 65535)], ['digest', hash]]),
    [KIND.REVEAL]: fixed([['text', textNumber], ['paragraph', int(0, 65535)]]),
    [KIND.GROUPS]: fixed([['groups', groups]]),
    [KIND.ASSIGN]: fixed([
        ['what', listed(1, 2)], ['group', groupNumber], ['member', int(0, LIMIT.MEMBERS)],
    ]),
    [KIND.ANSWER]: fixed([['edit', int(0, LIMIT.EDITS)], ['behalf', int(0, LIMIT.BEHALF)]]),
    [KIND.NOTE]: writing,
    [KIND.AGREEMENT]: writing,
    [KIND.PARK]: nothing,
    [KIND.REPORT]: nothing,
    [KIND.MESSAGE]: fixed([['recipients', list(memberNumber, LIMIT.RECIPIENTS, 1)]]),
    [KIND.FOLLOW_UP]: nothing,
    [KIND.PURGE]: nothing,
};

/** The arguments of an entry of this kind, checked and with names. */
export const readArgs = (kind, value) => ARGS[kind](value);

export const kindNumber = listed(1, 23);

export const headerId = id;

export const bodyBytes = binUpTo(LIMIT.ENTRY);

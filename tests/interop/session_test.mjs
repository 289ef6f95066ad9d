// Tests with the session of the vectors: every entry is opened, sealed again and folded, and
// what a lying server could make of it is refused.

import { openBody } from './body.mjs';
import { CODE } from './codes.mjs';
import { readAnswer, readName, readPlain } from './content.mjs';
import { isContentKey, isProvenBy, isSignedBy } from './entry.mjs';
import { ascii, groupCheck, groupKey, H, bigEndian, x25519Public } from './keys.mjs';
import { releaseDigest } from './kind_rules.mjs';
import { KIND, LOCK, NAME } from './kinds.mjs';
import { OwnStream } from './own.mjs';
import { Reading } from './reading.mjs';
import { checkWaitingAnswer, fold } from './rules.mjs';
import { chain } from './session.mjs';
import { SessionVectors } from './session_vectors.mjs';
import { equal, equalHex, hex, refused, test } from './tap.mjs';

function contentKeyOf(all, entry) {
    const slot = entry.slots.find(({ name }) => name === NAME.CONTENT);
    return all.keyIn(entry, slot);
}

// Chapter 5.3: what makes the key in a slot the right one.
function isRightKey(all, entry, slot, key) {
    const epoch = all.keyEpoch(entry);
    const fits = (group, number) => group.equals(all.epochs[number].k)
        && groupCheck(group).equals(groupCheck(all.epochs[number].k));
    switch (slot.name) {
    case NAME.CONTENT: return isContentKey(entry, key);
    case NAME.GROUP: return fits(key, epoch);
    case NAME.FACILITATOR: return fits(groupKey(key), epoch);
    case NAME.PREVIOUS_GROUP: return fits(key, epoch - 1);
    case NAME.PREVIOUS_FACILITATOR: return fits(groupKey(key), epoch - 1);
    case NAME.TEXT: return isContentKey(textEntry(all, slot.nameNumber), key);
    default: return x25519Public(key).equals(all.step(slot.nameNumber).public);
    }
}

const textEntry = (all, number) => [...all.entries.values()]
    .map(({ decoded }) => decoded)
    .find(({ kind, args }) => kind === KIND.TEXT && args.text === number);

function testEntry(all, vector) {
    const { name, decoded } = vector;
    test(`session: ${name}: decodes, with its kind and hash`, () => {
        equal(decoded.kind, vector.kind);
        equalHex(decoded.hash, vector.hash);
    });
    test(`session: ${name}: its slots open, and its body`, () => {
        for (const slot of decoded.slots) {
            const key = all.keyIn(decoded, slot);
            equal(isRightKey(all, decoded, slot, key), true, `key ${slot.name} of a slot`);
        }
        equal(decoded.body.length > 0, vector.plaintext !== undefined, 'body');
        if (vector.plaintext !== undefined) {
            const key = contentKeyOf(all, decoded);
            equalHex(key, vector.content_key);
            equalHex(openBody(key, decoded.headerBytes, decoded.body), vector.plaintext);
        }
    });
    test(`session: ${name}: sealed again, it is the same`, () => {
        equalHex(all.seal(name), vector.entry);
    });
}

function testSignatures(all) {
    test('session: signatures and proofs are good, and anonymous answers have none', () => {
        const { key } = all.get('invite').decoded.args;
        for (const { name, decoded } of all.entries.values()) {
            const anonymous = decoded.kind === KIND.ANSWER && decoded.author === 0;
            const device = decoded.kind === KIND.JOIN ? decoded.args.device.sign : null;
            const signer = device ?? all.seats[decoded.author || 1].sign.public;
            equal(isSignedBy(decoded, signer), !anonymous, name);
            if (device !== null && decoded.args.invite === 1) {
                equal(isProvenBy(decoded, key), true, name);
            }
        }
    });
}

function testPublic(all) {
    test('session: heads of the public stream', () => {
        let head = all.id;
        for (const { index, entry, time_ms: time, head: wanted } of all.vectors.public) {
            head = chain(head, time, all.get(entry).decoded.bytes);
            equalHex(head, wanted, `head ${index}`);
        }
    });
    test('session: the rules accept it whole', () => {
        const session = all.foldedBefore();
        equalHex(session.head.hash, all.vectors.public.at(-1).head);
    });
}

function testOwn(all) {
    for (const { member, start, entry, time_ms: time, head } of all.vectors.own) {
        test(`session: own stream of member ${member}`, () => {
            const own = new OwnStream(all.foldedBefore('groups'), member);
            equalHex(own.hash, start, 'start');
            equalHex(H(ascii('kring/1 own'), all.id, bigEndian(member, 4)), start, 'start');
            if (entry !== undefined) {
                const message = own.take(all.get(entry).decoded.bytes, time);
                equalHex(own.hash, head, 'head');
                equal(message.author, 3);
                refused(() => own.take(message.bytes, time), CODE.CONFLICT, 'once more');
            }
        });
    }
    test('session: a message for others is refused', () => {
        const own = new OwnStream(all.foldedBefore('groups'), 2);
        const { bytes } = all.get('message').decoded;
        refused(() => own.take(bytes, 1790000000000), CODE.FORBIDDEN);
    });
}

function testDigests(all) {
    for (const { answers, digest } of all.vectors.digests) {
        test(`session: digest of a release of ${answers.length} answers`, () => {
            equalHex(releaseDigest(answers.map((name) => all.get(name).decoded)), digest);
        });
    }
}

function testWaiting(all) {
    test('session: answers may wait while their step is open', () => {
        for (const [name, before] of [['answer', 'pace close'],
            ['answer on behalf', 'pace close'],
            ['anonymous answer', 'pace close of the anonymous step']]) {
            checkWaitingAnswer(all.foldedBefore(before), all.get(name).decoded);
        }
    });
    test('session: no answer waits for a released step', () => {
        const released = all.foldedBefore('reveal');
        const { decoded } = all.get('answer');
        refused(() => checkWaitingAnswer(released, decoded), CODE.BAD_STATE);
    });
}

function testReading(all) {
    test('session: what the participant can read', () => {
        const reading = new Reading(all.seats[2], all.foldedBefore(), 2);
        const events = reading.advance();
        const named = { member: 2, name: 'Bram', fields: ['Ja'], option: 0 };
        const behalf = { member: 2, name: 'Bram', behalf: 1, fields: ['Ja'], option: 0 };
        const nobody = { member: 0, name: null, fields: ['Ja'], option: 0 };
        equal(events, [
            { event: 'title', title: 'Title' },
            { event: 'text', number: 1, type: 6, step: 2, text: 'Case\n\nHe decides.' },
            { event: 'released', step: 2, answers: [named, behalf] },
            { event: 'note', member: 1, step: 5, text: 'first' },
            { event: 'note', member: 1, step: 5, text: 'second' },
            { event: 'park', member: 2, step: 2, text: 'later' },
            { event: 'report', member: 3, step: 0, text: 'saw' },
            { event: 'released', step: 3, answers: [nobody, nobody, nobody] },
        ]);
        equal([...reading.names], [[2, 'Bram'], [4, 'Anna']]);
        equal([...reading.groupKeys.keys()].sort(), [1, 2]);
    });
    test('session: what bodies hold', () => {
        const plaintext = (name) => hex(all.get(name).plaintext);
        equal(readName(plaintext('join')), 'Bram');
        equal(readPlain(plaintext('message')), 'slower');
        equal(readAnswer(plaintext('answer')), { form: 2, fields: ['Ja'], option: 0 });
    });
}

// A lie: what is folded at the place of `at` instead of it, and the code it is refused with.
function testLie(all, what, at, code, change) {
    test(`lies: ${what}`, () => {
        const session = all.foldedBefore(at);
        const honest = { bytes: all.get(at).decoded.bytes, time: all.timeOf(at) };
        const { bytes, time } = { ...honest, ...change(all, session) };
        refused(() => fold(session, bytes, time), code, what);
    });
}

const bytesOf = (name) => (all) => ({ bytes: all.get(name).decoded.bytes });
const sealed = (name, changes) => (all, session) => {
    const draft = typeof changes === 'function' ? changes(all, session) : changes;
    return { bytes: all.seal(name, draft) };
};

function broken(all, name) {
    const bytes = Buffer.from(all.get(name).decoded.bytes);
    bytes[bytes.length - 1] ^= 1;
    return { bytes };
}

// The slots of an entry to seal again, but for those under one lock.
const without = (all, name, lock) =>
    all.openedSlots(all.get(name).decoded).filter((slot) => slot.lock !== lock);

const EMPTY = Buffer.alloc(0);
const member = (all, author) => ({ author, signSeed: all.seats[author].sign.seed });

// Folds an entry like the one of this name on top of a session.
let drawn = 0x40;
function foldLike(all, session, name, changes) {
    drawn += 1;
    const draft = { id: Buffer.alloc(16, drawn), seen: session.head, epoch: session.epoch };
    fold(session, all.seal(name, { ...draft, ...changes }), session.time);
}

// Two groups, of members 2 and 3, and the scribe of one of them, or of all (group 0).
function withScribe(all, session, group, number) {
    foldLike(all, session, 'groups', { args: [[[2], [3]]] });
    foldLike(all, session, 'assign scribe', { args: [1, group, number] });
}

const noteOf = (all, author, group) => ({ step: 5, args: [group, EMPTY], ...member(all, author) });

function lieLike(all, session, name, changes) {
    const draft = { id: Buffer.alloc(16, 0x3f), seen: session.head, epoch: session.epoch };
    return { bytes: all.seal(name, { ...draft, ...changes }), time: session.time };
}

const noteBy = (author, group, scribe) => (all, session) => {
    withScribe(all, session, ...scribe);
    return lieLike(all, session, 'note', noteOf(all, author, group));
};

function testScribes(all) {
    const at = 'assign perspective';
    test('scribes: of a group, for that group; of group 0, for all', () => {
        const session = all.foldedBefore(at);
        withScribe(all, session, 1, 2);
        foldLike(all, session, 'note', noteOf(all, 2, 1));
        foldLike(all, session, 'assign scribe', { args: [1, 0, 3] });
        foldLike(all, session, 'note', noteOf(all, 3, 2));
    });
    test('scribes: new groups end all but that of group 0', () => {
        const session = all.foldedBefore(at);
        withScribe(all, session, 1, 2);
        foldLike(all, session, 'assign scribe', { args: [1, 0, 3] });
        foldLike(all, session, 'groups', { args: [[[2], [3]]] });
        foldLike(all, session, 'note', noteOf(all, 3, 2));
        const { bytes, time } = lieLike(all, session, 'note', noteOf(all, 2, 1));
        refused(() => fold(session, bytes, time), CODE.FORBIDDEN);
    });
    test('groups: who is removed is in none', () => {
        const session = all.foldedBefore(at);
        foldLike(all, session, 'groups', { args: [[[2, 3]]] });
        session.setRole(2, 0, session.last.index);
        equal(session.groups, [[3]]);
    });
}

const LIES = [
    ['a note by the scribe of another group', 'assign perspective', CODE.FORBIDDEN,
        noteBy(2, 2, [1, 2])],
    ['a note of all by the scribe of a group', 'assign perspective', CODE.FORBIDDEN,
        noteBy(2, 0, [1, 2])],
    ['a note of a group that is not there', 'assign perspective', CODE.UNKNOWN,
        noteBy(1, 3, [1, 2])],
    ['an agreement of a group that is not there', 'assign perspective', CODE.UNKNOWN,
        (all, session) => lieLike(all, session, 'agreement', { args: [9, EMPTY] })],
    ['an agreement that replaces one of another group', 'assign perspective', CODE.CONFLICT,
        (all, session) => {
            foldLike(all, session, 'groups', { args: [[[2], [3]]] });
            foldLike(all, session, 'agreement', { id: Buffer.alloc(16, 0x77), args: [1, EMPTY] });
            return lieLike(all, session, 'agreement', { args: [2, Buffer.alloc(16, 0x77)] });
        }],
    ['a scribe of a group that is not there', 'assign perspective', CODE.UNKNOWN,
        (all, session) => lieLike(all, session, 'assign scribe', { args: [1, 9, 2] })],
    ['a perspective of a group', 'assign perspective', CODE.UNKNOWN, (all, session) => {
        foldLike(all, session, 'groups', { args: [[[2], [3]]] });
        return lieLike(all, session, 'assign perspective', { args: [2, 1, 2] });
    }],
    ['a group with a member nobody knows', 'assign perspective', CODE.UNKNOWN,
        (all, session) => lieLike(all, session, 'groups', { args: [[[9]]] })],
    ['a group with a member who was removed', 'assign perspective', CODE.REMOVED,
        (all, session) => {
            session.setRole(3, 0, session.last.index);
            return lieLike(all, session, 'groups', { args: [[[3]]] });
        }],
    ['the place before the first entry as seen', 'name', CODE.BAD_SEEN,
        sealed('name', (all) => ({ seen: { index: 0, hash: all.id } }))],
    ['a note at a step that is released', 'note', CODE.BAD_STATE,
        sealed('note', (all, session) => ({ step: 2, seen: session.head }))],
    ['a time that runs backwards', 'name', CODE.CONFLICT, () => ({ time: 1790000005999 })],
    ['an entry twice', 'name', CODE.DUPLICATE, bytesOf('roster')],
    ['an entry left out', 'roster', CODE.BAD_SEEN, bytesOf('name')],
    ['a spoiled signature', 'name', CODE.BAD_SIGNATURE, (all) => broken(all, 'name')],
    ['an entry of another session', 'name', CODE.UNKNOWN,
        sealed('name', { session: Buffer.alloc(32, 7) })],
    ['another genesis', 'genesis', CODE.UNKNOWN, (all) => broken(all, 'genesis')],
    ['a join with a wrong proof', 'join', CODE.BAD_SIGNATURE, (all) => {
        const { device, invite } = all.get('join').decoded.args;
        const keys = [device.noise, device.box, device.sign];
        return sealed('join', { args: [keys, invite, Buffer.alloc(64, 1)] })(all);
    }],
    ['a join after the invite expired', 'join', CODE.EXPIRED, () => ({ time: 1792000000000 })],
    ['a roster for another roster', 'roster', CODE.CONFLICT,
        sealed('roster', { args: [6, [[2, 3], [3, 2]], []] })],
    ['a roster that gives a member no key', 'roster', CODE.BAD_SLOTS,
        sealed('roster', { slots: [] })],
    ['a roster that removes without an epoch', 'open', CODE.BAD_STATE,
        sealed('roster', { id: Buffer.alloc(16, 0x99), args: [7, [[2, 0]], []], slots: [] })],
    ['a new epoch without recovery keys', 'roster with an epoch', CODE.BAD_STATE, (all) => {
        const { check: value } = all.get('roster with an epoch').decoded.args.epoch;
        return sealed('roster with an epoch', { args: [35, [[1, 0]], [2, value, []]] })(all);
    }],
    ['a new epoch whose recovery gets no key', 'roster with an epoch', CODE.BAD_SLOTS,
        sealed('roster with an epoch', (all) =>
            ({ slots: without(all, 'roster with an epoch', LOCK.RECOVERY) }))],
    ['the recovered device doing something else first', 'roster with an epoch', CODE.FORBIDDEN,
        sealed('name in epoch 2', (all, session) => ({ epoch: 1, seen: session.head }))],
    ['a name in the lobby', 'roster', CODE.NOT_ADMITTED,
        sealed('name', (all, session) => ({ seen: session.head }))],
    ['an old epoch', 'name in epoch 2', CODE.STALE_EPOCH,
        sealed('name in epoch 2', { epoch: 1 })],
    ['a step closed by a participant', 'pace close', CODE.FORBIDDEN,
        sealed('pace close', (all) => ({ author: 2, signSeed: all.seats[2].sign.seed }))],
    ['a first open without a key', 'open', CODE.BAD_KEY,
        sealed('open', { args: [Buffer.alloc(0)] })],
    ['a release of an open step', 'pace close', CODE.BAD_STATE,
        sealed('release', (all, session) => ({ seen: session.head }))],
    ['a release without the key of its step', 'release', CODE.BAD_SLOTS,
        sealed('release', { slots: [] })],
    ['no answers, but another digest', 'release', CODE.DOES_NOT_VERIFY,
        sealed('release', { args: [0, Buffer.alloc(32)] })],
    ['two anonymous answers', 'release of the anonymous step', CODE.FORBIDDEN,
        sealed('release of the anonymous step', { args: [2, Buffer.alloc(32)] })],
    ['an answer outside of a release', 'pace close', CODE.BAD_STATE, bytesOf('answer')],
    ['an answer left out', 'answer on behalf', CODE.CONFLICT, bytesOf('reveal')],
    ['answers in another order', 'anonymous answer 3', CODE.CONFLICT,
        sealed('anonymous answer 3', { id: Buffer.alloc(16) })],
    ['an answer with another time', 'answer on behalf', CODE.CONFLICT,
        () => ({ time: 1790000013001 })],
    ['an answer exchanged', 'answer on behalf', CODE.DOES_NOT_VERIFY,
        sealed('answer on behalf', { args: [4, 1] })],
    ['a row twice', 'answer on behalf', CODE.CONFLICT,
        sealed('answer on behalf', { args: [3, 0] })],
    ['an answer without the step\'s lock', 'answer on behalf', CODE.BAD_SLOTS,
        sealed('answer on behalf', (all) => ({ slots: without(all, 'answer', LOCK.STEP) }))],
    ['an anonymous answer that saw more', 'anonymous answer', CODE.BAD_SEEN,
        sealed('anonymous answer', (all, session) => ({ seen: session.head }))],
    ['a message in public', 'name', CODE.BAD_STATE, bytesOf('message')],
    ['a step key before its release', 'pace close', CODE.BAD_STATE, (all, session) => {
        const { slots: [slot] } = all.get('release').decoded;
        const { secret: key } = all.step(2);
        const symmetric = all.epochs[1].k;
        const slots = [{ ...slot, key, for: { symmetric } }];
        return sealed('reveal', { seen: session.head, args: [0, 0], slots })(all);
    }],
];

export function testSession(vectors, keys) {
    const all = new SessionVectors(vectors, keys);
    all.entries.forEach((vector) => testEntry(all, vector));
    testSignatures(all);
    testPublic(all);
    testOwn(all);
    testDigests(all);
    testWaiting(all);
    testReading(all);
    testScribes(all);
    LIES.forEach(([what, at, code, change]) => testLie(all, what, at, code, change));
}

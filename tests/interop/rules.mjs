// Chapter 14: whether an entry may stand where the server put it. The checks are made in the
// order of 10.2; the first that fails gives the code. For a client every refusal means that the
// server lies.

import { CODE, refuse } from './codes.mjs';
import { decodeEntry, isAnonymous, isSignedBy } from './entry.mjs';
import { KIND, LOCK, NAME, ROLE, SHARING } from './kinds.mjs';
import { checkAnswer, checkKind, releaseDigest } from './kind_rules.mjs';
import { hasRoom, MEMBER_STATE, rowKey, STATE, STEP_STATE } from './session.mjs';
import { rowOf, slotKey } from './table.mjs';

function checkIdentity(session, entry) {
    const id = entry.kind === KIND.GENESIS ? entry.hash : entry.session;
    if (!id.equals(session.id)) {
        refuse(CODE.UNKNOWN, 'an entry of another session');
    }
    if (session.ids.has(entry.id.toString('hex'))) {
        refuse(CODE.DUPLICATE, 'this id is taken');
    }
}

function checkEnd(session, entry) {
    if (session.state === STATE.PURGED) {
        refuse(CODE.PURGED, 'the session was purged');
    }
    if (session.state === STATE.ENDED && !rowOf(entry).session.includes(STATE.ENDED)) {
        refuse(CODE.ENDED, 'the session has ended');
    }
}

function checkPlace(session, time) {
    if (time < session.time) {
        refuse(CODE.CONFLICT, 'time runs backwards');
    }
    if (!hasRoom(session)) {
        refuse(CODE.FULL, 'the stream is full');
    }
}

function signKeyOf(session, entry) {
    if (entry.kind === KIND.GENESIS || entry.kind === KIND.JOIN) {
        return entry.args.device.sign;
    }
    const author = session.member(entry.author);
    return author?.keys.sign ?? refuse(CODE.BAD_SIGNATURE, `there is no member ${entry.author}`);
}

function checkSignature(session, entry) {
    if (!isAnonymous(entry) && !isSignedBy(entry, signKeyOf(session, entry))) {
        refuse(CODE.BAD_SIGNATURE, 'the signature is wrong');
    }
}

// Genesis has seen nothing; its own shape says so.
function checkSeen(session, entry) {
    if (entry.kind !== KIND.GENESIS && !session.hasPlace(entry.seen)) {
        refuse(CODE.BAD_SEEN, 'its author saw another history');
    }
}

function checkAuthor(session, entry) {
    if (entry.author === 0 || entry.kind === KIND.GENESIS) {
        return;
    }
    const { state } = session.member(entry.author);
    if (state === MEMBER_STATE.LOBBY) {
        refuse(CODE.NOT_ADMITTED, 'its author waits in the lobby');
    }
    if (state === MEMBER_STATE.REMOVED) {
        refuse(CODE.REMOVED, 'its author was removed');
    }
}

function checkEpoch(session, entry) {
    const epoch = entry.kind === KIND.GENESIS ? 1 : session.epoch;
    if (entry.epoch !== epoch) {
        refuse(CODE.STALE_EPOCH, `epoch ${entry.epoch} is not that of now`);
    }
}

const ALLOWED = {
    device: () => true,
    'every member': () => true,
    facilitator: (session, author) => session.isFacilitator(author),
    observer: (session, author) => session.member(author).role === ROLE.OBSERVER,
    scribe: (session, author, args) => session.isScribe(author, args.group),
};

function checkRole(session, entry) {
    if (!rowOf(entry).who.some((who) => ALLOWED[who](session, entry.author, entry.args))) {
        refuse(CODE.FORBIDDEN, 'its author has no right to it');
    }
    if (session.member(entry.author)?.owesEpoch && entry.kind !== KIND.ROSTER) {
        refuse(CODE.FORBIDDEN, 'after recovery a new epoch comes first');
    }
}

function checkSessionState(session, entry) {
    if (!rowOf(entry).session.includes(session.state)) {
        const code = session.state === STATE.PAUSED ? CODE.PAUSED : CODE.BAD_STATE;
        refuse(code, `not while the session is ${session.state}`);
    }
}

function checkStep(session, entry) {
    const allowed = rowOf(entry).step;
    if (entry.step === 0) {
        return allowed.includes('none') || refuse(CODE.UNKNOWN, 'no step is given');
    }
    const step = session.steps.get(entry.step);
    const named = allowed.some((state) => state !== 'none');
    if (!named || (step === undefined && !allowed.includes('new'))) {
        refuse(CODE.UNKNOWN, `step ${entry.step} is not known here`);
    }
    return step === undefined || allowed.includes(step.state)
        || refuse(CODE.BAD_STATE, `not while step ${entry.step} is ${step.state}`);
}

function checkBody(entry) {
    const { body } = rowOf(entry);
    const has = entry.body.length > 0;
    if ((body === 'yes' && !has) || (body === 'no' && has)) {
        refuse(CODE.BAD_SLOTS, 'a body where there is none, or none where there is one');
    }
    if (entry.slots.some((slot) => slot.name === NAME.CONTENT) !== has) {
        refuse(CODE.BAD_SLOTS, 'content slots go with a body');
    }
}

function existsNumber(session, entry, slot) {
    const { lock, lockNumber, name, nameNumber } = slot;
    const creator = entry.kind === KIND.GENESIS && lockNumber === 1;
    const lockExists = {
        [LOCK.MEMBER]: () => creator || session.member(lockNumber) !== undefined,
        [LOCK.STEP]: () => session.steps.has(lockNumber),
    };
    const nameExists = {
        [NAME.TEXT]: () => nameNumber !== 0 && session.texts.has(nameNumber),
        [NAME.STEP]: () => session.steps.has(nameNumber),
    };
    return (lockExists[lock]?.() ?? true) && (nameExists[name]?.() ?? true);
}

function checkSlots(session, entry) {
    for (const slot of entry.slots) {
        if (!rowOf(entry).slots.has(slotKey(slot)) || !existsNumber(session, entry, slot)) {
            refuse(CODE.BAD_SLOTS, 'a slot that this kind may not carry');
        }
    }
}

/** Whether an entry may be the next one of the public stream. */
export function check(session, entry, time) {
    checkIdentity(session, entry);
    if (entry.kind === KIND.ANSWER) {
        checkReleasedAnswer(session, entry, time);
        return;
    }
    if (entry.kind === KIND.MESSAGE) {
        refuse(CODE.BAD_STATE, 'a message is not public');
    }
    checkEnd(session, entry);
    if (session.release !== null) {
        refuse(CODE.CONFLICT, 'the answers of a release are still to come');
    }
    checkPlace(session, time);
    checkSignature(session, entry);
    checkSeen(session, entry);
    checkAuthor(session, entry);
    checkEpoch(session, entry);
    checkRole(session, entry);
    checkSessionState(session, entry);
    checkStep(session, entry);
    checkBody(entry);
    checkSlots(session, entry);
    checkKind(session, entry, time);
}

function checkReleasePlace(session, entry, time) {
    if (session.release === null) {
        refuse(CODE.BAD_STATE, 'an answer outside of a release');
    }
    const { record, answers } = session.release;
    const before = answers[answers.length - 1]?.id;
    const ascends = before === undefined || Buffer.compare(before, entry.id) < 0;
    if (entry.step !== record.step || time !== record.time || !ascends) {
        refuse(CODE.CONFLICT, 'an answer at a wrong place of its release');
    }
    if (!hasRoom(session)) {
        refuse(CODE.FULL, 'the stream is full');
    }
}

// What holds for an answer wherever it is met: waiting, or released long after it was written.
function checkAnyAnswer(session, entry) {
    checkSignature(session, entry);
    checkSeen(session, entry);
    const step = session.steps.get(entry.step);
    if (!isAnonymous(entry) && session.member(entry.author).roles.length === 0) {
        refuse(CODE.NOT_ADMITTED, 'its author was never admitted');
    }
    if (entry.epoch !== step?.epoch) {
        refuse(CODE.STALE_EPOCH, 'not the epoch in which its step was opened');
    }
    checkBody(entry);
    checkSlots(session, entry);
    checkAnswer(session, entry);
}

function checkReleasedAnswer(session, entry, time) {
    checkReleasePlace(session, entry, time);
    if (session.member(entry.author)?.state === MEMBER_STATE.REMOVED) {
        refuse(CODE.REMOVED, 'an answer of one who was removed');
    }
    checkAnyAnswer(session, entry);
    const { sharing, rows } = session.steps.get(entry.step);
    if (sharing === SHARING.NAMES && rows.has(rowKey(entry))) {
        refuse(CODE.CONFLICT, 'two answers in one row');
    }
    checkLastAnswer(session, entry);
}

function checkLastAnswer(session, entry) {
    const { record, answers } = session.release;
    const all = [...answers, entry];
    if (all.length === record.args.count && !releaseDigest(all).equals(record.args.digest)) {
        refuse(CODE.DOES_NOT_VERIFY, 'the released answers do not fit the digest');
    }
}

/** Whether the server may hand out this entry as an answer that waits. */
export function checkWaitingAnswer(session, entry) {
    if (entry.kind !== KIND.ANSWER || !entry.session.equals(session.id)) {
        refuse(CODE.UNKNOWN, 'no answer of this session');
    }
    checkAnyAnswer(session, entry);
    const { state } = session.steps.get(entry.step);
    if (state === STEP_STATE.RELEASED) {
        refuse(CODE.BAD_STATE, 'an answer waits for a step that is released');
    }
}

/** What holds for a message, besides its place in an own stream. */
export function checkMessage(session, entry) {
    checkIdentity(session, entry);
    checkSignature(session, entry);
    checkSeen(session, entry);
    if (!session.everHad(entry.author, [ROLE.FACILITATOR, ROLE.OBSERVER])) {
        refuse(CODE.FORBIDDEN, 'its author may not send messages');
    }
    if (entry.epoch > session.epoch) {
        refuse(CODE.STALE_EPOCH, 'an epoch that is still to come');
    }
    checkBody(entry);
    checkSlots(session, entry);
    checkKind(session, entry, entry.time);
}

/** Decodes, checks and folds the next entry of the public stream. */
export function fold(session, bytes, time) {
    const entry = decodeEntry(bytes);
    check(session, entry, time);
    return session.append(entry, time);
}

// Chapter 10.3: what the permission table cannot say, kind by kind.

import { CODE, unless } from './codes.mjs';
import { findSlot, isAnonymous, isProvenBy } from './entry.mjs';
import { ascii, H } from './keys.mjs';
import {
    ASSIGN, FORM, KIND, LIMIT, LOCK, NAME, ROLE, SHARING, VERB, WHO, WORK, WORKING,
} from './kinds.mjs';
import { checkRoster } from './roster.mjs';
import { MEMBER_STATE, noteKey, STEP_STATE } from './session.mjs';

const DAY = 86400000;

/** The digest of a release: over the hashes of its answers, in order of their ids. */
export const releaseDigest = (answers) =>
    H(ascii('kring/1 release'), ...answers.map((answer) => answer.hash));

const hasSlot = (entry, lock, lockNumber, name) =>
    findSlot(entry, lock, lockNumber, name) !== undefined;

// Without names, but seen by the group: the group would know whose it is.
function checkStepFields({ working, sharing }) {
    const told = working === WORKING.GROUP && sharing === SHARING.NO_NAMES;
    unless(!told, CODE.FORBIDDEN, 'a step whose answers its group sees has names');
}

function checkGenesis(session, entry, time) {
    const { retention, skeleton } = entry.args;
    const kept = retention - time;
    unless(kept > 0, CODE.EXPIRED, 'a retention that is over');
    unless(kept <= LIMIT.RETENTION_DAYS * DAY, CODE.FULL, 'a retention too long');
    const steps = new Set(skeleton.map(({ step }) => step));
    unless(steps.size === skeleton.length, CODE.CONFLICT, 'a step occurs twice');
    skeleton.forEach(checkStepFields);
    const given = hasSlot(entry, LOCK.MEMBER, 1, NAME.FACILITATOR)
        && hasSlot(entry, LOCK.RECOVERY, 0, NAME.FACILITATOR);
    unless(given, CODE.BAD_SLOTS, 'a slot with F is missing');
}

function checkText(session, { args }) {
    unless(!session.texts.has(args.text), CODE.CONFLICT, 'a text comes twice');
}

function checkInvite(session, { args }) {
    const known = session.invites.has(args.number);
    if (args.uses === 0) {
        unless(known, CODE.UNKNOWN, 'an invite that does not exist is revoked');
        return;
    }
    unless(args.role !== ROLE.FACILITATOR, CODE.FORBIDDEN, 'nobody is invited as facilitator');
    unless(!known, CODE.CONFLICT, 'an invite comes twice');
}

function checkDeviceKeys(session, { device }) {
    const taken = session.members.some((member) => member
        && ['noise', 'box', 'sign'].some((name) => member.keys[name].equals(device[name])));
    unless(!taken, CODE.CONFLICT, 'a device key is that of another member');
}

function checkProof(invite, entry) {
    unless(invite !== undefined, CODE.UNKNOWN, 'an invite nobody has heard of');
    unless(isProvenBy(entry, invite.key), CODE.BAD_SIGNATURE, 'the proof of a join is wrong');
}

function checkInviteUse(invite, time) {
    unless(time < invite.expiry, CODE.EXPIRED, 'the invite has expired');
    unless(invite.joins < invite.uses, CODE.USED_UP, 'the invite is used up');
}

function checkRecoveryUse(recovery, entry) {
    const proven = isProvenBy(entry, recovery.sign);
    unless(proven, CODE.BAD_SIGNATURE, 'the proof of a recovery is wrong');
    unless(!recovery.used, CODE.USED_UP, 'recovery was redeemed before');
}

function checkJoinSlots(session, entry) {
    const all = (test) => entry.slots.every(({ lockNumber }) => test(lockNumber));
    const ever = all((member) => session.everHad(member, [ROLE.FACILITATOR]));
    unless(ever, CODE.BAD_SLOTS, 'a name for one who was never facilitator');
    const now = all((member) => session.isFacilitator(member));
    unless(now, CODE.CONFLICT, 'a name for one who is facilitator no more');
}

function checkNewMember(session, entry) {
    const reserved = entry.args.invite === 0 ? 0 : LIMIT.MEMBERS_RESERVED;
    checkDeviceKeys(session, entry.args);
    unless(session.members.length <= LIMIT.MEMBERS - reserved, CODE.FULL, 'too many members');
}

function checkJoin(session, entry, time) {
    if (entry.args.invite === 0) {
        checkRecoveryUse(session.recovery, entry);
        checkNewMember(session, entry);
    } else {
        const invite = session.invites.get(entry.args.invite);
        checkProof(invite, entry);
        checkNewMember(session, entry);
        checkInviteUse(invite, time);
    }
    checkJoinSlots(session, entry);
}

function checkConfirm(session, { args }) {
    const known = args.text !== 0 && session.texts.has(args.text);
    unless(known, CODE.UNKNOWN, 'a text that does not exist is confirmed');
}

function checkLeaveOut(session, { args, author }) {
    const named = session.ids.get(args.id.toString('hex'));
    unless(named !== undefined, CODE.UNKNOWN, 'an entry that is not there is left out');
    unless(named.author === author, CODE.FORBIDDEN, 'an entry of somebody else is left out');
}

function checkStepEntry(session, { step, args }) {
    checkStepFields(args);
    const known = args.position === 0
        || (args.position !== step && session.steps.has(args.position));
    unless(known, CODE.UNKNOWN, 'a step stands behind one that does not exist');
}

function checkOpen(session, { step, args }) {
    const first = session.steps.get(step).opened === null;
    const given = args.key.length > 0;
    unless(given || !first, CODE.BAD_KEY, 'the first open has no key');
    unless(!given || first, CODE.CONFLICT, 'a later open has a key');
}

function checkRelease(session, entry) {
    const { sharing } = session.steps.get(entry.step);
    unless(sharing !== SHARING.NEVER, CODE.FORBIDDEN, 'a step that is never shared');
    checkCount(sharing, entry.args);
    const none = isAnswered(session.steps.get(entry.step)) || entry.args.count === 0;
    unless(none, CODE.CONFLICT, 'answers to a step that takes none');
    const keys = entry.slots.filter(({ name }) => name === NAME.STEP);
    const given = keys.length === 1 && keys[0].nameNumber === entry.step;
    unless(given, CODE.BAD_SLOTS, 'a release hands out the key of its step, and no other');
}

function checkCount(sharing, { count, digest }) {
    const few = count > 0 && count < LIMIT.FEWEST_ANONYMOUS;
    unless(sharing !== SHARING.NO_NAMES || !few, CODE.FORBIDDEN, 'too few to be anonymous');
    const fits = count > 0 || digest.equals(releaseDigest([]));
    unless(fits, CODE.DOES_NOT_VERIFY, 'the digest of no answers is wrong');
}

function checkReveal(session, entry) {
    const { text, paragraph } = entry.args;
    if (text === 0) {
        const useful = entry.slots.length > 0 && paragraph === 0;
        unless(useful, CODE.UNKNOWN, 'a reveal that shows nothing');
    }
    unless(text === 0 || session.texts.has(text), CODE.UNKNOWN, 'there is no such text');
    const released = entry.slots.every(({ name, nameNumber }) => name !== NAME.STEP
        || session.steps.get(nameNumber).state === STEP_STATE.RELEASED);
    unless(released, CODE.BAD_STATE, 'the key of a step that is not released');
}

function checkPace(session, { args }, time) {
    const { verb, seconds } = args;
    const extends_ = verb === VERB.TIMER_EXTEND;
    if (extends_ || verb === VERB.TIMER_STOP) {
        unless(session.timer !== null, CODE.BAD_STATE, 'no timer was started');
    }
    if (extends_ || verb === VERB.TIMER_START) {
        unless(seconds > 0, CODE.FULL, 'a timer of no time');
        const from = extends_ ? Math.max(session.timer, time) : time;
        const left = from + seconds * 1000 - time;
        unless(left <= LIMIT.TIMER_SECONDS * 1000, CODE.FULL, 'a timer too long');
    }
}

const ANSWERED = [
    FORM.QUESTION, FORM.CHOICE, FORM.TABLE, FORM.COMPLETION, FORM.PERSPECTIVES,
    FORM.COMPARISON, FORM.COMMITMENT,
];

const ANSWERERS = {
    [WHO.PARTICIPANTS]: [ROLE.PARTICIPANT, ROLE.CASE_GIVER],
    [WHO.ALL]: [ROLE.FACILITATOR, ROLE.OBSERVER, ROLE.PARTICIPANT, ROLE.CASE_GIVER],
    [WHO.CASE_GIVER]: [ROLE.CASE_GIVER],
    [WHO.OBSERVER]: [ROLE.OBSERVER],
};

/** The roles that answer a step. */
export const answerersOf = (step) => ANSWERERS[step.who];

/** Whether members write answers at a step at all. */
export const isAnswered = ({ form, work }) => ANSWERED.includes(form) && work !== WORK.PLENARY;

/** Whether answers of a step stay on the device: only DONE is told. */
export const staysOnDevice = ({ working, sharing }) =>
    working === WORKING.NOBODY && sharing === SHARING.NEVER;

function checkAnonymousAnswer(step, entry) {
    unless(isAnonymous(entry), CODE.FORBIDDEN, 'an answer with a name where there are none');
    const { edit, behalf } = entry.args;
    unless(edit === 0 && behalf === 0, CODE.CONFLICT, 'an anonymous answer has no number');
    const { index, hash } = step.opened;
    const atOpen = entry.seen.index === index && entry.seen.hash.equals(hash);
    unless(atOpen, CODE.BAD_SEEN, 'an anonymous answer has seen the opening of its step');
}

function checkNamedAnswer(session, step, entry) {
    unless(!isAnonymous(entry), CODE.FORBIDDEN, 'an answer without the name it needs');
    unless(entry.args.edit > 0, CODE.CONFLICT, 'edit numbers begin at 1');
    const may = session.everHad(entry.author, answerersOf(step));
    unless(may, CODE.FORBIDDEN, 'its author does not answer this step');
}

// The groups may have changed since: whose locks are groupmates' cannot be told any more.
function checkAnswerSlots(step, entry) {
    const named = step.sharing !== SHARING.NO_NAMES;
    const sealed = step.sharing !== SHARING.NEVER;
    const own = hasSlot(entry, LOCK.MEMBER, entry.author, NAME.CONTENT);
    const under = hasSlot(entry, LOCK.STEP, entry.step, NAME.CONTENT);
    const least = (named ? 1 : 0) + (sealed ? 1 : 0);
    const most = step.working === WORKING.GROUP ? least + LIMIT.GROUP - 1 : least;
    const exact = entry.slots.length >= least && entry.slots.length <= most;
    const steps = entry.slots.filter(({ lock }) => lock === LOCK.STEP).length;
    const right = own === named && under === sealed && exact && steps === (sealed ? 1 : 0);
    unless(right, CODE.BAD_SLOTS, 'an answer under other locks than its step has');
}

export function checkAnswer(session, entry) {
    const step = session.steps.get(entry.step);
    unless(isAnswered(step) && !staysOnDevice(step), CODE.FORBIDDEN, 'a step without answers');
    if (step.sharing === SHARING.NO_NAMES) {
        checkAnonymousAnswer(step, entry);
    } else {
        checkNamedAnswer(session, step, entry);
    }
    checkAnswerSlots(step, entry);
}

const isShared = ({ form, work }) => work === WORK.PLENARY || form === FORM.DISCUSSION;

// What is said of a group is said of one of now.
function checkGroup(session, { args }) {
    unless(session.hasGroup(args.group), CODE.UNKNOWN, 'there is no such group');
}

// Groups and assignments name who is in the circle now.
function checkAdmitted(session, number) {
    const member = session.member(number);
    unless(member !== undefined, CODE.UNKNOWN, `there is no member ${number}`);
    unless(member.state !== MEMBER_STATE.LOBBY, CODE.NOT_ADMITTED, `${number} is in the lobby`);
    unless(member.state !== MEMBER_STATE.REMOVED, CODE.REMOVED, `${number} was removed`);
}

function checkNote(session, entry) {
    checkGroup(session, entry);
    unless(isShared(session.steps.get(entry.step)), CODE.FORBIDDEN, 'a step without a note');
    const latest = session.notes.get(noteKey(entry)) ?? Buffer.alloc(0);
    const next = latest.equals(entry.args.replaces);
    unless(next, CODE.CONFLICT, 'a note that replaces another than the latest');
}

function checkAgreement(session, entry) {
    const { step, args } = entry;
    checkGroup(session, entry);
    const { form, work } = session.steps.get(step);
    const may = isShared({ form, work }) || form === FORM.AGREEMENT;
    unless(may, CODE.FORBIDDEN, 'a step without agreements');
    const open = args.replaces.length === 0
        || session.agreements.get(args.replaces.toString('hex')) === noteKey(entry);
    unless(open, CODE.CONFLICT, 'an agreement that replaces none that stands');
}

function checkMessageRule(session, { step, author, args, slots }) {
    unless(step === 0 || session.steps.has(step), CODE.UNKNOWN, 'there is no such step');
    const readers = [...args.recipients, author];
    unless(new Set(readers).size === readers.length, CODE.CONFLICT, 'a recipient twice');
    const admitted = args.recipients.every((member) =>
        (session.member(member)?.roles.length ?? 0) > 0);
    unless(admitted, CODE.UNKNOWN, 'a recipient who was never admitted');
    const exact = slots.length === readers.length
        && slots.every(({ lockNumber }) => readers.includes(lockNumber));
    unless(exact, CODE.BAD_SLOTS, 'a message under other locks than its readers\'');
}

function checkGroups(session, { args }) {
    const places = args.groups.flat();
    unless(new Set(places).size === places.length, CODE.CONFLICT, 'a member in two groups');
    places.forEach((member) => checkAdmitted(session, member));
}

function checkAssign(session, entry) {
    const { author, args } = entry;
    checkGroup(session, entry);
    if (args.member !== 0) {
        checkAdmitted(session, args.member);
    }
    const may = args.what === ASSIGN.SCRIBE || session.isFacilitator(author)
        || args.member === author;
    unless(may, CODE.FORBIDDEN, 'only facilitators assign others');
    const whole = args.what === ASSIGN.SCRIBE || args.group === 0;
    unless(whole, CODE.UNKNOWN, 'a perspective belongs to no group');
}

const RULES = {
    [KIND.GENESIS]: checkGenesis,
    [KIND.TEXT]: checkText,
    [KIND.INVITE]: checkInvite,
    [KIND.JOIN]: checkJoin,
    [KIND.ROSTER]: checkRoster,
    [KIND.CONFIRM]: checkConfirm,
    [KIND.LEAVE_OUT]: checkLeaveOut,
    [KIND.STEP]: checkStepEntry,
    [KIND.OPEN]: checkOpen,
    [KIND.PACE]: checkPace,
    [KIND.RELEASE]: checkRelease,
    [KIND.REVEAL]: checkReveal,
    [KIND.GROUPS]: checkGroups,
    [KIND.ASSIGN]: checkAssign,
    [KIND.NOTE]: checkNote,
    [KIND.AGREEMENT]: checkAgreement,
    [KIND.MESSAGE]: checkMessageRule,
};

export const checkKind = (session, entry, time) => RULES[entry.kind]?.(session, entry, time);

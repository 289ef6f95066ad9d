// Chapter 10.4: who is admitted, made facilitator or removed, and when a new epoch starts.

import { CODE, unless } from './codes.mjs';
import { LOCK, NAME, ROLE } from './kinds.mjs';
import { MEMBER_STATE } from './session.mjs';

const { FACILITATOR } = ROLE;

// What the changes do: every admitted member's role after them, and what was lost or gained.
function outcome(session, changes) {
    const after = new Map();
    session.members.filter((member) => member?.state === MEMBER_STATE.ADMITTED)
        .forEach(({ number, role }) => after.set(number, role));
    const before = new Map(after);
    for (const { member, role } of changes) {
        if (role === ROLE.REMOVED) {
            after.delete(member);
        } else {
            after.set(member, role);
        }
    }
    const lost = [...before.keys()].filter((member) => !after.has(member)
        || (before.get(member) === FACILITATOR && after.get(member) !== FACILITATOR));
    const demoted = lost.some((member) => before.get(member) === FACILITATOR);
    return { before, after, lost, demoted };
}

function checkChanges(session, changes) {
    const numbers = changes.map(({ member }) => member);
    unless(new Set(numbers).size === numbers.length, CODE.CONFLICT, 'a member changes twice');
    for (const number of numbers) {
        const member = session.member(number);
        unless(member !== undefined, CODE.UNKNOWN, `there is no member ${number}`);
        const gone = member.state === MEMBER_STATE.REMOVED;
        unless(!gone, CODE.REMOVED, `member ${number} was removed`);
    }
}

// The members whose locks hold a key of this name.
function receivers(entry, name) {
    return new Set(entry.slots
        .filter((slot) => slot.lock === LOCK.MEMBER && slot.name === name)
        .map((slot) => slot.lockNumber));
}

function checkKeys(entry, { before, after }) {
    const startsEpoch = entry.args.epoch !== null;
    const withF = receivers(entry, NAME.FACILITATOR);
    const withK = receivers(entry, NAME.GROUP);
    for (const [member, role] of after) {
        const facilitates = role === FACILITATOR;
        const isNew = facilitates ? before.get(member) !== FACILITATOR : !before.has(member);
        const given = (facilitates ? withF : withK).has(member);
        const needs = startsEpoch || isNew;
        unless(given || !needs, CODE.BAD_SLOTS, `member ${member} gets no key`);
    }
    const mayHaveF = [...withF].every((member) => after.get(member) === FACILITATOR);
    const mayHaveK = [...withK].every((member) => after.has(member));
    unless(mayHaveF && mayHaveK, CODE.BAD_SLOTS, 'a key for one who may not have it');
}

function checkEpochKeys(entry) {
    const has = (lock, name) => entry.slots.some((slot) =>
        slot.lock === lock && slot.name === name);
    const whole = has(LOCK.RECOVERY, NAME.FACILITATOR)
        && has(LOCK.GROUP, NAME.PREVIOUS_GROUP)
        && has(LOCK.FACILITATOR, NAME.PREVIOUS_FACILITATOR);
    unless(whole, CODE.BAD_SLOTS, 'a key of the new epoch is missing');
}

function checkNoEpochKeys(entry) {
    const only = entry.slots.every(({ lock }) => lock === LOCK.MEMBER);
    unless(only, CODE.BAD_SLOTS, 'keys of an epoch that does not start');
}

function checkEpoch(session, entry, { lost, demoted }) {
    const { epoch } = entry.args;
    const needed = lost.length > 0 || session.recoveryRedeemed;
    unless(epoch !== null || !needed, CODE.BAD_STATE, 'no epoch starts where one must');
    if (epoch === null) {
        checkNoEpochKeys(entry);
        return;
    }
    const others = entry.args.changes.every(({ member }) => member !== entry.author);
    unless(others, CODE.FORBIDDEN, 'who goes draws the keys of the next epoch');
    unless(epoch.number === session.epoch + 1, CODE.CONFLICT, 'not the next epoch');
    const renews = demoted || session.recoveryRedeemed;
    unless(!renews || epoch.recovery !== null, CODE.BAD_STATE, 'recovery is not renewed');
    checkEpochKeys(entry);
}

export function checkRoster(session, entry) {
    const { index, changes } = entry.args;
    unless(index === session.rosterIndex, CODE.CONFLICT, 'computed for another roster');
    checkChanges(session, changes);
    const result = outcome(session, changes);
    const facilitators = [...result.after.values()].filter((role) => role === FACILITATOR);
    unless(facilitators.length > 0, CODE.BAD_STATE, 'no facilitator remains');
    checkEpoch(session, entry, result);
    checkKeys(entry, result);
}

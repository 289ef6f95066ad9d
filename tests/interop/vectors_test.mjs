// Checks this client against the protocol's vectors, its example connection and its permission
// table; prints TAP. The vectors lie in ../vectors, the protocol in ../../protocol/PROTOCOL.md.

import { readFileSync } from 'node:fs';

import { commitmentOf, openBody, paddedSize, sealBody } from './body.mjs';
import { CODE } from './codes.mjs';
import { frame, versionPayload } from './connection.mjs';
import { checkEd25519Key, checkX25519Key } from './curve.mjs';
import { decodeEntry } from './entry.mjs';
import {
    deviceKeysOf, groupCheck, groupKey, inviteProofBytes, linkKeys, seatKeys, sign, stepSecret,
    ticketProofBytes, verify, x25519, x25519Public,
} from './keys.mjs';
import { testKnownAnswers } from './known_answers.mjs';
import { BadLink, readLink, writeLink } from './links.mjs';
import { METHOD, readMessage, readResult, requestOf } from './messages.mjs';
import { decode, encode } from './msgpack.mjs';
import { Handshake } from './noise.mjs';
import { testSession } from './session_test.mjs';
import { boxKey, openSlot, sealSlot, slotContext } from './slots.mjs';
import { ROWS } from './table.mjs';
import { equal, equalHex, finish, hex, refused, test } from './tap.mjs';

const here = (path) => new URL(path, import.meta.url);
const vectors = (name) => JSON.parse(readFileSync(here(`../vectors/${name}.json`), 'utf8'));
const protocol = readFileSync(here('../../protocol/PROTOCOL.md'), 'utf8');

function testKeys(keys) {
    keys.seats.forEach((wanted, i) => test(`keys: seat ${i + 1}`, () => {
        const { noise, box, sign: signing } = seatKeys(hex(wanted.seed));
        equalHex(noise.secret, wanted.noise_secret);
        equalHex(noise.public, wanted.noise);
        equalHex(box.secret, wanted.box_secret);
        equalHex(box.public, wanted.box);
        equalHex(signing.seed, wanted.sign_seed);
        equalHex(signing.public, wanted.sign);
    }));
    keys.recoveries.forEach((wanted, i) => test(`keys: recovery ${i + 1}`, () => {
        const { sign: signing, box } = linkKeys(hex(wanted.seed));
        equalHex(signing.seed, wanted.sign_seed);
        equalHex(signing.public, wanted.sign);
        equalHex(box.secret, wanted.box_secret);
        equalHex(box.public, wanted.box);
    }));
    keys.epochs.forEach(({ epoch, f, k, check }) => test(`keys: epoch ${epoch}`, () => {
        equalHex(groupKey(hex(f)), k);
        equalHex(groupCheck(hex(k)), check);
    }));
    keys.steps.forEach((wanted) => test(`keys: step ${wanted.step}`, () => {
        const secret = stepSecret(hex(wanted.f), hex(wanted.session), wanted.step);
        equalHex(secret, wanted.secret);
        equalHex(x25519Public(secret), wanted.public);
    }));
}

function testProofs({ ticket, invite }) {
    test('keys: proof of a ticket', () => {
        const keys = linkKeys(hex(ticket.seed));
        const bytes = ticketProofBytes(hex(ticket.genesis_hash));
        equalHex(keys.sign.public, ticket.sign);
        equalHex(sign(keys.sign.seed, bytes), ticket.proof);
        equal(verify(hex(ticket.sign), bytes, hex(ticket.proof)), true);
    });
    test('keys: proof of an invite', () => {
        const keys = linkKeys(hex(invite.seed));
        const device = [invite.device_noise, invite.device_box, invite.device_sign].map(hex);
        const bytes = inviteProofBytes(hex(invite.session), device);
        equalHex(keys.sign.public, invite.sign);
        equalHex(sign(keys.sign.seed, bytes), invite.proof);
        equal(verify(hex(invite.sign), bytes, hex(invite.proof)), true);
    });
}

function testRefusedKeys(keys) {
    keys.x25519_refused.forEach((key) => test(`keys: refused, ${key}`, () => {
        refused(() => checkX25519Key(hex(key)), CODE.BAD_KEY);
    }));
    keys.ed25519_refused.forEach((key) => test(`keys: refused to sign, ${key}`, () => {
        refused(() => checkEd25519Key(hex(key)), CODE.BAD_KEY);
    }));
    keys.signatures.forEach(({ sign: key, message, signature, good }, i) =>
        test(`keys: signature ${i + 1}`, () => {
            equal(verify(hex(key), hex(message), hex(signature)), good === 1);
        }));
    test('keys: X25519 that gives zeros is an error', () => {
        const { secret } = seatKeys(hex(keys.seats[0].seed)).box;
        refused(() => x25519(secret, Buffer.alloc(32)), CODE.BAD_KEY);
    });
    test('keys: those of the vectors are accepted', () => {
        for (const { seed } of keys.seats) {
            const [noise, box, signing] = deviceKeysOf(seatKeys(hex(seed)));
            [noise, box].forEach(checkX25519Key);
            checkEd25519Key(signing);
        }
    });
}

function fieldsOf({ server_key: serverKey, seed, session, ...rest }) {
    const fields = { ...rest, serverKey: hex(serverKey), seed: hex(seed) };
    return session === undefined ? fields : { ...fields, session: hex(session) };
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort());

function whatIsWrong(text) {
    try {
        readLink(text);
        return 'none';
    } catch (error) {
        if (!(error instanceof BadLink)) {
            throw error;
        }
        return error.part;
    }
}

function testLinks({ links, readings }) {
    links.forEach(({ link, ...vector }, i) => test(`links: link ${i + 1}`, () => {
        const fields = fieldsOf(vector);
        equal(writeLink(fields), link);
        equal(sorted(readLink(link)), sorted(fields));
    }));
    readings.forEach(({ text, wrong }, i) => test(`links: reading ${i + 1}, ${wrong}`, () => {
        equal(whatIsWrong(text), wrong);
        if (wrong === 'none') {
            equal(readLink(text), readLink(links[1].link));
        }
    }));
    test('links: no port is the default port, and a second link is found', () => {
        const { link } = links[1];
        equal(readLink(link.replace(':5746', '')).port, 5746);
        equal(readLink(`kring://broken/join#lg ${link}`), readLink(link));
        equal(readLink(link.replace('kring', 'KRING').replace('#', '%23')), readLink(link));
        equal(readLink(link.replace('#', '=23')), readLink(link));
    });
}

function testBodies({ sizes, bodies }) {
    test('bodies: padded sizes', () => {
        sizes.forEach(({ plaintext, padded }) => equal(paddedSize(plaintext), padded));
        refused(() => paddedSize(49152), CODE.TOO_LONG);
    });
    bodies.forEach((vector, i) => test(`bodies: body ${i + 1}`, () => {
        const [header, key, plaintext] =
            [vector.header, vector.content_key, vector.plaintext].map(hex);
        equalHex(commitmentOf(key, header), vector.commitment);
        equalHex(sealBody(key, header, plaintext), vector.body);
        equal(openBody(key, header, hex(vector.body)), plaintext);
        equal(vector.body.length / 2, vector.padded_size + 48);
        refused(() => openBody(Buffer.alloc(32), header, hex(vector.body)));
    }));
}

const isShared = ({ lock_public: publicKey }) => publicKey !== undefined;

function openerOf(vector) {
    if (!isShared(vector)) {
        return { symmetric: hex(vector.lock_secret) };
    }
    const pair = { secret: hex(vector.lock_secret), public: hex(vector.lock_public) };
    return vector.k === undefined ? pair : { ...pair, group: hex(vector.k) };
}

function testSlots({ entry: bytes, slots, ...wanted }) {
    const entry = decodeEntry(hex(bytes));
    const pair = { secret: hex(wanted.e_secret), public: hex(wanted.e) };
    test('slots: e, commitment, and nothing else', () => {
        equal(x25519Public(pair.secret), pair.public);
        equal(entry.ephemeral, pair.public);
        equalHex(entry.body.subarray(0, 32), wanted.commitment);
        equal(entry.slots.length, slots.length);
    });
    slots.forEach((vector, i) => test(`slots: lock ${vector.lock}, slot ${i + 1}`, () => {
        const slot = entry.slots[i];
        const opener = openerOf(vector);
        const shared = isShared(vector) ? x25519(opener.secret, pair.public) : null;
        const context = slotContext(pair.public, entry.headerBytes, entry.body, slot);
        const { lock, lock_n: lockNumber, name, name_n: nameNumber } = vector;
        equal([slot.lock, slot.lockNumber, slot.name, slot.nameNumber],
            [lock, lockNumber, name, nameNumber]);
        equalHex(context, vector.s);
        equalHex(boxKey(context, opener, shared), vector.box_key);
        equalHex(openSlot(entry, slot, opener), vector.key);
        const again = { ...slot, key: hex(vector.key), for: opener };
        equalHex(sealSlot(pair, entry.headerBytes, entry.body, again)[4], vector.box);
    }));
}

/** The lines `name = hex` of chapter 1.7. */
function exampleLines() {
    const chapter = protocol.split('## 1.7 Example')[1].split('\n# ')[0];
    const lines = [...chapter.matchAll(/^ {4}(.+?) = ([0-9a-f]+)$/gm)];
    return Object.fromEntries(lines.map(([, name, value]) => [name, value]));
}

const NAME_OF_CLIENT = 'kring 0.1.0';

function handshakeOf(lines) {
    const secret = hex(lines['client static secret']);
    const statics = { secret, public: x25519Public(secret) };
    const serverKey = hex(lines['server static public']);
    return new Handshake(serverKey, statics, hex(lines['client ephemeral secret']));
}

function shakeHands(lines) {
    const handshake = handshakeOf(lines);
    const message1 = handshake.writeMessage1();
    handshake.readMessage2(hex(lines['message 2']).subarray(2));
    const message3 = handshake.writeMessage3(versionPayload(NAME_OF_CLIENT));
    return { handshake, message1, message3, ...handshake.split() };
}

function testExample(lines) {
    test('example: public keys', () => {
        for (const side of ['client', 'server']) {
            const secret = hex(lines[`${side} static secret`]);
            equalHex(x25519Public(secret), lines[`${side} static public`]);
        }
    });
    test('example: handshake', () => {
        const { handshake, message1, message3 } = shakeHands(lines);
        equalHex(frame(message1), lines['message 1']);
        equalHex(versionPayload(NAME_OF_CLIENT), lines['payload of message 3']);
        equalHex(frame(message3), lines['message 3']);
        equalHex(handshake.hash, lines['hash after message 3']);
    });
    test('example: another server is found out', () => {
        const handshake = handshakeOf(lines);
        handshake.writeMessage1();
        const message2 = hex(lines['message 2']).subarray(2);
        message2[47] ^= 1;
        refused(() => handshake.readMessage2(message2), CODE.DOES_NOT_VERIFY);
    });
    test('example: sealed frames', () => {
        const { outgoing, incoming } = shakeHands(lines);
        const opened = (name) => incoming.open(hex(lines[name]).subarray(2));
        equalHex(opened('frame of WELCOME'), lines.WELCOME);
        equalHex(encode(requestOf(1, METHOD.PING, [])), lines.PING);
        equalHex(frame(outgoing.seal(hex(lines.PING))), lines['frame of PING']);
        equalHex(opened('frame of its response'), lines['its response']);
    });
    test('example: messages', () => {
        const welcome = readMessage(decode(hex(lines.WELCOME)));
        equal(welcome.params, { version: 1, name: 'kringd 0.1.0', time: 1700000000000 });
        const { id, result } = readMessage(decode(hex(lines['its response'])));
        equal([id, readResult(METHOD.PING, result)], [1, { time: 1700000000001 }]);
    });
}

function testTable() {
    test('permission table: as the protocol has it', () => {
        const [, table] = protocol.split(/<!-- \/?permissions -->/);
        const rows = table.trim().split('\n').slice(2)
            .map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
        equal(ROWS, rows);
    });
}

const keys = vectors('keys');
testKnownAnswers();
testKeys(keys);
testProofs(keys);
testRefusedKeys(keys);
testLinks(vectors('links'));
testBodies(vectors('bodies'));
testSlots(vectors('slots'));
testExample(exampleLines());
testTable();
testSession(vectors('session'), keys);
process.exitCode = finish();

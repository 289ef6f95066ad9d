// Chapter 4: writing links, and reading them out of what people pasted.

import { Refusal } from './codes.mjs';
import { ascii, bigEndian, H } from './keys.mjs';
import { decodeFirst, encode } from './msgpack.mjs';
import { bin, fixed, hash, int, x25519Key } from './shapes.mjs';

export const LINK = Object.freeze({ TICKET: 1, INVITE: 2, RECOVERY: 3 });

const VERSION = 1;
const DEFAULT_PORT = 5746;
const SCHEME = 'kring://';
const PATHS = { [LINK.TICKET]: 'host', [LINK.INVITE]: 'join', [LINK.RECOVERY]: 'recover' };

const TARGETS = {
    [LINK.TICKET]: fixed([]),
    [LINK.INVITE]: fixed([['session', hash], ['invite', int(1, 600)]]),
    [LINK.RECOVERY]: fixed([['session', hash]]),
};

// The fields that checks 1 to 7 are about, in their order; check 8 is about those checks.
const FIELDS = ['host', 'port', 'type', 'version', 'server key', 'target', 'seed'];

/** A link that cannot be used: `part` says what of it is wrong. */
export class BadLink extends Error {
    constructor(part) {
        super(`the link is not whole: ${part}`);
        this.part = part;
    }
}

function wrong(part) {
    throw new BadLink(part);
}

const check = (number, bytes) =>
    H(ascii('kring/1 link'), Buffer.from([number]), bytes).subarray(0, 2);

function fieldChecks({ host, port, type, version, serverKey, target, seed }) {
    const fields = [
        ascii(host), bigEndian(port, 2), encode(type), encode(version), serverKey,
        encode(target), seed,
    ];
    return fields.map((bytes, i) => check(i + 1, bytes));
}

function targetOf({ type, session, invite }) {
    if (type === LINK.TICKET) {
        return [];
    }
    return type === LINK.INVITE ? [session, invite] : [session];
}

/** The text of a link. */
export function writeLink(link) {
    const { type, host, port, serverKey, seed } = link;
    const target = targetOf(link);
    const checks = Buffer.concat(
        fieldChecks({ host, port, type, version: VERSION, serverKey, target, seed }));
    const all = Buffer.concat([checks, check(8, checks)]);
    const payload = encode([type, VERSION, serverKey, target, seed, all]).toString('base64url');
    const shown = host.includes(':') ? `[${host}]` : host;
    return `${SCHEME}${shown}:${port}/${PATHS[type]}#${payload}`;
}

const isPassedOver = (character) => !/^[!-~]$/.test(character) || '<>"\'`'.includes(character);

// What mail programs put around and into a link is taken out. A `=` with two hex digits may be
// a character that was encoded, or a line break whose line end was lost: `decodes` says which.
function clean(text, decodes) {
    const mark = decodes ? /[=%][0-9a-f]{2}|=/gi : /%[0-9a-f]{2}|=/gi;
    const decoded = text.replace(mark, (found) =>
        (found === '=' ? '' : String.fromCharCode(parseInt(found.slice(1), 16))));
    return Array.from(decoded).filter((character) => !isPassedOver(character)).join('');
}

const PARTS = new RegExp([
    '^kring://',
    '(?:\\[(?<ipv6>[0-9a-f:.]+)\\]|(?<name>[0-9a-z._-]{1,253}))',
    '(?::(?<port>[1-9][0-9]{0,4}))?',
    '/(?<path>[0-9a-z]*)',
    '#(?<payload>[0-9a-z_-]*)',
].join(''), 'i');

// The payload ends where its array does; what people wrote behind it is not looked at.
function readPayload(text) {
    const bytes = Buffer.from(text, 'base64url');
    let first;
    try {
        first = decodeFirst(bytes);
    } catch (error) {
        if (!(error instanceof Refusal)) {
            throw error;
        }
        wrong('shape');
    }
    const payload = bytes.subarray(0, first.length).toString('base64url');
    return text.startsWith(payload) ? first.value : wrong('shape');
}

function isLater(values) {
    return Array.isArray(values) && Number.isInteger(values[0]) && Number.isInteger(values[1])
        && values[1] > VERSION;
}

const PAYLOAD = fixed([
    ['type', int(0, 127)], ['version', int(0, 127)], ['serverKey', bin(32)],
    ['target', (value) => (Array.isArray(value) ? value : wrong('shape'))],
    ['seed', bin(32)], ['checks', bin(16)],
]);

function shaped(shape, value, part) {
    try {
        return shape(value);
    } catch {
        return wrong(part);
    }
}

function compareChecks(link) {
    const given = (number) => link.checks.subarray(2 * number - 2, 2 * number);
    if (!check(8, link.checks.subarray(0, 14)).equals(given(8))) {
        wrong('checks');
    }
    fieldChecks(link).forEach((bytes, i) => {
        if (!bytes.equals(given(i + 1))) {
            wrong(FIELDS[i]);
        }
    });
}

function readCandidate(text) {
    const { ipv6, name, port, path, payload } = (PARTS.exec(text) ?? wrong('shape')).groups;
    const values = readPayload(payload);
    if (isLater(values)) {
        wrong('version');
    }
    const link = shaped(PAYLOAD, values, 'shape');
    link.host = (ipv6 ?? name).toLowerCase();
    link.port = port === undefined ? DEFAULT_PORT : Number(port);
    if (link.port > 65535) {
        wrong('port');
    }
    compareChecks(link);
    if (PATHS[link.type] !== path) {
        wrong('type');
    }
    shaped(x25519Key, link.serverKey, 'server key');
    const target = shaped(TARGETS[link.type], link.target, 'target');
    const { type, host, serverKey, seed } = link;
    return { type, host, port: link.port, serverKey, seed, ...target };
}

function candidates(text) {
    const found = [...text.matchAll(/kring:\/\//gi)].map((match) => text.slice(match.index));
    return found.flatMap((rest) => [clean(rest, false), clean(rest, true)]);
}

/** Reads the first whole link in `text`, or says what is wrong with the first of all. */
export function readLink(text) {
    let first = null;
    for (const candidate of candidates(text)) {
        try {
            return readCandidate(candidate);
        } catch (error) {
            if (!(error instanceof BadLink)) {
                throw error;
            }
            first ??= error;
        }
    }
    throw first ?? new BadLink('scheme');
}

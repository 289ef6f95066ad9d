// Shapes: functions that take a decoded value and give it back, or refuse it. With them the
// tables of the protocol are written down as data.

import { checkEd25519Key, checkX25519Key } from './curve.mjs';
import { CODE, malformed, refuse } from './codes.mjs';

/** An integer within bounds. */
export const int = (least, most, code = CODE.MALFORMED) => (value) => {
    const integer = typeof value === 'number' || typeof value === 'bigint';
    if (!integer) {
        malformed('no integer');
    }
    return value >= least && value <= most ? value : refuse(code, `${value} is out of bounds`);
};

/** A number of one of the lists of chapter 6.3: what is not listed is unknown. */
export const listed = (least, most) => int(least, most, CODE.UNKNOWN);

export const u16 = int(0, 0xffff);
export const u32 = int(0, 0xffffffff);
export const u64 = int(0, 0xffffffffffffffffn);
export const time = int(0, 253402300799999);

export const bool = (value) => (typeof value === 'boolean' ? value : malformed('no boolean'));

export const any = (value) => value;

/** A bin of one of the given lengths. */
export const bin = (...lengths) => (value) => {
    const fits = Buffer.isBuffer(value) && lengths.includes(value.length);
    return fits ? value : malformed(`no bin of ${lengths.join(' or ')} bytes`);
};

export const binUpTo = (most) => (value) => {
    if (!Buffer.isBuffer(value)) {
        malformed('no bin');
    }
    return value.length <= most ? value : refuse(CODE.TOO_LONG, 'a bin is too long');
};

export const str = (most) => (value) => {
    if (typeof value !== 'string') {
        malformed('no str');
    }
    const fits = Buffer.byteLength(value, 'utf8') <= most;
    return fits ? value : refuse(CODE.TOO_LONG, 'a str is too long');
};

export const hash = bin(32);
export const x25519Key = (value) => checkX25519Key(hash(value));
export const ed25519Key = (value) => checkEd25519Key(hash(value));

/** An array of values that are all of one shape. */
export const list = (shape, most, least = 0) => (value) => {
    if (!Array.isArray(value) || value.length < least) {
        malformed('no list, or too short a one');
    }
    return value.length <= most
        ? value.map((one) => shape(one))
        : refuse(CODE.TOO_LONG, 'a list is too long');
};

function record(value, fields, grows) {
    const count = fields.length;
    if (!Array.isArray(value) || value.length < count || (!grows && value.length > count)) {
        malformed(`no array of ${count} values`);
    }
    return Object.fromEntries(fields.map(([name, shape], i) => [name, shape(value[i])]));
}

/** An array with a fixed number of values, read as an object with the names given. */
export const fixed = (fields) => (value) => record(value, fields, false);

/** The same, but further values at its tail are skipped. */
export const growing = (fields) => (value) => record(value, fields, true);

/** `[]`, which is read as null, or what `shape` says. */
export const orEmpty = (shape) => (value) =>
    (Array.isArray(value) && value.length === 0 ? null : shape(value));

export const deviceKeys = fixed([
    ['noise', x25519Key], ['box', x25519Key], ['sign', ed25519Key],
]);
export const recoveryKeys = fixed([['sign', ed25519Key], ['box', x25519Key]]);

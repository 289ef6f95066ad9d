// MessagePack as chapter 2.1 allows it: nil, booleans, integers, str, bin and arrays, each in
// its shortest form only. In JavaScript: null, boolean, number (bigint from 2^53 on), string,
// Buffer, Array.

import { CODE, malformed, refuse } from './codes.mjs';

const DEEPEST = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// What each byte that announces a length means: how many bytes of length follow it, and the
// smallest length that needs this form.
const LENGTHS = {
    0xc4: { type: 'bin', size: 1, least: 0 },
    0xc5: { type: 'bin', size: 2, least: 0x100 },
    0xc6: { type: 'bin', size: 4, least: 0x10000 },
    0xd9: { type: 'str', size: 1, least: 32 },
    0xda: { type: 'str', size: 2, least: 0x100 },
    0xdb: { type: 'str', size: 4, least: 0x10000 },
    0xdc: { type: 'array', size: 2, least: 16 },
    0xdd: { type: 'array', size: 4, least: 0x10000 },
};

// Likewise for integers: the value must lie beyond what the next shorter form can hold.
const INTEGERS = {
    0xcc: { size: 1, needed: (n) => n > 0x7f },
    0xcd: { size: 2, needed: (n) => n > 0xff },
    0xce: { size: 4, needed: (n) => n > 0xffff },
    0xcf: { size: 8, needed: (n) => n > 0xffffffff },
    0xd0: { size: 1, signed: true, needed: (n) => n < -32 },
    0xd1: { size: 2, signed: true, needed: (n) => n < -128 },
    0xd2: { size: 4, signed: true, needed: (n) => n < -32768 },
    0xd3: { size: 8, signed: true, needed: (n) => n < -2147483648 },
};

const CONSTANTS = { 0xc0: null, 0xc2: false, 0xc3: true };

function smallest(big) {
    const safe = big >= Number.MIN_SAFE_INTEGER && big <= Number.MAX_SAFE_INTEGER;
    return safe ? Number(big) : big;
}

class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    left() {
        return this.bytes.length - this.at;
    }

    take(length) {
        if (length > this.left()) {
            malformed('a value is longer than the bytes there are');
        }
        this.at += length;
        return this.bytes.subarray(this.at - length, this.at);
    }

    value(depth = 1) {
        const first = this.take(1)[0];
        if (first <= 0x7f) {
            return first;
        }
        if (first >= 0xe0) {
            return first - 0x100;
        }
        if (first in CONSTANTS) {
            return CONSTANTS[first];
        }
        if (first in INTEGERS) {
            return this.integer(INTEGERS[first]);
        }
        return this.sized(first, depth);
    }

    integer({ size, signed, needed }) {
        const bytes = this.take(size);
        let value;
        if (size === 8) {
            value = smallest(signed ? bytes.readBigInt64BE() : bytes.readBigUInt64BE());
        } else {
            value = signed ? bytes.readIntBE(0, size) : bytes.readUIntBE(0, size);
        }
        return needed(value) ? value : malformed('an integer is not in its shortest form');
    }

    sized(first, depth) {
        const { type, length } = this.length(first);
        if (type === 'array') {
            return this.array(length, depth);
        }
        const bytes = this.take(length);
        return type === 'bin' ? bytes : this.text(bytes);
    }

    length(first) {
        if (first <= 0x8f) {
            malformed('there are no maps here');
        }
        if (first <= 0x9f) {
            return { type: 'array', length: first & 0x0f };
        }
        if (first <= 0xbf) {
            return { type: 'str', length: first & 0x1f };
        }
        const form = LENGTHS[first] ?? malformed('a type that does not occur here');
        const length = this.take(form.size).readUIntBE(0, form.size);
        if (length < form.least) {
            malformed('a length is not in its shortest form');
        }
        return { type: form.type, length };
    }

    text(bytes) {
        try {
            return utf8.decode(bytes);
        } catch {
            return malformed('ill-formed UTF-8');
        }
    }

    array(count, depth) {
        if (depth > DEEPEST) {
            malformed('arrays nested too deep');
        }
        if (count > this.left()) {
            malformed('an array has more values than there are bytes');
        }
        const values = [];
        for (let i = 0; i < count; i++) {
            values.push(this.value(depth + 1));
        }
        return values;
    }
}

/** The one value that `bytes` hold. */
export function decode(bytes) {
    const { value, length } = decodeFirst(bytes);
    return length === bytes.length ? value : malformed('bytes behind the last value');
}

/** The first value in `bytes`, and how many bytes it takes. */
export function decodeFirst(bytes) {
    const reader = new Reader(bytes);
    const value = reader.value();
    return { value, length: reader.at };
}

/** All values of `bytes`, which hold one or more. */
export function decodeAll(bytes) {
    const values = [];
    for (let rest = bytes; rest.length > 0 || values.length === 0;) {
        const { value, length } = decodeFirst(rest);
        values.push(value);
        rest = rest.subarray(length);
    }
    return values;
}

/** The values of the one array that `bytes` hold, each with where it starts and ends. */
export function decodeParts(bytes) {
    const reader = new Reader(bytes);
    const { type, length } = reader.length(reader.take(1)[0]);
    if (type !== 'array') {
        malformed('no array');
    }
    const parts = [];
    for (let i = 0; i < length; i++) {
        const start = reader.at;
        const value = reader.value(2);
        parts.push({ value, start, end: reader.at });
    }
    return reader.left() === 0 ? parts : malformed('bytes behind the last value');
}

function bigEndian(first, value, size) {
    const bytes = Buffer.alloc(1 + size);
    bytes[0] = first;
    if (size === 8) {
        bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), 1);
    } else if (value < 0) {
        bytes.writeIntBE(value, 1, size);
    } else {
        bytes.writeUIntBE(value, 1, size);
    }
    return bytes;
}

function encodeInteger(value) {
    if (value >= -32 && value <= 0x7f) {
        return Buffer.from([Number(value) & 0xff]);
    }
    if (value >= 0) {
        const size = value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
        return bigEndian(0xcc + Math.log2(size), value, size);
    }
    const size = value >= -128 ? 1 : value >= -32768 ? 2 : value >= -2147483648 ? 4 : 8;
    return bigEndian(0xd0 + Math.log2(size), value, size);
}

// `forms` are the first bytes for lengths of 1, 2 and 4 bytes; 0 where there is no such form.
function encodeLength(length, [one, two, four]) {
    if (length <= 0xff && one !== 0) {
        return bigEndian(one, length, 1);
    }
    return length <= 0xffff ? bigEndian(two, length, 2) : bigEndian(four, length, 4);
}

function encodeText(text) {
    const bytes = Buffer.from(text, 'utf8');
    const head = bytes.length < 32
        ? Buffer.from([0xa0 | bytes.length])
        : encodeLength(bytes.length, [0xd9, 0xda, 0xdb]);
    return Buffer.concat([head, bytes]);
}

function encodeArray(values) {
    const head = values.length < 16
        ? Buffer.from([0x90 | values.length])
        : encodeLength(values.length, [0, 0xdc, 0xdd]);
    return Buffer.concat([head, ...values.map(encode)]);
}

/** The bytes of a value: there is exactly one way to write each. */
export function encode(value) {
    if (value === null) {
        return Buffer.from([0xc0]);
    }
    if (typeof value === 'boolean') {
        return Buffer.from([value ? 0xc3 : 0xc2]);
    }
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
        return encodeInteger(value);
    }
    if (typeof value === 'string') {
        return encodeText(value);
    }
    if (Buffer.isBuffer(value)) {
        return Buffer.concat([encodeLength(value.length, [0xc4, 0xc5, 0xc6]), value]);
    }
    return Array.isArray(value) ? encodeArray(value) : refuse(CODE.USAGE, 'no such type');
}

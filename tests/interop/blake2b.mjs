// BLAKE2b of RFC 7693, with key, salt and personalisation. Node's own `blake2b512` takes none
// of these and has one output length only, so that the protocol cannot use it.
//
// A 64-bit word is held as two 32-bit halves, the low one first: BigInt would be far slower.

const BLOCK = 128;

const IV = new Uint32Array([
    0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372,
    0x5f1d36f1, 0xa54ff53a, 0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c,
    0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);

const SIGMA = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
];

// The four words each mixing step works on: columns first, then diagonals.
const MIXED = [
    [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
    [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];

const TWO_32 = 0x100000000;

function add(v, to, words, from) {
    const low = v[2 * to] + words[2 * from];
    v[2 * to + 1] += words[2 * from + 1] + (low >= TWO_32 ? 1 : 0);
    v[2 * to] = low;
}

// v[to] = (v[to] ^ v[from]) rotated right by `bits`, which is one of 16, 24, 32 and 63.
function xorRotate(v, to, from, bits) {
    const low = v[2 * to] ^ v[2 * from];
    const high = v[2 * to + 1] ^ v[2 * from + 1];
    if (bits === 32) {
        v[2 * to] = high;
        v[2 * to + 1] = low;
    } else if (bits === 63) {
        v[2 * to] = (low << 1) | (high >>> 31);
        v[2 * to + 1] = (high << 1) | (low >>> 31);
    } else {
        v[2 * to] = (low >>> bits) | (high << (32 - bits));
        v[2 * to + 1] = (high >>> bits) | (low << (32 - bits));
    }
}

function mix(v, [a, b, c, d], message, x, y) {
    add(v, a, v, b);
    add(v, a, message, x);
    xorRotate(v, d, a, 32);
    add(v, c, v, d);
    xorRotate(v, b, c, 24);
    add(v, a, v, b);
    add(v, a, message, y);
    xorRotate(v, d, a, 16);
    add(v, c, v, d);
    xorRotate(v, b, c, 63);
}

function readWords(bytes, offset, count) {
    const words = new Uint32Array(count);
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * 4);
    for (let i = 0; i < count; i++) {
        words[i] = view.getUint32(i * 4, true);
    }
    return words;
}

function compress(state, block, hashed, last) {
    const v = new Uint32Array(32);
    v.set(state);
    v.set(IV, 16);
    v[24] ^= hashed % TWO_32;
    v[25] ^= Math.floor(hashed / TWO_32);
    if (last) {
        v[28] = ~v[28];
        v[29] = ~v[29];
    }
    const message = readWords(block, 0, 32);
    for (const order of SIGMA) {
        for (let i = 0; i < 8; i++) {
            mix(v, MIXED[i], message, order[2 * i], order[2 * i + 1]);
        }
    }
    for (let i = 0; i < 16; i++) {
        state[i] ^= v[i] ^ v[i + 16];
    }
}

function startState(length, key, salt, personal) {
    const parameters = Buffer.alloc(64);
    parameters[0] = length;
    parameters[1] = key.length;
    parameters[2] = 1; // fanout and depth of a hash without a tree
    parameters[3] = 1;
    salt.copy(parameters, 32);
    personal.copy(parameters, 48);
    const words = readWords(parameters, 0, 16);
    return IV.map((word, i) => word ^ words[i]);
}

const NONE = Buffer.alloc(0);

/** BLAKE2b of `input`: `length` bytes; key up to 64, salt and personal up to 16 bytes. */
export function blake2b(length, input, { key = NONE, salt = NONE, personal = NONE } = {}) {
    const state = startState(length, key, salt, personal);
    const keyBlock = Buffer.alloc(key.length > 0 ? BLOCK : 0);
    key.copy(keyBlock);
    const data = Buffer.concat([keyBlock, input]);
    let offset = 0;
    for (; data.length - offset > BLOCK; offset += BLOCK) {
        compress(state, data.subarray(offset, offset + BLOCK), offset + BLOCK, false);
    }
    const block = Buffer.alloc(BLOCK); // an empty input still is one block of zeros
    data.copy(block, 0, offset);
    compress(state, block, data.length, true);
    const out = Buffer.alloc(64);
    state.forEach((word, i) => out.writeUInt32LE(word, i * 4));
    return out.subarray(0, length);
}

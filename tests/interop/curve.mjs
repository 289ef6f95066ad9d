// Which public keys are refused (chapter 3.1). OpenSSL, under node:crypto, is more lenient, and
// two clients that refuse different keys would fold different sessions.

import { CODE, refuse } from './codes.mjs';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n; // order of the prime group
const SIGN_BIT = 2n ** 255n;

const X25519_SMALL_ORDER = new Set([
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
]);

const mod = (n) => ((n % P) + P) % P;

function power(base, exponent) {
    let result = 1n;
    for (let square = mod(base), e = exponent; e > 0n; e >>= 1n) {
        if (e & 1n) {
            result = mod(result * square);
        }
        square = mod(square * square);
    }
    return result;
}

const inverse = (n) => power(n, P - 2n);

const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

function littleEndian(bytes) {
    return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function squareRoot(n) {
    const root = power(n, (P + 3n) / 8n);
    if (mod(root * root) === n) {
        return root;
    }
    const other = mod(root * ROOT_OF_MINUS_ONE);
    return mod(other * other) === n ? other : null;
}

// Points in extended coordinates [X, Y, Z, T], with the formulas that hold for every pair.
const IDENTITY = [0n, 1n, 1n, 0n];

function addPoints([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2));
    const b = mod((y1 + x1) * (y2 + x2));
    const c = mod(2n * D * t1 * t2);
    const d = mod(2n * z1 * z2);
    const [e, f, g, h] = [b - a, d - c, d + c, b + a];
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiply(point, scalar) {
    let result = IDENTITY;
    for (let doubled = point, s = scalar; s > 0n; s >>= 1n) {
        if (s & 1n) {
            result = addPoints(result, doubled);
        }
        doubled = addPoints(doubled, doubled);
    }
    return result;
}

const isIdentity = ([x, y, z]) => x === 0n && y === z;

/** The point of a canonical encoding, or null. */
function decodePoint(bytes) {
    const number = littleEndian(bytes);
    const y = number % SIGN_BIT;
    if (y >= P) {
        return null;
    }
    const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
    const root = squareRoot(square);
    if (root === null || (root === 0n && number >= SIGN_BIT)) {
        return null;
    }
    const odd = number >= SIGN_BIT ? 1n : 0n;
    const x = (root & 1n) === odd ? root : P - root;
    return [x, y, 1n, mod(x * y)];
}

/** Whether these bytes are a point whose order divides 8. */
export function hasSmallOrder(bytes) {
    const point = decodePoint(bytes);
    return point !== null && isIdentity(multiply(point, 8n));
}

function isValidPoint(bytes) {
    const point = decodePoint(bytes);
    return point !== null && !isIdentity(point) && isIdentity(multiply(point, L));
}

export function checkX25519Key(key) {
    if (littleEndian(key) >= P || X25519_SMALL_ORDER.has(key.toString('hex'))) {
        refuse(CODE.BAD_KEY, 'an X25519 key that is refused');
    }
    return key;
}

// A session's few keys are checked again and again, and each check takes milliseconds.
const validKeys = new Set();

export function checkEd25519Key(key) {
    const name = key.toString('hex');
    if (!validKeys.has(name)) {
        if (!isValidPoint(key)) {
            refuse(CODE.BAD_KEY, 'an Ed25519 key that is refused');
        }
        validKeys.add(name);
    }
    return key;
}

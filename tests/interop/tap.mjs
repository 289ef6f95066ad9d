// A test runner that prints TAP, and the few comparisons that the tests need.

import { Refusal } from './codes.mjs';

let count = 0;
let failures = 0;

/** Runs one test: it fails if it throws. */
export function test(name, run) {
    count += 1;
    try {
        run();
        console.log(`ok ${count} - ${name}`);
    } catch (error) {
        failures += 1;
        console.log(`not ok ${count} - ${name}`);
        console.log(error.stack.replace(/^/gm, '# '));
    }
}

/** Prints the plan; gives the exit code. */
export function finish() {
    console.log(`1..${count}`);
    return failures === 0 ? 0 : 1;
}

const plain = (value) => JSON.stringify(value, (_, inner) =>
    (inner?.type === 'Buffer' ? Buffer.from(inner.data).toString('hex') : inner));

export function equal(got, wanted, what = 'value') {
    if (plain(got) !== plain(wanted)) {
        throw new Error(`${what}: got ${plain(got)}, wanted ${plain(wanted)}`);
    }
}

/** Bytes against the hex that stands in a vector. */
export const equalHex = (bytes, wanted, what) => equal(bytes.toString('hex'), wanted, what);

/** The act must be refused, with this code if one is given. */
export function refused(act, code, what = 'act') {
    try {
        act();
    } catch (error) {
        if (!(error instanceof Refusal)) {
            throw error;
        }
        if (code !== undefined) {
            equal(error.code, code, `${what}, which was refused: ${error.message}`);
        }
        return;
    }
    throw new Error(`${what} was not refused`);
}

export const hex = (text) => Buffer.from(text, 'hex');

// The codes of chapter 2.3, and the two kinds of errors that everything here throws.

export const CODE = Object.freeze({
    OK: 0,
    OUT_OF_MEMORY: 1,
    INPUT_OUTPUT: 2,
    NO_SPACE: 3,
    BUSY: 4,
    NOT_FOUND: 5,
    EXISTS: 6,
    TIMEOUT: 9,
    USAGE: 10,
    CANCELLED: 11,
    MALFORMED: 21,
    TOO_LONG: 22,
    UNKNOWN_VERSION: 23,
    DOES_NOT_VERIFY: 24,
    BAD_KEY: 25,
    FORBIDDEN: 40,
    BAD_STATE: 41,
    CONFLICT: 42,
    STALE_EPOCH: 43,
    DUPLICATE: 44,
    BAD_SIGNATURE: 45,
    BAD_SEEN: 46,
    UNKNOWN: 47,
    FULL: 48,
    UNSUPPORTED: 49,
    EXPIRED: 50,
    USED_UP: 51,
    PAUSED: 52,
    ENDED: 53,
    PURGED: 54,
    NOT_ADMITTED: 55,
    REMOVED: 56,
    BAD_SLOTS: 57,
});

/** Something breaks a rule of the protocol; `code` says which sort of rule. */
export class Refusal extends Error {
    constructor(code, text) {
        super(`${text} (code ${code})`);
        this.name = 'Refusal';
        this.code = code;
    }
}

/** The server did what no honest server does: the client stops and says so. */
export class Fault extends Error {
    constructor(text) {
        super(text);
        this.name = 'Fault';
    }
}

export function refuse(code, text) {
    throw new Refusal(code, text);
}

/** Refuses unless something holds. */
export function unless(holds, code, text) {
    if (!holds) {
        throw new Refusal(code, text);
    }
}

export function malformed(text) {
    throw new Refusal(CODE.MALFORMED, text);
}

// Chapter 13: what bodies hold. Every array of a fixed shape may have grown at its tail, and a
// body that does not decode is its author's doing: unreadable, never fatal.

import { CODE, malformed, refuse } from './codes.mjs';
import { FORM, LIMIT, stepNumber } from './kinds.mjs';
import { decode, encode } from './msgpack.mjs';
import { any, bool, growing, int, list, str, u32 } from './shapes.mjs';

export const TEXT_TYPE = Object.freeze({
    SCRIPT: 0, WELCOME: 1, CONCEPTS: 2, GATE: 3, PHASE: 4, PROMPT: 5, MATERIAL: 6,
    CONSEQUENCES: 7, EXPLANATION: 8, TIP: 9, BACKGROUND: 10, LIST: 11,
});

const MANY = LIMIT.PLAINTEXT; // lists without a bound of their own end with the plaintext
const MOST_FIELDS = 64;
const LONGEST_NAME = 120;

// Readers take control characters other than line feed and tab out of whatever they show.
const shown = (shape) => (value) =>
    shape(value).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');

const line = shown(str(2048));
const plain = shown(str(LIMIT.PLAINTEXT));
const markdown = plain;
const name = shown(str(LONGEST_NAME));
const lines = list(line, MANY);
const textNumbers = list(int(1, LIMIT.TEXTS - 1), MANY);
const stepNumbers = list(stepNumber, MANY);
const labelled = list(growing([['label', line], ['text', markdown]]), MANY);

const titled = [['title', line], ['text', markdown]];

// What stands behind `type, step` in each type of text that members are given.
const TEXT_FIELDS = {
    [TEXT_TYPE.WELCOME]: [
        ['guide', line], ['text', markdown], ['title', line], ['language', line],
        ['source', line], ['roles', list(growing([['role', any], ['text', markdown]]), MANY)],
        ['people', u32], ['observer', int(0, 2)],
    ],
    [TEXT_TYPE.CONCEPTS]: [['items', list(growing([['label', line], ['text', markdown]]), 64)]],
    [TEXT_TYPE.GATE]: [['lines', list(line, 128)]],
    [TEXT_TYPE.PHASE]: [['phase', u32], ['title', line], ['text', markdown], ['lines', lines]],
    [TEXT_TYPE.PROMPT]: [
        ['form', int(1, 12)], ['phase', u32], ['title', line], ['section', line],
        ['label', line], ['text', markdown], ['items', labelled], ['options', labelled],
        ['reason', line], ['minutes', u32], ['texts', textNumbers],
        ['besideTexts', textNumbers], ['besideSteps', stepNumbers], ['talk', u32],
    ],
    [TEXT_TYPE.MATERIAL]: titled,
    [TEXT_TYPE.CONSEQUENCES]: [
        ['items', list(growing([['text', markdown], ['preferred', bool]]), MANY)],
        ['text', markdown],
    ],
    [TEXT_TYPE.EXPLANATION]: [...titled, ['steps', list(stepNumber, 32)]],
    [TEXT_TYPE.TIP]: [['text', markdown]],
    [TEXT_TYPE.BACKGROUND]: titled,
    [TEXT_TYPE.LIST]: [['title', line], ['lines', lines]],
};

/** A text of the guide or case; null if its type is of a later version, or the script. */
export function readText(plaintext) {
    const values = decode(plaintext);
    if (!Array.isArray(values)) {
        malformed('a text is no array');
    }
    const fields = TEXT_FIELDS[values[0]];
    const head = [['type', u32], ['step', int(0, LIMIT.STEPS)]];
    return fields === undefined ? null : growing([...head, ...fields])(values);
}

const BULLET = ({ label, text }) => [label, text].filter(Boolean).join(': ');

/** A text as one piece of Markdown, its title above it. */
export function textOf({ title, text, lines: points = [], items = [], options = [] }) {
    const bullets = [...points, ...[...items, ...options].map(BULLET)];
    const list_ = bullets.map((bullet) => `- ${bullet}`).join('\n');
    return [title, text, list_].filter(Boolean).join('\n\n');
}

export const readName = (plaintext) => growing([['name', name]])(decode(plaintext)).name;

export function writeName(text) {
    return Buffer.byteLength(text, 'utf8') <= LONGEST_NAME
        ? encode([text])
        : refuse(CODE.TOO_LONG, 'a name is at most 120 bytes');
}

export const readTitle = (plaintext) => growing([['title', line]])(decode(plaintext)).title;

/** The plaintext of notes, parked points, reports and messages. */
export const readPlain = (plaintext) => growing([['text', plain]])(decode(plaintext)).text;

const answerShape = growing([
    ['form', int(1, 12)], ['fields', list(plain, MOST_FIELDS)], ['option', u32],
]);

export const readAnswer = (plaintext) => answerShape(decode(plaintext));

export const writeAnswer = ({ form, fields, option }) => encode([form, fields, option]);

/** How many fields an answer to this prompt has; without a prompt, as many as the form says. */
export function fieldCount(form, prompt) {
    if (form === FORM.CHOICE) {
        return 1; // the reason
    }
    if (form === FORM.COMMITMENT) {
        return 2; // what, and by when
    }
    return Math.max(1, prompt?.items.length ?? 0);
}

// Chapter 2: methods, and the shapes of what a server may send.

import { CODE, malformed, refuse } from './codes.mjs';
import { LIMIT } from './kinds.mjs';
import {
    binUpTo, bool, fixed, growing, hash, int, list, str, u16, u32, u64,
} from './shapes.mjs';

export const METHOD = Object.freeze({
    ATTACH: 2,
    KNOCK: 3,
    APPEND: 4,
    DONE: 7,
    PING: 8,
    GOODBYE: 9,
});

export const NOTIFICATION = Object.freeze({
    WELCOME: 64,
    REFUSE: 65,
    ITEM: 66,
    PRESENCE: 67,
    COUNTS: 68,
    WHO: 69,
    LOBBY: 70,
    NOTICE: 71,
    CLOSING: 72,
    LAST_CALLED: 73,
});

const SHAPE = Object.freeze({ REQUEST: 0, RESPONSE: 1, NOTIFICATION: 2 });

const MOST_ITEMS = 500;
const text = str(256);
const place = growing([['index', u64], ['hash', hash]]);
const saying = [['code', u32], ['text', text]];

const attached = growing([
    ['public', place], ['own', place], ['waiting', u32], ['member', u16], ['time', u64],
]);

const RESULTS = {
    [METHOD.ATTACH]: attached,
    [METHOD.KNOCK]: attached,
    [METHOD.APPEND]: growing([
        ['stream', int(0, 2)], ['index', u64], ['hash', hash], ['time', u64],
    ]),
    [METHOD.DONE]: growing([]),
    [METHOD.PING]: growing([['time', u64]]),
    [METHOD.GOODBYE]: growing([]),
};

const PARAMS = {
    [NOTIFICATION.WELCOME]: growing([['version', u32], ['name', str(64)], ['time', u64]]),
    [NOTIFICATION.REFUSE]: growing(saying),
    [NOTIFICATION.ITEM]: growing([
        ['stream', int(0, 2)], ['index', u64], ['time', u64], ['entry', binUpTo(LIMIT.ENTRY)],
    ]),
    [NOTIFICATION.PRESENCE]: growing([
        ['whole', bool],
        ['members', list(growing([['member', u16], ['state', u32]]), MOST_ITEMS)],
    ]),
    [NOTIFICATION.COUNTS]: growing([
        ['step', u16], ['answered', u32], ['done', u32], ['ready', u32], ['moreTime', u32],
        ['question', u32], ['writing', u32],
    ]),
    [NOTIFICATION.WHO]: growing([
        ['step', u16], ['whole', bool],
        ['members', list(growing([['member', u16], ['marks', u32]]), MOST_ITEMS)],
    ]),
    [NOTIFICATION.LOBBY]: growing([['reason', u32]]),
    [NOTIFICATION.NOTICE]: growing(saying),
    [NOTIFICATION.CLOSING]: growing(saying),
    [NOTIFICATION.LAST_CALLED]: growing([['step', u16], ['seconds', u32]]),
};

export const requestOf = (id, method, params) => [SHAPE.REQUEST, id, method, params];

const array = (value) => (Array.isArray(value) ? value : malformed('no array'));
const error = (value) => (value === null ? null : growing(saying)(value));
const shapeNumber = int(1, 2);

const response = fixed([
    ['shape', shapeNumber], ['id', u32], ['error', error],
    ['result', (value) => (value === null ? null : array(value))],
]);
const notification = fixed([['shape', shapeNumber], ['method', u32], ['params', array]]);

/** A message of the server; params of a notification nobody knows are null. */
export function readMessage(value) {
    const shape = array(value)[0];
    if (shape === SHAPE.RESPONSE) {
        const message = response(value);
        return (message.error === null) === (message.result === null)
            ? malformed('a response with both an error and a result, or neither')
            : message;
    }
    if (shape !== SHAPE.NOTIFICATION) {
        refuse(CODE.MALFORMED, 'a server sends responses and notifications only');
    }
    const { method, params } = notification(value);
    return { shape, method, params: PARAMS[method]?.(params) ?? null };
}

export const isResponse = ({ shape }) => shape === SHAPE.RESPONSE;

export const readResult = (method, result) => RESULTS[method](result);

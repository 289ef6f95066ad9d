// Chapters 1 and 2 for a client: one TCP connection, from frames to requests and notifications.

import { connect } from 'node:net';

import { CODE, malformed, refuse, Refusal } from './codes.mjs';
import {
    isResponse, METHOD, NOTIFICATION, readMessage, readResult, requestOf,
} from './messages.mjs';
import { decodeAll, encode } from './msgpack.mjs';
import { Handshake, MESSAGE_2_LENGTH } from './noise.mjs';
import { TAG } from './xchacha.mjs';

const VERSION = 1;
const CLIENT_NAME = 'kring interop 1';
const LONGEST_FRAME = 65535;
const LONGEST_PLAINTEXT = LONGEST_FRAME - TAG;
const WELCOME_WITHIN = 5000;
const PING_AFTER = 20000;
const LOST_AFTER = 30000;
const MOST_UNANSWERED = 32;

/** The connection ended. `code` is one of chapter 2.3, or null if it was just lost. */
export class Disconnected extends Error {
    constructor(text, code = null) {
        super(text);
        this.name = 'Disconnected';
        this.code = code;
    }
}

/** Something answers at the link's address, but it has not the link's key. */
export class WrongServer extends Error {
    constructor() {
        super('something answers there, but it is not the server of this link');
        this.name = 'WrongServer';
    }
}

/** The payload of message 3: which versions this client speaks, and its name. */
export const versionPayload = (name = CLIENT_NAME) => encode([VERSION, VERSION, name]);

export function frame(payload) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(payload.length);
    return Buffer.concat([length, payload]);
}

/** Cuts the bytes that arrive into the payloads of frames. */
class FrameReader {
    constructor() {
        this.bytes = Buffer.alloc(0);
        this.longest = MESSAGE_2_LENGTH;
        this.first = true;
    }

    push(chunk) {
        this.bytes = Buffer.concat([this.bytes, chunk]);
    }

    /** The next whole payload, or null; a length that may not be is refused at once. */
    next() {
        if (this.bytes.length < 2) {
            return null;
        }
        const length = this.bytes.readUInt16BE();
        if (length === 0) {
            throw this.first
                ? new Disconnected('the server has no room', CODE.BUSY)
                : new Refusal(CODE.MALFORMED, 'an empty frame');
        }
        if (length > this.longest) {
            refuse(CODE.TOO_LONG, 'a frame longer than this state allows');
        }
        if (this.bytes.length < 2 + length) {
            return null;
        }
        const payload = this.bytes.subarray(2, 2 + length);
        this.bytes = this.bytes.subarray(2 + length);
        this.first = false;
        return payload;
    }
}

/**
 * `handlers` has `notify(method, params)` for each notification after WELCOME, and
 * `closed(error)` for the one end of the connection.
 */
export class Connection {
    constructor({ host, port, serverKey }, statics, handlers) {
        this.handlers = handlers;
        this.handshake = new Handshake(serverKey, statics);
        this.reader = new FrameReader();
        this.ciphers = null;
        this.unanswered = new Map();
        this.nextId = 0;
        this.outgoing = [];
        this.closing = null; // why the server said it closes
        this.answers = false; // something accepted the connection
        this.ended = false;
        this.receive = (payload) => this.receiveMessage2(payload);
        this.welcomed = new Promise((resolve, reject) => {
            this.welcome = { resolve, reject };
        });
        this.welcomed.catch(() => {}); // `closed` tells it too
        this.socket = connect({ host, port });
        this.listen();
    }

    listen() {
        this.socket.setNoDelay(true);
        this.socket.on('connect', () => this.guard(() => {
            this.answers = true;
            this.socket.write(frame(this.handshake.writeMessage1()));
        }));
        this.socket.on('data', (chunk) => this.guard(() => this.arrived(chunk)));
        this.socket.on('error', (error) => this.lost(error.message));
        this.socket.on('close', () => this.lost('the connection was lost'));
        this.lastArrived = Date.now();
        this.lastSent = Date.now();
        this.welcomeTimer = setTimeout(
            () => this.end(new Disconnected('the server says nothing')), WELCOME_WITHIN);
        this.timer = setInterval(() => this.tick(), 1000);
    }

    // Who does not know the link's server key closes on message 1, or answers with noise.
    lost(text) {
        const stranger = this.answers && this.ciphers === null;
        this.end(stranger ? new WrongServer() : this.closing ?? new Disconnected(text));
    }

    // Whatever is wrong with what arrived ends the connection at once.
    guard(act) {
        try {
            act();
        } catch (error) {
            const stranger = error instanceof Refusal && this.ciphers === null;
            this.end(stranger ? new WrongServer() : error);
        }
    }

    tick() {
        const now = Date.now();
        if (now - this.lastArrived >= LOST_AFTER) {
            this.end(new Disconnected('nothing arrived for 30 s'));
        } else if (this.ciphers !== null && now - this.lastSent >= PING_AFTER) {
            this.request(METHOD.PING, []).catch(() => {});
        }
    }

    arrived(chunk) {
        this.lastArrived = Date.now();
        this.reader.push(chunk);
        while (!this.ended) {
            const payload = this.reader.next();
            if (payload === null) {
                return;
            }
            this.receive(payload);
        }
    }

    receiveMessage2(payload) {
        this.handshake.readMessage2(payload);
        this.socket.write(frame(this.handshake.writeMessage3(versionPayload())));
        this.ciphers = this.handshake.split();
        this.reader.longest = LONGEST_FRAME;
        this.receive = (sealed) => this.receiveSealed(sealed);
        this.take = (message) => this.takeFirst(message);
    }

    receiveSealed(payload) {
        for (const value of decodeAll(this.openFrame(payload))) {
            this.take(readMessage(value));
        }
    }

    // Anybody between the two can spoil a frame: that is no lie of the server.
    openFrame(payload) {
        try {
            return this.ciphers.incoming.open(payload);
        } catch {
            throw new Disconnected('a frame does not verify');
        }
    }

    takeFirst({ method, params }) {
        if (method === NOTIFICATION.REFUSE) {
            throw new Disconnected('the server refuses', params.code);
        }
        if (method !== NOTIFICATION.WELCOME || params.version !== VERSION) {
            malformed('the first message is no WELCOME to a version that was offered');
        }
        clearTimeout(this.welcomeTimer);
        this.take = (message) => this.takeMessage(message);
        this.welcome.resolve(params);
    }

    takeMessage(message) {
        if (isResponse(message)) {
            this.takeResponse(message);
        } else if (message.method === NOTIFICATION.CLOSING) {
            this.closing = new Disconnected('the server closes', message.params.code);
        } else if (message.params !== null) {
            this.handlers.notify(message.method, message.params);
        }
    }

    takeResponse({ id, error, result }) {
        const request = this.unanswered.get(id) ?? malformed('a response to no request');
        this.unanswered.delete(id);
        if (error === null) {
            request.resolve(readResult(request.method, result));
        } else {
            request.reject(new Refusal(error.code, `the server refuses: ${error.text}`));
        }
    }

    /** Sends a request; the promise is its result, or the refusal that the server gave. */
    request(method, params) {
        if (this.ended) {
            return Promise.reject(new Disconnected('the connection is closed'));
        }
        if (this.unanswered.size >= MOST_UNANSWERED) {
            return Promise.reject(new Refusal(CODE.BUSY, 'too many requests unanswered'));
        }
        const id = this.nextId;
        this.nextId = (id + 1) % 0x100000000;
        const answered = new Promise((resolve, reject) => {
            this.unanswered.set(id, { method, resolve, reject });
        });
        this.send(encode(requestOf(id, method, params)));
        return answered;
    }

    // Messages that are made in one go travel in one frame, as far as they fit.
    send(message) {
        this.outgoing.push(message);
        if (this.outgoing.length === 1) {
            setImmediate(() => this.guard(() => this.flush()));
        }
    }

    flush() {
        const messages = this.outgoing.splice(0);
        while (messages.length > 0 && !this.ended) {
            const fitting = [];
            for (let room = LONGEST_PLAINTEXT; messages[0]?.length <= room;) {
                room -= messages[0].length;
                fitting.push(messages.shift());
            }
            this.socket.write(frame(this.ciphers.outgoing.seal(Buffer.concat(fitting))));
            this.lastSent = Date.now();
        }
    }

    end(error) {
        if (this.ended) {
            return;
        }
        this.ended = true;
        clearTimeout(this.welcomeTimer);
        clearInterval(this.timer);
        this.socket.destroy();
        this.welcome.reject(error);
        for (const { reject } of this.unanswered.values()) {
            reject(error instanceof Disconnected ? error : new Disconnected(error.message));
        }
        this.unanswered.clear();
        this.handlers.closed(error);
    }
}

// A member that acts by itself: joins, answers every open step it may, and tells on each line
// of its output what happened, as a JSON object.
//
//     node interop.mjs --name NAME [--answer TEXT] [--releases N]
//
// The invite link stands in KRING_INVITE, or in the first line of the standard input. It ends
// with 0 when the session ends or after N released steps, with 1 when the server lies, with 2
// when it was called wrongly, with 3 when it cannot go on for another reason.

import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';

import { Client } from './client.mjs';
import { Fault, Refusal } from './codes.mjs';
import { Disconnected, WrongServer } from './connection.mjs';
import { fieldCount } from './content.mjs';
import { seatKeys } from './keys.mjs';
import { staysOnDevice } from './kind_rules.mjs';
import { FORM } from './kinds.mjs';
import { BadLink, LINK, readLink } from './links.mjs';

const EXIT = Object.freeze({ DONE: 0, FAULT: 1, USAGE: 2, STOPPED: 3 });

const USAGE = 'node interop.mjs --name NAME [--answer TEXT] [--releases N]';

class UsageError extends Error {}

const print = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

async function inviteText() {
    if (process.env.KRING_INVITE) {
        return process.env.KRING_INVITE;
    }
    for await (const line of createInterface({ input: process.stdin })) {
        return line;
    }
    throw new UsageError('no invite link, neither in KRING_INVITE nor on the input');
}

/** The answer to a step: the same text everywhere, numbered where there are more fields. */
function contentFor(client, number, text) {
    const { form } = client.session.steps.get(number);
    const prompt = client.reading.promptOf(number);
    const count = fieldCount(form, prompt);
    const fields = count === 1
        ? [text]
        : Array.from({ length: count }, (_, i) => `${text} ${i + 1}`);
    const option = form === FORM.CHOICE && prompt?.options.length !== 0 ? 1 : 0;
    return { form, fields, option };
}

class Player {
    constructor(client, { answer, releases }) {
        this.client = client;
        this.text = answer;
        this.releases = releases;
        this.answered = new Set();
        this.exitCode = EXIT.DONE;
        this.ended = false;
        client.on('show', (event) => this.show(event));
        client.on('open', (step) => this.doing(this.work(step)));
        client.on('gate', (text) => this.doing(this.confirm(text)));
        client.on('ended', () => this.end('ended', EXIT.DONE));
        client.on('removed', () => this.end('removed', EXIT.STOPPED));
    }

    doing(promise) {
        promise.catch((error) => this.client.refused(error));
    }

    show(event) {
        print(event);
        if (event.event === 'released') {
            this.releases -= 1;
            if (this.releases === 0) {
                this.leave();
            }
        }
    }

    async work(step) {
        if (this.answered.has(step)) {
            return; // opened once more, and answered before
        }
        this.answered.add(step);
        const stays = staysOnDevice(this.client.session.steps.get(step));
        if (this.client.mayAnswer(step) && !stays) {
            const content = contentFor(this.client, step, this.text);
            const { index } = await this.client.answer(step, content);
            print({ event: 'answered', step, index });
        }
        await this.client.done(step);
        print({ event: 'done', step });
    }

    async confirm(text) {
        const { result } = await this.client.confirm(text);
        print({ event: 'confirmed', text, index: result.index });
    }

    end(event, exitCode) {
        if (!this.ended) {
            this.ended = true;
            print({ event });
            this.exitCode = exitCode;
            this.leave();
        }
    }

    // The event came while something arrives: that is read to its end before the client goes.
    leave() {
        setImmediate(() => this.client.leave());
    }
}

function options(words) {
    const values = { name: '', answer: 'interop answer', releases: 'Infinity' };
    for (let i = 0; i < words.length; i += 2) {
        const name = words[i].replace(/^--/, '');
        if (!(name in values) || words[i + 1] === undefined) {
            throw new UsageError(USAGE);
        }
        values[name] = words[i + 1];
    }
    const releases = Number(values.releases);
    if (values.name === '' || !(releases > 0)) {
        throw new UsageError(USAGE);
    }
    return { ...values, releases };
}

async function play({ name, ...behaviour }) {
    const link = readLink(await inviteText());
    if (link.type !== LINK.INVITE) {
        throw new BadLink('type');
    }
    const client = new Client(link, seatKeys(randomBytes(32)));
    const player = new Player(client, behaviour);
    await client.run(name);
    return player.exitCode;
}

const EXPECTED = [Disconnected, Refusal, BadLink];

/** Tells why it ended, and gives the exit code for it. */
function report(error) {
    if (error instanceof Fault || error instanceof WrongServer) {
        print({ event: 'fault', what: error.message });
        return EXIT.FAULT;
    }
    if (EXPECTED.some((type) => error instanceof type)) {
        print({ event: 'stopped', why: error.message, code: error.code ?? null });
        return EXIT.STOPPED;
    }
    const usage = error instanceof UsageError;
    process.stderr.write(`${usage ? error.message : error.stack}\n`);
    return usage ? EXIT.USAGE : EXIT.STOPPED;
}

async function main() {
    try {
        return await play(options(process.argv.slice(2)));
    } catch (error) {
        return report(error);
    }
}

process.exitCode = await main();

// Tests of what lies under the protocol, against the answers that its own documents give.

import { createHash } from 'node:crypto';

import { blake2b } from './blake2b.mjs';
import { CODE } from './codes.mjs';
import { checkEd25519Key, hasSmallOrder } from './curve.mjs';
import { ascii, ed25519Public } from './keys.mjs';
import { decode, decodeAll, encode } from './msgpack.mjs';
import { equal, equalHex, hex, refused, test } from './tap.mjs';
import { hchacha20, open, seal, xopen, xseal } from './xchacha.mjs';

const counting = (from, length) => Buffer.from(Array.from({ length }, (_, i) => from + i));

// The deterministic bytes of RFC 7693, appendix E.
function sequence(length, seed) {
    const out = Buffer.alloc(length);
    let a = Math.imul(0xdead4bad, seed) >>> 0;
    let b = 1;
    for (let i = 0; i < length; i++) {
        const t = (a + b) >>> 0;
        a = b;
        b = t;
        out[i] = t >>> 24;
    }
    return out;
}

// Appendix E of RFC 7693: one hash over the hashes of many lengths, with and without keys.
function selfTest() {
    const hashes = [20, 32, 48, 64].flatMap((length) =>
        [0, 3, 128, 129, 255, 1024].flatMap((size) => {
            const input = sequence(size, size);
            const key = sequence(length, length);
            return [blake2b(length, input), blake2b(length, input, { key })];
        }));
    return blake2b(32, Buffer.concat(hashes));
}

function testBlake2b() {
    test('BLAKE2b: "abc" of RFC 7693, appendix A', () => {
        equalHex(blake2b(64, ascii('abc')),
            'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1'
            + '7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923');
    });
    test('BLAKE2b: self test of RFC 7693, appendix E', () => {
        equalHex(selfTest(),
            'c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475');
    });
    test('BLAKE2b: the empty message under a key of 64 bytes', () => {
        equalHex(blake2b(64, Buffer.alloc(0), { key: counting(0, 64) }),
            '10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786'
            + 'b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568');
    });
    test('BLAKE2b: as OpenSSL has it, for lengths around its blocks', () => {
        for (const length of [0, 1, 127, 128, 129, 255, 256, 257, 5000]) {
            const input = sequence(length, 7);
            const wanted = createHash('blake2b512').update(input).digest('hex');
            equalHex(blake2b(64, input), wanted, `length ${length}`);
        }
    });
}

const SUNSCREEN = 'Ladies and Gentlemen of the class of \'99: If I could offer you only one '
    + 'tip for the future, sunscreen would be it.';
const SUNSCREEN_SEALED = 'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb'
    + '731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452'
    + '2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9'
    + '21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49';

function testXChaCha() {
    const key = counting(0x80, 32);
    const nonce = counting(0x40, 24);
    const associated = hex('50515253c0c1c2c3c4c5c6c7');
    test('HChaCha20: draft-irtf-cfrg-xchacha, 2.2.1', () => {
        equalHex(hchacha20(counting(0, 32), hex('000000090000004a0000000031415927')),
            '82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc');
    });
    test('XChaCha20-Poly1305: draft-irtf-cfrg-xchacha, A.3.1', () => {
        const sealed = xseal(key, nonce, associated, ascii(SUNSCREEN));
        equalHex(sealed, SUNSCREEN_SEALED);
        equal(xopen(key, nonce, associated, sealed), ascii(SUNSCREEN));
    });
    test('XChaCha20-Poly1305: every altered part is refused', () => {
        const sealed = hex(SUNSCREEN_SEALED);
        sealed[0] ^= 1;
        refused(() => xopen(key, nonce, associated, sealed), CODE.DOES_NOT_VERIFY);
        sealed[0] ^= 1;
        refused(() => xopen(key, nonce, Buffer.alloc(12), sealed), CODE.DOES_NOT_VERIFY);
        refused(() => xopen(key, nonce, associated, Buffer.alloc(15)), CODE.DOES_NOT_VERIFY);
    });
    test('ChaCha20-Poly1305: RFC 8439, 2.8.2', () => {
        const sealed = seal(key, hex('070000004041424344454647'), associated, ascii(SUNSCREEN));
        equalHex(sealed.subarray(0, 16), 'd31a8d34648e60db7b86afbc53ef7ec2');
        equalHex(sealed.subarray(-16), '1ae10b594f09e26a7e902ecbd0600691');
        const opened = open(key, hex('070000004041424344454647'), associated, sealed);
        equal(opened, ascii(SUNSCREEN));
    });
}

const VALUES = [
    ['00', 0], ['7f', 127], ['cc80', 128], ['ccff', 255], ['cd0100', 256], ['cdffff', 65535],
    ['ce00010000', 65536], ['ceffffffff', 4294967295], ['cf0000000100000000', 4294967296],
    ['cf001fffffffffffff', 9007199254740991], ['cfffffffffffffffff', 18446744073709551615n],
    ['ff', -1], ['e0', -32], ['d0df', -33], ['d080', -128], ['d1ff7f', -129],
    ['d18000', -32768], ['d2ffff7fff', -32769], ['d280000000', -2147483648],
    ['d3ffffffff7fffffff', -2147483649], ['d38000000000000000', -9223372036854775808n],
    ['a0', ''], ['a26869', 'hi'], [`bf${'61'.repeat(31)}`, 'a'.repeat(31)],
    [`d920${'61'.repeat(32)}`, 'a'.repeat(32)], ['a3efbbbf', '\ufeff'],
    ['c400', Buffer.alloc(0)], ['c40107', Buffer.from([7])],
    [`c50100${'00'.repeat(256)}`, Buffer.alloc(256)],
    ['90', []], ['9301c0a0', [1, null, '']], [`dc0010${'00'.repeat(16)}`, Array(16).fill(0)],
    ['c0', null], ['c2', false], ['c3', true],
];

const NOT_VALUES = {
    'an integer longer than needed': ['cc7f', 'cd00ff', 'ce0000ffff', 'cf00000000ffffffff',
        'd0e0', 'd1ff80', 'd2ffff8000', 'd3ffffffff80000000', 'd07f', 'd300000000ffffffff'],
    'a length longer than needed': [`d91f${'61'.repeat(31)}`, `da00ff${'61'.repeat(255)}`,
        'c50001ff', `c6000000ff${'00'.repeat(255)}`, `dc000f${'00'.repeat(15)}`,
        `dd00000010${'00'.repeat(16)}`],
    'ill-formed UTF-8': ['a1ff', 'a2c080', 'a3eda080', 'a4f4908080', 'a1c3'],
    'a length beyond the bytes': ['a2', 'c403', 'c6ffffffff', 'dbffffffff', 'cd01', ''],
    'a count beyond the bytes': ['91', 'dcffff', 'ddffffffff00', '930000'],
    'types that do not occur': ['80', '8100', 'c1', 'c70000', 'ca00000000',
        'cb0000000000000000', 'd400', 'de0000', 'df00000000'],
    'bytes behind the value': ['0000', '90c0'],
    'arrays nested 17 deep': [`${'91'.repeat(17)}00`, `${'91'.repeat(16)}90`],
};

function testMessagePack() {
    test('MessagePack: each value in its one form', () => {
        for (const [wanted, value] of VALUES) {
            equalHex(encode(value), wanted, `bytes of ${String(value)}`);
            const back = decode(hex(wanted));
            equal(typeof back, typeof value, wanted);
            equalHex(encode(back), wanted, 'bytes written again');
        }
    });
    for (const [what, all] of Object.entries(NOT_VALUES)) {
        test(`MessagePack: refuses ${what}`, () => {
            all.forEach((one) => refused(() => decode(hex(one)), CODE.MALFORMED, one));
        });
    }
    test('MessagePack: arrays may be nested 16 deep', () => {
        decode(hex(`${'91'.repeat(15)}90`));
    });
    test('MessagePack: several values in a row, but at least one', () => {
        equal(decodeAll(hex('01a161')), [1, 'a']);
        refused(() => decodeAll(Buffer.alloc(0)), CODE.MALFORMED);
    });
}

const ED25519_SMALL_ORDER = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];

const ED25519_REFUSED = {
    'not canonical': `f0${'ff'.repeat(30)}7f`,
    'no point': `02${'00'.repeat(31)}`,
    // the base point plus one of order 8
    'outside of the prime group':
        'da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2',
};

function testCurve() {
    test('Ed25519: points of small order are refused', () => {
        for (const key of ED25519_SMALL_ORDER) {
            equal(hasSmallOrder(hex(key)), true, key);
            refused(() => checkEd25519Key(hex(key)), CODE.BAD_KEY, key);
        }
    });
    test('Ed25519: other keys that are refused', () => {
        for (const [why, key] of Object.entries(ED25519_REFUSED)) {
            refused(() => checkEd25519Key(hex(key)), CODE.BAD_KEY, why);
        }
    });
    test('Ed25519: keys that are made are accepted', () => {
        for (let i = 0; i < 4; i++) {
            const key = ed25519Public(counting(i, 32));
            equal(checkEd25519Key(key), key);
            equal(hasSmallOrder(key), false);
        }
    });
}

export function testKnownAnswers() {
    testBlake2b();
    testXChaCha();
    testMessagePack();
    testCurve();
}

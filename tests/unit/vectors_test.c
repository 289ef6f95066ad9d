/* The test vectors that PROTOCOL.md chapter 14 describes: made anew here, compared with the
 * files. Where a file also holds what lies between (a slot's S and box key), it is worked out
 * here with libsodium alone, so that two ways must agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/chain.h"
#include "protocol/entry.h"
#include "protocol/hash.h"
#include "protocol/link.h"
#include "protocol/pad.h"
#include "protocol/writer.h"
#include "tests/support/story.h"
#include "tests/support/vectors.h"

static struct story *story;
static struct entry decoded;

static int begin(void **state)
{
    (void)state;
    story = story_create();
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_destroy(story);
    return 0;
}

static void settle(json_t *document, const char *name)
{
    assert_true(vectors_settle(document, KRING_SOURCE_DIR, name));
}

/* ---- keys ---- */

static void put_seat(json_t *object, const uint8_t seed[SEED_BYTES])
{
    struct seat seat;

    seat_derive(seed, &seat);
    vectors_hex(object, "seed", seed, SEED_BYTES);
    vectors_hex(object, "noise_secret", seat.noise_secret, KEY_BYTES);
    vectors_hex(object, "noise", seat.keys.noise, KEY_BYTES);
    vectors_hex(object, "box_secret", seat.box_secret, KEY_BYTES);
    vectors_hex(object, "box", seat.keys.box, KEY_BYTES);
    vectors_hex(object, "sign_seed", seat.sign_secret, KEY_BYTES); /* libsodium: seed, public */
    vectors_hex(object, "sign", seat.keys.sign, KEY_BYTES);
}

static void put_recovery(json_t *object, const struct sealing_recovery *recovery)
{
    vectors_hex(object, "seed", recovery->seed, SEED_BYTES);
    vectors_hex(object, "sign_seed", recovery->sign_secret, KEY_BYTES);
    vectors_hex(object, "sign", recovery->keys.sign, KEY_BYTES);
    vectors_hex(object, "box_secret", recovery->box_secret, KEY_BYTES);
    vectors_hex(object, "box", recovery->keys.box, KEY_BYTES);
}

static void put_steps(json_t *array)
{
    static const uint16_t steps[] = {1, 2, 258, STEPS_MAX};

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        json_t *object = vectors_object_in(array);
        uint8_t secret[KEY_BYTES];
        uint8_t public_key[KEY_BYTES];

        assert_int_equal(
            key_step(story->sealing.f[1], story->sealing.session, steps[i], secret, public_key),
            STATUS_OK);
        vectors_hex(object, "f", story->sealing.f[1], KEY_BYTES);
        vectors_hex(object, "session", story->sealing.session, HASH_BYTES);
        vectors_number(object, "step", steps[i]);
        vectors_hex(object, "secret", secret, KEY_BYTES);
        vectors_hex(object, "public", public_key, KEY_BYTES);
    }
}

static void put_proofs(json_t *document)
{
    const struct sealing *sealing = &story->sealing;
    json_t *ticket = vectors_object(document, "ticket");
    json_t *invite = vectors_object(document, "invite");
    uint8_t proof[SIGNATURE_BYTES];

    vectors_hex(ticket, "seed", sealing->invite_seed, SEED_BYTES);
    vectors_hex(ticket, "sign", sealing->invite_key, KEY_BYTES);
    vectors_hex(ticket, "genesis_hash", sealing->session, HASH_BYTES);
    proof_ticket(sealing->invite_secret, sealing->session, proof);
    vectors_hex(ticket, "proof", proof, SIGNATURE_BYTES);
    assert_true(proof_ticket_good(sealing->invite_key, sealing->session, proof));

    vectors_hex(invite, "seed", sealing->invite_seed, SEED_BYTES);
    vectors_hex(invite, "sign", sealing->invite_key, KEY_BYTES);
    vectors_hex(invite, "session", sealing->session, HASH_BYTES);
    vectors_hex(invite, "device_noise", sealing->seats[2].keys.noise, KEY_BYTES);
    vectors_hex(invite, "device_box", sealing->seats[2].keys.box, KEY_BYTES);
    vectors_hex(invite, "device_sign", sealing->seats[2].keys.sign, KEY_BYTES);
    proof_invite(sealing->invite_secret, sealing->session, &sealing->seats[2].keys, proof);
    vectors_hex(invite, "proof", proof, SIGNATURE_BYTES);
}

/* X25519 keys that must be refused wherever they come in. */
static void put_refused_keys(json_t *array)
{
    static const char *const hex[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0900000000000000000000000000000000000000000000000000000000000080",
    };
    uint8_t key[KEY_BYTES];

    for (size_t i = 0; i < sizeof hex / sizeof hex[0]; i++) {
        assert_int_equal(sodium_hex2bin(key, sizeof key, hex[i], 64, NULL, NULL, NULL), 0);
        assert_false(key_box_usable(key));
        json_array_append_new(array, json_string(hex[i]));
    }
}

/* Points of small order: 1, 2, 4 and 8. */
static const char *const torsion[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
};

static void put_refused_key(json_t *array, const uint8_t key[KEY_BYTES])
{
    char hex[2 * KEY_BYTES + 1];

    assert_false(key_sign_usable(key));
    json_array_append_new(array, json_string(sodium_bin2hex(hex, sizeof hex, key, KEY_BYTES)));
}

/* Ed25519 keys outside the prime-order group: those of small order, and an honest key with one
 * of them added; and one that is not canonical. */
static void put_refused_sign_keys(json_t *array)
{
    static const uint8_t one_more_than_p[KEY_BYTES] = {
        0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
    uint8_t low[KEY_BYTES];
    uint8_t mixed[KEY_BYTES];

    put_refused_key(array, one_more_than_p);
    for (size_t i = 0; i < sizeof torsion / sizeof torsion[0]; i++) {
        assert_int_equal(sodium_hex2bin(low, sizeof low, torsion[i], 64, NULL, NULL, NULL), 0);
        put_refused_key(array, low);
        if (i > 0) {
            assert_int_equal(
                crypto_core_ed25519_add(mixed, story->sealing.seats[1].keys.sign, low), 0);
            put_refused_key(array, mixed);
        }
    }
}

/* A signature that holds but for its R, which has a point of small order added: good by an
 * equation with the cofactor, refused by the one of the protocol. */
static void forge(const struct seat *seat, struct bytes message, const char *low_hex,
                  uint8_t signature_out[SIGNATURE_BYTES])
{
    uint8_t nonce[KEY_BYTES] = {7};
    uint8_t hash[crypto_hash_sha512_BYTES];
    uint8_t secret[KEY_BYTES];
    uint8_t product[KEY_BYTES];
    uint8_t low[KEY_BYTES];
    crypto_hash_sha512_state state;

    assert_int_equal(sodium_hex2bin(low, sizeof low, low_hex, 64, NULL, NULL, NULL), 0);
    assert_int_equal(crypto_scalarmult_ed25519_base_noclamp(signature_out, nonce), 0);
    assert_int_equal(crypto_core_ed25519_add(signature_out, signature_out, low), 0);
    crypto_hash_sha512(hash, seat->sign_secret, SEED_BYTES);
    hash[0] &= 248;
    hash[31] &= 127;
    hash[31] |= 64;
    memset(hash + KEY_BYTES, 0, KEY_BYTES);
    crypto_core_ed25519_scalar_reduce(secret, hash);
    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, signature_out, KEY_BYTES);
    crypto_hash_sha512_update(&state, seat->keys.sign, KEY_BYTES);
    crypto_hash_sha512_update(&state, message.data, message.count);
    crypto_hash_sha512_final(&state, hash);
    crypto_core_ed25519_scalar_reduce(product, hash);
    crypto_core_ed25519_scalar_mul(product, product, secret);
    crypto_core_ed25519_scalar_add(signature_out + KEY_BYTES, product, nonce);
}

static void put_signatures(json_t *array)
{
    static const struct bytes message = {(const uint8_t *)"kring", 5};
    const struct seat *seat = &story->sealing.seats[1];
    uint8_t signature[SIGNATURE_BYTES];

    for (size_t i = 0; i < sizeof torsion / sizeof torsion[0]; i++) {
        json_t *object = vectors_object_in(array);
        bool good = i == 0; /* the identity added: nothing is */

        forge(seat, message, torsion[i], signature);
        assert_int_equal(crypto_sign_verify_detached(signature, message.data, message.count,
                                                     seat->keys.sign) == 0,
                         good);
        vectors_hex(object, "sign", seat->keys.sign, KEY_BYTES);
        vectors_hex(object, "message", message.data, message.count);
        vectors_hex(object, "signature", signature, SIGNATURE_BYTES);
        vectors_number(object, "good", good);
    }
}

static void keys(void **state)
{
    json_t *document = json_object();
    json_t *array;

    (void)state;
    array = vectors_array(document, "seats");
    for (int i = 1; i <= SEALING_SEATS; i++) {
        put_seat(vectors_object_in(array), story->sealing.seat_seeds[i]);
    }
    array = vectors_array(document, "recoveries");
    for (int i = 1; i <= SEALING_EPOCHS; i++) {
        put_recovery(vectors_object_in(array), &story->sealing.recovery[i]);
    }
    array = vectors_array(document, "epochs");
    for (int i = 1; i <= SEALING_EPOCHS; i++) {
        json_t *object = vectors_object_in(array);
        uint8_t check[HASH_BYTES];

        key_group_check(story->sealing.k[i], check);
        vectors_number(object, "epoch", (uint64_t)i);
        vectors_hex(object, "f", story->sealing.f[i], KEY_BYTES);
        vectors_hex(object, "k", story->sealing.k[i], KEY_BYTES);
        vectors_hex(object, "check", check, HASH_BYTES);
    }
    put_steps(vectors_array(document, "steps"));
    put_proofs(document);
    put_refused_keys(vectors_array(document, "x25519_refused"));
    put_refused_sign_keys(vectors_array(document, "ed25519_refused"));
    put_signatures(vectors_array(document, "signatures"));
    settle(document, "keys");
}

/* ---- links ---- */

static const char *const part_names[] = {
    [LINK_PART_NONE] = "none",
    [LINK_PART_SCHEME] = "scheme",
    [LINK_PART_HOST] = "host",
    [LINK_PART_PORT] = "port",
    [LINK_PART_TYPE] = "type",
    [LINK_PART_VERSION] = "version",
    [LINK_PART_SERVER_KEY] = "server key",
    [LINK_PART_TARGET] = "target",
    [LINK_PART_SEED] = "seed",
    [LINK_PART_CHECKS] = "checks",
    [LINK_PART_SHAPE] = "shape",
};

static void put_link(json_t *object, const struct link *link)
{
    char text[LINK_TEXT_BYTES_MAX];

    vectors_number(object, "type", link->type);
    vectors_text(object, "host", link->host);
    vectors_number(object, "port", link->port);
    vectors_hex(object, "server_key", link->server_key, KEY_BYTES);
    if (link->type != LINK_TICKET) {
        vectors_hex(object, "session", link->session, HASH_BYTES);
    }
    if (link->type == LINK_INVITE) {
        vectors_number(object, "invite", link->invite);
    }
    vectors_hex(object, "seed", link->seed, SEED_BYTES);
    assert_int_equal(link_format(link, text, sizeof text), STATUS_OK);
    vectors_text(object, "link", text);
}

static struct link link_of(enum link_type type, const char *host, uint16_t invite)
{
    const struct sealing *sealing = &story->sealing;
    struct link link = {.type = type, .port = LINK_PORT_DEFAULT, .invite = invite};

    (void)snprintf(link.host, sizeof link.host, "%s", host);
    memcpy(link.server_key, sealing->seats[5].keys.noise, KEY_BYTES);
    memcpy(link.seed, type == LINK_RECOVERY ? sealing->recovery[1].seed : sealing->invite_seed,
           SEED_BYTES);
    if (type != LINK_TICKET) {
        memcpy(link.session, sealing->session, HASH_BYTES);
    }
    return link;
}

/* What a program must make of a pasted text. */
static void put_reading(json_t *array, const char *before, const char *link, const char *after)
{
    json_t *object = vectors_object_in(array);
    char text[2 * LINK_TEXT_BYTES_MAX];
    struct link read;
    enum link_part part = LINK_PART_SHAPE;
    enum status status;

    (void)snprintf(text, sizeof text, "%s%s%s", before, link, after);
    status = link_parse((struct bytes){(const uint8_t *)text, strlen(text)}, &read, &part);
    assert_int_equal(status == STATUS_OK, part == LINK_PART_NONE);
    vectors_text(object, "text", text);
    vectors_text(object, "wrong", part_names[part]);
}

/* Changes one character at a time, or wraps the text. */
static void put_readings(json_t *array, const char *link)
{
    static const size_t places[] = {8, 27, 35, 60, 100, 120, 150};
    char text[LINK_TEXT_BYTES_MAX];

    put_reading(array, "", link, "");
    put_reading(array, "<", link, ">.");
    put_reading(array, "Hello,\n> \"", link, "\" at ten");
    (void)snprintf(text, sizeof text, "%.70s=\r\n%.70s\r\n> %s", link, link + 70, link + 140);
    put_reading(array, "", text, "");
    put_reading(array, "", "https://kring.example", "");
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        (void)snprintf(text, sizeof text, "%s", link);
        text[places[i]] = text[places[i]] == '7' ? '8' : '7';
        put_reading(array, "", text, "");
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)strlen(link) - 1, link);
    put_reading(array, "", text, "");
    (void)snprintf(text, sizeof text, "%.*s7", (int)strlen(link) - 2, link);
    put_reading(array, "", text, link + strlen(link) - 1);
}

static void links(void **state)
{
    const struct link made[] = {
        link_of(LINK_TICKET, "kring.example", 0),   link_of(LINK_INVITE, "kring.example", 1),
        link_of(LINK_INVITE, "192.0.2.7", 200),     link_of(LINK_INVITE, "2001:db8::7", 600),
        link_of(LINK_RECOVERY, "kring.example", 0),
    };
    json_t *document = json_object();
    json_t *array = vectors_array(document, "links");
    char text[LINK_TEXT_BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        put_link(vectors_object_in(array), &made[i]);
    }
    assert_int_equal(link_format(&made[1], text, sizeof text), STATUS_OK);
    put_readings(vectors_array(document, "readings"), text);
    settle(document, "links");
}

/* ---- bodies ---- */

static void put_bodies(json_t *array)
{
    static const size_t counts[] = {0, 1, 255, 256, 400};
    static uint8_t plaintext[400];
    static uint8_t opened[BODY_PADDED_BYTES_MAX];

    for (size_t i = 0; i < sizeof plaintext; i++) {
        plaintext[i] = (uint8_t)('a' + i % 26);
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct sealing *sealing = &story->sealing;
        json_t *object = vectors_object_in(array);
        size_t count = 0;

        (void)sealing_entry(sealing, KIND_REPORT, STORY_OBSERVER, 0);
        sealing_lock_group(sealing, 1, NAME_CONTENT, 0, NULL);
        assert_int_equal(
            entry_decode(sealing_seal(sealing, (struct bytes){plaintext, counts[i]}, 3),
                         &decoded),
            STATUS_OK);
        assert_int_equal(entry_open_body(&decoded, sealing->draws[0], opened, &count),
                         STATUS_OK);
        vectors_hex(object, "header", decoded.header.data, decoded.header.count);
        vectors_hex(object, "content_key", sealing->draws[0], KEY_BYTES);
        vectors_hex(object, "plaintext", plaintext, counts[i]);
        vectors_number(object, "padded_size", pad_size(counts[i]));
        vectors_hex(object, "commitment", decoded.commitment, HASH_BYTES);
        vectors_hex(object, "body", decoded.ciphertext.data - HASH_BYTES,
                    decoded.ciphertext.count + HASH_BYTES);
    }
}

static void bodies(void **state)
{
    static const size_t counts[] = {0,    255,  256,  383,  384,  511,   512,   767,
                                    1535, 3071, 6143, 6144, 8191, 24575, 32768, 49151};
    json_t *document = json_object();
    json_t *array = vectors_array(document, "sizes");

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        json_t *object = vectors_object_in(array);

        vectors_number(object, "plaintext", counts[i]);
        vectors_number(object, "padded", pad_size(counts[i]));
    }
    put_bodies(vectors_array(document, "bodies"));
    settle(document, "bodies");
}

/* ---- slots ---- */

/* S of a slot, spelled out. */
static struct bytes scope_of(const struct entry *entry, const struct entry_slot *slot,
                             uint8_t buffer[256])
{
    uint8_t header_hash[HASH_BYTES];
    struct writer writer;

    crypto_generichash(header_hash, HASH_BYTES, entry->header.data, entry->header.count, NULL,
                       0);
    writer_init(&writer, buffer, 256);
    writer_raw(&writer, (struct bytes){(const uint8_t *)"kring/1 slot", 12});
    writer_raw(&writer, (struct bytes){entry->e, KEY_BYTES});
    writer_raw(&writer, (struct bytes){header_hash, HASH_BYTES});
    writer_raw(&writer, (struct bytes){entry->commitment, HASH_BYTES});
    writer_array(&writer, 4);
    writer_uint(&writer, slot->lock);
    writer_uint(&writer, slot->lock_n);
    writer_uint(&writer, slot->name);
    writer_uint(&writer, slot->name_n);
    return writer_bytes(&writer);
}

/* The key of a box whose lock is a symmetric key, or a pair of which this is the secret. */
static void box_key_of(enum lock lock, const uint8_t *secret, const uint8_t *public_key,
                       const uint8_t *e, const uint8_t *k, struct bytes scope, uint8_t out[32])
{
    uint8_t key[64];
    uint8_t message[512];
    size_t key_count = 32;

    memcpy(message, scope.data, scope.count);
    memcpy(key, secret, 32);
    if (lock != LOCK_GROUP && lock != LOCK_FACILITATOR) {
        assert_int_equal(crypto_scalarmult(key, secret, e), 0);
        memcpy(message + scope.count, public_key, 32);
        scope.count += 32;
    }
    if (lock == LOCK_STEP) {
        memcpy(key + 32, k, 32);
        key_count = 64;
    }
    crypto_generichash(out, 32, message, scope.count, key, key_count);
}

struct lock_keys {
    const uint8_t *secret;
    const uint8_t *public_key; /* NULL: symmetric */
};

static void put_slot(json_t *object, uint16_t at, const struct lock_keys *keys)
{
    static const uint8_t nonce[12];
    const struct sealing *sealing = &story->sealing;
    const struct entry_slot *slot = &decoded.slots[at];
    uint8_t buffer[256];
    uint8_t box_key[KEY_BYTES];
    uint8_t key[KEY_BYTES];
    struct bytes scope = scope_of(&decoded, slot, buffer);

    box_key_of(slot->lock, keys->secret, keys->public_key, decoded.e, sealing->k[1], scope,
               box_key);
    assert_int_equal(crypto_aead_chacha20poly1305_ietf_decrypt(key, NULL, NULL, slot->box,
                                                               BOX_BYTES, scope.data,
                                                               scope.count, nonce, box_key),
                     0);
    vectors_number(object, "lock", slot->lock);
    vectors_number(object, "lock_n", slot->lock_n);
    vectors_number(object, "name", slot->name);
    vectors_number(object, "name_n", slot->name_n);
    vectors_hex(object, "lock_secret", keys->secret, KEY_BYTES);
    if (keys->public_key != NULL) {
        vectors_hex(object, "lock_public", keys->public_key, KEY_BYTES);
    }
    if (slot->lock == LOCK_STEP) {
        vectors_hex(object, "k", sealing->k[1], KEY_BYTES);
    }
    vectors_hex(object, "s", scope.data, scope.count);
    vectors_hex(object, "box_key", box_key, KEY_BYTES);
    vectors_hex(object, "key", key, KEY_BYTES);
    vectors_hex(object, "box", slot->box, BOX_BYTES);
}

/* One entry with a slot under every lock. */
static void slots(void **state)
{
    struct sealing *sealing = &story->sealing;
    json_t *document = json_object();
    json_t *array;
    uint8_t secret[KEY_BYTES];
    uint8_t public_key[KEY_BYTES];

    (void)state;
    assert_int_equal(key_step(sealing->f[1], sealing->session, 2, secret, public_key),
                     STATUS_OK);
    (void)sealing_entry(sealing, KIND_REPORT, STORY_OBSERVER, 0);
    sealing_lock_group(sealing, 1, NAME_CONTENT, 0, NULL);
    sealing_lock_facilitator(sealing, 1, NAME_CONTENT, 0, NULL);
    sealing_lock_member(sealing, 2, NAME_GROUP, 0, sealing->k[1]);
    sealing_lock_step(sealing, 2, public_key, 1);
    sealing_lock_recovery(sealing, 1, sealing->f[1]);
    sealing_lock_group(sealing, 1, NAME_TEXT, 300, sealing->f[2]);
    assert_int_equal(
        entry_decode(sealing_seal(sealing, (struct bytes){(const uint8_t *)"x", 1}, 3),
                     &decoded),
        STATUS_OK);
    vectors_hex(document, "entry", decoded.raw.data, decoded.raw.count);
    vectors_hex(document, "e_secret", sealing->draws[1], KEY_BYTES);
    vectors_hex(document, "e", decoded.e, KEY_BYTES);
    vectors_hex(document, "commitment", decoded.commitment, HASH_BYTES);
    array = vectors_array(document, "slots");
    {
        const struct lock_keys locks[] = {
            {sealing->k[1], NULL},
            {sealing->f[1], NULL},
            {sealing->seats[2].box_secret, sealing->seats[2].keys.box},
            {secret, public_key},
            {sealing->recovery[1].box_secret, sealing->recovery[1].keys.box},
            {sealing->k[1], NULL},
        };

        for (uint16_t i = 0; i < sizeof locks / sizeof locks[0]; i++) {
            put_slot(vectors_object_in(array), i, &locks[i]);
        }
    }
    settle(document, "slots");
}

/* ---- a whole session ---- */

static const char *const stream_names[] = {"public", "own", "waiting"};

static void put_entry(json_t *object, const struct story_entry *told)
{
    uint8_t hash[HASH_BYTES];

    assert_int_equal(entry_decode(told->bytes, &decoded), STATUS_OK);
    entry_hash(told->bytes, hash);
    vectors_text(object, "name", told->name);
    vectors_number(object, "kind", decoded.kind);
    vectors_text(object, "stream", stream_names[told->stream]);
    if (told->plaintext.data != NULL) {
        vectors_hex(object, "plaintext", told->plaintext.data, told->plaintext.count);
        vectors_hex(object, "content_key", told->content_key, KEY_BYTES);
    }
    if (decoded.slot_count > 0) {
        vectors_hex(object, "e_secret", told->e_secret, KEY_BYTES);
    }
    vectors_hex(object, "hash", hash, HASH_BYTES);
    vectors_hex(object, "entry", told->bytes.data, told->bytes.count);
}

static void put_public(json_t *array)
{
    struct chain chain;

    assert_int_equal(chain_init_public(&chain, story->sealing.session), STATUS_OK);
    for (uint8_t i = 0; i < story->stream_count; i++) {
        const struct story_item *item = &story->stream[i];
        json_t *object = vectors_object_in(array);

        assert_int_equal(chain_extend(&chain, item->time_ms, story->entries[item->entry].bytes),
                         STATUS_OK);
        vectors_number(object, "index", chain_head(&chain).index);
        vectors_number(object, "time_ms", item->time_ms);
        vectors_text(object, "entry", story->entries[item->entry].name);
        vectors_hex(object, "head", chain_head(&chain).hash, HASH_BYTES);
    }
    chain_finish(&chain);
}

static uint64_t time_of(const char *name)
{
    for (uint8_t i = 0; i < story->stream_count; i++) {
        if (strcmp(story->entries[story->stream[i].entry].name, name) == 0) {
            return story->stream[i].time_ms;
        }
    }
    fail_msg("no %s in the public stream", name);
    return 0;
}

/* The message in the own streams of its author and its recipient, and a stream without any. */
static void put_own(json_t *array)
{
    const uint64_t time_ms = time_of("leave out"); /* the last entry before it */
    static const uint16_t members[] = {STORY_FACILITATOR, STORY_PARTICIPANT, STORY_OBSERVER};
    const struct story_entry *message = story_find(story, "message");

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *object = vectors_object_in(array);
        struct chain chain;

        assert_int_equal(chain_init_own(&chain, story->sealing.session, members[i]), STATUS_OK);
        vectors_number(object, "member", members[i]);
        vectors_hex(object, "start", chain_head(&chain).hash, HASH_BYTES);
        if (members[i] != STORY_PARTICIPANT) {
            assert_int_equal(chain_extend(&chain, time_ms, message->bytes), STATUS_OK);
            vectors_number(object, "time_ms", time_ms);
            vectors_text(object, "entry", message->name);
            vectors_hex(object, "head", chain_head(&chain).hash, HASH_BYTES);
        }
        chain_finish(&chain);
    }
}

static void put_release(json_t *object, const char *const *names, size_t count)
{
    struct release_digest digest;
    uint8_t hash[HASH_BYTES];
    json_t *array = vectors_array(object, "answers");

    release_digest_init(&digest);
    for (size_t i = 0; i < count; i++) {
        entry_hash(story_find(story, names[i])->bytes, hash);
        release_digest_add(&digest, hash);
        json_array_append_new(array, json_string(names[i]));
    }
    release_digest_finish(&digest, hash);
    vectors_hex(object, "digest", hash, HASH_BYTES);
}

static void session(void **state)
{
    static const char *const answers[] = {"answer", "anonymous answer", "anonymous answer 2"};
    static const size_t counts[] = {0, 1, 3};
    json_t *document = json_object();
    json_t *array;

    (void)state;
    vectors_hex(document, "session", story->sealing.session, HASH_BYTES);
    vectors_text(document, "keys", "keys.json: member n has seat n; epochs, recoveries");
    array = vectors_array(document, "entries");
    for (uint8_t i = 0; i < story->count; i++) {
        put_entry(vectors_object_in(array), &story->entries[i]);
    }
    put_public(vectors_array(document, "public"));
    put_own(vectors_array(document, "own"));
    array = vectors_array(document, "digests");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        put_release(vectors_object_in(array), answers, counts[i]);
    }
    settle(document, "session");
}

#define VECTORS(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VECTORS(keys), VECTORS(links), VECTORS(bodies), VECTORS(slots), VECTORS(session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

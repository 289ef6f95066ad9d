#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/entry.h"
#include "protocol/hash.h"
#include "protocol/pad.h"
#include "protocol/seal.h"
#include "tests/support/sealing.h"

static struct sealing sealing;
static struct entry decoded;
static uint8_t opened[BODY_PADDED_BYTES_MAX];

#define TEXT(literal) ((struct bytes){(const uint8_t *)(literal), sizeof(literal) - 1})

static int begin(void **state)
{
    (void)state;
    sealing_begin(&sealing);
    memset(sealing.session, 0x5e, HASH_BYTES);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sealing_end(&sealing);
    return 0;
}

static void must_decode(struct bytes bytes)
{
    assert_int_equal(entry_decode(bytes, &decoded), STATUS_OK);
}

/* A report with its content key under every lock there is, to member 2, step 4 and both K, F.
 */
static void seal_under_every_lock(struct bytes plaintext)
{
    (void)sealing_entry(&sealing, KIND_REPORT, 1, 0);
    sealing_lock_group(&sealing, 1, NAME_CONTENT, 0, NULL);
    sealing_lock_facilitator(&sealing, 1, NAME_CONTENT, 0, NULL);
    sealing_lock_member(&sealing, 2, NAME_CONTENT, 0, NULL);
    sealing_lock_step(&sealing, 4, sealing.seats[5].keys.noise, 1);
    sealing_lock_recovery(&sealing, 1, NULL);
    must_decode(sealing_seal(&sealing, plaintext, 1));
}

enum { AT_GROUP, AT_FACILITATOR, AT_MEMBER, AT_STEP, AT_RECOVERY, LOCKS };

/* Who opens which of them. */
static struct slot_opener opener(int at)
{
    const struct slot_opener openers[LOCKS] = {
        [AT_GROUP] = {.secret = sealing.k[1]},
        [AT_FACILITATOR] = {.secret = sealing.f[1]},
        [AT_MEMBER] = {.secret = sealing.seats[2].box_secret,
                       .public_key = sealing.seats[2].keys.box},
        [AT_STEP] = {.secret = sealing.seats[5].noise_secret,
                     .public_key = sealing.seats[5].keys.noise,
                     .group_key = sealing.k[1]},
        [AT_RECOVERY] = {.secret = sealing.recovery[1].box_secret,
                         .public_key = sealing.recovery[1].keys.box},
    };

    return openers[at];
}

static enum status try_open(uint16_t at, const struct slot_opener *with)
{
    uint8_t key[KEY_BYTES] = {0};
    enum status status = slot_open(&decoded, at, with, key);

    if (status == STATUS_OK) {
        assert_memory_equal(key, sealing.sealed->content_key, KEY_BYTES);
        assert_true(entry_key_good(&decoded, key));
    }
    return status;
}

/* ---- bodies ---- */

static void bodies_of_every_size_come_back(void **state)
{
    static const size_t counts[] = {0, 1, 255, 256, 257, 383, 384, 1000, 49150, 49151};
    static uint8_t plaintext[PLAINTEXT_BYTES_MAX + 1];

    (void)state;
    memset(plaintext, 0x80, sizeof plaintext);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t count = SIZE_MAX;

        (void)sealing_entry(&sealing, KIND_REPORT, 1, 0);
        sealing_lock_group(&sealing, 1, NAME_CONTENT, 0, NULL);
        must_decode(sealing_seal(&sealing, (struct bytes){plaintext, counts[i]}, 1));
        assert_int_equal(decoded.ciphertext.count, pad_size(counts[i]) + 16);
        assert_int_equal(entry_open_body(&decoded, sealing.sealed->content_key, opened, &count),
                         STATUS_OK);
        assert_int_equal(count, counts[i]);
        assert_memory_equal(opened, plaintext, counts[i]);
    }
    (void)sealing_entry(&sealing, KIND_REPORT, 1, 0);
    assert_int_equal(
        sealing_try(&sealing, (struct bytes){plaintext, PLAINTEXT_BYTES_MAX + 1}, 1),
        STATUS_TOO_LONG);
    assert_int_equal(sealing.sealed->count, 0);
}

static void without_body_there_is_nothing_to_open(void **state)
{
    size_t count = 0;

    (void)state;
    (void)sealing_entry(&sealing, KIND_REPORT, 1, 0);
    sealing_lock_group(&sealing, 1, NAME_TEXT, 3, sealing.f[2]);
    must_decode(sealing_seal(&sealing, (struct bytes){NULL, 0}, 1));
    assert_false(decoded.has_body);
    assert_int_equal(entry_open_body(&decoded, sealing.f[2], opened, &count), STATUS_NOT_FOUND);
    assert_false(entry_key_good(&decoded, sealing.f[2]));
}

/* Encrypts by hand under `key`, committing to `promised`, into the body of the decoded entry.
 */
static void forge_body(const uint8_t *key, const uint8_t *promised, const uint8_t *padded,
                       size_t size, uint8_t *body)
{
    struct hash hash;
    uint8_t header_hash[HASH_BYTES];

    hash_of(decoded.header, header_hash);
    hash_init(&hash, promised, KEY_BYTES);
    hash_add_text(&hash, "kring/1 body");
    hash_add(&hash, header_hash, HASH_BYTES);
    hash_finish(&hash, body);
    crypto_aead_xchacha20poly1305_ietf_encrypt(body + HASH_BYTES, NULL, padded, size,
                                               decoded.header.data, decoded.header.count, NULL,
                                               body, key);
    memcpy(decoded.commitment, body, HASH_BYTES);
    decoded.ciphertext = (struct bytes){body + HASH_BYTES, size + 16};
}

/* A ciphertext that decrypts under a second key too: the cipher is content with it, the
 * commitment is not. */
static void a_second_key_is_refused_though_it_decrypts(void **state)
{
    uint8_t padded[256] = {'A', ' ', 'h', 'i', 't', ' ', 'B', 0x80};
    uint8_t body[HASH_BYTES + 256 + 16];
    size_t count = 0;

    (void)state;
    seal_under_every_lock(TEXT("x"));
    forge_body(sealing.k[2], sealing.k[1], padded, sizeof padded, body);
    assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(
                         opened, NULL, NULL, decoded.ciphertext.data, decoded.ciphertext.count,
                         decoded.header.data, decoded.header.count, decoded.commitment,
                         sealing.k[2]),
                     0);
    assert_false(entry_key_good(&decoded, sealing.k[2]));
    assert_int_equal(entry_open_body(&decoded, sealing.k[2], opened, &count), STATUS_CRYPTO);
    assert_true(entry_key_good(&decoded, sealing.k[1])); /* promised, but it does not decrypt */
    assert_int_equal(entry_open_body(&decoded, sealing.k[1], opened, &count), STATUS_CRYPTO);

    forge_body(sealing.k[1], sealing.k[1], padded, sizeof padded, body);
    assert_int_equal(entry_open_body(&decoded, sealing.k[1], opened, &count), STATUS_OK);
    assert_int_equal(count, 7);
}

static void bad_padding_inside_is_malformed(void **state)
{
    uint8_t padded[384] = {'a', 0x80};
    uint8_t body[HASH_BYTES + 384 + 16];
    size_t count = 0;

    (void)state;
    seal_under_every_lock(TEXT("x"));
    forge_body(sealing.k[1], sealing.k[1], padded, 384, body); /* 256 would do */
    assert_int_equal(entry_open_body(&decoded, sealing.k[1], opened, &count), STATUS_MALFORMED);
    padded[1] = 0;
    forge_body(sealing.k[1], sealing.k[1], padded, 256, body); /* no mark */
    assert_int_equal(entry_open_body(&decoded, sealing.k[1], opened, &count), STATUS_MALFORMED);
}

static void a_body_belongs_to_its_header(void **state)
{
    size_t count = 0;

    (void)state;
    seal_under_every_lock(TEXT("for a report"));
    decoded.header.count--; /* any other header */
    assert_false(entry_key_good(&decoded, sealing.sealed->content_key));
    assert_int_equal(entry_open_body(&decoded, sealing.sealed->content_key, opened, &count),
                     STATUS_CRYPTO);
}

/* ---- slots ---- */

static void each_lock_opens_with_its_own_key_only(void **state)
{
    (void)state;
    seal_under_every_lock(TEXT("x"));
    for (int at = 0; at < LOCKS; at++) {
        for (int with = 0; with < LOCKS; with++) {
            struct slot_opener other = opener(with);

            if (other.public_key == NULL) { /* so that any opener can be tried on any lock */
                other.public_key = sealing.seats[1].keys.box;
            }
            if (other.group_key == NULL) {
                other.group_key = sealing.k[1];
            }
            assert_int_equal(try_open((uint16_t)at, &other),
                             at == with ? STATUS_OK : STATUS_CRYPTO);
        }
    }
}

static void a_step_lock_needs_the_group_key_too(void **state)
{
    struct slot_opener with;

    (void)state;
    seal_under_every_lock(TEXT("x"));
    with = opener(AT_STEP);
    assert_int_equal(try_open(AT_STEP, &with), STATUS_OK);
    with.group_key = sealing.k[2];
    assert_int_equal(try_open(AT_STEP, &with), STATUS_CRYPTO);
}

static void the_public_half_belongs_to_the_box(void **state)
{
    struct slot_opener with;

    (void)state;
    seal_under_every_lock(TEXT("x"));
    with = opener(AT_MEMBER);
    with.public_key = sealing.seats[3].keys.box;
    assert_int_equal(try_open(AT_MEMBER, &with), STATUS_CRYPTO);
}

/* Whatever the box was made for is part of its key: it opens nowhere else. */
static void a_box_opens_in_its_place_only(void **state)
{
    static struct entry original;
    uint8_t box[BOX_BYTES];
    struct slot_opener with;

    (void)state;
    seal_under_every_lock(TEXT("x"));
    original = decoded;
    for (int at = 0; at < LOCKS; at++) {
        struct entry_slot *slot = &decoded.slots[at];

        with = opener(at);
        for (int what = 0; what < 8; what++) {
            decoded = original;
            assert_int_equal(try_open((uint16_t)at, &with), STATUS_OK);
            switch (what) {
            case 0:
                slot->lock_n++;
                break;
            case 1:
                slot->name = NAME_GROUP;
                break;
            case 2:
                slot->name_n++;
                break;
            case 3:
                decoded.e[0] ^= 1;
                break;
            case 4:
                decoded.commitment[0] ^= 1;
                break;
            case 5:
                decoded.header.count--;
                break;
            case 6:
                slot->box = original.slots[(at + 1) % LOCKS].box;
                break;
            default:
                slot->lock = slot->lock == LOCK_GROUP         ? LOCK_FACILITATOR
                             : slot->lock == LOCK_FACILITATOR ? LOCK_GROUP
                             : slot->lock == LOCK_MEMBER      ? LOCK_RECOVERY
                                                              : LOCK_MEMBER;
                break;
            }
            assert_int_equal(try_open((uint16_t)at, &with), STATUS_CRYPTO);
        }
    }
    /* Into another entry that says the same, e included: its id is another one. */
    memcpy(box, original.slots[AT_GROUP].box, BOX_BYTES);
    (void)sealing_entry(&sealing, KIND_REPORT, 1, 0);
    sealing_lock_group(&sealing, 1, NAME_CONTENT, 0, NULL);
    sealing.counted -= 2; /* the same draws */
    must_decode(sealing_seal(&sealing, TEXT("x"), 1));
    assert_memory_equal(decoded.e, original.e, KEY_BYTES);
    decoded.slots[0].box = box;
    with = opener(AT_GROUP);
    assert_int_equal(try_open(0, &with), STATUS_CRYPTO);
}

static void the_key_in_a_slot_may_be_any(void **state)
{
    struct slot_opener with;
    uint8_t key[KEY_BYTES];

    (void)state;
    (void)sealing_entry(&sealing, KIND_ROSTER, 1, 0);
    sealing_lock_member(&sealing, 2, NAME_GROUP, 0, sealing.k[1]);
    sealing_lock_group(&sealing, 1, NAME_STEP, 9, sealing.f[2]);
    must_decode(sealing_seal(&sealing, (struct bytes){NULL, 0}, 1));
    with = opener(AT_MEMBER);
    assert_int_equal(slot_open(&decoded, 0, &with, key), STATUS_OK);
    assert_memory_equal(key, sealing.k[1], KEY_BYTES);
    with = opener(AT_GROUP);
    assert_int_equal(slot_open(&decoded, 1, &with, key), STATUS_OK);
    assert_memory_equal(key, sealing.f[2], KEY_BYTES);
}

static void a_zero_shared_secret_is_an_error(void **state)
{
    static const uint8_t zero[KEY_BYTES];
    struct slot_opener with;
    uint8_t key[KEY_BYTES] = {7};
    uint8_t before[KEY_BYTES] = {7};

    (void)state;
    (void)sealing_entry(&sealing, KIND_REPORT, 1, 0);
    sealing_lock_step(&sealing, 4, zero, 1);
    assert_int_equal(sealing_try(&sealing, TEXT("x"), 1), STATUS_BAD_KEY);
    assert_int_equal(sealing.sealed->count, 0);
    assert_memory_equal(sealing.sealed->content_key, zero, KEY_BYTES);

    seal_under_every_lock(TEXT("x")); /* no decoder lets such an e pass; nor does opening */
    memcpy(decoded.e, zero, KEY_BYTES);
    with = opener(AT_MEMBER);
    assert_int_equal(slot_open(&decoded, AT_MEMBER, &with, key), STATUS_CRYPTO);
    assert_memory_equal(key, before, KEY_BYTES);
}

/* ---- whole entries ---- */

static void sealing_again_draws_again(void **state)
{
    uint8_t key[KEY_BYTES];
    uint8_t e[KEY_BYTES];
    uint8_t commitment[HASH_BYTES];

    (void)state;
    seal_under_every_lock(TEXT("x"));
    memcpy(key, sealing.sealed->content_key, KEY_BYTES);
    memcpy(e, decoded.e, KEY_BYTES);
    memcpy(commitment, decoded.commitment, HASH_BYTES);
    must_decode(sealing_seal(&sealing, TEXT("x"), 1)); /* the same entry, the same id */
    assert_memory_not_equal(key, sealing.sealed->content_key, KEY_BYTES);
    assert_memory_not_equal(e, decoded.e, KEY_BYTES);
    assert_memory_not_equal(commitment, decoded.commitment, HASH_BYTES);
}

static void the_hash_given_is_the_hash_of_the_bytes(void **state)
{
    uint8_t hash[HASH_BYTES];

    (void)state;
    seal_under_every_lock(TEXT("x"));
    entry_hash(decoded.raw, hash);
    assert_memory_equal(hash, sealing.sealed->hash, HASH_BYTES);
}

static void a_signature_is_its_signers(void **state)
{
    (void)state;
    seal_under_every_lock(TEXT("x"));
    assert_true(entry_signature_good(&decoded, sealing.seats[1].keys.sign));
    assert_false(entry_signature_good(&decoded, sealing.seats[2].keys.sign));
    (void)sealing_entry(&sealing, KIND_ANSWER, 0, 4);
    sealing_lock_step(&sealing, 4, sealing.seats[5].keys.noise, 1);
    must_decode(sealing_seal(&sealing, TEXT("x"), 0));
    assert_null(decoded.signature);
    assert_false(entry_signature_good(&decoded, sealing.seats[1].keys.sign));
}

static void what_does_not_fit_is_too_long(void **state)
{
    static struct seal_slot slots[ENTRY_SLOTS_MAX + 1];
    static uint8_t plaintext[PLAINTEXT_BYTES_MAX];
    const struct bytes body = {plaintext, sizeof plaintext};
    const struct bytes *bodies[] = {NULL, &body};
    enum status status;

    (void)state;
    for (size_t i = 0; i <= ENTRY_SLOTS_MAX; i++) {
        slots[i] = (struct seal_slot){.lock = LOCK_GROUP,
                                      .name = NAME_TEXT,
                                      .name_n = (uint32_t)i,
                                      .key = sealing.f[1],
                                      .lock_key = sealing.k[1]};
    }
    (void)sealing_entry(&sealing, KIND_REVEAL, 1, 0);
    for (size_t i = 0; i < 2; i++) { /* alone 1024 slots fit, beside a long body they do not */
        sealing.draw_count = 0;
        status = entry_seal(sealing.entry, bodies[i], slots, ENTRY_SLOTS_MAX, &sealing.seats[1],
                            &sealing.entropy, sealing.sealed);
        assert_int_equal(status, i == 0 ? STATUS_OK : STATUS_TOO_LONG);
    }
    sealing.draw_count = 0;
    status = entry_seal(sealing.entry, NULL, slots, ENTRY_SLOTS_MAX + 1, &sealing.seats[1],
                        &sealing.entropy, sealing.sealed);
    assert_int_equal(status, STATUS_TOO_LONG);
    assert_int_equal(sealing.sealed->count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_of_every_size_come_back),
        cmocka_unit_test(without_body_there_is_nothing_to_open),
        cmocka_unit_test(a_second_key_is_refused_though_it_decrypts),
        cmocka_unit_test(bad_padding_inside_is_malformed),
        cmocka_unit_test(a_body_belongs_to_its_header),
        cmocka_unit_test(each_lock_opens_with_its_own_key_only),
        cmocka_unit_test(a_step_lock_needs_the_group_key_too),
        cmocka_unit_test(the_public_half_belongs_to_the_box),
        cmocka_unit_test(a_box_opens_in_its_place_only),
        cmocka_unit_test(the_key_in_a_slot_may_be_any),
        cmocka_unit_test(a_zero_shared_secret_is_an_error),
        cmocka_unit_test(sealing_again_draws_again),
        cmocka_unit_test(the_hash_given_is_the_hash_of_the_bytes),
        cmocka_unit_test(a_signature_is_its_signers),
        cmocka_unit_test(what_does_not_fit_is_too_long),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

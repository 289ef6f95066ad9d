/* Noise against the published vectors of golang-github-flynn-noise-dev, read from where the
 * package installs them, and what a handshake must refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/noise.h"
#include "tests/support/hex.h"
#include "tests/support/seeded.h"

#define VECTORS_PATH "/usr/share/gocode/src/github.com/flynn/noise/vectors.txt"
#define VECTORS_NAME "Noise_XK_25519_ChaChaPoly_SHA256"

enum {
    VECTORS_EXPECTED = 4,
    VECTOR_MESSAGES = 5, /* three of the handshake, one each way after it */
    VECTOR_BYTES_MAX = 128,
    LINE_BYTES_MAX = 1024,
};

struct run {
    uint8_t data[VECTOR_BYTES_MAX];
    size_t count;
};

struct vector {
    struct run init_static, resp_static, init_ephemeral, resp_ephemeral, prologue;
    struct run payload[VECTOR_MESSAGES];
    struct run ciphertext[VECTOR_MESSAGES];
};

static struct bytes bytes_of(const struct run *run)
{
    return (struct bytes){.data = run->data, .count = run->count};
}

static void parse_hex(const char *hex, struct run *run)
{
    run->count = hex_parse(hex, run->data, sizeof run->data);
}

static void parse_field(const char *name, const char *hex, struct vector *vector)
{
    size_t number = strncmp(name, "msg_", 4) == 0 ? (size_t)(name[4] - '0') : VECTOR_MESSAGES;

    if (strcmp(name, "init_static") == 0) {
        parse_hex(hex, &vector->init_static);
    } else if (strcmp(name, "resp_static") == 0) {
        parse_hex(hex, &vector->resp_static);
    } else if (strcmp(name, "gen_init_ephemeral") == 0) {
        parse_hex(hex, &vector->init_ephemeral);
    } else if (strcmp(name, "gen_resp_ephemeral") == 0) {
        parse_hex(hex, &vector->resp_ephemeral);
    } else if (strcmp(name, "prologue") == 0) {
        parse_hex(hex, &vector->prologue);
    } else if (number < VECTOR_MESSAGES && strcmp(name + 5, "_payload") == 0) {
        parse_hex(hex, &vector->payload[number]);
    } else if (number < VECTOR_MESSAGES && strcmp(name + 5, "_ciphertext") == 0) {
        parse_hex(hex, &vector->ciphertext[number]);
    } else {
        fail_msg("a field this test does not know: %s", name);
    }
}

/* Reads lines up to an empty one. */
static void parse_vector(FILE *file, struct vector *vector)
{
    char line[LINE_BYTES_MAX];

    *vector = (struct vector){0};
    while (fgets(line, sizeof line, file) != NULL && line[0] != '\n') {
        char *equals = strchr(line, '=');

        assert_non_null(equals);
        *equals = '\0';
        line[strcspn(line, "\n")] = '\0';
        parse_field(line, equals + 1, vector);
    }
}

static void fill_from_run(void *context, void *out, size_t count)
{
    const struct run *run = context;

    assert_int_equal(run->count, count);
    memcpy(out, run->data, count);
}

static struct entropy entropy_of(struct run *run)
{
    return (struct entropy){.fill = fill_from_run, .context = run};
}

static void pass_greeting(struct noise *from, struct noise *to, const struct run *payload,
                          const struct run *ciphertext)
{
    uint8_t message[VECTOR_BYTES_MAX];
    uint8_t read[VECTOR_BYTES_MAX];
    size_t count = 0;
    size_t read_count = 0;

    assert_int_equal(noise_write(from, bytes_of(payload), message, sizeof message, &count),
                     STATUS_OK);
    assert_int_equal(count, ciphertext->count);
    assert_memory_equal(message, ciphertext->data, count);
    assert_int_equal(
        noise_read(to, (struct bytes){.data = message, .count = count}, read, &read_count),
        STATUS_OK);
    assert_int_equal(read_count, payload->count);
    assert_memory_equal(read, payload->data, read_count);
}

static void pass_sealed(struct noise *from, struct noise *to, const struct run *payload,
                        const struct run *ciphertext)
{
    struct run run = *payload;
    size_t count = 0;

    assert_int_equal(noise_seal(from, run.data, run.count), STATUS_OK);
    assert_int_equal(run.count + NOISE_TAG_BYTES, ciphertext->count);
    assert_memory_equal(run.data, ciphertext->data, ciphertext->count);
    assert_int_equal(noise_open(to, run.data, ciphertext->count, &count), STATUS_OK);
    assert_int_equal(count, payload->count);
    assert_memory_equal(run.data, payload->data, count);
}

static void check_vector(struct vector *vector)
{
    struct noise_keypair init_keys;
    struct noise_keypair resp_keys;
    struct noise initiator;
    struct noise responder;

    noise_keypair_from(vector->init_static.data, &init_keys);
    noise_keypair_from(vector->resp_static.data, &resp_keys);
    noise_init_initiator(&initiator, bytes_of(&vector->prologue), &init_keys,
                         resp_keys.public_key, entropy_of(&vector->init_ephemeral));
    noise_init_responder(&responder, bytes_of(&vector->prologue), &resp_keys,
                         entropy_of(&vector->resp_ephemeral));

    pass_greeting(&initiator, &responder, &vector->payload[0], &vector->ciphertext[0]);
    pass_greeting(&responder, &initiator, &vector->payload[1], &vector->ciphertext[1]);
    pass_greeting(&initiator, &responder, &vector->payload[2], &vector->ciphertext[2]);
    assert_int_equal(initiator.state, NOISE_READY);
    assert_int_equal(responder.state, NOISE_READY);
    assert_memory_equal(responder.rs, init_keys.public_key, NOISE_KEY_BYTES);
    assert_memory_equal(initiator.h, responder.h, NOISE_HASH_BYTES);
    pass_sealed(&initiator, &responder, &vector->payload[3], &vector->ciphertext[3]);
    pass_sealed(&responder, &initiator, &vector->payload[4], &vector->ciphertext[4]);
}

static void the_published_vectors_come_out(void **state)
{
    char line[LINE_BYTES_MAX];
    size_t found = 0;
    FILE *file = fopen(VECTORS_PATH, "r");

    (void)state;
    if (file == NULL) {
        fail_msg("cannot read %s: install golang-github-flynn-noise-dev", VECTORS_PATH);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        struct vector vector;

        if (strcmp(line, "handshake=" VECTORS_NAME "\n") == 0) {
            parse_vector(file, &vector);
            check_vector(&vector);
            found++;
        }
    }
    (void)fclose(file);
    assert_int_equal(found, VECTORS_EXPECTED);
}

/* Two sides that know each other, before message 1. */
struct pair {
    struct seeded seeded;
    struct noise_keypair init_keys, resp_keys;
    struct noise initiator, responder;
};

static void pair_begin(struct pair *pair, const char *init_prologue, const char *resp_prologue)
{
    uint8_t secret_key[NOISE_KEY_BYTES];
    struct entropy entropy = seeded_entropy(&pair->seeded);

    pair->seeded.state = 4;
    entropy_fill(&entropy, secret_key, sizeof secret_key);
    noise_keypair_from(secret_key, &pair->init_keys);
    entropy_fill(&entropy, secret_key, sizeof secret_key);
    noise_keypair_from(secret_key, &pair->resp_keys);
    noise_init_initiator(
        &pair->initiator,
        (struct bytes){.data = (const uint8_t *)init_prologue, .count = strlen(init_prologue)},
        &pair->init_keys, pair->resp_keys.public_key, entropy);
    noise_init_responder(
        &pair->responder,
        (struct bytes){.data = (const uint8_t *)resp_prologue, .count = strlen(resp_prologue)},
        &pair->resp_keys, entropy);
}

/* Carries the message that is due; flip: which bit of it to turn over, -1 for none. */
static enum status carry(struct noise *from, struct noise *to, int flip)
{
    uint8_t message[VECTOR_BYTES_MAX];
    uint8_t payload[VECTOR_BYTES_MAX];
    size_t count = 0;

    assert_int_equal(noise_write(from, (struct bytes){.data = NULL, .count = 0}, message,
                                 sizeof message, &count),
                     STATUS_OK);
    if (flip >= 0) {
        message[flip / 8] = (uint8_t)(message[flip / 8] ^ 1U << (flip % 8));
    }
    return noise_read(to, (struct bytes){.data = message, .count = count}, payload, &count);
}

static void pair_shake(struct pair *pair)
{
    pair_begin(pair, "p", "p");
    assert_int_equal(carry(&pair->initiator, &pair->responder, -1), STATUS_OK);
    assert_int_equal(carry(&pair->responder, &pair->initiator, -1), STATUS_OK);
    assert_int_equal(carry(&pair->initiator, &pair->responder, -1), STATUS_OK);
}

static void another_prologue_or_key_does_not_verify(void **state)
{
    struct pair pair;

    (void)state;
    pair_begin(&pair, "kring/1", "kring/2");
    assert_int_equal(carry(&pair.initiator, &pair.responder, -1), STATUS_CRYPTO);
    assert_int_equal(pair.responder.state, NOISE_FAILED);

    pair_begin(&pair, "p", "p");
    noise_init_responder(&pair.responder,
                         (struct bytes){.data = (const uint8_t *)"p", .count = 1},
                         &pair.init_keys, seeded_entropy(&pair.seeded));
    assert_int_equal(carry(&pair.initiator, &pair.responder, -1), STATUS_CRYPTO);
}

static void any_flipped_bit_is_noticed(void **state)
{
    struct pair pair;

    (void)state;
    /* Bit 255 of an X25519 key is not part of it, but it is hashed, so it is noticed too. */
    for (int bit = 0; bit < 8 * NOISE_MESSAGE_1_BYTES; bit++) {
        pair_begin(&pair, "p", "p");
        assert_int_not_equal(carry(&pair.initiator, &pair.responder, bit), STATUS_OK);
        assert_int_equal(pair.responder.state, NOISE_FAILED);
    }
    for (int bit = 0; bit < 8 * NOISE_MESSAGE_2_BYTES; bit++) {
        pair_begin(&pair, "p", "p");
        assert_int_equal(carry(&pair.initiator, &pair.responder, -1), STATUS_OK);
        assert_int_not_equal(carry(&pair.responder, &pair.initiator, bit), STATUS_OK);
    }
    for (int bit = 0; bit < 8 * NOISE_MESSAGE_3_BYTES; bit++) {
        pair_begin(&pair, "p", "p");
        assert_int_equal(carry(&pair.initiator, &pair.responder, -1), STATUS_OK);
        assert_int_equal(carry(&pair.responder, &pair.initiator, -1), STATUS_OK);
        assert_int_not_equal(carry(&pair.initiator, &pair.responder, bit), STATUS_OK);
    }
}

static void short_messages_are_malformed(void **state)
{
    uint8_t message[NOISE_MESSAGE_1_BYTES];
    uint8_t payload[NOISE_MESSAGE_1_BYTES];
    struct pair pair;
    size_t count;

    (void)state;
    for (size_t length = 0; length < NOISE_MESSAGE_1_BYTES; length++) {
        pair_begin(&pair, "p", "p");
        assert_int_equal(noise_write(&pair.initiator, (struct bytes){.data = NULL, .count = 0},
                                     message, sizeof message, &count),
                         STATUS_OK);
        assert_int_equal(noise_read(&pair.responder,
                                    (struct bytes){.data = message, .count = length}, payload,
                                    &count),
                         STATUS_MALFORMED);
    }
}

static void a_key_of_small_order_is_an_error(void **state)
{
    /* u = 0 and u = 1, from RFC 7748 section 6.1's check and its companions. */
    static const uint8_t small[2][NOISE_KEY_BYTES] = {{0}, {1}};
    uint8_t message[NOISE_MESSAGE_1_BYTES] = {0};
    uint8_t payload[NOISE_MESSAGE_1_BYTES];
    struct pair pair;
    size_t count;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        pair_begin(&pair, "p", "p");
        memcpy(message, small[i], NOISE_KEY_BYTES);
        assert_int_equal(noise_read(&pair.responder,
                                    (struct bytes){.data = message, .count = sizeof message},
                                    payload, &count),
                         STATUS_BAD_KEY);
        noise_init_initiator(&pair.initiator, (struct bytes){.data = NULL, .count = 0},
                             &pair.init_keys, small[i], seeded_entropy(&pair.seeded));
        assert_int_equal(noise_write(&pair.initiator, (struct bytes){.data = NULL, .count = 0},
                                     message, sizeof message, &count),
                         STATUS_BAD_KEY);
    }
}

static void out_of_turn_is_refused(void **state)
{
    uint8_t buffer[VECTOR_BYTES_MAX] = {0};
    struct pair pair;
    size_t count;

    (void)state;
    pair_begin(&pair, "p", "p");
    assert_int_equal(noise_write(&pair.responder, (struct bytes){.data = NULL, .count = 0},
                                 buffer, sizeof buffer, &count),
                     STATUS_BAD_STATE);
    assert_int_equal(noise_seal(&pair.initiator, buffer, 1), STATUS_BAD_STATE);
    assert_int_equal(noise_open(&pair.initiator, buffer, 17, &count), STATUS_BAD_STATE);
    assert_int_equal(noise_write(&pair.initiator, (struct bytes){.data = NULL, .count = 0},
                                 buffer, NOISE_MESSAGE_1_BYTES - 1, &count),
                     STATUS_TOO_LONG);
}

static void sealed_messages_come_once_and_in_order(void **state)
{
    uint8_t first[1 + NOISE_TAG_BYTES] = {1};
    uint8_t second[1 + NOISE_TAG_BYTES] = {2};
    uint8_t again[sizeof first];
    struct pair pair;
    size_t count = 0;

    (void)state;
    pair_shake(&pair);
    assert_int_equal(noise_seal(&pair.initiator, first, 1), STATUS_OK);
    assert_int_equal(noise_seal(&pair.initiator, second, 1), STATUS_OK);
    memcpy(again, second, sizeof again);
    assert_int_equal(noise_open(&pair.responder, again, sizeof again, &count), STATUS_CRYPTO);
    memcpy(again, first, sizeof again);
    assert_int_equal(noise_open(&pair.responder, first, sizeof first, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(first[0], 1);
    assert_int_equal(noise_open(&pair.responder, again, sizeof again, &count), STATUS_CRYPTO);
    assert_int_equal(noise_open(&pair.responder, second, NOISE_TAG_BYTES - 1, &count),
                     STATUS_MALFORMED);
    assert_int_equal(noise_open(&pair.responder, second, sizeof second, &count), STATUS_OK);
}

static void the_last_nonce_is_never_used(void **state)
{
    uint8_t data[2 * NOISE_TAG_BYTES] = {0};
    struct pair pair;
    size_t count;

    (void)state;
    pair_shake(&pair);
    pair.initiator.sending.nonce = UINT64_MAX - 1;
    assert_int_equal(noise_seal(&pair.initiator, data, 1), STATUS_OK);
    assert_int_equal(noise_seal(&pair.initiator, data, 1), STATUS_CRYPTO);
    pair.initiator.receiving.nonce = UINT64_MAX;
    assert_int_equal(noise_open(&pair.initiator, data, sizeof data, &count), STATUS_CRYPTO);
}

static void secrets_of_the_handshake_are_gone_after_it(void **state)
{
    static const struct noise_keypair no_keypair;
    static const struct noise nothing;
    struct pair pair;

    (void)state;
    pair_shake(&pair);
    assert_memory_equal(&pair.initiator.s, &no_keypair, sizeof no_keypair);
    assert_memory_equal(&pair.initiator.e, &no_keypair, sizeof no_keypair);
    assert_memory_equal(pair.initiator.ck, nothing.ck, sizeof nothing.ck);
    assert_memory_equal(&pair.initiator.handshake, &nothing.handshake,
                        sizeof nothing.handshake);
    noise_finish(&pair.initiator);
    assert_memory_equal(&pair.initiator, &nothing, sizeof nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_come_out),
        cmocka_unit_test(another_prologue_or_key_does_not_verify),
        cmocka_unit_test(any_flipped_bit_is_noticed),
        cmocka_unit_test(short_messages_are_malformed),
        cmocka_unit_test(a_key_of_small_order_is_an_error),
        cmocka_unit_test(out_of_turn_is_refused),
        cmocka_unit_test(sealed_messages_come_once_and_in_order),
        cmocka_unit_test(the_last_nonce_is_never_used),
        cmocka_unit_test(secrets_of_the_handshake_are_gone_after_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

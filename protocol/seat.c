#include "protocol/seat.h"

#include <assert.h>
#include <string.h>

#include "common/secret.h"
#include "protocol/hash.h"

/* Contexts and numbers of crypto_kdf: changing one changes everyone's keys. */
static const char seat_context[crypto_kdf_CONTEXTBYTES + 1] = "kring/1s";
static const char link_context[crypto_kdf_CONTEXTBYTES + 1] = "kring/1l";
enum seat_subkey { SEAT_NOISE = 1, SEAT_BOX = 2, SEAT_SIGN = 3 };
enum link_subkey { LINK_SIGN = 1, LINK_BOX = 2 };

static const char ticket_tag[] = "kring/1 ticket";
static const char invite_tag[] = "kring/1 invite";

enum {
    TICKET_MESSAGE_BYTES = sizeof ticket_tag - 1 + HASH_BYTES,
    INVITE_MESSAGE_BYTES = sizeof invite_tag - 1 + HASH_BYTES + 3 * KEY_BYTES,
};

static_assert(SEED_BYTES == crypto_kdf_KEYBYTES && SEED_BYTES == crypto_sign_SEEDBYTES,
              "seeds are what libsodium takes");
static_assert(SIGN_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "as libsodium keeps them");
static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");

static void derive(const uint8_t seed[SEED_BYTES], const char *context, uint64_t number,
                   uint8_t out[KEY_BYTES])
{
    (void)crypto_kdf_derive_from_key(out, KEY_BYTES, number, context, seed);
}

static void derive_sign(const uint8_t seed[SEED_BYTES], const char *context, uint64_t number,
                        uint8_t public_out[KEY_BYTES], uint8_t secret_out[SIGN_SECRET_BYTES])
{
    uint8_t sign_seed[KEY_BYTES];

    derive(seed, context, number, sign_seed);
    (void)crypto_sign_seed_keypair(public_out, secret_out, sign_seed);
    secret_wipe(sign_seed, sizeof sign_seed);
}

void seat_derive(const uint8_t seed[SEED_BYTES], struct seat *seat_out)
{
    derive(seed, seat_context, SEAT_NOISE, seat_out->noise_secret);
    derive(seed, seat_context, SEAT_BOX, seat_out->box_secret);
    derive_sign(seed, seat_context, SEAT_SIGN, seat_out->keys.sign, seat_out->sign_secret);
    (void)crypto_scalarmult_base(seat_out->keys.noise, seat_out->noise_secret);
    (void)crypto_scalarmult_base(seat_out->keys.box, seat_out->box_secret);
}

void seat_wipe(struct seat *seat)
{
    secret_wipe(seat, sizeof *seat);
}

void link_sign_keys(const uint8_t seed[SEED_BYTES], uint8_t public_out[KEY_BYTES],
                    uint8_t secret_out[SIGN_SECRET_BYTES])
{
    derive_sign(seed, link_context, LINK_SIGN, public_out, secret_out);
}

void recovery_derive(const uint8_t seed[SEED_BYTES], struct recovery_keys *keys_out,
                     uint8_t box_secret_out[KEY_BYTES])
{
    uint8_t sign_secret[SIGN_SECRET_BYTES];

    link_sign_keys(seed, keys_out->sign, sign_secret);
    derive(seed, link_context, LINK_BOX, box_secret_out);
    (void)crypto_scalarmult_base(keys_out->box, box_secret_out);
    secret_wipe(sign_secret, sizeof sign_secret);
}

void key_group(const uint8_t f[KEY_BYTES], uint8_t k_out[KEY_BYTES])
{
    struct hash hash;

    hash_init(&hash, f, KEY_BYTES);
    hash_add_text(&hash, "kring/1 group");
    hash_finish(&hash, k_out);
}

void key_group_check(const uint8_t k[KEY_BYTES], uint8_t check_out[HASH_BYTES])
{
    struct hash hash;

    hash_init(&hash, NULL, 0);
    hash_add_text(&hash, "kring/1 check");
    hash_add(&hash, k, KEY_BYTES);
    hash_finish(&hash, check_out);
}

enum status key_step(const uint8_t f[KEY_BYTES], const uint8_t session[HASH_BYTES],
                     uint16_t step, uint8_t secret_out[KEY_BYTES],
                     uint8_t public_out[KEY_BYTES])
{
    struct hash hash;
    uint8_t number[4];

    bytes_put_u32(number, step);
    hash_init(&hash, f, KEY_BYTES);
    hash_add_text(&hash, "kring/1 step");
    hash_add(&hash, session, HASH_BYTES);
    hash_add(&hash, number, sizeof number);
    hash_finish(&hash, secret_out);
    if (crypto_scalarmult_base(public_out, secret_out) != 0) {
        return STATUS_BAD_KEY;
    }
    return STATUS_OK;
}

bool key_matches(const uint8_t secret[KEY_BYTES], const uint8_t public_key[KEY_BYTES])
{
    uint8_t calculated[KEY_BYTES];

    return crypto_scalarmult_base(calculated, secret) == 0 &&
           secret_equal(calculated, public_key, KEY_BYTES);
}

/* Below 2^255 - 19, with the highest bit clear (RFC 7748 would take others, modulo). */
static bool is_canonical(const uint8_t key[KEY_BYTES])
{
    if (key[KEY_BYTES - 1] != 0x7f) {
        return key[KEY_BYTES - 1] < 0x7f;
    }
    for (size_t i = KEY_BYTES - 2; i > 0; i--) {
        if (key[i] != 0xff) {
            return true;
        }
    }
    return key[0] < 0xed;
}

/* The points of order 1, 2, 4 and 8 on the curve and its twist that have a canonical form:
 * 0, 1, p - 1, and the two of order 8 (https://cr.yp.to/ecdh.html#validate). */
static const uint8_t small_order[][KEY_BYTES] = {
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
};

bool key_box_usable(const uint8_t key[KEY_BYTES])
{
    if (!is_canonical(key)) {
        return false;
    }
    for (size_t i = 0; i < sizeof small_order / sizeof small_order[0]; i++) {
        if (memcmp(key, small_order[i], KEY_BYTES) == 0) {
            return false;
        }
    }
    return true;
}

/* Older libsodium lets a point pass that is one of the group with (0, -1) added. L + 1 times a
 * point of the group, which has L elements, is the point itself; of any other it is not. */
bool key_sign_usable(const uint8_t key[KEY_BYTES])
{
    static const uint8_t one_more_than_the_order[KEY_BYTES] = {
        0xee, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
        0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    uint8_t same[KEY_BYTES];

    return crypto_core_ed25519_is_valid_point(key) == 1 &&
           crypto_scalarmult_ed25519_noclamp(same, one_more_than_the_order, key) == 0 &&
           memcmp(same, key, KEY_BYTES) == 0;
}

static void ticket_message(const uint8_t genesis[HASH_BYTES], uint8_t out[TICKET_MESSAGE_BYTES])
{
    memcpy(out, ticket_tag, sizeof ticket_tag - 1);
    memcpy(out + sizeof ticket_tag - 1, genesis, HASH_BYTES);
}

void proof_ticket(const uint8_t secret[SIGN_SECRET_BYTES], const uint8_t genesis[HASH_BYTES],
                  uint8_t proof_out[SIGNATURE_BYTES])
{
    uint8_t message[TICKET_MESSAGE_BYTES];

    ticket_message(genesis, message);
    (void)crypto_sign_detached(proof_out, NULL, message, sizeof message, secret);
}

bool proof_ticket_good(const uint8_t key[KEY_BYTES], const uint8_t genesis[HASH_BYTES],
                       const uint8_t proof[SIGNATURE_BYTES])
{
    uint8_t message[TICKET_MESSAGE_BYTES];

    ticket_message(genesis, message);
    return crypto_sign_verify_detached(proof, message, sizeof message, key) == 0;
}

static void invite_message(const uint8_t session[HASH_BYTES], const struct device_keys *device,
                           uint8_t out[INVITE_MESSAGE_BYTES])
{
    uint8_t *at = out;

    memcpy(at, invite_tag, sizeof invite_tag - 1);
    at += sizeof invite_tag - 1;
    memcpy(at, session, HASH_BYTES);
    at += HASH_BYTES;
    memcpy(at, device->noise, KEY_BYTES);
    memcpy(at + KEY_BYTES, device->box, KEY_BYTES);
    memcpy(at + (size_t)2 * KEY_BYTES, device->sign, KEY_BYTES);
}

void proof_invite(const uint8_t secret[SIGN_SECRET_BYTES], const uint8_t session[HASH_BYTES],
                  const struct device_keys *device, uint8_t proof_out[SIGNATURE_BYTES])
{
    uint8_t message[INVITE_MESSAGE_BYTES];

    invite_message(session, device, message);
    (void)crypto_sign_detached(proof_out, NULL, message, sizeof message, secret);
}

bool proof_invite_good(const uint8_t key[KEY_BYTES], const uint8_t session[HASH_BYTES],
                       const struct device_keys *device, const uint8_t proof[SIGNATURE_BYTES])
{
    uint8_t message[INVITE_MESSAGE_BYTES];

    invite_message(session, device, message);
    return crypto_sign_verify_detached(proof, message, sizeof message, key) == 0;
}

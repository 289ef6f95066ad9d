#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "protocol/hash.h"
#include "protocol/seat.h"

static void from_hex(const char *hex, uint8_t out[KEY_BYTES])
{
    size_t count;

    assert_int_equal(sodium_hex2bin(out, KEY_BYTES, hex, strlen(hex), NULL, &count, NULL), 0);
    assert_int_equal(count, KEY_BYTES);
}

static void a_seat_has_three_unrelated_keys(void **state)
{
    static const uint8_t seed[SEED_BYTES] = {9};
    struct seat seat;
    struct seat again;
    uint8_t expected[KEY_BYTES];
    uint8_t sign_seed[KEY_BYTES];

    (void)state;
    seat_derive(seed, &seat);
    seat_derive(seed, &again);
    assert_memory_equal(&seat, &again, sizeof seat);

    crypto_kdf_derive_from_key(expected, KEY_BYTES, 1, "kring/1s", seed);
    assert_memory_equal(seat.noise_secret, expected, KEY_BYTES);
    crypto_kdf_derive_from_key(expected, KEY_BYTES, 2, "kring/1s", seed);
    assert_memory_equal(seat.box_secret, expected, KEY_BYTES);
    crypto_kdf_derive_from_key(sign_seed, KEY_BYTES, 3, "kring/1s", seed);
    crypto_sign_ed25519_sk_to_seed(expected, seat.sign_secret);
    assert_memory_equal(expected, sign_seed, KEY_BYTES);

    assert_true(key_matches(seat.noise_secret, seat.keys.noise));
    assert_true(key_matches(seat.box_secret, seat.keys.box));
    assert_false(key_matches(seat.box_secret, seat.keys.noise));
    assert_true(key_box_usable(seat.keys.noise));
    assert_true(key_box_usable(seat.keys.box));
    assert_true(key_sign_usable(seat.keys.sign));
}

static void wiping_leaves_zeros(void **state)
{
    static const uint8_t seed[SEED_BYTES] = {9};
    static const struct seat zero;
    struct seat seat;

    (void)state;
    seat_derive(seed, &seat);
    seat_wipe(&seat);
    assert_memory_equal(&seat, &zero, sizeof seat);
}

static void recovery_signs_as_its_link_does(void **state)
{
    static const uint8_t seed[SEED_BYTES] = {7};
    struct recovery_keys keys;
    uint8_t box_secret[KEY_BYTES];
    uint8_t sign_public[KEY_BYTES];
    uint8_t sign_secret[SIGN_SECRET_BYTES];

    (void)state;
    recovery_derive(seed, &keys, box_secret);
    link_sign_keys(seed, sign_public, sign_secret);
    assert_memory_equal(keys.sign, sign_public, KEY_BYTES);
    assert_true(key_matches(box_secret, keys.box));
    assert_true(key_sign_usable(keys.sign));
}

static void group_key_and_its_check_follow_from_f(void **state)
{
    static const uint8_t f[KEY_BYTES] = {5};
    uint8_t k[KEY_BYTES];
    uint8_t check[HASH_BYTES];
    uint8_t expected[HASH_BYTES];
    uint8_t bytes[13 + KEY_BYTES] = "kring/1 check";

    (void)state;
    key_group(f, k);
    crypto_generichash(expected, sizeof expected, (const uint8_t *)"kring/1 group", 13, f,
                       KEY_BYTES);
    assert_memory_equal(k, expected, KEY_BYTES);
    key_group_check(k, check);
    memcpy(bytes + 13, k, KEY_BYTES);
    hash_of((struct bytes){bytes, sizeof bytes}, expected);
    assert_memory_equal(check, expected, HASH_BYTES);
}

static void step_keys_differ_by_f_session_and_step(void **state)
{
    static const uint8_t f[2][KEY_BYTES] = {{5}, {6}};
    static const uint8_t session[2][HASH_BYTES] = {{1}, {2}};
    uint8_t secrets[4][KEY_BYTES];
    uint8_t publics[4][KEY_BYTES];
    uint8_t message[12 + HASH_BYTES + 4] = "kring/1 step";
    uint8_t expected[KEY_BYTES];

    (void)state;
    assert_int_equal(key_step(f[0], session[0], 258, secrets[0], publics[0]), STATUS_OK);
    assert_int_equal(key_step(f[1], session[0], 258, secrets[1], publics[1]), STATUS_OK);
    assert_int_equal(key_step(f[0], session[1], 258, secrets[2], publics[2]), STATUS_OK);
    assert_int_equal(key_step(f[0], session[0], 3, secrets[3], publics[3]), STATUS_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_true(key_matches(secrets[i], publics[i]));
        for (size_t j = i + 1; j < 4; j++) {
            assert_memory_not_equal(secrets[i], secrets[j], KEY_BYTES);
            assert_false(key_matches(secrets[i], publics[j]));
        }
    }
    memcpy(message + 12, session[0], HASH_BYTES);
    message[sizeof message - 2] = 1; /* 258, 4 bytes big-endian */
    message[sizeof message - 1] = 2;
    crypto_generichash(expected, sizeof expected, message, sizeof message, f[0], KEY_BYTES);
    assert_memory_equal(secrets[0], expected, KEY_BYTES);
}

static void keys_of_small_order_are_refused(void **state)
{
    /* https://cr.yp.to/ecdh.html#validate: those below 2^256, canonical or not. */
    static const char *const hex[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
        "4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
        "d9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    static const uint8_t scalar[KEY_BYTES] = {1, 2, 3};
    uint8_t key[KEY_BYTES];
    uint8_t shared[KEY_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof hex / sizeof hex[0]; i++) {
        from_hex(hex[i], key);
        if (key[KEY_BYTES - 1] < 0x80) { /* of the others RFC 7748 ignores the highest bit */
            assert_int_equal(crypto_scalarmult(shared, scalar, key), -1);
        }
        assert_false(key_box_usable(key));
    }
}

static void keys_that_are_not_canonical_are_refused(void **state)
{
    uint8_t key[KEY_BYTES];

    (void)state;
    from_hex("0900000000000000000000000000000000000000000000000000000000000000", key);
    assert_true(key_box_usable(key)); /* the base point */
    key[KEY_BYTES - 1] = 0x80;
    assert_false(key_box_usable(key)); /* the same point to RFC 7748 */
    from_hex("f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", key);
    assert_false(key_box_usable(key)); /* 9 + p: again the same */
    from_hex("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", key);
    assert_true(key_box_usable(key)); /* p - 2 */
    from_hex("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", key);
    assert_false(key_box_usable(key));
    from_hex("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f7f", key);
    assert_true(key_box_usable(key));
}

static void proofs_hold_for_what_they_were_made_for(void **state)
{
    static const uint8_t seed[SEED_BYTES] = {3};
    static const uint8_t session[2][HASH_BYTES] = {{1}, {2}};
    struct seat seat;
    struct device_keys other;
    uint8_t key[KEY_BYTES];
    uint8_t secret[SIGN_SECRET_BYTES];
    uint8_t proof[SIGNATURE_BYTES];

    (void)state;
    seat_derive(seed, &seat);
    link_sign_keys(seed, key, secret);
    proof_ticket(secret, session[0], proof);
    assert_true(proof_ticket_good(key, session[0], proof));
    assert_false(proof_ticket_good(key, session[1], proof));
    assert_false(proof_ticket_good(seat.keys.sign, session[0], proof));
    assert_false(proof_invite_good(key, session[0], &seat.keys, proof));

    proof_invite(secret, session[0], &seat.keys, proof);
    assert_true(proof_invite_good(key, session[0], &seat.keys, proof));
    assert_false(proof_invite_good(key, session[1], &seat.keys, proof));
    assert_false(proof_ticket_good(key, session[0], proof));
    for (size_t i = 0; i < sizeof other; i += KEY_BYTES) {
        other = seat.keys;
        ((uint8_t *)&other)[i] ^= 1;
        assert_false(proof_invite_good(key, session[0], &other, proof));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seat_has_three_unrelated_keys),
        cmocka_unit_test(wiping_leaves_zeros),
        cmocka_unit_test(recovery_signs_as_its_link_does),
        cmocka_unit_test(group_key_and_its_check_follow_from_f),
        cmocka_unit_test(step_keys_differ_by_f_session_and_step),
        cmocka_unit_test(keys_of_small_order_are_refused),
        cmocka_unit_test(keys_that_are_not_canonical_are_refused),
        cmocka_unit_test(proofs_hold_for_what_they_were_made_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

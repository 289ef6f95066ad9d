#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/vault.h"

static struct bytes text(const char *string)
{
    return (struct bytes){.data = (const uint8_t *)string, .count = strlen(string)};
}

static void what_was_sealed_opens_again_and_only_there(void **state)
{
    const uint8_t seed[SEED_BYTES] = {1}, other_seed[SEED_BYTES] = {2};
    struct entropy entropy = entropy_system();
    struct vault vault, other;
    uint8_t sealed[64], again[64], plain[64];
    struct bytes whole = {sealed, 6 + VAULT_OVERHEAD_BYTES};
    size_t count = 0;

    (void)state;
    assert_int_equal(vault_start(), STATUS_OK);
    vault_init(&vault, seed);
    vault_init(&other, other_seed);
    vault_seal(&vault, text("draft 1"), text("secret"), &entropy, sealed);
    assert_int_equal(vault_open(&vault, text("draft 1"), whole, plain, &count), STATUS_OK);
    assert_int_equal(count, 6);
    assert_memory_equal(plain, "secret", 6);

    assert_int_equal(vault_open(&vault, text("draft 2"), whole, plain, &count), STATUS_CRYPTO);
    assert_int_equal(vault_open(&other, text("draft 1"), whole, plain, &count), STATUS_CRYPTO);
    sealed[30] ^= 1;
    assert_int_equal(vault_open(&vault, text("draft 1"), whole, plain, &count), STATUS_CRYPTO);
    whole.count = VAULT_OVERHEAD_BYTES - 1;
    assert_int_equal(vault_open(&vault, text("draft 1"), whole, plain, &count),
                     STATUS_MALFORMED);

    vault_seal(&vault, text("draft 1"), text("secret"), &entropy, again);
    assert_memory_not_equal(sealed, again, 6 + VAULT_OVERHEAD_BYTES);
    vault_finish(&vault);
    vault_finish(&other);
}

static void nothing_can_be_sealed_too(void **state)
{
    const uint8_t seed[SEED_BYTES] = {1};
    struct entropy entropy = entropy_system();
    struct vault vault;
    uint8_t sealed[VAULT_OVERHEAD_BYTES], plain[1];
    size_t count = 1;

    (void)state;
    vault_init(&vault, seed);
    vault_seal(&vault, text("x"), (struct bytes){NULL, 0}, &entropy, sealed);
    assert_int_equal(
        vault_open(&vault, text("x"), (struct bytes){sealed, sizeof sealed}, plain, &count),
        STATUS_OK);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens_again_and_only_there),
        cmocka_unit_test(nothing_can_be_sealed_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

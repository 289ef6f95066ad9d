#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/hash.h"

static void assert_hex(const uint8_t hash[HASH_BYTES], const char *hex)
{
    char text[2 * HASH_BYTES + 1];

    sodium_bin2hex(text, sizeof text, hash, HASH_BYTES);
    assert_string_equal(text, hex);
}

static void of(const uint8_t *key, size_t key_count, const char *text, uint8_t out[HASH_BYTES])
{
    struct hash hash;

    hash_init(&hash, key, key_count);
    hash_add_text(&hash, text);
    hash_finish(&hash, out);
}

/* BLAKE2b with 32 bytes of output; the unkeyed ones are published widely, all four agree with
 * Python's hashlib. */
static void it_is_blake2b_256(void **state)
{
    uint8_t key[64];
    uint8_t out[HASH_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)i;
    }
    of(NULL, 0, "abc", out);
    assert_hex(out, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    of(NULL, 0, "", out);
    assert_hex(out, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    of(key, 32, "abc", out);
    assert_hex(out, "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
    of(key, 64, "abc", out);
    assert_hex(out, "dff38c978666dff5631db35ca15535520d134f5c8060ea569c6a178ad393719f");
}

static void parts_are_one_whole(void **state)
{
    struct hash hash;
    uint8_t in_parts[HASH_BYTES];
    uint8_t whole[HASH_BYTES];
    uint8_t bytes[300];

    (void)state;
    memset(bytes, 7, sizeof bytes);
    hash_init(&hash, NULL, 0);
    hash_add(&hash, bytes, 1);
    hash_add(&hash, NULL, 0);
    hash_add(&hash, bytes, 128);
    hash_add(&hash, bytes, 171);
    hash_finish(&hash, in_parts);
    hash_of((struct bytes){bytes, sizeof bytes}, whole);
    assert_memory_equal(in_parts, whole, HASH_BYTES);
}

static void finishing_wipes(void **state)
{
    static const struct hash zero;
    struct hash hash;
    uint8_t key[32] = {1};
    uint8_t out[HASH_BYTES];

    (void)state;
    hash_init(&hash, key, sizeof key);
    hash_finish(&hash, out);
    assert_memory_equal(&hash, &zero, sizeof hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_blake2b_256),
        cmocka_unit_test(parts_are_one_whole),
        cmocka_unit_test(finishing_wipes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/pad.h"

static const size_t sizes[] = {256,  384,  512,  768,   1024,  1536,  2048,  3072,
                               4096, 6144, 8192, 12288, 16384, 24576, 32768, 49152};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void sizes_are_the_smallest_that_fit(void **state)
{
    size_t at = 0;

    (void)state;
    for (size_t count = 0; count <= PLAINTEXT_BYTES_MAX; count++) {
        if (count + 1 > sizes[at]) {
            at++;
        }
        assert_int_equal(pad_size(count), sizes[at]);
    }
    assert_int_equal(at, SIZES - 1);
}

static void only_sizes_are_good(void **state)
{
    size_t good = 0;

    (void)state;
    for (size_t size = 0; size < 2 * (size_t)BODY_PADDED_BYTES_MAX; size++) {
        if (pad_size_good(size)) {
            assert_int_equal(size, sizes[good]);
            good++;
        }
    }
    assert_int_equal(good, SIZES);
}

static void what_is_padded_is_found(void **state)
{
    static const size_t counts[] = {0, 1, 254, 255, 256, 257, 383, 384, 49150, 49151};
    static uint8_t data[BODY_PADDED_BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t found = 0;

        memset(data, 0x80, sizeof data); /* marks in the plaintext do not mislead */
        pad_add(data, counts[i]);
        assert_int_equal(data[counts[i]], 0x80);
        assert_int_equal(pad_find(data, pad_size(counts[i]), &found), STATUS_OK);
        assert_int_equal(found, counts[i]);
    }
}

static void what_is_not_padded_so_is_refused(void **state)
{
    static uint8_t data[512];
    size_t found = 7;

    (void)state;
    assert_int_equal(pad_find(data, 0, &found), STATUS_MALFORMED);
    assert_int_equal(pad_find(data, 256, &found), STATUS_MALFORMED); /* no mark */
    data[3] = 0x81;
    assert_int_equal(pad_find(data, 256, &found), STATUS_MALFORMED); /* another mark */
    data[3] = 0x80;
    assert_int_equal(pad_find(data, 384, &found), STATUS_MALFORMED); /* 256 would do */
    data[200] = 1;
    assert_int_equal(pad_find(data, 256, &found), STATUS_MALFORMED);
    assert_int_equal(found, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_the_smallest_that_fit),
        cmocka_unit_test(only_sizes_are_good),
        cmocka_unit_test(what_is_padded_is_found),
        cmocka_unit_test(what_is_not_padded_so_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

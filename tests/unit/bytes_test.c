#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/bytes.h"

static struct bytes text(const char *string)
{
    return (struct bytes){.data = (const uint8_t *)string, .count = strlen(string)};
}

static void integers_are_big_endian(void **state)
{
    uint8_t out[8];

    (void)state;
    bytes_put_u64(out, 0x0102030405060708U);
    assert_memory_equal(out, "\1\2\3\4\5\6\7\10", 8);
    assert_int_equal(bytes_get_u64(out), 0x0102030405060708U);
    bytes_put_u32(out, 0xfffefdfcU);
    assert_int_equal(bytes_get_u32(out), 0xfffefdfcU);
    assert_int_equal(bytes_get_u16(out), 0xfffe);
}

static void utf8_is_accepted_and_nothing_else(void **state)
{
    (void)state;
    assert_true(bytes_is_utf8(text("Ay\xc5\x9f"
                                   "e \xf0\x9f\x91\xa9\xe2\x80\x8d")));
    assert_true(bytes_is_utf8((struct bytes){.data = NULL, .count = 0}));
    assert_false(bytes_is_utf8(text("\xc0\x80")));         /* overlong */
    assert_false(bytes_is_utf8(text("\xe0\x80\x80")));     /* overlong */
    assert_false(bytes_is_utf8(text("\xed\xa0\x80")));     /* surrogate */
    assert_false(bytes_is_utf8(text("\xf4\x90\x80\x80"))); /* above U+10FFFF */
    assert_false(bytes_is_utf8(text("abc\xe2\x82")));      /* cut off */
    assert_false(bytes_is_utf8(text("\x80")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_big_endian),
        cmocka_unit_test(utf8_is_accepted_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/heading.h"

static bool same(const char *a, const char *b)
{
    bool result = false;

    assert_int_equal(heading_compare(a, b, &result), STATUS_OK);
    return result;
}

static void headings_are_compared_as_people_do(void **state)
{
    (void)state;
    assert_true(same("The incident", "the  INCIDENT ##"));
    assert_true(same("**De melding**:", "De melding"));
    assert_true(same("Wat zei \xe2\x80\x98zij\xe2\x80\x99?", "Wat zei 'zij'?"));
    assert_true(same("Wie \xe2\x80\x93 wat", "Wie - wat"));
    assert_true(same("Co\xc3\xb6rdinatie", "COO\xcc\x88RDINATIE")); /* composed or not */
    assert_true(same("a\xc2\xa0"
                     "b",
                     " a b "));
    assert_false(same("The incident", "The incidents"));
    assert_false(same("", "a"));
}

static void long_ones_read_like_nothing(void **state)
{
    char longest[HEADING_BYTES_MAX + 2];
    struct heading plain;

    (void)state;
    memset(longest, 'x', sizeof longest);
    longest[HEADING_BYTES_MAX + 1] = '\0';
    assert_int_equal(heading_plain(longest, &plain), STATUS_TOO_LONG);
    assert_false(same(longest, longest));
    longest[HEADING_BYTES_MAX] = '\0';
    assert_true(same(longest, longest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_are_compared_as_people_do),
        cmocka_unit_test(long_ones_read_like_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

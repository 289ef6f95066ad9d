/* What must not reach a terminal, and shortening without breaking a character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/text.h"

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static enum text_harm harm_of(const char *text, size_t *count_out)
{
    return text_harm(bytes_of(text), count_out);
}

/* UTF-8 of a character below U+10000. */
static void put(unsigned c, char out[4])
{
    memset(out, 0, 4);
    if (c < 0x80) {
        out[0] = (char)c;
    } else if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
    } else {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
    }
}

/* Every character of the first plane, against the definition in words. */
static void what_harms_is_exactly_what_the_header_names(void **state)
{
    char text[4];

    (void)state;
    for (unsigned c = 1; c < 0xd800; c++) {
        bool drives = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
        bool turns = c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
                     (c >= 0x2066 && c <= 0x2069);
        size_t count = 0;

        put(c, text);
        assert_int_equal(harm_of(text, &count), drives  ? TEXT_CONTROL
                                                : turns ? TEXT_TURNS
                                                        : TEXT_HARMLESS);
        assert_int_equal(count, drives || turns ? strlen(text) : 1);
    }
}

static void half_a_character_is_not_read_beyond_its_end(void **state)
{
    static const uint8_t half[] = {0xe2, 0x80, 0xae};

    (void)state;
    assert_int_equal(text_harm((struct bytes){half, 2}, NULL), TEXT_HARMLESS);
    assert_int_equal(text_harm((struct bytes){half, 1}, NULL), TEXT_HARMLESS);
    assert_int_equal(text_harm((struct bytes){half, 3}, NULL), TEXT_TURNS);
}

static void a_line_holds_nothing_that_moves(void **state)
{
    (void)state;
    assert_true(text_is_line(bytes_of("Ay\xc5\x9f"
                                      "e de Vries")));
    assert_true(text_is_line(bytes_of("")));
    assert_false(text_is_line(bytes_of("two\nlines")));
    assert_false(text_is_line(bytes_of("a\ttab")));
    assert_false(text_is_line(bytes_of("a\x1b[2J")));
    assert_false(text_is_line(bytes_of("\xc2\x9b"
                                       "2J")));                /* CSI, one character */
    assert_false(text_is_line(bytes_of("\xe2\x80\xaelevar"))); /* right to left override */
}

static void spaces_and_what_is_not_shown_are_nothing_to_see(void **state)
{
    (void)state;
    assert_true(text_is_blank(bytes_of("")));
    assert_true(text_is_blank(bytes_of(" \t \xe2\x80\x8f\x1b")));
    assert_false(text_is_blank(bytes_of("  x")));
    assert_false(text_is_blank(bytes_of("\xe2\x80\x94"))); /* a dash, from the same block */
}

static void text_is_cut_between_characters(void **state)
{
    char out[8];

    (void)state;
    text_cut("seven!!", out, sizeof out);
    assert_string_equal(out, "seven!!");
    text_cut("eight!!!", out, sizeof out);
    assert_string_equal(out, "eigh\xe2\x80\xa6");
    text_cut("abc\xc3\xa9\xc3\xa9\xc3\xa9", out, sizeof out); /* the cut falls in an e acute */
    assert_string_equal(out, "abc\xe2\x80\xa6");
    text_cut("", out, sizeof out);
    assert_string_equal(out, "");
    text_cut("\xf0\x9f\x98\x80\xf0\x9f\x98\x80", out, 4);
    assert_string_equal(out, "\xe2\x80\xa6");
    assert_int_equal(text_prefix("\xc3\xa9", 1), 0);
    assert_int_equal(text_prefix("\xc3\xa9", 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_harms_is_exactly_what_the_header_names),
        cmocka_unit_test(half_a_character_is_not_read_beyond_its_end),
        cmocka_unit_test(a_line_holds_nothing_that_moves),
        cmocka_unit_test(spaces_and_what_is_not_shown_are_nothing_to_see),
        cmocka_unit_test(text_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

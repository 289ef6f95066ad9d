#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/markdown.h"
#include "client/wrap.h"

static struct markdown read_text(const char *text)
{
    struct markdown markdown;

    assert_int_equal(
        markdown_read((struct bytes){(const uint8_t *)text, strlen(text)}, &markdown),
        STATUS_OK);
    return markdown;
}

static void paragraphs_items_and_tables_are_numbered(void **state)
{
    struct markdown markdown = read_text("# Kop\n\nEen *alinea*\nverder.\n\n- een\n- twee\n\n"
                                         "3. drie\n4. vier\n\n> citaat\n\n"
                                         "| a | b |\n|---|---|\n| c | d |\n");
    const struct {
        enum markdown_kind kind;
        uint16_t number;
        uint16_t ordinal;
        const char *text;
    } want[] = {
        {MARKDOWN_HEADING, 0, 0, "Kop"},  {MARKDOWN_PARAGRAPH, 1, 0, "Een alinea verder."},
        {MARKDOWN_ITEM, 2, 0, "een"},     {MARKDOWN_ITEM, 3, 0, "twee"},
        {MARKDOWN_ITEM, 4, 3, "drie"},    {MARKDOWN_ITEM, 5, 4, "vier"},
        {MARKDOWN_QUOTE, 6, 0, "citaat"}, {MARKDOWN_ROW, 7, 0, "a\tb"},
        {MARKDOWN_ROW, 0, 0, "c\td"},
    };

    (void)state;
    assert_int_equal(markdown.count, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < markdown.count; i++) {
        assert_int_equal(markdown.blocks[i].kind, want[i].kind);
        assert_int_equal(markdown.blocks[i].number, want[i].number);
        assert_int_equal(markdown.blocks[i].ordinal, want[i].ordinal);
        assert_string_equal(markdown.blocks[i].text, want[i].text);
    }
    assert_string_equal(markdown_paragraph(&markdown, 5)->text, "vier");
    assert_null(markdown_paragraph(&markdown, 0));
    assert_null(markdown_paragraph(&markdown, 8));
    markdown_finish(&markdown);
}

static void emphasis_is_marked_for_those_who_ask(void **state)
{
    static const char text[] = "**Look** at *this*, __this__ and \x01 not this\x02.";
    struct markdown markdown;

    (void)state;
    assert_int_equal(
        markdown_read_marked((struct bytes){(const uint8_t *)text, sizeof text - 1}, &markdown),
        STATUS_OK);
    assert_string_equal(markdown.blocks[0].text,
                        "\x02Look\x02 at \x01this\x01, \x02this\x02 and  not this.");
    markdown_finish(&markdown);
    markdown = read_text(text);
    assert_string_equal(markdown.blocks[0].text, "Look at this, this and  not this.");
    markdown_finish(&markdown);
}

static void nested_lists_keep_their_depth(void **state)
{
    struct markdown markdown = read_text("- a\n  1. b\n  2. c\n- d\n");

    (void)state;
    assert_int_equal(markdown.count, 4);
    assert_int_equal(markdown.blocks[0].depth, 1);
    assert_int_equal(markdown.blocks[1].depth, 2);
    assert_int_equal(markdown.blocks[2].ordinal, 2);
    assert_int_equal(markdown.blocks[3].depth, 1);
    assert_int_equal(markdown.blocks[3].ordinal, 0);
    markdown_finish(&markdown);
}

static void control_characters_never_reach_a_terminal(void **state)
{
    struct markdown markdown = read_text("a\x1b[2Jb\x07"
                                         "c\xc2\x9b"
                                         "d\x7f");

    (void)state;
    assert_string_equal(markdown.blocks[0].text, "a[2Jbcd");
    markdown_finish(&markdown);
}

static void depth_and_count_are_bounded(void **state)
{
    struct markdown markdown;
    char deep[400] = "";

    (void)state;
    for (int i = 0; i < 12; i++) {
        (void)snprintf(deep + strlen(deep), sizeof deep - strlen(deep), "%*s- x\n", 2 * i, "");
    }
    assert_int_equal(
        markdown_read((struct bytes){(const uint8_t *)deep, strlen(deep)}, &markdown),
        STATUS_TOO_LONG);
    assert_int_equal(markdown.count, 0);
    assert_int_equal(markdown_read((struct bytes){NULL, 0}, &markdown), STATUS_OK);
    assert_int_equal(markdown.count, 0);
}

/* Quotes nest as deep as they like; only lists have numbers to keep. */
static void a_quote_deeper_than_lists_may_be_is_a_quote(void **state)
{
    struct markdown markdown = read_text(">>>>>>>>>>>> deep\n");

    (void)state;
    assert_int_equal(markdown.count, 1);
    assert_int_equal(markdown.blocks[0].kind, MARKDOWN_QUOTE);
    assert_int_equal(markdown.blocks[0].depth, 12);
    assert_int_equal(markdown.blocks[0].ordinal, 0);
    markdown_finish(&markdown);
}

static void text_is_set_in_columns_with_numbers(void **state)
{
    struct markdown markdown =
        read_text("De vader is sinds het voorjaar thuis.\n\n- een\n- twee");
    char *text = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&text, &count);

    (void)state;
    assert_non_null(out);
    assert_int_equal(wrap_print_markdown(out, &markdown, 30), STATUS_OK);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "\xc2\xb6"
                              "1   De vader is sinds het\n"
                              "     voorjaar thuis.\n"
                              "\n"
                              "\xc2\xb6"
                              "2   - een\n"
                              "\xc2\xb6"
                              "3   - twee\n");
    free(text);
    markdown_finish(&markdown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_items_and_tables_are_numbered),
        cmocka_unit_test(emphasis_is_marked_for_those_who_ask),
        cmocka_unit_test(nested_lists_keep_their_depth),
        cmocka_unit_test(control_characters_never_reach_a_terminal),
        cmocka_unit_test(depth_and_count_are_bounded),
        cmocka_unit_test(a_quote_deeper_than_lists_may_be_is_a_quote),
        cmocka_unit_test(text_is_set_in_columns_with_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/markdown_links.h"

enum { SEEN_BYTES_MAX = 4096 };

static void see(void *context, const char *what)
{
    char *seen = context;

    assert_true(strlen(seen) + strlen(what) + 2 < SEEN_BYTES_MAX);
    strcat(seen, what);
    strcat(seen, " ");
}

static void see_refusal(void *context, enum markdown_refusal refusal)
{
    static const char *const words[] = {[MARKDOWN_IMAGE] = "IMAGE",
                                        [MARKDOWN_WIDE_TABLE] = "WIDE",
                                        [MARKDOWN_MANY_BLOCKS] = "MANY"};

    see(context, words[refusal]);
}

static void expect(const char *text, const char *expected)
{
    char seen[SEEN_BYTES_MAX] = "";
    const struct markdown_links visitor = {.link = see, .refuse = see_refusal, .context = seen};

    assert_int_equal(markdown_links_visit(text, &visitor), STATUS_OK);
    assert_string_equal(seen, expected);
}

static void every_way_to_link_is_seen(void **state)
{
    (void)state;
    expect("See [it](#here) and *[that](#there)*.", "#here #there ");
    expect("- > [in](#quote)\n\n|a|\n|---|\n|[b](#cell)|", "#quote #cell ");
    expect("[named][n]\n\n[n]: https://example.org", "https://example.org ");
    expect("<https://example.org> but not https://example.org", "https://example.org ");
    expect("`[no](#code)` \\[no](#escaped)", "");
    expect("![alt](#picture)", "IMAGE ");
    expect("[empty]()", " ");
}

static void a_wide_table_ends_the_walk(void **state)
{
    (void)state;
    expect("|a|b|c|d|e|f|g|h|i|j|k|l|\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
           "");
    expect(
        "|a|b|c|d|e|f|g|h|i|j|k|l|m|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
        "\n[after](#after)",
        "WIDE ");
}

static void so_do_too_many_blocks(void **state)
{
    char *text = calloc(3, 2 * MARKDOWN_LINKS_BLOCKS_MAX);

    (void)state;
    assert_non_null(text);
    for (int i = 0; i < MARKDOWN_LINKS_BLOCKS_MAX - 1; i++) { /* and the document itself */
        memcpy(text + 3 * i, "a\n\n", 3);
    }
    expect(text, "");
    strcat(text, "a\n\n");
    expect(text, "MANY ");
    free(text);
}

static void long_targets_are_cut(void **state)
{
    char text[2 * MARKDOWN_LINKS_TARGET_BYTES_MAX] = "[a](#";
    char expected[MARKDOWN_LINKS_TARGET_BYTES_MAX + 2] = "#";

    (void)state;
    memset(text + 5, 'x', sizeof text - 7);
    text[sizeof text - 2] = ')';
    memset(expected + 1, 'x', MARKDOWN_LINKS_TARGET_BYTES_MAX - 1);
    expected[MARKDOWN_LINKS_TARGET_BYTES_MAX] = ' ';
    expected[MARKDOWN_LINKS_TARGET_BYTES_MAX + 1] = '\0';
    expect(text, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_link_is_seen),
        cmocka_unit_test(a_wide_table_ends_the_walk),
        cmocka_unit_test(so_do_too_many_blocks),
        cmocka_unit_test(long_targets_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

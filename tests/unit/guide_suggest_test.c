#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/suggest.h"

static const char *nearest(const char *word)
{
    static const char *const words[] = {"id", "title", "text", "tip", "starters", "materials"};
    struct suggestion suggestion;

    suggest_init(&suggestion, word);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        suggest_consider(&suggestion, words[i]);
    }
    return suggestion.best == NULL ? "" : suggestion.best;
}

static void slips_are_recognised(void **state)
{
    (void)state;
    assert_string_equal(nearest("titel"), "title"); /* swapped */
    assert_string_equal(nearest("txt"), "text");    /* left out */
    assert_string_equal(nearest("starterrs"), "starters");
    assert_string_equal(nearest("matreials"), "materials");
    assert_string_equal(nearest("material"), "materials");
}

static void other_words_are_not(void **state)
{
    (void)state;
    assert_string_equal(nearest("colour"), "");
    assert_string_equal(nearest("ix"), ""); /* too short to be sure */
    assert_string_equal(nearest(""), "");
    assert_string_equal(nearest("materialsmaterialsmaterialsmaterialsmaterials"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_recognised),
        cmocka_unit_test(other_words_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

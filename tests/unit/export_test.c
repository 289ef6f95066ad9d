#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/export.h"
#include "tests/support/small.h"

/* The transcript of a small session, whose question another facilitator's client wrote. */
static char *transcript(const char *md, const char *label)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct model_step *step = NULL;
    char *text = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&text, &count);

    assert_non_null(out);
    small_open(circle, QUESTION);
    small_say(bram, QUESTION, "one", "two", 0);
    circle_run(circle);
    small_release(circle, QUESTION);
    step = (struct model_step *)(uintptr_t)small_step(bram, QUESTION);
    step->md = md;
    step->items[0].label = label;
    assert_int_equal(export_markdown(circle_model(bram), out), STATUS_OK);
    assert_int_equal(fclose(out), 0);
    small_end(circle);
    return text;
}

static void what_cannot_be_set_does_not_cost_the_transcript(void **state)
{
    char deep[400] = "";
    char *text = NULL;

    (void)state;
    for (int i = 0; i < 12; i++) {
        (void)snprintf(deep + strlen(deep), sizeof deep - strlen(deep), "%*s- x\n", 2 * i, "");
    }
    text = transcript(deep, "a");
    assert_non_null(strstr(text, "\\- x"));
    assert_non_null(strstr(text, "> two"));
    free(text);
}

static void a_label_is_text_too(void **state)
{
    char *text = transcript("What do you see?", "<b>*a*");

    (void)state;
    assert_null(strstr(text, "<b>*"));
    assert_non_null(strstr(text, "\n> \\<b\\>\\*a\\*)\n"));
    assert_non_null(strstr(text, "\n\\<b\\>\\*a\\*) first"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_set_does_not_cost_the_transcript),
        cmocka_unit_test(a_label_is_text_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/guide_files.h"

static void every_key_arrives_in_its_place(void **state)
{
    struct guide *guide = guide_files_load("every-key.yaml");
    const struct guide_step *step;

    (void)state;
    assert_string_equal(guide->id.text, "every-key");
    assert_int_equal(guide->language, GUIDE_ENGLISH);
    assert_string_equal(guide->source.licence.text, "CC BY 4.0");
    assert_int_equal(guide->people.min, 4);
    assert_int_equal(guide->people.max, 30);
    assert_int_equal(guide->people.observer, GUIDE_OBSERVER_REQUIRED);
    assert_string_equal(guide->roles.case_giver.text, "It is your case.");
    assert_int_equal(guide->gate.count, 2);
    assert_string_equal(guide->gate.at[1].text, "What is said stays here.");
    assert_string_equal(guide->concepts.at[0].term.text, "Role");
    assert_string_equal(guide_find_background(guide, "more")->title.text, "More to read");
    assert_int_equal(guide_find_list(guide, "guiding")->lines.count, 2);
    assert_string_equal(guide_find_route(guide, "short")->leave_out.at[1].text, "ask");
    assert_string_equal(guide_find_slot(&guide->materials, "with")->text.text, "It went well.");
    assert_true(guide_find_choice(&guide->choices, "road")->options.at[0].preferred);
    assert_false(guide_find_choice(&guide->choices, "road")->options.at[1].preferred);
    assert_string_equal(guide_find_phase(guide, "first")->detours.at[0].text, "second");
    assert_int_equal(guide_phase_attention(guide, guide_find_phase(guide, "first"))->count, 2);
    assert_string_equal(
        guide_phase_attention(guide, guide_find_phase(guide, "second"))->at[1].text,
        "Keep it kind.");

    step = guide_find_step(guide, "begin");
    assert_int_equal(step->kind, GUIDE_READ);
    assert_string_equal(step->ask.text, "How did it begin?");
    assert_true(step->recap);
    assert_int_equal(step->minutes, 5);
    step = guide_find_step(guide, "ask");
    assert_string_equal(step->label.text, "3");
    assert_int_equal(step->talk, GUIDE_TALK_PLENARY);
    assert_int_equal(step->items.count, 2);
    assert_string_equal(step->items.at[1].needs.at[0].text, "letter");
    step = guide_find_step(guide, "each");
    assert_string_equal(step->per.text, "family");
    assert_int_equal(step->share, GUIDE_SHARE_GROUP_ONLY);
    step = guide_find_step(guide, "factors");
    assert_int_equal(step->columns.at[2].type, GUIDE_COLUMN_TEXT);
    assert_string_equal(step->rows.at[0].text.text, "Money");
    assert_string_equal(step->rows.at[1].hint.text, "Whose name is on the lease?");
    assert_int_equal(step->own_rows.max, 5);
    assert_int_equal(guide_find_step(guide, "positions")->assign, GUIDE_ASSIGN_DRAW);
    assert_int_equal(guide_find_step(guide, "talk")->notes, GUIDE_NOTES_SCRIBE);
    guide_destroy(guide);
    guide_destroy(NULL);
}

static void defaults_follow_the_kind(void **state)
{
    struct guide *guide = guide_files_steps(NULL, "      - {id: q, kind: question}\n"
                                                  "      - {id: d, kind: discussion}\n"
                                                  "      - {id: a, kind: agreement}\n"
                                                  "      - {id: r, kind: report}\n");

    (void)state;
    assert_int_equal(guide_step_who(guide_find_step(guide, "q")), GUIDE_WHO_PARTICIPANTS);
    assert_int_equal(guide_step_who(guide_find_step(guide, "r")), GUIDE_WHO_OBSERVER);
    assert_int_equal(guide_step_work(guide_find_step(guide, "q")), GUIDE_WORK_INDIVIDUAL);
    assert_int_equal(guide_step_work(guide_find_step(guide, "d")), GUIDE_WORK_PLENARY);
    assert_int_equal(guide_step_work(guide_find_step(guide, "a")), GUIDE_WORK_PLENARY);
    assert_int_equal(guide_step_share(guide_find_step(guide, "q")), GUIDE_SHARE_NAMED);
    guide_destroy(guide);
}

static void words_are_the_formats(void **state)
{
    (void)state;
    assert_string_equal(guide_kind_word(GUIDE_READ), "read");
    assert_string_equal(guide_kind_word(GUIDE_FOLLOW_UP), "follow-up");
    assert_string_equal(guide_kind_word(GUIDE_REPORT), "report");
    assert_string_equal(guide_who_word(GUIDE_WHO_OBSERVER), "observer");
    assert_string_equal(guide_work_word(GUIDE_WORK_PLENARY), "plenary");
    assert_string_equal(guide_share_word(GUIDE_SHARE_GROUP_ONLY), "group-only");
    assert_string_equal(guide_language_word(GUIDE_DUTCH), "nl");
    assert_null(guide_share_word(GUIDE_SHARE_UNSET));
    assert_true(guide_kind_is_answered(GUIDE_COMMITMENT));
    assert_false(guide_kind_is_answered(GUIDE_DISCUSSION));
}

static void texts_lose_the_space_around_them(void **state)
{
    struct guide *guide = guide_files_steps("summary: |\n\n  One.\n\n  Two.\n\n",
                                            "      - {id: q, kind: question}\n");

    (void)state;
    assert_string_equal(guide->summary.text, "One.\n\nTwo.");
    guide_destroy(guide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_arrives_in_its_place),
        cmocka_unit_test(defaults_follow_the_kind),
        cmocka_unit_test(words_are_the_formats),
        cmocka_unit_test(texts_lose_the_space_around_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

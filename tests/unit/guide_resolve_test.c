#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/resolve.h"
#include "tests/support/guide_files.h"

static struct resolved *resolve(const struct guide *guide, const struct case_file *case_file,
                                const struct resolve_options *options)
{
    struct resolved *resolved = NULL;

    assert_int_equal(resolve_session(guide, case_file, options, &resolved), STATUS_OK);
    return resolved;
}

static uint32_t count_lacks(const struct resolved *resolved, enum resolved_lack_kind kind)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < resolved->lack_count; i++) {
        count += resolved->lacks[i].kind == kind;
    }
    return count;
}

static const struct resolved_step *step_of(const struct resolved *resolved, const char *id)
{
    const struct resolved_step *step = resolved_find_step(resolved, id);

    if (step == NULL) {
        fail_msg("step %s is not played", id);
    }
    return step;
}

static void the_small_guide_with_its_case(void **state)
{
    struct guide *guide = guide_files_load("small.en.yaml");
    struct case_file *case_file = guide_files_load_case("small-case.en.yaml", guide);
    struct resolved *resolved = resolve(guide, case_file, NULL);
    const struct resolved_explanation *explanation;
    const struct resolved_step *step;

    (void)state;
    assert_int_equal(resolved->step_count, 7);
    assert_int_equal(resolved->minutes, 43);
    step = step_of(resolved, "read-situation");
    assert_memory_equal(step->material, "Every Monday", 12);
    assert_null(step->label);
    assert_true(step->from_case);
    assert_int_equal(step->beside_count, 0);

    step = step_of(resolved, "what-stands-out");
    assert_string_equal(step->label, "1");
    assert_int_equal(step->item_count, 2); /* the letter's is left out */
    assert_string_equal(step->items[1].label, "b");
    assert_string_equal(step->items[1].text, "In what is **not** said");
    assert_int_equal(step->beside_count, 2);
    assert_int_equal(step->beside[0].kind, RESOLVED_MATERIAL);
    assert_string_equal(step->beside[0].title, "The situation");
    assert_int_equal(step->beside[1].kind, RESOLVED_LIST);
    assert_int_equal(step->beside[1].lines->count, 2);

    step = step_of(resolved, "what-now");
    assert_string_equal(step->label, "2");
    assert_string_equal(step->choice->text.text, "It is Bo. You are alone in the corridor.");
    assert_int_equal(step->beside[0].kind, RESOLVED_MATERIAL); /* by default */

    step = step_of(resolved, "together");
    assert_int_equal(step->work, GUIDE_WORK_PLENARY);
    assert_int_equal(step->beside[0].kind, RESOLVED_STEP);
    assert_int_equal(step->beside[0].step, 1);
    assert_string_equal(step_of(resolved, "for-yourself")->label, "1"); /* per phase */
    assert_int_equal(step_of(resolved, "mirror")->who, GUIDE_WHO_OBSERVER);
    assert_int_equal(step_of(resolved, "mirror")->phase, 1);

    assert_int_equal(resolved->explanation_count, 1);
    explanation = resolved_find_explanation(resolved, "reading");
    assert_int_equal(explanation->step_count, 2);
    assert_int_equal(explanation->steps[0], 1);
    assert_int_equal(explanation->steps[1], 2);
    assert_int_equal(step_of(resolved, "what-now")->explanation, 0);
    assert_int_equal(step_of(resolved, "together")->explanation, -1);
    assert_null(resolved_find_explanation(resolved, "other"));
    assert_non_null(resolved_find_material(resolved, "situation"));
    assert_null(resolved_find_material(resolved, "letter"));
    assert_non_null(resolved_find_choice(resolved, "phone"));
    resolved_destroy(resolved);
    resolved_destroy(NULL);
    case_destroy(case_file);
    guide_destroy(guide);
}

static void the_case_wins(void **state)
{
    struct guide *guide = guide_files_load("every-key.yaml");
    struct case_file *case_file = guide_files_load_case("every-key-case.yaml", NULL);
    struct resolve_options options = {.follows = true};
    struct resolved *resolved = resolve(guide, case_file, &options);

    (void)state;
    assert_int_equal(resolved->step_count, 13);
    assert_string_equal(step_of(resolved, "fork")->choice->text.text, "It is dark.");
    assert_string_equal(resolved_find_explanation(resolved, "why")->text,
                        "Because it was dark.");
    assert_string_equal(resolved_find_material(resolved, "with"), "It went well.");
    assert_string_equal(step_of(resolved, "ask")->label, "3");
    assert_null(step_of(resolved, "each")->label);
    assert_string_equal(step_of(resolved, "fork")->label, "4"); /* counts on from 3 */
    assert_int_equal(step_of(resolved, "each")->item_count, 1);
    assert_string_equal(step_of(resolved, "each")->items[0].text, "An");
    assert_null(step_of(resolved, "each")->items[0].label);
    assert_string_equal(step_of(resolved, "each")->section, "Reading");
    assert_null(step_of(resolved, "mine")->section); /* ends with the phase */
    assert_true(step_of(resolved, "positions")->from_case);
    assert_true(step_of(resolved, "finish")->from_case); /* its text beside, by default */
    assert_false(step_of(resolved, "mine")->from_case);
    resolved_destroy(resolved);

    resolved = resolve(guide, NULL, NULL);
    assert_string_equal(step_of(resolved, "fork")->choice->text.text, "You stand at a fork.");
    assert_string_equal(resolved_find_explanation(resolved, "why")->text, "Because.");
    resolved_destroy(resolved);
    case_destroy(case_file);
    guide_destroy(guide);
}

static void what_is_missing_is_left_out_and_said(void **state)
{
    struct guide *guide = guide_files_steps(
        NULL, "      - {id: r, kind: read, material: m, section: One}\n"
              "      - {id: q, kind: question, explanation: e, beside: [m, x], needs: []}\n"
              "      - {id: n, kind: question, needs: [x], explanation: e}\n"
              "      - {id: i, kind: question, items: [{text: I, needs: [x]}]}\n"
              "      - {id: c, kind: choice, choice: k, explanation: e}\n"
              "      - {id: o, kind: perspectives}\n"
              "      - {id: v, kind: comparison, materials: [m, y]}\n"
              "      - {id: f, kind: follow-up}\n"
              "      - {id: g, kind: question, per: family}\n");
    struct case_file *case_file =
        guide_files_parse_case("kring-case: 1\nid: x\nlanguage: en\ntitle: X\n");
    struct resolved *resolved = resolve(guide, case_file, NULL);

    (void)state;
    assert_int_equal(resolved->step_count, 3);
    assert_int_equal(step_of(resolved, "q")->beside_count, 0);
    assert_string_equal(step_of(resolved, "q")->section, "One");
    assert_int_equal(step_of(resolved, "q")->explanation, -1);
    assert_int_equal(step_of(resolved, "c")->kind, GUIDE_QUESTION);
    assert_null(step_of(resolved, "c")->choice);
    assert_string_equal(step_of(resolved, "c")->label, "2"); /* of what is played */
    assert_int_equal(step_of(resolved, "g")->item_count, 0);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_MATERIAL), 2);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_NEED), 1);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_ALL_ITEMS), 1);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_OPTIONS), 1);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_PEOPLE), 1);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_FORMER), 1);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_GROUP), 1);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_BESIDE), 2);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_EXPLANATION), 1); /* once per slot */
    resolved_destroy(resolved);
    case_destroy(case_file);
    guide_destroy(guide);
}

static void without_a_case_portions_are_told(void **state)
{
    struct guide *guide = guide_files_steps(
        "materials: {own: Read me.}\n",
        "      - {id: o, kind: read, material: own}\n"
        "      - {id: r, kind: read, material: m, ask: What happened?, title: T}\n"
        "      - {id: q, kind: question, needs: [m]}\n"
        "      - {id: s, kind: question, beside: [r, m, own]}\n"
        "      - {id: n, kind: question, needs: [x]}\n");
    struct resolved *resolved = resolve(guide, NULL, NULL);
    const struct resolved_step *step = step_of(resolved, "r");

    (void)state;
    assert_int_equal(resolved->step_count, 4);
    assert_int_equal(step_of(resolved, "o")->kind, GUIDE_READ);
    assert_int_equal(step->kind, GUIDE_DISCUSSION);
    assert_true(step->told);
    assert_int_equal(step->work, GUIDE_WORK_PLENARY);
    assert_string_equal(step->text, "What happened?");
    step = step_of(resolved, "q");
    assert_int_equal(step->beside_count, 1);
    assert_int_equal(step->beside[0].kind, RESOLVED_STEP); /* the note of what was told */
    assert_int_equal(step->beside[0].step, 1);
    step = step_of(resolved, "s");
    assert_int_equal(step->beside_count, 3);
    assert_int_equal(step->beside[1].kind, RESOLVED_STEP);
    assert_string_equal(step->beside[1].title, "T");
    assert_int_equal(step->beside[2].kind, RESOLVED_MATERIAL);
    assert_int_equal(count_lacks(resolved, RESOLVED_LACK_PORTION), 1);
    resolved_destroy(resolved);
    guide_destroy(guide);
}

static void beside_defaults_to_the_nearest_read_step(void **state)
{
    struct guide *guide = guide_files_parse(
        "kring-guide: 1\nid: x\nlanguage: en\ntitle: X\nmaterials: {m: M, n: N}\n"
        "routes: [{id: short, title: S, leave-out: [two]}]\n"
        "phases:\n"
        "- id: p\n  title: P\n  steps:\n"
        "  - {id: zero, kind: question}\n"
        "  - {id: one, kind: read, material: m}\n"
        "  - {id: two, kind: read, material: n}\n"
        "  - {id: a, kind: question}\n"
        "  - {id: b, kind: question, beside: []}\n"
        "- id: q\n  title: Q\n  steps: [{id: c, kind: question}]\n");
    struct resolve_options options = {.route = "short"};
    struct resolved *resolved = resolve(guide, NULL, NULL);

    (void)state;
    assert_int_equal(step_of(resolved, "zero")->beside_count, 0);
    assert_int_equal(step_of(resolved, "two")->beside_count, 0);
    assert_string_equal(step_of(resolved, "a")->beside[0].text, "N");
    assert_false(step_of(resolved, "a")->from_case);
    assert_int_equal(step_of(resolved, "b")->beside_count, 0);
    assert_int_equal(step_of(resolved, "c")->beside_count, 0);
    resolved_destroy(resolved);

    /* A route that leaves the reading out still leaves the text beside the question. */
    resolved = resolve(guide, NULL, &options);
    assert_null(resolved_find_step(resolved, "two"));
    assert_string_equal(step_of(resolved, "a")->beside[0].text, "N");
    resolved_destroy(resolved);

    options.route = "none";
    assert_int_equal(resolve_session(guide, NULL, &options, &resolved), STATUS_NOT_FOUND);
    guide_destroy(guide);
}

static void what_stands_beside_can_make_a_step_the_cases(void **state)
{
    struct guide *guide = guide_files_steps(
        "materials: {n: N}\n", "      - {id: m, kind: question, beside: [x], needs: [x]}\n"
                               "      - {id: o, kind: question, beside: [n]}\n"
                               "      - {id: s, kind: question, beside: [m]}\n"
                               "      - {id: t, kind: question, beside: [n, s]}\n");
    struct case_file *case_file = guide_files_parse_case(
        "kring-case: 1\nid: x\nlanguage: en\ntitle: X\nmaterials: {x: X}\n");
    struct resolved *resolved = resolve(guide, case_file, NULL);

    (void)state;
    assert_true(step_of(resolved, "m")->from_case);
    assert_false(step_of(resolved, "o")->from_case);
    assert_true(step_of(resolved, "s")->from_case); /* answers of a subgroup */
    assert_true(step_of(resolved, "t")->from_case);
    resolved_destroy(resolved);
    case_destroy(case_file);
    guide_destroy(guide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_small_guide_with_its_case),
        cmocka_unit_test(the_case_wins),
        cmocka_unit_test(what_is_missing_is_left_out_and_said),
        cmocka_unit_test(without_a_case_portions_are_told),
        cmocka_unit_test(what_stands_beside_can_make_a_step_the_cases),
        cmocka_unit_test(beside_defaults_to_the_nearest_read_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

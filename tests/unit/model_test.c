#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/model.h"
#include "tests/support/small.h"

static void a_model_of_nothing_is_a_model(void **state)
{
    static const bool nobody[MEMBERS_MAX + 1], nothing[STEPS_MAX + 1];
    struct model_sources sources = {.name = "Bram", .present = nobody, .done = nothing};
    struct model *model = NULL;

    (void)state;
    assert_int_equal(model_build(&sources, &model), STATUS_OK);
    assert_string_equal(model->name, "Bram");
    assert_string_equal(model->title, "");
    assert_int_equal(model->standing, STANDING_OUTSIDE);
    assert_null(model_step(model, 1));
    assert_null(model_member(model, 1));
    model_destroy(model);
    model_destroy(NULL);
}

static void a_name_changed_after_joining_is_shown_to_the_facilitator(void **state)
{
    struct circle *circle = small_begin();

    (void)state;
    assert_false(circle_model(&circle->people[FATMA])->members[2].renamed);
    assert_int_equal(member_rename(circle->people[BRAM].member, "Somebody else"), STATUS_OK);
    circle_run(circle);
    assert_true(circle_model(&circle->people[FATMA])->members[2].renamed);
    assert_string_equal(circle_model(&circle->people[AYSE])->members[2].name, "Somebody else");
    assert_false(circle_model(&circle->people[AYSE])->members[2].renamed);
    small_end(circle);
}

/* Names that differ in nothing one hears are told apart by number, for everyone. */
static void people_with_one_name_are_told_apart(void **state)
{
    struct circle *circle = small_begin();
    const struct model *model = NULL;

    (void)state;
    circle_connect(circle_join(circle, JORIS, 2, " bram "));
    circle_run(circle);
    model = circle_model(&circle->people[OLGA]);
    assert_string_equal(model->members[2].name, "Bram (3)");
    assert_true(model->members[2].namesake);
    assert_string_equal(model->members[4].name, "bram (5)");
    assert_false(model->members[1].namesake);
    assert_string_equal(circle_model(&circle->people[BRAM])->name, "Bram (3)");
    assert_int_equal(member_rename(circle->people[JORIS].member, "Zoe (3)"), STATUS_OK);
    circle_run(circle);
    model = circle_model(&circle->people[OLGA]);
    assert_string_equal(model->members[2].name, "Bram"); /* the only one again */
    assert_false(model->members[2].namesake);
    assert_string_equal(model->members[4].name, "Zoe (3) (5)"); /* not to be mistaken for one */
    small_end(circle);
}

static void who_has_not_agreed_is_counted(void **state)
{
    struct circle *circle = small_begin();

    (void)state;
    assert_int_equal(model_unconfirmed(circle_model(&circle->people[FATMA])), 4);
    assert_int_equal(member_confirm(circle->people[BRAM].member), STATUS_OK);
    circle_run(circle);
    assert_int_equal(model_unconfirmed(circle_model(&circle->people[FATMA])), 3);
    small_end(circle);
}

static void an_answer_that_waits_is_on_its_way(void **state)
{
    static const bool nobody[MEMBERS_MAX + 1], nothing[STEPS_MAX + 1];
    const struct model_own_source own[] = {{.step = 1, .state = ANSWER_WAITING},
                                           {.step = 2, .state = ANSWER_SAVED}};
    struct model_sources sources = {
        .present = nobody, .done = nothing, .own = own, .own_count = 2, .outgoing_count = 3};
    struct model *model = NULL;

    (void)state;
    assert_int_equal(model_build(&sources, &model), STATUS_OK);
    assert_int_equal(model->outgoing_count, 4);
    model_destroy(model);
}

static void a_name_of_nothing_is_refused(void **state)
{
    struct circle *circle = small_begin();

    (void)state;
    assert_int_equal(member_rename(circle->people[BRAM].member, "  \t"), STATUS_MALFORMED);
    small_end(circle);
}

/* A line break in a name would let its owner write lines that look like the screen's own. */
static void a_name_is_one_line(void **state)
{
    struct circle *circle = small_begin();

    (void)state;
    assert_int_equal(member_rename(circle->people[BRAM].member, "Bram\nThe session\tis over"),
                     STATUS_OK);
    circle_run(circle);
    assert_string_equal(circle_model(&circle->people[AYSE])->members[2].name,
                        "Bram The session is over");
    small_end(circle);
}

static void the_gate_and_what_is_left_out_show(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    const struct model_step *step = NULL;

    (void)state;
    assert_false(circle_model(bram)->gate_confirmed);
    assert_int_equal(member_confirm(bram->member), STATUS_OK);
    small_open(circle, QUESTION);
    small_say(bram, QUESTION, "rather not", "", 0);
    circle_run(circle);
    small_release(circle, QUESTION);
    assert_true(circle_model(bram)->gate_confirmed);
    assert_true(circle_model(&circle->people[FATMA])->members[2].confirmed);
    step = small_step(bram, QUESTION);
    assert_true(step->answers[0].mine);
    assert_int_equal(member_leave_out(circle->people[AYSE].member, step->answers[0].id),
                     STATUS_FORBIDDEN);
    assert_int_equal(member_leave_out(bram->member, step->answers[0].id), STATUS_OK);
    circle_run(circle);
    assert_true(small_step(&circle->people[FATMA], QUESTION)->answers[0].left_out);
    small_end(circle);
}

/* Fields the guide does not ask for, and too few of them. */
static void odd_answers_are_shown_as_far_as_they_go(void **state)
{
    struct circle *circle = small_begin();
    struct content_answer odd = {.field_count = 3, .option = 9};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        odd.fields[i] = (struct bytes){(const uint8_t *)"x", 1};
    }
    small_open(circle, QUESTION);
    small_open(circle, CHOICE);
    assert_int_equal(member_answer(circle->people[BRAM].member, QUESTION, 0, &odd), STATUS_OK);
    assert_int_equal(member_answer(circle->people[BRAM].member, CHOICE, 0, &odd), STATUS_OK);
    small_say(&circle->people[AYSE], QUESTION, "one", NULL, 0);
    circle_run(circle);
    small_release(circle, QUESTION);
    small_release(circle, CHOICE);
    for (uint32_t i = 0; i < 2; i++) {
        const struct model_answer *answer =
            &small_step(&circle->people[OLGA], QUESTION)->answers[i];

        assert_int_equal(answer->field_count, answer->author == 3 ? 3 : 2);
        assert_non_null(answer->fields[1]);
    }
    assert_int_equal(small_step(&circle->people[OLGA], CHOICE)->options[0].tally, 0);
    assert_int_equal(small_step(&circle->people[OLGA], CHOICE)->options[1].tally, 0);
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_of_nothing_is_a_model),
        cmocka_unit_test(a_name_changed_after_joining_is_shown_to_the_facilitator),
        cmocka_unit_test(people_with_one_name_are_told_apart),
        cmocka_unit_test(who_has_not_agreed_is_counted),
        cmocka_unit_test(an_answer_that_waits_is_on_its_way),
        cmocka_unit_test(a_name_of_nothing_is_refused),
        cmocka_unit_test(a_name_is_one_line),
        cmocka_unit_test(the_gate_and_what_is_left_out_show),
        cmocka_unit_test(odd_answers_are_shown_as_far_as_they_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A small session through what people can want and nothing else: coming in, answering, the
 * whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/small.h"

/* ---- coming in ---- */

static void a_session_is_made_and_people_come_in(void **state)
{
    struct circle *circle = small_begin();
    const struct model *model = circle_model(&circle->people[FATMA]);

    (void)state;
    assert_int_equal(circle_told(&circle->people[FATMA], NEWS_CREATED), 1);
    assert_int_equal(model->state, SESSION_RUNNING);
    assert_true(model->facilitator);
    assert_string_equal(model->title, "Title of the session");
    assert_int_equal(model->admitted_count, 4);
    assert_false(model->missing.observer);
    assert_int_equal(model->missing.people, 0);
    assert_string_equal(model->members[3].name, "Ay\xc5\x9f"
                                                "e");
    assert_true(model->members[3].present);
    assert_string_equal(model->preparation, "PREPARATION for the facilitator.");
    assert_string_equal(model_step(model, QUESTION)->tip, "STEPTIP");
    assert_string_equal(model->phases[0].tip, "PHASETIP");

    model = circle_model(&circle->people[BRAM]);
    assert_int_equal(model->standing, STANDING_MEMBER);
    assert_true(model->caught_up);
    assert_int_equal(model->role, ROLE_PARTICIPANT);
    assert_string_equal(model->title, "Title of the session");
    assert_string_equal(model->guide_title, "A small guide");
    assert_string_equal(model->concepts[0].term, "gender");
    assert_string_equal(model->gate.at[0], "I am alone.");
    assert_string_equal(model_member(model, 1)->name, "Fatma");
    assert_int_equal(model->step_count, 7);
    small_end(circle);
}

static void nobody_can_read_ahead(void **state)
{
    static const char *const later[] = {"PREPARATION", "BACKGROUND",  "SKETCH",   "What do you",
                                        "CONSEQUENCE", "EXPLANATION", "PHASETIP", "STEPTIP"};
    struct circle *circle = small_begin();

    (void)state;
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        assert_true(circle_knows(&circle->people[FATMA], later[i]));
        assert_false(circle_knows(&circle->people[BRAM], later[i]));
        assert_false(circle_knows(&circle->people[OLGA], later[i]));
    }
    assert_false(small_step(&circle->people[BRAM], READ)->shown);
    small_open(circle, READ);
    assert_true(circle_knows(&circle->people[BRAM], "SKETCH"));
    assert_false(circle_knows(&circle->people[BRAM], "What do you"));
    assert_true(small_step(&circle->people[BRAM], READ)->shown);
    assert_int_equal(small_step(&circle->people[BRAM], READ)->texts.count, 1);
    assert_string_equal(small_step(&circle->people[BRAM], READ)->texts.at[0]->title, "Sketch");
    assert_string_equal(circle_model(&circle->people[BRAM])->phases[0].attention.at[1],
                        "roles");
    small_end(circle);
}

static void who_waits_in_the_lobby_reads_nothing(void **state)
{
    struct circle *circle = calloc(1, sizeof *circle);
    struct circle_person *bram = NULL;

    (void)state;
    circle_init(circle, 3);
    circle_host(circle, small_guide, ADMISSION_BY_HAND);
    circle_connect(&circle->people[FATMA]);
    circle_run(circle);
    bram = circle_join(circle, BRAM, 2, "Bram");
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(circle_model(bram)->standing, STANDING_LOBBY);
    assert_int_equal(circle_model(bram)->lobby, LOBBY_AGREEMENT);
    assert_string_equal(circle_model(bram)->title, "");
    assert_int_equal(circle_model(bram)->role_count, 0);
    assert_int_equal(circle_model(&circle->people[FATMA])->lobby_count, 1);
    assert_string_equal(circle_model(&circle->people[FATMA])->members[1].name, "Bram");
    assert_int_equal(member_park(bram->member, 0, "hello"), STATUS_NOT_ADMITTED);

    assert_int_equal(member_admit(circle->people[FATMA].member, 2), STATUS_OK);
    circle_run(circle);
    assert_int_equal(circle_model(bram)->standing, STANDING_MEMBER);
    assert_string_equal(circle_model(bram)->title, "Title of the session");
    assert_true(circle_model(&circle->people[FATMA])->members[1].named);
    small_end(circle);
}

static void a_refused_joiner_is_told(void **state)
{
    struct circle *circle = calloc(1, sizeof *circle);
    struct circle_person *bram = NULL;

    (void)state;
    circle_init(circle, 3);
    circle_host(circle, small_guide, ADMISSION_BY_HAND);
    circle_connect(&circle->people[FATMA]);
    circle_run(circle);
    bram = circle_join(circle, BRAM, 2, "Bram");
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(member_refuse(circle->people[FATMA].member, 2), STATUS_OK);
    circle_run(circle);
    assert_int_equal(circle_model(bram)->standing, STANDING_REMOVED);
    small_end(circle);
}

static void a_deputy_becomes_facilitator_and_can_go_on(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *joris = circle_join(circle, JORIS, 3, "Joris");

    (void)state;
    circle_connect(joris);
    circle_run(circle);
    assert_true(circle_model(joris)->facilitator);
    circle_disconnect(&circle->people[FATMA]);
    assert_int_equal(member_next(joris->member), STATUS_OK);
    circle_run(circle);
    assert_true(circle_knows(&circle->people[BRAM], "SKETCH"));
    small_end(circle);
}

/* ---- answers ---- */

static void an_answer_is_seen_by_all_at_release_and_by_nobody_before(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    const struct model_step *step = NULL;

    (void)state;
    small_open(circle, QUESTION);
    small_say(bram, QUESTION, "the FATHER decides", "the mother", 0);
    small_say(&circle->people[AYSE], QUESTION, "MONEY", "", 0);
    circle_run(circle);
    step = small_step(bram, QUESTION);
    assert_int_equal(step->own[0].state, ANSWER_SAVED);
    assert_string_equal(step->own[0].fields[0], "the FATHER decides");
    assert_int_equal(step->counts.answered, 2);
    assert_int_equal(step->counts.expected, 2);
    assert_string_equal(step->items[1].label, "1b");
    assert_false(circle_knows(&circle->people[AYSE], "FATHER"));
    assert_false(circle_knows(&circle->people[FATMA], "FATHER"));
    assert_false(circle_knows(&circle->people[OLGA], "FATHER"));
    assert_int_equal(small_step(&circle->people[FATMA], QUESTION)->mark_count, 2);
    assert_int_equal(small_step(&circle->people[OLGA], QUESTION)->mark_count, 0);

    small_release(circle, QUESTION);
    for (size_t i = FATMA; i <= AYSE; i++) {
        step = small_step(&circle->people[i], QUESTION);
        assert_int_equal(step->answer_count, 2);
        assert_true(circle_knows(&circle->people[i], "FATHER"));
        assert_null(step->explanation); /* the choice shares it */
    }
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_SHARED);
    assert_int_equal(circle_told(bram, NEWS_FAULT), 0);
    small_end(circle);
}

static void the_last_edit_counts(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    small_say(bram, QUESTION, "one", "", 0);
    small_say(bram, QUESTION, "two", "", 0); /* while the first is under way */
    small_say(bram, QUESTION, "three", "", 0);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_SAVED);
    small_say(bram, QUESTION, "four", "", 0);
    circle_run(circle);
    small_release(circle, QUESTION);
    assert_int_equal(small_step(&circle->people[AYSE], QUESTION)->answer_count, 1);
    assert_string_equal(small_step(&circle->people[AYSE], QUESTION)->answers[0].fields[0],
                        "four");
    small_end(circle);
}

static void a_choice_shows_tally_consequences_and_the_shared_explanation(void **state)
{
    struct circle *circle = small_begin();
    const struct model_step *step = NULL;

    (void)state;
    small_open(circle, QUESTION);
    small_release(circle, QUESTION);
    small_open(circle, CHOICE);
    small_say(&circle->people[BRAM], CHOICE, "because", NULL, 2);
    small_say(&circle->people[AYSE], CHOICE, "", NULL, 2);
    circle_run(circle);
    assert_null(small_step(&circle->people[BRAM], CHOICE)->options[0].consequence);
    small_release(circle, CHOICE);
    step = small_step(&circle->people[BRAM], CHOICE);
    assert_int_equal(step->options[1].tally, 2);
    assert_int_equal(step->options[0].tally, 0);
    assert_string_equal(step->options[0].consequence, "CONSEQUENCE of leaving");
    assert_true(step->options[1].preferred);
    assert_string_equal(step->after, "AFTER all");
    assert_non_null(step->explanation);
    assert_string_equal(step->explanation->md, "EXPLANATION of both");
    assert_ptr_equal(small_step(&circle->people[BRAM], QUESTION)->explanation,
                     step->explanation);
    small_end(circle);
}

static void a_skip_unlocks_what_it_completes(void **state)
{
    struct circle *circle = small_begin();

    (void)state;
    small_open(circle, QUESTION);
    small_release(circle, QUESTION);
    assert_false(circle_knows(&circle->people[BRAM], "EXPLANATION"));
    assert_int_equal(member_skip_step(circle->people[FATMA].member, CHOICE), STATUS_OK);
    circle_run(circle);
    assert_true(circle_knows(&circle->people[BRAM], "EXPLANATION"));
    assert_false(circle_knows(&circle->people[BRAM], "CONSEQUENCE"));
    small_end(circle);
}

static void what_is_private_never_leaves_the_device(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, MINE);
    small_say(bram, MINE, "my own DOUBT", NULL, 0);
    circle_run(circle);
    assert_int_equal(small_step(bram, MINE)->own[0].state, ANSWER_KEPT);
    assert_int_equal(small_step(&circle->people[FATMA], MINE)->counts.done, 1);
    assert_int_equal(small_step(&circle->people[FATMA], MINE)->counts.answered, 0);
    assert_int_equal(member_release_step(circle->people[FATMA].member, MINE), STATUS_FORBIDDEN);
    for (size_t i = FATMA; i <= AYSE; i++) {
        assert_false(circle_knows(&circle->people[i], "DOUBT"));
    }
    circle_kill(bram);
    circle_reopen(bram);
    assert_string_equal(small_step(bram, MINE)->own[0].fields[0], "my own DOUBT");
    small_end(circle);
}

/* ---- the whole, and its end ---- */

static void a_whole_session_is_played_to_its_end(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *fatma = &circle->people[FATMA];

    (void)state;
    while (member_next_step(fatma->member) != 0) {
        uint16_t step = member_next_step(fatma->member);
        const struct model_step *shown = NULL;

        assert_int_equal(member_next(fatma->member), STATUS_OK);
        circle_run(circle);
        for (size_t i = FATMA; i <= AYSE; i++) {
            shown = small_step(&circle->people[i], step);
            assert_true(shown->here && shown->shown);
            if (shown->may_answer) {
                small_say(&circle->people[i], step, "something", "more",
                          step == CHOICE ? 1 : 0);
            }
        }
        circle_run(circle);
        shown = small_step(fatma, step);
        assert_int_equal(shown->plan.step, step);
        if (shown->plan.sharing == SHARING_NEVER) {
            assert_int_equal(member_close_step(fatma->member, step), STATUS_OK);
        } else {
            assert_int_equal(member_release_step(fatma->member, step), STATUS_OK);
        }
        circle_run(circle);
        assert_true(member_is_settled(fatma->member));
    }
    assert_int_equal(small_step(&circle->people[BRAM], PLAN)->answer_count, 4);
    assert_int_equal(member_end(fatma->member), STATUS_OK);
    circle_run(circle);
    assert_int_equal(circle_model(&circle->people[BRAM])->state, SESSION_ENDED);
    assert_int_equal(member_park(circle->people[BRAM].member, 0, "late"), STATUS_ENDED);
    assert_int_equal(member_purge(fatma->member), STATUS_OK);
    circle_run(circle);
    for (size_t i = FATMA; i <= AYSE; i++) {
        assert_true(circle->people[i].erased);
        assert_int_equal(circle_model(&circle->people[i])->state, SESSION_PURGED);
        assert_int_equal(circle_told(&circle->people[i], NEWS_FAULT), 0);
    }
    small_end(circle);
}

static void the_end_leaves_unshared_answers_on_their_devices(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    small_say(bram, QUESTION, "never shared", "", 0);
    circle_run(circle);
    assert_int_equal(member_end(circle->people[FATMA].member), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_KEPT); /* it was sent */
    assert_non_null(strstr(small_step(bram, QUESTION)->own[0].reason, "It was saved"));
    assert_string_equal(small_step(bram, QUESTION)->own[0].fields[0], "never shared");
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_made_and_people_come_in),
        cmocka_unit_test(nobody_can_read_ahead),
        cmocka_unit_test(who_waits_in_the_lobby_reads_nothing),
        cmocka_unit_test(a_refused_joiner_is_told),
        cmocka_unit_test(a_deputy_becomes_facilitator_and_can_go_on),
        cmocka_unit_test(an_answer_is_seen_by_all_at_release_and_by_nobody_before),
        cmocka_unit_test(the_last_edit_counts),
        cmocka_unit_test(a_choice_shows_tally_consequences_and_the_shared_explanation),
        cmocka_unit_test(a_skip_unlocks_what_it_completes),
        cmocka_unit_test(what_is_private_never_leaves_the_device),
        cmocka_unit_test(a_whole_session_is_played_to_its_end),
        cmocka_unit_test(the_end_leaves_unshared_answers_on_their_devices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A small session: what people say to each other, and what the facilitator shows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/small.h"

/* ---- what people say ---- */

static void private_feedback_reaches_one_and_leaves_no_trace(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *olga = &circle->people[OLGA];
    struct circle_person *bram = &circle->people[BRAM];
    size_t before = 0;

    (void)state;
    small_open(circle, QUESTION);
    before = circle->people[AYSE].item_count;
    assert_int_equal(member_message(olga->member, (uint16_t[]){3}, 1, "you DRIFT"), STATUS_OK);
    circle_run(circle);
    assert_int_equal(circle_model(bram)->message_count, 1);
    assert_string_equal(circle_model(bram)->messages[0].text, "you DRIFT");
    assert_string_equal(circle_model(bram)->messages[0].author_name, "Olga");
    assert_int_equal(circle_told(bram, NEWS_MESSAGE), 1);
    assert_string_equal(circle_model(olga)->messages[0].to_names, "Bram");
    assert_true(circle_model(olga)->messages[0].mine);
    assert_false(circle_knows(&circle->people[FATMA], "DRIFT"));
    assert_false(circle_knows(&circle->people[AYSE], "DRIFT"));
    assert_int_equal(circle->people[AYSE].item_count, before);
    assert_int_equal(circle_told(&circle->people[AYSE], NEWS_MESSAGE), 0);
    assert_int_equal(member_message(bram->member, (uint16_t[]){2}, 1, "no"), STATUS_FORBIDDEN);
    small_end(circle);
}

static void notes_reports_and_remarks_are_for_all(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *fatma = &circle->people[FATMA];
    const struct model *model = NULL;

    (void)state;
    small_open(circle, TALK);
    assert_int_equal(member_note(fatma->member, TALK, "we saw"), STATUS_OK);
    assert_int_equal(member_note(fatma->member, TALK, "we saw power"), STATUS_OK);
    assert_int_equal(member_note(circle->people[BRAM].member, TALK, "no"), STATUS_FORBIDDEN);
    assert_int_equal(member_report(circle->people[OLGA].member, 0, "you listened"), STATUS_OK);
    assert_int_equal(member_park(circle->people[BRAM].member, TALK, "for phase 2"), STATUS_OK);
    circle_run(circle);
    model = circle_model(&circle->people[AYSE]);
    assert_int_equal(model_step(model, TALK)->note_count, 2);
    assert_string_equal(model_step(model, TALK)->notes[1].text, "we saw power");
    assert_string_equal(model->reports[0].text, "you listened");
    assert_string_equal(model->reports[0].author_name, "Olga");
    assert_string_equal(model->parked[0].text, "for phase 2");
    assert_int_equal(member_reveal(fatma->member, 999, 1), STATUS_UNKNOWN);
    small_end(circle);
}

static void of_two_notes_at_once_none_is_lost(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *joris = circle_join(circle, JORIS, 3, "Joris");

    (void)state;
    circle_connect(joris);
    circle_run(circle);
    small_open(circle, TALK);
    assert_int_equal(member_note(circle->people[FATMA].member, TALK, "hers"), STATUS_OK);
    assert_int_equal(member_note(joris->member, TALK, "his"), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(joris, TALK)->note_count, 1);
    assert_string_equal(small_step(joris, TALK)->notes[0].text, "hers");
    assert_string_equal(small_step(joris, TALK)->note_kept, "his");
    assert_int_equal(member_note(joris->member, TALK, "hers and his"), STATUS_OK);
    circle_run(circle);
    assert_string_equal(small_step(&circle->people[BRAM], TALK)->notes[1].text, "hers and his");
    assert_null(small_step(joris, TALK)->note_kept);
    small_end(circle);
}

static void everyone_is_called_to_a_paragraph(void **state)
{
    struct circle *circle = small_begin();
    const struct model *model = NULL;

    (void)state;
    small_open(circle, READ);
    model = circle_model(&circle->people[FATMA]);
    assert_int_equal(member_reveal(circle->people[FATMA].member,
                                   model_step(model, READ)->texts.at[0]->number, 2),
                     STATUS_OK);
    circle_run(circle);
    assert_int_equal(circle_last(&circle->people[BRAM], NEWS_PASSAGE)->number, 2);
    assert_int_equal(circle_model(&circle->people[BRAM])->passage.paragraph, 2);
    small_end(circle);
}

static void background_is_given_out_and_tips_never_are(void **state)
{
    struct circle *circle = small_begin();
    const struct model *model = circle_model(&circle->people[FATMA]);
    uint16_t background = 0;

    (void)state;
    for (uint16_t i = 0; i < model->text_count; i++) {
        if (model->texts[i].type == TEXT_BACKGROUND) {
            background = model->texts[i].number;
            assert_false(model->texts[i].given);
        }
    }
    assert_int_not_equal(background, 0);
    for (uint16_t text = 1; text < 40; text++) {
        enum status status = member_reveal(circle->people[FATMA].member, text, 0);

        assert_true(status == STATUS_OK || status == STATUS_FORBIDDEN ||
                    status == STATUS_UNKNOWN);
    }
    circle_run(circle);
    assert_true(circle_knows(&circle->people[BRAM], "BACKGROUND"));
    assert_false(circle_knows(&circle->people[BRAM], "PREPARATION"));
    assert_false(circle_knows(&circle->people[BRAM], "STEPTIP"));
    assert_false(circle_knows(&circle->people[BRAM], "SKETCH"));
    small_end(circle);
}

static void a_last_call_and_a_timer_are_heard(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct content_answer answer = small_answer("half a sent", "", 0);

    (void)state;
    small_open(circle, QUESTION);
    assert_int_equal(member_draft(bram->member, QUESTION, 0, &answer), STATUS_OK);
    assert_int_equal(member_signal(bram->member, SIGNAL_MORE_TIME), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(&circle->people[FATMA], QUESTION)->counts.writing, 1);
    assert_int_equal(small_step(&circle->people[FATMA], QUESTION)->counts.more_time, 1);
    assert_int_equal(member_last_call(circle->people[FATMA].member, QUESTION, 15), STATUS_OK);
    assert_int_equal(member_timer_start(circle->people[FATMA].member, 600), STATUS_OK);
    circle_run(circle);
    assert_int_equal(circle_last(bram, NEWS_LAST_CALL)->seconds, 15);
    assert_int_equal(circle_last(bram, NEWS_LAST_CALL)->step, QUESTION);
    assert_true(circle_model(bram)->timer_ends_ms > circle->now_ms);
    small_end(circle);
}

static void a_draft_survives_and_a_jotting_too(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct content_answer answer = small_answer("half a sent", "", 0);

    (void)state;
    small_open(circle, QUESTION);
    assert_int_equal(member_draft(bram->member, QUESTION, 0, &answer), STATUS_OK);
    assert_int_equal(member_jot(bram->member, "remember this", 5), STATUS_OK);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_TYPING);
    circle_kill(bram);
    circle_reopen(bram);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_TYPING);
    assert_string_equal(small_step(bram, QUESTION)->own[0].fields[0], "half a sent");
    assert_string_equal(circle_model(bram)->jottings[0].text, "remember this");
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(member_submit(bram->member, QUESTION, 0), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_SAVED);
    assert_false(small_step(bram, QUESTION)->own[0].draft_differs);
    small_end(circle);
}

static void what_is_over_is_not_being_typed(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct content_answer answer = small_answer("half a sent", "", 0);

    (void)state;
    small_open(circle, QUESTION);
    small_open(circle, MINE);
    assert_int_equal(member_draft(bram->member, QUESTION, 0, &answer), STATUS_OK);
    assert_int_equal(member_draft(bram->member, MINE, 0, &answer), STATUS_OK);
    small_release(circle, QUESTION);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_NOT_SENT);
    assert_string_equal(small_step(bram, QUESTION)->own[0].fields[0], "half a sent");
    assert_string_not_equal(small_step(bram, QUESTION)->own[0].reason, "");
    assert_int_equal(small_step(bram, MINE)->own[0].state, ANSWER_TYPING);
    assert_int_equal(member_end(circle->people[FATMA].member), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(bram, MINE)->own[0].state, ANSWER_NOT_SENT);
    circle_kill(bram);
    circle_reopen(bram); /* nor when it comes back */
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_NOT_SENT);
    small_end(circle);
}

static void control_characters_reach_nobodys_terminal(void **state)
{
    struct circle *circle = small_begin();

    (void)state;
    assert_int_equal(member_park(circle->people[BRAM].member, 0,
                                 "a\x1b[2Jb\xc2\x9b"
                                 "c\xe2\x80\xae"
                                 "d\r\n\te\x7f"),
                     STATUS_OK);
    circle_run(circle);
    assert_string_equal(circle_model(&circle->people[AYSE])->parked[0].text, "a[2Jbcd\n\te");
    assert_int_equal(member_park(circle->people[BRAM].member, 0, "\xff"), STATUS_MALFORMED);
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_feedback_reaches_one_and_leaves_no_trace),
        cmocka_unit_test(notes_reports_and_remarks_are_for_all),
        cmocka_unit_test(of_two_notes_at_once_none_is_lost),
        cmocka_unit_test(everyone_is_called_to_a_paragraph),
        cmocka_unit_test(background_is_given_out_and_tips_never_are),
        cmocka_unit_test(a_last_call_and_a_timer_are_heard),
        cmocka_unit_test(a_draft_survives_and_a_jotting_too),
        cmocka_unit_test(what_is_over_is_not_being_typed),
        cmocka_unit_test(control_characters_reach_nobodys_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

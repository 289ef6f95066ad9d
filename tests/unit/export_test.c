#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/transcript.h"

/* ---- what we said, then what we read ---- */

static void what_was_said_comes_before_what_was_read(void **state)
{
    struct circle *circle = transcript_played();
    char *text = transcript_of(&circle->people[AYSE]);

    (void)state;
    transcript_in_order(text, "## What we said", "## What we read");
    transcript_in_order(text, "> **1a** one", "## What we read");
    transcript_in_order(text, "What do you see?", "> **1a** one");
    transcript_in_order(text, "## What we read", "First paragraph of the SKETCH");
    transcript_in_order(text, "## What we read", "CONSEQUENCE of leaving");
    transcript_in_order(text, "## What we read", "AFTER all");
    free(text);
    small_end(circle);
}

static void each_text_stands_there_once(void **state)
{
    struct circle *circle = transcript_played();
    char *text = transcript_of(&circle->people[AYSE]);

    (void)state;
    assert_int_equal(transcript_times(text, "EXPLANATION of both"), 1);
    assert_int_equal(transcript_times(text, "SKETCH"), 1);
    transcript_has(text, "### Text 1: Sketch\n");
    transcript_has(text, "**Step 1 \xc2\xb7 read: Sketch** (text 1)\n");
    assert_int_equal(transcript_times(text, "\xc2\xb6"
                                            "1 First"),
                     1);
    /* the explanation belongs to both: by name here, in full below */
    assert_int_equal(transcript_times(text, "*Read afterwards: text "), 2);
    free(text);
    small_end(circle);
}

static void a_text_without_a_title_has_that_of_its_heading(void **state)
{
    struct circle *circle = transcript_played();
    const struct model_text *given = small_step(&circle->people[AYSE], QUESTION)->explanation;
    struct model_text *text = (struct model_text *)(uintptr_t)given;
    char *written = NULL;

    (void)state;
    assert_string_equal(text->title, "");
    text->md = "## Key A\n\nbody";
    transcript_step(&circle->people[AYSE], CHOICE)->beside_steps =
        (struct content_numbers){.count = 2, .at = {1, 2}};
    written = transcript_of(&circle->people[AYSE]);
    transcript_has(written, "*Read afterwards: text 2, Key A*\n");
    transcript_has(written, "\n### Text 2: Key A\n\n\xc2\xb6"
                            "1 body\n");
    transcript_has(written, "*Beside it: text 1, Sketch; what was shared at step 1; what was "
                            "shared at step 2*\n");
    free(written);
    small_end(circle);
}

static void what_was_not_opened_is_not_there(void **state)
{
    struct circle *circle = small_begin();
    char *text = NULL;

    (void)state;
    small_open(circle, READ);
    assert_int_equal(member_skip_step(circle->people[FATMA].member, QUESTION), STATUS_OK);
    circle_run(circle);
    text = transcript_of(&circle->people[FATMA]);
    transcript_has(text, "Step 1");
    transcript_lacks(text, "What do you see?");
    transcript_lacks(text, "BACKGROUND");
    transcript_lacks(text, "EXPLANATION");
    transcript_lacks(text, "Step 2");
    free(text);
    small_end(circle);
}

static void steps_are_called_as_on_the_screen(void **state)
{
    struct circle *circle = transcript_played();
    struct model_step *step = transcript_step(&circle->people[BRAM], QUESTION);
    char *text = NULL;

    (void)state;
    step->title = "Roles";
    step->label = "4";
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, "\n#### Step 2 \xc2\xb7 question 4: Roles\n");
    transcript_lacks(text, "### 4.");
    transcript_lacks(text, "read, reading");
    transcript_has(text, "each alone \xc2\xb7 with names, after sharing");
    free(text);
    small_end(circle);
}

static void parts_are_one_flow_and_prompts_have_no_numbers(void **state)
{
    struct circle *circle = transcript_played();
    struct model_step *step = transcript_step(&circle->people[BRAM], QUESTION);
    char *text = NULL;

    (void)state;
    step->items[0].label = "3a";
    step->items[1].label = "3b";
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, "\n**Bram**\n\n> **3a** one  \n> **3b** two\n\n");
    transcript_has(text, "\n**3a** first  \n**3b** second\n");
    transcript_lacks(text, "\xc2\xb6"
                           "1 What do you see?");
    free(text);
    small_end(circle);
}

static void a_long_title_is_whole(void **state)
{
    struct circle *circle = transcript_played();
    char title[1201] = "";
    char *text = NULL;

    (void)state;
    for (int i = 0; i < 600; i++) {
        memcpy(title + 2 * i, "\xc3\xa9", 3);
    }
    transcript_step(&circle->people[BRAM], QUESTION)->title = title;
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, title);
    free(text);
    small_end(circle);
}

/* ---- the same words as on the screen ---- */

static void a_choice_has_its_tally_and_the_words_of_the_screen(void **state)
{
    struct circle *circle = transcript_played();
    char *text = transcript_of(&circle->people[BRAM]);

    (void)state;
    transcript_has(text,
                   "| 1 | leave | 1 of 2 |\n| 2 | ask on (the guide's choice) | 1 of 2 |\n");
    transcript_has(text, "**Bram**: 1, leave\n\n> because\n");
    transcript_has(text, "**What follows from 2 (ask on)**");
    transcript_lacks(text, "referred");
    transcript_lacks(text, "If you choose");
    free(text);
    small_end(circle);
}

static void a_commitment_is_one_sentence_and_its_date(void **state)
{
    struct circle *circle = small_begin();
    char *text = NULL;

    (void)state;
    small_open(circle, PLAN);
    small_say(&circle->people[BRAM], PLAN, "I ask", "Monday", 0);
    circle_run(circle);
    small_release(circle, PLAN);
    text = transcript_of(&circle->people[AYSE]);
    transcript_has(text, "**Bram**\n\n> I ask  \n> **by when** Monday\n\n");
    transcript_lacks(text, "By when?");
    transcript_in_order(text, "### Commitments\n", "| Bram | I ask | Monday |\n");
    free(text);
    small_end(circle);
}

static void what_was_asked_and_not_shared_says_so(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct content_answer answer = small_answer("half a thought", "", 0);
    char *text = NULL;

    (void)state;
    small_open(circle, QUESTION);
    assert_int_equal(member_draft(bram->member, QUESTION, 0, &answer), STATUS_OK);
    circle_run(circle);
    text = transcript_of(bram);
    transcript_has(text, "*Not shared.*");
    transcript_in_order(text, "your own answer, not sent", "half a thought");
    transcript_lacks(text, "typing");
    free(text);
    text = transcript_of(&circle->people[AYSE]);
    transcript_has(text, "*Not shared.*");
    transcript_lacks(text, "half a thought");
    free(text);
    small_end(circle);
}

static void what_was_typed_after_sharing_is_not_lost(void **state)
{
    struct circle *circle = transcript_played();
    struct model_step *step = transcript_step(&circle->people[BRAM], QUESTION);
    char *text = NULL;

    (void)state;
    assert_int_equal(step->own[0].state, ANSWER_SHARED);
    step->own[0].draft_differs = true;
    step->own[0].fields[0] = "one, and more";
    text = transcript_of(&circle->people[BRAM]);
    transcript_in_order(text, "typed since, not sent", "one, and more");
    free(text);
    small_end(circle);
}

static void a_private_step_is_not_called_unshared(void **state)
{
    struct circle *circle = small_begin();
    char *text = NULL;

    (void)state;
    small_open(circle, MINE);
    small_say(&circle->people[BRAM], MINE, "MY OWN", NULL, 0);
    circle_run(circle);
    text = transcript_of(&circle->people[BRAM]);
    transcript_in_order(text, "your own answer, kept on this device", "MY OWN");
    transcript_lacks(text, "Not shared.");
    free(text);
    small_end(circle);
}

/* ---- notes ---- */

static struct circle *noted(const char *first, const char *second)
{
    struct circle *circle = small_begin();

    small_open(circle, TALK);
    assert_int_equal(member_note(circle->people[FATMA].member, TALK, first), STATUS_OK);
    circle_run(circle);
    assert_int_equal(member_note(circle->people[FATMA].member, TALK, second), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(&circle->people[BRAM], TALK)->note_count, 2);
    return circle;
}

static void the_present_note_stands_there_and_what_it_replaced_is_told(void **state)
{
    struct circle *circle = noted("signals", "roles");
    char *text = transcript_of(&circle->people[BRAM]);

    (void)state;
    transcript_has(text, "> roles\n");
    transcript_lacks(text, "> signals");
    transcript_has(text, "*An earlier version was replaced by whoever wrote it.*");
    free(text);
    small_end(circle);
    circle = noted("signals", "signals\nroles");
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, "> signals  \n> roles\n");
    assert_int_equal(transcript_times(text, "> signals"), 1);
    transcript_lacks(text, "earlier version");
    free(text);
    small_end(circle);
}

static void a_note_of_another_hand_is_kept(void **state)
{
    struct circle *circle = noted("BY OLGA", "by Fatma");
    struct model_step *step = transcript_step(&circle->people[BRAM], TALK);
    char *text = NULL;

    (void)state;
    step->notes[0].author = 2;
    step->notes[0].author_name = "Olga";
    text = transcript_of(&circle->people[BRAM]);
    transcript_in_order(text, "> by Fatma\n", "> BY OLGA\n");
    transcript_has(text, "**Replaced, written by Olga, ");
    free(text);
    small_end(circle);
}

static void a_note_behind_an_unreadable_one_is_kept(void **state)
{
    struct circle *circle = noted("WHAT CAN BE READ", "lost");
    struct model_step *step = transcript_step(&circle->people[BRAM], TALK);
    char *text = NULL;

    (void)state;
    step->notes[1].trouble = "unreadable, by X";
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, "unreadable, by X");
    transcript_has(text, "> WHAT CAN BE READ\n");
    free(text);
    small_end(circle);
}

static void a_note_that_crossed_is_in_its_writers_transcript(void **state)
{
    struct circle *circle = noted("first", "second");

    (void)state;
    transcript_step(&circle->people[BRAM], TALK)->note_kept = "MY VERSION";
    {
        char *text = transcript_of(&circle->people[BRAM]);

        transcript_in_order(text, "Only in your transcript", "> MY VERSION\n");
        free(text);
    }
    small_end(circle);
}

/* ---- nothing is lost ---- */

static void a_step_whose_question_cannot_be_read_keeps_its_answers(void **state)
{
    struct circle *circle = transcript_played();
    struct model_step *step = transcript_step(&circle->people[BRAM], QUESTION);
    char *text = NULL;

    (void)state;
    step->shown = false;
    step->title = step->label = step->md = "";
    text = transcript_of(&circle->people[BRAM]);
    transcript_in_order(text, "#### Step 2 \xc2\xb7 question\n", "> **1a** one");
    transcript_has(text, "*What was asked here cannot be read.*");
    free(text);
    small_end(circle);
}

static void a_report_stands_at_its_step_or_apart(void **state)
{
    struct circle *circle = small_begin();
    struct model *model = NULL;
    char *text = NULL;

    (void)state;
    small_open(circle, REPORT);
    assert_int_equal(member_report(circle->people[OLGA].member, REPORT, "WHAT I SAW"),
                     STATUS_OK);
    circle_run(circle);
    text = transcript_of(&circle->people[BRAM]);
    transcript_in_order(text, "Step 6 \xc2\xb7 report", "**Report of the observer: Olga, ");
    assert_int_equal(transcript_times(text, "> WHAT I SAW\n"), 1);
    free(text);
    model = (struct model *)(uintptr_t)circle_model(&circle->people[BRAM]);
    model->reports[0].step = PLAN; /* never opened */
    text = transcript_of(&circle->people[BRAM]);
    transcript_in_order(text, "### Reports\n", "> WHAT I SAW\n");
    free(text);
    small_end(circle);
}

static void a_list_has_its_lines(void **state)
{
    struct circle *circle = transcript_played();
    const struct model_text *given = small_step(&circle->people[AYSE], READ)->texts.at[0];
    struct model_text *list = (struct model_text *)(uintptr_t)given;
    const char *lines[] = {"who decides?", "1. who <b>pays</b>?"};
    char *text = NULL;

    (void)state;
    list->type = TEXT_LIST;
    list->title = list->md = "";
    list->lines = (struct model_lines){.count = 2, .at = lines};
    text = transcript_of(&circle->people[AYSE]);
    transcript_has(text, "### Text 1: a list\n\n- who decides?\n- 1\\. who "
                         "\\<b\\>pays\\</b\\>?\n\n");
    free(text);
    small_end(circle);
}

/* ---- people ---- */

static void messages_tell_who_when_and_where(void **state)
{
    struct circle *circle = small_begin();
    const uint16_t to = 3;
    char *text = NULL;

    (void)state;
    small_open(circle, READ);
    assert_int_equal(member_message(circle->people[OLGA].member, &to, 1, "slower"), STATUS_OK);
    assert_int_equal(member_jot(circle->people[BRAM].member, "to myself", circle->now_ms),
                     STATUS_OK);
    circle_run(circle);
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, ", step 1: Olga to Bram**\n\n> slower\n");
    transcript_has(text, ", step 1**\n\n> to myself\n");
    free(text);
    small_end(circle);
}

static void two_of_one_name_are_told_apart(void **state)
{
    struct circle *circle = transcript_played();
    char *text = NULL;

    (void)state;
    assert_int_equal(member_rename(circle->people[BRAM].member, "bram"), STATUS_OK);
    assert_int_equal(member_rename(circle->people[AYSE].member, "Bram"), STATUS_OK);
    circle_run(circle);
    text = transcript_of(&circle->people[FATMA]);
    transcript_has(text, "| bram (3) |");
    transcript_has(text, "| Bram (4) |");
    transcript_has(text, "**bram (3)**: 1, leave");
    transcript_has(text, "**Bram (4)**: 2, ask on");
    transcript_has(text, "| Olga |");
    free(text);
    small_end(circle);
}

static void the_head_says_when_where_and_who(void **state)
{
    struct circle *circle = transcript_played();
    char *text = transcript_of(&circle->people[BRAM]);

    (void)state;
    transcript_has(text, "Confidential.");
    transcript_has(text, "not part of a client's file");
    transcript_has(text, "| Guide | A small guide |");
    transcript_has(text, "| Date | ");
    transcript_has(text, "| Began | ");
    transcript_has(text, "| Ended | not ended yet |");
    transcript_has(text, "| Kept until | ");
    transcript_has(text, "| Transcript of | Bram, participant |");
    free(text);
    assert_int_equal(member_end(circle->people[FATMA].member), STATUS_OK);
    circle_run(circle);
    text = transcript_of(&circle->people[BRAM]);
    transcript_lacks(text, "not ended yet");
    transcript_has(text, "| Ended | ");
    free(text);
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_comes_before_what_was_read),
        cmocka_unit_test(each_text_stands_there_once),
        cmocka_unit_test(a_text_without_a_title_has_that_of_its_heading),
        cmocka_unit_test(what_was_not_opened_is_not_there),
        cmocka_unit_test(steps_are_called_as_on_the_screen),
        cmocka_unit_test(parts_are_one_flow_and_prompts_have_no_numbers),
        cmocka_unit_test(a_long_title_is_whole),
        cmocka_unit_test(a_choice_has_its_tally_and_the_words_of_the_screen),
        cmocka_unit_test(a_commitment_is_one_sentence_and_its_date),
        cmocka_unit_test(what_was_asked_and_not_shared_says_so),
        cmocka_unit_test(what_was_typed_after_sharing_is_not_lost),
        cmocka_unit_test(a_private_step_is_not_called_unshared),
        cmocka_unit_test(the_present_note_stands_there_and_what_it_replaced_is_told),
        cmocka_unit_test(a_note_of_another_hand_is_kept),
        cmocka_unit_test(a_note_behind_an_unreadable_one_is_kept),
        cmocka_unit_test(a_note_that_crossed_is_in_its_writers_transcript),
        cmocka_unit_test(a_step_whose_question_cannot_be_read_keeps_its_answers),
        cmocka_unit_test(a_report_stands_at_its_step_or_apart),
        cmocka_unit_test(a_list_has_its_lines),
        cmocka_unit_test(messages_tell_who_when_and_where),
        cmocka_unit_test(two_of_one_name_are_told_apart),
        cmocka_unit_test(the_head_says_when_where_and_who),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The plain face against an engine that only writes down what it is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sysexits.h>
#include <unistd.h>
#include <uv.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "tests/support/face_fake.h"

static char said[65536]; /* what the last face printed */

/* Runs the face over a pipe that holds these lines, to its end. */
static int talk(const char *lines)
{
    uv_loop_t loop;
    struct face *face = NULL;
    struct face_options options = {.kind = FACE_PLAIN, .loop = &loop};
    char *out = NULL;
    size_t out_count = 0;
    int ends[2];
    int code;

    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], lines, strlen(lines)), (ssize_t)strlen(lines));
    assert_int_equal(close(ends[1]), 0);
    options.input = ends[0];
    options.out = open_memstream(&out, &out_count);
    assert_non_null(options.out);
    assert_int_equal(face_create(&options, &face), STATUS_OK);
    fake.face = face_client(face);
    code = face_run(face, FAKE_CLIENT);
    fake.face = NULL;
    face_destroy(face);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(fclose(options.out), 0);
    assert_int_equal(close(ends[0]), 0);
    (void)snprintf(said, sizeof said, "%s", out);
    free(out);
    return code;
}

static void assert_said(const char *text)
{
    if (strstr(said, text) == NULL) {
        fail_msg("not said: \"%s\"\nbut:\n%s", text, said);
    }
}

static void assert_not_said(const char *text)
{
    if (strstr(said, text) != NULL) {
        fail_msg("said: \"%s\"\nin:\n%s", text, said);
    }
}

static void assert_asked(const char *text)
{
    if (strstr(fake.log, text) == NULL) {
        fail_msg("not asked: \"%s\"\nbut:\n%s", text, fake.log);
    }
}

static void assert_not_asked(const char *text)
{
    if (strstr(fake.log, text) != NULL) {
        fail_msg("asked: \"%s\"\nin:\n%s", text, fake.log);
    }
}

/* ---- typing ---- */

static void fields_are_filled_one_by_one_and_kept_line_by_line(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    assert_int_equal(talk("hij bepaalt\nwat er kan\n.\nde oudste zwijgt\n.\n"), EX_OK);
    assert_string_equal(fake.log, "draft 2 option 0 [hij bepaalt] []\n"
                                  "writing 2\n"
                                  "draft 2 option 0 [hij bepaalt\nwat er kan] []\n"
                                  "draft 2 option 0 [hij bepaalt\nwat er kan] [de oudste "
                                  "zwijgt]\n"
                                  "answer 2 option 0 [hij bepaalt\nwat er kan] [de oudste "
                                  "zwijgt]\n"
                                  "no longer writing 2\n");
    assert_said("1b:\n");
    assert_said("Your answer at step 2: saved");
}

static void a_choice_asks_its_number_first(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(3);
    (void)talk("omdat zij bang is\n3\n2\n.\n");
    assert_said("Kept as your reason. Now the number of your option.");
    assert_said("You chose 2, Doorvragen.");
    assert_asked("answer 3 option 2 [omdat zij bang is\n3]\n");
}

static void a_commitment_asks_what_and_by_when(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(4);
    (void)talk("doorvragen\n.\nvoor de zomer\n/send\n");
    assert_said("by when:\n");
    assert_asked("answer 4 option 0 [doorvragen] [voor de zomer]\n");
}

static void nothing_typed_is_nothing_sent(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    (void)talk("\n.\n.\n");
    assert_not_asked("answer");
    assert_said("nothing was sent");
}

static void a_refused_answer_stays(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(4);
    fake.answers_with = STATUS_BAD_STATE;
    (void)talk("iets\n.\nmorgen\n.\n");
    assert_said("That is not possible at this moment of the session.");
    assert_said("What you wrote is kept on this device.");
}

static void text_that_nobody_asked_for_is_not_lost(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(1);
    (void)talk("een gedachte\n//met een streep\n");
    assert_asked("jot [een gedachte]\njot [/met een streep]\n");
    assert_said("this was kept as a note to\nyourself: /jottings");
    fake_begin(2); /* the observer: capture takes one line and no choices */
    fake_open(2);
    (void)talk("zij praat het meest\n");
    assert_asked("jot [zij praat het meest]\n");
    assert_said("Noted, for yourself.");
}

static void the_facilitator_types_the_note(void **state)
{
    (void)state;
    fake_begin(1);
    fake_open(5);
    (void)talk("wij letten op wie beslist\n.\n");
    assert_asked("note 5 [wij letten op wie beslist]\n");
}

static void the_observer_types_the_report(void **state)
{
    (void)state;
    fake_begin(2);
    fake_open(6);
    (void)talk("ik zag aarzeling\n.\n");
    assert_asked("report 6 [ik zag aarzeling]\n");
}

static void fields_can_be_gone_back_to(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    (void)talk("een\n.\ntwee\n/field a\nen nog iets\n/field b\n/clear\ndrie\n/send\n");
    assert_asked("answer 2 option 0 [een\nen nog iets] [drie]\n");
    (void)talk("nog een regel\n.\n"); /* after it was sent */
    assert_said("Added below what you sent");
    assert_asked("answer 2 option 0 [een\nen nog iets] [drie\nnog een regel]\n");
}

static void a_draft_is_there_again(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    (void)talk("half\n");
    assert_asked("draft 2 option 0 [half] []\n");
    (void)talk("\n.\n.\n");
    assert_said("What you were typing at step 2 is still here");
    assert_asked("answer 2 option 0 [half] []\n");
}

/* ---- commands ---- */

static void commands_are_the_table(void **state)
{
    (void)state;
    fake_begin(2);
    fake_open(2);
    (void)talk("/message Bram de Wit: goed teruggebracht\n/message Mirjam tempo omlaag\n"
               "/park dit hoort bij fase 2\n/ready\n/park\n/message Joris: hoi\n/nergens\n"
               "/timer 5\n");
    assert_asked("message to 4 (1) [goed teruggebracht]\n");
    assert_asked("message to 1 (1) [tempo omlaag]\n");
    assert_asked("park 2 [dit hoort bij fase 2]\n");
    assert_asked("signal 1\n");
    assert_said("something is missing; write: park text");
    assert_said("nobody here is called \"Joris\"");
    assert_said("There is no command /nergens");
    assert_said("Your role in this session does not do that."); /* the timer */
}

static void an_answer_in_one_line(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(3);
    (void)talk("/answer 2 omdat zij bang is\n/answer step=2 2 personen | vier ogen\n"
               "/answer 9 x\n/read 1\n/read \xc2\xb6"
               "9 step=1\n");
    assert_asked("answer 3 option 2 [omdat zij bang is]\n");
    assert_asked("answer 2 option 0 [2 personen] [vier ogen]\n");
    assert_said("There is nothing to read at this step");
    assert_said("There is no paragraph 9 in \"Situatieschets\".");
}

static void reading_by_paragraph(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(1);
    (void)talk("/read \xc2\xb6"
               "2\n/done\n");
    assert_said("\xc2\xb6"
                "2   De oudste vertelt op school niets.");
    assert_not_said("voorjaar");
    assert_asked("done 1\n");
}

static void what_was_given_out_is_read_by_its_number(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    (void)talk("/read 7\n");
    assert_said("Situatieschets\n\n\xc2\xb6"
                "1   De vader");
    (void)talk("/read \xc2\xb6"
               "7\n");
    assert_said("There is no paragraph 7 in \"Situatieschets\".");
    (void)talk("/read 2\n"); /* nothing has that number: a paragraph of what lies here */
    assert_said("\xc2\xb6"
                "2   De oudste");
    (void)talk("/explanation 3\n");
    assert_said("There is no explanation to read at step 3");
}

/* ---- care ---- */

static void release_asks_and_only_a_word_counts(void **state)
{
    (void)state;
    fake_begin(1);
    fake_open(2);
    (void)talk("/release\n\n\n\nno\n/release\njazeker\n");
    assert_said("Share all answers with everyone? This cannot be undone.");
    assert_said("Nothing was done.");
    assert_not_asked("release_step");
    (void)talk("/release\nyes\n");
    assert_asked("release_step 2\n");
    fake_begin(1);
    (void)talk("/end\nja\n");
    assert_asked("end 0\n");
}

static void opening_can_be_taken_back(void **state)
{
    (void)state;
    fake_begin(1);
    (void)talk("/open 2\n\n/next\n/back\n");
    assert_said("In three seconds for everyone: step 2, question 1: Verbanden");
    assert_said("Taken back; nobody saw anything.");
    assert_not_asked("open_step");
    assert_not_asked("next");
    (void)talk("/open 2\n/now\n");
    assert_asked("open_step 2\n");
    (void)talk("/open 3\n/quit\n");
    assert_not_asked("open_step 3");
    (void)talk("/open 3\n"); /* the end of input takes nothing back */
    assert_asked("open_step 3\n");
}

static void moving_on_before_all_are_ready_asks(void **state)
{
    (void)state;
    fake_begin(1);
    fake_open(2);
    (void)talk("/next\nnee\n");
    assert_said("Answered at step 2: 0 of 2");
    assert_said("Not everyone is ready at this step. Go on all the same?");
    assert_not_asked("next");
    fake.steps[1].counts.answered = 2;
    (void)talk("/next\n/now\n");
    assert_asked("next 0\n");
}

static void closing_calls_those_who_still_write(void **state)
{
    (void)state;
    fake_begin(1);
    fake_open(2);
    fake.steps[1].counts.writing = 2;
    (void)talk("/close\n\n/back\n/close\n/now\n");
    assert_said("Still writing: 2.");
    assert_string_equal(fake.log, "last_call 2 15\nlast_call 2 15\nlast_call 2 0\n"
                                  "last_call 2 15\nclose_step 2\n");
}

/* ---- the lobby ---- */

static void the_lobby_is_no_error_screen(void **state)
{
    (void)state;
    fake_begin(3);
    fake.model.standing = STANDING_LOBBY;
    fake.model.lobby = LOBBY_NO_FACILITATOR;
    (void)talk("mijn eerste woorden\nen nog een paar\n.\n/park iets\n/who\n");
    assert_said("You are registered as Ay\xc5\x9f"
                "e. That worked");
    assert_said("No facilitator is connected yet.");
    assert_said("You are participant");
    assert_said("/where");
    assert_said("This is how you would have answered:\n  mijn eerste woorden\n  en nog een "
                "paar\n");
    assert_said("It was only practice");
    assert_said("You have not been let in yet.");
    assert_string_equal(fake.log, ""); /* kept nowhere, sent to nobody */
}

static void removed_is_an_exit_code(void **state)
{
    (void)state;
    fake_begin(3);
    fake.model.standing = STANDING_REMOVED;
    assert_int_equal(talk(""), EX_NOPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_filled_one_by_one_and_kept_line_by_line),
        cmocka_unit_test(a_choice_asks_its_number_first),
        cmocka_unit_test(a_commitment_asks_what_and_by_when),
        cmocka_unit_test(nothing_typed_is_nothing_sent),
        cmocka_unit_test(a_refused_answer_stays),
        cmocka_unit_test(text_that_nobody_asked_for_is_not_lost),
        cmocka_unit_test(the_facilitator_types_the_note),
        cmocka_unit_test(the_observer_types_the_report),
        cmocka_unit_test(fields_can_be_gone_back_to),
        cmocka_unit_test(a_draft_is_there_again),
        cmocka_unit_test(commands_are_the_table),
        cmocka_unit_test(an_answer_in_one_line),
        cmocka_unit_test(reading_by_paragraph),
        cmocka_unit_test(what_was_given_out_is_read_by_its_number),
        cmocka_unit_test(release_asks_and_only_a_word_counts),
        cmocka_unit_test(opening_can_be_taken_back),
        cmocka_unit_test(moving_on_before_all_are_ready_asks),
        cmocka_unit_test(closing_calls_those_who_still_write),
        cmocka_unit_test(the_lobby_is_no_error_screen),
        cmocka_unit_test(removed_is_an_exit_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

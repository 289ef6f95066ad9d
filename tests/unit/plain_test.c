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
                                  "draft 2 option 0 [hij bepaalt\nwat er kan] []\n"
                                  "draft 2 option 0 [hij bepaalt\nwat er kan] [de oudste "
                                  "zwijgt]\n"
                                  "answer 2 option 0 [hij bepaalt\nwat er kan] [de oudste "
                                  "zwijgt]\n");
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
    assert_said("There is no option 3; choose 1 or 2.");
    assert_said("You chose 2, Doorvragen. Your reason is kept; you can add to it.");
    assert_asked("answer 3 option 2 [omdat zij bang is]\n");
}

static void a_number_may_bring_its_reason_along(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(3);
    (void)talk("1 omdat er een melding wacht\n.\n");
    assert_said("You chose 1, Vertrekken.");
    assert_asked("answer 3 option 1 [omdat er een melding wacht]\n");
    fake_begin(3);
    fake_open(3);
    (void)talk("7 dagen is lang\n2: ja\n.\n"); /* no number of an option: text */
    assert_asked("answer 3 option 2 [7 dagen is lang\nja]\n");
}

/* The model of before goes with the draft: nothing of it may be looked at afterwards. */
static void a_number_over_a_draft_that_was_there_again(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(3);
    (void)talk("omdat zij bang is\n");
    (void)talk("2\n.\n");
    assert_said("You chose 2, Doorvragen.");
    assert_asked("answer 3 option 2 [omdat zij bang is]\n");
}

static void one_word_sends_all_parts(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    (void)talk("een\n/send\n");
    assert_asked("answer 2 option 0 [een] []\n");
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

/* ---- a step that is over ---- */

static void step_2_is_shared(void)
{
    fake.steps[1].state = STEP_RELEASED;
    fake_news(NEWS_STEP, 2);
    fake_open(4);
    fake_news(NEWS_STEP, 4);
}

static void the_prompt_goes_along_when_a_step_is_shared(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.then = step_2_is_shared;
    (void)talk("half\n.\nmorgen\n/send\n");
    assert_said("What you typed at step 2 was not sent before it was shared. It stays on\nthis "
                "device (/mine 2), and you can say it in the talk.");
    assert_not_said("not possible");
    assert_not_said("Added below");
    assert_not_asked("answer 2");
    assert_asked("answer 4 option 0 [] [morgen]\n"); /* the stop ended an empty first part */
}

/* The group goes to a step with another promise, while something unsent stands at step 2. */
static void step_3_opens(void)
{
    fake.steps[2].audience = "Nobody sees this: it stays on this device.";
    fake_open(3);
    fake_news(NEWS_STEP, 3);
}

static void what_one_writes_stays_under_its_own_promise(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.then = step_3_opens;
    (void)talk("half\nwhat is meant for nobody\n");
    assert_said("You are still at step 2, and what you type goes there.");
    assert_said("Of step 2: ");
    assert_not_said("it stays on this device");
    fake.steps[2].audience = "";
}

static void step_2_is_closed(void)
{
    fake.steps[1].state = STEP_CLOSED;
    fake_news(NEWS_STEP, 2);
}

static void a_full_stop_at_a_closed_step_says_what_became_of_it(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.then = step_2_is_closed;
    (void)talk("half\nmeer\n.\n/send\n");
    assert_said("What you typed at step 2 is kept on this device (/mine 2), and can be\nsent "
                "if the step opens again.");
    assert_not_said("not possible");
    assert_asked("draft 2 option 0 [half\nmeer] []\n");
    assert_not_asked("answer");
}

static void the_session_ends(void)
{
    fake.model.state = SESSION_ENDED;
    fake_news(NEWS_SESSION, 0);
}

static void what_was_typed_when_the_session_ended_is_told_of(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.then = the_session_ends;
    (void)talk("half\n.\n");
    assert_said("What you typed at step 2 was not sent before the session ended.");
    assert_said("Nothing is asked of you here now.");
    assert_not_asked("answer");
}

static void a_private_step_keeps_what_is_typed(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(4);
    fake.steps[3].plan.sharing = SHARING_NEVER;
    (void)talk("/step\nvoor mij\n/send\nnog iets\n");
    assert_said("a line with only a full stop keeps it.");
    assert_said("Added below what you kept; a line with only a full stop keeps it again.");
    assert_not_said("sends it");
}

static void waiting_is_not_said_of_what_is_on_its_way(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.keeps_waiting = true;
    (void)talk("een\n/send\n");
    assert_not_said("waiting");
    fake_begin(3);
    fake_open(2);
    fake.keeps_waiting = true;
    fake.connected = false;
    (void)talk("een\n/send\n");
    assert_said("Your answer at step 2: waiting");
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
    assert_said("Not sent. Nobody here is called \"Joris\"; /people lists who is.\n");
    assert_said("There is no command /nergens");
    assert_said("Your role in this session does not do that."); /* the timer */
}

static void private_words_reach_who_is_meant(void **state)
{
    (void)state;
    fake_begin(2);
    (void)talk("/message bram de wit Let op: Mirjam zegt \"ja\"\n"
               "/message Bram let op: nu\n/message Mirjam, 4: samen\n"
               "/message Marieke Let op: Bram zegt\n");
    assert_asked("message to 4 (1) [Let op: Mirjam zegt \"ja\"]\n"
                 "message to 4 (1) [let op: nu]\n"
                 "message to 1 (2) [samen]\n");
    assert_said("Not sent. Nobody here is called \"Marieke Let op\"; /people lists who is.\n");
    fake.members[3].name = "AY\xc5\x9e"
                           "E";
    fake.log[0] = '\0';
    (void)talk("/message Ay\xc5\x9f"
               "e hallo\n/message 4 hoi\n");
    assert_said("Not sent. Two people are called Ay\xc5\x9f"
                "e: 3 and 4. /message 3 ... or /message 4 ...\n");
    assert_string_equal(fake.log, "message to 4 (1) [hoi]\n");
}

static void it_is_said_what_happened(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(1);
    (void)talk("/confirm\n/done\n/more-time\n/park iets\n");
    assert_said("You agreed.\n");
    assert_said("Marked: you are done here.\n");
    assert_said("Told: you need more time.\n");
    assert_not_said("ok");
    fake_begin(1);
    fake_open(2);
    (void)talk("/last-call\n");
    assert_said("They have fifteen seconds; then /release shares, /close closes.\n");
}

static void a_note_says_what_it_replaces_and_can_be_added_to(void **state)
{
    struct model_note note = {.author = 1, .author_name = "Mirjam", .text = "eerste regel"};

    (void)state;
    fake_begin(1);
    fake_open(5);
    (void)talk("/note + het begin\n");
    assert_asked("note 5 [het begin]\n");
    assert_said("Written for the group.");
    fake.steps[4].notes = &note;
    fake.steps[4].note_count = 1;
    (void)talk("/note iets anders\n");
    assert_asked("note 5 [iets anders]\n");
    assert_said("Your note takes the place of this one, by Mirjam, of ");
    assert_said("  eerste regel\nTo add to a note: /note + and your words.\n");
    (void)talk("/note + tweede regel\n");
    assert_asked("note 5 [eerste regel\ntweede regel]\n");
    assert_said("Added to the note of the group.");
    assert_not_said("takes the place");
}

static void help_begins_with_what_is_needed(void **state)
{
    const char *needed, *answering, *looking;

    (void)state;
    fake_begin(3);
    fake_open(2);
    (void)talk("/help\n");
    needed = strstr(said, "What you need now\n");
    answering = strstr(said, "Answering and writing\n");
    looking = strstr(said, "Looking\n");
    assert_true(needed != NULL && answering > needed && looking > answering);
    assert_true(strstr(said, "/more-time:") < answering);
    assert_not_said("For the facilitator");
    assert_not_said("For the observer");
    assert_not_said("/release");
    fake_look_as(1);
    (void)talk("/help\n");
    assert_true(strstr(said, "/release") < strstr(said, "Answering and writing\n"));
    assert_true(strstr(said, "/timer") > strstr(said, "For the facilitator\n"));
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
    assert_said("Share now? They get fifteen seconds first. This cannot be undone.");
    assert_said("Nothing was done.");
    assert_not_asked("release_step");
    fake.steps[1].counts.answered = 2;
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
    (void)talk("/open 2\n/back\n/next\n/back\n");
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
    (void)talk("/open 4\n\n\n"); /* nor does Enter, pressed by habit */
    assert_asked("open_step 4\n");
    assert_not_said("Taken back");
}

static void in_a_pause_the_group_is_not_moved(void **state)
{
    (void)state;
    fake_begin(1);
    fake_open(2);
    fake.model.state = SESSION_PAUSED;
    (void)talk("/next\n/open 3\n/go 1\n/previous\n/release\n/close\n/last-call\n");
    assert_said("The session is paused; /resume first.");
    assert_string_equal(fake.log, "");
    (void)talk("/resume\n");
    assert_asked("resume 0\n");
    fake_look_as(3);
    (void)talk("/next\n");
    assert_not_said("/resume");
    assert_said("Your role in this session does not do that.");
}

/* Who answered is known to the facilitator: 3 and 4 are asked. */
static struct model_mark fake_marks[2];

static void mark(uint32_t ayse, uint32_t bram)
{
    fake_marks[0] =
        (struct model_mark){.member = 3, .name = "Ayse", .marks = ayse, .expected = true};
    fake_marks[1] =
        (struct model_mark){.member = 4, .name = "Bram", .marks = bram, .expected = true};
    fake.steps[1].marks = fake_marks;
    fake.steps[1].mark_count = 2;
}

static void release_names_who_has_not_answered(void **state)
{
    (void)state;
    fake_begin(1);
    fake_open(2);
    mark(MESSAGE_MARK_WRITING, MESSAGE_MARK_WRITING);
    (void)talk("/release\nno\n");
    assert_said("Not answered yet: Ayse, Bram (both are writing).\nShare now? They get fifteen "
                "seconds first.");
    mark(0, MESSAGE_MARK_WRITING);
    (void)talk("/release\nyes\n/back\n");
    assert_said("Not answered yet: Ayse, Bram (writing: Bram).\nShare now?");
    assert_said("Not answered yet: Ayse, Bram (writing: Bram).\nThey have fifteen seconds.");
    assert_string_equal(fake.log, "last_call 2 15\nlast_call 2 0\n");
    mark(MESSAGE_MARK_ANSWERED, 0);
    fake.members[3].present = false; /* nobody waits for who is not there */
    (void)talk("/release\nno\n");
    assert_said("Not answered yet: Bram.\nShare all answers with everyone?");
    mark(MESSAGE_MARK_ANSWERED, MESSAGE_MARK_ANSWERED | MESSAGE_MARK_WRITING);
    (void)talk("/release\nno\n");
    assert_said("Changing their answer: Bram.\nShare now?");
    mark(MESSAGE_MARK_ANSWERED, MESSAGE_MARK_ANSWERED);
    (void)talk("/release\nyes\n");
    assert_said("Share all answers with everyone? This cannot be undone.");
    assert_asked("release_step 2\n");
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
    (void)talk("/close\n\n/longer\n/back\n/close\n/now\n");
    assert_said("Not answered yet, or writing: 2\n");
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
        cmocka_unit_test(a_number_may_bring_its_reason_along),
        cmocka_unit_test(a_number_over_a_draft_that_was_there_again),
        cmocka_unit_test(one_word_sends_all_parts),
        cmocka_unit_test(the_prompt_goes_along_when_a_step_is_shared),
        cmocka_unit_test(what_one_writes_stays_under_its_own_promise),
        cmocka_unit_test(a_full_stop_at_a_closed_step_says_what_became_of_it),
        cmocka_unit_test(what_was_typed_when_the_session_ended_is_told_of),
        cmocka_unit_test(a_private_step_keeps_what_is_typed),
        cmocka_unit_test(waiting_is_not_said_of_what_is_on_its_way),
        cmocka_unit_test(a_commitment_asks_what_and_by_when),
        cmocka_unit_test(nothing_typed_is_nothing_sent),
        cmocka_unit_test(a_refused_answer_stays),
        cmocka_unit_test(text_that_nobody_asked_for_is_not_lost),
        cmocka_unit_test(the_facilitator_types_the_note),
        cmocka_unit_test(the_observer_types_the_report),
        cmocka_unit_test(fields_can_be_gone_back_to),
        cmocka_unit_test(a_draft_is_there_again),
        cmocka_unit_test(commands_are_the_table),
        cmocka_unit_test(private_words_reach_who_is_meant),
        cmocka_unit_test(it_is_said_what_happened),
        cmocka_unit_test(a_note_says_what_it_replaces_and_can_be_added_to),
        cmocka_unit_test(help_begins_with_what_is_needed),
        cmocka_unit_test(an_answer_in_one_line),
        cmocka_unit_test(reading_by_paragraph),
        cmocka_unit_test(what_was_given_out_is_read_by_its_number),
        cmocka_unit_test(release_asks_and_only_a_word_counts),
        cmocka_unit_test(opening_can_be_taken_back),
        cmocka_unit_test(in_a_pause_the_group_is_not_moved),
        cmocka_unit_test(release_names_who_has_not_answered),
        cmocka_unit_test(moving_on_before_all_are_ready_asks),
        cmocka_unit_test(closing_calls_those_who_still_write),
        cmocka_unit_test(the_lobby_is_no_error_screen),
        cmocka_unit_test(removed_is_an_exit_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the plain face prints, word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/faces/plain_show.h"
#include "tests/support/face_fake.h"

static char *text;
static size_t text_count;

static FILE *begin(void)
{
    FILE *out = open_memstream(&text, &text_count);

    assert_non_null(out);
    return out;
}

static void end(FILE *out, const char *golden)
{
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, golden);
    free(text);
}

static void a_question_says_who_will_see_it_before_it_asks(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(3);
    fake_open(2);
    out = begin();
    show_step(out, &fake.model, &fake.steps[1]);
    end(out, "Fase 1, directe veiligheid\n"
             "Step 2, question 1: Verbanden\n"
             "Everyone for themselves, about 8 minutes.\n"
             "\n"
             "  Welke verbanden met gender zie je?\n"
             "\n"
             "  1a\n"
             "     aard en ernst\n"
             "\n"
             "  1b\n"
             "     gedrag\n"
             "\n"
             "Beside it: Situatieschets (/read 7)\n"
             "\n"
             "Nobody sees this until the facilitator shares the answers.\n"
             "Type your answer part by part. A line with only a full stop goes on to\n"
             "the next part, and sends after the last one.\n");
}

static void a_choice_shows_its_options(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(1); /* a facilitator is asked nothing, and sees the tip */
    fake_open(3);
    fake.steps[2].tip = "Laat ze eerst *kiezen*.";
    out = begin();
    show_step(out, &fake.model, &fake.steps[2]);
    end(out, "Fase 1, directe veiligheid\n"
             "Step 3, choice 2: De politie\n"
             "Everyone for themselves, about 8 minutes.\n"
             "\n"
             "  Wat doet de politie?\n"
             "\n"
             "  1  Vertrekken\n"
             "     De patrouille gaat weg.\n"
             "\n"
             "  2  Doorvragen\n"
             "     De patrouille blijft.\n"
             "\n"
             "  Waarom?\n"
             "\n"
             "Tip, only for you:\n"
             "  Laat ze eerst kiezen.\n");
}

static void a_text_is_read_by_paragraph(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(3);
    out = begin();
    show_reading(out, &fake.text, 0);
    show_reading(out, &fake.text, 2);
    show_reading(out, &fake.text, 3);
    end(out, "Situatieschets\n"
             "\n"
             "\xc2\xb6"
             "1   De vader is sinds het voorjaar thuis.\n"
             "\n"
             "\xc2\xb6"
             "2   De oudste vertelt op school niets.\n"
             "\xc2\xb6"
             "2   De oudste vertelt op school niets.\n"
             "There is no paragraph 3 in \"Situatieschets\".\n");
}

static void released_answers_stand_by_person(void **state)
{
    const char *first[] = {"hij bepaalt wat er kan\nen zij past zich aan", ""};
    const char *second[] = {"", "de oudste zwijgt"};
    struct model_answer answers[] = {
        {.author = 4, .author_name = "Bram de Wit", .field_count = 2, .fields = first},
        {.author = 3, .author_name = "Ans", .mine = true, .field_count = 2, .fields = second},
        {.author = 2, .author_name = "Olga", .trouble = "unreadable, by Olga"},
    };
    FILE *out;

    (void)state;
    fake_begin(3);
    fake.steps[1].state = STEP_RELEASED;
    fake.steps[1].answers = answers;
    fake.steps[1].answer_count = 3;
    fake.steps[1].explanation = &fake.text;
    out = begin();
    show_shared(out, &fake.model, &fake.steps[1]);
    end(out, "Shared at step 2, question 1: Verbanden\n"
             "Answers: 3\n"
             "\n"
             "Bram de Wit:\n"
             "  1a\n"
             "    hij bepaalt wat er kan\n"
             "    en zij past zich aan\n"
             "\n"
             "Ans (you):\n"
             "  1b\n"
             "    de oudste zwijgt\n"
             "\n"
             "Olga:\n"
             "  unreadable, by Olga\n"
             "\n"
             "When you have talked: Situatieschets can be read now: /explanation 2.\n");
    out = begin();
    show_explanation(out, &fake.steps[1]);
    show_explanation(out, &fake.steps[0]);
    end(out, "What the guide says at step 2, question 1: Verbanden\n"
             "\n"
             "Situatieschets\n"
             "  De vader is sinds het voorjaar thuis.\n"
             "\n"
             "  De oudste vertelt op school niets.\n"
             "There is no explanation to read at step 1, read: Situatieschets (not opened "
             "yet).\n");
}

static void released_choices_stand_by_option_with_ones_own_consequence_first(void **state)
{
    const char *first[] = {"zij is bang"};
    const char *none[] = {""};
    struct model_answer answers[] = {
        {.author = 4, .author_name = "Bram", .field_count = 1, .fields = first, .option = 1},
        {.author = 3,
         .author_name = "Ans",
         .mine = true,
         .field_count = 1,
         .fields = none,
         .option = 2},
    };
    FILE *out;

    (void)state;
    fake_begin(3);
    fake.steps[2].state = STEP_RELEASED;
    fake.steps[2].answers = answers;
    fake.steps[2].answer_count = 2;
    fake.steps[2].after = "De volgende dag belt de school.";
    fake_options[0].tally = 1;
    fake_options[1].tally = 1;
    fake_options[0].consequence = "Het blijft stil.";
    fake_options[1].consequence = "Zij vertelt meer.";
    fake_options[1].preferred = true;
    out = begin();
    show_shared(out, &fake.model, &fake.steps[2]);
    end(out, "Shared at step 3, choice 2: De politie\n"
             "Answers: 2\n"
             "\n"
             "  1  Vertrekken: chosen by 1 of 2\n"
             "     Bram:\n"
             "       zij is bang\n"
             "\n"
             "  2  Doorvragen: chosen by 1 of 2\n"
             "     Ans (you)\n"
             "\n"
             "When you have talked: what follows from each option can be read now:\n"
             "/explanation 3.\n");
    out = begin();
    show_explanation(out, &fake.steps[2]);
    end(out, "What the guide says at step 3, choice 2: De politie\n"
             "\n"
             "What follows from your choice, 2 (Doorvragen), the guide's choice:\n"
             "  Zij vertelt meer.\n"
             "\n"
             "What follows from 1 (Vertrekken):\n"
             "  Het blijft stil.\n"
             "\n"
             "And then:\n"
             "  De volgende dag belt de school.\n");
}

static void a_conclusion_and_a_report_stand_below(void **state)
{
    struct model_note note = {.author_name = "Mirjam", .text = "Wij vragen door."};
    struct model_said report = {.step = 5, .author_name = "Olga", .text = "Er werd gezwegen."};
    FILE *out;

    (void)state;
    fake_begin(3);
    fake.steps[4].state = STEP_RELEASED;
    fake.steps[4].notes = &note;
    fake.steps[4].note_count = 1;
    fake.steps[4].note_kept = "Mijn versie.";
    fake.model.reports = &report;
    fake.model.report_count = 1;
    out = begin();
    show_shared(out, &fake.model, &fake.steps[4]);
    end(out, "Shared at step 5, discussion: Nabespreking\n"
             "\n"
             "What the group concludes, written by Mirjam:\n"
             "  Wij vragen door.\n"
             "\n"
             "Your version, which crossed with that one and was not kept:\n"
             "  Mijn versie.\n"
             "\n"
             "Olga, who observed, reports:\n"
             "  Er werd gezwegen.\n");
}

static void an_answer_that_was_not_sent_says_what_to_do(void **state)
{
    const char *fields[] = {"half", ""};
    struct model_own own = {.state = ANSWER_NOT_SENT,
                            .reason = "The step was closed before it was sent.",
                            .field_count = 2,
                            .fields = fields};
    FILE *out;

    (void)state;
    fake_begin(3);
    fake.steps[1].own = &own;
    fake.steps[1].own_count = 1;
    out = begin();
    show_mine(out, &fake.steps[1]);
    show_mine(out, &fake.steps[2]);
    end(out, "Your answer at step 2: not sent\n"
             "  1a\n"
             "    half\n"
             "The step was closed before it was sent.\n"
             "You have written nothing at step 3.\n");
}

static void the_lobby_says_what_happens(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(2);
    fake.model.standing = STANDING_LOBBY;
    fake.model.lobby = LOBBY_AGREEMENT;
    out = begin();
    show_lobby(out, &fake.model);
    end(out, "You are registered as Olga. That worked; you wait to be let in.\n"
             "The facilitator has been told that you are here and lets you in.\n"
             "\n"
             "You are observer: you do not answer, you watch how the group works. You\n"
             "write notes to yourself, private messages to the facilitator or to one\n"
             "participant, and a report to the group when it is asked.\n"
             "\n"
             "Three commands are enough to begin with:\n"
             "  /help   lists what you can do at that moment\n"
             "  /where  says where the group is, and where you are\n"
             "  /quit   leaves; you can come back\n"
             "\n"
             "To practise, type something here and end it with a line that holds only\n"
             "a full stop, as you will with an answer. It is shown back to you, kept\n"
             "nowhere and sent to nobody.\n");
}

static void the_facilitator_sees_who_and_who_is_missing(void **state)
{
    struct model_mark marks[] = {
        {.member = 3, .name = "Ans", .marks = MESSAGE_MARK_ANSWERED, .expected = true},
        {.member = 4, .name = "Bram", .marks = MESSAGE_MARK_WRITING, .expected = true},
        {.member = 2, .name = "Olga", .marks = MESSAGE_MARK_QUESTION, .expected = false},
    };
    FILE *out;

    (void)state;
    fake_begin(1);
    fake_open(2);
    fake.steps[1].counts.answered = 1;
    fake.steps[1].counts.writing = 1;
    fake.steps[1].marks = marks;
    fake.steps[1].mark_count = 3;
    fake.model.missing = (struct model_missing){
        .observer = true, .observer_rule = OBSERVER_REQUIRED, .people = 2};
    fake.members[3].present = false;
    out = begin();
    show_who(out, &fake.steps[1]);
    show_people(out, &fake.model);
    end(out, "Answered at step 2: 1 of 2, still writing: 1\n"
             "Answered or done: Ans\n"
             "Not yet: Bram\n"
             "Writing: Bram\n"
             "Have a question: Olga\n"
             "In the circle: 4, connected: 3\n"
             "  1  Mirjam, facilitator (you), connected\n"
             "  2  Olga, observer, connected\n"
             "  3  Ay\xc5\x9f"
             "e, participant, connected\n"
             "  4  Bram de Wit, participant, not connected\n"
             "There is no observer yet; this guide needs one.\n"
             "People still missing for this guide: 2\n");
}

static void who_has_agreed_and_who_waits_stands_with_the_people(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(1);
    fake.model.gate_text = 3;
    fake.members[0].confirmed = fake.members[2].confirmed = true;
    fake.members[3].state = MEMBER_LOBBY;
    fake.model.admitted_count = 3;
    fake.model.lobby_count = 1;
    out = begin();
    show_people(out, &fake.model);
    end(out, "In the circle: 3, connected: 3, agreed: 2\n"
             "  1  Mirjam, facilitator (you), connected, has agreed\n"
             "  2  Olga, observer, connected, has not agreed yet\n"
             "  3  Ay\xc5\x9f"
             "e, participant, connected, has agreed\n"
             "Waiting to be let in: 1\n"
             "  4  Bram de Wit, participant, connected\n");
}

static void what_was_private_is_never_shared(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(3);
    fake.steps[1].state = STEP_CLOSED;
    fake.steps[1].plan.sharing = SHARING_NEVER;
    out = begin();
    show_shared(out, &fake.model, &fake.steps[1]);
    fake.steps[1].plan.working = WORKING_GROUP;
    show_shared(out, &fake.model, &fake.steps[1]);
    end(out, "step 2, question 1: Verbanden:\n"
             "This was private; nothing of it is ever shared.\n"
             "step 2, question 1: Verbanden:\n"
             "This stayed within each pair or group; nothing of it is ever shared.\n");
}

static void nobody_is_counted_where_nobody_is_asked(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(1);
    fake.steps[4].counts.expected = 0;
    out = begin();
    show_counts(out, &fake.steps[4]);
    fake.steps[4].counts.ready = 2;
    fake.steps[4].counts.question = 1;
    show_counts(out, &fake.steps[4]);
    end(out, "At step 5, ready: 2, have a question: 1\n");
}

static void where_says_what_is_asked_of_whom(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(3);
    fake_open(2);
    out = begin();
    show_asked(out, &fake.model);
    fake_open(1);
    show_asked(out, &fake.model);
    fake.steps[0].done = true;
    show_asked(out, &fake.model);
    fake_open(5);
    show_asked(out, &fake.model);
    fake_look_as(1);
    show_asked(out, &fake.model);
    end(out, "Asked of you: your answer to this question. So far: nothing written.\n"
             "Asked of you: to read; /read, and then /done.\n"
             "You have said that you read this.\n"
             "Nothing is asked of you at the moment.\n"
             "Asked of you: to write down what the group concludes.\n");
}

/* A title of 300 two-byte characters: a cut falls between two of them. */
static void a_long_title_is_cut_between_characters(void **state)
{
    char title[601] = "";
    char name[SHOW_NAME_BYTES];

    (void)state;
    for (size_t i = 0; i < 300; i++) {
        (void)snprintf(title + 2 * i, 3, "\xc3\xa9");
    }
    fake_begin(3);
    fake.steps[1].title = title;
    fake.steps[1].label = "";
    show_step_name(&fake.steps[1], name);
    assert_true(bytes_is_utf8((struct bytes){(const uint8_t *)name, strlen(name)}));
    assert_string_equal(name + strlen(name) - 5, "\xc3\xa9\xe2\x80\xa6");
}

static void arriving_shows_role_and_agreements(void **state)
{
    const char *gate[] = {"Wat hier gezegd wordt, blijft hier."};
    struct model_term role = {
        .term = "", .md = "Jij bent **deelnemer**.", .role = ROLE_PARTICIPANT};
    FILE *out;

    (void)state;
    fake_begin(3);
    fake.model.gate = (struct model_lines){.count = 1, .at = gate};
    fake.model.gate_text = 3;
    fake.model.roles = &role;
    fake.model.role_count = 1;
    out = begin();
    show_arrival(out, &fake.model);
    end(out, "Intervisie\n"
             "Guide: Gendersensitief handelen\n"
             "Case: Gezin onder druk\n"
             "You are in, as Ay\xc5\x9f"
             "e (participant).\n"
             "\n"
             "Jij bent deelnemer.\n"
             "\n"
             "What everyone here agrees to:\n"
             "  - Wat hier gezegd wordt, blijft hier.\n"
             "/confirm says that you do.\n"
             "\n"
             "/help lists what you can do.\n");
}

static void nobody_reads_ahead_in_the_overview(void **state)
{
    FILE *out;

    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.steps[0].state = STEP_CLOSED;
    for (int i = 2; i < FAKE_STEPS; i++) {
        fake.steps[i].shown = false;
    }
    out = begin();
    show_overview(out, &fake.model);
    end(out, "Fase 1, directe veiligheid\n"
             "  step 1, read: Situatieschets, closed\n"
             "  step 2, question 1: Verbanden, open  <- the group\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_says_who_will_see_it_before_it_asks),
        cmocka_unit_test(a_choice_shows_its_options),
        cmocka_unit_test(a_text_is_read_by_paragraph),
        cmocka_unit_test(released_answers_stand_by_person),
        cmocka_unit_test(released_choices_stand_by_option_with_ones_own_consequence_first),
        cmocka_unit_test(a_conclusion_and_a_report_stand_below),
        cmocka_unit_test(an_answer_that_was_not_sent_says_what_to_do),
        cmocka_unit_test(the_lobby_says_what_happens),
        cmocka_unit_test(the_facilitator_sees_who_and_who_is_missing),
        cmocka_unit_test(who_has_agreed_and_who_waits_stands_with_the_people),
        cmocka_unit_test(what_was_private_is_never_shared),
        cmocka_unit_test(nobody_is_counted_where_nobody_is_asked),
        cmocka_unit_test(where_says_what_is_asked_of_whom),
        cmocka_unit_test(a_long_title_is_cut_between_characters),
        cmocka_unit_test(arriving_shows_role_and_agreements),
        cmocka_unit_test(nobody_reads_ahead_in_the_overview),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

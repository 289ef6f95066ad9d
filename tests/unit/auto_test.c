/* Simulated members play a small session by themselves: real members, a real hub. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/faces/auto.h"
#include "tests/support/circle.h"

static const char guide[] =
    "kring-guide: 1\n"
    "id: small\n"
    "language: en\n"
    "title: A small guide\n"
    "people: {min: 4, max: 30, observer: required}\n"
    "gate: [I am alone.]\n"
    "materials: {sketch: \"First paragraph.\\n\\nSecond paragraph.\"}\n"
    "choices:\n"
    "  leave:\n"
    "    options:\n"
    "      - {label: leave, consequence: CONSEQUENCE of leaving}\n"
    "      - {label: ask on, consequence: CONSEQUENCE of asking, preferred: true}\n"
    "explanations: {a: EXPLANATION of both}\n"
    "phases:\n"
    "  - id: one\n"
    "    title: Phase one\n"
    "    steps:\n"
    "      - {id: read, kind: read, title: Sketch, material: sketch, minutes: 3}\n"
    "      - {id: q, kind: question, text: What do you see?, items: [first, second],\n"
    "         explanation: a}\n"
    "      - {id: c, kind: choice, text: What now?, choice: leave, explanation: a}\n"
    "      - {id: talk, kind: discussion, text: Talk., work: plenary}\n"
    "      - {id: mine, kind: question, text: For yourself., share: private, who: all}\n"
    "      - {id: report, kind: report, text: The observer.}\n"
    "      - {id: plan, kind: commitment, text: From tomorrow I will, who: all}\n";

enum { READ = 1, QUESTION, CHOICE, TALK, MINE, REPORT, PLAN };
enum { FATMA, OLGA, BRAM, JORIS, PEOPLE };
enum { TURNS_MAX = 400 };

/* A circle, and what each of its simulated members remembers. */
struct play {
    struct circle circle;
    struct auto_memory memory[PEOPLE];
    struct auto_action action;
    unsigned acts;
};

static const char *sample(void *context, uint16_t step, uint16_t n)
{
    static const char *const texts[] = {"first. sample", "second. sample", "third. sample"};

    (void)context;
    return step == PLAN ? NULL : texts[n % 3];
}

static struct play *begin(void)
{
    struct play *play = calloc(1, sizeof *play);

    assert_non_null(play);
    circle_init(&play->circle, 11);
    circle_host(&play->circle, guide, ADMISSION_AUTOMATIC);
    circle_connect(&play->circle.people[FATMA]);
    circle_run(&play->circle);
    circle_connect(circle_join(&play->circle, OLGA, 1, "Olga"));
    circle_connect(circle_join(&play->circle, BRAM, 2, "Bram"));
    circle_connect(circle_join(&play->circle, JORIS, 2, "Joris"));
    circle_run(&play->circle);
    for (int i = 0; i < PEOPLE; i++) {
        play->memory[i].people = PEOPLE;
        play->memory[i].samples.text = sample;
    }
    return play;
}

static void finish(struct play *play)
{
    circle_finish(&play->circle);
    free(play);
}

/* Does what one of them wants to do now; false: nothing. */
static bool turn(struct play *play, int who, uint64_t *wake_ms_out)
{
    struct circle_person *person = &play->circle.people[who];
    struct intent_context context = {.now_ms = play->circle.now_ms};
    const struct intent *intent;
    enum status status;

    if (person->member == NULL || !auto_next(&play->memory[who], circle_model(person),
                                             play->circle.now_ms, &play->action, wake_ms_out)) {
        return false;
    }
    play->acts++;
    context.member = person->member;
    context.model = circle_model(person);
    intent = intent_find(play->action.intent);
    assert_true(intent_is_offered(intent, context.model));
    status = intent->run(&context, &play->action.values);
    if (status != STATUS_OK) {
        fail_msg("person %d, %s at step %u: %s", who, intent->name, (unsigned)play->action.step,
                 status_name(status));
    }
    return true;
}

/* Everyone in turn, each as far as they can, until nobody wants anything any more. */
static void play_on(struct play *play, unsigned turns)
{
    uint64_t wake_ms = 0;
    bool any = true;

    for (unsigned i = 0; any && i < turns; i++) {
        any = false;
        for (int who = PEOPLE - 1; who >= 0; who--) { /* the facilitator last */
            any = turn(play, who, &wake_ms) || any;
        }
        circle_run(&play->circle);
        if (!any && wake_ms > 0 && wake_ms <= play->circle.now_ms + AUTO_BEAT_MS) {
            circle_pass(&play->circle, AUTO_BEAT_MS);
            any = true;
        }
    }
}

static const struct model_step *step_of(struct play *play, int who, uint16_t number)
{
    const struct model_step *step = model_step(circle_model(&play->circle.people[who]), number);

    assert_non_null(step);
    return step;
}

static void assert_whole(struct play *play)
{
    const struct model *model = circle_model(&play->circle.people[BRAM]);

    assert_int_equal(model->state, SESSION_ENDED);
    assert_int_equal(step_of(play, BRAM, READ)->state, STEP_CLOSED);
    assert_int_equal(step_of(play, BRAM, QUESTION)->answer_count, 2);
    assert_int_equal(step_of(play, BRAM, CHOICE)->answer_count, 2);
    assert_int_equal(step_of(play, BRAM, CHOICE)->options[0].tally +
                         step_of(play, BRAM, CHOICE)->options[1].tally,
                     2);
    assert_non_null(step_of(play, BRAM, QUESTION)->explanation);
    assert_int_equal(step_of(play, BRAM, TALK)->note_count, 1);
    assert_string_equal(step_of(play, BRAM, TALK)->notes[0].text, "first. sample");
    assert_int_equal(step_of(play, BRAM, MINE)->state, STEP_CLOSED);
    assert_int_equal(step_of(play, BRAM, PLAN)->answer_count, 4); /* all roles */
    assert_string_equal(step_of(play, BRAM, PLAN)->answers[0].fields[1], "within two weeks");
    assert_int_equal(model->report_count, 1);
    assert_int_equal(model->reports[0].step, REPORT);
}

static void a_session_plays_itself(void **state)
{
    struct play *play = begin();
    const struct model *model;
    unsigned edited = 0;

    (void)state;
    play_on(play, TURNS_MAX);
    assert_whole(play);
    model = circle_model(&play->circle.people[OLGA]);
    assert_true(model->jotting_count >= 4);    /* most steps: it does not hold the group up */
    assert_int_equal(model->message_count, 2); /* to the facilitator, to a participant */
    model = circle_model(&play->circle.people[FATMA]);
    assert_int_equal(model->message_count, 1);
    for (uint16_t number = QUESTION; number <= PLAN; number++) {
        const struct model_step *step = step_of(play, JORIS, number);

        edited += step->own_count > 0 && step->own[0].edit == 2 &&
                  step->own[0].state == ANSWER_SHARED;
    }
    assert_true(edited > 0); /* somebody thought again, and nobody went on without them */
    for (int who = 0; who < PEOPLE; who++) {
        assert_int_equal(circle_told(&play->circle.people[who], NEWS_REFUSED), 0);
        assert_true(member_is_settled(play->circle.people[who].member));
    }
    finish(play);
}

static void lost_lines_and_a_server_that_restarts_do_not_stop_it(void **state)
{
    struct play *play = begin();

    (void)state;
    for (unsigned i = 0; i < 60; i++) {
        int who = (int)(i % PEOPLE);

        play_on(play, 2);
        circle_disconnect(&play->circle.people[who]);
        auto_forget_asked(&play->memory[who]);
        play_on(play, 1);
        if (i % 20 == 7) {
            circle_restart_server(&play->circle);
            for (int k = 0; k < PEOPLE; k++) {
                auto_forget_asked(&play->memory[k]);
            }
        }
        for (int k = 0; k < PEOPLE; k++) {
            if (play->circle.people[k].connection == 0) {
                circle_connect(&play->circle.people[k]);
            }
        }
        circle_run(&play->circle);
    }
    play_on(play, TURNS_MAX);
    assert_whole(play);
    finish(play);
}

static void it_waits_for_the_people_it_was_told_of(void **state)
{
    struct play *play = begin();

    (void)state;
    play->memory[FATMA].people = PEOPLE + 1;
    play_on(play, TURNS_MAX);
    assert_int_equal(circle_model(&play->circle.people[FATMA])->here, 0);
    play->memory[FATMA].people = PEOPLE;
    play_on(play, TURNS_MAX);
    assert_whole(play);
    finish(play);
}

/* Somebody is there and never answers: the facilitator waits, but not for ever. */
static void its_patience_ends(void **state)
{
    struct play *play = begin();
    struct auto_action *action = &play->action;
    uint64_t wake_ms = 0;

    (void)state;
    for (int i = 0; i < 10 && step_of(play, FATMA, READ)->state == STEP_UNOPENED; i++) {
        (void)turn(play, FATMA, &wake_ms);
        circle_run(&play->circle);
    }
    assert_int_equal(step_of(play, FATMA, READ)->state, STEP_OPEN);
    assert_false(auto_next(&play->memory[FATMA], circle_model(&play->circle.people[FATMA]),
                           play->circle.now_ms, action, &wake_ms));
    assert_true(wake_ms > play->circle.now_ms);
    assert_true(auto_next(&play->memory[FATMA], circle_model(&play->circle.people[FATMA]),
                          wake_ms, action, &wake_ms));
    assert_string_equal(action->intent, "close");
    finish(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_plays_itself),
        cmocka_unit_test(lost_lines_and_a_server_that_restarts_do_not_stop_it),
        cmocka_unit_test(it_waits_for_the_people_it_was_told_of),
        cmocka_unit_test(its_patience_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

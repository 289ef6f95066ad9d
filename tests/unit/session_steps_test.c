/* The session core: texts, steps, pace, release and the answers that follow it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/build_entry.h"

enum { FIRST = 1, SECOND = 2, PRIVATE = 3, PLENARY = 4, STEPS = 4 };

static void begin(struct scene *scene, uint16_t text_count)
{
    struct step_plan plans[STEPS];

    for (uint16_t i = 0; i < STEPS; i++) {
        plans[i] = build_plan((uint16_t)(i + 1), FORM_QUESTION);
        plans[i].who = WHO_PARTICIPANTS;
    }
    plans[PRIVATE - 1].sharing = SHARING_NEVER;
    plans[PLENARY - 1].work = WORK_PLENARY;
    scene_begin(scene);
    scene_meet(scene, plans, STEPS, text_count);
}

static int meet(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    assert_non_null(scene);
    begin(scene, 3);
    *state = scene;
    return 0;
}

static int part(void **state)
{
    scene_end(*state);
    free(*state);
    return 0;
}

static enum step_state state_of(const struct scene *scene, uint16_t step)
{
    return session_step(scene->session, step)->state;
}

static void open_step(struct scene *scene, uint16_t step)
{
    build_open(scene, CAST_FACILITATOR, step);
    scene_must(scene);
}

static enum status pace(struct scene *scene, enum verb verb, uint16_t step)
{
    build_pace(scene, CAST_FACILITATOR, verb, step);
    return scene_apply(scene);
}

/* ---- texts ---- */

static void nothing_opens_before_all_texts_are_there(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, 5);
    assert_int_equal(session_state(scene.session), SESSION_FILLING);
    assert_int_equal(session_text_count(scene.session), 5);
    build_open(&scene, CAST_FACILITATOR, FIRST);
    assert_int_equal(scene_decide(&scene), STATUS_BAD_STATE);
    build_text(&scene, CAST_FACILITATOR, 5); /* more than announced: does not count */
    scene_must(&scene);
    build_text(&scene, CAST_FACILITATOR, 4);
    scene_must(&scene);
    assert_int_equal(session_state(scene.session), SESSION_FILLING);
    assert_false(session_has_text(scene.session, 3));
    build_text(&scene, CAST_FACILITATOR, 3);
    scene_must(&scene);
    assert_true(session_has_text(scene.session, 3));
    assert_int_equal(session_state(scene.session), SESSION_RUNNING);
    open_step(&scene, FIRST);
    scene_end(&scene);
}

static void a_text_number_is_used_once(void **state)
{
    struct scene *scene = *state;

    build_text(scene, CAST_FACILITATOR, 2);
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    build_text(scene, CAST_FACILITATOR, TEXTS_MAX - 1);
    scene_must(scene);
    build_text(scene, CAST_FACILITATOR, TEXTS_MAX);
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    assert_false(session_has_text(scene->session, TEXTS_MAX));
}

static void a_reveal_shows_what_there_is(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_reveal(scene, CAST_FACILITATOR, 1);

    entry->args.reveal.paragraph = 4;
    entry->slot_count = 0; /* a passage everybody has */
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->args.reveal.text = 3;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.reveal.text = 0;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.reveal.paragraph = 0;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN); /* nothing at all */
    build_slot(entry, LOCK_GROUP, 0, NAME_TEXT, 1);
    assert_int_equal(scene_decide(scene), STATUS_OK); /* only hands out a key */
    build_slot(entry, LOCK_GROUP, 0, NAME_STEP, FIRST);
    assert_int_equal(scene_decide(scene), STATUS_BAD_STATE); /* not released */
    open_step(scene, FIRST);
    assert_int_equal(pace(scene, VERB_CLOSE, FIRST), STATUS_OK);
    build_release(scene, CAST_FACILITATOR, FIRST, 0);
    scene_must(scene);
    entry = build_reveal(scene, CAST_FACILITATOR, 1);
    build_slot(entry, LOCK_GROUP, 0, NAME_STEP, FIRST);
    scene_must(scene);
}

/* ---- steps ---- */

static void a_step_goes_through_its_states(void **state)
{
    struct scene *scene = *state;
    const struct session_step *step = session_step(scene->session, FIRST);
    uint64_t first_open = session_index(scene->session) + 1;

    assert_int_equal(step->state, STEP_UNOPENED);
    open_step(scene, FIRST);
    assert_int_equal(step->state, STEP_OPEN);
    assert_int_equal(step->epoch, 1);
    assert_int_equal(step->open_index, first_open);
    assert_int_equal(step->key[0], 0x60 + FIRST);
    assert_int_equal(session_pointer(scene->session), FIRST);
    assert_int_equal(pace(scene, VERB_CLOSE, FIRST), STATUS_OK);
    assert_int_equal(step->state, STEP_CLOSED);
    open_step(scene, FIRST);
    assert_int_equal(step->state, STEP_OPEN);
    assert_int_equal(step->open_index, first_open);
    assert_int_equal(pace(scene, VERB_CLOSE, FIRST), STATUS_OK);
    build_release(scene, CAST_FACILITATOR, FIRST, 0);
    scene_must(scene);
    assert_int_equal(step->state, STEP_RELEASED);
    assert_int_equal(step->release_index, session_index(scene->session));
    build_open(scene, CAST_FACILITATOR, FIRST);
    assert_int_equal(scene_decide(scene), STATUS_BAD_STATE);
}

static void a_skipped_step_may_still_be_opened(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(pace(scene, VERB_SKIP, FIRST), STATUS_OK);
    assert_int_equal(state_of(scene, FIRST), STEP_SKIPPED);
    assert_int_equal(session_pointer(scene->session), 0);
    assert_int_equal(pace(scene, VERB_SKIP, FIRST), STATUS_BAD_STATE);
    assert_int_equal(pace(scene, VERB_GO, FIRST), STATUS_BAD_STATE);
    open_step(scene, FIRST);
    assert_int_equal(state_of(scene, FIRST), STEP_OPEN);
    assert_int_equal(pace(scene, VERB_SKIP, FIRST), STATUS_BAD_STATE);
}

static void only_the_first_open_carries_a_key(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_open(scene, CAST_FACILITATOR, FIRST);

    entry->args.open.has_key = false;
    assert_int_equal(scene_decide(scene), STATUS_BAD_KEY);
    entry->args.open.has_key = true;
    scene_must(scene);
    assert_int_equal(pace(scene, VERB_CLOSE, FIRST), STATUS_OK);
    entry = build_open(scene, CAST_FACILITATOR, FIRST);
    assert_false(entry->args.open.has_key);
    entry->args.open.has_key = true;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
}

static void going_moves_the_group_to_a_step_opened_before(void **state)
{
    struct scene *scene = *state;

    open_step(scene, FIRST);
    open_step(scene, SECOND);
    assert_int_equal(session_pointer(scene->session), SECOND);
    assert_int_equal(pace(scene, VERB_GO, FIRST), STATUS_OK);
    assert_int_equal(session_pointer(scene->session), FIRST);
    assert_int_equal(pace(scene, VERB_GO, PLENARY), STATUS_BAD_STATE);
}

static void check_order(const struct scene *scene, const char *steps)
{
    assert_int_equal(session_step_count(scene->session), strlen(steps));
    for (uint16_t i = 0; i < strlen(steps); i++) {
        assert_int_equal(session_step_at(scene->session, i)->plan.step, steps[i] - '0');
    }
    assert_null(session_step_at(scene->session, (uint16_t)strlen(steps)));
}

static void steps_are_added_moved_and_changed_before_they_open(void **state)
{
    struct scene *scene = *state;
    struct step_plan plan = build_plan(9, FORM_QUESTION);

    check_order(scene, "1234");
    build_step(scene, CAST_FACILITATOR, &plan, 2);
    scene_must(scene);
    check_order(scene, "12934");
    plan.sharing = SHARING_NEVER;
    build_step(scene, CAST_FACILITATOR, &plan, 0);
    scene_must(scene);
    check_order(scene, "91234");
    assert_int_equal(session_step(scene->session, 9)->plan.sharing, SHARING_NEVER);
    build_step(scene, CAST_FACILITATOR, &plan, 4);
    scene_must(scene);
    check_order(scene, "12349");
    build_step(scene, CAST_FACILITATOR, &plan, 3);
    scene->entry->has_body = false; /* a change of plan needs no texts */
    scene->entry->slot_count = 0;
    scene_must(scene);
    check_order(scene, "12394");
    open_step(scene, 9);
    build_step(scene, CAST_FACILITATOR, &plan, 0);
    assert_int_equal(scene_decide(scene), STATUS_BAD_STATE);
}

static void a_session_takes_all_the_steps_there_can_be(void **state)
{
    struct scene *scene = *state;

    for (uint16_t step = STEPS; step < STEPS_MAX; step++) {
        struct step_plan plan = build_plan((uint16_t)(step + 1), FORM_READ);

        build_step(scene, CAST_FACILITATOR, &plan, step);
        scene_must(scene);
    }
    assert_int_equal(session_step_count(scene->session), STEPS_MAX);
    for (uint16_t i = 0; i < STEPS_MAX; i++) {
        assert_int_equal(session_step_at(scene->session, i)->plan.step, i + 1);
    }
    assert_null(session_step_at(scene->session, STEPS_MAX));
    assert_null(session_step(scene->session, STEPS_MAX + 1));
}

static void a_plan_must_make_sense(void **state)
{
    struct scene *scene = *state;
    struct step_plan plan = build_plan(9, FORM_QUESTION);
    struct entry *entry = build_step(scene, CAST_FACILITATOR, &plan, 9);

    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN); /* after itself */
    entry->args.step.position = 8;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.step.position = 1;
    entry->args.step.plan.step = 10; /* not what the header says */
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.step.plan.step = 9;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->args.step.plan.form = (enum form)FORM_COUNT;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.step.plan = plan;
    entry->args.step.plan.working = WORKING_GROUP;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->args.step.plan.sharing = SHARING_ANONYMOUS;
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    plan.step = STEPS_MAX + 1;
    build_step(scene, CAST_FACILITATOR, &plan, 0);
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
}

static void fewer_than_three_are_not_anonymous(void **state)
{
    struct scene *scene = *state;
    struct step_plan plan = build_plan(9, FORM_QUESTION);

    plan.sharing = SHARING_ANONYMOUS;
    build_step(scene, CAST_FACILITATOR, &plan, 0);
    scene_must(scene);
    open_step(scene, 9);
    assert_int_equal(pace(scene, VERB_CLOSE, 9), STATUS_OK);
    for (uint32_t count = 0; count <= ANONYMOUS_RELEASE_MIN; count++) {
        build_release(scene, CAST_FACILITATOR, 9, count);
        assert_int_equal(scene_decide(scene), count == 0 || count == ANONYMOUS_RELEASE_MIN
                                                  ? STATUS_OK
                                                  : STATUS_FORBIDDEN);
    }
}

/* ---- pace ---- */

static void pause_is_left_by_resume(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(pace(scene, VERB_RESUME, 0), STATUS_BAD_STATE);
    assert_int_equal(pace(scene, VERB_PAUSE, 0), STATUS_OK);
    assert_int_equal(pace(scene, VERB_PAUSE, 0), STATUS_PAUSED);
    assert_int_equal(session_state(scene->session), SESSION_PAUSED);
    open_step(scene, FIRST); /* only answers wait */
    assert_int_equal(pace(scene, VERB_RESUME, 0), STATUS_OK);
    assert_int_equal(session_state(scene->session), SESSION_RUNNING);
}

static void the_timer_ends_when_it_says(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = NULL;

    assert_int_equal(pace(scene, VERB_TIMER_EXTEND, 0), STATUS_BAD_STATE);
    assert_int_equal(pace(scene, VERB_TIMER_STOP, 0), STATUS_BAD_STATE);
    assert_int_equal(pace(scene, VERB_TIMER_START, 0), STATUS_OK);
    assert_int_equal(session_timer(scene->session).ends_ms, scene->time_ms + 60000);
    scene->time_ms += 1000;
    assert_int_equal(pace(scene, VERB_TIMER_EXTEND, 0), STATUS_OK);
    assert_int_equal(session_timer(scene->session).ends_ms, scene->time_ms + 119000);
    scene->time_ms += 500000; /* long over: longer from now */
    assert_int_equal(pace(scene, VERB_TIMER_EXTEND, 0), STATUS_OK);
    assert_int_equal(session_timer(scene->session).ends_ms, scene->time_ms + 60000);

    entry = build_pace(scene, CAST_FACILITATOR, VERB_TIMER_EXTEND, 0);
    entry->args.pace.seconds = TIMER_SECONDS_MAX - 60;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->args.pace.seconds++;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    entry->args.pace.verb = VERB_TIMER_START;
    entry->args.pace.seconds = TIMER_SECONDS_MAX;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->args.pace.seconds = 0;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    assert_int_equal(pace(scene, VERB_TIMER_STOP, 0), STATUS_OK);
    assert_int_equal(session_timer(scene->session).ends_ms, 0);
}

/* ---- release ---- */

static void close_step(struct scene *scene, uint16_t step)
{
    open_step(scene, step);
    assert_int_equal(pace(scene, VERB_CLOSE, step), STATUS_OK);
}

static void a_release_fits_its_step(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = NULL;

    for (uint16_t step = 1; step <= STEPS; step++) {
        close_step(scene, step);
    }
    build_release(scene, CAST_FACILITATOR, PRIVATE, 0);
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    build_release(scene, CAST_FACILITATOR, PLENARY, 1);
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT); /* nobody can have answered */
    build_release(scene, CAST_FACILITATOR, PLENARY, 0);
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry = build_release(scene, CAST_FACILITATOR, FIRST, CAST_COUNT * (BEHALF_MAX + 1));
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->args.release.count++;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    entry->args.release.count = 1;
    build_slot(entry, LOCK_GROUP, 0, NAME_TEXT, 2);
    assert_int_equal(scene_decide(scene), STATUS_OK);
    build_slot(entry, LOCK_GROUP, 0, NAME_STEP, SECOND); /* another step's secret */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slot_count = 0;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
}

static void the_released_answers_come_first(void **state)
{
    struct scene *scene = *state;

    close_step(scene, FIRST);
    build_release(scene, CAST_FACILITATOR, FIRST, 2);
    scene_must(scene);
    assert_int_equal(session_release_left(scene->session), 2);
    build_written(scene, KIND_PARK, CAST_PARTICIPANT);
    assert_int_equal(scene_apply(scene), STATUS_CONFLICT);
    build_bare(scene, KIND_PURGE, CAST_FACILITATOR);
    assert_int_equal(scene_apply(scene), STATUS_CONFLICT);
    build_answer(scene, CAST_PARTICIPANT, FIRST, 3);
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT); /* no append meanwhile */
    scene_must(scene);
    assert_int_equal(scene_apply(scene), STATUS_DUPLICATE);
    build_answer(scene, CAST_CASE_GIVER, FIRST, 1);
    scene_must(scene);
    assert_int_equal(session_release_left(scene->session), 0);
    assert_int_equal(session_step(scene->session, FIRST)->release_count, 2);
    build_answer(scene, CAST_SCRIBE, FIRST, 1);
    assert_int_equal(scene_apply(scene), STATUS_BAD_STATE);
    build_written(scene, KIND_PARK, CAST_PARTICIPANT);
    scene_must(scene);
}

static void a_released_answer_must_be_what_it_says(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = NULL;

    open_step(scene, SECOND);
    close_step(scene, FIRST);
    build_release(scene, CAST_FACILITATOR, FIRST, 2);
    scene_must(scene);
    build_answer(scene, CAST_PARTICIPANT, FIRST, 1);
    scene_must(scene);

    build_answer(scene, CAST_PARTICIPANT, FIRST, 2); /* one answer each */
    assert_int_equal(scene_apply(scene), STATUS_CONFLICT);
    build_answer(scene, CAST_CASE_GIVER, SECOND, 1);
    assert_int_equal(scene_apply(scene), STATUS_CONFLICT);
    build_answer(scene, CAST_OBSERVER, FIRST, 1);
    assert_int_equal(scene_apply(scene), STATUS_FORBIDDEN);
    build_answer(scene, CAST_LOBBY, FIRST, 1);
    assert_int_equal(scene_apply(scene), STATUS_NOT_ADMITTED);

    entry = build_answer(scene, CAST_CASE_GIVER, FIRST, 1);
    build_id(entry->id, 0); /* before the last */
    assert_int_equal(scene_apply(scene), STATUS_CONFLICT);
    build_id(entry->id, 5000);
    entry->findings.signature_good = false;
    assert_int_equal(scene_apply(scene), STATUS_BAD_SIGNATURE);
    entry->findings.signature_good = true;
    entry->findings.seen_good = false;
    assert_int_equal(scene_apply(scene), STATUS_BAD_SEEN);
    entry->findings.seen_good = true;
    entry->epoch = 2;
    assert_int_equal(scene_apply(scene), STATUS_STALE_EPOCH);
    entry->epoch = 1;
    entry->slot_count = 1;
    assert_int_equal(scene_apply(scene), STATUS_BAD_SLOTS);
    entry->slot_count = 2;
    scene->time_ms++; /* the release has the time for all of them */
    assert_int_equal(scene_apply(scene), STATUS_CONFLICT);
    scene->time_ms--;
    entry->author = 0;
    assert_int_equal(scene_apply(scene), STATUS_UNSUPPORTED);
    entry->author = CAST_CASE_GIVER;
    entry->args.answer.behalf = BEHALF_MAX;
    scene_must(scene);
}

/* An answer given as a participant counts also when its author observes by now. */
static void a_change_of_role_does_not_undo_an_answer(void **state)
{
    struct scene *scene = *state;

    close_step(scene, FIRST);
    build_roster(scene, CAST_FACILITATOR, CAST_PARTICIPANT, ROLE_OBSERVER);
    scene_must(scene);
    assert_false(session_may_answer(scene->session, FIRST, CAST_PARTICIPANT));
    build_release(scene, CAST_FACILITATOR, FIRST, 1);
    scene_must(scene);
    build_answer(scene, CAST_PARTICIPANT, FIRST, 1);
    scene_must(scene);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, meet, part)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_opens_before_all_texts_are_there),
        TEST(a_text_number_is_used_once),
        TEST(a_reveal_shows_what_there_is),
        TEST(a_step_goes_through_its_states),
        TEST(a_skipped_step_may_still_be_opened),
        TEST(only_the_first_open_carries_a_key),
        TEST(going_moves_the_group_to_a_step_opened_before),
        TEST(steps_are_added_moved_and_changed_before_they_open),
        TEST(a_session_takes_all_the_steps_there_can_be),
        TEST(a_plan_must_make_sense),
        TEST(fewer_than_three_are_not_anonymous),
        TEST(pause_is_left_by_resume),
        TEST(the_timer_ends_when_it_says),
        TEST(a_release_fits_its_step),
        TEST(the_released_answers_come_first),
        TEST(a_released_answer_must_be_what_it_says),
        TEST(a_change_of_role_does_not_undo_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

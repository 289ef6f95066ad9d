/* The session core: checks that hold for all kinds, and answers. Steps and pace stand in
 * session_steps_test.c, who is there in session_roster_test.c, notes, agreements and messages
 * in session_writing_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/build_entry.h"

enum { QUESTION = 1, PLENARY = 2, AGREEMENTS = 3, PRIVATE = 4, READING = 5, ANONYMOUS = 6 };
enum { GROUPED = 7, OF_CASE_GIVER = 8, OF_OBSERVER = 9, OF_PARTICIPANTS = 10, STEPS = 10 };

static void fill_plans(struct step_plan *plans)
{
    for (uint16_t i = 0; i < STEPS; i++) {
        plans[i] = build_plan((uint16_t)(i + 1), FORM_QUESTION);
    }
    plans[PLENARY - 1].work = WORK_PLENARY;
    plans[AGREEMENTS - 1].form = FORM_AGREEMENT;
    plans[PRIVATE - 1].sharing = SHARING_NEVER;
    plans[READING - 1].form = FORM_READ;
    plans[ANONYMOUS - 1].sharing = SHARING_ANONYMOUS;
    plans[GROUPED - 1].working = WORKING_GROUP;
    plans[OF_CASE_GIVER - 1].who = WHO_CASE_GIVER;
    plans[OF_OBSERVER - 1].who = WHO_OBSERVER;
    plans[OF_PARTICIPANTS - 1].who = WHO_PARTICIPANTS;
}

/* A running session, all steps open. */
static int meet(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct step_plan plans[STEPS];

    assert_non_null(scene);
    fill_plans(plans);
    scene_begin(scene);
    scene_meet(scene, plans, STEPS, 3);
    for (uint16_t step = 1; step <= STEPS; step++) {
        build_open(scene, CAST_FACILITATOR, step);
        scene_must(scene);
    }
    *state = scene;
    return 0;
}

static int part(void **state)
{
    scene_end(*state);
    free(*state);
    return 0;
}

/* ---- the order of the checks ---- */

/* Spoils everything an entry can have wrong, then mends it in the order of the checks: each
 * time the next complaint must come. */
static void checks_come_in_their_order(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_written(scene, KIND_NOTE, CAST_LOBBY);
    uint8_t id[ID_BYTES];
    uint8_t session[HASH_BYTES];

    build_id(id, 1);
    memcpy(session, entry->session, HASH_BYTES);
    memset(entry->session, 9, HASH_BYTES);
    memcpy(entry->id, id, ID_BYTES);
    entry->kind = (enum kind)99;
    scene->time_ms--;
    entry->findings.signature_good = false;
    entry->findings.seen_good = false;
    entry->epoch = 2;
    entry->slot_count = 0;
    entry->args.note.has_replaces = true;

    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->kind = KIND_NOTE;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    memcpy(entry->session, session, HASH_BYTES);
    assert_int_equal(scene_decide(scene), STATUS_DUPLICATE);
    build_id(entry->id, 5000);
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    scene->time_ms++;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SIGNATURE);
    entry->findings.signature_good = true;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SEEN);
    entry->findings.seen_good = true;
    assert_int_equal(scene_decide(scene), STATUS_NOT_ADMITTED);
    entry->author = CAST_REMOVED;
    assert_int_equal(scene_decide(scene), STATUS_REMOVED);
    entry->author = CAST_COUNT + 1;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->author = CAST_PARTICIPANT;
    assert_int_equal(scene_decide(scene), STATUS_STALE_EPOCH);
    entry->epoch = 1;
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    entry->author = CAST_FACILITATOR;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN); /* no step */
    entry->step = STEPS_MAX;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->step = UINT16_MAX;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->step = PLENARY;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slot_count = 1;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT); /* replaces nothing */
    entry->args.note.has_replaces = false;
    assert_int_equal(scene_decide(scene), STATUS_OK);
}

static void seen_may_be_old_but_never_ahead(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_written(scene, KIND_PARK, CAST_PARTICIPANT);

    entry->seen_index = 1;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->seen_index = session_index(scene->session);
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->seen_index++;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SEEN);
    entry->seen_index = 0;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SEEN);
}

static void what_is_sent_again_is_recognised_whatever_happened(void **state)
{
    struct scene *scene = *state;
    struct entry park = *build_written(scene, KIND_PARK, CAST_PARTICIPANT);
    uint64_t index = 0;
    uint16_t author = 0;

    assert_false(session_find_id(scene->session, park.id, &index, &author));
    scene_must(scene);
    assert_true(session_find_id(scene->session, park.id, &index, &author));
    assert_int_equal(index, session_index(scene->session));
    assert_int_equal(author, CAST_PARTICIPANT);

    park.epoch = 7;
    for (int times = 0; times < 2; times++) {
        *scene->entry = park;
        assert_int_equal(scene_decide(scene), STATUS_DUPLICATE);
        assert_int_equal(scene_apply(scene), STATUS_DUPLICATE);
        build_bare(scene, KIND_PURGE, CAST_FACILITATOR);
        assert_int_equal(scene_apply(scene), times == 0 ? STATUS_OK : STATUS_PURGED);
    }
}

static void after_the_end_only_purge_is_left(void **state)
{
    struct scene *scene = *state;

    build_pace(scene, CAST_FACILITATOR, VERB_TIMER_START, 0);
    scene_must(scene);
    build_pace(scene, CAST_FACILITATOR, VERB_END, 0);
    scene_must(scene);
    assert_int_equal(session_state(scene->session), SESSION_ENDED);
    assert_int_equal(session_timer(scene->session).ends_ms, 0);
    build_written(scene, KIND_PARK, CAST_LOBBY);
    assert_int_equal(scene_decide(scene), STATUS_ENDED);
    build_bare(scene, KIND_PURGE, CAST_PARTICIPANT);
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    build_bare(scene, KIND_PURGE, CAST_FACILITATOR);
    scene_must(scene);
    assert_int_equal(session_state(scene->session), SESSION_PURGED);
    build_written(scene, KIND_PARK, CAST_PARTICIPANT);
    assert_int_equal(scene_decide(scene), STATUS_PURGED);
}

static void a_full_session_can_only_be_purged(void **state)
{
    struct scene *scene = *state;

    build_pace(scene, CAST_FACILITATOR, VERB_TIMER_START, 0);
    scene_must(scene);
    build_release(scene, CAST_FACILITATOR, QUESTION, SESSION_ENTRIES_MAX);
    assert_int_equal(scene_decide(scene), STATUS_FULL); /* its answers would not fit */
    while (session_index(scene->session) < SESSION_ENTRIES_MAX) {
        build_written(scene, KIND_PARK, CAST_PARTICIPANT);
        scene_must(scene);
    }
    build_written(scene, KIND_PARK, CAST_PARTICIPANT);
    assert_int_equal(scene_apply(scene), STATUS_FULL);
    build_bare(scene, KIND_PURGE, CAST_FACILITATOR);
    scene_must(scene);
    assert_int_equal(session_timer(scene->session).ends_ms, 0);
}

/* ---- slots ---- */

static void body_and_content_key_go_together(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_written(scene, KIND_PARK, CAST_PARTICIPANT);

    entry->has_body = false;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->has_body = true;
    entry->slot_count = 0;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    build_confirm(scene, CAST_PARTICIPANT, 1)->has_body = true;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
}

static void slots_name_what_exists_and_only_once(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_reveal(scene, CAST_FACILITATOR, 1);

    build_slot(entry, LOCK_GROUP, 0, NAME_TEXT, 2);
    assert_int_equal(scene_decide(scene), STATUS_OK);
    build_slot(entry, LOCK_GROUP, 0, NAME_TEXT, 1); /* twice */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[2].name_n = 0; /* the script */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[2].name_n = 3; /* never arrived */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[2].name_n = 65536 + 2; /* nothing is cut off */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[2] = entry->slots[0];
    entry->slots[2].lock = (enum lock)LOCK_COUNT;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[2].lock = LOCK_GROUP;
    entry->slots[2].name = (enum slot_name)NAME_COUNT;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slot_count = 2;
    entry->slots[0].lock_n = 1; /* K has no number */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slot_count = ENTRY_SLOTS_MAX + 1;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
}

static void slots_reach_to_the_highest_numbers(void **state)
{
    struct scene *scene = *state;
    struct step_plan plan = build_plan(STEPS_MAX, FORM_QUESTION);
    struct entry *entry = build_step(scene, CAST_FACILITATOR, &plan, 0);

    scene_must(scene);
    build_text(scene, CAST_FACILITATOR, TEXTS_MAX - 1);
    scene_must(scene);
    entry = build_reveal(scene, CAST_FACILITATOR, TEXTS_MAX - 1);
    assert_int_equal(scene_decide(scene), STATUS_OK);
    build_slot(entry, LOCK_GROUP, 0, NAME_TEXT, TEXTS_MAX);
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slot_count = 1;
    build_slot(entry, LOCK_GROUP, 0, NAME_STEP, STEPS_MAX);
    assert_int_equal(scene_decide(scene), STATUS_BAD_STATE); /* there, but not released */
    entry->slots[1].name_n++;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);

    build_open(scene, CAST_FACILITATOR, STEPS_MAX);
    scene_must(scene);
    entry = build_answer(scene, CAST_PARTICIPANT, STEPS_MAX, 1);
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->slots[1].lock_n = 0;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[1].lock_n = CAST_COUNT + 1;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
}

/* ---- answers ---- */

static void answers_wait_and_are_never_folded(void **state)
{
    struct scene *scene = *state;
    struct session_decision decision;
    uint64_t before = scene_digest(scene->session);

    build_answer(scene, CAST_PARTICIPANT, QUESTION, 1);
    assert_int_equal(session_decide(scene->session, scene->entry, scene->time_ms, &decision),
                     STATUS_OK);
    assert_int_equal(decision.stream, STREAM_WAITING);
    assert_int_equal(decision.member, CAST_PARTICIPANT);
    assert_int_equal(scene_apply(scene), STATUS_BAD_STATE);
    assert_int_equal(scene_digest(scene->session), before);
}

static void who_answers_is_as_the_step_says(void **state)
{
    static const struct {
        uint16_t step;
        const char *by; /* a digit per member of the cast */
    } expected[] = {
        {QUESTION, "12345"},  {OF_PARTICIPANTS, "345"},
        {OF_CASE_GIVER, "4"}, {OF_OBSERVER, "2"},
        {PLENARY, ""},        {READING, ""},
        {AGREEMENTS, ""},     {PRIVATE, "12345"},
        {ANONYMOUS, "12345"}, {GROUPED, "12345"},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        uint16_t step = expected[i].step;

        for (uint16_t member = 1; member <= CAST_COUNT; member++) {
            bool may = strchr(expected[i].by, '0' + member) != NULL;
            bool plays = step != PRIVATE && step != ANONYMOUS && step != GROUPED;

            assert_int_equal(session_may_answer(scene->session, step, member), may);
            if (member > CAST_SCRIBE) {
                continue;
            }
            build_answer(scene, member, step, 1);
            assert_int_equal(scene_decide(scene), step == PRIVATE ? STATUS_FORBIDDEN
                                                  : !plays        ? STATUS_UNSUPPORTED
                                                  : may           ? STATUS_OK
                                                                  : STATUS_FORBIDDEN);
        }
    }
    assert_false(session_may_answer(scene->session, 99, CAST_PARTICIPANT));
    assert_false(session_may_answer(scene->session, QUESTION, 0));
}

static void answers_stop_at_pause_and_close(void **state)
{
    struct scene *scene = *state;

    build_pace(scene, CAST_FACILITATOR, VERB_GO, PLENARY);
    scene_must(scene);
    build_answer(scene, CAST_PARTICIPANT, QUESTION, 1);
    assert_int_equal(scene_decide(scene), STATUS_OK); /* a step the group has left */
    build_pace(scene, CAST_FACILITATOR, VERB_PAUSE, 0);
    scene_must(scene);
    build_answer(scene, CAST_PARTICIPANT, QUESTION, 1);
    assert_int_equal(scene_decide(scene), STATUS_PAUSED);
    build_pace(scene, CAST_FACILITATOR, VERB_RESUME, 0);
    scene_must(scene);
    build_pace(scene, CAST_FACILITATOR, VERB_CLOSE, QUESTION);
    scene_must(scene);
    build_answer(scene, CAST_PARTICIPANT, QUESTION, 1);
    assert_int_equal(scene_decide(scene), STATUS_BAD_STATE);
}

static void an_answer_is_sealed_to_its_step_and_its_author(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_answer(scene, CAST_PARTICIPANT, QUESTION, 1);

    entry->slot_count = 1;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    build_slot(entry, LOCK_MEMBER, CAST_OBSERVER, NAME_CONTENT, 0);
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[1].lock_n = CAST_PARTICIPANT;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->slots[0].lock_n = PLENARY;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[0] = entry->slots[1];
    entry->slot_count = 1;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
}

static void an_answer_has_its_numbers(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_answer(scene, CAST_PARTICIPANT, QUESTION, EDITS_MAX);

    entry->args.answer.behalf = BEHALF_MAX;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->args.answer.behalf++;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    entry->args.answer.behalf = 0;
    entry->args.answer.edit++;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    entry->args.answer.edit = 0;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    entry->author = 0; /* anonymous */
    entry->findings.signature_good = false;
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
    build_answer(scene, CAST_PARTICIPANT, QUESTION, 1)->epoch = 2;
    assert_int_equal(scene_decide(scene), STATUS_STALE_EPOCH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, meet, part)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(checks_come_in_their_order),
        TEST(seen_may_be_old_but_never_ahead),
        TEST(what_is_sent_again_is_recognised_whatever_happened),
        TEST(after_the_end_only_purge_is_left),
        TEST(a_full_session_can_only_be_purged),
        TEST(body_and_content_key_go_together),
        TEST(slots_name_what_exists_and_only_once),
        TEST(slots_reach_to_the_highest_numbers),
        TEST(answers_wait_and_are_never_folded),
        TEST(who_answers_is_as_the_step_says),
        TEST(answers_stop_at_pause_and_close),
        TEST(an_answer_is_sealed_to_its_step_and_its_author),
        TEST(an_answer_has_its_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

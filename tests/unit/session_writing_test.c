/* The session core: notes, agreements, messages, leaving out and the gate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/build_entry.h"

enum { QUESTION = 1, PLENARY = 2, AGREEMENTS = 3, STEPS = 3 };

/* A running session, all steps open. */
static int meet(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct step_plan plans[STEPS];

    assert_non_null(scene);
    for (uint16_t i = 0; i < STEPS; i++) {
        plans[i] = build_plan((uint16_t)(i + 1), FORM_QUESTION);
    }
    plans[PLENARY - 1].work = WORK_PLENARY;
    plans[AGREEMENTS - 1].form = FORM_AGREEMENT;
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

/* ---- notes and agreements ---- */

static void a_note_replaces_the_latest_version(void **state)
{
    struct scene *scene = *state;
    const struct session_step *step = session_step(scene->session, PLENARY);
    struct entry second;

    build_note(scene, KIND_NOTE, CAST_FACILITATOR, PLENARY);
    scene_must(scene);
    assert_true(step->has_note);
    assert_memory_equal(step->note_id, scene->entry->id, ID_BYTES);
    second = *build_note(scene, KIND_NOTE, CAST_FACILITATOR, PLENARY);
    scene_must(scene);
    build_id(second.id, 900);
    *scene->entry = second;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT); /* a former version */
    second.args.note.has_replaces = false;
    *scene->entry = second;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    build_note(scene, KIND_NOTE, CAST_FACILITATOR, PLENARY)->args.note.group = 1;
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
    build_note(scene, KIND_NOTE, CAST_FACILITATOR, QUESTION);
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    build_note(scene, KIND_NOTE, CAST_FACILITATOR, AGREEMENTS);
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
}

static void the_scribe_writes_until_another_is(void **state)
{
    struct scene *scene = *state;
    static const uint16_t scribes[] = {CAST_SCRIBE, CAST_OBSERVER, 0};

    for (size_t i = 0; i < 3; i++) {
        build_assign(scene, CAST_FACILITATOR, ASSIGNMENT_SCRIBE, scribes[i]);
        scene_must(scene);
        assert_int_equal(session_scribe(scene->session), scribes[i]);
        for (uint16_t member = 2; member <= CAST_SCRIBE; member++) {
            build_note(scene, KIND_NOTE, member, PLENARY);
            assert_int_equal(scene_decide(scene),
                             member == scribes[i] ? STATUS_OK : STATUS_FORBIDDEN);
        }
    }
    build_assign(scene, CAST_FACILITATOR, ASSIGNMENT_SCRIBE, CAST_LOBBY);
    assert_int_equal(scene_decide(scene), STATUS_NOT_ADMITTED);
    build_assign(scene, CAST_FACILITATOR, ASSIGNMENT_SCRIBE, CAST_REMOVED);
    assert_int_equal(scene_decide(scene), STATUS_REMOVED);
    build_assign(scene, CAST_FACILITATOR, ASSIGNMENT_SCRIBE, 100);
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    build_assign(scene, CAST_FACILITATOR, ASSIGNMENT_SCRIBE, CAST_SCRIBE)->args.assign.group =
        2;
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
}

static void agreements_are_many_each_with_its_versions(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_note(scene, KIND_AGREEMENT, CAST_FACILITATOR, AGREEMENTS);
    uint8_t first[ID_BYTES];

    memcpy(first, entry->id, ID_BYTES);
    scene_must(scene);
    build_note(scene, KIND_AGREEMENT, CAST_FACILITATOR, AGREEMENTS);
    scene_must(scene);
    for (int times = 0; times < 2; times++) { /* one can be replaced once */
        entry = build_note(scene, KIND_AGREEMENT, CAST_FACILITATOR, AGREEMENTS);
        entry->args.note.has_replaces = true;
        memcpy(entry->args.note.replaces, first, ID_BYTES);
        entry->step = PLENARY; /* not there */
        assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
        entry->step = AGREEMENTS;
        assert_int_equal(scene_apply(scene), times == 0 ? STATUS_OK : STATUS_CONFLICT);
    }
    build_id(entry->args.note.replaces, 7777); /* unheard of */
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    build_note(scene, KIND_NOTE, CAST_FACILITATOR, PLENARY);
    memcpy(first, scene->entry->id, ID_BYTES);
    scene_must(scene);
    entry = build_note(scene, KIND_AGREEMENT, CAST_FACILITATOR, PLENARY);
    entry->args.note.has_replaces = true;
    memcpy(entry->args.note.replaces, first, ID_BYTES); /* a note is no agreement */
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    build_note(scene, KIND_AGREEMENT, CAST_FACILITATOR, QUESTION);
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    build_note(scene, KIND_AGREEMENT, CAST_FACILITATOR, AGREEMENTS)->args.note.group = 1;
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
}

/* ---- messages, leaving out, the gate ---- */

static void a_message_goes_to_whom_it_names_and_its_author(void **state)
{
    struct scene *scene = *state;
    struct session_decision decision;
    struct entry *entry = build_message(scene, CAST_OBSERVER, CAST_PARTICIPANT);
    struct args_message *args = &entry->args.message;

    assert_int_equal(session_decide(scene->session, entry, scene->time_ms, &decision),
                     STATUS_OK);
    assert_int_equal(decision.stream, STREAM_OWN);
    assert_int_equal(scene_apply(scene), STATUS_BAD_STATE);
    build_slot(entry, LOCK_MEMBER, CAST_FACILITATOR, NAME_CONTENT, 0);
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS); /* not named */
    args->recipients[args->recipient_count++] = CAST_FACILITATOR;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->slots[1].lock_n = CAST_CASE_GIVER; /* was the author */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[1].lock_n = CAST_OBSERVER;
    entry->slots[2].lock_n = CAST_CASE_GIVER; /* was the second recipient */
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    args->recipients[1] = CAST_PARTICIPANT;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    args->recipients[1] = CAST_OBSERVER;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    args->recipients[1] = CAST_LOBBY;
    assert_int_equal(scene_decide(scene), STATUS_NOT_ADMITTED);
    args->recipients[1] = CAST_REMOVED;
    assert_int_equal(scene_decide(scene), STATUS_REMOVED);
    args->recipients[1] = 300;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    args->recipient_count = RECIPIENTS_MAX; /* enough, but some are nobody */
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    args->recipient_count = RECIPIENTS_MAX + 1;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    args->recipient_count = 0;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
}

/* Nobody can tell at which moment it was accepted: what held once, counts. */
static void a_message_may_have_been_accepted_earlier(void **state)
{
    struct scene *scene = *state;
    struct entry entry;

    build_message(scene, CAST_OBSERVER, CAST_PARTICIPANT);
    entry = *scene->entry;
    build_roster(scene, CAST_FACILITATOR, CAST_OBSERVER, ROLE_PARTICIPANT);
    scene_must(scene);
    assert_int_equal(session_decide_past(scene->session, &entry), STATUS_OK);
    entry.findings.signature_good = false;
    assert_int_equal(session_decide_past(scene->session, &entry), STATUS_BAD_SIGNATURE);
    entry.findings.signature_good = true;
    entry.args.message.recipients[0] = CAST_LOBBY;
    assert_int_equal(session_decide_past(scene->session, &entry), STATUS_NOT_ADMITTED);
    entry.args.message.recipients[0] = CAST_REMOVED; /* in the lobby: never admitted */
    assert_int_equal(session_decide_past(scene->session, &entry), STATUS_REMOVED);
    entry.author = CAST_LOBBY;
    assert_int_equal(session_decide_past(scene->session, &entry), STATUS_NOT_ADMITTED);
    entry.author = CAST_SCRIBE;
    assert_int_equal(session_decide_past(scene->session, &entry), STATUS_FORBIDDEN);
    build_written(scene, KIND_PARK, CAST_PARTICIPANT);
    assert_int_equal(session_decide_past(scene->session, scene->entry), STATUS_BAD_STATE);
}

static void one_leaves_out_only_what_is_ones_own(void **state)
{
    struct scene *scene = *state;
    uint8_t id[ID_BYTES];

    build_written(scene, KIND_PARK, CAST_PARTICIPANT);
    memcpy(id, scene->entry->id, ID_BYTES);
    scene_must(scene);
    build_leave_out(scene, CAST_FACILITATOR, id);
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    build_leave_out(scene, CAST_PARTICIPANT, id);
    scene_must(scene);
    build_id(id, 7777);
    build_leave_out(scene, CAST_PARTICIPANT, id);
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
}

static void a_gate_is_a_text_that_arrived(void **state)
{
    struct scene *scene = *state;

    build_confirm(scene, CAST_PARTICIPANT, 2);
    scene_must(scene);
    build_confirm(scene, CAST_PARTICIPANT, 3);
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    build_confirm(scene, CAST_PARTICIPANT, 0);
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    build_confirm(scene, CAST_PARTICIPANT, UINT16_MAX);
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, meet, part)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_note_replaces_the_latest_version),
        TEST(the_scribe_writes_until_another_is),
        TEST(agreements_are_many_each_with_its_versions),
        TEST(a_message_goes_to_whom_it_names_and_its_author),
        TEST(a_message_may_have_been_accepted_earlier),
        TEST(one_leaves_out_only_what_is_ones_own),
        TEST(a_gate_is_a_text_that_arrived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

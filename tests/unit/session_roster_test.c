/* The session core: genesis, invites, joining and the roster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/build_entry.h"

static int meet(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct step_plan plan = build_plan(1, FORM_QUESTION);

    assert_non_null(scene);
    scene_begin(scene);
    scene_meet(scene, &plan, 1, 3);
    *state = scene;
    return 0;
}

static int part(void **state)
{
    scene_end(*state);
    free(*state);
    return 0;
}

static const struct session_member *member_of(const struct scene *scene, uint16_t member)
{
    return session_member(scene->session, member);
}

/* ---- genesis ---- */

static void genesis_makes_the_session(void **state)
{
    struct scene scene;
    struct step_plan plan = build_plan(7, FORM_READ);
    struct device_keys device = build_device(1);

    (void)state;
    scene_begin(&scene);
    assert_int_equal(session_state(scene.session), SESSION_EMPTY);
    assert_int_equal(session_epoch(scene.session), 0);
    assert_null(session_group_check(scene.session, 0));
    build_genesis(&scene, &plan, 1, 0)->args.genesis.admission = ADMISSION_BY_HAND;
    scene_must(&scene);
    assert_int_equal(session_state(scene.session), SESSION_RUNNING); /* no texts to wait for */
    assert_memory_equal(session_id(scene.session), scene.entry->findings.hash, HASH_BYTES);
    assert_int_equal(session_index(scene.session), 1);
    assert_int_equal(session_time_ms(scene.session), SCENE_START_MS);
    assert_int_equal(session_roster_index(scene.session), 1);
    assert_int_equal(session_epoch(scene.session), 1);
    assert_int_equal(session_group_check(scene.session, 1)[0], 0x43);
    assert_null(session_group_check(scene.session, 2));
    assert_int_equal(session_recovery(scene.session)->sign[0], 0x41);
    assert_int_equal(session_retention_ms(scene.session), SCENE_RETENTION_MS);
    assert_int_equal(session_admission(scene.session), ADMISSION_BY_HAND);
    assert_int_equal(session_member_count(scene.session), 1);
    assert_int_equal(member_of(&scene, 1)->role, ROLE_FACILITATOR);
    assert_int_equal(member_of(&scene, 1)->state, MEMBER_ADMITTED);
    assert_int_equal(session_member_by_noise(scene.session, device.noise), 1);
    assert_int_equal(session_step(scene.session, 7)->plan.form, FORM_READ);
    assert_null(session_step(scene.session, 1));
    assert_int_equal(scene_apply(&scene), STATUS_DUPLICATE);
    build_genesis(&scene, &plan, 1, 0);
    assert_int_equal(scene_apply(&scene), STATUS_BAD_STATE);
    scene_end(&scene);
}

static void nothing_comes_before_genesis(void **state)
{
    struct scene scene;

    (void)state;
    session_destroy(NULL);
    scene_begin(&scene);
    assert_null(session_step_at(scene.session, 0));
    assert_null(session_member(scene.session, 1));
    assert_null(session_invite(scene.session, 1));
    build_text(&scene, CAST_FACILITATOR, 0);
    assert_int_equal(scene_apply(&scene), STATUS_BAD_SEEN);
    build_join(&scene, 1, 2);
    scene.entry->seen_index = 1;
    assert_int_equal(scene_apply(&scene), STATUS_BAD_SEEN);
    assert_int_equal(session_index(scene.session), 0);
    scene_end(&scene);
}

static void a_genesis_must_be_whole(void **state)
{
    struct scene scene;
    struct step_plan plans[2] = {build_plan(1, FORM_READ), build_plan(2, FORM_READ)};
    struct entry *entry = NULL;
    struct args_genesis *args = NULL;

    (void)state;
    scene_begin(&scene);
    entry = build_genesis(&scene, plans, 2, 1);
    args = &entry->args.genesis;
    entry->seen_index = 1;
    assert_int_equal(scene_decide(&scene), STATUS_BAD_SEEN);
    entry->seen_index = 0;
    entry->session[0] = 1;
    assert_int_equal(scene_decide(&scene), STATUS_UNKNOWN);
    entry->session[0] = 0;
    entry->author = 0;
    assert_int_equal(scene_decide(&scene), STATUS_FORBIDDEN);
    entry->author = 1;
    entry->epoch = 0;
    assert_int_equal(scene_decide(&scene), STATUS_STALE_EPOCH);
    entry->epoch = 1;
    args->retention_ms = SCENE_START_MS;
    assert_int_equal(scene_decide(&scene), STATUS_EXPIRED);
    args->retention_ms = SCENE_START_MS + (uint64_t)RETENTION_DAYS_MAX * 86400000;
    assert_int_equal(scene_decide(&scene), STATUS_OK);
    args->retention_ms++;
    assert_int_equal(scene_decide(&scene), STATUS_FULL);
    args->retention_ms = SCENE_RETENTION_MS;
    args->admission = (enum admission)9;
    assert_int_equal(scene_decide(&scene), STATUS_UNKNOWN);
    args->admission = ADMISSION_AUTOMATIC;
    args->steps[1].step = 1;
    assert_int_equal(scene_decide(&scene), STATUS_CONFLICT);
    args->steps[1].step = STEPS_MAX + 1;
    assert_int_equal(scene_decide(&scene), STATUS_UNKNOWN);
    args->steps[1].step = STEPS_MAX;
    assert_int_equal(scene_decide(&scene), STATUS_OK);
    for (uint16_t i = 0; i < STEPS_MAX; i++) {
        args->steps[i] = build_plan((uint16_t)(i + 1), FORM_READ);
    }
    args->step_count = STEPS_MAX;
    assert_int_equal(scene_decide(&scene), STATUS_OK);
    args->step_count++;
    assert_int_equal(scene_decide(&scene), STATUS_FULL);
    args->step_count = 2;
    args->text_count = TEXTS_MAX;
    assert_int_equal(scene_decide(&scene), STATUS_OK);
    args->text_count++;
    assert_int_equal(scene_decide(&scene), STATUS_FULL);
    args->text_count = 1;
    entry->slots[1].lock_n = 2; /* F to a member there is not */
    assert_int_equal(scene_decide(&scene), STATUS_BAD_SLOTS);
    entry->slots[1].lock_n = 1;
    entry->slot_count--; /* no way back in */
    assert_int_equal(scene_decide(&scene), STATUS_BAD_SLOTS);
    scene_end(&scene);
}

/* ---- invites ---- */

static void invites_have_their_limits(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_invite(scene, CAST_FACILITATOR, 1, ROLE_FACILITATOR, 1);

    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    entry->args.invite.role = ROLE_REMOVED;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.invite.role = (enum role)12;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.invite.role = ROLE_OBSERVER;
    entry->args.invite.number = 0;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    entry->args.invite.number = INVITES_MAX + 1;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    entry->args.invite.number = 1;
    entry->args.invite.uses = INVITE_USES_MAX + 1;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
    entry->args.invite.number = CAST_PARTICIPANT; /* taken */
    entry->args.invite.uses = 1;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    for (uint16_t number = CAST_COUNT + 1; number <= INVITES_MAX; number++) {
        assert_null(session_invite(scene->session, number));
    }
    build_invite(scene, CAST_FACILITATOR, INVITES_MAX, ROLE_OBSERVER, INVITE_USES_MAX);
    scene_must(scene);
    assert_int_equal(session_invite(scene->session, INVITES_MAX)->role, ROLE_OBSERVER);
    assert_null(session_invite(scene->session, INVITES_MAX - 1));
    assert_null(session_invite(scene->session, 0));
    assert_null(session_invite(scene->session, UINT16_MAX));
}

static void an_invite_can_be_revoked(void **state)
{
    struct scene *scene = *state;

    build_invite(scene, CAST_FACILITATOR, 50, ROLE_REMOVED, 0);
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    build_invite(scene, CAST_FACILITATOR, CAST_PARTICIPANT, ROLE_REMOVED, 0);
    scene_must(scene);
    assert_int_equal(session_invite(scene->session, CAST_PARTICIPANT)->uses, 0);
    assert_int_equal(session_invite(scene->session, CAST_PARTICIPANT)->role, ROLE_PARTICIPANT);
    build_join(scene, CAST_PARTICIPANT, 77);
    assert_int_equal(scene_decide(scene), STATUS_USED_UP);
}

/* ---- joining ---- */

static void who_joins_gets_the_next_number_and_waits(void **state)
{
    struct scene *scene = *state;
    struct device_keys device = build_device(77);
    struct session_decision decision;
    uint64_t index = 0;
    uint16_t author = 0;

    build_join(scene, CAST_CASE_GIVER, 77);
    assert_int_equal(session_decide(scene->session, scene->entry, scene->time_ms, &decision),
                     STATUS_OK);
    assert_int_equal(decision.member, CAST_COUNT + 1);
    assert_int_equal(decision.stream, STREAM_PUBLIC);
    scene_must(scene);
    assert_int_equal(session_member_count(scene->session), CAST_COUNT + 1);
    assert_int_equal(member_of(scene, CAST_COUNT + 1)->state, MEMBER_LOBBY);
    assert_int_equal(member_of(scene, CAST_COUNT + 1)->role, ROLE_CASE_GIVER);
    assert_int_equal(member_of(scene, CAST_COUNT + 1)->invite, CAST_CASE_GIVER);
    assert_int_equal(member_of(scene, CAST_COUNT + 1)->admitted_index, 0);
    assert_int_equal(session_member_by_noise(scene->session, device.noise), CAST_COUNT + 1);
    assert_true(session_find_id(scene->session, scene->entry->id, &index, &author));
    assert_int_equal(author, CAST_COUNT + 1);
    assert_int_equal(session_roster_index(scene->session), member_of(scene, 2)->admitted_index);
}

static void a_join_needs_a_good_invite(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_join(scene, CAST_PARTICIPANT, 77);

    entry->findings.proof_good = false;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SIGNATURE);
    entry->findings.proof_good = true;
    entry->author = CAST_PARTICIPANT;
    assert_int_equal(scene_decide(scene), STATUS_FORBIDDEN);
    entry->author = 0;
    entry->args.join.invite = 0; /* recovery */
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
    entry->args.join.invite = 90;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.join.invite = CAST_PARTICIPANT;
    scene->time_ms = SCENE_EXPIRY_MS;
    assert_int_equal(scene_decide(scene), STATUS_EXPIRED);
    scene->time_ms = SCENE_EXPIRY_MS - 1;
    scene_must(scene); /* the second of two uses */
    build_join(scene, CAST_PARTICIPANT, 78);
    assert_int_equal(scene_decide(scene), STATUS_USED_UP);
}

static void a_device_joins_once(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_join(scene, CAST_OBSERVER, CAST_REMOVED);

    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    entry->args.join.device = build_device(77);
    entry->args.join.device.sign[0] = CAST_FACILITATOR; /* any one of the keys */
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    entry->args.join.device = build_device(77);
    assert_int_equal(scene_decide(scene), STATUS_OK);
}

static void a_name_goes_to_facilitators_only(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_join(scene, CAST_OBSERVER, 77);

    build_slot(entry, LOCK_MEMBER, CAST_PARTICIPANT, NAME_CONTENT, 0);
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slots[1].lock_n = 99;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    build_roster(scene, CAST_FACILITATOR, CAST_PARTICIPANT, ROLE_FACILITATOR);
    scene_must(scene);
    build_slot(build_join(scene, CAST_OBSERVER, 77), LOCK_MEMBER, CAST_PARTICIPANT,
               NAME_CONTENT, 0);
    assert_int_equal(scene_decide(scene), STATUS_OK);
}

static void a_session_holds_so_many(void **state)
{
    enum { HIGHEST = MEMBERS_MAX - MEMBERS_RESERVED };
    struct scene *scene = *state;

    build_invite(scene, CAST_FACILITATOR, 99, ROLE_PARTICIPANT, INVITE_USES_MAX);
    scene_must(scene);
    while (session_member_count(scene->session) < HIGHEST) {
        uint16_t next = session_member_count(scene->session);

        build_join(scene, 99, 0)->args.join.device.noise[1] = (uint8_t)(next >> 8);
        scene->entry->args.join.device.noise[0] = (uint8_t)next;
        memcpy(scene->entry->args.join.device.box + 8, &next, sizeof next);
        memcpy(scene->entry->args.join.device.sign + 8, &next, sizeof next);
        scene_must(scene);
    }
    build_join(scene, 99, 99)->args.join.device.noise[9] = 9;
    assert_int_equal(scene_decide(scene), STATUS_FULL);

    build_roster(scene, CAST_FACILITATOR, HIGHEST, ROLE_FACILITATOR)->slot_count = 0;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS); /* the last one counts too */
    build_roster(scene, CAST_FACILITATOR, HIGHEST, ROLE_FACILITATOR);
    scene_must(scene);
    build_roster(scene, HIGHEST, CAST_FACILITATOR, ROLE_OBSERVER);
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED); /* a facilitator remains */
    build_roster(scene, HIGHEST, HIGHEST, ROLE_OBSERVER);
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
}

/* ---- roster ---- */

static void the_lobby_is_left_by_roster(void **state)
{
    struct scene *scene = *state;

    build_roster(scene, CAST_FACILITATOR, CAST_LOBBY, ROLE_OBSERVER); /* not as invited */
    scene_must(scene);
    assert_int_equal(member_of(scene, CAST_LOBBY)->state, MEMBER_ADMITTED);
    assert_int_equal(member_of(scene, CAST_LOBBY)->role, ROLE_OBSERVER);
    assert_int_equal(member_of(scene, CAST_LOBBY)->admitted_index,
                     session_index(scene->session));
    assert_int_equal(session_roster_index(scene->session), session_index(scene->session));
    build_written(scene, KIND_REPORT, CAST_LOBBY);
    scene_must(scene);
}

static void who_is_refused_cannot_come_back_by_the_invite(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(member_of(scene, CAST_REMOVED)->state, MEMBER_REMOVED);
    assert_int_equal(session_invite(scene->session, CAST_REMOVED)->uses, 0);
    build_join(scene, CAST_REMOVED, 77); /* it had two uses */
    assert_int_equal(scene_decide(scene), STATUS_USED_UP);
    build_roster(scene, CAST_FACILITATOR, CAST_REMOVED, ROLE_PARTICIPANT);
    assert_int_equal(scene_decide(scene), STATUS_REMOVED); /* final */
}

static void a_roster_names_the_one_it_was_computed_for(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_roster(scene, CAST_FACILITATOR, CAST_LOBBY, ROLE_PARTICIPANT);

    entry->args.roster.roster_index--;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    entry->args.roster.roster_index += 2;
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT);
    entry->args.roster.roster_index--;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    build_roster_change(entry, CAST_LOBBY, ROLE_REMOVED);
    assert_int_equal(scene_decide(scene), STATUS_CONFLICT); /* twice the same */
    entry->args.roster.changes[1].member = 99;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.roster.changes[1] =
        (struct roster_change){CAST_OBSERVER, (enum role)ROLE_COUNT};
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.roster.change_count = MEMBERS_MAX;
    assert_int_equal(scene_decide(scene), STATUS_UNKNOWN);
    entry->args.roster.change_count++;
    assert_int_equal(scene_decide(scene), STATUS_FULL);
}

static void taking_a_right_needs_an_epoch(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = NULL;

    build_roster(scene, CAST_FACILITATOR, CAST_PARTICIPANT, ROLE_REMOVED);
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
    build_roster(scene, CAST_FACILITATOR, CAST_FACILITATOR, ROLE_OBSERVER);
    assert_int_equal(scene_decide(scene), STATUS_BAD_STATE); /* one facilitator remains */
    build_roster(scene, CAST_FACILITATOR, CAST_OBSERVER, ROLE_FACILITATOR);
    scene_must(scene);
    build_roster(scene, CAST_FACILITATOR, CAST_FACILITATOR, ROLE_OBSERVER);
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
    entry = build_roster(scene, CAST_OBSERVER, CAST_LOBBY, ROLE_PARTICIPANT);
    entry->args.roster.has_epoch = true;
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
    entry->args.roster.has_epoch = false;
    entry->args.roster.has_recovery = true;
    assert_int_equal(scene_decide(scene), STATUS_UNSUPPORTED);
    entry->args.roster.has_recovery = false;
    assert_int_equal(scene_decide(scene), STATUS_OK);
}

static void keys_go_to_members_as_they_will_be(void **state)
{
    struct scene *scene = *state;
    struct entry *entry = build_roster(scene, CAST_FACILITATOR, CAST_LOBBY, ROLE_PARTICIPANT);

    entry->slot_count = 0;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS); /* let in, but deaf */
    build_slot(entry, LOCK_MEMBER, CAST_LOBBY, NAME_FACILITATOR, 0);
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS); /* F to a participant */
    entry->args.roster.changes[0].role = ROLE_FACILITATOR;
    assert_int_equal(scene_decide(scene), STATUS_OK);
    entry->slots[0].name = NAME_GROUP;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS); /* a facilitator without F */
    entry->args.roster.changes[0].role = ROLE_OBSERVER;
    build_slot(entry, LOCK_MEMBER, CAST_OBSERVER, NAME_GROUP, 0);
    assert_int_equal(scene_decide(scene), STATUS_OK); /* K once more to who was there */
    entry->slots[1].lock_n = CAST_REMOVED;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
    entry->slot_count = 1;
    build_slot(entry, LOCK_RECOVERY, 0, NAME_FACILITATOR, 0);
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS); /* only with an epoch */
    build_roster(scene, CAST_FACILITATOR, CAST_OBSERVER, ROLE_PARTICIPANT)->slot_count = 0;
    assert_int_equal(scene_decide(scene), STATUS_OK); /* has K already */
    build_roster(scene, CAST_FACILITATOR, CAST_OBSERVER, ROLE_FACILITATOR)->slot_count = 0;
    assert_int_equal(scene_decide(scene), STATUS_BAD_SLOTS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, meet, part)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(genesis_makes_the_session),
        cmocka_unit_test(nothing_comes_before_genesis),
        cmocka_unit_test(a_genesis_must_be_whole),
        TEST(invites_have_their_limits),
        TEST(an_invite_can_be_revoked),
        TEST(who_joins_gets_the_next_number_and_waits),
        TEST(a_join_needs_a_good_invite),
        TEST(a_device_joins_once),
        TEST(a_name_goes_to_facilitators_only),
        TEST(a_session_holds_so_many),
        TEST(the_lobby_is_left_by_roster),
        TEST(who_is_refused_cannot_come_back_by_the_invite),
        TEST(a_roster_names_the_one_it_was_computed_for),
        TEST(taking_a_right_needs_an_epoch),
        TEST(keys_go_to_members_as_they_will_be),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

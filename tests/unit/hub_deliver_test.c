/* What people in a session are told of each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/rig_cast.h"

static uint32_t lobby_reason(struct person *person)
{
    struct message_lobby lobby = {0};
    struct bytes body;

    if (person_told(person, MESSAGE_LOBBY, &body)) {
        assert_int_equal(message_lobby_decode(body, &lobby), STATUS_OK);
    }
    return lobby.reason;
}

static void the_lobby_says_what_it_waits_for(void **state)
{
    (void)state;
    rig.admission = ADMISSION_BY_HAND;
    rig_found(&rig);
    rig_knock(&rig, 2, 2);
    draft_join(&anna->draft, &anna->side, 2, rig.invite_seeds[2], rig_text("Anna"),
               &rig.entropy);
    (void)person_append(anna, draft_bytes(&anna->draft));
    rig_settle(&rig);
    assert_int_equal(lobby_reason(anna), MESSAGE_LOBBY_AGREEMENT);
    person_leave(host);
    assert_int_equal(lobby_reason(anna), MESSAGE_LOBBY_NO_FACILITATOR);
    assert_int_equal(person_told_count(anna, MESSAGE_PRESENCE), 0);
}

static void presence_is_told_whole_and_then_as_it_changes(void **state)
{
    struct message_members members;
    struct bytes body;

    (void)state;
    rig_meet(&rig);
    person_leave(bram);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_true(person_told(anna, MESSAGE_PRESENCE, &body));
    assert_int_equal(message_members_decode(body, &members), STATUS_OK);
    assert_false(members.whole);
    assert_int_equal(members.count, 1);
    assert_int_equal(members.items[0].member, 4);
    assert_int_equal(members.items[0].state, MESSAGE_AWAY);
    person_connect(bram);
    (void)person_attach(bram);
    assert_true(person_told(bram, MESSAGE_PRESENCE, &body));
    assert_int_equal(message_members_decode(body, &members), STATUS_OK);
    assert_true(members.whole);
    assert_int_equal(members.count, 4);
}

static void everybody_is_told_how_many_and_the_facilitator_who(void **state)
{
    struct message_counts counts;
    struct message_who who;
    struct bytes body;

    (void)state;
    rig_meet(&rig);
    (void)person_mark(anna, MESSAGE_PROGRESS, RIG_QUESTION, true);
    (void)person_signal(bram, RIG_QUESTION, MESSAGE_SIGNAL_QUESTION);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_true(person_told(observer, MESSAGE_COUNTS, &body));
    assert_int_equal(message_counts_decode(body, &counts), STATUS_OK);
    assert_int_equal(counts.writing, 1);
    assert_int_equal(counts.question, 1);
    assert_int_equal(counts.answered, 0);
    assert_int_equal(person_told_count(observer, MESSAGE_WHO), 0);
    assert_int_equal(person_told_count(anna, MESSAGE_WHO), 0);

    rig_answer(&rig, 2, 1, "done writing");
    (void)person_mark(anna, MESSAGE_DONE, RIG_QUESTION, true);
    rig_settle(&rig);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_true(person_told(bram, MESSAGE_COUNTS, &body));
    assert_int_equal(message_counts_decode(body, &counts), STATUS_OK);
    assert_int_equal(counts.answered, 1);
    assert_int_equal(counts.done, 1);
    assert_int_equal(counts.writing, 0);
    assert_true(person_told(host, MESSAGE_WHO, &body));
    assert_int_equal(message_who_decode(body, &who), STATUS_OK);
    assert_int_equal(who.members.count, 1);
    assert_int_equal(who.members.items[0].member, 3);
    assert_int_equal(who.members.items[0].state, MESSAGE_MARK_ANSWERED | MESSAGE_MARK_DONE);
}

/* How many do what at the question, as this person was last told. */
static struct message_counts told_counts(struct person *person)
{
    struct message_counts counts = {0};
    struct bytes body;

    assert_true(person_told(person, MESSAGE_COUNTS, &body));
    assert_int_equal(message_counts_decode(body, &counts), STATUS_OK);
    return counts;
}

static void only_who_is_asked_is_writing(void **state)
{
    size_t before = 0;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    (void)person_mark(bram, MESSAGE_PROGRESS, RIG_QUESTION, true);
    rig_wait(&rig, HUB_TOLD_MS);
    before = person_told_count(anna, MESSAGE_COUNTS);
    id = person_mark(observer, MESSAGE_PROGRESS, RIG_QUESTION, true);
    assert_int_equal(person_answer(observer, id), STATUS_FORBIDDEN);
    id = person_mark(host, MESSAGE_PROGRESS, RIG_QUESTION, true);
    assert_int_equal(person_answer(host, id), STATUS_FORBIDDEN);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_int_equal(person_told_count(anna, MESSAGE_COUNTS), before); /* nothing changed */
    (void)person_mark(anna, MESSAGE_PROGRESS, RIG_QUESTION, true);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_int_equal(told_counts(anna).writing, 2);
}

static void who_becomes_an_observer_writes_no_more(void **state)
{
    (void)state;
    rig_meet(&rig);
    (void)person_mark(anna, MESSAGE_PROGRESS, RIG_QUESTION, true);
    (void)person_mark(bram, MESSAGE_PROGRESS, RIG_QUESTION, true);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_int_equal(told_counts(host).writing, 2);
    draft_roster(&host->draft, &host->side, 4, ROLE_OBSERVER, &rig.entropy);
    person_must(host);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_int_equal(told_counts(host).writing, 1);
}

static void changes_are_told_at_most_a_few_times_a_second(void **state)
{
    (void)state;
    rig_meet(&rig);
    for (size_t i = 0; i < 100; i++) {
        (void)person_mark(anna, MESSAGE_PROGRESS, RIG_QUESTION, i % 2 == 0);
        rig.now_ms += 5;
    }
    assert_true(person_told_count(bram, MESSAGE_COUNTS) <= 500 / HUB_TOLD_MS + 1);
}

static void signals_go_with_the_step_and_with_who_gave_them(void **state)
{
    struct message_counts counts;
    struct bytes body;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    (void)person_signal(anna, RIG_QUESTION, MESSAGE_SIGNAL_READY);
    (void)person_signal(bram, RIG_QUESTION, MESSAGE_SIGNAL_READY);
    person_leave(bram);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_true(person_told(host, MESSAGE_COUNTS, &body));
    assert_int_equal(message_counts_decode(body, &counts), STATUS_OK);
    assert_int_equal(counts.ready, 1);
    draft_pace(&host->draft, &host->side, VERB_CLOSE, RIG_QUESTION, 0, &rig.entropy);
    person_must(host);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_true(person_told(host, MESSAGE_COUNTS, &body));
    assert_int_equal(message_counts_decode(body, &counts), STATUS_OK);
    assert_int_equal(counts.ready, 0);
    id = person_signal(anna, RIG_QUESTION, MESSAGE_SIGNAL_READY);
    assert_int_equal(person_answer(anna, id), STATUS_BAD_STATE);
}

static void a_done_mark_survives_the_server(void **state)
{
    struct message_counts counts;
    struct bytes body;

    (void)state;
    rig_meet(&rig);
    (void)person_mark(anna, MESSAGE_DONE, RIG_QUESTION, true);
    (void)person_mark(bram, MESSAGE_DONE, RIG_QUESTION, true);
    (void)person_mark(bram, MESSAGE_DONE, RIG_QUESTION, false);
    rig_settle(&rig);
    rig_restart(&rig);
    person_connect(host);
    (void)person_attach(host);
    rig_settle(&rig);
    assert_true(person_told(host, MESSAGE_COUNTS, &body));
    assert_int_equal(message_counts_decode(body, &counts), STATUS_OK);
    assert_int_equal(counts.done, 1);
}

static void a_last_call_is_the_facilitators_to_give(void **state)
{
    struct message_last_call call;
    struct bytes body;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    id = person_last_call(anna, RIG_QUESTION, 15);
    assert_int_equal(person_answer(anna, id), STATUS_FORBIDDEN);
    id = person_last_call(host, RIG_QUESTION, 15);
    assert_int_equal(person_answer(host, id), STATUS_OK);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_true(person_told(anna, MESSAGE_LAST_CALLED, &body));
    assert_int_equal(message_last_call_decode(body, &call), STATUS_OK);
    assert_int_equal(call.seconds, 15);
    (void)person_last_call(host, RIG_QUESTION, 0);
    rig_wait(&rig, HUB_TOLD_MS);
    assert_true(person_told(anna, MESSAGE_LAST_CALLED, &body));
    assert_int_equal(message_last_call_decode(body, &call), STATUS_OK);
    assert_int_equal(call.seconds, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENARIO(the_lobby_says_what_it_waits_for),
        SCENARIO(presence_is_told_whole_and_then_as_it_changes),
        SCENARIO(everybody_is_told_how_many_and_the_facilitator_who),
        SCENARIO(only_who_is_asked_is_writing),
        SCENARIO(who_becomes_an_observer_writes_no_more),
        SCENARIO(changes_are_told_at_most_a_few_times_a_second),
        SCENARIO(signals_go_with_the_step_and_with_who_gave_them),
        SCENARIO(a_done_mark_survives_the_server),
        SCENARIO(a_last_call_is_the_facilitators_to_give),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

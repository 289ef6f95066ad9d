/* Who comes to the hub and goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/rig_cast.h"

/* ---- creating ---- */

static void a_ticket_is_used_once_for_the_same_session(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_create(&rig);
    assert_int_equal(rig.store.ticket.uses_left, 0);
    person_leave(host);
    person_connect(host);
    id = person_create(host); /* the answer got lost */
    rig_settle(&rig);
    assert_int_equal(person_answer(host, id), STATUS_OK);
    assert_int_equal(memory_store_head(&rig.store, rig.session, 0), 1);
}

static void only_a_ticket_creates(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_draft_genesis(&rig);
    person_connect(host);
    rig.store.ticket.key[0] ^= 1;
    id = person_create(host);
    assert_int_equal(person_answer(host, id), STATUS_UNKNOWN);
    rig.store.ticket.key[0] ^= 1;
    rig.ticket_secret[0] ^= 1;
    id = person_create(host);
    assert_int_equal(person_answer(host, id), STATUS_BAD_SIGNATURE);
    assert_false(rig.loads); /* strangers do not make the server read */
}

static void an_expired_ticket_creates_nothing(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_draft_genesis(&rig);
    rig.now_ms += 24 * 3600 * 1000;
    person_connect(host);
    id = person_create(host);
    rig_settle(&rig);
    assert_int_equal(person_answer(host, id), STATUS_EXPIRED);
    assert_int_equal(rig.batch_count, 0);
}

static void a_failed_creation_gives_the_ticket_back(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_draft_genesis(&rig);
    person_connect(host);
    id = person_create(host);
    rig_load(&rig);
    rig_store(&rig, STATUS_NO_SPACE);
    assert_int_equal(person_answer(host, id), STATUS_NO_SPACE);
    id = person_attach(host);
    rig_settle(&rig);
    assert_int_equal(person_answer(host, id), STATUS_NOT_FOUND);
    id = person_create(host);
    rig_settle(&rig);
    assert_int_equal(person_answer(host, id), STATUS_OK);
}

static void creating_is_not_attaching(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_draft_genesis(&rig);
    person_connect(host);
    (void)person_create(host);
    rig_settle(&rig);
    id = person_mark(host, MESSAGE_DONE, RIG_QUESTION, true);
    assert_int_equal(person_answer(host, id), STATUS_BAD_STATE);
    id = person_attach(host);
    assert_int_equal(person_answer(host, id), STATUS_OK);
}

/* ---- attaching ---- */

static void a_place_must_be_on_the_chain(void **state)
{
    static const struct message_place start = {.index = 0};
    struct message_place place = {.index = 2};
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    person_leave(anna);
    person_connect(anna);
    id = person_attach_at(anna, &place, &start);
    assert_int_equal(person_answer(anna, id), STATUS_BAD_SEEN);
    id = person_attach(anna); /* it may try again */
    assert_int_equal(person_answer(anna, id), STATUS_OK);
}

static void who_has_more_than_the_server_gets_nothing_of_that_stream(void **state)
{
    static const struct message_place start = {.index = 0};
    struct message_place place = {.index = 1000};
    struct message_attached attached;
    uint64_t head = 0;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    head = memory_store_head(&rig.store, rig.session, 0);
    person_leave(anna);
    person_connect(anna);
    id = person_attach_at(anna, &place, &start);
    assert_int_equal(person_attached(anna, id, &attached), STATUS_OK);
    assert_int_equal(attached.public_head.index, head);
    assert_int_equal(person_told_count(anna, MESSAGE_ITEM), 0);

    /* the person accepts the loss: attaching again on the same connection */
    (void)person_attach_at(anna, &start, &start);
    assert_int_equal(person_told_count(anna, MESSAGE_ITEM), head);
    assert_false(rig.is_closed[anna->connection]);
}

static void strangers_stay_out(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_found(&rig);
    person_connect(anna);
    id = person_attach(anna);
    assert_int_equal(person_answer(anna, id), STATUS_UNKNOWN);
    rig.session[0] ^= 1;
    id = person_attach(anna);
    rig_settle(&rig);
    assert_int_equal(person_answer(anna, id), STATUS_NOT_FOUND);
    rig.session[0] ^= 1;
    assert_int_equal(person_fold(anna), 0);
}

static void a_newer_connection_closes_the_older(void **state)
{
    uint32_t older = 0;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    older = anna->connection;
    person_connect(anna);
    assert_false(rig.is_closed[older]); /* it could be anybody still */
    id = person_attach(anna);
    assert_int_equal(person_answer(anna, id), STATUS_OK);
    assert_true(rig.is_closed[older]);
    assert_int_equal(rig.closed_why[older], STATUS_EXISTS);
    assert_int_equal(hub_session_connections(rig.hub, rig.session), 4);
}

static void the_log_comes_in_bursts(void **state)
{
    static const struct message_place start = {.index = 0};
    uint64_t head = 0;
    size_t count = 0;
    size_t turns = 0;

    (void)state;
    rig.text_count = 60;
    rig_meet(&rig);
    for (size_t i = 0; i < 20; i++) {
        static uint8_t large[40000];

        draft_written(&anna->draft, &anna->side, KIND_PARK, 0,
                      (struct bytes){.data = large, .count = sizeof large}, &rig.entropy);
        (void)person_append(anna, draft_bytes(&anna->draft));
        rig_settle(&rig);
        for (size_t n = 0; n < 4; n++) {
            hub_room(rig.hub, rig.people[n].connection, rig.now_ms);
        }
        rig_forget_sent(&rig);
    }
    head = memory_store_head(&rig.store, rig.session, 0);
    person_leave(bram);
    person_connect(bram);
    (void)person_attach_at(bram, &start, &start);
    while (count < head && turns < 100) {
        size_t now = person_told_count(bram, MESSAGE_ITEM);

        assert_true(now > 0);
        count += now;
        rig_forget_sent(&rig);
        hub_room(rig.hub, bram->connection, rig.now_ms);
        turns++;
    }
    assert_int_equal(count, head);
    assert_true(turns > 10);
}

/* ---- knocking ---- */

static void an_invite_opens_the_door(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_found(&rig);
    person_connect(anna);
    anna->invite = 9;
    id = person_knock(anna);
    assert_int_equal(person_answer(anna, id), STATUS_UNKNOWN);
    anna->invite = 2;
    rig.invite_seeds[2][0] ^= 1;
    id = person_knock(anna);
    assert_int_equal(person_answer(anna, id), STATUS_BAD_SIGNATURE);
    rig.invite_seeds[2][0] ^= 1;
    anna->side.seat.keys.noise[0] ^= 1; /* a device that is not the connection's */
    id = person_knock(anna);
    assert_int_equal(person_answer(anna, id), STATUS_FORBIDDEN);
    anna->side.seat.keys.noise[0] ^= 1;
    id = person_knock(anna);
    assert_int_equal(person_answer(anna, id), STATUS_OK);
    assert_int_equal(person_fold(anna), memory_store_head(&rig.store, rig.session, 0));
    assert_int_equal(person_told_count(anna, MESSAGE_PRESENCE), 0);
    id = person_mark(anna, MESSAGE_DONE, RIG_QUESTION, true);
    assert_int_equal(person_answer(anna, id), STATUS_NOT_ADMITTED);
}

static void an_invite_runs_out(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_found(&rig);
    for (size_t n = 1; n <= 4; n++) {
        rig_join(&rig, n, 2);
    }
    rig.people[5].invite = 2;
    person_connect(&rig.people[5]);
    id = person_knock(&rig.people[5]);
    assert_int_equal(person_answer(&rig.people[5], id), STATUS_USED_UP);
    rig.now_ms += 24 * 3600 * 1000;
    rig.people[5].invite = 3;
    id = person_knock(&rig.people[5]);
    assert_int_equal(person_answer(&rig.people[5], id), STATUS_EXPIRED);
}

static void who_joined_comes_back_as_the_member_it_is(void **state)
{
    struct message_attached attached;
    uint32_t id = 0;

    (void)state;
    rig_found(&rig);
    rig_join(&rig, 2, 2);
    person_leave(anna);
    person_connect(anna);
    id = person_knock(anna); /* its join's answer got lost, for all it knows */
    assert_int_equal(person_attached(anna, id, &attached), STATUS_OK);
    assert_int_equal(attached.member, 2);
}

static void who_is_refused_goes_and_gets_nothing_more(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_found(&rig);
    rig_join(&rig, 2, 2);
    rig_knock(&rig, 3, 3);
    draft_pace(&host->draft, &host->side, VERB_PAUSE, 0, 0, &rig.entropy);
    (void)person_append(host, draft_bytes(&host->draft)); /* so that both of these wait */
    draft_roster(&host->draft, &host->side, 2, ROLE_REMOVED, &rig.entropy);
    draft_join(&bram->draft, &bram->side, 3, rig.invite_seeds[3], rig_text("Bram"),
               &rig.entropy);
    rig_forget_sent(&rig);
    (void)person_append(host, draft_bytes(&host->draft));
    (void)person_append(bram, draft_bytes(&bram->draft));
    rig_store(&rig, STATUS_OK);
    rig_store(&rig, STATUS_OK);
    assert_int_equal(person_told_count(anna, MESSAGE_ITEM), 2); /* that it is refused */
    assert_int_equal(rig.closed_why[anna->connection], STATUS_REMOVED);
    rig_settle(&rig);
    person_connect(anna);
    id = person_attach(anna);
    assert_int_equal(person_answer(anna, id), STATUS_REMOVED);
    id = person_knock(anna);
    assert_int_equal(person_answer(anna, id), STATUS_REMOVED);
}

/* ---- limits, and leaving ---- */

static void too_many_requests_end_a_connection(void **state)
{
    (void)state;
    rig_meet(&rig);
    for (size_t i = 0; i < HUB_REQUESTS_MAX + 2 && !rig.is_closed[anna->connection]; i++) {
        draft_written(&anna->draft, &anna->side, KIND_PARK, 0, rig_text("x"), &rig.entropy);
        (void)person_append(anna, draft_bytes(&anna->draft));
    }
    assert_true(rig.is_closed[anna->connection]);
    assert_int_equal(rig.closed_why[anna->connection], STATUS_FULL);
    rig_settle(&rig); /* what was in flight is stored, the rest is forgotten */
    assert_int_equal(person_fold(bram), 1);
}

static void malformed_requests_end_a_connection(void **state)
{
    static const uint8_t nonsense[] = {0x94, 0, 1, MESSAGE_ATTACH, 0x90};
    static const uint8_t unknown[] = {0x94, 0, 1, 0x7f, 0x90};

    (void)state;
    rig_meet(&rig);
    hub_receive(rig.hub, bram->connection,
                (struct bytes){.data = unknown, .count = sizeof unknown}, rig.now_ms);
    assert_false(rig.is_closed[bram->connection]);
    assert_int_equal(person_answer(bram, 1), STATUS_UNSUPPORTED);
    hub_receive(rig.hub, anna->connection,
                (struct bytes){.data = nonsense, .count = sizeof nonsense}, rig.now_ms);
    assert_int_equal(rig.closed_why[anna->connection], STATUS_MALFORMED);
}

/* Person 9 comes again and again, each time from a new device. */
static enum status join_from_new_device(uint8_t n, uint16_t invite, const uint8_t *seed)
{
    struct person *person = &rig.people[9];
    const uint8_t seat_seed[SEED_BYTES] = {2, n};
    enum status status = STATUS_OK;
    uint32_t id = 0;

    side_finish(&person->side);
    side_init(&person->side, rig.session, seat_seed);
    rig_knock(&rig, 9, 2);
    draft_join(&person->draft, &person->side, invite, seed, rig_text("a name"), &rig.entropy);
    id = person_append(person, draft_bytes(&person->draft));
    rig_settle(&rig);
    status = person_answer(person, id);
    person_leave(person);
    rig_forget_sent(&rig);
    return status;
}

static void one_invite_does_not_fill_the_session(void **state)
{
    static const uint8_t seed[SEED_BYTES] = {7};
    enum { MANY = 4 };

    (void)state;
    rig_found(&rig);
    draft_invite(&host->draft, &host->side, MANY, seed, ROLE_PARTICIPANT, INVITE_USES_MAX,
                 rig.now_ms + 1000000, &rig.entropy);
    person_must(host);
    for (uint8_t n = 0; n < LOBBY_PER_INVITE_MAX; n++) {
        assert_int_equal(join_from_new_device(n, MANY, seed), STATUS_OK);
    }
    assert_int_equal(join_from_new_device(LOBBY_PER_INVITE_MAX, MANY, seed), STATUS_BUSY);
    assert_int_equal(join_from_new_device(LOBBY_PER_INVITE_MAX, 2, rig.invite_seeds[2]),
                     STATUS_OK);
}

static void who_asks_for_nothing_does_not_stay(void **state)
{
    uint64_t next_ms = 0;

    (void)state;
    hub_tick(rig.hub, rig.now_ms, &next_ms);
    assert_true(next_ms == UINT64_MAX);
    rig_found(&rig);
    person_connect(anna);
    hub_tick(rig.hub, rig.now_ms, &next_ms);
    assert_true(next_ms <= rig.now_ms + HUB_TOLD_MS);
    rig_wait(&rig, HUB_UNATTACHED_SECONDS * 1000 - 1);
    assert_false(rig.is_closed[anna->connection]);
    rig_wait(&rig, 1);
    assert_int_equal(rig.closed_why[anna->connection], STATUS_TIMEOUT);
    assert_false(rig.is_closed[host->connection]);
}

static void a_session_nobody_is_in_is_let_go_and_read_back(void **state)
{
    struct hub_numbers numbers;

    (void)state;
    rig_meet(&rig);
    for (size_t n = 0; n < 4; n++) {
        person_leave(&rig.people[n]);
    }
    rig_wait(&rig, HUB_IDLE_SECONDS * 1000);
    hub_numbers(rig.hub, &numbers);
    assert_int_equal(numbers.sessions_loaded, 0);
    person_connect(anna);
    (void)person_attach(anna);
    assert_true(rig.loads);
    rig_settle(&rig);
    assert_int_equal(hub_session_connections(rig.hub, rig.session), 1);
}

static void draining_waits_for_what_is_in_flight(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    draft_written(&anna->draft, &anna->side, KIND_PARK, 0, rig_text("last"), &rig.entropy);
    id = person_append(anna, draft_bytes(&anna->draft));
    assert_false(hub_drain(rig.hub, rig.now_ms));
    rig_store(&rig, STATUS_OK);
    assert_int_equal(person_answer(anna, id), STATUS_OK);
    assert_true(hub_drain(rig.hub, rig.now_ms));
    assert_int_equal(rig.closed_why[anna->connection], STATUS_CANCELLED);
}

static void a_session_that_cannot_be_read_is_said_to_be_so(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    rig_restart(&rig);
    person_connect(anna);
    id = person_attach(anna);
    rig.loads = false;
    hub_loaded(rig.hub, rig.session, STATUS_IO, NULL, 0, rig.now_ms);
    assert_int_equal(person_answer(anna, id), STATUS_IO);
    id = person_attach(anna); /* and read again when asked again */
    rig_settle(&rig);
    assert_int_equal(person_answer(anna, id), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENARIO(a_ticket_is_used_once_for_the_same_session),
        SCENARIO(only_a_ticket_creates),
        SCENARIO(an_expired_ticket_creates_nothing),
        SCENARIO(a_failed_creation_gives_the_ticket_back),
        SCENARIO(creating_is_not_attaching),
        SCENARIO(a_place_must_be_on_the_chain),
        SCENARIO(who_has_more_than_the_server_gets_nothing_of_that_stream),
        SCENARIO(strangers_stay_out),
        SCENARIO(a_newer_connection_closes_the_older),
        SCENARIO(the_log_comes_in_bursts),
        SCENARIO(an_invite_opens_the_door),
        SCENARIO(an_invite_runs_out),
        SCENARIO(who_joined_comes_back_as_the_member_it_is),
        SCENARIO(who_is_refused_goes_and_gets_nothing_more),
        SCENARIO(too_many_requests_end_a_connection),
        SCENARIO(malformed_requests_end_a_connection),
        SCENARIO(one_invite_does_not_fill_the_session),
        SCENARIO(who_asks_for_nothing_does_not_stay),
        SCENARIO(a_session_nobody_is_in_is_let_go_and_read_back),
        SCENARIO(draining_waits_for_what_is_in_flight),
        SCENARIO(a_session_that_cannot_be_read_is_said_to_be_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A server that lies, lost something, or is newer: what a device's copy of a session notices.
 * The truth is a small session as it was really played; each test tells it a little otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/replica.h"
#include "protocol/entry.h"
#include "tests/support/small.h"

/* What Bram was sent, and a fresh copy to send it to. */
struct fixture {
    struct circle *circle;
    struct circle_person *bram;
    struct replica *replica;
};

static int begin(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct seat seat;

    assert_non_null(fixture);
    fixture->circle = small_begin();
    fixture->bram = &fixture->circle->people[BRAM];
    small_open(fixture->circle, QUESTION);
    small_say(fixture->bram, QUESTION, "one", "", 0);
    small_say(&fixture->circle->people[AYSE], QUESTION, "two", "", 0);
    assert_int_equal(member_message(fixture->circle->people[OLGA].member, (uint16_t[]){3}, 1,
                                    "for your eyes"),
                     STATUS_OK);
    circle_run(fixture->circle);
    small_release(fixture->circle, QUESTION);
    seat_derive(fixture->bram->seed, &seat);
    assert_int_equal(replica_create(&seat, fixture->circle->session, &fixture->replica),
                     STATUS_OK);
    *state = fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;

    replica_destroy(fixture->replica);
    small_end(fixture->circle);
    free(fixture);
    return 0;
}

static const struct circle_item *item_of(const struct fixture *fixture, enum stream stream,
                                         uint64_t index)
{
    for (size_t i = 0; i < fixture->bram->item_count; i++) {
        if (fixture->bram->items[i].stream == stream &&
            fixture->bram->items[i].index == index) {
            return &fixture->bram->items[i];
        }
    }
    fail();
    return NULL;
}

static enum status give(struct fixture *fixture, const struct circle_item *item, uint64_t index,
                        uint64_t time_ms)
{
    struct replica_change change;

    return replica_take(fixture->replica, item->stream, index, time_ms,
                        (struct bytes){item->bytes, item->count}, &change);
}

/* All that is public, from 1 up to and with `last`. */
static void give_up_to(struct fixture *fixture, uint64_t last)
{
    for (uint64_t i = replica_count(fixture->replica, STREAM_PUBLIC) + 1; i <= last; i++) {
        const struct circle_item *item = item_of(fixture, STREAM_PUBLIC, i);

        assert_int_equal(give(fixture, item, i, item->time_ms), STATUS_OK);
    }
}

static uint64_t last_public(const struct fixture *fixture)
{
    return replica_count(member_replica(fixture->bram->member), STREAM_PUBLIC);
}

/* The public index of the first entry of a kind. */
static uint64_t find_kind(const struct fixture *fixture, enum kind kind)
{
    const struct replica *truth = member_replica(fixture->bram->member);

    for (uint64_t i = 1; i <= replica_count(truth, STREAM_PUBLIC); i++) {
        if (replica_at(truth, STREAM_PUBLIC, i)->kind == kind) {
            return i;
        }
    }
    fail();
    return 0;
}

static void assert_noticed(struct fixture *fixture, enum replica_fault fault)
{
    char text[512];
    struct replica_change change;
    const struct circle_item *item = item_of(fixture, STREAM_PUBLIC, 1);

    assert_int_equal(replica_trouble(fixture->replica)->fault, fault);
    assert_false(replica_is_sound(fixture->replica));
    replica_explain(replica_trouble(fixture->replica), text, sizeof text);
    assert_true(strlen(text) > 20);
    /* nothing more is taken in, and what was there stays readable */
    assert_int_equal(replica_take(fixture->replica, STREAM_PUBLIC, 1, item->time_ms,
                                  (struct bytes){item->bytes, item->count}, &change),
                     STATUS_CONFLICT);
}

static void the_truth_is_taken_in_whole(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *message = item_of(fixture, STREAM_OWN, 1);
    uint64_t last = last_public(fixture);

    /* the message refers to public entries that have not come: it waits for them */
    assert_int_equal(give(fixture, message, 1, message->time_ms), STATUS_OK);
    assert_int_equal(replica_count(fixture->replica, STREAM_OWN), 0);
    give_up_to(fixture, last);
    assert_int_equal(replica_count(fixture->replica, STREAM_OWN), 1);
    assert_int_equal(replica_at(fixture->replica, STREAM_OWN, 1)->body, REPLICA_OPEN);
    assert_true(replica_is_sound(fixture->replica));
    assert_int_equal(replica_me(fixture->replica), 3);
    for (uint64_t i = 1; i <= last; i++) {
        const struct replica_entry *entry = replica_at(fixture->replica, STREAM_PUBLIC, i);

        if (entry->kind == KIND_ANSWER || entry->kind == KIND_NAME) {
            assert_int_equal(entry->body, REPLICA_OPEN);
        }
    }
    /* the same once more changes nothing */
    assert_int_equal(give(fixture, item_of(fixture, STREAM_PUBLIC, 5), 5,
                          item_of(fixture, STREAM_PUBLIC, 5)->time_ms),
                     STATUS_OK);
}

static void another_genesis_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    struct circle_item *item = (struct circle_item *)item_of(fixture, STREAM_PUBLIC, 1);

    item->bytes[item->count - 1] ^= 1; /* the same session, signed otherwise */
    assert_int_equal(give(fixture, item, 1, item->time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_OTHER_GENESIS);
}

static void what_is_no_genesis_does_not_begin_a_session(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *second = item_of(fixture, STREAM_PUBLIC, 2);

    assert_int_equal(give(fixture, second, 1, second->time_ms), STATUS_CONFLICT);
    assert_false(replica_is_sound(fixture->replica));
}

static void another_order_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *sixth = item_of(fixture, STREAM_PUBLIC, 6);
    const struct circle_item *fifth = item_of(fixture, STREAM_PUBLIC, 5);

    give_up_to(fixture, 4);
    assert_int_equal(give(fixture, sixth, 5, sixth->time_ms), STATUS_OK); /* texts may swap, */
    assert_int_equal(give(fixture, fifth, 6, sixth->time_ms), STATUS_OK); /* for all we know */
    for (uint64_t i = 7; i <= last_public(fixture); i++) { /* but their authors saw a chain */
        const struct circle_item *item = item_of(fixture, STREAM_PUBLIC, i);

        if (give(fixture, item, i, item->time_ms) != STATUS_OK) {
            break;
        }
    }
    assert_noticed(fixture, REPLICA_FORK);
}

static void an_entry_left_out_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *sixth = item_of(fixture, STREAM_PUBLIC, 6);

    give_up_to(fixture, 4);
    assert_int_equal(give(fixture, sixth, 6, sixth->time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_GAP);
}

static void an_entry_left_out_and_renumbered_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    uint64_t index = find_kind(fixture, KIND_NAME);

    give_up_to(fixture, index - 1);
    for (uint64_t i = index + 1; i <= last_public(fixture); i++) {
        const struct circle_item *item = item_of(fixture, STREAM_PUBLIC, i);

        if (give(fixture, item, i - 1, item->time_ms) != STATUS_OK) {
            break;
        }
    }
    assert_noticed(fixture, REPLICA_FORK);
}

static void the_same_entry_twice_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *third = item_of(fixture, STREAM_PUBLIC, 3);

    give_up_to(fixture, 3);
    assert_int_equal(give(fixture, third, 4, third->time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_REPEATED_ID);
}

static void a_changed_byte_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    struct circle_item *item = (struct circle_item *)item_of(fixture, STREAM_PUBLIC, 4);

    give_up_to(fixture, 3);
    item->bytes[item->count - 1] ^= 1;
    assert_int_equal(give(fixture, item, 4, item->time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_FORGED);
}

static void another_history_at_a_place_we_hold_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *fifth = item_of(fixture, STREAM_PUBLIC, 5);

    give_up_to(fixture, 6);
    assert_int_equal(give(fixture, fifth, 4, fifth->time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_FORK);
}

static void time_that_runs_back_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *fourth = item_of(fixture, STREAM_PUBLIC, 4);

    give_up_to(fixture, 3);
    assert_int_equal(give(fixture, fourth, 4, item_of(fixture, STREAM_PUBLIC, 3)->time_ms - 1),
                     STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_TIME_BACK);
}

static void what_is_no_entry_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    struct circle_item nonsense = *item_of(fixture, STREAM_PUBLIC, 4);

    give_up_to(fixture, 3);
    nonsense.count--;
    assert_int_equal(give(fixture, &nonsense, 4, nonsense.time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_MALFORMED);
}

/* ---- heads ---- */

static void a_server_that_rewound_is_noticed_and_may_find_it_again(void **state)
{
    struct fixture *fixture = *state;
    struct chain_head before = {0}, now = {0}, none = {0};
    char text[512];

    give_up_to(fixture, 5);
    before = replica_head(fixture->replica, STREAM_PUBLIC);
    give_up_to(fixture, 8);
    now = replica_head(fixture->replica, STREAM_PUBLIC);
    assert_int_equal(replica_check_heads(fixture->replica, &before, &none), STATUS_CONFLICT);
    assert_int_equal(replica_trouble(fixture->replica)->fault, REPLICA_BEHIND);
    assert_int_equal(replica_trouble(fixture->replica)->lost, 3);
    replica_explain(replica_trouble(fixture->replica), text, sizeof text);
    assert_non_null(strstr(text, "3"));
    assert_int_equal(replica_check_heads(fixture->replica, &now, &none), STATUS_OK);
    assert_true(replica_is_sound(fixture->replica));
    now.hash[0] ^= 1;
    assert_int_equal(replica_check_heads(fixture->replica, &now, &none), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_FORK);
}

/* ---- acknowledged ---- */

static void what_was_acknowledged_must_come(void **state)
{
    struct fixture *fixture = *state;
    uint8_t hash[HASH_BYTES];
    const struct circle_item *fourth = item_of(fixture, STREAM_PUBLIC, 4);

    give_up_to(fixture, 3);
    entry_hash((struct bytes){fourth->bytes, fourth->count}, hash);
    assert_int_equal(replica_expect(fixture->replica, STREAM_PUBLIC, 4, hash), STATUS_OK);
    give_up_to(fixture, 4);
    assert_int_equal(replica_expect(fixture->replica, STREAM_PUBLIC, 4, hash), STATUS_OK);
    hash[0] ^= 1;
    assert_int_equal(replica_expect(fixture->replica, STREAM_PUBLIC, 5, hash), STATUS_OK);
    fourth = item_of(fixture, STREAM_PUBLIC, 5);
    assert_int_equal(give(fixture, fourth, 5, fourth->time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_LOST_ACK);
}

/* ---- releases ---- */

static void released_answers_come_right_after_their_release(void **state)
{
    struct fixture *fixture = *state;
    uint64_t release = find_kind(fixture, KIND_RELEASE);
    const struct circle_item *second = item_of(fixture, STREAM_PUBLIC, release + 2);

    give_up_to(fixture, release);
    assert_int_equal(session_release_left(replica_session(fixture->replica)), 2);
    /* the second in the first one's place: one was left out, or the order is another */
    assert_int_equal(give(fixture, second, release + 1, second->time_ms), STATUS_OK);
    second = item_of(fixture, STREAM_PUBLIC, release + 1);
    assert_int_equal(give(fixture, second, release + 2, second->time_ms), STATUS_CONFLICT);
    assert_false(replica_is_sound(fixture->replica));
}

static void an_answer_before_its_release_is_a_lie(void **state)
{
    struct fixture *fixture = *state;
    uint64_t release = find_kind(fixture, KIND_RELEASE);
    const struct circle_item *answer = item_of(fixture, STREAM_PUBLIC, release + 1);

    give_up_to(fixture, release - 1);
    assert_int_equal(give(fixture, answer, release, answer->time_ms), STATUS_CONFLICT);
    assert_noticed(fixture, REPLICA_REFUSED);
}

static void somebody_elses_message_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *message = item_of(fixture, STREAM_OWN, 1);
    struct circle_person *ayse = &fixture->circle->people[AYSE];
    struct replica *hers = NULL;
    struct replica_change change;
    struct seat seat;
    enum status status = STATUS_OK;

    seat_derive(ayse->seed, &seat);
    assert_int_equal(replica_create(&seat, fixture->circle->session, &hers), STATUS_OK);
    for (uint64_t i = 1; i <= last_public(fixture); i++) {
        const struct circle_item *item = item_of(fixture, STREAM_PUBLIC, i);

        assert_int_equal(replica_take(hers, STREAM_PUBLIC, i, item->time_ms,
                                      (struct bytes){item->bytes, item->count}, &change),
                         STATUS_OK);
    }
    status = replica_take(hers, STREAM_OWN, 1, message->time_ms,
                          (struct bytes){message->bytes, message->count}, &change);
    assert_int_equal(status, STATUS_CONFLICT);
    assert_int_equal(replica_trouble(hers)->fault, REPLICA_REFUSED);
    replica_destroy(hers);
}

/* ---- the tombstone ---- */

static void only_a_facilitators_own_word_purges(void **state)
{
    struct fixture *fixture = *state;
    const struct circle_item *other = item_of(fixture, STREAM_PUBLIC, 3);
    uint64_t held = last_public(fixture);

    assert_int_not_equal(
        replica_take_tombstone(fixture->replica, (struct bytes){other->bytes, other->count}),
        STATUS_OK);
    give_up_to(fixture, held);
    assert_int_equal(
        replica_take_tombstone(fixture->replica, (struct bytes){other->bytes, other->count}),
        STATUS_CRYPTO);
    assert_false(replica_is_purged(fixture->replica));
}

#define ON_A_SESSION(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_SESSION(the_truth_is_taken_in_whole),
        ON_A_SESSION(another_genesis_is_noticed),
        ON_A_SESSION(what_is_no_genesis_does_not_begin_a_session),
        ON_A_SESSION(another_order_is_noticed),
        ON_A_SESSION(an_entry_left_out_is_noticed),
        ON_A_SESSION(an_entry_left_out_and_renumbered_is_noticed),
        ON_A_SESSION(the_same_entry_twice_is_noticed),
        ON_A_SESSION(a_changed_byte_is_noticed),
        ON_A_SESSION(another_history_at_a_place_we_hold_is_noticed),
        ON_A_SESSION(time_that_runs_back_is_noticed),
        ON_A_SESSION(what_is_no_entry_is_noticed),
        ON_A_SESSION(a_server_that_rewound_is_noticed_and_may_find_it_again),
        ON_A_SESSION(what_was_acknowledged_must_come),
        ON_A_SESSION(released_answers_come_right_after_their_release),
        ON_A_SESSION(an_answer_before_its_release_is_a_lie),
        ON_A_SESSION(somebody_elses_message_is_noticed),
        ON_A_SESSION(only_a_facilitators_own_word_purges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

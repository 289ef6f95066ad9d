/* What a client makes of items that have no place in the public order, and of other things a
 * lying server can hand it: messages, waiting answers, heads, a later version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/replica.h"
#include "protocol/entry.h"
#include "tests/support/story.h"

enum { MESSAGE_MS = 1 }; /* own streams have their own time */

struct scene {
    struct story *story;
    struct replica *replica;
};

static enum status take(struct scene *scene, enum stream stream, uint64_t index,
                        uint64_t time_ms, struct bytes bytes)
{
    struct replica_change change;

    return replica_take(scene->replica, stream, index, time_ms, bytes, &change);
}

/* Public entries as far as the one of this name. */
static void fold_until(struct scene *scene, const char *name)
{
    const struct story *story = scene->story;
    bool last = false;

    for (uint64_t i = replica_count(scene->replica, STREAM_PUBLIC) + 1; !last; i++) {
        const struct story_item *item = &story->stream[i - 1];
        const struct story_entry *entry = &story->entries[item->entry];

        assert_int_equal(take(scene, STREAM_PUBLIC, i, item->time_ms, entry->bytes), STATUS_OK);
        last = strcmp(entry->name, name) == 0;
    }
}

static int begin_as(void **state, uint16_t member)
{
    struct scene *scene = calloc(1, sizeof *scene);

    assert_non_null(scene);
    scene->story = story_create();
    *state = scene;
    return replica_create(&scene->story->sealing.seats[member], scene->story->sealing.session,
                          &scene->replica) == STATUS_OK
               ? 0
               : -1;
}

static int as_facilitator(void **state)
{
    return begin_as(state, STORY_FACILITATOR);
}

static int as_participant(void **state)
{
    return begin_as(state, STORY_PARTICIPANT);
}

static int end(void **state)
{
    struct scene *scene = *state;

    replica_destroy(scene->replica);
    story_destroy(scene->story);
    free(scene);
    return 0;
}

static struct bytes message(const struct scene *scene)
{
    return story_find(scene->story, "message")->bytes;
}

/* Draws up an entry anew, as its author saw the session when it wrote `like`. */
static struct entry *write_like(struct scene *scene, const char *like, uint16_t author)
{
    struct sealing *sealing = &scene->story->sealing;
    struct entry original;
    struct entry *entry = NULL;

    assert_int_equal(entry_decode(story_find(scene->story, like)->bytes, &original), STATUS_OK);
    entry = sealing_entry(sealing, original.kind, author, original.step);
    entry->epoch = original.epoch;
    entry->seen_index = original.seen_index;
    memcpy(entry->seen_hash, original.seen_hash, HASH_BYTES);
    entry->args = original.args;
    return entry;
}

static struct bytes seal_message(struct scene *scene, uint16_t signer)
{
    static const struct bytes text = {(const uint8_t *)"\x91\xa4now", 5};
    struct sealing *sealing = &scene->story->sealing;

    sealing_lock_member(sealing, STORY_FACILITATOR, NAME_CONTENT, 0, NULL);
    sealing_lock_member(sealing, sealing->entry->author, NAME_CONTENT, 0, NULL);
    return sealing_seal(sealing, text, signer);
}

static void expect_fault(const struct scene *scene, enum replica_fault fault,
                         enum status status)
{
    assert_int_equal(replica_trouble(scene->replica)->fault, fault);
    assert_int_equal(replica_trouble(scene->replica)->status, status);
}

/* ---- messages ---- */

static void a_message_is_taken_once_what_it_saw_is_there(void **state)
{
    struct scene *scene = *state;

    fold_until(scene, "report");
    assert_int_equal(take(scene, STREAM_OWN, 1, MESSAGE_MS, message(scene)), STATUS_OK);
    assert_int_equal(replica_count(scene->replica, STREAM_OWN), 0);
    fold_until(scene, "leave out");
    assert_int_equal(replica_count(scene->replica, STREAM_OWN), 1);
    assert_int_equal(replica_at(scene->replica, STREAM_OWN, 1)->body, REPLICA_OPEN);
    assert_int_equal(take(scene, STREAM_OWN, 1, MESSAGE_MS, message(scene)), STATUS_OK);
    assert_true(replica_is_sound(scene->replica));
}

static void a_message_needs_its_authors_signature(void **state)
{
    struct scene *scene = *state;

    fold_until(scene, "leave out");
    write_like(scene, "message", STORY_OBSERVER);
    assert_int_equal(
        take(scene, STREAM_OWN, 1, MESSAGE_MS, seal_message(scene, STORY_PARTICIPANT)),
        STATUS_CONFLICT);
    expect_fault(scene, REPLICA_FORGED, STATUS_BAD_SIGNATURE);
}

static void a_participant_sends_no_messages(void **state)
{
    struct scene *scene = *state;

    fold_until(scene, "leave out");
    write_like(scene, "message", STORY_PARTICIPANT);
    assert_int_equal(
        take(scene, STREAM_OWN, 1, MESSAGE_MS, seal_message(scene, STORY_PARTICIPANT)),
        STATUS_CONFLICT);
    expect_fault(scene, REPLICA_REFUSED, STATUS_FORBIDDEN);
}

static void a_message_is_locked_to_its_readers_only(void **state)
{
    struct scene *scene = *state;
    struct sealing *sealing = &scene->story->sealing;

    fold_until(scene, "leave out");
    write_like(scene, "message", STORY_OBSERVER);
    sealing_lock_member(sealing, STORY_PARTICIPANT, NAME_CONTENT, 0, NULL);
    assert_int_equal(
        take(scene, STREAM_OWN, 1, MESSAGE_MS, seal_message(scene, STORY_OBSERVER)),
        STATUS_CONFLICT);
    expect_fault(scene, REPLICA_REFUSED, STATUS_BAD_SLOTS);
}

static void a_message_of_a_coming_epoch_is_a_lie(void **state)
{
    struct scene *scene = *state;

    fold_until(scene, "leave out");
    write_like(scene, "message", STORY_OBSERVER)->epoch = 2;
    assert_int_equal(
        take(scene, STREAM_OWN, 1, MESSAGE_MS, seal_message(scene, STORY_OBSERVER)),
        STATUS_CONFLICT);
    expect_fault(scene, REPLICA_REFUSED, STATUS_STALE_EPOCH);
}

static void an_own_stream_holds_messages_only(void **state)
{
    struct scene *scene = *state;

    fold_until(scene, "report");
    assert_int_equal(
        take(scene, STREAM_OWN, 1, MESSAGE_MS, story_find(scene->story, "park")->bytes),
        STATUS_CONFLICT);
    expect_fault(scene, REPLICA_REFUSED, STATUS_BAD_STATE);
}

/* ---- answers that wait ---- */

static void an_own_answer_that_waits_is_opened(void **state)
{
    struct scene *scene = *state;
    struct bytes answer = story_find(scene->story, "answer")->bytes;
    struct replica_entry entry;

    fold_until(scene, "pace close");
    assert_int_equal(replica_open_waiting(scene->replica, answer, &entry), STATUS_OK);
    assert_int_equal(entry.step, STORY_STEP);
    fold_until(scene, "reveal");
    assert_int_equal(replica_open_waiting(scene->replica, answer, &entry), STATUS_NOT_FOUND);
    assert_true(replica_is_sound(scene->replica)); /* it was released meanwhile */
}

/* An answer in the reader's name needs no key but public ones, so the server could make it. */
static struct bytes made_up_answer(struct scene *scene, uint16_t author, uint16_t signer)
{
    static const struct bytes text = {(const uint8_t *)"\x93\x02\x91\xa2No\x00", 7};
    struct sealing *sealing = &scene->story->sealing;
    uint8_t secret[KEY_BYTES];
    uint8_t step_key[KEY_BYTES];

    write_like(scene, "answer", author);
    assert_int_equal(key_step(sealing->f[1], sealing->session, STORY_STEP, secret, step_key),
                     STATUS_OK);
    sealing_lock_step(sealing, STORY_STEP, step_key, 1);
    sealing_lock_member(sealing, author, NAME_CONTENT, 0, NULL);
    return sealing_seal(sealing, text, signer);
}

static void an_answer_that_waits_needs_its_authors_signature(void **state)
{
    struct scene *scene = *state;
    struct bytes answer = made_up_answer(scene, STORY_PARTICIPANT, STORY_OBSERVER);
    struct replica_entry entry;

    fold_until(scene, "pace close");
    assert_int_equal(replica_open_waiting(scene->replica, answer, &entry), STATUS_CONFLICT);
    expect_fault(scene, REPLICA_FORGED, STATUS_BAD_SIGNATURE);
}

static void nobody_else_s_answer_is_handed_out_before_its_release(void **state)
{
    struct scene *scene = *state;
    struct bytes answer = made_up_answer(scene, STORY_FACILITATOR, STORY_FACILITATOR);
    struct replica_entry entry;

    fold_until(scene, "pace close");
    assert_int_equal(replica_open_waiting(scene->replica, answer, &entry), STATUS_CONFLICT);
    expect_fault(scene, REPLICA_REFUSED, STATUS_FORBIDDEN);
}

/* ---- heads and versions ---- */

static void the_head_at_attach_is_a_place_of_ours(void **state)
{
    struct scene *scene = *state;
    const struct chain_head none = {0};
    struct chain_head head;

    fold_until(scene, "roster");
    head = replica_head(scene->replica, STREAM_PUBLIC);
    fold_until(scene, "confirm");
    assert_int_equal(replica_check_reached(scene->replica, &head, &none), STATUS_OK);
    head.hash[0] ^= 1;
    assert_int_equal(replica_check_reached(scene->replica, &head, &none), STATUS_CONFLICT);
    expect_fault(scene, REPLICA_FORK, STATUS_OK);
}

/* The third byte: behind those of two arrays. */
static enum replica_fault fault_of_version(struct scene *scene, const char *name,
                                           uint64_t index)
{
    struct bytes bytes = story_find(scene->story, name)->bytes;
    uint8_t changed[ENTRY_BYTES_MAX];

    memcpy(changed, bytes.data, bytes.count);
    assert_int_equal(changed[2], KRING_SESSION_VERSION);
    changed[2]++;
    assert_int_equal(
        take(scene, STREAM_PUBLIC, index, INT64_MAX, (struct bytes){changed, bytes.count}),
        STATUS_CONFLICT);
    return replica_trouble(scene->replica)->fault;
}

static void only_genesis_can_be_of_a_later_version(void **state)
{
    assert_int_equal(fault_of_version(*state, "genesis", 1), REPLICA_TOO_NEW);
}

static void behind_genesis_a_later_version_is_a_lie(void **state)
{
    fold_until(*state, "genesis");
    assert_int_equal(fault_of_version(*state, "script", 2), REPLICA_MALFORMED);
}

#define FACILITATOR(name) cmocka_unit_test_setup_teardown(name, as_facilitator, end)
#define PARTICIPANT(name) cmocka_unit_test_setup_teardown(name, as_participant, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FACILITATOR(a_message_is_taken_once_what_it_saw_is_there),
        FACILITATOR(a_message_needs_its_authors_signature),
        FACILITATOR(a_participant_sends_no_messages),
        FACILITATOR(a_message_is_locked_to_its_readers_only),
        FACILITATOR(a_message_of_a_coming_epoch_is_a_lie),
        FACILITATOR(an_own_stream_holds_messages_only),
        PARTICIPANT(an_own_answer_that_waits_is_opened),
        PARTICIPANT(an_answer_that_waits_needs_its_authors_signature),
        PARTICIPANT(nobody_else_s_answer_is_handed_out_before_its_release),
        PARTICIPANT(the_head_at_attach_is_a_place_of_ours),
        PARTICIPANT(only_genesis_can_be_of_a_later_version),
        PARTICIPANT(behind_genesis_a_later_version_is_a_lie),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

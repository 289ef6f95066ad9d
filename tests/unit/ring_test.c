/* The key ring over the story of tests/support, with a session of its own that has only what a
 * ring asks: so that epochs are tried which the core does not play yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/entry.h"
#include "protocol/ring.h"
#include "protocol/seal.h"
#include "tests/support/story.h"

/* ---- the session, as a ring sees it ---- */

struct session {
    uint8_t id[HASH_BYTES];
    uint8_t checks[SEALING_EPOCHS + 1][HASH_BYTES];
    uint32_t epoch;
    struct recovery_keys recovery;
    struct session_step steps[STEPS_MAX + 1];
};

static struct session session;

const uint8_t *session_id(const struct session *asked)
{
    return asked->id;
}

const uint8_t *session_group_check(const struct session *asked, uint32_t epoch)
{
    return epoch > asked->epoch ? NULL : asked->checks[epoch];
}

const struct recovery_keys *session_recovery(const struct session *asked)
{
    return &asked->recovery;
}

const struct session_step *session_step(const struct session *asked, uint16_t step)
{
    return step == 0 || step > STEPS_MAX ? NULL : &asked->steps[step];
}

static void apply(const struct entry *entry)
{
    if (entry->kind == KIND_GENESIS) {
        entry_hash(entry->raw, session.id);
        memcpy(session.checks[1], entry->args.genesis.group_check, HASH_BYTES);
        session.recovery = entry->args.genesis.recovery;
        session.epoch = 1;
    } else if (entry->kind == KIND_ROSTER && entry->args.roster.has_epoch) {
        session.epoch = entry->args.roster.epoch;
        memcpy(session.checks[session.epoch], entry->args.roster.group_check, HASH_BYTES);
        session.recovery = entry->args.roster.recovery;
    } else if (entry->kind == KIND_OPEN && entry->args.open.has_key) {
        session.steps[entry->step].epoch = session.epoch;
        memcpy(session.steps[entry->step].key, entry->args.open.step_key, KEY_BYTES);
    }
}

/* ---- helpers ---- */

static struct story *story;
static struct entry decoded;
static struct keyring *ring;
static struct keyring_change change;

static const struct bytes no_body;

static int begin(void **state)
{
    (void)state;
    memset(&session, 0, sizeof session);
    story = story_create();
    ring = NULL;
    return 0;
}

static int end(void **state)
{
    (void)state;
    keyring_destroy(ring);
    story_destroy(story);
    return 0;
}

static void make_ring(uint16_t member)
{
    assert_int_equal(keyring_create(&story->sealing.seats[member], &ring), STATUS_OK);
    keyring_set_member(ring, member);
    if (member == STORY_FACILITATOR) {
        assert_int_equal(keyring_add_facilitator(ring, 1, story->sealing.f[1]), STATUS_OK);
    }
}

static void fold(struct bytes bytes)
{
    assert_int_equal(entry_decode(bytes, &decoded), STATUS_OK);
    assert_int_equal(keyring_fold(ring, &session, &decoded, &change), STATUS_OK);
}

/* Folds the public stream up to and with the entry of this name, again as often as asked. Says
 * how many passes it took. */
static int fold_until(const char *name)
{
    int passes = 0;
    bool again = true;

    while (again) {
        again = false;
        passes++;
        for (uint8_t i = 0; i < story->stream_count; i++) {
            const struct story_entry *told = &story->entries[story->stream[i].entry];

            assert_int_equal(entry_decode(told->bytes, &decoded), STATUS_OK);
            if (passes == 1) {
                apply(&decoded);
            }
            assert_int_equal(keyring_fold(ring, &session, &decoded, &change), STATUS_OK);
            assert_int_equal(change.wrong, 0);
            assert_false(change.wrong_step_key);
            again = again || change.epoch_key;
            if (strcmp(told->name, name) == 0) {
                break;
            }
        }
    }
    return passes;
}

static enum status content(const char *name)
{
    const struct story_entry *told = story_find(story, name);
    uint8_t key[KEY_BYTES];
    enum status status;

    assert_int_equal(entry_decode(told->bytes, &decoded), STATUS_OK);
    status = keyring_content(ring, &session, &decoded, key);
    if (status == STATUS_OK) {
        static uint8_t out[BODY_PADDED_BYTES_MAX];
        size_t count = 0;

        assert_memory_equal(key, told->content_key, KEY_BYTES);
        assert_int_equal(entry_open_body(&decoded, key, out, &count), STATUS_OK);
        assert_true(bytes_equal((struct bytes){out, count}, told->plaintext));
    }
    return status;
}

/* ---- who gets what ---- */

static void a_participant_reads_what_the_group_reads(void **state)
{
    (void)state;
    make_ring(STORY_PARTICIPANT);
    assert_int_equal(fold_until("join"), 1);
    assert_null(keyring_group(ring, 1));
    assert_int_equal(content("genesis"), STATUS_NOT_FOUND);

    assert_int_equal(fold_until("roster"), 2); /* K came: from the beginning again */
    assert_memory_equal(keyring_group(ring, 1), story->sealing.k[1], KEY_BYTES);
    assert_null(keyring_facilitator(ring, 1));
    assert_int_equal(content("genesis"), STATUS_OK);
    assert_int_equal(content("name"), STATUS_OK);
    assert_int_equal(content("text"), STATUS_NOT_FOUND); /* nobody reads ahead */
    assert_null(keyring_text(ring, 1));

    assert_int_equal(fold_until("open"), 1);
    assert_memory_equal(keyring_text(ring, 1), story_find(story, "text")->content_key,
                        KEY_BYTES);
    assert_int_equal(content("text"), STATUS_OK);
    assert_int_equal(content("script"), STATUS_NOT_FOUND);
    assert_null(keyring_step(ring, STORY_STEP));
    assert_int_equal(content("answer"), STATUS_OK); /* one's own */

    assert_int_equal(fold_until("purge"), 2); /* K of epoch 2 */
    assert_non_null(keyring_step(ring, STORY_STEP));
    assert_int_equal(content("anonymous answer 2"), STATUS_OK);
    assert_int_equal(content("note that replaces"), STATUS_OK);
    assert_int_equal(content("name in epoch 2"), STATUS_OK);
    assert_int_equal(content("message"), STATUS_NOT_FOUND);
    assert_int_equal(content("join"), STATUS_NOT_FOUND); /* sealed to the facilitator */
    assert_int_equal(content("step"), STATUS_NOT_FOUND);
    assert_int_equal(content("confirm"), STATUS_NOT_FOUND); /* no body */
}

static void answers_open_at_their_release(void **state)
{
    (void)state;
    make_ring(STORY_OBSERVER);
    (void)fold_until("pace close");
    assert_int_equal(content("answer"), STATUS_NOT_FOUND);
    (void)fold_until("release");
    assert_int_equal(content("answer"), STATUS_OK);
    assert_int_equal(content("answer on behalf"), STATUS_OK);
    assert_int_equal(content("anonymous answer"), STATUS_NOT_FOUND);
}

static void a_facilitator_reads_the_texts_but_no_answers(void **state)
{
    (void)state;
    make_ring(STORY_FACILITATOR);
    assert_int_equal(fold_until("pace close"), 1); /* has its own F: nothing new */
    assert_memory_equal(keyring_group(ring, 1), story->sealing.k[1], KEY_BYTES);
    assert_non_null(keyring_text(ring, 0));
    assert_int_equal(content("script"), STATUS_OK);
    assert_int_equal(content("step"), STATUS_OK);
    assert_int_equal(content("join"), STATUS_OK);
    assert_int_equal(content("answer"), STATUS_NOT_FOUND);
}

static void a_message_reaches_whom_it_is_for(void **state)
{
    static const struct {
        uint16_t member;
        enum status status;
    } expected[] = {{STORY_FACILITATOR, STATUS_OK},
                    {STORY_OBSERVER, STATUS_OK},
                    {STORY_PARTICIPANT, STATUS_NOT_FOUND},
                    {STORY_RECOVERED, STATUS_NOT_FOUND}};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        make_ring(expected[i].member);
        (void)fold_until("purge");
        assert_int_equal(content("message"), expected[i].status);
        keyring_destroy(ring);
        ring = NULL;
    }
}

/* Admitted in epoch 2 only: the keys before come under it. */
static void a_late_arrival_reads_history(void **state)
{
    (void)state;
    make_ring(STORY_OBSERVER);
    (void)fold_until("confirm");
    keyring_destroy(ring); /* as if the first roster had not been for this one */
    make_ring(STORY_OBSERVER);
    apply(&decoded);
    for (uint8_t i = 0; i < story->stream_count; i++) {
        const struct story_entry *told = &story->entries[story->stream[i].entry];

        assert_int_equal(entry_decode(told->bytes, &decoded), STATUS_OK);
        apply(&decoded);
        if (strcmp(told->name, "roster") != 0) {
            fold(told->bytes);
        }
    }
    assert_memory_equal(keyring_group(ring, 1), story->sealing.k[1], KEY_BYTES);
    assert_memory_equal(keyring_group(ring, 2), story->sealing.k[2], KEY_BYTES);
    assert_null(keyring_text(ring, 1)); /* it went by before */
    (void)fold_until("purge");
    assert_non_null(keyring_text(ring, 1));
    assert_int_equal(content("answer"), STATUS_OK);
}

static void recovery_opens_everything_from_the_sheet(void **state)
{
    (void)state;
    make_ring(STORY_RECOVERED);
    keyring_set_recovery(ring, story->sealing.recovery[1].box_secret);
    assert_int_equal(fold_until("join by recovery"), 2);
    assert_memory_equal(keyring_facilitator(ring, 1), story->sealing.f[1], KEY_BYTES);
    assert_int_equal(content("script"), STATUS_OK);
    assert_int_equal(content("answer"), STATUS_OK);
    assert_int_equal(fold_until("purge"), 2);
    assert_memory_equal(keyring_facilitator(ring, 2), story->sealing.f[2], KEY_BYTES);
}

/* The sheet of epoch 1 opens nothing that is locked to that of epoch 2, and no one is blamed.
 */
static void an_old_sheet_is_not_blamed(void **state)
{
    (void)state;
    make_ring(5); /* nobody in the story */
    keyring_set_recovery(ring, story->sealing.recovery[1].box_secret);
    (void)fold_until("purge");
    assert_null(keyring_facilitator(ring, 2));
    assert_non_null(keyring_facilitator(ring, 1));
}

static void without_a_member_number_nothing_is_tried(void **state)
{
    (void)state;
    make_ring(STORY_PARTICIPANT);
    keyring_set_member(ring, 0);
    assert_int_equal(fold_until("purge"), 1);
    assert_null(keyring_group(ring, 1));
}

/* ---- wrong keys ---- */

/* A roster to the participant with this key under this name. */
static void fold_roster(enum slot_name name, const uint8_t *key)
{
    (void)sealing_entry(&story->sealing, KIND_ROSTER, STORY_FACILITATOR, 0);
    sealing_lock_member(&story->sealing, STORY_PARTICIPANT, name, 0, key);
    fold(sealing_seal(&story->sealing, no_body, STORY_FACILITATOR));
}

static void wrong_epoch_keys_are_named_and_not_kept(void **state)
{
    const struct sealing *sealing;

    (void)state;
    make_ring(STORY_PARTICIPANT);
    (void)fold_until("confirm");
    keyring_destroy(ring);
    make_ring(STORY_PARTICIPANT);
    sealing = &story->sealing;
    story->sealing.epoch = 1;

    fold_roster(NAME_GROUP, sealing->k[2]);
    assert_int_equal(change.wrong, 1);
    assert_int_equal(change.wrong_name, NAME_GROUP);
    assert_false(change.epoch_key);
    assert_null(keyring_group(ring, 1));
    fold_roster(NAME_FACILITATOR, sealing->f[2]);
    assert_int_equal(change.wrong_name, NAME_FACILITATOR);
    fold_roster(NAME_FACILITATOR, sealing->k[1]); /* K is no F */
    assert_int_equal(change.wrong_name, NAME_FACILITATOR);
    fold_roster(NAME_GROUP, sealing->f[1]);
    assert_int_equal(change.wrong_name, NAME_GROUP);
    fold_roster(NAME_PREVIOUS_GROUP, sealing->k[1]); /* there was none before the first */
    assert_int_equal(change.wrong_name, NAME_PREVIOUS_GROUP);
    fold_roster(NAME_PREVIOUS_FACILITATOR, sealing->f[1]);
    assert_int_equal(change.wrong_name, NAME_PREVIOUS_FACILITATOR);
    assert_null(keyring_facilitator(ring, 1));
    assert_null(keyring_group(ring, 1));

    fold_roster(NAME_GROUP, sealing->k[1]);
    assert_int_equal(change.wrong, 0);
    assert_true(change.epoch_key);
    fold_roster(NAME_GROUP, sealing->k[2]); /* also when the right one is held */
    assert_int_equal(change.wrong, 1);
    assert_memory_equal(keyring_group(ring, 1), sealing->k[1], KEY_BYTES);
}

static void wrong_previous_keys_are_named(void **state)
{
    struct sealing *sealing;

    (void)state;
    make_ring(STORY_RECOVERED);
    (void)fold_until("purge");
    sealing = &story->sealing;
    sealing->epoch = 2;
    fold_roster(NAME_PREVIOUS_GROUP, sealing->k[1]);
    assert_int_equal(change.wrong, 0); /* not ours */
    (void)sealing_entry(sealing, KIND_ROSTER, STORY_RECOVERED, 0);
    sealing_lock_group(sealing, 2, NAME_PREVIOUS_GROUP, 0, sealing->k[2]);
    sealing_lock_facilitator(sealing, 2, NAME_PREVIOUS_FACILITATOR, 0, sealing->f[2]);
    fold(sealing_seal(sealing, no_body, STORY_RECOVERED));
    assert_int_equal(change.wrong, 2);
    assert_int_equal(change.wrong_name, NAME_PREVIOUS_GROUP);
}

static void fold_reveal(enum slot_name name, uint32_t name_n, const uint8_t *key)
{
    (void)sealing_entry(&story->sealing, KIND_REVEAL, STORY_FACILITATOR, 0);
    sealing_lock_group(&story->sealing, 1, name, name_n, key);
    fold(sealing_seal(&story->sealing, no_body, STORY_FACILITATOR));
}

static void wrong_text_and_step_keys_are_named_and_not_kept(void **state)
{
    const uint8_t *text_key;
    const uint8_t *other_key;

    (void)state;
    make_ring(STORY_OBSERVER);
    (void)fold_until("step");
    story->sealing.epoch = 1;
    text_key = story_find(story, "text")->content_key;
    other_key = story_find(story, "script")->content_key;

    fold_reveal(NAME_TEXT, 1, other_key);
    assert_int_equal(change.wrong, 1);
    assert_int_equal(change.wrong_name, NAME_TEXT);
    assert_null(keyring_text(ring, 1));
    fold_reveal(NAME_TEXT, 2, text_key); /* no such text yet */
    assert_int_equal(change.wrong_name, NAME_TEXT);
    fold_reveal(NAME_TEXT, 4000, text_key);
    assert_int_equal(change.wrong_name, NAME_TEXT);
    fold_reveal(NAME_TEXT, 1, text_key);
    assert_int_equal(change.wrong, 0);
    assert_non_null(keyring_text(ring, 1));

    fold_reveal(NAME_STEP, STORY_STEP, text_key); /* not opened yet */
    assert_int_equal(change.wrong_name, NAME_STEP);
    (void)fold_until("open");
    fold_reveal(NAME_STEP, STORY_STEP, text_key);
    assert_int_equal(change.wrong_name, NAME_STEP);
    assert_null(keyring_step(ring, STORY_STEP));
}

static void a_damaged_box_is_named(void **state)
{
    static uint8_t bytes[2048];
    struct bytes open = story_find(story, "open")->bytes;

    (void)state;
    make_ring(STORY_OBSERVER);
    (void)fold_until("step");
    memcpy(bytes, open.data, open.count);
    assert_int_equal(entry_decode((struct bytes){bytes, open.count}, &decoded), STATUS_OK);
    bytes[decoded.slots[0].box - bytes] ^= 1;
    fold((struct bytes){bytes, open.count});
    assert_int_equal(change.wrong, 1);
    assert_int_equal(change.wrong_name, NAME_TEXT);
    assert_null(keyring_text(ring, 1));
}

static void a_wrong_content_key_is_told_from_a_closed_body(void **state)
{
    struct sealing *sealing = &story->sealing;
    uint8_t key[KEY_BYTES];
    struct bytes plaintext = {(const uint8_t *)"x", 1};

    (void)state;
    make_ring(STORY_PARTICIPANT);
    (void)fold_until("confirm");
    sealing->epoch = 1;
    (void)sealing_entry(sealing, KIND_NOTE, STORY_FACILITATOR, STORY_STEP);
    sealing_lock_group(sealing, 1, NAME_CONTENT, 0, sealing->f[2]); /* not the content key */
    fold(sealing_seal(sealing, plaintext, STORY_FACILITATOR));
    assert_int_equal(keyring_content(ring, &session, &decoded, key), STATUS_CRYPTO);

    sealing_lock_member(sealing, STORY_PARTICIPANT, NAME_CONTENT, 0,
                        NULL); /* a second, right */
    fold(sealing_seal(sealing, plaintext, STORY_FACILITATOR));
    assert_int_equal(keyring_content(ring, &session, &decoded, key), STATUS_OK);
    assert_memory_equal(key, sealing->sealed->content_key, KEY_BYTES);
}

/* The rules refuse a second text with a number; a ring is not led astray by one either. */
static void the_first_text_with_a_number_stands(void **state)
{
    struct sealing *sealing = &story->sealing;
    uint8_t key[KEY_BYTES];

    (void)state;
    make_ring(STORY_FACILITATOR);
    (void)fold_until("invite");
    sealing->epoch = 1;
    sealing_entry(sealing, KIND_TEXT, STORY_FACILITATOR, 0)->args.text = 1;
    sealing_lock_facilitator(sealing, 1, NAME_CONTENT, 0, NULL);
    fold(sealing_seal(sealing, (struct bytes){(const uint8_t *)"x", 1}, STORY_FACILITATOR));
    assert_int_equal(change.wrong_name, NAME_CONTENT);
    assert_memory_equal(keyring_text(ring, 1), story_find(story, "text")->content_key,
                        KEY_BYTES);
    assert_int_equal(keyring_content(ring, &session, &decoded, key), STATUS_OK);
    assert_memory_equal(key, sealing->sealed->content_key, KEY_BYTES);
}

static void a_step_key_that_is_not_from_f_is_noticed(void **state)
{
    struct sealing *sealing = &story->sealing;

    (void)state;
    make_ring(STORY_FACILITATOR);
    (void)fold_until("confirm");
    sealing->epoch = 1;
    for (int who = 0; who < 2; who++) {
        struct args_open *args =
            &sealing_entry(sealing, KIND_OPEN, STORY_FACILITATOR, 4)->args.open;

        args->has_key = true;
        memcpy(args->step_key, sealing->seats[5].keys.box, KEY_BYTES);
        fold(sealing_seal(sealing, no_body, STORY_FACILITATOR));
        assert_int_equal(change.wrong_step_key, who == 0);
        keyring_destroy(ring);
        make_ring(STORY_PARTICIPANT); /* who has no F cannot tell, and does not */
    }
}

static void many_keys_find_room(void **state)
{
    struct sealing *sealing = &story->sealing;

    (void)state;
    make_ring(STORY_FACILITATOR);
    (void)fold_until("genesis");
    sealing->epoch = 1;
    for (uint16_t number = 0; number < TEXTS_MAX; number += 13) {
        struct entry *entry = sealing_entry(sealing, KIND_TEXT, STORY_FACILITATOR, 0);

        entry->args.text = number;
        sealing_lock_facilitator(sealing, 1, NAME_CONTENT, 0, NULL);
        fold(sealing_seal(sealing, (struct bytes){(const uint8_t *)"x", 1}, 1));
        assert_memory_equal(keyring_text(ring, number), sealing->sealed->content_key,
                            KEY_BYTES);
    }
    for (uint16_t number = 0; number < TEXTS_MAX; number++) {
        assert_int_equal(keyring_text(ring, number) != NULL, number % 13 == 0);
    }
    for (uint32_t epoch = 1; epoch <= EPOCHS_MAX; epoch++) {
        assert_int_equal(keyring_add_facilitator(ring, epoch, sealing->f[1]), STATUS_OK);
    }
    assert_memory_equal(keyring_facilitator(ring, EPOCHS_MAX), sealing->f[1], KEY_BYTES);
    assert_null(keyring_facilitator(ring, EPOCHS_MAX + 1));
    keyring_destroy(NULL);
}

#define RING_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RING_TEST(a_participant_reads_what_the_group_reads),
        RING_TEST(answers_open_at_their_release),
        RING_TEST(a_facilitator_reads_the_texts_but_no_answers),
        RING_TEST(a_message_reaches_whom_it_is_for),
        RING_TEST(a_late_arrival_reads_history),
        RING_TEST(recovery_opens_everything_from_the_sheet),
        RING_TEST(an_old_sheet_is_not_blamed),
        RING_TEST(without_a_member_number_nothing_is_tried),
        RING_TEST(wrong_epoch_keys_are_named_and_not_kept),
        RING_TEST(wrong_previous_keys_are_named),
        RING_TEST(wrong_text_and_step_keys_are_named_and_not_kept),
        RING_TEST(a_damaged_box_is_named),
        RING_TEST(a_wrong_content_key_is_told_from_a_closed_body),
        RING_TEST(the_first_text_with_a_number_stands),
        RING_TEST(a_step_key_that_is_not_from_f_is_noticed),
        RING_TEST(many_keys_find_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

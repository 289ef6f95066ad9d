/* What is written, and what becomes of it: hub.h rules 1 to 4, answers, release, purge. Who
 * comes and goes stands in hub_attach_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/rig_cast.h"

static void write_answer(struct person *person, uint32_t edit, const char *text)
{
    draft_answer(&person->draft, &person->side, RIG_QUESTION, edit, rig_text(text),
                 &rig.entropy);
}

static void write_park(struct person *person)
{
    draft_written(&person->draft, &person->side, KIND_PARK, 0, rig_text("later"), &rig.entropy);
}

static uint32_t append(struct person *person)
{
    return person_append(person, draft_bytes(&person->draft));
}

static void close_question(void)
{
    draft_pace(&host->draft, &host->side, VERB_CLOSE, RIG_QUESTION, 0, &rig.entropy);
    person_must(host);
}

/* ---- rules 1 to 3 ---- */

static void nobody_hears_of_an_entry_before_it_is_stored(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    write_park(anna);
    id = append(anna);
    hub_room(rig.hub, bram->connection, rig.now_ms);
    assert_int_equal(person_answer(anna, id), STATUS_TIMEOUT);
    assert_int_equal(rig.sent_count, 0);
    rig_store(&rig, STATUS_OK);
    assert_int_equal(person_answer(anna, id), STATUS_OK);
    assert_int_equal(person_fold(bram), 1);
    assert_int_equal(person_fold(anna), 1);
}

static void what_comes_meanwhile_waits_and_goes_together(void **state)
{
    uint32_t batches = 0;
    uint32_t ids[2] = {0};

    (void)state;
    rig_meet(&rig);
    batches = rig.batch_count;
    write_park(anna);
    (void)append(anna);
    write_park(bram);
    ids[0] = append(bram);
    write_park(observer);
    ids[1] = append(observer);
    assert_int_equal(rig.batch_count, batches + 1);
    assert_int_equal(rig.batch->count, 1);
    rig_store(&rig, STATUS_OK);
    assert_int_equal(rig.batch_count, batches + 2);
    assert_int_equal(rig.batch->count, 2);
    assert_int_equal(person_answer(bram, ids[0]), STATUS_TIMEOUT);
    rig_store(&rig, STATUS_OK);
    assert_int_equal(person_answer(bram, ids[0]), STATUS_OK);
    assert_int_equal(person_answer(observer, ids[1]), STATUS_OK);
    assert_int_equal(person_fold(host), 3);
}

/* An answer behind a close is refused, but only once the close is sure. */
static void refusals_wait_for_what_they_rest_on(void **state)
{
    uint32_t first = 0;
    uint32_t refused = 0;

    (void)state;
    rig_meet(&rig);
    write_park(bram);
    (void)append(bram);
    draft_pace(&host->draft, &host->side, VERB_CLOSE, RIG_QUESTION, 0, &rig.entropy);
    first = append(host);
    write_answer(anna, 1, "late");
    refused = append(anna);
    rig_store(&rig, STATUS_OK);
    assert_int_equal(person_answer(anna, refused), STATUS_TIMEOUT);
    rig_store(&rig, STATUS_NO_SPACE);
    assert_int_equal(person_answer(host, first), STATUS_NO_SPACE);
    assert_int_equal(person_answer(anna, refused), STATUS_NO_SPACE);
    rig_settle(&rig);
    refused = append(anna); /* nothing was closed */
    rig_settle(&rig);
    assert_int_equal(person_answer(anna, refused), STATUS_OK);
}

static void a_failed_batch_changes_nothing(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    rig_answer(&rig, 2, 1, "first");
    write_answer(anna, 2, "second");
    id = append(anna);
    rig_store(&rig, STATUS_NO_SPACE);
    assert_int_equal(person_answer(anna, id), STATUS_NO_SPACE);
    assert_true(rig.loads);

    /* read back: the first edit stands, and the second may come again as it was */
    id = append(anna);
    assert_int_equal(person_answer(anna, id), STATUS_TIMEOUT);
    rig_settle(&rig);
    assert_int_equal(person_answer(anna, id), STATUS_OK);
    rig_forget_sent(&rig);
    write_park(bram);
    (void)append(bram);
    rig_settle(&rig);
    assert_int_equal(person_fold(anna), 1); /* connections and cursors stayed */
}

static void what_comes_again_is_told_where_it_is(void **state)
{
    struct message_appended first;
    struct message_appended again;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    write_park(anna);
    id = append(anna);
    rig_settle(&rig);
    assert_int_equal(person_appended(anna, id, &first), STATUS_OK);
    rig_restart(&rig); /* the answer got lost */
    person_connect(anna);
    (void)person_attach(anna);
    id = append(anna);
    rig_settle(&rig);
    assert_int_equal(person_appended(anna, id, &again), STATUS_OK);
    assert_int_equal(again.index, first.index);
    assert_int_equal(again.time_ms, first.time_ms);
    assert_memory_equal(again.hash, first.hash, HASH_BYTES);
    assert_int_equal(memory_store_head(&rig.store, rig.session, 0), first.index);
}

static void nobody_takes_an_id_of_somebody_else(void **state)
{
    static uint8_t id[ID_BYTES];
    static const uint16_t to_anna[] = {3};
    uint32_t request = 0;

    (void)state;
    rig_meet(&rig);
    draft_message(&observer->draft, &observer->side, to_anna, 1, rig_text("psst"),
                  &rig.entropy);
    memcpy(id, observer->draft.entry.id, ID_BYTES);
    person_must(observer);
    /* its recipient knows the id, and writes something else under it */
    write_park(anna);
    memcpy(anna->draft.entry.id, id, ID_BYTES);
    assert_int_equal(entry_seal(&anna->draft.entry, &(struct bytes){.data = id, .count = 1},
                                anna->draft.slots, anna->draft.slot_count, &anna->side.seat,
                                &rig.entropy, &anna->draft.sealed),
                     STATUS_OK);
    request = append(anna);
    rig_settle(&rig);
    assert_int_equal(person_answer(anna, request), STATUS_DUPLICATE);
}

static void nobody_writes_in_the_name_of_another(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    write_park(anna);
    id = person_append(bram, draft_bytes(&anna->draft));
    rig_settle(&rig);
    assert_int_equal(person_answer(bram, id), STATUS_FORBIDDEN);
    id = person_append(bram, rig_text("no entry at all"));
    rig_settle(&rig);
    assert_int_equal(person_answer(bram, id), STATUS_MALFORMED);
}

/* ---- own streams ---- */

static void a_message_goes_to_two_and_leaves_no_trace_elsewhere(void **state)
{
    static const uint16_t to_anna[] = {3};
    struct message_appended appended;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    draft_message(&observer->draft, &observer->side, to_anna, 1, rig_text("well said"),
                  &rig.entropy);
    id = append(observer);
    rig_settle(&rig);
    assert_int_equal(person_appended(observer, id, &appended), STATUS_OK);
    assert_int_equal(appended.stream, STREAM_OWN);
    assert_int_equal(appended.index, 1);
    assert_int_equal(person_fold(anna), 1);
    assert_int_equal(side_own_index(&anna->side), 1);
    assert_int_equal(person_fold(observer), 1);
    assert_int_equal(person_fold(bram), 0);
    assert_int_equal(person_fold(host), 0);

    id = append(observer); /* again: told where it stands in the author's own */
    rig_settle(&rig);
    assert_int_equal(person_appended(observer, id, &appended), STATUS_OK);
    assert_int_equal(appended.index, 1);
}

static void each_of_many_messages_is_known_again(void **state)
{
    enum { MESSAGES = 12 };

    static const uint16_t to_anna[] = {3};
    static struct sealed sealed[MESSAGES];
    struct message_appended appended;

    (void)state;
    rig_meet(&rig);
    for (size_t i = 0; i < MESSAGES; i++) {
        draft_message(&observer->draft, &observer->side, to_anna, 1, rig_text("one of many"),
                      &rig.entropy);
        sealed[i] = observer->draft.sealed;
        person_must(observer);
    }
    for (size_t i = 0; i < MESSAGES; i++) {
        struct bytes bytes = {.data = sealed[i].bytes, .count = sealed[i].count};
        uint32_t id = person_append(observer, bytes);

        rig_settle(&rig);
        assert_int_equal(person_appended(observer, id, &appended), STATUS_OK);
        assert_int_equal(appended.index, i + 1);
    }
}

/* ---- answers ---- */

static void an_answer_waits_and_only_its_author_gets_it(void **state)
{
    struct message_appended appended;
    struct message_attached attached;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    write_answer(anna, 1, "mine");
    id = append(anna);
    rig_settle(&rig);
    assert_int_equal(person_appended(anna, id, &appended), STATUS_OK);
    assert_int_equal(appended.stream, STREAM_WAITING);
    assert_int_equal(appended.index, 0);
    for (size_t n = 0; n < 4; n++) {
        assert_int_equal(person_fold(&rig.people[n]), 0);
    }
    for (size_t n = 0; n < 4; n++) {
        person_leave(&rig.people[n]);
        person_connect(&rig.people[n]);
        id = person_attach(&rig.people[n]);
        assert_int_equal(person_attached(&rig.people[n], id, &attached), STATUS_OK);
        assert_int_equal(attached.waiting, n == 2 ? 1 : 0);
        assert_int_equal(person_fold(&rig.people[n]), n == 2 ? 1 : 0);
    }
}

static void edits_go_up(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    rig_answer(&rig, 2, 2, "second");
    write_answer(anna, 2, "again");
    id = append(anna);
    rig_settle(&rig);
    assert_int_equal(person_answer(anna, id), STATUS_CONFLICT);
    write_answer(anna, 3, "third");
    id = append(anna);
    rig_settle(&rig);
    assert_int_equal(person_answer(anna, id), STATUS_OK);
}

static struct message_digest ask_digest(void)
{
    struct message_digest digest = {.count = 999};
    struct rig_message *sent = NULL;
    struct message message;
    uint32_t id = person_digest(host, RIG_QUESTION);

    rig_settle(&rig);
    assert_int_equal(person_answer(host, id), STATUS_OK);
    sent = &rig.sent[rig.sent_count - 1];
    assert_int_equal(
        message_decode((struct bytes){.data = sent->data, .count = sent->count}, &message),
        STATUS_OK);
    assert_int_equal(message_digest_decode(message.body, &digest), STATUS_OK);
    return digest;
}

static void a_release_needs_the_digest_and_brings_all_answers(void **state)
{
    struct message_digest digest;
    uint32_t id = 0;
    uint64_t index = 0;

    (void)state;
    rig_meet(&rig);
    rig_answer(&rig, 2, 1, "anna's");
    rig_answer(&rig, 3, 1, "bram's");
    close_question();
    digest = ask_digest();
    assert_int_equal(digest.count, 2);
    digest.digest[0] ^= 1;
    draft_release(&host->draft, &host->side, RIG_QUESTION, 2, digest.digest, &rig.entropy);
    id = append(host);
    rig_settle(&rig);
    assert_int_equal(person_answer(host, id), STATUS_CONFLICT);

    digest.digest[0] ^= 1;
    draft_release(&host->draft, &host->side, RIG_QUESTION, 2, digest.digest, &rig.entropy);
    index = memory_store_head(&rig.store, rig.session, 0);
    id = append(host);
    assert_int_equal(rig.batch->count, 4); /* release, two answers, ROW_RELEASED: all or none */
    rig_store(&rig, STATUS_OK);
    assert_int_equal(person_answer(host, id), STATUS_OK);
    assert_int_equal(person_fold(bram), 3); /* and it folds: count, order, digest, times */
    assert_true(memcmp(memory_store_find(&rig.store, rig.session, 0, index + 2)->id,
                       memory_store_find(&rig.store, rig.session, 0, index + 3)->id,
                       ID_BYTES) < 0);
    assert_null(memory_store_place(&rig.store, rig.session, ROW_WAITING, RIG_QUESTION, 3));
}

static void a_release_waits_for_a_batch_of_its_own(void **state)
{
    struct message_digest digest;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    close_question();
    digest = ask_digest();
    write_park(anna);
    (void)append(anna);
    write_park(bram);
    (void)append(bram);
    draft_release(&host->draft, &host->side, RIG_QUESTION, 0, digest.digest, &rig.entropy);
    id = append(host);
    rig_store(&rig, STATUS_OK);
    assert_int_equal(rig.batch->count, 1); /* bram's */
    rig_store(&rig, STATUS_OK);
    assert_int_equal(rig.batch->count, 2); /* the release, and that nothing waits any more */
    rig_store(&rig, STATUS_OK);
    assert_int_equal(person_answer(host, id), STATUS_OK);
}

static void only_facilitators_ask_for_digests_and_of_closed_steps(void **state)
{
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    id = person_digest(host, RIG_QUESTION);
    assert_int_equal(person_answer(host, id), STATUS_BAD_STATE);
    id = person_digest(host, 77);
    assert_int_equal(person_answer(host, id), STATUS_UNKNOWN);
    close_question();
    id = person_digest(anna, RIG_QUESTION);
    assert_int_equal(person_answer(anna, id), STATUS_FORBIDDEN);
}

static void the_end_deletes_what_was_not_released(void **state)
{
    (void)state;
    rig_meet(&rig);
    rig_answer(&rig, 2, 1, "never shared");
    assert_non_null(memory_store_place(&rig.store, rig.session, ROW_WAITING, RIG_QUESTION, 3));
    draft_pace(&host->draft, &host->side, VERB_END, 0, 0, &rig.entropy);
    person_must(host);
    assert_null(memory_store_place(&rig.store, rig.session, ROW_WAITING, RIG_QUESTION, 3));
}

/* ---- the end of it all ---- */

static void a_purge_reaches_everybody_and_whoever_comes_later(void **state)
{
    uint32_t connection = 0;
    uint32_t id = 0;

    (void)state;
    rig_meet(&rig);
    draft_purge(&host->draft, &host->side, &rig.entropy);
    (void)append(host);
    connection = anna->connection;
    rig_settle(&rig);
    assert_int_equal(person_told_count(anna, MESSAGE_ITEM), 1);
    assert_true(rig.is_closed[connection]);
    assert_int_equal(rig.closed_why[connection], STATUS_PURGED);
    assert_true(rig.is_closed[host->connection]);

    rig_restart(&rig);
    person_connect(bram);
    id = person_attach(bram);
    rig_settle(&rig);
    assert_int_equal(person_told_count(bram, MESSAGE_ITEM), 1);
    assert_int_equal(person_answer(bram, id), STATUS_PURGED);
}

static void a_session_goes_at_its_date(void **state)
{
    (void)state;
    rig_meet(&rig);
    rig_wait(&rig, 89ULL * 24 * 3600 * 1000);
    assert_null(rig.batch);
    rig_wait(&rig, 24ULL * 3600 * 1000);
    assert_int_equal(rig.batch->rows[0].kind, ROW_PURGED);
    assert_int_equal(rig.batch->rows[0].bytes.count, 0);
    rig_settle(&rig);
    assert_int_equal(rig.closed_why[anna->connection], STATUS_PURGED);
    assert_int_equal(person_told_count(anna, MESSAGE_ITEM), 0); /* nobody signed anything */
}

static void an_unfinished_session_goes_after_a_day(void **state)
{
    (void)state;
    rig_create(&rig);
    assert_int_equal(rig.store.sessions[0].gone_by_ms, RIG_START_MS + 86400000);
    rig_wait(&rig, 86400000 - 1);
    assert_null(rig.batch);
    rig_wait(&rig, 1);
    assert_int_equal(rig.batch->rows[0].kind, ROW_PURGED);
}

static void with_its_last_text_a_session_is_kept(void **state)
{
    (void)state;
    rig_found(&rig);
    assert_int_equal(rig.store.sessions[0].gone_by_ms, RIG_START_MS + 90ULL * 86400000);
    rig_wait(&rig, 86400000);
    assert_null(rig.batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENARIO(nobody_hears_of_an_entry_before_it_is_stored),
        SCENARIO(what_comes_meanwhile_waits_and_goes_together),
        SCENARIO(refusals_wait_for_what_they_rest_on),
        SCENARIO(a_failed_batch_changes_nothing),
        SCENARIO(what_comes_again_is_told_where_it_is),
        SCENARIO(nobody_takes_an_id_of_somebody_else),
        SCENARIO(nobody_writes_in_the_name_of_another),
        SCENARIO(a_message_goes_to_two_and_leaves_no_trace_elsewhere),
        SCENARIO(each_of_many_messages_is_known_again),
        SCENARIO(an_answer_waits_and_only_its_author_gets_it),
        SCENARIO(edits_go_up),
        SCENARIO(a_release_needs_the_digest_and_brings_all_answers),
        SCENARIO(a_release_waits_for_a_batch_of_its_own),
        SCENARIO(only_facilitators_ask_for_digests_and_of_closed_steps),
        SCENARIO(the_end_deletes_what_was_not_released),
        SCENARIO(a_purge_reaches_everybody_and_whoever_comes_later),
        SCENARIO(a_session_goes_at_its_date),
        SCENARIO(an_unfinished_session_goes_after_a_day),
        SCENARIO(with_its_last_text_a_session_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

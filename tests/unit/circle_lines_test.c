/* A small session on lines that break, with a server that crashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/message.h"
#include "protocol/methods.h"
#include "tests/support/small.h"

/* ---- lines that break ---- */

static void an_answer_typed_offline_is_kept_and_sent(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    circle_disconnect(bram);
    small_say(bram, QUESTION, "typed in the TRAIN", "", 0);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_WAITING);
    circle_kill(bram);
    circle_reopen(bram);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_WAITING);
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_SAVED);
    small_release(circle, QUESTION);
    assert_true(circle_knows(&circle->people[AYSE], "TRAIN"));
    small_end(circle);
}

static void too_late_is_not_sent_and_not_lost(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    circle_disconnect(bram);
    small_say(bram, QUESTION, "too late", "", 0);
    small_release(circle, QUESTION);
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_NOT_SENT);
    assert_string_equal(small_step(bram, QUESTION)->own[0].fields[0], "too late");
    assert_string_not_equal(small_step(bram, QUESTION)->own[0].reason, "");
    assert_int_equal(circle_told(bram, NEWS_FAULT), 0);
    small_end(circle);
}

static void what_closed_too_early_is_sent_when_it_opens_again(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    circle_disconnect(bram);
    small_say(bram, QUESTION, "early", "", 0);
    assert_int_equal(member_close_step(circle->people[FATMA].member, QUESTION), STATUS_OK);
    circle_run(circle);
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_NOT_SENT);
    small_open(circle, QUESTION);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_SAVED);
    small_end(circle);
}

static void a_pause_makes_answers_wait(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    assert_int_equal(member_pause(circle->people[FATMA].member), STATUS_OK);
    circle_run(circle);
    small_say(bram, QUESTION, "patience", "", 0);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_WAITING);
    assert_int_equal(member_resume(circle->people[FATMA].member), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(bram, QUESTION)->own[0].state, ANSWER_SAVED);
    small_end(circle);
}

static void nothing_acknowledged_is_lost_when_the_server_crashes(void **state)
{
    struct circle *circle = small_begin();

    (void)state;
    small_open(circle, QUESTION);
    for (int round = 0; round < 10; round++) {
        char text[16];

        (void)snprintf(text, sizeof text, "edit %d", round);
        circle->holds_batches = round % 2 == 1; /* it crashes with a batch in its hands */
        small_say(&circle->people[BRAM], QUESTION, text, "", 0);
        circle_run(circle);
        circle->holds_batches = false;
        circle_restart_server(circle);
        for (size_t i = FATMA; i <= AYSE; i++) {
            circle_connect(&circle->people[i]);
        }
        circle_run(circle);
        assert_int_equal(small_step(&circle->people[BRAM], QUESTION)->own[0].state,
                         ANSWER_SAVED);
    }
    small_release(circle, QUESTION);
    assert_int_equal(small_step(&circle->people[AYSE], QUESTION)->answer_count, 1);
    assert_string_equal(small_step(&circle->people[AYSE], QUESTION)->answers[0].fields[0],
                        "edit 9");
    small_end(circle);
}

static void who_comes_late_gets_what_was_shown_and_no_more(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *joris = NULL;

    (void)state;
    small_open(circle, READ);
    small_open(circle, QUESTION);
    small_say(&circle->people[BRAM], QUESTION, "SHAREDWORD", "", 0);
    circle_run(circle);
    small_release(circle, QUESTION);
    small_open(circle, CHOICE);
    small_say(&circle->people[BRAM], CHOICE, "HIDDENWORD", NULL, 1);
    assert_int_equal(member_message(circle->people[OLGA].member, (uint16_t[]){1}, 1, "PRIVATE"),
                     STATUS_OK);
    circle_run(circle);
    joris = circle_join(circle, JORIS, 2, "Joris");
    circle_connect(joris);
    circle_run(circle);
    assert_true(circle_knows(joris, "SKETCH"));
    assert_true(circle_knows(joris, "SHAREDWORD"));
    assert_false(circle_knows(joris, "HIDDENWORD"));
    assert_false(circle_knows(joris, "PRIVATE"));
    assert_false(circle_knows(joris, "EXPLANATION"));
    assert_int_equal(small_step(joris, QUESTION)->answer_count, 1);
    assert_int_equal(circle_model(joris)->here, CHOICE);
    small_end(circle);
}

/* ---- a server that lies or forgot ---- */

/* Keeps the next entry of the public stream from Bram. */
static bool leave_one_out(struct circle *circle, struct circle_person *person,
                          struct circle_message *sent)
{
    struct message message;

    if (person != &circle->people[BRAM] ||
        message_decode((struct bytes){sent->bytes, sent->count}, &message) != STATUS_OK ||
        message.method != MESSAGE_ITEM) {
        return true;
    }
    circle->tamper = NULL;
    return false;
}

/* The server has it and said so, and the process ends before it comes back in the log. */
static void what_was_acknowledged_is_watched_until_it_appears(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    assert_int_equal(member_park(bram->member, 0, "said once"), STATUS_OK);
    circle->tamper = leave_one_out;
    circle_run(circle);
    assert_false(member_is_settled(bram->member));
    circle_kill(bram);
    circle_reopen(bram);
    assert_int_equal(circle_model(bram)->park_count, 0);
    assert_int_equal(circle_model(bram)->outgoing_count, 1);
    circle_connect(bram);
    circle_run(circle);
    assert_true(member_is_settled(bram->member));
    assert_int_equal(circle_model(bram)->park_count, 1);
    assert_int_equal(circle_model(&circle->people[AYSE])->park_count, 1);
    circle_kill(bram);
    circle_reopen(bram);
    assert_int_equal(circle_model(bram)->outgoing_count, 0);
    small_end(circle);
}

static void a_lie_is_told_once_and_ends_the_writing(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct content_answer answer = small_answer("mine", "", 0);

    (void)state;
    small_open(circle, QUESTION);
    circle->tamper = leave_one_out;
    assert_int_equal(member_park(circle->people[AYSE].member, 0, "left out"), STATUS_OK);
    assert_int_equal(member_park(circle->people[AYSE].member, 0, "and then"), STATUS_OK);
    circle_run(circle);
    assert_int_equal(circle_told(bram, NEWS_FAULT), 1);
    assert_int_equal(replica_trouble(member_replica(bram->member))->fault, REPLICA_GAP);
    assert_false(circle_model(bram)->may_write);
    assert_string_not_equal(circle_model(bram)->fault, "");
    assert_int_equal(member_answer(bram->member, QUESTION, 0, &answer), STATUS_CONFLICT);
    assert_int_equal(member_park(bram->member, 0, "no"), STATUS_CONFLICT);
    assert_true(small_step(bram, QUESTION)->shown); /* what was there can still be read */
    assert_int_equal(circle_told(&circle->people[AYSE], NEWS_FAULT), 0);
    small_end(circle);
}

/* Turns a bit of the answer that waits, when Bram is shown it. */
static bool forge_waiting(struct circle *circle, struct circle_person *person,
                          struct circle_message *sent)
{
    struct message message;
    struct message_item item;

    if (person == &circle->people[BRAM] &&
        message_decode((struct bytes){sent->bytes, sent->count}, &message) == STATUS_OK &&
        message.kind == MESSAGE_NOTIFICATION && message.method == MESSAGE_ITEM &&
        message_item_decode(message.body, &item) == STATUS_OK &&
        item.stream == STREAM_WAITING) {
        sent->bytes[item.entry.data - sent->bytes + (ptrdiff_t)item.entry.count - 1] ^= 1;
        circle->tamper = NULL;
    }
    return true;
}

/* Its bytes need none but public keys: without looking at the signature a server could put
 * words into the author's own mouth. */
static void an_answer_that_waits_and_is_not_ours_is_a_lie(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    small_say(bram, QUESTION, "mine", "", 0);
    circle_run(circle);
    circle_disconnect(bram);
    circle->tamper = forge_waiting;
    circle_connect(bram);
    circle_run(circle);
    assert_null(circle->tamper);
    assert_int_equal(replica_trouble(member_replica(bram->member))->fault, REPLICA_FORGED);
    assert_int_equal(circle_told(bram, NEWS_FAULT), 1);
    assert_false(circle_model(bram)->caught_up);
    assert_int_equal(member_park(bram->member, 0, "no"), STATUS_CONFLICT);
    small_end(circle);
}

static void a_server_put_back_from_a_backup_is_noticed(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct memory_session *session = NULL;
    uint64_t held = 0;

    (void)state;
    small_open(circle, QUESTION);
    held = replica_count(member_replica(bram->member), STREAM_PUBLIC);
    session = &circle->store.sessions[0];
    while (session->rows[session->count - 1].kind != ROW_PUBLIC ||
           session->rows[session->count - 1].index >= held - 1) {
        free((void *)session->rows[--session->count].bytes.data);
    }
    circle_restart_server(circle);
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(replica_trouble(member_replica(bram->member))->fault, REPLICA_BEHIND);
    assert_int_equal(replica_trouble(member_replica(bram->member))->lost, 2);
    assert_int_equal(circle_told(bram, NEWS_FAULT), 1);
    assert_int_equal(member_park(bram->member, 0, "no"), STATUS_CONFLICT);
    small_end(circle);
}

/* Somebody else's server, or the same with another past: a fork before what we hold. */
static void another_past_is_found_by_comparing(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];
    struct memory_session *session = &circle->store.sessions[0];
    struct row *rows = session->rows;
    uint64_t last = 0;

    (void)state;
    small_open(circle, QUESTION);
    circle_disconnect(bram);
    rows = session->rows;
    for (size_t i = 0; i < session->count; i++) {
        if (rows[i].kind == ROW_PUBLIC && rows[i].index > last) {
            last = rows[i].index;
        }
    }
    for (size_t i = 0; i < session->count; i++) {
        if (rows[i].kind == ROW_PUBLIC && rows[i].index == last) {
            rows[i].time_ms += 5; /* the same entry at another time: another chain */
        }
    }
    circle_restart_server(circle);
    circle_connect(bram);
    circle_run(circle);
    assert_int_equal(replica_trouble(member_replica(bram->member))->fault, REPLICA_FORK);
    assert_int_equal(circle_told(bram, NEWS_FAULT), 1);
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_typed_offline_is_kept_and_sent),
        cmocka_unit_test(too_late_is_not_sent_and_not_lost),
        cmocka_unit_test(what_closed_too_early_is_sent_when_it_opens_again),
        cmocka_unit_test(a_pause_makes_answers_wait),
        cmocka_unit_test(nothing_acknowledged_is_lost_when_the_server_crashes),
        cmocka_unit_test(who_comes_late_gets_what_was_shown_and_no_more),
        cmocka_unit_test(what_was_acknowledged_is_watched_until_it_appears),
        cmocka_unit_test(a_lie_is_told_once_and_ends_the_writing),
        cmocka_unit_test(an_answer_that_waits_and_is_not_ours_is_a_lie),
        cmocka_unit_test(a_server_put_back_from_a_backup_is_noticed),
        cmocka_unit_test(another_past_is_found_by_comparing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

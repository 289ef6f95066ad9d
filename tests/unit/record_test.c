/* What comes back from a store: the same session, or a clear no. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/record.h"
#include "tests/support/rig.h"

static struct rig rig;
static struct row *rows;
static size_t count;

/* A session with something of everything, as its store gives it back. */
static int set_up(void **state)
{
    static const uint16_t to_anna[] = {3};
    struct person *observer = &rig.people[1];

    (void)state;
    rig_begin(&rig);
    observer = &rig.people[1];
    rig_meet(&rig);
    rig_answer(&rig, 2, 1, "an answer");
    draft_message(&observer->draft, &observer->side, to_anna, 1, rig_text("a message"),
                  &rig.entropy);
    person_must(observer);
    (void)person_mark(&rig.people[2], MESSAGE_DONE, RIG_QUESTION, true);
    rig_settle(&rig);
    return memory_store_load(&rig.store, rig.session, &rows, &count) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(rows);
    rig_end(&rig);
    return 0;
}

static enum status load(void)
{
    struct record *record = NULL;
    enum status status = record_load(rig.session, rows, count, &record);

    record_destroy(record);
    return status;
}

static size_t first_of(enum row_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].kind == kind) {
            return i;
        }
    }
    fail_msg("no such row");
    return 0;
}

static void what_was_stored_comes_back(void **state)
{
    struct record *record = NULL;
    struct log *own = NULL;

    (void)state;
    assert_int_equal(record_load(rig.session, rows, count, &record), STATUS_OK);
    assert_int_equal(record->public_log.durable, memory_store_head(&rig.store, rig.session, 0));
    assert_int_equal(record_own_log(record, 3, &own), STATUS_OK);
    assert_int_equal(own->durable, 1);
    assert_int_equal(record->waiting.count, 1);
    assert_true(record_is_done(record, 3, RIG_QUESTION));
    assert_false(record_is_done(record, 4, RIG_QUESTION));
    assert_true(record_is_facilitator(record, 1));
    assert_int_equal(record_member_state(record, 4), MEMBER_ADMITTED);
    assert_int_equal(record_member_state(record, 5), MEMBER_NONE);
    assert_int_equal(record->quota.entries, count - 1); /* all but the mark */
    record_destroy(record);
}

static void a_row_that_is_missing_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < memory_store_head(&rig.store, rig.session, 0); i++) {
        struct row left_out = rows[i];

        memmove(&rows[i], &rows[i + 1], (count - i - 1) * sizeof *rows);
        count--;
        assert_int_equal(load(), STATUS_MALFORMED);
        memmove(&rows[i + 1], &rows[i], (count - i) * sizeof *rows);
        rows[i] = left_out;
        count++;
    }
    assert_int_equal(load(), STATUS_OK);
    count = 0;
    assert_int_equal(load(), STATUS_MALFORMED);
}

static void rows_of_another_session_are_noticed(void **state)
{
    (void)state;
    rig.session[5] ^= 1;
    assert_int_equal(load(), STATUS_MALFORMED);
}

static void rows_out_of_place_are_noticed(void **state)
{
    size_t own = first_of(ROW_OWN);
    size_t waiting = first_of(ROW_WAITING);
    size_t done = first_of(ROW_DONE);

    (void)state;
    rows[own].member = 0;
    assert_int_equal(load(), STATUS_MALFORMED);
    rows[own].member = MEMBERS_MAX + 1;
    assert_int_equal(load(), STATUS_MALFORMED);
    rows[own].member = 2;
    rows[waiting].member = 77;
    assert_int_equal(load(), STATUS_MALFORMED);
    rows[waiting].member = 3;
    rows[waiting].step = 900;
    assert_int_equal(load(), STATUS_MALFORMED);
    rows[waiting].step = RIG_QUESTION;
    rows[done].step = STEPS_MAX + 1;
    assert_int_equal(load(), STATUS_MALFORMED);
    rows[done].step = RIG_QUESTION;
    assert_int_equal(load(), STATUS_OK);
    rows[done].kind = ROW_RELEASED; /* an order to a store, nothing it gives back */
    assert_int_equal(load(), STATUS_MALFORMED);
    rows[done].kind = (enum row_kind)99;
    assert_int_equal(load(), STATUS_MALFORMED);
}

/* A disk may give anything: never an assert. */
static void bytes_that_changed_are_noticed(void **state)
{
    struct seeded random = {.state = 5};

    (void)state;
    for (size_t i = 0; i < 200; i++) {
        struct row *row = &rows[seeded_below(&random, first_of(ROW_DONE))];
        uint8_t *byte =
            (uint8_t *)(uintptr_t)row->bytes.data + seeded_below(&random, row->bytes.count);
        uint8_t bit = (uint8_t)(1U << seeded_below(&random, 8));
        enum status status = STATUS_OK;

        *byte ^= bit;
        status = load();
        if (row->kind == ROW_PUBLIC) { /* own and waiting rows are read, and not judged */
            assert_int_equal(status, STATUS_MALFORMED);
        }
        *byte ^= bit;
    }
    assert_int_equal(load(), STATUS_OK);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(what_was_stored_comes_back),          CASE(a_row_that_is_missing_is_noticed),
        CASE(rows_of_another_session_are_noticed), CASE(rows_out_of_place_are_noticed),
        CASE(bytes_that_changed_are_noticed),
    };
#undef CASE

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/store_help.h"

enum { MANY = 200 };

static int begin(void **state)
{
    struct store_help *help = malloc(sizeof *help);

    store_help_begin(help);
    *state = help;
    return store_help_open(help, NULL, 0) == STATUS_OK ? 0 : -1;
}

static int end(void **state)
{
    store_help_end(*state);
    free(*state);
    return 0;
}

static void assert_row_text(const struct row *row, const char *text)
{
    assert_int_equal(row->bytes.count, strlen(text));
    assert_memory_equal(row->bytes.data, text, strlen(text));
}

static struct row waiting(uint16_t step, uint16_t member, uint32_t edit, const char *text)
{
    struct row row = {.kind = ROW_WAITING,
                      .step = step,
                      .member = member,
                      .edit = edit,
                      .time_ms = 5000 + edit,
                      .bytes = {.data = (const uint8_t *)text, .count = strlen(text)}};

    bytes_put_u64(row.id, step * 1000000ULL + member * 1000ULL + edit);
    return row;
}

static enum status append_row(struct store_help *help, uint8_t session, struct row row)
{
    struct batch *batch = store_help_batch(session);

    store_help_add(batch, &row);
    return store_help_append(help, batch);
}

static enum status append_entry(struct store_help *help, uint8_t session, uint16_t member,
                                uint64_t index, const char *text)
{
    struct batch *batch = store_help_batch(session);

    store_help_add_entry(batch, member, index, text);
    return store_help_append(help, batch);
}

static void mark_done(struct store_help *help, uint16_t step, uint16_t member, bool done)
{
    struct row row = {.kind = ROW_DONE,
                      .step = step,
                      .member = member,
                      .edit = done ? 1 : 0,
                      .time_ms = 70U + member};

    assert_int_equal(append_row(help, 1, row), STATUS_OK);
}

static void what_was_stored_is_there_after_a_restart(void **state)
{
    struct store_help *help = *state;
    struct store_rows_copy copy;

    assert_int_equal(store_help_append(help, store_help_genesis(1)), STATUS_OK);
    assert_int_equal(append_entry(help, 1, 0, 2, "second"), STATUS_OK);
    assert_int_equal(append_entry(help, 1, 7, 1, "to seven"), STATUS_OK);
    assert_int_equal(append_row(help, 1, waiting(3, 7, 1, "my answer")), STATUS_OK);
    mark_done(help, 3, 7, true);
    mark_done(help, 3, 8, true);
    mark_done(help, 3, 8, false);
    store_help_stop(help);
    assert_int_equal(store_help_open(help, NULL, 0), STATUS_OK);

    store_help_load(help, 1, &copy);
    assert_int_equal(copy.status, STATUS_OK);
    assert_int_equal(copy.count, 5);
    assert_int_equal(copy.rows[0].kind, ROW_PUBLIC);
    assert_int_equal(copy.rows[0].time_ms, 1001);
    assert_row_text(&copy.rows[0], "genesis");
    assert_int_equal(copy.rows[1].index, 2);
    assert_row_text(&copy.rows[1], "second");
    assert_int_equal(copy.rows[2].kind, ROW_OWN);
    assert_int_equal(copy.rows[2].member, 7);
    assert_int_equal(copy.rows[2].index, 1);
    assert_row_text(&copy.rows[2], "to seven");
    assert_int_equal(copy.rows[3].kind, ROW_WAITING);
    assert_int_equal(copy.rows[3].step, 3);
    assert_int_equal(copy.rows[3].edit, 1);
    assert_int_equal(copy.rows[3].time_ms, 5001);
    assert_row_text(&copy.rows[3], "my answer");
    assert_int_equal(copy.rows[4].kind, ROW_DONE);
    assert_int_equal(copy.rows[4].time_ms, 77);
    store_help_forget(&copy);

    store_help_load(help, 2, &copy);
    assert_int_equal(copy.status, STATUS_NOT_FOUND);
    store_help_forget(&copy);
}

static void batches_of_many_sessions_share_a_commit(void **state)
{
    struct store_help *help = *state;
    struct store_answer answer = {0};
    struct store_health before;
    struct store_health after;

    store_health(help->store, &before);
    for (uint8_t i = 0; i < MANY; i++) {
        store_append(help->store, store_help_genesis(i), store_help_appended, &answer);
    }
    store_help_await(help, &answer.come, MANY);
    store_health(help->store, &after);
    assert_int_equal(answer.status, STATUS_OK);
    assert_in_range(after.commits - before.commits, 1, MANY / 4);
    assert_true(after.writable);
    assert_true(after.file_bytes > 0 && after.free_bytes > 0);
    assert_true(after.commit_us_p50 <= after.commit_us_p99);
    assert_true(after.commit_us_p99 <= after.commit_us_max);
}

static void a_refused_batch_takes_no_other_with_it(void **state)
{
    struct store_help *help = *state;
    struct store_answer answers[3] = {{0}};
    struct batch *half = store_help_batch(1);
    struct store_rows_copy copy;

    assert_int_equal(store_help_append(help, store_help_genesis(1)), STATUS_OK);
    store_help_add_entry(half, 0, 2, "not kept");
    store_help_add_entry(half, 0, 4, "a gap");
    store_append(help->store, store_help_genesis(2), store_help_appended, &answers[0]);
    store_append(help->store, half, store_help_appended, &answers[1]);
    store_append(help->store, store_help_genesis(3), store_help_appended, &answers[2]);
    store_help_await(help, &answers[2].come, 1);
    assert_int_equal(answers[0].status, STATUS_OK);
    assert_int_equal(answers[1].status, STATUS_CONFLICT);
    assert_int_equal(answers[2].status, STATUS_OK);

    store_help_load(help, 1, &copy);
    assert_int_equal(copy.count, 1);
    store_help_forget(&copy);
    store_help_load(help, 3, &copy);
    assert_int_equal(copy.status, STATUS_OK);
    store_help_forget(&copy);
}

static void what_cannot_be_is_refused_by_name(void **state)
{
    struct store_help *help = *state;
    struct row again = {.kind = ROW_PUBLIC, .index = 2, .time_ms = 1};

    assert_int_equal(append_entry(help, 1, 0, 1, "no session"), STATUS_NOT_FOUND);
    assert_int_equal(store_help_append(help, store_help_genesis(1)), STATUS_OK);
    assert_int_equal(store_help_append(help, store_help_genesis(1)), STATUS_EXISTS);
    assert_int_equal(append_entry(help, 1, 0, 3, "a gap"), STATUS_CONFLICT);
    bytes_put_u64(again.id, 1); /* the id of the first entry */
    assert_int_equal(append_row(help, 1, again), STATUS_DUPLICATE);
    bytes_put_u64(again.id, 99);
    again.index = 1;
    assert_int_equal(append_row(help, 1, again), STATUS_CONFLICT);
    /* the same id in another stream is another entry */
    assert_int_equal(append_entry(help, 1, 4, 1, "own"), STATUS_OK);
    assert_int_equal(append_entry(help, 1, 5, 1, "own"), STATUS_OK);
}

static void a_waiting_answer_is_replaced_and_released(void **state)
{
    struct store_help *help = *state;
    struct batch *release = store_help_batch(1);
    struct store_rows_copy copy;

    assert_int_equal(store_help_append(help, store_help_genesis(1)), STATUS_OK);
    assert_int_equal(append_row(help, 1, waiting(3, 2, 1, "first words")), STATUS_OK);
    assert_int_equal(append_row(help, 1, waiting(3, 2, 2, "better words")), STATUS_OK);
    assert_int_equal(append_row(help, 1, waiting(3, 4, 1, "of another")), STATUS_OK);
    assert_int_equal(append_row(help, 1, waiting(8, 4, 1, "another step")), STATUS_OK);
    store_help_load(help, 1, &copy);
    assert_int_equal(copy.count, 4);
    assert_row_text(&copy.rows[1], "better words");
    store_help_forget(&copy);

    store_help_add_entry(release, 0, 2, "release");
    store_help_add_entry(release, 0, 3, "better words");
    store_help_add_entry(release, 0, 4, "of another");
    store_help_add(release, &(struct row){.kind = ROW_RELEASED, .step = 3});
    assert_int_equal(store_help_append(help, release), STATUS_OK);
    store_help_load(help, 1, &copy);
    assert_int_equal(copy.count, 5);
    assert_int_equal(copy.rows[4].kind, ROW_WAITING);
    assert_int_equal(copy.rows[4].step, 8);
    store_help_forget(&copy);

    assert_int_equal(append_row(help, 1, (struct row){.kind = ROW_DROPPED, .member = 4}),
                     STATUS_OK);
    store_help_load(help, 1, &copy);
    assert_int_equal(copy.count, 4);
    store_help_forget(&copy);
}

static struct store_ticket a_ticket(const char *label, uint8_t key, uint32_t uses)
{
    struct store_ticket ticket = {.uses = uses, .uses_left = uses, .created_ms = 5};

    strcpy(ticket.label, label);
    memset(ticket.key, key, sizeof ticket.key);
    return ticket;
}

static enum status create_with_ticket(struct store_help *help, uint8_t session, uint8_t key)
{
    struct batch *batch = store_help_genesis(session);
    uint8_t bytes[KEY_BYTES];

    memset(bytes, key, sizeof bytes);
    store_help_add(batch, &(struct row){.kind = ROW_TICKET,
                                        .bytes = {.data = bytes, .count = sizeof bytes}});
    return store_help_append(help, batch);
}

static void a_ticket_is_used_up(void **state)
{
    struct store_help *help = *state;
    struct store_ticket ticket = a_ticket("two", 9, 2);
    struct store_rows_copy copy;

    assert_int_equal(store_help_put_ticket(help, &ticket), STATUS_OK);
    assert_int_equal(store_help_put_ticket(help, &ticket), STATUS_EXISTS);
    assert_int_equal(create_with_ticket(help, 1, 9), STATUS_OK);
    assert_int_equal(create_with_ticket(help, 2, 9), STATUS_OK);
    assert_int_equal(create_with_ticket(help, 3, 9), STATUS_USED_UP);
    assert_int_equal(create_with_ticket(help, 4, 8), STATUS_USED_UP);
    store_help_load(help, 3, &copy);
    assert_int_equal(copy.status, STATUS_NOT_FOUND);
    store_help_forget(&copy);
}

static void a_withdrawn_ticket_gives_nothing(void **state)
{
    struct store_help *help = *state;
    struct store_ticket ticket = a_ticket("gone", 9, 2);

    assert_int_equal(store_help_put_ticket(help, &ticket), STATUS_OK);
    ticket.uses_left = 0;
    assert_int_equal(store_help_put_ticket(help, &ticket), STATUS_OK);
    assert_int_equal(create_with_ticket(help, 1, 9), STATUS_USED_UP);
    strcpy(ticket.label, "nobody");
    assert_int_equal(store_help_put_ticket(help, &ticket), STATUS_NOT_FOUND);
}

struct lists {
    size_t come;
    size_t sessions;
    size_t tickets;
    struct store_session first;
};

static void count_sessions(void *context, enum status status,
                           const struct store_session *sessions, size_t count)
{
    struct lists *lists = context;

    assert_int_equal(status, STATUS_OK);
    lists->come++;
    lists->sessions = count;
    lists->first = sessions[0];
}

static void count_tickets(void *context, enum status status, const struct store_ticket *tickets,
                          size_t count)
{
    struct lists *lists = context;

    assert_int_equal(status, STATUS_OK);
    lists->come++;
    lists->tickets = count;
    assert_string_equal(tickets[0].label, "a");
    assert_string_equal(tickets[1].label, "b");
}

static void sessions_and_tickets_are_listed(void **state)
{
    struct store_help *help = *state;
    struct store_ticket b = a_ticket("b", 1, 1);
    struct store_ticket a = a_ticket("a", 2, 1);
    struct lists lists = {0};

    assert_int_equal(store_help_append(help, store_help_genesis(1)), STATUS_OK);
    assert_int_equal(store_help_append(help, store_help_genesis(2)), STATUS_OK);
    assert_int_equal(append_entry(help, 1, 0, 2, "1234"), STATUS_OK);
    assert_int_equal(store_help_put_ticket(help, &b), STATUS_OK);
    assert_int_equal(store_help_put_ticket(help, &a), STATUS_OK);
    store_list_sessions(help->store, count_sessions, &lists);
    store_list_tickets(help->store, count_tickets, &lists);
    store_help_await(help, &lists.come, 2);
    assert_int_equal(lists.sessions, 2);
    assert_int_equal(lists.tickets, 2);
    assert_int_equal(lists.first.created_ms, 1001);
    assert_int_equal(lists.first.retention_ms, 9000);
    assert_int_equal(append_row(help, 1, (struct row){.kind = ROW_KEPT, .time_ms = 7000}),
                     STATUS_OK);
    store_list_sessions(help->store, count_sessions, &lists);
    store_help_await(help, &lists.come, 3);
    assert_int_equal(lists.first.retention_ms, 7000);
    assert_int_equal(lists.first.entries, 2);
    assert_int_equal(lists.first.bytes, strlen("genesis") + 4);
}

/* Texts of many lengths, so that they lie in cells, in overflow pages and across both. */
static void fill(struct store_help *help, uint8_t session, const char *canary)
{
    size_t length = strlen(canary);
    char text[20000];

    assert_int_equal(store_help_append(help, store_help_genesis(session)), STATUS_OK);
    for (uint64_t i = 0; i < 60; i++) {
        size_t count = length + i * 331;

        for (size_t at = 0; at < count; at++) {
            text[at] = canary[at % length];
        }
        text[count] = '\0';
        assert_int_equal(append_entry(help, session, 0, i + 2, text), STATUS_OK);
    }
}

static void a_purge_leaves_no_bytes(void **state)
{
    struct store_help *help = *state;
    const char *canary = "canary-of-one-";
    const char *other = "canary-of-two-";
    struct store_rows_copy copy;

    fill(help, 1, canary);
    fill(help, 2, other);
    assert_int_equal(append_row(help, 1, waiting(3, 2, 1, canary)), STATUS_OK);
    assert_true(store_help_disk_holds(help, canary, strlen(canary)));
    assert_int_equal(store_help_purge(help, 1, 4321), STATUS_OK);
    assert_false(store_help_disk_holds(help, canary, strlen(canary)));
    assert_true(store_help_disk_holds(help, other, strlen(other)));

    store_help_load(help, 1, &copy);
    assert_int_equal(copy.status, STATUS_PURGED);
    assert_int_equal(copy.count, 1);
    assert_int_equal(copy.rows[0].kind, ROW_PURGED);
    assert_int_equal(copy.rows[0].time_ms, 4321);
    assert_int_equal(copy.rows[0].bytes.count, 0);
    store_help_forget(&copy);
    assert_int_equal(append_entry(help, 1, 0, 62, "after"), STATUS_PURGED);
    assert_int_equal(store_help_append(help, store_help_genesis(1)), STATUS_PURGED);
    assert_int_equal(store_help_purge(help, 1, 4322), STATUS_PURGED);
    assert_int_equal(store_help_purge(help, 77, 4322), STATUS_NOT_FOUND);
}

static void a_purge_by_a_member_keeps_its_entry(void **state)
{
    struct store_help *help = *state;
    const char *canary = "canary-of-one-";
    struct row purge = {.kind = ROW_PURGED,
                        .time_ms = 4321,
                        .bytes = {.data = (const uint8_t *)"signed", .count = 6}};
    struct store_rows_copy copy;

    fill(help, 1, canary);
    assert_int_equal(append_row(help, 1, purge), STATUS_OK);
    assert_false(store_help_disk_holds(help, canary, strlen(canary)));
    store_help_load(help, 1, &copy);
    assert_int_equal(copy.status, STATUS_PURGED);
    assert_row_text(&copy.rows[0], "signed");
    store_help_forget(&copy);
}

static void an_edited_out_answer_is_gone_after_release(void **state)
{
    struct store_help *help = *state;
    const char *canary =
        "the name that was edited out, and a long text around it, so that what"
        " takes its place cannot just happen to cover it ........................"
        "...................................................................";
    struct batch *release = store_help_batch(1);
    struct store_rows_copy copy;

    fill(help, 1, "something else ");
    for (uint16_t member = 2; member < 12; member++) {
        assert_int_equal(append_row(help, 1, waiting(3, member, 1, canary)), STATUS_OK);
        assert_int_equal(append_row(help, 1, waiting(3, member, 2, "nobody's name")),
                         STATUS_OK);
    }
    assert_true(store_help_disk_holds(help, canary, strlen(canary)));
    store_help_add_entry(release, 0, 62, "release");
    store_help_add(release, &(struct row){.kind = ROW_RELEASED, .step = 3});
    assert_int_equal(store_help_append(help, release), STATUS_OK);
    store_help_load(help, 1, &copy); /* the log is emptied before anything else is done */
    store_help_forget(&copy);
    assert_false(store_help_disk_holds(help, canary, 28));
}

static void a_second_store_on_the_same_files_is_busy(void **state)
{
    struct store_help *help = *state;
    struct store_options options = {.directory = help->directory};
    struct store *second = NULL;
    const char *detail = NULL;

    assert_int_equal(store_open(&help->loop, &options, &second, &detail), STATUS_BUSY);
    assert_string_equal(detail, "another process holds kring.db");
}

static void a_missing_directory_and_a_foreign_file_are_named(void **state)
{
    struct store_help *help = *state;
    char path[128];
    struct store_options options = {.directory = "/tmp/kring-no-such-directory"};
    struct store *store = NULL;
    const char *detail = NULL;
    FILE *file;

    assert_int_equal(store_open(&help->loop, &options, &store, &detail), STATUS_NOT_FOUND);
    assert_string_equal(detail, "the data directory does not exist");
    store_help_stop(help);
    snprintf(path, sizeof path, "%s/kring.db", help->directory);
    file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 4096; i++) {
        fputs("no database", file);
    }
    fclose(file);
    options.directory = help->directory;
    assert_int_equal(store_open(&help->loop, &options, &store, &detail), STATUS_IO);
    assert_string_equal(detail, "kring.db is damaged");
}

static void a_nearly_full_disk_refuses_early(void **state)
{
    struct store_help *help = *state;
    struct store_health health;
    struct store_rows_copy copy;

    fill(help, 1, "kept");
    store_help_stop(help);
    assert_int_equal(store_help_open(help, NULL, UINT64_MAX / 2), STATUS_OK);
    assert_int_equal(append_entry(help, 1, 0, 62, "too much"), STATUS_NO_SPACE);
    store_health(help->store, &health);
    assert_true(health.writable && health.full);
    store_help_load(help, 1, &copy);
    assert_int_equal(copy.status, STATUS_OK);
    assert_int_equal(copy.count, 61);
    store_help_forget(&copy);
    assert_int_equal(store_help_purge(help, 1, 1), STATUS_OK); /* makes room: allowed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_stored_is_there_after_a_restart, begin, end),
        cmocka_unit_test_setup_teardown(batches_of_many_sessions_share_a_commit, begin, end),
        cmocka_unit_test_setup_teardown(a_refused_batch_takes_no_other_with_it, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_is_refused_by_name, begin, end),
        cmocka_unit_test_setup_teardown(a_waiting_answer_is_replaced_and_released, begin, end),
        cmocka_unit_test_setup_teardown(a_ticket_is_used_up, begin, end),
        cmocka_unit_test_setup_teardown(a_withdrawn_ticket_gives_nothing, begin, end),
        cmocka_unit_test_setup_teardown(sessions_and_tickets_are_listed, begin, end),
        cmocka_unit_test_setup_teardown(a_purge_leaves_no_bytes, begin, end),
        cmocka_unit_test_setup_teardown(a_purge_by_a_member_keeps_its_entry, begin, end),
        cmocka_unit_test_setup_teardown(an_edited_out_answer_is_gone_after_release, begin, end),
        cmocka_unit_test_setup_teardown(a_second_store_on_the_same_files_is_busy, begin, end),
        cmocka_unit_test_setup_teardown(a_missing_directory_and_a_foreign_file_are_named, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_nearly_full_disk_refuses_early, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

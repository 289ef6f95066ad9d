/* The store on a disk that forgets what was not synced, and on one that fails. Whatever point
 * the power goes at: what was acknowledged is there, and every batch is there whole or not at
 * all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/support/forgetful_vfs.h"
#include "tests/support/store_help.h"

enum { SESSIONS = 3, BATCHES = 12, ROWS = 3, POINTS_MAX = 2000 };

struct disk {
    struct store_help help;
    struct forgetful_vfs *vfs;
};

static int begin(void **state)
{
    struct disk *disk = calloc(1, sizeof *disk);

    assert_non_null(disk);
    store_help_begin(&disk->help);
    assert_int_equal(forgetful_vfs_create("forgetful", false, &disk->vfs), STATUS_OK);
    *state = disk;
    return 0;
}

static int end(void **state)
{
    struct disk *disk = *state;

    store_help_end(&disk->help);
    forgetful_vfs_destroy(disk->vfs);
    free(disk);
    return 0;
}

static struct batch *batch_at(uint8_t session, uint64_t at)
{
    struct batch *batch = at == 0 ? store_help_genesis(session) : store_help_batch(session);

    for (uint64_t i = at == 0 ? 1 : 0; i < ROWS; i++) {
        char text[3000];

        memset(text, 'a' + (char)(at % 26), sizeof text - 1);
        text[sizeof text - 1] = '\0';
        store_help_add_entry(batch, 0, at * ROWS + i + 1, text);
    }
    if (at % 4 == 3) { /* a release now and then: it empties the log */
        store_help_add(batch, &(struct row){.kind = ROW_RELEASED, .step = 1});
    } else {
        store_help_add(batch, &(struct row){.kind = ROW_WAITING, .step = 1, .member = 2});
    }
    return batch;
}

/* Appends round after round, a batch per session; how many of each were acknowledged. */
static void work(struct disk *disk, size_t acknowledged[SESSIONS])
{
    for (uint64_t at = 0; at < BATCHES; at++) {
        struct store_answer answers[SESSIONS] = {{0}};

        for (uint8_t i = 0; i < SESSIONS; i++) {
            store_append(disk->help.store, batch_at(i, at), store_help_appended, &answers[i]);
        }
        store_help_await(&disk->help, &answers[SESSIONS - 1].come, 1);
        for (size_t i = 0; i < SESSIONS; i++) {
            assert_int_equal(answers[i].come, 1);
            acknowledged[i] += answers[i].status == STATUS_OK;
        }
    }
}

/* The power is back: no more trouble, and no memory of before. */
static void check(struct disk *disk, const size_t acknowledged[SESSIONS])
{
    forgetful_vfs_plan(disk->vfs, &(struct forgetful_plan){0});
    assert_int_equal(store_help_open(&disk->help, "forgetful", 0), STATUS_OK);
    for (uint8_t i = 0; i < SESSIONS; i++) {
        struct store_rows_copy copy;
        size_t entries = 0;

        store_help_load(&disk->help, i, &copy);
        assert_true(copy.status == STATUS_OK || copy.status == STATUS_NOT_FOUND);
        while (entries < copy.count && copy.rows[entries].kind == ROW_PUBLIC) {
            assert_int_equal(copy.rows[entries].index, entries + 1);
            entries++;
        }
        assert_int_equal(entries % ROWS, 0);
        assert_in_range(entries / ROWS, acknowledged[i], BATCHES);
        if (entries > 0) { /* the rows that go with it are there, or gone, with it */
            assert_int_equal(copy.count - entries, entries / ROWS % 4 == 0 ? 0 : 1);
        }
        store_help_forget(&copy);
    }
    store_help_stop(&disk->help);
}

static void clean(struct disk *disk)
{
    static const char *const names[] = {"kring.db", "kring.db-wal", "kring.db-journal"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[128];

        snprintf(path, sizeof path, "%s/%s", disk->help.directory, names[i]);
        (void)remove(path);
    }
}

/* One life that ends by the plan, and a look at what it left. True while there was a crash. */
static bool live(struct disk *disk, const struct forgetful_plan *plan)
{
    size_t acknowledged[SESSIONS] = {0};
    bool crashed;

    clean(disk);
    forgetful_vfs_plan(disk->vfs, plan);
    if (store_help_open(&disk->help, "forgetful", 0) == STATUS_OK) {
        work(disk, acknowledged);
        store_help_stop(&disk->help);
    }
    crashed = forgetful_vfs_has_crashed(disk->vfs);
    check(disk, acknowledged);
    return crashed;
}

static void no_sync_loses_what_was_acknowledged(void **state)
{
    struct disk *disk = *state;
    uint64_t at = 1;

    while (at < POINTS_MAX && live(disk, &(struct forgetful_plan){.crash_at_sync = at})) {
        at++;
    }
    assert_in_range(at, 20, POINTS_MAX - 1); /* there were many, and an end to them */
}

static void nor_does_a_torn_one(void **state)
{
    struct disk *disk = *state;
    uint64_t at = 1;

    while (at < POINTS_MAX &&
           live(disk, &(struct forgetful_plan){.crash_at_sync = at, .torn_seed = at * 7 + 1})) {
        at++;
    }
    assert_in_range(at, 20, POINTS_MAX - 1);
}

static void nor_a_crash_between_writes(void **state)
{
    struct disk *disk = *state;
    uint64_t at = 1;

    /* Every eleventh is enough to meet each kind of write, and quick. */
    while (at < POINTS_MAX &&
           live(disk, &(struct forgetful_plan){.crash_in_write = at, .torn_seed = at})) {
        at += 11;
    }
    assert_in_range(at, 100, POINTS_MAX - 1);
}

static void the_forgetful_disk_does_forget(void **state)
{
    struct disk *disk = *state;
    sqlite3 *handle = NULL;
    char path[128];
    int code;

    snprintf(path, sizeof path, "%s/kring.db", disk->help.directory);
    assert_int_equal(
        sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "forgetful"),
        SQLITE_OK);
    code = sqlite3_exec(handle,
                        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                        "PRAGMA synchronous = OFF; CREATE TABLE t (a);"
                        "INSERT INTO t VALUES ('acknowledged and lost')",
                        NULL, NULL, NULL);
    assert_int_equal(code, SQLITE_OK);
    assert_false(store_help_disk_holds(&disk->help, "acknowledged and lost", 21));
    sqlite3_close(handle);
}

static enum status append_more(struct disk *disk, uint64_t at)
{
    return store_help_append(&disk->help, batch_at(0, at));
}

static size_t count_rows(struct disk *disk)
{
    struct store_rows_copy copy;
    size_t count;

    store_help_load(&disk->help, 0, &copy);
    count = copy.count;
    store_help_forget(&copy);
    return count;
}

static void a_full_disk_leaves_nothing_and_passes(void **state)
{
    struct disk *disk = *state;

    assert_int_equal(store_help_open(&disk->help, "forgetful", 0), STATUS_OK);
    assert_int_equal(append_more(disk, 0), STATUS_OK);
    for (uint64_t at = 1; at < 6; at++) { /* the nth write of the commit */
        size_t before = count_rows(disk);

        forgetful_vfs_plan(
            disk->vfs, &(struct forgetful_plan){.fail_write = at, .fail_code = SQLITE_FULL});
        assert_int_equal(append_more(disk, 1), STATUS_NO_SPACE);
        assert_int_equal(count_rows(disk), before);
    }
    forgetful_vfs_plan(disk->vfs, &(struct forgetful_plan){0});
    assert_int_equal(append_more(disk, 1), STATUS_OK);
}

static void a_broken_disk_ends_all_writing(void **state)
{
    struct disk *disk = *state;
    struct store_health health;
    size_t acknowledged[SESSIONS] = {1};

    assert_int_equal(store_help_open(&disk->help, "forgetful", 0), STATUS_OK);
    assert_int_equal(append_more(disk, 0), STATUS_OK);
    forgetful_vfs_plan(
        disk->vfs, &(struct forgetful_plan){.fail_write = 1, .fail_code = SQLITE_IOERR_WRITE});
    assert_int_equal(append_more(disk, 1), STATUS_IO);
    store_health(disk->help.store, &health);
    assert_false(health.writable);
    assert_int_equal(append_more(disk, 1), STATUS_IO); /* though the disk would take it now */
    store_help_stop(&disk->help);
    check(disk, acknowledged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_forgetful_disk_does_forget, begin, end),
        cmocka_unit_test_setup_teardown(no_sync_loses_what_was_acknowledged, begin, end),
        cmocka_unit_test_setup_teardown(nor_does_a_torn_one, begin, end),
        cmocka_unit_test_setup_teardown(nor_a_crash_between_writes, begin, end),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_nothing_and_passes, begin, end),
        cmocka_unit_test_setup_teardown(a_broken_disk_ends_all_writing, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A local store that shares: the disk with others, the home with another process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/home.h"

enum { STEP_SECONDS_MAX = 20 };

static const uint8_t session_one[HASH_BYTES] = {1};
static const uint8_t session_two[HASH_BYTES] = {2};

/* ---- no room ---- */

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static enum status keep_numbered(struct home *home, uint64_t index)
{
    static uint8_t text[3000];

    return local_keep_entry(home->local, session_one, STREAM_PUBLIC, index, 1,
                            (struct bytes){text, sizeof text});
}

static size_t count_entries(struct home *home)
{
    char text[16] = "";

    home_sql(home, "SELECT CAST(count(*) AS TEXT) FROM entry", text, sizeof text - 1);
    return (size_t)strtoul(text, NULL, 10);
}

/* Gives how many were kept before the disk was full. */
static uint64_t keep_until_full(struct home *home)
{
    for (uint64_t index = 1; index < 1000; index++) {
        enum status status = keep_numbered(home, index);

        if (status != STATUS_OK) {
            assert_int_equal(status, STATUS_NO_SPACE);
            assert_non_null(strstr(local_detail(home->local), "make room and try again"));
            return index - 1;
        }
    }
    fail_msg("never full");
    return 0;
}

static void a_full_disk_loses_nothing(void **state)
{
    struct home *home = *state;
    uint64_t kept;

    home_make(home);
    assert_int_equal(home_open(home), STATUS_OK);
    limit_files(200000);
    kept = keep_until_full(home);
    assert_true(kept > 10);
    assert_int_equal(keep_numbered(home, kept + 1), STATUS_NO_SPACE);
    limit_files(0);
    assert_int_equal(count_entries(home), kept);
    assert_int_equal(keep_numbered(home, kept + 1), STATUS_OK);
    home_close(home);
    assert_int_equal(count_entries(home), kept + 1);
    home_assert_kept(home);
}

static void a_group_on_a_full_disk_is_taken_back(void **state)
{
    struct home *home = *state;
    uint64_t kept;

    home_make(home);
    assert_int_equal(home_open(home), STATUS_OK);
    assert_int_equal(keep_numbered(home, 1), STATUS_OK);
    limit_files(200000);
    assert_int_equal(local_begin(home->local), STATUS_OK);
    /* the log is written when the cache of pages is full, or in the end */
    kept = keep_until_full(home);
    assert_true(kept > 0);
    limit_files(0);
    assert_int_equal(keep_numbered(home, kept + 2), STATUS_NO_SPACE);
    assert_int_equal(local_end(home->local), STATUS_NO_SPACE);
    assert_int_equal(count_entries(home), 1);
    assert_int_equal(keep_numbered(home, 2), STATUS_OK);
    home_close(home);
    assert_int_equal(count_entries(home), 2);
    home_assert_kept(home);
}

/* However little there is room for, what it leaves behind is no home that is broken. */
static void a_home_made_on_a_full_disk_can_be_made_later(void **state)
{
    static const rlim_t limits[] = {16, 40, 5000, 20000, 33000};
    struct home *home = *state;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        limit_files(limits[i]);
        home_assert_refused(home, STATUS_NO_SPACE, "make room and try again");
        limit_files(0);
    }
    home_make(home);
    home_assert_kept(home);
    limit_files(5000);
    home_assert_refused(home, STATUS_NO_SPACE, "make room and try again");
    limit_files(0);
    home_assert_kept(home);
}

/* ---- two processes ---- */

/* A child that does as told, a letter a time, and answers each with a status. It is started
 * before this process opens anything, since SQLite does not survive a fork. */
struct other {
    pid_t child;
    int to;
    int from;
};

static enum status obey(struct home *home, char order)
{
    switch (order) {
    case 'o':
        return home_open(home);
    case 'c':
        return local_claim(home->local, session_one);
    case 'r':
        local_release(home->local, session_one);
        return STATUS_OK;
    case 'b':
        return local_begin(home->local);
    case 'e':
        return local_end(home->local);
    case 's':
        return local_set(home->local, "from", "the other");
    default:
        return STATUS_USAGE;
    }
}

static void start_other(struct other *other, struct home *home)
{
    int to[2];
    int from[2];

    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    other->child = fork();
    if (other->child == 0) {
        char order;

        (void)close(to[1]);
        (void)alarm(STEP_SECONDS_MAX);
        while (read(to[0], &order, 1) == 1) {
            enum status status = obey(home, order);

            if (write(from[1], &status, sizeof status) != sizeof status) {
                break;
            }
        }
        _exit(0);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    other->to = to[1];
    other->from = from[0];
}

static enum status order(struct other *other, char what)
{
    enum status status = STATUS_CANCELLED;

    assert_int_equal(write(other->to, &what, 1), 1);
    assert_int_equal(read(other->from, &status, sizeof status), sizeof status);
    return status;
}

static void kill_other(struct other *other)
{
    assert_int_equal(kill(other->child, SIGKILL), 0);
    assert_int_equal(waitpid(other->child, NULL, 0), other->child);
    (void)close(other->to);
    (void)close(other->from);
}

static void two_processes_share_a_home_but_no_session(void **state)
{
    struct home *home = *state;
    struct other other;
    char text[16];

    start_other(&other, home);
    assert_int_equal(order(&other, 'o'), STATUS_OK);
    assert_int_equal(home_open(home), STATUS_OK);
    assert_int_equal(order(&other, 's'), STATUS_OK);
    assert_int_equal(local_get(home->local, "from", text, sizeof text), STATUS_OK);

    assert_int_equal(order(&other, 'c'), STATUS_OK);
    assert_int_equal(local_claim(home->local, session_one), STATUS_BUSY);
    assert_non_null(strstr(local_detail(home->local), "open in another kring"));
    assert_int_equal(local_claim(home->local, session_two), STATUS_OK);
    assert_int_equal(order(&other, 'r'), STATUS_OK);
    assert_int_equal(local_claim(home->local, session_one), STATUS_OK);
    assert_int_equal(local_claim(home->local, session_one), STATUS_OK);
    assert_int_equal(order(&other, 'c'), STATUS_BUSY);
    local_release(home->local, session_one);
    assert_int_equal(order(&other, 'c'), STATUS_OK);
    kill_other(&other);
    assert_int_equal(local_claim(home->local, session_one), STATUS_OK);
}

static void a_claim_holds_within_the_process_too(void **state)
{
    struct home *home = *state;
    struct local *second = NULL;

    assert_int_equal(home_open(home), STATUS_OK);
    assert_int_equal(local_open(home->path, entropy_system(), home->detail, &second),
                     STATUS_OK);
    assert_int_equal(local_claim(home->local, session_one), STATUS_OK);
    assert_int_equal(local_claim(second, session_one), STATUS_BUSY);
    home_close(home);
    assert_int_equal(local_claim(second, session_one), STATUS_OK);
    local_close(second);
}

static void a_write_under_way_elsewhere_is_said(void **state)
{
    struct home *home = *state;
    struct other other;
    char text[16];

    start_other(&other, home);
    assert_int_equal(order(&other, 'o'), STATUS_OK);
    assert_int_equal(home_open(home), STATUS_OK);
    assert_int_equal(order(&other, 'b'), STATUS_OK);
    assert_int_equal(order(&other, 's'), STATUS_OK);
    assert_int_equal(local_set(home->local, "ticket", "mine"), STATUS_BUSY);
    assert_non_null(strstr(local_detail(home->local), "kring.db is held by another program"));
    kill_other(&other); /* its group was not ended, so it never was */
    assert_int_equal(local_set(home->local, "ticket", "mine"), STATUS_OK);
    assert_int_equal(local_get(home->local, "from", text, sizeof text), STATUS_NOT_FOUND);
    home_close(home);
    home_assert_kept(home);
}

static int ignore_signals(void **state)
{
    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    return 0;
}

#define IN_A_HOME(test) cmocka_unit_test_setup_teardown(test, home_setup, home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOME(a_full_disk_loses_nothing),
        IN_A_HOME(a_group_on_a_full_disk_is_taken_back),
        IN_A_HOME(a_home_made_on_a_full_disk_can_be_made_later),
        IN_A_HOME(two_processes_share_a_home_but_no_session),
        IN_A_HOME(a_claim_holds_within_the_process_too),
        IN_A_HOME(a_write_under_way_elsewhere_is_said),
    };

    return cmocka_run_group_tests(tests, ignore_signals, NULL);
}

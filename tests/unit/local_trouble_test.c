/* The local store where something is wrong: each says what, where and what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/home.h"

enum { NOBODY = 65534 };

static const uint8_t session_one[HASH_BYTES] = {1};

/* ---- files ---- */

static void another_file_in_its_place_is_left_alone(void **state)
{
    struct home *home = *state;
    static const char text[] = "These are my notes, and they are no database at all. Whatever "
                               "opens them had better leave them as they are.";
    char found[sizeof text];

    home_make(home);
    assert_int_equal(unlink(home_file(home, "kring.db")), 0);
    home_write(home, "kring.db", text, sizeof text, 0600);
    home_assert_refused(home, STATUS_MALFORMED,
                        "kring.db is damaged, or was not made by kring");
    assert_int_equal(home_read(home, "kring.db", found, sizeof found), sizeof text);
    assert_memory_equal(found, text, sizeof text);
}

static void another_programs_database_is_left_alone(void **state)
{
    struct home *home = *state;
    uint8_t before[16384];
    uint8_t after[16384];
    size_t count;

    home_make(home);
    assert_int_equal(unlink(home_file(home, "kring.db")), 0);
    home_sql(home,
             "CREATE TABLE recipe (text); INSERT INTO recipe VALUES ('soup');"
             "PRAGMA user_version = 1",
             NULL, 0);
    count = home_read(home, "kring.db", before, sizeof before);
    home_assert_refused(home, STATUS_MALFORMED, "was not made by kring");
    assert_int_equal(home_read(home, "kring.db", after, sizeof after), count);
    assert_memory_equal(after, before, count);
}

static void a_directory_in_its_place_is_refused(void **state)
{
    struct home *home = *state;

    assert_int_equal(mkdir(home_file(home, "kring.db"), 0700), 0);
    home_write(home, "identity", "0123456789abcdef0123456789abcdef", SEED_BYTES, 0600);
    home_assert_refused(home, STATUS_MALFORMED, "kring.db");
}

static void a_cut_off_database_is_damaged(void **state)
{
    struct home *home = *state;

    home_make(home);
    assert_int_equal(truncate(home_file(home, "kring.db"), 6000), 0);
    home_assert_refused(home, STATUS_MALFORMED, "kring.db is damaged");
}

static void a_missing_table_is_damage(void **state)
{
    struct home *home = *state;

    home_make(home);
    home_sql(home, "DROP TABLE record", NULL, 0);
    assert_int_equal(home_open(home), STATUS_OK);
    assert_int_equal(local_forget(home->local, session_one), STATUS_MALFORMED);
    assert_non_null(strstr(local_detail(home->local), "kring.db is damaged"));
}

static void a_newer_version_is_refused(void **state)
{
    struct home *home = *state;

    home_make(home);
    home_sql(home, "PRAGMA user_version = 2", NULL, 0);
    home_assert_refused(home, STATUS_VERSION, "made by a newer kring");
    home_sql(home, "PRAGMA user_version = 1", NULL, 0);
    home_assert_kept(home);
}

/* ---- the seed ---- */

static void the_seed_of_another_home_does_not_open_it(void **state)
{
    struct home *home = *state;
    uint8_t seed[SEED_BYTES];
    uint8_t other[SEED_BYTES] = {9};

    home_make(home);
    assert_int_equal(home_read(home, "identity", seed, sizeof seed), SEED_BYTES);
    home_write(home, "identity", other, sizeof other, 0600);
    home_assert_refused(home, STATUS_CRYPTO,
                        "identity does not belong to the kring.db beside it");
    home_write(home, "identity", seed, sizeof seed, 0600);
    home_assert_kept(home);
}

static void a_missing_seed_is_not_made_anew(void **state)
{
    struct home *home = *state;
    uint8_t seed[SEED_BYTES];

    home_make(home);
    (void)home_read(home, "identity", seed, sizeof seed);
    assert_int_equal(unlink(home_file(home, "identity")), 0);
    home_assert_refused(home, STATUS_CRYPTO, "identity is missing or damaged");
    assert_int_equal(home_file_bytes(home, "identity"), -1);
    home_write(home, "identity", seed, sizeof seed - 1, 0600);
    home_assert_refused(home, STATUS_CRYPTO, "identity is missing or damaged");
    home_write(home, "identity", seed, sizeof seed, 0600);
    home_assert_kept(home);
}

/* Killed between the seed and its name, or between the seed and the tables. */
static void a_home_half_made_is_finished(void **state)
{
    struct home *home = *state;

    home_write(home, "identity.new", "half", 4, 0600);
    assert_int_equal(home_open(home), STATUS_OK);
    home_close(home);
    assert_int_equal(home_file_bytes(home, "identity.new"), -1);
    assert_int_equal(unlink(home_file(home, "kring.db")), 0);
    home_write(home, "kring.db", "", 0, 0600);
    home_make(home);
    home_assert_kept(home);
}

static void a_seed_that_others_may_read_is_refused(void **state)
{
    struct home *home = *state;

    home_make(home);
    assert_int_equal(chmod(home_file(home, "identity"), 0640), 0);
    home_assert_refused(home, STATUS_PERMISSION, "identity, and whoever has it");
    assert_non_null(strstr(home->detail, "chmod 600"));
    assert_int_equal(chmod(home_file(home, "identity"), 0600), 0);
    home_assert_kept(home);
}

/* ---- the directory ---- */

static void assert_mode(struct home *home, const char *name, mode_t mode)
{
    struct stat about;

    assert_int_equal(stat(home_file(home, name), &about), 0);
    assert_int_equal(about.st_mode & 07777, mode);
}

static void nobody_else_may_look(void **state)
{
    struct home *home = *state;
    struct local *below = NULL;
    mode_t mask = umask(0);

    assert_int_equal(
        local_open(home_file(home, "a/b/"), entropy_system(), home->detail, &below), STATUS_OK);
    assert_int_equal(local_set(below, "a", "b"), STATUS_OK);
    (void)umask(mask);
    assert_mode(home, "a", 0700);
    assert_mode(home, "a/b", 0700);
    assert_mode(home, "a/b/identity", 0600);
    assert_mode(home, "a/b/lock", 0600);
    assert_mode(home, "a/b/kring.db", 0600);
    assert_mode(home, "a/b/kring.db-wal", 0600);
    assert_mode(home, "a/b/kring.db-shm", 0600);
    local_close(below);
}

static void a_home_that_others_may_write_is_refused(void **state)
{
    struct home *home = *state;

    assert_int_equal(chmod(home->path, 0777), 0);
    home_assert_refused(home, STATUS_PERMISSION, "chmod 700");
    assert_int_equal(home_file_bytes(home, "identity"), -1);
}

/* In a process of its own, since root may write anywhere. 0: as it should be. */
static int open_as_nobody(struct home *home)
{
    if (getuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)) {
        return 2;
    }
    if (home_open(home) != STATUS_PERMISSION) {
        return 3;
    }
    return strstr(home->detail, home->path) != NULL &&
                   strstr(home->detail, "KRING_HOME=DIRECTORY") != NULL
               ? 0
               : 4;
}

static void a_home_that_cannot_be_written_is_refused(void **state)
{
    struct home *home = *state;
    pid_t child;
    int how = -1;

    assert_int_equal(chmod(home->path, 0555), 0);
    child = fork();
    if (child == 0) {
        _exit(open_as_nobody(home));
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void a_file_in_the_way_is_named(void **state)
{
    struct home *home = *state;
    struct local *local = NULL;

    home_write(home, "file", "x", 1, 0600);
    assert_int_equal(
        local_open(home_file(home, "file/home"), entropy_system(), home->detail, &local),
        STATUS_IO);
    assert_non_null(strstr(home->detail, "/file"));
    assert_int_equal(
        local_open(home_file(home, "file"), entropy_system(), home->detail, &local), STATUS_IO);
    assert_null(local);
}

static void assert_chosen(struct home *home, const char *below)
{
    struct local *local = NULL;

    assert_int_equal(local_open(NULL, entropy_system(), home->detail, &local), STATUS_OK);
    assert_string_equal(local_path(local), home_file(home, below));
    local_close(local);
}

static void the_place_comes_from_the_environment(void **state)
{
    struct home *home = *state;
    struct local *local = NULL;

    unsetenv("KRING_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    assert_int_equal(local_open(NULL, entropy_system(), home->detail, &local),
                     STATUS_NOT_FOUND);
    assert_non_null(strstr(home->detail, "KRING_HOME=DIRECTORY"));
    setenv("HOME", home_file(home, "h"), 1);
    setenv("XDG_DATA_HOME", "relative/is/passed/over", 1);
    assert_chosen(home, "h/.local/share/kring");
    setenv("XDG_DATA_HOME", home_file(home, "x"), 1);
    assert_chosen(home, "x/kring");
    setenv("KRING_HOME", home_file(home, "k"), 1);
    assert_chosen(home, "k");
}

#define IN_A_HOME(test) cmocka_unit_test_setup_teardown(test, home_setup, home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOME(another_file_in_its_place_is_left_alone),
        IN_A_HOME(another_programs_database_is_left_alone),
        IN_A_HOME(a_directory_in_its_place_is_refused),
        IN_A_HOME(a_cut_off_database_is_damaged),
        IN_A_HOME(a_missing_table_is_damage),
        IN_A_HOME(a_newer_version_is_refused),
        IN_A_HOME(the_seed_of_another_home_does_not_open_it),
        IN_A_HOME(a_missing_seed_is_not_made_anew),
        IN_A_HOME(a_home_half_made_is_finished),
        IN_A_HOME(a_seed_that_others_may_read_is_refused),
        IN_A_HOME(nobody_else_may_look),
        IN_A_HOME(a_home_that_others_may_write_is_refused),
        IN_A_HOME(a_home_that_cannot_be_written_is_refused),
        IN_A_HOME(a_file_in_the_way_is_named),
        IN_A_HOME(the_place_comes_from_the_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Directories and secret files: all of it or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/machine/file.h"
#include "server/key.h"
#include "tests/support/home.h"

static bool is_there(const struct home *home, const char *name)
{
    return home_file_bytes(home, name) >= 0;
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_secret_is_whole_and_ones_own(void **state)
{
    struct home *home = *state;
    struct stat about;
    char found[8];

    home_write(home, "secret.new", "left over", 9, 0644);
    assert_int_equal(file_write_secret(home->path, "secret", "12345678", 8), 0);
    assert_int_equal(home_read(home, "secret", found, sizeof found), 8);
    assert_memory_equal(found, "12345678", 8);
    assert_int_equal(stat(home_file(home, "secret"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_false(is_there(home, "secret.new"));
}

/* The disk takes ten bytes of it, and then no more. */
static void a_part_of_a_secret_is_none(void **state)
{
    struct home *home = *state;
    const struct entropy entropy = entropy_system();
    struct noise_keypair key;
    const char *why = NULL;
    int error;
    enum status status;

    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files(10);
    error = file_write_secret(home->path, "secret", "12345678901234567890", 20);
    status = server_key_load(home->path, &entropy, &key, &why);
    limit_files(0);
    assert_int_equal(file_status(error), STATUS_NO_SPACE);
    assert_int_equal(status, STATUS_NO_SPACE);
    assert_string_equal(why, "server.key cannot be made");
    assert_false(is_there(home, "secret") || is_there(home, "secret.new"));
    assert_false(is_there(home, "server.key") || is_there(home, "server.key.new"));
    assert_int_equal(server_key_load(home->path, &entropy, &key, &why), STATUS_OK);
}

static void directories_are_made_on_the_way(void **state)
{
    struct home *home = *state;
    char path[128];
    char long_path[8192];

    (void)snprintf(path, sizeof path, "%s/a/b/c/", home->path);
    assert_int_equal(file_make_directories(path), 0);
    assert_int_equal(file_make_directories(path), 0);
    assert_int_equal(file_sync_directory(path), 0);
    home_write(home, "file", "x", 1, 0600);
    (void)snprintf(path, sizeof path, "%s/file", home->path);
    assert_int_equal(file_make_directories(path), ENOTDIR);
    (void)snprintf(path, sizeof path, "%s/file/below", home->path);
    assert_int_equal(file_make_directories(path), ENOTDIR);
    memset(long_path, 'a', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(file_make_directories(long_path), ENAMETOOLONG);
    assert_int_equal(file_write_secret(long_path, "x", "x", 1), ENAMETOOLONG);
    assert_int_equal(file_status(ENAMETOOLONG), STATUS_TOO_LONG);
    assert_int_equal(file_status(0), STATUS_OK);
}

#define IN_A_HOME(test) cmocka_unit_test_setup_teardown(test, home_setup, home_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOME(a_secret_is_whole_and_ones_own),
        IN_A_HOME(a_part_of_a_secret_is_none),
        IN_A_HOME(directories_are_made_on_the_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/data_dir.h"
#include "server/key.h"
#include "tests/support/seeded.h"

enum { PATH_BYTES = 64 };

struct fixture {
    char directory[PATH_BYTES];
    char path[PATH_BYTES * 3];
    struct seeded seeded;
    struct entropy entropy;
};

static int begin(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    strcpy(fixture->directory, "/tmp/kring-key-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    snprintf(fixture->path, sizeof fixture->path, "%s/server.key", fixture->directory);
    fixture->seeded.state = 5;
    fixture->entropy = seeded_entropy(&fixture->seeded);
    *state = fixture;
    return 0;
}

static int end(void **state)
{
    static const char *const names[] = {"server.key", "kringd.lock", "kringd.sock",
                                        "a/b/kringd.lock"};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(fixture->path, sizeof fixture->path, "%s/%s", fixture->directory, names[i]);
        (void)unlink(fixture->path);
    }
    (void)rmdir(fixture->directory);
    free(fixture);
    return 0;
}

static void it_is_made_once_and_kept(void **state)
{
    struct fixture *fixture = *state;
    struct noise_keypair first;
    struct noise_keypair second;
    struct stat about;
    const char *why = NULL;

    assert_int_equal(server_key_load(fixture->directory, &fixture->entropy, &first, &why),
                     STATUS_OK);
    assert_int_equal(server_key_load(fixture->directory, &fixture->entropy, &second, &why),
                     STATUS_OK);
    assert_memory_equal(&first, &second, sizeof first);
    assert_int_equal(stat(fixture->path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_int_equal(about.st_size, 32);
}

static void one_that_others_may_read_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct noise_keypair key;
    const char *why = NULL;

    assert_int_equal(server_key_load(fixture->directory, &fixture->entropy, &key, &why),
                     STATUS_OK);
    assert_int_equal(chmod(fixture->path, 0640), 0);
    assert_int_equal(server_key_load(fixture->directory, &fixture->entropy, &key, &why),
                     STATUS_MALFORMED);
    assert_non_null(strstr(why, "can be read or written by others"));
}

static void one_of_another_length_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct noise_keypair key;
    const char *why = NULL;
    int fd = open(fixture->path, O_WRONLY | O_CREAT, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "short", 5), 5);
    (void)close(fd);
    assert_int_equal(server_key_load(fixture->directory, &fixture->entropy, &key, &why),
                     STATUS_MALFORMED);
    assert_string_equal(why, "server.key does not hold 32 bytes");
}

static void a_link_is_not_followed(void **state)
{
    struct fixture *fixture = *state;
    struct noise_keypair key;
    const char *why = NULL;

    assert_int_equal(symlink("/dev/zero", fixture->path), 0);
    assert_int_not_equal(server_key_load(fixture->directory, &fixture->entropy, &key, &why),
                         STATUS_OK);
    assert_string_equal(why, "server.key cannot be opened");
}

static void a_directory_is_made_and_had_by_one(void **state)
{
    struct fixture *fixture = *state;
    char path[PATH_BYTES * 2];
    struct data_dir first;
    struct data_dir second;
    struct stat about;

    snprintf(path, sizeof path, "%s/a/b", fixture->directory);
    assert_int_equal(data_dir_open(path, &first), STATUS_OK);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(data_dir_open(path, &second), STATUS_BUSY);
    assert_int_equal(second.holder, getpid());
    data_dir_close(&first);
    assert_int_equal(data_dir_open(path, &second), STATUS_OK);
    data_dir_close(&second);
    snprintf(fixture->path, sizeof fixture->path, "%s/kringd.lock", path);
    assert_int_equal(unlink(fixture->path), 0);
    assert_int_equal(rmdir(path), 0);
    snprintf(path, sizeof path, "%s/a", fixture->directory);
    assert_int_equal(rmdir(path), 0);
}

static void a_file_is_no_directory(void **state)
{
    struct data_dir dir;

    (void)state;
    assert_int_equal(data_dir_open("/dev/null", &dir), STATUS_NOT_FOUND);
    assert_int_equal(data_dir_open("/dev/null/below", &dir), STATUS_NOT_FOUND);
}

static void a_long_path_still_has_a_socket(void **state)
{
    struct fixture *fixture = *state;
    char out[DATA_DIR_SOCKET_BYTES_MAX];
    char path[PATH_BYTES + 256];
    struct stat direct;
    struct stat roundabout;
    int fd = -1;

    assert_int_equal(data_dir_socket(fixture->directory, "kringd.sock", out, &fd), STATUS_OK);
    assert_int_equal(fd, -1);
    strcpy(path, fixture->directory);
    while (strlen(path) < 150) {
        strcat(path, "/.");
    }
    assert_int_equal(data_dir_socket(path, ".", out, &fd), STATUS_OK);
    assert_true(fd >= 0);
    assert_int_equal(stat(fixture->directory, &direct), 0);
    assert_int_equal(stat(out, &roundabout), 0);
    assert_int_equal(direct.st_ino, roundabout.st_ino);
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_made_once_and_kept, begin, end),
        cmocka_unit_test_setup_teardown(one_that_others_may_read_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(one_of_another_length_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_link_is_not_followed, begin, end),
        cmocka_unit_test_setup_teardown(a_directory_is_made_and_had_by_one, begin, end),
        cmocka_unit_test_setup_teardown(a_file_is_no_directory, begin, end),
        cmocka_unit_test_setup_teardown(a_long_path_still_has_a_socket, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/home.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/entropy.h"

enum { FILE_PATH_BYTES = 512 };

void home_begin(struct home *home)
{
    *home = (struct home){.path = "/tmp/kring-home-XXXXXX"};
    if (mkdtemp(home->path) == NULL) {
        abort();
    }
}

/* Calls back with the whole path of every file. */
static void each_file(const struct home *home, void (*visit)(const char *path, void *context),
                      void *context)
{
    DIR *directory = opendir(home->path);
    struct dirent *file;

    if (directory == NULL) {
        return;
    }
    while ((file = readdir(directory)) != NULL) {
        char path[FILE_PATH_BYTES];

        if (file->d_name[0] != '.') {
            (void)snprintf(path, sizeof path, "%s/%s", home->path, file->d_name);
            visit(path, context);
        }
    }
    (void)closedir(directory);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about;
    (void)type;
    (void)place;
    return remove(path);
}

void home_end(struct home *home)
{
    enum { FILES_OPEN_MAX = 8 };

    home_close(home);
    (void)chmod(home->path, 0700);
    (void)nftw(home->path, remove_one, FILES_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
}

enum status home_open(struct home *home)
{
    assert(home->local == NULL);
    return local_open(home->path, entropy_system(), home->detail, &home->local);
}

void home_close(struct home *home)
{
    local_close(home->local);
    home->local = NULL;
}

const char *home_file(const struct home *home, const char *name)
{
    static char path[FILE_PATH_BYTES];

    (void)snprintf(path, sizeof path, "%s/%s", home->path, name);
    return path;
}

void home_write(const struct home *home, const char *name, const void *data, size_t count,
                mode_t mode)
{
    int fd = open(home_file(home, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t written = fd < 0 ? -1 : write(fd, data, count);

    if (written != (ssize_t)count || fchmod(fd, mode) != 0) {
        abort();
    }
    (void)close(fd);
}

size_t home_read(const struct home *home, const char *name, void *out, size_t size)
{
    FILE *file = fopen(home_file(home, name), "rb");
    size_t count = file == NULL ? 0 : fread(out, 1, size, file);

    if (file != NULL) {
        (void)fclose(file);
    }
    return count;
}

off_t home_file_bytes(const struct home *home, const char *name)
{
    struct stat about;

    return stat(home_file(home, name), &about) == 0 ? about.st_size : -1;
}

struct search {
    const void *needle;
    size_t count;
    size_t found;
};

static void search_file(const char *path, void *context)
{
    struct search *search = context;
    struct stat about;
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    char *at = NULL;
    size_t left = 0;

    if (file != NULL && fstat(fileno(file), &about) == 0) {
        text = malloc((size_t)about.st_size + 1);
        left = text == NULL ? 0 : fread(text, 1, (size_t)about.st_size, file);
    }
    at = text;
    while (at != NULL && left > 0) {
        char *hit = memmem(at, left, search->needle, search->count);

        if (hit == NULL) {
            break;
        }
        search->found++;
        left -= (size_t)(hit + 1 - at);
        at = hit + 1;
    }
    free(text);
    if (file != NULL) {
        (void)fclose(file);
    }
}

size_t home_search(const struct home *home, const void *needle, size_t count)
{
    struct search search = {.needle = needle, .count = count};

    each_file(home, search_file, &search);
    return search.found;
}

size_t home_sql(const struct home *home, const char *sql, void *out, size_t size)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *statement = NULL;
    size_t count = 0;

    if (sqlite3_open(home_file(home, "kring.db"), &handle) != SQLITE_OK) {
        abort();
    }
    while (sql[0] != '\0') {
        if (sqlite3_prepare_v2(handle, sql, -1, &statement, &sql) != SQLITE_OK) {
            abort();
        }
        if (sqlite3_step(statement) == SQLITE_ROW && out != NULL) {
            count = (size_t)sqlite3_column_bytes(statement, 0);
            count = count < size ? count : size;
            memcpy(out, sqlite3_column_blob(statement, 0), count);
        }
        (void)sqlite3_finalize(statement);
    }
    (void)sqlite3_close(handle);
    return count;
}

/* ---- for cmocka ---- */

int home_setup(void **state)
{
    struct home *home = malloc(sizeof *home);

    if (home == NULL) {
        return -1;
    }
    home_begin(home);
    *state = home;
    return 0;
}

int home_teardown(void **state)
{
    home_end(*state);
    free(*state);
    return 0;
}

void home_make(struct home *home)
{
    assert_int_equal(home_open(home), STATUS_OK);
    assert_int_equal(local_set(home->local, "ticket", "mine"), STATUS_OK);
    home_close(home);
}

void home_assert_kept(struct home *home)
{
    char text[16];

    assert_int_equal(home_open(home), STATUS_OK);
    assert_int_equal(local_get(home->local, "ticket", text, sizeof text), STATUS_OK);
    assert_string_equal(text, "mine");
    home_close(home);
}

void home_assert_refused(struct home *home, enum status status, const char *sentence)
{
    assert_int_equal(home_open(home), status);
    if (strstr(home->detail, sentence) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", home->detail, sentence);
    }
}

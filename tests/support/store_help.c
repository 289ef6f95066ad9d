#include "tests/support/store_help.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEADLINE_MS = 30000, FILE_BYTES_MAX = 64 * 1024 * 1024 };

static void too_late(uv_timer_t *timer)
{
    (void)timer;
    fprintf(stderr, "the store gave no answer within %d ms\n", DEADLINE_MS);
    abort();
}

void store_help_begin(struct store_help *help)
{
    memset(help, 0, sizeof *help);
    strcpy(help->directory, "/tmp/kring-store-XXXXXX");
    if (mkdtemp(help->directory) == NULL || uv_loop_init(&help->loop) != 0) {
        abort();
    }
    (void)uv_timer_init(&help->loop, &help->deadline);
}

static void remove_files(const char *directory)
{
    DIR *files = opendir(directory);
    struct dirent *file;

    while (files != NULL && (file = readdir(files)) != NULL) {
        (void)unlinkat(dirfd(files), file->d_name, 0);
    }
    if (files != NULL) {
        (void)closedir(files);
    }
    (void)rmdir(directory);
}

void store_help_end(struct store_help *help)
{
    if (help->store != NULL) {
        store_help_stop(help);
    }
    uv_close((uv_handle_t *)&help->deadline, NULL);
    (void)uv_run(&help->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&help->loop) != 0) {
        abort();
    }
    remove_files(help->directory);
}

enum status store_help_open(struct store_help *help, const char *vfs, uint64_t free_bytes_min)
{
    struct store_options options = {
        .directory = help->directory, .vfs = vfs, .free_bytes_min = free_bytes_min};

    return store_open(&help->loop, &options, &help->store, NULL);
}

void store_help_stop(struct store_help *help)
{
    struct store_answer answer = {0};

    store_stop(help->store, store_help_done, &answer);
    help->store = NULL;
    store_help_await(help, &answer.come, 1);
}

static bool file_holds(int directory, const char *name, const void *bytes, size_t count)
{
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW);
    struct stat about;
    uint8_t *content = NULL;
    bool found = false;

    if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_size > FILE_BYTES_MAX) {
        goto out;
    }
    content = malloc((size_t)about.st_size + 1);
    if (content == NULL || read(fd, content, (size_t)about.st_size) != about.st_size) {
        abort();
    }
    found = memmem(content, (size_t)about.st_size, bytes, count) != NULL;
out:
    free(content);
    if (fd >= 0) {
        (void)close(fd);
    }
    return found;
}

bool store_help_disk_holds(const struct store_help *help, const void *bytes, size_t count)
{
    DIR *files = opendir(help->directory);
    struct dirent *file;
    bool found = false;

    if (files == NULL) {
        abort();
    }
    while (!found && (file = readdir(files)) != NULL) {
        found = file_holds(dirfd(files), file->d_name, bytes, count);
    }
    (void)closedir(files);
    return found;
}

void store_help_await(struct store_help *help, const size_t *come, size_t count)
{
    (void)uv_timer_start(&help->deadline, too_late, DEADLINE_MS, 0);
    while (*come < count) {
        (void)uv_run(&help->loop, UV_RUN_ONCE);
    }
    (void)uv_timer_stop(&help->deadline);
}

void store_help_done(void *context, enum status status)
{
    struct store_answer *answer = context;

    answer->come++;
    answer->status = status;
}

void store_help_appended(void *context, const struct batch *batch, enum status status)
{
    (void)batch;
    store_help_done(context, status);
}

enum status store_help_append(struct store_help *help, struct batch *batch)
{
    struct store_answer answer = {0};

    store_append(help->store, batch, store_help_appended, &answer);
    store_help_await(help, &answer.come, 1);
    return answer.status;
}

enum status store_help_put_ticket(struct store_help *help, const struct store_ticket *ticket)
{
    struct store_answer answer = {0};

    store_put_ticket(help->store, ticket, store_help_done, &answer);
    store_help_await(help, &answer.come, 1);
    return answer.status;
}

enum status store_help_purge(struct store_help *help, uint8_t session, uint64_t now_ms)
{
    struct store_answer answer = {0};
    uint8_t id[HASH_BYTES];

    store_help_session(session, id);
    store_purge(help->store, id, now_ms, store_help_done, &answer);
    store_help_await(help, &answer.come, 1);
    return answer.status;
}

static void copy_rows(void *context, const uint8_t *session, enum status status,
                      const struct row *rows, size_t count)
{
    struct store_rows_copy *copy = context;

    (void)session;
    copy->come++;
    copy->status = status;
    copy->rows = calloc(count + 1, sizeof *copy->rows);
    copy->count = count;
    for (size_t i = 0; i < count; i++) {
        uint8_t *bytes = malloc(rows[i].bytes.count + 1);

        if (copy->rows == NULL || bytes == NULL) {
            abort();
        }
        copy->rows[i] = rows[i];
        copy->rows[i].bytes.data = bytes;
        if (rows[i].bytes.count > 0) {
            memcpy(bytes, rows[i].bytes.data, rows[i].bytes.count);
        }
    }
}

void store_help_load(struct store_help *help, uint8_t session, struct store_rows_copy *copy_out)
{
    uint8_t id[HASH_BYTES];

    store_help_session(session, id);
    memset(copy_out, 0, sizeof *copy_out);
    store_load(help->store, id, copy_rows, copy_out);
    store_help_await(help, &copy_out->come, 1);
}

void store_help_forget(struct store_rows_copy *copy)
{
    for (size_t i = 0; i < copy->count; i++) {
        free((void *)copy->rows[i].bytes.data);
    }
    free(copy->rows);
    memset(copy, 0, sizeof *copy);
}

void store_help_session(uint8_t number, uint8_t out[HASH_BYTES])
{
    memset(out, number, HASH_BYTES);
}

struct batch *store_help_batch(uint8_t session)
{
    struct batch *batch = NULL;
    uint8_t id[HASH_BYTES];

    store_help_session(session, id);
    if (batch_create(id, &batch) != STATUS_OK) {
        abort();
    }
    return batch;
}

void store_help_add(struct batch *batch, const struct row *row)
{
    if (batch_add(batch, row) != STATUS_OK) {
        abort();
    }
}

void store_help_add_entry(struct batch *batch, uint16_t member, uint64_t index,
                          const char *text)
{
    struct row row = {.kind = member == 0 ? ROW_PUBLIC : ROW_OWN,
                      .member = member,
                      .index = index,
                      .time_ms = 1000 + index,
                      .bytes = {.data = (const uint8_t *)text, .count = strlen(text)}};

    bytes_put_u64(row.id, index);
    bytes_put_u16(row.id + 8, member);
    store_help_add(batch, &row);
}

struct batch *store_help_genesis(uint8_t session)
{
    struct batch *batch = store_help_batch(session);

    store_help_add(batch, &(struct row){.kind = ROW_SESSION, .time_ms = 9000});
    store_help_add_entry(batch, 0, 1, "genesis");
    return batch;
}

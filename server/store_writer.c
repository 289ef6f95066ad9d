#include "server/store_writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/disk.h"

struct queue {
    struct job *first;
    struct job **last;
};

struct store_writer {
    struct store_writer_options options;
    struct database *database; /* the thread's own while it runs */
    bool checkpoint_due;
    pthread_t thread;

    pthread_mutex_t mutex; /* over everything below */
    pthread_cond_t filled;
    struct queue waiting;
    struct queue finished;
    struct store_health health;
    uint32_t commit_us[WRITER_COMMITS_KEPT];
};

static void queue_init(struct queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_push(struct queue *queue, struct job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

static struct job *queue_pop(struct queue *queue)
{
    struct job *job = queue->first;

    queue->first = job->next;
    if (queue->first == NULL) {
        queue->last = &queue->first;
    }
    job->next = NULL;
    return job;
}

static uint64_t monotonic_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static bool batch_has(const struct batch *batch, enum row_kind kind)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->rows[i].kind == kind) {
            return true;
        }
    }
    return false;
}

/* Something that must be gone was deleted: also from the log. */
static bool batch_deletes(const struct batch *batch)
{
    return batch_has(batch, ROW_RELEASED) || batch_has(batch, ROW_DROPPED) ||
           batch_has(batch, ROW_PURGED);
}

/* The next jobs to do together: one, or as many batches as make a good transaction. What
 * deletes goes alone. Waits until there is one. */
static struct queue next_jobs(struct store_writer *writer)
{
    struct queue group;
    size_t rows = 0;
    size_t bytes = 0;

    queue_init(&group);
    (void)pthread_mutex_lock(&writer->mutex);
    while (writer->waiting.first == NULL) {
        (void)pthread_cond_wait(&writer->filled, &writer->mutex);
    }
    do {
        struct job *job = writer->waiting.first;
        bool alone = job->kind != JOB_APPEND || batch_deletes(job->batch);

        if (group.first != NULL && (alone || rows + job->batch->count > WRITER_GROUP_ROWS_MAX ||
                                    bytes + job->batch->bytes > WRITER_GROUP_BYTES_MAX)) {
            break;
        }
        queue_push(&group, queue_pop(&writer->waiting));
        if (alone) {
            break;
        }
        rows += job->batch->count;
        bytes += job->batch->bytes;
    } while (writer->waiting.first != NULL);
    (void)pthread_mutex_unlock(&writer->mutex);
    return group;
}

static void hand_back(struct store_writer *writer, struct queue *group)
{
    (void)pthread_mutex_lock(&writer->mutex);
    while (group->first != NULL) {
        queue_push(&writer->finished, queue_pop(group));
    }
    (void)pthread_mutex_unlock(&writer->mutex);
    writer->options.wake(writer->options.context);
}

static void fail_all(struct queue *group, enum status status)
{
    for (struct job *job = group->first; job != NULL; job = job->next) {
        job->status = status;
    }
}

/* The log goes back into the database. A full disk may need the ballast for that; it comes back
 * when there is room again. What does not succeed now is tried again after the next write. */
static void checkpoint(struct store_writer *writer)
{
    enum status status = database_checkpoint(writer->database);

    if (status == STATUS_NO_SPACE) {
        disk_ballast_release(writer->options.directory);
        status = database_checkpoint(writer->database);
    }
    writer->checkpoint_due = status != STATUS_OK;
}

/* Measures the disk; true when writing must be refused. */
static bool disk_is_full(struct store_writer *writer)
{
    uint64_t bytes = 0;
    bool full;

    if (disk_free_bytes(writer->options.directory, &bytes) != STATUS_OK) {
        return false; /* then the write itself will tell */
    }
    full = bytes < writer->options.free_bytes_min;
    (void)pthread_mutex_lock(&writer->mutex);
    writer->health.free_bytes = bytes;
    writer->health.full = full;
    (void)pthread_mutex_unlock(&writer->mutex);
    if (!full) {
        disk_ballast_keep(writer->options.directory, writer->options.free_bytes_min);
    }
    return full;
}

static void count_commit(struct store_writer *writer, uint64_t took_us)
{
    uint64_t bytes = database_file_bytes(writer->database);

    (void)pthread_mutex_lock(&writer->mutex);
    writer->commit_us[writer->health.commits % WRITER_COMMITS_KEPT] =
        took_us > UINT32_MAX ? UINT32_MAX : (uint32_t)took_us;
    writer->health.commits++;
    writer->health.file_bytes = bytes;
    (void)pthread_mutex_unlock(&writer->mutex);
}

static void note_trouble(struct store_writer *writer)
{
    (void)pthread_mutex_lock(&writer->mutex);
    writer->health.writable = !database_is_broken(writer->database);
    (void)pthread_mutex_unlock(&writer->mutex);
}

static enum status perform(struct store_writer *writer, struct job *job)
{
    switch (job->kind) {
    case JOB_APPEND:
        return database_apply(writer->database, job->batch);
    case JOB_PUT_TICKET:
        return database_put_ticket(writer->database, &job->ticket);
    case JOB_PURGE:
        return database_purge(writer->database, job->session, job->now_ms,
                              (struct bytes){.data = NULL, .count = 0});
    case JOB_LOAD:
        return database_load(writer->database, job->session, &job->rows);
    case JOB_SESSIONS:
        return database_list_sessions(writer->database, &job->sessions, &job->count);
    case JOB_TICKETS:
        return database_list_tickets(writer->database, &job->tickets, &job->count);
    case JOB_STOP:
        break;
    }
    return STATUS_OK;
}

/* One transaction. Each job gets its own refusal; what goes wrong for one of them otherwise, or
 * at the commit, goes wrong for all. */
static enum status write_group(struct store_writer *writer, struct queue *group)
{
    enum status status = database_begin(writer->database);

    for (struct job *job = group->first; job != NULL && status == STATUS_OK; job = job->next) {
        job->status = perform(writer, job);
        if (!database_in_transaction(writer->database) ||
            database_is_broken(writer->database) || job->status == STATUS_NOMEM ||
            job->status == STATUS_NO_SPACE || job->status == STATUS_IO) {
            status = job->status == STATUS_OK ? STATUS_IO : job->status;
        }
    }
    if (status == STATUS_OK) {
        status = database_commit(writer->database);
    } else {
        database_rollback(writer->database);
    }
    return status;
}

static bool makes_room(const struct job *job)
{
    return job->kind == JOB_PURGE ||
           (job->kind == JOB_APPEND && batch_has(job->batch, ROW_PURGED));
}

static void write_jobs(struct store_writer *writer, struct queue *group)
{
    struct job *first = group->first;
    bool deletes =
        first->kind == JOB_PURGE || (first->kind == JOB_APPEND && batch_deletes(first->batch));
    uint64_t started_us = monotonic_us();
    enum status status;

    if (disk_is_full(writer)) {
        if (!makes_room(first)) {
            fail_all(group, STATUS_NO_SPACE);
            return;
        }
        disk_ballast_release(writer->options.directory);
    }
    status = write_group(writer, group);
    if (status != STATUS_OK) {
        fail_all(group, status);
    } else {
        count_commit(writer, monotonic_us() - started_us);
    }
    if (deletes || status == STATUS_NO_SPACE || writer->checkpoint_due) {
        checkpoint(writer);
    }
    note_trouble(writer);
}

static bool is_writing(enum job_kind kind)
{
    return kind == JOB_APPEND || kind == JOB_PUT_TICKET || kind == JOB_PURGE;
}

static void *run(void *argument)
{
    struct store_writer *writer = argument;
    bool stopping = false;

    while (!stopping) {
        struct queue group = next_jobs(writer);

        stopping = group.first->kind == JOB_STOP;
        if (database_is_broken(writer->database) && !stopping) {
            fail_all(&group, STATUS_IO);
        } else if (is_writing(group.first->kind)) {
            write_jobs(writer, &group);
        } else if (!stopping) {
            group.first->status = perform(writer, group.first);
            note_trouble(writer);
        } else {
            checkpoint(writer);
            database_close(writer->database);
        }
        hand_back(writer, &group);
    }
    return NULL;
}

static enum status start_thread(struct store_writer *writer)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);

    if (error != 0) {
        return STATUS_NOMEM;
    }
    error = pthread_attr_setstacksize(&attributes, WRITER_STACK_BYTES);
    if (error == 0) {
        error = pthread_create(&writer->thread, &attributes, run, writer);
    }
    (void)pthread_attr_destroy(&attributes);
    return error == 0 ? STATUS_OK : STATUS_NOMEM;
}

enum status store_writer_start(struct database *database,
                               const struct store_writer_options *options,
                               struct store_writer **writer_out)
{
    struct store_writer *writer = calloc(1, sizeof *writer);
    enum status status;

    if (writer == NULL) {
        return STATUS_NOMEM;
    }
    writer->options = *options;
    writer->database = database;
    writer->health.writable = true;
    writer->health.file_bytes = database_file_bytes(database);
    queue_init(&writer->waiting);
    queue_init(&writer->finished);
    (void)pthread_mutex_init(&writer->mutex, NULL);
    (void)pthread_cond_init(&writer->filled, NULL);
    (void)disk_is_full(writer);
    status = start_thread(writer);
    if (status == STATUS_OK) {
        *writer_out = writer;
        return STATUS_OK;
    }
    (void)pthread_cond_destroy(&writer->filled);
    (void)pthread_mutex_destroy(&writer->mutex);
    free(writer);
    return status;
}

void store_writer_join(struct store_writer *writer)
{
    (void)pthread_join(writer->thread, NULL);
    assert(writer->waiting.first == NULL);
    (void)pthread_cond_destroy(&writer->filled);
    (void)pthread_mutex_destroy(&writer->mutex);
    free(writer);
}

void store_writer_give(struct store_writer *writer, struct job *job)
{
    (void)pthread_mutex_lock(&writer->mutex);
    queue_push(&writer->waiting, job);
    (void)pthread_cond_signal(&writer->filled);
    (void)pthread_mutex_unlock(&writer->mutex);
}

struct job *store_writer_take(struct store_writer *writer)
{
    struct job *jobs;

    (void)pthread_mutex_lock(&writer->mutex);
    jobs = writer->finished.first;
    queue_init(&writer->finished);
    (void)pthread_mutex_unlock(&writer->mutex);
    return jobs;
}

static int compare_us(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

void store_writer_health(struct store_writer *writer, struct store_health *health_out)
{
    uint32_t sorted[WRITER_COMMITS_KEPT];
    size_t count;

    (void)pthread_mutex_lock(&writer->mutex);
    *health_out = writer->health;
    memcpy(sorted, writer->commit_us, sizeof sorted);
    (void)pthread_mutex_unlock(&writer->mutex);
    count = health_out->commits < WRITER_COMMITS_KEPT ? (size_t)health_out->commits
                                                      : WRITER_COMMITS_KEPT;
    if (count > 0) {
        qsort(sorted, count, sizeof *sorted, compare_us);
        health_out->commit_us_p50 = sorted[count / 2];
        health_out->commit_us_p99 = sorted[count * 99 / 100];
        health_out->commit_us_max = sorted[count - 1];
    }
}

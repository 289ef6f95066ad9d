#include "server/store.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "server/database.h"
#include "server/store_writer.h"

struct store {
    uv_async_t woken;
    struct store_writer *writer;
    char *directory;       /* owned */
    struct job *jobs;      /* owned, STORE_JOBS_MAX of them, touched as they are used */
    struct job *free_jobs; /* given back */
    size_t jobs_used;      /* ever */
    bool stopping;
    store_done *stopped;
    void *stopped_context;
};

/* Jobs come from a pool, so that asking cannot fail: how many may be under way is agreed. */
static struct job *new_job(struct store *store, enum job_kind kind, void *context)
{
    struct job *job = store->free_jobs;

    if (job != NULL) {
        store->free_jobs = job->next;
    } else {
        assert(store->jobs_used < STORE_JOBS_MAX);
        job = &store->jobs[store->jobs_used++];
    }
    *job = (struct job){.kind = kind, .context = context};
    return job;
}

static void give(struct store *store, struct job *job)
{
    assert(!store->stopping || job->kind == JOB_STOP);
    store_writer_give(store->writer, job);
}

static void free_job(struct store *store, struct job *job)
{
    batch_destroy(job->batch);
    database_rows_free(&job->rows);
    free(job->sessions);
    free(job->tickets);
    job->next = store->free_jobs;
    store->free_jobs = job;
}

static void free_store(struct store *store)
{
    free(store->jobs);
    free(store->directory);
    free(store);
}

static void after_close(uv_handle_t *handle)
{
    struct store *store = handle->data;
    store_done *stopped = store->stopped;
    void *context = store->stopped_context;

    free_store(store);
    if (stopped != NULL) {
        stopped(context, STATUS_OK);
    }
}

static void answer(struct store *store, struct job *job)
{
    switch (job->kind) {
    case JOB_APPEND:
        job->callback.appended(job->context, job->batch, job->status);
        break;
    case JOB_PUT_TICKET:
    case JOB_PURGE:
        job->callback.done(job->context, job->status);
        break;
    case JOB_LOAD:
        job->callback.rows(job->context, job->session, job->status, job->rows.items,
                           job->rows.count);
        break;
    case JOB_SESSIONS:
        job->callback.sessions(job->context, job->status, job->sessions, job->count);
        break;
    case JOB_TICKETS:
        job->callback.tickets(job->context, job->status, job->tickets, job->count);
        break;
    case JOB_STOP:
        store_writer_join(store->writer);
        store->writer = NULL;
        uv_close((uv_handle_t *)&store->woken, after_close);
        break;
    }
}

/* Wake-ups coalesce: take all there is. */
static void on_woken(uv_async_t *async)
{
    struct store *store = async->data;
    struct job *job = store_writer_take(store->writer);

    while (job != NULL) {
        struct job *next = job->next;

        answer(store, job);
        free_job(store, job);
        job = next;
    }
}

static void wake(void *context)
{
    struct store *store = context;

    (void)uv_async_send(&store->woken);
}

static enum status open_database(const struct store_options *options,
                                 struct database **database_out, const char **detail_out)
{
    char path[PATH_MAX];
    int count = snprintf(path, sizeof path, "%s/kring.db", options->directory);

    if (count < 0 || (size_t)count >= sizeof path) {
        *detail_out = "the path of the data directory is too long";
        return STATUS_NOT_FOUND;
    }
    return database_open(path, options->vfs, database_out, detail_out);
}

enum status store_open(struct uv_loop_s *loop, const struct store_options *options,
                       struct store **store_out, const char **detail_out)
{
    const char *detail = "out of memory";
    struct database *database = NULL;
    struct store *store = calloc(1, sizeof *store);
    struct store_writer_options writer_options = {
        .free_bytes_min = options->free_bytes_min, .wake = wake, .context = store};
    enum status status = STATUS_NOMEM;

    if (store == NULL) {
        goto out;
    }
    store->jobs = calloc(STORE_JOBS_MAX, sizeof *store->jobs);
    store->directory = strdup(options->directory);
    writer_options.directory = store->directory;
    if (store->jobs == NULL || store->directory == NULL) {
        goto out;
    }
    status = open_database(options, &database, &detail);
    if (status != STATUS_OK) {
        goto out;
    }
    status = STATUS_NOMEM;
    detail = "out of memory";
    if (uv_async_init(loop, &store->woken, on_woken) != 0) {
        goto out;
    }
    store->woken.data = store;
    status = store_writer_start(database, &writer_options, &store->writer);
    if (status == STATUS_OK) {
        *store_out = store;
        return STATUS_OK;
    }
    uv_close((uv_handle_t *)&store->woken, after_close);
    store = NULL; /* the callback frees it */
out:
    database_close(database);
    if (store != NULL) {
        free_store(store);
    }
    if (detail_out != NULL) {
        *detail_out = detail;
    }
    return status;
}

void store_stop(struct store *store, store_done *done, void *context)
{
    assert(!store->stopping);
    store->stopping = true;
    store->stopped = done;
    store->stopped_context = context;
    give(store, new_job(store, JOB_STOP, NULL));
}

void store_append(struct store *store, struct batch *batch, store_appended *done, void *context)
{
    struct job *job = new_job(store, JOB_APPEND, context);

    job->batch = batch;
    job->callback.appended = done;
    give(store, job);
}

void store_load(struct store *store, const uint8_t session[HASH_BYTES], store_rows *done,
                void *context)
{
    struct job *job = new_job(store, JOB_LOAD, context);

    memcpy(job->session, session, HASH_BYTES);
    job->callback.rows = done;
    give(store, job);
}

void store_list_sessions(struct store *store, store_sessions *done, void *context)
{
    struct job *job = new_job(store, JOB_SESSIONS, context);

    job->callback.sessions = done;
    give(store, job);
}

void store_list_tickets(struct store *store, store_tickets *done, void *context)
{
    struct job *job = new_job(store, JOB_TICKETS, context);

    job->callback.tickets = done;
    give(store, job);
}

void store_put_ticket(struct store *store, const struct store_ticket *ticket, store_done *done,
                      void *context)
{
    struct job *job = new_job(store, JOB_PUT_TICKET, context);

    job->ticket = *ticket;
    job->callback.done = done;
    give(store, job);
}

void store_purge(struct store *store, const uint8_t session[HASH_BYTES], uint64_t now_ms,
                 store_done *done, void *context)
{
    struct job *job = new_job(store, JOB_PURGE, context);

    memcpy(job->session, session, HASH_BYTES);
    job->now_ms = now_ms;
    job->callback.done = done;
    give(store, job);
}

void store_health(struct store *store, struct store_health *health_out)
{
    store_writer_health(store->writer, health_out);
}

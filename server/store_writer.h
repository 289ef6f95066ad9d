/* server/store_writer.h -- the thread that writes: takes jobs in the order they were given,
 * makes one transaction of the batches that are ready (group commit), and hands the jobs back.
 * Knows nothing of loops; store.c does. All jobs are its own between give and take.
 *
 *   loop's thread  --store_writer_give-->  queue  --writer thread-->  finished
 * --store_writer_take-->
 *                                                     `-- wake() once there is something */
#ifndef SERVER_STORE_WRITER_H
#define SERVER_STORE_WRITER_H

#include "common/status.h"
#include "server/database.h"
#include "server/store.h"

enum {
    WRITER_GROUP_ROWS_MAX = 256,
    WRITER_GROUP_BYTES_MAX = 1024 * 1024,
    WRITER_COMMITS_KEPT = 1024, /* for the percentiles */
    WRITER_STACK_BYTES = 512 * 1024,
};

enum job_kind {
    JOB_APPEND,
    JOB_LOAD,
    JOB_SESSIONS,
    JOB_TICKETS,
    JOB_PUT_TICKET,
    JOB_PURGE,
    JOB_STOP,
};

struct job {
    struct job *next;
    enum job_kind kind;
    enum status status; /* how it went */
    union {
        store_done *done;
        store_appended *appended;
        store_rows *rows;
        store_sessions *sessions;
        store_tickets *tickets;
    } callback;
    void *context;

    /* what is asked */
    uint8_t session[HASH_BYTES];
    uint64_t now_ms;
    struct batch *batch; /* owned */
    struct store_ticket ticket;

    /* what came of it; owned */
    struct database_rows rows;
    struct store_session *sessions;
    struct store_ticket *tickets;
    size_t count;
};

struct store_writer_options {
    const char *directory; /* borrowed as long as the writer lives */
    uint64_t free_bytes_min;
    void (*wake)(void *context); /* on the writer's thread */
    void *context;
};

struct store_writer; /* opaque */

/* The database becomes the writer's, if this succeeds. Errors: STATUS_NOMEM, STATUS_IO. */
MUST_CHECK enum status store_writer_start(struct database *database,
                                          const struct store_writer_options *options,
                                          struct store_writer **writer_out);
/* After JOB_STOP was taken: joins the thread, which has closed the database. */
void store_writer_join(struct store_writer *writer);

/* Never blocks for long; the job comes back through store_writer_take(). */
void store_writer_give(struct store_writer *writer, struct job *job);
/* All that is finished, in order; NULL when nothing is. */
struct job *store_writer_take(struct store_writer *writer);

void store_writer_health(struct store_writer *writer, struct store_health *health_out);

#endif

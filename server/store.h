/* server/store.h -- where sessions are durable: SQLite behind one writer thread. Nothing else
 * knows SQL. Every function but open, start and stop is asynchronous: it queues and returns,
 * and its callback runs on the loop's thread.
 *
 * The writer takes what all sessions have ready, makes one transaction of it (group commit),
 * and wakes the loop. Acknowledged means durable: WAL, synchronous=FULL. After an I/O error or
 * corruption it takes nothing more: every later callback gets STATUS_IO, and health says so.
 * Another store (PostgreSQL) can stand behind the same functions. */
#ifndef SERVER_STORE_H
#define SERVER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "server/batch.h"

/* Asked and not yet answered, at most: a batch and a load per loaded session, and some for the
 * administrator. */
enum { STORE_JOBS_MAX = 4096 };

struct uv_loop_s;
struct store; /* opaque */

struct store_options {
    const char *directory; /* must exist; the database is kring.db in it, locked exclusively */
    const char *vfs;       /* NULL: SQLite's own; tests name one that forgets unsynced writes */
    uint64_t
        free_bytes_min; /* below this much free disk, batches are refused: STATUS_NO_SPACE */
};

struct store_session {
    uint8_t session[HASH_BYTES];
    uint64_t created_ms;
    uint64_t retention_ms;
    uint64_t purged_ms; /* 0: not */
    uint64_t entries;
    uint64_t bytes;
};

struct store_ticket {
    char label[TICKET_LABEL_BYTES_MAX + 1];
    uint8_t key[KEY_BYTES];
    uint32_t uses;
    uint32_t uses_left;
    uint64_t created_ms;
    uint64_t expiry_ms;
};

struct store_health {
    bool writable; /* false: the disk or the file failed, nothing is taken any more */
    bool full;     /* the disk is nearly full: batches are refused */
    uint64_t file_bytes;
    uint64_t free_bytes;
    uint64_t commits;
    uint64_t commit_us_p50, commit_us_p99, commit_us_max; /* of the last 1024 */
};

typedef void store_done(void *context, enum status status);
typedef void store_appended(void *context, const struct batch *batch, enum status status);
typedef void store_rows(void *context, const uint8_t session[HASH_BYTES], enum status status,
                        const struct row *rows, size_t count);
typedef void store_sessions(void *context, enum status status,
                            const struct store_session *sessions, size_t count);
typedef void store_tickets(void *context, enum status status,
                           const struct store_ticket *tickets, size_t count);

/* Opens or makes the database and starts the writer. Errors: STATUS_BUSY (another process holds
 * it), STATUS_NOT_FOUND, STATUS_PERMISSION, STATUS_NO_SPACE, STATUS_VERSION (made by a newer
 * kringd), STATUS_IO, STATUS_NOMEM; `detail_out` (may be NULL) gets a sentence to show, static.
 */
MUST_CHECK enum status store_open(struct uv_loop_s *loop, const struct store_options *options,
                                  struct store **store_out, const char **detail_out);

/* Finishes what is queued, checkpoints, joins the writer and frees the store; `done` runs last.
 */
void store_stop(struct store *store, store_done *done, void *context);

/* Makes the batch durable. The batch becomes the store's, and may be looked at until the
 * callback returns.
 * Status: STATUS_OK, STATUS_DUPLICATE (an id), STATUS_CONFLICT (an index is not the next),
 * STATUS_USED_UP (the ticket), STATUS_EXISTS and STATUS_NOT_FOUND (the session), STATUS_PURGED,
 * STATUS_NO_SPACE, STATUS_IO, STATUS_NOMEM. */
void store_append(struct store *store, struct batch *batch, store_appended *done,
                  void *context);

/* Rows as hub_loaded() wants them; borrowed until the callback returns. */
void store_load(struct store *store, const uint8_t session[HASH_BYTES], store_rows *done,
                void *context);

void store_list_sessions(struct store *store, store_sessions *done, void *context);
void store_list_tickets(struct store *store, store_tickets *done, void *context);
/* A new ticket, or the same label with uses_left 0: withdrawn. Errors: STATUS_EXISTS,
 * STATUS_NOT_FOUND. */
void store_put_ticket(struct store *store, const struct store_ticket *ticket, store_done *done,
                      void *context);
/* Deletes a session's rows, truncates the WAL; the tombstone row keeps id and date.
 * Errors: STATUS_NOT_FOUND, STATUS_PURGED (before), STATUS_IO, STATUS_NO_SPACE. */
void store_purge(struct store *store, const uint8_t session[HASH_BYTES], uint64_t now_ms,
                 store_done *done, void *context);

void store_health(struct store *store, struct store_health *health_out); /* at once */

#endif

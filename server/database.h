/* server/database.h -- the tables behind the store, and the only place that knows SQL. Every
 * function blocks; only the store's writer thread calls them (and tests). Nothing here knows of
 * threads or loops.
 *
 *   IDLE --begin--> IN TRANSACTION --apply*, commit | rollback--> IDLE
 *   any --I/O error, corruption--> BROKEN (final): every later call gives STATUS_IO
 *
 * Rules it keeps:
 *  1. A batch goes in whole or not at all; one that is refused takes no other with it.
 *  2. Indexes of a stream are 1, 2, 3, ... without gaps; an id occurs once in a stream.
 *  3. After any error it is known whether the transaction is still open: SQLite may have rolled
 *     it back by itself, and then the next INSERT would be durable alone. */
#ifndef SERVER_DATABASE_H
#define SERVER_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "server/batch.h"
#include "server/store.h"

struct database; /* opaque */

/* What was read; owned by the caller: database_rows_free() it. Zeroed is empty. */
struct database_rows {
    struct row *items;
    size_t count;
    size_t capacity;
};

/* vfs: NULL is SQLite's own. Makes the tables in an empty file.
 * Errors: STATUS_BUSY, STATUS_NOT_FOUND, STATUS_PERMISSION, STATUS_NO_SPACE, STATUS_VERSION,
 * STATUS_IO, STATUS_NOMEM; *detail_out gets a sentence for it, static. */
MUST_CHECK enum status database_open(const char *path, const char *vfs,
                                     struct database **database_out, const char **detail_out);
/* Rolls back what is open. NULL is fine. */
void database_close(struct database *database);

/* Errors: STATUS_NO_SPACE, STATUS_IO, STATUS_NOMEM. After one of commit nothing is durable,
 * unless the disk itself failed (STATUS_IO): then it is not known, and the database broken. */
MUST_CHECK enum status database_begin(struct database *database);
MUST_CHECK enum status database_commit(struct database *database);
void database_rollback(struct database *database);
bool database_in_transaction(const struct database *database);
bool database_is_broken(const struct database *database);

/* In a transaction. Refused, and the transaction goes on: STATUS_DUPLICATE, STATUS_CONFLICT,
 * STATUS_USED_UP, STATUS_PURGED, STATUS_NOT_FOUND, STATUS_EXISTS. Errors after which the whole
 * transaction must be given up: STATUS_NO_SPACE, STATUS_IO, STATUS_NOMEM. */
MUST_CHECK enum status database_apply(struct database *database, const struct batch *batch);
/* As store_put_ticket() and store_purge(), in a transaction. */
MUST_CHECK enum status database_put_ticket(struct database *database,
                                           const struct store_ticket *ticket);
MUST_CHECK enum status database_purge(struct database *database,
                                      const uint8_t session[HASH_BYTES], uint64_t now_ms,
                                      struct bytes tombstone);

/* Moves everything from the log into the database and empties the log. Errors: as commit. */
MUST_CHECK enum status database_checkpoint(struct database *database);

/* As store_load(), store_list_sessions(), store_list_tickets(); outside a transaction. The
 * caller frees what it gets. Errors: STATUS_NOT_FOUND and STATUS_PURGED (of load; purged comes
 * with one row), STATUS_IO, STATUS_NOMEM. */
MUST_CHECK enum status database_load(struct database *database,
                                     const uint8_t session[HASH_BYTES],
                                     struct database_rows *rows_out);
MUST_CHECK enum status database_list_sessions(struct database *database,
                                              struct store_session **sessions_out,
                                              size_t *count_out);
MUST_CHECK enum status database_list_tickets(struct database *database,
                                             struct store_ticket **tickets_out,
                                             size_t *count_out);
void database_rows_free(struct database_rows *rows);

/* Bytes of the database and its log. */
uint64_t database_file_bytes(const struct database *database);

#endif

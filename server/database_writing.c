#include "server/database_private.h"

#include <assert.h>

/* An entry's place in the table: stream 0 is public, n is member n's own. */
static uint64_t stream_of(const struct row *row)
{
    return row->kind == ROW_PUBLIC ? 0 : row->member;
}

/* A session was created when its genesis was. */
static uint64_t created_ms(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->rows[i].kind == ROW_PUBLIC) {
            return batch->rows[i].time_ms;
        }
    }
    return 0;
}

static enum status add_session(struct database *database, const struct batch *batch,
                               const struct row *row, struct database_session *session)
{
    int code;

    if (session->number != 0) {
        return session->purged_ms != 0 ? STATUS_PURGED : STATUS_EXISTS;
    }
    database_bind_blob(database, SQL_ADD_SESSION, 1, batch->session, HASH_BYTES);
    database_bind_u64(database, SQL_ADD_SESSION, 2, created_ms(batch));
    database_bind_u64(database, SQL_ADD_SESSION, 3, row->time_ms);
    code = database_run(database, SQL_ADD_SESSION);
    if (code != SQLITE_DONE) {
        return database_status(database, code);
    }
    session->number = sqlite3_last_insert_rowid(database->handle);
    return STATUS_OK;
}

/* Is this id in the stream already? Else it was the index that clashed. */
static enum status why_refused(struct database *database, int64_t session,
                               const struct row *row)
{
    int code;

    database_bind_u64(database, SQL_FIND_ENTRY, 1, (uint64_t)session);
    database_bind_u64(database, SQL_FIND_ENTRY, 2, stream_of(row));
    database_bind_blob(database, SQL_FIND_ENTRY, 3, row->id, ID_BYTES);
    code = database_run(database, SQL_FIND_ENTRY);
    if (code == SQLITE_ROW) {
        return STATUS_DUPLICATE;
    }
    return code == SQLITE_DONE ? STATUS_CONFLICT : database_status(database, code);
}

static enum status add_entry(struct database *database, int64_t session, const struct row *row)
{
    int code;

    database_bind_u64(database, SQL_ADD_ENTRY, 1, (uint64_t)session);
    database_bind_u64(database, SQL_ADD_ENTRY, 2, stream_of(row));
    database_bind_u64(database, SQL_ADD_ENTRY, 3, row->index);
    database_bind_blob(database, SQL_ADD_ENTRY, 4, row->id, ID_BYTES);
    database_bind_u64(database, SQL_ADD_ENTRY, 5, row->time_ms);
    database_bind_blob(database, SQL_ADD_ENTRY, 6, row->bytes.data, row->bytes.count);
    code = database_run(database, SQL_ADD_ENTRY);
    if (code == SQLITE_CONSTRAINT_UNIQUE ||
        (code == SQLITE_DONE && sqlite3_changes(database->handle) == 0)) {
        return why_refused(database, session, row);
    }
    return code == SQLITE_DONE ? STATUS_OK : database_status(database, code);
}

static enum status put_waiting(struct database *database, int64_t session,
                               const struct row *row)
{
    int code;

    database_bind_u64(database, SQL_PUT_WAITING, 1, (uint64_t)session);
    database_bind_u64(database, SQL_PUT_WAITING, 2, row->step);
    database_bind_u64(database, SQL_PUT_WAITING, 3, row->member);
    database_bind_u64(database, SQL_PUT_WAITING, 4, row->behalf);
    database_bind_u64(database, SQL_PUT_WAITING, 5, row->edit);
    database_bind_blob(database, SQL_PUT_WAITING, 6, row->id, ID_BYTES);
    database_bind_u64(database, SQL_PUT_WAITING, 7, row->time_ms);
    database_bind_blob(database, SQL_PUT_WAITING, 8, row->bytes.data, row->bytes.count);
    code = database_run(database, SQL_PUT_WAITING);
    return code == SQLITE_DONE ? STATUS_OK : database_status(database, code);
}

static enum status put_done(struct database *database, int64_t session, const struct row *row)
{
    enum statement which = row->edit == 0 ? SQL_DROP_DONE : SQL_PUT_DONE;
    int code;

    database_bind_u64(database, which, 1, (uint64_t)session);
    database_bind_u64(database, which, 2, row->step);
    database_bind_u64(database, which, 3, row->member);
    if (which == SQL_PUT_DONE) {
        database_bind_u64(database, which, 4, row->time_ms);
    }
    code = database_run(database, which);
    return code == SQLITE_DONE ? STATUS_OK : database_status(database, code);
}

/* A deletion of one session's rows, narrowed by `value` unless the statement has only one. */
static enum status drop(struct database *database, enum statement which, int64_t session,
                        uint64_t value)
{
    int code;

    database_bind_u64(database, which, 1, (uint64_t)session);
    if (sqlite3_bind_parameter_count(database->statements[which]) > 1) {
        database_bind_u64(database, which, 2, value);
    }
    code = database_run(database, which);
    return code == SQLITE_DONE ? STATUS_OK : database_status(database, code);
}

static enum status use_ticket(struct database *database, const struct row *row)
{
    int code;

    database_bind_blob(database, SQL_USE_TICKET, 1, row->bytes.data, row->bytes.count);
    code = database_run(database, SQL_USE_TICKET);
    if (code != SQLITE_DONE) {
        return database_status(database, code);
    }
    return sqlite3_changes(database->handle) == 1 ? STATUS_OK : STATUS_USED_UP;
}

static enum status purge(struct database *database, int64_t session, uint64_t now_ms,
                         struct bytes tombstone)
{
    static const enum statement deletions[] = {SQL_PURGE_ENTRIES, SQL_PURGE_WAITING,
                                               SQL_PURGE_DONE};
    enum status status = STATUS_OK;
    int code;

    for (size_t i = 0; i < sizeof deletions / sizeof *deletions && status == STATUS_OK; i++) {
        status = drop(database, deletions[i], session, 0);
    }
    if (status != STATUS_OK) {
        return status;
    }
    database_bind_u64(database, SQL_PURGE_SESSION, 1, (uint64_t)session);
    database_bind_u64(database, SQL_PURGE_SESSION, 2, now_ms == 0 ? 1 : now_ms);
    database_bind_blob(database, SQL_PURGE_SESSION, 3, tombstone.data, tombstone.count);
    code = database_run(database, SQL_PURGE_SESSION);
    return code == SQLITE_DONE ? STATUS_OK : database_status(database, code);
}

static enum status keep(struct database *database, int64_t session, uint64_t until_ms)
{
    int code;

    database_bind_u64(database, SQL_KEEP_SESSION, 1, (uint64_t)session);
    database_bind_u64(database, SQL_KEEP_SESSION, 2, until_ms);
    code = database_run(database, SQL_KEEP_SESSION);
    return code == SQLITE_DONE ? STATUS_OK : database_status(database, code);
}

static enum status apply_row(struct database *database, const struct batch *batch,
                             const struct row *row, struct database_session *session)
{
    if (row->kind == ROW_SESSION) {
        return add_session(database, batch, row, session);
    }
    if (row->kind == ROW_TICKET) {
        return use_ticket(database, row);
    }
    if (session->number == 0) {
        return STATUS_NOT_FOUND;
    }
    if (session->purged_ms != 0) {
        return STATUS_PURGED;
    }
    switch (row->kind) {
    case ROW_PUBLIC:
    case ROW_OWN:
        return add_entry(database, session->number, row);
    case ROW_WAITING:
        return put_waiting(database, session->number, row);
    case ROW_RELEASED:
        return drop(database, SQL_DROP_STEP, session->number, row->step);
    case ROW_DROPPED:
        return drop(database, SQL_DROP_MEMBER, session->number, row->member);
    case ROW_DONE:
        return put_done(database, session->number, row);
    case ROW_PURGED:
        return purge(database, session->number, row->time_ms, row->bytes);
    case ROW_KEPT:
        return keep(database, session->number, row->time_ms);
    case ROW_SESSION:
    case ROW_TICKET:
        break; /* above */
    }
    assert(false); /* a row of no kind */
    return STATUS_UNKNOWN;
}

static enum status apply_rows(struct database *database, const struct batch *batch)
{
    struct database_session session = {0};
    uint64_t entries = 0;
    uint64_t bytes = 0;
    enum status status = database_find_session(database, batch->session, &session);
    int code;

    if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    for (size_t i = 0; i < batch->count && status == STATUS_OK; i++) {
        const struct row *row = &batch->rows[i];

        status = apply_row(database, batch, row, &session);
        if (row->kind == ROW_PUBLIC || row->kind == ROW_OWN) {
            entries++;
            bytes += row->bytes.count;
        }
    }
    if (status != STATUS_OK || entries == 0) {
        return status;
    }
    database_bind_u64(database, SQL_COUNT_SESSION, 1, (uint64_t)session.number);
    database_bind_u64(database, SQL_COUNT_SESSION, 2, entries);
    database_bind_u64(database, SQL_COUNT_SESSION, 3, bytes);
    code = database_run(database, SQL_COUNT_SESSION);
    return code == SQLITE_DONE ? STATUS_OK : database_status(database, code);
}

static bool is_refusal(enum status status)
{
    return status == STATUS_DUPLICATE || status == STATUS_CONFLICT ||
           status == STATUS_USED_UP || status == STATUS_PURGED || status == STATUS_NOT_FOUND ||
           status == STATUS_EXISTS;
}

enum status database_apply(struct database *database, const struct batch *batch)
{
    enum status status;
    enum status back;

    assert(database_in_transaction(database));
    status = database_status(database, database_run(database, SQL_SAVEPOINT));
    if (status != STATUS_OK) {
        return status;
    }
    status = apply_rows(database, batch);
    if (is_refusal(status)) {
        back = database_status(database, database_run(database, SQL_BACK));
        if (back != STATUS_OK) {
            return back;
        }
    } else if (status != STATUS_OK) {
        return status; /* the whole transaction goes */
    }
    back = database_status(database, database_run(database, SQL_KEEP));
    return back != STATUS_OK ? back : status;
}

enum status database_put_ticket(struct database *database, const struct store_ticket *ticket)
{
    enum statement which = ticket->uses_left == 0 ? SQL_WITHDRAW_TICKET : SQL_ADD_TICKET;
    int code;

    (void)sqlite3_bind_text(database->statements[which], 1, ticket->label, -1, SQLITE_STATIC);
    if (which == SQL_ADD_TICKET) {
        database_bind_blob(database, which, 2, ticket->key, KEY_BYTES);
        database_bind_u64(database, which, 3, ticket->uses);
        database_bind_u64(database, which, 4, ticket->uses_left);
        database_bind_u64(database, which, 5, ticket->created_ms);
        database_bind_u64(database, which, 6, ticket->expiry_ms);
    }
    code = database_run(database, which);
    if (code == SQLITE_CONSTRAINT_UNIQUE) {
        return STATUS_EXISTS;
    }
    if (code != SQLITE_DONE) {
        return database_status(database, code);
    }
    return sqlite3_changes(database->handle) == 1 ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status database_purge(struct database *database, const uint8_t session[HASH_BYTES],
                           uint64_t now_ms, struct bytes tombstone)
{
    struct database_session found = {0};
    enum status status = database_find_session(database, session, &found);

    if (status == STATUS_OK && found.purged_ms != 0) {
        status = STATUS_PURGED;
    }
    return status == STATUS_OK ? purge(database, found.number, now_ms, tombstone) : status;
}

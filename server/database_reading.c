#include "server/database_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS_FIRST = 64 };

enum status database_find_session(struct database *database, const uint8_t session[HASH_BYTES],
                                  struct database_session *session_out)
{
    sqlite3_stmt *statement = database->statements[SQL_FIND_SESSION];
    enum status status = STATUS_NOT_FOUND;
    int code;

    if (database->broken) {
        return STATUS_IO;
    }
    database_bind_blob(database, SQL_FIND_SESSION, 1, session, HASH_BYTES);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        session_out->number = sqlite3_column_int64(statement, 0);
        session_out->purged_ms = (uint64_t)sqlite3_column_int64(statement, 1);
        status = STATUS_OK;
    } else if (code != SQLITE_DONE) {
        status = database_status(database, code);
    }
    database_reset(database, SQL_FIND_SESSION);
    return status;
}

void database_rows_free(struct database_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free((void *)rows->items[i].bytes.data);
    }
    free(rows->items);
    *rows = (struct database_rows){0};
}

/* Makes room for one more of an array; count is how many there are. */
static void *grown(void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity == 0 ? ITEMS_FIRST : *capacity * 2;
    void *larger = items;

    if (count == *capacity) {
        larger = realloc(items, wanted * size);
        *capacity = larger == NULL ? *capacity : wanted;
    }
    return larger;
}

static enum status column_bytes(sqlite3_stmt *statement, int at, struct bytes *bytes_out)
{
    int count = sqlite3_column_bytes(statement, at);
    const void *data = sqlite3_column_blob(statement, at);
    uint8_t *copy = NULL;

    assert(count >= 0);
    if (count > 0) {
        copy = data == NULL ? NULL : malloc((size_t)count);
        if (copy == NULL) {
            return STATUS_NOMEM;
        }
        memcpy(copy, data, (size_t)count);
    }
    *bytes_out = (struct bytes){.data = copy, .count = (size_t)count};
    return STATUS_OK;
}

/* A blob of fixed length; another length in the file is damage. */
static enum status column_exact(sqlite3_stmt *statement, int at, uint8_t *out, size_t count)
{
    const void *data = sqlite3_column_blob(statement, at);

    if (data == NULL || (size_t)sqlite3_column_bytes(statement, at) != count) {
        return STATUS_IO;
    }
    memcpy(out, data, count);
    return STATUS_OK;
}

static uint64_t column_u64(sqlite3_stmt *statement, int at)
{
    int64_t value = sqlite3_column_int64(statement, at);

    return value < 0 ? 0 : (uint64_t)value;
}

static enum status read_entry(sqlite3_stmt *statement, struct row *row)
{
    enum status status;

    row->member = (uint16_t)column_u64(statement, 0);
    row->kind = row->member == 0 ? ROW_PUBLIC : ROW_OWN;
    row->index = column_u64(statement, 1);
    status = column_exact(statement, 2, row->id, ID_BYTES);
    row->time_ms = column_u64(statement, 3);
    return status == STATUS_OK ? column_bytes(statement, 4, &row->bytes) : status;
}

static enum status read_waiting(sqlite3_stmt *statement, struct row *row)
{
    enum status status;

    row->kind = ROW_WAITING;
    row->step = (uint16_t)column_u64(statement, 0);
    row->member = (uint16_t)column_u64(statement, 1);
    row->behalf = (uint8_t)column_u64(statement, 2);
    row->edit = (uint32_t)column_u64(statement, 3);
    status = column_exact(statement, 4, row->id, ID_BYTES);
    row->time_ms = column_u64(statement, 5);
    return status == STATUS_OK ? column_bytes(statement, 6, &row->bytes) : status;
}

static enum status read_done(sqlite3_stmt *statement, struct row *row)
{
    row->kind = ROW_DONE;
    row->step = (uint16_t)column_u64(statement, 0);
    row->member = (uint16_t)column_u64(statement, 1);
    row->edit = 1;
    row->time_ms = column_u64(statement, 2);
    return STATUS_OK;
}

static enum status read_tombstone(sqlite3_stmt *statement, struct row *row)
{
    row->kind = ROW_PURGED;
    row->time_ms = column_u64(statement, 0);
    return column_bytes(statement, 1, &row->bytes);
}

/* All rows of one statement over one session, appended. */
static enum status read_rows(struct database *database, enum statement which, int64_t session,
                             enum status (*read)(sqlite3_stmt *statement, struct row *row),
                             struct database_rows *rows)
{
    sqlite3_stmt *statement = database->statements[which];
    enum status status = STATUS_OK;
    int code = SQLITE_DONE;

    database_bind_u64(database, which, 1, (uint64_t)session);
    while (status == STATUS_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct row *items =
            grown(rows->items, rows->count, &rows->capacity, sizeof *rows->items);

        if (items == NULL) {
            status = STATUS_NOMEM;
            break;
        }
        rows->items = items;
        items[rows->count] = (struct row){0};
        status = read(statement, &items[rows->count]);
        rows->count += status == STATUS_OK;
    }
    if (status == STATUS_OK && code != SQLITE_DONE) {
        status = database_status(database, code);
    }
    database_reset(database, which);
    return status;
}

enum status database_load(struct database *database, const uint8_t session[HASH_BYTES],
                          struct database_rows *rows_out)
{
    struct database_session found = {0};
    struct database_rows rows = {0};
    enum status status = database_find_session(database, session, &found);

    if (status != STATUS_OK) {
        return status;
    }
    if (found.purged_ms != 0) {
        status = read_rows(database, SQL_READ_TOMBSTONE, found.number, read_tombstone, &rows);
        if (status == STATUS_OK) {
            *rows_out = rows;
            return STATUS_PURGED;
        }
    } else {
        status = read_rows(database, SQL_READ_ENTRIES, found.number, read_entry, &rows);
    }
    if (status == STATUS_OK) {
        status = read_rows(database, SQL_READ_WAITING, found.number, read_waiting, &rows);
    }
    if (status == STATUS_OK) {
        status = read_rows(database, SQL_READ_DONE, found.number, read_done, &rows);
    }
    if (status == STATUS_OK) {
        *rows_out = rows;
    } else {
        database_rows_free(&rows);
    }
    return status;
}

static enum status read_session(sqlite3_stmt *statement, void *item)
{
    struct store_session *session = item;

    session->created_ms = column_u64(statement, 1);
    session->retention_ms = column_u64(statement, 2);
    session->purged_ms = column_u64(statement, 3);
    session->entries = column_u64(statement, 4);
    session->bytes = column_u64(statement, 5);
    return column_exact(statement, 0, session->session, HASH_BYTES);
}

static enum status read_ticket(sqlite3_stmt *statement, void *item)
{
    struct store_ticket *ticket = item;
    const unsigned char *label = sqlite3_column_text(statement, 0);
    size_t count = (size_t)sqlite3_column_bytes(statement, 0);

    if (label == NULL || count > TICKET_LABEL_BYTES_MAX) {
        return label == NULL ? STATUS_NOMEM : STATUS_IO;
    }
    memcpy(ticket->label, label, count + 1);
    ticket->uses = (uint32_t)column_u64(statement, 2);
    ticket->uses_left = (uint32_t)column_u64(statement, 3);
    ticket->created_ms = column_u64(statement, 4);
    ticket->expiry_ms = column_u64(statement, 5);
    return column_exact(statement, 1, ticket->key, KEY_BYTES);
}

/* All rows of a statement without parameters, as items of `size` bytes. */
static enum status list(struct database *database, enum statement which,
                        enum status (*read)(sqlite3_stmt *statement, void *item), size_t size,
                        void **items_out, size_t *count_out)
{
    sqlite3_stmt *statement = database->statements[which];
    enum status status = database->broken ? STATUS_IO : STATUS_OK;
    uint8_t *items = NULL;
    size_t count = 0;
    size_t capacity = 0;
    int code = SQLITE_DONE;

    while (status == STATUS_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        uint8_t *larger = grown(items, count, &capacity, size);

        if (larger == NULL) {
            status = STATUS_NOMEM;
            break;
        }
        items = larger;
        memset(items + count * size, 0, size);
        status = read(statement, items + count * size);
        count += status == STATUS_OK;
    }
    if (status == STATUS_OK && code != SQLITE_DONE) {
        status = database_status(database, code);
    }
    database_reset(database, which);
    if (status == STATUS_OK) {
        *items_out = items;
        *count_out = count;
    } else {
        free(items);
    }
    return status;
}

enum status database_list_sessions(struct database *database,
                                   struct store_session **sessions_out, size_t *count_out)
{
    void *items = NULL;
    enum status status = list(database, SQL_LIST_SESSIONS, read_session,
                              sizeof(struct store_session), &items, count_out);

    if (status == STATUS_OK) {
        *sessions_out = items;
    }
    return status;
}

enum status database_list_tickets(struct database *database, struct store_ticket **tickets_out,
                                  size_t *count_out)
{
    void *items = NULL;
    enum status status = list(database, SQL_LIST_TICKETS, read_ticket,
                              sizeof(struct store_ticket), &items, count_out);

    if (status == STATUS_OK) {
        *tickets_out = items;
    }
    return status;
}

/* What a member keeps: written as it comes, given back in the order the member wants it. */
#include <stdlib.h>
#include <string.h>

#include "client/local_private.h"
#include "client/say.h"
#include "common/secret.h"

enum { RECORD_HEAD_BYTES = 2, ENTRY_HEAD_BYTES = 8, STREAMS = 2 };

/* ---- names ---- */

/* The session of a record or entry, as it stands beside them. */
static void name_session(const struct local *local, const uint8_t session[HASH_BYTES],
                         struct local_name *name_out)
{
    local_name_row(local, "session", session, (struct bytes){0}, name_out);
}

/* Kind (1) and key: also how a record begins when it is sealed, after the key's length. */
static void name_record(const struct local *local, const uint8_t session[HASH_BYTES],
                        enum record_kind kind, struct bytes key, struct local_name *name_out)
{
    uint8_t place[1 + LOCAL_KEY_BYTES_MAX] = {(uint8_t)kind};

    if (key.count > 0) {
        memcpy(place + 1, key.data, key.count);
    }
    local_name_row(local, "record", session, (struct bytes){place, 1 + key.count}, name_out);
}

static void name_entry(const struct local *local, const uint8_t session[HASH_BYTES],
                       enum stream stream, uint64_t index, struct local_name *name_out)
{
    uint8_t place[1 + 8] = {(uint8_t)stream};

    bytes_put_u64(place + 1, index);
    local_name_row(local, "entry", session, (struct bytes){place, sizeof place}, name_out);
}

/* ---- keeping ---- */

/* head and body as one sealed value. */
static enum status bind_two(struct local *local, sqlite3_stmt *statement, int at,
                            const struct local_name *name, struct bytes head, struct bytes body)
{
    struct local_plain plain = {.count = head.count + body.count,
                                .capacity = head.count + body.count};
    enum status status = STATUS_OK;

    plain.data = malloc(plain.capacity);
    if (plain.data == NULL) {
        return local_code(local, SQLITE_NOMEM);
    }
    memcpy(plain.data, head.data, head.count);
    if (body.count > 0) {
        memcpy(plain.data + head.count, body.data, body.count);
    }
    status =
        local_bind_sealed(local, statement, at, name, (struct bytes){plain.data, plain.count});
    local_plain_finish(&plain);
    return status;
}

enum status local_keep_record(struct local *local, const uint8_t session[HASH_BYTES],
                              enum record_kind kind, struct bytes key, struct bytes value)
{
    uint8_t head[RECORD_HEAD_BYTES + LOCAL_KEY_BYTES_MAX] = {(uint8_t)kind, (uint8_t)key.count};
    struct local_name name;
    struct local_name session_name;
    sqlite3_stmt *statement = NULL;
    enum status status;

    if (key.count > LOCAL_KEY_BYTES_MAX) {
        return local_settle(local, STATUS_TOO_LONG);
    }
    status =
        local_statement(local, value.count == 0 ? SQL_DROP_RECORD : SQL_PUT_RECORD, &statement);
    if (status != STATUS_OK) {
        return local_settle(local, status);
    }
    name_record(local, session, kind, key, &name);
    local_bind_name(statement, 1, &name);
    if (value.count > 0) {
        name_session(local, session, &session_name);
        local_bind_name(statement, 2, &session_name);
        if (key.count > 0) {
            memcpy(head + RECORD_HEAD_BYTES, key.data, key.count);
        }
        status = bind_two(local, statement, 3, &name,
                          (struct bytes){head, RECORD_HEAD_BYTES + key.count}, value);
    }
    return status == STATUS_OK ? local_write(local, statement) : local_settle(local, status);
}

enum status local_keep_entry(struct local *local, const uint8_t session[HASH_BYTES],
                             enum stream stream, uint64_t index, uint64_t time_ms,
                             struct bytes entry)
{
    uint8_t head[ENTRY_HEAD_BYTES];
    struct local_name name;
    struct local_name session_name;
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_PUT_ENTRY, &statement);

    if (status != STATUS_OK) {
        return local_settle(local, status);
    }
    name_session(local, session, &session_name);
    name_entry(local, session, stream, index, &name);
    bytes_put_u64(head, time_ms);
    local_bind_name(statement, 1, &session_name);
    (void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)stream);
    (void)sqlite3_bind_int64(statement, 3, (sqlite3_int64)index);
    status = bind_two(local, statement, 4, &name, (struct bytes){head, sizeof head}, entry);
    return status == STATUS_OK ? local_write(local, statement) : local_settle(local, status);
}

/* ---- records back ---- */

struct kept_record {
    struct local_plain plain;
    struct bytes key;   /* in plain */
    struct bytes value; /* in plain */
    uint8_t kind;
};

struct kept_records {
    struct kept_record *items;
    size_t count;
    size_t room;
};

static void free_records(struct kept_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        local_plain_finish(&records->items[i].plain);
    }
    free(records->items);
}

/* By kind, then key: keys are big-endian numbers, and the outbox must come back in order. */
static int compare_records(const void *left, const void *right)
{
    const struct kept_record *a = left;
    const struct kept_record *b = right;
    size_t count = a->key.count < b->key.count ? a->key.count : b->key.count;
    int order = a->kind - b->kind;

    if (order == 0 && count > 0) {
        order = memcmp(a->key.data, b->key.data, count);
    }
    return order != 0 ? order : (a->key.count > b->key.count) - (a->key.count < b->key.count);
}

static enum status read_record(struct local *local, sqlite3_stmt *statement,
                               const uint8_t session[HASH_BYTES], struct kept_record *record)
{
    struct local_name name;
    struct local_name wanted;
    const uint8_t *data;
    size_t head;
    enum status status;

    if (sqlite3_column_bytes(statement, 0) != (int)sizeof name.bytes) {
        return STATUS_MALFORMED;
    }
    memcpy(name.bytes, sqlite3_column_blob(statement, 0), sizeof name.bytes);
    status = local_unseal(local, statement, 1, &name, &record->plain);
    if (status != STATUS_OK) {
        return status;
    }
    data = record->plain.data;
    head = record->plain.count < RECORD_HEAD_BYTES ? SIZE_MAX
                                                   : (size_t)RECORD_HEAD_BYTES + data[1];
    if (head >= record->plain.count || data[1] > LOCAL_KEY_BYTES_MAX) {
        return STATUS_MALFORMED;
    }
    record->kind = data[0];
    record->key = (struct bytes){data + RECORD_HEAD_BYTES, data[1]};
    record->value = (struct bytes){data + head, record->plain.count - head};
    name_record(local, session, (enum record_kind)record->kind, record->key, &wanted);
    return secret_equal(&wanted, &name, sizeof name) ? STATUS_OK : STATUS_MALFORMED;
}

static enum status add_record(struct kept_records *records, const struct kept_record *record)
{
    if (records->count == records->room) {
        size_t room = records->room == 0 ? 32 : 2 * records->room;
        struct kept_record *moved = NULL;

        if (room > LOCAL_RECORDS_MAX) {
            return STATUS_FULL;
        }
        moved = realloc(records->items, room * sizeof *moved);
        if (moved == NULL) {
            return STATUS_NOMEM;
        }
        records->items = moved;
        records->room = room;
    }
    records->items[records->count++] = *record;
    return STATUS_OK;
}

/* A damaged one is left out; it stays in the file, where it does no harm. */
static enum status read_records(struct local *local, const uint8_t session[HASH_BYTES],
                                struct kept_records *records)
{
    struct local_name session_name;
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_LIST_RECORDS, &statement);

    if (status != STATUS_OK) {
        return status;
    }
    name_session(local, session, &session_name);
    local_bind_name(statement, 1, &session_name);
    while ((status = local_step(local, statement)) == STATUS_OK) {
        struct kept_record record = {0};

        status = read_record(local, statement, session, &record);
        if (status == STATUS_OK) {
            status = add_record(records, &record);
        }
        if (status != STATUS_OK) {
            local_plain_finish(&record.plain);
        }
        if (status == STATUS_NOMEM || status == STATUS_FULL) {
            break;
        }
    }
    (void)sqlite3_reset(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status restore_records(struct local *local, const uint8_t session[HASH_BYTES],
                                   struct member *member)
{
    struct kept_records records = {0};
    enum status status = read_records(local, session, &records);

    if (status == STATUS_OK && records.count > 0) {
        qsort(records.items, records.count, sizeof *records.items, compare_records);
    }
    for (size_t i = 0; i < records.count && status == STATUS_OK; i++) {
        const struct kept_record *record = &records.items[i];

        status = member_restore_record(member, (enum record_kind)record->kind, record->key,
                                       record->value);
        if (status != STATUS_NOMEM) {
            status = STATUS_OK; /* left out: the rest can still be used */
        }
    }
    free_records(&records);
    return status;
}

/* ---- entries back ---- */

/* From which index on a stream is to be fetched again; 0: not. */
struct torn {
    uint64_t from[STREAMS];
};

static enum status restore_entry(struct local *local, sqlite3_stmt *statement,
                                 const uint8_t session[HASH_BYTES], struct member *member,
                                 enum stream stream, uint64_t index)
{
    struct local_name name;
    struct local_plain plain = {0};
    enum status status;

    name_entry(local, session, stream, index, &name);
    status = local_unseal(local, statement, 2, &name, &plain);
    if (status == STATUS_OK && plain.count < ENTRY_HEAD_BYTES) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        status = member_restore_entry(
            member, stream, index, bytes_get_u64(plain.data),
            (struct bytes){plain.data + ENTRY_HEAD_BYTES, plain.count - ENTRY_HEAD_BYTES});
    }
    local_plain_finish(&plain);
    return status;
}

static enum status restore_entries(struct local *local, const uint8_t session[HASH_BYTES],
                                   struct member *member, struct torn *torn)
{
    struct local_name session_name;
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_LIST_ENTRIES, &statement);

    if (status != STATUS_OK) {
        return status;
    }
    name_session(local, session, &session_name);
    local_bind_name(statement, 1, &session_name);
    while ((status = local_step(local, statement)) == STATUS_OK) {
        sqlite3_int64 stream = sqlite3_column_int64(statement, 0);
        uint64_t index = (uint64_t)sqlite3_column_int64(statement, 1);

        if (stream < 0 || stream >= STREAMS || torn->from[stream] != 0) {
            continue;
        }
        status = restore_entry(local, statement, session, member, (enum stream)stream, index);
        if (status == STATUS_NOMEM) {
            break;
        }
        if (status != STATUS_OK) {
            torn->from[stream] = index;
        }
    }
    (void)sqlite3_reset(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status drop_torn(struct local *local, const uint8_t session[HASH_BYTES],
                             const struct torn *torn)
{
    struct local_name session_name;
    enum status status = STATUS_OK;

    name_session(local, session, &session_name);
    for (int stream = 0; stream < STREAMS && status == STATUS_OK; stream++) {
        sqlite3_stmt *statement = NULL;

        if (torn->from[stream] == 0) {
            continue;
        }
        status = local_statement(local, SQL_DROP_ENTRIES_FROM, &statement);
        if (status == STATUS_OK) {
            local_bind_name(statement, 1, &session_name);
            (void)sqlite3_bind_int64(statement, 2, stream);
            (void)sqlite3_bind_int64(statement, 3, (sqlite3_int64)torn->from[stream]);
            status = local_write(local, statement);
        }
    }
    return status;
}

enum status local_restore(struct local *local, const uint8_t session[HASH_BYTES],
                          struct member *member)
{
    struct torn torn = {{0}};
    enum status status = restore_records(local, session, member);

    if (status == STATUS_OK) {
        status = restore_entries(local, session, member, &torn);
    }
    if (status == STATUS_OK) {
        status = drop_torn(local, session, &torn);
    }
    if (status == STATUS_NOMEM) {
        return local_code(local, SQLITE_NOMEM);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = member_restored(member);
    if (status != STATUS_OK) {
        local_say(local->detail,
                  SAY("what %s holds of this session cannot be read (%s); \"kring forget\" "
                      "forgets it, and a new invite lets you in again"),
                  local->database, status_name(status));
    }
    return status;
}

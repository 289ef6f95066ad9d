/* The sessions this device is in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/local_private.h"
#include "client/say.h"
#include "common/secret.h"
#include "protocol/reader.h"
#include "protocol/writer.h"

enum { SEAT_VERSION = 1, SEAT_VALUES = 12, SEAT_BYTES_MAX = 1024 };

/* ---- as bytes ---- */

static void write_seat(struct writer *writer, const struct local_seat *seat)
{
    writer_array(writer, SEAT_VALUES);
    writer_uint(writer, SEAT_VERSION);
    writer_bin_of(writer, seat->session, sizeof seat->session);
    writer_bin_of(writer, seat->seed, sizeof seat->seed);
    writer_bin_of(writer, seat->host, strnlen(seat->host, LINK_HOST_BYTES_MAX));
    writer_uint(writer, seat->port);
    writer_bin_of(writer, seat->server_key, sizeof seat->server_key);
    writer_uint(writer, seat->member);
    writer_uint(writer, (uint64_t)seat->role);
    /* bytes: a title that was cut off in the middle of a letter is kept as it is */
    writer_bin_of(writer, seat->title, strnlen(seat->title, LOCAL_TITLE_BYTES_MAX));
    writer_uint(writer, seat->opened_ms);
    writer_uint(writer, seat->retention_ms);
    writer_bool(writer, seat->purged);
}

static enum status read_seat(struct bytes bytes, struct local_seat *seat_out)
{
    struct reader reader = reader_begin(bytes);
    struct local_seat seat = {0};
    struct bytes text;

    (void)reader_array(&reader, SEAT_VALUES, SEAT_VALUES);
    (void)reader_int(&reader, SEAT_VERSION, SEAT_VERSION);
    reader_bin_exact(&reader, seat.session, sizeof seat.session);
    reader_bin_exact(&reader, seat.seed, sizeof seat.seed);
    text = reader_bin(&reader, LINK_HOST_BYTES_MAX);
    memcpy(seat.host, text.data == NULL ? (const uint8_t *)"" : text.data, text.count);
    seat.port = (uint16_t)reader_u32(&reader, UINT16_MAX);
    reader_bin_exact(&reader, seat.server_key, sizeof seat.server_key);
    seat.member = (uint16_t)reader_u32(&reader, UINT16_MAX);
    seat.role = (enum role)reader_u32(&reader, ROLE_COUNT - 1);
    text = reader_bin(&reader, LOCAL_TITLE_BYTES_MAX);
    memcpy(seat.title, text.data == NULL ? (const uint8_t *)"" : text.data, text.count);
    seat.opened_ms = reader_u64(&reader, UINT64_MAX);
    seat.retention_ms = reader_u64(&reader, UINT64_MAX);
    seat.purged = reader_bool(&reader);
    if (reader_end(&reader) == STATUS_OK) {
        *seat_out = seat;
    }
    secret_wipe(&seat, sizeof seat);
    return reader_end(&reader) == STATUS_OK ? STATUS_OK : STATUS_MALFORMED;
}

static enum status unseal_seat(struct local *local, sqlite3_stmt *statement, int at,
                               const struct local_name *name, struct local_seat *seat_out)
{
    struct local_plain plain = {0};
    enum status status = local_unseal(local, statement, at, name, &plain);

    if (status == STATUS_OK) {
        status = read_seat((struct bytes){plain.data, plain.count}, seat_out);
    }
    local_plain_finish(&plain);
    return status;
}

static void name_seat(const struct local *local, const uint8_t session[HASH_BYTES],
                      struct local_name *name_out)
{
    local_name_row(local, "seat", session, (struct bytes){0}, name_out);
}

/* ---- one ---- */

enum status local_seat(struct local *local, const uint8_t session[HASH_BYTES],
                       struct local_seat *seat_out)
{
    struct local_name name;
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_READ_SEAT, &statement);

    if (status != STATUS_OK) {
        return status;
    }
    name_seat(local, session, &name);
    local_bind_name(statement, 1, &name);
    status = local_step(local, statement);
    if (status == STATUS_OK) {
        status = unseal_seat(local, statement, 0, &name, seat_out);
        if (status == STATUS_MALFORMED) {
            status = local_damaged(local);
        }
    }
    (void)sqlite3_reset(statement);
    return status;
}

static enum status count_seats(struct local *local, size_t *count_out)
{
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_COUNT_SEATS, &statement);

    if (status == STATUS_OK) {
        status = local_step(local, statement);
    }
    if (status == STATUS_OK) {
        *count_out = (size_t)sqlite3_column_int64(statement, 0);
        (void)sqlite3_reset(statement);
    }
    return status;
}

static enum status write_row(struct local *local, const struct local_seat *seat)
{
    uint8_t buffer[SEAT_BYTES_MAX];
    struct writer writer;
    struct local_name name;
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_PUT_SEAT, &statement);

    writer_init(&writer, buffer, sizeof buffer);
    write_seat(&writer, seat);
    if (status == STATUS_OK) {
        status = writer_status(&writer);
    }
    if (status == STATUS_OK) {
        name_seat(local, seat->session, &name);
        local_bind_name(statement, 1, &name);
        status = local_bind_sealed(local, statement, 2, &name, writer_bytes(&writer));
    }
    secret_wipe(buffer, sizeof buffer);
    return status == STATUS_OK ? local_write(local, statement) : local_settle(local, status);
}

enum status local_put_seat(struct local *local, const struct local_seat *seat)
{
    struct local_seat written = *seat;
    struct local_seat held = {0};
    size_t count = 0;
    enum status status = local_seat(local, seat->session, &held);

    if (status == STATUS_NOT_FOUND) {
        status = count_seats(local, &count);
        if (status == STATUS_OK && count >= LOCAL_SESSIONS_MAX) {
            local_say(local->detail,
                      SAY("%s holds %d sessions, and no more fit; \"kring forget\" makes room"),
                      local->database, LOCAL_SESSIONS_MAX);
            status = STATUS_FULL;
        }
    } else if (status == STATUS_MALFORMED) {
        status = STATUS_OK; /* a damaged row is replaced */
    }
    if (held.purged) { /* for good: whoever still holds the old one must not bring it back */
        written.purged = true;
        memset(written.seed, 0, sizeof written.seed);
    }
    status = status == STATUS_OK ? write_row(local, &written) : local_settle(local, status);
    secret_wipe(&held, sizeof held);
    secret_wipe(&written, sizeof written);
    return status;
}

/* ---- all ---- */

static int compare_last_used(const void *left, const void *right)
{
    const struct local_seat *a = left;
    const struct local_seat *b = right;

    if (a->opened_ms != b->opened_ms) {
        return a->opened_ms > b->opened_ms ? -1 : 1;
    }
    return memcmp(a->session, b->session, sizeof a->session);
}

static enum status read_seats(struct local *local, struct local_seat *seats, size_t count_max,
                              size_t *count_out)
{
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_LIST_SEATS, &statement);
    size_t count = 0;

    if (status != STATUS_OK) {
        return status;
    }
    while (count < count_max && (status = local_step(local, statement)) == STATUS_OK) {
        struct local_name name;

        if (sqlite3_column_bytes(statement, 0) != (int)sizeof name.bytes) {
            continue;
        }
        memcpy(name.bytes, sqlite3_column_blob(statement, 0), sizeof name.bytes);
        status = unseal_seat(local, statement, 1, &name, &seats[count]);
        if (status == STATUS_NOMEM) {
            break;
        }
        if (status == STATUS_OK) { /* a damaged one must not hide the others */
            count++;
        }
    }
    (void)sqlite3_reset(statement);
    *count_out = count;
    return status == STATUS_NOT_FOUND || count == count_max ? STATUS_OK : status;
}

enum status local_seats(struct local *local, struct local_seat **seats_out, size_t *count_out)
{
    struct local_seat *seats = NULL;
    size_t room = 0;
    size_t count = 0;
    enum status status = count_seats(local, &room);

    if (status != STATUS_OK) {
        return status;
    }
    if (room > LOCAL_SESSIONS_MAX) {
        room = LOCAL_SESSIONS_MAX;
    }
    seats = calloc(room + 1, sizeof *seats);
    if (seats == NULL) {
        return local_code(local, SQLITE_NOMEM);
    }
    status = room == 0 ? STATUS_OK : read_seats(local, seats, room, &count);
    if (status != STATUS_OK) {
        local_free_seats(seats, count);
        return status;
    }
    qsort(seats, count, sizeof *seats, compare_last_used);
    *seats_out = seats;
    *count_out = count;
    return STATUS_OK;
}

void local_free_seats(struct local_seat *seats, size_t count)
{
    if (seats != NULL) {
        secret_wipe(seats, count * sizeof *seats);
        free(seats);
    }
}

/* ---- forgetting ---- */

static enum status drop_rows(struct local *local, enum local_sql which,
                             const struct local_name *name)
{
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, which, &statement);

    if (status != STATUS_OK) {
        return local_settle(local, status);
    }
    local_bind_name(statement, 1, name);
    return local_write(local, statement);
}

/* What is kept of a session, and its seat too or only what is secret in it. */
static enum status drop_session(struct local *local, const uint8_t session[HASH_BYTES],
                                bool keeps_seat)
{
    struct local_name name;
    struct local_name seat_name;
    struct local_seat seat;
    enum status status;

    local_name_row(local, "session", session, (struct bytes){0}, &name);
    name_seat(local, session, &seat_name);
    status = drop_rows(local, SQL_DROP_RECORDS, &name);
    if (status == STATUS_OK) {
        status = drop_rows(local, SQL_DROP_ENTRIES, &name);
    }
    if (status != STATUS_OK || !keeps_seat) {
        return status == STATUS_OK ? drop_rows(local, SQL_DROP_SEAT, &seat_name) : status;
    }
    status = local_seat(local, session, &seat);
    if (status == STATUS_OK) {
        seat.purged = true;
        memset(seat.seed, 0, sizeof seat.seed); /* opens nothing any more, copies neither */
        status = write_row(local, &seat);
    }
    secret_wipe(&seat, sizeof seat);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The log of transactions still has what was deleted: it is emptied at once, or, where another
 * process reads, when the last one closes. */
static enum status drop_for_good(struct local *local, const uint8_t session[HASH_BYTES],
                                 bool keeps_seat)
{
    enum status status = local_begin(local);
    enum status end_status;

    if (status != STATUS_OK) {
        return status;
    }
    status = drop_session(local, session, keeps_seat);
    if (status != STATUS_OK) {
        local->group_status = status;
    }
    end_status = local_end(local);
    if (status == STATUS_OK && end_status == STATUS_OK && local->depth == 0) {
        (void)sqlite3_wal_checkpoint_v2(local->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                        NULL);
    }
    return status == STATUS_OK ? end_status : status;
}

enum status local_forget(struct local *local, const uint8_t session[HASH_BYTES])
{
    return drop_for_good(local, session, false);
}

enum status local_erase(struct local *local, const uint8_t session[HASH_BYTES])
{
    return drop_for_good(local, session, true);
}

/* The database file of a home: its tables, its statements, and whether it is ours. */
#include "client/local_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/say.h"

#define STRING_OF(value)  #value
#define AS_STRING(number) STRING_OF(number)
#define SCHEMA_VERSION    1          /* PRAGMA user_version; a newer one is refused */
#define APPLICATION_ID    1802660975 /* "krlo": tells it from every other program's file */
#define CACHE_PAGES       "200"

enum { BUSY_MS = 2000 };

/* Names are keyed hashes, see local_private.h. What stands in the clear: that a session has an
 * entry number so-and-so. */
static const char tables[] =
    "CREATE TABLE setting (name BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL) STRICT;"
    "CREATE TABLE seat (name BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL) STRICT;"
    "CREATE TABLE record (name BLOB NOT NULL UNIQUE, session BLOB NOT NULL,"
    " sealed BLOB NOT NULL) STRICT;"
    "CREATE INDEX record_of_session ON record (session);"
    "CREATE TABLE entry (session BLOB NOT NULL, stream INTEGER NOT NULL, idx INTEGER NOT NULL,"
    " sealed BLOB NOT NULL, UNIQUE (session, stream, idx)) STRICT;"
    "PRAGMA application_id = " AS_STRING(APPLICATION_ID) ";"
                                                         "PRAGMA user_version = " AS_STRING(
                                                             SCHEMA_VERSION) ";";

const char *const local_sql[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_PUT_SETTING] = "INSERT INTO setting (name, sealed) VALUES (?1, ?2)"
                        " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
    [SQL_DROP_SETTING] = "DELETE FROM setting WHERE name = ?1",
    [SQL_READ_SETTING] = "SELECT sealed FROM setting WHERE name = ?1",
    [SQL_PUT_SEAT] = "INSERT INTO seat (name, sealed) VALUES (?1, ?2)"
                     " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
    [SQL_DROP_SEAT] = "DELETE FROM seat WHERE name = ?1",
    [SQL_READ_SEAT] = "SELECT sealed FROM seat WHERE name = ?1",
    [SQL_LIST_SEATS] = "SELECT name, sealed FROM seat",
    [SQL_COUNT_SEATS] = "SELECT count(*) FROM seat",
    [SQL_PUT_RECORD] = "INSERT INTO record (name, session, sealed) VALUES (?1, ?2, ?3)"
                       " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
    [SQL_DROP_RECORD] = "DELETE FROM record WHERE name = ?1",
    [SQL_DROP_RECORDS] = "DELETE FROM record WHERE session = ?1",
    [SQL_LIST_RECORDS] = "SELECT name, sealed FROM record WHERE session = ?1",
    [SQL_PUT_ENTRY] = "INSERT INTO entry (session, stream, idx, sealed) VALUES (?1, ?2, ?3, ?4)"
                      " ON CONFLICT (session, stream, idx)"
                      " DO UPDATE SET sealed = excluded.sealed",
    [SQL_DROP_ENTRIES] = "DELETE FROM entry WHERE session = ?1",
    [SQL_DROP_ENTRIES_FROM] = "DELETE FROM entry"
                              " WHERE session = ?1 AND stream = ?2 AND idx >= ?3",
    [SQL_LIST_ENTRIES] = "SELECT stream, idx, sealed FROM entry WHERE session = ?1"
                         " ORDER BY stream, idx",
};

static int read_number(sqlite3 *handle, const char *sql, int64_t *number_out)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);

    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_ROW) {
        *number_out = sqlite3_column_int64(statement, 0);
        code = SQLITE_OK;
    }
    (void)sqlite3_finalize(statement);
    return code;
}

/* Made with our mode, so that no moment leaves it readable by others; SQLite gives the files
 * beside it the same. An existing one is only looked at: closing it would drop SQLite's locks.
 */
static enum status make_file(struct local *local)
{
    struct stat about;
    int fd;

    if (stat(local->database, &about) == 0) {
        if (S_ISREG(about.st_mode)) {
            return STATUS_OK;
        }
        return local_code(local, SQLITE_NOTADB);
    }
    if (errno != ENOENT) {
        return local_say_errno(local->detail, local->database, errno);
    }
    fd = open(local->database, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return local_say_errno(local->detail, local->database, errno);
    }
    (void)close(fd);
    return STATUS_OK;
}

/* Looks only: whatever the file is, it is not changed before this said that it is ours. */
static enum status look(struct local *local, bool *new_out)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t objects = 0;
    int code = read_number(local->handle, "PRAGMA application_id", &application);

    if (code == SQLITE_OK) {
        code = read_number(local->handle, "PRAGMA user_version", &version);
    }
    if (code == SQLITE_OK) {
        code = read_number(local->handle, "SELECT count(*) FROM sqlite_schema", &objects);
    }
    if (code != SQLITE_OK) {
        return local_code(local, code);
    }
    *new_out = application == 0 && version == 0 && objects == 0;
    if (*new_out) {
        return STATUS_OK;
    }
    if (application != APPLICATION_ID || version < 1) {
        return local_code(local, SQLITE_NOTADB);
    }
    if (version > SCHEMA_VERSION) {
        local_say(local->detail,
                  SAY("%s was made by a newer kring; use that one, or name another place with "
                      "KRING_HOME=DIRECTORY"),
                  local->database);
        return STATUS_VERSION;
    }
    return STATUS_OK;
}

/* A pragma that fails just answers otherwise. */
static enum status use_log(struct local *local)
{
    sqlite3_stmt *statement = NULL;
    int code =
        sqlite3_prepare_v2(local->handle, "PRAGMA journal_mode = WAL", -1, &statement, NULL);

    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(statement, 0);

        code = mode != NULL && strcmp(mode, "wal") == 0 ? SQLITE_OK : SQLITE_READONLY;
    }
    (void)sqlite3_finalize(statement);
    return local_code(local, code);
}

/* A sealed row that only this seed opens. */
static enum status put_check(struct local *local)
{
    struct local_name name;
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_PUT_SETTING, &statement);

    local_name_row(local, "check", NULL, (struct bytes){0}, &name);
    if (status == STATUS_OK) {
        local_bind_name(statement, 1, &name);
        status = local_bind_sealed(local, statement, 2, &name, (struct bytes){0});
    }
    return status == STATUS_OK ? local_write(local, statement) : status;
}

static enum status check_seed(struct local *local)
{
    struct local_name name;
    struct local_plain plain = {0};
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, SQL_READ_SETTING, &statement);

    if (status != STATUS_OK) {
        return status;
    }
    local_name_row(local, "check", NULL, (struct bytes){0}, &name);
    local_bind_name(statement, 1, &name);
    status = local_step(local, statement);
    if (status == STATUS_OK) {
        status = local_unseal(local, statement, 0, &name, &plain);
        local_plain_finish(&plain);
    }
    (void)sqlite3_reset(statement);
    if (status == STATUS_NOT_FOUND || status == STATUS_MALFORMED) {
        local_say(
            local->detail,
            SAY("%s/identity does not belong to the kring.db beside it, or one of them is "
                "damaged; put back the two that belong together"),
            local->path);
        return STATUS_CRYPTO;
    }
    return status;
}

/* All of it or nothing. */
static enum status make_tables(struct local *local)
{
    enum status status = local_begin(local);
    enum status end_status;

    if (status != STATUS_OK) {
        return status;
    }
    status = local_code(local, sqlite3_exec(local->handle, tables, NULL, NULL, NULL));
    if (status == STATUS_OK) {
        status = put_check(local);
    }
    local->group_status = status;
    end_status = local_end(local);
    return status == STATUS_OK ? end_status : status;
}

enum status local_open_database(struct local *local)
{
    bool is_new = false;
    enum status status = make_file(local);

    if (status != STATUS_OK) {
        return status;
    }
    status =
        local_code(local, sqlite3_open_v2(local->database, &local->handle,
                                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    if (status != STATUS_OK) {
        return status;
    }
    (void)sqlite3_extended_result_codes(local->handle, 1);
    (void)sqlite3_busy_timeout(local->handle, BUSY_MS);
    status = look(local, &is_new);
    if (status == STATUS_OK) {
        status = use_log(local);
    }
    if (status == STATUS_OK) {
        status = local_code(
            local,
            sqlite3_exec(local->handle,
                         "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;"
                         "PRAGMA cache_size = " CACHE_PAGES "; PRAGMA temp_store = MEMORY;"
                         "PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF",
                         NULL, NULL, NULL));
    }
    if (status != STATUS_OK) {
        return status;
    }
    return is_new ? make_tables(local) : check_seed(local);
}

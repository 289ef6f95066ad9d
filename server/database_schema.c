#include "server/database_private.h"

#include <string.h>

#define STRING_OF(value)  #value
#define SCHEMA_VERSION    1 /* PRAGMA user_version; a newer one is refused */
#define APPLICATION_ID    0x6b72696e
#define AS_STRING(number) STRING_OF(number)

/* Small: people are few and entries are read once, when their session is opened. */
#define CACHE_KIB "512"

/* Rowid tables with the keys beside them: in batches much faster than WITHOUT ROWID, since
 * entries of up to 60 KiB would hang in the index. Stream 0 is public, n is member n's own. */
static const char tables[] =
    "CREATE TABLE session ("
    " number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, created_ms INTEGER NOT NULL,"
    " retention_ms INTEGER NOT NULL, purged_ms INTEGER NOT NULL DEFAULT 0, tombstone BLOB,"
    " entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE TABLE entry ("
    " session INTEGER NOT NULL, stream INTEGER NOT NULL, idx INTEGER NOT NULL,"
    " id BLOB NOT NULL, time_ms INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " UNIQUE (session, stream, idx), UNIQUE (session, stream, id)) STRICT;"
    "CREATE TABLE waiting ("
    " session INTEGER NOT NULL, step INTEGER NOT NULL, member INTEGER NOT NULL,"
    " behalf INTEGER NOT NULL, edit INTEGER NOT NULL, id BLOB NOT NULL,"
    " time_ms INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " UNIQUE (session, step, member, behalf)) STRICT;"
    "CREATE TABLE done ("
    " session INTEGER NOT NULL, step INTEGER NOT NULL, member INTEGER NOT NULL,"
    " time_ms INTEGER NOT NULL, UNIQUE (session, step, member)) STRICT;"
    "CREATE TABLE ticket ("
    " label TEXT NOT NULL UNIQUE, key BLOB NOT NULL UNIQUE, uses INTEGER NOT NULL,"
    " uses_left INTEGER NOT NULL, created_ms INTEGER NOT NULL, expiry_ms INTEGER NOT NULL"
    ") STRICT;"
    "PRAGMA application_id = " AS_STRING(APPLICATION_ID) ";"
                                                         "PRAGMA user_version = " AS_STRING(
                                                             SCHEMA_VERSION) ";";

const char *const database_sql[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_SAVEPOINT] = "SAVEPOINT batch",
    [SQL_KEEP] = "RELEASE batch",
    [SQL_BACK] = "ROLLBACK TO batch",
    [SQL_FIND_SESSION] = "SELECT number, purged_ms FROM session WHERE id = ?1",
    [SQL_ADD_SESSION] =
        "INSERT INTO session (id, created_ms, retention_ms) VALUES (?1, ?2, ?3)",
    [SQL_COUNT_SESSION] = "UPDATE session SET entries = entries + ?2, bytes = bytes + ?3"
                          " WHERE number = ?1",
    [SQL_KEEP_SESSION] = "UPDATE session SET retention_ms = ?2 WHERE number = ?1",
    /* Changes nothing when the index is not the next one. */
    [SQL_ADD_ENTRY] =
        "INSERT INTO entry (session, stream, idx, id, time_ms, bytes)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?3 ="
        " (SELECT coalesce(max(idx), 0) + 1 FROM entry WHERE session = ?1 AND stream = ?2)",
    [SQL_FIND_ENTRY] = "SELECT 1 FROM entry WHERE session = ?1 AND stream = ?2 AND id = ?3",
    [SQL_PUT_WAITING] =
        "INSERT INTO waiting (session, step, member, behalf, edit, id, time_ms, bytes)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT (session, step, member, behalf) DO UPDATE SET edit = excluded.edit,"
        " id = excluded.id, time_ms = excluded.time_ms, bytes = excluded.bytes",
    [SQL_DROP_STEP] = "DELETE FROM waiting WHERE session = ?1 AND step = ?2",
    [SQL_DROP_MEMBER] = "DELETE FROM waiting WHERE session = ?1 AND member = ?2",
    [SQL_PUT_DONE] = "INSERT INTO done (session, step, member, time_ms)"
                     " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (session, step, member)"
                     " DO UPDATE SET time_ms = excluded.time_ms",
    [SQL_DROP_DONE] = "DELETE FROM done WHERE session = ?1 AND step = ?2 AND member = ?3",
    [SQL_USE_TICKET] = "UPDATE ticket SET uses_left = uses_left - 1"
                       " WHERE key = ?1 AND uses_left > 0",
    [SQL_ADD_TICKET] = "INSERT INTO ticket (label, key, uses, uses_left, created_ms, expiry_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_WITHDRAW_TICKET] = "UPDATE ticket SET uses_left = 0 WHERE label = ?1",
    [SQL_PURGE_ENTRIES] = "DELETE FROM entry WHERE session = ?1",
    [SQL_PURGE_WAITING] = "DELETE FROM waiting WHERE session = ?1",
    [SQL_PURGE_DONE] = "DELETE FROM done WHERE session = ?1",
    [SQL_PURGE_SESSION] = "UPDATE session SET purged_ms = ?2, tombstone = ?3, entries = 0,"
                          " bytes = 0 WHERE number = ?1",
    [SQL_READ_TOMBSTONE] = "SELECT purged_ms, tombstone FROM session WHERE number = ?1",
    [SQL_READ_ENTRIES] = "SELECT stream, idx, id, time_ms, bytes FROM entry"
                         " WHERE session = ?1 ORDER BY stream, idx",
    [SQL_READ_WAITING] = "SELECT step, member, behalf, edit, id, time_ms, bytes FROM waiting"
                         " WHERE session = ?1 ORDER BY step, member, behalf",
    [SQL_READ_DONE] = "SELECT step, member, time_ms FROM done"
                      " WHERE session = ?1 ORDER BY step, member",
    [SQL_LIST_SESSIONS] = "SELECT id, created_ms, retention_ms, purged_ms, entries, bytes"
                          " FROM session ORDER BY id",
    [SQL_LIST_TICKETS] = "SELECT label, key, uses, uses_left, created_ms, expiry_ms"
                         " FROM ticket ORDER BY label",
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
    sqlite3_finalize(statement);
    return code;
}

/* The log of transactions must really be in use: a pragma that fails just answers otherwise. */
static int use_log(sqlite3 *handle)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(handle, "PRAGMA journal_mode = WAL", -1, &statement, NULL);

    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(statement, 0);

        code = mode != NULL && strcmp(mode, "wal") == 0 ? SQLITE_OK : SQLITE_CANTOPEN;
    }
    sqlite3_finalize(statement);
    return code;
}

/* Exclusive before the log is first touched: one process, and no shared memory beside it. */
int database_prepare_file(sqlite3 *handle, const char **detail_out)
{
    int64_t application = 0;
    int64_t version = 0;
    int64_t objects = 0;
    int code;

    code = sqlite3_exec(handle,
                        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = ON;"
                        "PRAGMA cache_size = -" CACHE_KIB "; PRAGMA temp_store = MEMORY;"
                        "PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF",
                        NULL, NULL, NULL);
    if (code == SQLITE_OK) {
        code = use_log(handle);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_exec(handle, "PRAGMA synchronous = FULL; BEGIN IMMEDIATE", NULL, NULL,
                            NULL);
    }
    if (code == SQLITE_OK) {
        code = read_number(handle, "PRAGMA application_id", &application);
    }
    if (code == SQLITE_OK) {
        code = read_number(handle, "PRAGMA user_version", &version);
    }
    if (code == SQLITE_OK) {
        code = read_number(handle, "SELECT count(*) FROM sqlite_schema", &objects);
    }
    if (code != SQLITE_OK) {
        return code;
    }
    if (application == 0 && version == 0 && objects == 0) {
        code = sqlite3_exec(handle, tables, NULL, NULL, NULL);
    } else if (application != APPLICATION_ID || version < 1) {
        *detail_out = "kring.db is no database of kringd";
        return SQLITE_NOTADB;
    } else if (version > SCHEMA_VERSION) {
        *detail_out = "kring.db was made by a newer kringd";
        return SQLITE_MISMATCH;
    }
    return code == SQLITE_OK ? sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL) : code;
}

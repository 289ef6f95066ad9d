/* server/database_private.h -- what database.c, database_schema.c and database_reading.c share.
 * Nobody else includes it. */
#ifndef SERVER_DATABASE_PRIVATE_H
#define SERVER_DATABASE_PRIVATE_H

#include <sqlite3.h>

#include "server/database.h"

enum statement {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_SAVEPOINT,
    SQL_KEEP,
    SQL_BACK,
    SQL_FIND_SESSION,
    SQL_ADD_SESSION,
    SQL_COUNT_SESSION,
    SQL_KEEP_SESSION,
    SQL_ADD_ENTRY,
    SQL_FIND_ENTRY,
    SQL_PUT_WAITING,
    SQL_DROP_STEP,
    SQL_DROP_MEMBER,
    SQL_PUT_DONE,
    SQL_DROP_DONE,
    SQL_USE_TICKET,
    SQL_ADD_TICKET,
    SQL_WITHDRAW_TICKET,
    SQL_PURGE_ENTRIES,
    SQL_PURGE_WAITING,
    SQL_PURGE_DONE,
    SQL_PURGE_SESSION,
    SQL_READ_TOMBSTONE,
    SQL_READ_ENTRIES,
    SQL_READ_WAITING,
    SQL_READ_DONE,
    SQL_LIST_SESSIONS,
    SQL_LIST_TICKETS,
    SQL_COUNT, /* how many there are */
};

struct database {
    sqlite3 *handle;
    sqlite3_stmt *statements[SQL_COUNT];
    bool broken;
    char *path; /* owned */
};

extern const char *const database_sql[SQL_COUNT];

/* Settings, and the tables if there are none. Gives an SQLite code; *detail_out a sentence. */
int database_prepare_file(sqlite3 *handle, const char **detail_out);

/* An SQLite code as a status; marks the database broken where nothing more can be trusted. */
enum status database_status(struct database *database, int code);

/* Runs a statement that gives no rows: SQLITE_DONE, or the error. Resets it and its values. */
int database_run(struct database *database, enum statement which);
void database_reset(struct database *database, enum statement which);

/* Binding; an error shows when the statement is run. */
void database_bind_u64(struct database *database, enum statement which, int at, uint64_t value);
void database_bind_blob(struct database *database, enum statement which, int at,
                        const void *data, size_t count);

struct database_session {
    int64_t number;
    uint64_t purged_ms; /* 0: not */
};

/* Errors: STATUS_NOT_FOUND, STATUS_IO, STATUS_NOMEM. */
MUST_CHECK enum status database_find_session(struct database *database,
                                             const uint8_t session[HASH_BYTES],
                                             struct database_session *session_out);

#endif

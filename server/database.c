#include "server/database_private.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum status database_status(struct database *database, int code)
{
    switch (code & 0xff) { /* SQLite's numbers: a default is in place */
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return STATUS_OK;
    case SQLITE_NOMEM:
        return STATUS_NOMEM;
    case SQLITE_FULL:
        return STATUS_NO_SPACE;
    default:
        if (code == SQLITE_IOERR_NOMEM) {
            return STATUS_NOMEM;
        }
        /* The disk, the file, or a statement of ours that must not fail: trust nothing more. */
        database->broken = true;
        return STATUS_IO;
    }
}

void database_reset(struct database *database, enum statement which)
{
    (void)sqlite3_reset(database->statements[which]); /* repeats the error of the last step */
    (void)sqlite3_clear_bindings(database->statements[which]);
}

int database_run(struct database *database, enum statement which)
{
    int code = sqlite3_step(database->statements[which]);

    database_reset(database, which);
    return code;
}

void database_bind_u64(struct database *database, enum statement which, int at, uint64_t value)
{
    int64_t bounded = value > INT64_MAX ? INT64_MAX : (int64_t)value;

    (void)sqlite3_bind_int64(database->statements[which], at, bounded);
}

/* An unbound value is NULL, and every column of ours refuses that: nothing goes unnoticed. */
void database_bind_blob(struct database *database, enum statement which, int at,
                        const void *data, size_t count)
{
    (void)sqlite3_bind_blob64(database->statements[which], at, data == NULL ? "" : data, count,
                              SQLITE_STATIC);
}

/* Why it could not be opened, in the caller's terms. */
static enum status open_status(int code, int system_error, const char **detail_out)
{
    const char *detail = "kring.db cannot be read or written";
    enum status status = STATUS_IO;

    if (code == SQLITE_MISMATCH) {
        return STATUS_VERSION; /* the sentence is there already */
    }
    if (code == SQLITE_NOTADB && *detail_out != NULL) {
        return STATUS_IO;
    }
    switch (code & 0xff) { /* SQLite's numbers: a default is in place */
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        status = STATUS_BUSY;
        detail = "another process holds kring.db";
        break;
    case SQLITE_CANTOPEN:
        status = system_error == ENOENT ? STATUS_NOT_FOUND : STATUS_PERMISSION;
        detail = status == STATUS_NOT_FOUND ? "the data directory does not exist"
                                            : "kring.db may not be opened here";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        status = STATUS_PERMISSION;
        detail = "kring.db may not be written";
        break;
    case SQLITE_FULL:
        status = STATUS_NO_SPACE;
        detail = "no space left for kring.db";
        break;
    case SQLITE_NOMEM:
        status = STATUS_NOMEM;
        detail = "out of memory";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        detail = "kring.db is damaged";
        break;
    default:
        break;
    }
    *detail_out = detail;
    return status;
}

static int prepare_statements(struct database *database)
{
    int code = SQLITE_OK;

    for (int i = 0; i < SQL_COUNT && code == SQLITE_OK; i++) {
        code = sqlite3_prepare_v3(database->handle, database_sql[i], -1,
                                  SQLITE_PREPARE_PERSISTENT, &database->statements[i], NULL);
    }
    return code;
}

enum status database_open(const char *path, const char *vfs, struct database **database_out,
                          const char **detail_out)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_PRIVATECACHE;
    struct database *database = calloc(1, sizeof *database);
    enum status status = STATUS_OK;
    int code = SQLITE_NOMEM;

    *detail_out = NULL;
    if (database != NULL) {
        database->path = strdup(path);
    }
    if (database != NULL && database->path != NULL) {
        code = sqlite3_open_v2(path, &database->handle, flags, vfs);
    }
    if (code == SQLITE_OK) {
        (void)sqlite3_extended_result_codes(database->handle, 1);
        code = database_prepare_file(database->handle, detail_out);
    }
    if (code == SQLITE_OK) {
        code = prepare_statements(database);
    }
    if (code != SQLITE_OK) {
        int system_error = database != NULL && database->handle != NULL
                               ? sqlite3_system_errno(database->handle)
                               : 0;

        status = open_status(code, system_error, detail_out);
        database_close(database);
        return status;
    }
    *database_out = database;
    return STATUS_OK;
}

void database_close(struct database *database)
{
    if (database == NULL) {
        return;
    }
    for (int i = 0; i < SQL_COUNT; i++) {
        (void)sqlite3_finalize(database->statements[i]);
    }
    (void)sqlite3_close(database->handle);
    free(database->path);
    free(database);
}

bool database_in_transaction(const struct database *database)
{
    return sqlite3_get_autocommit(database->handle) == 0;
}

bool database_is_broken(const struct database *database)
{
    return database->broken;
}

enum status database_begin(struct database *database)
{
    assert(!database_in_transaction(database));
    if (database->broken) {
        return STATUS_IO;
    }
    return database_status(database, database_run(database, SQL_BEGIN));
}

enum status database_commit(struct database *database)
{
    enum status status = database_status(database, database_run(database, SQL_COMMIT));

    if (status != STATUS_OK) {
        database_rollback(database);
    }
    return status;
}

void database_rollback(struct database *database)
{
    if (database_in_transaction(database)) {
        (void)database_run(database, SQL_ROLLBACK);
    }
    if (database_in_transaction(database)) {
        database->broken = true;
    }
}

enum status database_checkpoint(struct database *database)
{
    if (database->broken) {
        return STATUS_IO;
    }
    return database_status(database,
                           sqlite3_wal_checkpoint_v2(database->handle, NULL,
                                                     SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
}

uint64_t database_file_bytes(const struct database *database)
{
    char log[PATH_MAX];
    struct stat about;
    uint64_t bytes = 0;
    int count;

    if (stat(database->path, &about) == 0) {
        bytes += (uint64_t)about.st_size;
    }
    count = snprintf(log, sizeof log, "%s-wal", database->path);
    if (count > 0 && (size_t)count < sizeof log && stat(log, &about) == 0) {
        bytes += (uint64_t)about.st_size;
    }
    return bytes;
}

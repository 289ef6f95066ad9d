/* Rows of the local store: their names, their sealing, and what SQLite says in our words. */
#include "client/local_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/say.h"
#include "common/secret.h"
#include "protocol/hash.h"

/* ---- sentences ---- */

void local_say(char detail[LOCAL_DETAIL_BYTES_MAX], const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(detail, LOCAL_DETAIL_BYTES_MAX, format, arguments);
    va_end(arguments);
}

enum status local_say_errno(char detail[LOCAL_DETAIL_BYTES_MAX], const char *path, int error)
{
    switch (error) { /* the system's numbers: a default is in place */
    case EACCES:
    case EPERM:
    case EROFS:
        local_say(detail,
                  SAY("kring may not read and write %s; make it yours, or name another place "
                      "with KRING_HOME=DIRECTORY"),
                  path);
        return STATUS_PERMISSION;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: /* a limit on the size of files */
        local_say(detail,
                  SAY("no room to write %s: the disk, or what you may use of it, is full; make "
                      "room and try again. What was kept before is still there"),
                  path);
        return STATUS_NO_SPACE;
    case ENOMEM:
        local_say(detail, SAY("out of memory while reading %s"), path);
        return STATUS_NOMEM;
    default:
        local_say(detail, SAY("cannot read and write %s: %s"), path, strerror(error));
        return STATUS_IO;
    }
}

enum status local_damaged(struct local *local)
{
    local_say(local->detail,
              SAY("%s is damaged. Move it away and put back a copy, or go on without it: kring "
                  "makes a new one, and sessions need a new invite"),
              local->database);
    return STATUS_MALFORMED;
}

static enum status foreign(struct local *local)
{
    local_say(local->detail,
              SAY("%s is damaged, or was not made by kring. Move it away, or name another "
                  "place with KRING_HOME=DIRECTORY"),
              local->database);
    return STATUS_MALFORMED;
}

/* The errno behind a failed read or write, 0 if unknown. What SQLite noted for the connection
 * may be overwritten by what it did afterwards; what it noted for the log is not. */
static int error_behind(struct local *local)
{
    int error = sqlite3_system_errno(local->handle);
    sqlite3_file *log = NULL;

    if (error == 0 &&
        sqlite3_file_control(local->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) ==
            SQLITE_OK &&
        log != NULL && log->pMethods != NULL) {
        (void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
    }
    if (error == 0) {
        (void)sqlite3_file_control(local->handle, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
    }
    return error;
}

static enum status other_code(struct local *local, int code)
{
    int error = error_behind(local);

    if (error != 0) {
        return local_say_errno(local->detail, local->database, error);
    }
    local_say(local->detail, SAY("cannot read and write %s: %s"), local->database,
              sqlite3_errstr(code));
    return STATUS_IO;
}

enum status local_code(struct local *local, int code)
{
    switch (code & 0xff) { /* SQLite's numbers: a default is in place */
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return STATUS_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        local_say(local->detail,
                  SAY("%s is held by another program; end it, or wait, and try again"),
                  local->database);
        return STATUS_BUSY;
    case SQLITE_FULL:
        return local_say_errno(local->detail, local->database, ENOSPC);
    case SQLITE_NOMEM:
        return local_say_errno(local->detail, local->database, ENOMEM);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return local_say_errno(local->detail, local->database, EACCES);
    case SQLITE_NOTADB:
        return foreign(local);
    case SQLITE_CORRUPT:
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
    case SQLITE_ERROR: /* a table is missing */
        return local_damaged(local);
    default:
        return other_code(local, code);
    }
}

/* ---- names and sealing ---- */

void local_name_row(const struct local *local, const char *table, const uint8_t *session,
                    struct bytes key, struct local_name *name_out)
{
    struct hash hash;

    hash_init(&hash, local->keys->names, sizeof local->keys->names);
    hash_add(&hash, table, strlen(table) + 1); /* its NUL keeps it apart from what follows */
    if (session != NULL) {
        hash_add(&hash, session, HASH_BYTES);
    }
    hash_add(&hash, key.data, key.count);
    hash_finish(&hash, name_out->bytes);
}

void local_bind_name(sqlite3_stmt *statement, int at, const struct local_name *name)
{
    /* An error of binding shows when the statement is run: a missing value is refused there. */
    (void)sqlite3_bind_blob(statement, at, name->bytes, sizeof name->bytes, SQLITE_TRANSIENT);
}

enum status local_bind_sealed(struct local *local, sqlite3_stmt *statement, int at,
                              const struct local_name *name, struct bytes plain)
{
    size_t count = plain.count + VAULT_OVERHEAD_BYTES;
    uint8_t *sealed = NULL;

    if (plain.count > LOCAL_ROW_BYTES_MAX) {
        local_say(local->detail, SAY("too much at once to keep in %s"), local->database);
        return STATUS_TOO_LONG;
    }
    sealed = malloc(count);
    if (sealed == NULL) {
        return local_code(local, SQLITE_NOMEM);
    }
    vault_seal(&local->keys->vault, (struct bytes){name->bytes, sizeof name->bytes}, plain,
               &local->entropy, sealed);
    return local_code(local, sqlite3_bind_blob(statement, at, sealed, (int)count, free));
}

enum status local_unseal(struct local *local, sqlite3_stmt *statement, int at,
                         const struct local_name *name, struct local_plain *out)
{
    struct bytes sealed = {.data = sqlite3_column_blob(statement, at),
                           .count = (size_t)sqlite3_column_bytes(statement, at)};
    struct local_plain plain = {.capacity = sealed.count};
    enum status status = STATUS_OK;

    if (sealed.data == NULL || sealed.count < VAULT_OVERHEAD_BYTES ||
        sealed.count > LOCAL_ROW_BYTES_MAX + VAULT_OVERHEAD_BYTES) {
        return STATUS_MALFORMED;
    }
    plain.data = malloc(plain.capacity);
    if (plain.data == NULL) {
        return STATUS_NOMEM;
    }
    status = vault_open(&local->keys->vault, (struct bytes){name->bytes, sizeof name->bytes},
                        sealed, plain.data, &plain.count);
    if (status != STATUS_OK) {
        local_plain_finish(&plain);
        return STATUS_MALFORMED;
    }
    *out = plain;
    return STATUS_OK;
}

void local_plain_finish(struct local_plain *plain)
{
    if (plain->data != NULL) {
        secret_wipe(plain->data, plain->capacity);
        free(plain->data);
    }
    *plain = (struct local_plain){0};
}

/* ---- statements ---- */

enum status local_statement(struct local *local, enum local_sql which,
                            sqlite3_stmt **statement_out)
{
    sqlite3_stmt **held = &local->statements[which];

    if (*held == NULL) {
        int code = sqlite3_prepare_v3(local->handle, local_sql[which], -1,
                                      SQLITE_PREPARE_PERSISTENT, held, NULL);

        if (code != SQLITE_OK) {
            return local_code(local, code);
        }
    }
    (void)sqlite3_reset(*held); /* repeats the error of its last run, which was told then */
    (void)sqlite3_clear_bindings(*held);
    *statement_out = *held;
    return STATUS_OK;
}

enum status local_write(struct local *local, sqlite3_stmt *statement)
{
    enum status status = local->group_status;

    if (local->depth > 0 && status != STATUS_OK) {
        return status;
    }
    status = local_code(local, sqlite3_step(statement));
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement); /* frees what was sealed */
    return local_settle(local, status);
}

enum status local_settle(struct local *local, enum status status)
{
    if (local->depth > 0 && local->group_status == STATUS_OK) {
        local->group_status = status;
    }
    return status;
}

enum status local_step(struct local *local, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);

    return code == SQLITE_DONE ? STATUS_NOT_FOUND : local_code(local, code);
}

/* ---- groups ---- */

static enum status run(struct local *local, enum local_sql which)
{
    sqlite3_stmt *statement = NULL;
    enum status status = local_statement(local, which, &statement);

    if (status == STATUS_OK) {
        status = local_code(local, sqlite3_step(statement));
        (void)sqlite3_reset(statement);
    }
    return status;
}

enum status local_begin(struct local *local)
{
    if (local->depth == 0) {
        enum status status = run(local, SQL_BEGIN);

        if (status != STATUS_OK) {
            return status;
        }
        local->group_status = STATUS_OK;
    }
    local->depth++;
    return STATUS_OK;
}

enum status local_end(struct local *local)
{
    enum status status = local->group_status;

    if (local->depth == 0) {
        return STATUS_BAD_STATE;
    }
    if (--local->depth > 0) {
        return status;
    }
    if (status == STATUS_OK) {
        status = run(local, SQL_COMMIT);
    }
    if (status != STATUS_OK && sqlite3_get_autocommit(local->handle) == 0) {
        sqlite3_stmt *statement = NULL;

        /* the sentence about the first error stays */
        if (local_statement(local, SQL_ROLLBACK, &statement) == STATUS_OK) {
            (void)sqlite3_step(statement);
            (void)sqlite3_reset(statement);
        }
    }
    local->group_status = STATUS_OK;
    return status;
}

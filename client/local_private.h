/* client/local_private.h -- what local.c, local_home.c, local_schema.c, local_rows.c,
 * local_seats.c and local_restore.c share. Nobody else includes it.
 *
 * Every row has a name: a keyed hash over its table, session and key, under a key from the
 * seed. It is what the row is found by, and the purpose its sealed bytes are bound to. So who
 * has the file without the seed sees how many rows there are and how long, nothing else. */
#ifndef CLIENT_LOCAL_PRIVATE_H
#define CLIENT_LOCAL_PRIVATE_H

#include <limits.h>
#include <sqlite3.h>

#include "client/local.h"
#include "protocol/vault.h"

enum {
    LOCAL_ROW_BYTES_MAX = 262144, /* of one value kept; the largest record is half of it */
    LOCAL_RECORDS_MAX = 65536,    /* of one session */
    LOCAL_KEY_BYTES_MAX = 64,     /* of a record's key, and of a setting's name */
};

/* Bytes of the lock file: one while a home is opened, the rest for sessions. */
enum { LOCAL_LOCK_OPENING = 0, LOCAL_LOCK_SESSIONS = 1 };

enum local_sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_PUT_SETTING,
    SQL_DROP_SETTING,
    SQL_READ_SETTING,
    SQL_PUT_SEAT,
    SQL_DROP_SEAT,
    SQL_READ_SEAT,
    SQL_LIST_SEATS,
    SQL_COUNT_SEATS,
    SQL_PUT_RECORD,
    SQL_DROP_RECORD,
    SQL_DROP_RECORDS,
    SQL_LIST_RECORDS,
    SQL_PUT_ENTRY,
    SQL_DROP_ENTRIES,
    SQL_DROP_ENTRIES_FROM,
    SQL_LIST_ENTRIES,
    SQL_COUNT, /* how many there are */
};
extern const char *const local_sql[SQL_COUNT];

struct local_keys {
    struct vault vault;
    uint8_t names[KEY_BYTES];
};

struct local {
    struct local_keys *keys; /* secret_alloc() */
    struct entropy entropy;
    sqlite3 *handle;
    sqlite3_stmt *statements[SQL_COUNT]; /* made when first used */
    int lock_fd;
    unsigned depth;           /* of local_begin() */
    enum status group_status; /* the first error since the outermost begin */
    char detail[LOCAL_DETAIL_BYTES_MAX];
    char path[PATH_MAX];     /* the directory */
    char database[PATH_MAX]; /* the file */
};

/* ---- sentences and codes (local_rows.c) ---- */

__attribute__((format(printf, 2, 3))) void local_say(char detail[LOCAL_DETAIL_BYTES_MAX],
                                                     const char *format, ...);
/* A status and its sentence for an errno about a file. */
enum status local_say_errno(char detail[LOCAL_DETAIL_BYTES_MAX], const char *path, int error);
/* The same for a code of SQLite; STATUS_OK and no sentence for SQLITE_OK, DONE and ROW. */
enum status local_code(struct local *local, int code);
enum status local_damaged(struct local *local);

/* ---- rows (local_rows.c) ---- */

struct local_name {
    uint8_t bytes[HASH_BYTES];
};
/* session may be NULL. */
void local_name_row(const struct local *local, const char *table, const uint8_t *session,
                    struct bytes key, struct local_name *name_out);

/* The statement, reset and without values. */
MUST_CHECK enum status local_statement(struct local *local, enum local_sql which,
                                       sqlite3_stmt **statement_out);
void local_bind_name(sqlite3_stmt *statement, int at, const struct local_name *name);
/* Seals plain under the row's name. Errors: STATUS_TOO_LONG, STATUS_NOMEM. */
MUST_CHECK enum status local_bind_sealed(struct local *local, sqlite3_stmt *statement, int at,
                                         const struct local_name *name, struct bytes plain);
/* Runs a statement that changes something; in a group that failed already, its error. */
MUST_CHECK enum status local_write(struct local *local, sqlite3_stmt *statement);
/* Gives status back; an error inside a group makes the whole group fail. */
MUST_CHECK enum status local_settle(struct local *local, enum status status);
/* The next row: STATUS_OK, or STATUS_NOT_FOUND at the end. Reset the statement afterwards. */
MUST_CHECK enum status local_step(struct local *local, sqlite3_stmt *statement);

/* A column opened: the caller wipes it with local_plain_finish(). */
struct local_plain {
    uint8_t *data;
    size_t count;
    size_t capacity;
};
/* Errors: STATUS_MALFORMED (damaged, or another row's), STATUS_NOMEM; no sentence. */
MUST_CHECK enum status local_unseal(struct local *local, sqlite3_stmt *statement, int at,
                                    const struct local_name *name, struct local_plain *out);
void local_plain_finish(struct local_plain *plain);

/* ---- opening ---- */

/* local_home.c. Each says what is wrong in detail. */
MUST_CHECK enum status local_choose_path(const char *given, char out[PATH_MAX], char *detail);
MUST_CHECK enum status local_make_home(const char *path, char *detail);
MUST_CHECK enum status local_open_lock(struct local *local);
/* Reads the seed, or makes it where there is no database yet. */
MUST_CHECK enum status local_read_seed(struct local *local, uint8_t seed_out[SEED_BYTES]);
/* One byte of the lock file, at once. Errors: STATUS_BUSY, STATUS_IO. */
MUST_CHECK enum status local_lock_byte(struct local *local, uint64_t at);
void local_unlock_byte(struct local *local, uint64_t at);

/* local_schema.c: opens the file, makes the tables, finds out whether the seed fits. */
MUST_CHECK enum status local_open_database(struct local *local);

#endif

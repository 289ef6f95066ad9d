/* A home opened and closed, its settings, and which session is whose. */
#include "client/local.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/local_private.h"
#include "client/say.h"
#include "common/secret.h"
#include "protocol/hash.h"

/* ---- opening ---- */

static enum status start_keys(struct local *local)
{
    uint8_t seed[SEED_BYTES];
    struct hash hash;
    enum status status = local_read_seed(local, seed);

    if (status != STATUS_OK) {
        return status;
    }
    vault_init(&local->keys->vault, seed);
    secret_wipe(seed, sizeof seed);
    hash_init(&hash, local->keys->vault.key, sizeof local->keys->vault.key);
    hash_add_text(&hash, "kring/1 names");
    hash_finish(&hash, local->keys->names);
    return STATUS_OK;
}

static enum status open_home(struct local *local, const char *path)
{
    enum status status = local_choose_path(path, local->path, local->detail);

    if (status == STATUS_OK) {
        status = local_make_home(local->path, local->detail);
    }
    if (status != STATUS_OK) {
        return status;
    }
    (void)snprintf(local->database, sizeof local->database, "%.*s/kring.db", PATH_MAX - 16,
                   local->path);
    status = local_open_lock(local);
    if (status != STATUS_OK) {
        return status;
    }
    /* one at a time, so that two that begin at once do not make two seeds */
    status = start_keys(local);
    if (status == STATUS_OK) {
        status = local_open_database(local);
    }
    local_unlock_byte(local, LOCAL_LOCK_OPENING);
    return status;
}

enum status local_open(const char *path, struct entropy entropy, char *detail,
                       struct local **local_out)
{
    struct local *local = calloc(1, sizeof *local);
    enum status status = STATUS_NOMEM;

    local_say(detail, "%s", SAY("out of memory"));
    if (local == NULL) {
        return STATUS_NOMEM;
    }
    local->lock_fd = -1;
    local->entropy = entropy;
    local->keys = secret_alloc(sizeof *local->keys);
    if (local->keys != NULL) {
        status = vault_start();
    }
    if (status == STATUS_OK) {
        status = open_home(local, path);
        memcpy(detail, local->detail, sizeof local->detail);
    }
    if (status != STATUS_OK) {
        local_close(local);
        return status;
    }
    *local_out = local;
    return STATUS_OK;
}

void local_close(struct local *local)
{
    if (local == NULL) {
        return;
    }
    for (size_t i = 0; i < SQL_COUNT; i++) {
        (void)sqlite3_finalize(local->statements[i]);
    }
    (void)sqlite3_close(local->handle); /* a group that was not ended is rolled back */
    if (local->lock_fd >= 0) {
        (void)close(local->lock_fd);
    }
    secret_free(local->keys, sizeof *local->keys);
    free(local);
}

const char *local_path(const struct local *local)
{
    return local->path;
}

const char *local_detail(const struct local *local)
{
    return local->detail;
}

/* ---- settings ---- */

static enum status name_setting(struct local *local, const char *name,
                                struct local_name *name_out)
{
    size_t count = strlen(name);

    if (count > LOCAL_KEY_BYTES_MAX) {
        local_say(local->detail, SAY("too much at once to keep in %s"), local->database);
        return STATUS_TOO_LONG;
    }
    local_name_row(local, "setting", NULL, (struct bytes){(const uint8_t *)name, count},
                   name_out);
    return STATUS_OK;
}

enum status local_set(struct local *local, const char *name, const char *value)
{
    const struct bytes plain = {(const uint8_t *)value, strlen(value)};
    struct local_name row;
    sqlite3_stmt *statement = NULL;
    enum status status = name_setting(local, name, &row);

    if (status == STATUS_OK) {
        status = local_statement(local, plain.count == 0 ? SQL_DROP_SETTING : SQL_PUT_SETTING,
                                 &statement);
    }
    if (status == STATUS_OK) {
        local_bind_name(statement, 1, &row);
    }
    if (status == STATUS_OK && plain.count > 0) {
        status = local_bind_sealed(local, statement, 2, &row, plain);
    }
    return status == STATUS_OK ? local_write(local, statement) : local_settle(local, status);
}

enum status local_get(struct local *local, const char *name, char *out, size_t size)
{
    struct local_name row;
    struct local_plain plain = {0};
    sqlite3_stmt *statement = NULL;
    enum status status = name_setting(local, name, &row);

    if (status == STATUS_OK) {
        status = local_statement(local, SQL_READ_SETTING, &statement);
    }
    if (status != STATUS_OK) {
        return status;
    }
    local_bind_name(statement, 1, &row);
    status = local_step(local, statement);
    if (status == STATUS_OK) {
        status = local_unseal(local, statement, 0, &row, &plain);
        if (status == STATUS_MALFORMED) {
            status = local_damaged(local);
        }
    }
    (void)sqlite3_reset(statement);
    if (status == STATUS_OK && plain.count >= size) {
        local_say(local->detail, SAY("a setting in %s is too long"), local->database);
        status = STATUS_TOO_LONG;
    }
    if (status == STATUS_OK) {
        memcpy(out, plain.data, plain.count);
        out[plain.count] = '\0';
    }
    local_plain_finish(&plain);
    return status;
}

/* ---- whose a session is ---- */

/* A byte of the lock file for each session there could be: two that fall on the same one would
 * only keep each other out. */
static uint64_t lock_of(const struct local *local, const uint8_t session[HASH_BYTES])
{
    struct local_name name;

    local_name_row(local, "lock", session, (struct bytes){0}, &name);
    return LOCAL_LOCK_SESSIONS + (bytes_get_u64(name.bytes) >> 2);
}

enum status local_claim(struct local *local, const uint8_t session[HASH_BYTES])
{
    enum status status = local_lock_byte(local, lock_of(local, session));

    if (status == STATUS_BUSY) {
        local_say(local->detail, "%s",
                  SAY("this session is open in another kring on this device; go on there, or "
                      "end that one"));
    }
    return status;
}

void local_release(struct local *local, const uint8_t session[HASH_BYTES])
{
    local_unlock_byte(local, lock_of(local, session));
}

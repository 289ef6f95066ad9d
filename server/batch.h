/* server/batch.h -- what one session wants made durable: all of it or nothing. The hub fills a
 * batch, the store writes it, and only then does anybody hear of what it holds. Also what the
 * store gives back when a session is opened again: the same rows. */
#ifndef SERVER_BATCH_H
#define SERVER_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"

enum {
    BATCH_ROWS_MAX = 256,          /* but a release may be larger */
    BATCH_BYTES_MAX = 1024 * 1024, /* but a release may be larger */
    BATCH_RELEASE_BYTES_MAX = 32 * 1024 * 1024,
};

enum row_kind {
    ROW_SESSION = 1, /* a new session, to be gone by time_ms */
    ROW_PUBLIC,      /* an entry of the public stream */
    ROW_OWN,         /* an entry of a member's own stream; the same id may stand in several */
    ROW_WAITING,     /* an answer that waits; replaces that of the same step, member, behalf */
    ROW_RELEASED,    /* the waiting answers of a step are gone (released, or ended) */
    ROW_DROPPED,     /* all waiting answers of a member are gone (removed) */
    ROW_DONE,        /* a member marked a step done (edit 1), or took that back (edit 0) */
    ROW_TICKET,      /* one use of the ticket with the key in `bytes` is taken */
    ROW_PURGED,      /* everything of the session goes; `bytes`, the purge entry or nothing, and
                      * time_ms are kept as the tombstone */
    ROW_KEPT,        /* the session is to be gone by time_ms, no longer by the time before */
};

struct row {
    enum row_kind kind;
    uint16_t member; /* own: whose; waiting, done: author */
    uint16_t step;   /* waiting, released, done */
    uint8_t behalf;  /* waiting */
    uint32_t edit;   /* waiting, done */
    uint64_t index;  /* public, own */
    uint64_t time_ms;
    uint8_t id[ID_BYTES]; /* public, own, waiting */
    struct bytes bytes;   /* owned by the batch */
};

struct batch {
    uint8_t session[HASH_BYTES];
    uint64_t number; /* the hub's own, to know it again by */
    struct row *rows;
    size_t count;
    size_t capacity;
    size_t bytes;
};

/* An empty batch; the caller destroys it. Errors: STATUS_NOMEM. */
MUST_CHECK enum status batch_create(const uint8_t session[HASH_BYTES],
                                    struct batch **batch_out);
void batch_destroy(struct batch *batch);

/* Adds a row; its bytes are copied. Errors: STATUS_NOMEM; then unchanged. */
MUST_CHECK enum status batch_add(struct batch *batch, const struct row *row);

#endif

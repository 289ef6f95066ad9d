/* server/log.h -- one stream of a session in memory: its chain, and every entry of it, ready
 * to be handed out. The part up to `durable` never changes and may be shown; what was appended
 * behind it waits for its batch and may not. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"
#include "protocol/chain.h"

struct log_item {
    uint64_t time_ms;
    uint8_t *data; /* owned */
    size_t count;
};

struct log {
    struct chain chain;
    struct log_item *items; /* owned; index 1 is items[0] */
    size_t capacity;
    uint64_t durable; /* the last index that is stored */
};

/* A zeroed log may be finished. Errors: STATUS_NOMEM. */
MUST_CHECK enum status log_init_public(struct log *log, const uint8_t session[HASH_BYTES]);
MUST_CHECK enum status log_init_own(struct log *log, const uint8_t session[HASH_BYTES],
                                    uint16_t member);
void log_finish(struct log *log);

/* Appends a copy, not durable yet. Errors: as chain_extend(); then unchanged. */
MUST_CHECK enum status log_append(struct log *log, uint64_t time_ms, struct bytes entry);
/* Everything appended so far is stored. */
void log_settle(struct log *log);

/* The last index, stored or not. */
uint64_t log_index(const struct log *log);
/* An entry from 1 to log_index(); its bytes are borrowed and stay where they are. */
const struct log_item *log_at(const struct log *log, uint64_t index);

#endif

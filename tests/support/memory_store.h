/* tests/support/memory_store.h -- what a store does, in memory and at once: it applies a batch
 * whole or not at all, checks what a database would check, and gives rows back in the order of
 * hub_loaded(). When things happen is for whoever drives it. For tests. */
#ifndef TESTS_SUPPORT_MEMORY_STORE_H
#define TESTS_SUPPORT_MEMORY_STORE_H

#include <stdbool.h>

#include "common/limits.h"
#include "server/batch.h"
#include "server/hub.h"

struct memory_session {
    uint8_t id[HASH_BYTES];
    struct row *rows; /* owned: public, own, waiting and done rows as they came */
    size_t count;
    size_t capacity;
    uint64_t gone_by_ms;
    bool is_purged;
    struct row tombstone;
};

struct memory_store {
    struct memory_session *sessions; /* owned */
    size_t count;
    struct hub_ticket ticket; /* one is enough */
};

void memory_store_finish(struct memory_store *store);

/* Errors: STATUS_CONFLICT (an index is taken, or leaves a gap), STATUS_DUPLICATE (an id is held
 * in that stream), STATUS_USED_UP, STATUS_PURGED; then nothing has changed. */
enum status memory_store_apply(struct memory_store *store, const struct batch *batch);

/* Rows in order, an array to be freed; their bytes are borrowed until the next apply.
 * Errors: STATUS_NOT_FOUND, STATUS_PURGED (one row, the tombstone). */
enum status memory_store_load(const struct memory_store *store, const uint8_t *session,
                              struct row **rows_out, size_t *count_out);

/* A row held now, or NULL: a stream's by member (0: public) and index, or, by its place, a
 * waiting answer's (on behalf of nobody else) or a done mark's. */
const struct row *memory_store_find(const struct memory_store *store, const uint8_t *session,
                                    uint16_t member, uint64_t index);
const struct row *memory_store_place(const struct memory_store *store, const uint8_t *session,
                                     enum row_kind kind, uint16_t step, uint16_t member);
uint64_t memory_store_head(const struct memory_store *store, const uint8_t *session,
                           uint16_t member);

#endif

/* tests/support/side.h -- one device's side of a session, as a real client must keep it: the
 * public stream and its own, every entry of them verified, decided on and folded as the server
 * did, and the key ring that grows with it. For tests; knows no network. */
#ifndef TESTS_SUPPORT_SIDE_H
#define TESTS_SUPPORT_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/entropy.h"
#include "common/entry.h"
#include "common/session.h"
#include "protocol/chain.h"
#include "protocol/ring.h"
#include "protocol/seat.h"

struct side_item {
    uint8_t *data; /* owned */
    size_t count;
    uint64_t time_ms;
    bool was_read; /* its body was opened, or it has none */
};

struct side {
    uint8_t session[HASH_BYTES];
    struct seat seat;
    uint16_t member; /* 0: not joined, or joined and not seen it yet */
    struct session *core;
    struct chain public_chain;
    struct chain own_chain; /* once the member number is known */
    struct keyring *ring;
    struct side_item *public_items; /* owned; index 1 is public_items[0] */
    size_t public_capacity;
    struct side_item *own_items;
    size_t own_capacity;
};

/* An empty side. Aborts without memory, as everything here. */
void side_init(struct side *side, const uint8_t session[HASH_BYTES],
               const uint8_t seat_seed[SEED_BYTES]);
void side_finish(struct side *side);

uint64_t side_public_index(const struct side *side);
uint64_t side_own_index(const struct side *side);

/* Takes the next entry of a stream in. Errors: whatever is wrong with it; a real client would
 * say that the server lies. `entry_out` borrows from the bytes given. */
enum status side_take_public(struct side *side, uint64_t time_ms, struct bytes bytes,
                             struct entry *entry_out);
enum status side_take_own(struct side *side, uint64_t time_ms, struct bytes bytes,
                          struct entry *entry_out);

/* Opens a body with whatever the ring holds. Errors: STATUS_NOT_FOUND (nothing opens it). */
enum status side_read(const struct side *side, const struct entry *entry,
                      uint8_t out[BODY_PADDED_BYTES_MAX], size_t *count_out);

/* Calls back with every item that could not be read before and can be now; or, unless `all`,
 * with the last of each stream only. */
typedef void side_reader(void *context, const struct entry *entry, struct bytes plaintext);
void side_read_new(struct side *side, bool all, side_reader *reader, void *context);

/* F and K of the current epoch; NULL when not held. */
const uint8_t *side_facilitator_key(const struct side *side);
const uint8_t *side_group_key(const struct side *side);

#endif

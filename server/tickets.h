/* server/tickets.h -- the tickets this server honours: who shows one may create sessions. Only
 * the public half of a ticket's key is here. A use is taken when a creation is decided and
 * given back when its batch fails; the store takes it for good. */
#ifndef SERVER_TICKETS_H
#define SERVER_TICKETS_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "server/hub.h"

struct tickets {
    struct hub_ticket *items; /* owned */
    size_t count;
    size_t capacity;
};

void tickets_finish(struct tickets *tickets);

/* Adds a ticket, or replaces the one with the same key. Errors: STATUS_FULL, STATUS_NOMEM. */
MUST_CHECK enum status tickets_put(struct tickets *tickets, const struct hub_ticket *ticket);

/* Does this signature over the genesis come from a ticket we know, used up or not?
 * Errors: STATUS_UNKNOWN, STATUS_BAD_SIGNATURE. */
MUST_CHECK enum status tickets_check(const struct tickets *tickets, const uint8_t *key,
                                     const uint8_t *genesis_hash, const uint8_t *signature);
/* Errors: STATUS_UNKNOWN, STATUS_EXPIRED, STATUS_USED_UP; then nothing is taken. */
MUST_CHECK enum status tickets_take(struct tickets *tickets, const uint8_t *key,
                                    uint64_t now_ms);
void tickets_give_back(struct tickets *tickets, const uint8_t *key);

#endif

#include "server/tickets.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/seat.h"

enum { TICKETS_FIRST = 8 };

void tickets_finish(struct tickets *tickets)
{
    free(tickets->items);
    *tickets = (struct tickets){0};
}

static struct hub_ticket *tickets_find(const struct tickets *tickets, const uint8_t *key)
{
    for (size_t i = 0; i < tickets->count; i++) {
        if (memcmp(tickets->items[i].key, key, KEY_BYTES) == 0) {
            return &tickets->items[i];
        }
    }
    return NULL;
}

enum status tickets_put(struct tickets *tickets, const struct hub_ticket *ticket)
{
    struct hub_ticket *held = tickets_find(tickets, ticket->key);

    if (held != NULL) {
        *held = *ticket;
        return STATUS_OK;
    }
    if (tickets->count == HUB_TICKETS_MAX) {
        return STATUS_FULL;
    }
    if (tickets->count == tickets->capacity) {
        size_t capacity = tickets->capacity == 0 ? TICKETS_FIRST : tickets->capacity * 2;
        struct hub_ticket *items = reallocarray(tickets->items, capacity, sizeof *items);

        if (items == NULL) {
            return STATUS_NOMEM;
        }
        tickets->items = items;
        tickets->capacity = capacity;
    }
    tickets->items[tickets->count++] = *ticket;
    return STATUS_OK;
}

enum status tickets_check(const struct tickets *tickets, const uint8_t *key,
                          const uint8_t *genesis_hash, const uint8_t *signature)
{
    if (tickets_find(tickets, key) == NULL) {
        return STATUS_UNKNOWN;
    }
    return proof_ticket_good(key, genesis_hash, signature) ? STATUS_OK : STATUS_BAD_SIGNATURE;
}

enum status tickets_take(struct tickets *tickets, const uint8_t *key, uint64_t now_ms)
{
    struct hub_ticket *ticket = tickets_find(tickets, key);

    if (ticket == NULL) {
        return STATUS_UNKNOWN;
    }
    if (now_ms >= ticket->expiry_ms) {
        return STATUS_EXPIRED;
    }
    if (ticket->uses_left == 0) {
        return STATUS_USED_UP;
    }
    ticket->uses_left--;
    return STATUS_OK;
}

void tickets_give_back(struct tickets *tickets, const uint8_t *key)
{
    struct hub_ticket *ticket = tickets_find(tickets, key);

    if (ticket != NULL) {
        ticket->uses_left++;
    }
}

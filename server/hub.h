/* server/hub.h -- the centre of the server, sans-I/O: sessions, connections as numbers,
 * batches, deliveries. Events go in as calls with the time, effects come out through the
 * driver's table. It never reads a clock, a socket or a disk, and cannot read what people
 * write. The libuv server and the simulator drive the same hub.
 *
 *   per session:  UNLOADED --first request--> LOADING --hub_loaded--> READY --nobody left, 10
 * min--> UNLOADED; READY --append--> BATCH IN FLIGHT --hub_stored--> READY (effects go out now)
 *
 * Rules it keeps:
 *  1. One batch per session is in flight; while it is, requests queue and nothing is decided.
 *  2. An acknowledgement and every delivery come after hub_stored(OK) of the batch they rest
 * on.
 *  3. A failed batch changes nothing: every request in it is answered with its error.
 *  4. Members get public and own entries in order without gaps; who is in the lobby gets the
 *     public stream; nobody gets a waiting answer but its author and, later, groupmates.
 *  5. A newer connection of the same member closes the older one before its first request.
 *  6. What a peer can make the hub hold is bounded by a named limit. */
#ifndef SERVER_HUB_H
#define SERVER_HUB_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"
#include "server/batch.h"

enum {
    HUB_CONNECTIONS_MAX = 4096,
    HUB_SESSIONS_MAX = 1024, /* loaded at the same time */
    HUB_TICKETS_MAX = 10000,
    HUB_REQUESTS_MAX = 32,  /* of one connection, not yet answered */
    HUB_IDLE_SECONDS = 600, /* a session nobody is in stays loaded this long */
    HUB_ITEM_BURST_BYTES = 65536,
};

/* Effects. The driver must not call the hub from inside one. */
struct hub_driver {
    void *context;
    /* Send one whole message; copied. Order per connection is kept. */
    void (*send)(void *context, uint32_t connection, struct bytes message);
    /* Send what is queued, then close. The driver reports hub_disconnect() only for closes it
     * did not hear of from the hub. */
    void (*close)(void *context, uint32_t connection, enum status reason);
    /* Make durable; ends with hub_stored(). The batch becomes the driver's. */
    void (*store)(void *context, struct batch *batch);
    /* Read a session back; ends with hub_loaded(). */
    void (*load)(void *context, const uint8_t session[HASH_BYTES]);
    /* One structured event for the log: no content, no names, no addresses. */
    void (*log)(void *context, const char *event, const uint8_t *session, uint16_t member,
                enum status status);
};

struct hub_ticket {
    uint8_t key[KEY_BYTES];
    char label[TICKET_LABEL_BYTES_MAX + 1];
    uint32_t uses_left;
    uint64_t expiry_ms;
};

struct hub_numbers { /* for `kringd status` */
    uint64_t started_ms;
    uint32_t connections;
    uint32_t sessions_loaded;
    uint64_t entries_appended;
    uint64_t entries_delivered;
    uint64_t refusals;
    uint64_t batches;
    uint64_t batch_wait_ms_max; /* between store() and hub_stored() */
};

struct hub; /* opaque */

/* `driver` is copied. Errors: STATUS_NOMEM. */
MUST_CHECK enum status hub_create(const struct hub_driver *driver, uint64_t now_ms,
                                  struct hub **hub_out);
void hub_destroy(struct hub *hub);

/* A peer finished its handshake with this static key. Numbers are the driver's and not reused
 * while the hub knows them. Errors: STATUS_FULL, STATUS_NOMEM: the driver closes it. */
MUST_CHECK enum status hub_connect(struct hub *hub, uint32_t connection,
                                   const uint8_t noise_key[KEY_BYTES], uint64_t now_ms);
/* One whole message from it; malformed ones end the connection. */
void hub_receive(struct hub *hub, uint32_t connection, struct bytes message, uint64_t now_ms);
/* Its output is below one burst again: the hub sends what its cursors have not reached yet, at
 * most HUB_ITEM_BURST_BYTES a call. */
void hub_room(struct hub *hub, uint32_t connection, uint64_t now_ms);
void hub_disconnect(struct hub *hub, uint32_t connection, uint64_t now_ms);

/* A batch is durable (STATUS_OK), or nothing of it is (any other). */
void hub_stored(struct hub *hub, uint64_t batch_number, enum status status, uint64_t now_ms);
/* A session's rows, in order of stream and index, then waiting, then done; borrowed.
 * STATUS_NOT_FOUND: no such session; STATUS_PURGED: `rows[0].bytes` is the tombstone. */
void hub_loaded(struct hub *hub, const uint8_t session[HASH_BYTES], enum status status,
                const struct row *rows, size_t row_count, uint64_t now_ms);

/* Time went by; call at least at *next_ms_out. Unloads, ends what must end. */
void hub_tick(struct hub *hub, uint64_t now_ms, uint64_t *next_ms_out);

/* Tickets as the store holds them: at start, and when one is made. uses_left 0 withdraws.
 * Errors: STATUS_FULL, STATUS_NOMEM. */
MUST_CHECK enum status hub_ticket_put(struct hub *hub, const struct hub_ticket *ticket);

/* An administrator's purge, or retention: as hub_stored() for ROW_PURGED. Anyone in the session
 * is told that the server has it no more. */
void hub_purge(struct hub *hub, const uint8_t session[HASH_BYTES], uint64_t now_ms);

/* No new connections or requests from now on; everyone is told goodbye once nothing is in
 * flight. True when the driver may stop. */
bool hub_drain(struct hub *hub, uint64_t now_ms);

void hub_numbers(const struct hub *hub, struct hub_numbers *numbers_out);
/* Members connected to a session now. */
uint32_t hub_session_connections(const struct hub *hub, const uint8_t session[HASH_BYTES]);

#endif

/* server/hub.h -- the centre of the server, sans-I/O: sessions, connections as numbers,
 * batches, deliveries. Events go in as calls with the time, effects come out through the
 * driver's table. It never reads a clock, a socket or a disk, and cannot read what people
 * write. The libuv server and the simulator drive the same hub.
 *
 *   per session:  UNLOADED --first request--> LOADING --hub_loaded()--> READY
 *                 READY --append--> STORING --hub_stored(OK)--> READY, effects go out now
 *                                   STORING --hub_stored(error)--> LOADING, see rule 3
 *                 READY --nobody in it for ten minutes--> UNLOADED
 *                 STORING, LOADING --purged--> GONE --everybody told--> UNLOADED
 *
 * Rules it keeps:
 *  1. One batch per session is in flight; while it is, requests queue and nothing is decided.
 *     Before it, waiting requests are decided one after the other, each on what those before it
 *     did, as long as the batch has room; a release or a purge has a batch of its own.
 *  2. An acknowledgement and every delivery come after hub_stored(OK) of the batch they rest
 *     on, and so does a refusal.
 *  3. A failed batch changes nothing: every request in it is answered with its error. What was
 *     in memory is thrown away and read back from the store: a failure is rare, and nothing is
 *     as exact as what is durable. Connections and their cursors stay.
 *  4. Members get public and own entries in order without gaps; who is in the lobby, or
 *     knocked, gets the public stream; nobody gets a waiting answer but its author and, later,
 *     groupmates.
 *  5. A newer connection of the same member closes the older one before its first request.
 *  6. What a peer can make the hub hold is bounded by a named limit.
 *
 * A loaded session keeps its whole log in memory (SESSION_BYTES_MAX): a session is small, and
 * the hub stays free of asynchronous reads.
 *
 * A purged session is remembered by its tombstone. Who is in it, or attaches later, gets the
 * purge entry as an item of the public stream with index 0, then CLOSING or an error with
 * STATUS_PURGED; after a purge that was no entry (retention, an administrator) only the latter.
 */
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
    HUB_REQUESTS_MAX = 32,               /* of one connection, not yet answered */
    HUB_REQUEST_BYTES_MAX = 1024 * 1024, /* the same, in bytes */
    HUB_GUESTS_MAX = 512,                /* who knocked and has not joined, per session */
    HUB_UNATTACHED_SECONDS = 30,         /* so long a connection may stay in no session */
    HUB_IDLE_SECONDS = 600,              /* a session nobody is in stays loaded this long */
    HUB_TOLD_MS = 250, /* what changed of people is told at most once in this time */
    HUB_ITEM_BURST_BYTES = 65536,
};

/* Effects. The driver must not call the hub from inside one. */
struct hub_driver {
    void *context;
    /* Send one whole message; copied. Order per connection is kept. */
    void (*send)(void *context, uint32_t connection, struct bytes message);
    /* Send what is queued, then close. The driver reports hub_disconnect() only for closes it
     * did not hear of from the hub. Reasons, which CLOSING tells the peer too: STATUS_OK (it
     * said goodbye), STATUS_CANCELLED (the server stops: come back), STATUS_EXISTS (a newer
     * connection of the same member), STATUS_REMOVED, STATUS_PURGED, STATUS_MALFORMED,
     * STATUS_FULL (too many requests), STATUS_TIMEOUT (asked for no session), STATUS_IO (the
     * session cannot be read back). */
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
/* A write to it ended and less than one burst is left to write: the hub sends what its cursors
 * have not reached yet, a little over HUB_ITEM_BURST_BYTES at most. Call it after every such
 * write; the driver stops reading from a connection whose output is above a limit of its own.
 */
void hub_room(struct hub *hub, uint32_t connection, uint64_t now_ms);
void hub_disconnect(struct hub *hub, uint32_t connection, uint64_t now_ms);

/* A batch is durable (STATUS_OK), or nothing of it is (any other). */
void hub_stored(struct hub *hub, uint64_t batch_number, enum status status, uint64_t now_ms);
/* A session's rows, in order of stream and index, then waiting, then done; borrowed.
 * STATUS_NOT_FOUND: no such session; STATUS_PURGED: `rows[0].bytes` is the tombstone. */
void hub_loaded(struct hub *hub, const uint8_t session[HASH_BYTES], enum status status,
                const struct row *rows, size_t row_count, uint64_t now_ms);

/* Time went by; call at least at *next_ms_out, which is within HUB_TOLD_MS while anybody is
 * connected. Unloads, ends what must end, tells what waits to be told. */
void hub_tick(struct hub *hub, uint64_t now_ms, uint64_t *next_ms_out);

/* Tickets as the store holds them: at start, and when one is made. uses_left 0 withdraws.
 * Errors: STATUS_FULL, STATUS_NOMEM. */
MUST_CHECK enum status hub_ticket_put(struct hub *hub, const struct hub_ticket *ticket);

/* An administrator's purge, or the date that ROW_SESSION or ROW_KEPT gave has passed (of a
 * session that is loaded the hub sees to it itself): a batch with ROW_PURGED follows. Anyone in
 * the session is told that the server has it no more. */
void hub_purge(struct hub *hub, const uint8_t session[HASH_BYTES], uint64_t now_ms);

/* No new connections or requests from now on; everyone is told goodbye once nothing is in
 * flight. True when the driver may stop. */
bool hub_drain(struct hub *hub, uint64_t now_ms);

void hub_numbers(const struct hub *hub, struct hub_numbers *numbers_out);
/* Members connected to a session now. */
uint32_t hub_session_connections(const struct hub *hub, const uint8_t session[HASH_BYTES]);

#endif

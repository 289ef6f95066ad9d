/* server/peers.h -- everyone connected: sockets, channels, timers. Bytes are libuv's business
 * up to here, messages from here on; what a message means is the service's.
 *
 *   accepted --> HANDSHAKING --proved--> OPEN --peers_end()--> ENDING: what waits is written
 *       \             \                   |                       |
 *        `-- busy ----+-------------------+--> LINGERING until the other side has read it
 *                      \-- error, timeout -`-> CLOSED              `--> CLOSED
 *
 * A local peer (control socket) is OPEN from the start. Everything a peer is sent in one turn
 * of the loop is sealed and written once, at the end of it; at most one write is under way;
 * who reads or says nothing for CHANNEL_NO_PROGRESS_MS_MAX is cut off, and who is slow is not
 * read from. Memory of a peer is freed in its handle's close callback and nowhere else.
 *
 * A service is called from the loop only, never from inside a call of peers_*(). */
#ifndef SERVER_PEERS_H
#define SERVER_PEERS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/bytes.h"
#include "common/entropy.h"
#include "common/status.h"
#include "protocol/message.h"
#include "protocol/noise.h"
#include "server/hub.h"
#include "server/logger.h"
#include "server/throttle.h"

enum {
    PEERS_MAX = 8192,                        /* a power of two: slots of the numbers */
    PEER_OUTPUT_HIGH_BYTES = 256 * 1024,     /* above this it is not read from */
    PEER_OUTPUT_BYTES_MAX = 4 * 1024 * 1024, /* above this it is cut off */
    PEER_LINGER_MS = 1000,
    PEERS_TICK_MS = 500,
    PEERS_LISTENERS_MAX = 16,
    PEERS_LOCAL_SPARED = 8,       /* places only local peers may take */
    PEERS_TROUBLE_LOG_MS = 60000, /* that nobody can be let in is said this often */
    PEERS_ACCEPT_PAUSE_MS = 10,   /* after an accept that the system refused */
};

/* What is spoken over a listener. */
struct peer_service {
    bool is_local; /* no handshake, no throttle */
    void *context;
    /* Its key is proved; any status but OK refuses it. NULL for local ones. */
    enum status (*proved)(void *context, uint32_t peer, const uint8_t key[KEY_BYTES]);
    void (*message)(void *context, uint32_t peer, const struct message *message);
    /* Everything it was sent is written. */
    void (*room)(void *context, uint32_t peer);
    /* It went, by itself or by an error; not said after peers_end(). */
    void (*gone)(void *context, uint32_t peer);
};

struct peers; /* opaque */

struct peers_options {
    uv_loop_t *loop;
    struct noise_keypair key;
    struct entropy entropy;
    const char *name; /* of this program, for WELCOME; borrowed */
    const struct logger *logger;
    uint32_t count_max; /* sockets there is room for, at most PEERS_MAX; 0: that many */
};

/* Errors: STATUS_NOMEM, STATUS_IO. */
MUST_CHECK enum status peers_create(const struct peers_options *options,
                                    struct peers **peers_out);
/* Cuts off whoever is left, and frees; `done` comes last. Listeners must be closed. */
void peers_close(struct peers *peers, void (*done)(void *context), void *context);

/* Takes in the next connection of a listener; tells it that there is no room when count_max is
 * reached. Without memory for it, it waits, and its listener with it, until the next tick. */
void peers_accept(struct peers *peers, uv_stream_t *listener,
                  const struct peer_service *service);
/* libuv could not take in a connection, and tries again at once: pauses for it. */
void peers_accept_failed(struct peers *peers, int error);
/* A listener is about to be closed: nothing of it waits any more. */
void peers_forget_listener(struct peers *peers, const uv_stream_t *listener);

/* Sends one whole message; copied, in order. A number nobody has is fine. */
void peers_send(struct peers *peers, uint32_t peer, struct bytes message);
/* Writes what waits, then closes. */
void peers_end(struct peers *peers, uint32_t peer);
/* The same for all peers of one kind. */
void peers_end_all(struct peers *peers, bool is_local);

/* Handshake done, or not yet; local ones are in neither. */
uint32_t peers_open_count(const struct peers *peers);
uint32_t peers_handshaking_count(const struct peers *peers);
/* All that have a socket. */
uint32_t peers_count(const struct peers *peers);

#endif

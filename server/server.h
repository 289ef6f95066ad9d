/* server/server.h -- kringd itself: a store, a hub, peers, listeners and a control socket on
 * one loop. It drives the hub: gives it events with the time, carries out its effects.
 *
 *   STARTING --tickets read, listening--> SERVING --server_stop()--> DRAINING --nothing in
 *   flight, everyone told, or too late--> CLOSING --> ended(), freed
 *
 * A store that fails for good ends it too: what cannot be made durable must not go on. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <uv.h>

#include "common/entropy.h"
#include "common/status.h"
#include "protocol/noise.h"
#include "server/logger.h"
#include "server/options.h"

enum {
    SERVER_WHY_BYTES_MAX = 256,
    SERVER_DRAIN_MS_MAX = 3000, /* then whoever is left is cut off */
    SERVER_DRAIN_POLL_MS = 20,
    SERVER_SWEEP_MS = 3600 * 1000, /* how often sessions past their date are looked for */
};

struct server; /* opaque */

struct server_options {
    const char *directory; /* locked by the caller until ended(); copied */
    const union config_address *listens;
    size_t listen_count; /* 1 to CONFIG_LISTENS_MAX */
    const char *host;    /* NAME:PORT people reach it by; empty: this machine's name */
    uint64_t min_free_bytes;
    uint32_t connections_max; /* sockets there are file descriptors for; 0: PEERS_MAX */
    struct noise_keypair key;
    struct entropy entropy;
    struct logger logger;

    void *context;
    void (*ready)(void *context, struct server *server);
    /* The last thing: STATUS_OK after server_stop(), else why, with a sentence. */
    void (*ended)(void *context, enum status status, const char *why);
};

/* Errors, with a sentence in why_out, and then ended() is not called: as store_open(). Every
 * later trouble, such as a port in use, comes through ended(). */
MUST_CHECK enum status server_start(uv_loop_t *loop, const struct server_options *options,
                                    struct server **server_out,
                                    char why_out[SERVER_WHY_BYTES_MAX]);
/* Takes nobody new, finishes what is in flight, says goodbye, ends. Twice is fine. */
void server_stop(struct server *server);

/* Where it listens, once ready; at < server_listen_count(). */
size_t server_listen_count(const struct server *server);
void server_address(const struct server *server, size_t at, union config_address *address_out);

#endif

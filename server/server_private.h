/* server/server_private.h -- what the files of the server share; nobody else includes it.
 *
 *   server.c        starting, stopping, what ends when
 *   server_hub.c    the hub's driver: its effects, its events, its time */
#ifndef SERVER_SERVER_PRIVATE_H
#define SERVER_SERVER_PRIVATE_H

#include "server/control.h"
#include "server/hub.h"
#include "server/listener.h"
#include "server/peers.h"
#include "server/server.h"
#include "server/store.h"

enum server_state { SERVER_STARTING, SERVER_SERVING, SERVER_DRAINING, SERVER_CLOSING };

struct server {
    uv_loop_t *loop;
    enum server_state state;
    enum status status; /* what it will end with */
    char why[SERVER_WHY_BYTES_MAX];
    char *directory; /* owned */
    char host[CONFIG_HOST_BYTES_MAX + 1];
    enum control_host host_from;
    struct noise_keypair key;
    struct entropy entropy;
    struct logger logger;
    void *context;
    void (*ready)(void *context, struct server *server);
    void (*ended)(void *context, enum status status, const char *why);

    union config_address listens[CONFIG_LISTENS_MAX];
    size_t listen_count;
    struct listener listeners[CONFIG_LISTENS_MAX];
    size_t listener_count; /* opened, in any state */
    struct listener local;
    bool is_local_open;
    int socket_fd; /* that the control socket's path needs; -1: none */

    struct peer_service network;
    struct peer_service administrator;
    struct control control;
    struct peers *peers;
    struct store *store;
    struct hub *hub;

    uv_timer_t hub_time; /* the next thing the hub waits for */
    uv_timer_t sweep;
    uv_timer_t drain;
    uint64_t drain_until_ms; /* of the loop's clock */
    unsigned open_handles;   /* ours that are still to close, and the peers, and the store */
};

/* server_hub.c */
MUST_CHECK enum status server_hub_create(struct server *server);
/* After something was told to the hub: when it wants to be told the time next. */
void server_hub_wait(struct server *server);
/* The clock runs from now on: the hub's time, and sessions past their date. */
void server_hub_begin(struct server *server);

/* server.c */
void server_fail(struct server *server, enum status status, const char *why);
void server_log(const struct server *server, enum logger_level level, const char *event,
                enum status status);

#endif

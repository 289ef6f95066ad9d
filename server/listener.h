/* server/listener.h -- one place where connections come in: a TCP address, or the control
 * socket. What comes in goes to the peers. */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include <stdbool.h>
#include <uv.h>

#include "common/status.h"
#include "server/options.h"
#include "server/peers.h"

enum { LISTENER_BACKLOG = 511 };

struct listener {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    struct peers *peers;                /* borrowed */
    const struct peer_service *service; /* borrowed */
    void (*closed)(void *context);
    void *context;
};

/* The listener's memory is the caller's until it is closed, which is also due after an error.
 * v6_only: an IPv6 address leaves IPv4 to another listener.
 * Errors: STATUS_BUSY (in use), STATUS_PERMISSION, STATUS_NOT_FOUND (no such address here),
 * STATUS_IO. */
MUST_CHECK enum status listener_open_tcp(struct listener *listener, uv_loop_t *loop,
                                         const union config_address *address, bool v6_only,
                                         struct peers *peers,
                                         const struct peer_service *service);
/* path: of a socket file, replaced if it is there and left by a process that is gone; 0600.
 * Errors: as above. */
MUST_CHECK enum status listener_open_local(struct listener *listener, uv_loop_t *loop,
                                           const char *path, struct peers *peers,
                                           const struct peer_service *service);

/* The address it really listens at, when port 0 was asked for. */
void listener_address(const struct listener *listener, union config_address *address_out);

void listener_close(struct listener *listener, void (*closed)(void *context), void *context);

#endif

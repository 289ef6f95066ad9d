/* server/control.h -- what an administrator asks for: tickets, status, sessions, purge
 * (protocol/control.h). It answers the control socket of a running server, and, with no server
 * running, the command itself, on the same store. Answers come later, on the loop. */
#ifndef SERVER_CONTROL_H
#define SERVER_CONTROL_H

#include <stdint.h>

#include "common/entropy.h"
#include "common/status.h"
#include "protocol/control.h"
#include "protocol/message.h"
#include "server/hub.h"
#include "server/logger.h"
#include "server/peers.h"
#include "server/store.h"

enum { CONTROL_CALLS_MAX = 64 /* asked and not yet answered */ };

#define CONTROL_SOCKET "kringd.sock" /* in the data directory */

struct control_options { /* all borrowed, as long as a call is under way */
    struct store *store;
    struct hub *hub;             /* NULL: no server runs */
    const struct peers *peers;   /* NULL likewise */
    const uint8_t *server_key;   /* public; KEY_BYTES */
    const char *host;            /* how people reach the server, NAME:PORT; for links */
    enum control_host host_from; /* where that comes from */
    struct entropy entropy;
    const struct logger *logger;
    void (*answer)(void *context, uint32_t peer, struct bytes message);
    void *context;
};

struct control {
    struct control_options options;
    uint32_t calls;
};

void control_init(struct control *control, const struct control_options *options);

/* A request of a peer; borrowed. Its answer comes once, sooner or later. */
void control_handle(struct control *control, uint32_t peer, const struct message *request);

#endif

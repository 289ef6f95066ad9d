/* client/connection_private.h -- shared by connection.c (attempts and endings) and
 * connection_line.c (what is said over one line); nobody else includes it. */
#ifndef CLIENT_CONNECTION_PRIVATE_H
#define CLIENT_CONNECTION_PRIVATE_H

#include <uv.h>

#include "client/connection.h"
#include "protocol/channel.h"
#include "protocol/link.h"

enum { CONNECTION_INPUT_BYTES = 65536, CONNECTION_PORT_BYTES = 6 };

/* A message that does not fit the frame being filled. */
struct waiting_message {
    struct waiting_message *next;
    size_t count;
    uint8_t data[];
};

/* One attempt's socket: its memory outlives the attempt until libuv has closed it. */
struct line {
    uv_tcp_t tcp;
    uv_connect_t connect;
    struct connection *connection; /* NULL once given up */
};

struct connection {
    uv_loop_t *loop;
    struct connection_driver driver;
    struct entropy entropy;
    struct noise_keypair own;
    uint8_t server_key[KEY_BYTES];
    char host[LINK_HOST_BYTES_MAX + 1];
    char port[CONNECTION_PORT_BYTES];

    enum connection_state state;
    bool reached; /* this server, by its key, at least once */
    uint64_t backoff_ms;
    uint32_t turned_away; /* so many times in a row without a word */
    uv_timer_t timer;     /* the next attempt; or the end of patience with this one */
    uv_idle_t turn;       /* writes once per turn; idle, so that the loop never sleeps on it */
    uv_getaddrinfo_t resolver;
    bool resolving;
    struct addrinfo *addresses; /* owned */
    struct addrinfo *address;   /* the one being tried */
    struct line *line;          /* NULL: none */
    struct channel *channel;    /* owned; good while there is a line that was connected */

    struct waiting_message *first, *last;
    size_t waiting_bytes;
    unsigned writes; /* under way */
    uint8_t input[CONNECTION_INPUT_BYTES];

    bool closing;
    uint64_t closing_ms; /* when that began */
    unsigned handles;    /* libuv still knows: timer, turn, resolver, lines, writes */
    void (*done)(void *context);
    void *done_context;
};

/* Ends this attempt and says why; the next one follows by itself. */
void connection_fail(struct connection *connection, enum status status);
/* How long the line may stay silent from here on. */
void connection_patience(struct connection *connection, uint64_t ms);
/* libuv let go of one more thing; the last one frees the connection. */
void connection_release(struct connection *connection);

/* The line is connected: shakes hands and reads. */
MUST_CHECK enum status connection_greet(struct connection *connection);
/* Writes what waits, now. */
MUST_CHECK enum status connection_flush(struct connection *connection);
void connection_drop_waiting(struct connection *connection);

#endif

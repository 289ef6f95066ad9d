/* protocol/control.h -- the methods of the control socket: what an administrator asks a server.
 *
 * The same messages in the same frames (channel_init_local()), without Noise: the socket is a
 * Unix socket that only the server's own user can open. Conventions as in methods.h. */
#ifndef PROTOCOL_CONTROL_H
#define PROTOCOL_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/limits.h"
#include "protocol/message.h"

enum {
    CONTROL_HOST_BYTES_MAX = 256, /* NAME:PORT */
    CONTROL_LINK_BYTES_MAX = 1024,
    CONTROL_USES_MAX = 1000000,
    CONTROL_PAGE_MAX = 128, /* a list shorter than this is the end of it */
};

struct control_status {   /* result of STATUS */
    struct bytes version; /* name and version, as in WELCOME */
    uint64_t started_ms;
    uint64_t now_ms;
    uint64_t connections; /* handshake done */
    uint64_t handshaking;
    uint64_t sessions;
    uint64_t entries; /* appended since the start */
    uint64_t store_bytes;
    uint64_t commits;
    uint64_t commit_us_median; /* of the last ones */
    uint64_t commit_us_99;     /* 99 of 100 were faster */
    uint64_t commit_us_max;
};

struct control_ticket { /* TICKET; the result is control_link */
    struct bytes label; /* not empty, unique */
    uint32_t uses;
    uint64_t expires_ms; /* Unix epoch */
    struct bytes host;   /* NAME:PORT for the link; empty: what the server is known by */
};

/* Where the name in a link comes from. Numbers travel. */
enum control_host {
    CONTROL_HOST_GIVEN,    /* the request, or the server's settings */
    CONTROL_HOST_ADDRESS,  /* it is an address the server listens on */
    CONTROL_HOST_LOOPBACK, /* likewise, and only this machine reaches it */
    CONTROL_HOST_ASSUMED,  /* a guess: the server listens on every address of its machine */
};

struct control_link {
    struct bytes link;
    enum control_host host;
};

struct control_label { /* REVOKE; TICKETS: those after this label, empty for all */
    struct bytes label;
};

struct control_ticket_row {
    struct bytes label;
    uint32_t uses_left;
    uint64_t created_ms;
    uint64_t expires_ms;
};

struct control_tickets { /* result of TICKETS, by label */
    uint32_t count;
    struct control_ticket_row items[CONTROL_PAGE_MAX];
};

struct control_session { /* PURGE */
    uint8_t session[HASH_BYTES];
};

struct control_after {    /* SESSIONS: those after this one */
    struct bytes session; /* HASH_BYTES of them, or empty for all */
};

struct control_session_row {
    uint8_t session[HASH_BYTES];
    uint64_t created_ms;
    uint64_t keep_until_ms;
    uint32_t connections;
    uint64_t entries;
    uint64_t bytes;
    bool purged; /* only the tombstone is left */
};

struct control_sessions { /* result of SESSIONS, by session id */
    uint32_t count;
    struct control_session_row items[CONTROL_PAGE_MAX];
};

#define CONTROL_CODEC(name)                                                                    \
    void control_##name##_encode(struct writer *writer, const struct control_##name *value);   \
    MUST_CHECK enum status control_##name##_decode(struct bytes body,                          \
                                                   struct control_##name *value_out)

CONTROL_CODEC(status);
CONTROL_CODEC(ticket);
CONTROL_CODEC(link);
CONTROL_CODEC(label);
CONTROL_CODEC(tickets);
CONTROL_CODEC(session);
CONTROL_CODEC(after);
CONTROL_CODEC(sessions);

#endif

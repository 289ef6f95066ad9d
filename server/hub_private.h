/* server/hub_private.h -- what the files of the hub share; nobody else includes it.
 *
 *   hub.c          events: connections, messages, time
 *   hub_session.c  loaded sessions: finding, loading, the queue, letting go
 *   hub_append.c   CREATE and APPEND, DONE; batches, and what follows when they are stored
 *   hub_attach.c   ATTACH and KNOCK
 *   hub_methods.c  the requests that keep nothing, and the table of all
 *   hub_deliver.c  what each connection has not got yet
 */
#ifndef SERVER_HUB_PRIVATE_H
#define SERVER_HUB_PRIVATE_H

#include "protocol/methods.h"
#include "server/hub.h"
#include "server/marks.h"
#include "server/record.h"
#include "server/tickets.h"

enum {
    HUB_BUCKETS = 1024,
    HUB_SCRATCH_BYTES = 65519, /* the longest message a frame holds */
};

#define HUB_BEHIND UINT64_MAX

struct connection {
    struct connection *next;            /* in its bucket */
    struct connection *next_in_session; /* once attached */
    uint32_t number;
    uint8_t noise_key[KEY_BYTES];
    uint64_t since_ms;

    struct hub_session *session; /* that it asks for; NULL: none yet */
    bool attached;
    uint16_t member;       /* 0: knocked, and not joined yet */
    uint64_t public_index; /* the last it got; HUB_BEHIND: it has more than we do */
    uint64_t own_index;
    uint16_t waiting_step; /* the waiting answer it got last */
    uint8_t waiting_behalf;
    bool waiting_told;
    uint64_t change_told; /* the last of the session's marks it was told; 0: none */
    uint64_t told_ms;     /* when that was */
    uint32_t lobby_told;  /* enum message_lobby_reason; 0: none */

    size_t room; /* bytes it may still be sent before hub_room() */
    uint32_t requests;
    size_t request_bytes;
};

struct hub_request {
    struct hub_request *next;
    struct connection *connection;
    uint32_t id;
    const struct hub_method *method;
    struct bytes body; /* owned */
};

/* What a request will be answered when the batch it was decided in is stored. */
struct hub_reply {
    uint32_t connection;
    uint32_t id;
    enum status status;
    bool is_placed; /* the result says where; else it is empty */
    bool is_create;
    struct placed placed;
};

enum hub_session_state { HUB_LOADING, HUB_READY, HUB_STORING, HUB_GONE };

struct hub_session {
    struct hub_session *next;
    uint8_t id[HASH_BYTES];
    enum hub_session_state state;
    struct record *record; /* READY, STORING; one without genesis is a session nobody made */
    struct marks marks;
    struct connection *connections; /* attached */
    struct hub_request *first;
    struct hub_request **last;

    struct batch *batch; /* being filled; NULL: nothing in it, or in flight */
    uint64_t batch_number;
    uint64_t batch_at_ms;
    bool batch_is_full; /* nothing more may join */
    struct hub_reply *replies;
    size_t reply_count;
    size_t reply_capacity;
    bool takes_ticket;
    uint8_t ticket_key[KEY_BYTES];

    bool purge_due;       /* nobody asked for it by an entry */
    bool purges;          /* the batch holds ROW_PURGED */
    uint64_t idle_ms;     /* since when nobody is in it */
    enum status why_gone; /* GONE */
    uint8_t *tombstone;   /* owned; the purge entry, or NULL */
    size_t tombstone_count;
    uint64_t purged_ms;
};

struct hub {
    struct hub_driver driver;
    uint64_t now_ms;
    struct connection *buckets[HUB_BUCKETS];
    struct hub_session *sessions;
    struct tickets tickets;
    struct hub_numbers numbers;
    uint64_t last_batch;
    bool draining;
    uint8_t scratch[HUB_SCRATCH_BYTES];
    struct entry entry; /* the one being decided */
};

/* A request's handler. False: it must wait until the batch is stored. It may close the
 * connection, its last act then. */
typedef bool hub_handler(struct hub *hub, struct hub_session *session,
                         const struct hub_request *request);
/* The session a first request asks for. */
typedef enum status hub_finder(struct hub *hub, struct bytes body,
                               uint8_t session_out[HASH_BYTES]);

struct hub_method {
    hub_finder *find;    /* first requests; NULL: the connection must be in a session */
    bool again;          /* also on a connection that is in that session */
    hub_handler *handle; /* in its session's turn; NULL: answered at once */
};

/* hub.c */
struct connection *hub_find_connection(struct hub *hub, uint32_t number);
/* Over hub->scratch, for hub_send(). */
struct writer hub_writer(struct hub *hub);
void hub_send(struct hub *hub, struct connection *connection, const struct writer *writer);
void hub_answer(struct hub *hub, struct connection *connection, uint32_t id); /* no fields */
void hub_refuse(struct hub *hub, struct connection *connection, uint32_t id, enum status why,
                const char *text);
/* Says CLOSING, closes, and forgets the connection. */
void hub_close(struct hub *hub, struct connection *connection, enum status why);
void hub_log(struct hub *hub, const char *event, const struct hub_session *session,
             uint16_t member, enum status status);

/* hub_session.c */
struct hub_session *hub_session_find(struct hub *hub, const uint8_t *id);
/* Finds it, or starts loading it. Errors: STATUS_BUSY (too many), STATUS_NOMEM. */
MUST_CHECK enum status hub_session_open(struct hub *hub, const uint8_t *id,
                                        struct hub_session **session_out);
MUST_CHECK enum status hub_session_queue(struct hub_session *session,
                                         struct connection *connection,
                                         const struct hub_method *method, uint32_t id,
                                         struct bytes body);
/* A connection goes: its requests, its place in the session. */
void hub_session_leave(struct hub *hub, struct connection *connection);
/* Decides what may be decided now, and hands out what may be seen. The session may be gone
 * afterwards. */
void hub_session_pump(struct hub *hub, struct hub_session *session);
void hub_session_load(struct hub *hub, struct hub_session *session);
void hub_session_destroy(struct hub *hub, struct hub_session *session);
/* Everyone in it is told and closed; it answers only `why` from now on. */
void hub_session_end(struct hub *hub, struct hub_session *session, enum status why);

/* hub_append.c */
hub_finder hub_find_created;
hub_handler hub_create_session, hub_append, hub_done;
bool hub_batch_is_empty(const struct hub_session *session);
void hub_batch_purge(struct hub *hub, struct hub_session *session);
/* Hands the batch to the store; without one, answers what was decided. */
void hub_batch_commit(struct hub *hub, struct hub_session *session);

/* hub_attach.c */
hub_finder hub_find_attached, hub_find_knocked;
hub_handler hub_attach, hub_knock;

/* hub_methods.c */
const struct hub_method *hub_method_find(uint32_t method); /* NULL: unknown */

/* hub_deliver.c */
void hub_deliver(struct hub *hub, struct connection *connection);
void hub_deliver_all(struct hub *hub, struct hub_session *session);
void hub_send_tombstone(struct hub *hub, const struct hub_session *session,
                        struct connection *connection);

#endif

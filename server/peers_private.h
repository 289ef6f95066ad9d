/* server/peers_private.h -- what peers.c and peer.c share; nobody else includes it.
 *
 *   peers.c   all of them: numbers, the turn of the loop, timers, the end
 *   peer.c    one of them: reading, writing, closing */
#ifndef SERVER_PEERS_PRIVATE_H
#define SERVER_PEERS_PRIVATE_H

#include "protocol/channel.h"
#include "server/peers.h"

enum peer_state { PEER_HANDSHAKING, PEER_OPEN, PEER_ENDING, PEER_LINGERING, PEER_CLOSED };

/* A message that did not fit into the channel while a write was under way. */
struct peer_message {
    struct peer_message *next;
    size_t count;
    uint8_t data[];
};

struct peer {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    struct peers *peers;
    const struct peer_service *service;
    uint32_t number;
    enum peer_state state;
    enum status failure; /* found where nothing may be closed; closed in the next turn */
    bool is_throttled;   /* throttle_finish() is due */
    bool is_reading;
    bool is_told; /* the service knows it: `proved` said yes */
    bool wants_room;
    struct sockaddr_storage address;
    uint64_t deadline_ms; /* of the loop's clock: handshake, lingering */

    uint64_t heard_ms; /* when something last arrived */

    bool is_dirty; /* stands in the list of those to write to */
    struct peer *next_dirty;

    bool is_writing;
    uv_write_t write;
    uv_shutdown_t shutdown;
    uint8_t *rest;        /* owned: what is being written */
    size_t left;          /* of it, when last looked at */
    uint64_t progress_ms; /* when that last changed */
    struct peer_message *backlog;
    struct peer_message **backlog_last;
    size_t backlog_bytes;

    struct channel channel; /* large, last, and touched as far as it is used */
};

struct peer_slot {
    struct peer *peer;
    uint32_t generation;
};

/* A listener whose next connection could not be taken in; libuv does not listen until it is. */
struct peer_waiting {
    uv_stream_t *listener;
    const struct peer_service *service;
};

struct peers {
    struct peers_options options;
    struct peer *(*create)(struct peers *peers, const struct peer_service *service);
    struct peer_waiting waiting[PEERS_LISTENERS_MAX];
    size_t waiting_count;
    bool is_troubled;
    uint64_t trouble_ms; /* when it was last logged */
    uv_prepare_t turn;
    uv_idle_t again; /* runs while there is something to write in the next turn */
    uv_timer_t tick;
    struct throttle throttle;
    struct peer_slot slots[PEERS_MAX];
    uint32_t slot_next;
    uint32_t count;
    uint32_t open;
    uint32_t handshaking;
    struct peer *dirty;
    struct peer **dirty_last;

    bool is_closing;
    unsigned handles; /* of our own, still open while closing */
    void (*closed)(void *context);
    void *closed_context;

    uint8_t input[65536]; /* of whoever is read from now */
    uint8_t output[CHANNEL_FLUSH_BYTES_MAX];
};

/* peer.c */
struct peer *peer_create(struct peers *peers, const struct peer_service *service);
/* Begins to read, or says that there is no room now. */
void peer_begin(struct peer *peer);
void peer_send(struct peer *peer, struct bytes message);
void peer_end(struct peer *peer);
/* Its turn to write. */
void peer_flush(struct peer *peer);
void peer_check_time(struct peer *peer, uint64_t now_ms);
/* Not let in: no room. Says so, as far as it gets through, and closes at once. */
void peer_turn_away(struct peer *peer);
/* At once. The service hears of it, unless it asked for it. */
void peer_close(struct peer *peer, enum status why);

/* peers.c */
void peers_mark_dirty(struct peer *peer);
void peers_set_state(struct peer *peer, enum peer_state state);
/* A number and a place among all; false when there is none left. */
bool peers_enter(struct peer *peer);
void peers_leave(struct peer *peer);
/* Its memory is about to go. */
void peers_forget(struct peer *peer);

#endif

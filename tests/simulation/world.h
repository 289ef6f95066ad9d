/* tests/simulation/world.h -- one simulated world: clients, wires, one hub, one store, in one
 * thread and in virtual time. Everything that happens follows from the seed.
 *
 *   client -- channel -- wire -- channel -- hub -- store
 *
 * The wires are real channels at both ends with bytes between them, which come late, in pieces,
 * or not at all; batches may take long, fail, or be stored without anybody hearing of it. The
 * first thing that must not be ends the run: world_fail() says what. */
#ifndef TESTS_SIMULATION_WORLD_H
#define TESTS_SIMULATION_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/entropy.h"
#include "protocol/channel.h"
#include "protocol/hash.h"
#include "protocol/methods.h"
#include "server/hub.h"
#include "tests/simulation/events.h"
#include "tests/simulation/ledger.h"
#include "tests/support/draft.h"
#include "tests/support/memory_store.h"
#include "tests/support/seeded.h"
#include "tests/support/side.h"

enum {
    CLIENTS_MAX = 10,
    LETTERS_MAX = 32,
    OUTSTANDING_MAX = HUB_REQUESTS_MAX,
    PLAN_STEPS_MAX = 8,
    WORLD_START_MS = 1700000000,
    DAY_MS = 24 * 3600 * 1000,
};

enum part {
    PART_FACILITATOR,
    PART_OBSERVER,
    PART_PARTICIPANT,
    PART_STRANGER, /* has an invite, and is refused in the lobby */
    PART_THIEF,    /* has no invite, but knows the session */
};

enum client_state {
    CLIENT_ABSENT, /* has not come yet */
    CLIENT_OFFLINE,
    CLIENT_GREETING,  /* the handshake is under way */
    CLIENT_ATTACHING, /* asked for the session */
    CLIENT_IN,
    CLIENT_OUT, /* for good: refused, or purged */
};

/* An entry on its way: kept, and sent again with the same bytes, until it is answered. */
struct letter {
    uint8_t bytes[ENTRY_BYTES_MAX];
    size_t count;
    uint8_t id[ID_BYTES];
    uint8_t hash[HASH_BYTES];
    enum kind kind;
    uint16_t step;
    uint32_t edit;
    bool is_sent;     /* on this connection */
    uint64_t sent_ms; /* the last time */
    uint64_t not_before_ms;
};

struct outstanding {
    uint32_t id;
    enum message_method method;
    uint8_t letter[ID_BYTES];
    uint16_t step;
};

/* What a person remembers to have done. */
struct memory {
    bool joined;
    bool named;
    bool invited[4];
    bool revealed;
    uint32_t edits[PLAN_STEPS_MAX + 1];
    uint32_t acked_edits[PLAN_STEPS_MAX + 1];
    uint32_t thoughts; /* at the step the group is on */
    uint16_t thinks_about;
    bool purged;
    bool gave_up; /* came too late to join */
};

struct client {
    struct world *world;
    uint32_t number;
    enum part part;
    uint8_t seat_seed[SEED_BYTES];
    uint16_t invite;
    enum client_state state;
    struct side *side; /* NULL: knows no session */
    uint32_t wire;     /* 0: none */
    uint32_t next_id;
    struct outstanding outstanding[OUTSTANDING_MAX];
    size_t outstanding_count;
    struct letter *letters[LETTERS_MAX]; /* owned, oldest first */
    size_t letter_count;
    struct memory memory;
    struct draft *draft; /* owned scratch */
    bool was_purged;
};

struct buffer {
    uint8_t *data; /* owned */
    size_t count;
    size_t capacity;
};

struct wire {
    struct wire *next;
    uint32_t number;
    uint32_t client;
    struct channel *client_channel; /* owned */
    struct channel *server_channel;
    struct buffer to_server;
    struct buffer to_client;
    struct buffer
        outbox; /* messages of the hub that no frame holds yet, each with its length */
    uint64_t to_server_ms; /* when the last byte planned arrives */
    uint64_t to_client_ms;
    uint32_t slowness_ms;
    bool client_open;
    bool server_open;
    bool hub_knows;
    bool writing;
    bool closing; /* once all is written */
    bool is_cut;
};

struct pending_batch {
    uint32_t number; /* 0: none */
    uint64_t batch_number;
    struct batch *batch; /* owned until it is durable, or has failed */
    enum status status;
};

/* How bad this world is; drawn from the seed. */
struct weather {
    uint32_t cut_percent; /* of fault events */
    uint32_t crash_percent;
    uint32_t forget_percent;   /* a client loses its cache */
    uint32_t no_space_percent; /* of batches */
    uint32_t store_ms;
    uint32_t latency_ms;
    uint32_t split_percent;
};

/* How much happened, so that a quiet run is noticed. */
struct tally {
    uint32_t appended; /* acknowledged */
    uint32_t held;     /* of those: came again, and was there already */
    uint32_t delivered;
    uint32_t read;
    uint32_t cuts;
    uint32_t crashes;
    uint32_t unheard;  /* batches stored of which nobody heard */
    uint32_t lost;     /* batches lost in a crash */
    uint32_t failed;   /* batches the store refused */
    uint32_t replaced; /* connections by newer ones */
};

struct world {
    uint64_t seed;
    struct seeded random;
    struct entropy entropy;
    uint64_t now_ms;
    uint64_t step_count;
    struct events events;
    struct weather weather;
    bool is_calm; /* nothing breaks any more */
    bool verbose;

    struct hub *hub; /* NULL: crashed */
    uint32_t generation;
    struct noise_keypair server_key;
    uint8_t ticket_secret[SIGN_SECRET_BYTES];
    struct memory_store store;
    struct pending_batch pending;
    uint32_t last_pending;

    struct wire *wires;
    uint32_t last_wire;
    struct client clients[CLIENTS_MAX];
    uint32_t client_count;
    struct ledger ledger;

    bool has_session;
    uint8_t session[HASH_BYTES];
    struct letter *genesis; /* owned; sent until answered */
    struct recovery_keys recovery;
    uint8_t f[KEY_BYTES];
    uint8_t invite_seeds[4][SEED_BYTES];
    struct step_plan steps[PLAN_STEPS_MAX];
    uint16_t plan_count;
    uint16_t text_count;
    uint16_t texts_sent; /* below this number the facilitator wrote them already */
    bool invites_are_out;
    enum admission admission;
    bool has_ended;   /* its end is durable */
    bool wants_purge; /* afterwards */
    bool may_purge;

    struct hash trace;
    char failure[256]; /* empty: nothing is wrong */
    struct tally tally;
};

/* ---- world.c ---- */

/* Runs a seed to its end. steps_max: how many events at most. */
void world_run(struct world *world, uint64_t seed, uint64_t steps_max, bool verbose);
void world_finish(struct world *world);
/* Two runs of a seed give the same. */
uint64_t world_trace(const struct world *world);

void world_fail(struct world *world, const struct client *client, const char *what, ...)
    __attribute__((format(printf, 3, 4)));
bool world_has_failed(const struct world *world);
void world_say(const struct world *world, const struct client *client, const char *what, ...)
    __attribute__((format(printf, 3, 4)));
uint32_t world_below(struct world *world, uint32_t bound);
bool world_chance(struct world *world, uint32_t percent);
void world_plan(struct world *world, uint32_t in_ms, enum event_kind kind, uint32_t who,
                uint32_t count);
void world_trace_bytes(struct world *world, struct bytes bytes);

/* ---- wire.c ---- */

struct wire *wire_find(const struct world *world, uint32_t number);
struct wire *wire_open(struct world *world, struct client *client);
void wire_arrive_server(struct world *world, uint32_t number, uint32_t count);
void wire_arrive_client(struct world *world, uint32_t number, uint32_t count);
void wire_written(struct world *world, uint32_t number);
void wire_closed_server(struct world *world, uint32_t number);
void wire_closed_client(struct world *world, uint32_t number);
/* Takes what the client's channel has to say. */
void wire_flush_client(struct world *world, struct wire *wire);
/* What the hub sent during this event goes out, one write for each wire. */
void wire_flush_all(struct world *world);
void wire_send_server(struct world *world, struct wire *wire, struct bytes message);
/* The bytes under way are lost; both ends notice at some time. */
void wire_cut(struct world *world, struct wire *wire);
void wire_destroy_all(struct world *world);

/* ---- server.c ---- */

void server_start(struct world *world);
void server_crash(struct world *world);
void server_commit(struct world *world, uint32_t pending);
void server_stored(struct world *world, uint32_t pending);
void server_loaded(struct world *world, uint32_t generation);
void server_tick(struct world *world, uint32_t generation);
void server_finish(struct world *world);

/* ---- client.c ---- */

void client_init(struct world *world, struct client *client, enum part part, uint16_t invite);
void client_finish(struct client *client);
void client_connect(struct client *client);
void client_greeted(struct client *client);
void client_take(struct client *client, const struct message *message);
void client_disconnected(struct client *client);
/* Loses what it can get again from the server. */
void client_forget(struct client *client);
/* Sends what waits and may be sent now. */
void client_post(struct client *client);
/* Begins a request: its params come next, then client_send(). */
struct writer client_request(struct client *client, enum message_method method, uint16_t step,
                             const uint8_t *letter);
void client_send(struct client *client, const struct writer *writer);
/* The state this client's fold gives itself. */
enum member_state client_member_state(const struct client *client);

/* ---- letters.c ---- */

/* Hands the draft over to be sent, and writes it down in the ledger. */
void letter_write(struct client *client, const struct written *written);
bool letter_waits(const struct client *client, enum kind kind, uint16_t step);
void letter_answered(struct client *client, const uint8_t *id, enum status status,
                     const struct message_appended *appended);
/* A text to write: its token, which goes into *written, and more. */
struct bytes letter_text(struct client *client, struct written *written);

/* ---- play.c, play_facilitator.c ---- */

void play_think(struct client *client);
void play_facilitator(struct client *client);
void play_digest(struct client *client, uint16_t step, const struct message_digest *digest);
void play_create(struct client *client);

/* ---- check.c ---- */

void check_batch(struct world *world, const struct batch *batch);
void check_item(struct client *client, const struct message_item *item);
void check_acknowledged(struct client *client, const struct letter *letter,
                        const struct message_appended *appended);
void check_done(struct client *client, uint16_t step);
/* Everybody has everything: true; and what they may have read they did, or the run fails. */
bool check_settled(struct world *world);

#endif

/* tests/support/circle.h -- a circle of people in one thread: real members (client/member.h), a
 * real hub, a store in memory and a network that is two queues. Time is a number. For tests. */
#ifndef TESTS_SUPPORT_CIRCLE_H
#define TESTS_SUPPORT_CIRCLE_H

#include <stdbool.h>

#include "client/compile.h"
#include "client/member.h"
#include "server/hub.h"
#include "tests/support/memory_store.h"
#include "tests/support/seeded.h"

enum { CIRCLE_PEOPLE_MAX = 8, CIRCLE_NEWS_MAX = 4096, CIRCLE_FACILITATOR = 0 };

struct circle_record {
    enum record_kind kind;
    uint8_t key[8];
    size_t key_count;
    uint8_t *value; /* owned */
    size_t count;
};

struct circle_item { /* an entry as a device keeps it */
    enum stream stream;
    uint64_t index;
    uint64_t time_ms;
    uint8_t *bytes; /* owned */
    size_t count;
};

struct circle_message {
    uint8_t *bytes; /* owned */
    size_t count;
};

struct circle;

struct circle_person {
    struct circle *circle;
    struct member *member; /* NULL: not there, or killed */
    uint8_t seed[SEED_BYTES];
    uint8_t noise_key[KEY_BYTES];
    uint32_t connection;           /* 0: none */
    struct circle_record *records; /* what their device keeps */
    size_t record_count;
    struct circle_item *items;
    size_t item_count;
    bool erased;
    struct circle_message *to_server; /* not delivered yet */
    size_t to_server_count;
    struct circle_message *from_server;
    size_t from_server_count;
    struct news news[CIRCLE_NEWS_MAX];
    size_t news_count;
};

/* What a lying network does to a message from the server: false drops it. */
typedef bool circle_tamper(struct circle *circle, struct circle_person *person,
                           struct circle_message *message);

struct circle {
    struct hub *hub;
    struct memory_store store;
    struct seeded seeded;
    uint64_t now_ms;
    uint32_t last_connection;
    uint8_t session[HASH_BYTES];
    uint8_t ticket_seed[SEED_BYTES];
    struct circle_person people[CIRCLE_PEOPLE_MAX];
    struct batch *batches[16]; /* handed out, not stored yet */
    size_t batch_count;
    uint8_t loads[16][HASH_BYTES];
    size_t load_count;
    circle_tamper *tamper;
    bool holds_batches; /* the store is slow: nothing is stored until this is false */
};

/* Everything aborts the test when it cannot be. */
void circle_init(struct circle *circle, uint64_t seed);
void circle_finish(struct circle *circle);

/* Person 0 hosts this guide (YAML) with invites 1 (observer, 1 use) and 2 (participants). */
void circle_host(struct circle *circle, const char *guide, enum admission admission);
/* Somebody joins by an invite under a name. */
struct circle_person *circle_join(struct circle *circle, size_t at, uint16_t invite,
                                  const char *name);

void circle_connect(struct circle_person *person);
void circle_disconnect(struct circle_person *person);
void circle_kill(struct circle_person *person); /* the process; what it kept is kept */
void circle_reopen(struct circle_person *person);
void circle_restart_server(struct circle *circle); /* memory gone, store kept */

/* Lets everything happen until nothing does any more. */
void circle_run(struct circle *circle);
void circle_pass(struct circle *circle, uint64_t ms);

const struct model *circle_model(struct circle_person *person);
/* How often this was told, and the last time (NULL: never). */
size_t circle_told(const struct circle_person *person, enum news_kind kind);
const struct news *circle_last(const struct circle_person *person, enum news_kind kind);
/* Has this person's device ever been given these bytes, after opening all it can? */
bool circle_knows(const struct circle_person *person, const char *text);

#endif

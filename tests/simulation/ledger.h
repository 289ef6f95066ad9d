/* tests/simulation/ledger.h -- who may know what. Kept by the test from what people wrote and
 * from what became durable, never by asking the code under test. Every entry is written down
 * with the token its plaintext holds; whoever receives an entry, or reads a token, is checked.
 */
#ifndef TESTS_SIMULATION_LEDGER_H
#define TESTS_SIMULATION_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/entry.h"
#include "server/batch.h"

enum { TOKEN_BYTES = 16, LEDGER_CLIENTS_MAX = 32, NOBODY = INT32_MAX };

/* Who may read what was written, besides its author. */
enum audience {
    AUDIENCE_NONE,         /* it has no body */
    AUDIENCE_GROUP,        /* everyone admitted */
    AUDIENCE_FACILITATORS, /* a name given at the door */
    AUDIENCE_TEXT,         /* facilitators; everyone admitted once the text was given out */
    AUDIENCE_ANSWER,       /* everyone admitted once the step is released */
    AUDIENCE_NAMED,        /* those in `readers` */
};

struct written {
    uint8_t id[ID_BYTES];
    enum kind kind;
    enum audience audience;
    uint8_t token[TOKEN_BYTES];
    uint32_t author;  /* a client */
    uint32_t readers; /* bit per client, with AUDIENCE_NAMED */
    uint16_t step;
    uint16_t text;  /* text: its number; open, reveal: the one it gives out; 0: none */
    uint32_t edit;  /* answer */
    uint32_t about; /* roster: the client; else NOBODY */
    bool admits;    /* roster: in, or out */
    bool ends;      /* the session */

    uint32_t durable;  /* how often it was stored: in waiting and as released are two */
    uint32_t received; /* bit per client */
    uint32_t read;
};

struct ledger {
    struct written *items; /* owned */
    size_t count;
    size_t capacity;
    uint32_t facilitators; /* bits of clients */
    uint32_t admitted;
    uint64_t refused_index[LEDGER_CLIENTS_MAX]; /* public index of who was refused; 0: not */
    bool given[TEXTS_MAX];
    bool released[STEPS_MAX + 1];
};

void ledger_finish(struct ledger *ledger);

/* Writes an entry down; the pointer is good until the next. */
struct written *ledger_write(struct ledger *ledger, const struct written *written);
struct written *ledger_find(const struct ledger *ledger, const uint8_t *id);

/* A batch became durable. */
void ledger_store(struct ledger *ledger, const struct batch *batch);

/* What is wrong with this client receiving this item, or reading this plaintext; NULL: nothing.
 */
const char *ledger_receive(struct ledger *ledger, uint32_t client, enum stream stream,
                           uint64_t index, const uint8_t *id);
const char *ledger_read(struct ledger *ledger, uint32_t client, const uint8_t *id,
                        struct bytes plaintext);

/* Something durable this client is entitled to and has not read, or NULL. */
const struct written *ledger_missing(const struct ledger *ledger, uint32_t client);

#endif

/* tests/support/rig.h -- a hub whose driver does nothing but remember, and people who speak to
 * it: for tests that read like what happens. Time, the store and its answers are the test's to
 * move. Everything aborts when it cannot be done. */
#ifndef TESTS_SUPPORT_RIG_H
#define TESTS_SUPPORT_RIG_H

#include "protocol/methods.h"
#include "server/hub.h"
#include "tests/support/draft.h"
#include "tests/support/memory_store.h"
#include "tests/support/seeded.h"
#include "tests/support/side.h"

enum {
    RIG_MESSAGES_MAX = 512,
    RIG_PEOPLE_MAX = 10,
    RIG_CONNECTIONS_MAX = 128,
    RIG_START_MS = 1700000000,
    RIG_INVITES = 3,
};

/* Steps of rig_meet(): a question and one that stays private. */
enum { RIG_QUESTION = 1, RIG_PRIVATE = 2, RIG_STEPS = 2 };

struct rig_message {
    uint32_t connection; /* 0: taken */
    uint8_t *data;       /* owned */
    size_t count;
};

struct person {
    struct rig *rig;
    uint32_t connection; /* 0: none */
    uint32_t next_id;
    uint16_t invite;
    struct side side;
    struct draft draft;
};

struct rig {
    struct hub *hub;
    struct memory_store store;
    uint64_t now_ms;
    struct seeded random;
    struct entropy entropy;
    uint8_t ticket_secret[SIGN_SECRET_BYTES];
    uint8_t invite_seeds[RIG_INVITES + 1][SEED_BYTES]; /* 1 observer, 2 and 3 participants */
    uint8_t f[KEY_BYTES];
    struct recovery_keys recovery;
    enum admission admission;
    uint16_t text_count;

    struct rig_message sent[RIG_MESSAGES_MAX];
    size_t sent_count;
    uint32_t last_connection;
    bool is_closed[RIG_CONNECTIONS_MAX];
    enum status closed_why[RIG_CONNECTIONS_MAX];
    struct batch *batch; /* owned: in flight */
    uint32_t batch_count;
    bool loads;
    uint8_t load_id[HASH_BYTES];

    uint8_t genesis[ENTRY_BYTES_MAX];
    size_t genesis_count;
    uint8_t session[HASH_BYTES];
    struct person *people; /* owned, RIG_PEOPLE_MAX */
};

void rig_begin(struct rig *rig);
void rig_end(struct rig *rig);
/* A new hub over the same store, as after a crash; everybody is without connection. */
void rig_restart(struct rig *rig);

/* What is in flight becomes durable (STATUS_OK) or fails; what is asked for is read back. */
void rig_store(struct rig *rig, enum status status);
void rig_load(struct rig *rig);
/* Both, until nothing is left to do. */
void rig_settle(struct rig *rig);
void rig_wait(struct rig *rig, uint64_t ms); /* and ticks */
void rig_forget_sent(struct rig *rig);

/* ---- people: 0 is the facilitator ---- */

/* Begins its side, once the session's id is known; person_connect() does. */
void person_know_session(struct person *person);
void person_connect(struct person *person);
void person_leave(struct person *person);
/* Sends a request, returns its id. The encoded params are those of the method. */
uint32_t person_create(struct person *person);
uint32_t person_attach(struct person *person);
uint32_t person_attach_at(struct person *person, const struct message_place *public_place,
                          const struct message_place *own_place);
uint32_t person_knock(struct person *person);
uint32_t person_append(struct person *person, struct bytes entry);
uint32_t person_digest(struct person *person, uint16_t step);
uint32_t person_mark(struct person *person, enum message_method method, uint16_t step, bool on);
uint32_t person_signal(struct person *person, uint16_t step, enum message_signal signal);
uint32_t person_last_call(struct person *person, uint16_t step, uint32_t seconds);

/* The answer to a request: STATUS_TIMEOUT while there is none, its error, or STATUS_OK. */
enum status person_answer(struct person *person, uint32_t id);
enum status person_appended(struct person *person, uint32_t id,
                            struct message_appended *appended_out);
enum status person_attached(struct person *person, uint32_t id,
                            struct message_attached *attached_out);

/* Folds the items sent to it; returns how many, those of waiting answers too. */
size_t person_fold(struct person *person);
/* The last notification of a method sent to it; false: none. Its body is borrowed. */
bool person_told(struct person *person, enum message_method method, struct bytes *body_out);
size_t person_told_count(struct person *person, enum message_method method);

/* ---- longer ways ---- */

/* Appends, settles, and asserts that it went well; everybody folds. */
void person_must(struct person *person);
/* What the facilitator will create. */
void rig_draft_genesis(struct rig *rig);
/* Creates the session, without a text yet; the facilitator is attached. */
void rig_create(struct rig *rig);
/* The same, with its texts and invites. */
void rig_found(struct rig *rig);
/* Person n knocks and joins by this invite; and is let in. */
void rig_knock(struct rig *rig, size_t n, uint16_t invite);
void rig_join(struct rig *rig, size_t n, uint16_t invite);
void rig_admit(struct rig *rig, size_t n);
/* All of it: 0 facilitator, 1 observer, 2 and 3 participants; the question is open. */
void rig_meet(struct rig *rig);
/* Person n answers the question. */
void rig_answer(struct rig *rig, size_t n, uint32_t edit, const char *text);

struct bytes rig_text(const char *text);

#endif

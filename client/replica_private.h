/* client/replica_private.h -- what the files of the replica share; nobody else includes it.
 *
 *   replica.c          taking entries in, and what is known of them
 *   replica_own.c      the own stream
 *   replica_look.c     heads, and what is known
 *   replica_bodies.c   keys and opened bodies
 *   replica_words.c    faults as sentences */
#ifndef CLIENT_REPLICA_PRIVATE_H
#define CLIENT_REPLICA_PRIVATE_H

#include <assert.h>

#include "client/replica.h"

enum {
    REPLICA_EXPECTED_MAX = 256, /* acknowledged entries that have not come yet */
    REPLICA_HELD_MAX = 256,     /* own entries that wait for the public ones they refer to */
};

struct replica_log {
    struct replica_entry *entries; /* owned */
    size_t count;
    size_t capacity;
    struct chain chain;
};

struct replica_expected {
    enum stream stream;
    uint64_t index;
    uint8_t hash[HASH_BYTES];
};

struct replica_held {
    uint64_t index;
    uint64_t time_ms;
    uint8_t *raw; /* owned */
    size_t count;
};

struct replica {
    struct seat seat;
    uint8_t id[HASH_BYTES];
    uint16_t me;
    bool purged;
    struct session *session;
    struct keyring *ring;
    struct replica_log logs[2];  /* STREAM_PUBLIC, STREAM_OWN */
    uint16_t text_at[TEXTS_MAX]; /* public index of each text; 0: not there */
    bool text_given[TEXTS_MAX];
    struct replica_trouble trouble;
    struct replica_expected expected[REPLICA_EXPECTED_MAX];
    size_t expected_count;
    struct replica_held held[REPLICA_HELD_MAX]; /* of the own stream, in order */
    size_t held_count;
    struct release_digest digest; /* of the release under way */
    uint8_t digest_due[HASH_BYTES];
    struct entry scratch; /* the entry at hand; too large for a stack */
    uint8_t body[BODY_PADDED_BYTES_MAX];
    struct replica_entry waiting; /* the last of replica_open_waiting() */
};

static_assert(SESSION_ENTRIES_MAX <= UINT16_MAX, "text_at must hold any index");

/* replica.c */

/* Notes the first fault; always STATUS_CONFLICT. */
enum status replica_fail(struct replica *replica, enum replica_fault what, enum stream stream,
                         uint64_t index);
/* What a refusal by the rules says about the server that let the entry through: a fault, and
 * STATUS_CONFLICT; or STATUS_NOMEM. */
MUST_CHECK enum status replica_refuse(struct replica *replica, enum status status,
                                      enum stream stream, uint64_t index);
MUST_CHECK enum status replica_check_expected(struct replica *replica, enum stream stream,
                                              uint64_t index, const uint8_t hash[HASH_BYTES]);
/* Takes the next entry of a stream: decode, verify, decide, apply, keep. */
MUST_CHECK enum status replica_take_next(struct replica *replica, struct replica_entry *held,
                                         struct bytes raw, struct replica_change *change_out);

/* replica_own.c */

MUST_CHECK enum status replica_fold_own(struct replica *replica, const struct entry *entry,
                                        uint64_t index, uint64_t time_ms);
/* Must it wait for public entries that are still on their way? */
bool replica_must_wait(struct replica *replica, struct bytes raw);
MUST_CHECK enum status replica_hold(struct replica *replica, uint64_t index, uint64_t time_ms,
                                    struct bytes raw);
MUST_CHECK enum status replica_take_held(struct replica *replica,
                                         struct replica_change *change_out);

/* replica_bodies.c */

/* Decodes an entry that was verified before, with its findings. */
void replica_reread(const struct replica_entry *held, struct entry *entry_out);
/* Folds the keys in its slots; the session stands just after it. */
MUST_CHECK enum status replica_fold_keys(struct replica *replica, const struct entry *entry,
                                         struct replica_change *change_out);
/* Opens the body of `held`, if a key for it is here. */
MUST_CHECK enum status replica_open_body(struct replica *replica, const struct entry *entry,
                                         struct replica_entry *held);
/* Folds everything again: a new K or F opens slots seen before. */
MUST_CHECK enum status replica_refold(struct replica *replica);
void replica_forget_body(struct replica_entry *held);

#endif

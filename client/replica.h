/* client/replica.h -- this device's verified copy of one session. Sans-I/O.
 *
 *   item --chain--> decode --> verify --> session_decide --> session_apply --> keyring_fold
 *
 * Everything a server delivers goes through that line before anything is believed. What does
 * not fit is a fault: the server lied, lost something, or is newer than this program. After a
 * fault that concerns the log nothing more is taken in and nothing may be written; what was
 * verified before stays readable.
 *
 * Entries are kept as they came, with their opened bodies once a key for them is there. */
#ifndef CLIENT_REPLICA_H
#define CLIENT_REPLICA_H

#include <stdbool.h>
#include <stdint.h>

#include "common/session.h"
#include "protocol/chain.h"
#include "protocol/ring.h"
#include "protocol/seat.h"

enum replica_fault {
    REPLICA_SOUND = 0,
    REPLICA_FORK,           /* another entry than we hold at an index we hold */
    REPLICA_BEHIND,         /* the server's head is before ours: it lost entries */
    REPLICA_GAP,            /* entries out of order, or left out */
    REPLICA_OTHER_GENESIS,  /* not the session of the invite */
    REPLICA_REPEATED_ID,    /* the same entry twice */
    REPLICA_LOST_ACK,       /* something acknowledged to us is not where it was promised */
    REPLICA_TIME_BACK,      /* time runs backwards */
    REPLICA_REFUSED,        /* an entry that the rules do not allow */
    REPLICA_FORGED,         /* a signature, proof or key that does not hold */
    REPLICA_BAD_RELEASE,    /* released answers are not those that the release counted */
    REPLICA_WRONG_STEP_KEY, /* a facilitator opened a step under a key that is not F's */
    REPLICA_TOO_NEW,        /* a version or kind this program does not know: nobody lied */
    REPLICA_MALFORMED,
};

/* A fault in full. The sentence is for people. */
struct replica_trouble {
    enum replica_fault fault;
    enum stream stream;
    uint64_t index;     /* where */
    uint64_t lost;      /* REPLICA_BEHIND: how many entries */
    enum status status; /* REPLICA_REFUSED: the rule's answer */
};

enum replica_body {
    REPLICA_NO_BODY,
    REPLICA_CLOSED,     /* no key for it here (yet) */
    REPLICA_OPEN,       /* `plaintext` */
    REPLICA_UNREADABLE, /* a key was meant for us, and it does not open or decode */
};

struct replica_entry {
    enum stream stream;
    uint64_t index;
    uint64_t time_ms;
    enum kind kind;
    uint16_t step;
    uint16_t author;
    uint8_t id[ID_BYTES];
    uint8_t hash[HASH_BYTES];
    struct bytes raw; /* owned by the replica */
    enum replica_body body;
    struct bytes plaintext; /* owned by the replica, wiped when done */
    uint8_t answer_behalf;
    uint32_t answer_edit;
    uint16_t number;            /* text: its number; reveal: the text shown; pace: the verb */
    uint8_t left_out[ID_BYTES]; /* leave out: of which entry */
    uint8_t recipient_count;    /* message */
    uint16_t *recipients;       /* owned by the replica */
    uint32_t detail;            /* reveal: paragraph; pace: seconds; release: count */
};

struct replica; /* opaque */

/* The copy of `session` for the person in this seat; empty. The seat is copied.
 * Errors: STATUS_NOMEM. */
MUST_CHECK enum status replica_create(const struct seat *seat,
                                      const uint8_t session[HASH_BYTES],
                                      struct replica **replica_out);
void replica_destroy(struct replica *replica);

/* What taking something in brought about. */
struct replica_change {
    bool taken;        /* false: held already, and the same */
    bool keys;         /* new keys: older entries may have opened */
    bool step_key_bad; /* REPLICA_WRONG_STEP_KEY was noticed; folding goes on */
};

/* Takes the next item of a stream; `raw` is copied.
 * Errors: STATUS_NOMEM; STATUS_CONFLICT: a fault, see replica_trouble(). */
MUST_CHECK enum status replica_take(struct replica *replica, enum stream stream, uint64_t index,
                                    uint64_t time_ms, struct bytes raw,
                                    struct replica_change *change_out);

/* The entry that purged the session: the server keeps it in the place of all others and hands
 * it out outside the streams. Only a facilitator's own signature counts: a lying server must
 * not be able to wipe devices. Errors: STATUS_MALFORMED, STATUS_CRYPTO. */
MUST_CHECK enum status replica_take_tombstone(struct replica *replica, struct bytes raw);
bool replica_is_purged(const struct replica *replica);

/* Compares the server's heads at attach. Errors: STATUS_CONFLICT. */
MUST_CHECK enum status replica_check_heads(struct replica *replica,
                                           const struct chain_head *public_head,
                                           const struct chain_head *own_head);

/* The same heads again, once this copy has come so far: it must have come to the same hashes.
 * Errors: STATUS_CONFLICT. */
MUST_CHECK enum status replica_check_reached(struct replica *replica,
                                             const struct chain_head *public_head,
                                             const struct chain_head *own_head);

/* The server acknowledged an entry of ours at this place: it must appear there.
 * Errors: STATUS_CONFLICT (it is not there), STATUS_NOMEM. */
MUST_CHECK enum status replica_expect(struct replica *replica, enum stream stream,
                                      uint64_t index, const uint8_t hash[HASH_BYTES]);

/* A key that no slot brings: the creator's own F. */
MUST_CHECK enum status replica_add_facilitator(struct replica *replica, uint32_t epoch,
                                               const uint8_t f[KEY_BYTES]);

/* Checks and opens an answer of one's own that waits. Borrowed until the next call.
 * Errors: STATUS_NOT_FOUND (it waits no longer), STATUS_CRYPTO (it does not open),
 * STATUS_NOMEM; STATUS_CONFLICT: a fault, see replica_trouble(). */
MUST_CHECK enum status replica_open_waiting(struct replica *replica, struct bytes raw,
                                            struct replica_entry *entry_out);

/* The content key of a text, for a facilitator to hand out. Errors: STATUS_NOT_FOUND (not held,
 * or no such text), STATUS_CRYPTO. */
MUST_CHECK enum status replica_text_key(struct replica *replica, uint16_t text,
                                        uint8_t key_out[KEY_BYTES]);
/* Has the group been given this text's key? */
bool replica_text_given(const struct replica *replica, uint16_t text);

/* What its owner found out about the server elsewhere. */
void replica_blame(struct replica *replica, enum replica_fault what, enum stream stream,
                   uint64_t index);
const struct replica_trouble *replica_trouble(const struct replica *replica);
bool replica_is_sound(const struct replica *replica); /* may one still write? */
/* The fault as a sentence for people; empty when sound. Writes at most `size` bytes. */
void replica_explain(const struct replica_trouble *trouble, char *out, size_t size);

const struct session *replica_session(const struct replica *replica);
const struct keyring *replica_ring(const struct replica *replica);
struct chain_head replica_head(const struct replica *replica, enum stream stream);
uint16_t replica_me(const struct replica *replica); /* own member number; 0: not joined */

size_t replica_count(const struct replica *replica, enum stream stream);
/* Index from 1. */
const struct replica_entry *replica_at(const struct replica *replica, enum stream stream,
                                       uint64_t index);
/* The entry that holds this text, NULL when it has not come; look at its `body`. */
const struct replica_entry *replica_text(const struct replica *replica, uint16_t text);

#endif

/* client/outbox.h -- what a person has said and the server has not acknowledged yet, and their
 * own answers, which are watched until they are shared. Pure memory; each thing can be written
 * as a record and read back. Sends nothing itself.
 *
 *   wish:    WANTED --sealed--> SEALED --sent--> ASKED --acknowledged--> PLACED --in the log-->
 * gone identical bytes are sent again after every reconnect, until it is in the log answer: see
 * enum answer_state; one append under way per step, the newest edit wins */
#ifndef CLIENT_OUTBOX_H
#define CLIENT_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "client/model.h"
#include "common/entry.h"
#include "common/status.h"

enum {
    OUTBOX_WISHES_MAX = 8192, /* a whole session's texts at creation, and more */
    OUTBOX_CHANGES_MAX = 64,  /* members in one roster */
    OUTBOX_ANSWERS_MAX = 4096,
};

struct wish_roster {
    uint16_t count;
    struct roster_change changes[OUTBOX_CHANGES_MAX];
};

struct wish_texts { /* whose keys go along */
    uint16_t count;
    uint16_t *at; /* owned */
};

/* An entry that is wanted. What depends on the moment (epoch, seen, slots, step key, roster
 * index) is filled in when it is sealed. */
struct wish {
    struct wish *next;
    uint64_t order; /* they go out in this order; also the key of the record */
    enum kind kind;
    uint16_t step;
    uint8_t id[ID_BYTES];
    union {
        uint16_t text; /* text, confirm */
        struct args_invite invite;
        struct args_join join; /* the device keys are the seat's */
        struct wish_roster roster;
        struct args_pace pace;
        struct args_release release;
        struct args_reveal reveal;
        struct args_note note;
        struct args_message message;
        uint8_t left_out[ID_BYTES];
    } args;
    struct wish_texts texts;
    struct bytes plaintext; /* owned; empty: no body */
    struct bytes sealed;    /* owned; empty: not yet */
    bool kept;              /* survives this process */
    bool asked;             /* sent on this connection and not answered */
    bool placed;            /* acknowledged on this connection, and not come back yet */
    unsigned tries;         /* after a conflict */
    uint32_t stale_epoch;   /* was refused as stale in this epoch: wait for another; 0: no */
    uint64_t wanted_ms;
    uint64_t not_before_ms; /* the server could not just now */
};

struct own_answer {
    uint16_t step;
    uint8_t behalf;
    struct bytes draft;     /* owned content_answer; empty: none */
    struct bytes submitted; /* owned content_answer; empty: none */
    uint32_t edit;          /* of `submitted` */
    enum answer_state state;
    enum status reason;
    uint64_t saved_ms;
    uint8_t id[ID_BYTES]; /* of `sealed` */
    uint8_t hash[HASH_BYTES];
    struct bytes sealed; /* owned; empty: none */
    uint32_t sealed_edit;
    uint32_t saved_edit; /* the last acknowledged; 0: none */
    bool asked;          /* an append is under way on this connection */
    bool seen_waiting;   /* the server showed it at this attach */
    bool done_told;      /* private steps: the mark was set */
    uint64_t not_before_ms;
};

struct outbox {
    struct wish *first;
    struct wish *last;
    size_t wish_count;
    uint64_t last_order;
    struct own_answer *answers; /* owned */
    size_t answer_count;
    size_t answer_capacity;
};

void outbox_finish(struct outbox *outbox); /* a zeroed one is fine; wipes */

/* A new wish of this kind at the end, borrowed; its plaintext is copied. NULL: no memory, or
 * full. */
struct wish *outbox_add(struct outbox *outbox, enum kind kind, uint16_t step,
                        struct bytes plaintext);
/* Errors: STATUS_NOMEM. */
MUST_CHECK enum status wish_set_texts(struct wish *wish, const uint16_t *texts, uint16_t count);
MUST_CHECK enum status wish_set_sealed(struct wish *wish, struct bytes sealed);
void wish_unseal(struct wish *wish);
struct wish *outbox_find(struct outbox *outbox, uint64_t order);
/* The last one of this kind and step (step 0: any); NULL: none. */
struct wish *outbox_last_of(struct outbox *outbox, enum kind kind, uint16_t step);
void outbox_remove(struct outbox *outbox, struct wish *wish);

/* NULL when there is none; outbox_answer() makes one (NULL: no memory). Borrowed until the next
 * outbox_answer(). */
struct own_answer *outbox_find_answer(struct outbox *outbox, uint16_t step, uint8_t behalf);
struct own_answer *outbox_answer(struct outbox *outbox, uint16_t step, uint8_t behalf);
/* Replace owned bytes by a copy. Errors: STATUS_NOMEM; then unchanged. */
MUST_CHECK enum status outbox_replace(struct bytes *held, struct bytes with);

/* ---- records ---- */

struct writer;
void wish_encode(struct writer *writer, const struct wish *wish);
/* Adds it. Errors: STATUS_MALFORMED, STATUS_NOMEM. */
MUST_CHECK enum status outbox_restore_wish(struct outbox *outbox, uint64_t order,
                                           struct bytes record);
void answer_encode(struct writer *writer, const struct own_answer *answer); /* not the draft */
MUST_CHECK enum status outbox_restore_answer(struct outbox *outbox, uint16_t step,
                                             uint8_t behalf, struct bytes record);

#endif

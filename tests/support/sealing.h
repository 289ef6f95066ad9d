/* tests/support/sealing.h -- sealed entries with fixed keys: five seats, two epochs, one invite
 * and one recovery per epoch, and entropy that counts. Every run gives the same bytes.
 *
 * Fill sealing->entry (sealing_entry() does the header), add slots, sealing_seal(); then, if it
 * goes to the public stream, sealing_append(). Everything asserts that it went well. */
#ifndef TESTS_SUPPORT_SEALING_H
#define TESTS_SUPPORT_SEALING_H

#include "common/entropy.h"
#include "common/entry.h"
#include "protocol/chain.h"
#include "protocol/seal.h"
#include "protocol/seat.h"

enum {
    SEALING_SEATS = 5,  /* member n has seat n */
    SEALING_EPOCHS = 2, /* epoch n has f[n], k[n], recovery[n] */
    SEALING_SLOTS_MAX = 16,
    SEALING_DRAWS_MAX = 2, /* content key, secret of e: in this order, if any */
};

struct sealing_recovery {
    uint8_t seed[SEED_BYTES];
    struct recovery_keys keys;
    uint8_t sign_secret[SIGN_SECRET_BYTES];
    uint8_t box_secret[KEY_BYTES];
};

struct sealing {
    uint8_t seat_seeds[SEALING_SEATS + 1][SEED_BYTES];
    struct seat seats[SEALING_SEATS + 1];
    uint8_t f[SEALING_EPOCHS + 1][KEY_BYTES];
    uint8_t k[SEALING_EPOCHS + 1][KEY_BYTES];
    struct sealing_recovery recovery[SEALING_EPOCHS + 1];
    uint8_t invite_seed[SEED_BYTES];
    uint8_t invite_key[KEY_BYTES];
    uint8_t invite_secret[SIGN_SECRET_BYTES];

    uint8_t session[HASH_BYTES]; /* zero until a genesis was appended */
    uint32_t epoch;              /* what the next header carries */
    struct chain chain;          /* the public stream */
    uint8_t next_id;             /* ids are one byte, repeated */

    struct entropy entropy;
    uint64_t counted;                            /* draws so far */
    uint8_t draws[SEALING_DRAWS_MAX][KEY_BYTES]; /* of the last sealing */
    size_t draw_count;

    struct entry *entry; /* owned: to be sealed */
    struct seal_slot slots[SEALING_SLOTS_MAX];
    size_t slot_count;
    struct sealed *sealed; /* owned: the last one sealed */
};

void sealing_begin(struct sealing *sealing);
void sealing_end(struct sealing *sealing);

/* A new entry: header with the current epoch, the next id and the chain's head as seen. */
struct entry *sealing_entry(struct sealing *sealing, enum kind kind, uint16_t author,
                            uint16_t step);

/* Adds a slot. key NULL: the content key, whatever `name` says. */
void sealing_lock_group(struct sealing *sealing, uint32_t epoch, enum slot_name name,
                        uint32_t name_n, const uint8_t *key);
void sealing_lock_facilitator(struct sealing *sealing, uint32_t epoch, enum slot_name name,
                              uint32_t name_n, const uint8_t *key);
void sealing_lock_member(struct sealing *sealing, uint16_t member, enum slot_name name,
                         uint32_t name_n, const uint8_t *key);
void sealing_lock_recovery(struct sealing *sealing, uint32_t epoch, const uint8_t *key);
/* step_key: public, borrowed until sealed; K is that of epoch. */
void sealing_lock_step(struct sealing *sealing, uint16_t step, const uint8_t *step_key,
                       uint32_t epoch);

/* Seals with the seat of member `signer` (0: no signature). plaintext.data NULL: no body. The
 * result is sealing->sealed, good until the next one. */
enum status sealing_try(struct sealing *sealing, struct bytes plaintext, uint16_t signer);
struct bytes sealing_seal(struct sealing *sealing, struct bytes plaintext, uint16_t signer);

/* Appends these bytes to the public stream; of a genesis it takes the session id. */
void sealing_append(struct sealing *sealing, struct bytes entry, uint64_t time_ms);

#endif

/* protocol/slot.h -- how the box of one slot is keyed, PROTOCOL.md chapter 5: the same for who
 * makes it and who opens it. For seal.c only. */
#ifndef PROTOCOL_SLOT_H
#define PROTOCOL_SLOT_H

#include "common/entry.h"
#include "common/status.h"

/* What the slots of one entry have in common. */
struct slot_ground {
    uint8_t e[KEY_BYTES];
    uint8_t header_hash[HASH_BYTES];
    uint8_t commitment[HASH_BYTES]; /* zero without body */
};

/* The two sides of one lock. K and F: `secret` is the key. Others: X25519 of `secret` (the one
 * half's secret) and `other` (the other half's public), and the lock's own public half. */
struct slot_sides {
    const uint8_t *secret;
    const uint8_t *other;
    const uint8_t *lock_public;
    const uint8_t *group_key; /* LOCK_STEP: K of the step's first open */
};

/* Puts key into box. Errors: STATUS_BAD_KEY (a zero shared secret). */
MUST_CHECK enum status slot_box(const struct slot_ground *ground, const struct entry_slot *slot,
                                const struct slot_sides *sides, const uint8_t key[KEY_BYTES],
                                uint8_t box_out[BOX_BYTES]);

/* Takes the key out of slot->box. Errors: STATUS_CRYPTO, STATUS_BAD_KEY. */
MUST_CHECK enum status slot_unbox(const struct slot_ground *ground,
                                  const struct entry_slot *slot, const struct slot_sides *sides,
                                  uint8_t key_out[KEY_BYTES]);

#endif

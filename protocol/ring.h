/* protocol/ring.h -- the key ring of one member in one session: every key that slots have
 * brought it, each checked before it is kept (K and F against H(K), steps against the public
 * key in their first open, texts and contents against the commitment of that one entry).
 *
 * Folding goes along with the session core, entry by entry. When a new K or F comes (admission,
 * a new epoch), slots seen before may open now: keyring_fold() says so and the caller folds
 * the stream again from its beginning. Nothing is ever taken out. */
#ifndef PROTOCOL_RING_H
#define PROTOCOL_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/entry.h"
#include "common/session.h"
#include "common/status.h"
#include "protocol/seat.h"

struct keyring; /* opaque; secrets in locked memory */

struct keyring_change {
    bool epoch_key;            /* a new K or F: fold again from the beginning */
    uint16_t wrong;            /* slots addressed to us that held a wrong key or did not open */
    enum slot_name wrong_name; /* the first of them; else 0 */
    bool wrong_step_key;       /* an `open` whose step key does not follow from F */
};

/* `seat`: copied. Errors: STATUS_NOMEM. */
MUST_CHECK enum status keyring_create(const struct seat *seat, struct keyring **ring_out);
void keyring_destroy(struct keyring *ring);

/* One's own member number, once known. */
void keyring_set_member(struct keyring *ring, uint16_t member);
/* The box secret of a recovery link that this member joined by: opens what is locked to it. */
void keyring_set_recovery(struct keyring *ring, const uint8_t box_secret[KEY_BYTES]);
/* The creator's own F, and each F it draws later. Errors: STATUS_NOMEM. */
MUST_CHECK enum status keyring_add_facilitator(struct keyring *ring, uint32_t epoch,
                                               const uint8_t f[KEY_BYTES]);

/* Takes what the slots of this entry of the public or own stream bring. `session` stands just
 * after it (own stream: as it stands) and has accepted it. Content keys are kept of texts only:
 * of others keyring_content() gives them. A wrong key is found again each time an entry is
 * folded again. Errors: STATUS_NOMEM. */
MUST_CHECK enum status keyring_fold(struct keyring *ring, const struct session *session,
                                    const struct entry *entry,
                                    struct keyring_change *change_out);

/* Borrowed keys, good until the next fold; NULL when not held. */
const uint8_t *keyring_group(const struct keyring *ring, uint32_t epoch);
const uint8_t *keyring_facilitator(const struct keyring *ring, uint32_t epoch);
const uint8_t *keyring_step(const struct keyring *ring, uint16_t step); /* secret */
const uint8_t *keyring_text(const struct keyring *ring, uint16_t text); /* content key */

/* The content key of an entry of any kind by whatever this ring holds.
 * Errors: STATUS_NOT_FOUND (nothing here opens it), STATUS_CRYPTO (something should, and what
 * it holds is wrong). */
MUST_CHECK enum status keyring_content(const struct keyring *ring,
                                       const struct session *session, const struct entry *entry,
                                       uint8_t key_out[KEY_BYTES]);

#endif

/* client/sealer.h -- from what is wanted to bytes that can be sent: fills in epoch, seen and
 * step key, chooses the locks, seals and signs. Visibility is decided here and nowhere else:
 *
 *   for the group         name, note, agreement, park, report, follow-up     content: K
 *   for facilitators      text                                               content: F
 *   for some              message: recipients and oneself; join: every facilitator
 *   nobody until release  answer: the step, and oneself
 *   keys given out        open, release, reveal: texts and step secrets under K; roster: K or F
 */
#ifndef CLIENT_SEALER_H
#define CLIENT_SEALER_H

#include "client/outbox.h"
#include "client/replica.h"
#include "common/entropy.h"
#include "protocol/seal.h"
#include "protocol/seat.h"

struct sealer; /* opaque: large scratch space */

/* Borrows seat and entropy, which must outlive it. Errors: STATUS_NOMEM. */
MUST_CHECK enum status sealer_create(const struct seat *seat, const struct entropy *entropy,
                                     struct sealer **sealer_out);
void sealer_destroy(struct sealer *sealer);

/* Seals the wish on what the replica knows now. *sealed_out borrows until the next call.
 * Errors: STATUS_NOT_FOUND (a key it needs is not held), STATUS_UNKNOWN (a member, step or text
 * that is not there), STATUS_TOO_LONG, STATUS_BAD_KEY, STATUS_NOMEM. */
MUST_CHECK enum status sealer_seal_wish(struct sealer *sealer, struct replica *replica,
                                        const struct wish *wish, struct bytes *sealed_out);

/* Seals an answer's submitted text under answer->id as edit answer->edit; hash_out: H(entry).
 */
MUST_CHECK enum status sealer_seal_answer(struct sealer *sealer, struct replica *replica,
                                          const struct own_answer *answer,
                                          uint8_t hash_out[HASH_BYTES],
                                          struct bytes *sealed_out);

/* A new session's genesis: `args` but for the keys, which are the seat's, f's and recovery's.
 */
MUST_CHECK enum status sealer_seal_genesis(struct sealer *sealer,
                                           const struct args_genesis *args,
                                           const uint8_t f[KEY_BYTES], struct bytes title,
                                           const uint8_t id[ID_BYTES],
                                           uint8_t hash_out[HASH_BYTES],
                                           struct bytes *sealed_out);

#endif

/* client/policy.h -- what a facilitator's client decides by itself: which keys go out with a
 * step, what a release unlocks, who is let in, which step comes next. Pure functions of the
 * script and the replica; they change and send nothing. */
#ifndef CLIENT_POLICY_H
#define CLIENT_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "client/outbox.h"
#include "client/replica.h"
#include "protocol/script.h"

enum { POLICY_TEXTS_MAX = SCRIPT_EXPLANATIONS_MAX + SCRIPT_STEP_TEXTS_MAX + 8 };

struct policy_texts {
    uint16_t count;
    uint16_t at[POLICY_TEXTS_MAX];
};

/* Of several connected facilitators only the one with the lowest number acts by itself.
 * present: by member number. */
bool policy_acts(const struct session *session, uint16_t me, const bool *present);

/* Texts whose keys go out when this step opens: of its phase, its prompt, what is shown there.
 * Those the group was given before are left out, here and below. */
void policy_opening(const struct script *script, const struct replica *replica, uint16_t step,
                    struct policy_texts *texts_out);
/* When it is released: consequences, and explanations of which it is the last step. */
void policy_release(const struct script *script, const struct replica *replica, uint16_t step,
                    struct policy_texts *texts_out);
/* What is due now: what everyone gets from the start, and explanations that a skipped step
 * unlocked. */
void policy_due(const struct script *script, const struct replica *replica,
                struct policy_texts *texts_out);

/* Everyone in the lobby, up to OUTBOX_CHANGES_MAX, with the role their invite gives;
 * facilitates: by invite number, INVITES_MAX + 1, those who are made facilitators. */
void policy_admissions(const struct session *session, const bool *facilitates,
                       struct wish_roster *roster_out);

/* The step after (before) the one the group is on, in the order of the guide; 0: none. Forward,
 * steps that are closed, released or skipped are passed over: they were done in a detour. */
uint16_t policy_next(const struct script *script, const struct session *session);
uint16_t policy_previous(const struct script *script, const struct session *session);

#endif

/* client/audience.h -- who will see what one writes, when, and with which name: one sentence,
 * derived from the rule that holds, at this one place. Screens print it above every field. */
#ifndef CLIENT_AUDIENCE_H
#define CLIENT_AUDIENCE_H

#include <stdbool.h>

#include "common/entry.h"

/* For an answer at a step with this plan (plenary steps: for the shared note). Never NULL. */
const char *audience_of_step(const struct step_plan *plan);
/* For the other things people write: note, report, message, park, name, agreement; answers: use
 * audience_of_step(). Never NULL. */
const char *audience_of_kind(enum kind kind);
/* A few words for a heading: "with names, after release". Never NULL. */
const char *audience_in_short(const struct step_plan *plan);

#endif

/* client/faces/care.h -- what stands between a wish and a deed that cannot be undone. Sans-I/O;
 * time is an argument.
 *
 *   NONE --begin--> ASKING --yes--> CALLING --nobody is awaited, time, now--> (do it)
 *                     \--no-----\     ^  \--longer--/
 *                   TAKING_BACK  \----+--- back --> NONE
 *                     \--three seconds--> (do it)
 *
 * ASKING     the answer must be given as a word: an empty line or a held key is none
 * CALLING    a last call: who is connected and has not answered, or writes, gets fifteen
 *            seconds, or as long as is waited
 * TAKING_BACK  three seconds in which nothing has been sent yet */
#ifndef CLIENT_FACES_CARE_H
#define CLIENT_FACES_CARE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/intent.h"

enum { CARE_TAKE_BACK_MS = 3000, CARE_LAST_CALL_MS = 15000 };

enum care_stage {
    CARE_STAGE_NONE,
    CARE_STAGE_ASKING,
    CARE_STAGE_CALLING,
    CARE_STAGE_TAKING_BACK
};

/* What the face must do now. */
enum care_step {
    CARE_WAIT,     /* nothing: it waits */
    CARE_SAY,      /* the stage is new: say what it waits for */
    CARE_CALL,     /* send the last call for `step` (again), and say so */
    CARE_CALL_OFF, /* take the last call back */
    CARE_DO,       /* run `intent` with `values`; the stage is NONE again */
};

struct care {
    enum care_stage stage;
    const struct intent *intent;
    struct intent_values values; /* no strings: careful rows have none */
    uint16_t step;               /* the step it is about; 0: none */
    bool unready;                /* ASKING because not everyone is ready, not by the row */
    uint32_t writing;            /* CALLING: how many still write */
    uint32_t awaited;            /* CALLING: how many have not answered, or still write */
    uint64_t due_ms;             /* when the stage ends by itself; 0: never */
};

/* Is an answer of this member waited for? Not one's own, unless one is writing it. */
bool care_awaits(const struct model *model, const struct model_mark *mark);
/* How many are, at this step; 0 where no answers are asked. */
uint32_t care_awaited(const struct model *model, const struct model_step *step);

/* Does it wait for time to pass, rather than for an answer? */
bool care_runs(const struct care *care);
/* A wish. CARE_DO: it may be done at once; CARE_SAY, CARE_CALL: it waits. */
enum care_step care_begin(struct care *care, const struct intent *intent,
                          const struct intent_values *values, const struct model *model,
                          uint64_t now_ms);
/* The question was answered. */
enum care_step care_yes(struct care *care, const struct model *model, uint64_t now_ms);
/* No; or taken back. */
enum care_step care_back(struct care *care);
/* Another fifteen seconds. */
enum care_step care_longer(struct care *care, uint64_t now_ms);
/* Not any longer. */
enum care_step care_now(struct care *care);
/* Time went by, or the counts changed. */
enum care_step care_tick(struct care *care, const struct model *model, uint64_t now_ms);

#endif

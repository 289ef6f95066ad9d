/* protocol/script.h -- the script, text 0: all that a facilitator's client needs to go on, also
 * on another device. PROTOCOL.md chapter 11.
 *
 * Only facilitators ever open it. It is read from text 0 and from each text it says continues
 * it, in order; only steps may be spread over the parts. */
#ifndef PROTOCOL_SCRIPT_H
#define PROTOCOL_SCRIPT_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"

enum {
    SCRIPT_PHASES_MAX = 64,
    SCRIPT_EXPLANATIONS_MAX = 512,
    SCRIPT_STEP_TEXTS_MAX = 48, /* that come with opening one step */
    SCRIPT_START_TEXTS_MAX = 64,
};

struct writer;

struct script_phase {
    uint16_t number;
    struct bytes title;
    uint16_t text; /* TEXT_PHASE */
    uint16_t tip;  /* 0: none, as for every text number below */
};

struct script_step {
    uint16_t step;
    uint16_t phase;
    uint16_t prompt;
    uint16_t text_count; /* their keys go out when the step is opened, with the prompt's */
    uint16_t texts[SCRIPT_STEP_TEXTS_MAX];
    uint16_t tip;
    uint16_t consequences;
    uint16_t explanation; /* number of an explanation from 1; 0: none */
    uint16_t minutes;
    struct bytes label;
    struct bytes title;
};

struct script_explanation {
    uint16_t text;
    uint16_t step_count; /* unlocks when all of these are released or skipped */
    uint16_t *steps;     /* owned by the script */
};

/* All memory is its own, but the bytes, which borrow from the plaintexts it was read from. */
struct script {
    struct bytes guide_id, guide_title;
    struct bytes case_id, case_title; /* empty: no case */
    struct bytes language;
    uint16_t phase_count;
    struct script_phase *phases;
    uint16_t step_count;
    struct script_step *steps; /* in the order of the guide */
    uint16_t explanation_count;
    struct script_explanation *explanations;
    uint16_t start_count; /* texts that everyone gets before the first open */
    uint16_t start_texts[SCRIPT_START_TEXTS_MAX];
    uint16_t background_count;
    uint16_t background_texts[SCRIPT_START_TEXTS_MAX];
    uint16_t preparation;
    uint16_t gate;
    uint16_t next; /* the text that continues the script; 0: it is whole */
};

/* Reads text 0 into a zeroed script, then each text that continues it.
 * Errors: STATUS_MALFORMED, STATUS_TOO_LONG, STATUS_NOMEM; then finish it. */
MUST_CHECK enum status script_add(struct script *script, struct bytes plaintext);
void script_finish(struct script *script);
/* Writes the script's part with steps [from, to): the first part holds everything else too. */
void script_encode(struct writer *writer, const struct script *script, uint16_t from,
                   uint16_t to, uint16_t next);
const struct script_step *script_find(const struct script *script, uint16_t step); /* or NULL */

#endif

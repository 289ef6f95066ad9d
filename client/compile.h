/* client/compile.h -- from guide and case to a session: the skeleton the server may know, and
 * the texts it may not read, the script first. Pure; draws no keys and seals nothing.
 *
 * Steps are numbered 1, 2, 3, ... in the order of the guide, phases likewise. Text numbers: 0
 * is the script, then welcome, concepts, gate, preparation, background, then what phases and
 * steps bring in their order; parts that continue the script come last. */
#ifndef CLIENT_COMPILE_H
#define CLIENT_COMPILE_H

#include <stdint.h>

#include "common/entry.h"
#include "common/status.h"

struct report;
struct resolved;

/* A session ready to be made. All memory is its own. */
struct compiled {
    uint16_t step_count;
    struct step_plan *steps; /* in the order of the guide */
    char **step_ids; /* the guide's id of each, same order: for samples and rehearsals */
    uint16_t text_count;
    struct bytes *texts; /* plaintexts by number */
    uint32_t minutes;    /* in all */
};

/* What this version cannot play is found in `report` with its place, and refused.
 * Errors: STATUS_UNSUPPORTED, STATUS_TOO_LONG, STATUS_USAGE (no step is left), all with
 * findings; STATUS_NOMEM. The caller owns *compiled_out: compiled_destroy(), NULL is fine. */
MUST_CHECK enum status compile_session(const struct resolved *resolved, struct report *report,
                                       struct compiled **compiled_out);
void compiled_destroy(struct compiled *compiled);

#endif

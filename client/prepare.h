/* client/prepare.h -- from what was named on a command line to a session ready to be made:
 * finds guide and case (a path, or the id of a shipped one), checks them against each other,
 * and compiles. What is wrong stands in the report, with its place. */
#ifndef CLIENT_PREPARE_H
#define CLIENT_PREPARE_H

#include "client/compile.h"
#include "client/guide/case.h"
#include "client/guide/guide.h"
#include "client/guide/report.h"
#include "common/status.h"

struct preparation {
    struct report *report;
    struct guide *guide;
    struct case_file *case_file; /* NULL: without a case */
    struct compiled *compiled;
};

/* case_name NULL: without a case; route NULL: the whole guide. Afterwards, also on an error,
 * print the report and finish the preparation. Errors: STATUS_NOT_FOUND (with a finding),
 * STATUS_MALFORMED, STATUS_UNSUPPORTED, STATUS_TOO_LONG (findings say where), STATUS_IO,
 * STATUS_NOMEM. */
MUST_CHECK enum status prepare_session(const char *guide_name, const char *case_name,
                                       const char *route, struct preparation *preparation_out);
void prepare_finish(struct preparation *preparation);

/* Only reads a case (for the answers of simulated members). Errors: the same. */
MUST_CHECK enum status prepare_case(const char *case_name, const struct guide *guide,
                                    struct report *report, struct case_file **case_out);

#endif

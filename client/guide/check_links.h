/* client/guide/check_links.h -- the links in the texts of a guide or case. Internal to check.
 */
#ifndef CLIENT_GUIDE_CHECK_LINKS_H
#define CLIENT_GUIDE_CHECK_LINKS_H

#include "client/guide/case.h"
#include "client/guide/check_names.h"

/* Does a text of the guide link to this slot? Those found are kept here. */
struct check_linked {
    const char **ids; /* borrowed from names; at most one entry per name */
    uint32_t count;
};

/* Checks every text of the guide. Errors: STATUS_NOMEM. */
MUST_CHECK enum status check_links_guide(const struct guide *guide,
                                         const struct check_names *names, struct report *report,
                                         struct check_linked *linked_out);

/* Checks every text of the case; names may be NULL: then it is enough that links stay inside.
 * Errors: STATUS_NOMEM. */
MUST_CHECK enum status check_links_case(const struct case_file *case_file,
                                        const struct check_names *names, struct report *report);

bool check_links_have(const struct check_linked *linked, const char *id);

#endif

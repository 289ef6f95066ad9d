/* client/guide/heading.h -- headings compared as people do: case, quotes, dashes and marks of
 * emphasis aside, since word processors change them unasked. */
#ifndef CLIENT_GUIDE_HEADING_H
#define CLIENT_GUIDE_HEADING_H

#include <stdbool.h>

#include "common/status.h"

enum { HEADING_BYTES_MAX = 500 };

struct heading {
    char text[HEADING_BYTES_MAX + 1];
};

/* Gives text without marks of emphasis and without colons or # at its end, with straight
 * quotes, plain dashes and single spaces. Errors: STATUS_TOO_LONG. */
MUST_CHECK enum status heading_plain(const char *text, struct heading *plain_out);

/* Do a and b read the same? What is too long reads like nothing else. Errors: STATUS_NOMEM. */
MUST_CHECK enum status heading_compare(const char *a, const char *b, bool *same_out);

#endif

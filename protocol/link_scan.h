/* protocol/link_scan.h -- the characters of a link in a text as people paste it, without what
 * mail programs add: white space, quotes, `=` at line ends, =XX and %XX. PROTOCOL.md chapter 4,
 * *Reading*. Knows no links; for link.c only. Borrows the text. */
#ifndef PROTOCOL_LINK_SCAN_H
#define PROTOCOL_LINK_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bytes.h"

#define LINK_SCHEME "kring://"

struct link_scan {
    struct bytes text;
    size_t at;
    bool escapes; /* =XX and %XX stand for a character */
};

/* The next character that can belong to a link; '\0' at the end. */
char link_scan_next(struct link_scan *scan);
/* Collects characters up to `end`, which is consumed. False: it does not come within count_max.
 */
bool link_scan_until(struct link_scan *scan, char end, char *out, size_t count_max,
                     size_t *count_out);
/* Passes the scheme, in any case; false when something else stands here. */
bool link_scan_scheme(struct link_scan *scan);

/* Of ASCII; other bytes as they are. */
char link_lower(char c);

#endif

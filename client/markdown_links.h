/* client/markdown_links.h -- what a Markdown text points at, and what it may not hold.
 *
 * Walks a text once with md4c and reports to callbacks. Knows no guide: whether a link leads
 * anywhere is for guide/check.h. Texts that pass the limits here stay well under those of
 * markdown.h, which sets them in a session. */
#ifndef CLIENT_MARKDOWN_LINKS_H
#define CLIENT_MARKDOWN_LINKS_H

#include "common/status.h"

enum {
    MARKDOWN_LINKS_BLOCKS_MAX = 2000, /* paragraphs, items, rows, ... of one text */
    MARKDOWN_LINKS_COLUMNS_MAX = 12,  /* of a table */
    MARKDOWN_LINKS_TARGET_BYTES_MAX = 200,
};

enum markdown_refusal { MARKDOWN_IMAGE, MARKDOWN_WIDE_TABLE, MARKDOWN_MANY_BLOCKS };

struct markdown_links {
    void (*link)(void *context, const char *target);              /* cut at the maximum above */
    void (*refuse)(void *context, enum markdown_refusal refusal); /* the walk ends there */
    void *context;
};

/* Errors: STATUS_NOMEM. */
MUST_CHECK enum status markdown_links_visit(const char *text,
                                            const struct markdown_links *visitor);

#endif

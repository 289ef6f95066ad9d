/* client/markdown.h -- Markdown as a list of blocks that any face can set: the text itself,
 * what it is, and its paragraph number (¶), the same on every screen and in the transcript.
 *
 * Paragraphs, list items, quoted paragraphs and tables are numbered, headings are not. Emphasis
 * and links give their words only. Text of guides, cases and people goes through here, so
 * control characters are dropped: nothing anyone writes can move another one's terminal. */
#ifndef CLIENT_MARKDOWN_H
#define CLIENT_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"

enum { MARKDOWN_BLOCKS_MAX = 4096, MARKDOWN_DEPTH_MAX = 8 };

enum markdown_kind {
    MARKDOWN_PARAGRAPH,
    MARKDOWN_HEADING, /* depth: 1 to 6 */
    MARKDOWN_ITEM,    /* depth: 1 for the outermost list */
    MARKDOWN_QUOTE,
    MARKDOWN_ROW, /* of a table; cells are separated by a tab */
    MARKDOWN_RULE,
};

struct markdown_block {
    enum markdown_kind kind;
    uint16_t depth;
    uint16_t number;  /* the paragraph number; 0: none */
    uint16_t ordinal; /* of an item in a numbered list; 0: a bullet */
    bool heading_row; /* the first row of a table */
    char *text;       /* owned; UTF-8, NUL-terminated; a hard line break is \n */
};

struct markdown {
    struct markdown_block *blocks; /* owned */
    size_t count;
    size_t capacity;
};

/* Reads UTF-8 text. The caller finishes it. Errors: STATUS_NOMEM, STATUS_TOO_LONG (blocks);
 * then *markdown_out is empty. */
MUST_CHECK enum status markdown_read(struct bytes text, struct markdown *markdown_out);

/* The same, but where emphasis begins and where it ends stands one of these bytes, which text
 * itself never holds. For documents, not for screens. */
enum { MARKDOWN_EMPHASIS = 1, MARKDOWN_STRONG = 2 };
MUST_CHECK enum status markdown_read_marked(struct bytes text, struct markdown *markdown_out);

void markdown_finish(struct markdown *markdown);

/* The block with this paragraph number, or NULL. */
const struct markdown_block *markdown_paragraph(const struct markdown *markdown,
                                                uint16_t number);

#endif

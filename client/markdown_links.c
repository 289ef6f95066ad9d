#include "client/markdown_links.h"

#include <md4c.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* What a callback returns to end the walk: md4c goes on after a positive one in places. */
enum { LINKS_ENOUGH = -2 };

struct links_walk {
    const struct markdown_links *visitor;
    uint32_t block_count;
    bool ended; /* by us, so that a failure of md4c's own can be told apart */
};

static int links_refuse(struct links_walk *walk, enum markdown_refusal refusal)
{
    walk->visitor->refuse(walk->visitor->context, refusal);
    walk->ended = true;
    return LINKS_ENOUGH;
}

static int links_enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct links_walk *walk = context;
    const MD_BLOCK_TABLE_DETAIL *table = detail;

    if (type == MD_BLOCK_TABLE && table->col_count > MARKDOWN_LINKS_COLUMNS_MAX) {
        return links_refuse(walk, MARKDOWN_WIDE_TABLE);
    }
    if (++walk->block_count > MARKDOWN_LINKS_BLOCKS_MAX) {
        return links_refuse(walk, MARKDOWN_MANY_BLOCKS);
    }
    return 0;
}

static int links_enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct links_walk *walk = context;
    const MD_SPAN_A_DETAIL *link = detail;
    char target[MARKDOWN_LINKS_TARGET_BYTES_MAX + 1] = "";

    if (type == MD_SPAN_IMG) {
        return links_refuse(walk, MARKDOWN_IMAGE);
    }
    if (type == MD_SPAN_A) {
        size_t count = link->href.size;

        count =
            count > MARKDOWN_LINKS_TARGET_BYTES_MAX ? MARKDOWN_LINKS_TARGET_BYTES_MAX : count;
        if (count > 0) {
            memcpy(target, link->href.text, count);
        }
        walk->visitor->link(walk->visitor->context, target);
    }
    return 0;
}

static int links_leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    (void)type;
    (void)detail;
    (void)context;
    return 0;
}

static int links_leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    (void)type;
    (void)detail;
    (void)context;
    return 0;
}

static int links_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
    (void)type;
    (void)text;
    (void)size;
    (void)context;
    return 0;
}

enum status markdown_links_visit(const char *text, const struct markdown_links *visitor)
{
    const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
        .enter_block = links_enter_block,
        .leave_block = links_leave_block,
        .enter_span = links_enter_span,
        .leave_span = links_leave_span,
        .text = links_text,
    };
    struct links_walk walk = {.visitor = visitor};

    if (md_parse(text, (MD_SIZE)strlen(text), &parser, &walk) != 0 && !walk.ended) {
        return STATUS_NOMEM;
    }
    return STATUS_OK;
}

#include "client/markdown.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

/* Where the reading is: the open block's text, and the lists and quotes around it. */
struct reading {
    struct markdown *out;
    enum status status;
    char *text; /* owned; of the block being read */
    size_t text_count;
    size_t text_capacity;
    uint16_t numbers;
    uint16_t quote_depth;
    uint16_t list_depth;
    uint16_t ordinals[MARKDOWN_DEPTH_MAX + 1]; /* next number of each list; 0: bullets */
    bool item_open;                            /* the next text is an item's first */
    bool in_table_head;
    bool row_has_cell;
    bool marked; /* emphasis is asked for */
};

static void fail(struct reading *reading, enum status status)
{
    if (reading->status == STATUS_OK) {
        reading->status = status;
    }
}

static bool text_reserve(struct reading *reading, size_t more)
{
    size_t needed = reading->text_count + more + 1;
    size_t capacity = needed < 256 ? 256 : needed * 2;
    char *text;

    if (needed <= reading->text_capacity) {
        return true;
    }
    text = realloc(reading->text, capacity);
    if (text == NULL) {
        fail(reading, STATUS_NOMEM);
        return false;
    }
    reading->text = text;
    reading->text_capacity = capacity;
    return true;
}

static void append(struct reading *reading, const char *data, size_t count)
{
    if (reading->status != STATUS_OK || !text_reserve(reading, count)) {
        return;
    }
    for (size_t i = 0, passed = 1; i < count; i += passed) {
        const struct bytes rest = {(const uint8_t *)data + i, count - i};

        if (text_harm(rest, &passed) == TEXT_HARMLESS) {
            reading->text[reading->text_count++] = data[i];
        }
    }
    reading->text[reading->text_count] = '\0';
}

static struct markdown_block *block_add(struct reading *reading)
{
    struct markdown *out = reading->out;

    if (out->count == MARKDOWN_BLOCKS_MAX) {
        fail(reading, STATUS_TOO_LONG);
        return NULL;
    }
    if (out->count == out->capacity) {
        size_t capacity = out->capacity == 0 ? 16 : out->capacity * 2;
        struct markdown_block *blocks = realloc(out->blocks, capacity * sizeof *blocks);

        if (blocks == NULL) {
            fail(reading, STATUS_NOMEM);
            return NULL;
        }
        out->blocks = blocks;
        out->capacity = capacity;
    }
    out->blocks[out->count] = (struct markdown_block){.kind = MARKDOWN_PARAGRAPH};
    return &out->blocks[out->count++];
}

static void item_number(struct reading *reading, struct markdown_block *block)
{
    uint16_t *ordinal;

    if (block->kind != MARKDOWN_ITEM || !reading->item_open) {
        return; /* the depth of a quote has no maximum, that of a list has */
    }
    ordinal = &reading->ordinals[block->depth];
    block->ordinal = *ordinal;
    *ordinal = *ordinal > 0 ? (uint16_t)(*ordinal + 1) : 0;
    reading->item_open = false;
}

/* Ends the open block: what was gathered becomes its text. */
static void block_end(struct reading *reading, enum markdown_kind kind, uint16_t depth)
{
    struct markdown_block *block;
    bool counted = kind != MARKDOWN_HEADING && kind != MARKDOWN_RULE &&
                   (kind != MARKDOWN_ROW || reading->in_table_head);

    if (reading->status != STATUS_OK || (reading->text_count == 0 && kind != MARKDOWN_RULE)) {
        return;
    }
    block = block_add(reading);
    if (block == NULL) {
        return;
    }
    block->text = strdup(reading->text_count == 0 ? "" : reading->text);
    if (block->text == NULL) {
        fail(reading, STATUS_NOMEM);
        return;
    }
    block->kind = kind;
    block->depth = depth;
    block->number = counted ? ++reading->numbers : 0;
    block->heading_row = kind == MARKDOWN_ROW && reading->in_table_head;
    item_number(reading, block);
    reading->text_count = 0;
}

/* Text that stands directly in an item, or a paragraph, whatever it stands in. */
static void text_end(struct reading *reading)
{
    if (reading->list_depth > 0) {
        block_end(reading, MARKDOWN_ITEM, reading->list_depth);
    } else {
        block_end(reading, reading->quote_depth > 0 ? MARKDOWN_QUOTE : MARKDOWN_PARAGRAPH,
                  reading->quote_depth);
    }
}

static void list_enter(struct reading *reading, uint16_t first)
{
    text_end(reading);
    if (reading->list_depth == MARKDOWN_DEPTH_MAX) {
        fail(reading, STATUS_TOO_LONG);
        return;
    }
    reading->ordinals[++reading->list_depth] = first;
}

/* md4c's types are numbers from its own header: a default is right here. */
static int block_enter(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reading *reading = context;

    switch ((int)type) {
    case MD_BLOCK_QUOTE:
        text_end(reading);
        reading->quote_depth++;
        break;
    case MD_BLOCK_UL:
        list_enter(reading, 0);
        break;
    case MD_BLOCK_OL:
        list_enter(reading, (uint16_t)(((MD_BLOCK_OL_DETAIL *)detail)->start & 0x3fff));
        break;
    case MD_BLOCK_LI:
        reading->item_open = true;
        break;
    case MD_BLOCK_THEAD:
        reading->in_table_head = true;
        break;
    case MD_BLOCK_TR:
        reading->row_has_cell = false;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        if (reading->row_has_cell) {
            append(reading, "\t", 1);
        }
        reading->row_has_cell = true;
        break;
    default:
        break;
    }
    return reading->status == STATUS_OK ? 0 : -1;
}

static int block_leave(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reading *reading = context;

    switch ((int)type) {
    case MD_BLOCK_P:
    case MD_BLOCK_LI:
    case MD_BLOCK_CODE:
    case MD_BLOCK_HTML:
        text_end(reading);
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        reading->list_depth = reading->list_depth > 0 ? (uint16_t)(reading->list_depth - 1) : 0;
        break;
    case MD_BLOCK_QUOTE:
        text_end(reading);
        reading->quote_depth--;
        break;
    case MD_BLOCK_H:
        block_end(reading, MARKDOWN_HEADING, (uint16_t)((MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    case MD_BLOCK_HR:
        block_end(reading, MARKDOWN_RULE, 0);
        break;
    case MD_BLOCK_THEAD:
        reading->in_table_head = false;
        break;
    case MD_BLOCK_TR:
        block_end(reading, MARKDOWN_ROW, 0);
        break;
    default:
        break;
    }
    return reading->status == STATUS_OK ? 0 : -1;
}

/* Links give their words only, and emphasis does unless it is asked for. */
static int span_mark(MD_SPANTYPE type, void *detail, void *context)
{
    struct reading *reading = context;
    bool emphasis = type == MD_SPAN_EM;

    (void)detail;
    if (reading->marked && (emphasis || type == MD_SPAN_STRONG) &&
        reading->status == STATUS_OK && text_reserve(reading, 1)) {
        reading->text[reading->text_count++] = emphasis ? MARKDOWN_EMPHASIS : MARKDOWN_STRONG;
        reading->text[reading->text_count] = '\0';
    }
    return reading->status == STATUS_OK ? 0 : -1;
}

static int text_take(MD_TEXTTYPE type, const MD_CHAR *data, MD_SIZE count, void *context)
{
    struct reading *reading = context;

    if (type == MD_TEXT_BR) {
        append(reading, "\n", 1);
    } else if (type == MD_TEXT_SOFTBR) {
        append(reading, " ", 1);
    } else if (type != MD_TEXT_NULLCHAR) {
        append(reading, data, count);
    }
    return reading->status == STATUS_OK ? 0 : -1;
}

static enum status read_blocks(struct bytes text, bool marked, struct markdown *markdown_out)
{
    struct reading reading = {.out = markdown_out, .status = STATUS_OK, .marked = marked};
    const MD_PARSER parser = {
        .abi_version = 0,
        .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS,
        .enter_block = block_enter,
        .leave_block = block_leave,
        .enter_span = span_mark,
        .leave_span = span_mark,
        .text = text_take,
    };

    *markdown_out = (struct markdown){.blocks = NULL};
    if (text.count > UINT32_MAX) {
        return STATUS_TOO_LONG;
    }
    if (text.count > 0 &&
        md_parse((const MD_CHAR *)text.data, (MD_SIZE)text.count, &parser, &reading) != 0) {
        fail(&reading, STATUS_NOMEM); /* md4c's only failure of its own */
    }
    free(reading.text);
    if (reading.status != STATUS_OK) {
        markdown_finish(markdown_out);
    }
    return reading.status;
}

enum status markdown_read(struct bytes text, struct markdown *markdown_out)
{
    return read_blocks(text, false, markdown_out);
}

enum status markdown_read_marked(struct bytes text, struct markdown *markdown_out)
{
    return read_blocks(text, true, markdown_out);
}

void markdown_finish(struct markdown *markdown)
{
    for (size_t i = 0; i < markdown->count; i++) {
        free(markdown->blocks[i].text);
    }
    free(markdown->blocks);
    *markdown = (struct markdown){.blocks = NULL};
}

const struct markdown_block *markdown_paragraph(const struct markdown *markdown,
                                                uint16_t number)
{
    for (size_t i = 0; i < markdown->count; i++) {
        if (number > 0 && markdown->blocks[i].number == number) {
            return &markdown->blocks[i];
        }
    }
    return NULL;
}

#include "client/wrap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>
#include <uniwidth.h>

static void print_run(FILE *out, const char *text, size_t count)
{
    while (count > 0 && (text[count - 1] == ' ' || text[count - 1] == '\n')) {
        count--; /* a space at the end of a line is nobody's */
    }
    (void)fwrite(text, 1, count, out);
    (void)fputc('\n', out);
}

static int columns_of(const char *text)
{
    return u8_strwidth((const uint8_t *)text, "UTF-8");
}

/* A slash may end a line inside a word; one that begins a word stands at the word's beginning:
 * "/read" is one piece, and may begin a line. UAX #14 knows no commands. */
static void keep_commands_whole(const char *text, size_t count, char *breaks)
{
    memset(breaks, UC_BREAK_UNDEFINED, count + 1);
    for (size_t i = 1; i < count; i++) {
        if (text[i - 1] == '/' && (i == 1 || text[i - 2] == ' ' || text[i - 2] == '(')) {
            breaks[i] = UC_BREAK_PROHIBITED;
            breaks[i - 1] = i > 1 && text[i - 2] == ' ' ? UC_BREAK_POSSIBLE : breaks[i - 1];
        }
    }
}

enum status wrap_print(FILE *out, const char *text, const char *first, const char *rest,
                       int columns)
{
    size_t count = strlen(text);
    char *breaks = malloc(2 * (count + 1));
    char *held = breaks == NULL ? NULL : breaks + count + 1;
    size_t start = 0;
    int width = columns - columns_of(rest);
    int indent = columns_of(first) - columns_of(rest);

    if (breaks == NULL) {
        return STATUS_NOMEM;
    }
    keep_commands_whole(text, count, held);
    (void)u8_width_linebreaks((const uint8_t *)text, count, width > 8 ? width : 8,
                              indent > 0 ? indent : 0, 0, held, "UTF-8", breaks);
    (void)fputs(first, out);
    for (size_t i = 1; i < count; i++) {
        /* a break is told at the byte it stands before; a mandatory one at the \n itself */
        bool mandatory = text[i - 1] == '\n';

        if (mandatory || breaks[i] == UC_BREAK_POSSIBLE) {
            print_run(out, text + start, i - start);
            (void)fputs(rest, out);
            start = i;
        }
    }
    print_run(out, text + start, count - start);
    free(breaks);
    return STATUS_OK;
}

/* `margin`: columns before the text; `numbered`: the paragraph's number stands in them. */
static enum status print_block(FILE *out, const struct markdown_block *block,
                               const char *margin, bool numbered, int columns)
{
    char first[80];
    char rest[80];
    char mark[16] = "";
    char number[16] = "";
    int indent = block->kind == MARKDOWN_ITEM ? 2 * (block->depth - 1) : 0;
    int wide = columns_of(margin);

    if (block->kind == MARKDOWN_RULE) {
        (void)fprintf(out, "%s---\n", margin);
        return STATUS_OK;
    }
    if (block->kind == MARKDOWN_ITEM && block->ordinal > 0) {
        (void)snprintf(mark, sizeof mark, "%u. ", (unsigned)block->ordinal);
    } else if (block->kind == MARKDOWN_ITEM) {
        (void)snprintf(mark, sizeof mark, "- ");
    } else if (block->kind == MARKDOWN_QUOTE) {
        (void)snprintf(mark, sizeof mark, "> ");
    }
    if (numbered && block->number > 0) {
        (void)snprintf(number, sizeof number, "\xc2\xb6%u", (unsigned)block->number);
    }
    (void)snprintf(first, sizeof first, "%s%*s%s", number, wide + indent - columns_of(number),
                   "", mark);
    (void)snprintf(rest, sizeof rest, "%*s", columns_of(first), "");
    return wrap_print(out, block->text, first, rest, columns);
}

static enum status print_all(FILE *out, const struct markdown *markdown, const char *margin,
                             bool numbered, int columns)
{
    for (size_t i = 0; i < markdown->count; i++) {
        const struct markdown_block *block = &markdown->blocks[i];
        bool tight = i == 0 || (block->kind == markdown->blocks[i - 1].kind &&
                                (block->kind == MARKDOWN_ITEM || block->kind == MARKDOWN_ROW));
        enum status status;

        if (!tight) {
            (void)fputc('\n', out);
        }
        status = print_block(out, block, margin, numbered, columns);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status wrap_print_markdown(FILE *out, const struct markdown *markdown, int columns)
{
    return print_all(out, markdown, "     ", true, columns);
}

enum status wrap_print_prose(FILE *out, const struct markdown *markdown, const char *indent,
                             int columns)
{
    return print_all(out, markdown, indent, false, columns);
}

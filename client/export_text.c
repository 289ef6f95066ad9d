/* The small pieces of a transcript. */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "client/export_private.h"
#include "client/literal.h"
#include "client/markdown.h"
#include "client/words.h"

enum { TIME_BYTES = 32, LIST_INDENT = 4 };

/* ---- times and names ---- */

static void put_time(struct transcript *transcript, uint64_t time_ms, bool day, bool clock)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    char text[TIME_BYTES];

    if (localtime_r(&seconds, &tm) == NULL) {
        return;
    }
    if (day && strftime(text, sizeof text, "%Y-%m-%d", &tm) > 0) {
        (void)fprintf(transcript->out, "%s%s", text, clock ? " " : "");
    }
    if (clock && strftime(text, sizeof text, "%H:%M", &tm) > 0) {
        (void)fputs(text, transcript->out);
    }
}

void export_day(struct transcript *transcript, uint64_t time_ms)
{
    put_time(transcript, time_ms, true, false);
}

static bool is_same_day(uint64_t one_ms, uint64_t other_ms)
{
    time_t one = (time_t)(one_ms / 1000);
    time_t other = (time_t)(other_ms / 1000);
    struct tm a;
    struct tm b;

    return localtime_r(&one, &a) != NULL && localtime_r(&other, &b) != NULL &&
           a.tm_year == b.tm_year && a.tm_yday == b.tm_yday;
}

void export_time(struct transcript *transcript, uint64_t time_ms)
{
    put_time(transcript, time_ms, !is_same_day(transcript->began_ms, time_ms), true);
}

void export_name(struct transcript *transcript, uint16_t member, const char *name)
{
    const struct model_member *known = model_member(transcript->model, member);

    literal_line(transcript->out, known == NULL ? name : known->name);
}

void export_preferred(struct transcript *transcript, const struct model_option *option)
{
    if (option->preferred) {
        (void)fprintf(transcript->out, " (%s)", words_of_preferred());
    }
}

void export_heading(struct transcript *transcript, int depth, const char *title)
{
    (void)fprintf(transcript->out, "%.*s ", depth, "######");
    literal_line(transcript->out, title);
    (void)fputs("\n\n", transcript->out);
}

void export_trouble(struct transcript *transcript, const char *trouble)
{
    (void)fputs("> *", transcript->out);
    literal_line(transcript->out, trouble);
    (void)fputs("*\n\n", transcript->out);
}

void export_quote(struct transcript *transcript, const char *text)
{
    literal_lines(transcript->out, "> ", text);
    (void)fputc('\n', transcript->out);
}

/* ---- Markdown ---- */

static void put_number(FILE *out, const struct markdown_block *block, bool numbered)
{
    if (numbered && block->number > 0) {
        (void)fprintf(out, "\xc2\xb6%u ", (unsigned)block->number);
    }
}

static void put_row(FILE *out, const struct markdown_block *block, bool numbered)
{
    unsigned columns = 0;

    (void)fputs("| ", out);
    put_number(out, block, numbered);
    for (char *cell = block->text; cell != NULL; columns++) {
        char *tab = strchr(cell, '\t'); /* the block is ours: this is its last use */

        if (tab != NULL) {
            *tab = '\0';
        }
        literal_marked_line(out, cell);
        (void)fputs(tab == NULL ? " |\n" : " | ", out);
        cell = tab == NULL ? NULL : tab + 1;
    }
    if (block->heading_row) {
        for (unsigned i = 0; i < columns; i++) {
            (void)fputs("|---", out);
        }
        (void)fputs("|\n", out);
    }
}

static void put_item(FILE *out, const struct markdown_block *block, bool numbered)
{
    (void)fprintf(out, "%*s", LIST_INDENT * (block->depth > 0 ? block->depth - 1 : 0), "");
    if (block->ordinal > 0) {
        (void)fprintf(out, "%u. ", (unsigned)block->ordinal);
    } else {
        (void)fputs("- ", out);
    }
    put_number(out, block, numbered);
    literal_marked_line(out, block->text);
    (void)fputc('\n', out);
}

static void put_block(FILE *out, const struct markdown_block *block, bool numbered)
{
    switch (block->kind) {
    case MARKDOWN_PARAGRAPH:
        put_number(out, block, numbered);
        literal_marked_lines(out, block->text);
        break;
    case MARKDOWN_HEADING:
        (void)fputs("**", out);
        literal_line(out, block->text);
        (void)fputs("**\n", out);
        break;
    case MARKDOWN_ITEM:
        put_item(out, block, numbered);
        break;
    case MARKDOWN_QUOTE:
        (void)fputs("> ", out);
        put_number(out, block, numbered);
        literal_marked_line(out, block->text);
        (void)fputc('\n', out);
        break;
    case MARKDOWN_ROW:
        put_row(out, block, numbered);
        break;
    case MARKDOWN_RULE:
        (void)fputs("* * *\n", out);
        break;
    }
}

/* Items of a list, and rows of a table, stand close together. */
static bool goes_on(const struct markdown_block *before, const struct markdown_block *block)
{
    return before->kind == block->kind &&
           (block->kind == MARKDOWN_ITEM ||
            (block->kind == MARKDOWN_ROW && !block->heading_row));
}

static struct bytes bytes_of(const char *md)
{
    return (struct bytes){.data = (const uint8_t *)md, .count = strlen(md)};
}

/* Whatever in it is emphasised. */
static bool says(const char *marked, const char *title)
{
    while (*marked != '\0') {
        if (*marked == MARKDOWN_EMPHASIS || *marked == MARKDOWN_STRONG) {
            marked++;
        } else if (*marked++ != *title++) {
            return false;
        }
    }
    return *title == '\0';
}

void export_prose(struct transcript *transcript, const char *md, const char *title,
                  bool numbered)
{
    struct markdown markdown;
    enum status status = markdown_read_marked(bytes_of(md), &markdown);
    size_t first = 0;

    if (status == STATUS_TOO_LONG) { /* too deep or too much to set: then as it stands */
        literal_lines(transcript->out, "", md);
        (void)fputc('\n', transcript->out);
        return;
    }
    if (status != STATUS_OK) {
        transcript->status = status;
        return;
    }
    if (markdown.count > 0 && markdown.blocks[0].kind == MARKDOWN_HEADING &&
        (title == NULL || says(markdown.blocks[0].text, title))) {
        first = 1;
    }
    for (size_t i = first; i < markdown.count; i++) {
        if (i > first && !goes_on(&markdown.blocks[i - 1], &markdown.blocks[i])) {
            (void)fputc('\n', transcript->out);
        }
        put_block(transcript->out, &markdown.blocks[i], numbered);
    }
    if (markdown.count > first) {
        (void)fputc('\n', transcript->out);
    }
    markdown_finish(&markdown);
}

bool export_prose_title(struct transcript *transcript, const char *md)
{
    struct markdown markdown;
    enum status status = markdown_read(bytes_of(md), &markdown);
    bool found = false;

    if (status == STATUS_TOO_LONG) {
        return false;
    }
    if (status != STATUS_OK) {
        transcript->status = status;
        return false;
    }
    found = markdown.count > 0 && markdown.blocks[0].kind == MARKDOWN_HEADING;
    if (found) {
        literal_line(transcript->out, markdown.blocks[0].text);
    }
    markdown_finish(&markdown);
    return found;
}

void export_prose_line(struct transcript *transcript, const char *md)
{
    struct markdown markdown;
    enum status status = markdown_read(bytes_of(md), &markdown);

    if (status == STATUS_TOO_LONG) {
        literal_line(transcript->out, md);
        return;
    }
    if (status != STATUS_OK) {
        transcript->status = status;
        return;
    }
    for (size_t i = 0; i < markdown.count; i++) {
        if (i > 0) {
            (void)fputc(' ', transcript->out);
        }
        literal_line(transcript->out, markdown.blocks[i].text);
    }
    markdown_finish(&markdown);
}

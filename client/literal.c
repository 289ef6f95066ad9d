#include "client/literal.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "client/markdown.h"

/* What some reader of Markdown takes for an address that it should make a link of. */
static bool begins_link(const char *text, size_t at, size_t count)
{
    const char *here = text + at;

    if (*here == ':') {
        return count - at > 2 && here[1] == '/' && here[2] == '/';
    }
    return *here == '.' && at >= 3 && strncasecmp(here - 3, "www", 3) == 0;
}

static void put_bytes(FILE *out, const char *text, size_t count, bool marked)
{
    for (size_t i = 0; i < count; i++) {
        if (text[i] == MARKDOWN_EMPHASIS || text[i] == MARKDOWN_STRONG) {
            (void)fputs(!marked ? "" : text[i] == MARKDOWN_STRONG ? "**" : "*", out);
            continue;
        }
        if (strchr("\\`*_{}[]<>#|~&@$^", text[i]) != NULL || begins_link(text, i, count)) {
            (void)fputc('\\', out);
        }
        (void)fputc(text[i], out);
    }
}

/* A line that begins like a list item, a numbered item, a rule or a table's second line begins
 * like one no more. */
static void put_text_line(FILE *out, const char *line, size_t count, bool marked)
{
    size_t digits = strspn(line, "0123456789");

    if (count > 0 && strchr("-+=:", line[0]) != NULL) {
        (void)fputc('\\', out);
    } else if (digits > 0 && digits < count && strchr(".)", line[digits]) != NULL) {
        put_bytes(out, line, digits, marked);
        (void)fputc('\\', out);
        line += digits;
        count -= digits;
    }
    put_bytes(out, line, count, marked);
}

static void put_lines_on(FILE *out, const char *prefix, const char *text, bool marked)
{
    for (;;) {
        size_t count = strcspn(text, "\n");
        size_t blank = strspn(text, " \t");
        bool broken;

        blank = blank < count ? blank : count; /* indented text would become code */
        put_text_line(out, text + blank, count - blank, marked);
        if (text[count] == '\0' || text[count + 1] == '\0') {
            return;
        }
        /* two spaces: a line end that a person typed stays one */
        broken = blank < count && text[count + 1] != '\n';
        (void)fprintf(out, "%s\n%s", broken ? "  " : "", prefix);
        text += count + 1;
    }
}

static void put_line(FILE *out, const char *text, bool marked)
{
    bool first = true;

    while (*text != '\0') {
        size_t count = strcspn(text, "\n");

        if (first) {
            put_text_line(out, text, count, marked);
        } else {
            put_bytes(out, text, count, marked);
        }
        first = false;
        text += count;
        if (*text == '\n') {
            (void)fputc(' ', out);
            text++;
        }
    }
}

void literal_lines_on(FILE *out, const char *prefix, const char *text)
{
    put_lines_on(out, prefix, text, false);
}

void literal_lines(FILE *out, const char *prefix, const char *text)
{
    (void)fputs(prefix, out);
    literal_lines_on(out, prefix, text);
    (void)fputc('\n', out);
}

void literal_line(FILE *out, const char *text)
{
    put_line(out, text, false);
}

void literal_marked_lines(FILE *out, const char *text)
{
    put_lines_on(out, "", text, true);
    (void)fputc('\n', out);
}

void literal_marked_line(FILE *out, const char *text)
{
    put_line(out, text, true);
}

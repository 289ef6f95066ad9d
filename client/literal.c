#include "client/literal.h"

#include <string.h>

static void literal_bytes(FILE *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strchr("\\`*_{}[]<>#|~&", text[i]) != NULL) {
            (void)fputc('\\', out);
        }
        (void)fputc(text[i], out);
    }
}

/* A line that begins like a list item, a numbered item or a rule begins like one no more. */
static void literal_text_line(FILE *out, const char *line, size_t count)
{
    size_t digits = strspn(line, "0123456789");

    if (count > 0 && strchr("-+=", line[0]) != NULL) {
        (void)fputc('\\', out);
    } else if (digits > 0 && digits < count && strchr(".)", line[digits]) != NULL) {
        literal_bytes(out, line, digits);
        (void)fputc('\\', out);
        line += digits;
        count -= digits;
    }
    literal_bytes(out, line, count);
}

void literal_lines(FILE *out, const char *prefix, const char *text)
{
    do {
        size_t count = strcspn(text, "\n");
        size_t blank = strspn(text, " \t");

        blank = blank < count ? blank : count; /* indented text would become code */
        (void)fputs(prefix, out);
        literal_text_line(out, text + blank, count - blank);
        /* two spaces: a line end that a person typed stays one */
        (void)fputs(text[count] == '\n' && text[count + 1] != '\n' ? "  \n" : "\n", out);
        text += count;
        text += *text == '\n' ? 1 : 0;
    } while (*text != '\0');
}

void literal_line(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t count = strcspn(text, "\n");

        literal_bytes(out, text, count);
        text += count;
        if (*text == '\n') {
            (void)fputc(' ', out);
            text++;
        }
    }
}

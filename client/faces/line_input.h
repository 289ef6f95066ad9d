/* client/faces/line_input.h -- the line a person types on a terminal: a tiny editor at the end
 * of one line. Sans-I/O but for the echo: keys come in as bytes, what is drawn goes to a FILE.
 *
 *   printable characters   are added and echoed; a tab is a space
 *   backspace              takes back one character as people count them (a grapheme)
 *   ^U ^W                  take back the line, a word;   ^R prints it again
 *   Enter                  gives the line to the driver
 *   ^C ^Z, ^D when empty   are told to the driver
 *
 * Draws with letters, backspaces and line ends only: no screen control. Escape sequences
 * (arrows, the brackets around a paste) are passed over, other control characters dropped, and
 * so is what is no UTF-8. */
#ifndef CLIENT_FACES_LINE_INPUT_H
#define CLIENT_FACES_LINE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/status.h"

enum line_key {
    LINE_KEY_INTERRUPT, /* ^C */
    LINE_KEY_SUSPEND,   /* ^Z */
    LINE_KEY_END,       /* ^D on an empty line */
    LINE_KEY_FULL,      /* the line is as long as it may be; further text is dropped */
};

struct line_input_driver {
    void *context;
    /* A line was entered, without its end; may be written to. No line is being typed then. */
    void (*line)(void *context, char *line);
    void (*key)(void *context, enum line_key key);
    void (*busy)(void *context, bool busy); /* the line became non-empty, or empty again */
};

struct line_input; /* opaque */

/* `columns` of the terminal, 0: not known; asked for when something is taken back.
 * Errors: STATUS_NOMEM. */
MUST_CHECK enum status line_input_create(FILE *out, const struct line_input_driver *driver,
                                         struct line_input **line_input_out);
void line_input_destroy(struct line_input *line_input);

void line_input_feed(struct line_input *line_input, const char *data, size_t count);

/* What stands before the line from now on; copied, cut at LINE_PROMPT_BYTES_MAX. */
enum { LINE_PROMPT_BYTES_MAX = 64 };
void line_input_set_prompt(struct line_input *line_input, const char *prompt);
/* Prints the prompt and what is typed, unless they stand there already. */
void line_input_show(struct line_input *line_input);
/* Leaves the line they stand on, so that something else can be printed. */
void line_input_hide(struct line_input *line_input);

/* What is typed and not entered; borrowed. */
const char *line_input_text(const struct line_input *line_input);
void line_input_clear(struct line_input *line_input);

#endif

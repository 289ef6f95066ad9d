/* client/wrap.h -- sets text in lines of at most so many columns, breaking where Unicode allows
 * (UAX #14) and counting the columns a terminal takes (East Asian width). libunistring does
 * both. */
#ifndef CLIENT_WRAP_H
#define CLIENT_WRAP_H

#include <stdio.h>

#include "client/markdown.h"
#include "common/status.h"

enum { WRAP_COLUMNS = 72 };

/* Prints text (UTF-8, NUL-terminated) to out: the first line after `first`, further ones after
 * `rest`, both part of the columns. A \n in the text begins a new line. Ends with a line end.
 * Errors: STATUS_NOMEM. */
MUST_CHECK enum status wrap_print(FILE *out, const char *text, const char *first,
                                  const char *rest, int columns);

/* Prints a whole text, paragraphs numbered (¶4) in the margin, a blank line between blocks. */
MUST_CHECK enum status wrap_print_markdown(FILE *out, const struct markdown *markdown,
                                           int columns);

/* Prints a text without numbers, every line after `indent`: questions, tips, concepts. */
MUST_CHECK enum status wrap_print_prose(FILE *out, const struct markdown *markdown,
                                        const char *indent, int columns);

#endif

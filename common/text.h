/* common/text.h -- text that other people wrote, on its way to a terminal: what must not reach
 * one, and shortening it. Pure; owns nothing. Text is UTF-8; of bytes that are not, nothing is
 * read beyond their end. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bytes.h"

enum text_harm {
    TEXT_HARMLESS,
    TEXT_CONTROL, /* C0 but tab and line feed, DEL, C1: drives a terminal */
    TEXT_TURNS,   /* turns the direction of what stands around it, or breaks its line unseen:
                     U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069 */
};

/* What the character at the beginning of `text` would do to a terminal, or to the eyes before
 * one; count_out (NULL is fine): how many bytes of it to pass over. The one place that knows:
 * whoever shows, logs, keeps or reads text asks here. `text` holds a byte at least. */
enum text_harm text_harm(struct bytes text, size_t *count_out);

/* Can it stand in the middle of a line: nothing harmful, no tab, no line feed? */
bool text_is_line(struct bytes text);

/* Is there nothing to see: only spaces, line ends and what is harmful? True of the empty one.
 */
bool text_is_blank(struct bytes text);

/* The longest beginning of text of at most bytes_max bytes that ends between two characters. */
size_t text_prefix(const char *text, size_t bytes_max);

/* Copies text into out (size bytes, 4 at least); one that does not fit is cut between two
 * characters and ends with an ellipsis. */
void text_cut(const char *text, char *out, size_t size);

#endif

/* server/text.h -- copying short texts between buffers of fixed size. */
#ifndef SERVER_TEXT_H
#define SERVER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Copies text and its NUL into size bytes, size > 0. False when it does not fit: then out is
 * the empty text. */
bool text_copy(char *out, size_t size, const char *text);

#endif

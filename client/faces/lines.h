/* client/faces/lines.h -- cuts a run of bytes into lines. Sans-I/O; a line is
 * FACE_LINE_BYTES_MAX bytes at most, without its end (a line feed, before which a carriage
 * return is dropped). */
#ifndef CLIENT_FACES_LINES_H
#define CLIENT_FACES_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

struct lines_driver {
    void *context;
    void (*line)(void *context, char *line); /* NUL-terminated; may be written to */
    /* STATUS_TOO_LONG; STATUS_MALFORMED: no UTF-8, or a zero byte. The line is passed over. */
    void (*bad)(void *context, enum status status);
};

struct lines; /* opaque */

/* Errors: STATUS_NOMEM. */
MUST_CHECK enum status lines_create(const struct lines_driver *driver,
                                    struct lines **lines_out);
void lines_destroy(struct lines *lines);

void lines_feed(struct lines *lines, const char *data, size_t count);
/* Nothing follows: a last line without an end is a line too. */
void lines_end(struct lines *lines);

#endif

#include "client/faces/lines.h"

#include <stdlib.h>
#include <string.h>

#include "client/faces/face.h"
#include "common/bytes.h"

struct lines {
    struct lines_driver driver;
    bool too_long; /* the rest of this line is passed over */
    size_t count;
    char *text; /* FACE_LINE_BYTES_MAX + 2: room for a carriage return and the end */
};

enum status lines_create(const struct lines_driver *driver, struct lines **lines_out)
{
    struct lines *lines = calloc(1, sizeof *lines);

    if (lines == NULL) {
        return STATUS_NOMEM;
    }
    lines->text = malloc(FACE_LINE_BYTES_MAX + 2);
    if (lines->text == NULL) {
        free(lines);
        return STATUS_NOMEM;
    }
    lines->driver = *driver;
    *lines_out = lines;
    return STATUS_OK;
}

void lines_destroy(struct lines *lines)
{
    if (lines == NULL) {
        return;
    }
    free(lines->text);
    free(lines);
}

static void give(struct lines *lines)
{
    struct bytes text = {.data = (const uint8_t *)lines->text};
    bool too_long = lines->too_long;

    if (lines->count > 0 && lines->text[lines->count - 1] == '\r') {
        lines->count--;
    }
    text.count = lines->count;
    lines->text[lines->count] = '\0';
    lines->count = 0;
    lines->too_long = false;
    if (too_long || text.count > FACE_LINE_BYTES_MAX) {
        lines->driver.bad(lines->driver.context, STATUS_TOO_LONG);
    } else if (memchr(text.data, '\0', text.count) != NULL || !bytes_is_utf8(text)) {
        lines->driver.bad(lines->driver.context, STATUS_MALFORMED);
    } else {
        lines->driver.line(lines->driver.context, lines->text);
    }
}

void lines_feed(struct lines *lines, const char *data, size_t count)
{
    while (count > 0) {
        const char *end = memchr(data, '\n', count);
        size_t part = end == NULL ? count : (size_t)(end - data);

        if (part > FACE_LINE_BYTES_MAX + 1 - lines->count) {
            lines->too_long = true;
            lines->count = 0;
        }
        if (!lines->too_long) {
            memcpy(lines->text + lines->count, data, part);
            lines->count += part;
        }
        if (end == NULL) {
            return;
        }
        give(lines);
        data += part + 1;
        count -= part + 1;
    }
}

void lines_end(struct lines *lines)
{
    if (lines->count > 0 || lines->too_long) {
        give(lines);
    }
}

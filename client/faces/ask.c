/* What commands need before or instead of a face. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client/faces/base.h"

bool face_ask(int input, FILE *out, const char *question, char *line, size_t size)
{
    size_t count = 0;
    bool ended = false;

    (void)fputs(question, out);
    (void)fflush(out);
    while (!ended) {
        char byte;
        ssize_t got = read(input, &byte, 1);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            if (count == 0) {
                return false;
            }
            ended = true; /* a last line without an end */
        } else if (byte == '\n') {
            ended = true;
        } else if (count + 1 < size) {
            line[count++] = byte;
        } else {
            return false;
        }
    }
    if (count > 0 && line[count - 1] == '\r') {
        count--;
    }
    line[count] = '\0';
    return true;
}

void face_fail(enum face_kind kind, FILE *out, enum status status, const char *text)
{
    if (kind == FACE_JSON) {
        face_fail_json(out, status, text);
    } else {
        (void)fprintf(out, "%s\n", text);
    }
    (void)fflush(out);
}

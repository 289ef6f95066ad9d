/* What is typed or pasted on a terminal, key by key: lines come out as UTF-8 without control
 * characters, and nothing that moves the screen is drawn. The first byte is the size of the
 * pieces it comes in. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/faces/line_input.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_text(const char *text)
{
    struct bytes bytes = {.data = (const uint8_t *)text, .count = strlen(text)};

    must(bytes_is_utf8(bytes));
    while (bytes.count > 0) {
        size_t count = 0;

        must(text_harm(bytes, &count) != TEXT_CONTROL);
        bytes.data += count;
        bytes.count -= count;
    }
}

static void take_line(void *context, char *line)
{
    (void)context;
    check_text(line);
}

static void take_key(void *context, enum line_key key)
{
    (void)context;
    (void)key;
}

static void take_busy(void *context, bool busy)
{
    (void)context;
    (void)busy;
}

static void check_drawn(const char *drawn, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        must((uint8_t)drawn[i] >= 0x20 || strchr("\b\r\n", drawn[i]) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct line_input_driver driver = {NULL, take_line, take_key, take_busy};
    size_t piece = size > 0 && data[0] > 0 ? data[0] : 1;
    struct line_input *input = NULL;
    char *drawn = NULL;
    size_t drawn_count = 0;
    FILE *out = open_memstream(&drawn, &drawn_count);

    must(out != NULL && line_input_create(out, &driver, &input) == STATUS_OK);
    for (size_t at = 1; at < size; at += piece) {
        line_input_feed(input, (const char *)data + at, piece < size - at ? piece : size - at);
        check_text(line_input_text(input));
    }
    line_input_destroy(input);
    must(fclose(out) == 0);
    check_drawn(drawn, drawn_count);
    free(drawn);
    return 0;
}

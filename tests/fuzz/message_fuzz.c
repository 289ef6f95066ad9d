/* Messages, and params of every method: what is accepted can be written again and read back to
 * the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/message.h"
#include "tests/support/codecs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BUFFER_BYTES = 65536 };

static uint8_t first[BUFFER_BYTES];
static uint8_t second[BUFFER_BYTES];

static struct bytes encode(const struct codec *codec, const void *value, uint8_t *buffer)
{
    struct writer writer;

    writer_init(&writer, buffer, BUFFER_BYTES);
    codec->encode(&writer, value);
    if (writer_status(&writer) != STATUS_OK) {
        abort(); /* it came in within its bounds */
    }
    return writer_bytes(&writer);
}

static void try_codec(const struct codec *codec, struct bytes body)
{
    void *value = malloc(codec->size);

    if (value == NULL) {
        abort();
    }
    if (codec->decode(body, value) == STATUS_OK) {
        struct bytes once = encode(codec, value, first);

        if (codec->decode(once, value) != STATUS_OK ||
            !bytes_equal(encode(codec, value, second), once)) {
            abort();
        }
    }
    free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes body = {.data = data, .count = size};
    struct message message;

    if (size >= BUFFER_BYTES) {
        return 0;
    }
    if (message_decode(body, &message) == STATUS_OK) {
        body = message.body;
    }
    for (size_t i = 0; i < codecs_count; i++) {
        try_codec(&codecs[i], body);
    }
    return 0;
}

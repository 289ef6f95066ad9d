/* Frames cut from any stream in any pieces: what comes out, put together again, is what went
 * in. The first byte is the size of a piece. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct frame frame;

/* Takes what there is; at moves over the frames that came out, which must be those of data. */
static enum status take(struct bytes *input, const uint8_t *data, size_t *at)
{
    enum status status;
    size_t count;

    for (;;) {
        status = frame_take(&frame, input, &count);
        if (status != STATUS_OK) {
            return status;
        }
        if (count == 0 || bytes_get_u16(data + *at) != count ||
            memcmp(data + *at + FRAME_HEADER_BYTES, frame.payload, count) != 0) {
            abort();
        }
        *at += FRAME_HEADER_BYTES + count;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t piece = size > 0 && data[0] > 0 ? data[0] : 1;
    enum status status = STATUS_SHORT;
    size_t at = 1;

    frame_init(&frame, 1024);
    for (size_t fed = 1; fed < size && status == STATUS_SHORT; fed += piece) {
        struct bytes input = {.data = data + fed, .count = piece};

        if (input.count > size - fed) {
            input.count = size - fed;
        }
        status = take(&input, data, &at);
    }
    if (status == STATUS_SHORT && size > 0 && frame_is_empty(&frame) != (at == size)) {
        abort();
    }
    return 0;
}

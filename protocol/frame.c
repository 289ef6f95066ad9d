#include "protocol/frame.h"

#include <assert.h>
#include <string.h>

void frame_init(struct frame *frame, size_t count_max)
{
    frame->count = 0;
    frame_set_max(frame, count_max);
}

void frame_set_max(struct frame *frame, size_t count_max)
{
    assert(count_max <= FRAME_PAYLOAD_BYTES_MAX);
    frame->count_max = count_max;
}

/* Moves bytes of *input to out, as many as both allow. */
static void move(struct frame *frame, struct bytes *input, uint8_t *out, size_t wanted)
{
    size_t count = input->count < wanted ? input->count : wanted;

    if (count > 0) {
        memcpy(out, input->data, count);
        input->data += count;
        input->count -= count;
        frame->count += count;
    }
}

enum status frame_take(struct frame *frame, struct bytes *input_inout, size_t *count_out)
{
    size_t taken;
    size_t length;

    if (frame->count < FRAME_HEADER_BYTES) {
        move(frame, input_inout, frame->header + frame->count,
             FRAME_HEADER_BYTES - frame->count);
    }
    if (frame->count < FRAME_HEADER_BYTES) {
        return STATUS_SHORT;
    }
    length = bytes_get_u16(frame->header);
    if (length == 0) {
        return STATUS_MALFORMED;
    }
    if (length > frame->count_max) {
        return STATUS_TOO_LONG;
    }
    taken = frame->count - FRAME_HEADER_BYTES;
    move(frame, input_inout, frame->payload + taken, length - taken);
    if (frame->count < FRAME_HEADER_BYTES + length) {
        return STATUS_SHORT;
    }
    frame->count = 0;
    *count_out = length;
    return STATUS_OK;
}

bool frame_is_empty(const struct frame *frame)
{
    return frame->count == 0;
}

void frame_put_header(uint8_t out[FRAME_HEADER_BYTES], size_t count)
{
    assert(count > 0 && count <= FRAME_PAYLOAD_BYTES_MAX);
    bytes_put_u16(out, (uint16_t)count);
}

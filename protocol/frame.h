/* protocol/frame.h -- cuts a stream of bytes into frames.
 *
 *   frame = length (2 bytes, big-endian, 1 to 65535) ‖ that many bytes
 *
 * Takes bytes in whatever pieces they come and keeps at most one frame. A frame announced
 * longer than the maximum of the moment, or empty, is refused at its header, before anything of
 * it is kept. Knows nothing of what is inside. */
#ifndef PROTOCOL_FRAME_H
#define PROTOCOL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"

enum {
    FRAME_HEADER_BYTES = 2,
    FRAME_PAYLOAD_BYTES_MAX = 65535,
    FRAME_BYTES_MAX = FRAME_HEADER_BYTES + FRAME_PAYLOAD_BYTES_MAX,
};

/* Reads frames. Large: allocate whatever holds one. frame_init() does not touch the payload, so
 * an idle connection costs no more pages than it has used. */
struct frame {
    size_t count;     /* bytes taken of the current frame, header included */
    size_t count_max; /* longest payload accepted now */
    uint8_t header[FRAME_HEADER_BYTES];
    uint8_t payload[FRAME_PAYLOAD_BYTES_MAX];
};

/* count_max: the longest payload to accept, at most FRAME_PAYLOAD_BYTES_MAX. */
void frame_init(struct frame *frame, size_t count_max);
void frame_set_max(struct frame *frame, size_t count_max); /* from the next frame on */

/* Takes bytes off the front of *input until a frame is whole: then *count_out bytes stand in
 * frame->payload, the caller's to change, until the next call. input_inout: borrowed, advanced.
 * Errors: STATUS_SHORT (all input taken, more is needed); STATUS_MALFORMED (empty frame) and
 * STATUS_TOO_LONG, after which the stream cannot be followed any more. */
MUST_CHECK enum status frame_take(struct frame *frame, struct bytes *input_inout,
                                  size_t *count_out);

/* True between two frames, when an end of the stream cuts nothing off. */
bool frame_is_empty(const struct frame *frame);

/* Writes the header of a frame of count bytes, 1 to FRAME_PAYLOAD_BYTES_MAX. */
void frame_put_header(uint8_t out[FRAME_HEADER_BYTES], size_t count);

#endif

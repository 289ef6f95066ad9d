/* protocol/pad.h -- padding of bodies, so that a length tells no more than a size class: the
 * plaintext, 0x80, and zeros up to the smallest of 256 * 2^k and 384 * 2^k that fits, at most
 * BODY_PADDED_BYTES_MAX. */
#ifndef PROTOCOL_PAD_H
#define PROTOCOL_PAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/limits.h"
#include "common/status.h"

/* The padded size of a plaintext of count bytes; count is at most PLAINTEXT_BYTES_MAX. */
size_t pad_size(size_t count);

/* Is this one of the sizes? */
bool pad_size_good(size_t size);

/* Pads the count bytes in data, which has room for pad_size(count). */
void pad_add(uint8_t *data, size_t count);

/* The count of the plaintext in size padded bytes. Errors: STATUS_MALFORMED (no 0x80, or a size
 * that is not the smallest). */
MUST_CHECK enum status pad_find(const uint8_t *data, size_t size, size_t *count_out);

#endif

/* common/bytes.h -- a borrowed run of bytes, and big-endian integers. Owns nothing. */
#ifndef COMMON_BYTES_H
#define COMMON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *data; /* borrowed; may be NULL when count is 0 */
    size_t count;
};

bool bytes_equal(struct bytes a, struct bytes b);

void bytes_put_u16(uint8_t out[2], uint16_t value);
void bytes_put_u32(uint8_t out[4], uint32_t value);
void bytes_put_u64(uint8_t out[8], uint64_t value);
uint16_t bytes_get_u16(const uint8_t in[2]);
uint32_t bytes_get_u32(const uint8_t in[4]);
uint64_t bytes_get_u64(const uint8_t in[8]);

/* True when the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool bytes_is_utf8(struct bytes bytes);

#endif

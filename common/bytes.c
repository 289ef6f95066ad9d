#include "common/bytes.h"

#include <string.h>

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.count == b.count && (a.count == 0 || memcmp(a.data, b.data, a.count) == 0);
}

static void put(uint8_t *out, size_t count, uint64_t value)
{
    for (size_t i = count; i-- > 0;) {
        out[i] = (uint8_t)(value & 0xff);
        value >>= 8;
    }
}

static uint64_t get(const uint8_t *in, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++) {
        value = value << 8 | in[i];
    }
    return value;
}

void bytes_put_u16(uint8_t out[2], uint16_t value)
{
    put(out, 2, value);
}

void bytes_put_u32(uint8_t out[4], uint32_t value)
{
    put(out, 4, value);
}

void bytes_put_u64(uint8_t out[8], uint64_t value)
{
    put(out, 8, value);
}

uint16_t bytes_get_u16(const uint8_t in[2])
{
    return (uint16_t)get(in, 2);
}

uint32_t bytes_get_u32(const uint8_t in[4])
{
    return (uint32_t)get(in, 4);
}

uint64_t bytes_get_u64(const uint8_t in[8])
{
    return get(in, 8);
}

/* Length of the well-formed sequence at data, 0 if there is none. Unicode table 3-7. */
static size_t sequence_length(const uint8_t *data, size_t count)
{
    uint8_t lead = data[0];
    uint8_t low = 0x80;
    uint8_t high = 0xbf;
    size_t length;

    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        low = lead == 0xe0 ? 0xa0 : low;
        high = lead == 0xed ? 0x9f : high;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        low = lead == 0xf0 ? 0x90 : low;
        high = lead == 0xf4 ? 0x8f : high;
    } else {
        return 0;
    }
    if (length > count || data[1] < low || data[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if (data[i] < 0x80 || data[i] > 0xbf) {
            return 0;
        }
    }
    return length;
}

bool bytes_is_utf8(struct bytes bytes)
{
    size_t length;

    for (size_t i = 0; i < bytes.count; i += length) {
        length = sequence_length(bytes.data + i, bytes.count - i);
        if (length == 0) {
            return false;
        }
    }
    return true;
}

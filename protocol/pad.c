#include "protocol/pad.h"

#include <assert.h>
#include <string.h>

enum { PAD_SIZE_MIN = 256, PAD_MARK = 0x80 };

static_assert(BODY_PADDED_BYTES_MAX == 384 << 7, "the top is one of the sizes");
static_assert(PLAINTEXT_BYTES_MAX + 1 == BODY_PADDED_BYTES_MAX, "the mark always fits");

/* 256, 384, 512, 768, 1024, ... */
static size_t next_size(size_t size)
{
    bool is_power = (size & (size - 1)) == 0;

    return is_power ? size / 2 * 3 : size / 3 * 4;
}

size_t pad_size(size_t count)
{
    size_t size = PAD_SIZE_MIN;

    assert(count <= PLAINTEXT_BYTES_MAX);
    while (size <= count) {
        size = next_size(size);
    }
    return size;
}

bool pad_size_good(size_t size)
{
    return size > 0 && size <= BODY_PADDED_BYTES_MAX && pad_size(size - 1) == size;
}

void pad_add(uint8_t *data, size_t count)
{
    data[count] = PAD_MARK;
    memset(data + count + 1, 0, pad_size(count) - count - 1);
}

enum status pad_find(const uint8_t *data, size_t size, size_t *count_out)
{
    size_t at = size;

    while (at > 0 && data[at - 1] == 0) {
        at--;
    }
    if (at == 0 || at > BODY_PADDED_BYTES_MAX || data[at - 1] != PAD_MARK ||
        pad_size(at - 1) != size) {
        return STATUS_MALFORMED;
    }
    *count_out = at - 1;
    return STATUS_OK;
}

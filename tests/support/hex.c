#include "tests/support/hex.h"

#include <assert.h>

static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t hex_parse(const char *hex, uint8_t *out, size_t count_max)
{
    size_t count = 0;

    while (digit(hex[2 * count]) >= 0 && digit(hex[2 * count + 1]) >= 0) {
        assert(count < count_max);
        out[count] = (uint8_t)(digit(hex[2 * count]) << 4 | digit(hex[2 * count + 1]));
        count++;
    }
    return count;
}

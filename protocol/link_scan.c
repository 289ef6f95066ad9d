#include "protocol/link_scan.h"

#include <string.h>

char link_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static int hex_value(uint8_t c)
{
    char small = link_lower((char)c);

    if (small >= '0' && small <= '9') {
        return small - '0';
    }
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/* The character that =XX or %XX at this place stands for, -1 if there is none. */
static int escaped(const struct link_scan *scan)
{
    const uint8_t *at = scan->text.data + scan->at;
    int high;
    int low;

    if (!scan->escapes || scan->text.count - scan->at < 3 || (at[0] != '=' && at[0] != '%')) {
        return -1;
    }
    high = hex_value(at[1]);
    low = hex_value(at[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

char link_scan_next(struct link_scan *scan)
{
    while (scan->at < scan->text.count) {
        int c = escaped(scan);

        scan->at += c < 0 ? 1 : 3;
        if (c < 0) {
            c = scan->text.data[scan->at - 1];
        }
        if (c > ' ' && c < 0x7f && !is_one_of((char)c, "=<>\"'`")) {
            return (char)c;
        }
    }
    return '\0';
}

bool link_scan_until(struct link_scan *scan, char end, char *out, size_t count_max,
                     size_t *count_out)
{
    for (size_t count = 0; count <= count_max; count++) {
        char c = link_scan_next(scan);

        if (c == end) {
            *count_out = count;
            return true;
        }
        if (c == '\0' || count == count_max) {
            return false;
        }
        out[count] = c;
    }
    return false;
}

bool link_scan_scheme(struct link_scan *scan)
{
    for (size_t i = 0; i < sizeof LINK_SCHEME - 1; i++) {
        if (link_lower(link_scan_next(scan)) != LINK_SCHEME[i]) {
            return false;
        }
    }
    return true;
}

#include "common/text.h"

#include <assert.h>
#include <string.h>

static const char ellipsis[] = "\xe2\x80\xa6";

/* Three bytes from e2: general punctuation, U+2000 to U+2FFF. */
static bool turns(uint8_t second, uint8_t third)
{
    return (second == 0x80 &&
            (third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae))) ||
           (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

enum text_harm text_harm(struct bytes text, size_t *count_out)
{
    const uint8_t *at = text.data;
    enum text_harm harm = TEXT_HARMLESS;
    size_t count = 1;

    if (at[0] < 0x20 || at[0] == 0x7f) {
        harm = at[0] == '\n' || at[0] == '\t' ? TEXT_HARMLESS : TEXT_CONTROL;
    } else if (text.count >= 2 && at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0) {
        harm = TEXT_CONTROL;
        count = 2;
    } else if (text.count >= 2 && at[0] == 0xd8 && at[1] == 0x9c) {
        harm = TEXT_TURNS;
        count = 2;
    } else if (text.count >= 3 && at[0] == 0xe2 && turns(at[1], at[2])) {
        harm = TEXT_TURNS;
        count = 3;
    }
    if (count_out != NULL) {
        *count_out = count;
    }
    return harm;
}

bool text_is_line(struct bytes text)
{
    for (size_t i = 0; i < text.count; i++) {
        const struct bytes rest = {text.data + i, text.count - i};

        if (text.data[i] == '\n' || text.data[i] == '\t' ||
            text_harm(rest, NULL) != TEXT_HARMLESS) {
            return false;
        }
    }
    return true;
}

bool text_is_blank(struct bytes text)
{
    for (size_t i = 0, passed = 1; i < text.count; i += passed) {
        const struct bytes rest = {text.data + i, text.count - i};
        bool space = text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\t';

        if (text_harm(rest, &passed) == TEXT_HARMLESS && !space) {
            return false;
        }
    }
    return true;
}

size_t text_prefix(const char *text, size_t bytes_max)
{
    size_t count = strnlen(text, bytes_max + 1);

    if (count <= bytes_max) {
        return count;
    }
    count = bytes_max;
    while (count > 0 && ((unsigned char)text[count] & 0xc0) == 0x80) {
        count--;
    }
    return count;
}

void text_cut(const char *text, char *out, size_t size)
{
    size_t count = text_prefix(text, size - 1);

    assert(size >= sizeof ellipsis);
    if (text[count] == '\0') {
        memcpy(out, text, count + 1);
    } else {
        count = text_prefix(text, size - sizeof ellipsis);
        memcpy(out, text, count);
        memcpy(out + count, ellipsis, sizeof ellipsis);
    }
}

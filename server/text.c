#include "server/text.h"

#include <string.h>

bool text_copy(char *out, size_t size, const char *text)
{
    size_t count = strlen(text);

    if (count >= size) {
        out[0] = '\0';
        return false;
    }
    memcpy(out, text, count + 1);
    return true;
}

/* What is read as a link is written and read again as the same link; what is not, is named. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct link link;
    static struct link again;
    enum link_part part = LINK_PART_NONE;
    char text[LINK_TEXT_BYTES_MAX];
    enum status status;

    memset(&link, 0, sizeof link);
    memset(&again, 0, sizeof again);
    status = link_parse((struct bytes){data, size}, &link, &part);
    if (status != STATUS_OK) {
        must(status == STATUS_MALFORMED || status == STATUS_VERSION);
        must(part != LINK_PART_NONE);
        must(link.type == 0); /* untouched */
        return 0;
    }
    must(part == LINK_PART_NONE);
    must(link_format(&link, text, sizeof text) == STATUS_OK);
    status = link_parse((struct bytes){(const uint8_t *)text, strlen(text)}, &again, &part);
    must(status == STATUS_OK && memcmp(&link, &again, sizeof link) == 0);
    return 0;
}

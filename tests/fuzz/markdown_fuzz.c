/* Markdown that others wrote, as the client sets it: numbers go up by one, and no text holds
 * what moves a terminal. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/markdown.h"
#include "client/markdown_links.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_text(const char *text)
{
    struct bytes bytes = {.data = (const uint8_t *)text, .count = strlen(text)};

    while (bytes.count > 0) {
        size_t count = 0;

        must(text_harm(bytes, &count) != TEXT_CONTROL);
        bytes.data += count;
        bytes.count -= count;
    }
}

static void check_blocks(const struct markdown *markdown)
{
    uint16_t last = 0;

    must(markdown->count <= MARKDOWN_BLOCKS_MAX);
    for (size_t i = 0; i < markdown->count; i++) {
        const struct markdown_block *block = &markdown->blocks[i];

        check_text(block->text);
        if (block->number != 0 && block->number != last) {
            must(block->number == last + 1);
            last = block->number;
            must(markdown_paragraph(markdown, last) != NULL);
        }
    }
}

static void take_link(void *context, const char *target)
{
    (void)context;
    must(strlen(target) <= MARKDOWN_LINKS_TARGET_BYTES_MAX);
}

static void take_refusal(void *context, enum markdown_refusal refusal)
{
    (void)refusal;
    *(bool *)context = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {.data = data, .count = size};
    struct markdown markdown;
    bool refused = false;
    struct markdown_links links = {take_link, take_refusal, &refused};
    char *copy;

    if (!bytes_is_utf8(text) || memchr(data, 0, size) != NULL) {
        return 0; /* no plaintext gets this far */
    }
    if (markdown_read(text, &markdown) == STATUS_OK) {
        check_blocks(&markdown);
    }
    markdown_finish(&markdown);
    copy = calloc(1, size + 1);
    must(copy != NULL);
    memcpy(copy, data, size);
    must(markdown_links_visit(copy, &links) == STATUS_OK);
    free(copy);
    return 0;
}

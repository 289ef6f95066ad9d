/* Plaintexts of texts, scripts, answers and the rest: whatever decodes is written and read back
 * the same. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "protocol/content.h"
#include "protocol/script.h"
#include "protocol/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);

static void fuzz_text(struct bytes plaintext)
{
    static struct content_text text, again;
    struct writer writer;

    if (content_text_decode(plaintext, &text) != STATUS_OK || text.type == TEXT_SCRIPT) {
        return;
    }
    writer_init_growing(&writer, 2 * PLAINTEXT_BYTES_MAX);
    content_text_encode(&writer, &text);
    assert(writer_status(&writer) == STATUS_OK);
    assert(content_text_decode(writer_bytes(&writer), &again) == STATUS_OK);
    assert(again.type == text.type && again.step == text.step);
    writer_finish(&writer);
}

static void fuzz_script(struct bytes plaintext)
{
    struct script script = {0};

    if (script_add(&script, plaintext) == STATUS_OK) {
        (void)script_add(&script, plaintext); /* as if it continued itself */
        (void)script_find(&script, 1);
    }
    script_finish(&script);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count)
{
    struct bytes plaintext = {data, count};
    struct content_answer answer;
    struct content_strings strings;

    fuzz_text(plaintext);
    fuzz_script(plaintext);
    (void)content_answer_decode(plaintext, &answer);
    for (int kind = KIND_GENESIS; kind < KIND_COUNT; kind++) {
        if (content_strings_of((enum kind)kind) > 0) {
            (void)content_strings_decode(plaintext, (enum kind)kind, &strings);
        }
    }
    return 0;
}

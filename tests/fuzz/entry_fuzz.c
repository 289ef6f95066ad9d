/* Whatever decodes has one form: its header written anew is the header that came. Nothing that
 * is decoded makes opening fail in another way than by its status. Begin with the entries of
 * tests/vectors/session.json: sh tests/fuzz/seeds.sh DIR writes them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"
#include "protocol/header.h"
#include "protocol/seal.h"
#include "protocol/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void write_again(const struct entry *entry)
{
    static uint8_t buffer[ENTRY_BYTES_MAX];
    struct writer writer;

    writer_init(&writer, buffer, sizeof buffer);
    header_write(&writer, entry);
    must(writer_status(&writer) == STATUS_OK);
    must(bytes_equal(writer_bytes(&writer), entry->header));
}

static void open_all(const struct entry *entry)
{
    static const uint8_t secret[KEY_BYTES] = {1};
    static const struct slot_opener opener = {secret, secret, secret};
    static uint8_t out[BODY_PADDED_BYTES_MAX];
    uint8_t key[KEY_BYTES];
    size_t count = 0;

    for (uint16_t i = 0; i < entry->slot_count && i < 4; i++) {
        must(slot_open(entry, i, &opener, key) == STATUS_CRYPTO);
    }
    must(entry_open_body(entry, secret, out, &count) ==
         (entry->has_body ? STATUS_CRYPTO : STATUS_NOT_FOUND));
}

static void check_shape(const struct entry *entry)
{
    must(entry->kind >= KIND_GENESIS && entry->kind < KIND_COUNT);
    must(entry->epoch >= 1 && entry->epoch <= EPOCHS_MAX);
    must(entry->author <= MEMBERS_MAX && entry->step <= STEPS_MAX);
    must(entry->slot_count <= ENTRY_SLOTS_MAX);
    must((entry->slot_count > 0) == entry->slots_present);
    must((entry->signature == NULL) == (entry->kind == KIND_ANSWER && entry->author == 0));
    must(entry->signed_part.data == entry->raw.data);
    must(entry->signed_part.count < entry->raw.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct entry entry;

    if (entry_decode((struct bytes){data, size}, &entry) != STATUS_OK) {
        return 0;
    }
    check_shape(&entry);
    write_again(&entry);
    open_all(&entry);
    return 0;
}

/* What the strict reader accepts, msgpack-c reads whole and packs to the same bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <msgpack.h>

#include "protocol/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare(struct bytes bytes)
{
    msgpack_unpacked unpacked;
    msgpack_sbuffer buffer;
    msgpack_packer pack;
    size_t at = 0;

    msgpack_unpacked_init(&unpacked);
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&pack, &buffer, msgpack_sbuffer_write);
    if (msgpack_unpack_next(&unpacked, (const char *)bytes.data, bytes.count, &at) !=
            MSGPACK_UNPACK_SUCCESS ||
        at != bytes.count || msgpack_pack_object(&pack, unpacked.data) != 0 ||
        buffer.size != bytes.count || memcmp(buffer.data, bytes.data, bytes.count) != 0) {
        abort();
    }
    msgpack_sbuffer_destroy(&buffer);
    msgpack_unpacked_destroy(&unpacked);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {.data = data, .count = size};
    struct reader reader = reader_begin(bytes);

    reader_skip(&reader);
    if (reader_end(&reader) == STATUS_OK) {
        compare(bytes);
    }
    return 0;
}

#include "protocol/writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <msgpack.h>

#include "common/secret.h"

enum { WRITER_CAPACITY_START = 256 };

void writer_init(struct writer *writer, void *data, size_t count_max)
{
    *writer = (struct writer){.data = data, .capacity = count_max, .count_max = count_max};
}

void writer_init_growing(struct writer *writer, size_t count_max)
{
    *writer = (struct writer){.count_max = count_max, .grows = true};
}

/* By hand instead of realloc(), so that no copy of a plaintext stays behind. */
static void release(struct writer *writer)
{
    if (writer->grows && writer->data != NULL) {
        secret_wipe(writer->data, writer->capacity);
        free(writer->data);
    }
    writer->data = NULL;
}

void writer_finish(struct writer *writer)
{
    release(writer);
    *writer = (struct writer){.status = STATUS_OK};
}

/* Makes room for count bytes more, count already known to be within the maximum. */
static enum status grow(struct writer *writer, size_t count)
{
    size_t capacity = writer->capacity == 0 ? WRITER_CAPACITY_START : writer->capacity;
    uint8_t *data;

    while (capacity - writer->count < count) {
        capacity = capacity > writer->count_max / 2 ? writer->count_max : capacity * 2;
    }
    data = malloc(capacity);
    if (data == NULL) {
        return STATUS_NOMEM;
    }
    if (writer->count > 0) {
        memcpy(data, writer->data, writer->count);
    }
    release(writer);
    writer->data = data;
    writer->capacity = capacity;
    return STATUS_OK;
}

static void append(struct writer *writer, const void *data, size_t count)
{
    if (writer->status != STATUS_OK || count == 0) {
        return;
    }
    if (count > writer->count_max - writer->count) {
        writer_fail(writer, STATUS_TOO_LONG);
        return;
    }
    if (writer->grows && count > writer->capacity - writer->count) {
        enum status status = grow(writer, count);

        if (status != STATUS_OK) {
            writer_fail(writer, status);
            return;
        }
    }
    memcpy(writer->data + writer->count, data, count);
    writer->count += count;
}

static int append_packed(void *data, const char *packed, size_t count)
{
    append(data, packed, count);
    return 0; /* the error is kept in the writer */
}

static msgpack_packer packer(struct writer *writer)
{
    return (msgpack_packer){.data = writer, .callback = append_packed};
}

void writer_array(struct writer *writer, uint32_t count)
{
    msgpack_packer pack = packer(writer);

    (void)msgpack_pack_array(&pack, count);
}

void writer_uint(struct writer *writer, uint64_t value)
{
    msgpack_packer pack = packer(writer);

    (void)msgpack_pack_uint64(&pack, value);
}

void writer_int(struct writer *writer, int64_t value)
{
    msgpack_packer pack = packer(writer);

    (void)msgpack_pack_int64(&pack, value);
}

void writer_bool(struct writer *writer, bool value)
{
    msgpack_packer pack = packer(writer);

    (void)(value ? msgpack_pack_true(&pack) : msgpack_pack_false(&pack));
}

void writer_nil(struct writer *writer)
{
    msgpack_packer pack = packer(writer);

    (void)msgpack_pack_nil(&pack);
}

void writer_bin(struct writer *writer, struct bytes bytes)
{
    msgpack_packer pack = packer(writer);

    if (bytes.count > UINT32_MAX) {
        writer_fail(writer, STATUS_TOO_LONG);
        return;
    }
    (void)msgpack_pack_bin(&pack, bytes.count);
    append(writer, bytes.data, bytes.count);
}

void writer_bin_of(struct writer *writer, const void *data, size_t count)
{
    writer_bin(writer, (struct bytes){.data = data, .count = count});
}

void writer_str(struct writer *writer, struct bytes text)
{
    msgpack_packer pack = packer(writer);

    if (text.count > UINT32_MAX) {
        writer_fail(writer, STATUS_TOO_LONG);
        return;
    }
    if (!bytes_is_utf8(text)) {
        writer_fail(writer, STATUS_MALFORMED);
        return;
    }
    (void)msgpack_pack_str(&pack, text.count);
    append(writer, text.data, text.count);
}

void writer_str_of(struct writer *writer, const char *text)
{
    writer_str(writer, (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)});
}

void writer_raw(struct writer *writer, struct bytes bytes)
{
    append(writer, bytes.data, bytes.count);
}

void writer_fail(struct writer *writer, enum status status)
{
    assert(status != STATUS_OK);
    if (writer->status == STATUS_OK) {
        writer->status = status;
    }
}

enum status writer_status(const struct writer *writer)
{
    return writer->status;
}

struct bytes writer_bytes(const struct writer *writer)
{
    if (writer->status != STATUS_OK) {
        return (struct bytes){.data = NULL, .count = 0};
    }
    return (struct bytes){.data = writer->data, .count = writer->count};
}

void writer_reset(struct writer *writer)
{
    writer->count = 0;
    writer->status = STATUS_OK;
}

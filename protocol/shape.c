#include "protocol/shape.h"

#include <string.h>

#include "protocol/message.h"
#include "protocol/reader.h"

static_assert(sizeof(enum message_method) == sizeof(uint32_t), "enums are coded as uint32_t");

static uint16_t load_u16(const uint8_t *at)
{
    uint16_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t load_u32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t load_u64(const uint8_t *at)
{
    uint64_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static struct bytes load_bytes(const uint8_t *at)
{
    struct bytes bytes;

    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

static void write_shape(const struct shape *shape, struct writer *writer, const uint8_t *base);

static void write_list(const struct shape_field *field, struct writer *writer,
                       const uint8_t *base)
{
    uint32_t count = load_u32(base + field->count_offset);

    if (count > field->max) {
        writer_fail(writer, STATUS_TOO_LONG);
        return;
    }
    writer_array(writer, count);
    for (uint32_t i = 0; i < count; i++) {
        write_shape(field->shape, writer, base + field->offset + i * field->shape->size);
    }
}

/* How much of its bound a field uses. */
static uint64_t extent(const struct shape_field *field, const uint8_t *at)
{
    switch (field->type) {
    case SHAPE_TYPE_U16:
        return load_u16(at);
    case SHAPE_TYPE_U32:
        return load_u32(at);
    case SHAPE_TYPE_U64:
        return load_u64(at);
    case SHAPE_TYPE_BIN:
    case SHAPE_TYPE_STR:
        return load_bytes(at).count;
    case SHAPE_TYPE_BOOL:
    case SHAPE_TYPE_FIXED:
    case SHAPE_TYPE_ONE:
    case SHAPE_TYPE_LIST:
        return 0;
    }
    return 0;
}

static void write_field(const struct shape_field *field, struct writer *writer,
                        const uint8_t *base)
{
    const uint8_t *at = base + field->offset;

    if (extent(field, at) > field->max) {
        writer_fail(writer, STATUS_TOO_LONG);
        return;
    }
    switch (field->type) {
    case SHAPE_TYPE_U16:
        writer_uint(writer, load_u16(at));
        break;
    case SHAPE_TYPE_U32:
        writer_uint(writer, load_u32(at));
        break;
    case SHAPE_TYPE_U64:
        writer_uint(writer, load_u64(at));
        break;
    case SHAPE_TYPE_BOOL:
        writer_bool(writer, *(const bool *)(const void *)at);
        break;
    case SHAPE_TYPE_FIXED:
        writer_bin_of(writer, at, (size_t)field->max);
        break;
    case SHAPE_TYPE_BIN:
        writer_bin(writer, load_bytes(at));
        break;
    case SHAPE_TYPE_STR:
        writer_str(writer, load_bytes(at));
        break;
    case SHAPE_TYPE_ONE:
        write_shape(field->shape, writer, at);
        break;
    case SHAPE_TYPE_LIST:
        write_list(field, writer, base);
        break;
    }
}

static void write_shape(const struct shape *shape, struct writer *writer, const uint8_t *base)
{
    writer_array(writer, shape->count);
    for (uint32_t i = 0; i < shape->count; i++) {
        write_field(&shape->fields[i], writer, base);
    }
}

void shape_encode(const struct shape *shape, struct writer *writer, const void *value)
{
    write_shape(shape, writer, value);
}

static void read_shape(const struct shape *shape, struct reader *reader, uint8_t *base);

static void read_list(const struct shape_field *field, struct reader *reader, uint8_t *base)
{
    uint32_t count = reader_array(reader, 0, (uint32_t)field->max);

    memcpy(base + field->count_offset, &count, sizeof count);
    for (uint32_t i = 0; i < count; i++) {
        read_shape(field->shape, reader, base + field->offset + i * field->shape->size);
    }
}

static void read_field(const struct shape_field *field, struct reader *reader, uint8_t *base)
{
    uint8_t *at = base + field->offset;
    struct bytes bytes;
    uint64_t number;
    uint32_t small;
    uint16_t tiny;
    bool yes;

    switch (field->type) {
    case SHAPE_TYPE_U16:
        tiny = (uint16_t)reader_u32(reader, (uint32_t)field->max);
        memcpy(at, &tiny, sizeof tiny);
        break;
    case SHAPE_TYPE_U32:
        small = reader_u32(reader, (uint32_t)field->max);
        memcpy(at, &small, sizeof small);
        break;
    case SHAPE_TYPE_U64:
        number = reader_u64(reader, field->max);
        memcpy(at, &number, sizeof number);
        break;
    case SHAPE_TYPE_BOOL:
        yes = reader_bool(reader);
        memcpy(at, &yes, sizeof yes);
        break;
    case SHAPE_TYPE_FIXED:
        reader_bin_exact(reader, at, (size_t)field->max);
        break;
    case SHAPE_TYPE_BIN:
        bytes = reader_bin(reader, (size_t)field->max);
        memcpy(at, &bytes, sizeof bytes);
        break;
    case SHAPE_TYPE_STR:
        bytes = reader_str(reader, (size_t)field->max);
        memcpy(at, &bytes, sizeof bytes);
        break;
    case SHAPE_TYPE_ONE:
        read_shape(field->shape, reader, at);
        break;
    case SHAPE_TYPE_LIST:
        read_list(field, reader, base);
        break;
    }
}

static void read_shape(const struct shape *shape, struct reader *reader, uint8_t *base)
{
    uint32_t count = reader_array(reader, shape->count, READER_COUNT_MAX);

    for (uint32_t i = 0; i < shape->count; i++) {
        read_field(&shape->fields[i], reader, base);
    }
    reader_tail(reader, count, shape->count);
}

enum status shape_decode(const struct shape *shape, struct bytes body, void *value_out)
{
    struct reader reader = reader_begin(body);

    read_shape(shape, &reader, value_out);
    return reader_end(&reader);
}

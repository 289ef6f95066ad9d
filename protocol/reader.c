#include "protocol/reader.h"

#include <assert.h>
#include <string.h>

/* The first bytes of one value. */
struct head {
    enum reader_type type;
    uint64_t
        value;    /* the number, -1 - number if negative, or how many bytes or values follow */
    size_t count; /* bytes of the head itself */
};

/* Forms whose number stands in the bytes after the first one, and the least number that is
 * too big for the form before it: below that the form is not the shortest. */
static const struct form {
    uint8_t lead;
    uint8_t width;
    enum reader_type type;
    uint64_t least;
} forms[] = {
    {0xc4, 1, READER_BIN, 0},
    {0xc5, 2, READER_BIN, 0x100},
    {0xc6, 4, READER_BIN, 0x10000},
    {0xcc, 1, READER_UINT, 0x80},
    {0xcd, 2, READER_UINT, 0x100},
    {0xce, 4, READER_UINT, 0x10000},
    {0xcf, 8, READER_UINT, 0x100000000},
    {0xd0, 1, READER_NEGATIVE, 0x20},
    {0xd1, 2, READER_NEGATIVE, 0x80},
    {0xd2, 4, READER_NEGATIVE, 0x8000},
    {0xd3, 8, READER_NEGATIVE, 0x80000000},
    {0xd9, 1, READER_STR, 0x20},
    {0xda, 2, READER_STR, 0x100},
    {0xdb, 4, READER_STR, 0x10000},
    {0xdc, 2, READER_ARRAY, 0x10},
    {0xdd, 4, READER_ARRAY, 0x10000},
};

static struct head short_head(enum reader_type type, uint64_t value)
{
    return (struct head){.type = type, .value = value, .count = 1};
}

/* Reads the number of a form; READER_NONE if it is cut off or has a shorter form. */
static struct head long_head(const struct form *form, const uint8_t *data, size_t count)
{
    struct head head = {.type = READER_NONE, .count = (size_t)form->width + 1};
    uint64_t value = form->type == READER_NEGATIVE ? UINT64_MAX : 0; /* the sign, extended */

    if (count < head.count) {
        return head;
    }
    if (form->type == READER_NEGATIVE && (data[1] & 0x80) == 0) {
        return head; /* not negative: an unsigned form is shorter or as short */
    }
    for (size_t i = 1; i < head.count; i++) {
        value = value << 8 | data[i];
    }
    value = form->type == READER_NEGATIVE ? ~value : value;
    if (value >= form->least) {
        head.type = form->type;
        head.value = value;
    }
    return head;
}

static struct head head_at(const uint8_t *data, size_t count)
{
    uint8_t lead;

    if (count == 0) {
        return short_head(READER_NONE, 0);
    }
    lead = data[0];
    if (lead <= 0x7f) {
        return short_head(READER_UINT, lead);
    }
    if (lead >= 0xe0) {
        return short_head(READER_NEGATIVE, (uint64_t)(0xff - lead));
    }
    if ((lead & 0xf0) == 0x90) {
        return short_head(READER_ARRAY, lead & 0x0f);
    }
    if ((lead & 0xe0) == 0xa0) {
        return short_head(READER_STR, lead & 0x1f);
    }
    if (lead == 0xc0) {
        return short_head(READER_NIL, 0);
    }
    if (lead == 0xc2 || lead == 0xc3) {
        return short_head(READER_BOOL, lead & 1);
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (forms[i].lead == lead) {
            return long_head(&forms[i], data, count);
        }
    }
    return short_head(READER_NONE, 0); /* maps, floats, ext, and 0xc1 which is nothing */
}

static struct head peek(const struct reader *reader)
{
    if (reader->status != STATUS_OK) {
        return short_head(READER_NONE, 0);
    }
    return head_at(reader->bytes.data + reader->at, reader->bytes.count - reader->at);
}

static size_t left(const struct reader *reader)
{
    return reader->bytes.count - reader->at;
}

/* Consumes a head of this type. On an error the head it gives is zero. */
static struct head take(struct reader *reader, enum reader_type type)
{
    struct head head = peek(reader);

    if (head.type != type || type == READER_NONE) {
        reader_fail(reader, STATUS_MALFORMED);
        return (struct head){.type = READER_NONE};
    }
    reader->at += head.count;
    /* Every value takes a byte, so an array cannot hold more of them than there are bytes. */
    if ((type == READER_BIN || type == READER_STR || type == READER_ARRAY) &&
        head.value > left(reader)) {
        reader_fail(reader, STATUS_MALFORMED);
        return (struct head){.type = READER_NONE};
    }
    return head;
}

/* Consumes a bin or str whole. */
static struct bytes take_bytes(struct reader *reader, enum reader_type type, size_t count_max)
{
    struct head head = take(reader, type);
    struct bytes bytes = {.data = NULL, .count = 0};

    if (head.type == READER_NONE) {
        return bytes;
    }
    if (head.value > count_max) {
        reader_fail(reader, STATUS_TOO_LONG);
        return bytes;
    }
    bytes = (struct bytes){.data = reader->bytes.data + reader->at, .count = head.value};
    if (type == READER_STR && !bytes_is_utf8(bytes)) {
        reader_fail(reader, STATUS_MALFORMED);
        return (struct bytes){.data = NULL, .count = 0};
    }
    reader->at += bytes.count;
    return bytes;
}

struct reader reader_begin(struct bytes bytes)
{
    static const uint8_t nothing;

    /* Never NULL, so that places in it can be pointed at. */
    if (bytes.data == NULL) {
        bytes = (struct bytes){.data = &nothing, .count = 0};
    }
    return (struct reader){.bytes = bytes, .at = 0, .status = STATUS_OK};
}

enum reader_type reader_peek(const struct reader *reader)
{
    return peek(reader).type;
}

uint32_t reader_array(struct reader *reader, uint32_t min, uint32_t max)
{
    struct head head = take(reader, READER_ARRAY);

    if (head.type == READER_NONE) {
        return 0;
    }
    if (head.value < min || head.value > max) {
        reader_fail(reader, head.value > max ? STATUS_TOO_LONG : STATUS_MALFORMED);
        return 0;
    }
    return (uint32_t)head.value;
}

void reader_tail(struct reader *reader, uint32_t count, uint32_t known)
{
    for (uint32_t i = known; i < count && reader->status == STATUS_OK; i++) {
        reader_skip(reader);
    }
}

uint64_t reader_u64(struct reader *reader, uint64_t max)
{
    struct head head = take(reader, READER_UINT);

    if (head.value > max) {
        reader_fail(reader, STATUS_MALFORMED);
        return 0;
    }
    return head.value;
}

uint32_t reader_u32(struct reader *reader, uint32_t max)
{
    return (uint32_t)reader_u64(reader, max);
}

int64_t reader_int(struct reader *reader, int64_t min, int64_t max)
{
    bool negative = reader_peek(reader) == READER_NEGATIVE;
    struct head head = take(reader, negative ? READER_NEGATIVE : READER_UINT);
    int64_t value;

    if (head.value > INT64_MAX) {
        reader_fail(reader, STATUS_MALFORMED);
        return 0;
    }
    value = negative ? -1 - (int64_t)head.value : (int64_t)head.value;
    if (head.type != READER_NONE && (value < min || value > max)) {
        reader_fail(reader, STATUS_MALFORMED);
        return 0;
    }
    return value;
}

bool reader_bool(struct reader *reader)
{
    return take(reader, READER_BOOL).value == 1;
}

bool reader_nil(struct reader *reader)
{
    if (reader_peek(reader) != READER_NIL) {
        return false;
    }
    return take(reader, READER_NIL).type == READER_NIL;
}

struct bytes reader_bin(struct reader *reader, size_t count_max)
{
    return take_bytes(reader, READER_BIN, count_max);
}

struct bytes reader_str(struct reader *reader, size_t count_max)
{
    return take_bytes(reader, READER_STR, count_max);
}

void reader_bin_exact(struct reader *reader, void *out, size_t count)
{
    struct bytes bytes = take_bytes(reader, READER_BIN, count);

    if (reader->status == STATUS_OK && bytes.count == count) {
        memcpy(out, bytes.data, count);
        return;
    }
    reader_fail(reader, STATUS_MALFORMED);
    memset(out, 0, count);
}

void reader_skip(struct reader *reader)
{
    uint32_t unread[READER_DEPTH_MAX]; /* per array that is open: values still to come */
    size_t depth = 0;

    do {
        enum reader_type type = reader_peek(reader);

        if (type == READER_ARRAY && depth == READER_DEPTH_MAX) {
            reader_fail(reader, STATUS_MALFORMED);
            return;
        }
        if (type == READER_ARRAY) {
            unread[depth++] = reader_array(reader, 0, READER_COUNT_MAX);
        } else if (type == READER_BIN || type == READER_STR) {
            (void)take_bytes(reader, type, SIZE_MAX);
        } else {
            (void)take(reader, type);
        }
        if (type != READER_ARRAY && depth > 0) {
            unread[depth - 1]--;
        }
        while (depth > 0 && unread[depth - 1] == 0) {
            depth--;
            if (depth > 0) {
                unread[depth - 1]--;
            }
        }
    } while (depth > 0 && reader->status == STATUS_OK);
}

struct bytes reader_span(struct reader *reader)
{
    size_t start = reader->at;

    reader_skip(reader);
    return reader_since(reader, start);
}

size_t reader_at(const struct reader *reader)
{
    return reader->at;
}

struct bytes reader_since(const struct reader *reader, size_t at)
{
    if (reader->status != STATUS_OK) {
        return (struct bytes){.data = NULL, .count = 0};
    }
    assert(at <= reader->at); /* a place the caller got from reader_at() */
    return (struct bytes){.data = reader->bytes.data + at, .count = reader->at - at};
}

void reader_fail(struct reader *reader, enum status status)
{
    assert(status != STATUS_OK);
    if (reader->status == STATUS_OK) {
        reader->status = status;
    }
}

enum status reader_status(const struct reader *reader)
{
    return reader->status;
}

enum status reader_end(const struct reader *reader)
{
    if (reader->status != STATUS_OK) {
        return reader->status;
    }
    return reader->at == reader->bytes.count ? STATUS_OK : STATUS_MALFORMED;
}

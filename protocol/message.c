#include "protocol/message.h"

#include <assert.h>
#include <stdbool.h>

#include "common/text.h"
#include "protocol/reader.h"

enum { REQUEST_VALUES = 4, RESPONSE_VALUES = 4, NOTIFICATION_VALUES = 3 };

/* Everything that may stand in a response; PROTOCOL.md prints this table. */
static const enum status travelling[] = {
    STATUS_OK,           STATUS_TIMEOUT,   STATUS_NOMEM,
    STATUS_IO,           STATUS_NO_SPACE,  STATUS_BUSY,
    STATUS_NOT_FOUND,    STATUS_EXISTS,    STATUS_USAGE,
    STATUS_CANCELLED,    STATUS_MALFORMED, STATUS_TOO_LONG,
    STATUS_VERSION,      STATUS_CRYPTO,    STATUS_BAD_KEY,
    STATUS_FORBIDDEN,    STATUS_BAD_STATE, STATUS_CONFLICT,
    STATUS_STALE_EPOCH,  STATUS_DUPLICATE, STATUS_BAD_SIGNATURE,
    STATUS_BAD_SEEN,     STATUS_UNKNOWN,   STATUS_FULL,
    STATUS_UNSUPPORTED,  STATUS_EXPIRED,   STATUS_USED_UP,
    STATUS_PAUSED,       STATUS_ENDED,     STATUS_PURGED,
    STATUS_NOT_ADMITTED, STATUS_REMOVED,   STATUS_BAD_SLOTS,
};

uint32_t message_code_of(enum status status)
{
    for (size_t i = 0; i < sizeof travelling / sizeof travelling[0]; i++) {
        if (travelling[i] == status) {
            return (uint32_t) - (int)status;
        }
    }
    return (uint32_t) - (int)STATUS_IO;
}

enum status message_status_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof travelling / sizeof travelling[0]; i++) {
        if ((uint32_t) - (int)travelling[i] == code) {
            return travelling[i];
        }
    }
    return STATUS_UNSUPPORTED;
}

/* params or result: exactly one array. */
static struct bytes read_body(struct reader *reader)
{
    if (reader_peek(reader) != READER_ARRAY) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    return reader_span(reader);
}

static void read_error(struct reader *reader, struct message *message)
{
    uint32_t count = reader_array(reader, 2, READER_COUNT_MAX);

    message->error = message_status_of(reader_u32(reader, UINT32_MAX));
    message->text = reader_str(reader, MESSAGE_TEXT_BYTES_MAX);
    reader_tail(reader, count, 2);
    if (message->error == STATUS_OK || !reader_nil(reader)) {
        reader_fail(reader, STATUS_MALFORMED);
    }
}

enum status message_decode(struct bytes bytes, struct message *message_out)
{
    struct reader reader = reader_begin(bytes);
    struct message message = {.error = STATUS_OK, .whole = bytes};
    uint32_t count = reader_array(&reader, NOTIFICATION_VALUES, REQUEST_VALUES);
    uint32_t kind = reader_u32(&reader, MESSAGE_NOTIFICATION);
    enum status status;

    message.kind = (enum message_kind)kind;
    if (message.kind != MESSAGE_NOTIFICATION) {
        message.id = reader_u32(&reader, UINT32_MAX);
    }
    if (message.kind != MESSAGE_RESPONSE) {
        message.method = reader_u32(&reader, UINT32_MAX);
        message.body = read_body(&reader);
    } else if (reader_nil(&reader)) {
        message.body = read_body(&reader);
    } else {
        read_error(&reader, &message);
    }
    if (count !=
        (message.kind == MESSAGE_NOTIFICATION ? NOTIFICATION_VALUES : REQUEST_VALUES)) {
        reader_fail(&reader, STATUS_MALFORMED);
    }

    status = reader_end(&reader);
    if (status == STATUS_OK) {
        *message_out = message;
    }
    return status;
}

void message_begin_request(struct writer *writer, uint32_t id, enum message_method method)
{
    writer_array(writer, REQUEST_VALUES);
    writer_uint(writer, MESSAGE_REQUEST);
    writer_uint(writer, id);
    writer_uint(writer, method);
}

void message_begin_result(struct writer *writer, uint32_t id)
{
    writer_array(writer, RESPONSE_VALUES);
    writer_uint(writer, MESSAGE_RESPONSE);
    writer_uint(writer, id);
    writer_nil(writer);
}

void message_begin_notification(struct writer *writer, enum message_method method)
{
    writer_array(writer, NOTIFICATION_VALUES);
    writer_uint(writer, MESSAGE_NOTIFICATION);
    writer_uint(writer, method);
}

struct bytes message_text(const char *text, size_t count_max)
{
    return (struct bytes){(const uint8_t *)text, text_prefix(text, count_max)};
}

void message_write_error(struct writer *writer, uint32_t id, enum status error,
                         const char *text)
{
    assert(error != STATUS_OK);
    writer_array(writer, RESPONSE_VALUES);
    writer_uint(writer, MESSAGE_RESPONSE);
    writer_uint(writer, id);
    writer_array(writer, 2);
    writer_uint(writer, message_code_of(error));
    writer_str(writer,
               message_text(text != NULL ? text : status_name(error), MESSAGE_TEXT_BYTES_MAX));
    writer_nil(writer);
}

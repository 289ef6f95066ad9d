/* protocol/writer.h -- packs MessagePack, in shortest forms, into a buffer with a maximum.
 *
 * The counterpart of reader.h: what it writes, the reader accepts. An error sticks: later calls
 * do nothing, and writer_status() tells at the end. Maps, floats and ext cannot be written.
 * The packing itself is msgpack-c's, which goes no further than writer.c. */
#ifndef PROTOCOL_WRITER_H
#define PROTOCOL_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"

struct writer {
    uint8_t *data; /* the caller's, or owned when grows */
    size_t count;
    size_t capacity;
    size_t count_max;
    bool grows;
    enum status status; /* the first error, STATUS_OK until then */
};

/* Over count_max bytes of the caller's, who keeps them until done; nothing to finish. */
void writer_init(struct writer *writer, void *data, size_t count_max);

/* Over memory of its own, up to count_max bytes: writer_finish() it. */
void writer_init_growing(struct writer *writer, size_t count_max);

/* Wipes and frees what it owns; a zeroed or a fixed writer is fine. Afterwards it is zeroed. */
void writer_finish(struct writer *writer);

void writer_array(struct writer *writer, uint32_t count); /* then as many values */
void writer_uint(struct writer *writer, uint64_t value);
void writer_int(struct writer *writer, int64_t value);
void writer_bool(struct writer *writer, bool value);
void writer_nil(struct writer *writer);
void writer_bin(struct writer *writer, struct bytes bytes);
void writer_bin_of(struct writer *writer, const void *data, size_t count);
/* UTF-8 that is not well-formed is STATUS_MALFORMED: nobody may send what must be refused. */
void writer_str(struct writer *writer, struct bytes text);
void writer_str_of(struct writer *writer, const char *text); /* NUL-terminated */
/* Bytes as they are: whole values packed elsewhere. */
void writer_raw(struct writer *writer, struct bytes bytes);

/* Makes status the error, unless there is one already: for what an encoder finds wrong. */
void writer_fail(struct writer *writer, enum status status);

/* How it went so far. STATUS_TOO_LONG (over count_max), STATUS_NOMEM, STATUS_MALFORMED. */
MUST_CHECK enum status writer_status(const struct writer *writer);

/* What was written; borrowed until the next call. Empty after an error. */
struct bytes writer_bytes(const struct writer *writer);

/* Forgets what was written, errors too, and keeps the buffer. */
void writer_reset(struct writer *writer);

#endif

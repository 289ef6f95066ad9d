/* protocol/header.h -- the header of an entry as bytes, PROTOCOL.md chapter 5. For entry.c and
 * seal.c only. */
#ifndef PROTOCOL_HEADER_H
#define PROTOCOL_HEADER_H

#include "common/entry.h"
#include "protocol/reader.h"
#include "protocol/writer.h"

/* Reads a header into entry, which is zeroed. The reader keeps the error: STATUS_MALFORMED,
 * STATUS_TOO_LONG, STATUS_VERSION, STATUS_UNKNOWN, STATUS_BAD_KEY. */
void header_read(struct reader *reader, struct entry *entry);

/* Writes the header: session, epoch, kind, step, author, id, seen and args of entry. */
void header_write(struct writer *writer, const struct entry *entry);

#endif

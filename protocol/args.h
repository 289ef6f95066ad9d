/* protocol/args.h -- the clear arguments of each kind of entry as bytes, PROTOCOL.md chapter 6.
 * One table holds, for each kind, how many values its args have and how they are read and
 * written. For header.c and entry.c only. */
#ifndef PROTOCOL_ARGS_H
#define PROTOCOL_ARGS_H

#include "common/entry.h"
#include "protocol/reader.h"
#include "protocol/writer.h"

/* Reads the args array of entry->kind into entry->args. The reader keeps the error:
 * STATUS_MALFORMED, STATUS_TOO_LONG, STATUS_UNKNOWN, STATUS_BAD_KEY. */
void args_read(struct reader *reader, struct entry *entry);

/* Writes the args array of entry->kind. */
void args_write(struct writer *writer, const struct entry *entry);

/* A number of one of our enums, from min to below count; else the reader's error becomes
 * STATUS_UNKNOWN. And a usable X25519 key; else STATUS_BAD_KEY. */
uint32_t args_read_number(struct reader *reader, uint32_t min, uint32_t count);
void args_read_box_key(struct reader *reader, uint8_t out[KEY_BYTES]);

#endif

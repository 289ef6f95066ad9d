#include "protocol/header.h"

#include <string.h>

#include "protocol/args.h"

enum { HEADER_VALUES = 9, SEEN_VALUES = 2, HEADER_VALUES_LATER_MAX = 64 };

/* Before anything else: a later version may have any shape behind its number. */
static void read_version(struct reader *reader, uint32_t count)
{
    uint32_t version = reader_u32(reader, UINT32_MAX);

    if (version != KRING_SESSION_VERSION) {
        reader_fail(reader, STATUS_VERSION);
    }
    if (count != HEADER_VALUES) {
        reader_fail(reader, STATUS_MALFORMED);
    }
}

/* A hash; in genesis, where there is none yet, an empty bin. */
static void read_hash(struct reader *reader, enum kind kind, struct bytes bytes,
                      uint8_t out[HASH_BYTES])
{
    if (bytes.count != (kind == KIND_GENESIS ? 0U : (size_t)HASH_BYTES)) {
        reader_fail(reader, STATUS_MALFORMED);
        return;
    }
    if (kind != KIND_GENESIS) {
        memcpy(out, bytes.data, HASH_BYTES);
    }
}

static void write_hash(struct writer *writer, enum kind kind, const uint8_t hash[HASH_BYTES])
{
    writer_bin_of(writer, hash, kind == KIND_GENESIS ? 0 : HASH_BYTES);
}

/* Who may stand as author: nobody in a join, perhaps in an answer, nowhere else. */
static bool author_fits(const struct entry *entry)
{
    if (entry->kind == KIND_GENESIS) {
        return entry->author == KRING_FIRST_MEMBER;
    }
    if (entry->kind == KIND_JOIN) {
        return entry->author == 0;
    }
    return entry->author != 0 || entry->kind == KIND_ANSWER;
}

void header_read(struct reader *reader, struct entry *entry)
{
    struct bytes session;

    read_version(reader, reader_array(reader, 1, HEADER_VALUES_LATER_MAX));
    session = reader_bin(reader, HASH_BYTES);
    entry->epoch = reader_u32(reader, EPOCHS_MAX);
    entry->kind = (enum kind)args_read_number(reader, KIND_GENESIS, KIND_COUNT);
    if (reader_status(reader) != STATUS_OK) {
        return; /* nothing below may be asked of a kind that is none */
    }
    read_hash(reader, entry->kind, session, entry->session);
    entry->step = (uint16_t)reader_u32(reader, STEPS_MAX);
    entry->author = (uint16_t)reader_u32(reader, MEMBERS_MAX);
    reader_bin_exact(reader, entry->id, ID_BYTES);
    (void)reader_array(reader, SEEN_VALUES, SEEN_VALUES);
    entry->seen_index =
        reader_u64(reader, entry->kind == KIND_GENESIS ? 0 : SESSION_ENTRIES_MAX);
    read_hash(reader, entry->kind, reader_bin(reader, HASH_BYTES), entry->seen_hash);
    if (entry->epoch == 0 || (entry->kind == KIND_GENESIS && entry->epoch != 1) ||
        !author_fits(entry)) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    args_read(reader, entry);
}

void header_write(struct writer *writer, const struct entry *entry)
{
    writer_array(writer, HEADER_VALUES);
    writer_uint(writer, KRING_SESSION_VERSION);
    write_hash(writer, entry->kind, entry->session);
    writer_uint(writer, entry->epoch);
    writer_uint(writer, entry->kind);
    writer_uint(writer, entry->step);
    writer_uint(writer, entry->author);
    writer_bin_of(writer, entry->id, ID_BYTES);
    writer_array(writer, SEEN_VALUES);
    writer_uint(writer, entry->seen_index);
    write_hash(writer, entry->kind, entry->seen_hash);
    args_write(writer, entry);
}

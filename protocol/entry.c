#include "protocol/entry.h"

#include <string.h>

#include "protocol/args.h"
#include "protocol/hash.h"
#include "protocol/header.h"
#include "protocol/pad.h"
#include "protocol/reader.h"

enum {
    ENTRY_VALUES = 4,
    ENTRY_VALUES_LATER_MAX = 64,
    SLOT_VALUES = 5,
    BODY_OVERHEAD_BYTES = HASH_BYTES + 16, /* the commitment before, the tag behind */
};

/* The number beside a lock or a name; 0 where it has none. */
static uint32_t read_n(struct reader *reader, uint32_t min, uint32_t max)
{
    uint32_t n = reader_u32(reader, max);

    if (n < min) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    return n;
}

static uint32_t read_lock_n(struct reader *reader, enum lock lock)
{
    switch (lock) {
    case LOCK_MEMBER:
        return read_n(reader, 1, MEMBERS_MAX);
    case LOCK_STEP:
        return read_n(reader, 1, STEPS_MAX);
    case LOCK_GROUP:
    case LOCK_FACILITATOR:
    case LOCK_RECOVERY:
        break;
    }
    return read_n(reader, 0, 0);
}

static uint32_t read_name_n(struct reader *reader, enum slot_name name)
{
    switch (name) {
    case NAME_TEXT:
        return read_n(reader, 0, TEXTS_MAX - 1);
    case NAME_STEP:
        return read_n(reader, 1, STEPS_MAX);
    case NAME_CONTENT:
    case NAME_GROUP:
    case NAME_FACILITATOR:
    case NAME_PREVIOUS_GROUP:
    case NAME_PREVIOUS_FACILITATOR:
        break;
    }
    return read_n(reader, 0, 0);
}

static void read_slot(struct reader *reader, struct entry_slot *slot)
{
    struct bytes box;

    (void)reader_array(reader, SLOT_VALUES, SLOT_VALUES);
    slot->lock = (enum lock)args_read_number(reader, LOCK_GROUP, LOCK_COUNT);
    slot->lock_n = read_lock_n(reader, slot->lock);
    slot->name = (enum slot_name)args_read_number(reader, NAME_CONTENT, NAME_COUNT);
    slot->name_n = read_name_n(reader, slot->name);
    box = reader_bin(reader, BOX_BYTES);
    if (box.count != BOX_BYTES) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    slot->box = box.data;
}

/* [] or [e, slot...], never [e] alone: one thing has one form. */
static void read_slots(struct reader *reader, struct entry *entry)
{
    uint32_t count = reader_array(reader, 0, 1 + ENTRY_SLOTS_MAX);

    if (count == 0) {
        return;
    }
    if (count == 1) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    entry->slots_present = true;
    entry->slot_count = (uint16_t)(count - 1);
    args_read_box_key(reader, entry->e);
    for (uint16_t i = 0; i < entry->slot_count && reader_status(reader) == STATUS_OK; i++) {
        read_slot(reader, &entry->slots[i]);
    }
}

/* Sizes are checked here, so that nobody's body tells its length by mistake or on purpose. */
static void read_body(struct reader *reader, struct entry *entry)
{
    struct bytes body = reader_bin(reader, BODY_OVERHEAD_BYTES + BODY_PADDED_BYTES_MAX);

    entry->has_body = body.count > 0;
    if (!entry->has_body) {
        return;
    }
    if (body.count < BODY_OVERHEAD_BYTES || !pad_size_good(body.count - BODY_OVERHEAD_BYTES)) {
        reader_fail(reader, STATUS_MALFORMED);
        return;
    }
    memcpy(entry->commitment, body.data, HASH_BYTES);
    entry->ciphertext = (struct bytes){body.data + HASH_BYTES, body.count - HASH_BYTES};
}

/* Empty in anonymous answers, which nobody signs, and nowhere else. */
static void read_signature(struct reader *reader, struct entry *entry)
{
    bool anonymous = entry->kind == KIND_ANSWER && entry->author == 0;
    struct bytes signature = reader_bin(reader, SIGNATURE_BYTES);

    if (signature.count != (anonymous ? 0U : (size_t)SIGNATURE_BYTES)) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    entry->signature = anonymous ? NULL : signature.data;
}

enum status entry_decode(struct bytes bytes, struct entry *entry_out)
{
    struct reader reader = reader_begin(bytes);
    struct entry *entry = entry_out;
    uint32_t count;
    size_t at;

    if (bytes.count > ENTRY_BYTES_MAX) {
        return STATUS_TOO_LONG;
    }
    memset(entry, 0, sizeof *entry);
    entry->raw = bytes;
    count = reader_array(&reader, 1, ENTRY_VALUES_LATER_MAX);
    at = reader_at(&reader);
    header_read(&reader, entry); /* a later version is named before its shape is refused */
    entry->header = reader_since(&reader, at);
    if (count != ENTRY_VALUES) {
        reader_fail(&reader, STATUS_MALFORMED);
    }
    read_body(&reader, entry);
    read_slots(&reader, entry);
    entry->signed_part = reader_since(&reader, 0);
    read_signature(&reader, entry);
    return reader_end(&reader);
}

void entry_hash(struct bytes entry, uint8_t out[HASH_BYTES])
{
    hash_of(entry, out);
}

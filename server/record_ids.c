#include "server/record_ids.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"

enum { OWN_IDS_FIRST = 16 };

/* The first id at or behind this one. */
static size_t lower_bound(const struct record *record, const uint8_t *id)
{
    size_t from = 0;
    size_t to = record->own_id_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (memcmp(record->own_ids[middle].id, id, ID_BYTES) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

enum status record_ids_add(struct record *record, const uint8_t *id, uint16_t author,
                           uint64_t index)
{
    size_t at = lower_bound(record, id);

    if (record->own_id_count == record->own_id_capacity) {
        size_t capacity =
            record->own_id_capacity == 0 ? OWN_IDS_FIRST : record->own_id_capacity * 2;
        struct own_id *ids = reallocarray(record->own_ids, capacity, sizeof *ids);

        if (ids == NULL) {
            return STATUS_NOMEM;
        }
        record->own_ids = ids;
        record->own_id_capacity = capacity;
    }
    memmove(&record->own_ids[at + 1], &record->own_ids[at],
            (record->own_id_count - at) * sizeof *record->own_ids);
    record->own_ids[at] = (struct own_id){.author = author, .index = index};
    memcpy(record->own_ids[at].id, id, ID_BYTES);
    record->own_id_count++;
    return STATUS_OK;
}

static enum status held_in_log(const struct log *log, enum stream stream, uint64_t index,
                               struct placed *placed_out)
{
    const struct log_item *item = log_at(log, index);

    placed_out->stream = stream;
    placed_out->index = index;
    placed_out->time_ms = item->time_ms;
    placed_out->held = true;
    entry_hash((struct bytes){.data = item->data, .count = item->count}, placed_out->hash);
    return STATUS_OK;
}

/* In the public stream everybody may know; who wrote released anonymous answers is forgotten,
 * so those are told to anyone. A join is held by the number it was given. */
static enum status find_public(const struct record *record, uint64_t index, uint16_t author,
                               uint16_t asker, struct placed *placed_out)
{
    uint16_t whose = author;

    for (uint16_t n = 1; whose == 0 && n <= session_member_count(record->core); n++) {
        if (session_member(record->core, n)->joined_index == index) {
            whose = n;
        }
    }
    if (whose != 0 && whose != asker) {
        return STATUS_DUPLICATE;
    }
    placed_out->member = asker;
    return held_in_log(&record->public_log, STREAM_PUBLIC, index, placed_out);
}

enum status record_ids_find(const struct record *record, const struct entry *entry,
                            uint16_t asker, struct placed *placed_out)
{
    const struct waiting_row *row = waiting_find_id(&record->waiting, entry->id);
    size_t at = lower_bound(record, entry->id);
    uint64_t index = 0;
    uint16_t author = 0;

    *placed_out = (struct placed){.kind = entry->kind, .step = entry->step, .member = asker};
    if (session_find_id(record->core, entry->id, &index, &author)) {
        return find_public(record, index, author, asker, placed_out);
    }
    if (row != NULL) {
        placed_out->stream = STREAM_WAITING;
        placed_out->time_ms = row->time_ms;
        placed_out->held = true;
        memcpy(placed_out->hash, row->hash, HASH_BYTES);
        return row->member == asker ? STATUS_OK : STATUS_DUPLICATE;
    }
    if (at < record->own_id_count && memcmp(record->own_ids[at].id, entry->id, ID_BYTES) == 0) {
        if (record->own_ids[at].author != asker) {
            return STATUS_DUPLICATE;
        }
        return held_in_log(&record->own_logs[asker], STREAM_OWN, record->own_ids[at].index,
                           placed_out);
    }
    return STATUS_NOT_FOUND;
}

#include "server/waiting.h"

#include <stdlib.h>
#include <string.h>

#include "server/batch.h"

enum { WAITING_ROWS_FIRST = 8 };

void waiting_finish(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++) {
        free((void *)(uintptr_t)waiting->rows[i].entry.data);
    }
    free(waiting->rows);
    *waiting = (struct waiting){0};
}

/* Rows are kept in the order of this number. */
static uint64_t place_of(uint16_t step, uint16_t member, uint8_t behalf)
{
    return (uint64_t)step << 24 | (uint64_t)member << 8 | behalf;
}

/* The first row at or behind a place. */
static size_t waiting_lower_bound(const struct waiting *waiting, uint64_t place)
{
    size_t from = 0;
    size_t to = waiting->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct waiting_row *row = &waiting->rows[middle];

        if (place_of(row->step, row->member, row->behalf) < place) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

const struct waiting_row *waiting_find(const struct waiting *waiting, uint16_t step,
                                       uint16_t member, uint8_t behalf)
{
    size_t at = waiting_lower_bound(waiting, place_of(step, member, behalf));
    const struct waiting_row *row = &waiting->rows[at];

    if (at == waiting->count || row->step != step || row->member != member ||
        row->behalf != behalf) {
        return NULL;
    }
    return row;
}

const struct waiting_row *waiting_find_id(const struct waiting *waiting, const uint8_t *id)
{
    for (size_t i = 0; i < waiting->count; i++) {
        if (memcmp(waiting->rows[i].id, id, ID_BYTES) == 0) {
            return &waiting->rows[i];
        }
    }
    return NULL;
}

const struct waiting_row *waiting_after(const struct waiting *waiting, uint16_t member,
                                        uint16_t step, uint8_t behalf)
{
    size_t at = waiting_lower_bound(waiting, place_of(step, member, behalf) + 1);

    for (; at < waiting->count; at++) {
        if (waiting->rows[at].member == member) {
            return &waiting->rows[at];
        }
    }
    return NULL;
}

uint32_t waiting_count_of(const struct waiting *waiting, uint16_t member)
{
    uint32_t count = 0;

    for (size_t i = 0; i < waiting->count; i++) {
        count += waiting->rows[i].member == member;
    }
    return count;
}

bool waiting_answered(const struct waiting *waiting, uint16_t step, uint16_t member)
{
    size_t at = waiting_lower_bound(waiting, place_of(step, member, 0));

    return at < waiting->count && waiting->rows[at].step == step &&
           waiting->rows[at].member == member;
}

enum status waiting_decide(const struct waiting *waiting, const struct waiting_row *row)
{
    const struct waiting_row *held = waiting_find(waiting, row->step, row->member, row->behalf);
    size_t bytes = row->entry.count;

    if (held != NULL && row->edit != 0 && row->edit <= held->edit) {
        return STATUS_CONFLICT;
    }
    for (size_t at = waiting_lower_bound(waiting, place_of(row->step, 0, 0));
         at < waiting->count && waiting->rows[at].step == row->step; at++) {
        bytes += &waiting->rows[at] == held ? 0 : waiting->rows[at].entry.count;
    }
    /* the release entry itself must fit too */
    return bytes > BATCH_RELEASE_BYTES_MAX - ENTRY_BYTES_MAX ? STATUS_FULL : STATUS_OK;
}

/* Makes room for one row more. */
static enum status waiting_reserve(struct waiting *waiting)
{
    size_t capacity = waiting->capacity == 0 ? WAITING_ROWS_FIRST : waiting->capacity * 2;
    struct waiting_row *rows = NULL;

    if (waiting->count < waiting->capacity) {
        return STATUS_OK;
    }
    rows = reallocarray(waiting->rows, capacity, sizeof *rows);
    if (rows == NULL) {
        return STATUS_NOMEM;
    }
    waiting->rows = rows;
    waiting->capacity = capacity;
    return STATUS_OK;
}

enum status waiting_put(struct waiting *waiting, const struct waiting_row *row)
{
    size_t at = waiting_lower_bound(waiting, place_of(row->step, row->member, row->behalf));
    bool replaces = waiting_find(waiting, row->step, row->member, row->behalf) != NULL;
    uint8_t *data = NULL;
    enum status status = waiting_reserve(waiting);

    if (status != STATUS_OK) {
        return status;
    }
    data = malloc(row->entry.count);
    if (data == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(data, row->entry.data, row->entry.count);
    if (replaces) {
        free((void *)(uintptr_t)waiting->rows[at].entry.data);
    } else {
        memmove(&waiting->rows[at + 1], &waiting->rows[at],
                (waiting->count - at) * sizeof *waiting->rows);
        waiting->count++;
    }
    waiting->rows[at] = *row;
    waiting->rows[at].entry = (struct bytes){.data = data, .count = row->entry.count};
    return STATUS_OK;
}

/* Takes out the rows of a step, or else of a member; the other of the two is 0. */
static void waiting_drop(struct waiting *waiting, uint16_t step, uint16_t member)
{
    size_t kept = 0;

    for (size_t i = 0; i < waiting->count; i++) {
        struct waiting_row *row = &waiting->rows[i];

        if ((step != 0 && row->step == step) || (member != 0 && row->member == member)) {
            free((void *)(uintptr_t)row->entry.data);
        } else {
            waiting->rows[kept++] = *row;
        }
    }
    waiting->count = kept;
}

void waiting_drop_step(struct waiting *waiting, uint16_t step)
{
    waiting_drop(waiting, step, 0);
}

void waiting_drop_member(struct waiting *waiting, uint16_t member)
{
    waiting_drop(waiting, 0, member);
}

static int compare_ids(const void *left, const void *right)
{
    const struct waiting_row *const *a = left;
    const struct waiting_row *const *b = right;

    return memcmp((*a)->id, (*b)->id, ID_BYTES);
}

enum status waiting_collect(const struct waiting *waiting, uint16_t step, size_t count_min,
                            const struct waiting_row ***rows_out, size_t *count_out)
{
    size_t from = waiting_lower_bound(waiting, place_of(step, 0, 0));
    size_t count = waiting_lower_bound(waiting, place_of((uint16_t)(step + 1), 0, 0)) - from;
    const size_t row_bytes = sizeof(const struct waiting_row *); /* NOLINT: pointers */
    const struct waiting_row **rows = NULL;

    if (count == 0 || count < count_min) {
        *rows_out = NULL;
        *count_out = 0;
        return STATUS_OK;
    }
    rows = calloc(count, row_bytes);
    if (rows == NULL) {
        return STATUS_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i] = &waiting->rows[from + i];
    }
    qsort(rows, count, row_bytes, compare_ids);
    *rows_out = rows;
    *count_out = count;
    return STATUS_OK;
}

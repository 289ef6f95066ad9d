#include "tests/support/memory_store.h"

#include <stdlib.h>
#include <string.h>

static void free_rows(struct memory_session *session)
{
    for (size_t i = 0; i < session->count; i++) {
        free((void *)(uintptr_t)session->rows[i].bytes.data);
    }
    free(session->rows);
    session->rows = NULL;
    session->count = 0;
    session->capacity = 0;
}

void memory_store_finish(struct memory_store *store)
{
    for (size_t i = 0; i < store->count; i++) {
        free_rows(&store->sessions[i]);
        free((void *)(uintptr_t)store->sessions[i].tombstone.bytes.data);
    }
    free(store->sessions);
    *store = (struct memory_store){0};
}

static struct memory_session *find_session(const struct memory_store *store, const uint8_t *id)
{
    for (size_t i = 0; i < store->count; i++) {
        if (memcmp(store->sessions[i].id, id, HASH_BYTES) == 0) {
            return &store->sessions[i];
        }
    }
    return NULL;
}

static struct memory_session *add_session(struct memory_store *store, const uint8_t *id)
{
    store->sessions = reallocarray(store->sessions, store->count + 1, sizeof *store->sessions);
    if (store->sessions == NULL) {
        abort();
    }
    store->sessions[store->count] = (struct memory_session){0};
    memcpy(store->sessions[store->count].id, id, HASH_BYTES);
    return &store->sessions[store->count++];
}

static struct row copy_row(const struct row *row)
{
    struct row copy = *row;
    uint8_t *data = malloc(row->bytes.count + 1);

    if (data == NULL) {
        abort();
    }
    if (row->bytes.count > 0) {
        memcpy(data, row->bytes.data, row->bytes.count);
    }
    copy.bytes.data = data;
    return copy;
}

static void drop_row(struct memory_session *session, size_t at)
{
    free((void *)(uintptr_t)session->rows[at].bytes.data);
    memmove(&session->rows[at], &session->rows[at + 1],
            (session->count - at - 1) * sizeof *session->rows);
    session->count--;
}

/* Takes out what stands where `row` comes: a waiting answer's place, or a done mark's; or, with
 * ROW_RELEASED and ROW_DROPPED, every waiting answer of a step or member. */
static void drop_like(struct memory_session *session, const struct row *row)
{
    size_t at = 0;

    while (at < session->count) {
        const struct row *held = &session->rows[at];
        bool same_place = held->kind == row->kind && held->step == row->step &&
                          held->member == row->member && held->behalf == row->behalf;
        bool is_waiting = held->kind == ROW_WAITING;

        if (((row->kind == ROW_WAITING || row->kind == ROW_DONE) && same_place) ||
            (row->kind == ROW_RELEASED && is_waiting && held->step == row->step) ||
            (row->kind == ROW_DROPPED && is_waiting && held->member == row->member)) {
            drop_row(session, at);
        } else {
            at++;
        }
    }
}

static void add_row(struct memory_session *session, const struct row *row)
{
    if (session->count == session->capacity) {
        session->capacity = session->capacity == 0 ? 64 : session->capacity * 2;
        session->rows = reallocarray(session->rows, session->capacity, sizeof *session->rows);
        if (session->rows == NULL) {
            abort();
        }
    }
    session->rows[session->count++] = copy_row(row);
}

static bool is_of(const struct row *row, uint16_t member)
{
    return member == 0 ? row->kind == ROW_PUBLIC
                       : row->kind == ROW_OWN && row->member == member;
}

static uint64_t head_of(const struct memory_session *session, uint16_t member)
{
    uint64_t head = 0;

    for (size_t i = 0; session != NULL && i < session->count; i++) {
        head += is_of(&session->rows[i], member);
    }
    return head;
}

/* The constraints of a stream's row, with the rows of its own batch before it counted in. */
static enum status check_stream_row(const struct memory_session *session,
                                    const struct batch *batch, size_t at)
{
    const struct row *row = &batch->rows[at];
    uint16_t member = row->kind == ROW_PUBLIC ? 0 : row->member;
    uint64_t index = head_of(session, member) + 1;

    for (size_t i = 0; i < at; i++) {
        if (is_of(&batch->rows[i], member)) {
            index++;
            if (memcmp(batch->rows[i].id, row->id, ID_BYTES) == 0) {
                return STATUS_DUPLICATE;
            }
        }
    }
    for (size_t i = 0; session != NULL && i < session->count; i++) {
        if (is_of(&session->rows[i], member) &&
            memcmp(session->rows[i].id, row->id, ID_BYTES) == 0) {
            return STATUS_DUPLICATE;
        }
    }
    return index == row->index ? STATUS_OK : STATUS_CONFLICT;
}

static enum status check(const struct memory_store *store, const struct batch *batch)
{
    const struct memory_session *session = find_session(store, batch->session);
    enum status status = STATUS_OK;

    if (session != NULL && session->is_purged) {
        return STATUS_PURGED;
    }
    for (size_t i = 0; status == STATUS_OK && i < batch->count; i++) {
        const struct row *row = &batch->rows[i];

        if (row->kind == ROW_PUBLIC || row->kind == ROW_OWN) {
            status = check_stream_row(session, batch, i);
        } else if (row->kind == ROW_SESSION && session != NULL) {
            status = STATUS_CONFLICT;
        } else if (row->kind == ROW_TICKET &&
                   (store->ticket.uses_left == 0 ||
                    memcmp(row->bytes.data, store->ticket.key, KEY_BYTES) != 0)) {
            status = STATUS_USED_UP;
        }
    }
    return status;
}

static void apply_row(struct memory_store *store, struct memory_session *session,
                      const struct row *row)
{
    switch (row->kind) {
    case ROW_PUBLIC:
    case ROW_OWN:
        add_row(session, row);
        break;
    case ROW_WAITING:
    case ROW_DONE:
        drop_like(session, row);
        add_row(session, row);
        break;
    case ROW_RELEASED:
    case ROW_DROPPED:
        drop_like(session, row);
        break;
    case ROW_TICKET:
        store->ticket.uses_left--;
        break;
    case ROW_SESSION:
    case ROW_KEPT:
        session->gone_by_ms = row->time_ms;
        break;
    case ROW_PURGED:
        free_rows(session);
        session->is_purged = true;
        session->tombstone = copy_row(row);
        break;
    }
}

enum status memory_store_apply(struct memory_store *store, const struct batch *batch)
{
    struct memory_session *session = find_session(store, batch->session);
    enum status status = check(store, batch);

    if (status != STATUS_OK) {
        return status;
    }
    if (session == NULL) {
        session = add_session(store, batch->session);
    }
    for (size_t i = 0; i < batch->count; i++) {
        apply_row(store, session, &batch->rows[i]);
    }
    return STATUS_OK;
}

static int compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

/* The kinds are numbered in the order that rows are given back in. */
static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    int order = compare_numbers(a->kind, b->kind);

    if (order == 0 && a->kind == ROW_OWN) {
        order = compare_numbers(a->member, b->member);
    }
    if (order == 0) {
        order = compare_numbers(a->index, b->index);
    }
    if (order == 0) {
        order = compare_numbers(a->step, b->step);
    }
    if (order == 0) {
        order = compare_numbers(a->member, b->member);
    }
    return order != 0 ? order : compare_numbers(a->behalf, b->behalf);
}

enum status memory_store_load(const struct memory_store *store, const uint8_t *id,
                              struct row **rows_out, size_t *count_out)
{
    const struct memory_session *session = find_session(store, id);
    size_t count = session == NULL ? 0 : session->count;
    struct row *rows = calloc(count + 1, sizeof *rows);

    if (rows == NULL) {
        abort();
    }
    *rows_out = rows;
    *count_out = count;
    if (session == NULL) {
        return STATUS_NOT_FOUND;
    }
    if (session->is_purged) {
        rows[0] = session->tombstone;
        *count_out = 1;
        return STATUS_PURGED;
    }
    if (count > 0) {
        memcpy(rows, session->rows, count * sizeof *rows);
        qsort(rows, count, sizeof *rows, compare_rows);
    }
    return STATUS_OK;
}

const struct row *memory_store_find(const struct memory_store *store, const uint8_t *id,
                                    uint16_t member, uint64_t index)
{
    const struct memory_session *session = find_session(store, id);

    for (size_t i = 0; session != NULL && i < session->count; i++) {
        if (is_of(&session->rows[i], member) && session->rows[i].index == index) {
            return &session->rows[i];
        }
    }
    return NULL;
}

const struct row *memory_store_place(const struct memory_store *store, const uint8_t *id,
                                     enum row_kind kind, uint16_t step, uint16_t member)
{
    const struct memory_session *session = find_session(store, id);

    for (size_t i = 0; session != NULL && i < session->count; i++) {
        const struct row *row = &session->rows[i];

        if (row->kind == kind && row->step == step && row->member == member &&
            row->behalf == 0) {
            return row;
        }
    }
    return NULL;
}

uint64_t memory_store_head(const struct memory_store *store, const uint8_t *id, uint16_t member)
{
    return head_of(find_session(store, id), member);
}

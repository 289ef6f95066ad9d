#include "server/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS_FIRST = 8 };

enum status batch_create(const uint8_t session[HASH_BYTES], struct batch **batch_out)
{
    struct batch *batch = calloc(1, sizeof *batch);

    assert(session != NULL && batch_out != NULL);
    if (batch == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(batch->session, session, HASH_BYTES);
    *batch_out = batch;
    return STATUS_OK;
}

void batch_destroy(struct batch *batch)
{
    if (batch == NULL) {
        return;
    }
    for (size_t i = 0; i < batch->count; i++) {
        free((void *)(uintptr_t)batch->rows[i].bytes.data);
    }
    free(batch->rows);
    free(batch);
}

static enum status batch_reserve(struct batch *batch)
{
    size_t capacity = batch->capacity == 0 ? BATCH_ROWS_FIRST : batch->capacity * 2;
    struct row *rows = NULL;

    if (batch->count < batch->capacity) {
        return STATUS_OK;
    }
    rows = reallocarray(batch->rows, capacity, sizeof *rows);
    if (rows == NULL) {
        return STATUS_NOMEM;
    }
    batch->rows = rows;
    batch->capacity = capacity;
    return STATUS_OK;
}

enum status batch_add(struct batch *batch, const struct row *row)
{
    uint8_t *bytes = NULL;
    enum status status = batch_reserve(batch);

    if (status != STATUS_OK) {
        return status;
    }
    if (row->bytes.count > 0) {
        bytes = malloc(row->bytes.count);
        if (bytes == NULL) {
            return STATUS_NOMEM;
        }
        memcpy(bytes, row->bytes.data, row->bytes.count);
    }
    batch->rows[batch->count] = *row;
    batch->rows[batch->count].bytes = (struct bytes){.data = bytes, .count = row->bytes.count};
    batch->count++;
    batch->bytes += row->bytes.count;
    return STATUS_OK;
}

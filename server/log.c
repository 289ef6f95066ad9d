#include "server/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_ITEMS_FIRST = 16 };

enum status log_init_public(struct log *log, const uint8_t session[HASH_BYTES])
{
    *log = (struct log){0};
    return chain_init_public(&log->chain, session);
}

enum status log_init_own(struct log *log, const uint8_t session[HASH_BYTES], uint16_t member)
{
    *log = (struct log){0};
    return chain_init_own(&log->chain, session, member);
}

void log_finish(struct log *log)
{
    if (log->items != NULL) {
        for (uint64_t i = 0; i < log_index(log); i++) {
            free(log->items[i].data);
        }
    }
    free(log->items);
    chain_finish(&log->chain);
    *log = (struct log){0};
}

static enum status log_reserve(struct log *log)
{
    size_t capacity = log->capacity == 0 ? LOG_ITEMS_FIRST : log->capacity * 2;
    struct log_item *items = NULL;

    if (log_index(log) < log->capacity) {
        return STATUS_OK;
    }
    items = reallocarray(log->items, capacity, sizeof *items);
    if (items == NULL) {
        return STATUS_NOMEM;
    }
    log->items = items;
    log->capacity = capacity;
    return STATUS_OK;
}

enum status log_append(struct log *log, uint64_t time_ms, struct bytes entry)
{
    uint8_t *data = NULL;
    enum status status = log_reserve(log);

    if (status != STATUS_OK) {
        return status;
    }
    data = malloc(entry.count);
    if (data == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(data, entry.data, entry.count);
    status = chain_extend(&log->chain, time_ms, entry);
    if (status != STATUS_OK) {
        free(data);
        return status;
    }
    log->items[log_index(log) - 1] =
        (struct log_item){.time_ms = time_ms, .data = data, .count = entry.count};
    return STATUS_OK;
}

void log_settle(struct log *log)
{
    log->durable = log_index(log);
}

uint64_t log_index(const struct log *log)
{
    return log->chain.count == 0 ? 0 : log->chain.count - 1;
}

const struct log_item *log_at(const struct log *log, uint64_t index)
{
    assert(index >= 1 && index <= log_index(log));
    return &log->items[index - 1];
}

#include "protocol/chain.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_CAPACITY_START = 8, CHAIN_HEADS_MAX = SESSION_ENTRIES_MAX + 1 };

static enum status init(struct chain *chain, const uint8_t start[HASH_BYTES])
{
    *chain = (struct chain){.capacity = CHAIN_CAPACITY_START};
    chain->heads = malloc(chain->capacity * sizeof *chain->heads);
    if (chain->heads == NULL) {
        *chain = (struct chain){.count = 0};
        return STATUS_NOMEM;
    }
    memcpy(chain->heads[0], start, HASH_BYTES);
    chain->count = 1;
    return STATUS_OK;
}

enum status chain_init_public(struct chain *chain, const uint8_t session[HASH_BYTES])
{
    return init(chain, session);
}

enum status chain_init_own(struct chain *chain, const uint8_t session[HASH_BYTES],
                           uint16_t member)
{
    struct hash hash;
    uint8_t number[4];
    uint8_t start[HASH_BYTES];

    bytes_put_u32(number, member);
    hash_init(&hash, NULL, 0);
    hash_add_text(&hash, "kring/1 own");
    hash_add(&hash, session, HASH_BYTES);
    hash_add(&hash, number, sizeof number);
    hash_finish(&hash, start);
    return init(chain, start);
}

void chain_finish(struct chain *chain)
{
    free(chain->heads);
    *chain = (struct chain){.count = 0};
}

static enum status grow(struct chain *chain)
{
    size_t capacity = chain->capacity * 2;
    void *heads;

    if (chain->count >= CHAIN_HEADS_MAX) {
        return STATUS_FULL;
    }
    heads = realloc(chain->heads, capacity * sizeof *chain->heads);
    if (heads == NULL) {
        return STATUS_NOMEM;
    }
    chain->heads = heads;
    chain->capacity = capacity;
    return STATUS_OK;
}

enum status chain_extend(struct chain *chain, uint64_t time_ms, struct bytes entry)
{
    assert(chain->count > 0);
    if (time_ms < chain->time_ms) {
        return STATUS_MALFORMED;
    }
    if (chain->count == chain->capacity || chain->count == CHAIN_HEADS_MAX) {
        enum status status = grow(chain);

        if (status != STATUS_OK) {
            return status;
        }
    }
    chain_peek(chain, time_ms, entry, chain->heads[chain->count]);
    chain->count++;
    chain->time_ms = time_ms;
    return STATUS_OK;
}

void chain_peek(const struct chain *chain, uint64_t time_ms, struct bytes entry,
                uint8_t out[HASH_BYTES])
{
    struct hash hash;
    uint8_t time[8];

    assert(chain->count > 0);
    bytes_put_u64(time, time_ms);
    hash_init(&hash, NULL, 0);
    hash_add(&hash, chain->heads[chain->count - 1], HASH_BYTES);
    hash_add(&hash, time, sizeof time);
    hash_add(&hash, entry.data, entry.count);
    hash_finish(&hash, out);
}

struct chain_head chain_head(const struct chain *chain)
{
    struct chain_head head = {.index = chain->count - 1};

    assert(chain->count > 0);
    memcpy(head.hash, chain->heads[chain->count - 1], HASH_BYTES);
    return head;
}

bool chain_holds(const struct chain *chain, uint64_t index, const uint8_t hash[HASH_BYTES])
{
    return index < chain->count && memcmp(chain->heads[index], hash, HASH_BYTES) == 0;
}

void release_digest_init(struct release_digest *digest)
{
    digest->count = 0;
    hash_init(&digest->hash, NULL, 0);
    hash_add_text(&digest->hash, "kring/1 release");
}

void release_digest_add(struct release_digest *digest, const uint8_t entry_hash[HASH_BYTES])
{
    hash_add(&digest->hash, entry_hash, HASH_BYTES);
    digest->count++;
}

void release_digest_finish(struct release_digest *digest, uint8_t out[HASH_BYTES])
{
    hash_finish(&digest->hash, out);
}

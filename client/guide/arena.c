#include "client/guide/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_BYTES = 32 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct arena_block *blocks; /* owned, the one in use first */
    size_t left;                /* bytes that may still be given out */
};

enum status arena_create(size_t bytes_max, struct arena **arena_out)
{
    struct arena *arena = calloc(1, sizeof *arena);

    if (arena == NULL) {
        return STATUS_NOMEM;
    }
    arena->left = bytes_max;
    *arena_out = arena;
    return STATUS_OK;
}

void arena_destroy(struct arena *arena)
{
    struct arena_block *next;

    if (arena == NULL) {
        return;
    }
    for (struct arena_block *block = arena->blocks; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

static struct arena_block *arena_grow(struct arena *arena, size_t bytes)
{
    size_t size = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;
    struct arena_block *block = calloc(1, sizeof *block + size);

    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    if (bytes > ARENA_BLOCK_BYTES && arena->blocks != NULL) {
        /* A piece of its own: the block in use keeps its place at the front. */
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t count, size_t element_bytes)
{
    struct arena_block *block = arena->blocks;
    size_t bytes;
    void *piece;

    if (element_bytes != 0 && count > (SIZE_MAX / 2) / element_bytes) {
        return NULL;
    }
    bytes = count * element_bytes;
    bytes = (bytes + alignof(max_align_t)) & ~(alignof(max_align_t) - 1);
    if (bytes > arena->left) {
        return NULL;
    }
    if (block == NULL || block->size - block->used < bytes) {
        block = arena_grow(arena, bytes);
        if (block == NULL) {
            return NULL;
        }
    }
    piece = block->data + block->used;
    block->used += bytes;
    arena->left -= bytes;
    return piece;
}

char *arena_copy(struct arena *arena, const char *text, size_t count)
{
    char *copy = arena_alloc(arena, count + 1, 1);

    if (copy != NULL && count > 0) {
        memcpy(copy, text, count);
    }
    return copy;
}

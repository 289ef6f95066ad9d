/* client/guide/arena.h -- memory for one document: taken piece by piece, given back at once.
 *
 * Everything read from a guide or case file lives in the arena of that document, so nothing in
 * it is freed singly. Holds no secrets: what must be wiped does not belong here. */
#ifndef CLIENT_GUIDE_ARENA_H
#define CLIENT_GUIDE_ARENA_H

#include <stddef.h>

#include "common/status.h"

struct arena;

/* An arena that gives out at most bytes_max. The caller owns it: arena_destroy(). */
MUST_CHECK enum status arena_create(size_t bytes_max, struct arena **arena_out);

/* Frees all that came from it; NULL is fine. */
void arena_destroy(struct arena *arena);

/* count zeroed elements of element_bytes, aligned for any type. NULL when the system or
 * bytes_max has no more, never for a count of 0. Borrowed from the arena. */
void *arena_alloc(struct arena *arena, size_t count, size_t element_bytes);

/* A copy of count bytes with a NUL behind it; NULL as above. */
char *arena_copy(struct arena *arena, const char *text, size_t count);

#endif

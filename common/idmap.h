/* common/idmap.h -- every id a session's public stream holds, and what is known of its entry.
 * An open-addressing table that only grows. Ids are drawn at random by their authors; one who
 * picks colliding ids makes look-ups linear, which IDMAP_IDS_MAX bounds. */
#ifndef COMMON_IDMAP_H
#define COMMON_IDMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/limits.h"
#include "common/numbers.h"
#include "common/status.h"

enum { IDMAP_IDS_MAX = SESSION_ENTRIES_MAX + 1 }; /* a full session can still be purged */

struct idmap_value {
    uint32_t index;  /* public index, never 0 */
    uint16_t author; /* of a join: the number it got */
    uint16_t step;
    uint8_t kind;
    bool replaced; /* a later agreement named it */
};

struct idmap_place {
    uint8_t id[ID_BYTES];
    struct idmap_value value; /* index 0: free */
};

struct idmap {                  /* zeroed: empty */
    struct idmap_place *places; /* owned */
    uint32_t capacity;          /* 0 or a power of two */
    uint32_t count;
};

/* Frees what it holds; it is empty and usable afterwards. */
void idmap_finish(struct idmap *map);

/* Borrowed, good until the next reserve; NULL when the id is not held. */
const struct idmap_value *idmap_find(const struct idmap *map, const uint8_t id[ID_BYTES]);

/* Makes room for one more. Errors: STATUS_NOMEM, STATUS_FULL; then unchanged. */
MUST_CHECK enum status idmap_reserve(struct idmap *map);

/* The id must be new, and room reserved: anything else is a bug of the caller. */
void idmap_insert(struct idmap *map, const uint8_t id[ID_BYTES], struct idmap_value value);

/* Notes that a later version replaces this one, which must be held. */
void idmap_mark_replaced(struct idmap *map, const uint8_t id[ID_BYTES]);

#endif

#include "common/idmap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 64 };

/* FNV-1a (Fowler, Noll, Vo); enough for ids that are random already. */
static uint32_t hash_id(const uint8_t id[ID_BYTES])
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < ID_BYTES; i++) {
        hash = (hash ^ id[i]) * 16777619U;
    }
    return hash;
}

/* Where the id is, or the free place where it would go. Never more than three quarters of the
 * places are taken, so there is one. */
static struct idmap_place *find_place(struct idmap_place *places, uint32_t capacity,
                                      const uint8_t id[ID_BYTES])
{
    uint32_t at = hash_id(id) & (capacity - 1);

    while (places[at].value.index != 0 && memcmp(places[at].id, id, ID_BYTES) != 0) {
        at = (at + 1) & (capacity - 1);
    }
    return &places[at];
}

void idmap_finish(struct idmap *map)
{
    free(map->places);
    *map = (struct idmap){0};
}

const struct idmap_value *idmap_find(const struct idmap *map, const uint8_t id[ID_BYTES])
{
    const struct idmap_place *place = NULL;

    if (map->count == 0) {
        return NULL;
    }
    place = find_place(map->places, map->capacity, id);
    return place->value.index == 0 ? NULL : &place->value;
}

enum status idmap_reserve(struct idmap *map)
{
    uint32_t capacity = map->capacity == 0 ? CAPACITY_FIRST : map->capacity * 2;
    struct idmap_place *places = NULL;

    if (map->count == IDMAP_IDS_MAX) {
        return STATUS_FULL;
    }
    if (map->count < map->capacity / 4 * 3) {
        return STATUS_OK;
    }
    places = calloc(capacity, sizeof *places);
    if (places == NULL) {
        return STATUS_NOMEM;
    }
    for (uint32_t i = 0; i < map->capacity; i++) {
        if (map->places[i].value.index != 0) {
            *find_place(places, capacity, map->places[i].id) = map->places[i];
        }
    }
    free(map->places);
    map->places = places;
    map->capacity = capacity;
    return STATUS_OK;
}

void idmap_insert(struct idmap *map, const uint8_t id[ID_BYTES], struct idmap_value value)
{
    struct idmap_place *place = NULL;

    assert(value.index != 0);
    assert(map->count < map->capacity / 4 * 3);
    place = find_place(map->places, map->capacity, id);
    assert(place->value.index == 0);
    memcpy(place->id, id, ID_BYTES);
    place->value = value;
    map->count++;
}

void idmap_mark_replaced(struct idmap *map, const uint8_t id[ID_BYTES])
{
    struct idmap_place *place = NULL;

    assert(map->count > 0);
    place = find_place(map->places, map->capacity, id);
    assert(place->value.index != 0);
    place->value.replaced = true;
}

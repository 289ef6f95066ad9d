/* Two people with one name are told apart by their numbers, wherever they are named. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

#include "client/model_private.h"

enum { NUMBER_BYTES = 12 /* " (500)" */ };

struct borne {
    const uint8_t *key; /* the name as it is compared: owned; NULL: it cannot be */
    size_t count;
    uint16_t member;
};

static int compare(const void *left, const void *right)
{
    const struct borne *a = left;
    const struct borne *b = right;
    size_t least = a->count < b->count ? a->count : b->count;
    int order = least == 0 ? 0 : memcmp(a->key, b->key, least);

    if (order == 0 && a->count != b->count) {
        order = a->count < b->count ? -1 : 1;
    }
    return order;
}

/* Without regard to case, and to how accents are written. */
static void put_key(struct borne *borne, const char *name)
{
    borne->key = u8_casefold((const uint8_t *)name, strlen(name), NULL, UNINORM_NFC, NULL,
                             &borne->count);
    borne->count = borne->key == NULL ? 0 : borne->count;
}

/* "Aisha (7)" as a name of one's own: it would look like somebody told apart. */
static bool looks_told_apart(const struct borne *borne)
{
    size_t count = borne->count;

    if (count == 0 || borne->key[count - 1] != ')') {
        return false;
    }
    do {
        count--;
    } while (count > 0 && borne->key[count - 1] >= '0' && borne->key[count - 1] <= '9');
    return count > 0 && count + 1 < borne->count && borne->key[count - 1] == '(';
}

static void tell_apart(struct build *build, uint16_t number)
{
    size_t size = strlen(build->names[number]) + NUMBER_BYTES;
    char *name = build_alloc(build, size, 1);

    if (name != NULL) {
        (void)snprintf(name, size, "%s (%u)", build->names[number], (unsigned)number);
        build->names[number] = name;
        build->model->members[number - 1].namesake = true;
    }
}

/* Those removed count as well: what they wrote is still there, under their name. */
void build_namesakes(struct build *build)
{
    uint16_t count = build->model->member_count;
    struct borne *borne = calloc((size_t)count + 1, sizeof *borne);

    if (borne == NULL) {
        build->failed = true;
        return;
    }
    for (uint16_t i = 0; i < count; i++) {
        borne[i].member = (uint16_t)(i + 1);
        put_key(&borne[i], build->names[i + 1]);
    }
    qsort(borne, count, sizeof *borne, compare);
    for (uint16_t i = 0; i < count; i++) {
        bool shared = (i > 0 && compare(&borne[i - 1], &borne[i]) == 0) ||
                      (i + 1 < count && compare(&borne[i], &borne[i + 1]) == 0);

        if (borne[i].count > 0 && (shared || looks_told_apart(&borne[i]))) {
            tell_apart(build, borne[i].member);
        }
    }
    for (uint16_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)borne[i].key);
    }
    free(borne);
}

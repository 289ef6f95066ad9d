#include "tests/support/seeded.h"

#include <stddef.h>

uint64_t seeded_next(struct seeded *seeded)
{
    uint64_t value = seeded->state += 0x9e3779b97f4a7c15U;

    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9U;
    value = (value ^ value >> 27) * 0x94d049bb133111ebU;
    return value ^ value >> 31;
}

uint64_t seeded_below(struct seeded *seeded, uint64_t bound)
{
    return seeded_next(seeded) % bound;
}

static void fill(void *context, void *out, size_t count)
{
    uint8_t *at = out;

    for (size_t i = 0; i < count; i++) {
        at[i] = (uint8_t)(seeded_next(context) & 0xff);
    }
}

struct entropy seeded_entropy(struct seeded *seeded)
{
    return (struct entropy){.fill = fill, .context = seeded};
}

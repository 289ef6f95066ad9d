/* tests/support/seeded.h -- randomness that a seed repeats (splitmix64). For tests only. */
#ifndef TESTS_SUPPORT_SEEDED_H
#define TESTS_SUPPORT_SEEDED_H

#include <stdint.h>

#include "common/entropy.h"

struct seeded {
    uint64_t state; /* the seed, to begin with */
};

uint64_t seeded_next(struct seeded *seeded);
/* From 0 to bound - 1. */
uint64_t seeded_below(struct seeded *seeded, uint64_t bound);
/* Borrows seeded. */
struct entropy seeded_entropy(struct seeded *seeded);

#endif

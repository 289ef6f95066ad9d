/* common/entropy.h -- randomness as an argument, so that a simulator can supply it. */
#ifndef COMMON_ENTROPY_H
#define COMMON_ENTROPY_H

#include <stddef.h>

struct entropy {
    void (*fill)(void *context, void *out, size_t count); /* never fails */
    void *context;
};

static inline void entropy_fill(const struct entropy *entropy, void *out, size_t count)
{
    entropy->fill(entropy->context, out, count);
}

/* The operating system's (getrandom(2)). Ends the process if the system has none. */
struct entropy entropy_system(void);

#endif

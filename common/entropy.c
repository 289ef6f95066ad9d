#include "common/entropy.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

static void fill_from_system(void *context, void *out, size_t count)
{
    uint8_t *at = out;

    (void)context;
    while (count > 0) {
        ssize_t got = getrandom(at, count, 0);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            abort(); /* nothing safe can be done without randomness */
        }
        at += got;
        count -= (size_t)got;
    }
}

struct entropy entropy_system(void)
{
    return (struct entropy){.fill = fill_from_system, .context = NULL};
}

/* client/faces/waiting.h -- news that came while a face was busy with something, in order.
 * Bounded; a face draws from the model, so news that does not fit is a line less and no more.
 */
#ifndef CLIENT_FACES_WAITING_H
#define CLIENT_FACES_WAITING_H

#include <stdbool.h>
#include <stddef.h>

#include "client/member.h"

enum { WAITING_NEWS_MAX = 4096 };

struct waiting {
    size_t first;
    size_t count;
    size_t capacity;
    struct news *news; /* owned, and their texts */
};

void waiting_finish(struct waiting *waiting);
/* Keeps a copy; false: no room. */
bool waiting_add(struct waiting *waiting, const struct news *news);
/* The oldest; false: none. Its text is the caller's to free. */
bool waiting_take(struct waiting *waiting, struct news *news_out);

#endif

#include "client/faces/waiting.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void waiting_finish(struct waiting *waiting)
{
    struct news news;

    while (waiting_take(waiting, &news)) {
        free((void *)(uintptr_t)news.text);
    }
    free(waiting->news);
    *waiting = (struct waiting){.news = NULL};
}

static bool make_room(struct waiting *waiting)
{
    size_t capacity = waiting->capacity == 0 ? 16 : waiting->capacity * 2;
    void *more;

    if (waiting->first + waiting->count < waiting->capacity) {
        return true;
    }
    if (waiting->first > 0) {
        memmove(waiting->news, waiting->news + waiting->first,
                waiting->count * sizeof *waiting->news);
        waiting->first = 0;
        return true;
    }
    more = capacity > WAITING_NEWS_MAX
               ? NULL
               : realloc(waiting->news, capacity * sizeof *waiting->news);
    if (more == NULL) {
        return false;
    }
    waiting->news = more;
    waiting->capacity = capacity;
    return true;
}

bool waiting_add(struct waiting *waiting, const struct news *news)
{
    struct news *kept;

    if (!make_room(waiting)) {
        return false;
    }
    kept = &waiting->news[waiting->first + waiting->count++];
    *kept = *news;
    kept->text = news->text == NULL ? NULL : strdup(news->text);
    return true;
}

bool waiting_take(struct waiting *waiting, struct news *news_out)
{
    if (waiting->count == 0) {
        return false;
    }
    *news_out = waiting->news[waiting->first++];
    waiting->count--;
    if (waiting->count == 0) {
        waiting->first = 0;
    }
    return true;
}

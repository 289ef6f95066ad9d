#include "tests/simulation/events.h"

#include <stdlib.h>

void events_finish(struct events *events)
{
    free(events->heap);
    *events = (struct events){0};
}

static bool is_before(const struct event *a, const struct event *b)
{
    return a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->order < b->order);
}

static void swap(struct event *a, struct event *b)
{
    struct event held = *a;

    *a = *b;
    *b = held;
}

void events_plan(struct events *events, uint64_t at_ms, enum event_kind kind, uint32_t who,
                 uint32_t count)
{
    size_t at = events->count++;

    if (events->count > events->capacity) {
        events->capacity = events->capacity == 0 ? 256 : events->capacity * 2;
        events->heap = reallocarray(events->heap, events->capacity, sizeof *events->heap);
        if (events->heap == NULL) {
            abort();
        }
    }
    events->heap[at] = (struct event){
        .at_ms = at_ms, .order = events->planned++, .kind = kind, .who = who, .count = count};
    while (at > 0 && is_before(&events->heap[at], &events->heap[(at - 1) / 2])) {
        swap(&events->heap[at], &events->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

bool events_next(struct events *events, struct event *event_out)
{
    size_t at = 0;

    if (events->count == 0) {
        return false;
    }
    *event_out = events->heap[0];
    events->heap[0] = events->heap[--events->count];
    for (;;) {
        size_t first = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < events->count; child++) {
            if (is_before(&events->heap[child], &events->heap[first])) {
                first = child;
            }
        }
        if (first == at) {
            return true;
        }
        swap(&events->heap[at], &events->heap[first]);
        at = first;
    }
}

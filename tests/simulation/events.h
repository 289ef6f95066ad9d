/* tests/simulation/events.h -- what is going to happen, in order of virtual time; what comes at
 * the same time, in the order it was planned in. */
#ifndef TESTS_SIMULATION_EVENTS_H
#define TESTS_SIMULATION_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_CONNECT,       /* a client tries to reach the server */
    EVENT_THINK,         /* a person does something, or not */
    EVENT_ARRIVE_SERVER, /* bytes come out of a wire */
    EVENT_ARRIVE_CLIENT,
    EVENT_WRITTEN,       /* the server's write to a wire ended */
    EVENT_CLOSED_SERVER, /* one end notices that the wire is gone */
    EVENT_CLOSED_CLIENT,
    EVENT_COMMIT, /* a batch becomes durable, or fails */
    EVENT_STORED, /* and the hub hears of it */
    EVENT_LOADED,
    EVENT_TICK,
    EVENT_FAULT, /* something may break now */
    EVENT_RESTART,
};

struct event {
    uint64_t at_ms;
    uint64_t order;
    enum event_kind kind;
    uint32_t who;   /* client, wire, batch or server generation */
    uint32_t count; /* bytes */
};

struct events {
    struct event *heap; /* owned */
    size_t count;
    size_t capacity;
    uint64_t planned;
};

void events_finish(struct events *events);
void events_plan(struct events *events, uint64_t at_ms, enum event_kind kind, uint32_t who,
                 uint32_t count);
/* Takes the next one out; false when there is none. */
bool events_next(struct events *events, struct event *event_out);

#endif

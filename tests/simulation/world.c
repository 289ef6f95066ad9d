/* Time, chance and disaster. */
#include "tests/simulation/world.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FAULT_MS = 700, SETTLE_MS = 1000 };

/* ---- small things ---- */

uint32_t world_below(struct world *world, uint32_t bound)
{
    return bound == 0 ? 0 : (uint32_t)seeded_below(&world->random, bound);
}

bool world_chance(struct world *world, uint32_t percent)
{
    return world_below(world, 100) < percent;
}

void world_plan(struct world *world, uint32_t in_ms, enum event_kind kind, uint32_t who,
                uint32_t count)
{
    events_plan(&world->events, world->now_ms + in_ms, kind, who, count);
}

void world_trace_bytes(struct world *world, struct bytes bytes)
{
    hash_add(&world->trace, bytes.data, bytes.count);
}

bool world_has_failed(const struct world *world)
{
    return world->failure[0] != '\0';
}

static const char *name_of(const struct client *client)
{
    static const char *const names[] = {
        [PART_FACILITATOR] = "facilitator",
        [PART_OBSERVER] = "observer",
        [PART_PARTICIPANT] = "participant",
        [PART_STRANGER] = "stranger",
        [PART_THIEF] = "thief",
    };

    return client == NULL ? "server" : names[client->part];
}

/* Keeps the first. */
void world_fail(struct world *world, const struct client *client, const char *what, ...)
{
    char text[200];
    va_list args;

    va_start(args, what);
    vsnprintf(text, sizeof text, what, args);
    va_end(args);
    if (!world_has_failed(world)) {
        snprintf(world->failure, sizeof world->failure, "%s %u: %s", name_of(client),
                 client == NULL ? 0 : client->number, text);
    }
}

void world_say(const struct world *world, const struct client *client, const char *what, ...)
{
    va_list args;

    if (!world->verbose) {
        return;
    }
    printf("%8.3f s  %s %u: ", (double)(world->now_ms - WORLD_START_MS) / 1000, name_of(client),
           client == NULL ? 0 : client->number);
    va_start(args, what);
    vprintf(what, args);
    va_end(args);
    putchar('\n');
}

/* ---- the beginning ---- */

static void draw_weather(struct world *world)
{
    struct weather *weather = &world->weather;
    bool calm_net = world_chance(world, 25);
    bool calm_disk = world_chance(world, 25);

    *weather = (struct weather){
        .cut_percent = calm_net ? 0 : 5 + world_below(world, 20),
        .forget_percent = calm_net ? 0 : world_below(world, 4),
        .crash_percent = calm_disk ? 0 : world_below(world, 7),
        .no_space_percent = calm_disk ? 0 : world_below(world, 15),
        .store_ms = 2 + world_below(world, world_chance(world, 20) ? 3000 : 60),
        .latency_ms = 1 + world_below(world, world_chance(world, 20) ? 1500 : 150),
        .split_percent = world_below(world, 60),
    };
}

static void draw_steps(struct world *world)
{
    static const struct step_plan kinds[] = {
        {.form = FORM_READ, .work = WORK_INDIVIDUAL, .sharing = SHARING_NAMED, .who = WHO_ALL},
        {.form = FORM_QUESTION,
         .work = WORK_INDIVIDUAL,
         .sharing = SHARING_NAMED,
         .who = WHO_PARTICIPANTS},
        {.form = FORM_CHOICE,
         .work = WORK_INDIVIDUAL,
         .sharing = SHARING_NAMED,
         .who = WHO_PARTICIPANTS},
        {.form = FORM_COMMITMENT,
         .work = WORK_INDIVIDUAL,
         .sharing = SHARING_NAMED,
         .who = WHO_ALL},
        {.form = FORM_QUESTION,
         .work = WORK_INDIVIDUAL,
         .sharing = SHARING_NEVER,
         .who = WHO_PARTICIPANTS},
        {.form = FORM_DISCUSSION,
         .work = WORK_PLENARY,
         .sharing = SHARING_NAMED,
         .who = WHO_ALL},
    };
    uint32_t kind_count = sizeof kinds / sizeof kinds[0];

    world->plan_count = (uint16_t)(3 + world_below(world, 3));
    world->text_count = (uint16_t)(world->plan_count + 2);
    for (uint16_t i = 0; i < world->plan_count; i++) {
        world->steps[i] = kinds[i < 2 ? i : world_below(world, kind_count)];
        world->steps[i].step = (uint16_t)(i + 1);
    }
}

static void draw_keys(struct world *world)
{
    uint8_t seed[SEED_BYTES];
    uint8_t secret[KEY_BYTES];

    entropy_fill(&world->entropy, secret, sizeof secret);
    noise_keypair_from(secret, &world->server_key);
    entropy_fill(&world->entropy, seed, sizeof seed);
    link_sign_keys(seed, world->store.ticket.key, world->ticket_secret);
    world->store.ticket.uses_left = 1;
    world->store.ticket.expiry_ms = WORLD_START_MS + DAY_MS;
    entropy_fill(&world->entropy, seed, sizeof seed);
    recovery_derive(seed, &world->recovery, secret);
    entropy_fill(&world->entropy, world->f, KEY_BYTES);
    for (size_t i = 0; i < sizeof world->invite_seeds / sizeof world->invite_seeds[0]; i++) {
        entropy_fill(&world->entropy, world->invite_seeds[i], SEED_BYTES);
    }
}

static struct client *add_client(struct world *world, enum part part, uint16_t invite,
                                 uint32_t arrives_ms)
{
    struct client *client = &world->clients[world->client_count];

    client_init(world, client, part, invite);
    world_plan(world, arrives_ms, EVENT_CONNECT, client->number, 0);
    world_plan(world, arrives_ms, EVENT_THINK, client->number, 0);
    return client;
}

static void draw_people(struct world *world)
{
    uint32_t participants = 3 + world_below(world, 2);
    uint32_t late_ms = 20000 + world_below(world, 40000);

    play_create(add_client(world, PART_FACILITATOR, 0, 0));
    add_client(world, PART_OBSERVER, 1, world_below(world, 8000));
    for (uint32_t i = 0; i < participants; i++) {
        add_client(world, PART_PARTICIPANT, 2,
                   i + 1 == participants ? late_ms : world_below(world, 8000));
    }
    if (world_chance(world, 50)) {
        add_client(world, PART_STRANGER, 3, world_below(world, 20000));
    }
    if (world_chance(world, 50)) {
        add_client(world, PART_THIEF, 2, world_below(world, 20000));
    }
}

static void begin(struct world *world, uint64_t seed, bool verbose)
{
    *world = (struct world){.seed = seed, .now_ms = WORLD_START_MS, .verbose = verbose};
    world->random.state = seed;
    world->entropy = seeded_entropy(&world->random);
    hash_init(&world->trace, NULL, 0);
    draw_weather(world);
    draw_steps(world);
    draw_keys(world);
    world->admission = world_chance(world, 30) ? ADMISSION_BY_HAND : ADMISSION_AUTOMATIC;
    world->wants_purge = world_chance(world, 30);
    server_start(world);
    draw_people(world);
    world_plan(world, FAULT_MS, EVENT_FAULT, 0, 0);
}

/* ---- what breaks ---- */

static void break_something(struct world *world)
{
    struct client *client = &world->clients[world_below(world, world->client_count)];
    struct wire *wire = wire_find(world, client->wire);

    if (world->is_calm) {
        return;
    }
    if (world_chance(world, world->weather.crash_percent)) {
        server_crash(world);
    }
    if (wire != NULL && !wire->is_cut && world_chance(world, world->weather.cut_percent)) {
        world->tally.cuts++;
        wire_cut(world, wire);
    }
    if (client->state == CLIENT_OFFLINE && client->side->core != NULL &&
        client->memory.joined && world_chance(world, world->weather.forget_percent * 5)) {
        client_forget(client);
    }
    world_plan(world, 1 + world_below(world, 2 * FAULT_MS), EVENT_FAULT, 0, 0);
}

/* ---- turns ---- */

static void arrive(struct world *world, struct client *client)
{
    if (client->state == CLIENT_ABSENT && client->part != PART_FACILITATOR &&
        !world->invites_are_out) {
        world_plan(world, SETTLE_MS, EVENT_CONNECT, client->number, 0);
        return;
    }
    client_connect(client);
}

static void turn(struct world *world, const struct event *event)
{
    switch (event->kind) {
    case EVENT_CONNECT:
        arrive(world, &world->clients[event->who]);
        break;
    case EVENT_THINK:
        play_think(&world->clients[event->who]);
        break;
    case EVENT_ARRIVE_SERVER:
        wire_arrive_server(world, event->who, event->count);
        break;
    case EVENT_ARRIVE_CLIENT:
        wire_arrive_client(world, event->who, event->count);
        break;
    case EVENT_WRITTEN:
        wire_written(world, event->who);
        break;
    case EVENT_CLOSED_SERVER:
        wire_closed_server(world, event->who);
        break;
    case EVENT_CLOSED_CLIENT:
        wire_closed_client(world, event->who);
        break;
    case EVENT_COMMIT:
        server_commit(world, event->who);
        break;
    case EVENT_STORED:
        server_stored(world, event->who);
        break;
    case EVENT_LOADED:
        server_loaded(world, event->who);
        break;
    case EVENT_TICK:
        server_tick(world, event->who);
        break;
    case EVENT_FAULT:
        break_something(world);
        break;
    case EVENT_RESTART:
        server_start(world);
        break;
    }
}

static void trace(struct world *world, const struct event *event)
{
    uint8_t line[8 + 4 + 4 + 4];

    bytes_put_u64(line, event->at_ms);
    bytes_put_u32(line + 8, (uint32_t)event->kind);
    bytes_put_u32(line + 12, event->who);
    bytes_put_u32(line + 16, event->count);
    hash_add(&world->trace, line, sizeof line);
}

/* After the end nothing breaks any more, and everybody gets what is theirs; then, in some
 * worlds, the session is purged, and everybody hears of that. */
static bool is_over(struct world *world)
{
    if (!world->has_ended) {
        return false;
    }
    world->is_calm = true;
    if (!check_settled(world)) {
        return false;
    }
    if (world->may_purge || !world->wants_purge) {
        return true;
    }
    world->may_purge = true;
    return false;
}

void world_run(struct world *world, uint64_t seed, uint64_t steps_max, bool verbose)
{
    struct event event;

    begin(world, seed, verbose);
    while (!world_has_failed(world) && events_next(&world->events, &event)) {
        if (++world->step_count > steps_max) {
            world_fail(world, NULL, "it does not come to an end");
            break;
        }
        world->now_ms = event.at_ms;
        trace(world, &event);
        turn(world, &event);
        wire_flush_all(world);
        if (event.kind == EVENT_TICK && is_over(world)) {
            break;
        }
    }
}

uint64_t world_trace(const struct world *world)
{
    struct hash copy = world->trace;
    uint8_t out[HASH_BYTES];

    hash_finish(&copy, out);
    return bytes_get_u64(out);
}

void world_finish(struct world *world)
{
    server_finish(world);
    wire_destroy_all(world);
    for (uint32_t c = 0; c < world->client_count; c++) {
        client_finish(&world->clients[c]);
    }
    free(world->genesis);
    ledger_finish(&world->ledger);
    events_finish(&world->events);
}

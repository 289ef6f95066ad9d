/* The server's side of a world: the hub, driven, and its store, which takes its time. */
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/world.h"

/* ---- effects of the hub ---- */

static void on_send(void *context, uint32_t connection, struct bytes message)
{
    struct world *world = context;
    struct wire *wire = wire_find(world, connection);

    if (wire != NULL && wire->server_open) {
        wire_send_server(world, wire, message);
    }
}

static void on_close(void *context, uint32_t connection, enum status reason)
{
    struct world *world = context;
    struct wire *wire = wire_find(world, connection);

    world->tally.replaced += reason == STATUS_EXISTS;
    if (wire != NULL) {
        world_say(world, &world->clients[wire->client], "closed by the hub: %s",
                  status_name(reason));
        wire->closing = true;
        wire->hub_knows = false;
    }
}

static uint32_t store_delay(struct world *world)
{
    return 1 + world_below(world, world->weather.store_ms);
}

static void on_store(void *context, struct batch *batch)
{
    struct world *world = context;

    if (world->pending.number != 0) {
        world_fail(world, NULL, "a second batch of the session is in flight");
        batch_destroy(batch);
        return;
    }
    world->pending = (struct pending_batch){
        .number = ++world->last_pending, .batch_number = batch->number, .batch = batch};
    world_plan(world, store_delay(world), EVENT_COMMIT, world->pending.number, 0);
}

static void on_load(void *context, const uint8_t session[HASH_BYTES])
{
    struct world *world = context;

    if (!world->has_session || memcmp(session, world->session, HASH_BYTES) != 0) {
        world_fail(world, NULL, "the hub loads a session that is none");
        return;
    }
    world_plan(world, store_delay(world), EVENT_LOADED, world->generation, 0);
}

static void on_log(void *context, const char *event, const uint8_t *session, uint16_t member,
                   enum status status)
{
    (void)session;
    world_say(context, NULL, "log: %s, member %u, %s", event, member, status_name(status));
}

/* ---- the hub ---- */

void server_start(struct world *world)
{
    struct hub_driver driver = {
        .context = world,
        .send = on_send,
        .close = on_close,
        .store = on_store,
        .load = on_load,
        .log = on_log,
    };

    if (hub_create(&driver, world->now_ms, &world->hub) != STATUS_OK ||
        hub_ticket_put(world->hub, &world->store.ticket) != STATUS_OK) {
        abort();
    }
    world->generation++;
    world_plan(world, HUB_TOLD_MS, EVENT_TICK, world->generation, 0);
    world_say(world, NULL, "the server is up");
}

/* The moment of truth: from here on the batch is durable, whether anybody hears of it or not.
 */
static void apply(struct world *world, struct pending_batch *pending)
{
    if (pending->batch == NULL) {
        return;
    }
    pending->status = STATUS_NO_SPACE;
    if (world->is_calm || !world_chance(world, world->weather.no_space_percent)) {
        pending->status = memory_store_apply(&world->store, pending->batch);
        if (pending->status != STATUS_OK) {
            world_fail(world, NULL, "the store cannot take a batch: %s",
                       status_name(pending->status));
        } else {
            check_batch(world, pending->batch);
            ledger_store(&world->ledger, pending->batch);
        }
    } else {
        world->tally.failed++;
    }
    batch_destroy(pending->batch);
    pending->batch = NULL;
}

/* Here it matters most whether the server lives: a crash may come just before, or just after.
 */
void server_commit(struct world *world, uint32_t number)
{
    if (world->pending.number != number) {
        return;
    }
    if (!world->is_calm && world_chance(world, world->weather.crash_percent)) {
        server_crash(world);
        return;
    }
    apply(world, &world->pending);
    world_plan(world, 1 + world_below(world, 20), EVENT_STORED, number, 0);
}

void server_stored(struct world *world, uint32_t number)
{
    struct pending_batch pending = world->pending;

    if (pending.number == number) {
        world->pending = (struct pending_batch){0};
        hub_stored(world->hub, pending.batch_number, pending.status, world->now_ms);
    }
}

void server_loaded(struct world *world, uint32_t generation)
{
    struct row *rows = NULL;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (world->hub == NULL || generation != world->generation) {
        return;
    }
    status = memory_store_load(&world->store, world->session, &rows, &count);
    hub_loaded(world->hub, world->session, status, rows, count, world->now_ms);
    free(rows);
}

void server_tick(struct world *world, uint32_t generation)
{
    uint64_t next_ms = 0;

    if (world->hub != NULL && generation == world->generation) {
        hub_tick(world->hub, world->now_ms, &next_ms);
        world_plan(world, HUB_TOLD_MS, EVENT_TICK, generation, 0);
    }
}

/* What was on its way to the disk gets there, or does not; nobody is told either way. */
void server_crash(struct world *world)
{
    if (world->hub == NULL) {
        return;
    }
    world->tally.crashes++;
    world_say(world, NULL, "the server crashes");
    if (world->pending.number != 0 && world_chance(world, 50)) {
        apply(world, &world->pending);
        world->tally.unheard++;
    }
    world->tally.lost += world->pending.batch != NULL;
    batch_destroy(world->pending.batch);
    world->pending = (struct pending_batch){0};
    hub_destroy(world->hub);
    world->hub = NULL;
    for (struct wire *wire = world->wires; wire != NULL; wire = wire->next) {
        wire->hub_knows = false;
        if (!wire->is_cut) {
            wire_cut(world, wire);
        }
    }
    world_plan(world, 100 + world_below(world, 3000), EVENT_RESTART, 0, 0);
}

void server_finish(struct world *world)
{
    hub_destroy(world->hub);
    world->hub = NULL;
    batch_destroy(world->pending.batch);
    memory_store_finish(&world->store);
}

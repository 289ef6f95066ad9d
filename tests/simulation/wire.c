/* The network: bytes between two channels. Like TCP it keeps their order and loses none as long
 * as it stands; it may deliver late and in pieces, and it may break. */
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/world.h"

enum { NOTICE_MS_MAX = 20000, LENGTH_BYTES = 4 };

/* ---- buffers ---- */

static void buffer_add(struct buffer *buffer, const void *data, size_t count)
{
    while (buffer->count + count > buffer->capacity) {
        buffer->capacity = buffer->capacity == 0 ? 4096 : buffer->capacity * 2;
        buffer->data = realloc(buffer->data, buffer->capacity);
        if (buffer->data == NULL) {
            abort();
        }
    }
    memcpy(buffer->data + buffer->count, data, count);
    buffer->count += count;
}

static void buffer_take(struct buffer *buffer, size_t count)
{
    if (count == 0) {
        return;
    }
    buffer->count -= count;
    memmove(buffer->data, buffer->data + count, buffer->count);
}

/* ---- wires ---- */

struct wire *wire_find(const struct world *world, uint32_t number)
{
    struct wire *wire = world->wires;

    while (wire != NULL && wire->number != number) {
        wire = wire->next;
    }
    return wire;
}

struct wire *wire_open(struct world *world, struct client *client)
{
    struct wire *wire = calloc(1, sizeof *wire);
    struct noise_keypair own;

    if (wire == NULL) {
        abort();
    }
    wire->client_channel = malloc(sizeof *wire->client_channel);
    wire->server_channel = malloc(sizeof *wire->server_channel);
    if (wire->client_channel == NULL || wire->server_channel == NULL) {
        abort();
    }
    wire->number = ++world->last_wire;
    wire->client = client->number;
    wire->client_open = true;
    wire->server_open = true;
    wire->slowness_ms = 1 + world_below(world, world->weather.latency_ms);
    wire->next = world->wires;
    world->wires = wire;
    memcpy(own.secret_key, client->side->seat.noise_secret, KEY_BYTES);
    memcpy(own.public_key, client->side->seat.keys.noise, KEY_BYTES);
    if (channel_init_client(wire->client_channel, &own, world->server_key.public_key,
                            "simulated", world->entropy) != STATUS_OK) {
        abort();
    }
    channel_init_server(wire->server_channel, &world->server_key, world->entropy);
    return wire;
}

static void destroy(struct wire *wire)
{
    channel_finish(wire->client_channel);
    channel_finish(wire->server_channel);
    free(wire->client_channel);
    free(wire->server_channel);
    free(wire->to_server.data);
    free(wire->to_client.data);
    free(wire->outbox.data);
    free(wire);
}

void wire_destroy_all(struct world *world)
{
    while (world->wires != NULL) {
        struct wire *wire = world->wires;

        world->wires = wire->next;
        destroy(wire);
    }
}

static void destroy_if_closed(struct world *world, struct wire *wire)
{
    struct wire **place = &world->wires;

    if (wire->client_open || wire->server_open) {
        return;
    }
    while (*place != wire) {
        place = &(*place)->next;
    }
    *place = wire->next;
    destroy(wire);
}

/* Plans when bytes arrive, in one piece or several, never before those sent earlier. */
static void travel(struct world *world, struct wire *wire, bool to_server, const uint8_t *data,
                   size_t count)
{
    struct buffer *buffer = to_server ? &wire->to_server : &wire->to_client;
    uint64_t *last_ms = to_server ? &wire->to_server_ms : &wire->to_client_ms;
    enum event_kind kind = to_server ? EVENT_ARRIVE_SERVER : EVENT_ARRIVE_CLIENT;

    if (wire->is_cut) {
        return;
    }
    buffer_add(buffer, data, count);
    while (count > 0) {
        uint64_t at_ms = world->now_ms + 1 + world_below(world, wire->slowness_ms);
        size_t piece = count;

        if (world_chance(world, world->weather.split_percent)) {
            piece = 1 + world_below(world, (uint32_t)count);
        }
        *last_ms = at_ms > *last_ms ? at_ms : *last_ms;
        events_plan(&world->events, *last_ms, kind, wire->number, (uint32_t)piece);
        count -= piece;
    }
}

/* ---- the client's end ---- */

void wire_flush_client(struct world *world, struct wire *wire)
{
    static uint8_t frame[CHANNEL_FLUSH_BYTES_MAX];
    size_t count = 0;

    while (wire->client_open && channel_has_output(wire->client_channel)) {
        if (channel_flush(wire->client_channel, frame, &count) != STATUS_OK) {
            abort();
        }
        travel(world, wire, true, frame, count);
    }
}

void wire_arrive_client(struct world *world, uint32_t number, uint32_t count)
{
    struct wire *wire = wire_find(world, number);
    struct client *client = NULL;
    struct bytes input;
    uint8_t *data = NULL;

    if (wire == NULL || !wire->client_open || wire->is_cut) {
        return;
    }
    client = &world->clients[wire->client];
    data = malloc(count);
    if (data == NULL) {
        abort();
    }
    memcpy(data, wire->to_client.data, count);
    buffer_take(&wire->to_client, count);
    input = (struct bytes){.data = data, .count = count};
    world_trace_bytes(world, input);
    /* the client may hang up on what it reads */
    while (wire_find(world, number) == wire && wire->client_open) {
        struct message message;
        enum channel_event event = CHANNEL_WANTS_BYTES;
        enum status status = channel_read(wire->client_channel, &input, &event, &message);

        if (status != STATUS_OK) {
            world_fail(world, client, "its channel fails: %s", status_name(status));
            break;
        }
        if (event == CHANNEL_WANTS_BYTES) {
            wire_flush_client(world, wire);
            break;
        }
        if (event == CHANNEL_WELCOMED) {
            client_greeted(client);
        } else {
            client_take(client, &message);
        }
    }
    free(data);
}

void wire_closed_client(struct world *world, uint32_t number)
{
    struct wire *wire = wire_find(world, number);
    struct client *client = NULL;

    if (wire == NULL || !wire->client_open) {
        return;
    }
    client = &world->clients[wire->client];
    wire->client_open = false;
    if (client->wire == number) {
        client_disconnected(client);
    }
    if (!wire->is_cut) { /* an orderly end: the server hears of it in time */
        wire_cut(world, wire);
    }
    destroy_if_closed(world, wire);
}

/* ---- the server's end ---- */

void wire_send_server(struct world *world, struct wire *wire, struct bytes message)
{
    uint8_t length[LENGTH_BYTES];

    (void)world;
    bytes_put_u32(length, (uint32_t)message.count);
    buffer_add(&wire->outbox, length, sizeof length);
    buffer_add(&wire->outbox, message.data, message.count);
}

/* Moves whole messages from the outbox into the next frame, as many as fit. */
static void fill_frame(struct wire *wire)
{
    size_t at = 0;

    while (wire->outbox.count - at > LENGTH_BYTES) {
        size_t count = bytes_get_u32(wire->outbox.data + at);
        struct bytes message = {.data = wire->outbox.data + at + LENGTH_BYTES, .count = count};

        if (channel_send(wire->server_channel, message) != STATUS_OK) {
            break;
        }
        at += LENGTH_BYTES + count;
    }
    buffer_take(&wire->outbox, at);
}

/* One write at a time, as a socket would have it. */
static void flush_server(struct world *world, struct wire *wire)
{
    static uint8_t frame[CHANNEL_FLUSH_BYTES_MAX];
    size_t count = 0;

    if (wire->writing || !wire->server_open) {
        return;
    }
    if (wire->server_channel->state == CHANNEL_READY) {
        fill_frame(wire);
    }
    if (channel_has_output(wire->server_channel)) {
        if (channel_flush(wire->server_channel, frame, &count) != STATUS_OK) {
            abort();
        }
        travel(world, wire, false, frame, count);
        if (!wire->is_cut) {
            wire->writing = true;
            events_plan(&world->events, wire->to_client_ms, EVENT_WRITTEN, wire->number, 0);
        }
    } else if (wire->closing) {
        wire->server_open = false;
        events_plan(&world->events, wire->to_client_ms + 1, EVENT_CLOSED_CLIENT, wire->number,
                    0);
        destroy_if_closed(world, wire);
    }
}

void wire_flush_all(struct world *world)
{
    struct wire *wire = world->wires;

    while (wire != NULL) {
        struct wire *next = wire->next;

        flush_server(world, wire);
        wire = next;
    }
}

void wire_written(struct world *world, uint32_t number)
{
    struct wire *wire = wire_find(world, number);

    if (wire == NULL || wire->is_cut) {
        return;
    }
    wire->writing = false;
    if (wire->hub_knows && world->hub != NULL && wire->outbox.count < HUB_ITEM_BURST_BYTES) {
        hub_room(world->hub, number, world->now_ms);
    }
}

static void greet(struct world *world, struct wire *wire)
{
    enum status status = channel_accept(wire->server_channel, "simulation", world->now_ms);

    if (status == STATUS_OK) {
        status = hub_connect(world->hub, wire->number, channel_peer_key(wire->server_channel),
                             world->now_ms);
    }
    if (status != STATUS_OK) {
        world_fail(world, NULL, "the hub takes no connection: %s", status_name(status));
        return;
    }
    wire->hub_knows = true;
}

void wire_arrive_server(struct world *world, uint32_t number, uint32_t count)
{
    struct wire *wire = wire_find(world, number);
    struct bytes input;
    uint8_t *data = NULL;

    if (wire == NULL || !wire->server_open || wire->is_cut || world->hub == NULL) {
        return;
    }
    data = malloc(count);
    if (data == NULL) {
        abort();
    }
    memcpy(data, wire->to_server.data, count);
    buffer_take(&wire->to_server, count);
    input = (struct bytes){.data = data, .count = count};
    world_trace_bytes(world, input);
    while (!wire->closing) {
        struct message message;
        enum channel_event event = CHANNEL_WANTS_BYTES;
        enum status status = channel_read(wire->server_channel, &input, &event, &message);

        if (status != STATUS_OK) {
            world_fail(world, NULL, "the server's channel fails: %s", status_name(status));
            break;
        }
        if (event == CHANNEL_WANTS_BYTES) {
            break;
        }
        if (event == CHANNEL_OFFER) {
            greet(world, wire);
        } else {
            hub_receive(world->hub, number, message.whole, world->now_ms);
        }
    }
    free(data);
}

void wire_closed_server(struct world *world, uint32_t number)
{
    struct wire *wire = wire_find(world, number);

    if (wire == NULL || !wire->server_open) {
        return;
    }
    wire->server_open = false;
    if (wire->hub_knows && !wire->closing && world->hub != NULL) {
        hub_disconnect(world->hub, number, world->now_ms);
    }
    destroy_if_closed(world, wire);
}

void wire_cut(struct world *world, struct wire *wire)
{
    wire->is_cut = true;
    world_plan(world, 1 + world_below(world, 500), EVENT_CLOSED_CLIENT, wire->number, 0);
    /* the server may believe for long that a peer which is gone is still there */
    world_plan(world, 1 + world_below(world, NOTICE_MS_MAX), EVENT_CLOSED_SERVER, wire->number,
               0);
}

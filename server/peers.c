/* All peers: numbers, the turn of the loop, timers, the end. */
#include "server/peers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/machine/clock.h"
#include "common/secret.h"
#include "server/peers_private.h"

enum { SLOT_BITS = 13 };
static_assert(PEERS_MAX == 1 << SLOT_BITS, "a number is a generation and a slot");

/* ---- numbers ---- */

static struct peer *find(struct peers *peers, uint32_t number)
{
    struct peer_slot *slot = &peers->slots[number % PEERS_MAX];

    return slot->peer != NULL && slot->peer->number == number ? slot->peer : NULL;
}

bool peers_enter(struct peer *peer)
{
    struct peers *peers = peer->peers;

    for (uint32_t i = 0; i < PEERS_MAX; i++) {
        uint32_t at = (peers->slot_next + i) % PEERS_MAX;
        struct peer_slot *slot = &peers->slots[at];

        if (slot->peer == NULL) {
            slot->generation = (slot->generation + 1) % (UINT32_MAX >> SLOT_BITS);
            slot->peer = peer;
            peer->number = (slot->generation + 1) << SLOT_BITS | at; /* never 0 */
            peers->slot_next = at + 1;
            return true;
        }
    }
    return false;
}

void peers_leave(struct peer *peer)
{
    struct peer_slot *slot = &peer->peers->slots[peer->number % PEERS_MAX];

    if (slot->peer == peer) {
        slot->peer = NULL;
    }
}

void peers_set_state(struct peer *peer, enum peer_state state)
{
    struct peers *peers = peer->peers;
    bool counts = !peer->service->is_local;

    peers->open -= counts && peer->state == PEER_OPEN;
    peers->handshaking -= counts && peer->state == PEER_HANDSHAKING;
    peer->state = state;
    peers->open += counts && state == PEER_OPEN;
    peers->handshaking += counts && state == PEER_HANDSHAKING;
}

/* ---- the turn of the loop ---- */

static void go_on(uv_idle_t *again)
{
    (void)again; /* it being there keeps the loop from waiting */
}

void peers_mark_dirty(struct peer *peer)
{
    struct peers *peers = peer->peers;

    if (peer->is_dirty || peer->state == PEER_CLOSED) {
        return;
    }
    peer->is_dirty = true;
    peer->next_dirty = NULL;
    *peers->dirty_last = peer;
    peers->dirty_last = &peer->next_dirty;
    if (!peers->is_closing) {
        (void)uv_idle_start(&peers->again, go_on);
    }
}

static struct peer *take_dirty(struct peers *peers)
{
    struct peer *first = peers->dirty;

    peers->dirty = NULL;
    peers->dirty_last = &peers->dirty;
    return first;
}

/* Before the loop waits again: everything that came up in this turn is written. What comes up
 * meanwhile is for the next. */
static void on_turn(uv_prepare_t *turn)
{
    struct peers *peers = turn->data;
    struct peer *peer = take_dirty(peers);

    while (peer != NULL) {
        struct peer *next = peer->next_dirty;

        peer->is_dirty = false;
        if (peer->state != PEER_CLOSED) {
            peer_flush(peer);
        }
        peer = next;
    }
    if (peers->dirty == NULL && !peers->is_closing) {
        (void)uv_idle_stop(&peers->again);
    }
}

static void accept_waiting(struct peers *peers)
{
    struct peer_waiting waiting[PEERS_LISTENERS_MAX];
    size_t count = peers->waiting_count;

    memcpy(waiting, peers->waiting, sizeof waiting);
    peers->waiting_count = 0;
    for (size_t i = 0; i < count; i++) {
        peers_accept(peers, waiting[i].listener, waiting[i].service);
    }
}

static void on_tick(uv_timer_t *tick)
{
    struct peers *peers = tick->data;
    uint64_t now_ms = uv_now(peers->options.loop);

    for (size_t i = 0; i < PEERS_MAX; i++) {
        if (peers->slots[i].peer != NULL) {
            peer_check_time(peers->slots[i].peer, now_ms);
        }
    }
    accept_waiting(peers);
    if (peers->count == 0 && peers->waiting_count == 0) {
        (void)uv_timer_stop(&peers->tick);
    }
}

/* ---- the beginning and the end ---- */

enum status peers_create(const struct peers_options *options, struct peers **peers_out)
{
    struct peers *peers = calloc(1, sizeof *peers);
    uint64_t seed = 0;

    if (peers == NULL) {
        return STATUS_NOMEM;
    }
    peers->options = *options;
    if (options->count_max == 0 || options->count_max > PEERS_MAX) {
        peers->options.count_max = PEERS_MAX;
    }
    peers->create = peer_create;
    peers->dirty_last = &peers->dirty;
    entropy_fill(&options->entropy, &seed, sizeof seed);
    throttle_init(&peers->throttle, seed);
    /* These three only put themselves into the loop's lists, and cannot fail. */
    (void)uv_prepare_init(options->loop, &peers->turn);
    (void)uv_idle_init(options->loop, &peers->again);
    (void)uv_timer_init(options->loop, &peers->tick);
    peers->turn.data = peers;
    peers->again.data = peers;
    peers->tick.data = peers;
    (void)uv_prepare_start(&peers->turn, on_turn);
    *peers_out = peers;
    return STATUS_OK;
}

static void finish(struct peers *peers)
{
    void (*closed)(void *context) = peers->closed;
    void *context = peers->closed_context;

    if (!peers->is_closing || peers->handles > 0 || peers->count > 0) {
        return;
    }
    secret_wipe(&peers->options.key, sizeof peers->options.key);
    free(peers);
    closed(context);
}

static void after_close(uv_handle_t *handle)
{
    struct peers *peers = handle->data;

    peers->handles--;
    finish(peers);
}

void peers_close(struct peers *peers, void (*done)(void *context), void *context)
{
    assert(!peers->is_closing);
    for (size_t i = 0; i < PEERS_MAX; i++) {
        if (peers->slots[i].peer != NULL) {
            peer_close(peers->slots[i].peer, STATUS_CANCELLED);
        }
    }
    peers->is_closing = true;
    peers->closed = done;
    peers->closed_context = context;
    peers->handles = 3;
    uv_close((uv_handle_t *)&peers->turn, after_close);
    uv_close((uv_handle_t *)&peers->again, after_close);
    uv_close((uv_handle_t *)&peers->tick, after_close);
}

void peers_forget(struct peer *peer)
{
    struct peers *peers = peer->peers;
    struct peer **link = &peers->dirty;

    while (peer->is_dirty && *link != peer) {
        link = &(*link)->next_dirty;
    }
    if (peer->is_dirty) {
        *link = peer->next_dirty;
        if (*link == NULL) {
            peers->dirty_last = link;
        }
    }
    peers->count--;
    finish(peers);
}

/* ---- letting in ---- */

static void begin_tick(struct peers *peers)
{
    if (!uv_is_active((uv_handle_t *)&peers->tick)) {
        (void)uv_timer_start(&peers->tick, on_tick, PEERS_TICK_MS, PEERS_TICK_MS);
    }
}

/* However many are refused, the log says it once in a while. */
static void log_trouble(struct peers *peers, enum status status)
{
    uint64_t now_ms = uv_now(peers->options.loop);
    struct logger_line line;

    if (peers->is_troubled && now_ms - peers->trouble_ms < PEERS_TROUBLE_LOG_MS) {
        return;
    }
    peers->is_troubled = true;
    peers->trouble_ms = now_ms;
    logger_begin(&line, peers->options.logger, clock_now_ms(), LOGGER_WARNING, "no_room");
    logger_number(&line, "sockets", peers->count);
    logger_status(&line, status);
    logger_end(&line);
}

/* libuv holds the connection, and listens again once it is taken. */
static void wait_for_memory(struct peers *peers, uv_stream_t *listener,
                            const struct peer_service *service)
{
    assert(peers->waiting_count < PEERS_LISTENERS_MAX);
    peers->waiting[peers->waiting_count++] =
        (struct peer_waiting){.listener = listener, .service = service};
    log_trouble(peers, STATUS_NOMEM);
    begin_tick(peers);
}

static bool has_room(const struct peers *peers, const struct peer_service *service)
{
    return peers->count + (service->is_local ? 0 : PEERS_LOCAL_SPARED) <
           peers->options.count_max;
}

void peers_accept(struct peers *peers, uv_stream_t *listener,
                  const struct peer_service *service)
{
    bool room = has_room(peers, service);
    struct peer *peer = peers->create(peers, service);

    if (peer == NULL) {
        wait_for_memory(peers, listener, service);
        return;
    }
    peers->count++;
    peers->handshaking += !service->is_local;
    if (uv_accept(listener, &peer->uv.stream) != 0) {
        peer_close(peer, STATUS_UNREACHABLE);
        return;
    }
    if (!room || !peers_enter(peer)) {
        log_trouble(peers, STATUS_FULL);
        peer_turn_away(peer);
        return;
    }
    begin_tick(peers);
    peer_begin(peer);
}

void peers_accept_failed(struct peers *peers, int error)
{
    log_trouble(peers, error == UV_ENOMEM || error == UV_ENOBUFS ? STATUS_NOMEM : STATUS_FULL);
    uv_sleep(PEERS_ACCEPT_PAUSE_MS);
}

void peers_forget_listener(struct peers *peers, const uv_stream_t *listener)
{
    size_t kept = 0;

    for (size_t i = 0; i < peers->waiting_count; i++) {
        if (peers->waiting[i].listener != listener) {
            peers->waiting[kept++] = peers->waiting[i];
        }
    }
    peers->waiting_count = kept;
}

/* ---- by number ---- */

void peers_send(struct peers *peers, uint32_t number, struct bytes message)
{
    struct peer *peer = find(peers, number);

    if (peer != NULL) {
        peer_send(peer, message);
    }
}

void peers_end(struct peers *peers, uint32_t number)
{
    struct peer *peer = find(peers, number);

    if (peer != NULL) {
        peer_end(peer);
    }
}

void peers_end_all(struct peers *peers, bool is_local)
{
    for (size_t i = 0; i < PEERS_MAX; i++) {
        struct peer *peer = peers->slots[i].peer;

        if (peer != NULL && peer->service->is_local == is_local) {
            peer_end(peer);
        }
    }
}

uint32_t peers_open_count(const struct peers *peers)
{
    return peers->open;
}

uint32_t peers_handshaking_count(const struct peers *peers)
{
    return peers->handshaking;
}

uint32_t peers_count(const struct peers *peers)
{
    return peers->count;
}

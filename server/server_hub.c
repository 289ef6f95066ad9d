/* The hub's driver: carries out its effects, tells it what happens and what time it is. */

#include "common/machine/clock.h"
#include "server/server_private.h"

enum {
    TICK_MS_MIN = 10,
    TICK_MS_MAX = 60 * 1000,
    SWEEP_PURGES_MAX = 64, /* at once; then others may have their turn */
    SWEEP_AGAIN_MS = 1000,
};

/* ---- effects: the hub asks ---- */

static void send_message(void *context, uint32_t connection, struct bytes message)
{
    struct server *server = context;

    if (server->peers != NULL) {
        peers_send(server->peers, connection, message);
    }
}

static void close_connection(void *context, uint32_t connection, enum status reason)
{
    struct server *server = context;

    (void)reason; /* the hub has told the peer and the log */
    if (server->peers != NULL) {
        peers_end(server->peers, connection);
    }
}

static void after_append(void *context, const struct batch *batch, enum status status)
{
    struct server *server = context;

    if (status == STATUS_NO_SPACE) {
        server_log(server, LOGGER_WARNING, "disk_full", status);
    }
    hub_stored(server->hub, batch->number, status, clock_now_ms());
    server_hub_wait(server);
    if (status == STATUS_IO) {
        server_fail(server, STATUS_IO, "the disk failed: nothing can be made durable any more");
    }
}

static void store_batch(void *context, struct batch *batch)
{
    struct server *server = context;

    if (server->store == NULL) {
        batch_destroy(batch); /* too late: nobody is left to hear of it */
        return;
    }
    store_append(server->store, batch, after_append, server);
}

static void after_load(void *context, const uint8_t session[HASH_BYTES], enum status status,
                       const struct row *rows, size_t count)
{
    struct server *server = context;

    hub_loaded(server->hub, session, status, rows, count, clock_now_ms());
    server_hub_wait(server);
}

static void load_session(void *context, const uint8_t session[HASH_BYTES])
{
    struct server *server = context;

    if (server->store != NULL) {
        store_load(server->store, session, after_load, server);
    }
}

static void log_event(void *context, const char *event, const uint8_t *session, uint16_t member,
                      enum status status)
{
    struct server *server = context;
    struct logger_line line;

    logger_begin(&line, &server->logger, clock_now_ms(), LOGGER_INFO, event);
    if (session != NULL) {
        logger_session(&line, session);
    }
    if (member != 0) {
        logger_number(&line, "member", member);
    }
    logger_status(&line, status);
    logger_end(&line);
}

/* ---- events: the hub is told ---- */

static enum status on_proved(void *context, uint32_t peer, const uint8_t key[KEY_BYTES])
{
    struct server *server = context;
    enum status status = hub_connect(server->hub, peer, key, clock_now_ms());

    server_hub_wait(server);
    return status == STATUS_FULL ? STATUS_BUSY : status;
}

static void on_message(void *context, uint32_t peer, const struct message *message)
{
    struct server *server = context;

    hub_receive(server->hub, peer, message->whole, clock_now_ms());
}

static void on_room(void *context, uint32_t peer)
{
    struct server *server = context;

    hub_room(server->hub, peer, clock_now_ms());
}

static void on_gone(void *context, uint32_t peer)
{
    struct server *server = context;

    hub_disconnect(server->hub, peer, clock_now_ms());
    server_hub_wait(server);
}

static void on_hub_time(uv_timer_t *timer)
{
    server_hub_wait(timer->data);
}

/* Ticks are cheap, and the hub says when the next is due: so one is made after whatever may
 * have changed that. */
void server_hub_wait(struct server *server)
{
    uint64_t now_ms = clock_now_ms();
    uint64_t next_ms = 0;
    uint64_t wait_ms;

    if (server->state == SERVER_CLOSING) {
        return;
    }
    hub_tick(server->hub, now_ms, &next_ms);
    wait_ms = next_ms > now_ms ? next_ms - now_ms : 0;
    wait_ms = wait_ms < TICK_MS_MIN ? TICK_MS_MIN : wait_ms;
    (void)uv_timer_start(&server->hub_time, on_hub_time,
                         wait_ms > TICK_MS_MAX ? TICK_MS_MAX : wait_ms, 0);
}

static void on_sweep(uv_timer_t *timer);

static void after_purge(void *context, enum status status)
{
    server_log(context, LOGGER_INFO, "purged", status);
}

/* Out of the store, whatever state it is in; then the hub finds it gone and tells whoever is in
 * it. */
static void purge_due(void *context, enum status status, const struct store_session *sessions,
                      size_t count)
{
    struct server *server = context;
    uint64_t now_ms = clock_now_ms();
    size_t due = 0;

    for (size_t i = 0; i < count && server->state == SERVER_SERVING; i++) {
        if (sessions[i].purged_ms == 0 && sessions[i].retention_ms <= now_ms &&
            due++ < SWEEP_PURGES_MAX) {
            store_purge(server->store, sessions[i].session, now_ms, after_purge, server);
            hub_purge(server->hub, sessions[i].session, now_ms);
        }
    }
    if (due > SWEEP_PURGES_MAX) {
        (void)uv_timer_start(&server->sweep, on_sweep, SWEEP_AGAIN_MS, SERVER_SWEEP_MS);
    }
    if (status != STATUS_OK) {
        server_log(server, LOGGER_WARNING, "sweep", status);
    }
}

static void on_sweep(uv_timer_t *timer)
{
    struct server *server = timer->data;

    if (server->state == SERVER_SERVING) {
        store_list_sessions(server->store, purge_due, server);
    }
}

void server_hub_begin(struct server *server)
{
    (void)uv_timer_start(&server->sweep, on_sweep, 0, SERVER_SWEEP_MS);
    server_hub_wait(server);
}

enum status server_hub_create(struct server *server)
{
    struct hub_driver driver = {.context = server,
                                .send = send_message,
                                .close = close_connection,
                                .store = store_batch,
                                .load = load_session,
                                .log = log_event};

    server->network = (struct peer_service){.context = server,
                                            .proved = on_proved,
                                            .message = on_message,
                                            .room = on_room,
                                            .gone = on_gone};
    return hub_create(&driver, clock_now_ms(), &server->hub);
}

/* Starting and stopping: what is opened in which order, and what ends when. */
#include "server/server.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/machine/clock.h"
#include "common/secret.h"
#include "server/data_dir.h"
#include "server/reach.h"
#include "server/server_private.h"
#include "server/text.h"

enum { TIMERS = 3 };

static const char server_name[] = "kringd " KRING_VERSION;

void server_log(const struct server *server, enum logger_level level, const char *event,
                enum status status)
{
    logger_event(&server->logger, clock_now_ms(), level, event, status);
}

/* ---- the end ---- */

static void free_server(struct server *server)
{
    hub_destroy(server->hub);
    if (server->socket_fd >= 0) {
        (void)close(server->socket_fd);
    }
    secret_wipe(&server->key, sizeof server->key);
    free(server->directory);
    free(server);
}

static void after_all(struct server *server)
{
    void (*ended)(void *context, enum status status, const char *why) = server->ended;
    void *context = server->context;
    enum status status = server->status;
    char why[SERVER_WHY_BYTES_MAX];

    server_log(server, LOGGER_INFO, "stopped", status);
    memcpy(why, server->why, sizeof why);
    free_server(server);
    ended(context, status, why);
}

static void one_less(void *context)
{
    struct server *server = context;

    assert(server->open_handles > 0);
    if (--server->open_handles == 0) {
        after_all(server);
    }
}

static void after_timer(uv_handle_t *handle)
{
    one_less(handle->data);
}

static void after_store(void *context, enum status status)
{
    (void)status;
    one_less(context);
}

/* The store comes last: what the hub gave it is finished first, and its callbacks are ours. */
static void after_peers(void *context)
{
    struct server *server = context;

    server->peers = NULL;
    store_stop(server->store, after_store, server);
    server->store = NULL;
}

static void close_everything(struct server *server)
{
    if (server->state == SERVER_CLOSING) {
        return;
    }
    server->state = SERVER_CLOSING;
    peers_close(server->peers, after_peers, server);
    uv_close((uv_handle_t *)&server->hub_time, after_timer);
    uv_close((uv_handle_t *)&server->sweep, after_timer);
    uv_close((uv_handle_t *)&server->drain, after_timer);
}

static void close_listeners(struct server *server)
{
    for (size_t i = 0; i < server->listener_count; i++) {
        listener_close(&server->listeners[i], one_less, server);
    }
    if (server->is_local_open) {
        listener_close(&server->local, one_less, server);
    }
    server->listener_count = 0;
    server->is_local_open = false;
}

static void on_drain(uv_timer_t *timer)
{
    struct server *server = timer->data;
    bool drained = hub_drain(server->hub, clock_now_ms());

    if (drained) {
        peers_end_all(server->peers, true);
        peers_end_all(server->peers, false);
    }
    if ((drained && peers_count(server->peers) == 0) ||
        uv_now(server->loop) >= server->drain_until_ms) {
        close_everything(server);
    }
}

void server_stop(struct server *server)
{
    if (server->state == SERVER_DRAINING || server->state == SERVER_CLOSING) {
        return;
    }
    server_log(server, LOGGER_INFO, "stopping", server->status);
    server->state = SERVER_DRAINING;
    server->drain_until_ms = uv_now(server->loop) + SERVER_DRAIN_MS_MAX;
    close_listeners(server);
    (void)uv_timer_start(&server->drain, on_drain, 0, SERVER_DRAIN_POLL_MS);
}

void server_fail(struct server *server, enum status status, const char *why)
{
    if (server->status == STATUS_OK) {
        server->status = status;
        (void)snprintf(server->why, sizeof server->why, "%s", why);
        server_log(server, LOGGER_ERROR, "failed", status);
    }
    server_stop(server);
}

/* ---- the beginning ---- */

static void answer_administrator(void *context, uint32_t peer, struct bytes message)
{
    struct server *server = context;

    if (server->peers != NULL) {
        peers_send(server->peers, peer, message);
    }
}

static void on_administrator(void *context, uint32_t peer, const struct message *message)
{
    struct server *server = context;

    control_handle(&server->control, peer, message);
    server_hub_wait(server);
}

static void nothing(void *context, uint32_t peer)
{
    (void)context;
    (void)peer;
}

/* What people are told to reach: the name given, else an address that it listens on. */
static void choose_host(struct server *server)
{
    union config_address addresses[CONFIG_LISTENS_MAX];

    if (server->host[0] != '\0') {
        server->host_from = CONTROL_HOST_GIVEN;
        return;
    }
    for (size_t i = 0; i < server->listener_count; i++) {
        server_address(server, i, &addresses[i]);
    }
    server->host_from = reach_choose_here(addresses, server->listener_count, server->host);
}

static void begin_control(struct server *server)
{
    struct control_options options = {.store = server->store,
                                      .hub = server->hub,
                                      .peers = server->peers,
                                      .server_key = server->key.public_key,
                                      .host = server->host,
                                      .host_from = server->host_from,
                                      .entropy = server->entropy,
                                      .logger = &server->logger,
                                      .answer = answer_administrator,
                                      .context = server};

    control_init(&server->control, &options);
    server->administrator = (struct peer_service){.is_local = true,
                                                  .context = server,
                                                  .message = on_administrator,
                                                  .room = nothing,
                                                  .gone = nothing};
}

/* An IPv6 wildcard would take IPv4 along, unless that has a listener of its own. */
static bool is_v6_only(const struct server *server, const union config_address *address)
{
    for (size_t i = 0; i < server->listen_count; i++) {
        const union config_address *other = &server->listens[i];

        if (address->any.sa_family == AF_INET6 && other->any.sa_family == AF_INET &&
            other->v4.sin_port == address->v6.sin6_port && other->v4.sin_port != 0) {
            return true;
        }
    }
    return false;
}

static enum status listen_to_network(struct server *server)
{
    for (size_t i = 0; i < server->listen_count; i++) {
        const union config_address *address = &server->listens[i];
        enum status status;

        status =
            listener_open_tcp(&server->listeners[i], server->loop, address,
                              is_v6_only(server, address), server->peers, &server->network);
        server->listener_count++;
        server->open_handles++;
        if (status != STATUS_OK) {
            char text[CONFIG_ADDRESS_BYTES_MAX];
            char why[SERVER_WHY_BYTES_MAX];

            options_print_address(address, text);
            (void)snprintf(why, sizeof why, "cannot listen on %s: %s", text,
                           status == STATUS_BUSY        ? "the port is in use"
                           : status == STATUS_NOT_FOUND ? "this machine has no such address"
                                                        : status_name(status));
            server_fail(server, status, why);
            return status;
        }
    }
    return STATUS_OK;
}

static enum status listen_to_administrator(struct server *server)
{
    char path[DATA_DIR_SOCKET_BYTES_MAX];
    enum status status =
        data_dir_socket(server->directory, CONTROL_SOCKET, path, &server->socket_fd);

    if (status == STATUS_OK) {
        status = listener_open_local(&server->local, server->loop, path, server->peers,
                                     &server->administrator);
        server->is_local_open = true;
        server->open_handles++;
    }
    if (status != STATUS_OK) {
        server_fail(server, status, "cannot make the control socket in the data directory");
    }
    return status;
}

static void log_listening(const struct server *server)
{
    for (size_t i = 0; i < server->listener_count; i++) {
        union config_address address;
        char text[CONFIG_ADDRESS_BYTES_MAX];
        struct logger_line line;

        server_address(server, i, &address);
        options_print_address(&address, text);
        logger_begin(&line, &server->logger, clock_now_ms(), LOGGER_INFO, "listening");
        logger_text(&line, "on", text);
        logger_end(&line);
    }
}

/* Tickets are the last thing the hub needs to know before anybody may come in. */
static void after_tickets(void *context, enum status status, const struct store_ticket *tickets,
                          size_t count)
{
    struct server *server = context;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct hub_ticket ticket = {.uses_left = tickets[i].uses_left,
                                    .expiry_ms = tickets[i].expiry_ms};

        memcpy(ticket.key, tickets[i].key, KEY_BYTES);
        (void)text_copy(ticket.label, sizeof ticket.label, tickets[i].label);
        status = hub_ticket_put(server->hub, &ticket);
    }
    if (server->state != SERVER_STARTING) {
        return; /* stopped already */
    }
    if (status != STATUS_OK) {
        server_fail(server, status, "the tickets cannot be read");
        return;
    }
    if (listen_to_network(server) != STATUS_OK) {
        return;
    }
    choose_host(server);
    begin_control(server);
    if (listen_to_administrator(server) != STATUS_OK) {
        return;
    }
    server->state = SERVER_SERVING;
    log_listening(server);
    server_hub_begin(server);
    server->ready(server->context, server);
}

static enum status fill_in(struct server *server, const struct server_options *options)
{
    server->directory = strdup(options->directory);
    if (server->directory == NULL) {
        return STATUS_NOMEM;
    }
    (void)snprintf(server->host, sizeof server->host, "%s",
                   options->host == NULL ? "" : options->host);
    memcpy(server->listens, options->listens, options->listen_count * sizeof *options->listens);
    server->listen_count = options->listen_count;
    server->key = options->key;
    server->entropy = options->entropy;
    server->logger = options->logger;
    server->context = options->context;
    server->ready = options->ready;
    server->ended = options->ended;
    return STATUS_OK;
}

static void begin_timers(struct server *server)
{
    uv_timer_t *timers[TIMERS] = {&server->hub_time, &server->sweep, &server->drain};

    for (size_t i = 0; i < TIMERS; i++) {
        (void)uv_timer_init(server->loop, timers[i]); /* cannot fail */
        timers[i]->data = server;
    }
    server->open_handles = TIMERS + 1; /* and the store, which follows the peers */
}

static enum status open_parts(struct server *server, const struct server_options *options,
                              const char **why_out)
{
    struct store_options store = {.directory = server->directory,
                                  .free_bytes_min = options->min_free_bytes};
    struct peers_options peers = {.loop = server->loop,
                                  .key = server->key,
                                  .entropy = server->entropy,
                                  .name = server_name,
                                  .logger = &server->logger,
                                  .count_max = options->connections_max};
    enum status status = server_hub_create(server);

    if (status == STATUS_OK) {
        status = store_open(server->loop, &store, &server->store, why_out);
    }
    if (status == STATUS_OK) {
        status = peers_create(&peers, &server->peers);
    }
    if (status != STATUS_OK && server->store != NULL) {
        store_stop(server->store, NULL, NULL);
        server->store = NULL;
    }
    return status;
}

enum status server_start(uv_loop_t *loop, const struct server_options *options,
                         struct server **server_out, char why_out[SERVER_WHY_BYTES_MAX])
{
    struct server *server = calloc(1, sizeof *server);
    const char *why = "out of memory";
    enum status status = STATUS_NOMEM;

    assert(options->listen_count >= 1 && options->listen_count <= CONFIG_LISTENS_MAX);
    if (server != NULL) {
        server->loop = loop;
        server->socket_fd = -1;
        status = fill_in(server, options);
    }
    if (status == STATUS_OK) {
        status = open_parts(server, options, &why);
    }
    if (status != STATUS_OK) {
        (void)snprintf(why_out, SERVER_WHY_BYTES_MAX, "%s", why);
        if (server != NULL) {
            free_server(server);
        }
        return status;
    }
    begin_timers(server);
    store_list_tickets(server->store, after_tickets, server);
    *server_out = server;
    return STATUS_OK;
}

size_t server_listen_count(const struct server *server)
{
    return server->listener_count;
}

void server_address(const struct server *server, size_t at, union config_address *address_out)
{
    listener_address(&server->listeners[at], address_out);
}

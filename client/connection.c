#include "client/connection_private.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/say.h"
#include "common/secret.h"

enum { CLOSE_MS_MAX = 1000, TEXT_BYTES_MAX = 400, SERVER_WORDS_BYTES_MAX = 80 };

static void attempt(struct connection *connection);

/* ---- memory ---- */

static void drop_addresses(struct connection *connection)
{
    if (connection->addresses != NULL) {
        uv_freeaddrinfo(connection->addresses);
    }
    connection->addresses = NULL;
    connection->address = NULL;
}

/* The last that libuv knew of it is gone. */
void connection_release(struct connection *connection)
{
    void (*done)(void *context) = connection->done;
    void *context = connection->done_context;

    if (--connection->handles > 0) {
        return;
    }
    connection_drop_waiting(connection);
    drop_addresses(connection);
    channel_finish(connection->channel);
    free(connection->channel);
    secret_wipe(connection, sizeof *connection);
    free(connection);
    if (done != NULL) {
        done(context);
    }
}

static void after_close(uv_handle_t *handle)
{
    connection_release(handle->data);
}

static void after_line_close(uv_handle_t *handle)
{
    struct line *line = handle->data;
    struct connection *connection = line->connection;

    free(line);
    connection_release(connection);
}

static void drop_line(struct connection *connection)
{
    struct line *line = connection->line;

    if (line == NULL) {
        return;
    }
    connection->line = NULL;
    channel_finish(connection->channel);
    connection_drop_waiting(connection);
    (void)uv_idle_stop(&connection->turn);
    uv_close((uv_handle_t *)&line->tcp, after_line_close);
}

enum status connection_create(struct uv_loop_s *loop, const struct connection_options *options,
                              struct connection **connection_out)
{
    struct connection *connection = calloc(1, sizeof *connection);
    enum status status = STATUS_OK;

    *connection_out = NULL;
    if (connection == NULL) {
        return STATUS_NOMEM;
    }
    connection->channel = calloc(1, sizeof *connection->channel);
    if (connection->channel == NULL || strlen(options->host) > LINK_HOST_BYTES_MAX) {
        status = connection->channel == NULL ? STATUS_NOMEM : STATUS_TOO_LONG;
        free(connection->channel);
        free(connection);
        return status;
    }
    connection->loop = loop;
    connection->driver = options->driver;
    connection->entropy = options->entropy;
    noise_keypair_from(options->noise_secret, &connection->own);
    memcpy(connection->server_key, options->server_key, KEY_BYTES);
    memcpy(connection->host, options->host, strlen(options->host) + 1);
    (void)snprintf(connection->port, sizeof connection->port, "%u", (unsigned)options->port);
    (void)uv_timer_init(loop, &connection->timer);
    (void)uv_idle_init(loop, &connection->turn);
    connection->timer.data = connection;
    connection->turn.data = connection;
    connection->resolver.data = connection;
    connection->handles = 2;
    *connection_out = connection;
    return STATUS_OK;
}

/* ---- giving up one attempt, and the next ---- */

/* What the server calls itself goes to a terminal: what is not printable ASCII shows as '?'. */
static void server_words(const struct connection *connection, char out[SERVER_WORDS_BYTES_MAX])
{
    struct bytes said = channel_refusal(connection->channel);
    size_t count =
        said.count < SERVER_WORDS_BYTES_MAX ? said.count : SERVER_WORDS_BYTES_MAX - 1;

    for (size_t i = 0; i < count; i++) {
        out[i] = said.data[i] >= ' ' && said.data[i] < 0x7f ? (char)said.data[i] : '?';
    }
    out[count] = '\0';
}

static void say_lost(const struct connection *connection, enum status status, char *out,
                     size_t size)
{
    char words[SERVER_WORDS_BYTES_MAX];

    if (status == STATUS_CRYPTO) {
        (void)snprintf(
            out, size,
            SAY("%s answers, but is not the server of this invite. Nothing was sent. "
                "Ask whoever invited you whether the server moved."),
            connection->host);
    } else if (status == STATUS_VERSION) {
        server_words(connection, words);
        (void)snprintf(out, size, SAY("The server and this kring are too far apart in age: %s"),
                       words);
    } else if (status == STATUS_BUSY) {
        (void)snprintf(out, size, SAY("%s has no room just now; this goes on trying."),
                       connection->host);
    } else if (status == STATUS_NOT_FOUND) {
        (void)snprintf(out, size,
                       SAY("No machine is called %s, or there is no network; this goes on "
                           "trying."),
                       connection->host);
    } else {
        (void)snprintf(out, size, SAY("No connection with %s; this goes on trying."),
                       connection->host);
    }
}

static void on_retry(uv_timer_t *timer)
{
    attempt(timer->data);
}

static uint64_t next_pause(struct connection *connection)
{
    uint64_t pause_ms = connection->backoff_ms;
    uint8_t random[2];

    connection->backoff_ms = pause_ms * 2 < CONNECTION_BACKOFF_MS_MAX
                                 ? pause_ms * 2
                                 : (uint64_t)CONNECTION_BACKOFF_MS_MAX;
    entropy_fill(&connection->entropy, random, sizeof random);
    /* shortened at random by up to half, so that not all come back at once */
    return pause_ms - pause_ms / 2 * bytes_get_u16(random) / UINT16_MAX;
}

void connection_fail(struct connection *connection, enum status status)
{
    char text[TEXT_BYTES_MAX];
    bool final = status == STATUS_VERSION;
    uint64_t pause_ms = final ? 0 : next_pause(connection);

    say_lost(connection, status, text, sizeof text);
    drop_line(connection);
    drop_addresses(connection);
    connection->state = final ? CONNECTION_REFUSED : CONNECTION_WAITING;
    if (final) {
        (void)uv_timer_stop(&connection->timer);
    } else {
        (void)uv_timer_start(&connection->timer, on_retry, pause_ms, 0);
    }
    connection->driver.lost(connection->driver.context, status, text, pause_ms);
}

static void on_late(uv_timer_t *timer)
{
    connection_fail(timer->data, STATUS_TIMEOUT);
}

void connection_patience(struct connection *connection, uint64_t ms)
{
    (void)uv_timer_start(&connection->timer, on_late, ms, 0);
}

/* ---- connecting ---- */

static void try_address(struct connection *connection);

static void on_connect(uv_connect_t *request, int error)
{
    struct line *line = request->data;
    struct connection *connection = line->connection;
    enum status status = STATUS_OK;

    if (connection->line != line) {
        return; /* given up meanwhile */
    }
    if (error != 0) {
        drop_line(connection);
        connection->address = connection->address->ai_next;
        try_address(connection);
        return;
    }
    status = connection_greet(connection);
    if (status != STATUS_OK) {
        connection_fail(connection, status);
    }
}

static void try_address(struct connection *connection)
{
    struct line *line = NULL;

    if (connection->address == NULL) {
        connection->turned_away = 0; /* nobody is there at all */
        connection_fail(connection, STATUS_UNREACHABLE);
        return;
    }
    line = calloc(1, sizeof *line);
    if (line == NULL || uv_tcp_init(connection->loop, &line->tcp) != 0) {
        free(line);
        connection_fail(connection, STATUS_NOMEM);
        return;
    }
    line->connection = connection;
    line->tcp.data = line;
    line->connect.data = line;
    connection->handles++;
    connection->line = line;
    connection->state = CONNECTION_CONNECTING;
    connection_patience(connection, CONNECTION_CONNECT_MS_MAX);
    if (uv_tcp_connect(&line->connect, &line->tcp, connection->address->ai_addr, on_connect) !=
        0) {
        drop_line(connection);
        connection->address = connection->address->ai_next;
        try_address(connection);
    }
}

static void on_resolved(uv_getaddrinfo_t *resolver, int error, struct addrinfo *addresses)
{
    struct connection *connection = resolver->data;

    connection->resolving = false;
    if (connection->closing || connection->state != CONNECTION_RESOLVING) {
        uv_freeaddrinfo(addresses);
    } else if (error != 0) {
        connection_fail(connection, STATUS_NOT_FOUND);
    } else {
        connection->addresses = addresses;
        connection->address = addresses;
        try_address(connection);
    }
    connection_release(connection);
}

static void attempt(struct connection *connection)
{
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};

    connection->state = CONNECTION_RESOLVING;
    if (connection->resolving) {
        return; /* its answer is on its way, and is wanted again */
    }
    (void)uv_timer_stop(&connection->timer);
    if (uv_getaddrinfo(connection->loop, &connection->resolver, on_resolved, connection->host,
                       connection->port, &hints) != 0) {
        connection_fail(connection, STATUS_NOT_FOUND);
        return;
    }
    connection->resolving = true;
    connection->handles++;
}

/* ---- from outside ---- */

void connection_start(struct connection *connection)
{
    connection->backoff_ms = CONNECTION_BACKOFF_MS_MIN;
    connection->turned_away = 0;
    connection->state = CONNECTION_WAITING;
    (void)uv_timer_start(&connection->timer, on_retry, 0, 0);
}

void connection_retry(struct connection *connection)
{
    if (connection->state == CONNECTION_WAITING || connection->state == CONNECTION_REFUSED ||
        connection->state == CONNECTION_STOPPED) {
        connection_start(connection);
    }
}

void connection_stop(struct connection *connection)
{
    drop_line(connection);
    drop_addresses(connection);
    (void)uv_timer_stop(&connection->timer);
    connection->state = CONNECTION_STOPPED;
}

enum connection_state connection_state(const struct connection *connection)
{
    return connection->state;
}

void connection_drop(struct connection *connection)
{
    if (connection->line == NULL) {
        return;
    }
    drop_line(connection);
    connection->state = CONNECTION_WAITING;
    /* not from within a call: whoever dropped it is not called back at once */
    (void)uv_timer_start(&connection->timer, on_late, 0, 0);
}

static void shut(struct connection *connection)
{
    drop_line(connection);
    uv_close((uv_handle_t *)&connection->timer, after_close);
    uv_close((uv_handle_t *)&connection->turn, after_close);
}

static void on_closing_turn(uv_timer_t *timer)
{
    struct connection *connection = timer->data;
    uint64_t waited_ms = uv_now(connection->loop) - connection->closing_ms;

    /* what is written has left when libuv holds none of it any more */
    if (connection->writes > 0 && waited_ms < CLOSE_MS_MAX) {
        (void)uv_timer_start(timer, on_closing_turn, 10, 0);
    } else {
        shut(connection);
    }
}

void connection_close(struct connection *connection, void (*done)(void *context), void *context)
{
    if (connection->closing) {
        return;
    }
    connection->closing = true;
    connection->done = done;
    connection->done_context = context;
    (void)uv_idle_stop(&connection->turn);
    if (connection->resolving) {
        (void)uv_cancel((uv_req_t *)&connection->resolver);
    }
    if (connection->line == NULL || connection->state != CONNECTION_READY ||
        connection_flush(connection) != STATUS_OK) {
        shut(connection);
        return;
    }
    (void)uv_read_stop((uv_stream_t *)&connection->line->tcp);
    connection->closing_ms = uv_now(connection->loop);
    on_closing_turn(&connection->timer);
}

/* One line of a connection: what is said over it, once it is connected. */
#include <stdlib.h>
#include <string.h>

#include "client/connection_private.h"
#include "common/secret.h"
#include "protocol/methods.h"

void connection_drop_waiting(struct connection *connection)
{
    while (connection->first != NULL) {
        struct waiting_message *message = connection->first;

        connection->first = message->next;
        secret_wipe(message->data, message->count);
        free(message);
    }
    connection->last = NULL;
    connection->waiting_bytes = 0;
}

/* ---- writing ---- */

struct write {
    uv_write_t request;
    struct connection *connection;
    uint8_t data[];
};

static void after_write(uv_write_t *request, int error)
{
    struct write *write = request->data;
    struct connection *connection = write->connection;
    bool ours =
        connection->line != NULL && request->handle == (uv_stream_t *)&connection->line->tcp;

    free(write);
    connection->writes--;
    if (error != 0 && ours && !connection->closing) {
        connection_fail(connection, STATUS_UNREACHABLE);
    }
    connection_release(connection);
}

static enum status write_frame(struct connection *connection)
{
    struct write *write = malloc(sizeof *write + CHANNEL_FLUSH_BYTES_MAX);
    size_t count = 0;
    enum status status = STATUS_NOMEM;
    uv_buf_t buffer;

    if (write == NULL) {
        return STATUS_NOMEM;
    }
    status = channel_flush(connection->channel, write->data, &count);
    if (status != STATUS_OK || count == 0) {
        free(write);
        return status;
    }
    write->connection = connection;
    write->request.data = write;
    buffer = uv_buf_init((char *)write->data, (unsigned)count);
    if (uv_write(&write->request, (uv_stream_t *)&connection->line->tcp, &buffer, 1,
                 after_write) != 0) {
        free(write);
        return STATUS_UNREACHABLE;
    }
    connection->writes++;
    connection->handles++;
    return STATUS_OK;
}

/* Fills the frame from what waits. False: it is full. */
static enum status refill(struct connection *connection)
{
    while (connection->first != NULL) {
        struct waiting_message *message = connection->first;
        enum status status =
            channel_send(connection->channel,
                         (struct bytes){.data = message->data, .count = message->count});

        if (status != STATUS_OK) {
            return status == STATUS_FULL ? STATUS_OK : status;
        }
        connection->first = message->next;
        connection->last = connection->first == NULL ? NULL : connection->last;
        connection->waiting_bytes -= message->count;
        secret_wipe(message->data, message->count);
        free(message);
    }
    return STATUS_OK;
}

enum status connection_flush(struct connection *connection)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && channel_has_output(connection->channel)) {
        status = write_frame(connection);
        if (status == STATUS_OK) {
            status = refill(connection);
        }
    }
    return status;
}

static void on_turn(uv_idle_t *turn)
{
    struct connection *connection = turn->data;
    enum status status = connection_flush(connection);

    (void)uv_idle_stop(turn);
    if (status != STATUS_OK && !connection->closing) {
        connection_fail(connection, status);
    }
}

static bool queue(struct connection *connection, struct bytes message)
{
    struct waiting_message *waiting = malloc(sizeof *waiting + message.count);

    if (waiting == NULL ||
        connection->waiting_bytes + message.count > CONNECTION_OUTPUT_BYTES_MAX) {
        free(waiting);
        return false;
    }
    waiting->next = NULL;
    waiting->count = message.count;
    memcpy(waiting->data, message.data, message.count);
    if (connection->last != NULL) {
        connection->last->next = waiting;
    } else {
        connection->first = waiting;
    }
    connection->last = waiting;
    connection->waiting_bytes += message.count;
    return true;
}

void connection_send(struct connection *connection, struct bytes message)
{
    enum status status = STATUS_FULL;

    if (connection->state != CONNECTION_READY || connection->line == NULL) {
        return;
    }
    if (connection->first == NULL) {
        status = channel_send(connection->channel, message);
    }
    if (status == STATUS_FULL && queue(connection, message)) {
        status = STATUS_OK;
    }
    if (status == STATUS_OK) {
        (void)uv_idle_start(&connection->turn, on_turn);
    } else {
        connection_drop(connection); /* it comes back, and what was not said is said again */
    }
}

/* ---- reading ---- */

static enum status welcomed(struct connection *connection, const struct message *message)
{
    struct message_welcome welcome;
    enum status status = message_welcome_decode(message->body, &welcome);

    if (status != STATUS_OK) {
        return status;
    }
    connection->state = CONNECTION_READY;
    connection->reached = true;
    connection->backoff_ms = CONNECTION_BACKOFF_MS_MIN;
    connection->turned_away = 0;
    connection->driver.ready(connection->driver.context, welcome.time_ms);
    return STATUS_OK;
}

static enum status take(struct connection *connection, struct bytes input)
{
    struct line *line = connection->line;

    for (;;) {
        enum channel_event event = CHANNEL_WANTS_BYTES;
        struct message message;
        enum status status = channel_read(connection->channel, &input, &event, &message);

        if (status == STATUS_OK && event == CHANNEL_WELCOMED) {
            status = welcomed(connection, &message);
        } else if (status == STATUS_OK && event == CHANNEL_MESSAGE) {
            status = connection->driver.message(connection->driver.context, message.whole);
        }
        if (connection->line != line) {
            return STATUS_OK; /* dropped by what it led to */
        }
        if (status != STATUS_OK || event == CHANNEL_WANTS_BYTES) {
            return status;
        }
    }
}

static void on_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct line *line = handle->data;

    (void)suggested;
    *buffer = uv_buf_init((char *)line->connection->input, CONNECTION_INPUT_BYTES);
}

/* Closing before it has said anything is how a server answers who does not know its key. One
 * that was reached before may also have died just now: then it takes a second time. */
static enum status ended(struct connection *connection, ssize_t how)
{
    enum status status = how == UV_EOF ? channel_end(connection->channel) : STATUS_UNREACHABLE;

    if (status != STATUS_CRYPTO) {
        return STATUS_UNREACHABLE;
    }
    connection->turned_away++;
    return connection->reached && connection->turned_away == 1 ? STATUS_UNREACHABLE : status;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct line *line = stream->data;
    struct connection *connection = line->connection;
    enum status status = STATUS_OK;

    if (count == 0 || connection->line != line) {
        return;
    }
    if (count > 0) {
        status = take(connection, (struct bytes){.data = (const uint8_t *)buffer->base,
                                                 .count = (size_t)count});
    } else {
        status = ended(connection, count);
    }
    if (connection->line != line || connection->closing) {
        return;
    }
    if (status != STATUS_OK) {
        connection_fail(connection, status);
        return;
    }
    if (connection->state == CONNECTION_READY) {
        connection_patience(connection, CHANNEL_NO_PROGRESS_MS_MAX);
    }
    (void)uv_idle_start(&connection->turn, on_turn);
}

enum status connection_greet(struct connection *connection)
{
    struct line *line = connection->line;
    enum status status = STATUS_OK;

    (void)uv_tcp_nodelay(&line->tcp, 1);
    connection->state = CONNECTION_GREETING;
    connection_patience(connection, CHANNEL_HANDSHAKE_MS_MAX);
    status = channel_init_client(connection->channel, &connection->own, connection->server_key,
                                 "kring " KRING_VERSION, connection->entropy);
    if (status != STATUS_OK) {
        return status;
    }
    if (uv_read_start((uv_stream_t *)&line->tcp, on_allocate, on_read) != 0) {
        return STATUS_UNREACHABLE;
    }
    (void)uv_idle_start(&connection->turn, on_turn);
    return STATUS_OK;
}

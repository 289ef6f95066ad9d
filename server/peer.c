/* One peer: reading, writing, closing. */
#include <stdlib.h>
#include <string.h>

#include "common/machine/clock.h"
#include "protocol/methods.h"
#include "server/peers_private.h"

static void finish_handshake(struct peer *peer)
{
    if (peer->is_throttled) {
        throttle_finish(&peer->peers->throttle, (struct sockaddr *)&peer->address);
        peer->is_throttled = false;
    }
}

/* ---- the end ---- */

static void after_close(uv_handle_t *handle)
{
    struct peer *peer = handle->data;

    while (peer->backlog != NULL) {
        struct peer_message *message = peer->backlog;

        peer->backlog = message->next;
        free(message);
    }
    free(peer->rest);
    channel_finish(&peer->channel);
    peers_forget(peer);
    free(peer);
}

static void log_closed(const struct peer *peer, enum status why)
{
    struct logger_line line;

    if (peer->service->is_local || peer->number == 0) {
        return;
    }
    logger_begin(&line, peer->peers->options.logger, clock_now_ms(), LOGGER_INFO,
                 "disconnected");
    logger_number(&line, "connection", peer->number);
    logger_status(&line, why);
    logger_end(&line);
}

void peer_close(struct peer *peer, enum status why)
{
    bool told = peer->is_told;

    if (peer->state == PEER_CLOSED) {
        return;
    }
    log_closed(peer, why);
    finish_handshake(peer);
    peers_leave(peer);
    peers_set_state(peer, PEER_CLOSED);
    peer->is_told = false;
    uv_close(&peer->uv.handle, after_close);
    if (told) {
        peer->service->gone(peer->service->context, peer->number);
    }
}

/* Closing with unread input would throw away what we wrote last: first let the other side read
 * it and close too. */
static void linger(struct peer *peer)
{
    peers_set_state(peer, PEER_LINGERING);
    peer->deadline_ms = uv_now(peer->peers->options.loop) + PEER_LINGER_MS;
    if (uv_shutdown(&peer->shutdown, &peer->uv.stream, NULL) != 0) {
        peer->failure = STATUS_CANCELLED;
        peers_mark_dirty(peer);
    }
}

void peer_end(struct peer *peer)
{
    peer->is_told = false;
    if (peer->state == PEER_HANDSHAKING || peer->state == PEER_OPEN) {
        peers_set_state(peer, PEER_ENDING);
        peers_mark_dirty(peer);
    }
}

/* Inside a call from the service nothing is closed; the next turn does it. */
static void fail_later(struct peer *peer, enum status why)
{
    if (peer->failure == STATUS_OK) {
        peer->failure = why;
    }
    peers_mark_dirty(peer);
}

/* ---- writing ---- */

static size_t output_bytes(const struct peer *peer)
{
    return peer->channel.queued_count + peer->backlog_bytes +
           uv_stream_get_write_queue_size(&peer->uv.stream);
}

static void after_write(uv_write_t *request, int error)
{
    struct peer *peer = request->data;

    peer->is_writing = false;
    free(peer->rest);
    peer->rest = NULL;
    if (error != 0 && peer->state != PEER_CLOSED) {
        peer_close(peer, STATUS_UNREACHABLE);
    } else if (peer->state != PEER_CLOSED) {
        peers_mark_dirty(peer);
    }
}

/* What the socket does not take now is kept until it does. */
static enum status write_rest(struct peer *peer, const uint8_t *data, size_t count)
{
    uv_buf_t buffer;

    peer->rest = malloc(count);
    if (peer->rest == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(peer->rest, data, count);
    buffer = uv_buf_init((char *)peer->rest, (unsigned)count);
    peer->write.data = peer;
    if (uv_write(&peer->write, &peer->uv.stream, &buffer, 1, after_write) != 0) {
        return STATUS_UNREACHABLE;
    }
    peer->is_writing = true;
    peer->left = count;
    peer->progress_ms = uv_now(peer->peers->options.loop);
    return STATUS_OK;
}

static enum status write_frame(struct peer *peer)
{
    uint8_t *output = peer->peers->output;
    size_t count = 0;
    size_t written = 0;
    uv_buf_t buffer;
    int result;
    enum status status = channel_flush(&peer->channel, output, &count);

    if (status != STATUS_OK || count == 0) {
        return status;
    }
    buffer = uv_buf_init((char *)output, (unsigned)count);
    result = uv_try_write(&peer->uv.stream, &buffer, 1);
    if (result < 0 && result != UV_EAGAIN) {
        return STATUS_UNREACHABLE;
    }
    written = result > 0 ? (size_t)result : 0;
    return written == count ? STATUS_OK : write_rest(peer, output + written, count - written);
}

/* From the backlog into the channel, as much as fits. */
static enum status refill(struct peer *peer)
{
    enum status status = STATUS_OK;

    while (peer->backlog != NULL && status == STATUS_OK) {
        struct peer_message *message = peer->backlog;

        status = channel_send(&peer->channel,
                              (struct bytes){.data = message->data, .count = message->count});
        if (status == STATUS_OK) {
            peer->backlog = message->next;
            peer->backlog_bytes -= message->count;
            free(message);
        }
    }
    if (peer->backlog == NULL) {
        peer->backlog_last = &peer->backlog;
    }
    return status == STATUS_FULL ? STATUS_OK : status;
}

static enum status write_waiting(struct peer *peer)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !peer->is_writing && channel_has_output(&peer->channel)) {
        status = write_frame(peer);
        if (status == STATUS_OK) {
            status = refill(peer);
        }
    }
    return status;
}

static enum status keep(struct peer *peer, struct bytes message)
{
    struct peer_message *kept;

    if (peer->backlog_bytes + message.count > PEER_OUTPUT_BYTES_MAX) {
        return STATUS_FULL;
    }
    kept = malloc(sizeof *kept + message.count);
    if (kept == NULL) {
        return STATUS_NOMEM;
    }
    kept->next = NULL;
    kept->count = message.count;
    memcpy(kept->data, message.data, message.count);
    *peer->backlog_last = kept;
    peer->backlog_last = &kept->next;
    peer->backlog_bytes += message.count;
    return STATUS_OK;
}

void peer_send(struct peer *peer, struct bytes message)
{
    enum status status = STATUS_FULL;

    if (peer->state != PEER_OPEN || peer->failure != STATUS_OK) {
        return;
    }
    if (peer->backlog == NULL) {
        status = channel_send(&peer->channel, message);
    }
    if (status == STATUS_FULL && peer->backlog == NULL && !peer->is_writing) {
        status = write_waiting(peer); /* a full frame need not wait for the turn's end */
        if (status == STATUS_OK) {
            status = channel_send(&peer->channel, message);
        }
    }
    if (status == STATUS_FULL) {
        status = keep(peer, message);
    }
    peer->wants_room = true;
    if (status == STATUS_OK) {
        peers_mark_dirty(peer);
    } else {
        fail_later(peer, status);
    }
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer);

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct peer *peer = handle->data;

    (void)wanted;
    *buffer = uv_buf_init((char *)peer->peers->input, sizeof peer->peers->input);
}

/* Who does not read what it is sent is not read from. */
static void read_or_not(struct peer *peer)
{
    bool wanted = output_bytes(peer) <= PEER_OUTPUT_HIGH_BYTES;

    if (wanted == peer->is_reading) {
        return;
    }
    peer->is_reading = wanted;
    if (!wanted) {
        (void)uv_read_stop(&peer->uv.stream);
    } else if (uv_read_start(&peer->uv.stream, give_buffer, on_read) != 0) {
        fail_later(peer, STATUS_UNREACHABLE);
    }
}

void peer_flush(struct peer *peer)
{
    enum status status = peer->failure;

    if (status == STATUS_OK && peer->state != PEER_LINGERING) {
        status = write_waiting(peer);
    }
    if (status != STATUS_OK) {
        peer_close(peer, status);
        return;
    }
    read_or_not(peer);
    if (peer->is_writing || peer->state == PEER_LINGERING) {
        return;
    }
    if (peer->state == PEER_ENDING) {
        linger(peer);
    } else if (peer->state == PEER_OPEN && peer->wants_room) {
        peer->wants_room = false;
        peer->service->room(peer->service->context, peer->number);
    }
}

/* ---- reading ---- */

static void greet(struct peer *peer)
{
    const uint8_t *key = channel_peer_key(&peer->channel);
    enum status status;

    finish_handshake(peer);
    status = peer->service->proved(peer->service->context, peer->number, key);
    if (status != STATUS_OK) {
        channel_refuse(&peer->channel, status, status_name(status));
        peer_end(peer);
        return;
    }
    peer->is_told = true;
    peers_set_state(peer, PEER_OPEN);
    if (channel_accept(&peer->channel, peer->peers->options.name, clock_now_ms()) !=
        STATUS_OK) {
        peer->service->gone(peer->service->context, peer->number);
        peer_end(peer);
    }
}

static void take_input(struct peer *peer, struct bytes input)
{
    enum channel_event event = CHANNEL_MESSAGE;
    struct message message;

    while (peer->state == PEER_HANDSHAKING || peer->state == PEER_OPEN) {
        enum status status = channel_read(&peer->channel, &input, &event, &message);

        if (status != STATUS_OK) {
            peer_close(peer, status);
            return;
        }
        if (event == CHANNEL_WANTS_BYTES) {
            break;
        }
        if (event == CHANNEL_OFFER) {
            greet(peer);
        } else {
            peer->service->message(peer->service->context, peer->number, &message);
        }
    }
    if (channel_has_output(&peer->channel)) {
        peers_mark_dirty(peer);
    }
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct peer *peer = stream->data;

    peer->heard_ms = uv_now(peer->peers->options.loop);
    if (count < 0 && count != UV_EOF) {
        peer_close(peer, STATUS_UNREACHABLE);
    } else if (count < 0) {
        peer_close(peer,
                   peer->state == PEER_LINGERING ? STATUS_OK : channel_end(&peer->channel));
    } else if (count > 0 && peer->state != PEER_ENDING && peer->state != PEER_LINGERING) {
        take_input(peer,
                   (struct bytes){.data = (uint8_t *)buffer->base, .count = (size_t)count});
    }
}

/* ---- the beginning ---- */

struct peer *peer_create(struct peers *peers, const struct peer_service *service)
{
    struct peer *peer = malloc(sizeof *peer);
    int error;

    if (peer == NULL) {
        return NULL;
    }
    memset(peer, 0, offsetof(struct peer, channel));
    peer->peers = peers;
    peer->service = service;
    peer->backlog_last = &peer->backlog;
    error = service->is_local ? uv_pipe_init(peers->options.loop, &peer->uv.pipe, 0)
                              : uv_tcp_init(peers->options.loop, &peer->uv.tcp);
    if (error != 0) {
        free(peer);
        return NULL;
    }
    peer->uv.handle.data = peer;
    peer->state = PEER_HANDSHAKING;
    if (service->is_local) {
        channel_init_local(&peer->channel, CHANNEL_LOCAL_SERVER);
    } else {
        channel_init_server(&peer->channel, &peers->options.key, peers->options.entropy);
    }
    return peer;
}

static bool admit(struct peer *peer)
{
    struct peers *peers = peer->peers;
    int count = sizeof peer->address;

    if (peer->service->is_local) {
        return true;
    }
    if (uv_tcp_getpeername(&peer->uv.tcp, (struct sockaddr *)&peer->address, &count) != 0) {
        return false;
    }
    peer->is_throttled = throttle_admit(&peers->throttle, (struct sockaddr *)&peer->address,
                                        uv_now(peers->options.loop));
    return peer->is_throttled;
}

static void say_busy(struct peer *peer)
{
    uv_buf_t busy = uv_buf_init((char *)(uintptr_t)channel_busy, sizeof channel_busy);

    (void)uv_try_write(&peer->uv.stream, &busy, 1);
}

void peer_turn_away(struct peer *peer)
{
    if (!peer->service->is_local) {
        say_busy(peer);
    }
    peer_close(peer, STATUS_FULL);
}

void peer_begin(struct peer *peer)
{
    struct logger_line line;
    bool admitted = admit(peer);

    if (!peer->service->is_local) {
        (void)uv_tcp_nodelay(&peer->uv.tcp, 1);
        logger_begin(&line, peer->peers->options.logger, clock_now_ms(), LOGGER_INFO,
                     admitted ? "connected" : "busy");
        logger_number(&line, "connection", peer->number);
        logger_address(&line, (struct sockaddr *)&peer->address);
        logger_end(&line);
    }
    peer->heard_ms = uv_now(peer->peers->options.loop);
    peer->deadline_ms = peer->heard_ms + CHANNEL_HANDSHAKE_MS_MAX;
    if (!admitted) {
        say_busy(peer);
        linger(peer);
    } else if (peer->service->is_local) {
        peer->is_told = true;
        peers_set_state(peer, PEER_OPEN);
    }
    read_or_not(peer);
}

/* Nothing came for too long: says so, in case only the way here is broken. */
static void give_up(struct peer *peer)
{
    const char *text = status_name(STATUS_TIMEOUT);
    struct message_reason reason = {.code = message_code_of(STATUS_TIMEOUT),
                                    .text = message_text(text, MESSAGE_TEXT_BYTES_MAX)};
    uint8_t buffer[MESSAGE_TEXT_BYTES_MAX];
    struct writer writer;

    writer_init(&writer, buffer, sizeof buffer);
    message_begin_notification(&writer, MESSAGE_CLOSING);
    message_reason_encode(&writer, &reason);
    peer_send(peer, writer_bytes(&writer));
    peer_end(peer);
    log_closed(peer, STATUS_TIMEOUT);
    peer->service->gone(peer->service->context, peer->number);
}

static bool is_stuck(struct peer *peer, uint64_t now_ms)
{
    size_t left = uv_stream_get_write_queue_size(&peer->uv.stream);

    if (left < peer->left) {
        peer->left = left;
        peer->progress_ms = now_ms;
    }
    return peer->is_writing && now_ms - peer->progress_ms >= CHANNEL_NO_PROGRESS_MS_MAX;
}

void peer_check_time(struct peer *peer, uint64_t now_ms)
{
    bool waits = peer->state == PEER_HANDSHAKING || peer->state == PEER_LINGERING;

    if (waits && now_ms >= peer->deadline_ms) {
        peer_close(peer, peer->state == PEER_LINGERING ? STATUS_OK : STATUS_TIMEOUT);
    } else if (is_stuck(peer, now_ms)) {
        peer_close(peer, STATUS_TIMEOUT);
    } else if (peer->state == PEER_OPEN && !peer->service->is_local && peer->is_reading &&
               now_ms - peer->heard_ms >= CHANNEL_NO_PROGRESS_MS_MAX) {
        give_up(peer);
    }
}

#include "tests/support/caller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/entropy.h"

static void must(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "caller: %s\n", what);
        abort();
    }
}

static void too_late(uv_timer_t *timer)
{
    (void)timer;
    must(false, "nothing came in time");
}

static void turn(struct caller *caller)
{
    (void)uv_timer_start(&caller->deadline, too_late, CALLER_DEADLINE_MS, 0);
    (void)uv_run(caller->loop, UV_RUN_ONCE);
    (void)uv_timer_stop(&caller->deadline);
}

static void on_connected(uv_connect_t *request, int error)
{
    struct caller *caller = request->data;

    must(error == 0, "no connection");
    caller->is_connected = true;
}

static void begin(struct caller *caller, uv_loop_t *loop)
{
    memset(caller, 0, sizeof *caller);
    caller->loop = loop;
    caller->channel = calloc(1, sizeof *caller->channel);
    must(caller->channel != NULL, "no memory");
    (void)uv_timer_init(loop, &caller->deadline);
    caller->deadline.data = caller;
    caller->connecting.data = caller;
}

static void await_connection(struct caller *caller)
{
    while (!caller->is_connected) {
        turn(caller);
    }
}

void caller_connect(struct caller *caller, uv_loop_t *loop, uint16_t port)
{
    struct sockaddr_in address;

    begin(caller, loop);
    (void)uv_tcp_init(loop, &caller->uv.tcp);
    caller->uv.handle.data = caller;
    (void)uv_ip4_addr("127.0.0.1", port, &address);
    must(uv_tcp_connect(&caller->connecting, &caller->uv.tcp, (struct sockaddr *)&address,
                        on_connected) == 0,
         "no connection");
    await_connection(caller);
}

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct caller *caller = handle->data;

    (void)wanted;
    *buffer = uv_buf_init((char *)caller->buffer, sizeof caller->buffer);
}

static void keep(struct caller_message *kept, const struct message *message)
{
    free(kept->data);
    kept->data = malloc(message->whole.count);
    must(kept->data != NULL, "no memory");
    memcpy(kept->data, message->whole.data, message->whole.count);
    must(message_decode((struct bytes){.data = kept->data, .count = message->whole.count},
                        &kept->message) == STATUS_OK,
         "a message that cannot be read twice");
}

static void flush(struct caller *caller)
{
    size_t count = 0;
    uint8_t *out = malloc(CHANNEL_FLUSH_BYTES_MAX);

    must(out != NULL && channel_flush(caller->channel, out, &count) == STATUS_OK,
         "cannot flush");
    caller_write(caller, out, count);
    free(out);
}

static void take(struct caller *caller, struct bytes input)
{
    enum channel_event event = CHANNEL_MESSAGE;
    struct message message;

    while (event != CHANNEL_WANTS_BYTES) {
        caller->status = channel_read(caller->channel, &input, &event, &message);
        if (caller->status != STATUS_OK) {
            caller->is_closed = true;
            return;
        }
        caller->is_welcome = caller->is_welcome || event == CHANNEL_WELCOMED;
        if (event != CHANNEL_MESSAGE) {
            continue;
        }
        if (message.kind == MESSAGE_RESPONSE) {
            must(message.id == caller->last_id, "an answer nobody asked for");
            keep(&caller->answer, &message);
        } else {
            must(caller->note_count < CALLER_NOTES_MAX, "too many notifications");
            keep(&caller->notes[caller->note_count++], &message);
        }
    }
    if (channel_has_output(caller->channel)) {
        flush(caller);
    }
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct caller *caller = stream->data;

    if (count > 0) {
        take(caller, (struct bytes){.data = (uint8_t *)buffer->base, .count = (size_t)count});
    } else if (count < 0 && !caller->is_closed) {
        caller->is_closed = true;
        caller->status = channel_end(caller->channel);
    }
}

/* Small and to a peer on this machine: written at once, or turn after turn. */
void caller_write(struct caller *caller, const void *data, size_t count)
{
    const char *at = data;

    while (count > 0) {
        uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)at, (unsigned)count);
        int written = uv_try_write(&caller->uv.stream, &buffer, 1);

        if (written < 0 && written != UV_EAGAIN) {
            return; /* the server has hung up, which reading will tell */
        }
        at += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
        if (count > 0) {
            turn(caller);
        }
    }
}

enum status caller_shake_hands(struct caller *caller, const uint8_t secret[KEY_BYTES],
                               const uint8_t server_key[KEY_BYTES])
{
    struct noise_keypair own;

    noise_keypair_from(secret, &own);
    must(channel_init_client(caller->channel, &own, server_key, "caller 1", entropy_system()) ==
             STATUS_OK,
         "not a key");
    must(uv_read_start(&caller->uv.stream, give_buffer, on_read) == 0, "cannot read");
    flush(caller);
    while (!caller->is_welcome && !caller->is_closed) {
        turn(caller);
    }
    return caller->is_welcome ? STATUS_OK : caller->status;
}

static void after_close(uv_handle_t *handle)
{
    struct caller *caller = handle->data;

    caller->handles--;
}

void caller_finish(struct caller *caller)
{
    caller->handles = 2;
    uv_close(&caller->uv.handle, after_close);
    uv_close((uv_handle_t *)&caller->deadline, after_close);
    while (caller->handles > 0) {
        (void)uv_run(caller->loop, UV_RUN_ONCE);
    }
    for (size_t i = 0; i < caller->note_count; i++) {
        free(caller->notes[i].data);
    }
    free(caller->answer.data);
    channel_finish(caller->channel);
    free(caller->channel);
    memset(caller, 0, sizeof *caller);
}

void caller_connect_local(struct caller *caller, uv_loop_t *loop, const char *path)
{
    begin(caller, loop);
    (void)uv_pipe_init(loop, &caller->uv.pipe, 0);
    caller->uv.handle.data = caller;
    uv_pipe_connect(&caller->connecting, &caller->uv.pipe, path, on_connected);
    await_connection(caller);
    channel_init_local(caller->channel, CHANNEL_LOCAL_CLIENT);
    must(uv_read_start(&caller->uv.stream, give_buffer, on_read) == 0, "cannot read");
}

void caller_await_close(struct caller *caller)
{
    if (!uv_is_active(&caller->uv.handle)) {
        must(uv_read_start(&caller->uv.stream, give_buffer, on_read) == 0, "cannot read");
    }
    while (!caller->is_closed) {
        turn(caller);
    }
}

const struct message *caller_note(const struct caller *caller, enum message_method method,
                                  size_t at)
{
    for (size_t i = 0; i < caller->note_count; i++) {
        if (caller->notes[i].message.method == method && at-- == 0) {
            return &caller->notes[i].message;
        }
    }
    return NULL;
}

void caller_await_notes(struct caller *caller, enum message_method method, size_t count)
{
    while (count > 0 && caller_note(caller, method, count - 1) == NULL) {
        must(!caller->is_closed, "closed while more was to come");
        turn(caller);
    }
}

struct writer caller_begin(struct caller *caller, enum message_method method)
{
    struct writer writer;

    writer_init_growing(&writer, CHANNEL_MESSAGE_BYTES_MAX);
    message_begin_request(&writer, ++caller->last_id, method);
    return writer;
}

void caller_send(struct caller *caller, const struct writer *writer)
{
    struct writer written = *writer;

    free(caller->answer.data);
    caller->answer.data = NULL;
    must(channel_send(caller->channel, writer_bytes(writer)) == STATUS_OK, "cannot send");
    writer_finish(&written);
    flush(caller);
}

const struct message *caller_ask(struct caller *caller, const struct writer *writer)
{
    caller_send(caller, writer);
    while (caller->answer.data == NULL && !caller->is_closed) {
        turn(caller);
    }
    return caller->answer.data == NULL ? NULL : &caller->answer.message;
}

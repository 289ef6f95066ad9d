/* tests/support/caller.h -- one connection to a server, over a real socket, on the test's own
 * loop: asks and waits (30 s at most, then the test ends), keeps what it is told meanwhile. */
#ifndef TESTS_SUPPORT_CALLER_H
#define TESTS_SUPPORT_CALLER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "protocol/channel.h"
#include "protocol/methods.h"

enum { CALLER_NOTES_MAX = 256, CALLER_DEADLINE_MS = 30000 };

struct caller_message { /* one that came; its bytes are owned */
    struct message message;
    uint8_t *data;
};

struct caller {
    uv_loop_t *loop;
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    uv_timer_t deadline;
    uv_connect_t connecting;
    struct channel *channel; /* owned */
    bool is_connected;
    bool is_welcome;
    bool is_closed;     /* by the server */
    enum status status; /* how it ended, or what went wrong */
    uint32_t last_id;
    struct caller_message answer;
    struct caller_message notes[CALLER_NOTES_MAX]; /* notifications, in order */
    size_t note_count;
    uint8_t buffer[CHANNEL_FLUSH_BYTES_MAX];
    unsigned handles;
};

/* Connects to 127.0.0.1 and sends nothing. */
void caller_connect(struct caller *caller, uv_loop_t *loop, uint16_t port);
/* The same to a control socket, where there is no handshake: it is ready. */
void caller_connect_local(struct caller *caller, uv_loop_t *loop, const char *path);
/* Does the handshake; STATUS_OK once welcome, else how it ended. */
enum status caller_shake_hands(struct caller *caller, const uint8_t secret[KEY_BYTES],
                               const uint8_t server_key[KEY_BYTES]);
/* Hangs up if need be, and frees. */
void caller_finish(struct caller *caller);

/* Bytes as they are. */
void caller_write(struct caller *caller, const void *data, size_t count);
/* Until the server has closed. */
void caller_await_close(struct caller *caller);
/* Until so many notifications of this method have come. */
void caller_await_notes(struct caller *caller, enum message_method method, size_t count);
/* The notification of this method number `at` from 0; NULL when there is none. */
const struct message *caller_note(const struct caller *caller, enum message_method method,
                                  size_t at);

/* Sends a request: the writer over `buffer` that begin gives, then the params, then ask. The
 * answer is borrowed until the next request; NULL when the server closed instead. */
struct writer caller_begin(struct caller *caller, enum message_method method);
const struct message *caller_ask(struct caller *caller, const struct writer *writer);
/* The same without waiting for the answer. */
void caller_send(struct caller *caller, const struct writer *writer);

#endif

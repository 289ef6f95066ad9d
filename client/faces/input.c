#include "client/faces/input.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

enum { INPUT_CHUNK_BYTES = 16384 };

enum from { FROM_KEYS, FROM_POLL, FROM_FILE };

struct input {
    struct input_driver driver;
    enum from from;
    int descriptor;
    int flags; /* of the descriptor, as found */
    bool ended;
    void (*done)(void *context);
    void *done_context;
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tty_t tty;
        uv_poll_t poll;
        uv_idle_t idle; /* files cannot be polled: a piece at every turn of the loop */
    } as;
    char chunk[INPUT_CHUNK_BYTES];
};

static void stop(struct input *input)
{
    switch (input->from) {
    case FROM_KEYS:
        (void)uv_read_stop(&input->as.stream);
        break;
    case FROM_POLL:
        (void)uv_poll_stop(&input->as.poll);
        break;
    case FROM_FILE:
        (void)uv_idle_stop(&input->as.idle);
        break;
    }
}

static void end(struct input *input, enum status status)
{
    if (!input->ended) {
        input->ended = true;
        stop(input);
        input->driver.end(input->driver.context, status);
    }
}

static void read_some(struct input *input)
{
    ssize_t count = read(input->descriptor, input->chunk, sizeof input->chunk);

    if (count > 0) {
        input->driver.bytes(input->driver.context, input->chunk, (size_t)count);
    } else if (count == 0) {
        end(input, STATUS_OK);
    } else if (errno != EAGAIN && errno != EINTR) {
        end(input, STATUS_IO);
    }
}

static void on_poll(uv_poll_t *poll, int error, int events)
{
    (void)events;
    if (error < 0) {
        end(poll->data, STATUS_IO);
    } else {
        read_some(poll->data);
    }
}

static void on_idle(uv_idle_t *idle)
{
    read_some(idle->data);
}

/* ---- a terminal, key by key ---- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct input *input = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(input->chunk, sizeof input->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct input *input = stream->data;

    if (count > 0) {
        input->driver.bytes(input->driver.context, buffer->base, (size_t)count);
    } else if (count == UV_EOF) {
        end(input, STATUS_OK);
    } else if (count < 0) {
        end(input, STATUS_IO);
    }
}

/* Nothing that ends us, a bug of ours or a signal that nobody expects, must leave somebody with
 * a shell that echoes nothing. */
static void on_crash(int number)
{
    (void)uv_tty_reset_mode();
    (void)raise(number); /* the handler is gone by now (SA_RESETHAND) */
}

/* Crashes always, also where a sanitizer would report them; the rest where nobody listens. */
static void guard_crashes(void)
{
    enum { CRASH_COUNT = 5 };
    static const int numbers[] = {SIGABRT, SIGSEGV, SIGBUS,  SIGFPE,    SIGILL,
                                  SIGQUIT, SIGTRAP, SIGSYS,  SIGXCPU,   SIGXFSZ,
                                  SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    struct sigaction found;

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (i < CRASH_COUNT ||
            (sigaction(numbers[i], NULL, &found) == 0 && found.sa_handler == SIG_DFL)) {
            (void)sigaction(numbers[i], &action, NULL);
        }
    }
}

static int start_keys(uv_loop_t *loop, struct input *input)
{
    int error = uv_tty_init(loop, &input->as.tty, input->descriptor, 1);

    if (error < 0) {
        return error;
    }
    input->as.tty.data = input;
    guard_crashes();
    error = uv_tty_set_mode(&input->as.tty, UV_TTY_MODE_RAW);
    if (error == 0) {
        error = uv_read_start(&input->as.stream, on_alloc, on_read);
    }
    return error;
}

/* ---- anything else ---- */

static int start_bytes(uv_loop_t *loop, struct input *input)
{
    int error = uv_poll_init(loop, &input->as.poll, input->descriptor);

    if (error == 0) {
        /* libuv makes it non-blocking, for everyone who shares it; a read after a poll needs
         * no such thing */
        (void)fcntl(input->descriptor, F_SETFL, input->flags);
        input->as.poll.data = input;
        error = uv_poll_start(&input->as.poll, UV_READABLE | UV_DISCONNECT, on_poll);
    } else if (error == UV_EPERM) {
        input->from = FROM_FILE;
        error = uv_idle_init(loop, &input->as.idle);
        if (error == 0) {
            input->as.idle.data = input;
            error = uv_idle_start(&input->as.idle, on_idle);
        }
    }
    return error;
}

static void on_failed(uv_handle_t *handle)
{
    free(handle->data);
}

enum status input_create(struct uv_loop_s *loop, int descriptor, bool keys,
                         const struct input_driver *driver, struct input **input_out)
{
    struct input *input = calloc(1, sizeof *input);
    int error;

    if (input == NULL) {
        return STATUS_NOMEM;
    }
    input->driver = *driver;
    input->descriptor = descriptor;
    input->from = keys ? FROM_KEYS : FROM_POLL;
    input->flags = fcntl(descriptor, F_GETFL);
    error = input->flags < 0 ? UV_EBADF
            : keys           ? start_keys(loop, input)
                             : start_bytes(loop, input);
    if (error < 0) {
        (void)uv_tty_reset_mode();
        if (input->as.handle.data == input) {
            uv_close(&input->as.handle, on_failed);
        } else {
            free(input);
        }
        return STATUS_IO;
    }
    *input_out = input;
    return STATUS_OK;
}

void input_suspend(struct input *input)
{
    if (input->from != FROM_KEYS) {
        return;
    }
    (void)uv_tty_set_mode(&input->as.tty, UV_TTY_MODE_NORMAL);
    (void)kill(0, SIGTSTP); /* the whole job, as the terminal would */
    (void)uv_tty_set_mode(&input->as.tty, UV_TTY_MODE_RAW);
}

static void on_closed(uv_handle_t *handle)
{
    struct input *input = handle->data;
    void (*done)(void *context) = input->done;
    void *context = input->done_context;

    free(input);
    done(context);
}

void input_close(struct input *input, void (*done)(void *context), void *context)
{
    input->ended = true;
    input->done = done;
    input->done_context = context;
    stop(input);
    if (input->from == FROM_KEYS) {
        (void)uv_tty_set_mode(&input->as.tty, UV_TTY_MODE_NORMAL);
    }
    uv_close(&input->as.handle, on_closed);
}

/* client/faces/input.h -- bytes from a descriptor, on a libuv loop: a terminal key by key, or a
 * pipe, socket, terminal line by line, or file as they come.
 *
 * Knows nothing of lines. The flags of the descriptor are left as they were found: it is shared
 * with the shell that started us. A terminal read key by key is given back on every way out,
 * a crash included. */
#ifndef CLIENT_FACES_INPUT_H
#define CLIENT_FACES_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

struct uv_loop_s;
struct input; /* opaque */

struct input_driver {
    void *context;
    void (*bytes)(void *context, const char *data, size_t count);
    /* Once. STATUS_OK: nothing follows; STATUS_IO: it failed, or the terminal is gone. */
    void (*end)(void *context, enum status status);
};

/* Begins to read. keys: the terminal gives every key at once and echoes nothing.
 * Errors: STATUS_NOMEM, STATUS_IO. */
MUST_CHECK enum status input_create(struct uv_loop_s *loop, int descriptor, bool keys,
                                    const struct input_driver *driver,
                                    struct input **input_out);
/* Gives the terminal back and stops this process as ^Z does; returns when it goes on. */
void input_suspend(struct input *input);
/* Gives the terminal back, closes and frees; `done` runs on the loop. */
void input_close(struct input *input, void (*done)(void *context), void *context);

#endif

/* client/connection.h -- one connection to one server that comes back by itself (libuv).
 *
 *   WAITING --> RESOLVING --> CONNECTING --> GREETING --> READY
 *      ^-----------------------------------------------------'    any failure, with backoff
 *   REFUSED: the server said no for good (version, key): connection_retry() tries again
 *
 * Waits 0.2 s after the first failure, doubling to 15 s, with jitter. Knows bytes and messages,
 * nothing of sessions. */
#ifndef CLIENT_CONNECTION_H
#define CLIENT_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/entropy.h"
#include "common/limits.h"
#include "common/status.h"

struct uv_loop_s;
struct connection; /* opaque */

enum connection_state {
    CONNECTION_STOPPED,
    CONNECTION_WAITING, /* for the next attempt */
    CONNECTION_RESOLVING,
    CONNECTION_CONNECTING,
    CONNECTION_GREETING,
    CONNECTION_READY,
    CONNECTION_REFUSED,
    CONNECTION_CLOSING,
};

enum {
    CONNECTION_BACKOFF_MS_MIN = 200,
    CONNECTION_BACKOFF_MS_MAX = 15000,
    CONNECTION_CONNECT_MS_MAX = 10000,
    CONNECTION_OUTPUT_BYTES_MAX = 4 * 1024 * 1024,
};

struct connection_driver {
    void *context;
    void (*ready)(void *context, uint64_t server_ms);
    /* Errors: the connection is closed. */
    enum status (*message)(void *context, struct bytes message);
    /* Lost, or not reached: STATUS_UNREACHABLE, STATUS_CRYPTO (answers, but is not the server
     * of this invite), STATUS_VERSION, STATUS_BUSY, STATUS_TIMEOUT, STATUS_MALFORMED. `text` is
     * a sentence for people; `retry_ms` 0: not tried again by itself. */
    void (*lost)(void *context, enum status status, const char *text, uint64_t retry_ms);
};

struct connection_options {
    const char *host;
    uint16_t port;
    uint8_t server_key[KEY_BYTES];
    uint8_t noise_secret[KEY_BYTES];
    struct entropy entropy;
    struct connection_driver driver;
};

/* Copies the options; starts nothing yet. Errors: STATUS_NOMEM, STATUS_BAD_KEY. */
MUST_CHECK enum status connection_create(struct uv_loop_s *loop,
                                         const struct connection_options *options,
                                         struct connection **connection_out);
void connection_start(struct connection *connection);
/* Now, instead of when the wait is over. */
void connection_retry(struct connection *connection);
/* Queues one whole message; written once per turn of the loop. Dropped unless READY. */
void connection_send(struct connection *connection, struct bytes message);
enum connection_state connection_state(const struct connection *connection);
/* Breaks the line and stays so until connection_retry(). */
void connection_stop(struct connection *connection);
/* Breaks the line as a fault would; it comes back by itself. */
void connection_drop(struct connection *connection);
/* Writes what is queued (for at most a second), closes and frees; `done` may be NULL. */
void connection_close(struct connection *connection, void (*done)(void *context),
                      void *context);

#endif

/* server/administrator.h -- the asking side of protocol/control.h: the commands speak to the
 * running server over its socket, or, when none runs, to its store directly. Blocks. */
#ifndef SERVER_ADMINISTRATOR_H
#define SERVER_ADMINISTRATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"
#include "protocol/message.h"
#include "server/options.h"

enum {
    ADMINISTRATOR_ANSWER_S_MAX = 30,
    ADMINISTRATOR_WHY_BYTES_MAX = 512,
    ADMINISTRATOR_START_MS_MAX = 3000, /* for a server that is just starting, or stopping */
};

struct administrator; /* opaque */

/* makes: without a server or a directory, one is made; else that is STATUS_NOT_FOUND.
 * Errors, with a sentence in why_out: as data_dir_open(), server_key_load(), store_open(). */
MUST_CHECK enum status administrator_open(const struct config *config, bool makes,
                                          struct administrator **administrator_out,
                                          char why_out[ADMINISTRATOR_WHY_BYTES_MAX]);
/* NULL is fine. */
void administrator_close(struct administrator *administrator);

/* Is there a server, or did we open its store? */
bool administrator_has_server(const struct administrator *administrator);

/* Asks, and waits for the result: one array, borrowed until the next call.
 * Errors: STATUS_UNREACHABLE, STATUS_TIMEOUT, or what the answer says; why_out as above. */
MUST_CHECK enum status administrator_ask(
    struct administrator *administrator, enum message_method method,
    void (*encode)(struct writer *writer, const void *params), const void *params,
    struct bytes *result_out, char why_out[ADMINISTRATOR_WHY_BYTES_MAX]);

#endif

/* server/key.h -- the server's static key: 32 random bytes in server.key, 0600, made once. Who
 * has this file can pretend to be this server; it is in every link, so it is never replaced. */
#ifndef SERVER_KEY_H
#define SERVER_KEY_H

#include "common/entropy.h"
#include "common/status.h"
#include "protocol/noise.h"

/* Reads it, or makes it where there is none. The caller holds the directory's lock.
 * Errors: STATUS_PERMISSION, STATUS_NO_SPACE (then there is none, not a part of one),
 * STATUS_IO, STATUS_NOMEM, STATUS_NOT_FOUND (a link, or no directory), STATUS_TOO_LONG (the
 * path), STATUS_MALFORMED (the file is not what it must be); *why_out gets a sentence, static.
 */
MUST_CHECK enum status server_key_load(const char *directory, const struct entropy *entropy,
                                       struct noise_keypair *key_out, const char **why_out);

#endif

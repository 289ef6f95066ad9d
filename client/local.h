/* client/local.h -- what this device keeps: its identity, the sessions it knows, and what is in
 * them. One directory (0700) with an identity seed (0600) and one SQLite file in which all that
 * could tell something is sealed with keys from that seed (protocol/vault.h).
 *
 * Where: $KRING_HOME, else $XDG_DATA_HOME/kring, else $HOME/.local/share/kring. Two processes
 * may share a home, not a session: local_claim(). Written at once (WAL, synchronous=NORMAL: a
 * killed process loses nothing, a power cut at most the last moments, which the server has).
 * SQL is nowhere else in the client. */
#ifndef CLIENT_LOCAL_H
#define CLIENT_LOCAL_H

#include <stdbool.h>
#include <stdint.h>

#include "client/member.h"
#include "common/entropy.h"
#include "common/status.h"
#include "protocol/link.h"

enum { LOCAL_SESSIONS_MAX = 1024, LOCAL_TITLE_BYTES_MAX = 200, LOCAL_DETAIL_BYTES_MAX = 400 };

struct local; /* opaque */

/* Opens or makes the home; path NULL: as above. On an error `detail` (LOCAL_DETAIL_BYTES_MAX)
 * gets a sentence that names what is wrong and where.
 * Errors: STATUS_BUSY, STATUS_NO_SPACE, STATUS_PERMISSION, STATUS_CRYPTO (the seed does not
 * belong to the file, or is gone), STATUS_MALFORMED (damaged, or another program's),
 * STATUS_VERSION, STATUS_NOT_FOUND (no HOME to put it in), STATUS_IO, STATUS_NOMEM. */
MUST_CHECK enum status local_open(const char *path, struct entropy entropy, char *detail,
                                  struct local **local_out);
void local_close(struct local *local);
const char *local_path(const struct local *local);
/* The last error as a sentence, empty if none. */
const char *local_detail(const struct local *local);

/* A seat: one session this device is in. */
struct local_seat {
    uint8_t session[HASH_BYTES];
    uint8_t seed[SEED_BYTES];
    char host[LINK_HOST_BYTES_MAX + 1];
    uint16_t port;
    uint8_t server_key[KEY_BYTES];
    uint16_t member; /* 0: not known yet */
    enum role role;
    char title[LOCAL_TITLE_BYTES_MAX + 1]; /* of session or guide, as far as known */
    uint64_t opened_ms;                    /* last used */
    uint64_t retention_ms;
    bool purged; /* its content is gone; the row is kept */
};

/* Adds or replaces; a purged one stays purged and without its seed. Errors: STATUS_FULL and as
 * local_open(). */
MUST_CHECK enum status local_put_seat(struct local *local, const struct local_seat *seat);
/* Errors: STATUS_NOT_FOUND and as local_open(). */
MUST_CHECK enum status local_seat(struct local *local, const uint8_t session[HASH_BYTES],
                                  struct local_seat *seat_out);
/* All of them, last used first. The caller frees *seats_out (local_free_seats). */
MUST_CHECK enum status local_seats(struct local *local, struct local_seat **seats_out,
                                   size_t *count_out);
void local_free_seats(struct local_seat *seats, size_t count);
/* Forgets a session and all that was kept of it. */
MUST_CHECK enum status local_forget(struct local *local, const uint8_t session[HASH_BYTES]);
/* As local_forget(), but the row stays, as purged, its seed zeroed. */
MUST_CHECK enum status local_erase(struct local *local, const uint8_t session[HASH_BYTES]);

/* For this process alone until it is released or ends. Errors: STATUS_BUSY (another process has
 * this session open, or another local of this one). Again for the same local: nothing happens.
 */
MUST_CHECK enum status local_claim(struct local *local, const uint8_t session[HASH_BYTES]);
void local_release(struct local *local, const uint8_t session[HASH_BYTES]);

/* What member_driver keeps. Errors as local_open(). */
MUST_CHECK enum status local_keep_record(struct local *local, const uint8_t session[HASH_BYTES],
                                         enum record_kind kind, struct bytes key,
                                         struct bytes value);
MUST_CHECK enum status local_keep_entry(struct local *local, const uint8_t session[HASH_BYTES],
                                        enum stream stream, uint64_t index, uint64_t time_ms,
                                        struct bytes entry);
/* Gives all of it back: records, entries, member_restored(). What is damaged is left out; of a
 * stream whose copy does not verify from some entry on, the rest is dropped: claim first. */
MUST_CHECK enum status local_restore(struct local *local, const uint8_t session[HASH_BYTES],
                                     struct member *member);

/* Small sealed settings, such as the ticket. STATUS_NOT_FOUND when unset; empty value unsets.
 */
MUST_CHECK enum status local_set(struct local *local, const char *name, const char *value);
MUST_CHECK enum status local_get(struct local *local, const char *name, char *out, size_t size);

/* Between begin and end everything is one write, for speed. They nest; only the outermost pair
 * writes. Keep it short: another process waits. After the first error in between nothing more
 * is written, every call gives that error, and local_end() takes all of it back and gives it
 * too. Begin failed: do not end. */
MUST_CHECK enum status local_begin(struct local *local);
MUST_CHECK enum status local_end(struct local *local);

#endif

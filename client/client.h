/* client/client.h -- what a face opens: one session on this device, on a libuv loop. Glues
 * local store, connection and member together and adds nothing of its own. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "client/connection.h"
#include "client/local.h"
#include "client/member.h"

struct client; /* opaque */

struct client_face {
    void *context;
    /* From the member, and NEWS_CONNECTION with a sentence when the line comes or goes. The
     * face may call member_...() from here. */
    void (*news)(void *context, const struct news *news);
};

/* What is handed out of a new session: invites (client_invite_text) and the recovery link,
 * which is nowhere else. Runs before the session is on this device or on the server: what it
 * could not write, durably, must not come to be. On an error it may fill in `detail`. */
struct client_handing_out {
    void *context;
    enum status (*run)(void *context, const struct client *client, const struct link *recovery);
};

/* Each makes a client, claims the session and starts connecting. The caller owns *client_out;
 * `local` and `loop` must outlive it. On an error `detail` (LOCAL_DETAIL_BYTES_MAX) gets a
 * sentence. Errors: as local_open(), member_host(), member_join(), and STATUS_NOT_FOUND.
 *
 * client_host: `ticket` is the server and the right; options->ticket_seed is filled in from it.
 * Also gives the error of handing out, and then nothing was made.
 * client_join: a seat this device has for that session already is opened instead; one that
 * was never let in tries this invite. */
MUST_CHECK enum status client_host(struct uv_loop_s *loop, struct local *local,
                                   const struct client_face *face, const struct link *ticket,
                                   struct member_host_options *options,
                                   const struct client_handing_out *handing_out, char *detail,
                                   struct client **client_out);
MUST_CHECK enum status client_join(struct uv_loop_s *loop, struct local *local,
                                   const struct client_face *face, const struct link *invite,
                                   const char *name, char *detail, struct client **client_out);
MUST_CHECK enum status client_open(struct uv_loop_s *loop, struct local *local,
                                   const struct client_face *face,
                                   const uint8_t session[HASH_BYTES], char *detail,
                                   struct client **client_out);

struct member *client_member(struct client *client);
const uint8_t *client_session(const struct client *client);
/* The whole link of an invite of this session. Errors: STATUS_NOT_FOUND, STATUS_TOO_LONG. */
MUST_CHECK enum status client_invite_text(const struct client *client, uint16_t number,
                                          char out[LINK_TEXT_BYTES_MAX + 1]);
void client_retry(struct client *client); /* connect now */
bool client_is_connected(const struct client *client);
/* The first trouble with the disk since the last call, STATUS_OK if none; `detail` as above. */
enum status client_disk_status(struct client *client, char *detail);

/* Says goodbye, writes what waits, closes and frees; `done` (may be NULL) runs last, on the
 * loop. */
void client_close(struct client *client, void (*done)(void *context), void *context);

#endif

/* protocol/channel.h -- one connection, either side: bytes in, messages out; messages in, bytes
 * out. Frames, handshake, version and sealing are inside.
 *
 *   client   HANDSHAKE --message 2--> GREETING --WELCOME--> READY
 *                                             --REFUSE--> REFUSED
 *   server   HANDSHAKE --message 3--> OFFERED --channel_accept()--> READY
 *                                             --channel_refuse()--> REFUSED
 *   local    READY from the start: frames and messages without Noise, for the control socket
 *   any      --an error--> FAILED; the caller closes at once
 *
 * Never does I/O, has no clock (timers are the caller's), and allocates nothing. Whoever holds
 * a channel: feeds what arrives through channel_read() until it wants more, puts messages in
 * with channel_send(), and, whenever a write may start, takes everything that waits as one
 * frame with channel_flush(). Server and local channels take in requests, clients the rest;
 * anything else is an error. PROTOCOL.md chapters 1 and 2. */
#ifndef PROTOCOL_CHANNEL_H
#define PROTOCOL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/entropy.h"
#include "common/status.h"
#include "protocol/frame.h"
#include "protocol/message.h"
#include "protocol/noise.h"

#define CHANNEL_PROLOGUE "kring/1" /* without a NUL */

enum {
    CHANNEL_VERSION_MIN = 1, /* the protocol versions this program speaks */
    CHANNEL_VERSION_MAX = 1,
    CHANNEL_OFFER_BYTES_MAX = 128, /* payload of message 3 */
    CHANNEL_GREETING_BYTES_MAX = NOISE_MESSAGE_3_BYTES + CHANNEL_OFFER_BYTES_MAX,
    CHANNEL_MESSAGE_BYTES_MAX = NOISE_PLAINTEXT_BYTES_MAX,
    CHANNEL_FLUSH_BYTES_MAX = FRAME_BYTES_MAX,

    /* The caller's timers, PROTOCOL.md chapter 1 */
    CHANNEL_HANDSHAKE_MS_MAX = 5000,
    CHANNEL_NO_PROGRESS_MS_MAX = 30000,
    CHANNEL_PING_MS = 20000,
};

enum channel_side {
    CHANNEL_CLIENT,
    CHANNEL_SERVER,
    CHANNEL_LOCAL_CLIENT,
    CHANNEL_LOCAL_SERVER
};

enum channel_state {
    CHANNEL_FAILED = 0, /* so is anything zeroed */
    CHANNEL_HANDSHAKE,
    CHANNEL_GREETING,
    CHANNEL_OFFERED,
    CHANNEL_READY,
    CHANNEL_REFUSED,
};

enum channel_event {
    CHANNEL_WANTS_BYTES, /* all input is taken; nothing more comes of it */
    CHANNEL_OFFER,    /* server: a client has proved its key; given until accepted or refused */
    CHANNEL_WELCOMED, /* client: ready; the message is the WELCOME */
    CHANNEL_MESSAGE,
};

/* Large (about 128 KiB, of which only what is used is touched): never on a stack. */
struct channel {
    enum channel_side side;
    enum channel_state state;
    struct noise noise;

    uint32_t version;                  /* once ready */
    uint32_t version_min, version_max; /* server: what the client offers, from OFFERED on */
    uint8_t peer_name[MESSAGE_NAME_BYTES_MAX];
    size_t peer_name_count;
    enum status failure; /* FAILED, REFUSED: why */
    struct bytes refusal;

    struct bytes unread; /* messages of the current frame not given out yet */
    struct frame frame;

    uint8_t offer[CHANNEL_OFFER_BYTES_MAX]; /* client: payload of message 3 */
    size_t offer_count;
    uint8_t greeting[CHANNEL_GREETING_BYTES_MAX]; /* handshake message due */
    size_t greeting_count;
    size_t queued_count;
    uint8_t queued[CHANNEL_MESSAGE_BYTES_MAX]; /* messages for the next flush */
};

/* name: of this program, such as "kring 0.1.0"; at most MESSAGE_NAME_BYTES_MAX, cut. Message 1
 * waits in channel_flush() from the start.
 * Errors: STATUS_BAD_KEY (server_key is not usable). */
MUST_CHECK enum status channel_init_client(struct channel *channel,
                                           const struct noise_keypair *own,
                                           const uint8_t server_key[NOISE_KEY_BYTES],
                                           const char *name, struct entropy entropy);
void channel_init_server(struct channel *channel, const struct noise_keypair *own,
                         struct entropy entropy);
/* side: CHANNEL_LOCAL_CLIENT or CHANNEL_LOCAL_SERVER. */
void channel_init_local(struct channel *channel, enum channel_side side);
/* Wipes the keys. A zeroed channel is fine. */
void channel_finish(struct channel *channel);

/* Takes bytes off the front of *input_inout until something happened. Call again, with the same
 * input, until *event_out is CHANNEL_WANTS_BYTES. message_out is set with CHANNEL_MESSAGE and
 * CHANNEL_WELCOMED; it borrows from the channel until the next call.
 * Errors, after which the channel is FAILED or REFUSED and the connection is to be closed:
 *   client, before READY: STATUS_CRYPTO   something answers, but not the server of this key
 *                         STATUS_BUSY     the server takes no connections now: come back later
 *                         as refused      STATUS_VERSION and so on; see channel_refusal()
 *   STATUS_CRYPTO, STATUS_BAD_KEY, STATUS_MALFORMED, STATUS_TOO_LONG. */
MUST_CHECK enum status channel_read(struct channel *channel, struct bytes *input_inout,
                                    enum channel_event *event_out, struct message *message_out);

/* What an end of the stream means now: STATUS_OK between frames when ready; STATUS_SHORT inside
 * one; for a client before message 2 STATUS_CRYPTO, since closing is how a server answers who
 * does not know its key; otherwise STATUS_UNREACHABLE. */
MUST_CHECK enum status channel_end(const struct channel *channel);

/* The other's static key: the server's as given, the client's proved, from OFFERED on. */
const uint8_t *channel_peer_key(const struct channel *channel);
/* What it calls itself: UTF-8, borrowed, for a log. Empty before OFFERED or READY. */
struct bytes channel_peer_name(const struct channel *channel);

/* Server, when OFFERED: queues WELCOME with the highest version both know, or, if there is
 * none, refuses with STATUS_VERSION and returns that. name: of this program. */
MUST_CHECK enum status channel_accept(struct channel *channel, const char *name,
                                      uint64_t time_ms);
/* Server, when OFFERED: queues REFUSE; flush it, then close. text: NUL-terminated. */
void channel_refuse(struct channel *channel, enum status reason, const char *text);
/* Client, when REFUSED: what the server said; UTF-8, borrowed. */
struct bytes channel_refusal(const struct channel *channel);

/* Puts one whole message into the next frame. Copies.
 * Errors: STATUS_FULL (flush first; nothing changed), STATUS_TOO_LONG (never fits),
 * STATUS_BAD_STATE (not READY). */
MUST_CHECK enum status channel_send(struct channel *channel, struct bytes message);
/* Bytes of messages the next frame still has room for. */
size_t channel_room(const struct channel *channel);

/* True when channel_flush() has something to give. */
bool channel_has_output(const struct channel *channel);
/* Gives everything that waits as one frame, sealed once: up to CHANNEL_FLUSH_BYTES_MAX bytes,
 * which must then reach the other side, in this order. Zero bytes when nothing waits.
 * Errors: STATUS_CRYPTO (nonces used up), STATUS_BAD_STATE (FAILED). */
MUST_CHECK enum status channel_flush(struct channel *channel,
                                     uint8_t out[CHANNEL_FLUSH_BYTES_MAX], size_t *count_out);

/* What a listener sends, in the clear and before anything else, to a connection it has no room
 * for: an empty frame. */
extern const uint8_t channel_busy[FRAME_HEADER_BYTES];

#endif

/* protocol/methods.h -- what stands in the params and results of each method of a session.
 *
 * For each shape: a struct, X_encode() that writes it as one array, X_decode() that reads it
 * strictly and skips what it does not know at the tail. Decoders borrow from their input, leave
 * *_out untouched on an error, and give STATUS_MALFORMED or STATUS_TOO_LONG. Requests and
 * results without fields have none: message_encode_nothing() writes their empty array.
 * Source: PROTOCOL.md chapter 2, in the same order. */
#ifndef PROTOCOL_METHODS_H
#define PROTOCOL_METHODS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/entry.h"
#include "common/limits.h"
#include "common/numbers.h"
#include "protocol/message.h"

enum { MESSAGE_LAST_CALL_SECONDS_MAX = 3600 };

/* A place on a chain. At index 0 the hash is not looked at. */
struct message_place {
    uint64_t index;
    uint8_t hash[HASH_BYTES];
};

/* CREATE. The result is message_appended, its hash the session's id. */
struct message_create {
    uint8_t ticket_key[KEY_BYTES];
    uint8_t signature[SIGNATURE_BYTES]; /* the ticket's, over H(genesis) */
    struct bytes genesis;
};

/* ATTACH. The result is message_attached. */
struct message_attach {
    uint8_t session[HASH_BYTES];
    struct message_place public_place;
    struct message_place own_place;
};

/* KNOCK, of a device that is no member yet. The result is message_attached, with member 0; or,
 * when this key has joined already, with its number: then ATTACH follows. */
struct message_knock {
    uint8_t session[HASH_BYTES];
    uint16_t invite;
    uint8_t signature[SIGNATURE_BYTES]; /* the invite's, over session and device keys */
    struct device_keys device;          /* the noise key is the connection's */
    struct message_place public_place;
};

struct message_attached {
    struct message_place public_head;
    struct message_place own_head; /* all zero for member 0 */
    uint32_t waiting;              /* how many waiting answers it may have now */
    uint16_t member;               /* the connection's number, 0 if it has none yet */
    uint64_t time_ms;              /* the server's clock */
};

/* APPEND takes one entry. */
struct message_append {
    struct bytes entry;
};

struct message_appended {
    enum stream stream;
    uint64_t index;
    uint8_t hash[HASH_BYTES]; /* H(entry) as held, which a resent one may differ from */
    uint64_t time_ms;         /* of the entry on its stream; of its arrival if waiting */
};

/* DIGEST takes a step, as do SIGNAL, DONE, PROGRESS and LAST_CALL before their second field. */
struct message_step {
    uint16_t step;
};

struct message_digest {
    uint32_t count;
    uint8_t digest[HASH_BYTES];
};

enum message_signal {
    MESSAGE_SIGNAL_NONE = 0,
    MESSAGE_SIGNAL_READY = 1,
    MESSAGE_SIGNAL_MORE_TIME = 2,
    MESSAGE_SIGNAL_QUESTION = 3,
};

struct message_signalled { /* SIGNAL */
    uint16_t step;
    enum message_signal signal;
};

struct message_mark { /* DONE: done; PROGRESS: writing */
    uint16_t step;
    bool on;
};

struct message_last_call { /* LAST_CALL, LAST_CALLED */
    uint16_t step;
    uint32_t seconds; /* 0: no longer */
};

struct message_time { /* result of PING */
    uint64_t time_ms;
};

/* Payload of the third handshake message, which is no message of its own. */
struct message_offer {
    uint32_t version_min;
    uint32_t version_max;
    struct bytes name; /* of the client's program and its version */
};

struct message_welcome {
    uint32_t version;
    struct bytes name; /* of the server and its version */
    uint64_t time_ms;
};

struct message_reason { /* REFUSE, NOTICE, CLOSING */
    uint32_t code;      /* an error's code, CLOSING also 0; NOTICE: enum message_notice */
    struct bytes text;  /* may be empty */
};

enum message_notice {
    MESSAGE_NOTICE_STOPPING = 1, /* the server will stop or restart soon */
    MESSAGE_NOTICE_NO_SPACE = 2, /* the server's disk is nearly full: writing is refused */
    MESSAGE_NOTICE_RESTORED = 3, /* the server was restored from a backup */
    MESSAGE_NOTICE_EXPIRES = 4,  /* the session's retention date is near */
};

struct message_item {
    enum stream stream;
    uint64_t index;
    uint64_t time_ms;
    struct bytes entry;
};

enum message_presence_state { MESSAGE_AWAY = 0, MESSAGE_PRESENT = 1 };

enum message_marks { /* of a member at a step, added up */
                     MESSAGE_MARK_ANSWERED = 1,
                     MESSAGE_MARK_DONE = 2,
                     MESSAGE_MARK_READY = 4,
                     MESSAGE_MARK_MORE_TIME = 8,
                     MESSAGE_MARK_QUESTION = 16,
                     MESSAGE_MARK_WRITING = 32,
};

struct message_member {
    uint16_t member;
    uint32_t state; /* enum message_presence_state; or marks, unknown bits kept */
};

struct message_members {
    bool whole; /* all there are, absent means 0; else only what changed */
    uint32_t count;
    struct message_member items[MEMBERS_MAX];
};

struct message_who {
    uint16_t step;
    struct message_members members;
};

struct message_counts {
    uint16_t step;
    uint32_t answered, done, ready, more_time, question, writing;
};

enum message_lobby_reason {
    MESSAGE_LOBBY_AGREEMENT = 1,      /* waits for the facilitator's agreement */
    MESSAGE_LOBBY_NO_FACILITATOR = 2, /* no facilitator connected */
};

struct message_lobby {
    enum message_lobby_reason reason;
};

void message_encode_nothing(struct writer *writer);
/* The params or result of a method without fields: an array, of which the tail is skipped. */
MUST_CHECK enum status message_decode_nothing(struct bytes body);

#define MESSAGE_CODEC(name)                                                                    \
    void message_##name##_encode(struct writer *writer, const struct message_##name *value);   \
    MUST_CHECK enum status message_##name##_decode(struct bytes body,                          \
                                                   struct message_##name *value_out)

MESSAGE_CODEC(create);
MESSAGE_CODEC(attach);
MESSAGE_CODEC(knock);
MESSAGE_CODEC(attached);
MESSAGE_CODEC(append);
MESSAGE_CODEC(appended);
MESSAGE_CODEC(step);
MESSAGE_CODEC(digest);
MESSAGE_CODEC(signalled);
MESSAGE_CODEC(mark);
MESSAGE_CODEC(last_call);
MESSAGE_CODEC(time);
MESSAGE_CODEC(offer);
MESSAGE_CODEC(welcome);
MESSAGE_CODEC(reason);
MESSAGE_CODEC(item);
MESSAGE_CODEC(members); /* PRESENCE */
MESSAGE_CODEC(who);
MESSAGE_CODEC(counts);
MESSAGE_CODEC(lobby);

#endif

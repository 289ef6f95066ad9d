/* protocol/message.h -- the shapes all messages have, and the numbers of all methods.
 *
 *   request       [0, id, method, params]      answered by exactly one response
 *   response      [1, id, error, result]       error is nil, or [code, text] and result is nil
 *   notification  [2, method, params]          not answered
 *
 * params and result are arrays, which grow at their tail only: what a program does not know of
 * them it skips. What stands in them is coded by methods.h and control.h. Requests go from
 * client to server, responses and notifications from server to client, never otherwise.
 *
 * Source: MessagePack-RPC, with numbers for methods; PROTOCOL.md chapter 2. */
#ifndef PROTOCOL_MESSAGE_H
#define PROTOCOL_MESSAGE_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"
#include "protocol/writer.h"

enum {
    MESSAGE_TEXT_BYTES_MAX = 256, /* of an error, a notice: for a log or a second line */
    MESSAGE_NAME_BYTES_MAX = 64,  /* of a program and its version, such as "kring 0.1.0" */
};

enum message_kind { MESSAGE_REQUEST = 0, MESSAGE_RESPONSE = 1, MESSAGE_NOTIFICATION = 2 };

/* On the wire: never renumber. After each: its params, and after an arrow its result. */
enum message_method {
    /* requests over the network */
    MESSAGE_CREATE = 1,     /* ticket key, signature, genesis -> as APPEND */
    MESSAGE_ATTACH = 2,     /* session, public, own -> heads, waiting, member, time */
    MESSAGE_KNOCK = 3,      /* session, invite, signature, keys, public -> as ATTACH */
    MESSAGE_APPEND = 4,     /* entry -> stream, index, hash, time */
    MESSAGE_DIGEST = 5,     /* step -> count, digest */
    MESSAGE_SIGNAL = 6,     /* step, signal -> */
    MESSAGE_DONE = 7,       /* step, done -> */
    MESSAGE_PING = 8,       /* -> time */
    MESSAGE_GOODBYE = 9,    /* -> */
    MESSAGE_PROGRESS = 10,  /* step, writing -> */
    MESSAGE_LAST_CALL = 11, /* step, seconds -> */
    MESSAGE_GIVE_BACK = 12, /* reserved: a suffix the server lost */

    /* notifications over the network */
    MESSAGE_WELCOME = 64,     /* version, name, time: first of all */
    MESSAGE_REFUSE = 65,      /* code, text: instead of WELCOME */
    MESSAGE_ITEM = 66,        /* stream, index, time, entry */
    MESSAGE_PRESENCE = 67,    /* whole, [member, state]... */
    MESSAGE_COUNTS = 68,      /* step, answered, done, ready, more time, question, writing */
    MESSAGE_WHO = 69,         /* step, whole, [member, marks]...; to facilitators */
    MESSAGE_LOBBY = 70,       /* reason; to who waits */
    MESSAGE_NOTICE = 71,      /* code, text */
    MESSAGE_CLOSING = 72,     /* reason, text: last of all */
    MESSAGE_LAST_CALLED = 73, /* step, seconds */
    MESSAGE_REDIRECT = 74,    /* reserved: host, port, server key */

    /* requests over the control socket */
    MESSAGE_STATUS = 96,    /* -> see struct control_status */
    MESSAGE_TICKET = 97,    /* label, uses, expires, host -> link */
    MESSAGE_TICKETS = 98,   /* after -> list */
    MESSAGE_REVOKE = 99,    /* label -> */
    MESSAGE_SESSIONS = 100, /* after -> list */
    MESSAGE_PURGE = 101,    /* session -> */
    MESSAGE_BACKUP = 102,   /* reserved: path */
    MESSAGE_VERIFY = 103,   /* reserved */
};

struct message {
    enum message_kind kind;
    uint32_t id;       /* request and response; chosen by the client, unique while unanswered */
    uint32_t method;   /* request and notification: a message_method, or one not known here */
    enum status error; /* response: STATUS_OK, or why it was refused */
    struct bytes text; /* response with an error; UTF-8, borrowed */
    struct bytes whole; /* all of it, as it came; borrowed */
    struct bytes body;  /* params or result: exactly one array, borrowed; empty with an error */
};

/* Reads one whole message. Borrows from bytes.
 * Errors: STATUS_MALFORMED, STATUS_TOO_LONG. A code nobody knows is STATUS_UNSUPPORTED in
 * message_out->error, and no error here. */
MUST_CHECK enum status message_decode(struct bytes bytes, struct message *message_out);

/* Each writes everything but the last value of a message, which the caller writes next:
 * exactly one array, made by an encoder of methods.h or control.h. */
void message_begin_request(struct writer *writer, uint32_t id, enum message_method method);
void message_begin_result(struct writer *writer, uint32_t id);
void message_begin_notification(struct writer *writer, enum message_method method);

/* Writes a whole response that says no. error must not be STATUS_OK; one that does not travel
 * is sent as STATUS_IO. text: NUL-terminated, cut at MESSAGE_TEXT_BYTES_MAX; NULL is the name
 * of the status. */
void message_write_error(struct writer *writer, uint32_t id, enum status error,
                         const char *text);

/* The longest beginning of text of at most count_max bytes that cuts no character. Borrowed.
 * text: NUL-terminated UTF-8. */
struct bytes message_text(const char *text, size_t count_max);

/* An error's number on the wire and back. Numbers are those of enum status without the minus;
 * what does not travel is 2 (STATUS_IO) there, and what is not known STATUS_UNSUPPORTED here.
 * 0 is STATUS_OK, which only CLOSING may say. */
uint32_t message_code_of(enum status status);
enum status message_status_of(uint32_t code);

#endif

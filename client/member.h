/* client/member.h -- one person in one session, sans-I/O: the engine behind every face.
 *
 *   MAKING ---genesis durable---\                    (host)
 *   KNOCKING --join--> LOBBY --roster--> INSIDE      (invite)
 *   any: connected <-> not connected; what was being said is kept and said again
 *
 * Messages of one connection come in through member_receive(), go out through the driver; what
 * must survive the process goes out through the driver too and comes back with
 * member_restore(). What a person wants comes in as the operations below; each says at once
 * whether it can be, and what becomes of it later comes as news. Never reads a clock, a disk, a
 * socket or a screen. Not thread-safe; the driver must not call back into it from a callback.
 */
#ifndef CLIENT_MEMBER_H
#define CLIENT_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "client/model.h"
#include "common/entropy.h"
#include "common/entry.h"
#include "common/status.h"
#include "protocol/content.h"
#include "protocol/link.h"

struct compiled;
struct member; /* opaque */

/* What is kept on the device, apart from entries. Numbers are stored: never renumber. */
enum record_kind {
    RECORD_SELF = 1,    /* name, how we came in, F and genesis of a creator; key: none */
    RECORD_DRAFT = 2,   /* key: step (2), behalf (1) */
    RECORD_ANSWER = 3,  /* submitted; key: step (2), behalf (1) */
    RECORD_OUTBOX = 4,  /* an entry not acknowledged yet; key: order (8) */
    RECORD_JOTTING = 5, /* key: number (4) */
    RECORD_INVITE = 6,  /* the seed of an invite given out; key: number (2) */
    RECORD_NOTE = 7,    /* own note that lost a conflict; key: step (2) */
};

enum news_kind {
    NEWS_CONNECTION, /* caught up; from client.h also: the line is gone, `text` says why */
    NEWS_STANDING,   /* registered in the lobby, let in, removed */
    NEWS_CREATED,    /* the session stands: invites can be given out */
    NEWS_SESSION,    /* running, paused, resumed, ended, purged */
    NEWS_MEMBERS,    /* somebody joined, was let in, was named, came, went */
    NEWS_STEP,       /* opened, closed, released, skipped; or the group went there */
    NEWS_TEXTS,      /* something to read was given out */
    NEWS_PASSAGE,    /* everyone is called to a paragraph */
    NEWS_ANSWER,     /* the state of an own answer changed */
    NEWS_COUNTS,     /* how many answered, are done, ready, ... */
    NEWS_NOTE,       /* the shared note of a step, or a conflict about it */
    NEWS_REPORT,
    NEWS_MESSAGE, /* private, for or by this person */
    NEWS_PARKED,
    NEWS_AGREEMENT,
    NEWS_TIMER,
    NEWS_LAST_CALL, /* somebody closes or releases soon: `seconds` left to send */
    NEWS_REFUSED,   /* something this person asked for was refused: `status`, `text` */
    NEWS_FAULT,     /* the server lied or is behind; `text` says how */
    NEWS_NOTICE,    /* the server says something about itself; `text` */
    NEWS_CLOSING,   /* the server closes this connection for good or for now; `text` */
};
enum { NEWS_KIND_COUNT = 21 };

struct news {
    enum news_kind kind;
    bool past;       /* part of catching up: it happened while this device was away */
    uint16_t step;   /* 0: none */
    uint16_t member; /* whom it is about or from; 0: nobody */
    uint16_t number; /* passage: paragraph; texts: text */
    uint32_t seconds;
    uint64_t index;  /* of the entry behind it; 0: none */
    enum kind entry; /* of the entry behind it, or asked for; 0: none */
    enum status status;
    const char *text; /* a sentence for people, NULL: none; borrowed */
};

struct member_driver {
    void *context;
    /* One whole message to the server, in order; copied. Only called while connected. */
    void (*send)(void *context, struct bytes message);
    /* Keep, before anything that follows is sent. Empty value: forget that key. */
    void (*keep_record)(void *context, enum record_kind kind, struct bytes key,
                        struct bytes value);
    void (*keep_entry)(void *context, enum stream stream, uint64_t index, uint64_t time_ms,
                       struct bytes entry);
    /* The session is purged: forget all of it but what the person chose to keep. */
    void (*erase)(void *context);
    void (*news)(void *context, const struct news *news);
};

struct member_options {
    struct member_driver driver;
    struct entropy entropy;
    uint8_t seed[SEED_BYTES];    /* of the seat */
    uint8_t session[HASH_BYTES]; /* zero for member_host() */
    bool admits; /* a facilitator's client that lets people in by itself, where the session
                    admits automatically */
};

/* A member that does nothing yet: restore it, or host or join; then connect.
 * Errors: STATUS_NOMEM. The options are copied. */
MUST_CHECK enum status member_create(const struct member_options *options,
                                     struct member **member_out);
void member_destroy(struct member *member);

/* ---- coming in ---- */

struct member_invite_plan {
    enum role role; /* not facilitator */
    uint16_t uses;
    bool facilitates;  /* this client makes them facilitator when it lets them in (a deputy) */
    const char *label; /* for whom; stays on this device; may be NULL */
};

struct member_host_options {
    const struct compiled *compiled; /* borrowed for the call */
    const char *title;               /* of the session */
    const char *name;                /* the facilitator's */
    uint8_t ticket_seed[SEED_BYTES];
    uint64_t retention_ms;
    uint64_t invite_expiry_ms;
    enum admission admission;
    uint16_t invite_count;
    const struct member_invite_plan *invites; /* numbered 1, 2, 3, ... */
};

/* Prepares a new session; it is made at the first connection. recovery_seed_out goes onto the
 * sheet and is not kept. session_out: its id, final.
 * Errors: STATUS_TOO_LONG, STATUS_FULL, STATUS_NOMEM. */
MUST_CHECK enum status member_host(struct member *member,
                                   const struct member_host_options *options,
                                   uint8_t session_out[HASH_BYTES],
                                   uint8_t recovery_seed_out[SEED_BYTES]);

/* Joins by an invite under this name at the first connection; again, with another invite, as
 * long as none has let us in.
 * Errors: STATUS_USAGE (not an invite, or another session), STATUS_TOO_LONG, STATUS_NOMEM. */
MUST_CHECK enum status member_join(struct member *member, const struct link *invite,
                                   const char *name);

/* Gives the driver all that must be kept, once there is a place for it: after member_host() or
 * member_join(), which keep nothing themselves. Later changes are kept as they come. */
void member_keep_all(struct member *member);

/* Brings back what was kept: first all records, then the entries in order of stream and index,
 * then once member_restored(). No news comes of it.
 * Errors: STATUS_MALFORMED (the record is damaged and left out), STATUS_CONFLICT (the kept copy
 * does not verify from here on: the rest is fetched again), STATUS_NOMEM. */
MUST_CHECK enum status member_restore_record(struct member *member, enum record_kind kind,
                                             struct bytes key, struct bytes value);
MUST_CHECK enum status member_restore_entry(struct member *member, enum stream stream,
                                            uint64_t index, uint64_t time_ms,
                                            struct bytes entry);
MUST_CHECK enum status member_restored(struct member *member);

/* ---- the connection ---- */

/* The channel is ready: says who we are and catches up. */
void member_connected(struct member *member, uint64_t now_ms, uint64_t server_ms);
/* One whole message from the server. Errors: STATUS_MALFORMED: close the connection. */
MUST_CHECK enum status member_receive(struct member *member, struct bytes message,
                                      uint64_t now_ms);
void member_disconnected(struct member *member, uint64_t now_ms);
/* Time went by; call at least at *next_ms_out. */
void member_tick(struct member *member, uint64_t now_ms, uint64_t *next_ms_out);
/* Leaves politely; the driver closes when the messages are out. */
void member_goodbye(struct member *member);

/* ---- looking ---- */

/* What this person sees now; borrowed until the next call of this function. Never NULL but when
 * memory is gone. */
const struct model *member_model(struct member *member);
const struct replica *member_replica(const struct member *member);
/* True when nothing waits to be acknowledged. */
bool member_is_settled(const struct member *member);
/* A given-out invite's link data; host and port are the caller's to fill in.
 * Errors: STATUS_NOT_FOUND. */
MUST_CHECK enum status member_invite_link(const struct member *member, uint16_t number,
                                          struct link *link_out);

struct member_invite {
    uint16_t number;
    enum role role;
    uint16_t uses, used;
    bool facilitates;
    const char *label;
};
/* The invites this device gave out, number by number from *at_inout = 0; false at the end. */
bool member_next_invite(const struct member *member, uint16_t *at_inout,
                        struct member_invite *invite_out);

/* ---- what a person can want ----
 *
 * STATUS_OK: on its way (news follows), or done. Errors, all of them: STATUS_FORBIDDEN (not
 * this role), STATUS_BAD_STATE (not now), STATUS_PAUSED, STATUS_ENDED, STATUS_PURGED,
 * STATUS_NOT_ADMITTED, STATUS_REMOVED, STATUS_UNREACHABLE (no connection, and this is not
 * kept), STATUS_CONFLICT (the server is not believed any more), STATUS_UNKNOWN (no such step,
 * member, text), STATUS_TOO_LONG, STATUS_MALFORMED (no UTF-8), STATUS_UNSUPPORTED, STATUS_FULL,
 * STATUS_NOMEM. words_of_status() (client/words.h) says each in a sentence. */

/* Everyone. Drafts are kept at once and never leave the device; an empty one is forgotten. That
 * an answer is begun where one is asked is told, so that a last call waits for it. */
MUST_CHECK enum status member_draft(struct member *member, uint16_t step, uint8_t behalf,
                                    const struct content_answer *answer);
/* Submits: kept, and sent as soon as it can be. Again: a new edit replaces it. */
MUST_CHECK enum status member_answer(struct member *member, uint16_t step, uint8_t behalf,
                                     const struct content_answer *answer);
/* Submits the draft. Errors: also STATUS_NOT_FOUND: there is none. */
MUST_CHECK enum status member_submit(struct member *member, uint16_t step, uint8_t behalf);
MUST_CHECK enum status member_done(struct member *member, uint16_t step, bool done);
enum member_signal { SIGNAL_NONE, SIGNAL_READY, SIGNAL_MORE_TIME, SIGNAL_QUESTION };
MUST_CHECK enum status member_signal(struct member *member, enum member_signal signal);
MUST_CHECK enum status member_confirm(struct member *member);
MUST_CHECK enum status member_rename(struct member *member, const char *name);
MUST_CHECK enum status member_park(struct member *member, uint16_t step, const char *text);
MUST_CHECK enum status member_leave_out(struct member *member, const uint8_t id[ID_BYTES]);
MUST_CHECK enum status member_jot(struct member *member, const char *text, uint64_t now_ms);
MUST_CHECK enum status member_forget_jotting(struct member *member, uint32_t number);

/* The observer; messages also the facilitator. Participants have no private messages. */
MUST_CHECK enum status member_message(struct member *member, const uint16_t *recipients,
                                      size_t count, const char *text);
MUST_CHECK enum status member_report(struct member *member, uint16_t step, const char *text);

/* The shared note: facilitator (or scribe). Replaces the version on screen. */
MUST_CHECK enum status member_note(struct member *member, uint16_t step, const char *text);
MUST_CHECK enum status member_agree(struct member *member, uint16_t step, const char *text,
                                    const char *owner, const char *by_when,
                                    const char *process);

/* The facilitator's pace. These are not kept while there is no connection. */
MUST_CHECK enum status member_open_step(struct member *member, uint16_t step);
MUST_CHECK enum status member_close_step(struct member *member, uint16_t step);
/* Closes first when it is open; asks the server for the digest; then releases. */
MUST_CHECK enum status member_release_step(struct member *member, uint16_t step);
MUST_CHECK enum status member_skip_step(struct member *member, uint16_t step);
MUST_CHECK enum status member_go(struct member *member, uint16_t step); /* opened before */
/* The step after the group's, in the order of the guide: opened, or gone to. */
MUST_CHECK enum status member_next(struct member *member);
MUST_CHECK enum status member_previous(struct member *member);
/* Which step member_next() would take; 0: none. */
uint16_t member_next_step(const struct member *member);
uint16_t member_previous_step(const struct member *member);
MUST_CHECK enum status member_last_call(struct member *member, uint16_t step,
                                        uint32_t seconds); /* 0: no longer */
MUST_CHECK enum status member_pause(struct member *member);
MUST_CHECK enum status member_resume(struct member *member);
MUST_CHECK enum status member_end(struct member *member);
MUST_CHECK enum status member_timer_start(struct member *member, uint32_t seconds);
MUST_CHECK enum status member_timer_extend(struct member *member, uint32_t seconds);
MUST_CHECK enum status member_timer_stop(struct member *member);
/* Gives out a text to all (background), or calls everyone to a paragraph of one; 0: whole. */
MUST_CHECK enum status member_reveal(struct member *member, uint16_t text, uint16_t paragraph);
MUST_CHECK enum status member_admit(struct member *member, uint16_t who);
MUST_CHECK enum status member_refuse(struct member *member, uint16_t who);
/* Makes an admitted member facilitator, observer, participant, case-giver. */
MUST_CHECK enum status member_give_role(struct member *member, uint16_t who, enum role role);
/* A new invite; *number_out for member_invite_link() once NEWS_CREATED says it stands. */
MUST_CHECK enum status member_invite(struct member *member, enum role role, uint16_t uses,
                                     uint64_t expiry_ms, const char *label,
                                     uint16_t *number_out);
MUST_CHECK enum status member_purge(struct member *member);

#endif

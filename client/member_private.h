/* client/member_private.h -- what the files of a member share; nobody else includes it.
 *
 *   member.c         making one; who one is, and may want
 *   member_enter.c   hosting, joining, giving out invites
 *   member_keep.c    what is kept and brought back
 *   member_line.c    the connection: saying who we are, requests and their answers
 *   member_take.c    what the server tells: items, and news of them
 *   member_moment.c  what holds of the moment: presence, counts, marks
 *   member_send.c    what goes out: wishes, answers, a release in its steps
 *   member_auto.c    what is wanted without being asked: joining, letting people in
 *   member_marks.c   marks: done, signals, writing
 *   member_wants.c   what a person can want, but for the pace
 *   member_pace.c    what a facilitator can want
 *   member_look.c    the model, invites */
#ifndef CLIENT_MEMBER_PRIVATE_H
#define CLIENT_MEMBER_PRIVATE_H

#include "client/member.h"
#include "client/outbox.h"
#include "client/policy.h"
#include "client/replica.h"
#include "client/sealer.h"
#include "protocol/message.h"
#include "protocol/methods.h"
#include "protocol/script.h"

enum {
    MEMBER_REQUESTS_MAX = 24,             /* not answered yet; the server allows 32 */
    MEMBER_APPENDS_MAX = 16,              /* of them, entries */
    MEMBER_APPEND_BYTES_MAX = 512 * 1024, /* in those */
    MEMBER_RETRY_MS = 5000,               /* when the server cannot just now */
    MEMBER_AGAIN_MS = 200,                /* when what changed is on its way to us */
    MEMBER_PASSING_MS = 30000,            /* what is not kept waits this long for a line */
    MEMBER_TRIES_MAX = 8,                 /* of what others changed meanwhile */
    MEMBER_WAITING_MAX = 4096,            /* own waiting answers shown at one attach */
    MEMBER_CLOCK_OFF_MS = 120000,
};

enum member_way { WAY_NONE = 0, WAY_HOST = 1, WAY_INVITE = 2 }; /* stored */

/* Where the conversation of this connection is. */
enum member_line {
    LINE_DOWN,
    LINE_ASKING,   /* CREATE, ATTACH or KNOCK is under way */
    LINE_FETCHING, /* in; what we have not got yet comes */
    LINE_READY,    /* caught up */
    LINE_SHUT,     /* refused; nothing more on this connection */
};

enum request_kind {
    REQUEST_ENTER,
    REQUEST_WISH,   /* number: its order */
    REQUEST_ANSWER, /* step, behalf */
    REQUEST_DIGEST, /* step */
    REQUEST_MARK,   /* step; its refusal is told */
    REQUEST_QUIET,  /* nobody cares */
};

struct request {
    uint32_t id; /* 0: free */
    enum request_kind kind;
    enum kind entry;
    uint64_t number;
    uint16_t step;
    uint8_t behalf;
    uint32_t edit; /* answers: which one was sent */
    size_t bytes;
};

enum release_stage { RELEASE_NONE, RELEASE_CLOSING, RELEASE_COUNTING, RELEASE_APPENDING };

struct releasing { /* one at a time */
    enum release_stage stage;
    uint16_t step;
    unsigned tries;
};

struct invite_record {
    bool exists;
    uint8_t seed[SEED_BYTES];
    enum role role;
    uint16_t uses;
    char label[CONTENT_NAME_BYTES_MAX + 1];
};

struct jotting {
    uint32_t number;
    uint16_t step;
    uint64_t time_ms;
    struct bytes text; /* owned */
};

struct kept_note {
    uint16_t step;
    struct bytes text; /* owned */
};

struct member {
    struct member_driver driver;
    struct entropy entropy;
    bool admits;
    struct seat seat;
    struct replica *replica; /* NULL before host or join or restore */
    struct sealer *sealer;
    struct outbox outbox;
    uint8_t session[HASH_BYTES];

    /* RECORD_SELF */
    enum member_way way;
    char name[CONTENT_NAME_BYTES_MAX + 1];
    bool created;         /* the server has our genesis */
    struct bytes genesis; /* owned */
    uint8_t ticket_seed[SEED_BYTES];
    uint16_t invite;
    uint8_t invite_seed[SEED_BYTES];

    /* the line */
    enum member_line line;
    bool compares; /* attached from the start, to find where the histories differ */
    bool told_fault;
    uint32_t last_request;
    struct request requests[MEMBER_REQUESTS_MAX];
    struct chain_head goal[2]; /* heads of the streams at attach: then we are caught up */
    uint32_t waiting_due;
    struct bytes *waiting; /* owned: own waiting answers as they came at attach */
    size_t waiting_count;
    uint64_t now_ms;
    uint64_t server_ms;      /* its clock when it was last told */
    uint64_t spoke_ms;       /* last request */
    uint64_t enter_again_ms; /* it could not let us in just then; 0: not asked again */
    int64_t clock_off_ms;
    bool restoring;
    bool erased;

    /* what the server says of the moment */
    enum model_lobby lobby;
    bool present[MEMBERS_MAX + 1];
    struct model_live_step *live; /* owned */
    size_t live_count;
    enum member_signal signal;

    uint64_t calm_until_ms; /* something wanted by itself was refused: not at once again */
    struct releasing releasing;
    struct script script;
    bool script_read;
    bool facilitates[INVITES_MAX + 1]; /* by invite number */
    struct invite_record *invites;     /* owned, INVITES_MAX + 1; NULL: none given out */
    struct jotting *jottings;          /* owned */
    size_t jotting_count;
    uint32_t last_jotting;
    struct kept_note *kept_notes; /* owned */
    size_t kept_note_count;
    uint64_t last_name_index; /* of our own name entry; 0: none yet */

    struct model *model;              /* NULL: to be built */
    bool done[STEPS_MAX + 1];         /* marked so, as far as this process knows */
    bool told_writing[STEPS_MAX + 1]; /* the server knows, on this connection */
    bool told_created;
    enum member_state told_state; /* of ourselves, in the last NEWS_STANDING */
    enum role told_role;
    char fault_text[512];
};

/* member.c */
void member_changed(struct member *member); /* the model must be built anew */
void member_tell(struct member *member, const struct news *news);
void member_forget_bytes(struct bytes *held); /* wipes and frees */

/* member_keep.c: through the driver; not while restoring */
void member_keep_self(struct member *member);
void member_keep_wish(struct member *member, const struct wish *wish);
void member_drop_wish(struct member *member, struct wish *wish); /* record and all */
void member_keep_answer(struct member *member, const struct own_answer *answer);
void member_keep_draft(struct member *member, const struct own_answer *answer);
/* Own text that could not be sent: kept as something jotted down. */
void member_keep_text(struct member *member, uint16_t step, struct bytes text);
MUST_CHECK enum status member_add_kept_note(struct member *member, uint16_t step,
                                            struct bytes text);
void member_forget_kept_note(struct member *member, uint16_t step);
void member_keep_invite(struct member *member, uint16_t number);
MUST_CHECK enum status member_reserve_invites(struct member *member);

/* member.c again */
void member_new_id(struct member *member, uint8_t id_out[ID_BYTES]);
/* May this be wanted now, by the rules and by what we know? step 0: none. */
MUST_CHECK enum status member_check(const struct member *member, enum kind kind, int verb,
                                    uint16_t step);
bool member_is_facilitator(const struct member *member);
const struct session_member *member_self(const struct member *member); /* or NULL */

/* member_line.c */
/* Writes a request's head into `writer` and notes it; NULL: too many are under way. */
struct request *member_begin_request(struct member *member, struct writer *writer,
                                     enum message_method method, enum request_kind kind);
void member_send_request(struct member *member, struct request *request,
                         const struct writer *writer);
size_t member_appends_left(const struct member *member, size_t *bytes_left_out);
bool member_has_line(const struct member *member); /* caught up, and may send */
/* Nothing more comes of this connection, and why. */
void member_shut(struct member *member, enum status status);

/* member_take.c */
MUST_CHECK enum status member_take_item(struct member *member, struct bytes body);
MUST_CHECK enum status member_take_entry(struct member *member, enum stream stream,
                                         uint64_t index, uint64_t time_ms, struct bytes entry);
/* Are we caught up by now? Then what waited for it is done. */
void member_settle(struct member *member);
void member_tell_fault(struct member *member);
void member_erase(struct member *member); /* the session is purged: all of it goes */
/* What the log now says of an own answer: shared, closed, opened again, ended. */
void member_review_answers(struct member *member);

/* member_moment.c */
MUST_CHECK enum status member_take_notification(struct member *member,
                                                const struct message *message);
struct model_live_step *member_live(struct member *member, uint16_t step); /* NULL: no memory */

/* member_marks.c */
/* Tells where an answer of ours is begun and not sent, as far as that is not known. */
void member_tell_writing(struct member *member);
/* The server has forgotten that we write there: the step moved, or an answer came in. */
void member_forget_told(struct member *member, uint16_t step);

/* member_auto.c */
void member_pump(struct member *member);   /* everything that may go out now does */
bool member_stands(struct member *member); /* a session we made is whole, and its invites */
MUST_CHECK enum status member_read_script(struct member *member);

/* member_send.c */
void member_wish_answered(struct member *member, const struct request *request,
                          enum status status, const struct message_appended *appended);
void member_answer_answered(struct member *member, const struct request *request,
                            enum status status, const struct message_appended *appended);
void member_digest_answered(struct member *member, const struct request *request,
                            enum status status, const struct message_digest *digest);
MUST_CHECK enum status member_wish(struct member *member, enum kind kind, uint16_t step,
                                   struct bytes plaintext, bool kept, struct wish **wish_out);
void member_send_all(struct member *member);
/* What was wanted and stands in the log now is done with: this entry, or any. */
void member_wish_done(struct member *member, const uint8_t id[ID_BYTES]);
void member_sweep_wishes(struct member *member);
void member_drop_passing(struct member *member);

#endif

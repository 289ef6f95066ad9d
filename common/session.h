/* common/session.h -- the session core: the public rules of one session, the same in server
 * and client. Pure: no I/O, clock, randomness, cryptography or globals.
 *
 * session_decide() says whether an entry may be appended now, and where it goes; it changes
 * nothing. session_apply() folds in an entry of the public stream; replaying 1..n rebuilds the
 * state. A client decides on every public entry before it applies it, exactly as the server
 * did: what it refuses is a lying server.
 *
 * The core does not hold: connections, quotas, waiting answers, keys to read with, texts.
 *
 *   step:     UNOPENED --open--> OPEN <--close/open--> CLOSED --release--> RELEASED (final)
 *             UNOPENED --skip--> SKIPPED --open--> OPEN
 *   session:  FILLING --last text--> RUNNING <--pause/resume--> PAUSED
 *             RUNNING, PAUSED --end--> ENDED;  any --purge--> PURGED (final)
 *   member:   join --> LOBBY --roster--> MEMBER --roster removed--> REMOVED (final)
 *
 * Right after a release the public stream holds exactly the released answers, in order of id;
 * until the last of them has been applied nothing else may come. */
#ifndef COMMON_SESSION_H
#define COMMON_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/entry.h"
#include "common/status.h"

enum step_state { STEP_UNOPENED, STEP_OPEN, STEP_CLOSED, STEP_RELEASED, STEP_SKIPPED };
enum { STEP_STATE_COUNT = STEP_SKIPPED + 1 };
enum session_state {
    SESSION_EMPTY, /* before genesis */
    SESSION_FILLING,
    SESSION_RUNNING,
    SESSION_PAUSED,
    SESSION_ENDED,
    SESSION_PURGED,
};
enum { SESSION_STATE_COUNT = SESSION_PURGED + 1 };
enum member_state { MEMBER_NONE, MEMBER_LOBBY, MEMBER_ADMITTED, MEMBER_REMOVED };

struct session_member {
    enum member_state state;
    enum role role;  /* in the lobby: what the invite gives */
    uint16_t invite; /* 0: the creator */
    uint64_t joined_index;
    uint64_t admitted_index; /* 0 while in the lobby */
    struct device_keys device;
};

struct session_step {
    struct step_plan plan;
    enum step_state state;
    uint32_t epoch;      /* of its first open; 0 before */
    uint64_t open_index; /* public index of its first open; 0 before */
    uint64_t release_index;
    uint32_t release_count;
    bool has_note;
    uint8_t note_id[ID_BYTES]; /* the plenary note's latest version */
    uint8_t key[KEY_BYTES];    /* public, from the first open */
};

struct session_invite {
    uint8_t key[KEY_BYTES];
    enum role role;
    uint16_t uses; /* 0: none, or revoked */
    uint16_t used;
    uint64_t expiry_ms;
    bool exists;
};

struct session_timer {
    uint64_t ends_ms; /* 0: none runs */
};

/* What a decision came to. */
struct session_decision {
    enum stream stream;
    uint16_t member; /* the author; of a join: the number it will have */
};

struct session; /* opaque */

/* An empty session: the first entry must be genesis. Errors: STATUS_NOMEM. */
MUST_CHECK enum status session_create(struct session **session_out);
void session_destroy(struct session *session);

/* May this entry be appended now? `time_ms` is what the log would stamp it with.
 *
 * The first check that fails decides, in this order: kind and verb, session, id held already
 * (so that what is sent again is recognised whatever happened since), purged, ended, release
 * under way, time, room, signature, seen, author, epoch, role, session state, step, body and
 * slots, the kind's own rule.
 *
 * An answer is decided here only as one that will wait (STREAM_WAITING): the one answer a
 * member has per step and `behalf`, and that its edit number rises, is for whoever holds the
 * waiting answers to see to. Keys are checked where they are decoded; the digest of a release
 * by whoever has the answers' hashes.
 *
 * Errors: STATUS_FORBIDDEN (role), STATUS_BAD_STATE, STATUS_PAUSED, STATUS_ENDED,
 * STATUS_PURGED, STATUS_CONFLICT, STATUS_STALE_EPOCH, STATUS_DUPLICATE, STATUS_BAD_SIGNATURE,
 * STATUS_BAD_SEEN, STATUS_BAD_KEY, STATUS_BAD_SLOTS, STATUS_UNKNOWN, STATUS_FULL,
 * STATUS_EXPIRED, STATUS_USED_UP, STATUS_NOT_ADMITTED, STATUS_REMOVED, STATUS_UNSUPPORTED. */
MUST_CHECK enum status session_decide(const struct session *session, const struct entry *entry,
                                      uint64_t time_ms, struct session_decision *decision_out);

/* Could this message, or this waiting answer, have been accepted? They have no place in the
 * public order, so their authors and recipients are asked what they were at any time since
 * admission, and a message's epoch may be a former one. What the entry has seen must have been
 * applied. Errors: as session_decide(); STATUS_BAD_STATE: neither of the two, or an answer to
 * a step that is released. */
MUST_CHECK enum status session_decide_past(const struct session *session,
                                           const struct entry *entry);

/* Folds in the next entry of the public stream. It decides again itself, so that nothing read
 * from a disk or a peer is folded unchecked. Answers are decided only here, as the released
 * ones that follow their release, with its time. What does not go to the public stream
 * (message) is refused with STATUS_BAD_STATE.
 * Errors: as session_decide(), STATUS_NOMEM; then nothing has changed. */
MUST_CHECK enum status session_apply(struct session *session, const struct entry *entry,
                                     uint64_t time_ms);

/* ---- what it looks like; pointers are borrowed and good until the next apply ---- */

enum session_state session_state(const struct session *session);
const uint8_t *session_id(const struct session *session); /* HASH_BYTES */
uint64_t session_index(const struct session *session);    /* of the last applied; 0: none */
uint64_t session_time_ms(const struct session *session);  /* of the last applied */
uint64_t session_roster_index(const struct session *session);
uint32_t session_epoch(const struct session *session);
const uint8_t *session_group_check(const struct session *session, uint32_t epoch); /* or NULL */
const struct recovery_keys *session_recovery(const struct session *session);
uint64_t session_retention_ms(const struct session *session);
enum admission session_admission(const struct session *session);
uint16_t session_pointer(const struct session *session); /* the step the group is on; 0: none */
struct session_timer session_timer(const struct session *session);
uint16_t session_scribe(const struct session *session); /* of the whole circle; 0: nobody */
uint32_t session_release_left(const struct session *session); /* answers still to come */
bool session_has_text(const struct session *session, uint16_t text);
uint16_t session_text_count(const struct session *session); /* that genesis announced */

uint16_t session_member_count(const struct session *session); /* the highest number */
const struct session_member *session_member(const struct session *session, uint16_t member);
/* The member with this noise key, 0 if none; removed ones included. */
uint16_t session_member_by_noise(const struct session *session, const uint8_t *noise);
const struct session_invite *session_invite(const struct session *session, uint16_t number);

/* Steps in the order of the guide: position 0 .. count-1. */
uint16_t session_step_count(const struct session *session);
const struct session_step *session_step_at(const struct session *session, uint16_t position);
const struct session_step *session_step(const struct session *session, uint16_t step);

/* Who holds this id: its public index and author, or false. */
bool session_find_id(const struct session *session, const uint8_t *id, uint64_t *index_out,
                     uint16_t *author_out);

/* Do people answer there, each with fields of their own: by its form, and not plenary? */
bool session_takes_answers(const struct step_plan *plan);

/* Nothing of what is written there is ever sent: only that somebody is done. */
bool session_stays_on_device(const struct step_plan *plan);

/* May this admitted member answer this step by its role, whatever the state and the sharing?
 * False for steps that take no answers: reading, plenary work, discussion, and those whose
 * fruit is an agreement, follow-up or report entry. */
bool session_may_answer(const struct session *session, uint16_t step, uint16_t member);

#endif

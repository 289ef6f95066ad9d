/* common/session_state.h -- what a session is inside; only for common/session*.c. */
#ifndef COMMON_SESSION_STATE_H
#define COMMON_SESSION_STATE_H

#include "common/idmap.h"
#include "common/permission.h"
#include "common/session.h"

enum { RELEASE_ROWS = (MEMBERS_MAX + 1) * (BEHALF_MAX + 1) };

struct member {
    struct session_member seen; /* what the getter shows */
    uint32_t roles_held; /* every role since admission: an answer may be older than a change */
};

/* The release whose answers are still coming; left 0: none. */
struct release {
    uint16_t step;
    uint32_t left;
    bool has_last;
    uint8_t last_id[ID_BYTES];
    uint8_t rows[(RELEASE_ROWS + 7) / 8]; /* a bit per (author, behalf) that came */
};

struct session {
    enum session_state state;
    uint8_t id[HASH_BYTES];
    uint64_t index;
    uint64_t time_ms;
    uint64_t roster_index;
    uint64_t retention_ms;
    enum admission admission;
    uint32_t epoch; /* 0 before genesis; group_checks[epoch - 1] is its */
    uint8_t (*group_checks)[HASH_BYTES];
    struct recovery_keys recovery;

    uint8_t texts[TEXTS_MAX / 8]; /* a bit per text that arrived */
    uint16_t text_count;          /* announced by genesis */
    uint16_t texts_missing;       /* of those */

    struct member *members; /* owned; member n is members[n - 1] */
    uint16_t member_count;
    uint16_t member_capacity;
    struct session_invite *invites; /* owned; invite n is invites[n - 1] */
    uint16_t invite_capacity;

    struct session_step *steps; /* owned, in order of arrival */
    uint16_t step_count;
    uint16_t step_capacity;
    uint16_t places[STEPS_MAX + 1]; /* step n is steps[places[n] - 1]; 0: there is none */
    uint16_t order[STEPS_MAX];      /* step numbers, in order of the guide */

    uint16_t pointer;
    uint16_t scribe;
    struct session_timer timer;
    struct release release;
    struct idmap ids;
};

/* ---- deciding: an entry, beside everything the checks look up more than once ---- */

struct asked {
    const struct session *session;
    const struct entry *entry;
    uint64_t time_ms;
    const struct permission *row;
    const struct session_step *step; /* of the header; NULL: none */
    uint32_t roles;                  /* of the author, as in a permission's `roles` */
    bool is_past; /* decided before, at a moment nobody can tell: what held once counts */
};

/* An entry of kind answer in the public stream, right after its release. Errors: as
 * session_decide(). */
MUST_CHECK enum status session_decide_released(const struct session *session,
                                               const struct entry *entry, uint64_t time_ms,
                                               struct session_decision *decision_out);

/* The kind's own rule: what the permission table cannot say (common/session_rules.c).
 * Everything else has been checked. */
MUST_CHECK enum status session_rule(const struct asked *asked);

/* Whether an answer fits its step and carries the right slots; asked->roles: any of them. */
MUST_CHECK enum status session_rule_answer(const struct asked *asked);

/* The rules on who is there (common/session_rules_roster.c). */
MUST_CHECK enum status session_rule_genesis(const struct asked *asked);
MUST_CHECK enum status session_rule_invite(const struct asked *asked);
MUST_CHECK enum status session_rule_join(const struct asked *asked);
MUST_CHECK enum status session_rule_roster(const struct asked *asked);

/* A step's plan from a peer: known numbers in it, and nothing that contradicts itself. */
MUST_CHECK enum status session_check_plan(const struct step_plan *plan);

/* Body and slots against the row: allowed pairs, things that exist, no two alike. */
MUST_CHECK enum status session_check_sealed(const struct asked *asked);

/* Was this member in at any time? Who was refused in the lobby never was. */
bool session_was_admitted(const struct session_member *member);

/* Does the entry carry this slot? */
bool session_has_slot(const struct entry *entry, enum lock lock, uint32_t lock_n,
                      enum slot_name name, uint32_t name_n);

#endif

/* Whether an entry may be appended: the checks that hold for every kind, in their order. */
#include <assert.h>
#include <string.h>

#include "common/session_state.h"

static int verb_of(const struct entry *entry)
{
    if (entry->kind == KIND_PACE) {
        return (int)entry->args.pace.verb;
    }
    if (entry->kind == KIND_ASSIGN) {
        return (int)entry->args.assign.what;
    }
    return 0;
}

/* Genesis makes the session and join the member: neither has an author yet. */
static bool is_of_device(const struct entry *entry)
{
    return entry->kind == KIND_GENESIS || entry->kind == KIND_JOIN;
}

static enum status check_session(const struct asked *asked)
{
    static const uint8_t none[HASH_BYTES];
    const uint8_t *expected = asked->session->id;

    if (asked->entry->kind == KIND_GENESIS) {
        expected = none;
    }
    return memcmp(asked->entry->session, expected, HASH_BYTES) == 0 ? STATUS_OK
                                                                    : STATUS_UNKNOWN;
}

static enum status check_new(const struct asked *asked)
{
    return idmap_find(&asked->session->ids, asked->entry->id) == NULL ? STATUS_OK
                                                                      : STATUS_DUPLICATE;
}

static enum status check_life(const struct asked *asked)
{
    const struct session *session = asked->session;

    if (session->state == SESSION_PURGED) {
        return STATUS_PURGED;
    }
    if (session->state == SESSION_ENDED && (asked->row->sessions & 1U << SESSION_ENDED) == 0) {
        return STATUS_ENDED;
    }
    if (session->release.left > 0) {
        return STATUS_CONFLICT; /* its answers come first */
    }
    return STATUS_OK;
}

static enum status check_time(const struct asked *asked)
{
    return asked->time_ms >= asked->session->time_ms ? STATUS_OK : STATUS_CONFLICT;
}

static enum status check_room(const struct asked *asked)
{
    uint64_t more = 1;

    if (asked->entry->kind == KIND_PURGE) {
        return STATUS_OK;
    }
    if (asked->entry->kind == KIND_RELEASE) {
        more += asked->entry->args.release.count;
    }
    return asked->session->index + more <= SESSION_ENTRIES_MAX ? STATUS_OK : STATUS_FULL;
}

static enum status check_signature(const struct asked *asked)
{
    if (asked->entry->kind == KIND_ANSWER && asked->entry->author == 0) {
        return STATUS_UNSUPPORTED; /* anonymous: not signed, and not played yet */
    }
    return asked->entry->findings.signature_good ? STATUS_OK : STATUS_BAD_SIGNATURE;
}

static enum status check_seen(const struct asked *asked)
{
    const struct entry *entry = asked->entry;

    if (entry->kind == KIND_GENESIS) {
        return entry->seen_index == 0 ? STATUS_OK : STATUS_BAD_SEEN;
    }
    if (!entry->findings.seen_good || entry->seen_index == 0 ||
        entry->seen_index > asked->session->index) {
        return STATUS_BAD_SEEN;
    }
    return STATUS_OK;
}

static enum status check_author(const struct asked *asked)
{
    const struct entry *entry = asked->entry;
    const struct session_member *author = session_member(asked->session, entry->author);

    if (is_of_device(entry)) {
        uint16_t expected = entry->kind == KIND_GENESIS ? KRING_FIRST_MEMBER : 0;

        return entry->author == expected ? STATUS_OK : STATUS_FORBIDDEN;
    }
    if (author == NULL) {
        return STATUS_UNKNOWN;
    }
    switch (author->state) {
    case MEMBER_ADMITTED:
        return STATUS_OK;
    case MEMBER_LOBBY:
        return STATUS_NOT_ADMITTED;
    case MEMBER_REMOVED:
        return STATUS_REMOVED;
    case MEMBER_NONE:
        return STATUS_UNKNOWN;
    }
    return STATUS_UNKNOWN;
}

/* Everything carries the current epoch, but an answer that of its step's first open: that is
 * the key it is sealed under. */
static enum status check_epoch(const struct asked *asked)
{
    uint32_t expected = asked->session->epoch;

    if (asked->entry->kind == KIND_GENESIS) {
        expected = 1;
    }
    if (asked->entry->kind == KIND_ANSWER && asked->step != NULL && asked->step->epoch != 0) {
        expected = asked->step->epoch;
    }
    return asked->entry->epoch == expected ? STATUS_OK : STATUS_STALE_EPOCH;
}

static enum status check_role(const struct asked *asked)
{
    return (asked->row->roles & asked->roles) != 0 ? STATUS_OK : STATUS_FORBIDDEN;
}

static enum status check_state(const struct asked *asked)
{
    if ((asked->row->sessions & 1U << asked->session->state) != 0) {
        return STATUS_OK;
    }
    return asked->session->state == SESSION_PAUSED ? STATUS_PAUSED : STATUS_BAD_STATE;
}

static enum status check_step(const struct asked *asked)
{
    uint32_t allowed = asked->row->steps;

    if (asked->entry->step == 0) {
        return (allowed & PERMISSION_STEPLESS) != 0 ? STATUS_OK : STATUS_UNKNOWN;
    }
    if (asked->step == NULL) {
        return (allowed & PERMISSION_NEW_STEP) != 0 ? STATUS_OK : STATUS_UNKNOWN;
    }
    if (allowed == PERMISSION_STEPLESS) {
        return STATUS_UNKNOWN; /* a step where the kind has none */
    }
    return (allowed & 1U << asked->step->state) != 0 ? STATUS_OK : STATUS_BAD_STATE;
}

/* ---- released answers ---- */

static enum status check_place(const struct asked *asked)
{
    const struct session *session = asked->session;
    const struct release *release = &session->release;

    if (session->state == SESSION_PURGED) {
        return STATUS_PURGED;
    }
    if (release->left == 0) {
        return STATUS_BAD_STATE; /* an answer anywhere else is a lie */
    }
    if (asked->entry->step != release->step || asked->time_ms != session->time_ms ||
        (release->has_last && memcmp(asked->entry->id, release->last_id, ID_BYTES) <= 0)) {
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

static enum status check_row_free(const struct asked *asked)
{
    const struct entry *entry = asked->entry;
    unsigned row = entry->author * (BEHALF_MAX + 1U) + entry->args.answer.behalf;

    return (asked->session->release.rows[row / 8] & 1U << row % 8) == 0 ? STATUS_OK
                                                                        : STATUS_CONFLICT;
}

/* ---- what was accepted outside the public order ---- */

/* Roles are held from admission on; who waits in the lobby has only the promise of one. */
static enum status check_author_once(const struct asked *asked)
{
    const struct session_member *author = session_member(asked->session, asked->entry->author);

    if (author == NULL) {
        return STATUS_UNKNOWN;
    }
    return session_was_admitted(author) ? STATUS_OK : STATUS_NOT_ADMITTED;
}

static enum status check_epoch_once(const struct asked *asked)
{
    if (asked->entry->kind == KIND_ANSWER) {
        return check_epoch(asked);
    }
    return asked->entry->epoch <= asked->session->epoch ? STATUS_OK : STATUS_STALE_EPOCH;
}

static enum status check_step_once(const struct asked *asked)
{
    if (asked->entry->kind == KIND_ANSWER) {
        if (asked->step == NULL || asked->step->epoch == 0) {
            return STATUS_UNKNOWN;
        }
        return asked->step->state == STEP_RELEASED ? STATUS_BAD_STATE : STATUS_OK;
    }
    return asked->entry->step == 0 || asked->step != NULL ? STATUS_OK : STATUS_UNKNOWN;
}

/* ---- all ways in ---- */

typedef enum status check_function(const struct asked *asked);

static check_function *const checks_of_append[] = {
    check_session,   check_new,  check_life,           check_time,   check_room,
    check_signature, check_seen, check_author,         check_epoch,  check_role,
    check_state,     check_step, session_check_sealed, session_rule,
};

static check_function *const checks_of_released[] = {
    check_session, check_new,   check_place,          check_signature,     check_seen,
    check_author,  check_epoch, session_check_sealed, session_rule_answer, check_row_free,
};

static check_function *const checks_of_past[] = {
    check_session,    check_new,  check_signature, check_seen,           check_author_once,
    check_epoch_once, check_role, check_step_once, session_check_sealed, session_rule,
};

static enum status run_checks(check_function *const *checks, size_t count,
                              const struct asked *asked)
{
    for (size_t i = 0; i < count; i++) {
        enum status status = checks[i](asked);

        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static struct asked ask(const struct session *session, const struct entry *entry,
                        uint64_t time_ms)
{
    return (struct asked){
        .session = session,
        .entry = entry,
        .time_ms = time_ms,
        .row = permission_find(entry->kind, verb_of(entry)),
        .step = session_step(session, entry->step),
    };
}

enum status session_decide(const struct session *session, const struct entry *entry,
                           uint64_t time_ms, struct session_decision *decision_out)
{
    struct asked asked = ask(session, entry, time_ms);
    const struct session_member *author = session_member(session, entry->author);
    uint16_t member = entry->author;
    enum status status = STATUS_UNKNOWN;

    if (asked.row == NULL) {
        return STATUS_UNKNOWN;
    }
    if (is_of_device(entry)) {
        asked.roles = 1U << ROLE_REMOVED;
        member = (uint16_t)(session->member_count + 1);
    } else if (author != NULL) {
        asked.roles = 1U << author->role;
        if (session->scribe == entry->author) {
            asked.roles |= PERMISSION_SCRIBE;
        }
    }
    status = run_checks(checks_of_append, sizeof checks_of_append / sizeof *checks_of_append,
                        &asked);
    if (status != STATUS_OK) {
        return status;
    }
    *decision_out = (struct session_decision){.stream = asked.row->stream, .member = member};
    return STATUS_OK;
}

enum status session_decide_released(const struct session *session, const struct entry *entry,
                                    uint64_t time_ms, struct session_decision *decision_out)
{
    struct asked asked = ask(session, entry, time_ms);
    enum status status = STATUS_UNKNOWN;

    assert(entry->kind == KIND_ANSWER);
    if (session_member(session, entry->author) != NULL) {
        asked.roles = session->members[entry->author - 1].roles_held;
    }
    status = run_checks(checks_of_released,
                        sizeof checks_of_released / sizeof *checks_of_released, &asked);
    if (status != STATUS_OK) {
        return status;
    }
    *decision_out = (struct session_decision){.stream = STREAM_PUBLIC, .member = entry->author};
    return STATUS_OK;
}

enum status session_decide_past(const struct session *session, const struct entry *entry)
{
    struct asked asked = ask(session, entry, session->time_ms);

    if (asked.row == NULL || (entry->kind != KIND_MESSAGE && entry->kind != KIND_ANSWER)) {
        return STATUS_BAD_STATE;
    }
    asked.is_past = true;
    if (session_member(session, entry->author) != NULL) {
        asked.roles = session->members[entry->author - 1].roles_held;
    }
    return run_checks(checks_of_past, sizeof checks_of_past / sizeof *checks_of_past, &asked);
}

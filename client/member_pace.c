/* What a facilitator can want: the pace, people, texts. None of it is kept for long while there
 * is no line: what was meant a minute ago may not be meant any more. */
#include "client/member_private.h"
#include "protocol/writer.h"

enum { CALL_BYTES_MAX = 64 };

static enum status check(const struct member *member, enum kind kind, int verb, uint16_t step)
{
    enum status status = member_check(member, kind, verb, step);

    if (status != STATUS_OK) {
        return status;
    }
    return member_has_line(member) ? STATUS_OK : STATUS_UNREACHABLE;
}

/* ---- verbs of `pace` ---- */

static enum status pace(struct member *member, enum verb verb, uint16_t step, uint32_t seconds)
{
    struct wish *wish = NULL;
    enum status status = check(member, KIND_PACE, (int)verb, step);

    if (status == STATUS_OK) {
        status = member_wish(member, KIND_PACE, step, (struct bytes){0}, false, &wish);
    }
    if (status == STATUS_OK) {
        wish->args.pace = (struct args_pace){.verb = verb, .seconds = seconds};
        member_pump(member);
    }
    return status;
}

enum status member_close_step(struct member *member, uint16_t step)
{
    return pace(member, VERB_CLOSE, step, 0);
}

enum status member_skip_step(struct member *member, uint16_t step)
{
    return pace(member, VERB_SKIP, step, 0);
}

enum status member_go(struct member *member, uint16_t step)
{
    return pace(member, VERB_GO, step, 0);
}

enum status member_pause(struct member *member)
{
    return pace(member, VERB_PAUSE, 0, 0);
}

enum status member_resume(struct member *member)
{
    return pace(member, VERB_RESUME, 0, 0);
}

enum status member_end(struct member *member)
{
    return pace(member, VERB_END, 0, 0);
}

static enum status timer(struct member *member, enum verb verb, uint32_t seconds)
{
    if (seconds > TIMER_SECONDS_MAX || (seconds == 0 && verb != VERB_TIMER_STOP)) {
        return STATUS_USAGE;
    }
    return pace(member, verb, 0, seconds);
}

enum status member_timer_start(struct member *member, uint32_t seconds)
{
    return timer(member, VERB_TIMER_START, seconds);
}

enum status member_timer_extend(struct member *member, uint32_t seconds)
{
    return timer(member, VERB_TIMER_EXTEND, seconds);
}

enum status member_timer_stop(struct member *member)
{
    return timer(member, VERB_TIMER_STOP, 0);
}

/* ---- steps ---- */

static enum status give_texts(struct member *member, struct wish *wish,
                              const struct policy_texts *texts)
{
    enum status status = wish_set_texts(wish, texts->at, texts->count);

    if (status != STATUS_OK) {
        outbox_remove(&member->outbox, wish);
        return status;
    }
    member_pump(member);
    return STATUS_OK;
}

enum status member_open_step(struct member *member, uint16_t step)
{
    struct policy_texts texts;
    struct wish *wish = NULL;
    enum status status = check(member, KIND_OPEN, 0, step);

    if (status == STATUS_OK && !member->script_read) {
        status = STATUS_BAD_STATE;
    }
    if (status != STATUS_OK || outbox_last_of(&member->outbox, KIND_OPEN, step) != NULL) {
        return status; /* asked already */
    }
    policy_opening(&member->script, member->replica, step, &texts);
    status = member_wish(member, KIND_OPEN, step, (struct bytes){0}, false, &wish);
    return status == STATUS_OK ? give_texts(member, wish, &texts) : status;
}

enum status member_release_step(struct member *member, uint16_t step)
{
    struct releasing *releasing = &member->releasing;
    const struct session_step *known = NULL;
    enum status status = check(member, KIND_RELEASE, 0, step);

    if (status == STATUS_BAD_STATE) { /* an open step is closed first */
        status = check(member, KIND_PACE, VERB_CLOSE, step);
    }
    if (status == STATUS_OK && !member->script_read) {
        status = STATUS_BAD_STATE;
    }
    if (status != STATUS_OK) {
        return status;
    }
    known = session_step(replica_session(member->replica), step);
    if (known->plan.sharing == SHARING_NEVER) {
        return STATUS_FORBIDDEN; /* a private step is closed, not shared */
    }
    if (releasing->stage != RELEASE_NONE) {
        return releasing->step == step ? STATUS_OK : STATUS_BUSY;
    }
    if (known->state == STEP_OPEN) {
        status = member_close_step(member, step);
    }
    if (status == STATUS_OK) {
        *releasing = (struct releasing){.stage = RELEASE_CLOSING, .step = step};
        member_pump(member);
    }
    return status;
}

uint16_t member_next_step(const struct member *member)
{
    return member->script_read ? policy_next(&member->script, replica_session(member->replica))
                               : 0;
}

uint16_t member_previous_step(const struct member *member)
{
    return member->script_read
               ? policy_previous(&member->script, replica_session(member->replica))
               : 0;
}

enum status member_next(struct member *member)
{
    uint16_t step = member_next_step(member);

    if (step == 0) {
        return member_is_facilitator(member) ? STATUS_BAD_STATE : STATUS_FORBIDDEN;
    }
    return session_step(replica_session(member->replica), step)->state == STEP_UNOPENED
               ? member_open_step(member, step)
               : member_go(member, step);
}

enum status member_previous(struct member *member)
{
    uint16_t step = member_previous_step(member);

    if (step == 0) {
        return member_is_facilitator(member) ? STATUS_BAD_STATE : STATUS_FORBIDDEN;
    }
    return member_go(member, step);
}

enum status member_last_call(struct member *member, uint16_t step, uint32_t seconds)
{
    struct message_last_call call = {.step = step, .seconds = seconds};
    struct writer writer;
    uint8_t buffer[CALL_BYTES_MAX];
    struct request *request = NULL;
    enum status status = check(member, KIND_PACE, VERB_CLOSE, step);

    if (status == STATUS_OK && seconds > MESSAGE_LAST_CALL_SECONDS_MAX) {
        status = STATUS_USAGE;
    }
    if (status != STATUS_OK) {
        return status;
    }
    writer_init(&writer, buffer, sizeof buffer);
    request = member_begin_request(member, &writer, MESSAGE_LAST_CALL, REQUEST_MARK);
    if (request == NULL) {
        return STATUS_BUSY;
    }
    request->step = step;
    message_last_call_encode(&writer, &call);
    member_send_request(member, request, &writer);
    return STATUS_OK;
}

/* ---- texts ---- */

static bool is_background(const struct script *script, uint16_t text)
{
    for (uint16_t i = 0; i < script->background_count; i++) {
        if (script->background_texts[i] == text) {
            return true;
        }
    }
    return false;
}

enum status member_reveal(struct member *member, uint16_t text, uint16_t paragraph)
{
    struct policy_texts texts = {.count = 0};
    struct wish *wish = NULL;
    enum status status = check(member, KIND_REVEAL, 0, 0);

    if (status != STATUS_OK) {
        return status;
    }
    if (text == 0 || replica_text(member->replica, text) == NULL) {
        return STATUS_UNKNOWN;
    }
    if (!replica_text_given(member->replica, text)) {
        if (!is_background(&member->script, text)) {
            return STATUS_FORBIDDEN; /* it comes with its step, or is for facilitators only */
        }
        texts.at[texts.count++] = text;
    }
    status = member_wish(member, KIND_REVEAL, 0, (struct bytes){0}, false, &wish);
    if (status != STATUS_OK) {
        return status;
    }
    wish->args.reveal = (struct args_reveal){.text = text, .paragraph = paragraph};
    return give_texts(member, wish, &texts);
}

/* ---- people ---- */

static enum status roster(struct member *member, uint16_t who, enum role role)
{
    struct wish *wish = NULL;
    enum status status = member_wish(member, KIND_ROSTER, 0, (struct bytes){0}, false, &wish);

    if (status == STATUS_OK) {
        wish->args.roster.count = 1;
        wish->args.roster.changes[0] = (struct roster_change){.member = who, .role = role};
        member_pump(member);
    }
    return status;
}

static enum status find_member(const struct member *member, uint16_t who,
                               const struct session_member **found_out)
{
    const struct session *session = NULL;
    enum status status = check(member, KIND_ROSTER, 0, 0);

    if (status != STATUS_OK) {
        return status;
    }
    session = replica_session(member->replica);
    if (who == 0 || who > session_member_count(session)) {
        return STATUS_UNKNOWN;
    }
    *found_out = session_member(session, who);
    return STATUS_OK;
}

enum status member_admit(struct member *member, uint16_t who)
{
    const struct session_member *found = NULL;
    enum status status = find_member(member, who, &found);

    if (status != STATUS_OK) {
        return status;
    }
    if (found->state != MEMBER_LOBBY) {
        return STATUS_BAD_STATE;
    }
    return roster(member, who,
                  member->facilitates[found->invite] ? ROLE_FACILITATOR : found->role);
}

enum status member_refuse(struct member *member, uint16_t who)
{
    const struct session_member *found = NULL;
    enum status status = find_member(member, who, &found);

    if (status != STATUS_OK) {
        return status;
    }
    if (found->state == MEMBER_ADMITTED) {
        return STATUS_UNSUPPORTED; /* removing takes a right, and with that a new epoch */
    }
    return found->state == MEMBER_LOBBY ? roster(member, who, ROLE_REMOVED) : STATUS_BAD_STATE;
}

enum status member_give_role(struct member *member, uint16_t who, enum role role)
{
    const struct session_member *found = NULL;
    enum status status = find_member(member, who, &found);

    if (status != STATUS_OK) {
        return status;
    }
    if (found->state != MEMBER_ADMITTED || found->role == role) {
        return STATUS_BAD_STATE;
    }
    if (found->role == ROLE_FACILITATOR || role == ROLE_REMOVED) {
        return STATUS_UNSUPPORTED; /* takes a right, and with that a new epoch */
    }
    return roster(member, who, role);
}

enum status member_purge(struct member *member)
{
    struct wish *wish = NULL;
    enum status status = check(member, KIND_PURGE, 0, 0);

    if (status == STATUS_OK) {
        status = member_wish(member, KIND_PURGE, 0, (struct bytes){0}, false, &wish);
    }
    if (status == STATUS_OK) {
        member_pump(member);
    }
    return status;
}

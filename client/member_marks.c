/* Marks: what the server is told of this moment, and keeps for no longer. */

#include "client/member_private.h"
#include "protocol/writer.h"

enum { MARK_BYTES_MAX = 64 };

static enum status check_mark(const struct member *member, uint16_t step)
{
    const struct session_member *self = member_self(member);

    if (self == NULL || self->state != MEMBER_ADMITTED) {
        return self != NULL && self->state == MEMBER_REMOVED ? STATUS_REMOVED
                                                             : STATUS_NOT_ADMITTED;
    }
    if (session_step(replica_session(member->replica), step) == NULL) {
        return STATUS_UNKNOWN;
    }
    return member_has_line(member) ? STATUS_OK : STATUS_UNREACHABLE;
}

static enum status send_mark(struct member *member, enum message_method method,
                             enum request_kind kind, uint16_t step, bool on)
{
    struct message_mark mark = {.step = step, .on = on};
    struct writer writer;
    uint8_t buffer[MARK_BYTES_MAX];
    struct request *request = NULL;

    writer_init(&writer, buffer, sizeof buffer);
    request = member_begin_request(member, &writer, method, kind);
    if (request == NULL) {
        return STATUS_BUSY;
    }
    request->step = step;
    message_mark_encode(&writer, &mark);
    member_send_request(member, request, &writer);
    return STATUS_OK;
}

enum status member_done(struct member *member, uint16_t step, bool done)
{
    enum status status = check_mark(member, step);

    if (status == STATUS_OK &&
        session_step(replica_session(member->replica), step)->state != STEP_OPEN) {
        status = STATUS_BAD_STATE;
    }
    if (status == STATUS_OK) {
        status = send_mark(member, MESSAGE_DONE, REQUEST_MARK, step, done);
    }
    if (status == STATUS_OK) {
        member->done[step] = done;
        member_changed(member);
    }
    return status;
}

enum status member_signal(struct member *member, enum member_signal signal)
{
    static const enum message_signal signals[] = {
        [SIGNAL_NONE] = MESSAGE_SIGNAL_NONE,
        [SIGNAL_READY] = MESSAGE_SIGNAL_READY,
        [SIGNAL_MORE_TIME] = MESSAGE_SIGNAL_MORE_TIME,
        [SIGNAL_QUESTION] = MESSAGE_SIGNAL_QUESTION,
    };
    struct message_signalled signalled = {.signal = signals[signal]};
    struct writer writer;
    uint8_t buffer[MARK_BYTES_MAX];
    struct request *request = NULL;
    enum status status = STATUS_OK;

    signalled.step =
        member->replica == NULL ? 0 : session_pointer(replica_session(member->replica));
    status = check_mark(member, signalled.step);
    if (status != STATUS_OK) {
        return status == STATUS_UNKNOWN ? STATUS_BAD_STATE : status;
    }
    writer_init(&writer, buffer, sizeof buffer);
    request = member_begin_request(member, &writer, MESSAGE_SIGNAL, REQUEST_MARK);
    if (request == NULL) {
        return STATUS_BUSY;
    }
    request->step = signalled.step;
    message_signalled_encode(&writer, &signalled);
    member_send_request(member, request, &writer);
    return STATUS_OK;
}

/* ---- writing ---- */

/* An unsent answer at an open step that asks this person for one; nothing else. */
static bool is_written(const struct member *member, const struct own_answer *answer)
{
    const struct session *session = replica_session(member->replica);
    const struct session_step *step = session_step(session, answer->step);

    return answer->draft.count > 0 && step != NULL && step->state == STEP_OPEN &&
           step->plan.sharing != SHARING_ANONYMOUS && step->plan.working != WORKING_GROUP &&
           !session_stays_on_device(&step->plan) &&
           session_may_answer(session, answer->step, replica_me(member->replica));
}

void member_tell_writing(struct member *member)
{
    bool writes[STEPS_MAX + 1] = {false};

    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        const struct own_answer *answer = &member->outbox.answers[i];

        if (is_written(member, answer)) {
            writes[answer->step] = true;
        }
    }
    for (uint16_t n = 1; n <= STEPS_MAX; n++) {
        if (writes[n] != member->told_writing[n] &&
            send_mark(member, MESSAGE_PROGRESS, REQUEST_QUIET, n, writes[n]) == STATUS_OK) {
            member->told_writing[n] = writes[n];
        }
    }
}

void member_forget_told(struct member *member, uint16_t step)
{
    member->told_writing[step] = false;
}

/* The requests that keep nothing, and the table of all. */
#include "server/hub_private.h"

/* What all of these need: nothing undecided before them, and an admitted member who asks. */
static bool may_decide(struct hub *hub, struct hub_session *session,
                       const struct hub_request *request, enum status decoded,
                       bool *answered_out)
{
    struct connection *connection = request->connection;

    *answered_out = true;
    if (!hub_batch_is_empty(session)) {
        *answered_out = false;
        return false;
    }
    if (decoded != STATUS_OK) {
        hub_close(hub, connection, STATUS_MALFORMED);
        return false;
    }
    if (record_member_state(session->record, connection->member) != MEMBER_ADMITTED) {
        hub_refuse(hub, connection, request->id, STATUS_NOT_ADMITTED, NULL);
        return false;
    }
    return true;
}

/* Empty result, or a refusal. */
static void answer(struct hub *hub, const struct hub_request *request, enum status status)
{
    if (status == STATUS_OK) {
        hub_answer(hub, request->connection, request->id);
    } else {
        hub_refuse(hub, request->connection, request->id, status, NULL);
    }
}

static enum status check_state(const struct hub_session *session, uint16_t step,
                               enum step_state state)
{
    const struct session_step *known = session_step(session->record->core, step);

    if (known == NULL) {
        return STATUS_UNKNOWN;
    }
    return known->state == state ? STATUS_OK : STATUS_BAD_STATE;
}

static bool give_digest(struct hub *hub, struct hub_session *session,
                        const struct hub_request *request)
{
    struct connection *connection = request->connection;
    struct message_digest digest = {.count = 0};
    struct message_step step;
    struct writer writer;
    enum status status = message_step_decode(request->body, &step);
    bool answered = true;

    if (!may_decide(hub, session, request, status, &answered)) {
        return answered;
    }
    status = check_state(session, step.step, STEP_CLOSED);
    if (!record_is_facilitator(session->record, connection->member)) {
        status = STATUS_FORBIDDEN;
    }
    if (status == STATUS_OK) {
        status = record_digest(session->record, step.step, &digest.count, digest.digest);
    }
    if (status != STATUS_OK) {
        hub_refuse(hub, connection, request->id, status, NULL);
        return true;
    }
    writer = hub_writer(hub);
    message_begin_result(&writer, request->id);
    message_digest_encode(&writer, &digest);
    hub_send(hub, connection, &writer);
    return true;
}

static bool take_signal(struct hub *hub, struct hub_session *session,
                        const struct hub_request *request)
{
    struct message_signalled signalled;
    enum status status = message_signalled_decode(request->body, &signalled);
    bool answered = true;

    if (!may_decide(hub, session, request, status, &answered)) {
        return answered;
    }
    status = check_state(session, signalled.step, STEP_OPEN);
    if (status == STATUS_OK) {
        status = marks_signal(&session->marks, signalled.step, request->connection->member,
                              signalled.signal);
    }
    answer(hub, request, status);
    return true;
}

static bool take_progress(struct hub *hub, struct hub_session *session,
                          const struct hub_request *request)
{
    struct message_mark mark;
    enum status status = message_mark_decode(request->body, &mark);
    bool answered = true;

    if (!may_decide(hub, session, request, status, &answered)) {
        return answered;
    }
    status = check_state(session, mark.step, STEP_OPEN);
    if (status == STATUS_OK &&
        (session_stays_on_device(&session_step(session->record->core, mark.step)->plan) ||
         !session_may_answer(session->record->core, mark.step, request->connection->member))) {
        status = STATUS_FORBIDDEN; /* nobody waits for what they write */
    }
    if (status == STATUS_OK) {
        status = marks_write(&session->marks, mark.step, request->connection->member, mark.on);
    }
    answer(hub, request, status);
    return true;
}

static bool call_last(struct hub *hub, struct hub_session *session,
                      const struct hub_request *request)
{
    struct message_last_call call;
    enum status status = message_last_call_decode(request->body, &call);
    bool answered = true;

    if (!may_decide(hub, session, request, status, &answered)) {
        return answered;
    }
    status = check_state(session, call.step, STEP_OPEN);
    if (!record_is_facilitator(session->record, request->connection->member)) {
        status = STATUS_FORBIDDEN;
    }
    if (status == STATUS_OK) {
        marks_last_call(&session->marks, call.step, call.seconds, hub->now_ms);
    }
    answer(hub, request, status);
    return true;
}

/* PING and GOODBYE are answered as they come, in hub.c. */
static const struct hub_method methods[] = {
    [MESSAGE_CREATE] = {.find = hub_find_created, .handle = hub_create_session},
    [MESSAGE_ATTACH] = {.find = hub_find_attached, .again = true, .handle = hub_attach},
    [MESSAGE_KNOCK] = {.find = hub_find_knocked, .handle = hub_knock},
    [MESSAGE_APPEND] = {.handle = hub_append},
    [MESSAGE_DIGEST] = {.handle = give_digest},
    [MESSAGE_SIGNAL] = {.handle = take_signal},
    [MESSAGE_DONE] = {.handle = hub_done},
    [MESSAGE_PROGRESS] = {.handle = take_progress},
    [MESSAGE_LAST_CALL] = {.handle = call_last},
};

const struct hub_method *hub_method_find(uint32_t method)
{
    if (method >= sizeof methods / sizeof methods[0] || methods[method].handle == NULL) {
        return NULL;
    }
    return &methods[method];
}

/* What each connection has not got yet: items by its cursors, and what changed since it was
 * told. Nothing is queued for anybody; who reads slowly is simply further behind. */

#include "server/hub_private.h"

enum { SECOND_MS = 1000 };

/* ---- items ---- */

static void send_item(struct hub *hub, struct connection *connection,
                      const struct message_item *item)
{
    struct writer writer = hub_writer(hub);

    message_begin_notification(&writer, MESSAGE_ITEM);
    message_item_encode(&writer, item);
    hub_send(hub, connection, &writer);
    hub->numbers.entries_delivered++;
}

/* The next stored entry of a stream behind the cursor. */
static bool send_next(struct hub *hub, struct connection *connection, enum stream stream,
                      const struct log *log, uint64_t *cursor)
{
    struct message_item item = {.stream = stream, .index = *cursor + 1};
    const struct log_item *next = NULL;

    if (*cursor >= log->durable) {
        return false;
    }
    next = log_at(log, item.index);
    item.time_ms = next->time_ms;
    item.entry = (struct bytes){.data = next->data, .count = next->count};
    send_item(hub, connection, &item);
    *cursor = item.index;
    return true;
}

/* The member's own waiting answers, once after attaching; only as they are stored. */
static bool send_waiting(struct hub *hub, const struct hub_session *session,
                         struct connection *connection)
{
    const struct waiting_row *row = NULL;
    struct message_item item = {.stream = STREAM_WAITING};

    if (connection->member == 0 || connection->waiting_told || session->state != HUB_READY) {
        return false;
    }
    row = waiting_after(&session->record->waiting, connection->member, connection->waiting_step,
                        connection->waiting_behalf);
    if (row == NULL) {
        connection->waiting_told = true;
        return false;
    }
    connection->waiting_step = row->step;
    connection->waiting_behalf = row->behalf;
    item.time_ms = row->time_ms;
    item.entry = row->entry;
    send_item(hub, connection, &item);
    return true;
}

static bool send_own(struct hub *hub, const struct hub_session *session,
                     struct connection *connection)
{
    return connection->member != 0 &&
           send_next(hub, connection, STREAM_OWN,
                     &session->record->own_logs[connection->member], &connection->own_index);
}

void hub_send_tombstone(struct hub *hub, const struct hub_session *session,
                        struct connection *connection)
{
    struct message_item item = {
        .stream = STREAM_PUBLIC,
        .time_ms = session->purged_ms,
        .entry = {.data = session->tombstone, .count = session->tombstone_count},
    };

    if (session->tombstone != NULL) {
        send_item(hub, connection, &item);
    }
}

/* ---- what changed ---- */

static bool facilitator_is_here(const struct hub_session *session)
{
    for (const struct connection *connection = session->connections; connection != NULL;
         connection = connection->next_in_session) {
        if (record_is_facilitator(session->record, connection->member)) {
            return true;
        }
    }
    return false;
}

static void tell_lobby(struct hub *hub, const struct hub_session *session,
                       struct connection *connection)
{
    bool by_hand = session_admission(session->record->core) == ADMISSION_BY_HAND;
    struct message_lobby lobby = {.reason = MESSAGE_LOBBY_NO_FACILITATOR};
    struct writer writer;

    if (facilitator_is_here(session)) {
        if (!by_hand) {
            return; /* the facilitator's client is about to */
        }
        lobby.reason = MESSAGE_LOBBY_AGREEMENT;
    }
    if (connection->lobby_told != lobby.reason) {
        connection->lobby_told = lobby.reason;
        writer = hub_writer(hub);
        message_begin_notification(&writer, MESSAGE_LOBBY);
        message_lobby_encode(&writer, &lobby);
        hub_send(hub, connection, &writer);
    }
}

static void tell_presence(struct hub *hub, const struct hub_session *session,
                          struct connection *connection)
{
    const struct marks *marks = &session->marks;
    struct message_members members = {.whole = connection->change_told == 0};
    struct writer writer = hub_writer(hub);

    for (uint16_t n = 1; n <= session_member_count(session->record->core); n++) {
        bool changed = marks->present_changed[n] > connection->change_told;

        if (members.whole ? marks->present[n] : changed) {
            members.items[members.count++] = (struct message_member){
                .member = n,
                .state = marks->present[n] ? MESSAGE_PRESENT : MESSAGE_AWAY,
            };
        }
    }
    if (members.whole || members.count > 0) {
        message_begin_notification(&writer, MESSAGE_PRESENCE);
        message_members_encode(&writer, &members);
        hub_send(hub, connection, &writer);
    }
}

static uint32_t marks_of(const struct hub_session *session, uint16_t step, uint16_t member)
{
    const struct step_marks *found = session->marks.steps[step];
    uint32_t flags = found == NULL ? 0 : found->members[member].flags;

    if (!session_may_answer(session->record->core, step, member)) {
        flags &= ~(uint32_t)MESSAGE_MARK_WRITING; /* their role is another by now */
    }
    if (waiting_answered(&session->record->waiting, step, member)) {
        flags |= MESSAGE_MARK_ANSWERED;
    }
    if (record_is_done(session->record, member, step)) {
        flags |= MESSAGE_MARK_DONE;
    }
    return flags;
}

static struct message_counts count_marks(const struct hub_session *session, uint16_t step)
{
    struct step_marks *found = session->marks.steps[step];
    struct message_counts counts = {.step = step};

    if (found != NULL && found->counted == found->changed && found->changed != 0) {
        return found->counts;
    }
    for (uint16_t n = 1; n <= session_member_count(session->record->core); n++) {
        uint32_t flags = marks_of(session, step, n);

        counts.answered += (flags & MESSAGE_MARK_ANSWERED) != 0;
        counts.done += (flags & MESSAGE_MARK_DONE) != 0;
        counts.ready += (flags & MESSAGE_MARK_READY) != 0;
        counts.more_time += (flags & MESSAGE_MARK_MORE_TIME) != 0;
        counts.question += (flags & MESSAGE_MARK_QUESTION) != 0;
        counts.writing += (flags & MESSAGE_MARK_WRITING) != 0;
    }
    if (found != NULL) {
        found->counts = counts;
        found->counted = found->changed;
    }
    return counts;
}

static void tell_counts(struct hub *hub, const struct hub_session *session,
                        struct connection *connection, uint16_t step)
{
    struct message_counts counts = count_marks(session, step);
    struct writer writer = hub_writer(hub);

    message_begin_notification(&writer, MESSAGE_COUNTS);
    message_counts_encode(&writer, &counts);
    hub_send(hub, connection, &writer);
}

/* Who, and not only how many: for facilitators. */
static void tell_who(struct hub *hub, const struct hub_session *session,
                     struct connection *connection, uint16_t step)
{
    const struct step_marks *found = session->marks.steps[step];
    struct message_who who = {.step = step, .members.whole = connection->change_told == 0};
    struct writer writer = hub_writer(hub);

    for (uint16_t n = 1; n <= session_member_count(session->record->core); n++) {
        uint32_t flags = marks_of(session, step, n);
        bool changed = found != NULL && found->members[n].changed > connection->change_told;

        if (who.members.whole ? flags != 0 : changed) {
            who.members.items[who.members.count++] =
                (struct message_member){.member = n, .state = flags};
        }
    }
    message_begin_notification(&writer, MESSAGE_WHO);
    message_who_encode(&writer, &who);
    hub_send(hub, connection, &writer);
}

/* Steps that are worked on, and were at some time: nobody counts a step that is released. */
static void tell_steps(struct hub *hub, const struct hub_session *session,
                       struct connection *connection)
{
    const struct session *core = session->record->core;

    for (uint16_t i = 0; i < session_step_count(core); i++) {
        const struct session_step *known = session_step_at(core, i);
        uint16_t step = known->plan.step;
        const struct step_marks *found = session->marks.steps[step];
        bool worked_on = known->state == STEP_OPEN || known->state == STEP_CLOSED;
        bool changed = found != NULL && found->changed > connection->change_told;

        if (worked_on && (changed || connection->change_told == 0)) {
            tell_counts(hub, session, connection, step);
            if (record_is_facilitator(session->record, connection->member)) {
                tell_who(hub, session, connection, step);
            }
        }
    }
}

/* A late one hears how much of it is left. */
static void tell_last_call(struct hub *hub, const struct hub_session *session,
                           struct connection *connection)
{
    const struct marks *marks = &session->marks;
    struct message_last_call call = {.step = marks->last_call_step};
    struct writer writer = hub_writer(hub);
    bool is_over = marks->last_call_until_ms <= hub->now_ms;

    if (marks->last_call_changed <= connection->change_told ||
        (is_over && connection->change_told == 0)) {
        return;
    }
    if (!is_over) {
        uint64_t left_ms = marks->last_call_until_ms - hub->now_ms;

        call.seconds = (uint32_t)((left_ms + SECOND_MS - 1) / SECOND_MS);
    }
    message_begin_notification(&writer, MESSAGE_LAST_CALLED);
    message_last_call_encode(&writer, &call);
    hub_send(hub, connection, &writer);
}

static void tell_changes(struct hub *hub, const struct hub_session *session,
                         struct connection *connection)
{
    enum member_state state = record_member_state(session->record, connection->member);

    if (state == MEMBER_LOBBY) {
        tell_lobby(hub, session, connection);
    }
    if (state != MEMBER_ADMITTED || connection->change_told == session->marks.change ||
        (connection->change_told != 0 && hub->now_ms < connection->told_ms + HUB_TOLD_MS)) {
        return;
    }
    tell_presence(hub, session, connection);
    tell_steps(hub, session, connection);
    tell_last_call(hub, session, connection);
    connection->change_told = session->marks.change;
    connection->told_ms = hub->now_ms;
}

/* ---- all of it ---- */

void hub_deliver(struct hub *hub, struct connection *connection)
{
    const struct hub_session *session = connection->session;

    if (!connection->attached || session->record == NULL) {
        return;
    }
    while (connection->room > 0 &&
           (send_waiting(hub, session, connection) ||
            send_next(hub, connection, STREAM_PUBLIC, &session->record->public_log,
                      &connection->public_index) ||
            send_own(hub, session, connection))) {
    }
    if (connection->room > 0 && session->state == HUB_READY) {
        tell_changes(hub, session, connection);
    }
}

void hub_deliver_all(struct hub *hub, struct hub_session *session)
{
    for (struct connection *connection = session->connections; connection != NULL;
         connection = connection->next_in_session) {
        hub_deliver(hub, connection);
    }
}

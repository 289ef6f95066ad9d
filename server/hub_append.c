/* What must be durable: creating, appending, done marks. Decided one after the other into one
 * batch; everything anybody hears of it waits until the batch is stored. */
#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"
#include "server/hub_private.h"

enum { REPLIES_FIRST = 8 };

/* ---- the batch ---- */

bool hub_batch_is_empty(const struct hub_session *session)
{
    return session->batch == NULL || session->batch->count == 0;
}

static enum status open_batch(struct hub_session *session)
{
    return session->batch == NULL ? batch_create(session->id, &session->batch) : STATUS_OK;
}

static enum status reserve_reply(struct hub_session *session)
{
    size_t capacity =
        session->reply_capacity == 0 ? REPLIES_FIRST : session->reply_capacity * 2;
    struct hub_reply *replies = NULL;

    if (session->reply_count < session->reply_capacity) {
        return STATUS_OK;
    }
    replies = reallocarray(session->replies, capacity, sizeof *replies);
    if (replies == NULL) {
        return STATUS_NOMEM;
    }
    session->replies = replies;
    session->reply_capacity = capacity;
    return STATUS_OK;
}

/* Everything is decided behind what the batch holds, so even a refusal waits for it. */
static void reply(struct hub_session *session, const struct hub_request *request,
                  struct hub_reply reply)
{
    reply.connection = request->connection->number;
    reply.id = request->id;
    session->replies[session->reply_count++] = reply;
}

/* Closes the batch when nothing more should join it. */
static void limit_batch(struct hub_session *session, bool last)
{
    session->batch_is_full = last || session->batch->count >= BATCH_ROWS_MAX ||
                             session->batch->bytes >= BATCH_BYTES_MAX ||
                             session->record->spoiled;
}

void hub_batch_purge(struct hub *hub, struct hub_session *session)
{
    struct row row = {.kind = ROW_PURGED, .time_ms = hub->now_ms};
    enum status status = open_batch(session);

    if (status == STATUS_OK) {
        status = batch_add(session->batch, &row);
    }
    session->purges = status == STATUS_OK;
    session->purge_due = status != STATUS_OK; /* at the next turn */
    session->batch_is_full = status == STATUS_OK;
}

static void send_reply(struct hub *hub, struct hub_session *session,
                       const struct hub_reply *reply, enum status status)
{
    struct connection *connection = hub_find_connection(hub, reply->connection);
    struct message_appended appended = {
        .stream = reply->placed.stream,
        .index = reply->placed.index,
        .time_ms = reply->placed.time_ms,
    };
    struct writer writer = hub_writer(hub);

    if (connection == NULL) {
        return;
    }
    status = status == STATUS_OK ? reply->status : status;
    if (reply->is_create && connection->session == session && !connection->attached) {
        connection->session = NULL; /* it attaches next, to this one or another */
        connection->member = 0;
    }
    if (status != STATUS_OK) {
        hub_refuse(hub, connection, reply->id, status, NULL);
    } else if (!reply->is_placed) {
        hub_answer(hub, connection, reply->id);
    } else {
        memcpy(appended.hash, reply->placed.hash, HASH_BYTES);
        message_begin_result(&writer, reply->id);
        message_appended_encode(&writer, &appended);
        hub_send(hub, connection, &writer);
    }
}

static void send_replies(struct hub *hub, struct hub_session *session, enum status status)
{
    for (size_t i = 0; i < session->reply_count; i++) {
        send_reply(hub, session, &session->replies[i], status);
    }
    session->reply_count = 0;
}

/* Forgets what was gathered for the store. */
static void discard(struct hub *hub, struct hub_session *session)
{
    if (session->takes_ticket) {
        tickets_give_back(&hub->tickets, session->ticket_key);
    }
    if (session->purges) {
        free(session->tombstone);
        session->tombstone = NULL;
    }
    batch_destroy(session->batch);
    session->batch = NULL;
    session->batch_is_full = false;
    session->takes_ticket = false;
    session->purges = false;
}

/* A batch that did not come to be: its requests fail, and what they did in memory goes. */
static void abandon(struct hub *hub, struct hub_session *session, enum status status)
{
    discard(hub, session);
    hub_log(hub, "batch failed", session, 0, status);
    send_replies(hub, session, status);
    hub_session_load(hub, session);
}

void hub_batch_commit(struct hub *hub, struct hub_session *session)
{
    struct batch *batch = session->batch;

    if (session->record->spoiled) {
        abandon(hub, session, STATUS_IO);
        return;
    }
    if (hub_batch_is_empty(session)) {
        session->batch_is_full = false;
        send_replies(hub, session, STATUS_OK);
        return;
    }
    session->batch = NULL;
    batch->number = ++hub->last_batch;
    session->batch_number = batch->number;
    session->batch_at_ms = hub->now_ms;
    session->state = HUB_STORING;
    hub->numbers.batches++;
    hub->driver.store(hub->driver.context, batch);
}

/* ---- when it is stored ---- */

/* What a stored entry means for the marks, which are no part of the record. */
static void mark_stored(struct hub_session *session, const struct hub_reply *reply)
{
    const struct placed *placed = &reply->placed;
    struct marks *marks = &session->marks;

    if (reply->status != STATUS_OK || placed->held) {
        return;
    }
    if (!reply->is_placed) {
        marks_touch(marks, placed->step, placed->member);
    } else if (placed->kind == KIND_ROSTER) {
        marks_touch_all(marks);
    } else if (placed->kind == KIND_OPEN || (placed->kind == KIND_PACE && placed->step != 0)) {
        marks_reset(marks, placed->step);
    } else if (placed->kind == KIND_ANSWER) {
        marks_answer(marks, placed->step, placed->member);
    }
}

/* Who joined has a number now; who was removed goes. */
static void settle_connections(struct hub *hub, struct hub_session *session)
{
    struct connection *connection = session->connections;

    while (connection != NULL) {
        struct connection *next = connection->next_in_session;

        if (connection->member == 0) {
            connection->member =
                session_member_by_noise(session->record->core, connection->noise_key);
            if (connection->member != 0) {
                marks_set_present(&session->marks, connection->member, true);
            }
        }
        if (record_member_state(session->record, connection->member) == MEMBER_REMOVED) {
            hub_deliver(hub, connection);
            hub_close(hub, connection, STATUS_REMOVED);
        }
        connection = next;
    }
}

static void take_stored(struct hub *hub, struct hub_session *session)
{
    session->state = HUB_READY;
    session->takes_ticket = false;
    record_settle(session->record);
    for (size_t i = 0; i < session->reply_count; i++) {
        const struct hub_reply *one = &session->replies[i];

        hub->numbers.entries_appended +=
            one->status == STATUS_OK && one->is_placed && !one->placed.held;
        mark_stored(session, one);
    }
    send_replies(hub, session, STATUS_OK);
    settle_connections(hub, session);
}

/* What else a store may say is not for clients to act on. */
static enum status status_for_clients(enum status status)
{
    bool is_theirs =
        status == STATUS_NO_SPACE || status == STATUS_USED_UP || status == STATUS_PURGED;

    return is_theirs ? status : STATUS_IO;
}

void hub_stored(struct hub *hub, uint64_t batch_number, enum status status, uint64_t now_ms)
{
    struct hub_session *session = hub->sessions;
    uint64_t wait_ms = 0;

    hub->now_ms = now_ms > hub->now_ms ? now_ms : hub->now_ms;
    while (session != NULL &&
           (session->state != HUB_STORING || session->batch_number != batch_number)) {
        session = session->next;
    }
    if (session == NULL) {
        return;
    }
    wait_ms = hub->now_ms - session->batch_at_ms;
    if (wait_ms > hub->numbers.batch_wait_ms_max) {
        hub->numbers.batch_wait_ms_max = wait_ms;
    }
    session->batch_is_full = false;
    if (status != STATUS_OK) {
        abandon(hub, session, status_for_clients(status));
    } else if (session->purges) {
        send_replies(hub, session, STATUS_OK);
        hub_session_end(hub, session, STATUS_PURGED);
    } else {
        take_stored(hub, session);
    }
    hub_session_pump(hub, session);
}

/* ---- requests ---- */

/* Decodes the entry into hub->entry and appends it. False: it needs a batch of its own, and
 * there is one already. A roster is the last of its batch: whoever it removes gets nothing that
 * comes behind it. */
static bool append_entry(struct hub *hub, struct hub_session *session,
                         const struct hub_request *request, struct bytes bytes,
                         struct hub_reply *reply_out)
{
    struct connection *connection = request->connection;
    struct asker asker = {.member = connection->member, .noise_key = connection->noise_key};
    enum status status = entry_decode(bytes, &hub->entry);
    bool alone = status == STATUS_OK &&
                 (hub->entry.kind == KIND_RELEASE || hub->entry.kind == KIND_PURGE);
    bool last = alone || (status == STATUS_OK && hub->entry.kind == KIND_ROSTER);
    size_t rows = 0;

    reply_out->is_placed = true;
    if (alone && !hub_batch_is_empty(session)) {
        return false;
    }
    if (status == STATUS_OK) {
        status = open_batch(session);
    }
    if (status == STATUS_OK) {
        rows = session->batch->count;
        status = record_append(session->record, asker, &hub->entry, hub->now_ms, session->batch,
                               &reply_out->placed);
        limit_batch(session, last && session->batch->count > rows);
    }
    reply_out->status = status;
    return true;
}

static void remember_tombstone(struct hub_session *session, struct bytes entry,
                               uint64_t time_ms)
{
    session->purges = true;
    session->purged_ms = time_ms;
    session->tombstone = malloc(entry.count);
    if (session->tombstone != NULL) {
        memcpy(session->tombstone, entry.data, entry.count);
        session->tombstone_count = entry.count;
    }
}

bool hub_append(struct hub *hub, struct hub_session *session, const struct hub_request *request)
{
    struct hub_reply one = {.is_placed = true};
    struct message_append append;

    if (message_append_decode(request->body, &append) != STATUS_OK) {
        hub_close(hub, request->connection, STATUS_MALFORMED);
        return true;
    }
    if (reserve_reply(session) != STATUS_OK) {
        hub_refuse(hub, request->connection, request->id, STATUS_NOMEM, NULL);
        return true;
    }
    if (!append_entry(hub, session, request, append.entry, &one)) {
        return false;
    }
    if (one.status == STATUS_OK && one.placed.kind == KIND_PURGE && !one.placed.held) {
        remember_tombstone(session, append.entry, one.placed.time_ms);
    }
    reply(session, request, one);
    return true;
}

bool hub_done(struct hub *hub, struct hub_session *session, const struct hub_request *request)
{
    struct hub_reply one = {.placed = {.member = request->connection->member}};
    struct message_mark mark;

    if (message_mark_decode(request->body, &mark) != STATUS_OK) {
        hub_close(hub, request->connection, STATUS_MALFORMED);
        return true;
    }
    one.status = reserve_reply(session);
    if (one.status == STATUS_OK) {
        one.status = open_batch(session);
    }
    if (one.status != STATUS_OK) {
        hub_refuse(hub, request->connection, request->id, STATUS_NOMEM, NULL);
        return true;
    }
    one.placed.step = mark.step;
    if (record_member_state(session->record, request->connection->member) != MEMBER_ADMITTED) {
        one.status = STATUS_NOT_ADMITTED;
    } else {
        one.status = record_mark_done(session->record, request->connection->member, mark.step,
                                      mark.on, hub->now_ms, session->batch);
        limit_batch(session, false);
    }
    reply(session, request, one);
    return true;
}

/* ---- creating ---- */

enum status hub_find_created(struct hub *hub, struct bytes body,
                             uint8_t session_out[HASH_BYTES])
{
    struct message_create create;
    enum status status = message_create_decode(body, &create);

    if (status != STATUS_OK) {
        return status;
    }
    entry_hash(create.genesis, session_out);
    return tickets_check(&hub->tickets, create.ticket_key, session_out, create.signature);
}

/* The rows that come before genesis in the batch. */
static enum status begin_session(struct hub *hub, struct hub_session *session,
                                 const struct message_create *create)
{
    struct row made = {.kind = ROW_SESSION, .time_ms = hub->now_ms};
    struct row ticket = {.kind = ROW_TICKET,
                         .bytes = {.data = create->ticket_key, .count = KEY_BYTES}};
    enum status status = open_batch(session);

    made.time_ms += (uint64_t)UNFINISHED_HOURS_MAX * 3600 * 1000;
    if (status == STATUS_OK) {
        status = batch_add(session->batch, &ticket);
    }
    if (status == STATUS_OK) {
        status = batch_add(session->batch, &made);
    }
    if (status == STATUS_OK) {
        status = tickets_take(&hub->tickets, create->ticket_key, hub->now_ms);
    }
    if (status == STATUS_OK) {
        session->takes_ticket = true;
        memcpy(session->ticket_key, create->ticket_key, KEY_BYTES);
    }
    return status;
}

bool hub_create_session(struct hub *hub, struct hub_session *session,
                        const struct hub_request *request)
{
    struct hub_reply one = {.is_placed = true, .is_create = true};
    struct message_create create;

    if (!hub_batch_is_empty(session)) {
        return false;
    }
    if (message_create_decode(request->body, &create) != STATUS_OK) {
        hub_close(hub, request->connection, STATUS_MALFORMED);
        return true;
    }
    if (reserve_reply(session) != STATUS_OK) {
        hub_refuse(hub, request->connection, request->id, STATUS_NOMEM, NULL);
        return true;
    }
    if (session_state(session->record->core) != SESSION_EMPTY) {
        /* made before, and the answer got lost: the id is held, and told to its creator */
        request->connection->member =
            session_member_by_noise(session->record->core, request->connection->noise_key);
    } else {
        one.status = begin_session(hub, session, &create);
    }
    if (one.status == STATUS_OK) {
        (void)append_entry(hub, session, request, create.genesis, &one);
    }
    if (one.status != STATUS_OK && !session->record->spoiled) {
        discard(hub, session); /* the ticket keeps its use */
    }
    session->batch_is_full = true;
    reply(session, request, one);
    return true;
}

/* Loaded sessions: finding, loading, the queue of requests, letting go. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/hub_private.h"

struct hub_session *hub_session_find(struct hub *hub, const uint8_t *id)
{
    struct hub_session *session = hub->sessions;

    while (session != NULL && memcmp(session->id, id, HASH_BYTES) != 0) {
        session = session->next;
    }
    return session;
}

static void forget_batch(struct hub_session *session)
{
    batch_destroy(session->batch);
    session->batch = NULL;
    session->batch_is_full = false;
    session->purges = false;
    session->takes_ticket = false;
    session->reply_count = 0;
}

static void forget_request(struct hub_request *request)
{
    request->connection->requests--;
    request->connection->request_bytes -= request->body.count;
    free((void *)(uintptr_t)request->body.data);
    free(request);
}

void hub_session_destroy(struct hub *hub, struct hub_session *session)
{
    struct hub_session **place = &hub->sessions;

    while (*place != session) {
        place = &(*place)->next;
    }
    *place = session->next;
    hub->numbers.sessions_loaded--;
    while (session->first != NULL) {
        struct hub_request *request = session->first;

        session->first = request->next;
        forget_request(request);
    }
    forget_batch(session);
    record_destroy(session->record);
    marks_finish(&session->marks);
    free(session->replies);
    free(session->tombstone);
    free(session);
}

/* Lets go of a session nobody is in, to make room for another. */
static bool unload_one(struct hub *hub)
{
    struct hub_session *oldest = NULL;

    for (struct hub_session *session = hub->sessions; session != NULL;
         session = session->next) {
        if (session->state == HUB_READY && session->connections == NULL &&
            session->first == NULL && (oldest == NULL || session->idle_ms < oldest->idle_ms)) {
            oldest = session;
        }
    }
    if (oldest != NULL) {
        hub_session_destroy(hub, oldest);
    }
    return oldest != NULL;
}

void hub_session_load(struct hub *hub, struct hub_session *session)
{
    record_destroy(session->record);
    session->record = NULL;
    session->state = HUB_LOADING;
    hub->driver.load(hub->driver.context, session->id);
}

enum status hub_session_open(struct hub *hub, const uint8_t *id,
                             struct hub_session **session_out)
{
    struct hub_session *session = hub_session_find(hub, id);

    if (session != NULL) {
        *session_out = session;
        return STATUS_OK;
    }
    if (hub->numbers.sessions_loaded == HUB_SESSIONS_MAX && !unload_one(hub)) {
        return STATUS_BUSY;
    }
    session = calloc(1, sizeof *session);
    if (session == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(session->id, id, HASH_BYTES);
    marks_init(&session->marks);
    session->last = &session->first;
    session->idle_ms = hub->now_ms;
    session->next = hub->sessions;
    hub->sessions = session;
    hub->numbers.sessions_loaded++;
    hub_session_load(hub, session);
    *session_out = session;
    return STATUS_OK;
}

void hub_loaded(struct hub *hub, const uint8_t id[HASH_BYTES], enum status status,
                const struct row *rows, size_t row_count, uint64_t now_ms)
{
    struct hub_session *session = hub_session_find(hub, id);

    hub->now_ms = now_ms > hub->now_ms ? now_ms : hub->now_ms;
    if (session == NULL || session->state != HUB_LOADING) {
        return;
    }
    if (status == STATUS_PURGED && row_count > 0 && rows[0].bytes.count > 0) {
        session->tombstone = malloc(rows[0].bytes.count);
        if (session->tombstone != NULL) {
            memcpy(session->tombstone, rows[0].bytes.data, rows[0].bytes.count);
            session->tombstone_count = rows[0].bytes.count;
            session->purged_ms = rows[0].time_ms;
        }
    }
    if (status == STATUS_OK) {
        status = record_load(id, rows, row_count, &session->record);
    } else if (status == STATUS_NOT_FOUND) {
        status = record_create(id, &session->record);
    }
    session->state = HUB_READY;
    if (status != STATUS_OK) {
        hub_session_end(hub, session, status == STATUS_PURGED ? status : STATUS_IO);
    }
    hub_log(hub, "loaded", session, 0, status);
    hub_session_pump(hub, session);
}

void hub_session_end(struct hub *hub, struct hub_session *session, enum status why)
{
    session->state = HUB_GONE;
    session->why_gone = why;
    record_destroy(session->record);
    session->record = NULL;
    while (session->connections != NULL) {
        struct connection *connection = session->connections;

        hub_send_tombstone(hub, session, connection);
        hub_close(hub, connection, why);
    }
}

/* ---- the queue ---- */

enum status hub_session_queue(struct hub_session *session, struct connection *connection,
                              const struct hub_method *method, uint32_t id, struct bytes body)
{
    struct hub_request *request = calloc(1, sizeof *request);
    uint8_t *copy = malloc(body.count);

    if (request == NULL || copy == NULL) {
        free(request);
        free(copy);
        return STATUS_NOMEM;
    }
    memcpy(copy, body.data, body.count);
    *request = (struct hub_request){
        .connection = connection,
        .id = id,
        .method = method,
        .body = {.data = copy, .count = body.count},
    };
    *session->last = request;
    session->last = &request->next;
    connection->requests++;
    connection->request_bytes += body.count;
    return STATUS_OK;
}

static struct hub_request *pop_request(struct hub_session *session)
{
    struct hub_request *request = session->first;

    session->first = request->next;
    if (session->first == NULL) {
        session->last = &session->first;
    }
    request->next = NULL;
    return request;
}

static void push_back(struct hub_session *session, struct hub_request *request)
{
    request->next = session->first;
    if (session->first == NULL) {
        session->last = &request->next;
    }
    session->first = request;
}

static void drop_requests(struct hub_session *session, const struct connection *connection)
{
    struct hub_request **place = &session->first;

    while (*place != NULL) {
        struct hub_request *request = *place;

        if (request->connection == connection) {
            *place = request->next;
            forget_request(request);
        } else {
            place = &request->next;
        }
    }
    session->last = place;
}

void hub_session_leave(struct hub *hub, struct connection *connection)
{
    struct hub_session *session = NULL;
    struct connection **place = NULL;

    if (connection->requests > 0) { /* some may wait where it once asked in vain */
        for (session = hub->sessions; session != NULL; session = session->next) {
            drop_requests(session, connection);
        }
    }
    session = connection->session;
    if (!connection->attached) {
        return;
    }
    place = &session->connections;
    while (*place != connection) {
        place = &(*place)->next_in_session;
    }
    *place = connection->next_in_session;
    if (connection->member != 0) {
        marks_set_present(&session->marks, connection->member, false);
        marks_leave(&session->marks, connection->member);
    }
    if (session->connections == NULL) {
        session->idle_ms = hub->now_ms;
    }
}

/* ---- deciding ---- */

/* The connection may go while its request is handled, and with it what is queued of it: the
 * request in hand is not in the queue then. */
static bool handle_next(struct hub *hub, struct hub_session *session)
{
    struct hub_request *request = pop_request(session);
    struct connection *connection = request->connection;
    uint32_t number = connection->number;
    bool handled = true;

    if (connection->session != session ||
        (request->method->find == NULL && !connection->attached)) {
        hub_refuse(hub, connection, request->id, STATUS_BAD_STATE, NULL);
    } else {
        handled = request->method->handle(hub, session, request);
    }
    if (!handled) {
        push_back(session, request);
        return false;
    }
    if (hub_find_connection(hub, number) != NULL) { /* it may have been closed */
        connection->requests--;
        connection->request_bytes -= request->body.count;
    }
    free((void *)(uintptr_t)request->body.data);
    free(request);
    return true;
}

static void refuse_all(struct hub *hub, struct hub_session *session)
{
    while (session->first != NULL) {
        struct hub_request *request = pop_request(session);
        struct connection *connection = request->connection;

        if (request->method->find != NULL && connection->session == session) {
            hub_send_tombstone(hub, session, connection);
        }
        if (connection->session == session) {
            connection->session = NULL;
        }
        hub_refuse(hub, connection, request->id, session->why_gone, NULL);
        forget_request(request);
    }
}

static bool is_made(const struct hub_session *session)
{
    return session_state(session->record->core) != SESSION_EMPTY;
}

static void decide(struct hub *hub, struct hub_session *session)
{
    if (session->purge_due) {
        session->purge_due = false;
        if (is_made(session)) {
            hub_batch_purge(hub, session);
        }
    }
    while (!hub->draining && session->first != NULL && !session->batch_is_full &&
           handle_next(hub, session)) {
    }
}

void hub_session_pump(struct hub *hub, struct hub_session *session)
{
    bool again = session->state == HUB_READY;

    while (again) {
        decide(hub, session);
        hub_batch_commit(hub, session);
        again = session->state == HUB_READY && session->first != NULL && !hub->draining;
    }
    if (session->state == HUB_READY) {
        hub_deliver_all(hub, session);
    }
    if (session->state == HUB_GONE) {
        refuse_all(hub, session);
    }
    if (session->first == NULL && session->connections == NULL &&
        (session->state == HUB_GONE || (session->state == HUB_READY && !is_made(session)))) {
        hub_session_destroy(hub, session);
    }
}

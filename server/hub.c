#include "server/hub.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/hub_private.h"

enum status hub_create(const struct hub_driver *driver, uint64_t now_ms, struct hub **hub_out)
{
    struct hub *hub = calloc(1, sizeof *hub);

    if (hub == NULL) {
        return STATUS_NOMEM;
    }
    hub->driver = *driver;
    hub->now_ms = now_ms;
    hub->numbers.started_ms = now_ms;
    *hub_out = hub;
    return STATUS_OK;
}

void hub_destroy(struct hub *hub)
{
    if (hub == NULL) {
        return;
    }
    while (hub->sessions != NULL) {
        hub_session_destroy(hub, hub->sessions);
    }
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        while (hub->buckets[i] != NULL) {
            struct connection *connection = hub->buckets[i];

            hub->buckets[i] = connection->next;
            free(connection);
        }
    }
    tickets_finish(&hub->tickets);
    free(hub);
}

void hub_log(struct hub *hub, const char *event, const struct hub_session *session,
             uint16_t member, enum status status)
{
    hub->driver.log(hub->driver.context, event, session == NULL ? NULL : session->id, member,
                    status);
}

/* The clock may be set back; the hub's time is not. */
static void hub_set_time(struct hub *hub, uint64_t now_ms)
{
    if (now_ms > hub->now_ms) {
        hub->now_ms = now_ms;
    }
}

/* ---- connections ---- */

static struct connection **find_place(struct hub *hub, uint32_t number)
{
    struct connection **place = &hub->buckets[number % HUB_BUCKETS];

    while (*place != NULL && (*place)->number != number) {
        place = &(*place)->next;
    }
    return place;
}

struct connection *hub_find_connection(struct hub *hub, uint32_t number)
{
    return *find_place(hub, number);
}

enum status hub_connect(struct hub *hub, uint32_t number, const uint8_t noise_key[KEY_BYTES],
                        uint64_t now_ms)
{
    struct connection **place = find_place(hub, number);
    struct connection *connection = NULL;

    hub_set_time(hub, now_ms);
    assert(*place == NULL);
    if (hub->draining || hub->numbers.connections == HUB_CONNECTIONS_MAX) {
        return STATUS_FULL;
    }
    connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return STATUS_NOMEM;
    }
    connection->number = number;
    connection->since_ms = hub->now_ms;
    connection->room = HUB_ITEM_BURST_BYTES;
    memcpy(connection->noise_key, noise_key, KEY_BYTES);
    *place = connection;
    hub->numbers.connections++;
    return STATUS_OK;
}

static void forget(struct hub *hub, struct connection *connection)
{
    struct connection **place = find_place(hub, connection->number);

    hub_session_leave(hub, connection);
    *place = connection->next;
    hub->numbers.connections--;
    free(connection);
}

void hub_disconnect(struct hub *hub, uint32_t number, uint64_t now_ms)
{
    struct connection *connection = hub_find_connection(hub, number);
    struct hub_session *session = NULL;

    hub_set_time(hub, now_ms);
    if (connection != NULL) {
        session = connection->session;
        forget(hub, connection);
        if (session != NULL) {
            hub_session_pump(hub, session);
        }
    }
}

/* ---- sending ---- */

struct writer hub_writer(struct hub *hub)
{
    struct writer writer;

    writer_init(&writer, hub->scratch, sizeof hub->scratch);
    return writer;
}

void hub_send(struct hub *hub, struct connection *connection, const struct writer *writer)
{
    struct bytes message = writer_bytes(writer);

    assert(writer_status(writer) == STATUS_OK); /* every message fits a frame */
    hub->driver.send(hub->driver.context, connection->number, message);
    connection->room -= message.count < connection->room ? message.count : connection->room;
}

void hub_answer(struct hub *hub, struct connection *connection, uint32_t id)
{
    struct writer writer = hub_writer(hub);

    message_begin_result(&writer, id);
    message_encode_nothing(&writer);
    hub_send(hub, connection, &writer);
}

void hub_refuse(struct hub *hub, struct connection *connection, uint32_t id, enum status why,
                const char *text)
{
    struct writer writer = hub_writer(hub);

    hub->numbers.refusals++;
    message_write_error(&writer, id, why, text);
    hub_send(hub, connection, &writer);
}

void hub_close(struct hub *hub, struct connection *connection, enum status why)
{
    struct writer writer = hub_writer(hub);
    struct message_reason reason = {.code = message_code_of(why)};
    const char *text = status_name(why);

    reason.text = (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)};
    message_begin_notification(&writer, MESSAGE_CLOSING);
    message_reason_encode(&writer, &reason);
    hub_send(hub, connection, &writer);
    hub_log(hub, "closed", connection->session, connection->member, why);
    hub->driver.close(hub->driver.context, connection->number, why);
    forget(hub, connection);
}

/* ---- requests ---- */

static void answer_ping(struct hub *hub, struct connection *connection, uint32_t id)
{
    struct message_time time = {.time_ms = hub->now_ms};
    struct writer writer = hub_writer(hub);

    message_begin_result(&writer, id);
    message_time_encode(&writer, &time);
    hub_send(hub, connection, &writer);
}

/* The session a request belongs to: the connection's, or, the first time, the one it asks for.
 * A connection belongs to one, but may attach to it anew. */
static enum status choose_session(struct hub *hub, struct connection *connection,
                                  const struct hub_method *method, struct bytes body)
{
    uint8_t id[HASH_BYTES];
    enum status status = STATUS_OK;

    if (method->find == NULL) {
        return connection->session == NULL ? STATUS_BAD_STATE : STATUS_OK;
    }
    status = method->find(hub, body, id);
    if (status != STATUS_OK) {
        return status;
    }
    if (connection->session == NULL) {
        return hub_session_open(hub, id, &connection->session);
    }
    if (!connection->attached || !method->again ||
        memcmp(connection->session->id, id, HASH_BYTES) != 0) {
        return STATUS_BAD_STATE;
    }
    return STATUS_OK;
}

static void take_request(struct hub *hub, struct connection *connection,
                         const struct message *message)
{
    const struct hub_method *method = hub_method_find(message->method);
    enum status status = STATUS_UNSUPPORTED;

    if (method != NULL) {
        status = choose_session(hub, connection, method, message->body);
    }
    if (status == STATUS_MALFORMED || status == STATUS_TOO_LONG) {
        hub_close(hub, connection, STATUS_MALFORMED);
        return;
    }
    if (status == STATUS_OK &&
        (connection->requests == HUB_REQUESTS_MAX ||
         connection->request_bytes + message->body.count > HUB_REQUEST_BYTES_MAX)) {
        struct hub_session *session = connection->session;

        hub_close(hub, connection, STATUS_FULL);
        hub_session_pump(hub, session);
        return;
    }
    if (status == STATUS_OK) {
        status = hub_session_queue(connection->session, connection, method, message->id,
                                   message->body);
    }
    if (status == STATUS_OK) {
        hub_session_pump(hub, connection->session);
        return;
    }
    if (!connection->attached && connection->requests == 0) {
        connection->session = NULL;
    }
    hub_refuse(hub, connection, message->id, status, NULL);
}

void hub_receive(struct hub *hub, uint32_t number, struct bytes bytes, uint64_t now_ms)
{
    struct connection *connection = hub_find_connection(hub, number);
    struct hub_session *session = NULL;
    struct message message;

    hub_set_time(hub, now_ms);
    if (connection == NULL || hub->draining) {
        return;
    }
    session = connection->session;
    if (message_decode(bytes, &message) != STATUS_OK || message.kind != MESSAGE_REQUEST) {
        hub_close(hub, connection, STATUS_MALFORMED);
    } else if (message.method == MESSAGE_PING) {
        answer_ping(hub, connection, message.id);
        return;
    } else if (message.method == MESSAGE_GOODBYE) {
        hub_answer(hub, connection, message.id);
        hub_close(hub, connection, STATUS_OK);
    } else {
        take_request(hub, connection, &message);
        return;
    }
    if (session != NULL) {
        hub_session_pump(hub, session);
    }
}

void hub_room(struct hub *hub, uint32_t number, uint64_t now_ms)
{
    struct connection *connection = hub_find_connection(hub, number);

    hub_set_time(hub, now_ms);
    if (connection != NULL) {
        connection->room = HUB_ITEM_BURST_BYTES;
        hub_deliver(hub, connection);
    }
}

/* ---- time ---- */

static void close_unattached(struct hub *hub, uint64_t *next_ms)
{
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        struct connection *connection = hub->buckets[i];

        while (connection != NULL) {
            struct connection *next = connection->next;
            uint64_t until_ms = connection->since_ms + HUB_UNATTACHED_SECONDS * 1000ULL;

            if (connection->session == NULL && until_ms <= hub->now_ms) {
                hub_close(hub, connection, STATUS_TIMEOUT);
            } else if (connection->session == NULL && until_ms < *next_ms) {
                *next_ms = until_ms;
            }
            connection = next;
        }
    }
}

static void tick_session(struct hub *hub, struct hub_session *session, uint64_t *next_ms)
{
    uint64_t gone_ms = 0;
    uint64_t unload_ms = session->idle_ms + HUB_IDLE_SECONDS * 1000ULL;

    if (session->state != HUB_READY || session_state(session->record->core) == SESSION_EMPTY) {
        return;
    }
    gone_ms = record_gone_by_ms(session->record);
    if (gone_ms <= hub->now_ms) {
        session->purge_due = true;
        hub_session_pump(hub, session);
        return;
    }
    if (session->connections != NULL) {
        hub_deliver_all(hub, session);
        *next_ms = gone_ms < *next_ms ? gone_ms : *next_ms;
    } else if (unload_ms <= hub->now_ms) {
        hub_session_destroy(hub, session);
    } else {
        *next_ms = unload_ms < *next_ms ? unload_ms : *next_ms;
    }
}

void hub_tick(struct hub *hub, uint64_t now_ms, uint64_t *next_ms_out)
{
    uint64_t next_ms = UINT64_MAX;
    struct hub_session *session = hub->sessions;

    hub_set_time(hub, now_ms);
    close_unattached(hub, &next_ms);
    if (hub->numbers.connections > 0 && next_ms > hub->now_ms + HUB_TOLD_MS) {
        next_ms = hub->now_ms + HUB_TOLD_MS;
    }
    while (session != NULL) {
        struct hub_session *next = session->next;

        tick_session(hub, session, &next_ms);
        session = next;
    }
    *next_ms_out = next_ms;
}

/* ---- administration ---- */

enum status hub_ticket_put(struct hub *hub, const struct hub_ticket *ticket)
{
    return tickets_put(&hub->tickets, ticket);
}

void hub_purge(struct hub *hub, const uint8_t id[HASH_BYTES], uint64_t now_ms)
{
    struct hub_session *session = NULL;

    hub_set_time(hub, now_ms);
    if (hub_session_open(hub, id, &session) == STATUS_OK) {
        session->purge_due = true;
        hub_session_pump(hub, session);
    }
}

bool hub_drain(struct hub *hub, uint64_t now_ms)
{
    bool in_flight = false;

    hub_set_time(hub, now_ms);
    hub->draining = true;
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        struct connection *connection = hub->buckets[i];

        while (connection != NULL) {
            struct connection *next = connection->next;

            if (connection->session == NULL || connection->session->state != HUB_STORING) {
                hub_close(hub, connection, STATUS_CANCELLED);
            }
            connection = next;
        }
    }
    for (struct hub_session *session = hub->sessions; session != NULL;
         session = session->next) {
        in_flight = in_flight || session->state == HUB_STORING;
    }
    return !in_flight && hub->numbers.connections == 0;
}

void hub_numbers(const struct hub *hub, struct hub_numbers *numbers_out)
{
    *numbers_out = hub->numbers;
}

uint32_t hub_session_connections(const struct hub *hub, const uint8_t id[HASH_BYTES])
{
    uint32_t count = 0;

    for (const struct hub_session *session = hub->sessions; session != NULL;
         session = session->next) {
        if (memcmp(session->id, id, HASH_BYTES) == 0) {
            for (const struct connection *connection = session->connections; connection != NULL;
                 connection = connection->next_in_session) {
                count += connection->member != 0;
            }
        }
    }
    return count;
}

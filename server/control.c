#include "server/control.h"

#include <stdlib.h>
#include <string.h>

#include "common/machine/clock.h"
#include "common/secret.h"
#include "common/text.h"
#include "protocol/control.h"
#include "protocol/link.h"
#include "protocol/methods.h"
#include "server/options.h"
#include "server/text.h"

enum { ANSWER_BYTES_MAX = 32768 }; /* a page of rows */

static const char server_name[] = "kringd " KRING_VERSION;

/* A request under way, from being asked to being answered. */
struct call {
    struct control *control;
    uint32_t peer;
    uint32_t id;
    uint32_t method;
    uint8_t after_session[HASH_BYTES]; /* SESSIONS, PURGE */
    bool any_session;                  /* SESSIONS: from the first */
    char label[TICKET_LABEL_BYTES_MAX + 1];
    struct store_ticket ticket;
    char link[LINK_TEXT_BYTES_MAX];
    enum control_host host_from;
};

static void log_call(const struct call *call, enum status status)
{
    static const char *const names[] = {
        [MESSAGE_STATUS - MESSAGE_STATUS] = "status",
        [MESSAGE_TICKET - MESSAGE_STATUS] = "ticket",
        [MESSAGE_TICKETS - MESSAGE_STATUS] = "tickets",
        [MESSAGE_REVOKE - MESSAGE_STATUS] = "revoke",
        [MESSAGE_SESSIONS - MESSAGE_STATUS] = "sessions",
        [MESSAGE_PURGE - MESSAGE_STATUS] = "purge",
    };
    struct logger_line line;

    logger_begin(&line, call->control->options.logger, clock_now_ms(), LOGGER_INFO,
                 "administrator");
    logger_text(&line, "asked", names[call->method - MESSAGE_STATUS]);
    if (call->method == MESSAGE_PURGE) {
        logger_session(&line, call->after_session);
    }
    logger_status(&line, status);
    logger_end(&line);
}

static void finish(struct call *call, const struct writer *writer, enum status status)
{
    const struct control_options *options = &call->control->options;

    log_call(call, status);
    call->control->calls--;
    options->answer(options->context, call->peer, writer_bytes(writer));
    secret_wipe(call->link, sizeof call->link);
    free(call);
}

static void refuse(struct call *call, enum status status, const char *text)
{
    uint8_t buffer[MESSAGE_TEXT_BYTES_MAX * 2];
    struct writer writer;

    writer_init(&writer, buffer, sizeof buffer);
    message_write_error(&writer, call->id, status, text);
    finish(call, &writer, status);
}

/* The result of a call, written by an encoder; it fits, or the call fails. */
static void give(struct call *call, void (*encode)(struct writer *writer, const void *result),
                 const void *result)
{
    struct writer writer;

    writer_init_growing(&writer, ANSWER_BYTES_MAX);
    message_begin_result(&writer, call->id);
    encode(&writer, result);
    if (writer_status(&writer) == STATUS_OK) {
        finish(call, &writer, STATUS_OK);
    } else {
        refuse(call, writer_status(&writer), NULL);
    }
    writer_finish(&writer);
}

static void encode_nothing(struct writer *writer, const void *result)
{
    (void)result;
    message_encode_nothing(writer);
}

/* ---- STATUS ---- */

static void encode_status(struct writer *writer, const void *result)
{
    control_status_encode(writer, result);
}

static void give_status(void *context, enum status status, const struct store_session *sessions,
                        size_t count)
{
    struct call *call = context;
    const struct control_options *options = &call->control->options;
    struct control_status result = {
        .version = message_text(server_name, MESSAGE_NAME_BYTES_MAX), .now_ms = clock_now_ms()};
    struct store_health health;
    struct hub_numbers numbers;

    if (status != STATUS_OK) {
        refuse(call, status, NULL);
        return;
    }
    store_health(options->store, &health);
    result.store_bytes = health.file_bytes;
    result.commits = health.commits;
    result.commit_us_median = health.commit_us_p50;
    result.commit_us_99 = health.commit_us_p99;
    result.commit_us_max = health.commit_us_max;
    for (size_t i = 0; i < count; i++) {
        result.sessions += sessions[i].purged_ms == 0;
    }
    if (options->hub != NULL) {
        hub_numbers(options->hub, &numbers);
        result.started_ms = numbers.started_ms;
        result.connections = peers_open_count(options->peers);
        result.handshaking = peers_handshaking_count(options->peers);
        result.entries = numbers.entries_appended;
    }
    give(call, encode_status, &result);
}

static enum status ask_status(struct call *call, struct bytes body)
{
    enum status status = message_decode_nothing(body);

    if (status == STATUS_OK) {
        store_list_sessions(call->control->options.store, give_status, call);
    }
    return status;
}

/* ---- TICKET ---- */

static void encode_link(struct writer *writer, const void *result)
{
    control_link_encode(writer, result);
}

/* The hub knows it before the person who asked for it does. */
static void give_ticket(void *context, enum status status)
{
    struct call *call = context;
    struct control_link result = {.link = message_text(call->link, LINK_TEXT_BYTES_MAX),
                                  .host = call->host_from};
    struct hub_ticket ticket = {.uses_left = call->ticket.uses_left,
                                .expiry_ms = call->ticket.expiry_ms};

    memcpy(ticket.key, call->ticket.key, KEY_BYTES);
    (void)text_copy(ticket.label, sizeof ticket.label, call->ticket.label);
    if (status == STATUS_OK && call->control->options.hub != NULL) {
        status = hub_ticket_put(call->control->options.hub, &ticket);
    }
    if (status == STATUS_OK) {
        give(call, encode_link, &result);
    } else {
        refuse(call, status,
               status == STATUS_EXISTS
                   ? "there is a ticket with this label already, used or not: `kringd tickets`"
                     " lists them all; choose another --label"
                   : NULL);
    }
}

static enum status copy_label(struct call *call, struct bytes label)
{
    if (label.count > TICKET_LABEL_BYTES_MAX || memchr(label.data, 0, label.count) != NULL) {
        return STATUS_TOO_LONG;
    }
    memcpy(call->label, label.data, label.count);
    call->label[label.count] = '\0';
    return STATUS_OK;
}

/* The link goes to the person, its public half into the store. */
static enum status make_ticket(struct call *call, const char *host)
{
    const struct control_options *options = &call->control->options;
    struct link link = {.type = LINK_TICKET};
    uint8_t secret[SIGN_SECRET_BYTES];
    char name[CONFIG_HOST_BYTES_MAX + 1];
    enum status status = STATUS_MALFORMED;

    if (options_split_host(host, name, &link.port) &&
        text_copy(link.host, sizeof link.host, name)) {
        memcpy(link.server_key, options->server_key, KEY_BYTES);
        entropy_fill(&options->entropy, link.seed, sizeof link.seed);
        link_sign_keys(link.seed, call->ticket.key, secret);
        status = link_format(&link, call->link, sizeof call->link);
    }
    secret_wipe(secret, sizeof secret);
    link_wipe(&link);
    return status;
}

static enum status ask_ticket(struct call *call, struct bytes body)
{
    const struct control_options *options = &call->control->options;
    struct control_ticket request;
    char host[CONTROL_HOST_BYTES_MAX + 1] = "";
    enum status status = control_ticket_decode(body, &request);

    if (status == STATUS_OK) {
        status =
            text_is_line(request.label) ? copy_label(call, request.label) : STATUS_MALFORMED;
    }
    if (status == STATUS_OK && (request.label.count == 0 || request.uses == 0)) {
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (request.host.count > 0) {
        memcpy(host, request.host.data, request.host.count);
    }
    (void)text_copy(call->ticket.label, sizeof call->ticket.label, call->label);
    call->ticket.uses = request.uses;
    call->ticket.uses_left = request.uses;
    call->ticket.created_ms = clock_now_ms();
    call->ticket.expiry_ms = request.expires_ms;
    call->host_from = host[0] != '\0' ? CONTROL_HOST_GIVEN : options->host_from;
    status = make_ticket(call, host[0] != '\0' ? host : options->host);
    if (status == STATUS_OK) {
        store_put_ticket(options->store, &call->ticket, give_ticket, call);
    }
    return status;
}

/* ---- TICKETS and REVOKE ---- */

static void encode_tickets(struct writer *writer, const void *result)
{
    control_tickets_encode(writer, result);
}

static void give_tickets(void *context, enum status status, const struct store_ticket *tickets,
                         size_t count)
{
    struct call *call = context;
    struct control_tickets *result = calloc(1, sizeof *result);

    if (result == NULL || status != STATUS_OK) {
        refuse(call, status == STATUS_OK ? STATUS_NOMEM : status, NULL);
        free(result);
        return;
    }
    for (size_t i = 0; i < count && result->count < CONTROL_PAGE_MAX; i++) {
        const struct store_ticket *ticket = &tickets[i];

        if (strcmp(ticket->label, call->label) > 0) {
            result->items[result->count++] = (struct control_ticket_row){
                .label = message_text(ticket->label, TICKET_LABEL_BYTES_MAX),
                .uses_left = ticket->uses_left,
                .created_ms = ticket->created_ms,
                .expires_ms = ticket->expiry_ms};
        }
    }
    give(call, encode_tickets, result);
    free(result);
}

static void give_revoked(void *context, enum status status)
{
    struct call *call = context;
    struct hub_ticket ticket = {.uses_left = 0};

    memcpy(ticket.key, call->ticket.key, KEY_BYTES);
    (void)text_copy(ticket.label, sizeof ticket.label, call->ticket.label);
    if (status == STATUS_OK && call->control->options.hub != NULL) {
        status = hub_ticket_put(call->control->options.hub, &ticket);
    }
    if (status == STATUS_OK) {
        give(call, encode_nothing, NULL);
    } else {
        refuse(call, status, NULL);
    }
}

/* The hub knows tickets by their key. */
static void find_revoked(void *context, enum status status, const struct store_ticket *tickets,
                         size_t count)
{
    struct call *call = context;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (strcmp(tickets[i].label, call->label) == 0) {
            call->ticket = tickets[i];
            call->ticket.uses_left = 0;
            store_put_ticket(call->control->options.store, &call->ticket, give_revoked, call);
            return;
        }
    }
    refuse(call, status == STATUS_OK ? STATUS_NOT_FOUND : status,
           status == STATUS_OK ? "there is no ticket with this label" : NULL);
}

static enum status ask_tickets(struct call *call, struct bytes body)
{
    struct control_label request;
    enum status status = control_label_decode(body, &request);

    if (status == STATUS_OK) {
        status = copy_label(call, request.label);
    }
    if (status == STATUS_OK) {
        store_list_tickets(call->control->options.store,
                           call->method == MESSAGE_TICKETS ? give_tickets : find_revoked, call);
    }
    return status;
}

/* ---- SESSIONS and PURGE ---- */

static void encode_sessions(struct writer *writer, const void *result)
{
    control_sessions_encode(writer, result);
}

static void give_sessions(void *context, enum status status,
                          const struct store_session *sessions, size_t count)
{
    struct call *call = context;
    struct hub *hub = call->control->options.hub;
    struct control_sessions *result = calloc(1, sizeof *result);

    if (result == NULL || status != STATUS_OK) {
        refuse(call, status == STATUS_OK ? STATUS_NOMEM : status, NULL);
        free(result);
        return;
    }
    for (size_t i = 0; i < count && result->count < CONTROL_PAGE_MAX; i++) {
        const struct store_session *session = &sessions[i];
        struct control_session_row *row = &result->items[result->count];

        if (!call->any_session &&
            memcmp(session->session, call->after_session, HASH_BYTES) <= 0) {
            continue;
        }
        memcpy(row->session, session->session, HASH_BYTES);
        row->created_ms = session->created_ms;
        row->keep_until_ms =
            session->purged_ms != 0 ? session->purged_ms : session->retention_ms;
        row->connections = hub == NULL ? 0 : hub_session_connections(hub, session->session);
        row->entries = session->entries;
        row->bytes = session->bytes;
        row->purged = session->purged_ms != 0;
        result->count++;
    }
    give(call, encode_sessions, result);
    free(result);
}

static enum status ask_sessions(struct call *call, struct bytes body)
{
    struct control_after request;
    enum status status = control_after_decode(body, &request);

    if (status == STATUS_OK && request.session.count != 0 &&
        request.session.count != HASH_BYTES) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        call->any_session = request.session.count == 0;
        if (!call->any_session) {
            memcpy(call->after_session, request.session.data, HASH_BYTES);
        }
        store_list_sessions(call->control->options.store, give_sessions, call);
    }
    return status;
}

/* Gone from the store; now from memory, and whoever is in it is told. */
static void give_purged(void *context, enum status status)
{
    struct call *call = context;

    if (status == STATUS_OK && call->control->options.hub != NULL) {
        hub_purge(call->control->options.hub, call->after_session, clock_now_ms());
    }
    if (status == STATUS_OK) {
        give(call, encode_nothing, NULL);
    } else {
        refuse(call, status,
               status == STATUS_NOT_FOUND ? "there is no such session"
               : status == STATUS_PURGED  ? "this session was purged before"
                                          : NULL);
    }
}

static enum status ask_purge(struct call *call, struct bytes body)
{
    struct control_session request;
    enum status status = control_session_decode(body, &request);

    if (status == STATUS_OK) {
        memcpy(call->after_session, request.session, HASH_BYTES);
        store_purge(call->control->options.store, request.session, clock_now_ms(), give_purged,
                    call);
    }
    return status;
}

/* ---- all of them ---- */

struct control_method {
    uint32_t number;
    /* Reads the params and asks the store; an error means that it did not. */
    enum status (*ask)(struct call *call, struct bytes body);
};

static const struct control_method methods[] = {
    {MESSAGE_STATUS, ask_status},     {MESSAGE_TICKET, ask_ticket},
    {MESSAGE_TICKETS, ask_tickets},   {MESSAGE_REVOKE, ask_tickets},
    {MESSAGE_SESSIONS, ask_sessions}, {MESSAGE_PURGE, ask_purge},
};

void control_init(struct control *control, const struct control_options *options)
{
    control->options = *options;
    control->calls = 0;
}

static void refuse_at_once(struct control *control, uint32_t peer, uint32_t id,
                           enum status status)
{
    uint8_t buffer[MESSAGE_TEXT_BYTES_MAX * 2];
    struct writer writer;

    writer_init(&writer, buffer, sizeof buffer);
    message_write_error(&writer, id, status, NULL);
    control->options.answer(control->options.context, peer, writer_bytes(&writer));
}

void control_handle(struct control *control, uint32_t peer, const struct message *request)
{
    const struct control_method *method = NULL;
    struct call *call = NULL;
    enum status status;

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (methods[i].number == request->method) {
            method = &methods[i];
        }
    }
    if (method != NULL && control->calls < CONTROL_CALLS_MAX) {
        call = calloc(1, sizeof *call);
    }
    if (call == NULL) {
        refuse_at_once(control, peer, request->id,
                       method == NULL ? STATUS_UNSUPPORTED : STATUS_FULL);
        return;
    }
    call->control = control;
    call->peer = peer;
    call->id = request->id;
    call->method = request->method;
    control->calls++;
    status = method->ask(call, request->body);
    if (status != STATUS_OK) {
        refuse(call, status, NULL);
    }
}

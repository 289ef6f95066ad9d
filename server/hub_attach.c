/* Coming in: members attach, devices with an invite knock. */
#include <string.h>

#include "protocol/seat.h"
#include "server/hub_private.h"

enum status hub_find_attached(struct hub *hub, struct bytes body,
                              uint8_t session_out[HASH_BYTES])
{
    struct message_attach attach;
    enum status status = message_attach_decode(body, &attach);

    (void)hub;
    if (status == STATUS_OK) {
        memcpy(session_out, attach.session, HASH_BYTES);
    }
    return status;
}

enum status hub_find_knocked(struct hub *hub, struct bytes body,
                             uint8_t session_out[HASH_BYTES])
{
    struct message_knock knock;
    enum status status = message_knock_decode(body, &knock);

    (void)hub;
    if (status == STATUS_OK) {
        memcpy(session_out, knock.session, HASH_BYTES);
    }
    return status;
}

/* A newer connection of a member closes the older one. */
static void replace_older(struct hub *hub, struct hub_session *session,
                          const struct connection *newer, uint16_t member)
{
    struct connection *connection = session->connections;

    while (connection != NULL) {
        struct connection *next = connection->next_in_session;

        if (connection != newer && connection->member == member) {
            hub_close(hub, connection, STATUS_EXISTS);
        }
        connection = next;
    }
}

/* Puts it among those of the session, with nothing sent to it yet. */
static void join_session(struct hub *hub, struct hub_session *session,
                         struct connection *connection, uint16_t member)
{
    if (member != 0) {
        replace_older(hub, session, connection, member);
        marks_set_present(&session->marks, member, true);
    }
    if (!connection->attached) {
        connection->attached = true;
        connection->next_in_session = session->connections;
        session->connections = connection;
    }
    connection->member = member;
    connection->waiting_step = 0;
    connection->waiting_behalf = 0;
    connection->waiting_told = false;
    connection->change_told = 0;
    connection->lobby_told = 0;
}

/* Where delivery goes on from a place the client has verified.
 * Errors: STATUS_BAD_SEEN (our chain has another entry there). */
static enum status find_place(const struct chain *chain, const struct message_place *place,
                              uint64_t *index_out)
{
    if (place->index > chain_head(chain).index) {
        *index_out = HUB_BEHIND;
        return STATUS_OK;
    }
    if (place->index > 0 && !chain_holds(chain, place->index, place->hash)) {
        return STATUS_BAD_SEEN;
    }
    *index_out = place->index;
    return STATUS_OK;
}

static struct message_place head_of(const struct chain *chain)
{
    struct chain_head head = chain_head(chain);
    struct message_place place = {.index = head.index};

    memcpy(place.hash, head.hash, HASH_BYTES);
    return place;
}

/* Takes the connection in where it says it is, and tells it where the streams are. */
static enum status enter(struct hub *hub, struct hub_session *session,
                         const struct hub_request *request, uint16_t member,
                         const struct message_place *public_place,
                         const struct message_place *own_place)
{
    struct connection *connection = request->connection;
    struct record *record = session->record;
    struct message_attached attached = {.member = member, .time_ms = hub->now_ms};
    uint64_t public_index = 0;
    uint64_t own_index = 0;
    struct writer writer;
    struct log *own = NULL;
    enum status status = find_place(&record->public_log.chain, public_place, &public_index);

    if (status == STATUS_OK && member != 0) {
        status = record_own_log(record, member, &own);
    }
    if (status == STATUS_OK && member != 0) {
        status = find_place(&own->chain, own_place, &own_index);
        attached.own_head = head_of(&own->chain);
        attached.waiting = waiting_count_of(&record->waiting, member);
    }
    if (status != STATUS_OK) {
        return status;
    }
    attached.public_head = head_of(&record->public_log.chain);
    join_session(hub, session, connection, member);
    connection->public_index = public_index;
    connection->own_index = own_index;
    writer = hub_writer(hub);
    message_begin_result(&writer, request->id);
    message_attached_encode(&writer, &attached);
    hub_send(hub, connection, &writer);
    hub_log(hub, "attached", session, member, STATUS_OK);
    hub_deliver(hub, connection); /* nothing is in flight: its waiting answers as counted */
    return STATUS_OK;
}

/* Refuses. Who is not in may ask for another session, or again. */
static void stay_out(struct hub *hub, const struct hub_request *request, enum status why)
{
    if (!request->connection->attached) {
        request->connection->session = NULL;
    }
    hub_refuse(hub, request->connection, request->id, why, NULL);
}

/* What keeps any device out, and the member it is: 0 if nobody yet. */
static enum status find_device(const struct hub_session *session,
                               const struct connection *connection, uint16_t *member_out)
{
    const struct session *core = session->record->core;

    if (session_state(core) == SESSION_EMPTY) {
        return STATUS_NOT_FOUND;
    }
    *member_out = session_member_by_noise(core, connection->noise_key);
    if (record_member_state(session->record, *member_out) == MEMBER_REMOVED) {
        return STATUS_REMOVED;
    }
    return STATUS_OK;
}

bool hub_attach(struct hub *hub, struct hub_session *session, const struct hub_request *request)
{
    struct message_attach attach;
    uint16_t member = 0;
    enum status status = STATUS_OK;

    if (!hub_batch_is_empty(session)) {
        return false; /* what the batch holds may not be seen yet */
    }
    status = message_attach_decode(request->body, &attach);
    if (status == STATUS_OK) {
        status = find_device(session, request->connection, &member);
    }
    if (status == STATUS_OK && member == 0) {
        status = STATUS_UNKNOWN;
    }
    if (status == STATUS_OK) {
        status = enter(hub, session, request, member, &attach.public_place, &attach.own_place);
    }
    if (status != STATUS_OK) {
        stay_out(hub, request, status);
    }
    return true;
}

/* ---- knocking ---- */

static enum status check_invite(const struct hub *hub, const struct hub_session *session,
                                const struct message_knock *knock)
{
    const struct session *core = session->record->core;
    const struct session_invite *invite = session_invite(core, knock->invite);
    const uint8_t *key = NULL;
    uint32_t guests = 0;

    if (knock->invite != 0 && invite == NULL) {
        return STATUS_UNKNOWN;
    }
    key = invite == NULL ? session_recovery(core)->sign : invite->key;
    if (!proof_invite_good(key, session->id, &knock->device, knock->signature)) {
        return STATUS_BAD_SIGNATURE;
    }
    if (invite != NULL && hub->now_ms >= invite->expiry_ms) {
        return STATUS_EXPIRED;
    }
    if (invite != NULL && invite->used >= invite->uses) {
        return STATUS_USED_UP;
    }
    for (const struct connection *connection = session->connections; connection != NULL;
         connection = connection->next_in_session) {
        guests += connection->member == 0;
    }
    return guests < HUB_GUESTS_MAX ? STATUS_OK : STATUS_BUSY;
}

/* Who joined before and lost the answer comes in as the member it is, from the start of its own
 * stream. */
bool hub_knock(struct hub *hub, struct hub_session *session, const struct hub_request *request)
{
    static const struct message_place start = {.index = 0};
    struct message_knock knock;
    uint16_t member = 0;
    enum status status = STATUS_OK;

    if (!hub_batch_is_empty(session)) {
        return false;
    }
    status = message_knock_decode(request->body, &knock);
    if (status == STATUS_OK) {
        status = find_device(session, request->connection, &member);
    }
    if (status == STATUS_OK &&
        memcmp(knock.device.noise, request->connection->noise_key, KEY_BYTES) != 0) {
        status = STATUS_FORBIDDEN;
    }
    if (status == STATUS_OK && member == 0) {
        status = check_invite(hub, session, &knock);
    }
    if (status == STATUS_OK) {
        status = enter(hub, session, request, member, &knock.public_place, &start);
    }
    if (status != STATUS_OK) {
        stay_out(hub, request, status);
    }
    return true;
}

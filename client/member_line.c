/* The conversation of one connection: saying who we are, requests, and their answers. */
#include <stdlib.h>
#include <string.h>

#include "client/member_private.h"
#include "client/words.h"
#include "common/secret.h"
#include "protocol/channel.h"
#include "protocol/writer.h"

bool member_has_line(const struct member *member)
{
    return member->line == LINE_READY && replica_is_sound(member->replica) && !member->erased;
}

/* ---- requests ---- */

struct request *member_begin_request(struct member *member, struct writer *writer,
                                     enum message_method method, enum request_kind kind)
{
    for (size_t i = 0; i < MEMBER_REQUESTS_MAX; i++) {
        struct request *request = &member->requests[i];

        if (request->id == 0) {
            member->last_request = member->last_request % (UINT32_MAX - 1) + 1;
            *request = (struct request){.id = member->last_request, .kind = kind};
            message_begin_request(writer, request->id, method);
            return request;
        }
    }
    return NULL;
}

void member_send_request(struct member *member, struct request *request,
                         const struct writer *writer)
{
    if (writer_status(writer) != STATUS_OK) {
        request->id = 0;
        return;
    }
    member->spoke_ms = member->now_ms;
    member->driver.send(member->driver.context, writer_bytes(writer));
}

size_t member_appends_left(const struct member *member, size_t *bytes_left_out)
{
    size_t count = 0;
    size_t bytes = 0;

    for (size_t i = 0; i < MEMBER_REQUESTS_MAX; i++) {
        const struct request *request = &member->requests[i];

        if (request->id != 0 &&
            (request->kind == REQUEST_WISH || request->kind == REQUEST_ANSWER)) {
            count++;
            bytes += request->bytes;
        }
    }
    *bytes_left_out = bytes < MEMBER_APPEND_BYTES_MAX ? MEMBER_APPEND_BYTES_MAX - bytes : 0;
    return count < MEMBER_APPENDS_MAX ? MEMBER_APPENDS_MAX - count : 0;
}

/* ---- saying who we are ---- */

static struct message_place place_of(const struct member *member, enum stream stream)
{
    struct message_place place = {.index = 0};
    struct chain_head head;

    if (member->compares) {
        return place;
    }
    head = replica_head(member->replica, stream);
    place.index = head.index;
    memcpy(place.hash, head.hash, HASH_BYTES);
    return place;
}

static void ask_create(struct member *member, struct writer *writer)
{
    struct message_create create = {.genesis = member->genesis};
    uint8_t secret[SIGN_SECRET_BYTES];

    link_sign_keys(member->ticket_seed, create.ticket_key, secret);
    proof_ticket(secret, member->session, create.signature);
    secret_wipe(secret, sizeof secret);
    message_create_encode(writer, &create);
}

static void ask_knock(struct member *member, struct writer *writer)
{
    struct message_knock knock = {.invite = member->invite, .device = member->seat.keys};
    uint8_t key[KEY_BYTES], secret[SIGN_SECRET_BYTES];

    memcpy(knock.session, member->session, HASH_BYTES);
    link_sign_keys(member->invite_seed, key, secret);
    proof_invite(secret, member->session, &member->seat.keys, knock.signature);
    secret_wipe(secret, sizeof secret);
    knock.public_place = place_of(member, STREAM_PUBLIC);
    message_knock_encode(writer, &knock);
}

static void ask_attach(struct member *member, struct writer *writer)
{
    struct message_attach attach = {.public_place = place_of(member, STREAM_PUBLIC),
                                    .own_place = place_of(member, STREAM_OWN)};

    memcpy(attach.session, member->session, HASH_BYTES);
    message_attach_encode(writer, &attach);
}

static void enter(struct member *member)
{
    bool creates = member->way == WAY_HOST && !member->created;
    bool knocks = member->way == WAY_INVITE && replica_me(member->replica) == 0;
    enum message_method method = creates  ? MESSAGE_CREATE
                                 : knocks ? MESSAGE_KNOCK
                                          : MESSAGE_ATTACH;
    struct writer writer;
    struct request *request = NULL;

    writer_init_growing(&writer, CHANNEL_MESSAGE_BYTES_MAX);
    request = member_begin_request(member, &writer, method, REQUEST_ENTER);
    if (request != NULL) {
        if (creates) {
            ask_create(member, &writer);
        } else if (knocks) {
            ask_knock(member, &writer);
        } else {
            ask_attach(member, &writer);
        }
        member->line = LINE_ASKING;
        member_send_request(member, request, &writer);
    }
    writer_finish(&writer);
}

void member_connected(struct member *member, uint64_t now_ms, uint64_t server_ms)
{
    int64_t off = (int64_t)(server_ms - now_ms);

    member->now_ms = now_ms;
    member->server_ms = server_ms;
    member->clock_off_ms =
        off > MEMBER_CLOCK_OFF_MS || off < -(int64_t)MEMBER_CLOCK_OFF_MS ? off : 0;
    memset(member->requests, 0, sizeof member->requests);
    member->compares = false;
    member->enter_again_ms = 0;
    if (member->replica != NULL && member->way != WAY_NONE && !member->erased) {
        enter(member);
    }
    member_changed(member);
}

/* What was under way is not answered any more: it will be asked again. */
static void forget_line(struct member *member)
{
    for (struct wish *wish = member->outbox.first; wish != NULL; wish = wish->next) {
        wish->asked = false;
        wish->placed = false;
    }
    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        member->outbox.answers[i].asked = false;
        member->outbox.answers[i].seen_waiting = false;
    }
    for (size_t i = 0; i < member->waiting_count; i++) {
        member_forget_bytes(&member->waiting[i]);
    }
    for (size_t i = 0; i < member->live_count; i++) {
        free(member->live[i].marks);
    }
    member->waiting_count = 0;
    member->live_count = 0;
    member->lobby = LOBBY_UNKNOWN;
    member->signal = SIGNAL_NONE;
    memset(member->present, 0, sizeof member->present);
    memset(member->told_writing, 0, sizeof member->told_writing);
    memset(member->requests, 0, sizeof member->requests);
}

void member_disconnected(struct member *member, uint64_t now_ms)
{
    member->now_ms = now_ms;
    member->line = LINE_DOWN;
    forget_line(member);
    if (member->releasing.stage == RELEASE_COUNTING) {
        member->releasing.stage = RELEASE_CLOSING; /* asked again */
    }
    member_drop_passing(member);
    member_changed(member); /* whoever holds the line says why it is gone */
}

void member_goodbye(struct member *member)
{
    struct writer writer;
    uint8_t buffer[64];
    struct request *request = NULL;

    if (member->line == LINE_DOWN) {
        return;
    }
    writer_init(&writer, buffer, sizeof buffer);
    request = member_begin_request(member, &writer, MESSAGE_GOODBYE, REQUEST_QUIET);
    if (request != NULL) {
        message_encode_nothing(&writer);
        member_send_request(member, request, &writer);
    }
}

static void ping(struct member *member)
{
    struct writer writer;
    uint8_t buffer[64];
    struct request *request = NULL;

    writer_init(&writer, buffer, sizeof buffer);
    request = member_begin_request(member, &writer, MESSAGE_PING, REQUEST_QUIET);
    if (request != NULL) {
        message_encode_nothing(&writer);
        member_send_request(member, request, &writer);
    }
}

/* Past its date, and no server we reached says it is earlier: what we have of it goes. */
static void expire(struct member *member)
{
    uint64_t retention_ms =
        member->replica == NULL ? 0 : session_retention_ms(replica_session(member->replica));

    if (retention_ms != 0 && !member->erased && member->server_ms > retention_ms &&
        member->now_ms > retention_ms) {
        member_erase(member);
    }
}

/* The first moment at which something that was put off may go. */
static uint64_t put_off_until(const struct member *member)
{
    uint64_t until =
        member->calm_until_ms > member->now_ms ? member->calm_until_ms : UINT64_MAX;

    for (const struct wish *wish = member->outbox.first; wish != NULL; wish = wish->next) {
        if (wish->not_before_ms > member->now_ms && wish->not_before_ms < until) {
            until = wish->not_before_ms;
        }
    }
    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        uint64_t at = member->outbox.answers[i].not_before_ms;

        if (at > member->now_ms && at < until) {
            until = at;
        }
    }
    return until;
}

void member_tick(struct member *member, uint64_t now_ms, uint64_t *next_ms_out)
{
    uint64_t next_ms = now_ms + MEMBER_RETRY_MS;

    member->now_ms = now_ms;
    if (member->line != LINE_DOWN && now_ms >= member->spoke_ms + CHANNEL_PING_MS) {
        ping(member);
    }
    if (member->line == LINE_SHUT && member->enter_again_ms != 0 &&
        now_ms >= member->enter_again_ms) {
        enter(member);
    }
    expire(member);
    member_pump(member);
    if (put_off_until(member) < next_ms) {
        next_ms = put_off_until(member);
    }
    *next_ms_out = next_ms;
}

/* ---- being let in ---- */

void member_shut(struct member *member, enum status status)
{
    bool creates = member->way == WAY_HOST && !member->created;
    bool again = member->enter_again_ms != 0;

    member->line = LINE_SHUT;
    member->enter_again_ms = 0;
    if (status == STATUS_BUSY || status == STATUS_IO || status == STATUS_NOMEM ||
        status == STATUS_NO_SPACE) {
        member->enter_again_ms = member->now_ms + MEMBER_RETRY_MS;
    }
    if (!again) {
        member_tell(member, &(struct news){.kind = NEWS_REFUSED,
                                           .entry = creates ? KIND_GENESIS : KIND_JOIN,
                                           .status = status,
                                           .text = words_of_entering(status, creates)});
    }
}

static struct chain_head head_of(const struct message_place *place)
{
    struct chain_head head = {.index = place->index};

    memcpy(head.hash, place->hash, HASH_BYTES);
    return head;
}

static void attached(struct member *member, const struct message_attached *attached)
{
    member->goal[STREAM_PUBLIC] = head_of(&attached->public_head);
    member->goal[STREAM_OWN] = head_of(&attached->own_head);
    member->waiting_due = attached->waiting;
    member->server_ms = attached->time_ms;
    member->line = LINE_FETCHING;
    if (replica_check_heads(member->replica, &member->goal[STREAM_PUBLIC],
                            &member->goal[STREAM_OWN]) != STATUS_OK) {
        member_tell_fault(member);
    }
    member_settle(member);
}

static void created(struct member *member, const struct message_appended *appended)
{
    if (memcmp(appended->hash, member->session, HASH_BYTES) != 0) {
        replica_blame(member->replica, REPLICA_OTHER_GENESIS, STREAM_PUBLIC, 1);
        member_tell_fault(member);
        member->line = LINE_SHUT;
        return;
    }
    member->created = true;
    secret_wipe(member->ticket_seed, sizeof member->ticket_seed);
    member_keep_self(member);
    enter(member);
}

static enum status entered(struct member *member, const struct message *message)
{
    struct message_attached in;
    struct message_appended made;
    enum status status = STATUS_OK;

    if (message->error == STATUS_BAD_SEEN && !member->compares &&
        replica_count(member->replica, STREAM_PUBLIC) > 0) {
        member->compares = true; /* it does not know our place: find out where we differ */
        enter(member);
        return STATUS_OK;
    }
    if (message->error == STATUS_PURGED) {
        member_tell(member, &(struct news){.kind = NEWS_SESSION, .status = STATUS_PURGED});
    }
    if (message->error != STATUS_OK) {
        member_shut(member, message->error);
        return STATUS_OK;
    }
    if (member->way == WAY_HOST && !member->created) {
        status = message_appended_decode(message->body, &made);
        if (status == STATUS_OK) {
            created(member, &made);
        }
        return status;
    }
    status = message_attached_decode(message->body, &in);
    if (status == STATUS_OK) {
        attached(member, &in);
    }
    return status;
}

/* ---- answers of the server ---- */

static void refused_mark(struct member *member, const struct request *request,
                         enum status status)
{
    if (status != STATUS_OK) {
        member_tell(member, &(struct news){.kind = NEWS_REFUSED,
                                           .step = request->step,
                                           .status = status,
                                           .text = words_of_status(status)});
    }
}

static enum status take_response(struct member *member, const struct message *message)
{
    struct request request = {0};
    struct message_appended appended = {.index = 0};
    struct message_digest digest = {.count = 0};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < MEMBER_REQUESTS_MAX && message->id != 0; i++) {
        if (member->requests[i].id == message->id) {
            request = member->requests[i];
            member->requests[i].id = 0;
            break;
        }
    }
    if (request.id == 0) {
        return STATUS_MALFORMED; /* nobody asked */
    }
    switch (request.kind) {
    case REQUEST_ENTER:
        return entered(member, message);
    case REQUEST_WISH:
    case REQUEST_ANSWER:
        if (message->error == STATUS_OK) {
            status = message_appended_decode(message->body, &appended);
        }
        if (status == STATUS_OK && request.kind == REQUEST_WISH) {
            member_wish_answered(member, &request, message->error, &appended);
        } else if (status == STATUS_OK) {
            member_answer_answered(member, &request, message->error, &appended);
        }
        return status;
    case REQUEST_DIGEST:
        if (message->error == STATUS_OK) {
            status = message_digest_decode(message->body, &digest);
        }
        if (status == STATUS_OK) {
            member_digest_answered(member, &request, message->error, &digest);
        }
        return status;
    case REQUEST_MARK:
        refused_mark(member, &request, message->error);
        return STATUS_OK;
    case REQUEST_QUIET:
        return STATUS_OK;
    }
    return STATUS_OK;
}

enum status member_receive(struct member *member, struct bytes bytes, uint64_t now_ms)
{
    struct message message;
    enum status status = message_decode(bytes, &message);

    member->now_ms = now_ms;
    if (status != STATUS_OK || message.kind == MESSAGE_REQUEST || member->line == LINE_DOWN) {
        return STATUS_MALFORMED;
    }
    member_changed(member);
    status = message.kind == MESSAGE_RESPONSE ? take_response(member, &message)
                                              : member_take_notification(member, &message);
    if (status == STATUS_OK) {
        member_pump(member);
    }
    return status;
}

/* A client: connects, comes back, folds what it gets as a real one must, and sends its letters
 * until they are answered. What people do with it stands in play.c. */
#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"
#include "tests/simulation/world.h"

enum { BACKOFF_MS_MAX = 2500, LETTERS_AT_ONCE = 6 };

static uint8_t scratch[CHANNEL_MESSAGE_BYTES_MAX];

void client_init(struct world *world, struct client *client, enum part part, uint16_t invite)
{
    *client = (struct client){
        .world = world,
        .number = world->client_count,
        .part = part,
        .invite = invite,
        .draft = calloc(1, sizeof *client->draft),
        .side = calloc(1, sizeof *client->side),
    };
    if (client->draft == NULL || client->side == NULL) {
        abort();
    }
    world->client_count++;
    entropy_fill(&world->entropy, client->seat_seed, SEED_BYTES);
}

void client_finish(struct client *client)
{
    for (size_t i = 0; i < client->letter_count; i++) {
        free(client->letters[i]);
    }
    if (client->side != NULL) {
        side_finish(client->side);
    }
    free(client->side);
    free(client->draft);
}

enum member_state client_member_state(const struct client *client)
{
    const struct session_member *member =
        session_member(client->side->core, client->side->member);

    return member == NULL ? MEMBER_NONE : member->state;
}

/* ---- coming and going ---- */

static void come_back(struct client *client)
{
    client->state = CLIENT_OFFLINE;
    world_plan(client->world, 50 + world_below(client->world, BACKOFF_MS_MAX), EVENT_CONNECT,
               client->number, 0);
}

void client_connect(struct client *client)
{
    struct world *world = client->world;
    struct wire *wire = NULL;

    if (client->state != CLIENT_OFFLINE && client->state != CLIENT_ABSENT) {
        return;
    }
    if (client->side->core == NULL) {
        side_init(client->side, world->session, client->seat_seed);
    }
    if (world->hub == NULL) {
        come_back(client);
        return;
    }
    wire = wire_open(world, client);
    client->wire = wire->number;
    client->state = CLIENT_GREETING;
    client->outstanding_count = 0;
    for (size_t i = 0; i < client->letter_count; i++) {
        client->letters[i]->is_sent = false;
    }
    wire_flush_client(world, wire);
}

void client_disconnected(struct client *client)
{
    client->wire = 0;
    if (client->state != CLIENT_OUT) {
        come_back(client);
    }
}

void client_forget(struct client *client)
{
    side_finish(client->side);
    side_init(client->side, client->world->session, client->seat_seed);
    world_say(client->world, client, "lost its cache");
}

/* ---- requests ---- */

struct writer client_request(struct client *client, enum message_method method, uint16_t step,
                             const uint8_t *letter)
{
    struct outstanding *outstanding = &client->outstanding[client->outstanding_count];
    struct writer writer;

    if (client->outstanding_count == OUTSTANDING_MAX) {
        abort();
    }
    client->outstanding_count++;
    *outstanding =
        (struct outstanding){.id = client->next_id++, .method = method, .step = step};
    if (letter != NULL) {
        memcpy(outstanding->letter, letter, ID_BYTES);
    }
    writer_init(&writer, scratch, sizeof scratch);
    message_begin_request(&writer, outstanding->id, method);
    return writer;
}

void client_send(struct client *client, const struct writer *writer)
{
    struct wire *wire = wire_find(client->world, client->wire);

    if (writer_status(writer) != STATUS_OK) {
        abort();
    }
    if (channel_room(wire->client_channel) < writer_bytes(writer).count) {
        wire_flush_client(client->world, wire);
    }
    if (channel_send(wire->client_channel, writer_bytes(writer)) != STATUS_OK) {
        abort();
    }
}

static struct message_place place_of(const struct chain *chain)
{
    struct chain_head head = chain_head(chain);
    struct message_place place = {.index = head.index};

    memcpy(place.hash, head.hash, HASH_BYTES);
    return place;
}

static void ask_create(struct client *client)
{
    struct world *world = client->world;
    struct message_create create = {
        .genesis = {.data = world->genesis->bytes, .count = world->genesis->count}};
    struct writer writer = client_request(client, MESSAGE_CREATE, 0, NULL);

    memcpy(create.ticket_key, world->store.ticket.key, KEY_BYTES);
    proof_ticket(world->ticket_secret, world->session, create.signature);
    message_create_encode(&writer, &create);
    client_send(client, &writer);
}

static void ask_attach(struct client *client)
{
    struct message_attach attach = {.public_place = place_of(&client->side->public_chain)};
    struct writer writer = client_request(client, MESSAGE_ATTACH, 0, NULL);

    memcpy(attach.session, client->side->session, HASH_BYTES);
    if (client->side->member != 0) {
        attach.own_place = place_of(&client->side->own_chain);
    }
    message_attach_encode(&writer, &attach);
    client_send(client, &writer);
}

static void ask_knock(struct client *client)
{
    struct message_knock knock = {
        .invite = client->invite,
        .device = client->side->seat.keys,
        .public_place = place_of(&client->side->public_chain),
    };
    struct writer writer = client_request(client, MESSAGE_KNOCK, 0, NULL);
    uint8_t public_key[KEY_BYTES];
    uint8_t secret[SIGN_SECRET_BYTES];

    memcpy(knock.session, client->side->session, HASH_BYTES);
    link_sign_keys(client->world->invite_seeds[client->invite], public_key, secret);
    if (client->part == PART_THIEF) {
        secret[0] ^= 1; /* guesses */
    }
    proof_invite(secret, client->side->session, &knock.device, knock.signature);
    message_knock_encode(&writer, &knock);
    client_send(client, &writer);
}

void client_greeted(struct client *client)
{
    bool sure = client->memory.joined || client->side->member != 0;

    client->state = CLIENT_ATTACHING;
    if (client->part == PART_FACILITATOR && !client->memory.joined) {
        ask_create(client);
    } else if (sure || world_chance(client->world, 30)) {
        ask_attach(client);
    } else {
        ask_knock(client);
    }
}

/* Texts may go several at once; of everything else the next is sent when the last was answered.
 */
void client_post(struct client *client)
{
    size_t under_way = 0;

    if (client->state != CLIENT_IN) {
        return;
    }
    for (size_t i = 0; i < client->letter_count; i++) {
        struct letter *letter = client->letters[i];
        struct message_append append = {
            .entry = {.data = letter->bytes, .count = letter->count}};
        struct writer writer;

        if (letter->is_sent) {
            under_way++;
            continue;
        }
        if (under_way >= (letter->kind == KIND_TEXT ? LETTERS_AT_ONCE : 1) ||
            letter->not_before_ms > client->world->now_ms) {
            break;
        }
        letter->is_sent = true;
        letter->sent_ms = client->world->now_ms;
        under_way++;
        writer = client_request(client, MESSAGE_APPEND, letter->step, letter->id);
        message_append_encode(&writer, &append);
        client_send(client, &writer);
    }
    wire_flush_client(client->world, wire_find(client->world, client->wire));
}

/* ---- what comes ---- */

static void read_token(void *context, const struct entry *entry, struct bytes plaintext)
{
    struct client *client = context;
    const char *wrong =
        ledger_read(&client->world->ledger, client->number, entry->id, plaintext);

    client->world->tally.read++;
    if (wrong != NULL) {
        world_fail(client->world, client, "reads %s (kind %d)", wrong, (int)entry->kind);
    }
}

static bool brings_keys(enum kind kind)
{
    return kind == KIND_OPEN || kind == KIND_RELEASE || kind == KIND_REVEAL ||
           kind == KIND_ROSTER;
}

static void take_tombstone(struct client *client, const struct message_item *item)
{
    static struct entry entry;
    struct session_decision decision;
    enum status status = entry_decode(item->entry, &entry);

    if (client->part == PART_THIEF) {
        return; /* it has nothing to erase, and no way to tell */
    }
    if (status == STATUS_OK) {
        status = entry_verify(&entry, client->side->core, &client->side->public_chain);
    }
    if (status == STATUS_OK) {
        /* whoever has not caught up cannot tell whether its `seen` is on the chain */
        entry.findings.seen_good = true;
        entry.seen_index = side_public_index(client->side);
        status = session_decide(client->side->core, &entry, item->time_ms, &decision);
    }
    if (status != STATUS_OK || entry.kind != KIND_PURGE) {
        world_fail(client->world, client, "a tombstone that is none: %s", status_name(status));
    }
    client->was_purged = true;
}

static void take_stream_item(struct client *client, const struct message_item *item)
{
    static struct entry entry;
    struct side *side = client->side;
    bool is_public = item->stream == STREAM_PUBLIC;
    uint64_t index = is_public ? side_public_index(side) : side_own_index(side);
    enum status status = STATUS_OK;

    if (item->index != index + 1) {
        world_fail(client->world, client, "item %llu after %llu of stream %d",
                   (unsigned long long)item->index, (unsigned long long)index,
                   (int)item->stream);
        return;
    }
    status = is_public ? side_take_public(side, item->time_ms, item->entry, &entry)
                       : side_take_own(side, item->time_ms, item->entry, &entry);
    if (status != STATUS_OK) {
        world_fail(client->world, client, "cannot fold item %llu of stream %d, kind %d: %s",
                   (unsigned long long)item->index, (int)item->stream, (int)entry.kind,
                   status_name(status));
        return;
    }
    side_read_new(side, is_public && brings_keys(entry.kind), read_token, client);
}

static void take_waiting(struct client *client, const struct message_item *item)
{
    static struct entry entry;
    static uint8_t plaintext[BODY_PADDED_BYTES_MAX];
    size_t count = 0;
    enum status status = entry_decode(item->entry, &entry);

    if (status == STATUS_OK && client_member_state(client) == MEMBER_ADMITTED) {
        status = side_read(client->side, &entry, plaintext, &count);
    }
    if (status == STATUS_OK && count > 0) {
        read_token(client, &entry, (struct bytes){.data = plaintext, .count = count});
    }
    if (status != STATUS_OK) {
        world_fail(client->world, client, "cannot read its own answer: %s",
                   status_name(status));
    }
}

static void take_item(struct client *client, struct bytes body)
{
    struct message_item item;

    if (message_item_decode(body, &item) != STATUS_OK) {
        world_fail(client->world, client, "a malformed item");
        return;
    }
    client->world->tally.delivered++;
    check_item(client, &item);
    if (world_has_failed(client->world)) {
        return;
    }
    if (item.stream == STREAM_WAITING) {
        take_waiting(client, &item);
    } else if (item.index == 0) {
        take_tombstone(client, &item);
    } else {
        take_stream_item(client, &item);
    }
}

static void take_attached(struct client *client, const struct message *message)
{
    struct message_attached attached;
    uint16_t member = client->side->member;

    if (client->part == PART_THIEF ||
        message_attached_decode(message->body, &attached) != STATUS_OK ||
        (member != 0 && attached.member != member) ||
        attached.public_head.index < side_public_index(client->side)) {
        world_fail(client->world, client, "attached as it may not be");
        return;
    }
    client->state = CLIENT_IN;
    world_say(client->world, client, "is in as member %u", attached.member);
}

static void take_no_entry(struct client *client, enum message_method method, enum status error)
{
    struct world *world = client->world;
    bool was_refused = world->ledger.refused_index[client->number] != 0;

    if (client->part == PART_THIEF) {
        return; /* as it should be; it tries again with its next connection */
    }
    if ((error == STATUS_PURGED && world->may_purge) ||
        (error == STATUS_REMOVED && was_refused)) {
        client->state = CLIENT_OUT;
    } else if (error == STATUS_UNKNOWN && method == MESSAGE_ATTACH &&
               client->side->member == 0 && !client->memory.joined) {
        ask_knock(client);
    } else {
        world_fail(world, client, "is kept out: %s", status_name(error));
    }
}

static void take_created(struct client *client, const struct message *message)
{
    struct world *world = client->world;
    struct message_appended appended;

    if (message->error == STATUS_NO_SPACE) {
        ask_create(client);
        return;
    }
    if (message->error != STATUS_OK ||
        message_appended_decode(message->body, &appended) != STATUS_OK) {
        world_fail(world, client, "cannot create: %s", status_name(message->error));
        return;
    }
    check_acknowledged(client, world->genesis, &appended);
    client->memory.joined = true;
    ask_attach(client);
}

static void take_result(struct client *client, const struct outstanding *asked,
                        const struct message *message)
{
    struct message_appended appended = {0};
    struct message_digest digest;

    switch ((int)asked->method) {
    case MESSAGE_CREATE:
        take_created(client, message);
        break;
    case MESSAGE_ATTACH:
    case MESSAGE_KNOCK:
        if (message->error == STATUS_OK) {
            take_attached(client, message);
        } else {
            take_no_entry(client, asked->method, message->error);
        }
        break;
    case MESSAGE_APPEND:
        if (message->error == STATUS_OK &&
            message_appended_decode(message->body, &appended) != STATUS_OK) {
            world_fail(client->world, client, "a malformed result");
            return;
        }
        letter_answered(client, asked->letter, message->error, &appended);
        break;
    case MESSAGE_DIGEST:
        if (message->error == STATUS_OK &&
            message_digest_decode(message->body, &digest) == STATUS_OK) {
            play_digest(client, asked->step, &digest);
        }
        break;
    case MESSAGE_DONE:
        if (message->error == STATUS_OK) {
            check_done(client, asked->step);
        }
        break;
    default: /* signals and the like: a no is as good as a yes */
        break;
    }
}

static void take_response(struct client *client, const struct message *message)
{
    for (size_t i = 0; i < client->outstanding_count; i++) {
        if (client->outstanding[i].id == message->id) {
            struct outstanding asked = client->outstanding[i];

            client->outstanding[i] = client->outstanding[--client->outstanding_count];
            take_result(client, &asked, message);
            return;
        }
    }
    world_fail(client->world, client, "an answer to nothing");
}

static void take_notification(struct client *client, const struct message *message)
{
    struct message_reason reason;
    enum member_state state = client_member_state(client);

    switch ((int)message->method) {
    case MESSAGE_ITEM:
        take_item(client, message->body);
        break;
    case MESSAGE_CLOSING:
        if (message_reason_decode(message->body, &reason) == STATUS_OK &&
            (message_status_of(reason.code) == STATUS_PURGED ||
             message_status_of(reason.code) == STATUS_REMOVED)) {
            client->state = CLIENT_OUT;
        }
        break;
    case MESSAGE_WHO:
        if (client->part != PART_FACILITATOR) {
            world_fail(client->world, client, "is told who answered");
        }
        break;
    case MESSAGE_LOBBY:
        if (state == MEMBER_ADMITTED) {
            world_fail(client->world, client, "is told to wait, and is in");
        }
        break;
    case MESSAGE_PRESENCE:
    case MESSAGE_COUNTS:
    case MESSAGE_LAST_CALLED:
        if (state != MEMBER_ADMITTED) {
            world_fail(client->world, client, "is told of the circle, and is not in it");
        }
        break;
    default:
        world_fail(client->world, client, "is told something unknown: %u", message->method);
        break;
    }
}

void client_take(struct client *client, const struct message *message)
{
    if (message->kind == MESSAGE_RESPONSE) {
        take_response(client, message);
    } else {
        take_notification(client, message);
    }
    client_post(client);
}

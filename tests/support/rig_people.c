/* What people ask of a hub, and what they are told: the second half of rig.h. */
#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"
#include "tests/support/rig.h"

static void must(bool good)
{
    if (!good) {
        abort();
    }
}

/* ---- requests ---- */

static uint8_t scratch[65519];

static struct writer begin_request(struct person *person, enum message_method method)
{
    struct writer writer;

    writer_init(&writer, scratch, sizeof scratch);
    message_begin_request(&writer, person->next_id, method);
    return writer;
}

static uint32_t send_request(struct person *person, const struct writer *writer)
{
    must(writer_status(writer) == STATUS_OK);
    hub_receive(person->rig->hub, person->connection, writer_bytes(writer),
                person->rig->now_ms);
    return person->next_id++;
}

/* The facilitator's device is known before its session is. */
void person_know_session(struct person *person)
{
    uint8_t seed[SEED_BYTES] = {1};

    seed[1] = (uint8_t)(person - person->rig->people);
    if (person->side.core == NULL) {
        side_init(&person->side, person->rig->session, seed);
    }
}

void person_connect(struct person *person)
{
    person_know_session(person);
    person->connection = ++person->rig->last_connection;
    must(person->connection < RIG_CONNECTIONS_MAX);
    must(hub_connect(person->rig->hub, person->connection, person->side.seat.keys.noise,
                     person->rig->now_ms) == STATUS_OK);
}

void person_leave(struct person *person)
{
    hub_disconnect(person->rig->hub, person->connection, person->rig->now_ms);
    person->connection = 0;
}

uint32_t person_create(struct person *person)
{
    struct rig *rig = person->rig;
    struct message_create create = {
        .genesis = {.data = rig->genesis, .count = rig->genesis_count}};
    struct writer writer = begin_request(person, MESSAGE_CREATE);

    memcpy(create.ticket_key, rig->store.ticket.key, KEY_BYTES);
    proof_ticket(rig->ticket_secret, rig->session, create.signature);
    message_create_encode(&writer, &create);
    return send_request(person, &writer);
}

static struct message_place place_of(const struct chain *chain)
{
    struct message_place place = {.index = 0};

    if (chain->count > 0) {
        struct chain_head head = chain_head(chain);

        place.index = head.index;
        memcpy(place.hash, head.hash, HASH_BYTES);
    }
    return place;
}

uint32_t person_attach(struct person *person)
{
    struct message_place public_place = place_of(&person->side.public_chain);
    struct message_place own_place = place_of(&person->side.own_chain);

    return person_attach_at(person, &public_place, &own_place);
}

uint32_t person_attach_at(struct person *person, const struct message_place *public_place,
                          const struct message_place *own_place)
{
    struct message_attach attach = {.public_place = *public_place, .own_place = *own_place};
    struct writer writer = begin_request(person, MESSAGE_ATTACH);

    memcpy(attach.session, person->rig->session, HASH_BYTES);
    message_attach_encode(&writer, &attach);
    return send_request(person, &writer);
}

uint32_t person_knock(struct person *person)
{
    struct message_knock knock = {
        .invite = person->invite,
        .device = person->side.seat.keys,
        .public_place = place_of(&person->side.public_chain),
    };
    struct writer writer = begin_request(person, MESSAGE_KNOCK);
    uint8_t public_key[KEY_BYTES];
    uint8_t secret[SIGN_SECRET_BYTES];

    memcpy(knock.session, person->rig->session, HASH_BYTES);
    link_sign_keys(person->rig->invite_seeds[person->invite % (RIG_INVITES + 1)], public_key,
                   secret);
    proof_invite(secret, person->rig->session, &knock.device, knock.signature);
    message_knock_encode(&writer, &knock);
    return send_request(person, &writer);
}

uint32_t person_append(struct person *person, struct bytes entry)
{
    struct message_append append = {.entry = entry};
    struct writer writer = begin_request(person, MESSAGE_APPEND);

    message_append_encode(&writer, &append);
    return send_request(person, &writer);
}

uint32_t person_digest(struct person *person, uint16_t step)
{
    struct message_step asked = {.step = step};
    struct writer writer = begin_request(person, MESSAGE_DIGEST);

    message_step_encode(&writer, &asked);
    return send_request(person, &writer);
}

uint32_t person_mark(struct person *person, enum message_method method, uint16_t step, bool on)
{
    struct message_mark mark = {.step = step, .on = on};
    struct writer writer = begin_request(person, method);

    message_mark_encode(&writer, &mark);
    return send_request(person, &writer);
}

uint32_t person_signal(struct person *person, uint16_t step, enum message_signal signal)
{
    struct message_signalled signalled = {.step = step, .signal = signal};
    struct writer writer = begin_request(person, MESSAGE_SIGNAL);

    message_signalled_encode(&writer, &signalled);
    return send_request(person, &writer);
}

uint32_t person_last_call(struct person *person, uint16_t step, uint32_t seconds)
{
    struct message_last_call call = {.step = step, .seconds = seconds};
    struct writer writer = begin_request(person, MESSAGE_LAST_CALL);

    message_last_call_encode(&writer, &call);
    return send_request(person, &writer);
}

/* ---- answers ---- */

static bool find_response(struct person *person, uint32_t id, struct message *message_out)
{
    const struct rig *rig = person->rig;

    for (size_t i = 0; i < rig->sent_count; i++) {
        struct bytes bytes = {.data = rig->sent[i].data, .count = rig->sent[i].count};

        must(message_decode(bytes, message_out) == STATUS_OK);
        if (rig->sent[i].connection == person->connection &&
            message_out->kind == MESSAGE_RESPONSE && message_out->id == id) {
            return true;
        }
    }
    return false;
}

enum status person_answer(struct person *person, uint32_t id)
{
    struct message message;

    return find_response(person, id, &message) ? message.error : STATUS_TIMEOUT;
}

enum status person_appended(struct person *person, uint32_t id,
                            struct message_appended *appended_out)
{
    struct message message;

    if (!find_response(person, id, &message)) {
        return STATUS_TIMEOUT;
    }
    return message.error == STATUS_OK ? message_appended_decode(message.body, appended_out)
                                      : message.error;
}

enum status person_attached(struct person *person, uint32_t id,
                            struct message_attached *attached_out)
{
    struct message message;

    if (!find_response(person, id, &message)) {
        return STATUS_TIMEOUT;
    }
    return message.error == STATUS_OK ? message_attached_decode(message.body, attached_out)
                                      : message.error;
}

bool person_told(struct person *person, enum message_method method, struct bytes *body_out)
{
    const struct rig *rig = person->rig;

    for (size_t i = rig->sent_count; i > 0; i--) {
        const struct rig_message *sent = &rig->sent[i - 1];
        struct message message;

        must(message_decode((struct bytes){.data = sent->data, .count = sent->count},
                            &message) == STATUS_OK);
        if (sent->connection == person->connection && message.kind == MESSAGE_NOTIFICATION &&
            message.method == (uint32_t)method) {
            *body_out = message.body;
            return true;
        }
    }
    return false;
}

size_t person_told_count(struct person *person, enum message_method method)
{
    const struct rig *rig = person->rig;
    size_t count = 0;

    for (size_t i = 0; i < rig->sent_count; i++) {
        struct message message;

        must(message_decode(
                 (struct bytes){.data = rig->sent[i].data, .count = rig->sent[i].count},
                 &message) == STATUS_OK);
        count += rig->sent[i].connection == person->connection &&
                 message.kind == MESSAGE_NOTIFICATION && message.method == (uint32_t)method;
    }
    return count;
}

static void fold_item(struct person *person, const struct message_item *item)
{
    static struct entry entry;
    struct side *side = &person->side;

    if (item->stream == STREAM_PUBLIC && item->index > 0) {
        must(item->index == side_public_index(side) + 1);
        must(side_take_public(side, item->time_ms, item->entry, &entry) == STATUS_OK);
    } else if (item->stream == STREAM_OWN) {
        must(item->index == side_own_index(side) + 1);
        must(side_take_own(side, item->time_ms, item->entry, &entry) == STATUS_OK);
    } else {
        must(entry_decode(item->entry, &entry) == STATUS_OK);
    }
}

size_t person_fold(struct person *person)
{
    struct rig *rig = person->rig;
    size_t count = 0;

    for (size_t i = 0; i < rig->sent_count; i++) {
        struct rig_message *sent = &rig->sent[i];
        struct message message;
        struct message_item item;

        must(message_decode((struct bytes){.data = sent->data, .count = sent->count},
                            &message) == STATUS_OK);
        if (sent->connection == person->connection && person->connection != 0 &&
            message.kind == MESSAGE_NOTIFICATION && message.method == MESSAGE_ITEM) {
            must(message_item_decode(message.body, &item) == STATUS_OK);
            fold_item(person, &item);
            sent->connection = 0;
            count++;
        }
    }
    return count;
}

/* What of a member survives the process: written as it changes, read back in the end. */
#include <stdlib.h>
#include <string.h>

#include "client/member_private.h"
#include "common/secret.h"
#include "protocol/reader.h"
#include "protocol/writer.h"

enum {
    RECORD_VERSION = 1,
    SELF_VALUES = 8,
    INVITE_VALUES = 6,
    RECORD_BYTES_MAX = 2 * ENTRY_BYTES_MAX + 4096,
};

/* ---- keeping ---- */

static void keep(struct member *member, enum record_kind kind, struct bytes key,
                 const struct writer *writer)
{
    if (!member->restoring && writer_status(writer) == STATUS_OK) {
        member->driver.keep_record(member->driver.context, kind, key, writer_bytes(writer));
    }
}

static void drop(struct member *member, enum record_kind kind, struct bytes key)
{
    if (!member->restoring) {
        member->driver.keep_record(member->driver.context, kind, key, (struct bytes){0});
    }
}

void member_keep_self(struct member *member)
{
    struct writer writer;

    writer_init_growing(&writer, RECORD_BYTES_MAX);
    writer_array(&writer, SELF_VALUES);
    writer_uint(&writer, RECORD_VERSION);
    writer_uint(&writer, (uint64_t)member->way);
    writer_str_of(&writer, member->name);
    writer_bool(&writer, member->created);
    writer_bin(&writer, member->genesis);
    writer_bin_of(&writer, member->ticket_seed, SEED_BYTES);
    writer_uint(&writer, member->invite);
    writer_bin_of(&writer, member->invite_seed, SEED_BYTES);
    keep(member, RECORD_SELF, (struct bytes){0}, &writer);
    writer_finish(&writer);
}

static struct bytes order_key(uint64_t order, uint8_t out[8])
{
    bytes_put_u64(out, order);
    return (struct bytes){out, 8};
}

void member_keep_wish(struct member *member, const struct wish *wish)
{
    struct writer writer;
    uint8_t key[8];

    if (!wish->kept) {
        return;
    }
    writer_init_growing(&writer, RECORD_BYTES_MAX);
    wish_encode(&writer, wish);
    keep(member, RECORD_OUTBOX, order_key(wish->order, key), &writer);
    writer_finish(&writer);
}

void member_drop_wish(struct member *member, struct wish *wish)
{
    uint8_t key[8];

    if (wish->kept) {
        drop(member, RECORD_OUTBOX, order_key(wish->order, key));
    }
    outbox_remove(&member->outbox, wish);
}

static struct bytes place_key(uint16_t step, uint8_t behalf, uint8_t out[3])
{
    bytes_put_u16(out, step);
    out[2] = behalf;
    return (struct bytes){out, 3};
}

void member_keep_answer(struct member *member, const struct own_answer *answer)
{
    struct writer writer;
    uint8_t key[3];

    writer_init_growing(&writer, RECORD_BYTES_MAX);
    answer_encode(&writer, answer);
    keep(member, RECORD_ANSWER, place_key(answer->step, answer->behalf, key), &writer);
    writer_finish(&writer);
}

void member_keep_draft(struct member *member, const struct own_answer *answer)
{
    uint8_t key[3];

    if (!member->restoring) {
        member->driver.keep_record(member->driver.context, RECORD_DRAFT,
                                   place_key(answer->step, answer->behalf, key), answer->draft);
    }
}

/* ---- small texts that never leave the device ---- */

static enum status add_jotting(struct member *member, uint32_t number, uint16_t step,
                               uint64_t time_ms, struct bytes text)
{
    struct jotting *moved =
        realloc(member->jottings, (member->jotting_count + 1) * sizeof *moved);
    struct jotting *added = NULL;
    enum status status = STATUS_OK;

    if (moved == NULL) {
        return STATUS_NOMEM;
    }
    member->jottings = moved;
    added = &moved[member->jotting_count];
    *added = (struct jotting){.number = number, .step = step, .time_ms = time_ms};
    status = outbox_replace(&added->text, text);
    if (status == STATUS_OK) {
        member->jotting_count++;
    }
    if (number > member->last_jotting) {
        member->last_jotting = number;
    }
    return status;
}

static void keep_jotting(struct member *member, const struct jotting *jotting)
{
    struct writer writer;
    uint8_t key[4];

    bytes_put_u32(key, jotting->number);
    writer_init_growing(&writer, RECORD_BYTES_MAX);
    writer_array(&writer, 4);
    writer_uint(&writer, RECORD_VERSION);
    writer_uint(&writer, jotting->step);
    writer_uint(&writer, jotting->time_ms);
    writer_str(&writer, jotting->text);
    keep(member, RECORD_JOTTING, (struct bytes){key, sizeof key}, &writer);
    writer_finish(&writer);
}

enum status member_jot(struct member *member, const char *text, uint64_t now_ms)
{
    struct bytes bytes = {(const uint8_t *)text, strlen(text)};
    uint16_t step =
        member->replica == NULL ? 0 : session_pointer(replica_session(member->replica));
    enum status status = STATUS_OK;

    if (bytes.count > PLAINTEXT_BYTES_MAX - 16) {
        return STATUS_TOO_LONG;
    }
    if (!bytes_is_utf8(bytes)) {
        return STATUS_MALFORMED;
    }
    status = add_jotting(member, member->last_jotting + 1, step, now_ms, bytes);
    if (status == STATUS_OK) {
        keep_jotting(member, &member->jottings[member->jotting_count - 1]);
        member_changed(member);
    }
    return status;
}

enum status member_forget_jotting(struct member *member, uint32_t number)
{
    uint8_t key[4];

    for (size_t i = 0; i < member->jotting_count; i++) {
        if (member->jottings[i].number == number) {
            member_forget_bytes(&member->jottings[i].text);
            memmove(&member->jottings[i], &member->jottings[i + 1],
                    (member->jotting_count - i - 1) * sizeof *member->jottings);
            member->jotting_count--;
            bytes_put_u32(key, number);
            drop(member, RECORD_JOTTING, (struct bytes){key, sizeof key});
            member_changed(member);
            return STATUS_OK;
        }
    }
    return STATUS_UNKNOWN;
}

void member_keep_text(struct member *member, uint16_t step, struct bytes text)
{
    if (add_jotting(member, member->last_jotting + 1, step, member->now_ms, text) ==
        STATUS_OK) {
        keep_jotting(member, &member->jottings[member->jotting_count - 1]);
    }
}

enum status member_add_kept_note(struct member *member, uint16_t step, struct bytes text)
{
    struct kept_note *moved =
        realloc(member->kept_notes, (member->kept_note_count + 1) * sizeof *moved);
    uint8_t key[2];
    enum status status = STATUS_OK;

    if (moved == NULL) {
        return STATUS_NOMEM;
    }
    member->kept_notes = moved;
    moved[member->kept_note_count] = (struct kept_note){.step = step};
    status = outbox_replace(&moved[member->kept_note_count].text, text);
    if (status == STATUS_OK) {
        member->kept_note_count++;
        bytes_put_u16(key, step);
        if (!member->restoring) {
            member->driver.keep_record(member->driver.context, RECORD_NOTE,
                                       (struct bytes){key, sizeof key}, text);
        }
    }
    return status;
}

void member_forget_kept_note(struct member *member, uint16_t step)
{
    uint8_t key[2];

    for (size_t i = 0; i < member->kept_note_count; i++) {
        if (member->kept_notes[i].step == step) {
            member_forget_bytes(&member->kept_notes[i].text);
            member->kept_notes[i] = member->kept_notes[--member->kept_note_count];
            bytes_put_u16(key, step);
            drop(member, RECORD_NOTE, (struct bytes){key, sizeof key});
            i--;
        }
    }
}

void member_keep_invite(struct member *member, uint16_t number)
{
    const struct invite_record *invite = &member->invites[number];
    struct writer writer;
    uint8_t key[2];

    bytes_put_u16(key, number);
    writer_init_growing(&writer, RECORD_BYTES_MAX);
    writer_array(&writer, INVITE_VALUES);
    writer_uint(&writer, RECORD_VERSION);
    writer_bin_of(&writer, invite->seed, SEED_BYTES);
    writer_uint(&writer, (uint64_t)invite->role);
    writer_uint(&writer, invite->uses);
    writer_bool(&writer, member->facilitates[number]);
    writer_str_of(&writer, invite->label);
    keep(member, RECORD_INVITE, (struct bytes){key, sizeof key}, &writer);
    writer_finish(&writer);
}

void member_keep_all(struct member *member)
{
    member_keep_self(member);
    for (const struct wish *wish = member->outbox.first; wish != NULL; wish = wish->next) {
        member_keep_wish(member, wish);
    }
    for (uint16_t i = 1; member->invites != NULL && i <= INVITES_MAX; i++) {
        if (member->invites[i].exists) {
            member_keep_invite(member, i);
        }
    }
    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        member_keep_answer(member, &member->outbox.answers[i]);
        member_keep_draft(member, &member->outbox.answers[i]);
    }
    for (size_t i = 0; i < member->jotting_count; i++) {
        keep_jotting(member, &member->jottings[i]);
    }
}

/* ---- coming back ---- */

static enum status restore_self(struct member *member, struct bytes value)
{
    struct reader reader = reader_begin(value);
    struct bytes name, genesis;

    (void)reader_array(&reader, SELF_VALUES, SELF_VALUES);
    if (reader_u32(&reader, UINT32_MAX) != RECORD_VERSION) {
        return STATUS_MALFORMED;
    }
    member->way = (enum member_way)reader_u32(&reader, WAY_INVITE);
    name = reader_str(&reader, CONTENT_NAME_BYTES_MAX);
    member->created = reader_bool(&reader);
    genesis = reader_bin(&reader, ENTRY_BYTES_MAX);
    reader_bin_exact(&reader, member->ticket_seed, SEED_BYTES);
    member->invite = (uint16_t)reader_u32(&reader, INVITES_MAX);
    reader_bin_exact(&reader, member->invite_seed, SEED_BYTES);
    if (reader_end(&reader) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    memcpy(member->name, name.data, name.count);
    member->name[name.count] = '\0';
    return outbox_replace(&member->genesis, genesis);
}

enum status member_reserve_invites(struct member *member)
{
    if (member->invites == NULL) {
        member->invites = secret_alloc((INVITES_MAX + 1) * sizeof *member->invites);
    }
    return member->invites == NULL ? STATUS_NOMEM : STATUS_OK;
}

static enum status restore_invite(struct member *member, uint16_t number, struct bytes value)
{
    struct reader reader = reader_begin(value);
    struct invite_record *invite = NULL;
    struct bytes label;
    enum status status = member_reserve_invites(member);

    if (status != STATUS_OK || number == 0 || number > INVITES_MAX) {
        return status == STATUS_OK ? STATUS_MALFORMED : status;
    }
    invite = &member->invites[number];
    (void)reader_array(&reader, INVITE_VALUES, INVITE_VALUES);
    if (reader_u32(&reader, UINT32_MAX) != RECORD_VERSION) {
        return STATUS_MALFORMED;
    }
    reader_bin_exact(&reader, invite->seed, SEED_BYTES);
    invite->role = (enum role)reader_u32(&reader, ROLE_COUNT - 1);
    invite->uses = (uint16_t)reader_u32(&reader, INVITE_USES_MAX);
    member->facilitates[number] = reader_bool(&reader);
    label = reader_str(&reader, CONTENT_NAME_BYTES_MAX);
    if (reader_end(&reader) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    memcpy(invite->label, label.data, label.count);
    invite->label[label.count] = '\0';
    invite->exists = true;
    return STATUS_OK;
}

static enum status restore_jotting(struct member *member, uint32_t number, struct bytes value)
{
    struct reader reader = reader_begin(value);
    uint16_t step = 0;
    uint64_t time_ms = 0;
    struct bytes text;

    (void)reader_array(&reader, 4, 4);
    if (reader_u32(&reader, UINT32_MAX) != RECORD_VERSION) {
        return STATUS_MALFORMED;
    }
    step = (uint16_t)reader_u32(&reader, STEPS_MAX);
    time_ms = reader_u64(&reader, UINT64_MAX);
    text = reader_str(&reader, PLAINTEXT_BYTES_MAX);
    if (reader_end(&reader) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    return add_jotting(member, number, step, time_ms, text);
}

static enum status restore_draft(struct member *member, uint16_t step, uint8_t behalf,
                                 struct bytes value)
{
    struct own_answer *answer = outbox_answer(&member->outbox, step, behalf);

    if (answer == NULL) {
        return STATUS_NOMEM;
    }
    answer->state = ANSWER_TYPING; /* unless the record of an answer says more */
    return outbox_replace(&answer->draft, value);
}

enum status member_restore_record(struct member *member, enum record_kind kind,
                                  struct bytes key, struct bytes value)
{
    static const uint8_t key_bytes[] = {
        [RECORD_SELF] = 0,    [RECORD_DRAFT] = 3,  [RECORD_ANSWER] = 3, [RECORD_OUTBOX] = 8,
        [RECORD_JOTTING] = 4, [RECORD_INVITE] = 2, [RECORD_NOTE] = 2,
    };

    member->restoring = true;
    if ((size_t)kind >= sizeof key_bytes || kind == 0 || key.count != key_bytes[kind]) {
        return STATUS_MALFORMED;
    }
    switch (kind) {
    case RECORD_SELF:
        return restore_self(member, value);
    case RECORD_DRAFT:
        return restore_draft(member, bytes_get_u16(key.data), key.data[2], value);
    case RECORD_ANSWER:
        return outbox_restore_answer(&member->outbox, bytes_get_u16(key.data), key.data[2],
                                     value);
    case RECORD_OUTBOX:
        return outbox_restore_wish(&member->outbox, bytes_get_u64(key.data), value);
    case RECORD_JOTTING:
        return restore_jotting(member, bytes_get_u32(key.data), value);
    case RECORD_INVITE:
        return restore_invite(member, bytes_get_u16(key.data), value);
    case RECORD_NOTE:
        return member_add_kept_note(member, bytes_get_u16(key.data), value);
    }
    return STATUS_MALFORMED;
}

enum status member_restore_entry(struct member *member, enum stream stream, uint64_t index,
                                 uint64_t time_ms, struct bytes entry)
{
    member->restoring = true;
    return member_take_entry(member, stream, index, time_ms, entry);
}

enum status member_restored(struct member *member)
{
    enum status status = member_read_script(member);

    if (member->replica != NULL) {
        member_review_answers(member);
        member->restoring = false;
        member_sweep_wishes(member);
        member->told_created = member_stands(member); /* that was told when it came about */
    }
    member->restoring = false;
    member_changed(member);
    return status;
}

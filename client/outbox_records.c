/* Wishes and answers as records, and back. A record is one MessagePack array that begins with
 * its version; it is read as strictly as anything from a disk. */
#include <string.h>

#include "client/outbox.h"
#include "protocol/entry.h"
#include "protocol/reader.h"
#include "protocol/writer.h"

enum { RECORD_VERSION = 1, WISH_VALUES = 7, ANSWER_VALUES = 10 };

/* ---- arguments of the kinds that are kept ---- */

static void write_message_args(struct writer *writer, const struct args_message *args)
{
    writer_array(writer, args->recipient_count);
    for (uint8_t i = 0; i < args->recipient_count; i++) {
        writer_uint(writer, args->recipients[i]);
    }
}

static void write_note_args(struct writer *writer, const struct args_note *args)
{
    writer_array(writer, 2);
    writer_uint(writer, args->group);
    writer_bin_of(writer, args->replaces, args->has_replaces ? ID_BYTES : 0);
}

static void write_invite_args(struct writer *writer, const struct args_invite *args)
{
    writer_array(writer, 5);
    writer_uint(writer, args->number);
    writer_bin_of(writer, args->key, KEY_BYTES);
    writer_uint(writer, (uint64_t)args->role);
    writer_uint(writer, args->uses);
    writer_uint(writer, args->expiry_ms);
}

static void write_args(struct writer *writer, const struct wish *wish)
{
    if (wish->kind == KIND_TEXT || wish->kind == KIND_CONFIRM) {
        writer_array(writer, 1);
        writer_uint(writer, wish->args.text);
    } else if (wish->kind == KIND_INVITE) {
        write_invite_args(writer, &wish->args.invite);
    } else if (wish->kind == KIND_JOIN) {
        writer_array(writer, 2);
        writer_uint(writer, wish->args.join.invite);
        writer_bin_of(writer, wish->args.join.proof, SIGNATURE_BYTES);
    } else if (wish->kind == KIND_NOTE || wish->kind == KIND_AGREEMENT) {
        write_note_args(writer, &wish->args.note);
    } else if (wish->kind == KIND_MESSAGE) {
        write_message_args(writer, &wish->args.message);
    } else if (wish->kind == KIND_LEAVE_OUT) {
        writer_array(writer, 1);
        writer_bin_of(writer, wish->args.left_out, ID_BYTES);
    } else {
        writer_array(writer, 0);
    }
}

static void read_message_args(struct reader *reader, struct args_message *args)
{
    args->recipient_count = (uint8_t)reader_array(reader, 1, RECIPIENTS_MAX);
    for (uint8_t i = 0; i < args->recipient_count; i++) {
        args->recipients[i] = (uint16_t)reader_u32(reader, MEMBERS_MAX);
    }
}

static void read_note_args(struct reader *reader, struct args_note *args)
{
    struct bytes replaces;

    (void)reader_array(reader, 2, 2);
    args->group = (uint16_t)reader_u32(reader, UINT16_MAX);
    replaces = reader_bin(reader, ID_BYTES);
    args->has_replaces = replaces.count == ID_BYTES;
    if (args->has_replaces) {
        memcpy(args->replaces, replaces.data, ID_BYTES);
    }
}

static void read_invite_args(struct reader *reader, struct args_invite *args)
{
    (void)reader_array(reader, 5, 5);
    args->number = (uint16_t)reader_u32(reader, INVITES_MAX);
    reader_bin_exact(reader, args->key, KEY_BYTES);
    args->role = (enum role)reader_u32(reader, ROLE_COUNT - 1);
    args->uses = (uint16_t)reader_u32(reader, INVITE_USES_MAX);
    args->expiry_ms = reader_u64(reader, UINT64_MAX);
}

static void read_args(struct reader *reader, struct wish *wish)
{
    if (wish->kind == KIND_TEXT || wish->kind == KIND_CONFIRM) {
        (void)reader_array(reader, 1, 1);
        wish->args.text = (uint16_t)reader_u32(reader, TEXTS_MAX - 1);
    } else if (wish->kind == KIND_INVITE) {
        read_invite_args(reader, &wish->args.invite);
    } else if (wish->kind == KIND_JOIN) {
        (void)reader_array(reader, 2, 2);
        wish->args.join.invite = (uint16_t)reader_u32(reader, INVITES_MAX);
        reader_bin_exact(reader, wish->args.join.proof, SIGNATURE_BYTES);
    } else if (wish->kind == KIND_NOTE || wish->kind == KIND_AGREEMENT) {
        read_note_args(reader, &wish->args.note);
    } else if (wish->kind == KIND_MESSAGE) {
        read_message_args(reader, &wish->args.message);
    } else if (wish->kind == KIND_LEAVE_OUT) {
        (void)reader_array(reader, 1, 1);
        reader_bin_exact(reader, wish->args.left_out, ID_BYTES);
    } else {
        (void)reader_array(reader, 0, 0);
    }
}

/* ---- wishes ---- */

void wish_encode(struct writer *writer, const struct wish *wish)
{
    writer_array(writer, WISH_VALUES);
    writer_uint(writer, RECORD_VERSION);
    writer_uint(writer, (uint64_t)wish->kind);
    writer_uint(writer, wish->step);
    writer_bin_of(writer, wish->id, ID_BYTES);
    write_args(writer, wish);
    writer_bin(writer, wish->plaintext);
    writer_bin(writer, wish->sealed);
}

enum status outbox_restore_wish(struct outbox *outbox, uint64_t order, struct bytes record)
{
    struct reader reader = reader_begin(record);
    struct wish read = {.kept = true};
    struct wish *wish = NULL;
    struct bytes plaintext, sealed;
    enum status status = STATUS_OK;

    (void)reader_array(&reader, WISH_VALUES, WISH_VALUES);
    if (reader_u32(&reader, UINT32_MAX) != RECORD_VERSION) {
        return STATUS_MALFORMED;
    }
    read.kind = (enum kind)reader_u32(&reader, KIND_COUNT - 1);
    read.step = (uint16_t)reader_u32(&reader, STEPS_MAX);
    reader_bin_exact(&reader, read.id, ID_BYTES);
    read_args(&reader, &read);
    plaintext = reader_bin(&reader, PLAINTEXT_BYTES_MAX);
    sealed = reader_bin(&reader, ENTRY_BYTES_MAX);
    if (reader_end(&reader) != STATUS_OK || read.kind == 0) {
        return STATUS_MALFORMED;
    }
    outbox->last_order = order - 1;
    wish = outbox_add(outbox, read.kind, read.step, plaintext);
    if (wish == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(wish->id, read.id, ID_BYTES);
    wish->args = read.args;
    wish->kept = true;
    status = wish_set_sealed(wish, sealed);
    if (status != STATUS_OK) {
        outbox_remove(outbox, wish);
    }
    return status;
}

/* ---- answers ---- */

void answer_encode(struct writer *writer, const struct own_answer *answer)
{
    writer_array(writer, ANSWER_VALUES);
    writer_uint(writer, RECORD_VERSION);
    writer_uint(writer, answer->edit);
    writer_uint(writer, (uint64_t)answer->state);
    writer_int(writer, (int64_t)answer->reason);
    writer_uint(writer, answer->saved_ms);
    writer_bin_of(writer, answer->id, ID_BYTES);
    writer_bin(writer, answer->submitted);
    writer_bin(writer, answer->sealed);
    writer_uint(writer, answer->sealed_edit);
    writer_uint(writer, answer->saved_edit);
}

static enum status keep_answer(struct own_answer *answer, const struct own_answer *read)
{
    enum status status = outbox_replace(&answer->submitted, read->submitted);

    if (status == STATUS_OK) {
        status = outbox_replace(&answer->sealed, read->sealed);
    }
    if (status != STATUS_OK) {
        return status;
    }
    answer->edit = read->edit;
    answer->state = read->state;
    answer->reason = read->reason;
    answer->saved_ms = read->saved_ms;
    answer->sealed_edit = read->sealed_edit;
    answer->saved_edit = read->saved_edit;
    memcpy(answer->id, read->id, ID_BYTES);
    if (answer->sealed.count > 0) { /* what it is known by among the server's */
        entry_hash(answer->sealed, answer->hash);
    }
    return STATUS_OK;
}

enum status outbox_restore_answer(struct outbox *outbox, uint16_t step, uint8_t behalf,
                                  struct bytes record)
{
    struct reader reader = reader_begin(record);
    struct own_answer read = {0};
    struct own_answer *answer = NULL;

    (void)reader_array(&reader, ANSWER_VALUES, ANSWER_VALUES);
    if (reader_u32(&reader, UINT32_MAX) != RECORD_VERSION) {
        return STATUS_MALFORMED;
    }
    read.edit = reader_u32(&reader, EDITS_MAX);
    read.state = (enum answer_state)reader_u32(&reader, ANSWER_KEPT);
    read.reason = (enum status)reader_int(&reader, INT16_MIN, 0);
    read.saved_ms = reader_u64(&reader, UINT64_MAX);
    reader_bin_exact(&reader, read.id, ID_BYTES);
    read.submitted = reader_bin(&reader, PLAINTEXT_BYTES_MAX);
    read.sealed = reader_bin(&reader, ENTRY_BYTES_MAX);
    read.sealed_edit = reader_u32(&reader, EDITS_MAX);
    read.saved_edit = reader_u32(&reader, EDITS_MAX);
    if (reader_end(&reader) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    answer = outbox_answer(outbox, step, behalf);
    return answer == NULL ? STATUS_NOMEM : keep_answer(answer, &read);
}

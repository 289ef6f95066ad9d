/* What a person can want, but for the pace: see member.h. Each checks what can be known at
 * once, keeps it, and lets it go out. */
#include <string.h>

#include "client/member_private.h"
#include "common/text.h"
#include "protocol/writer.h"

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text,
                          .count = text == NULL ? 0 : strlen(text)};
}

/* Wants an entry whose body is these lines of text. It is kept, but not yet sent: the caller
 * fills in the arguments, then want_ready(). */
static enum status want_strings(struct member *member, enum kind kind, uint16_t step,
                                const struct content_strings *strings, struct wish **wish_out)
{
    struct writer writer;
    enum status status = STATUS_OK;

    writer_init_growing(&writer, PLAINTEXT_BYTES_MAX);
    content_strings_encode(&writer, strings);
    status = writer_status(&writer);
    if (status == STATUS_OK) {
        status = member_wish(member, kind, step, writer_bytes(&writer), true, wish_out);
    }
    writer_finish(&writer);
    return status;
}

static enum status want_ready(struct member *member, const struct wish *wish)
{
    member_keep_wish(member, wish);
    member_pump(member);
    return STATUS_OK;
}

static enum status want_text(struct member *member, enum kind kind, uint16_t step,
                             const char *text)
{
    struct content_strings strings = {.count = 1, .at = {bytes_of(text)}};
    struct wish *wish = NULL;
    enum status status = member_check(member, kind, 0, step);

    if (status == STATUS_OK) {
        status = want_strings(member, kind, step, &strings, &wish);
    }
    return status == STATUS_OK ? want_ready(member, wish) : status;
}

/* ---- answers ---- */

static enum status check_answer(const struct member *member, uint16_t number)
{
    const struct session_member *self = member_self(member);
    const struct session *session = NULL;
    const struct session_step *step = NULL;

    if (member->replica == NULL || self == NULL || self->state == MEMBER_LOBBY) {
        return STATUS_NOT_ADMITTED;
    }
    if (replica_is_purged(member->replica)) {
        return STATUS_PURGED;
    }
    if (!replica_is_sound(member->replica)) {
        return STATUS_CONFLICT;
    }
    session = replica_session(member->replica);
    step = session_step(session, number);
    if (self->state == MEMBER_REMOVED) {
        return STATUS_REMOVED;
    }
    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    if (!session_may_answer(session, number, replica_me(member->replica))) {
        return STATUS_FORBIDDEN;
    }
    if (session_state(session) == SESSION_ENDED) {
        return STATUS_ENDED;
    }
    if (step->plan.sharing == SHARING_ANONYMOUS || step->plan.working == WORKING_GROUP) {
        return STATUS_UNSUPPORTED;
    }
    return step->state == STEP_OPEN ? STATUS_OK : STATUS_BAD_STATE;
}

static bool is_empty(const struct content_answer *answer)
{
    for (uint16_t i = 0; i < answer->field_count; i++) {
        if (answer->fields[i].count > 0) {
            return false;
        }
    }
    return answer->option == 0;
}

/* The answer as it is kept and sent; the form is the step's. */
static enum status encode_answer(const struct member *member, uint16_t number,
                                 const struct content_answer *answer, struct writer *writer)
{
    const struct session_step *step =
        member->replica == NULL ? NULL : session_step(replica_session(member->replica), number);
    struct content_answer encoded = *answer;

    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    if (answer->field_count > CONTENT_FIELDS_MAX || answer->option > CONTENT_OPTIONS_MAX) {
        return STATUS_TOO_LONG;
    }
    encoded.form = step->plan.form;
    content_answer_encode(writer, &encoded);
    return writer_status(writer);
}

enum status member_draft(struct member *member, uint16_t step, uint8_t behalf,
                         const struct content_answer *answer)
{
    struct writer writer;
    struct own_answer *own = NULL;
    struct bytes draft;
    enum status status = behalf > BEHALF_MAX ? STATUS_FULL : STATUS_OK;

    writer_init_growing(&writer, PLAINTEXT_BYTES_MAX);
    if (status == STATUS_OK) {
        status = encode_answer(member, step, answer, &writer);
    }
    if (status == STATUS_OK) {
        own = outbox_answer(&member->outbox, step, behalf);
        status = own == NULL ? STATUS_NOMEM : STATUS_OK;
    }
    if (status == STATUS_OK) {
        draft = writer_bytes(&writer);
        if (is_empty(answer) || bytes_equal(draft, own->submitted)) {
            draft = (struct bytes){0};
        }
        status = outbox_replace(&own->draft, draft);
    }
    if (status == STATUS_OK) {
        if (own->state == ANSWER_NONE || own->state == ANSWER_TYPING) {
            own->state = own->draft.count > 0 ? ANSWER_TYPING : ANSWER_NONE;
        }
        member_keep_draft(member, own);
        member_changed(member);
        member_pump(member);
    }
    writer_finish(&writer);
    return status;
}

/* A newer edit replaces the one not yet sent; one that was sent gets a successor. */
static void count_edit(struct own_answer *own)
{
    if (own->edit == 0 || own->edit == own->sealed_edit || own->edit <= own->saved_edit) {
        own->edit++;
    }
}

static enum status keep_submitted(struct member *member, struct own_answer *own,
                                  struct bytes submitted)
{
    const struct step_plan *plan =
        &session_step(replica_session(member->replica), own->step)->plan;
    enum status status = own->edit >= EDITS_MAX ? STATUS_FULL : STATUS_OK;

    if (status == STATUS_OK) {
        status = outbox_replace(&own->submitted, submitted);
    }
    if (status == STATUS_OK) {
        status = outbox_replace(&own->draft, (struct bytes){0});
    }
    if (status != STATUS_OK) {
        return status;
    }
    count_edit(own);
    own->state = plan->sharing == SHARING_NEVER ? ANSWER_KEPT : ANSWER_WAITING;
    own->reason = STATUS_OK;
    own->not_before_ms = 0;
    own->saved_ms = own->state == ANSWER_KEPT ? member->now_ms : 0;
    member_keep_answer(member, own); /* first the new, then the draft it came from */
    member_keep_draft(member, own);
    member_tell(member,
                &(struct news){.kind = NEWS_ANSWER, .step = own->step, .number = own->behalf});
    member_pump(member);
    return STATUS_OK;
}

enum status member_answer(struct member *member, uint16_t step, uint8_t behalf,
                          const struct content_answer *answer)
{
    struct writer writer;
    struct own_answer *own = NULL;
    enum status status = behalf > BEHALF_MAX ? STATUS_FULL : check_answer(member, step);

    writer_init_growing(&writer, PLAINTEXT_BYTES_MAX);
    if (status == STATUS_OK) {
        status = encode_answer(member, step, answer, &writer);
    }
    if (status == STATUS_OK) {
        own = outbox_answer(&member->outbox, step, behalf);
        status = own == NULL ? STATUS_NOMEM : STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = keep_submitted(member, own, writer_bytes(&writer));
    }
    writer_finish(&writer);
    return status;
}

enum status member_submit(struct member *member, uint16_t step, uint8_t behalf)
{
    struct own_answer *own = outbox_find_answer(&member->outbox, step, behalf);
    struct writer writer;
    enum status status = check_answer(member, step);

    if (status != STATUS_OK) {
        return status;
    }
    if (own == NULL || own->draft.count == 0) {
        return STATUS_NOT_FOUND;
    }
    writer_init_growing(&writer, PLAINTEXT_BYTES_MAX); /* keeping it empties the draft */
    writer_raw(&writer, own->draft);
    status = writer_status(&writer);
    if (status == STATUS_OK) {
        status = keep_submitted(member, own, writer_bytes(&writer));
    }
    writer_finish(&writer);
    return status;
}

/* ---- what one says of oneself ---- */

static uint16_t find_gate(const struct member *member)
{
    struct content_text text;

    for (uint16_t i = 1; i < TEXTS_MAX; i++) {
        const struct replica_entry *entry = replica_text(member->replica, i);

        if (entry != NULL && entry->body == REPLICA_OPEN &&
            content_text_decode(entry->plaintext, &text) == STATUS_OK &&
            text.type == TEXT_GATE) {
            return i;
        }
    }
    return 0;
}

enum status member_confirm(struct member *member)
{
    struct wish *wish = NULL;
    uint16_t gate = 0;
    enum status status = member_check(member, KIND_CONFIRM, 0, 0);

    if (status == STATUS_OK) {
        gate = find_gate(member);
        status = gate == 0 ? STATUS_BAD_STATE : STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = member_wish(member, KIND_CONFIRM, 0, (struct bytes){0}, true, &wish);
    }
    if (status != STATUS_OK) {
        return status;
    }
    wish->args.text = gate;
    return want_ready(member, wish);
}

enum status member_rename(struct member *member, const char *name)
{
    struct bytes bytes = bytes_of(name);
    enum status status = member_check(member, KIND_NAME, 0, 0);

    if (status != STATUS_OK) {
        return status;
    }
    if (text_is_blank(bytes) || bytes.count > CONTENT_NAME_BYTES_MAX) {
        return text_is_blank(bytes) ? STATUS_MALFORMED : STATUS_TOO_LONG;
    }
    status = want_text(member, KIND_NAME, 0, name);
    if (status == STATUS_OK) {
        memcpy(member->name, name, bytes.count + 1);
        member_keep_self(member);
    }
    return status;
}

enum status member_leave_out(struct member *member, const uint8_t id[ID_BYTES])
{
    uint64_t index = 0;
    uint16_t author = 0;
    struct wish *wish = NULL;
    enum status status = member_check(member, KIND_LEAVE_OUT, 0, 0);

    if (status != STATUS_OK) {
        return status;
    }
    if (!session_find_id(replica_session(member->replica), id, &index, &author)) {
        return STATUS_UNKNOWN;
    }
    if (author != replica_me(member->replica)) {
        return STATUS_FORBIDDEN;
    }
    status = member_wish(member, KIND_LEAVE_OUT, 0, (struct bytes){0}, true, &wish);
    if (status != STATUS_OK) {
        return status;
    }
    memcpy(wish->args.left_out, id, ID_BYTES);
    return want_ready(member, wish);
}

/* ---- what one says to others ---- */

enum status member_park(struct member *member, uint16_t step, const char *text)
{
    return want_text(member, KIND_PARK, step, text);
}

enum status member_report(struct member *member, uint16_t step, const char *text)
{
    return want_text(member, KIND_REPORT, step, text);
}

static enum status check_recipient(const struct member *member, uint16_t number)
{
    const struct session *session = replica_session(member->replica);
    const struct session_member *who = NULL;

    if (number == 0 || number > session_member_count(session)) {
        return STATUS_UNKNOWN;
    }
    who = session_member(session, number);
    if (number == replica_me(member->replica)) {
        return STATUS_FORBIDDEN;
    }
    return who->state == MEMBER_ADMITTED  ? STATUS_OK
           : who->state == MEMBER_REMOVED ? STATUS_REMOVED
                                          : STATUS_NOT_ADMITTED;
}

enum status member_message(struct member *member, const uint16_t *recipients, size_t count,
                           const char *text)
{
    struct content_strings strings = {.count = 1, .at = {bytes_of(text)}};
    struct args_message args = {.recipient_count = 0};
    struct wish *wish = NULL;
    enum status status = member_check(member, KIND_MESSAGE, 0, 0);

    if (status == STATUS_OK && (count == 0 || count > RECIPIENTS_MAX)) {
        status = count == 0 ? STATUS_UNKNOWN : STATUS_FULL;
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = check_recipient(member, recipients[i]);
        args.recipients[args.recipient_count++] = recipients[i];
    }
    if (status == STATUS_OK) {
        status =
            want_strings(member, KIND_MESSAGE,
                         session_pointer(replica_session(member->replica)), &strings, &wish);
    }
    if (status != STATUS_OK) {
        return status;
    }
    wish->args.message = args;
    return want_ready(member, wish);
}

/* ---- shared notes ---- */

/* The version that is on screen: the last one on its way, or the log's. */
static void put_replaced(struct member *member, uint16_t step, const struct wish *before,
                         struct args_note *args)
{
    const struct session_step *known = session_step(replica_session(member->replica), step);

    if (before != NULL) {
        args->has_replaces = true;
        memcpy(args->replaces, before->id, ID_BYTES);
    } else if (known->has_note) {
        args->has_replaces = true;
        memcpy(args->replaces, known->note_id, ID_BYTES);
    }
}

enum status member_note(struct member *member, uint16_t step, const char *text)
{
    struct content_strings strings = {.count = 1, .at = {bytes_of(text)}};
    const struct wish *before = outbox_last_of(&member->outbox, KIND_NOTE, step);
    struct wish *wish = NULL;
    enum status status = member_check(member, KIND_NOTE, 0, step);

    if (status == STATUS_OK) {
        status = want_strings(member, KIND_NOTE, step, &strings, &wish);
    }
    if (status != STATUS_OK) {
        return status;
    }
    put_replaced(member, step, before, &wish->args.note);
    member_forget_kept_note(member, step); /* both were seen when this was written */
    return want_ready(member, wish);
}

enum status member_agree(struct member *member, uint16_t step, const char *text,
                         const char *owner, const char *by_when, const char *process)
{
    struct content_strings strings = {
        .count = 4,
        .at = {bytes_of(text), bytes_of(owner), bytes_of(by_when), bytes_of(process)}};
    struct wish *wish = NULL;
    enum status status = member_check(member, KIND_AGREEMENT, 0, step);

    if (status == STATUS_OK) {
        status = want_strings(member, KIND_AGREEMENT, step, &strings, &wish);
    }
    return status == STATUS_OK ? want_ready(member, wish) : status;
}

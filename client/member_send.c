/* What goes out: wishes and answers until they are acknowledged, and a release in its steps. */
#include <string.h>

#include "client/member_private.h"
#include "client/words.h"
#include "protocol/channel.h"
#include "protocol/entry.h"
#include "protocol/writer.h"

enum { APPEND_OVERHEAD_BYTES = 32 };

/* ---- wanting ---- */

enum status member_wish(struct member *member, enum kind kind, uint16_t step,
                        struct bytes plaintext, bool kept, struct wish **wish_out)
{
    struct wish *wish = outbox_add(&member->outbox, kind, step, plaintext);

    if (wish == NULL) {
        return member->outbox.wish_count == OUTBOX_WISHES_MAX ? STATUS_FULL : STATUS_NOMEM;
    }
    wish->kept = kept;
    wish->wanted_ms = member->now_ms;
    member_new_id(member, wish->id);
    *wish_out = wish;
    member_changed(member);
    return STATUS_OK;
}

/* What was asked for in passing is not done long afterwards, when nobody expects it. */
void member_drop_passing(struct member *member)
{
    struct wish *next = NULL;

    for (struct wish *wish = member->outbox.first; wish != NULL; wish = next) {
        next = wish->next;
        if (!wish->kept && member->line != LINE_READY &&
            member->now_ms > wish->wanted_ms + MEMBER_PASSING_MS) {
            struct news news = {.kind = NEWS_REFUSED,
                                .step = wish->step,
                                .entry = wish->kind,
                                .status = STATUS_UNREACHABLE,
                                .text = words_of_status(STATUS_UNREACHABLE)};

            outbox_remove(&member->outbox, wish);
            member_tell(member, &news);
        }
    }
}

/* Drops from a roster what came about by itself; false: nothing is left of it. */
static bool still_wanted(const struct member *member, struct wish *wish)
{
    const struct session *session = replica_session(member->replica);
    struct wish_roster *roster = &wish->args.roster;
    uint16_t left = 0;

    if (wish->kind != KIND_ROSTER) {
        return true;
    }
    for (uint16_t i = 0; i < roster->count; i++) {
        const struct session_member *who = session_member(session, roster->changes[i].member);

        if (who->state == MEMBER_LOBBY ||
            (who->state == MEMBER_ADMITTED && who->role != roster->changes[i].role)) {
            roster->changes[left++] = roster->changes[i];
        }
    }
    roster->count = left;
    return left > 0;
}

/* ---- sending ---- */

/* Sends one entry. False: no more may be under way now. */
static bool append(struct member *member, struct bytes sealed, struct request asked)
{
    struct message_append append = {.entry = sealed};
    struct writer writer;
    struct request *request = NULL;
    size_t bytes_left = 0;

    if (member_appends_left(member, &bytes_left) == 0 || bytes_left < sealed.count) {
        return false;
    }
    writer_init_growing(&writer, sealed.count + APPEND_OVERHEAD_BYTES);
    request = member_begin_request(member, &writer, MESSAGE_APPEND, asked.kind);
    if (request != NULL) {
        asked.id = request->id;
        asked.bytes = sealed.count;
        *request = asked;
        message_append_encode(&writer, &append);
        member_send_request(member, request, &writer);
    }
    writer_finish(&writer);
    return request != NULL;
}

/* A wish that will never be an entry; its text is not lost. */
static void refuse_wish(struct member *member, struct wish *wish, enum status status)
{
    struct content_strings strings;
    struct news news = {.kind = NEWS_REFUSED,
                        .step = wish->step,
                        .entry = wish->kind,
                        .status = status,
                        .text = words_of_status(status)};

    if (content_strings_of(wish->kind) > 0 && wish->kind != KIND_NAME &&
        wish->kind != KIND_JOIN &&
        content_strings_decode(wish->plaintext, wish->kind, &strings) == STATUS_OK) {
        member_keep_text(member, wish->step, strings.at[0]);
    }
    if (wish->kind == KIND_RELEASE) {
        member->releasing.stage = RELEASE_NONE;
    }
    member->calm_until_ms = member->now_ms + MEMBER_RETRY_MS;
    member_drop_wish(member, wish);
    if (news.entry == KIND_JOIN) {
        member_shut(member, status);
    } else {
        member_tell(member, &news);
    }
}

static bool may_go(const struct member *member, const struct wish *wish)
{
    const struct session *session = replica_session(member->replica);
    const struct session_member *self = member_self(member);
    bool admitted = self != NULL && self->state == MEMBER_ADMITTED;

    if (wish->asked || wish->placed || wish->not_before_ms > member->now_ms ||
        (wish->stale_epoch != 0 && wish->stale_epoch == session_epoch(session))) {
        return false;
    }
    return wish->kind == KIND_JOIN ? self == NULL : admitted;
}

static void pump_wishes(struct member *member)
{
    struct wish *next = NULL;

    for (struct wish *wish = member->outbox.first; wish != NULL; wish = next) {
        struct bytes sealed = wish->sealed;
        enum status status = STATUS_OK;

        next = wish->next;
        if (!may_go(member, wish)) {
            continue;
        }
        if (sealed.count == 0 && !still_wanted(member, wish)) {
            member_drop_wish(member, wish);
            continue;
        }
        if (sealed.count == 0) {
            status = sealer_seal_wish(member->sealer, member->replica, wish, &sealed);
            if (status == STATUS_OK) {
                status = wish_set_sealed(wish, sealed);
            }
            if (status == STATUS_NOT_FOUND || status == STATUS_NOMEM) {
                continue; /* a key is still on its way */
            }
            if (status != STATUS_OK) {
                refuse_wish(member, wish, status);
                continue;
            }
            member_keep_wish(member, wish);
        }
        if (!append(member, wish->sealed,
                    (struct request){.kind = REQUEST_WISH, .number = wish->order})) {
            return;
        }
        wish->asked = true;
    }
}

/* ---- what became of wishes ---- */

static bool is_passing_trouble(enum status status)
{
    return status == STATUS_NO_SPACE || status == STATUS_IO || status == STATUS_BUSY ||
           status == STATUS_NOMEM;
}

static void conflicted(struct member *member, struct wish *wish)
{
    struct content_strings strings;
    enum status status = STATUS_OK;

    if (wish->kind == KIND_ROSTER && wish->tries++ < MEMBER_TRIES_MAX) {
        wish_unseal(wish); /* computed anew when the other change has come */
        wish->not_before_ms = member->now_ms + MEMBER_AGAIN_MS;
        return;
    }
    if (wish->kind == KIND_TEXT || wish->kind == KIND_JOIN) {
        member_drop_wish(member, wish); /* done already */
        return;
    }
    if (wish->kind == KIND_RELEASE && member->releasing.tries < MEMBER_TRIES_MAX) {
        member->releasing.stage = RELEASE_CLOSING; /* another answer came: count again */
        member_drop_wish(member, wish);
        return;
    }
    if (wish->kind != KIND_NOTE) {
        refuse_wish(member, wish, STATUS_CONFLICT);
        return;
    }
    status = content_strings_decode(wish->plaintext, KIND_NOTE, &strings);
    if (status == STATUS_OK) {
        status = member_add_kept_note(member, wish->step, strings.at[0]);
    }
    if (status == STATUS_OK) {
        struct news news = {.kind = NEWS_NOTE, .step = wish->step, .status = STATUS_CONFLICT};

        member_drop_wish(member, wish);
        member_tell(member, &news);
    } else {
        refuse_wish(member, wish, STATUS_CONFLICT);
    }
}

static void try_later(struct member *member, uint64_t *not_before_ms, uint16_t step,
                      enum kind kind, enum status status)
{
    bool told = *not_before_ms != 0;

    *not_before_ms = member->now_ms + MEMBER_RETRY_MS;
    if (!told) {
        member_tell(member, &(struct news){.kind = NEWS_REFUSED,
                                           .step = step,
                                           .entry = kind,
                                           .status = status,
                                           .text = words_of_server(status)});
    }
}

void member_wish_answered(struct member *member, const struct request *request,
                          enum status status, const struct message_appended *appended)
{
    struct wish *wish = outbox_find(&member->outbox, request->number);

    if (wish == NULL) {
        return;
    }
    wish->asked = false;
    if (status == STATUS_OK) {
        if (replica_expect(member->replica, appended->stream, appended->index,
                           appended->hash) != STATUS_OK) {
            member_tell_fault(member);
        }
        if (appended->index <= replica_count(member->replica, appended->stream)) {
            member_drop_wish(member, wish);
        } else {
            wish->placed = true; /* done with when it comes back to us */
        }
    } else if (status == STATUS_STALE_EPOCH) {
        wish->stale_epoch = session_epoch(replica_session(member->replica));
        wish_unseal(wish); /* under the same id, with a new content key */
    } else if (is_passing_trouble(status)) {
        try_later(member, &wish->not_before_ms, wish->step, wish->kind, status);
    } else if (status == STATUS_CONFLICT) {
        conflicted(member, wish);
    } else {
        refuse_wish(member, wish, status);
    }
}

void member_wish_done(struct member *member, const uint8_t id[ID_BYTES])
{
    for (struct wish *wish = member->outbox.first; wish != NULL; wish = wish->next) {
        if (memcmp(wish->id, id, ID_BYTES) == 0) {
            member_drop_wish(member, wish);
            return;
        }
    }
}

static bool stands_in_own(const struct member *member, const uint8_t id[ID_BYTES])
{
    for (uint64_t i = 1; i <= replica_count(member->replica, STREAM_OWN); i++) {
        if (memcmp(replica_at(member->replica, STREAM_OWN, i)->id, id, ID_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

void member_sweep_wishes(struct member *member)
{
    struct wish *next = NULL;
    uint64_t index = 0;
    uint16_t author = 0;

    for (struct wish *wish = member->outbox.first; wish != NULL; wish = next) {
        next = wish->next;
        if (session_find_id(replica_session(member->replica), wish->id, &index, &author) ||
            stands_in_own(member, wish->id)) {
            member_drop_wish(member, wish);
        }
    }
}

/* ---- answers ---- */

static enum status seal_answer(struct member *member, struct own_answer *answer)
{
    struct bytes sealed = {0};
    enum status status = STATUS_OK;

    if (answer->sealed.count > 0 && answer->sealed_edit == answer->edit) {
        return STATUS_OK; /* identical bytes until they are answered */
    }
    member_new_id(member, answer->id);
    status = sealer_seal_answer(member->sealer, member->replica, answer, answer->hash, &sealed);
    if (status == STATUS_OK) {
        status = outbox_replace(&answer->sealed, sealed);
    }
    if (status == STATUS_OK) {
        answer->sealed_edit = answer->edit;
        member_keep_answer(member, answer);
    }
    return status;
}

static void answer_changed(struct member *member, const struct own_answer *answer)
{
    member_keep_answer(member, answer);
    member_tell(member, &(struct news){.kind = NEWS_ANSWER,
                                       .step = answer->step,
                                       .number = answer->behalf,
                                       .status = answer->reason});
}

static void pump_answers(struct member *member)
{
    const struct session *session = replica_session(member->replica);

    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        struct own_answer *answer = &member->outbox.answers[i];
        const struct session_step *step = session_step(session, answer->step);
        enum status status = STATUS_OK;

        if (answer->state != ANSWER_WAITING || answer->asked || step == NULL ||
            step->state != STEP_OPEN || session_state(session) != SESSION_RUNNING ||
            answer->not_before_ms > member->now_ms) {
            continue;
        }
        status = seal_answer(member, answer);
        if (status != STATUS_OK && status != STATUS_NOT_FOUND && status != STATUS_NOMEM) {
            answer->state = ANSWER_NOT_SENT;
            answer->reason = status;
            answer_changed(member, answer);
        }
        if (status != STATUS_OK) {
            continue;
        }
        if (!append(member, answer->sealed,
                    (struct request){.kind = REQUEST_ANSWER,
                                     .step = answer->step,
                                     .behalf = answer->behalf,
                                     .edit = answer->sealed_edit})) {
            return;
        }
        answer->asked = true;
    }
}

static void answer_saved(struct member *member, struct own_answer *answer, uint32_t edit,
                         const struct message_appended *appended)
{
    if (appended->stream == STREAM_PUBLIC &&
        replica_expect(member->replica, STREAM_PUBLIC, appended->index, appended->hash) !=
            STATUS_OK) {
        member_tell_fault(member);
    }
    member_forget_told(member, answer->step);
    answer->saved_edit = edit;
    answer->seen_waiting = true;
    answer->not_before_ms = 0;
    if (edit == answer->edit && answer->state == ANSWER_WAITING) {
        answer->state = ANSWER_SAVED;
        answer->saved_ms = appended->time_ms;
    }
    answer_changed(member, answer);
}

void member_answer_answered(struct member *member, const struct request *request,
                            enum status status, const struct message_appended *appended)
{
    struct own_answer *answer =
        outbox_find_answer(&member->outbox, request->step, request->behalf);

    if (answer == NULL) {
        return;
    }
    answer->asked = false;
    if (status == STATUS_OK) {
        answer_saved(member, answer, request->edit, appended);
    } else if (is_passing_trouble(status)) {
        try_later(member, &answer->not_before_ms, answer->step, KIND_ANSWER, status);
    } else if (status == STATUS_PAUSED || status == STATUS_STALE_EPOCH) {
        answer->not_before_ms = member->now_ms + 1; /* the reason is on its way to us */
    } else if (status == STATUS_CONFLICT && answer->edit < EDITS_MAX) {
        answer->edit++; /* the server holds this number: ours is the newer one */
        answer->not_before_ms = member->now_ms + MEMBER_AGAIN_MS;
    } else {
        answer->state = ANSWER_NOT_SENT;
        answer->reason = status;
        answer_changed(member, answer);
    }
    member_review_answers(member);
}

/* A private answer stays here; only that it was given is told. */
static void pump_private(struct member *member)
{
    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        struct own_answer *answer = &member->outbox.answers[i];

        if (answer->state == ANSWER_KEPT && !answer->done_told && answer->behalf == 0 &&
            member_done(member, answer->step, true) == STATUS_OK) {
            answer->done_told = true;
        }
    }
}

/* ---- release ---- */

static void ask_digest(struct member *member, uint16_t step)
{
    struct message_step asked = {.step = step};
    struct writer writer;
    uint8_t buffer[64];
    struct request *request = NULL;

    writer_init(&writer, buffer, sizeof buffer);
    request = member_begin_request(member, &writer, MESSAGE_DIGEST, REQUEST_DIGEST);
    if (request != NULL) {
        request->step = step;
        message_step_encode(&writer, &asked);
        member_send_request(member, request, &writer);
        member->releasing.stage = RELEASE_COUNTING;
        member->releasing.tries++;
    }
}

static void pump_release(struct member *member)
{
    struct releasing *releasing = &member->releasing;
    const struct session_step *step = NULL;

    if (releasing->stage == RELEASE_NONE) {
        return;
    }
    step = session_step(replica_session(member->replica), releasing->step);
    if (step == NULL || (step->state != STEP_OPEN && step->state != STEP_CLOSED)) {
        releasing->stage = RELEASE_NONE;
    } else if (releasing->stage == RELEASE_CLOSING && step->state == STEP_CLOSED) {
        ask_digest(member, releasing->step);
    }
}

void member_digest_answered(struct member *member, const struct request *request,
                            enum status status, const struct message_digest *digest)
{
    struct policy_texts texts;
    struct wish *wish = NULL;

    if (member->releasing.stage != RELEASE_COUNTING ||
        member->releasing.step != request->step) {
        return;
    }
    if (status == STATUS_OK) {
        policy_release(&member->script, member->replica, request->step, &texts);
        status =
            member_wish(member, KIND_RELEASE, request->step, (struct bytes){0}, false, &wish);
    }
    if (status == STATUS_OK) {
        wish->args.release.count = digest->count;
        memcpy(wish->args.release.digest, digest->digest, HASH_BYTES);
        status = wish_set_texts(wish, texts.at, texts.count);
        if (status != STATUS_OK) {
            outbox_remove(&member->outbox, wish);
        }
    }
    if (status == STATUS_OK) {
        member->releasing.stage = RELEASE_APPENDING;
        return;
    }
    member->releasing.stage = RELEASE_NONE;
    member_tell(member, &(struct news){.kind = NEWS_REFUSED,
                                       .step = request->step,
                                       .entry = KIND_RELEASE,
                                       .status = status,
                                       .text = words_of_status(status)});
}

void member_send_all(struct member *member)
{
    pump_release(member);
    pump_private(member);
    pump_wishes(member);
    pump_answers(member);
    member_tell_writing(member); /* after what was sent: that ends it */
}

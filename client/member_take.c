/* What the server tells: entries, and what holds of the moment; and the news of them. */
#include <stdlib.h>
#include <string.h>

#include "client/member_private.h"
#include "client/words.h"
#include "protocol/entry.h"

/* ---- faults ---- */

void member_tell_fault(struct member *member)
{
    const struct replica_trouble *trouble = replica_trouble(member->replica);

    if (member->told_fault || trouble->fault == REPLICA_SOUND) {
        return;
    }
    member->told_fault = true;
    replica_explain(trouble, member->fault_text, sizeof member->fault_text);
    member_tell(member, &(struct news){.kind = NEWS_FAULT,
                                       .index = trouble->index,
                                       .status = STATUS_CONFLICT,
                                       .text = member->fault_text});
}

void member_erase(struct member *member)
{
    if (member->erased || member->restoring) {
        return;
    }
    member->erased = true;
    member->driver.erase(member->driver.context);
    member_tell(member, &(struct news){.kind = NEWS_SESSION,
                                       .entry = KIND_PURGE,
                                       .status = STATUS_PURGED,
                                       .text = words_of_status(STATUS_PURGED)});
}

/* ---- news of entries ---- */

static enum news_kind news_of_pace(enum verb verb)
{
    switch (verb) {
    case VERB_CLOSE:
    case VERB_GO:
    case VERB_SKIP:
        return NEWS_STEP;
    case VERB_PAUSE:
    case VERB_RESUME:
    case VERB_END:
        return NEWS_SESSION;
    case VERB_TIMER_START:
    case VERB_TIMER_EXTEND:
    case VERB_TIMER_STOP:
        return NEWS_TIMER;
    }
    return NEWS_SESSION;
}

/* False: nobody needs to hear of it. */
static bool news_of_kind(const struct member *member, const struct replica_entry *entry,
                         enum news_kind *kind_out)
{
    switch (entry->kind) {
    case KIND_GENESIS:
    case KIND_INVITE:
    case KIND_STEP:
    case KIND_GROUPS:
    case KIND_ASSIGN:
    case KIND_FOLLOW_UP:
        return false;
    case KIND_TEXT: /* only the last one, which lets the session begin */
        *kind_out = NEWS_SESSION;
        return session_state(replica_session(member->replica)) == SESSION_RUNNING &&
               entry->number + 1 == session_text_count(replica_session(member->replica));
    case KIND_JOIN:
    case KIND_ROSTER:
    case KIND_CONFIRM:
    case KIND_NAME:
    case KIND_LEAVE_OUT:
        *kind_out = NEWS_MEMBERS;
        return true;
    case KIND_OPEN:
        *kind_out = NEWS_STEP;
        return true;
    case KIND_PACE:
        *kind_out = news_of_pace((enum verb)entry->number);
        return true;
    case KIND_RELEASE: /* told when its answers are there too */
    case KIND_ANSWER:
        *kind_out = NEWS_STEP;
        return session_release_left(replica_session(member->replica)) == 0;
    case KIND_REVEAL:
        *kind_out = entry->detail != 0 ? NEWS_PASSAGE : NEWS_TEXTS;
        return true;
    case KIND_NOTE:
        *kind_out = NEWS_NOTE;
        return true;
    case KIND_AGREEMENT:
        *kind_out = NEWS_AGREEMENT;
        return true;
    case KIND_PARK:
        *kind_out = NEWS_PARKED;
        return true;
    case KIND_REPORT:
        *kind_out = NEWS_REPORT;
        return true;
    case KIND_MESSAGE:
        *kind_out = NEWS_MESSAGE;
        return true;
    case KIND_PURGE:
        *kind_out = NEWS_SESSION;
        return true;
    }
    return false;
}

static void tell_entry(struct member *member, const struct replica_entry *entry)
{
    struct news news = {
        .step = entry->step,
        .member = entry->author,
        .number = entry->kind == KIND_REVEAL && entry->detail == 0 ? entry->number
                                                                   : (uint16_t)entry->detail,
        .index = entry->index,
        .entry = entry->kind == KIND_ANSWER ? KIND_RELEASE : entry->kind,
    };

    if (news_of_kind(member, entry, &news.kind)) {
        if (news.kind == NEWS_TIMER) {
            news.seconds = entry->detail;
        }
        if (entry->kind == KIND_JOIN) {
            news.member = session_member_count(replica_session(member->replica));
        }
        member_tell(member, &news);
    }
}

static void tell_standing(struct member *member)
{
    const struct session_member *self = member_self(member);
    enum member_state state = self == NULL ? MEMBER_NONE : self->state;
    enum role role = self == NULL ? ROLE_REMOVED : self->role;

    if (state != member->told_state || role != member->told_role) {
        member->told_state = state;
        member->told_role = role;
        member_tell(member, &(struct news){.kind = NEWS_STANDING,
                                           .member = replica_me(member->replica)});
    }
}

static void note_own(struct member *member, const struct replica_entry *entry)
{
    bool mine = entry->author == replica_me(member->replica) || entry->kind == KIND_JOIN;

    if (mine && entry->kind == KIND_NAME) {
        member->last_name_index = entry->index;
    }
    if (mine && !member->restoring) {
        member_wish_done(member, entry->id);
    }
}

/* ---- own answers, as the log has them ---- */

static const struct replica_entry *released(const struct member *member,
                                            const struct own_answer *answer)
{
    const struct replica *replica = member->replica;
    const struct session_step *step = session_step(replica_session(replica), answer->step);

    for (uint64_t i = step->release_index + 1; i <= step->release_index + step->release_count &&
                                               i <= replica_count(replica, STREAM_PUBLIC);
         i++) {
        const struct replica_entry *entry = replica_at(replica, STREAM_PUBLIC, i);

        if (entry->author == replica_me(replica) && entry->answer_behalf == answer->behalf) {
            return entry;
        }
    }
    return NULL;
}

/* What was shared is an earlier edit: the later text is not lost, it is a draft again. */
static void fall_back(struct member *member, struct own_answer *answer,
                      const struct replica_entry *entry)
{
    if (answer->draft.count == 0 &&
        outbox_replace(&answer->draft, answer->submitted) == STATUS_OK) {
        member_keep_draft(member, answer);
    }
    if (entry->body == REPLICA_OPEN &&
        outbox_replace(&answer->submitted, entry->plaintext) == STATUS_OK) {
        answer->edit = entry->answer_edit;
    }
}

static void review_released(struct member *member, struct own_answer *answer)
{
    const struct replica_entry *entry = released(member, answer);

    if (entry != NULL) {
        if (entry->answer_edit < answer->saved_edit) {
            replica_blame(member->replica, REPLICA_LOST_ACK, STREAM_PUBLIC, entry->index);
        }
        if (entry->answer_edit != answer->edit) {
            fall_back(member, answer, entry);
        }
        answer->state = ANSWER_SHARED;
    } else if (answer->saved_edit > 0) {
        answer->state = ANSWER_NOT_SENT;
        answer->reason = STATUS_CONFLICT;
        replica_blame(
            member->replica, REPLICA_LOST_ACK, STREAM_PUBLIC,
            session_step(replica_session(member->replica), answer->step)->release_index);
    } else if (answer->submitted.count > 0) {
        answer->state = ANSWER_NOT_SENT;
        answer->reason = STATUS_EXISTS;
    }
}

static void review(struct member *member, struct own_answer *answer)
{
    const struct session *session = replica_session(member->replica);
    const struct session_step *step = session_step(session, answer->step);

    if (step == NULL || answer->submitted.count == 0) {
        return;
    }
    if (session_stays_on_device(&step->plan)) {
        answer->state = ANSWER_KEPT;
        return;
    }
    if (step->state == STEP_RELEASED) {
        if (session_release_left(session) == 0) {
            review_released(member, answer);
        }
        return;
    }
    if (session_state(session) == SESSION_ENDED) {
        answer->state = ANSWER_NOT_SENT; /* unreleased answers are deleted */
        answer->reason = STATUS_ENDED;
    } else if (step->state == STEP_OPEN && answer->state == ANSWER_NOT_SENT &&
               answer->reason == STATUS_BAD_STATE) {
        answer->state = ANSWER_WAITING;
        answer->not_before_ms = member->now_ms;
    } else if (step->state != STEP_OPEN && answer->state == ANSWER_WAITING && !answer->asked) {
        answer->state = ANSWER_NOT_SENT;
        answer->reason = STATUS_BAD_STATE;
    }
}

void member_review_answers(struct member *member)
{
    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        struct own_answer *answer = &member->outbox.answers[i];
        enum answer_state before = answer->state;

        review(member, answer);
        if (answer->state != before) {
            member_keep_answer(member, answer);
            member_tell(member, &(struct news){.kind = NEWS_ANSWER,
                                               .step = answer->step,
                                               .number = answer->behalf,
                                               .status = answer->reason});
        }
    }
    if (!replica_is_sound(member->replica)) {
        member_tell_fault(member);
    }
}

/* ---- entries ---- */

static bool concerns_answers(enum kind kind)
{
    return kind == KIND_OPEN || kind == KIND_PACE || kind == KIND_RELEASE ||
           kind == KIND_ANSWER || kind == KIND_ROSTER;
}

enum status member_take_entry(struct member *member, enum stream stream, uint64_t index,
                              uint64_t time_ms, struct bytes bytes)
{
    size_t before[2] = {replica_count(member->replica, STREAM_PUBLIC),
                        replica_count(member->replica, STREAM_OWN)};
    struct replica_change change;
    bool reviews = false;
    enum status status = replica_take(member->replica, stream, index, time_ms, bytes, &change);

    if (status != STATUS_OK) {
        if (status == STATUS_CONFLICT && !member->restoring) {
            member_tell_fault(member);
            return STATUS_OK; /* what we have can still be read */
        }
        return status;
    }
    if (change.taken && !member->restoring) {
        member->driver.keep_entry(member->driver.context, stream, index, time_ms, bytes);
    }
    for (size_t s = 0; s < 2; s++) { /* a public one may let own ones in that waited for it */
        for (size_t i = before[s] + 1; i <= replica_count(member->replica, (enum stream)s);
             i++) {
            const struct replica_entry *entry = replica_at(member->replica, (enum stream)s, i);

            note_own(member, entry);
            if (entry->kind == KIND_OPEN || entry->kind == KIND_PACE) {
                member_forget_told(member, entry->step);
            }
            reviews = reviews || concerns_answers(entry->kind);
            tell_entry(member, entry);
        }
    }
    tell_standing(member);
    if (reviews && !member->restoring) {
        member_review_answers(member);
    }
    if (change.step_key_bad) {
        replica_explain(&(struct replica_trouble){.fault = REPLICA_WRONG_STEP_KEY},
                        member->fault_text, sizeof member->fault_text);
        member_tell(member, &(struct news){.kind = NEWS_FAULT,
                                           .index = index,
                                           .status = STATUS_BAD_KEY,
                                           .text = member->fault_text});
    }
    if (replica_is_purged(member->replica)) {
        member_erase(member);
    }
    return STATUS_OK;
}

/* ---- own waiting answers, as the server shows them at attach ---- */

static enum status hold_waiting(struct member *member, struct bytes entry)
{
    struct bytes *moved = NULL;
    enum status status = STATUS_OK;

    if (member->line != LINE_FETCHING || member->waiting_count == MEMBER_WAITING_MAX) {
        return STATUS_OK; /* a later one is what we just sent */
    }
    moved = realloc(member->waiting, (member->waiting_count + 1) * sizeof *moved);
    if (moved == NULL) {
        return STATUS_NOMEM;
    }
    member->waiting = moved;
    moved[member->waiting_count] = (struct bytes){0};
    status = outbox_replace(&moved[member->waiting_count], entry);
    member->waiting_count += status == STATUS_OK;
    return status;
}

static struct own_answer *find_by_hash(struct member *member, const uint8_t hash[HASH_BYTES])
{
    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        struct own_answer *answer = &member->outbox.answers[i];

        if (answer->sealed.count > 0 && memcmp(answer->hash, hash, HASH_BYTES) == 0) {
            return answer;
        }
    }
    return NULL;
}

/* Saved after all though nobody could tell us, or missing though somebody did: that is news. */
static void change_state(struct member *member, struct own_answer *answer,
                         enum answer_state state)
{
    if (answer->state == state) {
        return;
    }
    answer->state = state;
    answer->saved_ms = state == ANSWER_SAVED ? member->now_ms : 0;
    member_tell(
        member,
        &(struct news){.kind = NEWS_ANSWER, .step = answer->step, .number = answer->behalf});
}

/* This device forgot it, or never knew: it is our own all the same. */
static void adopt(struct member *member, const struct replica_entry *entry)
{
    struct own_answer *answer =
        outbox_answer(&member->outbox, entry->step, entry->answer_behalf);

    if (answer == NULL || entry->author != replica_me(member->replica)) {
        return;
    }
    if (answer->edit < entry->answer_edit || answer->submitted.count == 0) {
        if (outbox_replace(&answer->submitted, entry->plaintext) != STATUS_OK ||
            outbox_replace(&answer->sealed, (struct bytes){0}) != STATUS_OK) {
            return;
        }
        answer->edit = entry->answer_edit;
        change_state(member, answer, ANSWER_SAVED);
    } else if (answer->edit == entry->answer_edit && answer->sealed.count > 0) {
        answer->edit++; /* the same number for another text: ours is the newer one */
    }
    answer->saved_edit = entry->answer_edit;
    answer->seen_waiting = answer->edit == entry->answer_edit;
    member_keep_answer(member, answer);
}

static void compare_waiting(struct member *member)
{
    for (size_t i = 0; i < member->waiting_count; i++) {
        struct own_answer *answer = NULL;
        struct replica_entry entry;
        uint8_t hash[HASH_BYTES];

        entry_hash(member->waiting[i], hash);
        answer = find_by_hash(member, hash);
        if (answer != NULL) {
            answer->seen_waiting = true;
            answer->saved_edit = answer->sealed_edit;
            if (answer->edit == answer->sealed_edit) {
                change_state(member, answer, ANSWER_SAVED);
            }
            member_keep_answer(member, answer);
        } else if (replica_open_waiting(member->replica, member->waiting[i], &entry) ==
                   STATUS_OK) {
            adopt(member, &entry);
        }
        member_forget_bytes(&member->waiting[i]);
    }
    member->waiting_count = 0;
    for (size_t i = 0; i < member->outbox.answer_count; i++) { /* what is missing: once more */
        struct own_answer *answer = &member->outbox.answers[i];

        if (answer->state == ANSWER_SAVED && !answer->seen_waiting) {
            change_state(member, answer, ANSWER_WAITING);
        }
    }
}

/* ---- are we there? ---- */

static bool reached(const struct member *member)
{
    const struct replica *replica = member->replica;

    return replica_count(replica, STREAM_PUBLIC) >= member->goal[STREAM_PUBLIC].index &&
           replica_count(replica, STREAM_OWN) >= member->goal[STREAM_OWN].index &&
           member->waiting_count >= member->waiting_due;
}

void member_settle(struct member *member)
{
    if (member->line != LINE_FETCHING) {
        return;
    }
    if (!replica_is_sound(member->replica)) {
        member->line = LINE_SHUT;
        return;
    }
    if (!reached(member)) {
        return;
    }
    /* every entry fits, and yet all of them may be another history than the server's own */
    if (replica_check_reached(member->replica, &member->goal[STREAM_PUBLIC],
                              &member->goal[STREAM_OWN]) != STATUS_OK) {
        member_tell_fault(member);
        member->line = LINE_SHUT;
        return;
    }
    compare_waiting(member);
    if (!replica_is_sound(member->replica)) { /* an answer that waits is none of ours */
        member_tell_fault(member);
        member->line = LINE_SHUT;
        return;
    }
    member->waiting_due = 0;
    member->line = LINE_READY;
    member_review_answers(member);
    member_tell(member, &(struct news){.kind = NEWS_CONNECTION});
}

enum status member_take_item(struct member *member, struct bytes body)
{
    struct message_item item;
    enum status status = message_item_decode(body, &item);

    if (status != STATUS_OK) {
        return status;
    }
    if (item.stream == STREAM_WAITING) {
        status = hold_waiting(member, item.entry);
    } else if (item.stream == STREAM_PUBLIC && item.index == 0) {
        if (replica_take_tombstone(member->replica, item.entry) == STATUS_OK) {
            member_erase(member);
        }
    } else {
        status = member_take_entry(member, item.stream, item.index, item.time_ms, item.entry);
    }
    if (status == STATUS_OK) {
        member_settle(member);
    }
    return status;
}

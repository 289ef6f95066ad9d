/* What the permission table cannot say: the own rules of steps, pace, texts and of what
 * members write. Those of who is there stand in common/session_rules_roster.c. */
#include <string.h>

#include "common/session_state.h"

enum {
    FACILITATOR = 1 << ROLE_FACILITATOR,
    OBSERVER = 1 << ROLE_OBSERVER,
    PARTICIPANT = 1 << ROLE_PARTICIPANT,
    CASE_GIVER = 1 << ROLE_CASE_GIVER,
    MS_PER_SECOND = 1000,
};

static const uint32_t roles_by_who[WHO_COUNT] = {
    [WHO_PARTICIPANTS] = PARTICIPANT | CASE_GIVER,
    [WHO_ALL] = FACILITATOR | OBSERVER | PARTICIPANT | CASE_GIVER,
    [WHO_CASE_GIVER] = CASE_GIVER,
    [WHO_OBSERVER] = OBSERVER,
};

/* ---- steps ---- */

bool session_takes_answers(const struct step_plan *plan)
{
    if (plan->work == WORK_PLENARY) {
        return false;
    }
    switch (plan->form) {
    case FORM_QUESTION:
    case FORM_CHOICE:
    case FORM_TABLE:
    case FORM_COMPLETION:
    case FORM_PERSPECTIVES:
    case FORM_COMPARISON:
    case FORM_COMMITMENT:
        return true;
    case FORM_READ:
    case FORM_DISCUSSION:
    case FORM_AGREEMENT:
    case FORM_FOLLOW_UP:
    case FORM_REPORT:
        return false;
    }
    return false;
}

static bool takes_notes(const struct step_plan *plan)
{
    return plan->work == WORK_PLENARY || plan->form == FORM_DISCUSSION;
}

/* A private step's answers stay on their authors' devices; only that they exist is told. */
bool session_stays_on_device(const struct step_plan *plan)
{
    return plan->sharing == SHARING_NEVER && plan->working == WORKING_NONE;
}

static bool is_number(unsigned number, unsigned first, unsigned count)
{
    return number >= first && number < count;
}

enum status session_check_plan(const struct step_plan *plan)
{
    if (plan->step == 0 || plan->step > STEPS_MAX ||
        !is_number((unsigned)plan->form, 1, FORM_COUNT) ||
        !is_number((unsigned)plan->work, 1, WORK_COUNT) ||
        !is_number((unsigned)plan->working, 0, WORKING_COUNT) ||
        !is_number((unsigned)plan->sharing, 1, SHARING_COUNT) ||
        !is_number((unsigned)plan->who, 1, WHO_COUNT)) {
        return STATUS_UNKNOWN;
    }
    if (plan->working == WORKING_GROUP && plan->sharing == SHARING_ANONYMOUS) {
        return STATUS_FORBIDDEN; /* the group knows whose it is: no anonymity to promise */
    }
    return STATUS_OK;
}

bool session_may_answer(const struct session *session, uint16_t step, uint16_t member)
{
    const struct session_step *found = session_step(session, step);
    const struct session_member *author = session_member(session, member);

    return found != NULL && author != NULL && author->state == MEMBER_ADMITTED &&
           session_takes_answers(&found->plan) &&
           (roles_by_who[found->plan.who] & 1U << author->role) != 0;
}

static enum status rule_step(const struct asked *asked)
{
    const struct args_step *args = &asked->entry->args.step;

    if (args->plan.step != asked->entry->step || args->position == args->plan.step ||
        (args->position != 0 && session_step(asked->session, args->position) == NULL)) {
        return STATUS_UNKNOWN;
    }
    return session_check_plan(&args->plan);
}

static enum status rule_open(const struct asked *asked)
{
    bool is_first = asked->step->epoch == 0;
    bool has_key = asked->entry->args.open.has_key;

    if (is_first) {
        return has_key ? STATUS_OK : STATUS_BAD_KEY;
    }
    return has_key ? STATUS_CONFLICT : STATUS_OK; /* another facilitator was first */
}

static enum status rule_release(const struct asked *asked)
{
    const struct step_plan *plan = &asked->step->plan;
    uint32_t count = asked->entry->args.release.count;
    uint32_t count_max = asked->session->member_count * (BEHALF_MAX + 1U);

    if (plan->sharing == SHARING_NEVER) {
        return STATUS_FORBIDDEN;
    }
    if (plan->sharing == SHARING_ANONYMOUS && count > 0 && count < ANONYMOUS_RELEASE_MIN) {
        return STATUS_FORBIDDEN; /* so few voices have names */
    }
    if (count > (session_takes_answers(plan) ? count_max : 0)) {
        return STATUS_CONFLICT;
    }
    if (!session_has_slot(asked->entry, LOCK_GROUP, 0, NAME_STEP, asked->entry->step)) {
        return STATUS_BAD_SLOTS; /* without its secret nobody could read a thing */
    }
    for (uint16_t i = 0; i < asked->entry->slot_count; i++) {
        const struct entry_slot *slot = &asked->entry->slots[i];

        if (slot->name == NAME_STEP && slot->name_n != asked->entry->step) {
            return STATUS_BAD_SLOTS;
        }
    }
    return STATUS_OK;
}

/* ---- pace ---- */

static enum status rule_timer(const struct asked *asked, bool must_run, bool sets)
{
    uint64_t ends_ms = asked->session->timer.ends_ms;
    uint64_t longer_ms = (uint64_t)asked->entry->args.pace.seconds * MS_PER_SECOND;
    uint64_t left_ms = 0;

    if (must_run && ends_ms == 0) {
        return STATUS_BAD_STATE;
    }
    if (!sets) {
        return STATUS_OK;
    }
    if (must_run && ends_ms > asked->time_ms) {
        left_ms = ends_ms - asked->time_ms;
    }
    if (longer_ms == 0 || left_ms + longer_ms > (uint64_t)TIMER_SECONDS_MAX * MS_PER_SECOND) {
        return STATUS_FULL;
    }
    return STATUS_OK;
}

static enum status rule_pace(const struct asked *asked)
{
    switch (asked->entry->args.pace.verb) {
    case VERB_TIMER_START:
        return rule_timer(asked, false, true);
    case VERB_TIMER_EXTEND:
        return rule_timer(asked, true, true);
    case VERB_TIMER_STOP:
        return rule_timer(asked, true, false);
    case VERB_CLOSE:
    case VERB_GO:
    case VERB_SKIP:
    case VERB_PAUSE:
    case VERB_RESUME:
    case VERB_END:
        return STATUS_OK;
    }
    return STATUS_UNKNOWN;
}

/* ---- texts ---- */

static enum status rule_text(const struct asked *asked)
{
    uint16_t number = asked->entry->args.text;

    if (number >= TEXTS_MAX) {
        return STATUS_FULL;
    }
    return session_has_text(asked->session, number) ? STATUS_CONFLICT : STATUS_OK;
}

static enum status rule_reveal(const struct asked *asked)
{
    const struct entry *entry = asked->entry;
    const struct args_reveal *args = &entry->args.reveal;

    if (args->text == 0 && (args->paragraph != 0 || entry->slot_count == 0)) {
        return STATUS_UNKNOWN; /* nothing to look at and no key either */
    }
    if (args->text != 0 && !session_has_text(asked->session, args->text)) {
        return STATUS_UNKNOWN;
    }
    for (uint16_t i = 0; i < entry->slot_count; i++) {
        const struct entry_slot *slot = &entry->slots[i];

        if (slot->name == NAME_STEP &&
            session_step(asked->session, (uint16_t)slot->name_n)->state != STEP_RELEASED) {
            return STATUS_BAD_STATE;
        }
    }
    return STATUS_OK;
}

static enum status rule_confirm(const struct asked *asked)
{
    uint16_t text = asked->entry->args.gate_text;

    return text != 0 && session_has_text(asked->session, text) ? STATUS_OK : STATUS_UNKNOWN;
}

/* ---- what members write ---- */

static enum status check_answer_slots(const struct entry *entry)
{
    bool has_step = false;
    bool has_self = false;

    for (uint16_t i = 0; i < entry->slot_count; i++) {
        const struct entry_slot *slot = &entry->slots[i];
        bool is_step = slot->lock == LOCK_STEP && slot->lock_n == entry->step;
        bool is_self = slot->lock == LOCK_MEMBER && slot->lock_n == entry->author;

        if (!is_step && !is_self) {
            return STATUS_BAD_SLOTS;
        }
        has_step = has_step || is_step;
        has_self = has_self || is_self;
    }
    return has_step && has_self ? STATUS_OK : STATUS_BAD_SLOTS;
}

enum status session_rule_answer(const struct asked *asked)
{
    const struct args_answer *args = &asked->entry->args.answer;
    const struct step_plan *plan = &asked->step->plan;

    if (!session_takes_answers(plan) || session_stays_on_device(plan) ||
        (roles_by_who[plan->who] & asked->roles) == 0) {
        return STATUS_FORBIDDEN;
    }
    if (plan->sharing == SHARING_ANONYMOUS || plan->working == WORKING_GROUP) {
        return STATUS_UNSUPPORTED;
    }
    if (args->edit > EDITS_MAX || args->behalf > BEHALF_MAX) {
        return STATUS_FULL;
    }
    if (args->edit == 0) {
        return STATUS_CONFLICT; /* edits of a named answer are counted from 1 */
    }
    return check_answer_slots(asked->entry);
}

static enum status rule_note(const struct asked *asked)
{
    const struct args_note *args = &asked->entry->args.note;
    const struct session_step *step = asked->step;

    if (args->group != 0) {
        return STATUS_UNSUPPORTED;
    }
    if (!takes_notes(&step->plan)) {
        return STATUS_FORBIDDEN;
    }
    if (args->has_replaces != step->has_note ||
        (step->has_note && memcmp(args->replaces, step->note_id, ID_BYTES) != 0)) {
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

/* A step has one plenary note but any number of agreements, each with its own versions. */
static enum status rule_agreement(const struct asked *asked)
{
    const struct args_note *args = &asked->entry->args.note;
    const struct idmap_value *former = NULL;

    if (args->group != 0) {
        return STATUS_UNSUPPORTED;
    }
    if (!takes_notes(&asked->step->plan) && asked->step->plan.form != FORM_AGREEMENT) {
        return STATUS_FORBIDDEN;
    }
    if (!args->has_replaces) {
        return STATUS_OK;
    }
    former = idmap_find(&asked->session->ids, args->replaces);
    if (former == NULL || former->kind != KIND_AGREEMENT ||
        former->step != asked->entry->step || former->replaced) {
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

bool session_was_admitted(const struct session_member *member)
{
    return member->admitted_index > 0;
}

static enum status rule_message(const struct asked *asked)
{
    const struct entry *entry = asked->entry;
    const struct args_message *args = &entry->args.message;

    if (args->recipient_count > RECIPIENTS_MAX) {
        return STATUS_FULL;
    }
    if (args->recipient_count == 0) {
        return STATUS_UNKNOWN;
    }
    for (uint8_t i = 0; i < args->recipient_count; i++) {
        const struct session_member *member =
            session_member(asked->session, args->recipients[i]);

        if (member == NULL) {
            return STATUS_UNKNOWN;
        }
        if (asked->is_past ? !session_was_admitted(member) : member->state != MEMBER_ADMITTED) {
            return member->state == MEMBER_REMOVED ? STATUS_REMOVED : STATUS_NOT_ADMITTED;
        }
        for (uint8_t j = 0; j < i; j++) {
            if (args->recipients[j] == args->recipients[i]) {
                return STATUS_CONFLICT;
            }
        }
        if (args->recipients[i] == entry->author) {
            return STATUS_CONFLICT; /* the author has it anyway */
        }
        if (!session_has_slot(entry, LOCK_MEMBER, args->recipients[i], NAME_CONTENT, 0)) {
            return STATUS_BAD_SLOTS;
        }
    }
    /* No two slots are alike, so with these none is left for anybody else. */
    if (!session_has_slot(entry, LOCK_MEMBER, entry->author, NAME_CONTENT, 0) ||
        entry->slot_count != args->recipient_count + 1) {
        return STATUS_BAD_SLOTS;
    }
    return STATUS_OK;
}

static enum status rule_leave_out(const struct asked *asked)
{
    const struct entry *entry = asked->entry;
    const struct idmap_value *named = idmap_find(&asked->session->ids, entry->args.left_out);

    if (named == NULL) {
        return STATUS_UNKNOWN;
    }
    return named->author == entry->author ? STATUS_OK : STATUS_FORBIDDEN;
}

/* ---- groups and assignments ---- */

static enum status rule_unsupported(const struct asked *asked)
{
    (void)asked;
    return STATUS_UNSUPPORTED;
}

static enum status rule_assign(const struct asked *asked)
{
    const struct args_assign *args = &asked->entry->args.assign;
    const struct session_member *member = session_member(asked->session, args->member);

    if (args->what != ASSIGNMENT_SCRIBE || args->group != 0) {
        return STATUS_UNSUPPORTED;
    }
    if (args->member == 0) {
        return STATUS_OK; /* nobody any more */
    }
    if (member == NULL) {
        return STATUS_UNKNOWN;
    }
    if (member->state != MEMBER_ADMITTED) {
        return member->state == MEMBER_REMOVED ? STATUS_REMOVED : STATUS_NOT_ADMITTED;
    }
    return STATUS_OK;
}

enum status session_rule(const struct asked *asked)
{
    static enum status (*const rules[KIND_COUNT])(const struct asked *) = {
        [KIND_GENESIS] = session_rule_genesis,
        [KIND_TEXT] = rule_text,
        [KIND_INVITE] = session_rule_invite,
        [KIND_JOIN] = session_rule_join,
        [KIND_ROSTER] = session_rule_roster,
        [KIND_CONFIRM] = rule_confirm,
        [KIND_LEAVE_OUT] = rule_leave_out,
        [KIND_STEP] = rule_step,
        [KIND_OPEN] = rule_open,
        [KIND_PACE] = rule_pace,
        [KIND_RELEASE] = rule_release,
        [KIND_REVEAL] = rule_reveal,
        [KIND_GROUPS] = rule_unsupported,
        [KIND_ASSIGN] = rule_assign,
        [KIND_ANSWER] = session_rule_answer,
        [KIND_NOTE] = rule_note,
        [KIND_AGREEMENT] = rule_agreement,
        [KIND_MESSAGE] = rule_message,
        /* name, park, report, follow-up, purge: the table says it all */
    };

    if (rules[asked->entry->kind] == NULL) {
        return STATUS_OK;
    }
    return rules[asked->entry->kind](asked);
}

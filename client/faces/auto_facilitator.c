/* What a simulated facilitator does: all steps in order, each until everyone is ready. */
#include "client/faces/auto.h"
#include "client/faces/fields.h"
#include "client/say.h"
#include "protocol/methods.h"

static bool is_released(const struct model_step *step)
{
    return step->plan.sharing != SHARING_NEVER && step->plan.form != FORM_READ &&
           step->plan.form != FORM_REPORT;
}

static bool is_finished(const struct model_step *step)
{
    return step->state == STEP_RELEASED || step->state == STEP_SKIPPED ||
           (step->state == STEP_CLOSED && !is_released(step));
}

static bool is_asked(const struct model_step *step, const struct model_member *member)
{
    switch (step->plan.who) {
    case WHO_PARTICIPANTS:
        return member->role == ROLE_PARTICIPANT || member->role == ROLE_CASE_GIVER;
    case WHO_ALL:
        return true;
    case WHO_CASE_GIVER:
        return member->role == ROLE_CASE_GIVER;
    case WHO_OBSERVER:
        return member->role == ROLE_OBSERVER;
    }
    return false;
}

static uint32_t marks_of(const struct model_step *step, uint16_t member)
{
    for (uint16_t i = 0; i < step->mark_count; i++) {
        if (step->marks[i].member == member) {
            return step->marks[i].marks;
        }
    }
    return 0;
}

static bool has_reported(const struct model *model, const struct model_step *step,
                         uint16_t member)
{
    for (uint32_t i = 0; i < model->report_count; i++) {
        if (model->reports[i].step == step->number && model->reports[i].author == member) {
            return true;
        }
    }
    return false;
}

/* Is this member ready here? Who is not connected is not waited for. */
static bool is_ready(const struct model *model, const struct model_step *step,
                     const struct model_member *member)
{
    bool reads = step->plan.form == FORM_READ;

    if (member->state != MEMBER_ADMITTED || (!member->present && !member->me) ||
        !is_asked(step, member) || (member->me && reads)) {
        return true;
    }
    if (step->plan.form == FORM_REPORT) {
        return has_reported(model, step, member->number);
    }
    return (marks_of(step, member->number) & (MESSAGE_MARK_ANSWERED | MESSAGE_MARK_DONE)) != 0;
}

/* Talking together takes nobody's answer. */
static bool is_talk(const struct model_step *step)
{
    return step->plan.work == WORK_PLENARY || step->plan.form == FORM_DISCUSSION ||
           step->plan.form == FORM_AGREEMENT || step->plan.form == FORM_FOLLOW_UP;
}

static bool all_ready(const struct model *model, const struct model_step *step)
{
    if (step->counts.writing > 0) {
        return false;
    }
    for (uint16_t i = 0; i < model->member_count && !is_talk(step); i++) {
        if (!is_ready(model, step, &model->members[i])) {
            return false;
        }
    }
    return true;
}

static bool all_in(const struct auto_memory *memory, const struct model *model)
{
    unsigned there = 0;

    for (uint16_t i = 0; i < model->member_count; i++) {
        const struct model_member *member = &model->members[i];

        there +=
            member->state == MEMBER_ADMITTED && member->named && (member->present || member->me)
                ? 1
                : 0;
    }
    return there >= memory->people;
}

static bool ask(struct auto_memory *memory, const struct model_step *step, const char *intent,
                const char *says, struct auto_action *action)
{
    bool closing = memory->asked_state == STEP_OPEN && step->state == STEP_CLOSED;

    if (memory->asked && memory->asked_step == step->number &&
        (memory->asked_state == step->state || closing)) {
        return false; /* on its way; a release closes first */
    }
    memory->asked = true;
    memory->asked_step = step->number;
    memory->asked_state = step->state;
    action->intent = intent;
    action->says = says;
    action->step = step->number;
    action->values.step = step->number;
    return true;
}

static bool conclude(struct auto_memory *memory, const struct model *model,
                     const struct model_step *step, struct auto_action *action)
{
    if (fields_kind(model, step) != FIELDS_NOTE || step->note_count > 0 ||
        (memory->did[step->number] & AUTO_DID_NOTE) != 0) {
        return false;
    }
    memory->did[step->number] |= AUTO_DID_NOTE;
    action->intent = "note";
    action->says = SAY_LATER("writes what the group concludes");
    action->step = step->number;
    action->values.step = step->number;
    action->values.text = auto_text(memory, model, step->number, 0, action->texts[0]);
    return true;
}

/* Is the note that was written there by now? */
static bool is_concluded(const struct auto_memory *memory, const struct model_step *step)
{
    return (memory->did[step->number] & AUTO_DID_NOTE) == 0 || step->note_count > 0;
}

/* Have all been ready for a moment? */
static bool is_ripe(struct auto_memory *memory, const struct model *model,
                    const struct model_step *step, uint64_t now_ms, uint64_t *wake_ms_out)
{
    uint64_t beat_ms = step->plan.form == FORM_READ ? 0 : AUTO_BEAT_MS;

    if (!all_ready(model, step) || !is_concluded(memory, step)) {
        memory->ready_since_ms = 0;
        *wake_ms_out = memory->waiting_since_ms + AUTO_PATIENCE_MS;
        return now_ms >= *wake_ms_out;
    }
    if (memory->ready_since_ms == 0) {
        memory->ready_since_ms = now_ms;
    }
    *wake_ms_out = memory->ready_since_ms + beat_ms;
    return now_ms >= *wake_ms_out;
}

static bool lead_open_step(struct auto_memory *memory, const struct model *model,
                           const struct model_step *step, uint64_t now_ms,
                           struct auto_action *action, uint64_t *wake_ms_out)
{
    if (memory->waiting_step != step->number) {
        memory->waiting_step = step->number;
        memory->waiting_since_ms = now_ms;
        memory->ready_since_ms = 0;
    }
    if (conclude(memory, model, step, action)) {
        return true;
    }
    if (!is_ripe(memory, model, step, now_ms, wake_ms_out)) {
        return false;
    }
    *wake_ms_out = 0; /* what is asked for now comes as news */
    return is_released(step)
               ? ask(memory, step, "release", SAY_LATER("shares the answers"), action)
               : ask(memory, step, "close", SAY_LATER("closes it"), action);
}

bool auto_facilitator_next(struct auto_memory *memory, const struct model *model,
                           uint64_t now_ms, struct auto_action *action, uint64_t *wake_ms_out)
{
    const struct model_step *step = NULL;

    for (uint16_t i = 0; i < model->step_count && step == NULL; i++) {
        step = is_finished(&model->steps[i]) ? NULL : &model->steps[i];
    }
    if (step == NULL) {
        if (memory->asked_end) {
            return false;
        }
        memory->asked_end = true;
        action->intent = "end";
        action->says = SAY_LATER("ends the session");
        return true;
    }
    switch (step->state) {
    case STEP_UNOPENED:
        return (model->here > 0 || all_in(memory, model)) &&
               ask(memory, step, "open", SAY_LATER("opens it"), action);
    case STEP_OPEN:
        return lead_open_step(memory, model, step, now_ms, action, wake_ms_out);
    case STEP_CLOSED:
        return ask(memory, step, "release", SAY_LATER("shares the answers"), action);
    case STEP_RELEASED:
    case STEP_SKIPPED:
        break;
    }
    return false;
}

/* What simulated members do next: all of them, and the observer. */
#include <string.h>

#include "client/faces/auto.h"
#include "client/faces/fields.h"
#include "client/say.h"
#include "common/text.h"

const char *auto_text(const struct auto_memory *memory, const struct model *model,
                      uint16_t step, uint16_t n, char out[AUTO_TEXT_BYTES_MAX])
{
    const char *sample = memory->samples.text == NULL
                             ? NULL
                             : memory->samples.text(memory->samples.context, step, n);

    if (sample != NULL) {
        text_cut(sample, out, AUTO_TEXT_BYTES_MAX);
    } else {
        (void)snprintf(out, AUTO_TEXT_BYTES_MAX,
                       SAY("%s has thought about step %u, and writes this."), model->name,
                       (unsigned)step);
    }
    return out;
}

void auto_forget_asked(struct auto_memory *memory)
{
    memory->asked = false;
    memory->asked_end = false;
    for (uint16_t i = 0; i <= STEPS_MAX; i++) { /* marks are not kept over a lost line */
        memory->did[i] &= (uint8_t) ~(unsigned)AUTO_DID_DONE;
    }
}

static bool act(struct auto_action *action, const char *intent, const struct model_step *step,
                const char *says)
{
    action->intent = intent;
    action->says = says;
    action->step = step == NULL ? 0 : step->number;
    action->values.step = action->step;
    return true;
}

static void remember(struct auto_memory *memory, const struct model_step *step, unsigned what)
{
    memory->did[step->number] |= (uint8_t)what;
}

static bool did(const struct auto_memory *memory, const struct model_step *step, unsigned what)
{
    return (memory->did[step->number] & what) != 0;
}

/* ---- answers ---- */

/* Some send their first sentence, and the rest soon after: a second edit. */
static bool thinks_again(const struct model *model, const struct model_step *step)
{
    return (model->me + step->number) % 3 == 0 && step->plan.sharing != SHARING_NEVER;
}

static void cut_to_sentence(char *text)
{
    char *end = strstr(text, ". ");

    if (end != NULL) {
        end[1] = '\0';
    }
}

static void fill_in(const struct auto_memory *memory, const struct model *model,
                    const struct model_step *step, struct auto_action *action)
{
    uint16_t count = fields_count(step);

    if (fields_has_option(step)) {
        action->values.option =
            (uint16_t)(1 + (unsigned)(model->me + step->number) % step->option_count);
    }
    action->values.field_count = count;
    for (uint16_t i = 0; i < count; i++) {
        const char *text = auto_text(memory, model, step->number, (uint16_t)(model->me - 1 + i),
                                     action->texts[i]);

        if (step->plan.form == FORM_COMMITMENT && i == 1) {
            text = SAY("within two weeks");
        }
        action->values.fields[i] = text;
    }
}

static bool answer_at(struct auto_memory *memory, const struct model *model,
                      const struct model_step *step, struct auto_action *action)
{
    const struct model_own *own = fields_own(step);

    if (!did(memory, step, AUTO_DID_ANSWER) &&
        (own == NULL || own->state == ANSWER_NONE || own->state == ANSWER_TYPING)) {
        fill_in(memory, model, step, action);
        if (thinks_again(model, step)) {
            cut_to_sentence(action->texts[0]);
        }
        remember(memory, step, AUTO_DID_ANSWER);
        return act(action, "answer", step, SAY_LATER("answers"));
    }
    if (thinks_again(model, step) && !did(memory, step, AUTO_DID_SECOND) && own != NULL &&
        own->state == ANSWER_SAVED) {
        fill_in(memory, model, step, action);
        remember(memory, step, AUTO_DID_SECOND);
        return act(action, "answer", step, SAY_LATER("changes the answer"));
    }
    return false;
}

static bool mark_done(struct auto_memory *memory, const struct model_step *step,
                      struct auto_action *action, const char *says)
{
    if (step->done || did(memory, step, AUTO_DID_DONE)) {
        return false;
    }
    remember(memory, step, AUTO_DID_DONE);
    return act(action, "done", step, says);
}

bool auto_member_next(struct auto_memory *memory, const struct model *model,
                      struct auto_action *action)
{
    if (model->gate_text > 0 && !model->gate_confirmed && !memory->confirmed) {
        memory->confirmed = true;
        return act(action, "confirm", NULL, SAY_LATER("agrees to what was agreed"));
    }
    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];
        const struct model_own *own = fields_own(step);

        if (step->state != STEP_OPEN) {
            continue;
        }
        if (step->plan.form == FORM_READ && !model->facilitator &&
            mark_done(memory, step, action, SAY_LATER("has read it"))) {
            return true;
        }
        if (fields_kind(model, step) != FIELDS_ANSWER) {
            continue;
        }
        if (answer_at(memory, model, step, action)) {
            return true;
        }
        if (own != NULL && own->state == ANSWER_KEPT &&
            mark_done(memory, step, action, SAY_LATER("is done"))) {
            return true;
        }
    }
    return false;
}

/* ---- the observer ---- */

static uint16_t first_with(const struct model *model, enum role role)
{
    for (uint16_t i = 0; i < model->member_count; i++) {
        const struct model_member *member = &model->members[i];

        if (member->state == MEMBER_ADMITTED && member->role == role && !member->me) {
            return member->number;
        }
    }
    return 0;
}

static bool message(const struct model *model, enum role role, bool *told, const char *text,
                    struct auto_action *action, const char *says)
{
    uint16_t who = first_with(model, role);

    if (*told || who == 0) {
        return false;
    }
    *told = true;
    action->values.people_count = 1;
    action->values.people[0] = who;
    action->values.text = text;
    return act(action, "message", NULL, says);
}

static bool has_reported(const struct model *model, const struct model_step *step)
{
    for (uint32_t i = 0; i < model->report_count; i++) {
        if (model->reports[i].step == step->number && model->reports[i].mine) {
            return true;
        }
    }
    return false;
}

static bool observe_step(struct auto_memory *memory, const struct model *model,
                         const struct model_step *step, struct auto_action *action)
{
    if (fields_kind(model, step) == FIELDS_REPORT && !did(memory, step, AUTO_DID_REPORT) &&
        !has_reported(model, step)) {
        remember(memory, step, AUTO_DID_REPORT);
        action->values.text = auto_text(memory, model, step->number, 0, action->texts[0]);
        return act(action, "report", step, SAY_LATER("reports to the group"));
    }
    if (step->here && !did(memory, step, AUTO_DID_JOT)) {
        remember(memory, step, AUTO_DID_JOT);
        action->values.text = SAY("I notice who speaks first, and who waits.");
        return act(action, "jot", step, SAY_LATER("writes a note to itself"));
    }
    return false;
}

bool auto_observer_next(struct auto_memory *memory, const struct model *model,
                        struct auto_action *action)
{
    unsigned opened = 0;

    if (model->role != ROLE_OBSERVER) {
        return false;
    }
    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];

        opened += step->opened_ms > 0 ? 1 : 0;
        if (step->state == STEP_OPEN && observe_step(memory, model, step, action)) {
            return true;
        }
    }
    return (opened >= 2 &&
            message(model, ROLE_FACILITATOR, &memory->told_facilitator,
                    SAY("The group drifts into causes; this step is about what happened."),
                    action, SAY_LATER("writes privately to the facilitator"))) ||
           (opened >= 3 && message(model, ROLE_PARTICIPANT, &memory->told_participant,
                                   SAY("You brought the group back to the text. That helped."),
                                   action, SAY_LATER("writes privately to a participant")));
}

/* ---- whoever it is ---- */

bool auto_next(struct auto_memory *memory, const struct model *model, uint64_t now_ms,
               struct auto_action *action, uint64_t *wake_ms_out)
{
    *wake_ms_out = 0;
    action->intent = NULL;
    action->values = (struct intent_values){0};
    action->step = 0;
    if (model->standing != STANDING_MEMBER || model->state != SESSION_RUNNING ||
        !model->connected || !model->caught_up || !model->may_write) {
        return false;
    }
    return auto_member_next(memory, model, action) ||
           auto_observer_next(memory, model, action) ||
           (model->facilitator &&
            auto_facilitator_next(memory, model, now_ms, action, wake_ms_out));
}

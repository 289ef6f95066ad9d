#include "client/faces/care.h"

#include <string.h>

#include "protocol/methods.h"

bool care_runs(const struct care *care)
{
    return care->stage == CARE_STAGE_CALLING || care->stage == CARE_STAGE_TAKING_BACK;
}

static enum care_step care_do(struct care *care)
{
    care->stage = CARE_STAGE_NONE;
    care->due_ms = 0;
    return CARE_DO;
}

bool care_awaits(const struct model *model, const struct model_mark *mark)
{
    const struct model_member *member = model_member(model, mark->member);
    bool writes = (mark->marks & MESSAGE_MARK_WRITING) != 0;
    bool finished = (mark->marks & (MESSAGE_MARK_ANSWERED | MESSAGE_MARK_DONE)) != 0;

    if (!mark->expected || member == NULL) {
        return false;
    }
    return writes || (!finished && member->present && !member->me);
}

uint32_t care_awaited(const struct model *model, const struct model_step *step)
{
    uint32_t awaited = 0;
    uint32_t finished;

    if (step == NULL || step->state != STEP_OPEN || !session_takes_answers(&step->plan)) {
        return 0;
    }
    for (uint16_t i = 0; i < step->mark_count; i++) {
        awaited += care_awaits(model, &step->marks[i]);
    }
    if (step->mark_count > 0) {
        return awaited;
    }
    finished = step->plan.sharing == SHARING_NEVER ? step->counts.done : step->counts.answered;
    awaited = step->counts.expected > finished ? step->counts.expected - finished : 0;
    return awaited > step->counts.writing ? awaited : step->counts.writing;
}

static void count(struct care *care, const struct model *model)
{
    const struct model_step *step = model_step(model, care->step);

    care->awaited = care_awaited(model, step);
    care->writing = care->awaited == 0 ? 0 : step->counts.writing;
}

static enum care_step call_or_do(struct care *care, const struct model *model, uint64_t now_ms)
{
    if (care->intent->care == CARE_LAST_CALL) {
        count(care, model);
    }
    if (care->awaited == 0) {
        return care_do(care);
    }
    care->stage = CARE_STAGE_CALLING;
    care->due_ms = now_ms + CARE_LAST_CALL_MS;
    return CARE_CALL;
}

static enum care_step ask(struct care *care)
{
    care->stage = CARE_STAGE_ASKING;
    return CARE_SAY;
}

static enum care_step take_back(struct care *care, uint64_t now_ms)
{
    care->stage = CARE_STAGE_TAKING_BACK;
    care->due_ms = now_ms + CARE_TAKE_BACK_MS;
    return CARE_SAY;
}

/* Would the group leave an open step that not all have answered? */
static bool leaves_unready(const struct care *care, const struct model *model)
{
    const struct model_step *here = model_step(model, model->here);
    uint32_t ready;

    if (care->intent->care != CARE_TAKE_BACK || here == NULL || here->state != STEP_OPEN ||
        care->step == here->number) {
        return false;
    }
    ready =
        here->counts.answered > here->counts.done ? here->counts.answered : here->counts.done;
    return ready < here->counts.expected;
}

enum care_step care_begin(struct care *care, const struct intent *intent,
                          const struct intent_values *values, const struct model *model,
                          uint64_t now_ms)
{
    const struct model_step *step = intent_step(values, model);

    *care = (struct care){.intent = intent, .values = *values};
    care->values.text = NULL;
    care->values.field_count = 0;
    care->values.line_count = 0;
    /* `next` names no step: it leaves the one the group is on */
    care->step = step == NULL || strcmp(intent->name, "next") == 0 ? 0 : step->number;
    switch (intent->care) {
    case CARE_NONE:
        return care_do(care);
    case CARE_ASK:
        return ask(care);
    case CARE_LAST_CALL:
        return intent->question != NULL ? ask(care) : call_or_do(care, model, now_ms);
    case CARE_TAKE_BACK:
        care->unready = leaves_unready(care, model);
        return care->unready ? ask(care) : take_back(care, now_ms);
    }
    return care_do(care);
}

enum care_step care_yes(struct care *care, const struct model *model, uint64_t now_ms)
{
    if (care->stage != CARE_STAGE_ASKING) {
        return CARE_WAIT;
    }
    if (care->intent->care == CARE_TAKE_BACK) {
        return take_back(care, now_ms);
    }
    return call_or_do(care, model, now_ms);
}

enum care_step care_back(struct care *care)
{
    bool called = care->stage == CARE_STAGE_CALLING;

    care->stage = CARE_STAGE_NONE;
    care->due_ms = 0;
    return called ? CARE_CALL_OFF : CARE_WAIT;
}

enum care_step care_longer(struct care *care, uint64_t now_ms)
{
    if (care->stage != CARE_STAGE_CALLING) {
        return CARE_WAIT;
    }
    care->due_ms = now_ms + CARE_LAST_CALL_MS;
    return CARE_CALL;
}

enum care_step care_now(struct care *care)
{
    if (care->stage != CARE_STAGE_CALLING && care->stage != CARE_STAGE_TAKING_BACK) {
        return CARE_WAIT; /* a question is not answered by hurry */
    }
    return care_do(care);
}

enum care_step care_tick(struct care *care, const struct model *model, uint64_t now_ms)
{
    if (care->stage == CARE_STAGE_CALLING) {
        count(care, model);
        return care->awaited == 0 || now_ms >= care->due_ms ? care_do(care) : CARE_WAIT;
    }
    if (care->stage == CARE_STAGE_TAKING_BACK && now_ms >= care->due_ms) {
        return care_do(care);
    }
    return CARE_WAIT;
}

#include "client/faces/fields.h"

#include <stdio.h>

#include "client/say.h"
#include "common/text.h"

enum fields_kind fields_kind(const struct model *model, const struct model_step *step)
{
    if (step == NULL || model->standing != STANDING_MEMBER || model->state == SESSION_ENDED) {
        return FIELDS_NONE;
    }
    if (step->may_note && (step->state == STEP_OPEN || step->state == STEP_CLOSED)) {
        return FIELDS_NOTE;
    }
    if (step->state == STEP_OPEN && step->plan.form == FORM_REPORT) {
        return model->role == ROLE_OBSERVER ? FIELDS_REPORT : FIELDS_NONE;
    }
    return step->state == STEP_OPEN && step->may_answer && session_takes_answers(&step->plan)
               ? FIELDS_ANSWER
               : FIELDS_NONE;
}

uint16_t fields_count(const struct model_step *step)
{
    uint16_t least = step->plan.form == FORM_COMMITMENT ? 2 : 1;

    if (fields_has_option(step) || step->item_count < least) {
        return least;
    }
    return step->item_count < CONTENT_FIELDS_MAX ? step->item_count : CONTENT_FIELDS_MAX;
}

bool fields_has_option(const struct model_step *step)
{
    return step->plan.form == FORM_CHOICE && step->option_count > 0;
}

static const char *name_of(const struct model_step *step, enum fields_kind kind, uint16_t field)
{
    if (kind == FIELDS_NOTE) {
        return SAY("note");
    }
    if (kind == FIELDS_REPORT) {
        return SAY("report");
    }
    if (fields_has_option(step)) {
        return SAY("reason");
    }
    if (field < step->item_count && step->items[field].label[0] != '\0') {
        return step->items[field].label;
    }
    if (step->plan.form == FORM_COMMITMENT) {
        return field == 0 ? SAY("what") : SAY("by when");
    }
    return step->item_count < 2 && step->label[0] != '\0' ? step->label : "";
}

void fields_name(const struct model_step *step, enum fields_kind kind, uint16_t field,
                 char out[FIELDS_NAME_BYTES])
{
    const char *name = name_of(step, kind, field);

    if (name[0] == '\0' && fields_count(step) > 1) {
        (void)snprintf(out, FIELDS_NAME_BYTES, SAY("part %u"), (unsigned)field + 1);
    } else if (name[0] == '\0') {
        (void)snprintf(out, FIELDS_NAME_BYTES, "%s", SAY("answer"));
    } else {
        text_cut(name, out, FIELDS_NAME_BYTES);
    }
}

const struct model_own *fields_own(const struct model_step *step)
{
    for (uint16_t i = 0; i < step->own_count; i++) {
        if (step->own[i].behalf == 0) {
            return &step->own[i];
        }
    }
    return NULL;
}

bool fields_any(const struct model_own *own)
{
    if (own == NULL) {
        return false;
    }
    for (uint16_t i = 0; i < own->field_count; i++) {
        if (own->fields[i][0] != '\0') {
            return true;
        }
    }
    return own->option > 0;
}

#include "client/guide/guide.h"

#include <assert.h>
#include <string.h>

#include "client/guide/shapes.h"

/* The word of a value; values begin at 1, 0 is _UNSET. */
static const char *guide_word(const char *const *words, unsigned value)
{
    return value == 0 ? NULL : words[value - 1];
}

const char *guide_kind_word(enum guide_kind kind)
{
    return guide_word(shapes_kinds, kind);
}

const char *guide_who_word(enum guide_who who)
{
    return guide_word(shapes_whos, who);
}

const char *guide_work_word(enum guide_work work)
{
    return guide_word(shapes_works, work);
}

const char *guide_share_word(enum guide_share share)
{
    return guide_word(shapes_shares, share);
}

const char *guide_language_word(enum guide_language language)
{
    return guide_word(shapes_languages, language);
}

enum guide_who guide_step_who(const struct guide_step *step)
{
    if (step->who != GUIDE_WHO_UNSET) {
        return step->who;
    }
    return step->kind == GUIDE_REPORT ? GUIDE_WHO_OBSERVER : GUIDE_WHO_PARTICIPANTS;
}

enum guide_work guide_step_work(const struct guide_step *step)
{
    if (step->work != GUIDE_WORK_UNSET) {
        return step->work;
    }
    return step->kind == GUIDE_DISCUSSION || step->kind == GUIDE_AGREEMENT
               ? GUIDE_WORK_PLENARY
               : GUIDE_WORK_INDIVIDUAL;
}

enum guide_share guide_step_share(const struct guide_step *step)
{
    return step->share != GUIDE_SHARE_UNSET ? step->share : GUIDE_SHARE_NAMED;
}

bool guide_kind_is_answered(enum guide_kind kind)
{
    switch (kind) {
    case GUIDE_QUESTION:
    case GUIDE_CHOICE:
    case GUIDE_FORM:
    case GUIDE_COMPLETION:
    case GUIDE_PERSPECTIVES:
    case GUIDE_COMPARISON:
    case GUIDE_COMMITMENT:
        return true;
    case GUIDE_KIND_UNSET:
    case GUIDE_READ:
    case GUIDE_DISCUSSION:
    case GUIDE_AGREEMENT:
    case GUIDE_FOLLOW_UP:
    case GUIDE_REPORT:
        return false;
    }
    assert(false);
    return false;
}

const struct guide_phase *guide_find_phase(const struct guide *guide, const char *id)
{
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        if (strcmp(guide->phases.at[i].id.text, id) == 0) {
            return &guide->phases.at[i];
        }
    }
    return NULL;
}

const struct guide_step *guide_find_step(const struct guide *guide, const char *id)
{
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_steps *steps = &guide->phases.at[i].steps;

        for (uint32_t j = 0; j < steps->count; j++) {
            if (strcmp(steps->at[j].id.text, id) == 0) {
                return &steps->at[j];
            }
        }
    }
    return NULL;
}

const struct guide_list *guide_find_list(const struct guide *guide, const char *id)
{
    for (uint32_t i = 0; i < guide->lists.count; i++) {
        if (strcmp(guide->lists.at[i].id.text, id) == 0) {
            return &guide->lists.at[i];
        }
    }
    return NULL;
}

const struct guide_background *guide_find_background(const struct guide *guide, const char *id)
{
    for (uint32_t i = 0; i < guide->background.count; i++) {
        if (strcmp(guide->background.at[i].id.text, id) == 0) {
            return &guide->background.at[i];
        }
    }
    return NULL;
}

const struct guide_route *guide_find_route(const struct guide *guide, const char *id)
{
    for (uint32_t i = 0; i < guide->routes.count; i++) {
        if (strcmp(guide->routes.at[i].id.text, id) == 0) {
            return &guide->routes.at[i];
        }
    }
    return NULL;
}

const struct guide_slot *guide_find_slot(const struct guide_slots *slots, const char *id)
{
    for (uint32_t i = 0; i < slots->count; i++) {
        if (strcmp(slots->at[i].id.text, id) == 0) {
            return &slots->at[i];
        }
    }
    return NULL;
}

const struct guide_choice *guide_find_choice(const struct guide_choices *choices,
                                             const char *id)
{
    for (uint32_t i = 0; i < choices->count; i++) {
        if (strcmp(choices->at[i].id.text, id) == 0) {
            return &choices->at[i];
        }
    }
    return NULL;
}

const struct guide_texts *guide_phase_attention(const struct guide *guide,
                                                const struct guide_phase *phase)
{
    const struct guide_list *list;

    if (phase->attention.list.text == NULL) {
        return phase->attention.lines.count == 0 ? NULL : &phase->attention.lines;
    }
    list = guide_find_list(guide, phase->attention.list.text);
    return list == NULL ? NULL : &list->lines;
}

bool guide_texts_have(const struct guide_texts *texts, const char *id)
{
    for (uint32_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->at[i].text, id) == 0) {
            return true;
        }
    }
    return false;
}

#include <string.h>

#include "client/guide/resolve_internal.h"

const char *resolve_material(const struct resolver *resolver, const char *slot,
                             bool *from_case_out)
{
    const struct guide_slot *found = NULL;

    if (resolver->case_file != NULL) {
        found = guide_find_slot(&resolver->case_file->materials, slot);
    }
    *from_case_out = found != NULL;
    if (found == NULL) {
        found = guide_find_slot(&resolver->guide->materials, slot);
    }
    return found == NULL ? NULL : found->text.text;
}

const struct guide_choice *resolve_choice(const struct resolver *resolver, const char *slot,
                                          bool *from_case_out)
{
    const struct guide_choice *found = NULL;

    if (resolver->case_file != NULL) {
        found = guide_find_choice(&resolver->case_file->choices, slot);
    }
    *from_case_out = found != NULL;
    return found != NULL ? found : guide_find_choice(&resolver->guide->choices, slot);
}

const char *resolve_explanation(const struct resolver *resolver, const char *slot,
                                bool *from_case_out)
{
    const struct guide_slot *found = NULL;

    if (resolver->case_file != NULL) {
        found = guide_find_slot(&resolver->case_file->explanations, slot);
    }
    *from_case_out = found != NULL;
    if (found == NULL) {
        found = guide_find_slot(&resolver->guide->explanations, slot);
    }
    return found == NULL ? NULL : found->text.text;
}

void resolve_lack(struct resolver *resolver, enum resolved_lack_kind kind,
                  const struct guide_step *step, const char *slot, struct place place)
{
    struct resolved *resolved = resolver->resolved;

    resolved->lacks[resolved->lack_count++] =
        (struct resolved_lack){.kind = kind, .step = step, .slot = slot, .place = place};
}

/* Without a case its portions are told, and so are there to be needed. */
static bool resolve_is_told(const struct resolver *resolver, const char *slot)
{
    if (resolver->case_file != NULL) {
        return false;
    }
    for (uint32_t i = 0; i < resolver->guide->phases.count; i++) {
        const struct guide_steps *steps = &resolver->guide->phases.at[i].steps;

        for (uint32_t j = 0; j < steps->count; j++) {
            if (steps->at[j].kind == GUIDE_READ &&
                strcmp(steps->at[j].material.text, slot) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The first of needs that neither case nor guide has; NULL when all are there. */
const struct guide_text *resolve_missing(const struct resolver *resolver,
                                         const struct guide_texts *needs)
{
    bool from_case;

    for (uint32_t i = 0; i < needs->count; i++) {
        const char *slot = needs->at[i].text;

        if (resolve_material(resolver, slot, &from_case) == NULL &&
            resolve_choice(resolver, slot, &from_case) == NULL &&
            !resolve_is_told(resolver, slot)) {
            return &needs->at[i];
        }
    }
    return NULL;
}

const struct resolved_step *resolved_find_step(const struct resolved *resolved, const char *id)
{
    for (uint32_t i = 0; i < resolved->step_count; i++) {
        if (strcmp(resolved->steps[i].id, id) == 0) {
            return &resolved->steps[i];
        }
    }
    return NULL;
}

const struct resolved_explanation *resolved_find_explanation(const struct resolved *resolved,
                                                             const char *slot)
{
    for (uint32_t i = 0; i < resolved->explanation_count; i++) {
        if (strcmp(resolved->explanations[i].slot, slot) == 0) {
            return &resolved->explanations[i];
        }
    }
    return NULL;
}

const char *resolved_find_material(const struct resolved *resolved, const char *slot)
{
    const struct resolver resolver = {.guide = resolved->guide,
                                      .case_file = resolved->case_file};
    bool from_case;

    return resolve_material(&resolver, slot, &from_case);
}

const struct guide_choice *resolved_find_choice(const struct resolved *resolved,
                                                const char *slot)
{
    const struct resolver resolver = {.guide = resolved->guide,
                                      .case_file = resolved->case_file};
    bool from_case;

    return resolve_choice(&resolver, slot, &from_case);
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/guide/resolve_internal.h"

enum {
    RESOLVE_ARENA_BYTES_MAX = 64 * 1024 * 1024,
    /* A step can lack itself, every beside, every need of every item, and an explanation. */
    RESOLVE_LACKS_PER_STEP_MAX = 3 + GUIDE_REFERENCES_MAX + GUIDE_ITEMS_MAX,
    RESOLVE_LABEL_BYTES_MAX = 12,
};

void resolved_destroy(struct resolved *resolved)
{
    if (resolved != NULL) {
        arena_destroy(resolved->arena);
    }
}

static bool resolve_is_left_out(const struct resolver *resolver, const struct guide_step *step)
{
    const struct guide_phase *phase = &resolver->guide->phases.at[resolver->phase];

    return resolver->route != NULL &&
           (guide_texts_have(&resolver->route->leave_out, phase->id.text) ||
            guide_texts_have(&resolver->route->leave_out, step->id.text));
}

static bool resolve_has_all_materials(struct resolver *resolver, const struct guide_step *step)
{
    bool from_case;

    for (uint32_t i = 0; i < step->materials.count; i++) {
        const struct guide_text *slot = &step->materials.at[i];

        if (resolve_material(resolver, slot->text, &from_case) == NULL) {
            resolve_lack(resolver, RESOLVED_LACK_MATERIAL, step, slot->text, slot->place);
            return false;
        }
    }
    return true;
}

static uint32_t resolve_items_left(const struct resolver *resolver,
                                   const struct guide_step *step)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < step->items.count; i++) {
        count += resolve_missing(resolver, &step->items.at[i].needs) == NULL;
    }
    return count;
}

/* Is the step played at all? Says why not. */
static bool resolve_is_played(struct resolver *resolver, const struct guide_step *step)
{
    const struct guide_text *need = resolve_missing(resolver, &step->needs);
    bool from_case;

    if (resolve_is_left_out(resolver, step)) {
        return false;
    }
    if (need != NULL) {
        resolve_lack(resolver, RESOLVED_LACK_NEED, step, need->text, need->place);
        return false;
    }
    if (step->kind == GUIDE_READ && resolver->case_file != NULL &&
        resolve_material(resolver, step->material.text, &from_case) == NULL) {
        resolve_lack(resolver, RESOLVED_LACK_MATERIAL, step, step->material.text,
                     step->material.place);
        return false;
    }
    if (step->kind == GUIDE_PERSPECTIVES &&
        (resolver->case_file == NULL || resolver->case_file->people.count == 0)) {
        resolve_lack(resolver, RESOLVED_LACK_PEOPLE, step, NULL, step->place);
        return false;
    }
    if (step->kind == GUIDE_FOLLOW_UP && !resolver->follows) {
        resolve_lack(resolver, RESOLVED_LACK_FORMER, step, NULL, step->place);
        return false;
    }
    if (step->items.count > 0 && resolve_items_left(resolver, step) == 0) {
        resolve_lack(resolver, RESOLVED_LACK_ALL_ITEMS, step, NULL, step->items.place);
        return false;
    }
    return resolve_has_all_materials(resolver, step);
}

static enum status resolve_label(struct resolver *resolver, const struct guide_step *source,
                                 struct resolved_step *step)
{
    char label[RESOLVE_LABEL_BYTES_MAX];
    char *end;

    if (source->label.text != NULL) {
        unsigned long number = strtoul(source->label.text, &end, 10);

        /* A number of the guide's own is where counting goes on from. */
        if (*end == '\0' && number > 0 && number <= GUIDE_STEPS_MAX) {
            resolver->label_last = (uint32_t)number;
        }
        step->label = strcmp(source->label.text, "none") == 0 ? NULL : source->label.text;
        return STATUS_OK;
    }
    if (source->kind != GUIDE_QUESTION && source->kind != GUIDE_CHOICE) {
        return STATUS_OK;
    }
    (void)snprintf(label, sizeof label, "%u", ++resolver->label_last);
    step->label = arena_copy(resolver->resolved->arena, label, strlen(label));
    return step->label == NULL ? STATUS_NOMEM : STATUS_OK;
}

static enum status resolve_items(struct resolver *resolver, const struct guide_step *source,
                                 struct resolved_step *step)
{
    uint32_t count = resolve_items_left(resolver, source);

    if (source->items.count == 0) {
        return STATUS_OK;
    }
    step->items = arena_alloc(resolver->resolved->arena, count, sizeof *step->items);
    if (step->items == NULL) {
        return STATUS_NOMEM;
    }
    for (uint32_t i = 0; i < source->items.count; i++) {
        const struct guide_item *item = &source->items.at[i];
        const struct guide_text *need = resolve_missing(resolver, &item->needs);
        char letter[2] = {(char)('a' + step->item_count), '\0'};

        if (need != NULL) {
            resolve_lack(resolver, RESOLVED_LACK_ITEM, source, need->text, need->place);
            continue;
        }
        step->items[step->item_count] = (struct resolved_item){
            .label = arena_copy(resolver->resolved->arena, letter, 1), .text = item->text.text};
        if (step->items[step->item_count++].label == NULL) {
            return STATUS_NOMEM;
        }
    }
    return STATUS_OK;
}

static bool resolve_is_in_group(const struct case_person *person, const char *per)
{
    return strcmp(per, "people") == 0 ||
           (person->group.text != NULL && strcmp(person->group.text, per) == 0);
}

/* One field per person of the case, or of one group of them. */
static enum status resolve_people(struct resolver *resolver, const struct guide_step *source,
                                  struct resolved_step *step)
{
    const struct case_file *case_file = resolver->case_file;

    if (source->per.text == NULL) {
        return STATUS_OK;
    }
    if (case_file != NULL && case_file->people.count > 0) {
        step->items = arena_alloc(resolver->resolved->arena, case_file->people.count,
                                  sizeof *step->items);
        if (step->items == NULL) {
            return STATUS_NOMEM;
        }
        for (uint32_t i = 0; i < case_file->people.count; i++) {
            if (resolve_is_in_group(&case_file->people.at[i], source->per.text)) {
                step->items[step->item_count++].text = case_file->people.at[i].name.text;
            }
        }
    }
    if (step->item_count == 0) {
        resolve_lack(resolver, RESOLVED_LACK_GROUP, source, source->per.text,
                     source->per.place);
    } else {
        step->from_case = true;
    }
    return STATUS_OK;
}

/* What comes from the case for one kind, and what the kind becomes without it. */
static void resolve_kind(struct resolver *resolver, const struct guide_step *source,
                         struct resolved_step *step)
{
    bool from_case = false;

    if (source->kind == GUIDE_READ) {
        step->material_slot = source->material.text;
        step->material = resolve_material(resolver, source->material.text, &from_case);
        if (step->material == NULL) {
            step->kind = GUIDE_DISCUSSION;
            step->work = GUIDE_WORK_PLENARY;
            step->told = true;
            step->text = source->text.text != NULL ? source->text.text : source->ask.text;
            resolve_lack(resolver, RESOLVED_LACK_PORTION, source, source->material.text,
                         source->material.place);
        }
    } else if (source->kind == GUIDE_CHOICE) {
        step->choice = resolve_choice(resolver, source->choice.text, &from_case);
        if (step->choice == NULL) {
            step->kind = GUIDE_QUESTION;
            resolve_lack(resolver, RESOLVED_LACK_OPTIONS, source, source->choice.text,
                         source->choice.place);
        }
    } else if (source->kind == GUIDE_COMPARISON) {
        for (uint32_t i = 0; i < source->materials.count; i++) {
            (void)resolve_material(resolver, source->materials.at[i].text, &from_case);
            step->from_case = step->from_case || from_case;
        }
    }
    step->from_case =
        step->from_case || from_case || step->told || source->kind == GUIDE_PERSPECTIVES;
}

static enum status resolve_step(struct resolver *resolver, const struct guide_step *source)
{
    struct resolved *resolved = resolver->resolved;
    struct resolved_step *step = &resolved->steps[resolved->step_count];
    enum status status;

    if (source->section.text != NULL) {
        resolver->section = source->section.text;
    }
    if (!resolve_is_played(resolver, source)) {
        return STATUS_OK;
    }
    *step = (struct resolved_step){
        .source = source,
        .phase = resolver->phase,
        .kind = source->kind,
        .who = guide_step_who(source),
        .work = guide_step_work(source),
        .share = guide_step_share(source),
        .talk = source->talk,
        .id = source->id.text,
        .title = source->title.text,
        .section = resolver->section,
        .text = source->text.text,
        .tip = source->tip.text,
        .minutes = source->minutes,
        .explanation = -1,
    };
    resolve_kind(resolver, source, step);
    status = resolve_label(resolver, source, step);
    status = status != STATUS_OK ? status : resolve_items(resolver, source, step);
    status = status != STATUS_OK ? status : resolve_people(resolver, source, step);
    status = status != STATUS_OK ? status : resolve_beside(resolver, source, step);
    resolved->minutes += step->minutes;
    resolved->step_count++;
    return status;
}

/* Gathers the steps of one explanation, beginning at the first that names it. */
static enum status resolve_unlocking(struct resolver *resolver, uint32_t first)
{
    struct resolved *resolved = resolver->resolved;
    const struct guide_text *slot = &resolved->steps[first].source->explanation;
    struct resolved_explanation *explanation =
        &resolved->explanations[resolved->explanation_count];
    bool from_case;
    const char *text = resolve_explanation(resolver, slot->text, &from_case);
    uint32_t count = 0;

    if (text == NULL) {
        resolve_lack(resolver, RESOLVED_LACK_EXPLANATION, resolved->steps[first].source,
                     slot->text, slot->place);
        return STATUS_OK;
    }
    explanation->steps =
        arena_alloc(resolved->arena, resolved->step_count - first, sizeof(uint32_t));
    if (explanation->steps == NULL) {
        return STATUS_NOMEM;
    }
    for (uint32_t i = first; i < resolved->step_count; i++) {
        struct resolved_step *step = &resolved->steps[i];

        if (step->source->explanation.text != NULL &&
            strcmp(step->source->explanation.text, slot->text) == 0) {
            step->explanation = (int32_t)resolved->explanation_count;
            step->from_case = step->from_case || from_case;
            explanation->steps[count++] = i;
        }
    }
    explanation->slot = slot->text;
    explanation->text = text;
    explanation->step_count = count;
    resolved->explanation_count++;
    return STATUS_OK;
}

/* Is this step the first that names its explanation? */
static bool resolve_names_first(const struct resolved *resolved, uint32_t index)
{
    const char *slot = resolved->steps[index].source->explanation.text;

    for (uint32_t i = 0; slot != NULL && i < index; i++) {
        const char *other = resolved->steps[i].source->explanation.text;

        if (other != NULL && strcmp(other, slot) == 0) {
            return false;
        }
    }
    return slot != NULL;
}

static enum status resolve_explanations(struct resolver *resolver)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < resolver->resolved->step_count && status == STATUS_OK; i++) {
        if (resolve_names_first(resolver->resolved, i)) {
            status = resolve_unlocking(resolver, i);
        }
    }
    return status;
}

static enum status resolve_phases(struct resolver *resolver)
{
    for (uint32_t i = 0; i < resolver->guide->phases.count; i++) {
        const struct guide_steps *steps = &resolver->guide->phases.at[i].steps;

        resolver->phase = i;
        resolver->label_last = 0;
        resolver->section = NULL;
        for (uint32_t j = 0; j < steps->count; j++) {
            enum status status = resolve_step(resolver, &steps->at[j]);

            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return resolve_explanations(resolver);
}

static enum status resolve_prepare(const struct guide *guide, struct resolved **resolved_out)
{
    struct arena *arena = NULL;
    struct resolved *resolved = NULL;
    uint32_t steps = 0;
    enum status status = arena_create(RESOLVE_ARENA_BYTES_MAX, &arena);

    if (status != STATUS_OK) {
        return status;
    }
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        steps += guide->phases.at[i].steps.count;
    }
    resolved = arena_alloc(arena, 1, sizeof *resolved);
    if (resolved != NULL) {
        resolved->arena = arena;
        resolved->steps = arena_alloc(arena, steps, sizeof *resolved->steps);
        resolved->explanations = arena_alloc(arena, steps, sizeof *resolved->explanations);
        resolved->lacks = arena_alloc(arena, (size_t)steps * RESOLVE_LACKS_PER_STEP_MAX,
                                      sizeof *resolved->lacks);
    }
    if (resolved == NULL || resolved->steps == NULL || resolved->explanations == NULL ||
        resolved->lacks == NULL) {
        arena_destroy(arena);
        return STATUS_NOMEM;
    }
    *resolved_out = resolved;
    return STATUS_OK;
}

enum status resolve_session(const struct guide *guide, const struct case_file *case_file,
                            const struct resolve_options *options,
                            struct resolved **resolved_out)
{
    struct resolver resolver = {.guide = guide, .case_file = case_file};
    enum status status;

    if (options != NULL) {
        resolver.follows = options->follows;
        if (options->route != NULL) {
            resolver.route = guide_find_route(guide, options->route);
            if (resolver.route == NULL) {
                return STATUS_NOT_FOUND;
            }
        }
    }
    status = resolve_prepare(guide, &resolver.resolved);
    if (status != STATUS_OK) {
        return status;
    }
    resolver.resolved->guide = guide;
    resolver.resolved->case_file = case_file;
    status = resolve_phases(&resolver);
    if (status != STATUS_OK) {
        resolved_destroy(resolver.resolved);
        return status;
    }
    *resolved_out = resolver.resolved;
    return STATUS_OK;
}

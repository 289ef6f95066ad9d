#include <string.h>

#include "client/guide/resolve_internal.h"

/* The text of a read step, also when a route leaves that step out; what was told instead. */
static bool resolve_beside_read(const struct resolver *resolver, const struct guide_step *read,
                                struct resolved_step *step, struct resolved_beside *beside)
{
    const struct resolved *resolved = resolver->resolved;
    const struct resolved_step *played = resolved_find_step(resolved, read->id.text);
    bool from_case;
    const char *text = resolve_material(resolver, read->material.text, &from_case);

    if (text != NULL) {
        *beside = (struct resolved_beside){.kind = RESOLVED_MATERIAL,
                                           .id = read->material.text,
                                           .title = read->title.text,
                                           .text = text};
        step->from_case = step->from_case || from_case;
        return true;
    }
    if (played == NULL) {
        return false;
    }
    *beside = (struct resolved_beside){.kind = RESOLVED_STEP,
                                       .id = read->id.text,
                                       .title = read->title.text,
                                       .step = (uint32_t)(played - resolved->steps)};
    step->from_case = true;
    return true;
}

/* The read step whose portion this material is, for its title; NULL when none reads it. */
static const struct guide_step *resolve_reader_of(const struct guide *guide, const char *slot)
{
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_steps *steps = &guide->phases.at[i].steps;

        for (uint32_t j = 0; j < steps->count; j++) {
            if (steps->at[j].kind == GUIDE_READ &&
                strcmp(steps->at[j].material.text, slot) == 0) {
                return &steps->at[j];
            }
        }
    }
    return NULL;
}

static bool resolve_beside_id(const struct resolver *resolver, const char *id,
                              struct resolved_step *step, struct resolved_beside *beside)
{
    const struct guide_list *list = guide_find_list(resolver->guide, id);
    const struct guide_step *earlier = guide_find_step(resolver->guide, id);
    const struct resolved_step *played = resolved_find_step(resolver->resolved, id);
    const struct guide_step *reader = resolve_reader_of(resolver->guide, id);
    bool from_case;
    const char *text = resolve_material(resolver, id, &from_case);

    if (list != NULL) {
        *beside = (struct resolved_beside){
            .kind = RESOLVED_LIST, .id = list->id.text, .lines = &list->lines};
        return true;
    }
    if (earlier != NULL && earlier->kind == GUIDE_READ) {
        return resolve_beside_read(resolver, earlier, step, beside);
    }
    if (earlier != NULL) {
        if (played != NULL) {
            *beside = (struct resolved_beside){
                .kind = RESOLVED_STEP,
                .id = played->id,
                .title = played->title,
                .step = (uint32_t)(played - resolver->resolved->steps)};
            step->from_case = step->from_case || played->from_case;
        }
        return played != NULL;
    }
    if (text == NULL && reader != NULL) {
        return resolve_beside_read(resolver, reader, step, beside);
    }
    *beside = (struct resolved_beside){.kind = RESOLVED_MATERIAL,
                                       .id = id,
                                       .title = reader == NULL ? NULL : reader->title.text,
                                       .text = text};
    step->from_case = step->from_case || from_case;
    return text != NULL;
}

/* The default: the text of the nearest read step above in this phase. */
static const struct guide_step *resolve_default_beside(const struct resolver *resolver,
                                                       const struct guide_step *source)
{
    const struct guide_steps *steps = &resolver->guide->phases.at[resolver->phase].steps;

    if (source->kind == GUIDE_READ) {
        return NULL;
    }
    for (const struct guide_step *step = source; step-- != steps->at;) {
        if (step->kind == GUIDE_READ) {
            return step;
        }
    }
    return NULL;
}

enum status resolve_beside(struct resolver *resolver, const struct guide_step *source,
                           struct resolved_step *step)
{
    const struct guide_step *read = resolve_default_beside(resolver, source);
    uint32_t count = source->beside.place.line == 0 ? 1 : source->beside.count;

    step->beside = arena_alloc(resolver->resolved->arena, count, sizeof *step->beside);
    if (step->beside == NULL) {
        return STATUS_NOMEM;
    }
    if (source->beside.place.line == 0) {
        if (read != NULL && resolve_beside_read(resolver, read, step, step->beside)) {
            step->beside_count = 1;
        }
        return STATUS_OK;
    }
    for (uint32_t i = 0; i < source->beside.count; i++) {
        const struct guide_text *id = &source->beside.at[i];

        if (resolve_beside_id(resolver, id->text, step, &step->beside[step->beside_count])) {
            step->beside_count++;
        } else {
            resolve_lack(resolver, RESOLVED_LACK_BESIDE, source, id->text, id->place);
        }
    }
    return STATUS_OK;
}

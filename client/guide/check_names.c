#include "client/guide/check_names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "client/guide/suggest.h"
#include "client/say.h"

enum {
    /* What a step can declare: itself, two materials, a choice, an explanation, its needs. */
    CHECK_NAMES_PER_STEP_MAX = 5 + GUIDE_REFERENCES_MAX,
};

static void check_names_add(struct check_names *names, enum check_kind kind,
                            const struct guide_text *id)
{
    if (id->text != NULL) {
        names->at[names->count] = (struct check_name){
            .id = id->text, .kind = kind, .place = id->place, .order = names->count};
        names->count++;
    }
}

static void check_names_add_all(struct check_names *names, enum check_kind kind,
                                const struct guide_texts *ids)
{
    for (uint32_t i = 0; i < ids->count; i++) {
        check_names_add(names, kind, &ids->at[i]);
    }
}

static void check_names_add_step(struct check_names *names, const struct guide_step *step)
{
    check_names_add(names, CHECK_STEP, &step->id);
    check_names_add(names, CHECK_MATERIAL, &step->material);
    check_names_add_all(names, CHECK_MATERIAL, &step->materials);
    check_names_add(names, CHECK_CHOICE, &step->choice);
    check_names_add(names, CHECK_EXPLANATION, &step->explanation);
    check_names_add_all(names, CHECK_NEED, &step->needs);
    for (uint32_t i = 0; i < step->items.count; i++) {
        check_names_add_all(names, CHECK_NEED, &step->items.at[i].needs);
    }
}

static size_t check_names_bound(const struct guide *guide)
{
    size_t bound = guide->phases.count + guide->lists.count + guide->background.count +
                   guide->materials.count;

    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_steps *steps = &guide->phases.at[i].steps;

        for (uint32_t j = 0; j < steps->count; j++) {
            bound += CHECK_NAMES_PER_STEP_MAX;
            for (uint32_t k = 0; k < steps->at[j].items.count; k++) {
                bound += steps->at[j].items.at[k].needs.count;
            }
        }
    }
    return bound;
}

static int check_names_compare(const void *a, const void *b)
{
    const struct check_name *left = a;
    const struct check_name *right = b;
    int order = strcmp(left->id, right->id);

    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

enum status check_names_gather(const struct guide *guide, struct check_names *names_out)
{
    struct check_names names = {0};

    names.at = arena_alloc(guide->arena, check_names_bound(guide), sizeof *names.at);
    if (names.at == NULL) {
        return STATUS_NOMEM;
    }
    for (uint32_t i = 0; i < guide->lists.count; i++) {
        check_names_add(&names, CHECK_LIST, &guide->lists.at[i].id);
    }
    for (uint32_t i = 0; i < guide->background.count; i++) {
        check_names_add(&names, CHECK_BACKGROUND, &guide->background.at[i].id);
    }
    for (uint32_t i = 0; i < guide->materials.count; i++) {
        check_names_add(&names, CHECK_MATERIAL, &guide->materials.at[i].id);
    }
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_phase *phase = &guide->phases.at[i];

        check_names_add(&names, CHECK_PHASE, &phase->id);
        for (uint32_t j = 0; j < phase->steps.count; j++) {
            check_names_add_step(&names, &phase->steps.at[j]);
        }
    }
    qsort(names.at, names.count, sizeof *names.at, check_names_compare);
    *names_out = names;
    return STATUS_OK;
}

/* The index of the first name that is not before id. */
static uint32_t check_names_lower(const struct check_names *names, const char *id)
{
    uint32_t low = 0;
    uint32_t high = names->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (strcmp(names->at[middle].id, id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct check_name *check_names_find(const struct check_names *names, const char *id,
                                          unsigned kinds)
{
    for (uint32_t i = check_names_lower(names, id); i < names->count; i++) {
        if (strcmp(names->at[i].id, id) != 0) {
            break;
        }
        if ((names->at[i].kind & kinds) != 0) {
            return &names->at[i];
        }
    }
    return NULL;
}

const char *check_names_suggest(const struct check_names *names, const char *id, unsigned kinds,
                                const struct report *report)
{
    struct suggestion suggestion;

    suggest_init(&suggestion, id);
    if (report_is_full(report)) {
        return NULL;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        if ((names->at[i].kind & kinds) != 0) {
            suggest_consider(&suggestion, names->at[i].id);
        }
    }
    return suggestion.best;
}

static const char *check_names_what(enum check_kind kind)
{
    switch (kind) {
    case CHECK_PHASE:
        return SAY("a phase");
    case CHECK_STEP:
        return SAY("a step");
    case CHECK_LIST:
        return SAY("a list");
    case CHECK_BACKGROUND:
        return SAY("a background text");
    case CHECK_MATERIAL:
    case CHECK_NEED:
        return SAY("a material");
    case CHECK_CHOICE:
        return SAY("a choice");
    case CHECK_EXPLANATION:
        return SAY("an explanation");
    }
    assert(false);
    return "";
}

/* Steps and phases are one name space; steps, materials, lists and background another. A
 * material may be named often: it is the same one. */
static bool check_names_clash(const struct check_name *a, const struct check_name *b)
{
    const unsigned pace = CHECK_PHASE | CHECK_STEP;
    const unsigned shown = CHECK_STEP | CHECK_MATERIAL | CHECK_LIST | CHECK_BACKGROUND;

    if (a->kind == CHECK_MATERIAL && b->kind == CHECK_MATERIAL) {
        return false;
    }
    return ((a->kind & pace) != 0 && (b->kind & pace) != 0) ||
           ((a->kind & shown) != 0 && (b->kind & shown) != 0);
}

void check_names_report_doubles(const struct check_names *names, const char *file,
                                struct report *report)
{
    uint32_t first = 0; /* of those with the same id */

    for (uint32_t i = 1; i < names->count; i++) {
        const struct check_name *name = &names->at[i];

        if (strcmp(names->at[first].id, name->id) != 0) {
            first = i;
            continue;
        }
        for (uint32_t j = first; j < i; j++) {
            if (check_names_clash(&names->at[j], name)) {
                report_add(report, REPORT_ERROR, file, name->place,
                           SAY("\"%s\" is already the id of %s, on line %u: %s needs one of "
                               "its own"),
                           name->id, check_names_what(names->at[j].kind),
                           names->at[j].place.line, check_names_what(name->kind));
                break;
            }
        }
    }
}

#include "client/guide/check.h"

#include <string.h>

#include "client/guide/check_links.h"
#include "client/guide/check_names.h"
#include "client/say.h"

struct check {
    const struct guide *guide;
    struct report *report;
    struct check_names names;
    struct check_linked linked;
};

static void check_unknown(struct check *check, const struct guide_text *id, unsigned kinds,
                          const char *what)
{
    const char *near = check_names_suggest(&check->names, id->text, kinds, check->report);

    if (near != NULL) {
        report_add(check->report, REPORT_ERROR, check->guide->file, id->place,
                   SAY("\"%s\" is %s of this guide: did you mean \"%s\"?"), id->text, what,
                   near);
    } else {
        report_add(check->report, REPORT_ERROR, check->guide->file, id->place,
                   SAY("\"%s\" is %s of this guide"), id->text, what);
    }
}

static void check_reference(struct check *check, const struct guide_text *id, unsigned kinds,
                            const char *what)
{
    if (id->text != NULL && check_names_find(&check->names, id->text, kinds) == NULL) {
        check_unknown(check, id, kinds, what);
    }
}

static void check_references(struct check *check, const struct guide_texts *ids, unsigned kinds,
                             const char *what)
{
    for (uint32_t i = 0; i < ids->count; i++) {
        check_reference(check, &ids->at[i], kinds, what);
    }
}

static bool check_is_never_released(const struct guide_step *step)
{
    enum guide_share share = guide_step_share(step);

    return share == GUIDE_SHARE_PRIVATE || share == GUIDE_SHARE_GROUP_ONLY;
}

static void check_beside(struct check *check, const struct guide_step *step)
{
    const unsigned kinds = CHECK_STEP | CHECK_LIST | CHECK_MATERIAL | CHECK_NEED;
    const struct check_name *self = check_names_find(&check->names, step->id.text, CHECK_STEP);

    for (uint32_t i = 0; i < step->beside.count; i++) {
        const struct guide_text *id = &step->beside.at[i];
        const struct check_name *name = check_names_find(&check->names, id->text, kinds);
        const struct guide_step *earlier = guide_find_step(check->guide, id->text);

        if (name == NULL) {
            check_unknown(check, id, kinds, SAY("no earlier step, list or material"));
        } else if (name->kind == CHECK_STEP && name->order >= self->order) {
            report_add(check->report, REPORT_ERROR, check->guide->file, id->place,
                       SAY("\"%s\" is no earlier step: only what came before can stand beside "
                           "this one"),
                       id->text);
        } else if (name->kind == CHECK_STEP && check_is_never_released(earlier)) {
            report_add(check->report, REPORT_ERROR, check->guide->file, id->place,
                       SAY("\"%s\" is %s and never released: it cannot stand beside this step"),
                       id->text, guide_share_word(guide_step_share(earlier)));
        }
    }
}

/* Who sees what must follow from how the group works. */
static void check_sharing(struct check *check, const struct guide_step *step)
{
    enum guide_work work = guide_step_work(step);
    enum guide_share share = guide_step_share(step);
    const char *file = check->guide->file;

    if (step->kind == GUIDE_READ || step->kind == GUIDE_REPORT ||
        step->kind == GUIDE_FOLLOW_UP) {
        if (step->share != GUIDE_SHARE_UNSET) {
            report_add(check->report, REPORT_WARNING, file, step->place,
                       SAY("\"share\" says nothing in a step of kind %s: leave it out"),
                       guide_kind_word(step->kind));
        }
    } else if (work == GUIDE_WORK_PLENARY && step->share != GUIDE_SHARE_UNSET) {
        report_add(check->report, REPORT_ERROR, file, step->place,
                   SAY("\"share\" cannot be on a plenary step, where all see the one field: "
                       "leave it out"));
    } else if ((share == GUIDE_SHARE_GROUP || share == GUIDE_SHARE_GROUP_ONLY) &&
               work != GUIDE_WORK_PAIRS && work != GUIDE_WORK_GROUPS) {
        report_add(check->report, REPORT_ERROR, file, step->place,
                   SAY("\"share: %s\" needs \"work: pairs\" or \"work: groups\""),
                   guide_share_word(share));
    }
    if (step->kind == GUIDE_REPORT && guide_step_who(step) != GUIDE_WHO_OBSERVER) {
        report_add(check->report, REPORT_ERROR, file, step->place,
                   SAY("a report is the observer's: leave \"who\" out"));
    }
}

static void check_explanation(struct check *check, const struct guide_step *step)
{
    if (step->explanation.text == NULL) {
        return;
    }
    if (step->kind == GUIDE_READ) {
        report_add(check->report, REPORT_ERROR, check->guide->file, step->explanation.place,
                   SAY("an explanation cannot belong to a read step: nothing is answered there "
                       "that could unlock it"));
    } else if (check_is_never_released(step)) {
        report_add(check->report, REPORT_ERROR, check->guide->file, step->explanation.place,
                   SAY("an explanation cannot belong to a step with \"share: %s\": it is never "
                       "released, so nothing would unlock it"),
                   guide_share_word(guide_step_share(step)));
    }
}

static void check_columns(struct check *check, const struct guide_columns *columns)
{
    for (uint32_t i = 0; i < columns->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(columns->at[i].id.text, columns->at[j].id.text) == 0) {
                report_add(check->report, REPORT_ERROR, check->guide->file,
                           columns->at[i].id.place, SAY("two columns have the id \"%s\""),
                           columns->at[i].id.text);
                break;
            }
        }
    }
}

/* Something is shown only when it has what it needs, but what it needs is shown nowhere: the
 * name may be a slip. */
static bool check_is_shown(const struct check *check, const char *slot)
{
    if (check_names_find(&check->names, slot, CHECK_MATERIAL | CHECK_CHOICE) != NULL ||
        guide_find_choice(&check->guide->choices, slot) != NULL ||
        check_links_have(&check->linked, slot)) {
        return true;
    }
    for (uint32_t i = 0; i < check->guide->phases.count; i++) {
        const struct guide_steps *steps = &check->guide->phases.at[i].steps;

        for (uint32_t j = 0; j < steps->count; j++) {
            if (guide_texts_have(&steps->at[j].beside, slot)) {
                return true;
            }
        }
    }
    return false;
}

static void check_needs(struct check *check, const struct guide_texts *needs)
{
    for (uint32_t i = 0; i < needs->count; i++) {
        if (!check_is_shown(check, needs->at[i].text)) {
            report_add(check->report, REPORT_WARNING, check->guide->file, needs->at[i].place,
                       SAY("\"%s\" is needed here, but no step shows it: is the name right?"),
                       needs->at[i].text);
        }
    }
}

static void check_step(struct check *check, const struct guide_step *step)
{
    check_reference(check, &step->prompts, CHECK_LIST, SAY("no list"));
    check_beside(check, step);
    check_sharing(check, step);
    check_explanation(check, step);
    check_columns(check, &step->columns);
    check_needs(check, &step->needs);
    for (uint32_t i = 0; i < step->items.count; i++) {
        check_needs(check, &step->items.at[i].needs);
    }
    if (step->items.count > 0 && step->per.text != NULL) {
        report_add(check->report, REPORT_ERROR, check->guide->file, step->per.place,
                   SAY("\"items\" and \"per\" both make fields: a step has one of them"));
    }
    if (step->materials.count == 2 &&
        strcmp(step->materials.at[0].text, step->materials.at[1].text) == 0) {
        report_add(check->report, REPORT_ERROR, check->guide->file, step->materials.at[1].place,
                   SAY("a comparison is of two different texts, and this is the first again"));
    }
}

static void check_phases(struct check *check)
{
    const struct guide *guide = check->guide;
    const struct place start = {1, 1};
    uint32_t steps = 0;

    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_phase *phase = &guide->phases.at[i];

        check_reference(check, &phase->attention.list, CHECK_LIST, SAY("no list"));
        check_references(check, &phase->detours, CHECK_PHASE | CHECK_STEP,
                         SAY("no phase or step"));
        if (phase->steps.count == 0) {
            report_add(check->report, REPORT_WARNING, guide->file, phase->place,
                       SAY("the phase \"%s\" has no steps"), phase->id.text);
        }
        for (uint32_t j = 0; j < phase->steps.count; j++) {
            check_step(check, &phase->steps.at[j]);
        }
        steps += phase->steps.count;
    }
    if (steps == 0) {
        report_add(check->report, REPORT_ERROR, guide->file, start,
                   SAY("a guide needs at least one phase with a step"));
    } else if (steps > GUIDE_STEPS_MAX) {
        report_add(check->report, REPORT_ERROR, guide->file, start,
                   SAY("the guide has %u steps: at most %d fit"), steps, GUIDE_STEPS_MAX);
    }
}

static bool check_route_leaves_something(const struct guide *guide,
                                         const struct guide_route *route)
{
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_phase *phase = &guide->phases.at[i];

        for (uint32_t j = 0; j < phase->steps.count; j++) {
            if (!guide_texts_have(&route->leave_out, phase->id.text) &&
                !guide_texts_have(&route->leave_out, phase->steps.at[j].id.text)) {
                return true;
            }
        }
    }
    return false;
}

static void check_routes(struct check *check)
{
    const struct guide_routes *routes = &check->guide->routes;

    for (uint32_t i = 0; i < routes->count; i++) {
        const struct guide_route *route = &routes->at[i];

        check_references(check, &route->leave_out, CHECK_PHASE | CHECK_STEP,
                         SAY("no phase or step"));
        if (guide_find_route(check->guide, route->id.text) != route) {
            report_add(check->report, REPORT_ERROR, check->guide->file, route->id.place,
                       SAY("two routes have the id \"%s\""), route->id.text);
        }
        if (!check_route_leaves_something(check->guide, route)) {
            report_add(check->report, REPORT_ERROR, check->guide->file, route->id.place,
                       SAY("the route \"%s\" leaves out every step"), route->id.text);
        }
    }
}

void check_choice(const struct guide_choice *choice, const char *file, struct report *report)
{
    size_t bytes = choice->text.text == NULL ? 0 : strlen(choice->text.text);

    for (uint32_t i = 0; i < choice->options.count; i++) {
        const struct guide_option *option = &choice->options.at[i];

        bytes += strlen(option->label.text);
        bytes += option->text.text == NULL ? 0 : strlen(option->text.text);
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(option->label.text, choice->options.at[j].label.text) == 0) {
                report_add(report, REPORT_ERROR, file, option->label.place,
                           SAY("two options have the label \"%s\""),
                           report_quote(option->label.text).text);
                break;
            }
        }
    }
    if (bytes > GUIDE_TEXT_BYTES_MAX) {
        report_add(report, REPORT_ERROR, file, choice->id.place,
                   SAY("the texts and labels of the choice \"%s\" together have %zu bytes: at "
                       "most %d fit"),
                   choice->id.text, bytes, GUIDE_TEXT_BYTES_MAX);
    }
}

static void check_unused(struct check *check)
{
    const struct guide *guide = check->guide;

    for (uint32_t i = 0; i < guide->materials.count; i++) {
        const struct guide_text *id = &guide->materials.at[i].id;
        bool used = check_links_have(&check->linked, id->text) ||
                    check_names_find(&check->names, id->text, CHECK_NEED) != NULL;

        for (uint32_t j = 0; j < guide->phases.count && !used; j++) {
            for (uint32_t k = 0; k < guide->phases.at[j].steps.count && !used; k++) {
                const struct guide_step *step = &guide->phases.at[j].steps.at[k];

                used =
                    guide_texts_have(&step->beside, id->text) ||
                    guide_texts_have(&step->materials, id->text) ||
                    (step->material.text != NULL && strcmp(step->material.text, id->text) == 0);
            }
        }
        if (!used) {
            report_add(check->report, REPORT_WARNING, guide->file, id->place,
                       SAY("no step names the material \"%s\""), id->text);
        }
    }
    for (uint32_t i = 0; i < guide->explanations.count; i++) {
        const struct guide_text *id = &guide->explanations.at[i].id;

        if (check_names_find(&check->names, id->text, CHECK_EXPLANATION) == NULL) {
            report_add(check->report, REPORT_WARNING, guide->file, id->place,
                       SAY("no step names the explanation \"%s\""), id->text);
        }
    }
    for (uint32_t i = 0; i < guide->choices.count; i++) {
        const struct guide_text *id = &guide->choices.at[i].id;

        check_choice(&guide->choices.at[i], guide->file, check->report);
        if (check_names_find(&check->names, id->text, CHECK_CHOICE | CHECK_NEED) == NULL) {
            report_add(check->report, REPORT_WARNING, guide->file, id->place,
                       SAY("no step names the choice \"%s\""), id->text);
        }
    }
}

enum status check_guide(const struct guide *guide, struct report *report)
{
    struct check check = {.guide = guide, .report = report};
    enum status status = check_names_gather(guide, &check.names);

    if (status != STATUS_OK) {
        return status;
    }
    check_names_report_doubles(&check.names, guide->file, report);
    status = check_links_guide(guide, &check.names, report, &check.linked);
    if (status != STATUS_OK) {
        return status;
    }
    if (guide->people.min != 0 && guide->people.max != 0 &&
        guide->people.min > guide->people.max) {
        report_add(report, REPORT_ERROR, guide->file, guide->people.place,
                   SAY("\"min: %u\" is more than \"max: %u\""), guide->people.min,
                   guide->people.max);
    }
    check_phases(&check);
    check_routes(&check);
    check_unused(&check);
    return STATUS_OK;
}

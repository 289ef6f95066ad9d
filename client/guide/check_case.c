#include <assert.h>
#include <string.h>

#include "client/guide/check.h"
#include "client/guide/check_links.h"
#include "client/guide/check_names.h"
#include "client/guide/resolve.h"
#include "client/say.h"

enum status check_case_alone(const struct case_file *case_file, struct report *report)
{
    const struct case_people *people = &case_file->people;

    for (uint32_t i = 0; i < people->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(people->at[i].id.text, people->at[j].id.text) == 0) {
                report_add(report, REPORT_ERROR, case_file->file, people->at[i].id.place,
                           SAY("two people have the id \"%s\""), people->at[i].id.text);
                break;
            }
        }
    }
    for (uint32_t i = 0; i < case_file->choices.count; i++) {
        check_choice(&case_file->choices.at[i], case_file->file, report);
    }
    return check_links_case(case_file, NULL, report);
}

static void check_case_name(const struct case_file *case_file, const struct check_names *names,
                            const struct guide_text *id, enum check_kind kind,
                            struct report *report)
{
    unsigned kinds = kind | (kind == CHECK_EXPLANATION ? 0U : (unsigned)CHECK_NEED);
    const char *near;

    if (check_names_find(names, id->text, kinds) != NULL) {
        return;
    }
    near = check_names_suggest(names, id->text, kinds, report);
    if (near != NULL) {
        report_add(report, REPORT_WARNING, case_file->file, id->place,
                   SAY("no step of the guide names \"%s\", so nobody will see it: did you mean "
                       "\"%s\"?"),
                   id->text, near);
    } else {
        report_add(report, REPORT_WARNING, case_file->file, id->place,
                   SAY("no step of the guide names \"%s\", so nobody will see it"), id->text);
    }
}

static void check_case_names(const struct case_file *case_file, const struct check_names *names,
                             struct report *report)
{
    for (uint32_t i = 0; i < case_file->materials.count; i++) {
        check_case_name(case_file, names, &case_file->materials.at[i].id, CHECK_MATERIAL,
                        report);
    }
    for (uint32_t i = 0; i < case_file->choices.count; i++) {
        check_case_name(case_file, names, &case_file->choices.at[i].id, CHECK_CHOICE, report);
    }
    for (uint32_t i = 0; i < case_file->explanations.count; i++) {
        check_case_name(case_file, names, &case_file->explanations.at[i].id, CHECK_EXPLANATION,
                        report);
    }
    for (uint32_t i = 0; i < case_file->samples.count; i++) {
        const struct guide_text *id = &case_file->samples.at[i].step;
        const char *near = check_names_suggest(names, id->text, CHECK_STEP, report);

        if (check_names_find(names, id->text, CHECK_STEP) != NULL) {
            continue;
        }
        if (near != NULL) {
            report_add(report, REPORT_ERROR, case_file->file, id->place,
                       SAY("\"%s\" is no step of the guide: did you mean \"%s\"?"), id->text,
                       near);
        } else {
            report_add(report, REPORT_ERROR, case_file->file, id->place,
                       SAY("\"%s\" is no step of the guide"), id->text);
        }
    }
}

static void check_case_lack(const struct resolved *resolved, const struct resolved_lack *lack,
                            struct report *report)
{
    const char *file = resolved->guide->file;
    const char *step = lack->step->id.text;
    const char *id = resolved->case_file->id.text;

    switch (lack->kind) {
    case RESOLVED_LACK_MATERIAL:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("step \"%s\" is left out: case \"%s\" has no material \"%s\""), step, id,
                   lack->slot);
        break;
    case RESOLVED_LACK_NEED:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("step \"%s\" is left out: case \"%s\" has no \"%s\", which it needs"),
                   step, id, lack->slot);
        break;
    case RESOLVED_LACK_ITEM:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("this item of step \"%s\" is left out: case \"%s\" has no \"%s\""), step,
                   id, lack->slot);
        break;
    case RESOLVED_LACK_ALL_ITEMS:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("step \"%s\" is left out: case \"%s\" has nothing that any of its "
                       "items needs"),
                   step, id);
        break;
    case RESOLVED_LACK_PEOPLE:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("step \"%s\" is left out: case \"%s\" has no people"), step, id);
        break;
    case RESOLVED_LACK_FORMER:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("step \"%s\" is left out unless the session follows an earlier one"),
                   step);
        break;
    case RESOLVED_LACK_OPTIONS:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("step \"%s\" becomes an open question: case \"%s\" has no choice "
                       "\"%s\""),
                   step, id, lack->slot);
        break;
    case RESOLVED_LACK_GROUP:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("step \"%s\" has one field for all: case \"%s\" has no people in "
                       "\"%s\""),
                   step, id, lack->slot);
        break;
    case RESOLVED_LACK_BESIDE:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("\"%s\" is not shown beside step \"%s\": with case \"%s\" it is not "
                       "there"),
                   lack->slot, step, id);
        break;
    case RESOLVED_LACK_EXPLANATION:
        report_add(report, REPORT_NOTE, file, lack->place,
                   SAY("no explanation is offered after step \"%s\": case \"%s\" has no "
                       "\"%s\""),
                   step, id, lack->slot);
        break;
    case RESOLVED_LACK_PORTION:
        break; /* only without a case */
    }
}

static enum status check_case_lacks(const struct guide *guide,
                                    const struct case_file *case_file, struct report *report)
{
    struct resolved *resolved = NULL;
    enum status status = resolve_session(guide, case_file, NULL, &resolved);

    if (status != STATUS_OK) {
        return status;
    }
    for (uint32_t i = 0; i < resolved->lack_count; i++) {
        check_case_lack(resolved, &resolved->lacks[i], report);
    }
    if (resolved->step_count == 0) {
        report_add(report, REPORT_ERROR, case_file->file, (struct place){0, 0},
                   SAY("nothing of the guide can be played with this case"));
    }
    resolved_destroy(resolved);
    return STATUS_OK;
}

enum status check_case(const struct guide *guide, const struct case_file *case_file,
                       struct report *report)
{
    struct check_names names;
    enum status status = check_names_gather(guide, &names);

    if (status != STATUS_OK) {
        return status;
    }
    if (case_file->language != guide->language) {
        report_add(report, REPORT_WARNING, case_file->file, (struct place){0, 0},
                   SAY("the case is in \"%s\" and the guide in \"%s\""),
                   guide_language_word(case_file->language),
                   guide_language_word(guide->language));
    }
    check_case_names(case_file, &names, report);
    status = check_links_case(case_file, &names, report);
    if (status != STATUS_OK) {
        return status;
    }
    return check_case_lacks(guide, case_file, report);
}

#include "client/guide/check_links.h"

#include <string.h>

#include "client/guide/shapes.h"
#include "client/markdown_links.h"
#include "client/say.h"

static const unsigned linkable =
    CHECK_STEP | CHECK_LIST | CHECK_BACKGROUND | CHECK_MATERIAL | CHECK_NEED;

struct check_links {
    const char *file;
    const struct check_names *names;   /* NULL: unknown yet */
    const struct case_file *case_file; /* NULL for a guide */
    struct report *report;
    struct check_linked linked;    /* ids NULL: not kept */
    const struct guide_text *text; /* the one being read */
    enum status status;
};

bool check_links_have(const struct check_linked *linked, const char *id)
{
    for (uint32_t i = 0; i < linked->count; i++) {
        if (strcmp(linked->ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void check_links_inside(struct check_links *links, const char *id)
{
    const struct check_name *name;
    const char *near;

    if (links->names == NULL || (links->case_file != NULL &&
                                 guide_find_slot(&links->case_file->materials, id) != NULL)) {
        return;
    }
    name = check_names_find(links->names, id, linkable);
    if (name != NULL) {
        if (links->linked.ids != NULL && !check_links_have(&links->linked, id)) {
            links->linked.ids[links->linked.count++] = name->id;
        }
        return;
    }
    near = check_names_suggest(links->names, id, linkable, links->report);
    if (near != NULL) {
        report_add(links->report, REPORT_ERROR, links->file, links->text->place,
                   SAY("this text links to #%s, which is no step, material, background text or "
                       "list: did you mean #%s?"),
                   report_quote(id).text, near);
    } else {
        report_add(links->report, REPORT_ERROR, links->file, links->text->place,
                   SAY("this text links to #%s, which is no step, material, background text or "
                       "list of this guide"),
                   report_quote(id).text);
    }
}

static void check_links_link(void *context, const char *target)
{
    struct check_links *links = context;

    if (target[0] == '#') {
        check_links_inside(links, target + 1);
        return;
    }
    report_add(links->report, REPORT_ERROR, links->file, links->text->place,
               SAY("this text links to \"%s\": links lead inside the guide only, as in "
                   "[text](#id)"),
               report_quote(target).text);
}

static void check_links_refuse(void *context, enum markdown_refusal refusal)
{
    struct check_links *links = context;
    struct report *report = links->report;
    const struct place place = links->text->place;

    switch (refusal) {
    case MARKDOWN_IMAGE:
        report_add(report, REPORT_ERROR, links->file, place,
                   SAY("this text has an image: texts are words only"));
        break;
    case MARKDOWN_WIDE_TABLE:
        report_add(report, REPORT_ERROR, links->file, place,
                   SAY("this text has a table of more than %d columns: no screen shows that"),
                   MARKDOWN_LINKS_COLUMNS_MAX);
        break;
    case MARKDOWN_MANY_BLOCKS:
        report_add(report, REPORT_ERROR, links->file, place,
                   SAY("this text has more than %d paragraphs, items or rows: split it"),
                   MARKDOWN_LINKS_BLOCKS_MAX);
        break;
    }
}

static void check_links_text(void *context, const struct guide_text *text)
{
    struct check_links *links = context;
    const struct markdown_links visitor = {
        .link = check_links_link,
        .refuse = check_links_refuse,
        .context = links,
    };

    links->text = text;
    if (links->status == STATUS_OK) {
        links->status = markdown_links_visit(text->text, &visitor);
    }
}

enum status check_links_guide(const struct guide *guide, const struct check_names *names,
                              struct report *report, struct check_linked *linked_out)
{
    struct check_links links = {.file = guide->file, .names = names, .report = report};

    links.linked.ids = arena_alloc(guide->arena, names->count, sizeof *links.linked.ids);
    if (links.linked.ids == NULL) {
        return STATUS_NOMEM;
    }
    shape_visit_texts(&shapes_guide, guide, check_links_text, &links);
    *linked_out = links.linked;
    return links.status;
}

enum status check_links_case(const struct case_file *case_file, const struct check_names *names,
                             struct report *report)
{
    struct check_links links = {
        .file = case_file->file, .names = names, .case_file = case_file, .report = report};

    shape_visit_texts(&shapes_case, case_file, check_links_text, &links);
    return links.status;
}

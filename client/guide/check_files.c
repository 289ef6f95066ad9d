#include <stdlib.h>

#include "client/guide/check.h"
#include "client/guide/source.h"
#include "client/guide/yaml.h"
#include "client/say.h"

enum { CHECK_PEEK_BYTES_MAX = 64 * 1024 * 1024 };

enum check_file_kind { CHECK_FILE_WRONG, CHECK_FILE_GUIDE, CHECK_FILE_CASE };

struct check_run {
    const char *const *paths;
    size_t count;
    struct report *report;
    enum check_file_kind kinds[CHECK_FILES_MAX];
    struct guide *guides[CHECK_FILES_MAX];    /* owned; NULL: none, or wrong */
    struct case_file *cases[CHECK_FILES_MAX]; /* owned; in Markdown: not kept here */
    enum status unread;                       /* of the first file that could not be read */
};

/* What is wrong with one file is in the report, and the others are looked at all the same. */
static enum status check_go_on(struct check_run *run, enum status status)
{
    if ((status == STATUS_NOT_FOUND || status == STATUS_IO) && run->unread == STATUS_OK) {
        run->unread = status;
    }
    return status == STATUS_NOMEM ? status : STATUS_OK;
}

/* What a tree says it is. */
static enum check_file_kind check_tree_kind(const struct yaml_node *root, const char *path,
                                            struct report *report)
{
    if (yaml_find(root, "kring-guide") != NULL) {
        return CHECK_FILE_GUIDE;
    }
    if (yaml_find(root, "kring-case") != NULL) {
        return CHECK_FILE_CASE;
    }
    if (yaml_find(root, "kring-plan") != NULL) {
        report_add(report, REPORT_ERROR, path, root->place,
                   SAY("this is a plan: this version of kring checks guides and cases"));
    } else {
        report_add(report, REPORT_ERROR, path, root->place,
                   SAY("what is this file? A guide begins with \"kring-guide: 1\", a case with "
                       "\"kring-case: 1\""));
    }
    return CHECK_FILE_WRONG;
}

static enum status check_peek(const char *path, struct bytes bytes, struct report *report,
                              enum check_file_kind *kind_out)
{
    struct arena *arena = NULL;
    const struct yaml_node *root;
    enum status status = arena_create(CHECK_PEEK_BYTES_MAX, &arena);

    if (status == STATUS_OK) {
        status = yaml_read(bytes, path, arena, report, &root);
    }
    if (status == STATUS_OK) {
        *kind_out = check_tree_kind(root, path, report);
    }
    arena_destroy(arena);
    return status == STATUS_NOMEM ? status : STATUS_OK; /* the rest is in the report */
}

static enum status check_load(struct check_run *run, size_t index)
{
    const char *path = run->paths[index];
    unsigned char *data = NULL;
    struct bytes bytes;
    size_t count = 0;
    enum status status;

    if (case_is_markdown(path)) {
        run->kinds[index] = CHECK_FILE_CASE;
        return STATUS_OK;
    }
    status = source_read(path, run->report, &data, &count);
    if (status != STATUS_OK) {
        goto out;
    }
    bytes = (struct bytes){.data = data, .count = count};
    status = check_peek(path, bytes, run->report, &run->kinds[index]);
    if (status != STATUS_OK) {
        goto out;
    }
    switch (run->kinds[index]) {
    case CHECK_FILE_GUIDE:
        status = guide_read(bytes, path, run->report, &run->guides[index]);
        break;
    case CHECK_FILE_CASE:
        status = case_read(bytes, path, run->report, &run->cases[index]);
        break;
    case CHECK_FILE_WRONG:
        break;
    }
out:
    free(data);
    return check_go_on(run, status);
}

static enum status check_pair(struct check_run *run, const struct guide *guide, size_t index)
{
    struct case_file *markdown = NULL;
    const struct case_file *case_file = run->cases[index];
    enum status status = STATUS_OK;

    if (case_is_markdown(run->paths[index])) {
        status = case_load(run->paths[index], guide, run->report, &markdown);
        case_file = markdown;
    }
    if (status == STATUS_OK && case_file != NULL) {
        status = check_case(guide, case_file, run->report);
    }
    case_destroy(markdown);
    return check_go_on(run, status);
}

/* Every step that route does not leave out; route NULL: every step. */
static void check_sum(const struct guide *guide, const struct guide_route *route,
                      uint32_t *steps_out, uint32_t *minutes_out)
{
    *steps_out = 0;
    *minutes_out = 0;
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_phase *phase = &guide->phases.at[i];

        for (uint32_t j = 0; j < phase->steps.count; j++) {
            const struct guide_step *step = &phase->steps.at[j];

            if (route == NULL || (!guide_texts_have(&route->leave_out, phase->id.text) &&
                                  !guide_texts_have(&route->leave_out, step->id.text))) {
                *steps_out += 1;
                *minutes_out += step->minutes;
            }
        }
    }
}

static void check_minutes(const struct guide *guide, struct report *report)
{
    uint32_t steps;
    uint32_t minutes;

    check_sum(guide, NULL, &steps, &minutes);
    report_add(report, REPORT_NOTE, guide->file, (struct place){0, 0},
               SAY("steps: %u, minutes: %u"), steps, minutes);
    for (uint32_t i = 0; i < guide->routes.count; i++) {
        const struct guide_route *route = &guide->routes.at[i];

        check_sum(guide, route, &steps, &minutes);
        report_add(report, REPORT_NOTE, guide->file, route->id.place,
                   SAY("route \"%s\": steps: %u, minutes: %u"), route->id.text, steps, minutes);
    }
}

static enum status check_guide_file(struct check_run *run, size_t index)
{
    const struct guide *guide = run->guides[index];
    enum status status = STATUS_OK;

    if (guide == NULL) {
        return STATUS_OK;
    }
    check_minutes(guide, run->report);
    for (size_t i = 0; i < run->count && status == STATUS_OK; i++) {
        if (run->kinds[i] == CHECK_FILE_CASE) {
            status = check_pair(run, guide, i);
        }
    }
    return status;
}

/* Markdown cases wait for a guide; without any among the files nothing can be said of them. */
static void check_lonely(struct check_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->kinds[i] == CHECK_FILE_GUIDE) {
            return;
        }
    }
    for (size_t i = 0; i < run->count; i++) {
        if (case_is_markdown(run->paths[i])) {
            struct case_file *none = NULL;

            if (case_load(run->paths[i], NULL, run->report, &none) == STATUS_OK) {
                case_destroy(none); /* not reached: there is no guide */
            }
        }
    }
}

enum status check_files(const char *const *paths, size_t count, struct report *report)
{
    struct check_run *run;
    enum status status = STATUS_OK;

    if (count > CHECK_FILES_MAX) {
        return STATUS_TOO_LONG;
    }
    run = calloc(1, sizeof *run);
    if (run == NULL) {
        return STATUS_NOMEM;
    }
    run->paths = paths;
    run->count = count;
    run->report = report;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = check_load(run, i);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = check_guide_file(run, i);
    }
    check_lonely(run);
    for (size_t i = 0; i < count; i++) {
        guide_destroy(run->guides[i]);
        case_destroy(run->cases[i]);
    }
    if (status == STATUS_OK) {
        status = run->unread;
    }
    free(run);
    if (status == STATUS_OK && report_count(report, REPORT_ERROR) > 0) {
        status = STATUS_MALFORMED;
    }
    return status;
}

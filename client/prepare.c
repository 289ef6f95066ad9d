#include "client/prepare.h"

#include <string.h>

#include "client/guide/check.h"
#include "client/guide/resolve.h"
#include "client/guide/shipped.h"
#include "client/say.h"

/* A name with a slash or a dot is a path; any other is looked for among the shipped ones. */
static bool is_path(const char *name)
{
    return strpbrk(name, "/.") != NULL;
}

/* The path of a shipped file; copied into path. */
static enum status find_shipped(const char *name, bool is_case, struct report *report,
                                char path[4096])
{
    struct shipped *shipped = NULL;
    const struct shipped_file *file;
    enum status status = shipped_list(NULL, &shipped);

    if (status == STATUS_OK) {
        file = shipped_find(shipped, name, is_case, GUIDE_LANGUAGE_UNSET);
        if (file == NULL || strlen(file->path) >= 4096) {
            status = STATUS_NOT_FOUND;
        } else {
            memcpy(path, file->path, strlen(file->path) + 1);
        }
    }
    shipped_destroy(shipped);
    if (status == STATUS_NOT_FOUND) {
        report_add(report, REPORT_ERROR, name, (struct place){0, 0},
                   is_case ? SAY("no case of this name comes with kring; \"kring guides\" "
                                 "lists them, and a path has a / or a . in it")
                           : SAY("no guide of this name comes with kring; \"kring guides\" "
                                 "lists them, and a path has a / or a . in it"));
    }
    return status;
}

static enum status find(const char *name, bool is_case, struct report *report, char path[4096])
{
    size_t length = strlen(name);

    if (!is_path(name)) {
        return find_shipped(name, is_case, report, path);
    }
    if (length >= 4096) {
        return STATUS_TOO_LONG;
    }
    memcpy(path, name, length + 1);
    return STATUS_OK;
}

enum status prepare_case(const char *case_name, const struct guide *guide,
                         struct report *report, struct case_file **case_out)
{
    char path[4096];
    enum status status = find(case_name, true, report, path);

    if (status == STATUS_OK) {
        status = case_load(path, guide, report, case_out);
    }
    return status;
}

static enum status compile(struct preparation *made, const char *route)
{
    const struct resolve_options options = {.route = route, .follows = false};
    struct resolved *resolved = NULL;
    enum status status = resolve_session(made->guide, made->case_file, &options, &resolved);

    if (status == STATUS_NOT_FOUND) {
        report_add(made->report, REPORT_ERROR, made->guide->title.text, (struct place){0, 0},
                   SAY("the guide has no route \"%s\""), route);
    }
    if (status == STATUS_OK) {
        status = compile_session(resolved, made->report, &made->compiled);
    }
    resolved_destroy(resolved);
    return status;
}

enum status prepare_session(const char *guide_name, const char *case_name, const char *route,
                            struct preparation *preparation_out)
{
    struct preparation *made = preparation_out;
    char path[4096];
    enum status status;

    *made = (struct preparation){.report = NULL};
    status = report_create(&made->report);
    if (status == STATUS_OK) {
        status = find(guide_name, false, made->report, path);
    }
    if (status == STATUS_OK) {
        status = guide_load(path, made->report, &made->guide);
    }
    if (status == STATUS_OK && case_name != NULL) {
        status = prepare_case(case_name, made->guide, made->report, &made->case_file);
    }
    if (status == STATUS_OK && made->case_file != NULL) {
        status = check_case(made->guide, made->case_file, made->report);
    }
    if (status == STATUS_OK && report_count(made->report, REPORT_ERROR) > 0) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        status = compile(made, route);
    }
    return status;
}

void prepare_finish(struct preparation *preparation)
{
    compiled_destroy(preparation->compiled);
    case_destroy(preparation->case_file);
    guide_destroy(preparation->guide);
    report_destroy(preparation->report);
    *preparation = (struct preparation){.report = NULL};
}

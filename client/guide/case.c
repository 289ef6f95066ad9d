#include "client/guide/case.h"

#include <stdlib.h>
#include <string.h>

#include "client/guide/check.h"
#include "client/guide/shapes.h"
#include "client/guide/source.h"
#include "client/say.h"

enum { CASE_ARENA_BYTES_MAX = 64 * 1024 * 1024 };

enum status case_create(const char *file, struct case_file **case_out)
{
    struct arena *arena = NULL;
    struct case_file *case_file = NULL;
    enum status status = arena_create(CASE_ARENA_BYTES_MAX, &arena);

    if (status != STATUS_OK) {
        return status;
    }
    case_file = arena_alloc(arena, 1, sizeof *case_file);
    if (case_file != NULL) {
        case_file->arena = arena;
        case_file->file = arena_copy(arena, file, strlen(file));
    }
    if (case_file == NULL || case_file->file == NULL) {
        arena_destroy(arena);
        return STATUS_NOMEM;
    }
    *case_out = case_file;
    return STATUS_OK;
}

void case_destroy(struct case_file *case_file)
{
    if (case_file != NULL) {
        arena_destroy(case_file->arena);
    }
}

static enum status case_fill(struct case_file *case_file, struct bytes bytes,
                             struct report *report)
{
    uint32_t errors = report_count(report, REPORT_ERROR);
    struct shape_reader reader = {
        .arena = case_file->arena, .report = report, .file = case_file->file};
    const struct yaml_node *root;
    enum status status = yaml_read(bytes, case_file->file, case_file->arena, report, &root);

    if (status != STATUS_OK) {
        return status;
    }
    status = shape_read(&reader, root, &shapes_case, case_file);
    if (status == STATUS_OK && report_count(report, REPORT_ERROR) == errors) {
        status = check_case_alone(case_file, report);
    }
    if (status == STATUS_OK && report_count(report, REPORT_ERROR) > errors) {
        status = STATUS_MALFORMED;
    }
    return status;
}

enum status case_read(struct bytes bytes, const char *file, struct report *report,
                      struct case_file **case_out)
{
    struct case_file *case_file = NULL;
    enum status status = case_create(file, &case_file);

    if (status != STATUS_OK) {
        return status;
    }
    status = case_fill(case_file, bytes, report);
    if (status == STATUS_OK) {
        *case_out = case_file;
        case_file = NULL;
    }
    case_destroy(case_file);
    return status;
}

bool case_is_markdown(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot != NULL && (strcmp(dot, ".md") == 0 || strcmp(dot, ".markdown") == 0);
}

enum status case_load(const char *path, const struct guide *guide, struct report *report,
                      struct case_file **case_out)
{
    unsigned char *data = NULL;
    struct bytes bytes;
    size_t count = 0;
    enum status status;

    if (case_is_markdown(path) && guide == NULL) {
        report_add(report, REPORT_ERROR, path, (struct place){0, 0},
                   SAY("a case in Markdown is read against a guide: name the guide as well"));
        return STATUS_USAGE;
    }
    status = source_read(path, report, &data, &count);
    if (status == STATUS_OK) {
        bytes = (struct bytes){.data = data, .count = count};
        status = case_is_markdown(path)
                     ? case_read_markdown(bytes, path, guide, report, case_out)
                     : case_read(bytes, path, report, case_out);
    }
    free(data);
    return status;
}

const struct case_sample *case_find_sample(const struct case_file *case_file,
                                           const char *step_id)
{
    for (uint32_t i = 0; i < case_file->samples.count; i++) {
        if (strcmp(case_file->samples.at[i].step.text, step_id) == 0) {
            return &case_file->samples.at[i];
        }
    }
    return NULL;
}

#include <stdlib.h>
#include <string.h>

#include "client/guide/check.h"
#include "client/guide/guide.h"
#include "client/guide/shapes.h"
#include "client/guide/source.h"

/* A megabyte of text makes a tree of some 7 MB and structs of less. */
enum { GUIDE_ARENA_BYTES_MAX = 64 * 1024 * 1024 };

static enum status guide_fill(struct guide *guide, struct bytes bytes, struct report *report)
{
    uint32_t errors = report_count(report, REPORT_ERROR);
    struct shape_reader reader = {.arena = guide->arena, .report = report, .file = guide->file};
    const struct yaml_node *root;
    enum status status = yaml_read(bytes, guide->file, guide->arena, report, &root);

    if (status != STATUS_OK) {
        return status;
    }
    status = shape_read(&reader, root, &shapes_guide, guide);
    if (status != STATUS_OK) {
        return status;
    }
    /* With parts missing, rules between parts would only complain of the same again. */
    if (report_count(report, REPORT_ERROR) > errors) {
        return STATUS_MALFORMED;
    }
    status = check_guide(guide, report);
    if (status == STATUS_OK && report_count(report, REPORT_ERROR) > errors) {
        status = STATUS_MALFORMED;
    }
    return status;
}

enum status guide_read(struct bytes bytes, const char *file, struct report *report,
                       struct guide **guide_out)
{
    struct arena *arena = NULL;
    struct guide *guide = NULL;
    enum status status = arena_create(GUIDE_ARENA_BYTES_MAX, &arena);

    if (status != STATUS_OK) {
        return status;
    }
    guide = arena_alloc(arena, 1, sizeof *guide);
    if (guide == NULL) {
        status = STATUS_NOMEM;
        goto out;
    }
    guide->arena = arena;
    guide->file = arena_copy(arena, file, strlen(file));
    if (guide->file == NULL) {
        status = STATUS_NOMEM;
        goto out;
    }
    status = guide_fill(guide, bytes, report);
    if (status == STATUS_OK) {
        *guide_out = guide;
        arena = NULL;
    }
out:
    arena_destroy(arena);
    return status;
}

void guide_destroy(struct guide *guide)
{
    if (guide != NULL) {
        arena_destroy(guide->arena);
    }
}

enum status guide_load(const char *path, struct report *report, struct guide **guide_out)
{
    unsigned char *data = NULL;
    size_t count = 0;
    enum status status = source_read(path, report, &data, &count);

    if (status == STATUS_OK) {
        status =
            guide_read((struct bytes){.data = data, .count = count}, path, report, guide_out);
    }
    free(data);
    return status;
}

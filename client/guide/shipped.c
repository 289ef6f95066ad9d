#include "client/guide/shipped.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/guide/shape.h"
#include "client/guide/source.h"
#include "client/guide/yaml.h"

enum {
    SHIPPED_ARENA_BYTES_MAX = 4 * 1024 * 1024,
    SHIPPED_TREE_BYTES_MAX = 64 * 1024 * 1024,
    SHIPPED_PATH_BYTES_MAX = 4096,
};

/* Id and language out of `<id>.<language>.yaml`; false when the name is another. */
static bool shipped_parse_name(const char *name, char id_out[GUIDE_ID_BYTES_MAX + 1],
                               enum guide_language *language_out)
{
    static const enum guide_language languages[] = {GUIDE_DUTCH, GUIDE_ENGLISH};
    const char *dot = strchr(name, '.');
    size_t count = dot == NULL ? 0 : (size_t)(dot - name);

    if (count == 0 || count > GUIDE_ID_BYTES_MAX) {
        return false;
    }
    memcpy(id_out, name, count);
    id_out[count] = '\0';
    if (!shape_is_id(id_out)) {
        return false;
    }
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        char ending[16];

        (void)snprintf(ending, sizeof ending, ".%s.yaml", guide_language_word(languages[i]));
        if (strcmp(dot, ending) == 0) {
            *language_out = languages[i];
            return true;
        }
    }
    return false;
}

/* The title a file gives itself. A file that is wrong still stands in the list: who picks it
 * hears what is wrong. */
static enum status shipped_read_title(struct arena *arena, const char *path,
                                      const char **title_out)
{
    struct report *report = NULL;
    struct arena *tree = NULL;
    const struct yaml_node *root = NULL;
    const struct yaml_node *title = NULL;
    unsigned char *data = NULL;
    size_t count = 0;
    enum status status = report_create(&report);

    *title_out = "";
    if (status == STATUS_OK) {
        status = arena_create(SHIPPED_TREE_BYTES_MAX, &tree);
    }
    if (status == STATUS_OK) {
        status = source_read(path, report, &data, &count);
    }
    if (status == STATUS_OK) {
        status =
            yaml_read((struct bytes){.data = data, .count = count}, path, tree, report, &root);
    }
    if (status == STATUS_OK) {
        title = yaml_find(root, "title");
    }
    if (title != NULL && title->kind == YAML_SCALAR) {
        *title_out = arena_copy(arena, title->text, strcspn(title->text, "\n"));
        status = *title_out == NULL ? STATUS_NOMEM : STATUS_OK;
    }
    free(data);
    arena_destroy(tree);
    report_destroy(report);
    return status == STATUS_NOMEM ? status : STATUS_OK;
}

static enum status shipped_add(struct shipped *shipped, const char *folder, const char *name,
                               bool is_case)
{
    struct shipped_file *file = &shipped->files[shipped->count];
    char id[GUIDE_ID_BYTES_MAX + 1];
    char *path;
    size_t path_bytes = strlen(folder) + 1 + strlen(name);

    if (!shipped_parse_name(name, id, &file->language)) {
        return STATUS_OK;
    }
    if (shipped->count == SHIPPED_FILES_MAX) {
        return STATUS_FULL;
    }
    path = arena_alloc(shipped->arena, path_bytes + 1, 1);
    file->id = arena_copy(shipped->arena, id, strlen(id));
    if (path == NULL || file->id == NULL) {
        return STATUS_NOMEM;
    }
    (void)snprintf(path, path_bytes + 1, "%s/%s", folder, name);
    file->path = path;
    file->is_case = is_case;
    shipped->count++;
    return shipped_read_title(shipped->arena, path, &file->title);
}

static enum status shipped_scan(struct shipped *shipped, const char *folder, bool is_case)
{
    enum status status = STATUS_OK;
    const struct dirent *entry;
    DIR *directory = opendir(folder);

    if (directory == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND : STATUS_IO;
    }
    while (status == STATUS_OK && (entry = readdir(directory)) != NULL) {
        status = shipped_add(shipped, folder, entry->d_name, is_case);
    }
    (void)closedir(directory);
    return status;
}

static int shipped_compare(const void *a, const void *b)
{
    const struct shipped_file *left = a;
    const struct shipped_file *right = b;
    int order = (int)left->is_case - (int)right->is_case;

    if (order == 0) {
        order = strcmp(left->id, right->id);
    }
    return order != 0 ? order : (int)left->language - (int)right->language;
}

static enum status shipped_fill(struct shipped *shipped)
{
    size_t bytes = strlen(shipped->folder) + sizeof "/cases";
    char *cases = arena_alloc(shipped->arena, bytes, 1);
    enum status status;

    if (cases == NULL) {
        return STATUS_NOMEM;
    }
    (void)snprintf(cases, bytes, "%s/cases", shipped->folder);
    status = shipped_scan(shipped, shipped->folder, false);
    if (status == STATUS_OK) {
        status = shipped_scan(shipped, cases, true);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status; /* guides without cases */
    }
    qsort(shipped->files, shipped->count, sizeof *shipped->files, shipped_compare);
    return status;
}

/* PREFIX/share/kring/guides of a program that is PREFIX/bin/kring; false when it is not there:
 * a program that was built and not installed. */
static bool shipped_installed(char *out, size_t size)
{
    static const char beside[] = "/share/kring/guides";
    ssize_t count = readlink("/proc/self/exe", out, size);

    if (count <= 0 || (size_t)count >= size) {
        return false;
    }
    out[count] = '\0';
    for (int up = 0; up < 2; up++) { /* the program's name, then its folder's */
        char *slash = strrchr(out, '/');

        if (slash == NULL) {
            return false;
        }
        *slash = '\0';
    }
    if (strlen(out) + sizeof beside > size) {
        return false;
    }
    memcpy(out + strlen(out), beside, sizeof beside);
    return access(out, R_OK | X_OK) == 0;
}

enum status shipped_list(const char *folder, struct shipped **shipped_out)
{
    char installed[SHIPPED_PATH_BYTES_MAX];
    struct arena *arena = NULL;
    struct shipped *shipped = NULL;
    enum status status = arena_create(SHIPPED_ARENA_BYTES_MAX, &arena);

    if (status != STATUS_OK) {
        return status;
    }
    if (folder == NULL) {
        folder = getenv("KRING_GUIDES");
    }
    if (folder == NULL || folder[0] == '\0') {
        folder = shipped_installed(installed, sizeof installed) ? installed : KRING_GUIDES_DIR;
    }
    status = STATUS_NOMEM;
    shipped = arena_alloc(arena, 1, sizeof *shipped);
    if (shipped == NULL) {
        goto out;
    }
    shipped->arena = arena;
    shipped->folder = arena_copy(arena, folder, strlen(folder));
    /* One more than the maximum: where a name is tried before it counts. */
    shipped->files = arena_alloc(arena, SHIPPED_FILES_MAX + 1, sizeof *shipped->files);
    if (shipped->folder == NULL || shipped->files == NULL) {
        goto out;
    }
    status = shipped_fill(shipped);
    if (status == STATUS_OK) {
        *shipped_out = shipped;
        arena = NULL;
    }
out:
    arena_destroy(arena);
    return status;
}

void shipped_destroy(struct shipped *shipped)
{
    if (shipped != NULL) {
        arena_destroy(shipped->arena);
    }
}

const struct shipped_file *shipped_find(const struct shipped *shipped, const char *id,
                                        bool is_case, enum guide_language language)
{
    const struct shipped_file *any = NULL;

    for (uint32_t i = 0; i < shipped->count; i++) {
        const struct shipped_file *file = &shipped->files[i];

        if (file->is_case != is_case || strcmp(file->id, id) != 0) {
            continue;
        }
        if (file->language == language) {
            return file;
        }
        any = any == NULL ? file : any;
    }
    return any;
}

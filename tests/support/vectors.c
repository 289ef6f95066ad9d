#include "tests/support/vectors.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

enum { VECTORS_PATH_BYTES_MAX = 1024 };

static void set(json_t *object, const char *name, json_t *value)
{
    int failed = json_object_set_new(object, name, value);

    assert(failed == 0);
    (void)failed;
}

void vectors_hex(json_t *object, const char *name, const void *data, size_t count)
{
    char *hex = malloc(2 * count + 1);

    assert(hex != NULL);
    sodium_bin2hex(hex, 2 * count + 1, data, count);
    set(object, name, json_string(hex));
    free(hex);
}

void vectors_number(json_t *object, const char *name, uint64_t value)
{
    set(object, name, json_integer((json_int_t)value));
}

void vectors_text(json_t *object, const char *name, const char *text)
{
    set(object, name, json_string(text));
}

json_t *vectors_object_in(json_t *array)
{
    json_t *object = json_object();
    int failed = json_array_append_new(array, object);

    assert(failed == 0);
    (void)failed;
    return object;
}

json_t *vectors_array(json_t *object, const char *name)
{
    json_t *array = json_array();

    set(object, name, array);
    return array;
}

json_t *vectors_object(json_t *object, const char *name)
{
    json_t *inner = json_object();

    set(object, name, inner);
    return inner;
}

/* The whole file, NUL-terminated and owned by the caller; NULL when it cannot be read. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size;

    if (file == NULL) {
        return NULL;
    }
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
        rewind(file);
        text = calloc((size_t)size + 1, 1);
        if (text != NULL && fread(text, 1, (size_t)size, file) != (size_t)size) {
            free(text);
            text = NULL;
        }
    }
    (void)fclose(file);
    return text;
}

static bool write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    bool good;

    if (file == NULL) {
        return false;
    }
    good = fputs(text, file) >= 0 && fputc('\n', file) != EOF;
    return fclose(file) == 0 && good;
}

static bool is_same(const char *made, const char *kept)
{
    size_t count = strlen(made);

    return kept != NULL && strncmp(made, kept, count) == 0 && strcmp(kept + count, "\n") == 0;
}

bool vectors_settle(json_t *document, const char *source, const char *name)
{
    const char *rewrite = getenv("KRING_WRITE_VECTORS");
    char path[VECTORS_PATH_BYTES_MAX];
    char *made = json_dumps(document, JSON_INDENT(1));
    char *kept = NULL;
    bool good;

    assert(made != NULL);
    (void)snprintf(path, sizeof path, "%s/tests/vectors/%s.json", source, name);
    if (rewrite != NULL && strcmp(rewrite, "1") == 0) {
        good = write_file(path, made);
    } else {
        kept = read_file(path);
        good = is_same(made, kept);
    }
    if (!good) {
        (void)fprintf(stderr, "%s is not what this program makes\n", path);
    }
    free(made);
    free(kept);
    json_decref(document);
    return good;
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <unistd.h>

#include "client/guide/check.h"
#include "client/guide/shapes.h"
#include "client/guide/source.h"
#include "tests/support/guide_files.h"

enum { NAME_MAX_BYTES = 300, FIELDS_MAX = 200, BAD_FILES_MIN = 75, EXPECTED_MAX = 16384 };

/* People who write guides can use this test's build as a linter: it checks the files named in
 * KRING_CHECK_FILES, separated by spaces, and prints the findings. */
static void files_named_by_the_environment(void **state)
{
    const char *named = getenv("KRING_CHECK_FILES");
    const char *paths[CHECK_FILES_MAX];
    size_t count = 0;
    struct report *report = NULL;
    char *rest = NULL;
    char *copy;
    enum status status;

    (void)state;
    if (named == NULL) {
        return;
    }
    copy = strdup(named);
    assert_non_null(copy);
    for (char *path = strtok_r(copy, " ", &rest); path != NULL && count < CHECK_FILES_MAX;
         path = strtok_r(NULL, " ", &rest)) {
        paths[count++] = path;
    }
    assert_int_equal(report_create(&report), STATUS_OK);
    status = check_files(paths, count, report);
    report_print(report, stdout);
    report_destroy(report);
    free(copy);
    assert_int_equal(status, STATUS_OK);
}

static void read_expected(const char *path, char out[EXPECTED_MAX])
{
    FILE *file = fopen(path, "rb");
    size_t count;

    if (file == NULL) {
        fail_msg("%s: what should be found here is not written down", path);
    }
    count = fread(out, 1, EXPECTED_MAX - 1, file);
    out[count] = '\0';
    assert_int_equal(fclose(file), 0);
}

/* bad/NAME.yaml is checked alone, bad/NAME.case.yaml and .md against the small guide; the
 * whole output must be that of bad/NAME[.case].{yaml,md}.txt. */
static void check_bad_file(const char *name)
{
    char path[NAME_MAX_BYTES];
    char expected_path[NAME_MAX_BYTES];
    char expected[EXPECTED_MAX];
    const char *paths[2] = {"small.en.yaml", path};
    bool is_case = strstr(name, ".case.") != NULL;
    struct report *report = NULL;
    char *findings;

    (void)snprintf(path, sizeof path, "bad/%s", name);
    (void)snprintf(expected_path, sizeof expected_path, "bad/%s.txt", name);
    read_expected(expected_path, expected);
    assert_int_equal(report_create(&report), STATUS_OK);
    if (check_files(is_case ? paths : paths + 1, is_case ? 2 : 1, report) == STATUS_NOMEM) {
        fail();
    }
    findings = guide_files_findings(report);
    assert_string_equal(findings, expected);
    free(findings);
    report_destroy(report);
}

static int is_checked(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".md") == 0);
}

static void every_bad_file_gets_its_message(void **state)
{
    struct dirent **entries = NULL;
    int count;

    (void)state;
    assert_int_equal(chdir(KRING_SOURCE_DIR "/tests/guides"), 0);
    count = scandir("bad", &entries, is_checked, alphasort);
    assert_true(count >= BAD_FILES_MIN);
    for (int i = 0; i < count; i++) {
        check_bad_file(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* Marks the fields of shape that a tree uses. */
static void mark_fields(const struct yaml_node *node, const struct shape *shape,
                        const struct shape_field **seen, size_t *count)
{
    if (node->kind != YAML_MAPPING || shape->plain_only) {
        return;
    }
    for (const struct yaml_node *value = node->first; value != NULL; value = value->next) {
        for (size_t i = 0; i < shape->field_count; i++) {
            const struct shape_field *field = &shape->fields[i];

            if (strcmp(field->name, value->key) != 0) {
                continue;
            }
            assert_true(*count < FIELDS_MAX * 10);
            seen[(*count)++] = field;
            if (field->type == SHAPE_ONE) {
                mark_fields(value, field->shape, seen, count);
            } else if (field->type == SHAPE_LIST || field->type == SHAPE_MAP) {
                for (const struct yaml_node *item = value->first; item != NULL;
                     item = item->next) {
                    mark_fields(item, field->shape, seen, count);
                }
            }
        }
    }
}

static size_t expect_marked(const struct shape *shape, const struct shape_field **seen,
                            size_t count)
{
    size_t fields = 0;

    for (size_t i = 0; i < shape->field_count && !shape->plain_only; i++) {
        const struct shape_field *field = &shape->fields[i];
        bool found = false;

        for (size_t j = 0; j < count; j++) {
            found = found || seen[j] == field;
        }
        if (!found) {
            fail_msg("no every-key file uses \"%s\" of %s", field->name, shape->name);
        }
        fields++;
        if (field->shape != NULL) {
            fields += expect_marked(field->shape, seen, count);
        }
    }
    return fields;
}

static void expect_every_key(const char *path, const struct shape *shape, size_t at_least)
{
    const struct shape_field **seen = calloc(FIELDS_MAX * 10, sizeof(void *));
    const struct yaml_node *root = NULL;
    struct report *report = NULL;
    struct arena *arena = NULL;
    unsigned char *data = NULL;
    size_t bytes = 0;
    size_t count = 0;

    assert_non_null(seen);
    assert_int_equal(report_create(&report), STATUS_OK);
    assert_int_equal(arena_create(1 << 24, &arena), STATUS_OK);
    assert_int_equal(source_read(path, report, &data, &bytes), STATUS_OK);
    assert_int_equal(
        yaml_read((struct bytes){.data = data, .count = bytes}, path, arena, report, &root),
        STATUS_OK);
    mark_fields(root, shape, seen, &count);
    assert_true(expect_marked(shape, seen, count) >= at_least);
    free(data);
    free(seen);
    arena_destroy(arena);
    report_destroy(report);
}

static void every_key_is_used_and_accepted(void **state)
{
    const char *paths[] = {KRING_SOURCE_DIR "/tests/guides/every-key.yaml",
                           KRING_SOURCE_DIR "/tests/guides/every-key-case.yaml"};
    struct report *report = NULL;

    (void)state;
    expect_every_key(paths[0], &shapes_guide, 80);
    expect_every_key(paths[1], &shapes_case, 20);
    assert_int_equal(report_create(&report), STATUS_OK);
    assert_int_equal(check_files(paths, 2, report), STATUS_OK);
    assert_int_equal(report_count(report, REPORT_ERROR), 0);
    assert_int_equal(report_count(report, REPORT_WARNING), 0);
    report_destroy(report);
}

/* Errors of a guide of which one text is so many bytes long. */
static uint32_t errors_with_text(const char *before, size_t bytes, const char *after)
{
    char *text = malloc(strlen(before) + bytes + strlen(after) + 1);
    struct report *report = NULL;
    struct guide *guide = NULL;
    enum status status;
    uint32_t errors;

    assert_non_null(text);
    memcpy(text, before, strlen(before));
    memset(text + strlen(before), 'x', bytes);
    strcpy(text + strlen(before) + bytes, after);
    assert_int_equal(report_create(&report), STATUS_OK);
    status = guide_read((struct bytes){.data = (uint8_t *)text, .count = strlen(text)}, "g",
                        report, &guide);
    errors = report_count(report, REPORT_ERROR);
    assert_int_equal(status == STATUS_OK, errors == 0);
    guide_destroy(guide);
    report_destroy(report);
    free(text);
    return errors;
}

static void texts_end_at_the_limit(void **state)
{
    const char *head = "kring-guide: 1\nid: x\nlanguage: en\ntitle: X\n";
    const char *steps = "phases: [{id: p, title: P, steps: [{id: s, kind: question}]}]\n";
    char summary[200];
    char step[300];
    char tail[200];

    (void)state;
    (void)snprintf(summary, sizeof summary, "%ssummary: ", head);
    (void)snprintf(tail, sizeof tail, "\n%s", steps);
    assert_int_equal(errors_with_text(summary, GUIDE_TEXT_BYTES_MAX, tail), 0);
    assert_int_equal(errors_with_text(summary, GUIDE_TEXT_BYTES_MAX + 1, tail), 1);

    /* id and text of a step are one text together: 48 000 - 1 */
    (void)snprintf(step, sizeof step,
                   "%sphases:\n- id: p\n  title: P\n  steps:\n  - id: s\n    kind: question\n"
                   "    text: ",
                   head);
    assert_int_equal(errors_with_text(step, GUIDE_TEXT_BYTES_MAX - 1, "\n"), 0);
    assert_int_equal(errors_with_text(step, GUIDE_TEXT_BYTES_MAX, "\n"), 1);

    /* a whole file */
    assert_int_equal(errors_with_text("# ", SOURCE_BYTES_MAX, "\n"), 1);
}

static void too_many_steps_are_refused(void **state)
{
    const uint32_t per_phase = 300;
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);

    (void)state;
    assert_non_null(file);
    fprintf(file, "kring-guide: 1\nid: x\nlanguage: en\ntitle: X\nphases:\n");
    for (uint32_t i = 0; i < 2; i++) {
        fprintf(file, "- id: p%u\n  title: P\n  steps:\n", i);
        for (uint32_t j = 0; j < per_phase; j++) {
            fprintf(file, "  - {id: s%u-%u, kind: question}\n", i, j);
        }
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(errors_with_text(text, 0, ""), 1);
    free(text);
}

static void a_missing_file_is_a_finding(void **state)
{
    const char *paths[] = {"no-such-file.yaml", "/"};
    struct report *report = NULL;
    char *findings;

    (void)state;
    assert_int_equal(report_create(&report), STATUS_OK);
    assert_int_equal(check_files(paths, 2, report), STATUS_NOT_FOUND);
    findings = guide_files_findings(report);
    assert_string_equal(findings,
                        "no-such-file.yaml: error: cannot be read: No such file or directory\n"
                        "/: error: cannot be read: Is a directory\n");
    free(findings);
    report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_named_by_the_environment),
        cmocka_unit_test(every_bad_file_gets_its_message),
        cmocka_unit_test(every_key_is_used_and_accepted),
        cmocka_unit_test(texts_end_at_the_limit),
        cmocka_unit_test(too_many_steps_are_refused),
        cmocka_unit_test(a_missing_file_is_a_finding),
    };
    const struct CMUnitTest only_files[] = {cmocka_unit_test(files_named_by_the_environment)};

    if (getenv("KRING_CHECK_FILES") != NULL) {
        return cmocka_run_group_tests(only_files, NULL, NULL);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "client/guide/shipped.h"

enum { PATH_BYTES_MAX = 256 };

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[PATH_BYTES_MAX];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_file(const char *folder, const char *name)
{
    char path[PATH_BYTES_MAX];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(remove(path), 0);
}

static void guides_come_before_their_cases(void **state)
{
    static const char *const names[] = {
        "b.nl.yaml", "b.en.yaml", "a.en.yaml",       "notes.txt",       "c.fr.yaml",
        "D.nl.yaml", ".nl.yaml",  "cases/k.nl.yaml", "cases/k.en.yaml", "e.nl.yaml.bak"};
    char folder[PATH_BYTES_MAX];
    char cases[PATH_BYTES_MAX + 8];
    struct shipped *shipped = NULL;

    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/kring-shipped-%ld", (long)getpid());
    assert_int_equal(mkdir(folder, 0700), 0);
    (void)snprintf(cases, sizeof cases, "%s/cases", folder);
    assert_int_equal(mkdir(cases, 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        write_file(folder, names[i], i == 2 ? "a: [broken" : "kring-guide: 1\ntitle: T\n");
    }
    assert_int_equal(setenv("KRING_GUIDES", folder, 1), 0);
    assert_int_equal(shipped_list(NULL, &shipped), STATUS_OK);
    assert_string_equal(shipped->folder, folder);
    assert_int_equal(shipped->count, 5);
    assert_string_equal(shipped->files[0].id, "a");
    assert_string_equal(shipped->files[0].title, ""); /* broken, and still listed */
    assert_string_equal(shipped->files[1].id, "b");
    assert_int_equal(shipped->files[1].language, GUIDE_DUTCH);
    assert_string_equal(shipped->files[1].title, "T");
    assert_int_equal(shipped->files[2].language, GUIDE_ENGLISH);
    assert_true(shipped->files[3].is_case);
    assert_string_equal(shipped->files[3].id, "k");
    assert_non_null(strstr(shipped->files[3].path, "/cases/k.nl.yaml"));

    assert_ptr_equal(shipped_find(shipped, "b", false, GUIDE_ENGLISH), &shipped->files[2]);
    assert_ptr_equal(shipped_find(shipped, "a", false, GUIDE_DUTCH), &shipped->files[0]);
    assert_ptr_equal(shipped_find(shipped, "k", true, GUIDE_LANGUAGE_UNSET),
                     &shipped->files[3]);
    assert_null(shipped_find(shipped, "k", false, GUIDE_DUTCH));
    shipped_destroy(shipped);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        remove_file(folder, names[i]);
    }
    remove_file(folder, "cases");
    assert_int_equal(rmdir(folder), 0);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    struct shipped *shipped = NULL;

    (void)state;
    assert_int_equal(shipped_list("/nowhere/at/all", &shipped), STATUS_NOT_FOUND);
    assert_null(shipped);
    shipped_destroy(NULL);
}

/* What the product ships is found by its own rule. */
static void the_shipped_folder_is_read(void **state)
{
    struct shipped *shipped = NULL;

    (void)state;
    assert_int_equal(shipped_list(KRING_SOURCE_DIR "/client/guides", &shipped), STATUS_OK);
    for (uint32_t i = 0; i < shipped->count; i++) {
        assert_string_not_equal(shipped->files[i].title, "");
    }
    shipped_destroy(shipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guides_come_before_their_cases),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
        cmocka_unit_test(the_shipped_folder_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

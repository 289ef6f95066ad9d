/* tests/support/guide_files.h -- guides and cases for tests: from the folder tests/guides, or
 * written in the test itself. Whatever goes wrong fails the test that asks. Include it after
 * cmocka.h; all is inline, so that a test brings its own cmocka. */
#ifndef TESTS_SUPPORT_GUIDE_FILES_H
#define TESTS_SUPPORT_GUIDE_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/guide/case.h"
#include "client/guide/guide.h"
#include "client/guide/report.h"

enum { GUIDE_FILES_PATH_MAX = 512, GUIDE_FILES_TEXT_MAX = 256 * 1024 };

/* All findings as report_print() shows them; free() it. */
static inline char *guide_files_findings(struct report *report)
{
    char *text = NULL;
    size_t count = 0;
    FILE *file = open_memstream(&text, &count);

    assert_non_null(file);
    report_print(report, file);
    assert_int_equal(fclose(file), 0);
    return text;
}

static inline struct report *guide_files_report(void)
{
    struct report *report = NULL;

    assert_int_equal(report_create(&report), STATUS_OK);
    return report;
}

/* Shows what was found if status is an error, and ends the test then. */
static inline void guide_files_expect_ok(enum status status, struct report *report)
{
    if (status != STATUS_OK) {
        report_print(report, stderr);
    }
    report_destroy(report);
    assert_int_equal(status, STATUS_OK);
}

/* From tests/guides/NAME. */
static inline struct guide *guide_files_load(const char *name)
{
    char path[GUIDE_FILES_PATH_MAX];
    struct report *report = guide_files_report();
    struct guide *guide = NULL;

    (void)snprintf(path, sizeof path, "%s/tests/guides/%s", KRING_SOURCE_DIR, name);
    guide_files_expect_ok(guide_load(path, report, &guide), report);
    return guide;
}

static inline struct case_file *guide_files_load_case(const char *name,
                                                      const struct guide *guide)
{
    char path[GUIDE_FILES_PATH_MAX];
    struct report *report = guide_files_report();
    struct case_file *case_file = NULL;

    (void)snprintf(path, sizeof path, "%s/tests/guides/%s", KRING_SOURCE_DIR, name);
    guide_files_expect_ok(case_load(path, guide, report, &case_file), report);
    return case_file;
}

static inline struct bytes guide_files_bytes(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)};
}

static inline struct guide *guide_files_parse(const char *text)
{
    struct report *report = guide_files_report();
    struct guide *guide = NULL;

    guide_files_expect_ok(guide_read(guide_files_bytes(text), "guide.yaml", report, &guide),
                          report);
    return guide;
}

static inline struct case_file *guide_files_parse_case(const char *text)
{
    struct report *report = guide_files_report();
    struct case_file *case_file = NULL;

    guide_files_expect_ok(case_read(guide_files_bytes(text), "case.yaml", report, &case_file),
                          report);
    return case_file;
}

/* A guide whose one phase "p" has the steps given (each line indented 6), after the top-level
 * keys given (NULL: none). */
static inline struct guide *guide_files_steps(const char *keys, const char *steps)
{
    char *text = malloc(GUIDE_FILES_TEXT_MAX);
    struct guide *guide;

    assert_non_null(text);
    (void)snprintf(text, GUIDE_FILES_TEXT_MAX,
                   "kring-guide: 1\nid: x\nlanguage: en\ntitle: X\n%sphases:\n  - id: p\n"
                   "    title: P\n    steps:\n%s",
                   keys == NULL ? "" : keys, steps);
    guide = guide_files_parse(text);
    free(text);
    return guide;
}

#endif

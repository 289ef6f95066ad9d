#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/guide_files.h"

static void findings_are_sorted_by_place(void **state)
{
    struct report *report = NULL;
    char *text;

    (void)state;
    assert_int_equal(report_create(&report), STATUS_OK);
    report_add(report, REPORT_NOTE, "b", (struct place){9, 1}, "nine");
    report_add(report, REPORT_ERROR, "a", (struct place){2, 7}, "two %s", "seven");
    report_add(report, REPORT_WARNING, "b", (struct place){3, 5}, "three");
    report_add(report, REPORT_ERROR, "a", (struct place){2, 5}, "two\x1b\nfive");
    report_add(report, REPORT_ERROR, "a", (struct place){0, 0}, "whole");
    text = guide_files_findings(report);
    assert_string_equal(text, "b:3:5: warning: three\n"
                              "b:9:1: note: nine\n"
                              "a: error: whole\n"
                              "a:2:5: error: two  five\n"
                              "a:2:7: error: two seven\n");
    assert_int_equal(report_count(report, REPORT_ERROR), 3);
    assert_int_equal(report_count(report, REPORT_WARNING), 1);
    assert_int_equal(report_count(report, REPORT_NOTE), 1);
    free(text);
    report_destroy(report);
    report_destroy(NULL);
}

static void what_does_not_fit_is_counted(void **state)
{
    struct report *report = NULL;
    uint32_t count;
    char *text;

    (void)state;
    assert_int_equal(report_create(&report), STATUS_OK);
    for (uint32_t i = 0; i < REPORT_FINDINGS_MAX + 7; i++) {
        report_add(report, REPORT_ERROR, "f", (struct place){i + 1, 1}, "x");
    }
    assert_int_equal(report_count(report, REPORT_ERROR), REPORT_FINDINGS_MAX + 7);
    (void)report_findings(report, &count);
    assert_int_equal(count, REPORT_FINDINGS_MAX);
    text = guide_files_findings(report);
    assert_non_null(strstr(text, "\n7 more that are not shown\n"));
    free(text);
    report_destroy(report);
}

static void messages_and_quotes_are_cut_between_characters(void **state)
{
    char longest[4 * REPORT_MESSAGE_BYTES_MAX];
    struct report *report = NULL;
    const struct finding *findings;
    struct report_quote quote;
    uint32_t count;

    (void)state;
    memset(longest, 'x', sizeof longest);
    for (size_t i = 1; i + 2 < sizeof longest; i += 2) {
        memcpy(longest + i, "\xc3\xa9", 2);
    }
    longest[sizeof longest - 1] = '\0';
    quote = report_quote(longest);
    assert_int_equal(strlen(quote.text), REPORT_QUOTE_BYTES_MAX - 1 + 3);
    assert_string_equal(quote.text + REPORT_QUOTE_BYTES_MAX - 1, "...");
    assert_string_equal(report_quote("short").text, "short");
    assert_int_equal(report_create(&report), STATUS_OK);
    report_add(report, REPORT_ERROR, "f", (struct place){1, 1}, "%s", longest);
    findings = report_findings(report, &count);
    assert_int_equal(strlen(findings[0].message), REPORT_MESSAGE_BYTES_MAX - 1);
    report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_sorted_by_place),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(messages_and_quotes_are_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

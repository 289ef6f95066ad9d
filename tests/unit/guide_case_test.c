#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/resolve.h"
#include "tests/support/guide_files.h"

static const char *material_of(const struct case_file *case_file, const char *slot)
{
    const struct guide_slot *found = guide_find_slot(&case_file->materials, slot);

    return found == NULL ? NULL : found->text.text;
}

/* A case in Markdown, read against the small guide; NULL with the findings when refused. */
static struct case_file *read_markdown(const struct guide *guide, const char *text,
                                       char **findings_out)
{
    struct report *report = NULL;
    struct case_file *case_file = NULL;
    enum status status;

    assert_int_equal(report_create(&report), STATUS_OK);
    status =
        case_read_markdown((struct bytes){.data = (const uint8_t *)text, .count = strlen(text)},
                           "My own Case (2).md", guide, report, &case_file);
    assert_int_equal(status == STATUS_OK, report_count(report, REPORT_ERROR) == 0);
    *findings_out = guide_files_findings(report);
    report_destroy(report);
    return case_file;
}

static void every_key_of_a_case_arrives(void **state)
{
    struct case_file *case_file = guide_files_load_case("every-key-case.yaml", NULL);

    (void)state;
    assert_string_equal(case_file->title.text, "Every key of a case");
    assert_int_equal(case_file->people.count, 2);
    assert_string_equal(case_file->people.at[0].group.text, "family");
    assert_null(case_file->people.at[1].group.text);
    assert_string_equal(material_of(case_file, "letter"), "Dear all.");
    assert_string_equal(
        guide_find_choice(&case_file->choices, "road")->options.at[1].consequence.text,
        "You fall.");
    assert_string_equal(guide_find_slot(&case_file->explanations, "why")->text.text,
                        "Because it was dark.");
    assert_string_equal(case_find_sample(case_file, "ask")->texts.at[1].text,
                        "Something else.");
    assert_null(case_find_sample(case_file, "begin"));
    case_destroy(case_file);
    case_destroy(NULL);
}

static void a_case_may_be_markdown(void **state)
{
    struct guide *guide = guide_files_load("small.en.yaml");
    struct case_file *case_file = guide_files_load_case("small-case.md", guide);

    (void)state;
    assert_string_equal(case_file->id.text, "small-case");
    assert_int_equal(case_file->language, GUIDE_ENGLISH);
    assert_string_equal(case_file->title.text, "The empty chair");
    assert_string_equal(case_file->summary.text, "A meeting at which one person stays away.");
    assert_string_equal(material_of(case_file, "situation"),
                        "Every Monday the team meets at nine. Ada leads, and three others "
                        "come.\n\n### Ten minutes later\n\n"
                        "Nobody says anything about Bo's chair.");
    assert_int_equal(case_file->people.count, 2);
    assert_string_equal(case_file->people.at[0].name.text, "Ada");
    assert_string_equal(case_file->people.at[0].about.text, "leads the team");
    assert_string_equal(case_file->people.at[1].name.text, "Bo");
    assert_null(case_file->people.at[1].about.text);
    case_destroy(case_file);
    guide_destroy(guide);
}

static void word_processors_are_forgiven(void **state)
{
    struct guide *guide = guide_files_load("small.en.yaml");
    char *findings;
    struct case_file *case_file =
        read_markdown(guide,
                      "\xef\xbb\xbf\r\n# X\r\n\r\n# **the\xc2\xa0situation**\r\n\r\n"
                      "> What  was going on, and who was there?\r\n> Do tell.\r\n\r\n"
                      "```\r\n# no heading\r\n```\r\n\r\nText.\r\n\r\n# PERSONEN:\r\n* An\r\n",
                      &findings);

    (void)state;
    assert_string_equal(findings, "");
    assert_string_equal(case_file->id.text, "my-own-case-2");
    assert_string_equal(material_of(case_file, "situation"),
                        "> Do tell.\n\n```\n# no heading\n```\n\nText.");
    assert_string_equal(case_file->people.at[0].name.text, "An");
    free(findings);
    case_destroy(case_file);
    guide_destroy(guide);
}

static void a_quotation_is_not_an_answer(void **state)
{
    struct guide *guide = guide_files_load("small.en.yaml");
    char *findings;
    struct case_file *case_file = read_markdown(
        guide, "# X\n\n## The situation\n\n> What was going on, and who was there?\n\n",
        &findings);

    (void)state;
    assert_null(material_of(case_file, "situation"));
    assert_int_equal(case_file->materials.count, 0);
    free(findings);
    case_destroy(case_file);

    case_file = read_markdown(guide, "# X", &findings);
    assert_non_null(case_file);
    assert_null(case_file->summary.text);
    free(findings);
    case_destroy(case_file);
    guide_destroy(guide);
}

static void two_portions_with_one_title_are_told_apart_by_slot(void **state)
{
    struct guide *guide = guide_files_steps(
        NULL, "      - {id: a, kind: read, material: one, title: Text}\n"
              "      - {id: b, kind: read, material: two, title: Text}\n"
              "      - {id: c, kind: comparison, materials: [three, four]}\n");
    char *findings;
    struct case_file *case_file =
        read_markdown(guide, "# X\n## One\n1\n## two\n2\n## Four\n4\n", &findings);

    (void)state;
    assert_string_equal(material_of(case_file, "one"), "1");
    assert_string_equal(material_of(case_file, "two"), "2");
    assert_string_equal(material_of(case_file, "four"), "4");
    case_destroy(case_file);
    free(findings);

    case_file = read_markdown(guide, "# X\n## Text\n1\n", &findings);
    assert_null(case_file);
    assert_string_equal(findings,
                        "My own Case (2).md:2:1: error: two portions have this title: "
                        "write \"one\" or \"two\" instead\n");
    free(findings);
    guide_destroy(guide);
}

static void too_much_is_refused(void **state)
{
    struct guide *guide = guide_files_load("small.en.yaml");
    const size_t bytes = GUIDE_TEXT_BYTES_MAX + 100;
    char *text = malloc(bytes * 2);
    char *findings;
    char *end;

    (void)state;
    assert_non_null(text);
    end = stpcpy(text, "# X\n## Situation\n");
    memset(end, 'x', bytes);
    end[bytes] = '\0';
    assert_null(read_markdown(guide, text, &findings));
    assert_string_equal(findings,
                        "My own Case (2).md:3:1: error: \"Situation\" has 48100 bytes: "
                        "at most 48000 fit, so shorten it\n");
    free(findings);

    end = stpcpy(text, "# X\n## People\n");
    for (int i = 0; i <= CASE_PEOPLE_MAX; i++) {
        end = stpcpy(end, "- An\n");
    }
    assert_null(read_markdown(guide, text, &findings));
    assert_string_equal(findings, "My own Case (2).md:29:1: error: more than 26 people\n");
    free(findings);

    end = stpcpy(text, "# X\n");
    for (int i = 0; i < 1000; i++) {
        end = stpcpy(end, "## Situation\n");
    }
    assert_null(read_markdown(guide, text, &findings));
    assert_non_null(strstr(findings, ":601:1: error: more headings than any guide"));
    free(findings);
    free(text);
    guide_destroy(guide);
}

/* Terminals take the 8-bit controls as commands, so they go the way of the others. */
static void control_characters_are_refused(void **state)
{
    static const char *const texts[] = {"# X \x1b[2J", "# X \xc2\x9b", "# X \x7f", "# X \xff"};
    struct guide *guide = guide_files_load("small.en.yaml");
    char *findings;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_null(read_markdown(guide, texts[i], &findings));
        assert_non_null(strstr(findings, ":1:5: error:"));
        free(findings);
    }
    guide_destroy(guide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_a_case_arrives),
        cmocka_unit_test(a_case_may_be_markdown),
        cmocka_unit_test(word_processors_are_forgiven),
        cmocka_unit_test(a_quotation_is_not_an_answer),
        cmocka_unit_test(two_portions_with_one_title_are_told_apart_by_slot),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(control_characters_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/playable.h"
#include "tests/support/guide_files.h"

/* Findings about the steps, with a case that has a choice c; "" when all is playable. */
static char *findings_of(const char *keys, const char *steps, const char *route)
{
    struct guide *guide = guide_files_steps(keys, steps);
    struct resolve_options options = {.route = route, .follows = true};
    struct resolved *resolved = NULL;
    struct report *report = NULL;
    char *findings;
    bool playable;

    assert_int_equal(report_create(&report), STATUS_OK);
    assert_int_equal(resolve_session(guide, NULL, &options, &resolved), STATUS_OK);
    playable = playable_check(resolved, report);
    assert_int_equal(playable, report_count(report, REPORT_ERROR) == 0);
    findings = guide_files_findings(report);
    report_destroy(report);
    resolved_destroy(resolved);
    guide_destroy(guide);
    return findings;
}

static void expect(const char *steps, const char *expected)
{
    char *findings = findings_of(NULL, steps, NULL);

    assert_string_equal(findings, expected);
    free(findings);
}

static void what_this_version_plays(void **state)
{
    (void)state;
    expect("      - {id: a, kind: read, material: m}\n"
           "      - {id: b, kind: question, items: [One, Two], who: all}\n"
           "      - {id: c, kind: choice, choice: c}\n"
           "      - {id: d, kind: discussion, talk: pairs}\n"
           "      - {id: e, kind: question, share: private}\n"
           "      - {id: f, kind: question, work: plenary}\n"
           "      - {id: g, kind: question, per: people}\n"
           "      - {id: h, kind: commitment}\n"
           "      - {id: i, kind: report}\n"
           "      - {id: j, kind: report, who: observer}\n",
           "");
}

static void what_it_does_not_play_is_named(void **state)
{
    (void)state;
    expect(
        "      - {id: a, kind: form, rows: [One], columns: [{id: c, title: C, type: yesno}]}\n"
        "      - {id: b, kind: completion, starters: [One]}\n"
        "      - {id: c, kind: agreement}\n"
        "      - {id: d, kind: follow-up}\n"
        "      - {id: e, kind: question, share: anonymous}\n"
        "      - {id: f, kind: question, work: pairs, share: group}\n"
        "      - {id: g, kind: question, work: groups, share: group-only}\n"
        "      - {id: h, kind: question, who: case-giver}\n"
        "      - {id: i, kind: question, who: observer}\n",
        "guide.yaml:9:9: error: step \"a\": \"kind: form\" is not playable yet by this version "
        "of "
        "kring\n"
        "guide.yaml:10:9: error: step \"b\": \"kind: completion\" is not playable yet by this "
        "version of kring\n"
        "guide.yaml:11:9: error: step \"c\": \"kind: agreement\" is not playable yet by this "
        "version of kring\n"
        "guide.yaml:12:9: error: step \"d\": \"kind: follow-up\" is not playable yet by this "
        "version of kring\n"
        "guide.yaml:13:9: error: step \"e\": \"share: anonymous\" is not playable yet by this "
        "version of kring\n"
        "guide.yaml:14:9: error: step \"f\": \"work: pairs\" is not playable yet by this "
        "version "
        "of kring\n"
        "guide.yaml:14:9: error: step \"f\": \"share: group\" is not playable yet by this "
        "version "
        "of kring\n"
        "guide.yaml:15:9: error: step \"g\": \"work: groups\" is not playable yet by this "
        "version "
        "of kring\n"
        "guide.yaml:15:9: error: step \"g\": \"share: group-only\" is not playable yet by this "
        "version of kring\n"
        "guide.yaml:16:9: error: step \"h\": \"who: case-giver\" is not playable yet by this "
        "version of kring\n"
        "guide.yaml:17:9: error: step \"i\": \"who: observer\" is not playable yet by this "
        "version of kring\n");
}

static void what_a_route_leaves_out_does_not_count(void **state)
{
    const char *keys = "routes: [{id: r, title: R, leave-out: [b]}]\n";
    const char *steps = "      - {id: a, kind: question}\n"
                        "      - {id: b, kind: completion, starters: [One]}\n";
    char *findings = findings_of(keys, steps, "r");

    (void)state;
    assert_string_equal(findings, "");
    free(findings);
    findings = findings_of(keys, steps, NULL);
    assert_string_not_equal(findings, "");
    free(findings);
}

static void a_gate_is_only_warned_of(void **state)
{
    char *findings =
        findings_of("gate: [I am alone.]\n", "      - {id: a, kind: question}\n", NULL);

    (void)state;
    assert_string_equal(findings, "guide.yaml:5:7: warning: the gate is not asked yet by this "
                                  "version of kring\n");
    free(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_this_version_plays),
        cmocka_unit_test(what_it_does_not_play_is_named),
        cmocka_unit_test(what_a_route_leaves_out_does_not_count),
        cmocka_unit_test(a_gate_is_only_warned_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

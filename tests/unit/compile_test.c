#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/compile.h"
#include "client/guide/resolve.h"
#include "protocol/content.h"
#include "protocol/script.h"

#define GUIDES KRING_SOURCE_DIR "/client/guides/"

struct fixture {
    struct report *report;
    struct guide *guide;
    struct case_file *case_file;
    struct resolved *resolved;
    struct compiled *compiled;
    struct script script;
};

static void fixture_begin(struct fixture *fixture)
{
    *fixture = (struct fixture){0};
    assert_int_equal(report_create(&fixture->report), STATUS_OK);
    assert_int_equal(
        guide_load(GUIDES "gendersensitief-handelen.nl.yaml", fixture->report, &fixture->guide),
        STATUS_OK);
    assert_int_equal(case_load(GUIDES "cases/gezin-onder-druk.nl.yaml", fixture->guide,
                               fixture->report, &fixture->case_file),
                     STATUS_OK);
    assert_int_equal(
        resolve_session(fixture->guide, fixture->case_file, NULL, &fixture->resolved),
        STATUS_OK);
    assert_int_equal(compile_session(fixture->resolved, fixture->report, &fixture->compiled),
                     STATUS_OK);
    assert_int_equal(script_add(&fixture->script, fixture->compiled->texts[0]), STATUS_OK);
}

static void fixture_end(struct fixture *fixture)
{
    script_finish(&fixture->script);
    compiled_destroy(fixture->compiled);
    resolved_destroy(fixture->resolved);
    case_destroy(fixture->case_file);
    guide_destroy(fixture->guide);
    report_destroy(fixture->report);
}

/* The text with this number, which must be of this type. */
static void expect(const struct fixture *fixture, uint16_t number, enum text_type type,
                   struct content_text *text)
{
    assert_true(number > 0 && number < fixture->compiled->text_count);
    assert_int_equal(content_text_decode(fixture->compiled->texts[number], text), STATUS_OK);
    assert_int_equal(text->type, type);
}

static void every_text_of_the_shipped_guide_reads_back(void **state)
{
    struct fixture fixture;
    struct content_text *text = calloc(1, sizeof *text);

    (void)state;
    fixture_begin(&fixture);
    assert_true(fixture.compiled->text_count > 30);
    for (uint16_t i = 0; i < fixture.compiled->text_count; i++) {
        assert_int_equal(content_text_decode(fixture.compiled->texts[i], text), STATUS_OK);
    }
    free(text);
    fixture_end(&fixture);
}

static void the_script_names_what_is_there(void **state)
{
    struct fixture fixture;
    struct content_text *text = calloc(1, sizeof *text);

    (void)state;
    fixture_begin(&fixture);
    assert_int_equal(fixture.script.step_count, fixture.compiled->step_count);
    for (uint16_t i = 0; i < fixture.script.step_count; i++) {
        const struct script_step *step = &fixture.script.steps[i];
        const struct step_plan *plan = &fixture.compiled->steps[i];

        assert_int_equal(step->step, i + 1);
        assert_int_equal(plan->step, step->step);
        expect(&fixture, step->prompt, TEXT_PROMPT, text);
        assert_int_equal(text->step, step->step);
        assert_int_equal(text->as.prompt.form, plan->form);
        assert_int_equal(text->as.prompt.phase, step->phase);
        for (uint16_t k = 0; k < step->text_count; k++) {
            assert_int_equal(content_text_decode(fixture.compiled->texts[step->texts[k]], text),
                             STATUS_OK);
            assert_true(text->type == TEXT_MATERIAL || text->type == TEXT_LIST);
            if (text->type == TEXT_LIST) { /* called by its id */
                assert_true(text->as.list.title.count > 0);
                assert_true(text->as.list.title.data[0] <= 'Z');
            }
        }
        if (plan->form == FORM_READ) {
            assert_true(step->text_count > 0);
        }
        if (step->tip != 0) {
            expect(&fixture, step->tip, TEXT_TIP, text);
        }
        if (step->consequences != 0) {
            expect(&fixture, step->consequences, TEXT_CONSEQUENCES, text);
            assert_int_equal(plan->form, FORM_CHOICE);
        }
        assert_true(step->explanation <= fixture.script.explanation_count);
    }
    for (uint16_t i = 0; i < fixture.script.phase_count; i++) {
        expect(&fixture, fixture.script.phases[i].text, TEXT_PHASE, text);
        assert_int_equal(text->as.phase.phase, fixture.script.phases[i].number);
    }
    for (uint16_t i = 0; i < fixture.script.explanation_count; i++) {
        expect(&fixture, fixture.script.explanations[i].text, TEXT_EXPLANATION, text);
        assert_true(fixture.script.explanations[i].step_count > 0);
    }
    expect(&fixture, fixture.script.start_texts[0], TEXT_WELCOME, text);
    assert_int_equal(text->as.welcome.observer, OBSERVER_REQUIRED);
    expect(&fixture, fixture.script.gate, TEXT_GATE, text);
    expect(&fixture, fixture.script.preparation, TEXT_TIP, text);
    free(text);
    fixture_end(&fixture);
}

static void what_everyone_gets_holds_nothing_of_later(void **state)
{
    struct fixture fixture;
    struct content_text *text = calloc(1, sizeof *text);

    (void)state;
    fixture_begin(&fixture);
    for (uint16_t i = 0; i < fixture.script.start_count; i++) {
        assert_int_equal(
            content_text_decode(fixture.compiled->texts[fixture.script.start_texts[i]], text),
            STATUS_OK);
        assert_true(text->type == TEXT_WELCOME || text->type == TEXT_CONCEPTS ||
                    text->type == TEXT_GATE);
    }
    free(text);
    fixture_end(&fixture);
}

/* A guide in few words. */
static enum status compile_of(const char *yaml, struct report *report,
                              struct compiled **compiled_out)
{
    struct guide *guide = NULL;
    struct resolved *resolved = NULL;
    struct bytes bytes = {(const uint8_t *)yaml, strlen(yaml)};
    enum status status = guide_read(bytes, "test.yaml", report, &guide);

    assert_int_equal(status, STATUS_OK);
    assert_int_equal(resolve_session(guide, NULL, NULL, &resolved), STATUS_OK);
    status = compile_session(resolved, report, compiled_out);
    resolved_destroy(resolved);
    guide_destroy(guide);
    return status;
}

static void what_cannot_be_played_is_refused_with_its_place(void **state)
{
    struct report *report = NULL;
    struct compiled *compiled = NULL;

    (void)state;
    assert_int_equal(report_create(&report), STATUS_OK);
    assert_int_equal(compile_of("kring-guide: 1\nid: g\nlanguage: en\ntitle: G\nphases:\n"
                                "  - id: p\n    title: P\n    steps:\n"
                                "      - id: s\n        kind: question\n        text: Q\n"
                                "        share: anonymous\n",
                                report, &compiled),
                     STATUS_UNSUPPORTED);
    assert_null(compiled);
    assert_int_equal(report_count(report, REPORT_ERROR), 1);
    report_destroy(report);
}

static void items_and_private_steps_become_what_they_are(void **state)
{
    struct report *report = NULL;
    struct compiled *compiled = NULL;
    struct content_text *text = calloc(1, sizeof *text);
    struct script script = {0};

    (void)state;
    assert_int_equal(report_create(&report), STATUS_OK);
    assert_int_equal(compile_of("kring-guide: 1\nid: g\nlanguage: en\ntitle: G\nphases:\n"
                                "  - id: p\n    title: P\n    steps:\n"
                                "      - id: s\n        kind: question\n        text: Q\n"
                                "        items: [one, two]\n        share: private\n",
                                report, &compiled),
                     STATUS_OK);
    assert_int_equal(compiled->steps[0].sharing, SHARING_NEVER);
    assert_int_equal(compiled->steps[0].working, WORKING_NONE);
    assert_string_equal(compiled->step_ids[0], "s");
    assert_int_equal(script_add(&script, compiled->texts[0]), STATUS_OK);
    assert_int_equal(content_text_decode(compiled->texts[script.steps[0].prompt], text),
                     STATUS_OK);
    assert_int_equal(text->as.prompt.items.count, 2);
    assert_memory_equal(text->as.prompt.items.at[1].term.data, "1b", 2);
    script_finish(&script);
    free(text);
    compiled_destroy(compiled);
    report_destroy(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_of_the_shipped_guide_reads_back),
        cmocka_unit_test(the_script_names_what_is_there),
        cmocka_unit_test(what_everyone_gets_holds_nothing_of_later),
        cmocka_unit_test(what_cannot_be_played_is_refused_with_its_place),
        cmocka_unit_test(items_and_private_steps_become_what_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/content.h"
#include "protocol/reader.h"
#include "protocol/script.h"
#include "protocol/writer.h"

static struct bytes text(const char *string)
{
    return (struct bytes){.data = (const uint8_t *)string, .count = strlen(string)};
}

static bool is(struct bytes bytes, const char *string)
{
    return bytes_equal(bytes, text(string));
}

static struct content_lines two_lines(void)
{
    return (struct content_lines){.count = 2, .at = {text("one"), text("two")}};
}

/* One text of every type, filled with something. */
static struct content_text sample(enum text_type type)
{
    struct content_text sample = {.type = type, .step = 7};

    switch (type) {
    case TEXT_WELCOME:
        sample.as.welcome = (struct text_welcome){
            .guide_title = text("Guide"),
            .summary = text("About"),
            .language = text("nl"),
            .source = text("somebody"),
            .people_min = 4,
            .observer = OBSERVER_REQUIRED,
            .roles = {.count = 1, .at = {{.number = ROLE_OBSERVER, .text = text("watch")}}},
        };
        break;
    case TEXT_CONCEPTS:
        sample.as.concepts = (struct content_pairs){
            .count = 1, .at = {{.term = text("gender"), .text = text("expectations")}}};
        break;
    case TEXT_GATE:
        sample.as.gate = two_lines();
        break;
    case TEXT_PHASE:
        sample.as.phase =
            (struct text_phase){.phase = 3, .title = text("P"), .attention = two_lines()};
        break;
    case TEXT_PROMPT:
        sample.as.prompt = (struct text_prompt){
            .form = FORM_CHOICE,
            .phase = 3,
            .title = text("T"),
            .label = text("4"),
            .text = text("What now?"),
            .items = {.count = 1, .at = {{.term = text("a"), .text = text("x")}}},
            .option_count = 2,
            .options = {{.label = text("leave")}, {.label = text("ask on"), .text = text("y")}},
            .reason = text("Why?"),
            .minutes = 8,
            .texts = {.count = 1, .at = {12}},
            .beside_texts = {.count = 2, .at = {13, 14}},
            .beside_steps = {.count = 1, .at = {2}},
            .talk = TALK_PLENARY,
        };
        break;
    case TEXT_EXPLANATION:
        sample.as.titled =
            (struct text_titled){.text = text("why"), .steps = {.count = 2, .at = {3, 4}}};
        break;
    case TEXT_MATERIAL:
    case TEXT_BACKGROUND:
        sample.as.titled = (struct text_titled){.title = text("T"), .text = text("body")};
        break;
    case TEXT_CONSEQUENCES:
        sample.as.consequences = (struct text_consequences){
            .count = 2,
            .at = {{.text = text("a")}, {.text = text("b"), .preferred = true}},
            .after = text("then")};
        break;
    case TEXT_TIP:
        sample.as.tip = text("stay with facts");
        break;
    case TEXT_LIST:
        sample.as.list = (struct text_list){.title = text("L"), .lines = two_lines()};
        break;
    case TEXT_SCRIPT:
        break;
    }
    return sample;
}

static struct bytes encoded(struct writer *writer, const struct content_text *what)
{
    content_text_encode(writer, what);
    assert_int_equal(writer_status(writer), STATUS_OK);
    return writer_bytes(writer);
}

static void every_type_comes_back_as_it_went(void **state)
{
    uint8_t first[4096], second[4096];

    (void)state;
    for (int type = TEXT_WELCOME; type < TEXT_TYPE_COUNT; type++) {
        struct content_text what = sample((enum text_type)type), back = {0};
        struct writer writer, again;
        struct bytes bytes;

        writer_init(&writer, first, sizeof first);
        writer_init(&again, second, sizeof second);
        bytes = encoded(&writer, &what);
        assert_int_equal(content_text_decode(bytes, &back), STATUS_OK);
        assert_int_equal(back.type, type);
        assert_int_equal(back.step, 7);
        assert_true(bytes_equal(encoded(&again, &back), bytes));
    }
}

static void a_prompt_is_read_to_the_letter(void **state)
{
    uint8_t buffer[4096];
    struct content_text what = sample(TEXT_PROMPT), back = {0};
    struct writer writer;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    assert_int_equal(content_text_decode(encoded(&writer, &what), &back), STATUS_OK);
    assert_int_equal(back.as.prompt.form, FORM_CHOICE);
    assert_true(is(back.as.prompt.text, "What now?"));
    assert_int_equal(back.as.prompt.option_count, 2);
    assert_true(is(back.as.prompt.options[1].label, "ask on"));
    assert_int_equal(back.as.prompt.beside_texts.at[1], 14);
    assert_int_equal(back.as.prompt.talk, TALK_PLENARY);
}

static void tails_may_grow_and_nothing_may_be_missing(void **state)
{
    uint8_t buffer[4096];
    struct content_text what = sample(TEXT_TIP), back = {0};
    struct writer writer;
    struct bytes bytes;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    writer_array(&writer, 5);
    writer_uint(&writer, TEXT_TIP);
    writer_uint(&writer, 1);
    writer_str_of(&writer, "tip");
    writer_str_of(&writer, "of a later version");
    writer_array(&writer, 0);
    assert_int_equal(content_text_decode(writer_bytes(&writer), &back), STATUS_OK);
    assert_true(is(back.as.tip, "tip"));

    writer_reset(&writer);
    bytes = encoded(&writer, &what);
    for (size_t count = 0; count < bytes.count; count++) {
        assert_int_not_equal(content_text_decode((struct bytes){bytes.data, count}, &back),
                             STATUS_OK);
    }
}

static void what_nobody_knows_is_refused(void **state)
{
    const uint8_t new_type[] = {0x92, 0x0c, 0x00};
    const uint8_t no_array[] = {0xa1, 'x'};
    const uint8_t form_0[] = {0x93, 0x00, 0x90, 0x00};
    struct content_text back = {0};
    struct content_answer answer = {0};

    (void)state;
    assert_int_equal(content_text_decode((struct bytes){new_type, sizeof new_type}, &back),
                     STATUS_UNKNOWN);
    assert_int_equal(content_text_decode((struct bytes){no_array, sizeof no_array}, &back),
                     STATUS_MALFORMED);
    assert_int_equal(content_answer_decode((struct bytes){form_0, sizeof form_0}, &answer),
                     STATUS_MALFORMED);
}

static void answers_and_strings_come_back(void **state)
{
    uint8_t buffer[4096];
    struct writer writer;
    struct content_answer answer = {
        .form = FORM_COMMITMENT, .field_count = 2, .fields = {text("ask on"), text("1 May")}};
    struct content_strings strings = {
        .count = 4, .at = {text("we do"), text("Bram"), text("June"), text("intake")}};

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    content_answer_encode(&writer, &answer);
    memset(&answer, 0, sizeof answer);
    assert_int_equal(content_answer_decode(writer_bytes(&writer), &answer), STATUS_OK);
    assert_true(is(answer.fields[1], "1 May"));
    assert_int_equal(answer.option, 0);

    writer_reset(&writer);
    content_strings_encode(&writer, &strings);
    memset(&strings, 0, sizeof strings);
    assert_int_equal(content_strings_decode(writer_bytes(&writer), KIND_AGREEMENT, &strings),
                     STATUS_OK);
    assert_true(is(strings.at[3], "intake"));
    assert_int_equal(content_strings_decode(writer_bytes(&writer), KIND_NOTE, &strings),
                     STATUS_OK);
    assert_int_equal(strings.count, 1);
}

static void a_script_in_two_parts_is_one_script(void **state)
{
    uint8_t first[2048], second[2048];
    struct script_phase phases[] = {
        {.number = 1, .title = text("Opening"), .text = 5, .tip = 6}};
    struct script_step steps[] = {
        {.step = 1, .phase = 1, .prompt = 7, .text_count = 2, .texts = {8, 9}, .minutes = 5},
        {.step = 2, .phase = 1, .prompt = 10, .explanation = 1, .title = text("Q")},
    };
    uint16_t unlocks[] = {2};
    struct script_explanation explanations[] = {
        {.text = 11, .step_count = 1, .steps = unlocks}};
    struct script script = {
        .guide_title = text("Guide"),
        .phase_count = 1,
        .phases = phases,
        .step_count = 2,
        .steps = steps,
        .explanation_count = 1,
        .explanations = explanations,
        .start_count = 2,
        .start_texts = {1, 2},
        .preparation = 4,
        .gate = 3,
    };
    struct script back = {0};
    struct writer writer, rest;

    (void)state;
    writer_init(&writer, first, sizeof first);
    writer_init(&rest, second, sizeof second);
    script_encode(&writer, &script, 0, 1, 12);
    script_encode(&rest, &script, 1, 2, 0);
    assert_int_equal(script_add(&back, writer_bytes(&writer)), STATUS_OK);
    assert_int_equal(back.next, 12);
    assert_int_equal(script_add(&back, writer_bytes(&rest)), STATUS_OK);
    assert_int_equal(back.next, 0);
    assert_int_equal(back.step_count, 2);
    assert_true(is(back.guide_title, "Guide"));
    assert_int_equal(back.explanations[0].steps[0], 2);
    assert_int_equal(script_find(&back, 2)->explanation, 1);
    assert_null(script_find(&back, 3));
    assert_int_equal(back.gate, 3);
    script_finish(&back);
}

static void a_script_cut_off_anywhere_is_no_script(void **state)
{
    uint8_t buffer[2048];
    uint16_t unlocks[] = {1};
    struct script_explanation explanations[] = {
        {.text = 11, .step_count = 1, .steps = unlocks}};
    struct script_step steps[] = {{.step = 1, .phase = 1, .prompt = 7}};
    struct script script = {
        .step_count = 1, .steps = steps, .explanation_count = 1, .explanations = explanations};
    struct writer writer;
    struct bytes bytes;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    script_encode(&writer, &script, 0, 1, 0);
    bytes = writer_bytes(&writer);
    for (size_t count = 0; count < bytes.count; count++) {
        struct script back = {0};

        assert_int_not_equal(script_add(&back, (struct bytes){bytes.data, count}), STATUS_OK);
        script_finish(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_as_it_went),
        cmocka_unit_test(a_prompt_is_read_to_the_letter),
        cmocka_unit_test(tails_may_grow_and_nothing_may_be_missing),
        cmocka_unit_test(what_nobody_knows_is_refused),
        cmocka_unit_test(answers_and_strings_come_back),
        cmocka_unit_test(a_script_in_two_parts_is_one_script),
        cmocka_unit_test(a_script_cut_off_anywhere_is_no_script),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

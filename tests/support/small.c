#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/small.h"

const char small_guide[] =
    "kring-guide: 1\n"
    "id: small\n"
    "language: en\n"
    "title: A small guide\n"
    "summary: For tests.\n"
    "people: {min: 4, max: 30, observer: required}\n"
    "roles: {observer: You watch., participant: You answer.}\n"
    "preparation: PREPARATION for the facilitator.\n"
    "gate: [I am alone.]\n"
    "concepts: [{term: gender, text: expectations}]\n"
    "background: [{id: bg, title: More, text: BACKGROUND reading.}]\n"
    "materials: {sketch: \"First paragraph of the SKETCH.\\n\\nSecond paragraph.\"}\n"
    "choices:\n"
    "  leave:\n"
    "    options:\n"
    "      - {label: leave, consequence: CONSEQUENCE of leaving}\n"
    "      - {label: ask on, consequence: CONSEQUENCE of asking, preferred: true}\n"
    "    after: AFTER all\n"
    "explanations: {a: EXPLANATION of both}\n"
    "phases:\n"
    "  - id: one\n"
    "    title: Phase one\n"
    "    goal: a goal\n"
    "    attention: [power, roles]\n"
    "    tips: PHASETIP\n"
    "    steps:\n"
    "      - {id: read, kind: read, title: Sketch, material: sketch, minutes: 3}\n"
    "      - {id: q, kind: question, text: What do you see?, items: [first, second],\n"
    "         explanation: a, tip: STEPTIP}\n"
    "      - {id: c, kind: choice, text: What now?, choice: leave, reason: Why?,\n"
    "         explanation: a}\n"
    "      - {id: talk, kind: discussion, text: Talk., work: plenary}\n"
    "      - {id: mine, kind: question, text: For yourself., share: private, who: all}\n"
    "      - {id: report, kind: report, text: The observer.}\n"
    "      - {id: plan, kind: commitment, text: From tomorrow I will, who: all}\n";

struct content_answer small_answer(const char *first, const char *second, uint16_t option)
{
    struct content_answer answer = {.field_count = second == NULL ? 1 : 2, .option = option};

    answer.fields[0] = (struct bytes){(const uint8_t *)first, strlen(first)};
    if (second != NULL) {
        answer.fields[1] = (struct bytes){(const uint8_t *)second, strlen(second)};
    }
    return answer;
}

void small_say(struct circle_person *person, uint16_t step, const char *first,
               const char *second, uint16_t option)
{
    struct content_answer answer = small_answer(first, second, option);

    assert_int_equal(member_answer(person->member, step, 0, &answer), STATUS_OK);
}

const struct model_step *small_step(struct circle_person *person, uint16_t number)
{
    const struct model_step *step = model_step(circle_model(person), number);

    assert_non_null(step);
    return step;
}

/* Everyone is in, connected and caught up. */
struct circle *small_begin(void)
{
    struct circle *circle = calloc(1, sizeof *circle);

    assert_non_null(circle);
    circle_init(circle, 7);
    circle_host(circle, small_guide, ADMISSION_AUTOMATIC);
    circle_connect(&circle->people[FATMA]);
    circle_run(circle);
    circle_connect(circle_join(circle, OLGA, 1, "Olga"));
    circle_connect(circle_join(circle, BRAM, 2, "Bram"));
    circle_connect(circle_join(circle, AYSE, 2,
                               "Ay\xc5\x9f"
                               "e"));
    circle_run(circle);
    return circle;
}

void small_end(struct circle *circle)
{
    circle_finish(circle);
    free(circle);
}

void small_open(struct circle *circle, uint16_t step)
{
    assert_int_equal(member_open_step(circle->people[FATMA].member, step), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(&circle->people[FATMA], step)->state, STEP_OPEN);
}

void small_release(struct circle *circle, uint16_t step)
{
    assert_int_equal(member_release_step(circle->people[FATMA].member, step), STATUS_OK);
    circle_run(circle);
    assert_int_equal(small_step(&circle->people[FATMA], step)->state, STEP_RELEASED);
}

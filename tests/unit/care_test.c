#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/faces/care.h"
#include "client/faces/notes.h"
#include "client/faces/spoken.h"
#include "tests/support/face_fake.h"

static enum care_step begin(struct care *care, const char *name, uint16_t step, uint64_t now_ms)
{
    const struct intent_values values = {.step = step};

    return care_begin(care, intent_find(name), &values, &fake.model, now_ms);
}

static void what_needs_no_care_is_done_at_once(void **state)
{
    struct care care;

    (void)state;
    fake_begin(1);
    fake_open(2);
    assert_int_equal(begin(&care, "ready", 0, 0), CARE_DO);
    fake.steps[1].counts.answered = 2;
    assert_int_equal(begin(&care, "close", 0, 0), CARE_DO); /* all have answered */
    fake_open(1);
    assert_int_equal(begin(&care, "close", 0, 0), CARE_DO); /* nothing to send there */
    assert_int_equal(care.stage, CARE_STAGE_NONE);
}

static void opening_waits_three_seconds(void **state)
{
    struct care care;

    (void)state;
    fake_begin(1);
    assert_int_equal(begin(&care, "open", 1, 1000), CARE_SAY);
    assert_int_equal(care.stage, CARE_STAGE_TAKING_BACK);
    assert_int_equal(care_tick(&care, &fake.model, 3999), CARE_WAIT);
    assert_int_equal(care_tick(&care, &fake.model, 4000), CARE_DO);
    assert_string_equal(care.intent->name, "open");
    assert_int_equal(care.values.step, 1);
    assert_int_equal(care_tick(&care, &fake.model, 9000), CARE_WAIT); /* once */

    assert_int_equal(begin(&care, "open", 1, 1000), CARE_SAY);
    assert_int_equal(care_back(&care), CARE_WAIT);
    assert_int_equal(care_tick(&care, &fake.model, 9000), CARE_WAIT);
}

static void release_asks_then_calls(void **state)
{
    struct care care;

    (void)state;
    fake_begin(1);
    fake_open(2);
    fake.steps[1].counts.writing = 2;
    assert_int_equal(begin(&care, "release", 0, 1000), CARE_SAY);
    assert_int_equal(care.stage, CARE_STAGE_ASKING);
    assert_int_equal(care_tick(&care, &fake.model, 1000000),
                     CARE_WAIT); /* as long as it takes */
    assert_int_equal(care_now(&care), CARE_WAIT);
    assert_int_equal(care_yes(&care, &fake.model, 2000), CARE_CALL);
    assert_int_equal(care.writing, 2);
    assert_int_equal(care_tick(&care, &fake.model, 16999), CARE_WAIT);
    assert_int_equal(care_longer(&care, 16999), CARE_CALL);
    assert_int_equal(care_tick(&care, &fake.model, 31998), CARE_WAIT);
    fake.steps[1].counts.answered = 2; /* one is changing what was sent */
    fake.steps[1].counts.writing = 1;
    assert_int_equal(care_tick(&care, &fake.model, 19999), CARE_WAIT);
    fake.steps[1].counts.writing = 0;
    assert_int_equal(care_tick(&care, &fake.model, 20000), CARE_DO);

    fake.steps[1].counts.writing = 1;
    assert_int_equal(begin(&care, "release", 0, 0), CARE_SAY);
    assert_int_equal(care_yes(&care, &fake.model, 0), CARE_CALL);
    assert_int_equal(care_back(&care), CARE_CALL_OFF);
}

/* Nobody need be known to write for a last call to be given. */
static void who_has_not_answered_is_called_too(void **state)
{
    struct model_mark marks[] = {
        {.member = 1, .name = "Mirjam", .expected = true},
        {.member = 3, .name = "Ayse", .marks = MESSAGE_MARK_ANSWERED, .expected = true},
        {.member = 4, .name = "Bram", .expected = true},
    };
    struct care care;

    (void)state;
    fake_begin(1);
    fake_open(2);
    fake.steps[1].marks = marks;
    fake.steps[1].mark_count = 3;
    assert_int_equal(begin(&care, "release", 0, 0), CARE_SAY);
    assert_int_equal(care_yes(&care, &fake.model, 0), CARE_CALL);
    assert_int_equal(care.awaited, 1); /* Bram; not the one who shares */
    fake.members[3].present = false;
    assert_int_equal(care_tick(&care, &fake.model, 1), CARE_DO);
    fake.members[3].present = true;
    marks[2].marks = MESSAGE_MARK_ANSWERED;
    assert_int_equal(begin(&care, "close", 0, 0), CARE_DO);
    marks[0].marks = MESSAGE_MARK_WRITING; /* but for what they are writing themselves */
    assert_int_equal(begin(&care, "close", 0, 0), CARE_CALL);
}

static void moving_on_asks_when_not_all_are_ready(void **state)
{
    struct care care;

    (void)state;
    fake_begin(1);
    fake_open(2);
    fake.steps[1].counts.answered = 1;
    assert_int_equal(begin(&care, "next", 0, 0), CARE_SAY);
    assert_int_equal(care.stage, CARE_STAGE_ASKING);
    assert_true(care.unready);
    assert_int_equal(care_yes(&care, &fake.model, 0), CARE_SAY);
    assert_int_equal(care.stage, CARE_STAGE_TAKING_BACK);
    fake.steps[1].counts.answered = 2;
    assert_int_equal(begin(&care, "next", 0, 0), CARE_SAY);
    assert_int_equal(care.stage, CARE_STAGE_TAKING_BACK);
}

/* ---- notes ---- */

static struct note note_of(uint32_t key, const char *text)
{
    return (struct note){.key = key, .text = (char *)(uintptr_t)text};
}

static void notes_with_one_key_are_one_note(void **state)
{
    struct notes notes = {.count = 0};
    const struct note first = note_of(7, "1 of 4");
    const struct note other = note_of(0, "open");
    const struct note second = note_of(7, "2 of 4");

    (void)state;
    assert_int_equal(notes_add(&notes, &first), STATUS_OK);
    assert_int_equal(notes_add(&notes, &other), STATUS_OK);
    assert_int_equal(notes_add(&notes, &second), STATUS_OK);
    assert_int_equal(notes_untold(&notes), 2);
    assert_string_equal(notes_at(&notes, 0)->text, "open");
    assert_string_equal(notes_at(&notes, 1)->text, "2 of 4");
    notes_at(&notes, 1)->told = true;
    assert_int_equal(notes_add(&notes, &first), STATUS_OK); /* what was told stays said */
    assert_int_equal(notes.count, 3);
    notes_drop(&notes, 7);
    assert_int_equal(notes.count, 2);
    notes_finish(&notes);
}

static void the_oldest_note_goes_first(void **state)
{
    struct notes notes = {.count = 0};
    char text[16];

    (void)state;
    for (unsigned i = 0; i < NOTES_MAX + 5; i++) {
        struct note note;

        (void)snprintf(text, sizeof text, "%u", i);
        note = note_of(0, text);
        assert_int_equal(notes_add(&notes, &note), STATUS_OK);
    }
    assert_int_equal(notes.count, NOTES_MAX);
    assert_string_equal(notes_at(&notes, 0)->text, "5");
    assert_null(notes_at(&notes, NOTES_MAX));
    notes_finish(&notes);
}

/* Addresses and their words as the paper gives them: 127.0.0.1 and 63.84.220.193. */
static void a_head_can_be_read_out(void **state)
{
    const uint8_t bytes[12] = {127, 0, 0, 1, 63, 84, 220, 193, 255, 255, 0, 0};
    char words[SPOKEN_BYTES];

    (void)state;
    spoken_words(bytes, words);
    assert_string_equal(words, "lusab babad gutih tugad zuzuz babab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_needs_no_care_is_done_at_once),
        cmocka_unit_test(opening_waits_three_seconds),
        cmocka_unit_test(release_asks_then_calls),
        cmocka_unit_test(who_has_not_answered_is_called_too),
        cmocka_unit_test(moving_on_asks_when_not_all_are_ready),
        cmocka_unit_test(notes_with_one_key_are_one_note),
        cmocka_unit_test(the_oldest_note_goes_first),
        cmocka_unit_test(a_head_can_be_read_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

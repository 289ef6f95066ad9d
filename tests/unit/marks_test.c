#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/marks.h"

static struct marks *marks;

static int set_up(void **state)
{
    (void)state;
    marks = malloc(sizeof *marks);
    marks_init(marks);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    marks_finish(marks);
    free(marks);
    return 0;
}

static uint8_t flags(uint16_t step, uint16_t member)
{
    return marks->steps[step] == NULL ? 0 : marks->steps[step]->members[member].flags;
}

static void only_changes_count_as_changes(void **state)
{
    uint64_t before = 0;

    (void)state;
    marks_set_present(marks, 2, true);
    assert_int_equal(marks_write(marks, 1, 2, true), STATUS_OK);
    before = marks->change;
    marks_set_present(marks, 2, true);
    assert_int_equal(marks_write(marks, 1, 2, true), STATUS_OK);
    assert_int_equal(marks_signal(marks, 1, 2, MESSAGE_SIGNAL_NONE), STATUS_OK);
    assert_int_equal(marks->change, before);
    marks_set_present(marks, 2, false);
    assert_true(marks->change > before);
    assert_int_equal(marks->present_changed[2], marks->change);
}

static void the_last_signal_counts(void **state)
{
    (void)state;
    assert_int_equal(marks_signal(marks, 1, 2, MESSAGE_SIGNAL_READY), STATUS_OK);
    assert_int_equal(marks_signal(marks, 1, 2, MESSAGE_SIGNAL_QUESTION), STATUS_OK);
    assert_int_equal(marks_write(marks, 1, 2, true), STATUS_OK);
    assert_int_equal(flags(1, 2), MESSAGE_MARK_QUESTION | MESSAGE_MARK_WRITING);
    assert_int_equal(marks_signal(marks, 1, 2, MESSAGE_SIGNAL_NONE), STATUS_OK);
    assert_int_equal(flags(1, 2), MESSAGE_MARK_WRITING);
    marks_answer(marks, 1, 2);
    assert_int_equal(flags(1, 2), 0);
}

static void a_reset_is_of_one_step_and_a_leaving_of_all(void **state)
{
    (void)state;
    assert_int_equal(marks_signal(marks, 1, 2, MESSAGE_SIGNAL_READY), STATUS_OK);
    assert_int_equal(marks_signal(marks, 2, 2, MESSAGE_SIGNAL_READY), STATUS_OK);
    assert_int_equal(marks_signal(marks, 2, 3, MESSAGE_SIGNAL_READY), STATUS_OK);
    marks_reset(marks, 1);
    assert_int_equal(flags(1, 2), 0);
    assert_int_equal(flags(2, 2), MESSAGE_MARK_READY);
    marks_leave(marks, 2);
    assert_int_equal(flags(2, 2), 0);
    assert_int_equal(flags(2, 3), MESSAGE_MARK_READY);
}

static void a_last_call_ends_by_itself_or_is_taken_back(void **state)
{
    (void)state;
    marks_last_call(marks, 3, 15, 1000);
    assert_int_equal(marks->last_call_until_ms, 16000);
    assert_int_equal(marks->last_call_changed, marks->change);
    marks_last_call(marks, 3, 0, 2000);
    assert_int_equal(marks->last_call_until_ms, 0);
    assert_int_equal(marks->last_call_changed, marks->change);
}

static void touching_all_touches_every_mark(void **state)
{
    (void)state;
    marks_touch(marks, 1, 2);
    marks_touch(marks, 4, 2);
    marks_touch_all(marks);
    assert_int_equal(marks->steps[1]->changed, marks->change);
    assert_int_equal(marks->steps[4]->members[300].changed, marks->change);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(only_changes_count_as_changes),
        CASE(the_last_signal_counts),
        CASE(a_reset_is_of_one_step_and_a_leaving_of_all),
        CASE(a_last_call_ends_by_itself_or_is_taken_back),
        CASE(touching_all_touches_every_mark),
    };
#undef CASE

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A small session: who is told to be writing, by which of the things a person does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/message.h"
#include "tests/support/small.h"

/* Is this on its way to the server from a person? */
static bool sends(const struct circle_person *person, enum message_method method)
{
    for (size_t i = 0; i < person->to_server_count; i++) {
        const struct circle_message *sent = &person->to_server[i];
        struct message message;

        assert_int_equal(message_decode((struct bytes){sent->bytes, sent->count}, &message),
                         STATUS_OK);
        if (message.kind == MESSAGE_REQUEST && message.method == (uint32_t)method) {
            return true;
        }
    }
    return false;
}

static void type(struct circle_person *person, uint16_t step, const char *text)
{
    struct content_answer answer = small_answer(text, "", 0);

    assert_int_equal(member_draft(person->member, step, 0, &answer), STATUS_OK);
}

static uint32_t writing(struct circle *circle, uint16_t step)
{
    circle_run(circle);
    return small_step(&circle->people[FATMA], step)->counts.writing;
}

static void an_unsent_answer_is_writing(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    type(bram, QUESTION, "h");
    assert_true(sends(bram, MESSAGE_PROGRESS));
    assert_int_equal(writing(circle, QUESTION), 1);
    type(bram, QUESTION, "he");
    assert_false(sends(bram, MESSAGE_PROGRESS)); /* that is known */
    type(bram, QUESTION, "");
    assert_int_equal(writing(circle, QUESTION), 0);
    type(bram, QUESTION, "hello");
    assert_int_equal(writing(circle, QUESTION), 1);
    small_say(bram, QUESTION, "hello", "", 0);
    assert_int_equal(writing(circle, QUESTION), 0);
    type(bram, QUESTION, "hello"); /* what was sent already */
    assert_false(sends(bram, MESSAGE_PROGRESS));
    type(bram, QUESTION, "hello again");
    assert_int_equal(writing(circle, QUESTION), 1);
    small_end(circle);
}

/* Whatever else somebody writes leaves no trace of when they do. */
static void nothing_else_is(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *olga = &circle->people[OLGA];
    struct circle_person *bram = &circle->people[BRAM];
    struct circle_person *fatma = &circle->people[FATMA];

    (void)state;
    small_open(circle, QUESTION);
    small_open(circle, TALK);
    small_open(circle, REPORT);
    small_open(circle, MINE);
    type(bram, MINE, "stays on this device");
    type(olga, QUESTION, "is not asked");
    type(olga, REPORT, "a report to be");
    type(olga, TALK, "not asked of her either");
    assert_int_equal(member_jot(olga->member, "for myself", 5), STATUS_OK);
    assert_int_equal(member_message(olga->member, (uint16_t[]){3}, 1, "you drift"), STATUS_OK);
    assert_int_equal(member_report(olga->member, REPORT, "I saw"), STATUS_OK);
    type(fatma, TALK, "a note to be");
    assert_int_equal(member_note(fatma->member, TALK, "we saw"), STATUS_OK);
    assert_int_equal(member_jot(bram->member, "for myself", 5), STATUS_OK);
    assert_int_equal(member_park(bram->member, QUESTION, "for later"), STATUS_OK);
    assert_false(sends(olga, MESSAGE_PROGRESS));
    assert_false(sends(bram, MESSAGE_PROGRESS));
    assert_false(sends(fatma, MESSAGE_PROGRESS));
    assert_int_equal(writing(circle, QUESTION), 0);
    assert_int_equal(writing(circle, TALK), 0);
    assert_int_equal(writing(circle, REPORT), 0);
    assert_int_equal(writing(circle, MINE), 0);
    small_end(circle);
}

static void what_was_typed_before_is_told_of_after_coming_back(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    type(bram, QUESTION, "half a sent");
    assert_int_equal(writing(circle, QUESTION), 1);
    circle_kill(bram);
    assert_int_equal(writing(circle, QUESTION), 0);
    circle_reopen(bram);
    circle_connect(bram);
    assert_int_equal(writing(circle, QUESTION), 1);
    circle_disconnect(bram);
    assert_int_equal(writing(circle, QUESTION), 0);
    circle_connect(bram);
    assert_int_equal(writing(circle, QUESTION), 1);
    small_end(circle);
}

static void it_goes_with_the_step(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    type(bram, QUESTION, "too early"); /* not open yet */
    assert_false(sends(bram, MESSAGE_PROGRESS));
    small_open(circle, QUESTION);
    assert_int_equal(writing(circle, QUESTION), 1);
    assert_int_equal(member_close_step(circle->people[FATMA].member, QUESTION), STATUS_OK);
    assert_int_equal(writing(circle, QUESTION), 0);
    assert_int_equal(member_open_step(circle->people[FATMA].member, QUESTION), STATUS_OK);
    assert_int_equal(writing(circle, QUESTION), 1); /* it lies there still */
    small_open(circle, TALK);
    assert_int_equal(member_go(circle->people[FATMA].member, QUESTION), STATUS_OK);
    assert_int_equal(writing(circle, QUESTION), 1); /* and when the group comes back to it */
    small_end(circle);
}

/* An answer that had to wait ends what was told before it, but not what is typed since. */
static void an_earlier_answer_that_comes_in_late_does_not_end_it(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *bram = &circle->people[BRAM];

    (void)state;
    small_open(circle, QUESTION);
    assert_int_equal(member_pause(circle->people[FATMA].member), STATUS_OK);
    circle_run(circle);
    small_say(bram, QUESTION, "first", "", 0);
    type(bram, QUESTION, "first, and then");
    assert_int_equal(writing(circle, QUESTION), 1);
    assert_int_equal(member_resume(circle->people[FATMA].member), STATUS_OK);
    assert_int_equal(writing(circle, QUESTION), 1);
    assert_int_equal(small_step(bram, QUESTION)->counts.answered, 1);
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unsent_answer_is_writing),
        cmocka_unit_test(nothing_else_is),
        cmocka_unit_test(what_was_typed_before_is_told_of_after_coming_back),
        cmocka_unit_test(it_goes_with_the_step),
        cmocka_unit_test(an_earlier_answer_that_comes_in_late_does_not_end_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

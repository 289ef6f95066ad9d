#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/batch.h"
#include "server/waiting.h"

/* A row whose id begins with this byte, and whose entry is its text. */
static struct waiting_row row(uint16_t step, uint16_t member, uint8_t behalf, uint32_t edit,
                              uint8_t id, const char *text)
{
    struct waiting_row made = {
        .step = step,
        .member = member,
        .behalf = behalf,
        .edit = edit,
        .id = {id},
        .entry = {.data = (const uint8_t *)text, .count = strlen(text)},
    };

    return made;
}

static void put(struct waiting *waiting, struct waiting_row made)
{
    assert_int_equal(waiting_decide(waiting, &made), STATUS_OK);
    assert_int_equal(waiting_put(waiting, &made), STATUS_OK);
}

static void an_edit_replaces_the_row_and_its_id(void **state)
{
    struct waiting waiting = {0};
    uint8_t first[ID_BYTES] = {1};
    uint8_t second[ID_BYTES] = {2};

    (void)state;
    put(&waiting, row(3, 2, 0, 1, 1, "draft"));
    put(&waiting, row(3, 2, 0, 2, 2, "better"));
    assert_int_equal(waiting.count, 1);
    assert_null(waiting_find_id(&waiting, first));
    assert_non_null(waiting_find_id(&waiting, second));
    assert_memory_equal(waiting_find(&waiting, 3, 2, 0)->entry.data, "better", 6);
    waiting_finish(&waiting);
}

static void a_lower_or_equal_edit_is_refused(void **state)
{
    struct waiting waiting = {0};
    struct waiting_row equal = row(3, 2, 0, 5, 2, "x");
    struct waiting_row lower = row(3, 2, 0, 4, 3, "x");

    (void)state;
    put(&waiting, row(3, 2, 0, 5, 1, "x"));
    assert_int_equal(waiting_decide(&waiting, &equal), STATUS_CONFLICT);
    assert_int_equal(waiting_decide(&waiting, &lower), STATUS_CONFLICT);
    waiting_finish(&waiting);
}

static void anonymous_edits_have_no_number_and_replace_all_the_same(void **state)
{
    struct waiting waiting = {0};

    (void)state;
    put(&waiting, row(3, 2, 0, 0, 1, "x"));
    put(&waiting, row(3, 2, 0, 0, 2, "y"));
    assert_int_equal(waiting.count, 1);
    waiting_finish(&waiting);
}

static void people_without_a_device_have_rows_of_their_own(void **state)
{
    struct waiting waiting = {0};
    const struct waiting_row *next = NULL;

    (void)state;
    put(&waiting, row(3, 2, 1, 1, 2, "hers"));
    put(&waiting, row(3, 2, 0, 1, 1, "mine"));
    put(&waiting, row(3, 4, 0, 1, 3, "another's"));
    put(&waiting, row(1, 2, 0, 1, 4, "earlier step"));
    assert_int_equal(waiting_count_of(&waiting, 2), 3);

    /* walked in order of step and behalf, whoever stands between */
    next = waiting_after(&waiting, 2, 0, 0);
    assert_int_equal(next->step, 1);
    next = waiting_after(&waiting, 2, next->step, next->behalf);
    assert_memory_equal(next->entry.data, "mine", 4);
    next = waiting_after(&waiting, 2, next->step, next->behalf);
    assert_memory_equal(next->entry.data, "hers", 4);
    assert_null(waiting_after(&waiting, 2, next->step, next->behalf));
    waiting_finish(&waiting);
}

static void rows_come_out_in_order_of_id(void **state)
{
    struct waiting waiting = {0};
    const struct waiting_row **rows = NULL;
    size_t count = 0;

    (void)state;
    put(&waiting, row(3, 1, 0, 1, 30, "c"));
    put(&waiting, row(3, 2, 0, 1, 10, "a"));
    put(&waiting, row(3, 3, 0, 1, 20, "b"));
    put(&waiting, row(4, 3, 0, 1, 15, "another step's"));
    assert_int_equal(waiting_collect(&waiting, 3, 0, &rows, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0]->id[0], 10);
    assert_int_equal(rows[1]->id[0], 20);
    assert_int_equal(rows[2]->id[0], 30);
    free(rows);

    /* too few to be anonymous: none */
    assert_int_equal(waiting_collect(&waiting, 3, 4, &rows, &count), STATUS_OK);
    assert_int_equal(count, 0);
    free(rows);
    waiting_finish(&waiting);
}

static void what_is_released_or_whose_author_goes_is_dropped(void **state)
{
    struct waiting waiting = {0};

    (void)state;
    put(&waiting, row(3, 1, 0, 1, 1, "x"));
    put(&waiting, row(3, 2, 0, 1, 2, "x"));
    put(&waiting, row(4, 1, 0, 1, 3, "x"));
    waiting_drop_step(&waiting, 3);
    assert_int_equal(waiting.count, 1);
    assert_false(waiting_answered(&waiting, 3, 1));
    assert_true(waiting_answered(&waiting, 4, 1));
    waiting_drop_member(&waiting, 1);
    assert_int_equal(waiting.count, 0);
    waiting_finish(&waiting);
}

static void a_step_takes_no_more_than_a_release_can_carry(void **state)
{
    enum { ROWS = BATCH_RELEASE_BYTES_MAX / ENTRY_BYTES_MAX };

    struct waiting waiting = {0};
    char *text = malloc(ENTRY_BYTES_MAX + 1);
    struct waiting_row last;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', ENTRY_BYTES_MAX);
    text[ENTRY_BYTES_MAX] = '\0';
    for (uint16_t n = 1; n < ROWS; n++) {
        put(&waiting, row(3, n, 0, 1, (uint8_t)n, text));
    }
    last = row(3, ROWS, 0, 1, 1, text);
    assert_int_equal(waiting_decide(&waiting, &last), STATUS_FULL);
    last.step = 4; /* which is a step of its own */
    assert_int_equal(waiting_decide(&waiting, &last), STATUS_OK);
    last = row(3, 1, 0, 2, 1, text); /* and an edit takes no more room */
    assert_int_equal(waiting_decide(&waiting, &last), STATUS_OK);
    free(text);
    waiting_finish(&waiting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_replaces_the_row_and_its_id),
        cmocka_unit_test(a_lower_or_equal_edit_is_refused),
        cmocka_unit_test(anonymous_edits_have_no_number_and_replace_all_the_same),
        cmocka_unit_test(people_without_a_device_have_rows_of_their_own),
        cmocka_unit_test(rows_come_out_in_order_of_id),
        cmocka_unit_test(what_is_released_or_whose_author_goes_is_dropped),
        cmocka_unit_test(a_step_takes_no_more_than_a_release_can_carry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

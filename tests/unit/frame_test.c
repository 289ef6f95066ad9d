#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/frame.h"
#include "tests/support/seeded.h"

static struct frame *frame; /* large: not on the stack */

static int set_up(void **state)
{
    (void)state;
    frame = malloc(sizeof *frame);
    if (frame == NULL) {
        return -1;
    }
    frame_init(frame, FRAME_PAYLOAD_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(frame);
    return 0;
}

static void a_frame_comes_out_whole_however_it_came(void **state)
{
    static const uint8_t stream[] = {0, 3, 'a', 'b', 'c', 0, 1, 'd'};
    size_t count;

    (void)state;
    for (size_t piece = 1; piece <= sizeof stream; piece++) {
        char seen[8] = {0};
        size_t seen_count = 0;

        for (size_t at = 0; at < sizeof stream; at += piece) {
            struct bytes input = {.data = stream + at, .count = piece};

            if (input.count > sizeof stream - at) {
                input.count = sizeof stream - at;
            }
            while (frame_take(frame, &input, &count) == STATUS_OK) {
                memcpy(seen + seen_count, frame->payload, count);
                seen_count += count;
                seen[seen_count++] = '|';
            }
            assert_int_equal(input.count, 0);
        }
        assert_string_equal(seen, "abc|d|");
        assert_true(frame_is_empty(frame));
    }
}

static void what_follows_a_frame_stays_in_the_input(void **state)
{
    static const uint8_t stream[] = {0, 1, 'a', 0, 2, 'b'};
    struct bytes input = {.data = stream, .count = sizeof stream};
    size_t count = 0;

    (void)state;
    assert_int_equal(frame_take(frame, &input, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(input.count, 3);
    assert_int_equal(frame_take(frame, &input, &count), STATUS_SHORT);
    assert_false(frame_is_empty(frame));
}

static void the_longest_frame_is_taken(void **state)
{
    uint8_t *stream = calloc(1, FRAME_BYTES_MAX);
    struct bytes input = {.data = stream, .count = FRAME_BYTES_MAX};
    size_t count = 0;

    (void)state;
    assert_non_null(stream);
    frame_put_header(stream, FRAME_PAYLOAD_BYTES_MAX);
    stream[FRAME_BYTES_MAX - 1] = 7;
    assert_int_equal(frame_take(frame, &input, &count), STATUS_OK);
    assert_int_equal(count, FRAME_PAYLOAD_BYTES_MAX);
    assert_int_equal(frame->payload[FRAME_PAYLOAD_BYTES_MAX - 1], 7);
    free(stream);
}

static void an_empty_frame_is_refused(void **state)
{
    static const uint8_t stream[] = {0, 0};
    struct bytes input = {.data = stream, .count = sizeof stream};
    size_t count;

    (void)state;
    assert_int_equal(frame_take(frame, &input, &count), STATUS_MALFORMED);
}

static void a_frame_over_the_maximum_is_refused_at_its_header(void **state)
{
    static const uint8_t stream[] = {0, 49};
    static const uint8_t fitting[] = {0, 48};
    struct bytes input = {.data = stream, .count = sizeof stream};
    size_t count;

    (void)state;
    frame_set_max(frame, 48);
    assert_int_equal(frame_take(frame, &input, &count), STATUS_TOO_LONG);
    frame_init(frame, 48);
    input = (struct bytes){.data = fitting, .count = sizeof fitting};
    assert_int_equal(frame_take(frame, &input, &count), STATUS_SHORT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_frame_comes_out_whole_however_it_came, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_follows_a_frame_stays_in_the_input, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_longest_frame_is_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_frame_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_frame_over_the_maximum_is_refused_at_its_header,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/log.h"

static struct bytes text(const char *string)
{
    return (struct bytes){.data = (const uint8_t *)string, .count = strlen(string)};
}

static void entries_are_copied_counted_and_chained(void **state)
{
    static const uint8_t session[HASH_BYTES] = {1};
    char entry[] = "first";
    uint8_t head[HASH_BYTES];
    struct log log;

    (void)state;
    assert_int_equal(log_init_public(&log, session), STATUS_OK);
    assert_int_equal(log_index(&log), 0);
    chain_peek(&log.chain, 10, text(entry), head);
    assert_int_equal(log_append(&log, 10, text(entry)), STATUS_OK);
    assert_true(chain_holds(&log.chain, 1, head));
    entry[0] = 'F';
    assert_memory_equal(log_at(&log, 1)->data, "first", 5);
    for (uint64_t n = 2; n <= 100; n++) {
        assert_int_equal(log_append(&log, 10 + n, text("more")), STATUS_OK);
    }
    assert_int_equal(log_index(&log), 100);
    assert_int_equal(log_at(&log, 100)->time_ms, 110);
    log_finish(&log);
}

static void time_does_not_go_back(void **state)
{
    static const uint8_t session[HASH_BYTES] = {1};
    struct log log;

    (void)state;
    assert_int_equal(log_init_own(&log, session, 3), STATUS_OK);
    assert_int_equal(log_append(&log, 10, text("first")), STATUS_OK);
    assert_int_equal(log_append(&log, 9, text("second")), STATUS_MALFORMED);
    assert_int_equal(log_index(&log), 1);
    log_finish(&log);
}

static void what_is_stored_is_what_was_settled(void **state)
{
    static const uint8_t session[HASH_BYTES] = {1};
    struct log log;

    (void)state;
    assert_int_equal(log_init_public(&log, session), STATUS_OK);
    assert_int_equal(log_append(&log, 1, text("first")), STATUS_OK);
    assert_int_equal(log.durable, 0);
    log_settle(&log);
    assert_int_equal(log_append(&log, 1, text("second")), STATUS_OK);
    assert_int_equal(log.durable, 1);
    log_finish(&log);
    log_settle(&log); /* one never begun */
    assert_int_equal(log.durable, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_copied_counted_and_chained),
        cmocka_unit_test(time_does_not_go_back),
        cmocka_unit_test(what_is_stored_is_what_was_settled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

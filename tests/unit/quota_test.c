#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/quota.h"

static void a_member_has_a_share_and_a_facilitator_the_session(void **state)
{
    struct quota quota = {0};

    (void)state;
    quota_add(&quota, 2, MEMBER_ENTRIES_MAX - 1, 100);
    assert_int_equal(quota_decide(&quota, 2, false, 1, 1), STATUS_OK);
    assert_int_equal(quota_decide(&quota, 2, false, 2, 1), STATUS_FULL);
    assert_int_equal(quota_decide(&quota, 2, true, 2, 1), STATUS_OK);
    assert_int_equal(quota_decide(&quota, 3, false, 2, 1), STATUS_OK);

    quota_add(&quota, 3, 1, MEMBER_BYTES_MAX);
    assert_int_equal(quota_decide(&quota, 3, false, 1, 1), STATUS_FULL);
}

static void members_cannot_fill_what_is_kept_for_facilitators(void **state)
{
    struct quota quota = {0};

    (void)state;
    for (uint16_t n = 2; quota.entries < SESSION_ENTRIES_MAX - QUOTA_RESERVED_ENTRIES; n++) {
        uint32_t left = SESSION_ENTRIES_MAX - QUOTA_RESERVED_ENTRIES - quota.entries;

        quota_add(&quota, n, left < 1000 ? left : 1000, 1);
    }
    assert_int_equal(quota_decide(&quota, 400, false, 1, 1), STATUS_FULL);
    assert_int_equal(quota_decide(&quota, 1, true, QUOTA_RESERVED_ENTRIES, 1), STATUS_OK);
    assert_int_equal(quota_decide(&quota, 1, true, QUOTA_RESERVED_ENTRIES + 1, 1), STATUS_FULL);
}

static void what_is_taken_away_may_come_again(void **state)
{
    struct quota quota = {0};

    (void)state;
    quota_add(&quota, 2, MEMBER_ENTRIES_MAX, MEMBER_BYTES_MAX);
    quota_remove(&quota, 2, 1, 1000);
    assert_int_equal(quota_decide(&quota, 2, false, 1, 1000), STATUS_OK);
    assert_int_equal(quota_decide(&quota, 2, false, 1, 1001), STATUS_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_has_a_share_and_a_facilitator_the_session),
        cmocka_unit_test(members_cannot_fill_what_is_kept_for_facilitators),
        cmocka_unit_test(what_is_taken_away_may_come_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

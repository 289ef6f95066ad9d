#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>

#include "server/throttle.h"

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static union address from(const char *text)
{
    union address address = {.v4 = {.sin_family = AF_INET}};

    if (inet_pton(AF_INET, text, &address.v4.sin_addr) != 1) {
        address.v6.sin6_family = AF_INET6;
        assert_int_equal(inet_pton(AF_INET6, text, &address.v6.sin6_addr), 1);
    }
    return address;
}

static union address numbered(uint32_t number)
{
    union address address = {.v4 = {.sin_family = AF_INET}};

    address.v4.sin_addr.s_addr = htonl(number);
    return address;
}

static int begin(void **state)
{
    struct throttle *throttle = malloc(sizeof *throttle);

    assert_non_null(throttle);
    throttle_init(throttle, 42);
    *state = throttle;
    return 0;
}

static int end(void **state)
{
    free(*state);
    return 0;
}

static void one_address_may_begin_so_many(void **state)
{
    struct throttle *throttle = *state;
    union address one = from("192.0.2.1");
    union address other = from("192.0.2.2");

    for (int i = 0; i < THROTTLE_HALF_OPEN_PER_ADDRESS_MAX; i++) {
        assert_true(throttle_admit(throttle, &one.any, 0));
    }
    assert_false(throttle_admit(throttle, &one.any, 0));
    assert_true(throttle_admit(throttle, &other.any, 0));
    throttle_finish(throttle, &one.any);
    assert_true(throttle_admit(throttle, &one.any, 0));
}

static void all_together_may_begin_so_many(void **state)
{
    struct throttle *throttle = *state;
    union address late = from("192.0.2.1");

    for (uint32_t i = 0; i < THROTTLE_HALF_OPEN_MAX; i++) {
        union address address = numbered(i + 1);

        assert_true(throttle_admit(throttle, &address.any, 0));
    }
    assert_false(throttle_admit(throttle, &late.any, 0));
    for (uint32_t i = 0; i < THROTTLE_HALF_OPEN_MAX; i++) {
        union address address = numbered(i + 1);

        throttle_finish(throttle, &address.any);
    }
    assert_int_equal(throttle->half_open, 0);
    assert_true(throttle_admit(throttle, &late.any, 0));
}

static void the_bucket_empties_and_fills(void **state)
{
    struct throttle *throttle = *state;
    union address one = from("192.0.2.1");
    uint64_t now_ms = 1000;

    for (int i = 0; i < THROTTLE_BURST; i++) {
        assert_true(throttle_admit(throttle, &one.any, now_ms));
        throttle_finish(throttle, &one.any);
    }
    assert_false(throttle_admit(throttle, &one.any, now_ms));
    now_ms += 1000;
    for (int i = 0; i < THROTTLE_PER_SECOND; i++) {
        assert_true(throttle_admit(throttle, &one.any, now_ms));
        throttle_finish(throttle, &one.any);
    }
    assert_false(throttle_admit(throttle, &one.any, now_ms));
}

static void a_64_is_one_address_and_a_mapped_one_its_own(void **state)
{
    struct throttle *throttle = *state;
    union address here = from("2001:db8:1:2::1");
    union address neighbour = from("2001:db8:1:2:ffff::9");
    union address elsewhere = from("2001:db8:1:3::1");
    union address v4 = from("192.0.2.1");
    union address mapped = from("::ffff:192.0.2.1");
    union address mapped_other = from("::ffff:192.0.2.2");

    for (int i = 0; i < THROTTLE_HALF_OPEN_PER_ADDRESS_MAX; i++) {
        assert_true(throttle_admit(throttle, &here.any, 0));
        assert_true(throttle_admit(throttle, &v4.any, 0));
    }
    assert_false(throttle_admit(throttle, &neighbour.any, 0));
    assert_true(throttle_admit(throttle, &elsewhere.any, 0));
    assert_false(throttle_admit(throttle, &mapped.any, 0));
    assert_true(throttle_admit(throttle, &mapped_other.any, 0));
}

static void many_addresses_pass_through_the_table(void **state)
{
    struct throttle *throttle = *state;
    uint64_t now_ms = 0;

    /* Each has been forgotten by the time its place is wanted again. */
    for (uint32_t i = 0; i < 100000; i++) {
        union address address = numbered(i + 1);

        now_ms += 10;
        assert_true(throttle_admit(throttle, &address.any, now_ms));
        throttle_finish(throttle, &address.any);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_address_may_begin_so_many, begin, end),
        cmocka_unit_test_setup_teardown(all_together_may_begin_so_many, begin, end),
        cmocka_unit_test_setup_teardown(the_bucket_empties_and_fills, begin, end),
        cmocka_unit_test_setup_teardown(a_64_is_one_address_and_a_mapped_one_its_own, begin,
                                        end),
        cmocka_unit_test_setup_teardown(many_addresses_pass_through_the_table, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

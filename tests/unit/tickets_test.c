#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/seat.h"
#include "server/tickets.h"

static void a_ticket_is_taken_as_often_as_it_says(void **state)
{
    struct hub_ticket ticket = {.key = {1}, .uses_left = 2, .expiry_ms = 100};
    struct tickets tickets = {0};

    (void)state;
    assert_int_equal(tickets_take(&tickets, ticket.key, 1), STATUS_UNKNOWN);
    assert_int_equal(tickets_put(&tickets, &ticket), STATUS_OK);
    assert_int_equal(tickets_take(&tickets, ticket.key, 1), STATUS_OK);
    assert_int_equal(tickets_take(&tickets, ticket.key, 1), STATUS_OK);
    assert_int_equal(tickets_take(&tickets, ticket.key, 1), STATUS_USED_UP);
    tickets_give_back(&tickets, ticket.key);
    assert_int_equal(tickets_take(&tickets, ticket.key, 100), STATUS_EXPIRED);
    assert_int_equal(tickets_take(&tickets, ticket.key, 99), STATUS_OK);
    tickets_finish(&tickets);
}

static void putting_it_again_replaces_it(void **state)
{
    struct hub_ticket ticket = {.key = {1}, .uses_left = 5, .expiry_ms = 100};
    struct tickets tickets = {0};

    (void)state;
    for (uint8_t n = 0; n < 50; n++) {
        ticket.key[1] = n;
        assert_int_equal(tickets_put(&tickets, &ticket), STATUS_OK);
    }
    ticket.uses_left = 0; /* withdrawn */
    assert_int_equal(tickets_put(&tickets, &ticket), STATUS_OK);
    assert_int_equal(tickets.count, 50);
    assert_int_equal(tickets_take(&tickets, ticket.key, 1), STATUS_USED_UP);
    ticket.key[1] = 7;
    assert_int_equal(tickets_take(&tickets, ticket.key, 1), STATUS_OK);
    tickets_finish(&tickets);
}

static void its_signature_is_over_this_genesis(void **state)
{
    static const uint8_t seed[SEED_BYTES] = {3};
    uint8_t genesis[HASH_BYTES] = {9};
    uint8_t secret[SIGN_SECRET_BYTES];
    uint8_t signature[SIGNATURE_BYTES];
    struct hub_ticket ticket = {.uses_left = 0, .expiry_ms = 100};
    struct tickets tickets = {0};

    (void)state;
    link_sign_keys(seed, ticket.key, secret);
    proof_ticket(secret, genesis, signature);
    assert_int_equal(tickets_check(&tickets, ticket.key, genesis, signature), STATUS_UNKNOWN);
    assert_int_equal(tickets_put(&tickets, &ticket), STATUS_OK);
    /* used up, and good all the same: the session may have been made by it */
    assert_int_equal(tickets_check(&tickets, ticket.key, genesis, signature), STATUS_OK);
    genesis[0] ^= 1;
    assert_int_equal(tickets_check(&tickets, ticket.key, genesis, signature),
                     STATUS_BAD_SIGNATURE);
    tickets_finish(&tickets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_taken_as_often_as_it_says),
        cmocka_unit_test(putting_it_again_replaces_it),
        cmocka_unit_test(its_signature_is_over_this_genesis),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

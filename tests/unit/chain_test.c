#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/chain.h"

static const uint8_t session[HASH_BYTES] = {1, 2, 3};

static struct bytes text(const char *string)
{
    return (struct bytes){.data = (const uint8_t *)string, .count = strlen(string)};
}

static void begin(struct chain *chain)
{
    assert_int_equal(chain_init_public(chain, session), STATUS_OK);
}

static void public_starts_at_the_session_id(void **state)
{
    struct chain chain;
    struct chain_head head;

    (void)state;
    begin(&chain);
    head = chain_head(&chain);
    assert_int_equal(head.index, 0);
    assert_memory_equal(head.hash, session, HASH_BYTES);
    chain_finish(&chain);
    chain_finish(&chain); /* again is fine */
}

/* h(1) = H(h(0) || time || entry), spelled out. */
static void a_link_hashes_head_time_and_entry(void **state)
{
    struct chain chain;
    uint8_t bytes[HASH_BYTES + 8 + 3] = {0};
    uint8_t expected[HASH_BYTES];

    (void)state;
    memcpy(bytes, session, HASH_BYTES);
    bytes[HASH_BYTES + 6] = 0x12; /* 0x1234, 8 bytes big-endian */
    bytes[HASH_BYTES + 7] = 0x34;
    memcpy(bytes + HASH_BYTES + 8, "abc", 3);
    hash_of((struct bytes){bytes, sizeof bytes}, expected);

    begin(&chain);
    assert_int_equal(chain_extend(&chain, 0x1234, text("abc")), STATUS_OK);
    assert_int_equal(chain_head(&chain).index, 1);
    assert_memory_equal(chain_head(&chain).hash, expected, HASH_BYTES);
    chain_finish(&chain);
}

static void own_starts_differ_by_member_and_session(void **state)
{
    struct chain chain;
    uint8_t bytes[11 + HASH_BYTES + 4] = "kring/1 own";
    uint8_t expected[HASH_BYTES];

    (void)state;
    memcpy(bytes + 11, session, HASH_BYTES);
    bytes[sizeof bytes - 2] = 0x01;
    bytes[sizeof bytes - 1] = 0xf4; /* member 500 */
    hash_of((struct bytes){bytes, sizeof bytes}, expected);

    assert_int_equal(chain_init_own(&chain, session, 500), STATUS_OK);
    assert_memory_equal(chain_head(&chain).hash, expected, HASH_BYTES);
    chain_finish(&chain);
    assert_int_equal(chain_init_own(&chain, session, 499), STATUS_OK);
    assert_memory_not_equal(chain_head(&chain).hash, expected, HASH_BYTES);
    chain_finish(&chain);
}

static void time_never_goes_back(void **state)
{
    struct chain chain;
    struct chain_head before;
    struct chain_head after;

    (void)state;
    begin(&chain);
    assert_int_equal(chain_extend(&chain, 10, text("a")), STATUS_OK);
    assert_int_equal(chain_extend(&chain, 10, text("b")), STATUS_OK);
    before = chain_head(&chain);
    assert_int_equal(chain_extend(&chain, 9, text("c")), STATUS_MALFORMED);
    after = chain_head(&chain);
    assert_int_equal(before.index, after.index);
    assert_memory_equal(before.hash, after.hash, HASH_BYTES);
    chain_finish(&chain);
}

static void order_time_and_bytes_all_count(void **state)
{
    struct chain chains[4];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        begin(&chains[i]);
    }
    assert_int_equal(chain_extend(&chains[0], 1, text("a")), STATUS_OK);
    assert_int_equal(chain_extend(&chains[0], 1, text("b")), STATUS_OK);
    assert_int_equal(chain_extend(&chains[1], 1, text("b")), STATUS_OK);
    assert_int_equal(chain_extend(&chains[1], 1, text("a")), STATUS_OK);
    assert_int_equal(chain_extend(&chains[2], 1, text("a")), STATUS_OK);
    assert_int_equal(chain_extend(&chains[2], 2, text("b")), STATUS_OK);
    assert_int_equal(chain_extend(&chains[3], 1, text("a")), STATUS_OK);
    assert_int_equal(chain_extend(&chains[3], 1, text("B")), STATUS_OK);
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = i + 1; j < 4; j++) {
            assert_memory_not_equal(chain_head(&chains[i]).hash, chain_head(&chains[j]).hash,
                                    HASH_BYTES);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        chain_finish(&chains[i]);
    }
}

static void every_head_can_be_looked_up(void **state)
{
    enum { ENTRIES = 200 };
    struct chain chain;
    uint8_t heads[ENTRIES + 1][HASH_BYTES];

    (void)state;
    begin(&chain);
    memcpy(heads[0], session, HASH_BYTES);
    for (uint64_t i = 1; i <= ENTRIES; i++) {
        chain_peek(&chain, i, text("x"), heads[i]);
        assert_int_equal(chain_head(&chain).index, i - 1);
        assert_int_equal(chain_extend(&chain, i, text("x")), STATUS_OK);
    }
    for (uint64_t i = 0; i <= ENTRIES; i++) {
        assert_true(chain_holds(&chain, i, heads[i]));
        assert_false(chain_holds(&chain, i, heads[(i + 1) % (ENTRIES + 1)]));
    }
    assert_false(chain_holds(&chain, ENTRIES + 1, heads[ENTRIES]));
    assert_false(chain_holds(&chain, UINT64_MAX, heads[ENTRIES]));
    chain_finish(&chain);
}

static void a_chain_has_an_end(void **state)
{
    struct chain chain;

    (void)state;
    begin(&chain);
    for (uint64_t i = 0; i < SESSION_ENTRIES_MAX; i++) {
        assert_int_equal(chain_extend(&chain, 1, text("x")), STATUS_OK);
    }
    assert_int_equal(chain_extend(&chain, 1, text("x")), STATUS_FULL);
    assert_int_equal(chain_head(&chain).index, SESSION_ENTRIES_MAX);
    chain_finish(&chain);
}

static void a_release_digest_is_a_hash_over_hashes(void **state)
{
    struct release_digest digest;
    uint8_t bytes[15 + 2 * HASH_BYTES] = "kring/1 release";
    uint8_t expected[HASH_BYTES];
    uint8_t out[HASH_BYTES];

    (void)state;
    release_digest_init(&digest);
    assert_int_equal(digest.count, 0);
    release_digest_finish(&digest, out);
    hash_of((struct bytes){bytes, 15}, expected); /* none: the tag alone */
    assert_memory_equal(out, expected, HASH_BYTES);

    memset(bytes + 15, 0xaa, HASH_BYTES);
    memset(bytes + 15 + HASH_BYTES, 0xbb, HASH_BYTES);
    hash_of((struct bytes){bytes, sizeof bytes}, expected);
    release_digest_init(&digest);
    release_digest_add(&digest, bytes + 15);
    release_digest_add(&digest, bytes + 15 + HASH_BYTES);
    assert_int_equal(digest.count, 2);
    release_digest_finish(&digest, out);
    assert_memory_equal(out, expected, HASH_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_starts_at_the_session_id),
        cmocka_unit_test(a_link_hashes_head_time_and_entry),
        cmocka_unit_test(own_starts_differ_by_member_and_session),
        cmocka_unit_test(time_never_goes_back),
        cmocka_unit_test(order_time_and_bytes_all_count),
        cmocka_unit_test(every_head_can_be_looked_up),
        cmocka_unit_test(a_chain_has_an_end),
        cmocka_unit_test(a_release_digest_is_a_hash_over_hashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

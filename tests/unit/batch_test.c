#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/batch.h"

static void rows_and_their_bytes_are_copied(void **state)
{
    static const uint8_t session[HASH_BYTES] = {1};
    uint8_t bytes[] = "an entry";
    struct row row = {
        .kind = ROW_PUBLIC, .index = 1, .bytes = {.data = bytes, .count = sizeof bytes}};
    struct batch *batch = NULL;

    (void)state;
    assert_int_equal(batch_create(session, &batch), STATUS_OK);
    assert_memory_equal(batch->session, session, HASH_BYTES);
    assert_int_equal(batch_add(batch, &row), STATUS_OK);
    bytes[0] = 'A';
    assert_int_equal(batch->count, 1);
    assert_int_equal(batch->rows[0].index, 1);
    assert_memory_equal(batch->rows[0].bytes.data, "an entry", sizeof bytes);
    assert_ptr_not_equal(batch->rows[0].bytes.data, bytes);
    batch_destroy(batch);
}

static void many_rows_are_kept_in_order_and_counted(void **state)
{
    static const uint8_t session[HASH_BYTES] = {2};
    uint8_t byte = 0;
    struct batch *batch = NULL;

    (void)state;
    assert_int_equal(batch_create(session, &batch), STATUS_OK);
    for (uint64_t i = 0; i < 1000; i++) {
        struct row row = {.kind = ROW_OWN, .index = i, .bytes = {.data = &byte, .count = 1}};

        assert_int_equal(batch_add(batch, &row), STATUS_OK);
    }
    assert_int_equal(batch->count, 1000);
    assert_int_equal(batch->bytes, 1000);
    for (uint64_t i = 0; i < 1000; i++) {
        assert_int_equal(batch->rows[i].index, i);
    }
    batch_destroy(batch);
}

static void a_row_needs_no_bytes(void **state)
{
    static const uint8_t session[HASH_BYTES] = {3};
    struct row row = {.kind = ROW_DONE, .member = 2, .step = 3, .edit = 1};
    struct batch *batch = NULL;

    (void)state;
    assert_int_equal(batch_create(session, &batch), STATUS_OK);
    assert_int_equal(batch_add(batch, &row), STATUS_OK);
    assert_null(batch->rows[0].bytes.data);
    assert_int_equal(batch->bytes, 0);
    batch_destroy(batch);
    batch_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_their_bytes_are_copied),
        cmocka_unit_test(many_rows_are_kept_in_order_and_counted),
        cmocka_unit_test(a_row_needs_no_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

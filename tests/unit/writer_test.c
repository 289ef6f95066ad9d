#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/reader.h"
#include "protocol/writer.h"
#include "tests/support/seeded.h"

static void assert_written(const struct writer *writer, const char *expected, size_t count)
{
    struct bytes bytes = writer_bytes(writer);

    assert_int_equal(writer_status(writer), STATUS_OK);
    assert_int_equal(bytes.count, count);
    assert_memory_equal(bytes.data, expected, count);
}

static void each_type_is_written_in_its_shortest_form(void **state)
{
    uint8_t buffer[64];
    struct writer writer;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    writer_array(&writer, 9);
    writer_uint(&writer, 127);
    writer_uint(&writer, 128);
    writer_int(&writer, -32);
    writer_int(&writer, 65536);
    writer_nil(&writer);
    writer_bool(&writer, true);
    writer_str_of(&writer, "hi");
    writer_bin_of(&writer, "\0", 1);
    writer_raw(&writer, (struct bytes){.data = (const uint8_t *)"\x91\x01", .count = 2});
    assert_written(&writer,
                   "\x99\x7f\xcc\x80\xe0\xce\x00\x01\x00\x00\xc0\xc3\xa2hi\xc4\x01\x00\x91\x01",
                   20);
}

static void the_maximum_is_kept_and_the_error_sticks(void **state)
{
    uint8_t buffer[4] = "\xee\xee\xee";
    struct writer writer;

    (void)state;
    writer_init(&writer, buffer, 3);
    writer_str_of(&writer, "hi");
    assert_int_equal(writer_status(&writer), STATUS_OK);
    writer_nil(&writer);
    assert_int_equal(writer_status(&writer), STATUS_TOO_LONG);
    writer_reset(&writer);
    writer_nil(&writer);
    writer_str_of(&writer, "hi"); /* head fits, text does not */
    writer_raw(&writer, (struct bytes){.data = buffer, .count = 0});
    assert_int_equal(writer_status(&writer), STATUS_TOO_LONG);
    assert_int_equal(writer_bytes(&writer).count, 0);
    assert_int_equal(buffer[3], 0);
    writer_reset(&writer);
    writer_fail(&writer, STATUS_UNKNOWN);
    writer_nil(&writer);
    assert_int_equal(writer_status(&writer), STATUS_UNKNOWN);
}

static void text_must_be_utf8(void **state)
{
    uint8_t buffer[16];
    struct writer writer;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    writer_str_of(&writer, "\xc3\x28");
    assert_int_equal(writer_status(&writer), STATUS_MALFORMED);
}

static void a_growing_writer_grows_to_its_maximum(void **state)
{
    enum { COUNT_MAX = 5000 };
    struct writer writer;

    (void)state;
    writer_init_growing(&writer, COUNT_MAX);
    for (size_t i = 0; i < COUNT_MAX; i++) {
        writer_uint(&writer, i % 128);
    }
    assert_int_equal(writer_status(&writer), STATUS_OK);
    assert_int_equal(writer_bytes(&writer).count, COUNT_MAX);
    for (size_t i = 0; i < COUNT_MAX; i++) {
        assert_int_equal(writer_bytes(&writer).data[i], i % 128);
    }
    writer_nil(&writer);
    assert_int_equal(writer_status(&writer), STATUS_TOO_LONG);
    writer_finish(&writer);
    assert_null(writer.data);
    writer_finish(&writer);
}

static void what_is_written_can_be_read(void **state)
{
    struct seeded seeded = {.state = 3};
    uint8_t buffer[16];

    (void)state;
    for (size_t i = 0; i < 100000; i++) {
        uint64_t number = seeded_next(&seeded) >> seeded_below(&seeded, 64);
        struct writer writer;
        struct reader reader;

        writer_init(&writer, buffer, sizeof buffer);
        writer_int(&writer, (int64_t)number);
        reader = reader_begin(writer_bytes(&writer));
        assert_true(reader_int(&reader, INT64_MIN, INT64_MAX) == (int64_t)number);
        assert_int_equal(reader_end(&reader), STATUS_OK);

        writer_reset(&writer);
        writer_uint(&writer, number);
        reader = reader_begin(writer_bytes(&writer));
        assert_true(reader_u64(&reader, UINT64_MAX) == number);
        assert_int_equal(reader_end(&reader), STATUS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_is_written_in_its_shortest_form),
        cmocka_unit_test(the_maximum_is_kept_and_the_error_sticks),
        cmocka_unit_test(text_must_be_utf8),
        cmocka_unit_test(a_growing_writer_grows_to_its_maximum),
        cmocka_unit_test(what_is_written_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

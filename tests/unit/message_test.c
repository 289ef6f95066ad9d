/* The shapes of messages, and for every method the exact bytes PROTOCOL.md says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/control.h"
#include "protocol/message.h"
#include "protocol/methods.h"
#include "protocol/reader.h"
#include "tests/support/codecs.h"

enum { BUFFER_BYTES = 4096 };

/* 32 and 64 bytes that are easy to see. */
#define EIGHT(c) c c c c c c c c
#define KEY(c)   EIGHT(c) EIGHT(c) EIGHT(c) EIGHT(c)
#define BIN32    "\xc4\x20"
#define BIN64    "\xc4\x40"

#define TEXT(literal)                                                                          \
    ((struct bytes){.data = (const uint8_t *)(literal), .count = sizeof(literal) - 1})
#define PLACE(n, c)                                                                            \
    {                                                                                          \
        .index = (n), .hash = KEY(c)                                                           \
    }
#define CHECK(name, value, literal) check_codec(#name, value, TEXT(literal))

static size_t encode(const struct codec *codec, const void *value, uint8_t *buffer)
{
    struct writer writer;

    writer_init(&writer, buffer, BUFFER_BYTES);
    codec->encode(&writer, value);
    assert_int_equal(writer_status(&writer), STATUS_OK);
    return writer_bytes(&writer).count;
}

static bool names_checked[64];

/* value is written as expected, is read back as it was, also when the array has grown a tail,
 * and is refused, without a trace in the output, when cut off anywhere. */
static void check_codec(const char *name, const void *value, struct bytes expected)
{
    const struct codec *codec = codec_named(name);
    uint8_t bytes[BUFFER_BYTES];
    uint8_t again[BUFFER_BYTES];
    uint8_t *read;
    uint8_t *untouched;
    size_t count;

    assert_non_null(codec);
    count = encode(codec, value, bytes);
    read = malloc(codec->size);
    untouched = malloc(codec->size);
    assert_non_null(read);
    assert_non_null(untouched);
    names_checked[codec - codecs] = true;
    assert_int_equal(count, expected.count);
    assert_memory_equal(bytes, expected.data, count);
    assert_int_equal(codec->decode((struct bytes){.data = bytes, .count = count}, read),
                     STATUS_OK);
    assert_int_equal(encode(codec, read, again), count);
    assert_memory_equal(again, bytes, count);

    memset(read, 0x5a, codec->size);
    memset(untouched, 0x5a, codec->size);
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(codec->decode((struct bytes){.data = bytes, .count = i}, read),
                             STATUS_OK);
        assert_memory_equal(read, untouched, codec->size);
    }

    bytes[0]++; /* one value more, small arrays only */
    bytes[count] = 0xc0;
    assert_int_equal(codec->decode((struct bytes){.data = bytes, .count = count + 1}, read),
                     STATUS_OK);
    assert_int_equal(encode(codec, read, again), count);
    assert_memory_equal(again + 1, bytes + 1, count - 1);
    bytes[0]--;
    assert_int_not_equal(codec->decode((struct bytes){.data = bytes, .count = count + 1}, read),
                         STATUS_OK);
    free(untouched);
    free(read);
}

static void params_of_requests_stand_as_specified(void **state)
{
    struct message_create create = {
        .ticket_key = KEY("t"), .signature = KEY("s") KEY("s"), .genesis = TEXT("\x94")};
    struct message_attach attach = {
        .session = KEY("i"), .public_place = PLACE(5, "p"), .own_place = PLACE(300, "o")};
    struct message_knock knock = {
        .session = KEY("i"),
        .invite = 7,
        .signature = KEY("s") KEY("s"),
        .device = {.noise = KEY("n"), .box = KEY("b"), .sign = KEY("e")},
        .public_place = PLACE(0, "\0")};
    struct message_append append = {.entry = TEXT("\x94\x01")};
    struct message_step step = {.step = 300};
    struct message_signalled signalled = {.step = 3, .signal = MESSAGE_SIGNAL_QUESTION};
    struct message_mark mark = {.step = 3, .on = true};
    struct message_last_call last_call = {.step = 3, .seconds = 15};

    (void)state;
    CHECK(message_create, &create,
          "\x93" BIN32 KEY("t") BIN64 KEY("s") KEY("s") "\xc4\x01\x94");
    CHECK(message_attach, &attach,
          "\x93" BIN32 KEY("i") "\x92\x05" BIN32 KEY("p") "\x92\xcd\x01\x2c" BIN32 KEY("o"));
    CHECK(message_knock, &knock,
          "\x95" BIN32 KEY("i") "\x07" BIN64 KEY("s") KEY("s") "\x93" BIN32 KEY("n")
              BIN32 KEY("b") BIN32 KEY("e") "\x92\x00" BIN32 KEY("\0"));
    CHECK(message_append, &append, "\x91\xc4\x02\x94\x01");
    CHECK(message_step, &step, "\x91\xcd\x01\x2c");
    CHECK(message_signalled, &signalled, "\x92\x03\x03");
    CHECK(message_mark, &mark, "\x92\x03\xc3");
    CHECK(message_last_call, &last_call, "\x92\x03\x0f");
}

static void results_stand_as_specified(void **state)
{
    struct message_attached attached = {.public_head = PLACE(9, "p"),
                                        .own_head = PLACE(2, "o"),
                                        .waiting = 1,
                                        .member = 4,
                                        .time_ms = 1700000000000};
    struct message_appended appended = {
        .stream = STREAM_WAITING, .index = 0, .hash = KEY("h"), .time_ms = 1};
    struct message_digest digest = {.count = 6, .digest = KEY("d")};
    struct message_time time = {.time_ms = 1};

    (void)state;
    CHECK(message_attached, &attached,
          "\x95\x92\x09" BIN32 KEY("p") "\x92\x02" BIN32 KEY(
              "o") "\x01\x04\xcf\x00\x00\x01\x8b\xcf\xe5\x68\x00");
    CHECK(message_appended, &appended, "\x94\x02\x00" BIN32 KEY("h") "\x01");
    CHECK(message_digest, &digest, "\x92\x06" BIN32 KEY("d"));
    CHECK(message_time, &time, "\x91\x01");
}

static void params_of_notifications_stand_as_specified(void **state)
{
    struct message_offer offer = {.version_min = 1, .version_max = 2, .name = TEXT("kring")};
    struct message_welcome welcome = {.version = 1, .name = TEXT("kringd"), .time_ms = 5};
    struct message_reason reason = {.code = 23, .text = TEXT("no")};
    struct message_item item = {
        .stream = STREAM_OWN, .index = 3, .time_ms = 4, .entry = TEXT("\x94")};
    struct message_members members = {
        .whole = true,
        .count = 2,
        .items = {{.member = 1, .state = MESSAGE_PRESENT}, {.member = 300, .state = 0}}};
    struct message_who who = {
        .step = 8,
        .members = {.whole = false, .count = 1, .items = {{.member = 2, .state = 5}}}};
    struct message_counts counts = {.step = 1,
                                    .answered = 2,
                                    .done = 3,
                                    .ready = 4,
                                    .more_time = 5,
                                    .question = 6,
                                    .writing = 7};
    struct message_lobby lobby = {.reason = MESSAGE_LOBBY_NO_FACILITATOR};

    (void)state;
    CHECK(message_offer, &offer, "\x93\x01\x02\xa5kring");
    CHECK(message_welcome, &welcome, "\x93\x01\xa6kringd\x05");
    CHECK(message_reason, &reason, "\x92\x17\xa2no");
    CHECK(message_item, &item, "\x94\x01\x03\x04\xc4\x01\x94");
    CHECK(message_members, &members, "\x92\xc3\x92\x92\x01\x01\x92\xcd\x01\x2c\x00");
    CHECK(message_who, &who, "\x93\x08\xc2\x91\x92\x02\x05");
    CHECK(message_counts, &counts, "\x97\x01\x02\x03\x04\x05\x06\x07");
    CHECK(message_lobby, &lobby, "\x91\x02");
}

static void the_control_socket_speaks_as_specified(void **state)
{
    struct control_status status = {.version = TEXT("kringd 1"),
                                    .started_ms = 1,
                                    .now_ms = 2,
                                    .connections = 3,
                                    .handshaking = 4,
                                    .sessions = 5,
                                    .entries = 6,
                                    .store_bytes = 7,
                                    .commits = 8,
                                    .commit_us_median = 9,
                                    .commit_us_99 = 10,
                                    .commit_us_max = 11};
    struct control_ticket ticket = {
        .label = TEXT("team"), .uses = 1, .expires_ms = 9, .host = TEXT("h:1")};
    struct control_link link = {.link = TEXT("kring://h"), .host = CONTROL_HOST_ASSUMED};
    struct control_label label = {.label = TEXT("")};
    struct control_tickets tickets = {
        .count = 1,
        .items = {{.label = TEXT("a"), .uses_left = 2, .created_ms = 3, .expires_ms = 4}}};
    struct control_session session = {.session = KEY("i")};
    struct control_after after = {.session = TEXT("")};
    struct control_sessions sessions = {.count = 1,
                                        .items = {{.session = KEY("i"),
                                                   .created_ms = 1,
                                                   .keep_until_ms = 2,
                                                   .connections = 4,
                                                   .entries = 5,
                                                   .bytes = 6,
                                                   .purged = false}}};

    (void)state;
    CHECK(control_status, &status, "\x9c\xa8kringd 1\1\2\3\4\5\6\7\x08\x09\x0a\x0b");
    CHECK(control_ticket, &ticket, "\x94\xa4team\x01\x09\xa3h:1");
    CHECK(control_link, &link, "\x92\xa9kring://h\x03");
    CHECK(control_label, &label, "\x91\xa0");
    CHECK(control_tickets, &tickets,
          "\x91\x91\x94\xa1"
          "a\x02\x03\x04");
    CHECK(control_session, &session, "\x91" BIN32 KEY("i"));
    CHECK(control_after, &after, "\x91\xc4\x00");
    CHECK(control_sessions, &sessions, "\x91\x91\x97" BIN32 KEY("i") "\1\2\4\5\6\xc2");
}

static void every_codec_was_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < codecs_count; i++) {
        if (!names_checked[i]) {
            fail_msg("%s is checked nowhere", codecs[i].name);
        }
    }
}

static void nothing_is_an_empty_array(void **state)
{
    uint8_t buffer[4];
    struct writer writer;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    message_encode_nothing(&writer);
    assert_true(bytes_equal(writer_bytes(&writer), TEXT("\x90")));
    assert_int_equal(message_decode_nothing(TEXT("\x90")), STATUS_OK);
    assert_int_equal(message_decode_nothing(TEXT("\x92\x01\xc0")), STATUS_OK);
    assert_int_equal(message_decode_nothing(TEXT("\xc0")), STATUS_MALFORMED);
}

static void bounds_of_fields_hold_both_ways(void **state)
{
    static struct message_members members = {.count = MEMBERS_MAX + 1};
    struct message_last_call last_call = {.seconds = MESSAGE_LAST_CALL_SECONDS_MAX + 1};
    struct message_appended appended;
    uint8_t buffer[16];
    struct writer writer;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    message_last_call_encode(&writer, &last_call);
    assert_int_equal(writer_status(&writer), STATUS_TOO_LONG);
    writer_reset(&writer);
    message_members_encode(&writer, &members);
    assert_int_equal(writer_status(&writer), STATUS_TOO_LONG);
    assert_int_equal(
        message_appended_decode(TEXT("\x94\x03\x00" BIN32 KEY("h") "\x01"), &appended),
        STATUS_MALFORMED);
}

static void the_three_shapes_are_read(void **state)
{
    struct message message;

    (void)state;
    assert_int_equal(message_decode(TEXT("\x94\x00\xcd\x01\x00\x08\x90"), &message), STATUS_OK);
    assert_int_equal(message.kind, MESSAGE_REQUEST);
    assert_int_equal(message.id, 256);
    assert_int_equal(message.method, MESSAGE_PING);
    assert_true(bytes_equal(message.body, TEXT("\x90")));

    assert_int_equal(message_decode(TEXT("\x94\x01\x07\xc0\x91\x05"), &message), STATUS_OK);
    assert_int_equal(message.kind, MESSAGE_RESPONSE);
    assert_int_equal(message.error, STATUS_OK);
    assert_true(bytes_equal(message.body, TEXT("\x91\x05")));

    assert_int_equal(message_decode(TEXT("\x94\x01\x07\x92\x28\xa2no\xc0"), &message),
                     STATUS_OK);
    assert_int_equal(message.error, STATUS_FORBIDDEN);
    assert_true(bytes_equal(message.text, TEXT("no")));
    assert_int_equal(message.body.count, 0);

    assert_int_equal(message_decode(TEXT("\x93\x02\x48\x90"), &message), STATUS_OK);
    assert_int_equal(message.kind, MESSAGE_NOTIFICATION);
    assert_int_equal(message.method, MESSAGE_CLOSING);
}

static void other_shapes_are_refused(void **state)
{
    static const struct bytes wrong[] = {
        {(const uint8_t *)"\x94\x03\x00\x08\x90", 5},         /* no such kind */
        {(const uint8_t *)"\x93\x00\x00\x08", 4},             /* params missing */
        {(const uint8_t *)"\x94\x02\x48\x90\xc0", 5},         /* notification of 4 */
        {(const uint8_t *)"\x94\x00\x00\x08\xc0", 5},         /* params no array */
        {(const uint8_t *)"\x94\x00\x00\x08\x80", 5},         /* params a map */
        {(const uint8_t *)"\x94\x00\x00\xa4PING\x90", 9},     /* method by name */
        {(const uint8_t *)"\x94\x01\x00\x92\x28\xa0\x90", 7}, /* error and result */
        {(const uint8_t *)"\x94\x01\x00\x92\x00\xa0\xc0", 7}, /* error that is none */
        {(const uint8_t *)"\x94\x01\x00\x91\x28\xc0", 6},     /* error without text */
        {(const uint8_t *)"\x94\x01\x00\xc0\xc0", 5},         /* neither */
        {(const uint8_t *)"\x94\x00\xff\x08\x90", 5},         /* negative id */
        {(const uint8_t *)"\x94\x00\x00\x08\x90\x90", 6},     /* trailing */
        {(const uint8_t *)"\xdc\x00\x04\x00\x00\x08\x90", 7}, /* longer form */
    };
    struct message message;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(message_decode(wrong[i], &message), STATUS_MALFORMED);
    }
}

static void what_is_begun_and_ended_reads_back(void **state)
{
    uint8_t buffer[512];
    struct writer writer;
    struct message message;

    (void)state;
    writer_init(&writer, buffer, sizeof buffer);
    message_begin_request(&writer, 70000, MESSAGE_PING);
    message_encode_nothing(&writer);
    assert_int_equal(message_decode(writer_bytes(&writer), &message), STATUS_OK);
    assert_int_equal(message.id, 70000);

    writer_reset(&writer);
    message_begin_result(&writer, 1);
    message_time_encode(&writer, &(struct message_time){.time_ms = 9});
    assert_int_equal(message_decode(writer_bytes(&writer), &message), STATUS_OK);
    assert_int_equal(message.kind, MESSAGE_RESPONSE);

    writer_reset(&writer);
    message_begin_notification(&writer, MESSAGE_LOBBY);
    message_lobby_encode(&writer, &(struct message_lobby){.reason = MESSAGE_LOBBY_AGREEMENT});
    assert_int_equal(message_decode(writer_bytes(&writer), &message), STATUS_OK);
    assert_int_equal(message.method, MESSAGE_LOBBY);

    writer_reset(&writer);
    message_write_error(&writer, 1, STATUS_STALE_EPOCH, NULL);
    assert_int_equal(message_decode(writer_bytes(&writer), &message), STATUS_OK);
    assert_int_equal(message.error, STATUS_STALE_EPOCH);
    assert_true(bytes_equal(message.text, TEXT("stale epoch")));
}

static void codes_travel_as_they_are_or_as_something_honest(void **state)
{
    (void)state;
    assert_int_equal(message_code_of(STATUS_CONFLICT), 42);
    assert_int_equal(message_status_of(42), STATUS_CONFLICT);
    assert_int_equal(message_code_of(STATUS_OK), 0);
    assert_int_equal(message_code_of(STATUS_PERMISSION), 2); /* of no concern to a peer */
    assert_int_equal(message_status_of(7), STATUS_UNSUPPORTED);
    assert_int_equal(message_status_of(UINT32_MAX), STATUS_UNSUPPORTED);
    assert_int_equal(message_status_of((uint32_t)-1), STATUS_UNSUPPORTED);
    for (int code = 40; code <= 57; code++) {
        assert_int_equal(message_code_of((enum status) - code), code);
        assert_int_equal(message_status_of((uint32_t)code), -code);
    }
}

static void text_is_cut_between_characters(void **state)
{
    (void)state;
    assert_int_equal(message_text("abc", 3).count, 3);
    assert_int_equal(message_text("abcd", 3).count, 3);
    assert_int_equal(message_text("ab\xe2\x82\xac", 5).count, 5);
    assert_int_equal(message_text("ab\xe2\x82\xac", 4).count, 2);
    assert_int_equal(message_text("ab\xe2\x82\xac", 3).count, 2);
    assert_int_equal(message_text("", 3).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(params_of_requests_stand_as_specified),
        cmocka_unit_test(results_stand_as_specified),
        cmocka_unit_test(params_of_notifications_stand_as_specified),
        cmocka_unit_test(the_control_socket_speaks_as_specified),
        cmocka_unit_test(every_codec_was_checked),
        cmocka_unit_test(nothing_is_an_empty_array),
        cmocka_unit_test(bounds_of_fields_hold_both_ways),
        cmocka_unit_test(the_three_shapes_are_read),
        cmocka_unit_test(other_shapes_are_refused),
        cmocka_unit_test(what_is_begun_and_ended_reads_back),
        cmocka_unit_test(codes_travel_as_they_are_or_as_something_honest),
        cmocka_unit_test(text_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

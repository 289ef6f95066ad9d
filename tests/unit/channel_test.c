/* Two channels with nothing between them but a function, and a peer made of bare Noise for what
 * a channel would never do itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/channel.h"
#include "protocol/methods.h"
#include "tests/support/seeded.h"

#define TEXT(literal)                                                                          \
    ((struct bytes){.data = (const uint8_t *)(literal), .count = sizeof(literal) - 1})
#define PING   "\x94\x00\x01\x08\x90"      /* a request */
#define PONG   "\x94\x01\x01\xc0\x91\x05"  /* its response */
#define NOTICE "\x93\x02\x47\x92\x01\xa1x" /* a notification */

struct world {
    struct seeded seeded;
    struct noise_keypair client_keys, server_keys;
    struct channel client, server;
    uint8_t wire[CHANNEL_FLUSH_BYTES_MAX];
    size_t piece; /* bytes that arrive at once */
};

static void make_keys(struct world *world, struct noise_keypair *keys)
{
    uint8_t secret_key[NOISE_KEY_BYTES];
    struct entropy entropy = seeded_entropy(&world->seeded);

    entropy_fill(&entropy, secret_key, sizeof secret_key);
    noise_keypair_from(secret_key, keys);
}

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    if (world == NULL) {
        return -1;
    }
    world->piece = SIZE_MAX;
    make_keys(world, &world->client_keys);
    make_keys(world, &world->server_keys);
    channel_init_server(&world->server, &world->server_keys, seeded_entropy(&world->seeded));
    *state = world;
    return channel_init_client(&world->client, &world->client_keys,
                               world->server_keys.public_key, "kring 0.1",
                               seeded_entropy(&world->seeded)) == STATUS_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    channel_finish(&world->client);
    channel_finish(&world->server);
    free(world);
    return 0;
}

/* Flushes once; gives what came out, which stays in world->wire. */
static struct bytes flush(struct world *world, struct channel *from)
{
    size_t count = 0;

    assert_int_equal(channel_flush(from, world->wire, &count), STATUS_OK);
    return (struct bytes){.data = world->wire, .count = count};
}

/* Everything that happened at a channel, as letters. */
struct events {
    char letters[32];
    size_t count;
    struct message message; /* the last one */
    enum status status;
};

static void feed(struct channel *to, struct bytes piece, struct events *events)
{
    enum channel_event event = CHANNEL_MESSAGE;

    while (events->status == STATUS_OK && event != CHANNEL_WANTS_BYTES &&
           event != CHANNEL_OFFER) {
        events->status = channel_read(to, &piece, &event, &events->message);
        if (events->status == STATUS_OK && event != CHANNEL_WANTS_BYTES) {
            assert_true(events->count < sizeof events->letters - 1);
            events->letters[events->count++] = ".OWM"[event];
        }
    }
    assert_true(events->status != STATUS_OK || piece.count == 0 || event == CHANNEL_OFFER);
}

/* Brings bytes to a channel, in pieces. */
static struct events deliver(struct world *world, struct channel *to, struct bytes bytes)
{
    struct events events = {.status = STATUS_OK};

    while (bytes.count > 0 && events.status == STATUS_OK) {
        size_t count = bytes.count < world->piece ? bytes.count : world->piece;

        feed(to, (struct bytes){.data = bytes.data, .count = count}, &events);
        bytes.data += count;
        bytes.count -= count;
    }
    return events;
}

static struct events carry(struct world *world, struct channel *from, struct channel *to)
{
    return deliver(world, to, flush(world, from));
}

/* Up to the server's decision. */
static void greet(struct world *world)
{
    assert_string_equal(carry(world, &world->client, &world->server).letters, "");
    assert_string_equal(carry(world, &world->server, &world->client).letters, "");
    assert_string_equal(carry(world, &world->client, &world->server).letters, "O");
    assert_int_equal(world->server.state, CHANNEL_OFFERED);
}

static void connect(struct world *world)
{
    struct events events;

    greet(world);
    assert_int_equal(channel_accept(&world->server, "kringd 0.1", 1234), STATUS_OK);
    events = carry(world, &world->server, &world->client);
    assert_string_equal(events.letters, "W");
    assert_int_equal(world->client.state, CHANNEL_READY);
    assert_int_equal(world->server.state, CHANNEL_READY);
}

static void a_handshake_makes_both_sides_ready(void **state)
{
    struct world *world = *state;
    struct message_welcome welcome;
    struct events events;

    greet(world);
    assert_memory_equal(channel_peer_key(&world->server), world->client_keys.public_key,
                        NOISE_KEY_BYTES);
    assert_true(bytes_equal(channel_peer_name(&world->server), TEXT("kring 0.1")));
    assert_int_equal(channel_accept(&world->server, "kringd 0.1", 1234), STATUS_OK);
    events = carry(world, &world->server, &world->client);
    assert_string_equal(events.letters, "W");
    assert_int_equal(message_welcome_decode(events.message.body, &welcome), STATUS_OK);
    assert_int_equal(welcome.time_ms, 1234);
    assert_int_equal(world->client.version, 1);
    assert_int_equal(world->server.version, 1);
    assert_true(bytes_equal(channel_peer_name(&world->client), TEXT("kringd 0.1")));
    assert_memory_equal(channel_peer_key(&world->client), world->server_keys.public_key,
                        NOISE_KEY_BYTES);
}

static void it_works_byte_by_byte(void **state)
{
    struct world *world = *state;

    world->piece = 1;
    connect(world);
    assert_int_equal(channel_send(&world->client, TEXT(PING)), STATUS_OK);
    assert_int_equal(channel_send(&world->client, TEXT(PING)), STATUS_OK);
    assert_string_equal(carry(world, &world->client, &world->server).letters, "MM");
}

static void an_offer_waits_for_the_decision(void **state)
{
    struct world *world = *state;
    struct bytes nothing = {.data = NULL, .count = 0};
    enum channel_event event = CHANNEL_MESSAGE;
    struct message message;

    greet(world);
    assert_int_equal(channel_read(&world->server, &nothing, &event, &message), STATUS_OK);
    assert_int_equal(event, CHANNEL_OFFER);
    assert_false(channel_has_output(&world->server));
    assert_int_equal(channel_send(&world->server, TEXT(NOTICE)), STATUS_BAD_STATE);
}

static void a_flush_seals_all_that_waits_into_one_frame(void **state)
{
    struct world *world = *state;
    struct bytes frame;
    struct events events;

    connect(world);
    assert_int_equal(flush(world, &world->server).count, 0);
    assert_int_equal(channel_send(&world->server, TEXT(NOTICE)), STATUS_OK);
    assert_int_equal(channel_send(&world->server, TEXT(PONG)), STATUS_OK);
    assert_true(channel_has_output(&world->server));
    frame = flush(world, &world->server);
    assert_false(channel_has_output(&world->server));
    assert_int_equal(frame.count, FRAME_HEADER_BYTES + sizeof NOTICE - 1 + sizeof PONG - 1 +
                                      NOISE_TAG_BYTES);
    events = deliver(world, &world->client, frame);
    assert_string_equal(events.letters, "MM");
    assert_int_equal(events.message.kind, MESSAGE_RESPONSE);
}

static void the_largest_message_passes_and_the_queue_is_bounded(void **state)
{
    struct world *world = *state;
    static const uint8_t head[] = {0x94, 0x00, 0x01, 0x04, 0x91, 0xc5}; /* APPEND of one bin */
    uint8_t *large = calloc(1, CHANNEL_MESSAGE_BYTES_MAX + 1);
    size_t text = CHANNEL_MESSAGE_BYTES_MAX - 8;
    struct events events;

    assert_non_null(large);
    connect(world);
    memcpy(large, head, sizeof head);
    bytes_put_u16(large + sizeof head, (uint16_t)text);
    assert_int_equal(
        channel_send(&world->client,
                     (struct bytes){.data = large, .count = CHANNEL_MESSAGE_BYTES_MAX + 1}),
        STATUS_TOO_LONG);
    assert_int_equal(channel_send(&world->client, TEXT(PING)), STATUS_OK);
    assert_int_equal(channel_room(&world->client),
                     CHANNEL_MESSAGE_BYTES_MAX - (sizeof PING - 1));
    assert_int_equal(
        channel_send(&world->client,
                     (struct bytes){.data = large, .count = CHANNEL_MESSAGE_BYTES_MAX}),
        STATUS_FULL);
    assert_string_equal(carry(world, &world->client, &world->server).letters, "M");
    assert_int_equal(
        channel_send(&world->client,
                     (struct bytes){.data = large, .count = CHANNEL_MESSAGE_BYTES_MAX}),
        STATUS_OK);
    events = carry(world, &world->client, &world->server);
    assert_string_equal(events.letters, "M");
    assert_int_equal(events.message.method, MESSAGE_APPEND);
    assert_int_equal(events.message.body.count, text + 4);
    free(large);
}

static void a_server_of_another_key_is_noticed_by_both(void **state)
{
    struct world *world = *state;

    channel_init_server(&world->server, &world->client_keys, seeded_entropy(&world->seeded));
    assert_int_equal(carry(world, &world->client, &world->server).status, STATUS_CRYPTO);
    assert_int_equal(world->server.state, CHANNEL_FAILED);
    assert_false(channel_has_output(&world->server));
    assert_int_equal(channel_end(&world->client), STATUS_CRYPTO); /* it closes, as it must */
}

static void whatever_else_answers_is_not_the_server(void **state)
{
    struct world *world = *state;

    (void)flush(world, &world->client);
    assert_int_equal(deliver(world, &world->client, TEXT("SSH-2.0-x\r\n")).status,
                     STATUS_CRYPTO);
    assert_int_equal(channel_end(&world->client), STATUS_CRYPTO);
}

static void a_busy_server_says_so(void **state)
{
    struct world *world = *state;
    struct bytes busy = {.data = channel_busy, .count = sizeof channel_busy};

    (void)flush(world, &world->client);
    assert_int_equal(deliver(world, &world->client, busy).status, STATUS_BUSY);
    assert_int_equal(deliver(world, &world->server, busy).status, STATUS_MALFORMED);
}

static void a_refusal_is_readable(void **state)
{
    struct world *world = *state;

    greet(world);
    channel_refuse(&world->server, STATUS_FULL, "try the other room");
    assert_int_equal(world->server.state, CHANNEL_REFUSED);
    assert_int_equal(carry(world, &world->server, &world->client).status, STATUS_FULL);
    assert_int_equal(world->client.state, CHANNEL_REFUSED);
    assert_true(bytes_equal(channel_refusal(&world->client), TEXT("try the other room")));
    assert_int_equal(channel_end(&world->client), STATUS_FULL);
}

/* A client of bare Noise: sends message 1, takes message 2, sends message 3 with this payload.
 */
static struct events offer(struct world *world, struct bytes first_payload,
                           struct bytes third_payload, struct noise *noise)
{
    uint8_t read[NOISE_MESSAGE_2_BYTES];
    uint8_t *out = world->wire + FRAME_HEADER_BYTES;
    struct events events;
    struct bytes answer;
    size_t count = 0;

    noise_init_initiator(noise, TEXT("kring/1"), &world->client_keys,
                         world->server_keys.public_key, seeded_entropy(&world->seeded));
    assert_int_equal(noise_write(noise, first_payload, out, 256, &count), STATUS_OK);
    frame_put_header(world->wire, count);
    events = deliver(world, &world->server,
                     (struct bytes){.data = world->wire, .count = FRAME_HEADER_BYTES + count});
    if (events.status != STATUS_OK) {
        return events;
    }
    answer = flush(world, &world->server);
    assert_int_equal(noise_read(noise,
                                (struct bytes){.data = answer.data + FRAME_HEADER_BYTES,
                                               .count = answer.count - FRAME_HEADER_BYTES},
                                read, &count),
                     STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(noise_write(noise, third_payload, out, 512, &count), STATUS_OK);
    frame_put_header(world->wire, count);
    return deliver(world, &world->server,
                   (struct bytes){.data = world->wire, .count = FRAME_HEADER_BYTES + count});
}

static void an_unknown_version_is_refused_in_words(void **state)
{
    struct world *world = *state;
    struct message message;
    struct message_reason reason;
    struct noise noise;
    struct bytes answer;
    size_t count = 0;

    assert_string_equal(offer(world, TEXT(""), TEXT("\x93\x02\x03\xa5kring"), &noise).letters,
                        "O");
    assert_int_equal(channel_accept(&world->server, "kringd 0.1", 0), STATUS_VERSION);
    answer = flush(world, &world->server);
    assert_int_equal(noise_open(&noise, world->wire + FRAME_HEADER_BYTES,
                                answer.count - FRAME_HEADER_BYTES, &count),
                     STATUS_OK);
    assert_int_equal(
        message_decode((struct bytes){.data = world->wire + FRAME_HEADER_BYTES, .count = count},
                       &message),
        STATUS_OK);
    assert_int_equal(message.method, MESSAGE_REFUSE);
    assert_int_equal(message_reason_decode(message.body, &reason), STATUS_OK);
    assert_int_equal(reason.code, 23);
}

static void a_wider_offer_meets_in_the_middle(void **state)
{
    struct world *world = *state;
    struct noise noise;

    /* Version 0 to 9, and one value more than is known today. */
    assert_string_equal(
        offer(world, TEXT(""), TEXT("\x94\x00\x09\xa5kring\xc0"), &noise).letters, "O");
    assert_int_equal(channel_accept(&world->server, "kringd 0.1", 0), STATUS_OK);
    assert_int_equal(world->server.version, CHANNEL_VERSION_MAX);
}

static void odd_payloads_end_the_handshake(void **state)
{
    struct world *world = *state;
    struct noise noise;

    assert_int_equal(offer(world, TEXT("x"), TEXT(""), &noise).status, STATUS_TOO_LONG);
    channel_init_server(&world->server, &world->server_keys, seeded_entropy(&world->seeded));
    assert_int_equal(offer(world, TEXT(""), TEXT(""), &noise).status, STATUS_MALFORMED);
    channel_init_server(&world->server, &world->server_keys, seeded_entropy(&world->seeded));
    assert_int_equal(offer(world, TEXT(""), TEXT("\x93\x02\x01\xa1k"), &noise).status,
                     STATUS_MALFORMED); /* a range upside down */
    assert_int_equal(world->server.state, CHANNEL_FAILED);
}

static void a_handshake_message_cannot_be_long(void **state)
{
    struct world *world = *state;

    assert_int_equal(deliver(world, &world->server, TEXT("\x00\x31")).status, STATUS_TOO_LONG);
}

/* Puts bytes into the next frame that channel_send() should never be given. */
static struct events send_raw(struct world *world, struct channel *from, struct channel *to,
                              struct bytes bytes)
{
    assert_int_equal(channel_send(from, bytes), STATUS_OK);
    return carry(world, from, to);
}

static void only_requests_come_to_a_server(void **state)
{
    struct world *world = *state;

    connect(world);
    assert_int_equal(send_raw(world, &world->client, &world->server, TEXT(NOTICE)).status,
                     STATUS_MALFORMED);
    assert_int_equal(world->server.state, CHANNEL_FAILED);
    assert_int_equal(send_raw(world, &world->client, &world->server, TEXT(PING)).status,
                     STATUS_MALFORMED); /* and it stays so */
}

static void requests_do_not_come_to_a_client(void **state)
{
    struct world *world = *state;

    connect(world);
    assert_int_equal(send_raw(world, &world->server, &world->client, TEXT(PING)).status,
                     STATUS_MALFORMED);
}

static void a_second_welcome_is_no_greeting(void **state)
{
    struct world *world = *state;
    struct events events;

    connect(world);
    events = send_raw(world, &world->server, &world->client, TEXT("\x93\x02\x40\x90"));
    assert_string_equal(events.letters, "M");
}

static void another_first_message_is_malformed(void **state)
{
    struct world *world = *state;

    greet(world);
    world->server.state = CHANNEL_READY; /* without accepting */
    assert_int_equal(send_raw(world, &world->server, &world->client, TEXT(NOTICE)).status,
                     STATUS_MALFORMED);
    assert_int_equal(world->client.state, CHANNEL_FAILED);
}

static void a_version_that_was_not_offered_is_refused(void **state)
{
    struct world *world = *state;

    greet(world);
    world->server.state = CHANNEL_READY;
    assert_int_equal(
        send_raw(world, &world->server, &world->client, TEXT("\x93\x02\x40\x93\x09\xa0\x00"))
            .status,
        STATUS_VERSION);
}

static void no_message_spans_two_frames(void **state)
{
    struct world *world = *state;
    struct events events;

    connect(world);
    events = send_raw(world, &world->client, &world->server, TEXT(PING "\x94\x00"));
    assert_string_equal(events.letters, "M");
    assert_int_equal(events.status, STATUS_MALFORMED);
}

static void a_changed_frame_ends_the_channel(void **state)
{
    struct world *world = *state;
    struct bytes frame;

    connect(world);
    assert_int_equal(channel_send(&world->client, TEXT(PING)), STATUS_OK);
    frame = flush(world, &world->client);
    world->wire[frame.count - 1]++;
    assert_int_equal(deliver(world, &world->server, frame).status, STATUS_CRYPTO);
    assert_int_equal(channel_flush(&world->server, world->wire, &frame.count),
                     STATUS_BAD_STATE);
}

static void the_end_of_the_stream_is_explained(void **state)
{
    struct world *world = *state;

    assert_int_equal(channel_end(&world->server), STATUS_UNREACHABLE);
    greet(world);
    assert_int_equal(channel_end(&world->client), STATUS_UNREACHABLE);
    assert_int_equal(channel_accept(&world->server, "kringd", 0), STATUS_OK);
    assert_string_equal(carry(world, &world->server, &world->client).letters, "W");
    assert_int_equal(channel_end(&world->client), STATUS_OK);
    assert_int_equal(deliver(world, &world->client, TEXT("\x01")).status, STATUS_OK);
    assert_int_equal(channel_end(&world->client), STATUS_SHORT);
}

static void a_server_key_of_small_order_is_a_bad_key(void **state)
{
    static const uint8_t zero[NOISE_KEY_BYTES];
    struct world *world = *state;

    assert_int_equal(channel_init_client(&world->client, &world->client_keys, zero, "kring",
                                         seeded_entropy(&world->seeded)),
                     STATUS_BAD_KEY);
}

static void a_local_channel_needs_no_handshake(void **state)
{
    struct world *world = *state;
    struct bytes frame;

    channel_init_local(&world->client, CHANNEL_LOCAL_CLIENT);
    channel_init_local(&world->server, CHANNEL_LOCAL_SERVER);
    assert_int_equal(channel_send(&world->client, TEXT(PING)), STATUS_OK);
    frame = flush(world, &world->client);
    assert_true(bytes_equal(frame, TEXT("\x00\x05" PING)));
    assert_string_equal(deliver(world, &world->server, frame).letters, "M");
    assert_string_equal(send_raw(world, &world->server, &world->client, TEXT(PONG)).letters,
                        "M");
    assert_int_equal(send_raw(world, &world->server, &world->client, TEXT(PING)).status,
                     STATUS_MALFORMED);
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_handshake_makes_both_sides_ready),
        WORLD_TEST(it_works_byte_by_byte),
        WORLD_TEST(an_offer_waits_for_the_decision),
        WORLD_TEST(a_flush_seals_all_that_waits_into_one_frame),
        WORLD_TEST(the_largest_message_passes_and_the_queue_is_bounded),
        WORLD_TEST(a_server_of_another_key_is_noticed_by_both),
        WORLD_TEST(whatever_else_answers_is_not_the_server),
        WORLD_TEST(a_busy_server_says_so),
        WORLD_TEST(a_refusal_is_readable),
        WORLD_TEST(an_unknown_version_is_refused_in_words),
        WORLD_TEST(a_wider_offer_meets_in_the_middle),
        WORLD_TEST(odd_payloads_end_the_handshake),
        WORLD_TEST(a_handshake_message_cannot_be_long),
        WORLD_TEST(only_requests_come_to_a_server),
        WORLD_TEST(requests_do_not_come_to_a_client),
        WORLD_TEST(a_second_welcome_is_no_greeting),
        WORLD_TEST(another_first_message_is_malformed),
        WORLD_TEST(a_version_that_was_not_offered_is_refused),
        WORLD_TEST(no_message_spans_two_frames),
        WORLD_TEST(a_changed_frame_ends_the_channel),
        WORLD_TEST(the_end_of_the_stream_is_explained),
        WORLD_TEST(a_server_key_of_small_order_is_a_bad_key),
        WORLD_TEST(a_local_channel_needs_no_handshake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

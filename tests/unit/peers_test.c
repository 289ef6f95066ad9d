/* Peers over real sockets, with a service of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <unistd.h>

#include "server/listener.h"
#include "server/peers.h"
#include "server/peers_private.h"
#include "tests/support/caller.h"

enum { LARGE = 60000 };

struct world {
    uv_loop_t loop;
    struct peers *peers;
    struct listener listener;
    struct peer_service service;
    struct noise_keypair key;
    struct logger logger;
    uint16_t port;
    unsigned closed; /* listener, peers */

    enum status verdict;  /* of `proved` */
    size_t items_to_send; /* when asked */
    bool ends;            /* after that */
    uint32_t peer;
    size_t rooms;
    size_t gone;
    uint8_t seen_key[KEY_BYTES];
};

static enum status on_proved(void *context, uint32_t peer, const uint8_t key[KEY_BYTES])
{
    struct world *world = context;

    world->peer = peer;
    memcpy(world->seen_key, key, KEY_BYTES);
    return world->verdict;
}

static void send_item(struct world *world, uint32_t peer, uint64_t index)
{
    uint8_t *entry = calloc(1, LARGE);
    struct message_item item = {.index = index, .entry = {.data = entry, .count = LARGE}};
    struct writer writer;

    assert_non_null(entry);
    memset(entry, (int)(index & 0xff), LARGE);
    writer_init_growing(&writer, CHANNEL_MESSAGE_BYTES_MAX);
    message_begin_notification(&writer, MESSAGE_ITEM);
    message_item_encode(&writer, &item);
    assert_int_equal(writer_status(&writer), STATUS_OK);
    peers_send(world->peers, peer, writer_bytes(&writer));
    writer_finish(&writer);
    free(entry);
}

static void on_message(void *context, uint32_t peer, const struct message *message)
{
    struct world *world = context;
    uint8_t buffer[64];
    struct writer writer;

    for (size_t i = 0; i < world->items_to_send; i++) {
        send_item(world, peer, i);
    }
    writer_init(&writer, buffer, sizeof buffer);
    message_begin_result(&writer, message->id);
    message_encode_nothing(&writer);
    peers_send(world->peers, peer, writer_bytes(&writer));
    if (world->ends) {
        peers_end(world->peers, peer);
    }
}

static void on_room(void *context, uint32_t peer)
{
    struct world *world = context;

    assert_int_equal(peer, world->peer);
    world->rooms++;
}

static void on_gone(void *context, uint32_t peer)
{
    struct world *world = context;

    assert_int_equal(peer, world->peer);
    world->gone++;
}

static int begin(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    union config_address address = {.v4 = {.sin_family = AF_INET}};
    uint8_t secret[KEY_BYTES] = {1};
    struct peers_options options;

    assert_non_null(world);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    noise_keypair_from(secret, &world->key);
    world->logger.fd = open("/dev/null", O_WRONLY);
    options = (struct peers_options){.loop = &world->loop,
                                     .key = world->key,
                                     .entropy = entropy_system(),
                                     .name = "test 1",
                                     .logger = &world->logger};
    world->service = (struct peer_service){.context = world,
                                           .proved = on_proved,
                                           .message = on_message,
                                           .room = on_room,
                                           .gone = on_gone};
    assert_int_equal(peers_create(&options, &world->peers), STATUS_OK);
    assert_int_equal(inet_pton(AF_INET, "127.0.0.1", &address.v4.sin_addr), 1);
    assert_int_equal(listener_open_tcp(&world->listener, &world->loop, &address, false,
                                       world->peers, &world->service),
                     STATUS_OK);
    listener_address(&world->listener, &address);
    world->port = ntohs(address.v4.sin_port);
    *state = world;
    return 0;
}

static void one_closed(void *context)
{
    struct world *world = context;

    world->closed++;
}

static int end(void **state)
{
    struct world *world = *state;

    listener_close(&world->listener, one_closed, world);
    peers_close(world->peers, one_closed, world);
    (void)uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(world->closed, 2);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    (void)close(world->logger.fd);
    free(world);
    return 0;
}

static const uint8_t caller_secret[KEY_BYTES] = {5};

static enum status call(struct world *world, struct caller *caller)
{
    caller_connect(caller, &world->loop, world->port);
    return caller_shake_hands(caller, caller_secret, world->key.public_key);
}

static const struct message *ping(struct caller *caller)
{
    struct writer writer = caller_begin(caller, MESSAGE_PING);

    message_encode_nothing(&writer);
    return caller_ask(caller, &writer);
}

static void run_until(struct world *world, const size_t *number, size_t wanted)
{
    while (*number < wanted) {
        (void)uv_run(&world->loop, UV_RUN_ONCE);
    }
}

static void a_peer_comes_by_its_key_and_goes(void **state)
{
    struct world *world = *state;
    struct noise_keypair own;
    struct caller caller;

    noise_keypair_from(caller_secret, &own);
    assert_int_equal(call(world, &caller), STATUS_OK);
    assert_memory_equal(world->seen_key, own.public_key, KEY_BYTES);
    assert_int_equal(peers_open_count(world->peers), 1);
    assert_int_equal(peers_handshaking_count(world->peers), 0);
    assert_non_null(ping(&caller));
    run_until(world, &world->rooms, 1);
    caller_finish(&caller);
    run_until(world, &world->gone, 1);
    while (peers_count(world->peers) > 0) {
        (void)uv_run(&world->loop, UV_RUN_ONCE);
    }
    assert_int_equal(peers_open_count(world->peers), 0);
}

static void who_is_refused_hears_why(void **state)
{
    struct world *world = *state;
    struct caller caller;

    world->verdict = STATUS_BUSY;
    assert_int_equal(call(world, &caller), STATUS_BUSY);
    caller_finish(&caller);
    assert_int_equal(world->gone, 0);
}

static void much_comes_whole_and_in_order(void **state)
{
    struct world *world = *state;
    struct caller caller;

    world->items_to_send = 50; /* 3 MB: more than any socket holds */
    assert_int_equal(call(world, &caller), STATUS_OK);
    assert_non_null(ping(&caller)); /* which was answered last */
    for (size_t i = 0; i < world->items_to_send; i++) {
        const struct message *note = caller_note(&caller, MESSAGE_ITEM, i);
        struct message_item item;

        assert_non_null(note);
        assert_int_equal(message_item_decode(note->body, &item), STATUS_OK);
        assert_int_equal(item.index, i);
        assert_int_equal(item.entry.count, LARGE);
        assert_int_equal(item.entry.data[LARGE - 1], i & 0xff);
    }
    caller_finish(&caller);
}

static void too_much_is_cut_off(void **state)
{
    struct world *world = *state;
    struct caller caller;

    world->items_to_send = 200; /* 12 MB at once */
    assert_int_equal(call(world, &caller), STATUS_OK);
    assert_null(ping(&caller));
    assert_int_equal(world->gone, 1);
    caller_finish(&caller);
}

static void who_does_not_read_is_cut_off_in_time(void **state)
{
    struct world *world = *state;
    struct caller caller;
    struct writer writer;
    struct peer *peer;
    uint64_t begun_ms;
    int small = 8192; /* else a whole session may fit into the sockets */

    world->items_to_send = 60;
    assert_int_equal(call(world, &caller), STATUS_OK);
    peer = world->peers->slots[world->peer % PEERS_MAX].peer;
    writer = caller_begin(&caller, MESSAGE_PING);
    message_encode_nothing(&writer);
    (void)uv_read_stop(&caller.uv.stream);
    assert_int_equal(uv_send_buffer_size(&peer->uv.handle, &small), 0);
    assert_int_equal(uv_recv_buffer_size(&caller.uv.handle, &small), 0);
    caller_send(&caller, &writer);
    while (peer->is_reading || !peer->is_writing) { /* nor is it listened to any more */
        (void)uv_run(&world->loop, UV_RUN_ONCE);
    }
    begun_ms = peer->progress_ms;
    peer_check_time(peer, begun_ms + CHANNEL_NO_PROGRESS_MS_MAX - 1);
    assert_int_equal(world->gone, 0);
    peer_check_time(peer, begun_ms + CHANNEL_NO_PROGRESS_MS_MAX);
    assert_int_equal(world->gone, 1);
    caller_finish(&caller);
}

static void who_is_silent_is_told_goodbye(void **state)
{
    struct world *world = *state;
    struct message_reason reason;
    struct caller caller;
    struct peer *peer;
    uint64_t heard_ms;

    assert_int_equal(call(world, &caller), STATUS_OK);
    assert_non_null(ping(&caller));
    peer = world->peers->slots[world->peer % PEERS_MAX].peer;
    heard_ms = peer->heard_ms;
    peer_check_time(peer, heard_ms + CHANNEL_NO_PROGRESS_MS_MAX - 1);
    assert_int_equal(world->gone, 0);
    peer_check_time(peer, heard_ms + CHANNEL_NO_PROGRESS_MS_MAX);
    assert_int_equal(world->gone, 1);
    caller_await_close(&caller);
    assert_non_null(caller_note(&caller, MESSAGE_CLOSING, 0));
    assert_int_equal(
        message_reason_decode(caller_note(&caller, MESSAGE_CLOSING, 0)->body, &reason),
        STATUS_OK);
    assert_int_equal(message_status_of(reason.code), STATUS_TIMEOUT);
    caller_finish(&caller);
    assert_int_equal(world->gone, 1);
}

static void what_waits_is_written_before_the_end(void **state)
{
    struct world *world = *state;
    struct caller caller;

    world->items_to_send = 50;
    world->ends = true;
    assert_int_equal(call(world, &caller), STATUS_OK);
    assert_non_null(ping(&caller));
    caller_await_close(&caller);
    assert_int_equal(caller.status, STATUS_OK);
    assert_non_null(caller_note(&caller, MESSAGE_ITEM, 49));
    caller_finish(&caller);
    assert_int_equal(world->gone, 0); /* whoever ends it need not be told */
}

static void numbers_are_not_used_again(void **state)
{
    struct world *world = *state;
    uint32_t seen[20];

    for (size_t i = 0; i < 20; i++) {
        struct caller caller;

        assert_int_equal(call(world, &caller), STATUS_OK);
        seen[i] = world->peer;
        for (size_t other = 0; other < i; other++) {
            assert_int_not_equal(seen[i], seen[other]);
        }
        caller_finish(&caller);
        run_until(world, &world->gone, i + 1);
    }
    peers_send(world->peers, seen[0], (struct bytes){.data = NULL, .count = 0});
    peers_end(world->peers, seen[0]);
}

static struct peer *no_memory(struct peers *peers, const struct peer_service *service)
{
    (void)peers;
    (void)service;
    return NULL;
}

/* How often the log has said that nobody can be let in. */
static size_t said_no_room(FILE *log)
{
    char line[LOGGER_LINE_BYTES_MAX];
    size_t count = 0;

    rewind(log);
    while (fgets(line, sizeof line, log) != NULL) {
        count += strstr(line, "event=no_room") != NULL;
    }
    return count;
}

static FILE *log_to_file(struct world *world)
{
    FILE *log = tmpfile();

    assert_non_null(log);
    (void)close(world->logger.fd);
    world->logger.fd = dup(fileno(log));
    assert_true(world->logger.fd >= 0);
    return log;
}

static void who_finds_no_memory_is_let_in_when_there_is(void **state)
{
    struct world *world = *state;
    struct peer *(*create)(struct peers *, const struct peer_service *) = world->peers->create;
    FILE *log = log_to_file(world);
    struct caller callers[2];

    world->peers->create = no_memory;
    for (size_t i = 0; i < 2; i++) {
        caller_connect(&callers[i], &world->loop, world->port);
        run_until(world, &world->peers->waiting_count, 1);
    }
    assert_int_equal(world->peers->waiting_count, 1); /* of the listener's queue, the first */
    assert_int_equal(said_no_room(log), 1);
    world->peers->create = create;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(caller_shake_hands(&callers[i], caller_secret, world->key.public_key),
                         STATUS_OK);
    }
    assert_int_equal(world->peers->waiting_count, 0);
    for (size_t i = 0; i < 2; i++) {
        world->gone = 0;
        world->peer = world->peers->slots[i].peer->number;
        caller_finish(&callers[i]);
        run_until(world, &world->gone, 1);
    }
    (void)fclose(log);
}

static void a_listener_without_memory_can_be_closed(void **state)
{
    struct world *world = *state;
    struct caller caller;

    world->peers->create = no_memory;
    caller_connect(&caller, &world->loop, world->port);
    run_until(world, &world->peers->waiting_count, 1);
    peers_forget_listener(world->peers, &world->listener.uv.stream);
    assert_int_equal(world->peers->waiting_count, 0);
    caller_finish(&caller);
}

static void who_finds_no_room_is_told_so(void **state)
{
    struct world *world = *state;
    FILE *log = log_to_file(world);
    struct caller first;
    struct caller other;

    world->peers->options.count_max = PEERS_LOCAL_SPARED + 1;
    assert_int_equal(call(world, &first), STATUS_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(call(world, &other), STATUS_BUSY);
        caller_finish(&other);
    }
    assert_int_equal(said_no_room(log), 1);
    assert_non_null(ping(&first)); /* who is in stays in */
    caller_finish(&first);
    while (peers_count(world->peers) > 0) {
        (void)uv_run(&world->loop, UV_RUN_ONCE);
    }
    assert_int_equal(call(world, &other), STATUS_OK);
    caller_finish(&other);
    (void)fclose(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_peer_comes_by_its_key_and_goes, begin, end),
        cmocka_unit_test_setup_teardown(who_is_refused_hears_why, begin, end),
        cmocka_unit_test_setup_teardown(much_comes_whole_and_in_order, begin, end),
        cmocka_unit_test_setup_teardown(too_much_is_cut_off, begin, end),
        cmocka_unit_test_setup_teardown(who_does_not_read_is_cut_off_in_time, begin, end),
        cmocka_unit_test_setup_teardown(who_is_silent_is_told_goodbye, begin, end),
        cmocka_unit_test_setup_teardown(what_waits_is_written_before_the_end, begin, end),
        cmocka_unit_test_setup_teardown(who_finds_no_memory_is_let_in_when_there_is, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_listener_without_memory_can_be_closed, begin, end),
        cmocka_unit_test_setup_teardown(who_finds_no_room_is_told_so, begin, end),
        cmocka_unit_test_setup_teardown(numbers_are_not_used_again, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

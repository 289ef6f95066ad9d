/* One connection against a server of this test's own, which says what no honest one says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <uv.h>

#include "client/connection.h"
#include "protocol/channel.h"

enum { DEADLINE_MS = 20000 };

struct world {
    uv_loop_t loop;
    uv_timer_t deadline;
    uv_tcp_t listener, peer;
    uv_write_t write;
    struct channel channel;
    struct noise_keypair key;
    uint8_t input[4096], output[CHANNEL_FLUSH_BYTES_MAX];
    const char *refusal;
    struct connection *connection;
    enum status lost;
    char text[512];
};

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct world *world = handle->data;

    (void)wanted;
    *buffer = uv_buf_init((char *)world->input, sizeof world->input);
}

static void answer(struct world *world)
{
    size_t count = 0;
    uv_buf_t buffer;

    assert_int_equal(channel_flush(&world->channel, world->output, &count), STATUS_OK);
    buffer = uv_buf_init((char *)world->output, (unsigned)count);
    if (count > 0) {
        assert_int_equal(uv_write(&world->write, (uv_stream_t *)&world->peer, &buffer, 1, NULL),
                         0);
    }
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct world *world = stream->data;
    struct bytes input = {.data = (const uint8_t *)buffer->base, .count = (size_t)count};
    enum channel_event event = CHANNEL_MESSAGE;
    struct message message;

    if (count <= 0) {
        return;
    }
    assert_int_equal(channel_read(&world->channel, &input, &event, &message), STATUS_OK);
    if (event == CHANNEL_OFFER) {
        channel_refuse(&world->channel, STATUS_VERSION, world->refusal);
    }
    answer(world);
}

static void on_connection(uv_stream_t *listener, int error)
{
    struct world *world = listener->data;

    assert_int_equal(error, 0);
    assert_int_equal(uv_tcp_init(&world->loop, &world->peer), 0);
    world->peer.data = world;
    assert_int_equal(uv_accept(listener, (uv_stream_t *)&world->peer), 0);
    channel_init_server(&world->channel, &world->key, entropy_system());
    assert_int_equal(uv_read_start((uv_stream_t *)&world->peer, give_buffer, on_read), 0);
}

static void on_deadline(uv_timer_t *timer)
{
    (void)timer;
    fail_msg("nothing came for %d ms", DEADLINE_MS);
}

static void on_ready(void *context, uint64_t server_ms)
{
    (void)context;
    (void)server_ms;
}

static enum status on_message(void *context, struct bytes message)
{
    (void)context;
    (void)message;
    return STATUS_OK;
}

static void on_lost(void *context, enum status status, const char *text, uint64_t retry_ms)
{
    struct world *world = context;

    (void)retry_ms;
    world->lost = status;
    (void)snprintf(world->text, sizeof world->text, "%s", text);
}

static struct world *begin(const char *host)
{
    struct world *world = calloc(1, sizeof *world);
    struct connection_options options = {
        .host = host,
        .entropy = entropy_system(),
        .driver = {.ready = on_ready, .message = on_message, .lost = on_lost}};
    struct sockaddr_in address;
    int size = sizeof address;
    uint8_t secret[NOISE_KEY_BYTES] = {1};

    assert_non_null(world);
    options.driver.context = world;
    assert_int_equal(uv_loop_init(&world->loop), 0);
    assert_int_equal(uv_timer_init(&world->loop, &world->deadline), 0);
    assert_int_equal(uv_timer_start(&world->deadline, on_deadline, DEADLINE_MS, 0), 0);
    noise_keypair_from(secret, &world->key);
    assert_int_equal(uv_tcp_init(&world->loop, &world->listener), 0);
    world->listener.data = world;
    assert_int_equal(uv_ip4_addr("127.0.0.1", 0, &address), 0);
    assert_int_equal(uv_tcp_bind(&world->listener, (struct sockaddr *)&address, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&world->listener, 4, on_connection), 0);
    assert_int_equal(uv_tcp_getsockname(&world->listener, (struct sockaddr *)&address, &size),
                     0);
    options.port = ntohs(address.sin_port);
    memcpy(options.server_key, world->key.public_key, KEY_BYTES);
    options.noise_secret[0] = 2;
    assert_int_equal(connection_create(&world->loop, &options, &world->connection), STATUS_OK);
    return world;
}

static void close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

static void on_closed(void *context)
{
    struct world *world = context;

    uv_walk(&world->loop, close_handle, NULL);
}

static void end(struct world *world)
{
    connection_close(world->connection, on_closed, world);
    (void)uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    channel_finish(&world->channel);
    free(world);
}

static void what_a_server_says_cannot_move_a_terminal(void **state)
{
    struct world *world = begin("127.0.0.1");

    (void)state;
    world->refusal = "kringd 9\x1b]0;mine\x07\n\xc2\x9b"
                     "2J";
    connection_start(world->connection);
    while (world->lost == STATUS_OK) {
        (void)uv_run(&world->loop, UV_RUN_ONCE);
    }
    assert_int_equal(world->lost, STATUS_VERSION);
    assert_non_null(strstr(world->text, "kringd 9?]0;mine????2J"));
    end(world);
}

/* Stopped and started while an address is being looked up: the answer is still waited for. A
 * numeric one goes the same way as a name, and needs no /etc/hosts. */
static void started_again_while_resolving_it_goes_on(void **state)
{
    struct world *world = begin("127.0.0.1");

    (void)state;
    world->refusal = "kringd 9";
    connection_start(world->connection);
    /* the answer may come in the very turn in which it was asked for */
    while (connection_state(world->connection) == CONNECTION_WAITING) {
        (void)uv_run(&world->loop, UV_RUN_NOWAIT);
    }
    connection_stop(world->connection);
    world->lost = STATUS_OK;
    connection_retry(world->connection);
    while (world->lost == STATUS_OK) {
        (void)uv_run(&world->loop, UV_RUN_ONCE);
    }
    assert_int_equal(world->lost, STATUS_VERSION);
    end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_server_says_cannot_move_a_terminal),
        cmocka_unit_test(started_again_while_resolving_it_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

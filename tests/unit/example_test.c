/* The example of a connection in PROTOCOL.md 1.7 is read from there, and is what comes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/channel.h"
#include "tests/support/hex.h"

struct world {
    struct noise_keypair client_keys, server_keys;
    struct channel client, server;
    uint8_t wire[CHANNEL_FLUSH_BYTES_MAX];
};

enum { EXAMPLE_BYTES_MAX = 128, EXAMPLE_LINE_BYTES_MAX = 512 };

/* The bytes a line `    name = hex` of PROTOCOL.md 1.7 says. */
static struct bytes example(const char *name, uint8_t out[EXAMPLE_BYTES_MAX])
{
    char line[EXAMPLE_LINE_BYTES_MAX];
    char start[64];
    size_t count = 0;
    FILE *file = fopen(KRING_SOURCE_DIR "/protocol/PROTOCOL.md", "r");

    assert_non_null(file);
    (void)snprintf(start, sizeof start, "    %s = ", name);
    while (count == 0 && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, start, strlen(start)) == 0) {
            count = hex_parse(line + strlen(start), out, EXAMPLE_BYTES_MAX);
        }
    }
    (void)fclose(file);
    if (count == 0) {
        fail_msg("PROTOCOL.md has no example of: %s", name);
    }
    return (struct bytes){.data = out, .count = count};
}

static void assert_example(const char *name, struct bytes bytes)
{
    uint8_t buffer[EXAMPLE_BYTES_MAX];
    struct bytes expected = example(name, buffer);

    if (!bytes_equal(bytes, expected)) {
        for (size_t i = 0; i < bytes.count; i++) {
            print_message("%02x", bytes.data[i]);
        }
        fail_msg(" is what it is, not what PROTOCOL.md says: %s", name);
    }
}

static void fill_from_example(void *context, void *out, size_t count)
{
    uint8_t buffer[EXAMPLE_BYTES_MAX];
    struct bytes bytes = example(context, buffer);

    assert_int_equal(bytes.count, count);
    memcpy(out, bytes.data, count);
}

static struct entropy example_entropy(const char *name)
{
    return (struct entropy){.fill = fill_from_example, .context = (void *)(uintptr_t)name};
}

static void example_begin(struct world *world)
{
    uint8_t buffer[EXAMPLE_BYTES_MAX];

    noise_keypair_from(example("client static secret", buffer).data, &world->client_keys);
    noise_keypair_from(example("server static secret", buffer).data, &world->server_keys);
    channel_init_server(&world->server, &world->server_keys,
                        example_entropy("server ephemeral secret"));
    assert_int_equal(channel_init_client(&world->client, &world->client_keys,
                                         world->server_keys.public_key, "kring 0.1.0",
                                         example_entropy("client ephemeral secret")),
                     STATUS_OK);
    assert_example("client static public", (struct bytes){.data = world->client_keys.public_key,
                                                          .count = NOISE_KEY_BYTES});
    assert_example("server static public", (struct bytes){.data = world->server_keys.public_key,
                                                          .count = NOISE_KEY_BYTES});
}

/* Carries a frame that must be the one of the example; gives what it makes happen first. */
static enum channel_event carry(struct world *world, struct channel *from, struct channel *to,
                                const char *name)
{
    enum channel_event event = CHANNEL_WANTS_BYTES;
    struct message message;
    struct bytes frame = {.data = world->wire, .count = 0};

    assert_int_equal(channel_flush(from, world->wire, &frame.count), STATUS_OK);
    assert_example(name, frame);
    assert_int_equal(channel_read(to, &frame, &event, &message), STATUS_OK);
    assert_int_equal(frame.count, 0);
    return event;
}

static void the_example_of_the_specification_is_true(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    uint8_t buffer[EXAMPLE_BYTES_MAX];
    struct channel *client;
    struct channel *server;

    (void)state;
    assert_non_null(world);
    client = &world->client;
    server = &world->server;
    example_begin(world);
    assert_int_equal(carry(world, client, server, "message 1"), CHANNEL_WANTS_BYTES);
    assert_int_equal(carry(world, server, client, "message 2"), CHANNEL_WANTS_BYTES);
    assert_example("payload of message 3",
                   (struct bytes){.data = client->offer, .count = client->offer_count});
    assert_int_equal(carry(world, client, server, "message 3"), CHANNEL_OFFER);
    assert_example("hash after message 3",
                   (struct bytes){.data = client->noise.h, .count = NOISE_HASH_BYTES});
    assert_int_equal(channel_accept(server, "kringd 0.1.0", 1700000000000), STATUS_OK);
    assert_example("WELCOME",
                   (struct bytes){.data = server->queued, .count = server->queued_count});
    assert_int_equal(carry(world, server, client, "frame of WELCOME"), CHANNEL_WELCOMED);
    assert_int_equal(channel_send(client, example("PING", buffer)), STATUS_OK);
    assert_int_equal(carry(world, client, server, "frame of PING"), CHANNEL_MESSAGE);
    assert_int_equal(channel_send(server, example("its response", buffer)), STATUS_OK);
    assert_int_equal(carry(world, server, client, "frame of its response"), CHANNEL_MESSAGE);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification_is_true),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

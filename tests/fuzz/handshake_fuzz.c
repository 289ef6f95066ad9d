/* Channels fed by somebody else: as they are, in the middle of a handshake, and, sealed by a
 * peer that has shaken hands honestly, afterwards. The first byte says which. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/channel.h"
#include "tests/support/seeded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_BEFORE_OFFER = 3 };

static struct channel client;
static struct channel server;
static uint8_t wire[CHANNEL_FLUSH_BYTES_MAX];

/* Reads until the channel wants more, has failed, or asks for a decision. */
static void feed(struct channel *channel, struct bytes bytes)
{
    enum channel_event event = CHANNEL_MESSAGE;
    struct message message;

    while (event != CHANNEL_WANTS_BYTES && event != CHANNEL_OFFER) {
        if (channel_read(channel, &bytes, &event, &message) != STATUS_OK) {
            if (channel->state != CHANNEL_FAILED && channel->state != CHANNEL_REFUSED) {
                abort();
            }
            return;
        }
    }
    if (event == CHANNEL_WANTS_BYTES && bytes.count != 0) {
        abort();
    }
}

static void carry(struct channel *from, struct channel *to)
{
    size_t count = 0;

    if (channel_flush(from, wire, &count) == STATUS_OK) {
        feed(to, (struct bytes){.data = wire, .count = count});
    }
}

static void begin(struct seeded *seeded)
{
    struct entropy entropy = seeded_entropy(seeded);
    struct noise_keypair keys[2];
    uint8_t secret_key[NOISE_KEY_BYTES];

    for (size_t i = 0; i < 2; i++) {
        entropy_fill(&entropy, secret_key, sizeof secret_key);
        noise_keypair_from(secret_key, &keys[i]);
    }
    channel_init_server(&server, &keys[1], entropy);
    if (channel_init_client(&client, &keys[0], keys[1].public_key, "kring", entropy) !=
        STATUS_OK) {
        abort();
    }
}

/* rounds: how many handshake messages pass before the fuzzer speaks; all and more: ready. */
static void shake(size_t rounds)
{
    for (size_t i = 0; i < rounds && i < ROUNDS_BEFORE_OFFER; i++) {
        carry(i % 2 == 0 ? &client : &server, i % 2 == 0 ? &server : &client);
    }
    if (rounds > ROUNDS_BEFORE_OFFER) {
        if (channel_accept(&server, "kringd", 1) != STATUS_OK) {
            abort();
        }
        carry(&server, &client);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seeded seeded = {.state = 5};
    struct bytes bytes;
    struct channel *from;
    struct channel *to;

    if (size < 1) {
        return 0;
    }
    bytes = (struct bytes){.data = data + 1, .count = size - 1};
    from = (data[0] & 0x80) == 0 ? &client : &server;
    to = from == &client ? &server : &client;
    begin(&seeded);
    shake(data[0] & 7);
    if ((data[0] & 0x40) != 0 && from->state == CHANNEL_READY) {
        if (channel_send(from, bytes) == STATUS_OK) {
            carry(from, to);
        }
    } else {
        feed(to, bytes);
    }
    channel_finish(&client);
    channel_finish(&server);
    return 0;
}

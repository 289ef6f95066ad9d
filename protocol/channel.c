#include "protocol/channel.h"

#include <assert.h>
#include <string.h>

#include "protocol/methods.h"
#include "protocol/reader.h"

const uint8_t channel_busy[FRAME_HEADER_BYTES] = {0, 0};

static struct bytes prologue(void)
{
    return message_text(CHANNEL_PROLOGUE, sizeof CHANNEL_PROLOGUE);
}

static bool is_local(const struct channel *channel)
{
    return channel->side == CHANNEL_LOCAL_CLIENT || channel->side == CHANNEL_LOCAL_SERVER;
}

/* Everything but the large buffers, which are to stay untouched. */
static void init(struct channel *channel, enum channel_side side, enum channel_state state)
{
    channel->side = side;
    channel->state = state;
    channel->noise = (struct noise){.state = NOISE_FAILED};
    channel->version = 0;
    channel->version_min = 0;
    channel->version_max = 0;
    channel->peer_name_count = 0;
    channel->failure = STATUS_OK;
    channel->refusal = (struct bytes){.data = NULL, .count = 0};
    channel->unread = (struct bytes){.data = NULL, .count = 0};
    channel->offer_count = 0;
    channel->greeting_count = 0;
    channel->queued_count = 0;
    frame_init(&channel->frame, NOISE_MESSAGE_1_BYTES);
}

/* Ends the channel and says why. Before message 2 verified, whatever goes wrong at a client
 * means that this is not the server that was asked for. */
static enum status fail(struct channel *channel, enum status status)
{
    if (channel->side == CHANNEL_CLIENT && channel->state == CHANNEL_HANDSHAKE &&
        status != STATUS_BUSY) {
        status = STATUS_CRYPTO;
    }
    if (channel->state != CHANNEL_REFUSED) {
        channel->state = CHANNEL_FAILED;
    }
    channel->failure = status;
    noise_finish(&channel->noise);
    return status;
}

enum status channel_init_client(struct channel *channel, const struct noise_keypair *own,
                                const uint8_t server_key[NOISE_KEY_BYTES], const char *name,
                                struct entropy entropy)
{
    struct message_offer offer = {
        .version_min = CHANNEL_VERSION_MIN,
        .version_max = CHANNEL_VERSION_MAX,
        .name = message_text(name, MESSAGE_NAME_BYTES_MAX),
    };
    struct writer writer;
    enum status status;

    init(channel, CHANNEL_CLIENT, CHANNEL_HANDSHAKE);
    writer_init(&writer, channel->offer, sizeof channel->offer);
    message_offer_encode(&writer, &offer);
    assert(writer_status(&writer) == STATUS_OK); /* our own name, cut to fit */
    channel->offer_count = writer_bytes(&writer).count;

    noise_init_initiator(&channel->noise, prologue(), own, server_key, entropy);
    status = noise_write(&channel->noise, (struct bytes){.data = NULL, .count = 0},
                         channel->greeting, sizeof channel->greeting, &channel->greeting_count);
    if (status != STATUS_OK) {
        (void)fail(channel, status);
    }
    return status;
}

void channel_init_server(struct channel *channel, const struct noise_keypair *own,
                         struct entropy entropy)
{
    init(channel, CHANNEL_SERVER, CHANNEL_HANDSHAKE);
    noise_init_responder(&channel->noise, prologue(), own, entropy);
}

void channel_init_local(struct channel *channel, enum channel_side side)
{
    assert(side == CHANNEL_LOCAL_CLIENT || side == CHANNEL_LOCAL_SERVER);
    init(channel, side, CHANNEL_READY);
    frame_set_max(&channel->frame, FRAME_PAYLOAD_BYTES_MAX);
}

void channel_finish(struct channel *channel)
{
    noise_finish(&channel->noise);
    channel->state = CHANNEL_FAILED;
    channel->failure = STATUS_CANCELLED;
}

/* Reads the handshake message in the frame. payload: room for all of it. */
static enum status read_greeting(struct channel *channel, size_t count, uint8_t *payload,
                                 size_t *payload_count_out)
{
    struct bytes message = {.data = channel->frame.payload, .count = count};

    return noise_read(&channel->noise, message, payload, payload_count_out);
}

static enum status write_greeting(struct channel *channel, struct bytes payload)
{
    return noise_write(&channel->noise, payload, channel->greeting, sizeof channel->greeting,
                       &channel->greeting_count);
}

static void keep_peer_name(struct channel *channel, struct bytes name)
{
    if (name.count > 0) {
        memcpy(channel->peer_name, name.data, name.count);
    }
    channel->peer_name_count = name.count;
}

/* Server: message 1 in, message 2 out. Neither has a payload: the frame's maximum of the moment
 * leaves no room for one. */
static enum status answer_message_1(struct channel *channel, size_t count)
{
    uint8_t payload[NOISE_MESSAGE_1_BYTES];
    size_t payload_count;
    enum status status = read_greeting(channel, count, payload, &payload_count);

    if (status == STATUS_OK) {
        status = write_greeting(channel, (struct bytes){.data = NULL, .count = 0});
    }
    frame_set_max(&channel->frame, CHANNEL_GREETING_BYTES_MAX);
    return status;
}

/* Client: message 2 in, message 3 out. */
static enum status answer_message_2(struct channel *channel, size_t count)
{
    struct bytes offer = {.data = channel->offer, .count = channel->offer_count};
    uint8_t payload[NOISE_MESSAGE_2_BYTES];
    size_t payload_count;
    enum status status = read_greeting(channel, count, payload, &payload_count);

    if (status == STATUS_OK) {
        status = write_greeting(channel, offer);
    }
    if (status == STATUS_OK) {
        channel->state = CHANNEL_GREETING;
        frame_set_max(&channel->frame, FRAME_PAYLOAD_BYTES_MAX);
    }
    return status;
}

/* Server: message 3 in, with what the client offers. */
static enum status take_message_3(struct channel *channel, size_t count)
{
    uint8_t payload[CHANNEL_GREETING_BYTES_MAX];
    size_t payload_count;
    struct message_offer offer;
    enum status status = read_greeting(channel, count, payload, &payload_count);

    if (status == STATUS_OK) {
        status = message_offer_decode((struct bytes){.data = payload, .count = payload_count},
                                      &offer);
    }
    if (status == STATUS_OK && offer.version_min > offer.version_max) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        channel->version_min = offer.version_min;
        channel->version_max = offer.version_max;
        keep_peer_name(channel, offer.name);
        channel->state = CHANNEL_OFFERED;
    }
    return status;
}

/* Opens the frame in place; its messages are unread then. */
static enum status open_frame(struct channel *channel, size_t count)
{
    enum status status = STATUS_OK;

    if (!is_local(channel)) {
        status = noise_open(&channel->noise, channel->frame.payload, count, &count);
    }
    if (status == STATUS_OK && count == 0) {
        status = STATUS_MALFORMED; /* a frame holds at least one message */
    }
    if (status == STATUS_OK) {
        channel->unread = (struct bytes){.data = channel->frame.payload, .count = count};
    }
    return status;
}

static enum status handle_frame(struct channel *channel, size_t count)
{
    if (channel->state != CHANNEL_HANDSHAKE) {
        return open_frame(channel, count);
    }
    if (channel->side == CHANNEL_CLIENT) {
        return answer_message_2(channel, count);
    }
    return channel->noise.state == NOISE_READ_1 ? answer_message_1(channel, count)
                                                : take_message_3(channel, count);
}

/* Servers are asked, clients are told. */
static bool may_come(const struct channel *channel, enum message_kind kind)
{
    bool asked = channel->side == CHANNEL_SERVER || channel->side == CHANNEL_LOCAL_SERVER;

    return (kind == MESSAGE_REQUEST) == asked;
}

/* Takes the next message off the current frame. */
static enum status next_message(struct channel *channel, struct message *message_out)
{
    struct reader reader = reader_begin(channel->unread);
    struct bytes one = reader_span(&reader);
    struct message message;
    enum status status = reader_status(&reader);

    if (status == STATUS_OK) {
        status = message_decode(one, &message);
    }
    if (status == STATUS_OK && !may_come(channel, message.kind)) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        channel->unread.data += one.count;
        channel->unread.count -= one.count;
        *message_out = message;
    }
    return status;
}

static enum status be_welcomed(struct channel *channel, const struct message *message)
{
    struct message_welcome welcome;
    enum status status = message_welcome_decode(message->body, &welcome);

    if (status != STATUS_OK) {
        return status;
    }
    if (welcome.version < CHANNEL_VERSION_MIN || welcome.version > CHANNEL_VERSION_MAX) {
        return STATUS_VERSION;
    }
    channel->version = welcome.version;
    keep_peer_name(channel, welcome.name);
    channel->state = CHANNEL_READY;
    return STATUS_OK;
}

static enum status be_refused(struct channel *channel, const struct message *message)
{
    struct message_reason reason;
    enum status status = message_reason_decode(message->body, &reason);

    if (status != STATUS_OK || reason.code == 0) {
        return STATUS_MALFORMED;
    }
    channel->refusal = reason.text;
    channel->state = CHANNEL_REFUSED;
    return message_status_of(reason.code);
}

/* Client: the first message of the server says yes, or says why not. */
static enum status be_greeted(struct channel *channel, const struct message *message)
{
    if (message->kind == MESSAGE_NOTIFICATION && message->method == MESSAGE_WELCOME) {
        return be_welcomed(channel, message);
    }
    if (message->kind == MESSAGE_NOTIFICATION && message->method == MESSAGE_REFUSE) {
        return be_refused(channel, message);
    }
    return STATUS_MALFORMED;
}

/* Takes frames in until there is something to give out; STATUS_SHORT when input ran out. */
static enum status take_frames(struct channel *channel, struct bytes *input)
{
    enum status status = STATUS_OK;
    size_t count;

    while (status == STATUS_OK && channel->state != CHANNEL_OFFERED &&
           channel->unread.count == 0) {
        status = frame_take(&channel->frame, input, &count);
        if (status == STATUS_OK) {
            status = handle_frame(channel, count);
        } else if (status == STATUS_MALFORMED && channel->side == CHANNEL_CLIENT &&
                   channel->state == CHANNEL_HANDSHAKE) {
            status = STATUS_BUSY; /* the empty frame of channel_busy */
        }
    }
    return status;
}

enum status channel_read(struct channel *channel, struct bytes *input_inout,
                         enum channel_event *event_out, struct message *message_out)
{
    struct message message;
    bool greeting;
    enum status status;

    if (channel->state == CHANNEL_FAILED || channel->state == CHANNEL_REFUSED) {
        return channel->failure;
    }
    status = take_frames(channel, input_inout);
    if (status == STATUS_SHORT) {
        *event_out = CHANNEL_WANTS_BYTES;
        return STATUS_OK;
    }
    if (status == STATUS_OK && channel->state == CHANNEL_OFFERED) {
        *event_out = CHANNEL_OFFER;
        return STATUS_OK;
    }
    greeting = channel->state == CHANNEL_GREETING;
    if (status == STATUS_OK) {
        status = next_message(channel, &message);
    }
    if (status == STATUS_OK && greeting) {
        status = be_greeted(channel, &message);
    }
    if (status != STATUS_OK) {
        return fail(channel, status);
    }
    *event_out = greeting ? CHANNEL_WELCOMED : CHANNEL_MESSAGE;
    *message_out = message;
    return STATUS_OK;
}

enum status channel_end(const struct channel *channel)
{
    switch (channel->state) {
    case CHANNEL_HANDSHAKE:
        return channel->side == CHANNEL_CLIENT ? STATUS_CRYPTO : STATUS_UNREACHABLE;
    case CHANNEL_GREETING:
    case CHANNEL_OFFERED:
        return STATUS_UNREACHABLE;
    case CHANNEL_READY:
        return frame_is_empty(&channel->frame) ? STATUS_OK : STATUS_SHORT;
    case CHANNEL_FAILED:
    case CHANNEL_REFUSED:
        return channel->failure;
    }
    return STATUS_UNREACHABLE;
}

const uint8_t *channel_peer_key(const struct channel *channel)
{
    return channel->noise.rs;
}

struct bytes channel_peer_name(const struct channel *channel)
{
    return (struct bytes){.data = channel->peer_name, .count = channel->peer_name_count};
}

/* The writer over what is free of the queue, and taking what it wrote into it. */
static struct writer queue_writer(struct channel *channel)
{
    struct writer writer;

    writer_init(&writer, channel->queued + channel->queued_count,
                sizeof channel->queued - channel->queued_count);
    return writer;
}

static void queue_written(struct channel *channel, const struct writer *writer)
{
    assert(writer_status(writer) == STATUS_OK); /* the greeting of a server is far from full */
    channel->queued_count += writer_bytes(writer).count;
}

enum status channel_accept(struct channel *channel, const char *name, uint64_t time_ms)
{
    struct message_welcome welcome = {
        .version = channel->version_max < CHANNEL_VERSION_MAX ? channel->version_max
                                                              : CHANNEL_VERSION_MAX,
        .name = message_text(name, MESSAGE_NAME_BYTES_MAX),
        .time_ms = time_ms,
    };
    struct writer writer = queue_writer(channel);

    assert(channel->state == CHANNEL_OFFERED);
    if (welcome.version < channel->version_min || welcome.version < CHANNEL_VERSION_MIN) {
        channel_refuse(channel, STATUS_VERSION, name);
        return STATUS_VERSION;
    }
    message_begin_notification(&writer, MESSAGE_WELCOME);
    message_welcome_encode(&writer, &welcome);
    queue_written(channel, &writer);
    channel->version = welcome.version;
    channel->state = CHANNEL_READY;
    frame_set_max(&channel->frame, FRAME_PAYLOAD_BYTES_MAX);
    return STATUS_OK;
}

void channel_refuse(struct channel *channel, enum status reason, const char *text)
{
    struct message_reason refusal = {
        .code = message_code_of(reason),
        .text = message_text(text, MESSAGE_TEXT_BYTES_MAX),
    };
    struct writer writer = queue_writer(channel);

    assert(channel->state == CHANNEL_OFFERED);
    message_begin_notification(&writer, MESSAGE_REFUSE);
    message_reason_encode(&writer, &refusal);
    queue_written(channel, &writer);
    channel->state = CHANNEL_REFUSED;
    channel->failure = reason;
}

struct bytes channel_refusal(const struct channel *channel)
{
    return channel->refusal;
}

size_t channel_room(const struct channel *channel)
{
    return sizeof channel->queued - channel->queued_count;
}

enum status channel_send(struct channel *channel, struct bytes message)
{
    if (channel->state != CHANNEL_READY) {
        return STATUS_BAD_STATE;
    }
    if (message.count == 0 || message.count > sizeof channel->queued) {
        return STATUS_TOO_LONG;
    }
    if (message.count > channel_room(channel)) {
        return STATUS_FULL;
    }
    memcpy(channel->queued + channel->queued_count, message.data, message.count);
    channel->queued_count += message.count;
    return STATUS_OK;
}

bool channel_has_output(const struct channel *channel)
{
    return channel->state != CHANNEL_FAILED &&
           (channel->greeting_count > 0 || channel->queued_count > 0);
}

enum status channel_flush(struct channel *channel, uint8_t out[CHANNEL_FLUSH_BYTES_MAX],
                          size_t *count_out)
{
    uint8_t *payload = out + FRAME_HEADER_BYTES;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (channel->state == CHANNEL_FAILED) {
        return STATUS_BAD_STATE;
    }
    /* Never both: who still has a handshake message to send is not READY. */
    if (channel->greeting_count > 0) {
        count = channel->greeting_count;
        memcpy(payload, channel->greeting, count);
        channel->greeting_count = 0;
    } else if (channel->queued_count > 0) {
        count = channel->queued_count;
        memcpy(payload, channel->queued, count);
        channel->queued_count = 0;
        if (!is_local(channel)) {
            status = noise_seal(&channel->noise, payload, count);
            count += NOISE_TAG_BYTES;
        }
    }
    if (status != STATUS_OK) {
        return fail(channel, status);
    }
    if (count > 0) {
        frame_put_header(out, count);
        count += FRAME_HEADER_BYTES;
    }
    *count_out = count;
    return STATUS_OK;
}

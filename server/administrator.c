#include "server/administrator.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "common/secret.h"
#include "protocol/channel.h"
#include "server/control.h"
#include "server/data_dir.h"
#include "server/key.h"
#include "server/reach.h"
#include "server/text.h"

enum { RETRY_MS = 50 };

struct administrator {
    /* to a server */
    int fd; /* -1: none */
    struct channel channel;
    uint8_t buffer[CHANNEL_FLUSH_BYTES_MAX];
    uint32_t id;

    /* without one */
    struct data_dir dir;
    struct noise_keypair key;
    uv_loop_t loop;
    struct store *store;
    struct control control;
    struct logger logger;
    char host[CONFIG_HOST_BYTES_MAX + 1];

    uint8_t answer[CHANNEL_MESSAGE_BYTES_MAX];
    size_t answer_count; /* 0: none yet */
};

static void say(char why[ADMINISTRATOR_WHY_BYTES_MAX], const char *text)
{
    (void)snprintf(why, ADMINISTRATOR_WHY_BYTES_MAX, "%s", text);
}

/* ---- to a server ---- */

/* A server's socket that answers; -1 if there is none. */
static int connect_to(const char *directory)
{
    struct timeval patience = {.tv_sec = ADMINISTRATOR_ANSWER_S_MAX};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int directory_fd = -1;
    int fd;

    if (data_dir_socket(directory, CONTROL_SOCKET, address.sun_path, &directory_fd) !=
        STATUS_OK) {
        return -1;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        fd = -1;
    }
    if (directory_fd >= 0) {
        (void)close(directory_fd);
    }
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    return fd;
}

static enum status send_all(int fd, const uint8_t *data, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(fd, data, count, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return errno == EAGAIN ? STATUS_TIMEOUT : STATUS_UNREACHABLE;
        }
        data += sent;
        count -= (size_t)sent;
    }
    return STATUS_OK;
}

static enum status receive(struct administrator *administrator, struct message *message_out)
{
    enum channel_event event = CHANNEL_WANTS_BYTES;

    while (event != CHANNEL_MESSAGE) {
        ssize_t count =
            recv(administrator->fd, administrator->buffer, sizeof administrator->buffer, 0);
        struct bytes input = {.data = administrator->buffer, .count = (size_t)count};
        enum status status;

        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return count < 0 && errno == EAGAIN ? STATUS_TIMEOUT : STATUS_UNREACHABLE;
        }
        status = channel_read(&administrator->channel, &input, &event, message_out);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status ask_server(struct administrator *administrator, struct bytes request,
                              struct message *message_out)
{
    size_t count = 0;
    enum status status = channel_send(&administrator->channel, request);

    if (status == STATUS_OK) {
        status = channel_flush(&administrator->channel, administrator->buffer, &count);
    }
    if (status == STATUS_OK) {
        status = send_all(administrator->fd, administrator->buffer, count);
    }
    return status == STATUS_OK ? receive(administrator, message_out) : status;
}

/* ---- without one ---- */

static void take_answer(void *context, uint32_t peer, struct bytes message)
{
    struct administrator *administrator = context;

    (void)peer;
    assert(message.count <= sizeof administrator->answer);
    memcpy(administrator->answer, message.data, message.count);
    administrator->answer_count = message.count;
}

static enum status ask_store(struct administrator *administrator, struct bytes request,
                             struct message *message_out)
{
    struct message message;
    enum status status = message_decode(request, &message);

    if (status != STATUS_OK) {
        return status;
    }
    administrator->answer_count = 0;
    control_handle(&administrator->control, 0, &message);
    while (administrator->answer_count == 0) {
        (void)uv_run(&administrator->loop, UV_RUN_ONCE);
    }
    return message_decode(
        (struct bytes){.data = administrator->answer, .count = administrator->answer_count},
        message_out);
}

static void begin_control(struct administrator *administrator, const struct config *config)
{
    struct control_options options = {.store = administrator->store,
                                      .server_key = administrator->key.public_key,
                                      .host = administrator->host,
                                      .host_from = CONTROL_HOST_GIVEN,
                                      .entropy = entropy_system(),
                                      .logger = &administrator->logger,
                                      .answer = take_answer,
                                      .context = administrator};

    if (config->host[0] != '\0') {
        (void)text_copy(administrator->host, sizeof administrator->host, config->host);
    } else {
        options.host_from =
            reach_choose_here(config->listens, config->listen_count, administrator->host);
    }
    administrator->logger.fd = -1; /* a command is no event of a server */
    control_init(&administrator->control, &options);
}

static enum status open_store(struct administrator *administrator, const struct config *config,
                              char why[ADMINISTRATOR_WHY_BYTES_MAX])
{
    struct store_options options = {.directory = config->data,
                                    .free_bytes_min = config->min_free_bytes};
    struct entropy entropy = entropy_system();
    const char *reason = "out of memory";
    enum status status = server_key_load(config->data, &entropy, &administrator->key, &reason);

    if (status == STATUS_OK) {
        status = store_open(&administrator->loop, &options, &administrator->store, &reason);
    }
    if (status == STATUS_OK) {
        begin_control(administrator, config);
    } else {
        say(why, reason);
    }
    return status;
}

static void wait_a_little(void)
{
    struct timespec span = {.tv_nsec = RETRY_MS * 1000000L};

    (void)nanosleep(&span, NULL);
}

/* Who holds the lock without answering yet is starting or stopping: try again for a while. */
static enum status find(struct administrator *administrator, const char *directory, bool makes,
                        char why[ADMINISTRATOR_WHY_BYTES_MAX])
{
    enum status status = STATUS_BUSY;
    struct stat about;

    for (int ms = 0; ms < ADMINISTRATOR_START_MS_MAX && status == STATUS_BUSY; ms += RETRY_MS) {
        administrator->fd = connect_to(directory);
        if (administrator->fd >= 0) {
            return STATUS_OK;
        }
        if (!makes && stat(directory, &about) != 0 && errno == ENOENT) {
            (void)snprintf(why, ADMINISTRATOR_WHY_BYTES_MAX, "%.300s: no such directory",
                           directory);
            return STATUS_NOT_FOUND;
        }
        status = data_dir_open(directory, &administrator->dir);
        if (status == STATUS_BUSY) {
            wait_a_little();
        }
    }
    if (status == STATUS_BUSY) {
        (void)snprintf(why, ADMINISTRATOR_WHY_BYTES_MAX,
                       "%.300s: kringd with process id %ld has it, and does not answer",
                       directory, (long)administrator->dir.holder);
    } else if (status != STATUS_OK) {
        (void)snprintf(why, ADMINISTRATOR_WHY_BYTES_MAX, "%.300s: %s", directory,
                       errno != 0 ? strerror(errno) : status_name(status));
    }
    return status;
}

/* ---- both ---- */

enum status administrator_open(const struct config *config, bool makes,
                               struct administrator **administrator_out,
                               char why_out[ADMINISTRATOR_WHY_BYTES_MAX])
{
    struct administrator *administrator = calloc(1, sizeof *administrator);
    enum status status;

    say(why_out, "out of memory");
    if (administrator == NULL) {
        return STATUS_NOMEM;
    }
    administrator->fd = -1;
    administrator->dir.lock_fd = -1;
    if (uv_loop_init(&administrator->loop) != 0) {
        free(administrator);
        return STATUS_NOMEM;
    }
    channel_init_local(&administrator->channel, CHANNEL_LOCAL_CLIENT);
    status = find(administrator, config->data, makes, why_out);
    if (status == STATUS_OK && administrator->fd < 0) {
        status = open_store(administrator, config, why_out);
    }
    if (status == STATUS_OK) {
        *administrator_out = administrator;
    } else {
        administrator_close(administrator);
    }
    return status;
}

void administrator_close(struct administrator *administrator)
{
    if (administrator == NULL) {
        return;
    }
    if (administrator->store != NULL) {
        store_stop(administrator->store, NULL, NULL);
    }
    (void)uv_run(&administrator->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&administrator->loop);
    if (administrator->fd >= 0) {
        (void)close(administrator->fd);
    }
    data_dir_close(&administrator->dir);
    channel_finish(&administrator->channel);
    secret_wipe(administrator, sizeof *administrator);
    free(administrator);
}

bool administrator_has_server(const struct administrator *administrator)
{
    return administrator->fd >= 0;
}

enum status administrator_ask(struct administrator *administrator, enum message_method method,
                              void (*encode)(struct writer *writer, const void *params),
                              const void *params, struct bytes *result_out,
                              char why_out[ADMINISTRATOR_WHY_BYTES_MAX])
{
    struct message message = {.error = STATUS_OK};
    struct writer writer;
    enum status status;

    writer_init_growing(&writer, CHANNEL_MESSAGE_BYTES_MAX);
    message_begin_request(&writer, ++administrator->id, method);
    encode(&writer, params);
    status = writer_status(&writer);
    if (status == STATUS_OK) {
        status = administrator_has_server(administrator)
                     ? ask_server(administrator, writer_bytes(&writer), &message)
                     : ask_store(administrator, writer_bytes(&writer), &message);
    }
    writer_finish(&writer);
    if (status == STATUS_OK && message.error != STATUS_OK) {
        (void)snprintf(why_out, ADMINISTRATOR_WHY_BYTES_MAX, "%.*s", (int)message.text.count,
                       (const char *)message.text.data);
        return message.error;
    }
    if (status == STATUS_OK) {
        *result_out = message.body;
    } else {
        say(why_out, status_name(status));
    }
    return status;
}

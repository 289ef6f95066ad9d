/* kringd serve: runs the server until it is told to stop. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include "common/secret.h"
#include "server/command.h"
#include "server/config.h"
#include "server/data_dir.h"
#include "server/key.h"
#include "server/notify.h"
#include "server/peers.h"
#include "server/server.h"

enum {
    FILES_SPARE = 64,
    ARENAS_MAX = 1, /* two threads share one: the server is to stay small */
};

static const int stop_signals[] = {SIGTERM, SIGINT, SIGHUP};
enum { STOP_SIGNALS = sizeof stop_signals / sizeof *stop_signals };

struct serving {
    uv_loop_t loop;
    uv_signal_t signals[STOP_SIGNALS];
    uv_timer_t watchdog;
    struct server *server;
    const char *notify; /* NOTIFY_SOCKET, or NULL */
    enum status status;
    char why[SERVER_WHY_BYTES_MAX];
};

static void on_watchdog(uv_timer_t *timer)
{
    struct serving *serving = timer->data;

    notify_send(serving->notify, "WATCHDOG=1");
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct serving *serving = handle->data;

    (void)number;
    notify_send(serving->notify, "STOPPING=1");
    server_stop(serving->server);
}

static void on_ready(void *context, struct server *server)
{
    struct serving *serving = context;
    uint64_t watchdog_ms = notify_watchdog_ms(getenv("WATCHDOG_USEC"));

    for (size_t i = 0; i < server_listen_count(server); i++) {
        union config_address address;
        char text[CONFIG_ADDRESS_BYTES_MAX];

        server_address(server, i, &address);
        options_print_address(&address, text);
        printf("listening on %s\n", text);
    }
    (void)fflush(stdout);
    notify_send(serving->notify, "READY=1");
    if (watchdog_ms > 0) {
        (void)uv_timer_start(&serving->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
    }
}

static void close_handles(struct serving *serving)
{
    for (size_t i = 0; i < STOP_SIGNALS; i++) {
        uv_close((uv_handle_t *)&serving->signals[i], NULL);
    }
    uv_close((uv_handle_t *)&serving->watchdog, NULL);
}

static void on_ended(void *context, enum status status, const char *why)
{
    struct serving *serving = context;

    serving->server = NULL;
    serving->status = status;
    (void)snprintf(serving->why, sizeof serving->why, "%s", why);
    close_handles(serving);
}

static void begin_handles(struct serving *serving)
{
    for (size_t i = 0; i < STOP_SIGNALS; i++) {
        (void)uv_signal_init(&serving->loop, &serving->signals[i]);
        serving->signals[i].data = serving;
        (void)uv_signal_start(&serving->signals[i], on_signal, stop_signals[i]);
    }
    (void)uv_timer_init(&serving->loop, &serving->watchdog);
    serving->watchdog.data = serving;
}

/* As many sockets as connections may be open, where the system lets us. How many it lets us,
 * less what everything else needs: so the store is never without, nor does an accept fail. */
static uint32_t allow_files(void)
{
    struct rlimit limit;
    rlim_t wanted = PEERS_MAX + FILES_SPARE;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) {
        return PEERS_MAX;
    }
    return (uint32_t)(limit.rlim_cur > 2 * FILES_SPARE ? limit.rlim_cur - FILES_SPARE
                                                       : limit.rlim_cur / 2);
}

static enum status run(struct serving *serving, const struct config *config,
                       const struct noise_keypair *key)
{
    struct server_options options = {
        .directory = config->data,
        .listens = config->listens,
        .listen_count = config->listen_count,
        .host = config->host,
        .min_free_bytes = config->min_free_bytes,
        .connections_max = allow_files(),
        .key = *key,
        .entropy = entropy_system(),
        .logger = {.fd = STDERR_FILENO, .addresses = config->log_addresses},
        .context = serving,
        .ready = on_ready,
        .ended = on_ended};
    enum status status;

    if (uv_loop_init(&serving->loop) != 0) {
        return STATUS_NOMEM;
    }
    begin_handles(serving);
    status = server_start(&serving->loop, &options, &serving->server, serving->why);
    secret_wipe(&options.key, sizeof options.key);
    if (status != STATUS_OK) {
        serving->status = status;
        close_handles(serving);
    }
    (void)uv_run(&serving->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&serving->loop);
    return serving->status;
}

static int cannot_have(const struct config *config, enum status status,
                       const struct data_dir *dir)
{
    char why[128];

    if (status != STATUS_BUSY) {
        return command_fail(status, config->data, errno != 0 ? strerror(errno) : NULL);
    }
    (void)snprintf(why, sizeof why,
                   "another kringd, with process id %ld, serves from this directory",
                   (long)dir->holder);
    return command_fail(status, config->data, why);
}

int command_serve(const struct config *config)
{
    struct serving serving = {.notify = getenv("NOTIFY_SOCKET"), .status = STATUS_OK};
    struct entropy entropy = entropy_system();
    struct noise_keypair key;
    struct data_dir dir;
    const char *why = NULL;
    enum status status;

    if (config->print_config) {
        config_print(config, stdout);
        return command_exit_code(STATUS_OK);
    }
    (void)mallopt(M_ARENA_MAX, ARENAS_MAX);
    (void)signal(SIGPIPE, SIG_IGN);
    status = data_dir_open(config->data, &dir);
    if (status != STATUS_OK) {
        return cannot_have(config, status, &dir);
    }
    status = server_key_load(dir.path, &entropy, &key, &why);
    if (status != STATUS_OK) {
        data_dir_close(&dir);
        return command_fail(status, config->data, why);
    }
    status = run(&serving, config, &key);
    secret_wipe(&key, sizeof key);
    data_dir_close(&dir);
    return status == STATUS_OK ? command_exit_code(status)
                               : command_fail(status, config->data, serving.why);
}

/* kringd status. */
#include <inttypes.h>
#include <stdio.h>

#include "protocol/control.h"
#include "protocol/methods.h"
#include "server/administrator.h"
#include "server/command.h"

static void encode_nothing(struct writer *writer, const void *params)
{
    (void)params;
    message_encode_nothing(writer);
}

static void print_text(const struct control_status *status, bool running)
{
    char since[COMMAND_TIME_BYTES];
    uint64_t minutes = (status->now_ms - status->started_ms) / 60000;

    printf("%.*s, ", (int)status->version.count, (const char *)status->version.data);
    if (running) {
        command_print_time(status->started_ms, since);
        printf("running since %s UTC (%" PRIu64 " h %" PRIu64 " min)\n", since, minutes / 60,
               minutes % 60);
        printf("connections  %" PRIu64 ", and %" PRIu64 " in a handshake\n",
               status->connections, status->handshaking);
    } else {
        printf("not running\n");
    }
    printf("sessions     %" PRIu64 "\n", status->sessions);
    if (running) {
        printf("entries      %" PRIu64 " since it started\n", status->entries);
    }
    printf("store        %" PRIu64 " KiB\n", (status->store_bytes + 1023) / 1024);
    if (running) {
        printf("commits      %" PRIu64 "; of the last, half took under %.1f ms, 99 of 100 under"
               " %.1f ms, the longest %.1f ms\n",
               status->commits, (double)status->commit_us_median / 1000,
               (double)status->commit_us_99 / 1000, (double)status->commit_us_max / 1000);
    }
}

/* Numbers, and a version of ours that needs no escapes. */
static void print_json(const struct control_status *status, bool running)
{
    printf("{\"version\":\"%.*s\",\"running\":%s,\"started_ms\":%" PRIu64 ",\"now_ms\":%" PRIu64
           ",\"connections\":%" PRIu64 ",\"handshaking\":%" PRIu64,
           (int)status->version.count, (const char *)status->version.data,
           running ? "true" : "false", status->started_ms, status->now_ms, status->connections,
           status->handshaking);
    printf(",\"sessions\":%" PRIu64 ",\"entries\":%" PRIu64 ",\"store_bytes\":%" PRIu64
           ",\"commits\":%" PRIu64 ",\"commit_us_median\":%" PRIu64 ",\"commit_us_99\":%" PRIu64
           ",\"commit_us_max\":%" PRIu64 "}\n",
           status->sessions, status->entries, status->store_bytes, status->commits,
           status->commit_us_median, status->commit_us_99, status->commit_us_max);
}

int command_status(const struct config *config)
{
    struct administrator *administrator = NULL;
    char why[ADMINISTRATOR_WHY_BYTES_MAX];
    struct control_status result;
    struct bytes bytes;
    enum status status = administrator_open(config, false, &administrator, why);

    if (status == STATUS_OK) {
        status =
            administrator_ask(administrator, MESSAGE_STATUS, encode_nothing, NULL, &bytes, why);
    }
    if (status == STATUS_OK) {
        status = control_status_decode(bytes, &result);
        (void)snprintf(why, sizeof why, "%s", status_name(status));
    }
    if (status == STATUS_OK && config->json) {
        print_json(&result, administrator_has_server(administrator));
    } else if (status == STATUS_OK) {
        print_text(&result, administrator_has_server(administrator));
    }
    administrator_close(administrator);
    return status == STATUS_OK ? command_exit_code(status)
                               : command_fail(status, "status", why);
}

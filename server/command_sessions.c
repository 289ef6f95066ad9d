/* kringd sessions and purge. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/control.h"
#include "server/administrator.h"
#include "server/command.h"
#include "server/logger.h"
#include "server/text.h"

enum { HEX_DIGITS_MIN = 8, HEX_DIGITS_MAX = HASH_BYTES * 2 };

static void encode_after(struct writer *writer, const void *params)
{
    control_after_encode(writer, params);
}

static void encode_session(struct writer *writer, const void *params)
{
    control_session_encode(writer, params);
}

static void print_hex(const uint8_t *id, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(out + i * 2, 3, "%02x", id[i]);
    }
}

/* Every session, one call of `each` for it, until there are no more or it says false. */
static enum status walk(struct administrator *administrator,
                        bool (*each)(void *context, const struct control_session_row *row),
                        void *context, char why[ADMINISTRATOR_WHY_BYTES_MAX])
{
    struct control_sessions *sessions = calloc(1, sizeof *sessions);
    uint8_t last[HASH_BYTES];
    struct control_after params = {.session = {.data = NULL, .count = 0}};
    enum status status = sessions == NULL ? STATUS_NOMEM : STATUS_OK;
    bool more = true;

    while (status == STATUS_OK && more) {
        struct bytes result;

        status = administrator_ask(administrator, MESSAGE_SESSIONS, encode_after, &params,
                                   &result, why);
        if (status == STATUS_OK) {
            status = control_sessions_decode(result, sessions);
        }
        if (status != STATUS_OK) {
            break;
        }
        more = sessions->count == CONTROL_PAGE_MAX;
        for (uint32_t i = 0; i < sessions->count; i++) {
            more = each(context, &sessions->items[i]) && more;
        }
        if (more) {
            memcpy(last, sessions->items[sessions->count - 1].session, HASH_BYTES);
            params.session = (struct bytes){.data = last, .count = HASH_BYTES};
        }
    }
    free(sessions);
    return status;
}

static bool print_row(void *context, const struct control_session_row *row)
{
    char id[LOGGER_SESSION_BYTES * 2 + 1];
    char created[COMMAND_TIME_BYTES];
    char until[COMMAND_TIME_BYTES];

    (void)context;
    print_hex(row->session, LOGGER_SESSION_BYTES, id);
    command_print_time(row->created_ms, created);
    command_print_time(row->keep_until_ms, until);
    printf("%s  %-17s %-17s %4" PRIu32 " %7" PRIu64 " %7" PRIu64 "%s\n", id, created, until,
           row->connections, row->entries, (row->bytes + 1023) / 1024,
           row->purged ? "  purged" : "");
    return true;
}

int command_sessions(const struct config *config)
{
    struct administrator *administrator = NULL;
    char why[ADMINISTRATOR_WHY_BYTES_MAX];
    enum status status = administrator_open(config, false, &administrator, why);

    if (status == STATUS_OK) {
        printf("%-16s  %-17s %-17s %4s %7s %7s\n", "session", "made (UTC)", "kept until",
               "here", "entries", "KiB");
        status = walk(administrator, print_row, NULL, why);
    }
    administrator_close(administrator);
    return status == STATUS_OK ? command_exit_code(status)
                               : command_fail(status, "sessions", why);
}

/* The session whose id begins like this, if it is one only. */
struct search {
    const char *digits;
    size_t found;
    struct control_session session;
};

static bool compare(void *context, const struct control_session_row *row)
{
    struct search *search = context;
    char id[HEX_DIGITS_MAX + 1];

    print_hex(row->session, HASH_BYTES, id);
    if (strncmp(id, search->digits, strlen(search->digits)) == 0) {
        search->found++;
        memcpy(search->session.session, row->session, HASH_BYTES);
    }
    return true;
}

static enum status find(struct administrator *administrator, struct search *search,
                        char why[ADMINISTRATOR_WHY_BYTES_MAX])
{
    size_t count = strlen(search->digits);
    enum status status;

    if (count < HEX_DIGITS_MIN || count > HEX_DIGITS_MAX ||
        strspn(search->digits, "0123456789abcdef") != count) {
        (void)text_copy(
            why, ADMINISTRATOR_WHY_BYTES_MAX,
            "is no session: give at least 8 of the digits that `kringd sessions` shows");
        return STATUS_USAGE;
    }
    status = walk(administrator, compare, search, why);
    if (status == STATUS_OK && search->found != 1) {
        (void)text_copy(why, ADMINISTRATOR_WHY_BYTES_MAX,
                        search->found == 0
                            ? "there is no such session"
                            : "several sessions begin like this: give more digits");
        status = search->found == 0 ? STATUS_NOT_FOUND : STATUS_USAGE;
    }
    return status;
}

int command_purge(const struct config *config)
{
    struct administrator *administrator = NULL;
    char why[ADMINISTRATOR_WHY_BYTES_MAX];
    struct search search = {.digits = config->argument};
    struct bytes result;
    enum status status = administrator_open(config, false, &administrator, why);

    if (status == STATUS_OK) {
        status = find(administrator, &search, why);
    }
    if (status == STATUS_OK) {
        status = administrator_ask(administrator, MESSAGE_PURGE, encode_session,
                                   &search.session, &result, why);
    }
    administrator_close(administrator);
    if (status != STATUS_OK) {
        return command_fail(status, config->argument, why);
    }
    printf("%s: purged; devices of its members keep what they have\n", config->argument);
    return command_exit_code(status);
}

/* kringd ticket, tickets and revoke. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/entropy.h"
#include "common/machine/clock.h"
#include "protocol/control.h"
#include "protocol/link.h"
#include "server/administrator.h"
#include "server/command.h"
#include "server/text.h"

static void encode_ticket(struct writer *writer, const void *params)
{
    control_ticket_encode(writer, params);
}

static void encode_label(struct writer *writer, const void *params)
{
    control_label_encode(writer, params);
}

/* Without a label a ticket is called by its day, and a number so that there can be more. */
static void choose_label(const struct config *config, char out[TICKET_LABEL_BYTES_MAX + 1])
{
    struct entropy entropy = entropy_system();
    char day[COMMAND_TIME_BYTES];
    uint16_t number = 0;

    if (config->label[0] != '\0') {
        (void)text_copy(out, TICKET_LABEL_BYTES_MAX + 1, config->label);
        return;
    }
    command_print_time(clock_now_ms(), day);
    entropy_fill(&entropy, &number, sizeof number);
    (void)snprintf(out, TICKET_LABEL_BYTES_MAX + 1, "%.10s-%04x", day, (unsigned)number);
}

/* What nobody told the server, and so nobody knows of the ticket: on standard error, for
 * whoever will wonder why nobody comes. */
static void tell_host(const struct control_link *result, const char *label)
{
    enum link_part part = LINK_PART_NONE;
    struct link link;

    if (result->host == CONTROL_HOST_GIVEN || result->host == CONTROL_HOST_ADDRESS ||
        link_parse(result->link, &link, &part) != STATUS_OK) {
        return;
    }
    if (result->host == CONTROL_HOST_LOOPBACK) {
        fprintf(stderr,
                "the ticket names %s, port %u, where the server listens: only this machine"
                " reaches that\n",
                link.host, (unsigned)link.port);
    } else {
        fprintf(stderr,
                "kringd: warning: nobody said how people reach this server; the ticket names"
                " %s, port %u,\nwhich is a guess. If it is wrong, withdraw it with"
                " `kringd revoke '%s'`\nand make another with --host NAME:PORT.\n",
                link.host, (unsigned)link.port, label);
    }
    link_wipe(&link);
}

int command_ticket(const struct config *config)
{
    struct administrator *administrator = NULL;
    char why[ADMINISTRATOR_WHY_BYTES_MAX];
    char label[TICKET_LABEL_BYTES_MAX + 1];
    struct control_ticket params = {.uses = config->uses,
                                    .expires_ms = clock_now_ms() + config->expires_ms};
    struct control_link link;
    struct bytes result;
    enum status status = administrator_open(config, true, &administrator, why);

    if (status == STATUS_OK) {
        choose_label(config, label);
        params.label = message_text(label, TICKET_LABEL_BYTES_MAX);
        params.host = message_text(config->host, CONTROL_HOST_BYTES_MAX);
        status = administrator_ask(administrator, MESSAGE_TICKET, encode_ticket, &params,
                                   &result, why);
    }
    if (status == STATUS_OK) {
        status = control_link_decode(result, &link);
        (void)snprintf(why, sizeof why, "%s", status_name(status));
    }
    if (status == STATUS_OK) {
        char until[COMMAND_TIME_BYTES];

        command_print_time(params.expires_ms, until);
        printf("%.*s\n", (int)link.link.count, (const char *)link.link.data);
        fprintf(stderr, "ticket %s: good for %" PRIu32 " session%s, until %s UTC\n", label,
                params.uses, params.uses == 1 ? "" : "s", until);
        tell_host(&link, label);
    }
    administrator_close(administrator);
    return status == STATUS_OK ? command_exit_code(status)
                               : command_fail(status, "ticket", why);
}

static void print_tickets(const struct control_tickets *tickets)
{
    uint64_t now_ms = clock_now_ms();

    for (uint32_t i = 0; i < tickets->count; i++) {
        const struct control_ticket_row *row = &tickets->items[i];
        char created[COMMAND_TIME_BYTES];
        char until[COMMAND_TIME_BYTES];

        command_print_time(row->created_ms, created);
        command_print_time(row->expires_ms, until);
        printf("%-17s %-17s %9" PRIu32 "  %.*s%s\n", created, until, row->uses_left,
               (int)row->label.count, (const char *)row->label.data,
               row->expires_ms <= now_ms ? " (expired)" : "");
    }
}

int command_tickets(const struct config *config)
{
    struct administrator *administrator = NULL;
    char why[ADMINISTRATOR_WHY_BYTES_MAX];
    char last[TICKET_LABEL_BYTES_MAX + 1] = "";
    struct control_tickets *tickets = calloc(1, sizeof *tickets);
    enum status status = administrator_open(config, false, &administrator, why);
    bool more = true;

    if (status == STATUS_OK) {
        printf("%-17s %-17s %9s  %s\n", "made (UTC)", "good until", "uses left", "label");
    }
    while (status == STATUS_OK && more && tickets != NULL) {
        struct control_label params = {.label = message_text(last, TICKET_LABEL_BYTES_MAX)};
        struct bytes result;

        status = administrator_ask(administrator, MESSAGE_TICKETS, encode_label, &params,
                                   &result, why);
        if (status == STATUS_OK) {
            status = control_tickets_decode(result, tickets);
        }
        if (status == STATUS_OK) {
            print_tickets(tickets);
            more = tickets->count == CONTROL_PAGE_MAX;
        }
        if (status == STATUS_OK && more) {
            const struct bytes label = tickets->items[tickets->count - 1].label;

            memcpy(last, label.data, label.count);
            last[label.count] = '\0';
        }
    }
    administrator_close(administrator);
    free(tickets);
    return status == STATUS_OK ? command_exit_code(status)
                               : command_fail(status, "tickets", why);
}

int command_revoke(const struct config *config)
{
    struct administrator *administrator = NULL;
    char why[ADMINISTRATOR_WHY_BYTES_MAX];
    struct control_label params = {.label =
                                       message_text(config->argument, TICKET_LABEL_BYTES_MAX)};
    struct bytes result;
    enum status status = administrator_open(config, false, &administrator, why);

    if (status == STATUS_OK) {
        status = administrator_ask(administrator, MESSAGE_REVOKE, encode_label, &params,
                                   &result, why);
    }
    administrator_close(administrator);
    if (status != STATUS_OK) {
        return command_fail(status, config->argument, why);
    }
    printf("%s: withdrawn\n", config->argument);
    return command_exit_code(status);
}

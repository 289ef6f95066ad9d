#include "server/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "server/config.h"
#include "server/text.h"

#define OPTION_BIT(id) (1U << (id))
#define EVERYWHERE     (OPTION_BIT(OPTION_DATA) | OPTION_BIT(OPTION_CONFIG))

const struct command command_table[] = {
    {"serve", NULL, "serve sessions until it is stopped",
     EVERYWHERE | OPTION_BIT(OPTION_LISTEN) | OPTION_BIT(OPTION_HOST) |
         OPTION_BIT(OPTION_STORE) | OPTION_BIT(OPTION_MIN_FREE) |
         OPTION_BIT(OPTION_LOG_ADDRESSES) | OPTION_BIT(OPTION_PRINT_CONFIG),
     command_serve},
    {"ticket", NULL, "make a ticket: the right to create sessions here",
     EVERYWHERE | OPTION_BIT(OPTION_LABEL) | OPTION_BIT(OPTION_USES) |
         OPTION_BIT(OPTION_EXPIRES) | OPTION_BIT(OPTION_HOST),
     command_ticket},
    {"tickets", NULL, "list the tickets", EVERYWHERE, command_tickets},
    {"revoke", "LABEL", "withdraw a ticket", EVERYWHERE, command_revoke},
    {"status", NULL, "how the server is doing", EVERYWHERE | OPTION_BIT(OPTION_JSON),
     command_status},
    {"sessions", NULL, "list the sessions", EVERYWHERE, command_sessions},
    {"purge", "SESSION", "delete a session and all that was written in it", EVERYWHERE,
     command_purge},
};
const size_t command_count = sizeof command_table / sizeof *command_table;

int command_exit_code(enum status status)
{
    static const struct {
        enum status status;
        int code;
    } codes[] = {
        {STATUS_OK, EX_OK},
        {STATUS_USAGE, EX_USAGE},
        {STATUS_MALFORMED, EX_CONFIG},
        {STATUS_VERSION, EX_CONFIG},
        {STATUS_NOT_FOUND, EX_NOINPUT},
        {STATUS_PERMISSION, EX_NOPERM},
        {STATUS_BUSY, EX_TEMPFAIL},
        {STATUS_UNREACHABLE, EX_UNAVAILABLE},
        {STATUS_TIMEOUT, EX_UNAVAILABLE},
        {STATUS_EXISTS, EX_CANTCREAT},
        {STATUS_PURGED, EX_UNAVAILABLE},
        {STATUS_NOMEM, EX_OSERR},
        {STATUS_NO_SPACE, EX_IOERR},
        {STATUS_IO, EX_IOERR},
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i].status == status) {
            return codes[i].code;
        }
    }
    return EX_SOFTWARE;
}

int command_fail(enum status status, const char *what, const char *why)
{
    if (why == NULL) {
        fprintf(stderr, "kringd: %s: %s\n", what, status_name(status));
    } else {
        fprintf(stderr, "kringd: %s: %s\n", what, why);
    }
    return command_exit_code(status);
}

void command_print_time(uint64_t time_ms, char out[COMMAND_TIME_BYTES])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm date;

    if (gmtime_r(&seconds, &date) == NULL ||
        strftime(out, COMMAND_TIME_BYTES, "%Y-%m-%d %H:%M", &date) == 0) {
        (void)text_copy(out, COMMAND_TIME_BYTES, "?");
    }
}

static void print_help(FILE *out)
{
    char left[32];

    fprintf(out, "kringd serves sessions of kring: it orders, keeps and hands out what it\n"
                 "cannot read.\n\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &command_table[i];

        (void)snprintf(left, sizeof left, "%s %s", command->name,
                       command->argument == NULL ? "" : command->argument);
        fprintf(out, "  kringd %-16s %s\n", left, command->help);
    }
    fprintf(out, "  kringd %-16s %s\n", "help COMMAND", "its options");
    fprintf(out, "  kringd %-16s %s\n\n", "--version", "which one this is");
    fprintf(out, "Start with `kringd serve`, then give `kringd ticket` to who will host.\n"
                 "Settings: flags, then KRING_... in the environment, then kringd.conf in\n"
                 "the data directory; `kringd serve --print-config` shows what is in force.\n");
}

static void print_command(const struct command *command, FILE *out)
{
    char left[40];

    fprintf(out, "kringd %s%s%s [OPTION]...\n%s\n\n", command->name,
            command->argument == NULL ? "" : " ",
            command->argument == NULL ? "" : command->argument, command->help);
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option *option = &options_table[i];

        if ((command->options & OPTION_BIT(i)) != 0) {
            (void)snprintf(left, sizeof left, "--%s %s", option->name,
                           option->argument == NULL ? "" : option->argument);
            fprintf(out, "  %-24s %s\n", left, option->help);
        }
    }
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i].name, name) == 0) {
            return &command_table[i];
        }
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    fprintf(stderr, "kringd: %s: no such command; `kringd help` lists them\n", name);
    return EX_USAGE;
}

static int help(const char *name)
{
    const struct command *command = name == NULL ? NULL : find(name);

    if (name != NULL && command == NULL) {
        return unknown_command(name);
    }
    if (command == NULL) {
        print_help(stdout);
    } else {
        print_command(command, stdout);
    }
    return EX_OK;
}

static const char *environment(const char *name)
{
    return getenv(name);
}

static int run(const struct command *command, int argument_count, char **arguments)
{
    struct config_input input = {.argument_count = argument_count,
                                 .arguments = arguments,
                                 .options = command->options,
                                 .wants_argument = command->argument != NULL,
                                 .environment = environment,
                                 .has_ipv6 = access("/proc/net/if_inet6", F_OK) == 0};
    struct config *config = calloc(1, sizeof *config);
    struct config_errors *errors = calloc(1, sizeof *errors);
    int code = EX_OSERR;
    enum status status;

    if (config == NULL || errors == NULL) {
        goto out;
    }
    status = config_read(&input, config, errors);
    if (status == STATUS_OK) {
        code = command->run(config);
    } else {
        fprintf(stderr, "%s", errors->text);
        code = command_exit_code(status);
        if (status == STATUS_USAGE) {
            fprintf(stderr, "`kringd help %s` lists its options\n", command->name);
        }
    }
out:
    free(config);
    free(errors);
    return code;
}

int command_main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    const struct command *command;

    (void)umask(077); /* nothing this program makes is for others */
    if (name == NULL) {
        print_help(stderr);
        return EX_USAGE;
    }
    if (strcmp(name, "--version") == 0) {
        printf("kringd %s\n", KRING_VERSION);
        return EX_OK;
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        return help(argc > 2 ? argv[2] : NULL);
    }
    command = find(name);
    if (command == NULL) {
        return unknown_command(name);
    }
    if (argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0)) {
        return help(name);
    }
    return run(command, argc - 2, argv + 2);
}

/* server/command.h -- the commands of kringd, one table and a file for each that does
 * something. Exit codes follow sysexits.h. */
#ifndef SERVER_COMMAND_H
#define SERVER_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "server/options.h"

struct command {
    const char *name;
    const char *argument; /* what must follow it; NULL: nothing */
    const char *help;
    uint32_t options; /* bit n: takes option n */
    int (*run)(const struct config *config);
};

extern const struct command command_table[];
extern const size_t command_count;

/* All of kringd behind main(). */
int command_main(int argc, char **argv);

/* "kringd: what: why" on standard error; gives the exit code that goes with the status. */
int command_fail(enum status status, const char *what, const char *why);
int command_exit_code(enum status status);

/* A time for people: 2024-05-01 12:00, UTC. */
enum { COMMAND_TIME_BYTES = 20 };
void command_print_time(uint64_t time_ms, char out[COMMAND_TIME_BYTES]);

int command_serve(const struct config *config);
int command_ticket(const struct config *config);
int command_tickets(const struct config *config);
int command_revoke(const struct config *config);
int command_status(const struct config *config);
int command_sessions(const struct config *config);
int command_purge(const struct config *config);

#endif

/* client/commands/command.h -- the commands of kring, as one table: a file each, with its
 * flags. The table parses what was given, prints the help, and runs the command.
 *
 * Exit codes are those of sysexits.h. Secrets need never stand in a command line, where other
 * people on this machine can read them: what is left out is taken from the environment or asked
 * for on standard input. */
#ifndef CLIENT_COMMANDS_COMMAND_H
#define CLIENT_COMMANDS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "client/local.h"
#include "common/status.h"
#include "protocol/content.h"

enum {
    COMMAND_FLAGS_MAX = 16,
    COMMAND_REPEATS_MAX = 8, /* of one flag, such as --case */
    COMMAND_WORDS_MAX = 64,  /* that are no flags */
    COMMAND_LINE_BYTES_MAX = 4096,
};

struct command_flag {
    const char *name;     /* without the dashes */
    const char *argument; /* msgid; NULL: a flag without one */
    const char *help;     /* msgid */
};

/* What was given. Strings are borrowed from the command line. */
struct command_values {
    const char *flags[COMMAND_FLAGS_MAX][COMMAND_REPEATS_MAX]; /* by flag; "" for one without */
    size_t flag_counts[COMMAND_FLAGS_MAX];
    const char *words[COMMAND_WORDS_MAX];
    size_t word_count;
};

struct command {
    const char *name;
    const char *words; /* how its words are written, such as "GUIDE"; "" if none */
    const char *help;  /* msgid: one sentence */
    const char *note;  /* msgid: what else whoever asks for its help must know; NULL: nothing */
    size_t words_min, words_max;
    struct command_flag flags[COMMAND_FLAGS_MAX]; /* ends with a NULL name, or is full */
    int (*run)(const struct command *command, const struct command_values *values);
};

extern const struct command *const command_table[];
extern const size_t command_count;

extern const struct command command_host, command_join, command_open, command_sessions,
    command_invite, command_export, command_guides, command_check, command_forget, command_help;

/* Finds, parses and runs. Gives the exit code. */
int command_main(int argc, char *argv[]);

/* The first value of a flag, NULL when it was not given. The name must be in the command. */
const char *command_flag(const struct command *command, const struct command_values *values,
                         const char *name);

/* How a command is written and what its flags do. */
void command_print_help(const struct command *command, FILE *out);
/* All commands, on one screen. */
void command_print_overview(FILE *out);

/* ---- what several commands need (commands/common.c) ---- */

/* The exit code (sysexits.h) for how something went. */
int command_exit(enum status status);

/* Says what is wrong as "kring: ..." on standard error; gives `exit_code`. */
__attribute__((format(printf, 2, 3))) int command_fail(int exit_code, const char *format, ...);

/* Opens the local store, or says why not. The caller closes it. */
int command_local(struct local **local_out);

/* A session of this device: by the beginning of its id or a part of its title; word NULL: the
 * only one. Says what is wrong if there is none, and lists them if there are several. */
int command_session(struct local *local, const char *word, struct local_seat *seat_out);

/* Sessions, a line each. */
void command_print_seats(FILE *out, const struct local_seat *seats, size_t count);

/* The name somebody goes by: `given` (NULL: not given), or asked for until there is one. Says
 * what is wrong with it. */
int command_find_name(const char *given, char name_out[CONTENT_NAME_BYTES_MAX + 1]);

/* Asks on standard error, reads a line from standard input. False at the end of input. */
bool command_ask(const char *question, char *out, size_t size);
/* The same for something as long as a link, which a mail program may have wrapped: reads on
 * until a whole link of `type` is there. Says which part is wrong. */
int command_ask_link(const char *question, enum link_type type, struct link *link_out);
/* A link that was given. */
int command_read_link(const char *text, enum link_type type, struct link *link_out);

#endif

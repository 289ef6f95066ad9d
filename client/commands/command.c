#include "client/commands/command.h"

#include <assert.h>
#include <string.h>
#include <sysexits.h>

#include "client/say.h"

const struct command *const command_table[] = {
    &command_host,   &command_join,   &command_open,  &command_sessions, &command_invite,
    &command_export, &command_guides, &command_check, &command_forget,   &command_help,
};
const size_t command_count = sizeof command_table / sizeof command_table[0];

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i]->name, name) == 0) {
            return command_table[i];
        }
    }
    return NULL;
}

static size_t flag_index(const struct command *command, const char *name, size_t length)
{
    for (size_t i = 0; i < COMMAND_FLAGS_MAX && command->flags[i].name != NULL; i++) {
        if (strlen(command->flags[i].name) == length &&
            strncmp(command->flags[i].name, name, length) == 0) {
            return i;
        }
    }
    return COMMAND_FLAGS_MAX;
}

const char *command_flag(const struct command *command, const struct command_values *values,
                         const char *name)
{
    size_t index = flag_index(command, name, strlen(name));

    assert(index < COMMAND_FLAGS_MAX);
    return values->flag_counts[index] == 0 ? NULL : values->flags[index][0];
}

/* One flag at argv[*at_inout]; takes the next word too when it is the flag's argument. */
static int parse_flag(const struct command *command, int argc, char *argv[], int *at_inout,
                      struct command_values *values)
{
    const char *name = argv[*at_inout] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals == NULL ? strlen(name) : (size_t)(equals - name);
    size_t index = flag_index(command, name, length);
    const char *value = "";

    if (index == COMMAND_FLAGS_MAX) {
        return command_fail(EX_USAGE,
                            SAY("\"%s\" has no flag --%.*s; \"kring help %s\" lists them"),
                            command->name, (int)length, name, command->name);
    }
    if (command->flags[index].argument == NULL && equals != NULL) {
        return command_fail(EX_USAGE, SAY("--%s takes no value"), command->flags[index].name);
    }
    if (command->flags[index].argument != NULL && equals != NULL) {
        value = equals + 1;
    } else if (command->flags[index].argument != NULL) {
        if (*at_inout + 1 >= argc) {
            return command_fail(EX_USAGE, SAY("--%s wants a value: %s"),
                                command->flags[index].name,
                                say(command->flags[index].argument));
        }
        value = argv[++*at_inout];
    }
    if (values->flag_counts[index] == COMMAND_REPEATS_MAX) {
        return command_fail(EX_USAGE, SAY("--%s was given too often"),
                            command->flags[index].name);
    }
    values->flags[index][values->flag_counts[index]++] = value;
    return EX_OK;
}

static int parse(const struct command *command, int argc, char *argv[],
                 struct command_values *values)
{
    bool flags_end = false;

    for (int at = 2; at < argc; at++) {
        if (!flags_end && strcmp(argv[at], "--") == 0) {
            flags_end = true;
        } else if (!flags_end && strncmp(argv[at], "--", 2) == 0) {
            int code = parse_flag(command, argc, argv, &at, values);

            if (code != EX_OK) {
                return code;
            }
        } else if (values->word_count == command->words_max) {
            return command_fail(EX_USAGE, SAY("too many words: \"%s\"; write: kring %s %s"),
                                argv[at], command->name, command->words);
        } else {
            values->words[values->word_count++] = argv[at];
        }
    }
    if (values->word_count < command->words_min) {
        return command_fail(EX_USAGE, SAY("something is missing; write: kring %s %s"),
                            command->name, command->words);
    }
    return EX_OK;
}

static bool asks_help(int argc, char *argv[])
{
    for (int at = 2; at < argc && strcmp(argv[at], "--") != 0; at++) {
        if (strcmp(argv[at], "--help") == 0) {
            return true;
        }
    }
    return false;
}

int command_main(int argc, char *argv[])
{
    struct command_values values = {.word_count = 0};
    const struct command *command;
    int code;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        command_print_overview(argc < 2 ? stderr : stdout);
        return argc < 2 ? EX_USAGE : EX_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("kring %s\n", KRING_VERSION);
        return EX_OK;
    }
    command = find(argv[1]);
    if (command == NULL) {
        return command_fail(
            EX_USAGE, SAY("there is no command \"%s\"; \"kring --help\" lists them"), argv[1]);
    }
    if (asks_help(argc, argv)) {
        command_print_help(command, stdout);
        return EX_OK;
    }
    code = parse(command, argc, argv, &values);
    return code == EX_OK ? command->run(command, &values) : code;
}

void command_print_help(const struct command *command, FILE *out)
{
    (void)fprintf(out, "kring %s %s\n\n  %s\n", command->name, command->words,
                  say(command->help));
    if (command->note != NULL) {
        (void)fprintf(out, "\n%s\n", say(command->note));
    }
    if (command->flags[0].name != NULL) {
        (void)fputc('\n', out);
    }
    for (size_t i = 0; i < COMMAND_FLAGS_MAX && command->flags[i].name != NULL; i++) {
        const struct command_flag *flag = &command->flags[i];
        char left[64];

        (void)snprintf(left, sizeof left, "--%s%s%s", flag->name,
                       flag->argument == NULL ? "" : " ",
                       flag->argument == NULL ? "" : say(flag->argument));
        (void)fprintf(out, "  %-22s %s\n", left, say(flag->help));
    }
}

void command_print_overview(FILE *out)
{
    (void)fputs(SAY("kring: discuss a case together, each from your own place\n\n"
                    "Invited by somebody? Type:  kring join\n\n"),
                out);
    for (size_t i = 0; i < command_count; i++) {
        char left[64];

        (void)snprintf(left, sizeof left, "%s %s", command_table[i]->name,
                       command_table[i]->words);
        (void)fprintf(out, "  kring %-16s %s\n", left, say(command_table[i]->help));
    }
    (void)fputs(SAY("\nkring COMMAND --help says more about one. Your sessions are kept in\n"
                    "$KRING_HOME, else ~/.local/share/kring, readable by you alone.\n"),
                out);
}

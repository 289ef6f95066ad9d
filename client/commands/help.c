/* kring help: a command, or every intent and event of a face. */
#include <string.h>
#include <sysexits.h>

#include "client/commands/command.h"
#include "client/faces/face.h"
#include "client/say.h"

static int run(const struct command *command, const struct command_values *values)
{
    const char *topic = values->word_count > 0 ? values->words[0] : NULL;

    (void)command;
    if (topic == NULL) {
        command_print_overview(stdout);
        return EX_OK;
    }
    if (strcmp(topic, "plain") == 0) {
        faces_help_plain(stdout);
        return EX_OK;
    }
    if (strcmp(topic, "json") == 0) {
        faces_help_json(stdout);
        return EX_OK;
    }
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i]->name, topic) == 0) {
            command_print_help(command_table[i], stdout);
            return EX_OK;
        }
    }
    return command_fail(EX_USAGE,
                        SAY("there is no help about \"%s\"; try plain, json or the "
                            "name of a command"),
                        topic);
}

const struct command command_help = {
    .name = "help",
    .words = "[plain|json|COMMAND]",
    .help = SAY_LATER("says more: a command, or all that can be typed in a session"),
    .words_max = 1,
    .run = run,
};

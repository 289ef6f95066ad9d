/* kring guides: what comes with kring. */
#include <string.h>
#include <sysexits.h>

#include "client/commands/command.h"
#include "client/guide/shipped.h"
#include "client/say.h"

static int run(const struct command *command, const struct command_values *values)
{
    struct shipped *shipped = NULL;
    enum status status = shipped_list(NULL, &shipped);

    (void)command;
    (void)values;
    if (status != STATUS_OK) {
        return command_fail(command_exit(status),
                            SAY("the guides that come with kring are not where they should be; "
                                "KRING_GUIDES may name their folder"));
    }
    for (int cases = 0; cases < 2; cases++) {
        (void)printf("%s\n", cases == 0 ? SAY("Guides") : SAY("Cases"));
        for (uint32_t i = 0; i < shipped->count; i++) {
            const struct shipped_file *file = &shipped->files[i];

            if (file->is_case == (cases == 1)) {
                (void)printf("  %-28s %s  %s\n", file->id, guide_language_word(file->language),
                             file->title);
            }
        }
    }
    shipped_destroy(shipped);
    return EX_OK;
}

const struct command command_guides = {
    .name = "guides",
    .words = "",
    .help = SAY_LATER("lists the guides and cases that come with kring"),
    .run = run,
};

/* kring check: is this a guide or a case that can be played? */
#include <string.h>
#include <sysexits.h>

#include "client/commands/command.h"
#include "client/guide/check.h"
#include "client/say.h"

static int run(const struct command *command, const struct command_values *values)
{
    const char *paths[COMMAND_WORDS_MAX + COMMAND_REPEATS_MAX];
    size_t count = values->word_count;
    struct report *report = NULL;
    enum status status = report_create(&report);
    uint32_t errors;

    (void)command;
    if (status != STATUS_OK) {
        return command_exit(status);
    }
    memcpy(paths, values->words, count * sizeof paths[0]);
    for (size_t i = 0; i < values->flag_counts[0]; i++) {
        paths[count++] = values->flags[0][i];
    }
    status = check_files(paths, count, report);
    report_print(report, stdout);
    errors = report_count(report, REPORT_ERROR);
    report_destroy(report);
    if (errors > 0) {
        /* a file that is not there is no wrong file: sysexits.h tells them apart */
        int code = status == STATUS_NOT_FOUND || status == STATUS_IO ? EX_NOINPUT : EX_DATAERR;

        return command_fail(code, errors == 1 ? SAY("%u error") : SAY("%u errors"),
                            (unsigned)errors);
    }
    if (status != STATUS_OK) {
        return command_fail(command_exit(status), "%s", status_name(status));
    }
    return EX_OK;
}

const struct command command_check = {
    .name = "check",
    .words = "FILE...",
    .help = SAY_LATER("looks guides and cases through, and says what is wrong and where"),
    .words_min = 1,
    .words_max = COMMAND_WORDS_MAX,
    .flags = {{"case", SAY_LATER("CASE"), SAY_LATER("a case to hold against the guide")}},
    .run = run,
};

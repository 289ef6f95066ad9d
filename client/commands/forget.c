/* kring forget: takes a session off this device. */
#include <string.h>
#include <sysexits.h>

#include "client/commands/command.h"
#include "client/say.h"
#include "common/secret.h"

/* What is not with the others is nowhere else: asked once, and only "yes" is yes. */
static bool is_sure(const struct local_seat *seat)
{
    char answer[16];

    (void)fprintf(
        stderr,
        SAY("This deletes \"%s\" from this device: your drafts, your private answers\n"
            "and your notes to yourself are nowhere else. The others keep theirs.\n"),
        seat->title);
    return command_ask(SAY("Type yes to go on:"), answer, sizeof answer) &&
           (strcmp(answer, "yes") == 0 || strcmp(answer, SAY("yes")) == 0);
}

static int run(const struct command *command, const struct command_values *values)
{
    struct local *local = NULL;
    struct local_seat seat = {.port = 0};
    enum status status = STATUS_CANCELLED;
    int code = command_local(&local);

    (void)command;
    if (code == EX_OK) {
        code = command_session(local, values->words[0], &seat);
    }
    if (code != EX_OK) {
        goto out;
    }
    if (!is_sure(&seat)) {
        code = command_fail(EX_USAGE, SAY("nothing was deleted"));
        goto out;
    }
    status = local_claim(local, seat.session); /* not while it is open in another window */
    if (status == STATUS_OK) {
        status = local_forget(local, seat.session);
        local_release(local, seat.session);
    }
    if (status != STATUS_OK) {
        code = command_fail(command_exit(status), "%s", local_detail(local));
    }
out:
    secret_wipe(&seat, sizeof seat);
    local_close(local);
    return code;
}

const struct command command_forget = {
    .name = "forget",
    .words = "SESSION",
    .help = SAY_LATER("deletes a session from this device"),
    .words_min = 1,
    .words_max = 1,
    .run = run,
};

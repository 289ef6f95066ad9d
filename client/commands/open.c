/* kring open: back to a session on this device, also after a crash. */
#include <sysexits.h>

#include "client/commands/play.h"
#include "client/say.h"
#include "common/secret.h"

static int run(const struct command *command, const struct command_values *values)
{
    struct local_seat seat = {.port = 0};
    struct play play;
    enum status status;
    int code = play_begin(&play, command, values, command_flag(command, values, "guide"));

    if (code == EX_OK) {
        code = command_session(play.local, values->word_count > 0 ? values->words[0] : NULL,
                               &seat);
    }
    if (code == EX_OK) {
        status = client_open(play.loop, play.local, face_client(play.face), seat.session,
                             play.detail, &play.client);
        code = play_run(&play, status);
    }
    secret_wipe(&seat, sizeof seat);
    play_finish(&play);
    return code;
}

const struct command command_open = {
    .name = "open",
    .words = "[SESSION]",
    .help = SAY_LATER("comes back to a session, also after a crash"),
    .words_max = 1,
    .flags = {PLAY_FLAGS, PLAY_GUIDE_FLAG},
    .run = run,
};

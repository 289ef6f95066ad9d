/* kring join: with an invite, as the role it gives. */
#include <stdlib.h>
#include <sysexits.h>

#include "client/commands/play.h"
#include "client/say.h"

static int find_invite(const struct command_values *values, struct link *invite_out)
{
    const char *given = values->word_count > 0 ? values->words[0] : getenv("KRING_INVITE");

    if (given != NULL) {
        return command_read_link(given, LINK_INVITE, invite_out);
    }
    return command_ask_link(SAY("Paste your invite:"), LINK_INVITE, invite_out);
}

static int run(const struct command *command, const struct command_values *values)
{
    char name[CONTENT_NAME_BYTES_MAX + 1];
    struct link invite = {.port = 0};
    struct play play;
    enum status status;
    int code = play_begin(&play, command, values, command_flag(command, values, "guide"));

    if (code != EX_OK) {
        goto out;
    }
    code = find_invite(values, &invite);
    if (code != EX_OK) {
        goto out;
    }
    code = command_find_name(command_flag(command, values, "name"), name);
    if (code != EX_OK) {
        goto out;
    }
    status = client_join(play.loop, play.local, face_client(play.face), &invite, name,
                         play.detail, &play.client);
    code = play_run(&play, status);
out:
    link_wipe(&invite);
    play_finish(&play);
    return code;
}

const struct command command_join = {
    .name = "join",
    .words = "[INVITE]",
    .help = SAY_LATER("joins a session; asks for your invite"),
    .note = SAY_LATER(
        "Best without INVITE: it asks, and takes one that a mail program broke over lines.\n"
        "A link in the command line can be read by other users of this machine as long as\n"
        "kring runs, and stays in the history of your shell. KRING_INVITE gives one to a\n"
        "script."),
    .words_max = 1,
    .flags = {PLAY_FLAGS,
              PLAY_GUIDE_FLAG,
              {"name", SAY_LATER("NAME"), SAY_LATER("as the others will see it")}},
    .run = run,
};

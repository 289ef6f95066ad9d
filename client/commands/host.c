/* kring host: makes a session from a guide and opens it as facilitator. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <uv.h>

#include "client/commands/play.h"
#include "client/letters.h"
#include "client/say.h"
#include "client/words.h"
#include "common/secret.h"

enum {
    INVITES_HOSTED_MAX = 100,
    DAY_MS = 86400000,
    PARTICIPANTS_DEFAULT = 6,
    INVITE_DAYS = 90,
};

struct hosting {
    struct play play;
    struct member_invite_plan invites[INVITES_HOSTED_MAX];
    uint16_t invite_count;
    char name[CONTENT_NAME_BYTES_MAX + 1];
    char folder[4096];
    struct link ticket;
    struct link recovery;
    struct member_host_options options;
};

/* ---- what it needs to know ---- */

static int find_ticket(struct hosting *hosting, const struct command *command,
                       const struct command_values *values)
{
    char kept[LINK_TEXT_BYTES_MAX + 1] = "";
    const char *given = command_flag(command, values, "ticket");
    int code;

    if (given == NULL) {
        given = getenv("KRING_TICKET");
    }
    if (given == NULL &&
        local_get(hosting->play.local, "ticket", kept, sizeof kept) == STATUS_OK) {
        given = kept;
    }
    if (given != NULL) {
        code = command_read_link(given, LINK_TICKET, &hosting->ticket);
    } else {
        code = command_ask_link(SAY("Paste the ticket your administrator gave you:"),
                                LINK_TICKET, &hosting->ticket);
    }
    secret_wipe(kept, sizeof kept);
    return code;
}

/* Remembered, so that the next session needs no asking. */
static int keep_ticket(struct hosting *hosting)
{
    char text[LINK_TEXT_BYTES_MAX + 1];
    enum status status = link_format(&hosting->ticket, text, sizeof text);

    if (status == STATUS_OK) {
        status = local_set(hosting->play.local, "ticket", text);
    }
    secret_wipe(text, sizeof text);
    if (status != STATUS_OK) {
        return command_fail(command_exit(status), "%s", local_detail(hosting->play.local));
    }
    return EX_OK;
}

static int find_name(struct hosting *hosting, const struct command *command,
                     const struct command_values *values)
{
    const char *given = command_flag(command, values, "name");

    if (given != NULL && strlen(given) > CONTENT_NAME_BYTES_MAX) {
        return command_fail(EX_USAGE, SAY("this name is too long"));
    }
    if (given != NULL) {
        memcpy(hosting->name, given, strlen(given) + 1);
    }
    while (hosting->name[0] == '\0') {
        if (!command_ask(SAY("Your name, as the others will see it:"), hosting->name,
                         sizeof hosting->name)) {
            return command_fail(EX_USAGE, SAY("a session needs a name for its facilitator; "
                                              "--name gives it"));
        }
    }
    return EX_OK;
}

static bool plan_invites(struct hosting *hosting, const struct command *command,
                         const struct command_values *values)
{
    uint32_t participants;
    uint32_t observers;

    if (!play_number(command, values, "participants", 1, INVITES_HOSTED_MAX - 10,
                     PARTICIPANTS_DEFAULT, &participants) ||
        !play_number(command, values, "observers", 0, 10, 1, &observers)) {
        return false;
    }
    for (uint32_t i = 0; i < observers + participants; i++) {
        hosting->invites[hosting->invite_count++] = (struct member_invite_plan){
            .role = i < observers ? ROLE_OBSERVER : ROLE_PARTICIPANT,
            .uses = 1,
        };
    }
    return true;
}

static bool plan_session(struct hosting *hosting, const struct command *command,
                         const struct command_values *values)
{
    const char *title = command_flag(command, values, "title");
    const char *admit = command_flag(command, values, "admit");
    uint32_t days;

    if (!play_number(command, values, "keep", 1, RETENTION_DAYS_MAX, RETENTION_DEFAULT_DAYS,
                     &days)) {
        return false;
    }
    if (admit != NULL && strcmp(admit, "automatic") != 0 && strcmp(admit, "by-hand") != 0) {
        (void)command_fail(EX_USAGE, SAY("--admit is automatic or by-hand, not \"%s\""), admit);
        return false;
    }
    hosting->options = (struct member_host_options){
        .compiled = hosting->play.preparation.compiled,
        .title = title != NULL ? title : hosting->play.preparation.guide->title.text,
        .name = hosting->name,
        .retention_ms = play_now_ms() + (uint64_t)days * DAY_MS,
        .invite_expiry_ms = play_now_ms() + (uint64_t)INVITE_DAYS * DAY_MS,
        .admission = admit != NULL && strcmp(admit, "by-hand") == 0 ? ADMISSION_BY_HAND
                                                                    : ADMISSION_AUTOMATIC,
        .invite_count = hosting->invite_count,
        .invites = hosting->invites,
    };
    return true;
}

/* ---- what it hands out ---- */

static enum status write_letters(struct hosting *hosting, char *sheet, size_t size)
{
    const struct letters letters = {
        .folder = hosting->folder,
        .title = hosting->options.title,
        .from = hosting->name,
    };
    char text[LINK_TEXT_BYTES_MAX + 1];
    enum status status = link_format(&hosting->recovery, text, sizeof text);

    if (status == STATUS_OK) {
        status = letters_write_sheet(&letters, text, sheet, size);
    }
    for (uint16_t i = 0; i < hosting->invite_count && status == STATUS_OK; i++) {
        status = client_invite_text(hosting->play.client, (uint16_t)(i + 1), text);
        if (status == STATUS_OK) {
            status = letters_write_invite(&letters, (uint16_t)(i + 1), hosting->invites[i].role,
                                          hosting->invites[i].label, text);
        }
    }
    secret_wipe(text, sizeof text);
    return status;
}

static int hand_out(struct hosting *hosting, const char *folder)
{
    const uint8_t *session = client_session(hosting->play.client);
    char sheet[4096 + 32];
    enum status status;

    if (folder != NULL) {
        (void)snprintf(hosting->folder, sizeof hosting->folder, "%s", folder);
    } else {
        (void)snprintf(hosting->folder, sizeof hosting->folder, "kring-%02x%02x%02x%02x",
                       session[0], session[1], session[2], session[3]);
    }
    status = write_letters(hosting, sheet, sizeof sheet);
    if (status != STATUS_OK) {
        return command_fail(command_exit(status),
                            SAY("cannot write the letters into %s (%s); no session was made"),
                            hosting->folder, status_name(status));
    }
    /* a face for programs speaks JSON on standard output, so people are told beside it */
    (void)fprintf(stderr,
                  SAY("The invites are in %s, a letter each.\n"
                      "The recovery sheet is %s: print it, lock it away, delete the file.\n"),
                  hosting->folder, sheet);
    return EX_OK;
}

static void on_closed(void *context)
{
    bool *closed = context;

    *closed = true;
}

/* Nothing was said to the server yet: the session never was. */
static void forget(struct hosting *hosting)
{
    uint8_t session[HASH_BYTES];
    bool closed = false;

    memcpy(session, client_session(hosting->play.client), HASH_BYTES);
    client_close(hosting->play.client, on_closed, &closed);
    while (!closed) {
        (void)uv_run(hosting->play.loop, UV_RUN_ONCE);
    }
    if (local_forget(hosting->play.local, session) != STATUS_OK) {
        (void)command_fail(EX_IOERR, "%s", local_detail(hosting->play.local));
    }
}

/* Letters first: a session whose sheet could not be written must not come to be. */
static int make(struct hosting *hosting, const char *folder)
{
    enum status status =
        client_host(hosting->play.loop, hosting->play.local, face_client(hosting->play.face),
                    &hosting->ticket, &hosting->options, &hosting->recovery,
                    hosting->play.detail, &hosting->play.client);

    if (status == STATUS_OK) {
        int code = hand_out(hosting, folder);

        if (code != EX_OK) {
            forget(hosting);
            return code;
        }
    }
    return play_run(&hosting->play, status);
}

static int run(const struct command *command, const struct command_values *values)
{
    struct hosting *hosting = calloc(1, sizeof *hosting);
    int code;

    if (hosting == NULL) {
        return EX_OSERR;
    }
    code = play_begin(&hosting->play, command, values, values->words[0]);
    if (code == EX_OK &&
        !(plan_invites(hosting, command, values) && plan_session(hosting, command, values))) {
        code = EX_USAGE; /* before anything is asked */
    }
    if (code == EX_OK) {
        code = find_ticket(hosting, command, values);
    }
    if (code == EX_OK) {
        code = find_name(hosting, command, values);
    }
    if (code == EX_OK) {
        code = keep_ticket(hosting);
    }
    if (code == EX_OK) {
        code = make(hosting, command_flag(command, values, "letters"));
    }
    play_finish(&hosting->play);
    secret_wipe(hosting, sizeof *hosting);
    free(hosting);
    return code;
}

const struct command command_host = {
    .name = "host",
    .words = "GUIDE",
    .help = SAY_LATER("makes a session from a guide and opens it as facilitator"),
    .words_min = 1,
    .words_max = 1,
    .flags = {{"ticket", SAY_LATER("TICKET"),
               SAY_LATER("the right to make sessions; better left "
                         "out: it asks")},
              {"name", SAY_LATER("NAME"), SAY_LATER("yours, as the others will see it")},
              {"title", SAY_LATER("TEXT"), SAY_LATER("of the session; else the guide's")},
              {"participants", SAY_LATER("N"), SAY_LATER("how many invites for participants")},
              {"observers", SAY_LATER("N"), SAY_LATER("how many invites for observers")},
              {"letters", SAY_LATER("FOLDER"),
               SAY_LATER("where the letters and the recovery "
                         "sheet go")},
              {"keep", SAY_LATER("DAYS"), SAY_LATER("until everything is deleted; else 90")},
              {"admit", SAY_LATER("HOW"), SAY_LATER("automatic, or by-hand")},
              PLAY_FLAGS},
    .run = run,
};

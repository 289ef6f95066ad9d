/* kring host: makes a session from a guide and opens it as facilitator. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client/commands/play.h"
#include "client/letters.h"
#include "client/say.h"
#include "client/words.h"
#include "common/machine/clock.h"
#include "common/secret.h"

enum {
    INVITES_HOSTED_MAX = 100,
    DAY_MS = 86400000,
    PARTICIPANTS_DEFAULT = 6,
    INVITE_DAYS = 90,
    FOLDER_BYTES_MAX = 4096,
};

struct hosting {
    struct play play;
    struct member_invite_plan invites[INVITES_HOSTED_MAX];
    uint16_t invite_count;
    char name[CONTENT_NAME_BYTES_MAX + 1];
    const char *letters; /* the folder that was named; NULL: one of its own */
    char folder[FOLDER_BYTES_MAX];
    bool handed_out;
    struct link ticket;
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
        .retention_ms = clock_now_ms() + (uint64_t)days * DAY_MS,
        .invite_expiry_ms = clock_now_ms() + (uint64_t)INVITE_DAYS * DAY_MS,
        .admission = admit != NULL && strcmp(admit, "by-hand") == 0 ? ADMISSION_BY_HAND
                                                                    : ADMISSION_AUTOMATIC,
        .invite_count = hosting->invite_count,
        .invites = hosting->invites,
    };
    return true;
}

/* ---- what it hands out ---- */

static enum status write_letters(struct hosting *hosting, const struct client *client,
                                 const struct link *recovery, char *sheet, size_t size)
{
    const struct letters letters = {
        .folder = hosting->folder,
        .title = hosting->options.title,
        .from = hosting->name,
    };
    char text[LINK_TEXT_BYTES_MAX + 1];
    enum status status = link_format(recovery, text, sizeof text);

    if (status == STATUS_OK) {
        status = letters_write_sheet(&letters, text, sheet, size);
    }
    for (uint16_t i = 0; i < hosting->invite_count && status == STATUS_OK; i++) {
        status = client_invite_text(client, (uint16_t)(i + 1), text);
        if (status == STATUS_OK) {
            status = letters_write_invite(&letters, (uint16_t)(i + 1), hosting->invites[i].role,
                                          hosting->invites[i].label, text);
        }
    }
    secret_wipe(text, sizeof text);
    return status == STATUS_OK ? letters_settle(&letters) : status;
}

static void name_folder(struct hosting *hosting, const uint8_t session[HASH_BYTES])
{
    if (hosting->letters != NULL) {
        (void)snprintf(hosting->folder, sizeof hosting->folder, "%s", hosting->letters);
    } else {
        (void)snprintf(hosting->folder, sizeof hosting->folder, "kring-%02x%02x%02x%02x",
                       session[0], session[1], session[2], session[3]);
    }
}

/* Comes before the session is anywhere: one whose sheet could not be written must not be. */
static enum status hand_out(void *context, const struct client *client,
                            const struct link *recovery)
{
    struct hosting *hosting = context;
    char sheet[FOLDER_BYTES_MAX + 32];
    enum status status;

    name_folder(hosting, client_session(client));
    status = write_letters(hosting, client, recovery, sheet, sizeof sheet);
    hosting->handed_out = status == STATUS_OK;
    if (status != STATUS_OK) {
        (void)snprintf(hosting->play.detail, sizeof hosting->play.detail,
                       SAY("cannot write the letters into %.200s (%s); no session was made"),
                       hosting->folder, status_name(status));
        return status;
    }
    /* a face for programs speaks JSON on standard output, so people are told beside it */
    (void)fprintf(stderr,
                  SAY("The invites are in %s, a letter each.\n"
                      "The recovery sheet is %s: print it, lock it away, delete the file.\n"),
                  hosting->folder, sheet);
    return STATUS_OK;
}

/* A ticket that the server does not take is not taken next time either: then kring asks. */
static void drop_ticket(struct hosting *hosting)
{
    if (local_set(hosting->play.local, "ticket", "") != STATUS_OK) {
        (void)command_fail(EX_IOERR, "%s", local_detail(hosting->play.local));
    }
}

static int make(struct hosting *hosting)
{
    const struct client_handing_out handing_out = {hosting, hand_out};
    enum status status =
        client_host(hosting->play.loop, hosting->play.local, face_client(hosting->play.face),
                    &hosting->ticket, &hosting->options, &handing_out, hosting->play.detail,
                    &hosting->play.client);
    int code = play_run(&hosting->play, status);

    if (status != STATUS_OK && !hosting->handed_out && hosting->folder[0] != '\0') {
        return EX_CANTCREAT;
    }
    if (code == EX_NOPERM) {
        drop_ticket(hosting);
    }
    return code;
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
        code = command_find_name(command_flag(command, values, "name"), hosting->name);
    }
    if (code == EX_OK) {
        code = keep_ticket(hosting);
    }
    if (code == EX_OK) {
        hosting->letters = command_flag(command, values, "letters");
        code = make(hosting);
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

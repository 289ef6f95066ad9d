#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unictype.h>
#include <unistd.h>
#include <unistr.h>

#include "client/commands/command.h"
#include "client/faces/face.h"
#include "client/say.h"
#include "common/secret.h"

int command_exit(enum status status)
{
    switch ((int)status) {
    case STATUS_OK:
        return EX_OK;
    case STATUS_USAGE:
        return EX_USAGE;
    case STATUS_NOT_FOUND:
        return EX_NOINPUT;
    case STATUS_PERMISSION:
    case STATUS_FORBIDDEN:
    case STATUS_REMOVED:
    case STATUS_EXPIRED:
    case STATUS_USED_UP:
        return EX_NOPERM;
    case STATUS_MALFORMED:
    case STATUS_TOO_LONG:
    case STATUS_UNSUPPORTED:
    case STATUS_CRYPTO:
        return EX_DATAERR;
    case STATUS_UNREACHABLE:
    case STATUS_TIMEOUT:
    case STATUS_PURGED:
        return EX_UNAVAILABLE;
    case STATUS_BUSY:
        return EX_TEMPFAIL;
    case STATUS_IO:
    case STATUS_NO_SPACE:
        return EX_IOERR;
    case STATUS_VERSION:
        return EX_PROTOCOL;
    case STATUS_NOMEM:
        return EX_OSERR;
    default: /* what the session refuses: the face has said why */
        return EX_UNAVAILABLE;
    }
}

int command_fail(int exit_code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)fputs("kring: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    return exit_code;
}

int command_local(struct local **local_out)
{
    char detail[LOCAL_DETAIL_BYTES_MAX] = "";
    enum status status = local_open(NULL, entropy_system(), detail, local_out);

    if (status != STATUS_OK) {
        return command_fail(command_exit(status), "%s",
                            detail[0] != '\0' ? detail : status_name(status));
    }
    return EX_OK;
}

/* ---- which session ---- */

/* Without a word every one that there is still something in, or the only one. */
static bool seat_is_meant(const struct local_seat *seat, const char *word, size_t count)
{
    char id[2 * HASH_BYTES + 1];

    for (size_t i = 0; i < HASH_BYTES; i++) {
        (void)snprintf(id + 2 * i, 3, "%02x", seat->session[i]);
    }
    if (word == NULL) {
        return !seat->purged || count == 1;
    }
    return (strlen(word) >= 4 && strncmp(id, word, strlen(word)) == 0) ||
           strcasestr(seat->title, word) != NULL;
}

static int say_none(const char *word, size_t count)
{
    if (word != NULL) {
        return command_fail(EX_NOINPUT,
                            SAY("no session here is called \"%s\"; \"kring sessions\" lists "
                                "them"),
                            word);
    }
    return command_fail(EX_NOINPUT, "%s",
                        count == 0
                            ? SAY("this device knows no session yet; \"kring join\" joins one")
                            : SAY("the sessions this device knows have been deleted; \"kring "
                                  "join\" joins another"));
}

static int say_several(const char *word, const struct local_seat *seats, size_t count)
{
    int code = word == NULL ? command_fail(EX_USAGE,
                                           SAY("this device knows %zu sessions; name one, by "
                                               "its number or a part of its title:"),
                                           count)
                            : command_fail(EX_USAGE,
                                           SAY("%zu sessions here fit \"%s\"; name one by its "
                                               "number:"),
                                           count, word);

    command_print_seats(stderr, seats, count);
    return code;
}

int command_session(struct local *local, const char *word, struct local_seat *seat_out)
{
    struct local_seat *seats = NULL;
    size_t count = 0;
    size_t found = 0;
    enum status status = local_seats(local, &seats, &count);
    int code = EX_OK;

    if (status != STATUS_OK) {
        return command_fail(command_exit(status), "%s", local_detail(local));
    }
    for (size_t i = 0; i < count; i++) { /* those that fit come to the front */
        if (seat_is_meant(&seats[i], word, count)) {
            struct local_seat seat = seats[i];

            seats[i] = seats[found];
            seats[found++] = seat;
            secret_wipe(&seat, sizeof seat);
        }
    }
    if (found == 1) {
        *seat_out = seats[0];
    } else {
        code = found == 0 ? say_none(word, count) : say_several(word, seats, found);
    }
    local_free_seats(seats, count);
    return code;
}

/* ---- a name ---- */

/* A blank one, or one of control characters, is nobody's. */
static bool shows_something(const char *name)
{
    const uint8_t *at = (const uint8_t *)name;
    ucs4_t unit;

    while ((at = u8_next(&unit, at)) != NULL) {
        if (uc_is_general_category_withtable(unit, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                       UC_CATEGORY_MASK_P |
                                                       UC_CATEGORY_MASK_S)) {
            return true;
        }
    }
    return false;
}

/* What is wrong with a name; NULL: nothing. */
static const char *fault_of_name(const char *name)
{
    if (strlen(name) > CONTENT_NAME_BYTES_MAX) {
        return SAY("this name is too long");
    }
    if (u8_check((const uint8_t *)name, strlen(name)) != NULL) {
        return SAY("this name is not text (UTF-8)");
    }
    return shows_something(name) ? NULL
                                 : SAY("this name is blank; the others must see who "
                                       "you are");
}

int command_find_name(const char *given, char name_out[CONTENT_NAME_BYTES_MAX + 1])
{
    char line[COMMAND_LINE_BYTES_MAX];
    const char *fault = given == NULL ? NULL : fault_of_name(given);

    if (fault != NULL) {
        return command_fail(EX_USAGE, "%s", fault);
    }
    while (given == NULL) {
        if (!command_ask(SAY("Your name, as the others will see it:"), line, sizeof line)) {
            return command_fail(EX_USAGE, "%s",
                                SAY("without a name nobody can be there; --name gives it"));
        }
        fault = fault_of_name(line);
        if (fault == NULL) {
            given = line;
        } else if (line[0] != '\0') {
            (void)command_fail(EX_USAGE, "%s", fault);
        }
    }
    memcpy(name_out, given, strlen(given) + 1);
    return EX_OK;
}

/* ---- asking ---- */

bool command_ask(const char *question, char *out, size_t size)
{
    return face_ask(STDIN_FILENO, stderr, question, out, size);
}

static const char *part_name(enum link_part part)
{
    switch (part) {
    case LINK_PART_NONE:
        return SAY("it is another kind of link");
    case LINK_PART_SCHEME:
        return SAY("it must begin with kring://");
    case LINK_PART_HOST:
        return SAY("the name of the server");
    case LINK_PART_PORT:
        return SAY("the port number behind the server's name");
    case LINK_PART_TYPE:
        return SAY("the word before the #");
    case LINK_PART_VERSION:
        return SAY("it was made by a newer kring");
    case LINK_PART_SERVER_KEY:
        return SAY("the first third behind the #");
    case LINK_PART_TARGET:
        return SAY("the middle behind the #");
    case LINK_PART_SEED:
        return SAY("the last third behind the #");
    case LINK_PART_CHECKS:
        return SAY("the last characters");
    case LINK_PART_SHAPE:
        return SAY("the part behind the # is not whole");
    }
    return "";
}

static const char *type_name(enum link_type type)
{
    switch (type) {
    case LINK_TICKET:
        return SAY("ticket");
    case LINK_INVITE:
        return SAY("invite");
    case LINK_RECOVERY:
        return SAY("recovery link");
    }
    return "";
}

static const char *type_as_found(enum link_type type)
{
    switch (type) {
    case LINK_TICKET:
        return SAY("it is a ticket");
    case LINK_INVITE:
        return SAY("it is an invite");
    case LINK_RECOVERY:
        return SAY("it is a recovery link");
    }
    return "";
}

int command_read_link(const char *text, enum link_type type, struct link *link_out)
{
    enum link_part part = LINK_PART_NONE;
    enum status status = link_parse(
        (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)}, link_out, &part);

    if (status == STATUS_OK && link_out->type != type) {
        return command_fail(EX_DATAERR, SAY("this is no %s: %s"), type_name(type),
                            type_as_found(link_out->type));
    }
    if (status != STATUS_OK) {
        return command_fail(EX_DATAERR,
                            SAY("this %s cannot be right: %s. Copy it once more, whole, from "
                                "kring:// to its last character"),
                            type_name(type), part_name(part));
    }
    return EX_OK;
}

int command_ask_link(const char *question, enum link_type type, struct link *link_out)
{
    char text[COMMAND_LINE_BYTES_MAX] = "";
    char line[COMMAND_LINE_BYTES_MAX];

    /* A mail program may have wrapped it: another line is taken in while it is not whole. */
    while (
        command_ask(text[0] == '\0' ? question : SAY("(the rest of it)"), line, sizeof line)) {
        enum link_part part;
        size_t used = strlen(text);

        if (line[0] == '\0') {
            if (text[0] == '\0') {
                continue;
            }
            break;
        }
        if (used + strlen(line) + 2 > sizeof text) {
            break;
        }
        memcpy(text + used, line, strlen(line));
        memcpy(text + used + strlen(line), "\n", 2);
        if (link_parse((struct bytes){.data = (const uint8_t *)text, .count = strlen(text)},
                       link_out, &part) == STATUS_OK ||
            part != LINK_PART_SHAPE) {
            break;
        }
    }
    if (text[0] == '\0') {
        return command_fail(EX_USAGE, SAY("no %s was given"), type_name(type));
    }
    return command_read_link(text, type, link_out);
}

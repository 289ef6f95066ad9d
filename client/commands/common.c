#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "client/commands/command.h"
#include "client/faces/face.h"
#include "client/say.h"

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

static bool seat_is_meant(const struct local_seat *seat, const char *word)
{
    char id[2 * HASH_BYTES + 1];

    for (size_t i = 0; i < HASH_BYTES; i++) {
        (void)snprintf(id + 2 * i, 3, "%02x", seat->session[i]);
    }
    return word == NULL || (strlen(word) >= 4 && strncmp(id, word, strlen(word)) == 0) ||
           strcasestr(seat->title, word) != NULL;
}

int command_session(struct local *local, const char *word, struct local_seat *seat_out)
{
    struct local_seat *seats = NULL;
    size_t count = 0;
    size_t found = 0;
    enum status status = local_seats(local, &seats, &count);

    if (status != STATUS_OK) {
        return command_fail(command_exit(status), "%s", local_detail(local));
    }
    for (size_t i = 0; i < count; i++) {
        if (seat_is_meant(&seats[i], word) && (found == 0 || word != NULL)) {
            if (found == 0) {
                *seat_out = seats[i];
            }
            found++;
        }
    }
    local_free_seats(seats, count);
    if (found == 0 && word == NULL) {
        return command_fail(EX_NOINPUT, "%s",
                            SAY("this device knows no session yet; \"kring join\" joins one"));
    }
    if (found == 0) {
        return command_fail(EX_NOINPUT,
                            SAY("no session here is called \"%s\"; \"kring sessions\" lists "
                                "them"),
                            word);
    }
    if (found > 1) {
        return command_fail(EX_USAGE,
                            SAY("%zu sessions here fit \"%s\"; use the number that \"kring "
                                "sessions\" shows"),
                            found, word);
    }
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

#include "client/words.h"

#include "client/say.h"

const char *words_of_status(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return SAY("Done.");
    case STATUS_FORBIDDEN:
        return SAY("Your role in this session does not do that.");
    case STATUS_BAD_STATE:
        return SAY("That is not possible at this moment of the session.");
    case STATUS_PAUSED:
        return SAY("The session is paused.");
    case STATUS_ENDED:
        return SAY("The session has ended.");
    case STATUS_PURGED:
        return SAY("The session has been deleted.");
    case STATUS_NOT_ADMITTED:
        return SAY("You have not been let in yet.");
    case STATUS_REMOVED:
        return SAY("You, or the person meant, are not in this session any more.");
    case STATUS_UNREACHABLE:
        return SAY("There is no connection to the server; try again when it is back.");
    case STATUS_CONFLICT:
        return SAY("Something changed in the meantime; look again.");
    case STATUS_UNKNOWN:
    case STATUS_NOT_FOUND:
        return SAY("There is no such step, person or text here.");
    case STATUS_TOO_LONG:
        return SAY("That is too long to send.");
    case STATUS_MALFORMED:
        return SAY("That holds characters that are not text.");
    case STATUS_UNSUPPORTED:
        return SAY("This version of kring cannot do that yet.");
    case STATUS_FULL:
        return SAY("The session holds all it can of that.");
    case STATUS_EXPIRED:
        return SAY("This invite has expired; ask for a new one.");
    case STATUS_USED_UP:
        return SAY("This invite has been used already; ask for one of your own.");
    case STATUS_NO_SPACE:
        return SAY("The disk is full; nothing was written.");
    case STATUS_BUSY:
        return SAY("Another program is using it.");
    case STATUS_PERMISSION:
        return SAY("This file or directory may not be read or written by you.");
    case STATUS_TIMEOUT:
        return SAY("The server did not answer in time.");
    case STATUS_USAGE:
        return SAY("What was given does not fit here.");
    case STATUS_VERSION:
        return SAY("The other side speaks a version that this program does not know.");
    case STATUS_CRYPTO:
    case STATUS_BAD_SIGNATURE:
    case STATUS_BAD_KEY:
        return SAY("A key or signature does not hold.");
    case STATUS_STALE_EPOCH:
    case STATUS_DUPLICATE:
    case STATUS_BAD_SEEN:
    case STATUS_BAD_SLOTS:
    case STATUS_SHORT:
        return SAY("The server refused it as malformed; this should not happen.");
    case STATUS_EXISTS:
        return SAY("It exists already.");
    case STATUS_CANCELLED:
        return SAY("It was called off.");
    case STATUS_NOMEM:
        return SAY("There is no memory left.");
    case STATUS_IO:
        return SAY("Reading or writing failed.");
    }
    return SAY("Reading or writing failed.");
}

const char *words_of_deleted(void)
{
    return SAY(
        "It was saved, but the session ended before it was shared. The server has deleted "
        "it; you can copy it.");
}

const char *words_of_not_sent(enum status status)
{
    if (status == STATUS_ENDED) {
        return SAY(
            "The session ended before it was sent. It stays on this device; you can copy "
            "it.");
    }
    if (status == STATUS_REMOVED || status == STATUS_FORBIDDEN) {
        return SAY("You may not answer here any more. It stays on this device; you can copy "
                   "it.");
    }
    if (status == STATUS_PURGED) {
        return SAY(
            "The session has been deleted. It stays on this device until you forget it.");
    }
    if (status == STATUS_CANCELLED) {
        return SAY(
            "You kept it back. It stays on this device; you can copy it or say it in the "
            "talk.");
    }
    if (status == STATUS_EXISTS) {
        return SAY(
            "The step was shared before it was sent. It stays on this device; you can say "
            "it in the talk.");
    }
    return SAY("The step was closed before it was sent. It stays on this device; it is sent if "
               "the step opens again, or you can say it in the talk.");
}

static const char *words_of_creating(enum status status)
{
    if (status == STATUS_EXPIRED) {
        return SAY("This ticket has expired; ask the server's keeper for a new one.");
    }
    if (status == STATUS_USED_UP) {
        return SAY("This ticket has been used; ask the server's keeper for a new one.");
    }
    if (status == STATUS_NO_SPACE) {
        return SAY("The server's disk is full; its keeper must make room first.");
    }
    return SAY("The server does not take this ticket; ask its keeper for a new one.");
}

const char *words_of_entering(enum status status, bool creates)
{
    if (status == STATUS_BUSY || status == STATUS_IO || status == STATUS_NOMEM) {
        return SAY("The server cannot let anybody in just now; this goes on trying.");
    }
    if (creates) {
        return words_of_creating(status);
    }
    if (status == STATUS_NOT_FOUND || status == STATUS_PURGED) {
        return SAY("The server does not have this session (any more). What is on this device "
                   "stays there.");
    }
    if (status == STATUS_REMOVED) {
        return SAY("You are not in this session any more.");
    }
    if (status == STATUS_UNKNOWN || status == STATUS_BAD_SIGNATURE ||
        status == STATUS_FORBIDDEN) {
        return SAY("The server does not know this invite. If its session is being made just "
                   "now, try again in a minute; else ask for a new one.");
    }
    if (status == STATUS_BAD_SEEN) {
        return SAY("The server does not know the history that this device holds.");
    }
    return words_of_status(status);
}

const char *words_of_closing(enum status status)
{
    if (status == STATUS_OK) {
        return SAY("The server said goodbye.");
    }
    if (status == STATUS_EXISTS) {
        return SAY("You opened this session somewhere else; this connection is closed.");
    }
    if (status == STATUS_REMOVED || status == STATUS_PURGED) {
        return words_of_status(status);
    }
    if (status == STATUS_TIMEOUT) {
        return SAY("The connection was too slow for the server; it is made anew.");
    }
    if (status == STATUS_CANCELLED || status == STATUS_UNREACHABLE) {
        return SAY("The server stops or restarts; the connection comes back by itself.");
    }
    return SAY("The server closed the connection.");
}

const char *words_of_server(enum status status)
{
    if (status == STATUS_NO_SPACE) {
        return SAY("The server's disk is full: it keeps nothing new. What you wrote stays here "
                   "and is sent when there is room.");
    }
    return SAY("The server could not keep it just now; it is sent again in a moment.");
}

const char *words_of_role(enum role role)
{
    switch (role) {
    case ROLE_REMOVED:
        return SAY("removed");
    case ROLE_FACILITATOR:
        return SAY("facilitator");
    case ROLE_OBSERVER:
        return SAY("observer");
    case ROLE_PARTICIPANT:
        return SAY("participant");
    case ROLE_CASE_GIVER:
        return SAY("case-giver");
    }
    return "";
}

const char *words_of_preferred(void)
{
    return SAY("the guide's choice");
}

const char *words_of_form(enum form form)
{
    switch (form) {
    case FORM_READ:
        return SAY("read");
    case FORM_QUESTION:
        return SAY("question");
    case FORM_CHOICE:
        return SAY("choice");
    case FORM_TABLE:
        return SAY("form");
    case FORM_COMPLETION:
        return SAY("completion");
    case FORM_PERSPECTIVES:
        return SAY("perspectives");
    case FORM_COMPARISON:
        return SAY("comparison");
    case FORM_DISCUSSION:
        return SAY("discussion");
    case FORM_COMMITMENT:
        return SAY("commitment");
    case FORM_AGREEMENT:
        return SAY("agreement");
    case FORM_FOLLOW_UP:
        return SAY("follow-up");
    case FORM_REPORT:
        return SAY("report");
    }
    return "";
}

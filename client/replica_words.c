/* Faults of a server as sentences for people. */
#include <stdio.h>

#include "client/replica.h"
#include "client/say.h"

static const char *sentence(enum replica_fault fault)
{
    switch (fault) {
    case REPLICA_SOUND:
        return "";
    case REPLICA_FORK:
        return SAY("The server shows this device another history of the session than it showed "
                   "before, or than it shows others. Tell the others on the call.");
    case REPLICA_BEHIND:
        return SAY("The server has lost entries that this device holds: it was probably put "
                   "back from a backup.");
    case REPLICA_GAP:
        return SAY("The server left out entries, or sent them in another order.");
    case REPLICA_OTHER_GENESIS:
        return SAY("The server shows another session than the one you were invited to.");
    case REPLICA_REPEATED_ID:
        return SAY("The server shows the same entry twice.");
    case REPLICA_LOST_ACK:
        return SAY("Something that the server said it had kept is not there. What you wrote is "
                   "still on this device.");
    case REPLICA_TIME_BACK:
        return SAY("Time runs backwards in what the server shows.");
    case REPLICA_REFUSED:
        return SAY("The server let through something that the rules of the session forbid.");
    case REPLICA_FORGED:
        return SAY("The server shows something that was not signed by its author.");
    case REPLICA_BAD_RELEASE:
        return SAY("The answers that were shared are not the ones that were counted: some were "
                   "left out, or added.");
    case REPLICA_WRONG_STEP_KEY:
        return SAY("A step was opened under a key that is not the facilitators': answers to it "
                   "may be read before they are shared. Ask who opened it.");
    case REPLICA_TOO_NEW:
        return SAY("This session uses something that this version of kring does not know. "
                   "Install a newer version to go on.");
    case REPLICA_MALFORMED:
        return SAY("The server sent something that is no entry of a session.");
    }
    return "";
}

void replica_explain(const struct replica_trouble *trouble, char *out, size_t size)
{
    const char *after = SAY("Nothing is sent any more. What you have can still be read and "
                            "exported.");

    if (size == 0) {
        return;
    }
    if (trouble->fault == REPLICA_SOUND) {
        out[0] = '\0';
    } else if (trouble->fault == REPLICA_WRONG_STEP_KEY) {
        (void)snprintf(out, size, "%s", sentence(trouble->fault)); /* one may go on */
    } else if (trouble->fault == REPLICA_BEHIND) {
        (void)snprintf(out, size, SAY("%s Entries lost: %lu. %s"), sentence(trouble->fault),
                       (unsigned long)trouble->lost, after);
    } else {
        (void)snprintf(out, size, SAY("%s (Entry %lu.) %s"), sentence(trouble->fault),
                       (unsigned long)trouble->index, after);
    }
}

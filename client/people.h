/* client/people.h -- who is meant by the names at the beginning of what somebody typed: "Bram
 * de Wit, 3: hello". Pure.
 *
 * The names of the circle come first, the longest that fits; then numbers; then beginnings of
 * names, in whole words ("Bram"). Case does not matter. Whoever is meant twice is in the list
 * once, and where it could be one of several nobody is. */
#ifndef CLIENT_PEOPLE_H
#define CLIENT_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include "client/model.h"
#include "common/limits.h"
#include "common/status.h"

struct people {
    uint16_t count;
    uint16_t at[RECIPIENTS_MAX]; /* numbers of members */
};

/* Reads one name or several, with commas between them and perhaps a colon at the end, of who is
 * in this state. *rest_out: what follows them, without spaces before it.
 * `command` is what is written before a name, for advice ("/message"); NULL: nothing is.
 * Errors: STATUS_USAGE (nobody, or which of several; `detail`, `size` bytes, says so in a
 * sentence), STATUS_FULL (too many, likewise). */
MUST_CHECK enum status people_read(const struct model *model, enum member_state state,
                                   const char *text, const char *command,
                                   struct people *people_out, const char **rest_out,
                                   char *detail, size_t size);

#endif

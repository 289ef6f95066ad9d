/* common/permission.h -- the permission table: who may append what, when, where it goes, and
 * under which locks. It exists once, as data: the core decides with it, PROTOCOL.md prints it
 * (permission_print), the tests walk it. */
#ifndef COMMON_PERMISSION_H
#define COMMON_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/numbers.h"
#include "common/session.h"

/* A row: one kind, or one verb of `pace`. Sets are bit masks: bit n is number n of its enum. */
struct permission {
    enum kind kind;
    int verb; /* 0: the kind has none */
    const char *label;
    uint32_t roles; /* of admitted members; bit 0 (ROLE_REMOVED): a device that is no member */
    uint32_t sessions; /* enum session_state */
    uint32_t steps;    /* enum step_state; 0: the header's step must be 0 */
    enum stream stream;
    uint32_t
        locks_by_name[NAME_COUNT]; /* locks allowed for each name; 0: the name is refused */
    bool body_required;
    bool body_allowed;
};

extern const struct permission permission_table[];
extern const size_t permission_count;

/* The row for a kind (and verb, for `pace`); NULL when there is none. */
const struct permission *permission_find(enum kind kind, int verb);

/* Prints the table as Markdown, as it stands in PROTOCOL.md. */
void permission_print(FILE *out);

#endif

/* common/permission.h -- the permission table: who may append what, when, where it goes, and
 * under which locks. It exists once, as data: the core decides with it, PROTOCOL.md prints it
 * (permission_print), the tests walk it.
 *
 * What one row cannot say (whose turn by the step's `who`, which version is replaced) is the
 * kind's own rule in common/session_rules.h; a row never allows less than the rule needs. */
#ifndef COMMON_PERMISSION_H
#define COMMON_PERMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/numbers.h"
#include "common/session.h"

enum {
    /* In `roles`, beside the bit of each role: the assigned scribe, whatever the role. */
    PERMISSION_SCRIBE = 1 << ROLE_COUNT,
    /* In `steps`, beside the bit of each state. */
    PERMISSION_STEPLESS = 1 << STEP_STATE_COUNT,       /* the header's step may be 0 */
    PERMISSION_NEW_STEP = 1 << (STEP_STATE_COUNT + 1), /* it may be a step not there yet */
};

/* A row: one kind, or one verb of `pace`, or one assignment of `assign`. Sets are bit masks:
 * bit n is number n of its enum. */
struct permission {
    enum kind kind;
    int verb; /* pace: enum verb; assign: enum assignment; else 0 */
    const char *label;
    uint32_t roles;    /* of admitted members; bit 0 (ROLE_REMOVED): a device, no member yet */
    uint32_t sessions; /* enum session_state */
    uint32_t steps;    /* enum step_state of the header's step, and the two above */
    enum stream stream;
    uint32_t locks_by_name[NAME_COUNT]; /* locks allowed for each name; 0: name refused */
    bool body_required;
    bool body_allowed;
};

extern const struct permission permission_table[];
extern const size_t permission_count;

/* The row for a kind (and verb, as in the table); NULL when there is none. */
const struct permission *permission_find(enum kind kind, int verb);

/* Prints the table as Markdown, as it stands in PROTOCOL.md. */
void permission_print(FILE *out);

#endif

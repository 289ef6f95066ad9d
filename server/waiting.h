/* server/waiting.h -- the answers of one session that wait for their release, outside the log
 * and outside every stream: one row per step, author and whom it is on behalf of, replaced by
 * each edit. What an edit replaced is gone.
 *
 * Their ids count as held. At release they leave in order of id, which is random, so that the
 * order says nothing. Cannot read any of them. */
#ifndef SERVER_WAITING_H
#define SERVER_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"

struct waiting_row {
    uint16_t step;
    uint16_t member; /* whose it is, of anonymous ones too; forgotten at release */
    uint8_t behalf;
    uint32_t edit;    /* 0: anonymous */
    uint64_t time_ms; /* of its arrival */
    uint8_t id[ID_BYTES];
    uint8_t hash[HASH_BYTES]; /* H(entry) */
    struct bytes entry;       /* owned by the table */
};

struct waiting {
    struct waiting_row *rows; /* owned; by step, member, behalf */
    size_t count;
    size_t capacity;
};

/* A zeroed table is empty. */
void waiting_finish(struct waiting *waiting);

/* NULL when there is none; borrowed until the table changes. */
const struct waiting_row *waiting_find(const struct waiting *waiting, uint16_t step,
                                       uint16_t member, uint8_t behalf);
const struct waiting_row *waiting_find_id(const struct waiting *waiting, const uint8_t *id);
/* The member's row that comes after this place, in order of step and behalf. */
const struct waiting_row *waiting_after(const struct waiting *waiting, uint16_t member,
                                        uint16_t step, uint8_t behalf);
uint32_t waiting_count_of(const struct waiting *waiting, uint16_t member);
bool waiting_answered(const struct waiting *waiting, uint16_t step, uint16_t member);

/* May this row come, or replace what stands in its place? Errors: STATUS_CONFLICT (its edit is
 * not above the one held), STATUS_FULL (the step's answers would not fit a release). */
MUST_CHECK enum status waiting_decide(const struct waiting *waiting,
                                      const struct waiting_row *row);
/* Puts a row in; its entry is copied. Errors: STATUS_NOMEM; then unchanged. */
MUST_CHECK enum status waiting_put(struct waiting *waiting, const struct waiting_row *row);

void waiting_drop_step(struct waiting *waiting, uint16_t step);
void waiting_drop_member(struct waiting *waiting, uint16_t member);

/* The rows of a step in order of id, at least `count_min` or none: an array the caller frees
 * (NULL with none), of rows borrowed until the table changes. Errors: STATUS_NOMEM. */
MUST_CHECK enum status waiting_collect(const struct waiting *waiting, uint16_t step,
                                       size_t count_min, const struct waiting_row ***rows_out,
                                       size_t *count_out);

#endif

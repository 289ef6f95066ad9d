/* client/faces/notes.h -- what there is to tell a person, in short lines, until it has been
 * told: held while they type, gathered where one line says it all, and kept for a while, so
 * that it can be read again.
 *
 * A bounded ring: the oldest goes first. Pure. */
#ifndef CLIENT_FACES_NOTES_H
#define CLIENT_FACES_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

enum { NOTES_MAX = 200 };

/* What to show after the lines have been said. */
enum note_show {
    NOTE_SHOW_NOTHING,
    NOTE_SHOW_STEP,
    NOTE_SHOW_SHARED,
    NOTE_SHOW_PASSAGE,
    NOTE_SHOW_GATE
};

struct note {
    uint64_t time_ms;
    uint32_t key; /* a note that is not said yet is replaced by a newer one with the same key;
                     0: never */
    enum note_show show;
    uint16_t step;
    char *text; /* owned; may hold several lines */
    bool told;
    bool read; /* in /new, or told */
};

struct notes {
    size_t first;
    size_t count;
    struct note ring[NOTES_MAX];
};

void notes_finish(struct notes *notes);

/* Adds a copy of it. Errors: STATUS_NOMEM. */
MUST_CHECK enum status notes_add(struct notes *notes, const struct note *note);
/* Takes a note that is not told yet out again: it is true no more. */
void notes_drop(struct notes *notes, uint32_t key);

/* By age: 0 is the oldest; NULL beyond the newest. */
struct note *notes_at(struct notes *notes, size_t at);
/* How many are not told. */
size_t notes_untold(const struct notes *notes);

#endif

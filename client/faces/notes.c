#include "client/faces/notes.h"

#include <stdlib.h>
#include <string.h>

static struct note *at(struct notes *notes, size_t i)
{
    return &notes->ring[(notes->first + i) % NOTES_MAX];
}

void notes_finish(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        free(at(notes, i)->text);
    }
    notes->count = 0;
}

struct note *notes_at(struct notes *notes, size_t i)
{
    return i < notes->count ? at(notes, i) : NULL;
}

size_t notes_untold(const struct notes *notes)
{
    size_t untold = 0;

    for (size_t i = 0; i < notes->count; i++) {
        untold += notes->ring[(notes->first + i) % NOTES_MAX].told ? 0 : 1;
    }
    return untold;
}

void notes_drop(struct notes *notes, uint32_t key)
{
    size_t kept = 0;

    for (size_t i = 0; i < notes->count; i++) {
        struct note *note = at(notes, i);

        if (key != 0 && note->key == key && !note->told) {
            free(note->text);
        } else {
            *at(notes, kept++) = *note;
        }
    }
    notes->count = kept;
}

enum status notes_add(struct notes *notes, const struct note *note)
{
    char *text = strdup(note->text);
    struct note *place;

    if (text == NULL) {
        return STATUS_NOMEM;
    }
    notes_drop(notes, note->key);
    if (notes->count == NOTES_MAX) {
        free(at(notes, 0)->text);
        notes->first = (notes->first + 1) % NOTES_MAX;
        notes->count--;
    }
    place = at(notes, notes->count++);
    *place = *note;
    place->text = text;
    return STATUS_OK;
}

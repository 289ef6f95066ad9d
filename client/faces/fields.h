/* client/faces/fields.h -- what is filled in at a step, field by field: a question's items, the
 * number and reason of a choice, the what and when of a commitment, a note, a report. One place
 * for all faces. Pure. */
#ifndef CLIENT_FACES_FIELDS_H
#define CLIENT_FACES_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/model.h"

/* What this person would write at a step now. */
enum fields_kind {
    FIELDS_NONE,
    FIELDS_ANSWER,
    FIELDS_NOTE,   /* the shared note */
    FIELDS_REPORT, /* the observer's */
};

/* By form, role and state: only at a step that is open, or for a note not yet released. */
enum fields_kind fields_kind(const struct model *model, const struct model_step *step);

/* Texts to fill in, from 1 to CONTENT_FIELDS_MAX; a choice's number comes apart from them. */
uint16_t fields_count(const struct model_step *step);
bool fields_has_option(const struct model_step *step);

/* What a field is called where it is asked ("3a", "by when"): at most FIELDS_NAME_BYTES. */
enum { FIELDS_NAME_BYTES = 48 };
void fields_name(const struct model_step *step, enum fields_kind kind, uint16_t field,
                 char out[FIELDS_NAME_BYTES]);

/* One's own answer at a step, NULL: none. */
const struct model_own *fields_own(const struct model_step *step);
/* Is anything written in it? */
bool fields_any(const struct model_own *own);

#endif

/* client/guide/shapes.h -- the tables of the guide's and the case's keys. Data only. */
#ifndef CLIENT_GUIDE_SHAPES_H
#define CLIENT_GUIDE_SHAPES_H

#include "client/guide/shape.h"

extern const struct shape shapes_guide;  /* struct guide */
extern const struct shape shapes_slot;   /* struct guide_slot, the key is its id */
extern const struct shape shapes_choice; /* struct guide_choice, the key is its id */
extern const struct shape shapes_case;   /* struct case_file */

extern const char *const shapes_languages[];
extern const char *const shapes_kinds[];
extern const char *const shapes_whos[];
extern const char *const shapes_works[];
extern const char *const shapes_shares[];

#endif

/* client/guide/check_names.h -- every name a guide declares, to look ids up in. Internal to
 * check. */
#ifndef CLIENT_GUIDE_CHECK_NAMES_H
#define CLIENT_GUIDE_CHECK_NAMES_H

#include "client/guide/guide.h"

enum check_kind { /* bits, so that a reference can say what it may lead to */
                  CHECK_PHASE = 1,
                  CHECK_STEP = 2,
                  CHECK_LIST = 4,
                  CHECK_BACKGROUND = 8,
                  CHECK_MATERIAL =
                      16, /* the guide's own, or a slot that a step reads or compares */
                  CHECK_NEED = 32, /* a slot that something needs: a material or a choice */
                  CHECK_CHOICE = 64,
                  CHECK_EXPLANATION = 128,
};

struct check_name {
    const char *id; /* borrowed from the guide */
    enum check_kind kind;
    struct place place;
    uint32_t order; /* as declared; of steps, the guide's order */
};

struct check_names {
    struct check_name *at; /* sorted by id, then order */
    uint32_t count;
};

/* Gathers them; the list lies in the guide's arena. Errors: STATUS_NOMEM. */
MUST_CHECK enum status check_names_gather(const struct guide *guide,
                                          struct check_names *names_out);

/* The first declared name with this id among kinds (bits); NULL when there is none. */
const struct check_name *check_names_find(const struct check_names *names, const char *id,
                                          unsigned kinds);

/* The name among kinds that is most like id; NULL when none is near, or when report is full:
 * nobody will read it then, and looking is slow. */
const char *check_names_suggest(const struct check_names *names, const char *id, unsigned kinds,
                                const struct report *report);

/* Reports two of one name space with the same id. */
void check_names_report_doubles(const struct check_names *names, const char *file,
                                struct report *report);

#endif

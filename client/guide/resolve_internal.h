/* client/guide/resolve_internal.h -- what the files of resolve share. For them only. */
#ifndef CLIENT_GUIDE_RESOLVE_INTERNAL_H
#define CLIENT_GUIDE_RESOLVE_INTERNAL_H

#include "client/guide/resolve.h"

struct resolver {
    struct resolved *resolved;
    const struct guide *guide;
    const struct case_file *case_file; /* NULL: none */
    const struct guide_route *route;   /* NULL: all */
    bool follows;
    uint32_t phase;      /* where we are */
    uint32_t label_last; /* the last number given in this phase */
    const char *section;
};

/* The case's, else the guide's; NULL when neither has it. from_case_out says whose. */
const char *resolve_material(const struct resolver *resolver, const char *slot,
                             bool *from_case_out);
const struct guide_choice *resolve_choice(const struct resolver *resolver, const char *slot,
                                          bool *from_case_out);
const char *resolve_explanation(const struct resolver *resolver, const char *slot,
                                bool *from_case_out);

/* The first of needs that neither case nor guide has; NULL when all are there. */
const struct guide_text *resolve_missing(const struct resolver *resolver,
                                         const struct guide_texts *needs);

/* Keeps what is missing; there is room for all that steps can lack. */
void resolve_lack(struct resolver *resolver, enum resolved_lack_kind kind,
                  const struct guide_step *step, const char *slot, struct place place);

/* Fills what stands beside step. Errors: STATUS_NOMEM. */
MUST_CHECK enum status resolve_beside(struct resolver *resolver,
                                      const struct guide_step *source,
                                      struct resolved_step *step);

#endif

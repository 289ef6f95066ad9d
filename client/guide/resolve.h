/* client/guide/resolve.h -- a guide and perhaps a case become the list of steps that are
 * played.
 *
 * Applies the rules of guide-format about what a case lacks, defaults, labels, what stands
 * beside what, and which steps unlock an explanation. The case's materials, choices and
 * explanations win over the guide's. Changes neither; borrows texts from both, so guide and
 * case must outlive the result. Opens no files, plays nothing.
 *
 * Each of these fits one text of a session (at most GUIDE_TEXT_BYTES_MAX together): what a step
 * says itself (title, section, text, items, rows, ...); the wording and options of a choice
 * (labels and texts); one consequence; an `after`; a material; an explanation; the lines of a
 * list. */
#ifndef CLIENT_GUIDE_RESOLVE_H
#define CLIENT_GUIDE_RESOLVE_H

#include "client/guide/case.h"
#include "client/guide/guide.h"

enum resolved_beside_kind {
    RESOLVED_MATERIAL, /* a text */
    RESOLVED_LIST,     /* guiding questions, attention points */
    RESOLVED_STEP,     /* what was released at an earlier step */
};

struct resolved_beside {
    enum resolved_beside_kind kind;
    const char *id;                  /* as written: of the material, list or step */
    const char *title;               /* of the step it was read or released at; may be NULL */
    const char *text;                /* RESOLVED_MATERIAL */
    const struct guide_texts *lines; /* RESOLVED_LIST */
    uint32_t step;                   /* RESOLVED_STEP: index in resolved.steps */
};

struct resolved_item {
    const char *label; /* "a", "b", ...; NULL for a field per person */
    const char *text;  /* Markdown; a person's name for a field per person */
};

/* NULL or 0 where there is none. */
struct resolved_step {
    const struct guide_step *source; /* for what only one kind has */
    uint32_t phase;                  /* index in the guide's phases */
    enum guide_kind kind;            /* as played: may differ from the source's */
    enum guide_who who;
    enum guide_work work;
    enum guide_share share;
    enum guide_talk talk;
    const char *id;
    const char *label; /* "1", "2", ... per phase for questions and choices, or the guide's */
    const char *title;
    const char *section; /* the heading that holds here, given at this step or before */
    const char *text;    /* the stem when there are items */
    const char *tip;     /* facilitator only */
    uint32_t minutes;
    struct resolved_item *items; /* a field each; none: one field */
    uint32_t item_count;
    struct resolved_beside *beside;
    uint32_t beside_count;
    const char *material_slot; /* read: also of a told portion */
    const char *material;      /* read: the text */
    bool told;                 /* a discussion in which the case-giver tells this portion */
    const struct guide_choice *choice; /* its text is shown under the step's */
    int32_t explanation;               /* index in resolved.explanations, -1: none */
    bool from_case; /* with two cases side by side this step runs per subgroup */
};

/* Unlocks when all its steps are released or skipped. */
struct resolved_explanation {
    const char *slot;
    const char *text;
    uint32_t *steps; /* indexes in resolved.steps, ascending */
    uint32_t step_count;
};

enum resolved_lack_kind {
    RESOLVED_LACK_MATERIAL,    /* step left out: its text is missing */
    RESOLVED_LACK_NEED,        /* step left out: what it needs is missing */
    RESOLVED_LACK_ITEM,        /* an item left out: what it needs is missing */
    RESOLVED_LACK_ALL_ITEMS,   /* step left out: none of its items is left */
    RESOLVED_LACK_PEOPLE,      /* step left out: nobody's perspective to take */
    RESOLVED_LACK_FORMER,      /* step left out: the session follows none */
    RESOLVED_LACK_OPTIONS,     /* a choice became an open question */
    RESOLVED_LACK_GROUP,       /* a field per person became one field */
    RESOLVED_LACK_BESIDE,      /* not shown beside */
    RESOLVED_LACK_EXPLANATION, /* not offered */
    RESOLVED_LACK_PORTION,     /* no case: told instead of read */
};

struct resolved_lack {
    enum resolved_lack_kind kind;
    const struct guide_step *step;
    const char *slot;   /* what is missing */
    struct place place; /* in the guide's file */
};

struct resolved {
    struct arena *arena;               /* owned, with the lists below */
    const struct guide *guide;         /* borrowed */
    const struct case_file *case_file; /* borrowed; NULL: without a case */
    struct resolved_step *steps;
    uint32_t step_count;
    struct resolved_explanation *explanations;
    uint32_t explanation_count;
    struct resolved_lack *lacks; /* what a route leaves out is no lack */
    uint32_t lack_count;
    uint32_t minutes; /* of all steps */
};

struct resolve_options {
    const char *route; /* id of a route of the guide; NULL: the whole */
    bool follows;      /* the session follows an earlier one */
};

/* case_file may be NULL: portions of a case are then told. options may be NULL: all defaults.
 * The caller owns *resolved_out: resolved_destroy(); NULL is fine there.
 * Errors: STATUS_NOT_FOUND (no such route), STATUS_NOMEM. No step left is no error here. */
MUST_CHECK enum status resolve_session(const struct guide *guide,
                                       const struct case_file *case_file,
                                       const struct resolve_options *options,
                                       struct resolved **resolved_out);
void resolved_destroy(struct resolved *resolved);

/* NULL when it is not played, not there, or not offered. */
const struct resolved_step *resolved_find_step(const struct resolved *resolved, const char *id);
const struct resolved_explanation *resolved_find_explanation(const struct resolved *resolved,
                                                             const char *slot);
const char *resolved_find_material(const struct resolved *resolved, const char *slot);
const struct guide_choice *resolved_find_choice(const struct resolved *resolved,
                                                const char *slot);

#endif

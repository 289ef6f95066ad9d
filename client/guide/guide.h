/* client/guide/guide.h -- a guide as plain structs: everything guide-format lets one write.
 *
 * Filled by guide_read(); read-only afterwards. All memory is the guide's arena. Texts know
 * where they stood, so that whoever finds something wrong can point. What a file leaves out is
 * a NULL text, an empty list, 0, or the enum's value that ends in _UNSET; the guide_step_...
 * functions say what then holds.
 *
 *   guide ── phases ── steps ── items, columns, rows
 *     └── concepts, background, lists, routes, materials, choices ── options, explanations
 */
#ifndef CLIENT_GUIDE_GUIDE_H
#define CLIENT_GUIDE_GUIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/guide/arena.h"
#include "client/guide/report.h"
#include "common/bytes.h"
#include "common/status.h"

enum {
    GUIDE_ID_BYTES_MAX = 40,
    GUIDE_LINE_BYTES_MAX = 500,
    GUIDE_TEXT_BYTES_MAX = 48000, /* also of all a step says itself, taken together */
    GUIDE_PHASES_MAX = 64,
    GUIDE_STEPS_MAX = 512, /* of all phases together */
    GUIDE_ITEMS_MAX = 26,  /* a to z */
    GUIDE_OPTIONS_MIN = 2,
    GUIDE_OPTIONS_MAX = 6,
    GUIDE_COLUMNS_MAX = 8,
    GUIDE_ROWS_MAX = 60,
    GUIDE_OWN_ROWS_MAX = 20,
    GUIDE_STARTERS_MAX = 40,
    GUIDE_REFERENCES_MAX = 16, /* of beside and needs */
    GUIDE_LINES_MAX = 80, /* of a list, watch, gate, attention: together they fit one text */
    GUIDE_LISTS_MAX = 64,
    GUIDE_SLOTS_MAX = 256, /* materials, choices, explanations, each */
    GUIDE_CONCEPTS_MAX = 64,
    GUIDE_BACKGROUND_MAX = 32,
    GUIDE_ROUTES_MAX = 16,
    GUIDE_LEAVE_OUT_MAX = 576, /* every phase and step */
    GUIDE_MINUTES_MAX = 600,
    GUIDE_PEOPLE_MIN = 2,
    GUIDE_PEOPLE_MAX = 500,
};

enum guide_language { GUIDE_LANGUAGE_UNSET, GUIDE_DUTCH, GUIDE_ENGLISH };

enum guide_kind {
    GUIDE_KIND_UNSET,
    GUIDE_READ,
    GUIDE_QUESTION,
    GUIDE_CHOICE,
    GUIDE_FORM,
    GUIDE_COMPLETION,
    GUIDE_PERSPECTIVES,
    GUIDE_COMPARISON,
    GUIDE_DISCUSSION,
    GUIDE_COMMITMENT,
    GUIDE_AGREEMENT,
    GUIDE_FOLLOW_UP,
    GUIDE_REPORT,
};

enum guide_who {
    GUIDE_WHO_UNSET,
    GUIDE_WHO_PARTICIPANTS, /* the case-giver is one */
    GUIDE_WHO_ALL,
    GUIDE_WHO_CASE_GIVER,
    GUIDE_WHO_OBSERVER,
};

enum guide_work {
    GUIDE_WORK_UNSET,
    GUIDE_WORK_INDIVIDUAL,
    GUIDE_WORK_PAIRS,
    GUIDE_WORK_GROUPS,
    GUIDE_WORK_PLENARY, /* one shared field */
};

enum guide_share {
    GUIDE_SHARE_UNSET,
    GUIDE_SHARE_NAMED,
    GUIDE_SHARE_ANONYMOUS,
    GUIDE_SHARE_PRIVATE,
    GUIDE_SHARE_GROUP,
    GUIDE_SHARE_GROUP_ONLY,
};

enum guide_talk {
    GUIDE_TALK_UNSET, /* nothing is said */
    GUIDE_TALK_PAIRS,
    GUIDE_TALK_GROUPS,
    GUIDE_TALK_PLENARY,
};

enum guide_column_type {
    GUIDE_COLUMN_UNSET,
    GUIDE_COLUMN_YESNO,
    GUIDE_COLUMN_YESNO_WHY,
    GUIDE_COLUMN_TEXT,
};

enum guide_assign {
    GUIDE_ASSIGN_UNSET,
    GUIDE_ASSIGN_DRAW,
    GUIDE_ASSIGN_HAND,
    GUIDE_ASSIGN_CHOOSE,
};

enum guide_notes { GUIDE_NOTES_UNSET, GUIDE_NOTES_FACILITATOR, GUIDE_NOTES_SCRIBE };

enum guide_observer {
    GUIDE_OBSERVER_UNSET,
    GUIDE_OBSERVER_REQUIRED,
    GUIDE_OBSERVER_ADVISED,
    GUIDE_OBSERVER_OPTIONAL,
};

struct guide_text {
    const char *text; /* UTF-8, NUL-terminated; NULL when left out */
    struct place place;
};

struct guide_texts {
    struct guide_text *at;
    uint32_t count;
    struct place place; /* line 0 when left out; a list given empty has a place */
};

struct guide_slot { /* a named text: a material or an explanation */
    struct guide_text id;
    struct guide_text text;
};

struct guide_slots {
    struct guide_slot *at;
    uint32_t count;
    struct place place;
};

struct guide_option {
    struct guide_text label;
    struct guide_text text;        /* before choosing */
    struct guide_text consequence; /* after release */
    bool preferred;                /* marked only after release */
};

struct guide_options {
    struct guide_option *at;
    uint32_t count;
    struct place place;
};

struct guide_choice {
    struct guide_text id; /* its slot */
    struct guide_text text;
    struct guide_options options;
    struct guide_text after; /* once, after all consequences */
};

struct guide_choices {
    struct guide_choice *at;
    uint32_t count;
    struct place place;
};

struct guide_list {
    struct guide_text id;
    struct guide_texts lines;
};

struct guide_lists {
    struct guide_list *at;
    uint32_t count;
    struct place place;
};

struct guide_item {
    struct guide_text text;
    struct guide_texts needs;
};

struct guide_items {
    struct guide_item *at;
    uint32_t count;
    struct place place;
};

struct guide_column {
    struct guide_text id;
    struct guide_text title;
    enum guide_column_type type;
};

struct guide_columns {
    struct guide_column *at;
    uint32_t count;
    struct place place;
};

struct guide_row {
    struct guide_text text;
    struct guide_text hint;
};

struct guide_rows {
    struct guide_row *at;
    uint32_t count;
    struct place place;
};

struct guide_own_rows {
    uint32_t max; /* 0: none */
    struct guide_text prompt;
};

struct guide_step {
    struct place place;
    struct guide_text id;
    enum guide_kind kind;
    struct guide_text title;
    struct guide_text section;
    struct guide_text label; /* "none" suppresses it */
    struct guide_text text;
    struct guide_text tip; /* facilitator only */
    uint32_t minutes;
    enum guide_who who;
    struct guide_texts needs;
    struct guide_texts beside;
    enum guide_work work;
    enum guide_share share;
    enum guide_talk talk;
    struct guide_text explanation;
    /* read */
    struct guide_text material;
    struct guide_text ask;
    bool recap;
    /* question, comparison, discussion */
    struct guide_items items;
    struct guide_text per; /* "people" or a group of them */
    /* choice */
    struct guide_text choice;
    struct guide_text reason;
    /* form */
    struct guide_text row_title;
    struct guide_columns columns;
    struct guide_rows rows;
    struct guide_own_rows own_rows;
    /* completion */
    struct guide_texts starters;
    /* perspectives */
    enum guide_assign assign;
    struct guide_text prompts; /* a list's id */
    /* comparison */
    struct guide_texts materials; /* two slots */
    /* discussion */
    enum guide_notes notes;
};

struct guide_steps {
    struct guide_step *at;
    uint32_t count;
    struct place place;
};

struct guide_attention { /* either lines, or the id of a list */
    struct guide_texts lines;
    struct guide_text list;
};

struct guide_phase {
    struct place place;
    struct guide_text id;
    struct guide_text title;
    struct guide_text goal;
    struct guide_attention attention;
    struct guide_text tips; /* facilitator only */
    struct guide_texts detours;
    struct guide_steps steps;
};

struct guide_phases {
    struct guide_phase *at;
    uint32_t count;
    struct place place;
};

struct guide_concept {
    struct guide_text term;
    struct guide_text text;
};

struct guide_concepts {
    struct guide_concept *at;
    uint32_t count;
    struct place place;
};

struct guide_background {
    struct guide_text id;
    struct guide_text title;
    struct guide_text text;
};

struct guide_backgrounds {
    struct guide_background *at;
    uint32_t count;
    struct place place;
};

struct guide_route {
    struct guide_text id;
    struct guide_text title;
    struct guide_texts leave_out;
};

struct guide_routes {
    struct guide_route *at;
    uint32_t count;
    struct place place;
};

struct guide_source {
    struct guide_text authors;
    struct guide_text licence;
    struct guide_text contact;
};

struct guide_people {
    uint32_t min; /* 0: left out */
    uint32_t max;
    enum guide_observer observer;
    struct place place;
};

struct guide_roles {
    struct guide_text facilitator;
    struct guide_text observer;
    struct guide_text participant;
    struct guide_text case_giver;
};

struct guide {
    struct arena *arena; /* owned, with everything below */
    const char *file;    /* as findings name it */
    struct guide_text id;
    enum guide_language language;
    struct guide_text title;
    struct guide_text summary;
    struct guide_source source;
    struct guide_people people;
    struct guide_roles roles;
    struct guide_text preparation; /* facilitator only */
    struct guide_texts gate;
    struct guide_concepts concepts;
    struct guide_backgrounds background;
    struct guide_lists lists;
    struct guide_texts watch;
    struct guide_routes routes;
    struct guide_slots materials;
    struct guide_choices choices;
    struct guide_slots explanations;
    struct guide_phases phases;
};

/* Reads and checks a guide: the file by itself (keys, types, lengths) and then the rules
 * between its parts (check_guide()). file is the name for findings. The caller owns *guide_out:
 * guide_destroy(); NULL is fine there.
 * Errors: STATUS_MALFORMED, STATUS_TOO_LONG, with findings in report; STATUS_NOMEM. Findings
 * that are no errors may stand in report on success too. */
MUST_CHECK enum status guide_read(struct bytes bytes, const char *file, struct report *report,
                                  struct guide **guide_out);
void guide_destroy(struct guide *guide);

/* As guide_read(), from a path. Errors: those and STATUS_NOT_FOUND, STATUS_IO. */
MUST_CHECK enum status guide_load(const char *path, struct report *report,
                                  struct guide **guide_out);

/* The words of the format, such as "follow-up", "group-only", "nl"; NULL for _UNSET. */
const char *guide_kind_word(enum guide_kind kind);
const char *guide_who_word(enum guide_who who);
const char *guide_work_word(enum guide_work work);
const char *guide_share_word(enum guide_share share);
const char *guide_language_word(enum guide_language language);

/* What holds for a step, with the defaults of its kind; never _UNSET. */
enum guide_who guide_step_who(const struct guide_step *step);
enum guide_work guide_step_work(const struct guide_step *step);
enum guide_share guide_step_share(const struct guide_step *step);

/* Does anybody but the scribe write an answer at this kind of step? */
bool guide_kind_is_answered(enum guide_kind kind);

/* By id or slot; NULL when there is none. */
const struct guide_phase *guide_find_phase(const struct guide *guide, const char *id);
const struct guide_step *guide_find_step(const struct guide *guide, const char *id);
const struct guide_list *guide_find_list(const struct guide *guide, const char *id);
const struct guide_background *guide_find_background(const struct guide *guide, const char *id);
const struct guide_route *guide_find_route(const struct guide *guide, const char *id);
const struct guide_slot *guide_find_slot(const struct guide_slots *slots, const char *id);
const struct guide_choice *guide_find_choice(const struct guide_choices *choices,
                                             const char *id);

/* The lines pinned during a phase, its own or a list's; NULL when there are none. */
const struct guide_texts *guide_phase_attention(const struct guide *guide,
                                                const struct guide_phase *phase);

/* Does a list of ids name this one? */
bool guide_texts_have(const struct guide_texts *texts, const char *id);

#endif

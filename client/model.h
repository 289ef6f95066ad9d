/* client/model.h -- what this person sees: the replica, this device's own work, and what the
 * server says about the moment, folded into plain structs. Pure: no I/O, clock or randomness.
 *
 * A model is built whole from its sources whenever something changed, and read-only. Faces draw
 * from it and keep nothing of it: every pointer is good until the next member_model() (one
 * arena owns them all). Strings are NUL-terminated UTF-8 and never NULL unless said; control
 * characters other than line breaks are taken out, so that no member can drive another's
 * terminal. Text written by guides is Markdown (`md`); text written by people is plain. */
#ifndef CLIENT_MODEL_H
#define CLIENT_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "client/replica.h"
#include "common/session.h"
#include "protocol/content.h"

enum model_standing {
    STANDING_OUTSIDE, /* nothing sent yet, or no server reached yet */
    STANDING_LOBBY,   /* registered, not let in yet */
    STANDING_MEMBER,
    STANDING_REMOVED,
};

/* Why one still waits in the lobby. */
enum model_lobby { LOBBY_UNKNOWN, LOBBY_AGREEMENT, LOBBY_NO_FACILITATOR };

/* The states of an answer, the same words everywhere. */
enum answer_state {
    ANSWER_NONE,
    ANSWER_TYPING,   /* a draft on this device, where it can still be sent */
    ANSWER_WAITING,  /* submitted; kept and sent when the connection is back */
    ANSWER_SAVED,    /* durable on the server, hidden from all, can be changed */
    ANSWER_SHARED,   /* released */
    ANSWER_NOT_SENT, /* stays on this device; `reason` says why */
    ANSWER_KEPT,     /* a private step: stays on this device by design */
};

/* "typing", "saved", ... in the language of the interface. */
const char *answer_state_word(enum answer_state state);

struct model_lines {
    uint16_t count;
    const char **at;
};

struct model_term { /* a concept; a role's text */
    const char *term;
    const char *md;
    enum role role; /* of a role's text; else 0 */
};

struct model_text { /* a material, background text, list or explanation */
    uint16_t number;
    bool given; /* to everyone; facilitators see the others too */
    enum text_type type;
    uint16_t step; /* it belongs to; 0: none */
    const char *title;
    const char *md;           /* empty for a list */
    struct model_lines lines; /* of a list */
    const char *trouble;      /* NULL, or "unreadable, by X" */
};

struct model_texts {
    uint16_t count;
    const struct model_text **at;
};

struct model_member {
    uint16_t number;
    enum member_state state;
    enum role role;
    const char *name; /* as they call themselves, or "member 3"; with their number behind it
                         where two people bear that name: "Aisha (7)" */
    bool namesake;    /* it is; or could be taken for such a one */
    bool named;       /* the name is theirs */
    bool renamed;     /* to facilitators: another name than the one they joined under */
    bool present;
    bool me;
    bool confirmed; /* the gate */
    uint32_t marks; /* at the group's step, to facilitators: enum message_marks */
    uint64_t joined_ms;
    uint64_t admitted_ms; /* 0: not */
};

struct model_item {
    const char *label; /* "3a"; empty: none */
    const char *md;
};

struct model_option {
    uint16_t number; /* from 1 */
    const char *label;
    const char *md;
    uint32_t tally; /* after release */
    /* after release, once the consequences have been given out; else NULL */
    const char *consequence;
    bool preferred;
};

struct model_answer { /* released: what everyone sees */
    uint16_t author;  /* 0: anonymous */
    const char *author_name;
    uint8_t behalf;
    uint16_t field_count;
    const char **fields;
    uint16_t option; /* 0: none */
    bool mine;
    bool left_out; /* of the report, by its author */
    const uint8_t *id;
    const char *trouble; /* NULL, or "unreadable, by X"; then no fields */
};

struct model_own { /* one's own answer, for oneself or for somebody without a device */
    uint8_t behalf;
    enum answer_state state;
    const char *reason; /* ANSWER_NOT_SENT: why; else empty */
    uint16_t field_count;
    const char **fields; /* the draft if there is one, else what was submitted */
    uint16_t option;
    bool draft_differs; /* something is typed that was not submitted */
    uint32_t edit;
    uint64_t saved_ms;
};

struct model_note { /* the shared note of a step */
    const uint8_t *id;
    uint16_t author;
    const char *author_name;
    uint64_t time_ms;
    const char *text;
    const char *trouble; /* NULL, or "unreadable, by X" */
};

struct model_counts {
    uint32_t answered, done, ready, more_time, question, writing;
    uint32_t expected; /* members whose answer is asked here */
};

struct model_mark { /* to facilitators: who did what at a step */
    uint16_t member;
    const char *name;
    uint32_t marks; /* enum message_marks, added up */
    bool expected;
};

struct model_step {
    uint16_t number;   /* the skeleton's */
    uint16_t position; /* 1, 2, 3, ... in the order of the guide */
    struct step_plan plan;
    enum step_state state;
    bool here;  /* the group is at this step */
    bool shown; /* its prompt can be read */
    uint16_t phase;
    const char *title; /* empty while not shown; facilitators always know it */
    const char *section;
    const char *label;
    const char *md;
    const char *audience; /* who will see what one writes here */
    uint16_t minutes;
    enum talk talk;
    uint16_t item_count;
    struct model_item *items; /* fields to fill; never fewer than 1 where there is an answer */
    const char *reason;       /* choice: the prompt of the reason */
    uint16_t option_count;
    struct model_option *options;
    struct model_texts texts;  /* what is read here */
    struct model_texts beside; /* shown next to it */
    struct content_numbers beside_steps;

    bool may_answer; /* this person's answer is asked */
    bool may_note;   /* this person may write the shared note */
    bool done;       /* marked so by this person */
    uint16_t own_count;
    struct model_own *own; /* in order of behalf; own[0] is one's own where may_answer */

    struct model_counts counts;
    uint16_t mark_count;
    struct model_mark *marks;
    uint32_t last_call_seconds; /* 0: no last call goes out here */

    uint64_t opened_ms, released_ms; /* 0: not */
    uint32_t answer_count;
    struct model_answer *answers;         /* shuffled, the same way every time */
    const char *after;                    /* consequences: once, after all; or empty */
    const struct model_text *explanation; /* NULL until unlocked */
    uint32_t note_count;
    struct model_note *notes; /* versions, the latest last */
    const char *note_kept;    /* own text that lost a conflict; or NULL */
    const char *tip;          /* facilitators; else empty */
};

struct model_phase {
    uint16_t number;
    bool shown;
    const char *title;
    const char *goal;
    struct model_lines attention;
    const char *tip; /* facilitators; else empty */
};

struct model_said { /* a report, a parked remark, a message, something jotted down */
    uint64_t index; /* messages: of the own stream; else public; jottings: their number */
    uint64_t time_ms;
    uint16_t step; /* the group was on, or the remark is for */
    uint16_t author;
    const char *author_name;
    const char *to_names; /* messages: "Bram, Ayşe"; else empty */
    uint8_t to_count;
    const uint16_t *to;
    bool mine;
    const char *text;
    const char *trouble; /* NULL, or "unreadable, by X" */
};

struct model_agreement {
    const uint8_t *id;
    uint16_t author;
    const char *author_name;
    uint64_t time_ms;
    const char *text, *owner, *by_when, *process;
    const char *trouble;
};

struct model_passage { /* everyone is called to look here */
    uint16_t text;     /* 0: nothing */
    uint16_t paragraph;
    uint64_t time_ms;
};

struct model_missing { /* what a facilitator should know before starting */
    bool observer;     /* required or advised, and nobody is */
    enum observer_rule observer_rule;
    uint16_t people; /* how many fewer than the guide wants */
};

struct model {
    struct arena *arena;    /* owns all of it */
    const uint8_t *session; /* HASH_BYTES */
    enum model_standing standing;
    enum model_lobby lobby;
    bool connected;
    bool caught_up;    /* holds all the server has */
    bool may_write;    /* no fault, admitted */
    const char *fault; /* a sentence when the server lied or is behind; else empty */
    enum session_state state;
    uint64_t retention_ms;
    uint64_t created_ms;
    uint64_t ended_ms; /* 0: not */
    enum admission admission;
    int64_t
        clock_off_ms; /* the server's clock minus this device's, when above 2 minutes; or 0 */

    uint16_t me; /* member number; 0: none yet */
    enum role role;
    const char *name; /* one's own */
    bool facilitator;

    const char *title; /* of the session, empty where the creator kept it */
    const char *guide_title, *guide_summary, *guide_source, *case_title, *language;
    uint16_t role_count;
    struct model_term *roles; /* what each role does; empty before admission */
    uint16_t concept_count;
    struct model_term *concepts;
    struct model_lines gate;
    uint16_t gate_text; /* its text number for member_confirm(); 0: no gate */
    bool gate_confirmed;
    const char *preparation; /* facilitators */

    uint16_t member_count;
    struct model_member *members; /* in order of number: lobby, admitted and removed */
    uint16_t lobby_count;         /* waiting to be let in */
    uint16_t admitted_count;
    struct model_missing missing;

    uint16_t phase_count;
    struct model_phase *phases;
    uint16_t step_count;
    struct model_step *steps; /* all of the skeleton, in the order of the guide */
    uint16_t here;            /* number of the step the group is on; 0: none yet */
    uint64_t timer_ends_ms;   /* 0: none runs */
    struct model_passage passage;
    uint16_t text_count;
    struct model_text *texts; /* all that can be read, in order of number */

    uint32_t report_count;
    struct model_said *reports;
    uint32_t message_count;
    struct model_said *messages; /* private ones, received and sent */
    uint32_t park_count;
    struct model_said *parked;
    uint32_t agreement_count;
    struct model_agreement *agreements;
    uint32_t jotting_count;
    struct model_said *jottings; /* only on this device */
    uint32_t outgoing_count;     /* entries and answers not acknowledged yet */
};

/* By number; NULL when there is none. */
const struct model_step *model_step(const struct model *model, uint16_t number);
const struct model_member *model_member(const struct model *model, uint16_t number);
const struct model_phase *model_phase(const struct model *model, uint16_t number);
const struct model_text *model_text(const struct model *model, uint16_t number);
/* How many of who was let in have not agreed to the gate yet; 0 where there is none. */
uint16_t model_unconfirmed(const struct model *model);

/* ---- building; used by member.c ---- */

struct script;

struct model_own_source { /* an answer of this device, as the outbox holds it */
    uint16_t step;
    uint8_t behalf;
    enum answer_state state;
    enum status reason; /* ANSWER_NOT_SENT */
    uint32_t edit;
    uint64_t saved_ms;
    struct bytes submitted; /* content_answer, empty: never */
    struct bytes draft;     /* content_answer, empty: none */
};

struct model_jotting_source {
    uint32_t number;
    uint16_t step;
    uint64_t time_ms;
    struct bytes text;
};

struct model_live_step { /* what the server says of a step; gone when the connection is */
    uint16_t step;
    struct model_counts counts;
    uint32_t last_call_seconds;
    uint16_t mark_count;
    struct model_live_mark {
        uint16_t member;
        uint32_t marks;
    } * marks;
};

struct model_sources {
    const struct replica *replica; /* NULL: nothing yet */
    const struct script *script;   /* facilitators that have it; else NULL */
    const char *name;              /* own, as given at joining */
    bool connected, caught_up;
    enum model_lobby lobby;
    int64_t clock_off_ms;
    bool erased;         /* the session is purged: there is nothing to show any more */
    const bool *present; /* by member number, MEMBERS_MAX + 1 */
    const bool *done;    /* by step number, STEPS_MAX + 1: marked so by this person */
    size_t live_count;
    const struct model_live_step *live;
    size_t own_count;
    const struct model_own_source *own;
    size_t jotting_count;
    const struct model_jotting_source *jottings;
    size_t kept_note_count; /* own texts that lost a conflict */
    const struct model_kept_note {
        uint16_t step;
        struct bytes text;
    } * kept_notes;
    uint32_t outgoing_count; /* entries; answers that wait are counted from `own` */
};

/* Errors: STATUS_NOMEM. The caller owns it. */
MUST_CHECK enum status model_build(const struct model_sources *sources,
                                   struct model **model_out);
void model_destroy(struct model *model);

#endif

/* client/faces/plain.h -- the plain face, inside: calm lines of text both ways. Private to
 * client/faces/plain*.c.
 *
 *   plain.c       the loop's side: lines in, news, waking, leaving
 *   plain_news.c  what news becomes notes
 *   plain_standing.c, plain_members.c  and news of the line and of people
 *   plain_tell.c  notes told when nobody types
 *   plain_type.c  where one writes, drafts, sending
 *   plain_enter.c lines entered there
 *   plain_over.c  when that place is over, or soon is; answers that wait
 *   plain_note.c  the shared note as a command
 *   plain_help.c  what one can do, in groups
 *   plain_care.c  taking back, asking, last call
 *   plain_look.c  rows that look
 *   plain_parse.c a line as an intent with values
 *   plain_show*.c sentences
 *
 * Nothing is printed while a line is being typed: what comes is held in the notes, and told
 * when the line has been entered. */
#ifndef CLIENT_FACES_PLAIN_H
#define CLIENT_FACES_PLAIN_H

#include "client/faces/base.h"
#include "client/faces/care.h"
#include "client/faces/fields.h"
#include "client/faces/notes.h"

enum {
    PLAIN_PHASES_MAX = 64,
    PLAIN_GATHER_MS = 3000, /* counts are gathered so long before they are told */
    PLAIN_KEEP_MS = 500,    /* a line being typed is kept so long after a key, at most */
    PLAIN_WAIT_MS = 2000,   /* an answer on its way so long is told to be waiting */
};

/* What this person is writing. */
struct typing {
    enum fields_kind kind;
    uint16_t step;
    uint16_t field;                   /* the one asked now; == count: all have been asked */
    uint16_t count;                   /* fields */
    bool wants_option;                /* the option's number is asked first */
    bool unsent;                      /* something is typed that was not sent */
    uint16_t option;                  /* 0: none yet */
    char *fields[CONTENT_FIELDS_MAX]; /* owned; NULL: empty */
};

/* What was last told of a member and a step, to see what is new. */
enum { SEEN_STATE = 7, SEEN_PRESENT = 8, SEEN_GONE = 16 /* and it was told */ };

struct plain {
    struct face *face;
    FILE *out;
    struct notes notes;
    struct typing typing;
    struct care care;
    bool busy;       /* a line is being typed */
    bool practising; /* in the lobby: lines typed so far are in typing.fields[0] */
    bool quitting;   /* asked whether to leave over a draft */
    bool was_connected;
    bool reached; /* the server was, at some time */
    bool looking; /* said so, and not found yet */
    bool told_lost;
    enum status told_why; /* the last reason given for that; STATUS_OK: none */
    bool making;          /* the session is being made */
    bool namesake;        /* that somebody has one's name has been told */
    uint64_t timer_ms;    /* this device's clock: when the timer ends; 0: that has been told */
    uint16_t phases[PLAIN_PHASES_MAX]; /* whose goal and attention points were shown */
    uint16_t phase_count;
    uint64_t keep_ms; /* when the line being typed is kept; 0: nothing new in it */
    bool line_kept;   /* the draft holds a line that was not entered */
    bool gathering;   /* counts wait to be told */
    uint64_t gathered_ms;
    enum model_standing standing;
    enum model_lobby lobby;
    enum session_state state;
    uint16_t here;
    uint16_t read_step; /* the last one whose texts were read */
    bool gate_shown;
    bool missing;        /* somebody was, when it was last told */
    uint16_t waits_step; /* an answer is on its way there; 0: none */
    uint64_t waits_ms;   /* when that is told; 0: it has been */
    uint16_t admitted_count;
    uint32_t messages_told;
    uint8_t seen_members[MEMBERS_MAX + 1];
    uint8_t seen_steps[STEPS_MAX + 1]; /* enum step_state */
    uint8_t told_over[STEPS_MAX + 1];  /* enum over: of what is typed there and was not sent */
};

/* Where to print: leaves the prompt's line first. */
FILE *plain_out(struct plain *plain);
/* One sentence, set in lines. */
void plain_say(struct plain *plain, const char *sentence);
/* When to wake next, for whatever waits. */
void plain_wake(struct plain *plain);

/* ---- plain_news.c ---- */
void plain_news(struct plain *plain, const struct news *news);

/* ---- plain_standing.c ---- */
void plain_connection(struct plain *plain, const struct model *model, const struct news *news);
void plain_standing(struct plain *plain, const struct model *model, const struct news *news);

/* ---- plain_members.c ---- */
void plain_members(struct plain *plain, const struct model *model, const struct news *news);

/* ---- plain_tell.c ---- */
void plain_begin(struct plain *plain);
/* What is left on the timer, in ms; 0: none runs. Its end will be told. */
uint64_t plain_set_timer(struct plain *plain, const struct model *model);
void plain_timer_tick(struct plain *plain);
/* Steps as they are now need not be told one by one. */
void plain_see_steps(struct plain *plain, const struct model *model);
/* The key of a note about this, see struct note. */
uint32_t plain_key(enum news_kind kind, uint16_t which);
void plain_add(struct plain *plain, uint32_t key, enum note_show show, uint16_t step,
               const char *text);
__attribute__((format(printf, 5, 6))) void plain_note(struct plain *plain, uint32_t key,
                                                      enum note_show show, uint16_t step,
                                                      const char *format, ...);
/* A heading, and below it what somebody wrote: that may be longer than a sentence. */
void plain_note_said(struct plain *plain, const char *heading, const char *text);
void plain_show_standing(struct plain *plain, const struct model *model);
/* Tells what is held, unless a line is being typed or counts are being gathered. */
void plain_tell(struct plain *plain);
void plain_read_new(struct plain *plain); /* LOOK_NEW */

/* ---- plain_type.c ---- */
void typing_finish(struct typing *typing);
const char *typing_text(const struct typing *typing, uint16_t field); /* never NULL */
/* A line more. False: no memory. */
bool typing_append(char **text, const char *line);
/* The empty lines somebody ended with are no part of what they wrote. */
void typing_trim(char *text);
/* Goes to the fields of a step, with what is written there already; or to none. */
void plain_go(struct plain *plain, const struct model_step *step);
/* Goes to where the group is, unless something is being written elsewhere. */
void plain_follow(struct plain *plain);
/* Keeps a line that is not entered yet, so that not even that is lost; and no longer. */
void plain_keep_line(struct plain *plain, const char *line);
void plain_drop_line(struct plain *plain);
void plain_keep_draft(struct plain *plain);
void plain_send_all(struct plain *plain);
/* Does what is typed next go to another step than the one the group is at? */
bool plain_writes_elsewhere(const struct plain *plain);
/* Writes the prompt for what is asked now. */
void plain_prompt(const struct plain *plain, const struct model *model, char *out, size_t size);
/* Asks for the field one is at. */
void plain_ask_field(struct plain *plain);

/* ---- plain_enter.c ---- */
/* A line of text. */
void plain_type(struct plain *plain, const char *line);
/* A full stop: the next field, or send. */
void plain_next_field(struct plain *plain);
/* All fields, as they are. */
void plain_send(struct plain *plain);
void plain_field(struct plain *plain, const char *name); /* goes to that field */
void plain_clear(struct plain *plain);                   /* empties this field */

/* ---- plain_over.c ---- */
/* Can what is typed where one writes still be sent? */
bool plain_is_open(struct plain *plain);
/* Why not. */
void plain_say_closed(struct plain *plain);
/* What is over already need not be told. */
void plain_see_over(struct plain *plain);
/* Tells of unsent text at steps that are over, and goes on to where the group is. */
void plain_leave_over(struct plain *plain);
void plain_last_call(struct plain *plain, const struct model *model, const struct news *news);
/* Is this answer on its way, and too short a time to speak of it? Asked at news of an answer.
 */
bool plain_hushes(struct plain *plain, const struct model *model,
                  const struct model_step *step);
void plain_hush_tick(struct plain *plain);

/* ---- plain_note.c ---- */
/* `/note`: in place of the present one, or added to it. */
void plain_write_note(struct plain *plain, const struct intent *intent,
                      const struct intent_values *values);

/* ---- plain_help.c ---- */
void plain_help(struct plain *plain);

/* ---- plain_care.c ---- */
void plain_act(struct plain *plain, const struct intent *intent,
               const struct intent_values *values);
/* True when the line was an answer to a question, or to a wait. */
bool plain_care_line(struct plain *plain, const char *line);
void plain_care_tick(struct plain *plain);
bool plain_is_yes(const char *line);
bool plain_is_no(const char *line);

/* ---- plain_look.c ---- */
struct plain_look {
    /* NULL: LOOK_NONE */
    void (*show)(struct plain *plain, const struct intent_values *values);
};
extern const struct plain_look plain_looks[LOOK_COUNT];

/* ---- plain_parse.c ---- */

/* Reads what stands behind `/name`: words `name=value` first, then the others in order.
 * Strings of the values point into `words`, which is written to.
 * Errors: STATUS_USAGE; `detail` (INTENT_DETAIL_BYTES_MAX) says what is wrong. */
MUST_CHECK enum status plain_parse(const struct intent *intent, char *words,
                                   const struct model *model, struct intent_values *values,
                                   char *detail);

/* ---- plain.c: words of this face that are no intents, for help ---- */
struct plain_word {
    const char *name;
    enum intent_group group;
    uint32_t roles;   /* as in struct intent */
    const char *help; /* msgid */
    void (*run)(struct plain *plain, char *words);
};
extern const struct plain_word plain_words[];
extern const size_t plain_word_count;

#endif

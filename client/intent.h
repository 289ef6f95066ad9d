/* client/intent.h -- everything a person can do in a session, as one table. All faces share it:
 * the plain face calls a row `/name words`, the json face {"do": "name", ...}, the auto face by
 * name, and help is printed from it.
 *
 * A row either acts (run: something is asked of the member) or looks (look: the face shows
 * something it draws from the model, each in its own way). Faces for people take care before
 * they run a row that cannot be undone; faces for programs act at once. */
#ifndef CLIENT_INTENT_H
#define CLIENT_INTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/model.h"
#include "common/numbers.h"
#include "common/status.h"

struct client;

enum {
    INTENT_ARGUMENTS_MAX = 4,
    INTENT_FIELDS_MAX = CONTENT_FIELDS_MAX,
    INTENT_DETAIL_BYTES_MAX = 200,
};

enum argument_kind {
    ARGUMENT_TEXT,    /* the rest of the line */
    ARGUMENT_LINE,    /* like text, but another argument may follow after a `|` */
    ARGUMENT_FIELDS,  /* a list of texts, one per field */
    ARGUMENT_STEP,    /* a step's number in the overview; left out: the one the group is on */
    ARGUMENT_WAITING, /* a name or a number of somebody in the lobby */
    ARGUMENT_PEOPLE,  /* a list of names or numbers of who was let in */
    ARGUMENT_OPTION,  /* of a choice, from 1 */
    ARGUMENT_MINUTES,
    ARGUMENT_COUNT,
    ARGUMENT_PASSAGE, /* 4 or ¶4 */
    ARGUMENT_ROLE,
    ARGUMENT_READING, /* the number of something given out to read */
};
enum { ARGUMENT_KIND_COUNT = 12 };

struct intent_argument {
    const char *name; /* in json; in usage lines */
    enum argument_kind kind;
    bool required;
};

/* What a face has gathered for a row. Strings are borrowed. */
struct intent_values {
    const char *text;
    const char *lines[INTENT_ARGUMENTS_MAX]; /* ARGUMENT_LINE, in order of the arguments */
    uint16_t line_count;
    uint16_t field_count;
    const char *fields[INTENT_FIELDS_MAX];
    uint16_t step; /* 0: not given */
    uint16_t people_count;
    uint16_t people[RECIPIENTS_MAX];
    uint16_t option;    /* 0: not given */
    uint32_t count;     /* minutes, uses; 0: not given */
    uint16_t paragraph; /* 0: not given */
    bool marked;        /* the paragraph was written with its sign: ¶4 */
    enum role role;     /* ROLE_REMOVED: not given */
    uint16_t reading;   /* a text's number; 0: not given */
};

/* What faces for people do before a row that cannot be undone. */
enum intent_care {
    CARE_NONE,
    CARE_ASK,       /* ask first; the question is the row's */
    CARE_LAST_CALL, /* say how many still write, give them fifteen seconds */
    CARE_TAKE_BACK, /* wait three seconds in which it can be taken back */
};

/* What a looking row shows. */
enum look {
    LOOK_NONE,
    LOOK_HELP,
    LOOK_WHERE,       /* where the group is, and where one is oneself */
    LOOK_NEW,         /* what came since one last looked */
    LOOK_READ,        /* the texts of this step, or a paragraph of one */
    LOOK_STEP,        /* the step again: question, fields, who will see it */
    LOOK_MINE,        /* one's own answer at a step, and its state */
    LOOK_SHARED,      /* what was released at a step */
    LOOK_EXPLANATION, /* what the guide says of a step, once that is shared */
    LOOK_OVERVIEW,    /* phases and steps shown so far */
    LOOK_PEOPLE,      /* who is in the circle, and who waits */
    LOOK_CONCEPTS,
    LOOK_ATTENTION, /* goal and attention points of this phase */
    LOOK_TEXTS,     /* everything given out to read */
    LOOK_MESSAGES,
    LOOK_JOTTINGS,
    LOOK_PARKED,
    LOOK_WHO,     /* facilitator: who answered, who wants more time */
    LOOK_TIPS,    /* facilitator */
    LOOK_INVITES, /* facilitator: the invites and their links */
    LOOK_HEAD,    /* the state of the log as words, to compare on the phone */
    LOOK_QUIT,
};
enum { LOOK_COUNT = 22 };

/* Where help puts a row. */
enum intent_group {
    GROUP_ANSWERING,
    GROUP_LOOKING,
    GROUP_FACILITATOR,
    GROUP_OBSERVER,
};
enum { INTENT_GROUP_COUNT = 4 };

/* When a row is what one needs first; several at once. */
enum intent_moment {
    MOMENT_LOBBY = 1,    /* not let in yet */
    MOMENT_GATE = 2,     /* something to agree to */
    MOMENT_READ = 4,     /* the group reads */
    MOMENT_ANSWER = 8,   /* one's answer is asked */
    MOMENT_NOTE = 16,    /* one may write what the group concludes */
    MOMENT_REPORT = 32,  /* the observer's report is asked */
    MOMENT_OBSERVE = 64, /* an observer, otherwise */
    MOMENT_LEAD = 128,   /* a facilitator: on to the next step */
    MOMENT_CLOSE = 256,  /* a facilitator, while answers come in */
    MOMENT_DOOR = 512,   /* a facilitator, while somebody waits to be let in */
    MOMENT_PAUSE = 1024, /* a facilitator, in a pause */
};

struct intent_context {
    struct client *client;
    struct member *member;
    const struct model *model;
    uint64_t now_ms;
    char detail[INTENT_DETAIL_BYTES_MAX]; /* a sentence a row may leave; else empty */
};

struct intent {
    const char *name;
    const char *help;     /* msgid: one sentence */
    const char *question; /* msgid: CARE_ASK; else NULL */
    uint32_t roles;       /* bit n: enum role; INTENT_ANYONE */
    bool lobby;           /* also before one is let in */
    bool moves;           /* the group along: people are told to resume first, in a pause */
    enum intent_group group;
    uint32_t moments; /* enum intent_moment, added up */
    const char *said; /* msgid: what happened, for people; NULL: news says it */
    enum intent_care care;
    enum look look;
    uint8_t argument_count;
    struct intent_argument arguments[INTENT_ARGUMENTS_MAX];
    /* Errors: as the operations of client/member.h; STATUS_USAGE: arguments do not fit. */
    enum status (*run)(struct intent_context *context, const struct intent_values *values);
};

#define INTENT_ANYONE (~0U)

extern const struct intent intent_table[];
extern const size_t intent_count;

/* By name; or by an unambiguous beginning of one. NULL: none, or several. */
const struct intent *intent_find(const char *name);

/* Is it this person's to do, by role and standing? */
bool intent_is_offered(const struct intent *intent, const struct model *model);

/* What moments it is for this person now: enum intent_moment, added up. */
uint32_t intent_moments(const struct model *model);
/* "Looking", "For the facilitator", ... in the language of the interface. */
const char *intent_group_name(enum intent_group group);

/* Takes one value of an argument as a person or a program wrote it; repeat for lists. Strings
 * are borrowed. Errors: STATUS_USAGE; `detail` (INTENT_DETAIL_BYTES_MAX) says what is wrong. */
MUST_CHECK enum status intent_put(struct intent_values *values,
                                  const struct intent_argument *argument, const char *text,
                                  const struct model *model, char *detail);

/* The same for names at the beginning of a text (client/people.h), whose rest is something
 * else; `command` is how the face calls the row, for advice, or NULL. */
MUST_CHECK enum status intent_put_people(struct intent_values *values,
                                         const struct intent_argument *argument,
                                         const char *text, const struct model *model,
                                         const char *command, const char **rest_out,
                                         char *detail);

/* Are all required arguments there? Errors: STATUS_USAGE, with the usage line in `detail`. */
MUST_CHECK enum status intent_check(const struct intent *intent,
                                    const struct intent_values *values, char *detail);

/* "open [STEP]": how the plain face writes it, without the slash. Writes at most size bytes. */
void intent_usage(const struct intent *intent, char *out, size_t size);

/* The step meant: the one given, else the one the group is on; NULL: none. */
const struct model_step *intent_step(const struct intent_values *values,
                                     const struct model *model);

#endif

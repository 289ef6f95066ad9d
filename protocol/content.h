/* protocol/content.h -- what stands inside bodies once they are opened: the plaintexts.
 * PROTOCOL.md chapter 11. The script, which is a text too, is in script.h.
 *
 * Plaintexts are MessagePack arrays, read strictly; unlike entries they may grow at their tail,
 * which is skipped. Decoded structs borrow from the plaintext. Whoever wrote them is a member
 * and may lie about anything but who they are: lengths, counts and numbers are checked here,
 * sense is not. Control characters are left in: the model takes them out. */
#ifndef PROTOCOL_CONTENT_H
#define PROTOCOL_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/numbers.h"
#include "common/status.h"

/* What a text is: its first value. Stored: never renumber. */
enum text_type {
    TEXT_SCRIPT = 0,
    TEXT_WELCOME = 1,
    TEXT_CONCEPTS = 2,
    TEXT_GATE = 3,
    TEXT_PHASE = 4,
    TEXT_PROMPT = 5,
    TEXT_MATERIAL = 6,
    TEXT_CONSEQUENCES = 7,
    TEXT_EXPLANATION = 8,
    TEXT_TIP = 9, /* step 0: preparation, or of a phase */
    TEXT_BACKGROUND = 10,
    TEXT_LIST = 11,
};
enum { TEXT_TYPE_COUNT = 12 };

enum talk { TALK_NONE = 0, TALK_PAIRS = 1, TALK_GROUPS = 2, TALK_PLENARY = 3 };
enum { TALK_COUNT = 4 };

enum observer_rule { OBSERVER_OPTIONAL = 0, OBSERVER_ADVISED = 1, OBSERVER_REQUIRED = 2 };
enum { OBSERVER_RULE_COUNT = 3 };

enum {
    CONTENT_LINES_MAX = 128,  /* of a gate, a list, a phase's attention */
    CONTENT_PAIRS_MAX = 64,   /* concepts, items, roles */
    CONTENT_OPTIONS_MAX = 16, /* of a choice */
    CONTENT_FIELDS_MAX = 64,  /* of an answer */
    CONTENT_BESIDE_MAX = 32,  /* texts or steps shown next to a step */
    CONTENT_LINE_BYTES_MAX = 2048,
    CONTENT_NAME_BYTES_MAX = 120, /* of a person */
};

struct content_lines {
    uint16_t count;
    struct bytes at[CONTENT_LINES_MAX];
};

struct content_pair {
    struct bytes term; /* a concept's term, an item's label, a role's number is in `number` */
    struct bytes text;
    uint16_t number; /* roles: enum role */
};

struct content_pairs {
    uint16_t count;
    struct content_pair at[CONTENT_PAIRS_MAX];
};

struct content_option {
    struct bytes label;
    struct bytes text;
};

struct content_consequence {
    struct bytes text;
    bool preferred;
};

struct content_numbers {
    uint16_t count;
    uint16_t at[CONTENT_BESIDE_MAX];
};

struct text_welcome {
    struct bytes guide_title;
    struct bytes summary;
    struct bytes case_title; /* empty: none */
    struct bytes language;   /* "nl", "en" */
    struct bytes source;     /* authors and licence, one line */
    struct content_pairs roles;
    uint16_t people_min;
    enum observer_rule observer;
};

struct text_phase {
    uint16_t phase;
    struct bytes title;
    struct bytes goal;
    struct content_lines attention;
};

struct text_prompt {
    enum form form;
    uint16_t phase;
    struct bytes title;
    struct bytes section;
    struct bytes label; /* "3"; empty: none */
    struct bytes text;
    struct content_pairs items; /* label, text: a field each; none: one field */
    uint16_t option_count;
    struct content_option options[CONTENT_OPTIONS_MAX];
    struct bytes reason;                 /* the prompt of a choice's reason */
    uint16_t minutes;                    /* 0: not said */
    struct content_numbers texts;        /* the step's own: what is read here */
    struct content_numbers beside_texts; /* shown next to it */
    struct content_numbers beside_steps; /* whose released answers lie next to it */
    enum talk talk;
};

struct text_titled { /* material, explanation, background */
    struct bytes title;
    struct bytes text;
    struct content_numbers steps; /* explanation: the questions it belongs to */
};

struct text_consequences {
    uint16_t count; /* one per option */
    struct content_consequence at[CONTENT_OPTIONS_MAX];
    struct bytes after; /* once, after all of them */
};

struct text_list {
    struct bytes title;
    struct content_lines lines;
};

/* Large (some 10 KiB): not many on one stack. */
struct content_text {
    enum text_type type;
    uint16_t step; /* for which step; 0: none in particular */
    union {
        struct text_welcome welcome;
        struct content_pairs concepts;
        struct content_lines gate;
        struct text_phase phase;
        struct text_prompt prompt;
        struct text_titled titled; /* material, explanation, background */
        struct text_consequences consequences;
        struct bytes tip;
        struct text_list list;
        /* TEXT_SCRIPT: read by script_add(), script.h */
    } as;
};

struct writer;

/* Errors: STATUS_MALFORMED, STATUS_TOO_LONG, STATUS_UNKNOWN (a type this version does not
 * know). */
MUST_CHECK enum status content_text_decode(struct bytes plaintext,
                                           struct content_text *text_out);
/* Writes any type but TEXT_SCRIPT; errors stick in the writer. */
void content_text_encode(struct writer *writer, const struct content_text *text);

struct content_answer {
    enum form form;
    uint16_t field_count;
    struct bytes fields[CONTENT_FIELDS_MAX]; /* question: one per item; choice: the reason;
                                                commitment: what, by when */
    uint16_t option;                         /* from 1; 0: none chosen, or no choice */
};

MUST_CHECK enum status content_answer_decode(struct bytes plaintext,
                                             struct content_answer *answer_out);
void content_answer_encode(struct writer *writer, const struct content_answer *answer);

/* Kinds with one to four lines of text: name, title, note, park, report, message: [text];
 * agreement: [text, owner, by when, process]; follow-up: [item, state, learned]. */
enum { CONTENT_STRINGS_MAX = 4 };
struct content_strings {
    uint16_t count;
    struct bytes at[CONTENT_STRINGS_MAX];
};

/* How many of them this kind has; 0: its body is no such thing. */
uint16_t content_strings_of(enum kind kind);
/* Reads the body of `kind`. Errors: STATUS_MALFORMED, STATUS_TOO_LONG. */
MUST_CHECK enum status content_strings_decode(struct bytes plaintext, enum kind kind,
                                              struct content_strings *strings_out);
void content_strings_encode(struct writer *writer, const struct content_strings *strings);

#endif

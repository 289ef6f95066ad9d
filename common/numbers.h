/* common/numbers.h -- the numbers that stand in stored and sent bytes. Never renumber, never
 * reuse: PROTOCOL.md prints them, and every stored session holds them. All of them are fixed
 * from the first version, also those this version still refuses. */
#ifndef COMMON_NUMBERS_H
#define COMMON_NUMBERS_H

enum { KRING_SESSION_VERSION = 1 };

enum kind {
    KIND_GENESIS = 1,
    KIND_TEXT = 2,
    KIND_INVITE = 3,
    KIND_JOIN = 4,
    KIND_ROSTER = 5,
    KIND_CONFIRM = 6,
    KIND_LEAVE_OUT = 7,
    KIND_NAME = 8,
    KIND_STEP = 9,
    KIND_OPEN = 10,
    KIND_PACE = 11,
    KIND_RELEASE = 12,
    KIND_REVEAL = 13,
    KIND_GROUPS = 14,
    KIND_ASSIGN = 15,
    KIND_ANSWER = 16,
    KIND_NOTE = 17,
    KIND_AGREEMENT = 18,
    KIND_PARK = 19,
    KIND_REPORT = 20,
    KIND_MESSAGE = 21,
    KIND_FOLLOW_UP = 22,
    KIND_PURGE = 23,
};
enum { KIND_COUNT = 24 }; /* one more than the highest */

/* What a `pace` entry does. */
enum verb {
    VERB_CLOSE = 1,
    VERB_GO = 2, /* to a step opened before */
    VERB_SKIP = 3,
    VERB_PAUSE = 4,
    VERB_RESUME = 5,
    VERB_END = 6,
    VERB_TIMER_START = 7,
    VERB_TIMER_EXTEND = 8,
    VERB_TIMER_STOP = 9,
};
enum { VERB_COUNT = 10 };

/* Under what a slot's key is locked. */
enum lock {
    LOCK_GROUP = 1,       /* K */
    LOCK_FACILITATOR = 2, /* F */
    LOCK_MEMBER = 3,      /* n: member number */
    LOCK_STEP = 4,        /* n: step number */
    LOCK_RECOVERY = 5,
};
enum { LOCK_COUNT = 6 };

/* What the key in a slot is. */
enum slot_name {
    NAME_CONTENT = 1,              /* this entry's body */
    NAME_GROUP = 2,                /* K of this entry's epoch */
    NAME_FACILITATOR = 3,          /* F of this entry's epoch */
    NAME_PREVIOUS_GROUP = 4,       /* K of the epoch before */
    NAME_PREVIOUS_FACILITATOR = 5, /* F of the epoch before */
    NAME_TEXT = 6,                 /* n: the content key of text n */
    NAME_STEP = 7,                 /* n: the secret of step n */
};
enum { NAME_COUNT = 8 };

enum role {
    ROLE_REMOVED = 0, /* only in a roster: no longer, or never let in */
    ROLE_FACILITATOR = 1,
    ROLE_OBSERVER = 2,
    ROLE_PARTICIPANT = 3,
    ROLE_CASE_GIVER = 4,
};
enum { ROLE_COUNT = 5 };

/* Kinds of step. */
enum form {
    FORM_READ = 1,
    FORM_QUESTION = 2,
    FORM_CHOICE = 3,
    FORM_TABLE = 4, /* a guide calls it `form` */
    FORM_COMPLETION = 5,
    FORM_PERSPECTIVES = 6,
    FORM_COMPARISON = 7,
    FORM_DISCUSSION = 8,
    FORM_COMMITMENT = 9,
    FORM_AGREEMENT = 10,
    FORM_FOLLOW_UP = 11,
    FORM_REPORT = 12,
};
enum { FORM_COUNT = 13 };

enum work {
    WORK_INDIVIDUAL = 1,
    WORK_PAIRS = 2,
    WORK_GROUPS = 3,
    WORK_PLENARY = 4, /* one shared note, no answers */
};
enum { WORK_COUNT = 5 };

/* Who sees an answer while the step is worked on. */
enum working { WORKING_NONE = 0, WORKING_GROUP = 1 };
enum { WORKING_COUNT = 2 };

/* Who sees an answer at release. */
enum sharing { SHARING_NAMED = 1, SHARING_ANONYMOUS = 2, SHARING_NEVER = 3 };
enum { SHARING_COUNT = 4 };

enum who { WHO_PARTICIPANTS = 1, WHO_ALL = 2, WHO_CASE_GIVER = 3, WHO_OBSERVER = 4 };
enum { WHO_COUNT = 5 };

enum admission { ADMISSION_AUTOMATIC = 0, ADMISSION_BY_HAND = 1 };

enum assignment { ASSIGNMENT_SCRIBE = 1, ASSIGNMENT_PERSPECTIVE = 2 };

/* Where an accepted entry goes. STREAM_WAITING is no stream: the answers that wait. */
enum stream { STREAM_PUBLIC = 0, STREAM_OWN = 1, STREAM_WAITING = 2 };

enum { KRING_FIRST_MEMBER = 1 }; /* the creator; 0 is nobody */

#endif

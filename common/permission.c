#include "common/permission.h"

#include <assert.h>

#define BIT(n) (1U << (n))

enum {
    DEVICE = BIT(ROLE_REMOVED),
    FACILITATOR = BIT(ROLE_FACILITATOR),
    OBSERVER = BIT(ROLE_OBSERVER),
    MEMBERS = BIT(ROLE_FACILITATOR) | BIT(ROLE_OBSERVER) | BIT(ROLE_PARTICIPANT) |
              BIT(ROLE_CASE_GIVER),

    /* A meeting goes on while it is paused; only answers wait. LIVE: preparation as well. */
    MEETING = BIT(SESSION_RUNNING) | BIT(SESSION_PAUSED),
    LIVE = BIT(SESSION_FILLING) | MEETING,

    STEPLESS = PERMISSION_STEPLESS,
    OPEN = BIT(STEP_OPEN),
    OPENED = BIT(STEP_OPEN) | BIT(STEP_CLOSED) | BIT(STEP_RELEASED),
    NEVER_OPENED = BIT(STEP_UNOPENED) | BIT(STEP_SKIPPED),

    GROUP = BIT(LOCK_GROUP),
    FACILITATORS = BIT(LOCK_FACILITATOR),
    MEMBER = BIT(LOCK_MEMBER),
    STEP = BIT(LOCK_STEP),
    RECOVERY = BIT(LOCK_RECOVERY),
};

static_assert(ROLE_COUNT < 31 && STEP_STATE_COUNT < 30, "the extra bits must fit a mask");

#define PACE(verb_, label_, sessions_, steps_)                                                 \
    {                                                                                          \
        .kind = KIND_PACE, .verb = (verb_), .label = "pace: " label_, .roles = FACILITATOR,    \
        .sessions = (sessions_), .steps = (steps_)                                             \
    }

/* What members write for the whole group. */
#define WRITTEN(kind_, label_, roles_, sessions_, steps_)                                      \
    {                                                                                          \
        .kind = (kind_), .label = (label_), .roles = (roles_), .sessions = (sessions_),        \
        .steps = (steps_), .locks_by_name = {[NAME_CONTENT] = GROUP}, .body_required = true,   \
        .body_allowed = true                                                                   \
    }

const struct permission permission_table[] = {
    {
        .kind = KIND_GENESIS,
        .label = "genesis",
        .roles = DEVICE,
        .sessions = BIT(SESSION_EMPTY),
        .steps = STEPLESS,
        .locks_by_name = {[NAME_CONTENT] = GROUP, [NAME_FACILITATOR] = MEMBER | RECOVERY},
        .body_required = true,
        .body_allowed = true,
    },
    {
        .kind = KIND_TEXT,
        .label = "text",
        .roles = FACILITATOR,
        .sessions = LIVE,
        .steps = STEPLESS,
        .locks_by_name = {[NAME_CONTENT] = FACILITATORS},
        .body_required = true,
        .body_allowed = true,
    },
    {
        .kind = KIND_INVITE,
        .label = "invite",
        .roles = FACILITATOR,
        .sessions = LIVE,
        .steps = STEPLESS,
    },
    {
        .kind = KIND_JOIN,
        .label = "join",
        .roles = DEVICE,
        .sessions = LIVE,
        .steps = STEPLESS,
        .locks_by_name = {[NAME_CONTENT] = MEMBER},
        .body_required = true,
        .body_allowed = true,
    },
    {
        .kind = KIND_ROSTER,
        .label = "roster",
        .roles = FACILITATOR,
        .sessions = LIVE,
        .steps = STEPLESS,
        .locks_by_name = {[NAME_GROUP] = MEMBER,
                          [NAME_FACILITATOR] = MEMBER | RECOVERY,
                          [NAME_PREVIOUS_GROUP] = GROUP,
                          [NAME_PREVIOUS_FACILITATOR] = FACILITATORS},
    },
    {
        .kind = KIND_CONFIRM,
        .label = "confirm",
        .roles = MEMBERS,
        .sessions = LIVE,
        .steps = STEPLESS,
    },
    {
        .kind = KIND_LEAVE_OUT,
        .label = "leave out",
        .roles = MEMBERS,
        .sessions = MEETING,
        .steps = STEPLESS,
    },
    WRITTEN(KIND_NAME, "name", MEMBERS, LIVE, STEPLESS),
    {
        .kind = KIND_STEP,
        .label = "step",
        .roles = FACILITATOR,
        .sessions = LIVE,
        .steps = NEVER_OPENED | PERMISSION_NEW_STEP,
        .locks_by_name = {[NAME_CONTENT] = FACILITATORS},
        .body_allowed = true,
    },
    {
        .kind = KIND_OPEN,
        .label = "open",
        .roles = FACILITATOR,
        .sessions = MEETING,
        .steps = NEVER_OPENED | BIT(STEP_CLOSED),
        .locks_by_name = {[NAME_TEXT] = GROUP},
    },
    PACE(VERB_CLOSE, "close", MEETING, OPEN),
    PACE(VERB_GO, "go", MEETING, OPENED),
    PACE(VERB_SKIP, "skip", MEETING, BIT(STEP_UNOPENED)),
    PACE(VERB_PAUSE, "pause", BIT(SESSION_RUNNING), STEPLESS),
    PACE(VERB_RESUME, "resume", BIT(SESSION_PAUSED), STEPLESS),
    PACE(VERB_END, "end", MEETING, STEPLESS),
    PACE(VERB_TIMER_START, "timer start", MEETING, STEPLESS),
    PACE(VERB_TIMER_EXTEND, "timer extend", MEETING, STEPLESS),
    PACE(VERB_TIMER_STOP, "timer stop", MEETING, STEPLESS),
    {
        .kind = KIND_RELEASE,
        .label = "release",
        .roles = FACILITATOR,
        .sessions = MEETING,
        .steps = BIT(STEP_CLOSED),
        .locks_by_name = {[NAME_STEP] = GROUP, [NAME_TEXT] = GROUP},
    },
    {
        .kind = KIND_REVEAL,
        .label = "reveal",
        .roles = FACILITATOR,
        .sessions = LIVE,
        .steps = STEPLESS,
        .locks_by_name = {[NAME_STEP] = GROUP, [NAME_TEXT] = GROUP},
    },
    {
        .kind = KIND_GROUPS,
        .label = "groups",
        .roles = FACILITATOR,
        .sessions = MEETING,
        .steps = STEPLESS,
        .locks_by_name = {[NAME_CONTENT] = GROUP},
        .body_allowed = true,
    },
    {
        .kind = KIND_ASSIGN,
        .verb = ASSIGNMENT_SCRIBE,
        .label = "assign: scribe",
        .roles = FACILITATOR,
        .sessions = MEETING,
        .steps = STEPLESS,
    },
    {
        .kind = KIND_ASSIGN,
        .verb = ASSIGNMENT_PERSPECTIVE,
        .label = "assign: perspective",
        .roles = MEMBERS,
        .sessions = MEETING,
        .steps = NEVER_OPENED | OPEN,
        .locks_by_name = {[NAME_CONTENT] = GROUP},
        .body_required = true,
        .body_allowed = true,
    },
    {
        .kind = KIND_ANSWER,
        .label = "answer",
        .roles = MEMBERS,
        .sessions = BIT(SESSION_RUNNING),
        .steps = OPEN,
        .stream = STREAM_WAITING,
        .locks_by_name = {[NAME_CONTENT] = STEP | MEMBER},
        .body_required = true,
        .body_allowed = true,
    },
    WRITTEN(KIND_NOTE, "note", FACILITATOR | PERMISSION_SCRIBE, MEETING, OPEN),
    WRITTEN(KIND_AGREEMENT, "agreement", FACILITATOR | PERMISSION_SCRIBE, MEETING, OPEN),
    WRITTEN(KIND_PARK, "park", MEMBERS, MEETING, STEPLESS | OPENED),
    WRITTEN(KIND_REPORT, "report", OBSERVER, MEETING, STEPLESS | OPENED),
    {
        .kind = KIND_MESSAGE,
        .label = "message",
        .roles = OBSERVER | FACILITATOR,
        .sessions = MEETING,
        .steps = STEPLESS | OPENED,
        .stream = STREAM_OWN,
        .locks_by_name = {[NAME_CONTENT] = MEMBER},
        .body_required = true,
        .body_allowed = true,
    },
    WRITTEN(KIND_FOLLOW_UP, "follow-up", MEMBERS, MEETING, STEPLESS | OPENED),
    {
        .kind = KIND_PURGE,
        .label = "purge",
        .roles = FACILITATOR,
        .sessions = LIVE | BIT(SESSION_ENDED),
        .steps = STEPLESS,
    },
};

const size_t permission_count = sizeof permission_table / sizeof *permission_table;

const struct permission *permission_find(enum kind kind, int verb)
{
    for (size_t i = 0; i < permission_count; i++) {
        if (permission_table[i].kind == kind && permission_table[i].verb == verb) {
            return &permission_table[i];
        }
    }
    return NULL;
}

/* ---- printing ---- */

enum { ROLE_NAMES = ROLE_COUNT + 1, STEP_NAMES = STEP_STATE_COUNT + 2 };

static const char *const role_names[ROLE_NAMES] = {
    [ROLE_REMOVED] = "device",        [ROLE_FACILITATOR] = "facilitator",
    [ROLE_OBSERVER] = "observer",     [ROLE_PARTICIPANT] = "participant",
    [ROLE_CASE_GIVER] = "case-giver", [ROLE_COUNT] = "scribe",
};
static const char *const session_names[SESSION_STATE_COUNT] = {
    [SESSION_EMPTY] = "empty",   [SESSION_FILLING] = "filling", [SESSION_RUNNING] = "running",
    [SESSION_PAUSED] = "paused", [SESSION_ENDED] = "ended",     [SESSION_PURGED] = "purged",
};
static const char *const step_names[STEP_NAMES] = {
    [STEP_UNOPENED] = "unopened",   [STEP_OPEN] = "open",       [STEP_CLOSED] = "closed",
    [STEP_RELEASED] = "released",   [STEP_SKIPPED] = "skipped", [STEP_STATE_COUNT] = "none",
    [STEP_STATE_COUNT + 1] = "new",
};
static const char *const stream_names[] = {
    [STREAM_PUBLIC] = "public",
    [STREAM_OWN] = "own streams",
    [STREAM_WAITING] = "waiting",
};
static const char *const lock_names[LOCK_COUNT] = {
    [LOCK_GROUP] = "K",     [LOCK_FACILITATOR] = "F",     [LOCK_MEMBER] = "member n",
    [LOCK_STEP] = "step n", [LOCK_RECOVERY] = "recovery",
};
static const char *const slot_names[NAME_COUNT] = {
    [NAME_CONTENT] = "content",
    [NAME_GROUP] = "K",
    [NAME_FACILITATOR] = "F",
    [NAME_PREVIOUS_GROUP] = "previous K",
    [NAME_PREVIOUS_FACILITATOR] = "previous F",
    [NAME_TEXT] = "text n",
    [NAME_STEP] = "step n",
};

static void print_set(FILE *out, uint32_t set, const char *const *names, size_t name_count)
{
    const char *before = "";

    for (size_t i = 0; i < name_count; i++) {
        if ((set & BIT(i)) != 0) {
            fprintf(out, "%s%s", before, names[i]);
            before = ", ";
        }
    }
}

static void print_roles(FILE *out, uint32_t roles)
{
    if (roles == MEMBERS) {
        fputs("every member", out);
    } else {
        print_set(out, roles, role_names, ROLE_NAMES);
    }
}

static void print_slots(FILE *out, const struct permission *row)
{
    const char *before = "";

    for (size_t name = 0; name < NAME_COUNT; name++) {
        if (row->locks_by_name[name] != 0) {
            fprintf(out, "%s%s: ", before, slot_names[name]);
            print_set(out, row->locks_by_name[name], lock_names, LOCK_COUNT);
            before = "; ";
        }
    }
    if (*before == '\0') {
        fputs("-", out);
    }
}

void permission_print(FILE *out)
{
    fputs("| entry | who | session | step | goes to | body | slots (name: locks) |\n", out);
    fputs("|---|---|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < permission_count; i++) {
        const struct permission *row = &permission_table[i];

        fprintf(out, "| %s | ", row->label);
        print_roles(out, row->roles);
        fputs(" | ", out);
        print_set(out, row->sessions, session_names, SESSION_STATE_COUNT);
        fputs(" | ", out);
        print_set(out, row->steps, step_names, STEP_NAMES);
        fprintf(out, " | %s | %s | ", stream_names[row->stream],
                row->body_required  ? "yes"
                : row->body_allowed ? "may"
                                    : "no");
        print_slots(out, row);
        fputs(" |\n", out);
    }
}

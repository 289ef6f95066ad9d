/* The names programs know things by: of the json face, and of what people may type anywhere. */
#include "client/words.h"

#define NAME_AT(names, i)                                                                      \
    ((size_t)(i) < sizeof(names) / sizeof(names)[0] && (names)[i] != NULL ? (names)[i] : "")

const char *words_id_of_role(enum role role)
{
    static const char *const names[ROLE_COUNT] = {
        [ROLE_REMOVED] = "removed",       [ROLE_FACILITATOR] = "facilitator",
        [ROLE_OBSERVER] = "observer",     [ROLE_PARTICIPANT] = "participant",
        [ROLE_CASE_GIVER] = "case-giver",
    };

    return NAME_AT(names, role);
}

const char *words_id_of_form(enum form form)
{
    static const char *const names[FORM_COUNT] = {
        [FORM_READ] = "read",
        [FORM_QUESTION] = "question",
        [FORM_CHOICE] = "choice",
        [FORM_TABLE] = "form",
        [FORM_COMPLETION] = "completion",
        [FORM_PERSPECTIVES] = "perspectives",
        [FORM_COMPARISON] = "comparison",
        [FORM_DISCUSSION] = "discussion",
        [FORM_COMMITMENT] = "commitment",
        [FORM_AGREEMENT] = "agreement",
        [FORM_FOLLOW_UP] = "follow-up",
        [FORM_REPORT] = "report",
    };

    return NAME_AT(names, form);
}

const char *words_id_of_work(enum work work)
{
    static const char *const names[WORK_COUNT] = {
        [WORK_INDIVIDUAL] = "individual",
        [WORK_PAIRS] = "pairs",
        [WORK_GROUPS] = "groups",
        [WORK_PLENARY] = "plenary",
    };

    return NAME_AT(names, work);
}

const char *words_id_of_who(enum who who)
{
    static const char *const names[WHO_COUNT] = {
        [WHO_PARTICIPANTS] = "participants",
        [WHO_ALL] = "all",
        [WHO_CASE_GIVER] = "case-giver",
        [WHO_OBSERVER] = "observer",
    };

    return NAME_AT(names, who);
}

const char *words_id_of_sharing(const struct step_plan *plan)
{
    static const char *const alone[SHARING_COUNT] = {
        [SHARING_NAMED] = "named",
        [SHARING_ANONYMOUS] = "anonymous",
        [SHARING_NEVER] = "private",
    };
    static const char *const group[SHARING_COUNT] = {
        [SHARING_NAMED] = "group",
        [SHARING_ANONYMOUS] = "anonymous",
        [SHARING_NEVER] = "group-only",
    };

    return plan->working == WORKING_GROUP ? NAME_AT(group, plan->sharing)
                                          : NAME_AT(alone, plan->sharing);
}

const char *words_id_of_step(enum step_state state)
{
    static const char *const names[] = {
        [STEP_UNOPENED] = "unopened", [STEP_OPEN] = "open",       [STEP_CLOSED] = "closed",
        [STEP_RELEASED] = "released", [STEP_SKIPPED] = "skipped",
    };

    return NAME_AT(names, state);
}

const char *words_id_of_session(enum session_state state)
{
    static const char *const names[] = {
        [SESSION_EMPTY] = "empty",     [SESSION_FILLING] = "filling",
        [SESSION_RUNNING] = "running", [SESSION_PAUSED] = "paused",
        [SESSION_ENDED] = "ended",     [SESSION_PURGED] = "purged",
    };

    return NAME_AT(names, state);
}

const char *words_id_of_answer(enum answer_state state)
{
    static const char *const names[] = {
        [ANSWER_NONE] = "none",   [ANSWER_TYPING] = "typing", [ANSWER_WAITING] = "waiting",
        [ANSWER_SAVED] = "saved", [ANSWER_SHARED] = "shared", [ANSWER_NOT_SENT] = "not-sent",
        [ANSWER_KEPT] = "kept",
    };

    return NAME_AT(names, state);
}

const char *words_id_of_standing(enum model_standing standing)
{
    static const char *const names[] = {
        [STANDING_OUTSIDE] = "outside",
        [STANDING_LOBBY] = "lobby",
        [STANDING_MEMBER] = "member",
        [STANDING_REMOVED] = "removed",
    };

    return NAME_AT(names, standing);
}

const char *words_id_of_kind(enum kind kind)
{
    static const char *const names[KIND_COUNT] = {
        [KIND_GENESIS] = "genesis",     [KIND_TEXT] = "text",
        [KIND_INVITE] = "invite",       [KIND_JOIN] = "join",
        [KIND_ROSTER] = "roster",       [KIND_CONFIRM] = "confirm",
        [KIND_LEAVE_OUT] = "leave-out", [KIND_NAME] = "name",
        [KIND_STEP] = "step",           [KIND_OPEN] = "open",
        [KIND_PACE] = "pace",           [KIND_RELEASE] = "release",
        [KIND_REVEAL] = "reveal",       [KIND_GROUPS] = "groups",
        [KIND_ASSIGN] = "assign",       [KIND_ANSWER] = "answer",
        [KIND_NOTE] = "note",           [KIND_AGREEMENT] = "agreement",
        [KIND_PARK] = "park",           [KIND_REPORT] = "report",
        [KIND_MESSAGE] = "message",     [KIND_FOLLOW_UP] = "follow-up",
        [KIND_PURGE] = "purge",
    };

    return NAME_AT(names, kind);
}

const char *words_id_of_text(enum text_type type)
{
    static const char *const names[TEXT_TYPE_COUNT] = {
        [TEXT_SCRIPT] = "script",
        [TEXT_WELCOME] = "welcome",
        [TEXT_CONCEPTS] = "concepts",
        [TEXT_GATE] = "gate",
        [TEXT_PHASE] = "phase",
        [TEXT_PROMPT] = "prompt",
        [TEXT_MATERIAL] = "material",
        [TEXT_CONSEQUENCES] = "consequences",
        [TEXT_EXPLANATION] = "explanation",
        [TEXT_TIP] = "tip",
        [TEXT_BACKGROUND] = "background",
        [TEXT_LIST] = "list",
    };

    return NAME_AT(names, type);
}

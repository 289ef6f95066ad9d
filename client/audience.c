#include "client/audience.h"

#include "client/say.h"

static bool is_shared_note(const struct step_plan *plan)
{
    return plan->work == WORK_PLENARY || plan->form == FORM_DISCUSSION ||
           plan->form == FORM_AGREEMENT;
}

static const char *of_sharing(const struct step_plan *plan)
{
    bool group = plan->working == WORKING_GROUP;

    switch (plan->sharing) {
    case SHARING_NAMED:
        return group ? SAY("Your pair or group sees this at once, with your name. Everyone in "
                           "the session sees it, with your name, once the facilitator shares "
                           "the answers.")
                     : SAY("Nobody sees this until the facilitator shares the answers. Then "
                           "everyone in the session sees it, with your name.");
    case SHARING_ANONYMOUS:
        return SAY(
            "Nobody sees this until the facilitator shares the answers. Then everyone in "
            "the session sees it, with no name shown.");
    case SHARING_NEVER:
        return group ? SAY("Your pair or group sees this at once, with your name. Nobody else "
                           "ever does.")
                     : SAY("Nobody sees this: it stays on this device. Others only learn that "
                           "you are done.");
    }
    return "";
}

const char *audience_of_step(const struct step_plan *plan)
{
    if (plan->form == FORM_READ) {
        return SAY("Others only learn that you are done reading.");
    }
    if (plan->form == FORM_REPORT) {
        return audience_of_kind(KIND_REPORT);
    }
    if (plan->form == FORM_FOLLOW_UP) {
        return audience_of_kind(KIND_FOLLOW_UP);
    }
    if (plan->form == FORM_AGREEMENT) {
        return audience_of_kind(KIND_AGREEMENT);
    }
    if (is_shared_note(plan)) {
        return audience_of_kind(KIND_NOTE);
    }
    return of_sharing(plan);
}

const char *audience_of_kind(enum kind kind)
{
    if (kind == KIND_MESSAGE) {
        return SAY("Only the person you send it to sees this, with your name. Others do not "
                   "learn that it was sent.");
    }
    if (kind == KIND_JOIN) {
        return SAY("The facilitator sees this name at once, everyone in the session once you "
                   "are let in.");
    }
    return SAY("Everyone in the session sees this at once, with your name.");
}

const char *audience_in_short(const struct step_plan *plan)
{
    if (plan->form == FORM_READ) {
        return SAY("reading");
    }
    if (is_shared_note(plan) || plan->form == FORM_REPORT || plan->form == FORM_FOLLOW_UP) {
        return SAY("seen by all at once");
    }
    switch (plan->sharing) {
    case SHARING_NAMED:
        return plan->working == WORKING_GROUP ? SAY("with names, in the group, then for all")
                                              : SAY("with names, after sharing");
    case SHARING_ANONYMOUS:
        return SAY("no names shown, after sharing");
    case SHARING_NEVER:
        return plan->working == WORKING_GROUP ? SAY("only in the group")
                                              : SAY("only on this device");
    }
    return "";
}

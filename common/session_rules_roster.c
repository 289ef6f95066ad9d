/* Who is there: genesis, invites, joining, and what a facilitator makes of it. */
#include <string.h>

#include "common/session_state.h"

/* ---- genesis ---- */

static enum status check_skeleton(const struct args_genesis *args)
{
    uint8_t taken[(STEPS_MAX + 8) / 8] = {0};

    if (args->step_count > STEPS_MAX || args->text_count > TEXTS_MAX) {
        return STATUS_FULL;
    }
    for (uint16_t i = 0; i < args->step_count; i++) {
        uint16_t step = args->steps[i].step;
        enum status status = session_check_plan(&args->steps[i]);

        if (status != STATUS_OK) {
            return status;
        }
        if ((taken[step / 8] & 1U << step % 8) != 0) {
            return STATUS_CONFLICT;
        }
        taken[step / 8] = (uint8_t)(taken[step / 8] | 1U << step % 8);
    }
    return STATUS_OK;
}

enum status session_rule_genesis(const struct asked *asked)
{
    const uint64_t longest_ms = (uint64_t)RETENTION_DAYS_MAX * 24 * 3600 * 1000;
    const struct entry *entry = asked->entry;
    const struct args_genesis *args = &entry->args.genesis;

    if (args->retention_ms <= asked->time_ms) {
        return STATUS_EXPIRED;
    }
    if (args->retention_ms - asked->time_ms > longest_ms) {
        return STATUS_FULL;
    }
    if (args->admission != ADMISSION_AUTOMATIC && args->admission != ADMISSION_BY_HAND) {
        return STATUS_UNKNOWN;
    }
    if (!session_has_slot(entry, LOCK_MEMBER, KRING_FIRST_MEMBER, NAME_FACILITATOR, 0) ||
        !session_has_slot(entry, LOCK_RECOVERY, 0, NAME_FACILITATOR, 0)) {
        return STATUS_BAD_SLOTS;
    }
    return check_skeleton(args);
}

/* ---- invites ---- */

enum status session_rule_invite(const struct asked *asked)
{
    const struct args_invite *args = &asked->entry->args.invite;
    bool exists = session_invite(asked->session, args->number) != NULL;

    if (args->number == 0 || args->number > INVITES_MAX || args->uses > INVITE_USES_MAX) {
        return STATUS_FULL;
    }
    if (args->uses == 0) {
        return exists ? STATUS_OK : STATUS_UNKNOWN; /* only the number says anything */
    }
    switch (args->role) {
    case ROLE_OBSERVER:
    case ROLE_PARTICIPANT:
    case ROLE_CASE_GIVER:
        return exists ? STATUS_CONFLICT : STATUS_OK;
    case ROLE_FACILITATOR: /* one joins and is made one */
        return STATUS_FORBIDDEN;
    case ROLE_REMOVED:
        return STATUS_UNKNOWN;
    }
    return STATUS_UNKNOWN;
}

/* ---- joining ---- */

static bool shares_a_key(const struct device_keys *a, const struct device_keys *b)
{
    return memcmp(a->noise, b->noise, KEY_BYTES) == 0 ||
           memcmp(a->box, b->box, KEY_BYTES) == 0 || memcmp(a->sign, b->sign, KEY_BYTES) == 0;
}

static enum status check_device_new(const struct session *session,
                                    const struct device_keys *device)
{
    for (uint16_t i = 0; i < session->member_count; i++) {
        if (shares_a_key(&session->members[i].seen.device, device)) {
            return STATUS_CONFLICT;
        }
    }
    return session->member_count < MEMBERS_MAX - MEMBERS_RESERVED ? STATUS_OK : STATUS_FULL;
}

/* The name is for facilitators. One of those the joiner saw may have stepped back: it looks
 * again, and nobody's name goes to who has no right to it any more. */
static enum status check_join_slots(const struct asked *asked)
{
    for (uint16_t i = 0; i < asked->entry->slot_count; i++) {
        const struct member *member =
            &asked->session->members[asked->entry->slots[i].lock_n - 1];

        if ((member->roles_held & 1U << ROLE_FACILITATOR) == 0) {
            return STATUS_BAD_SLOTS;
        }
        if (member->seen.state != MEMBER_ADMITTED || member->seen.role != ROLE_FACILITATOR) {
            return STATUS_CONFLICT;
        }
    }
    return STATUS_OK;
}

enum status session_rule_join(const struct asked *asked)
{
    const struct args_join *args = &asked->entry->args.join;
    const struct session_invite *invite = session_invite(asked->session, args->invite);
    enum status status = check_device_new(asked->session, &args->device);

    if (args->invite == 0) {
        return STATUS_UNSUPPORTED; /* recovery */
    }
    if (invite == NULL) {
        return STATUS_UNKNOWN;
    }
    if (!asked->entry->findings.proof_good) {
        return STATUS_BAD_SIGNATURE;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (asked->time_ms >= invite->expiry_ms) {
        return STATUS_EXPIRED;
    }
    if (invite->used >= invite->uses) {
        return STATUS_USED_UP;
    }
    return check_join_slots(asked);
}

/* ---- roster ---- */

/* The roles of the admitted as they would be afterwards; ROLE_REMOVED: not among them. */
struct outcome {
    enum role roles[MEMBERS_MAX + 1];
    bool changed[MEMBERS_MAX + 1];
    bool takes_right; /* somebody loses one: that needs a new epoch */
};

static void outcome_begin(struct outcome *outcome, const struct session *session)
{
    *outcome = (struct outcome){0};
    for (uint16_t n = 1; n <= session->member_count; n++) {
        const struct session_member *member = session_member(session, n);

        if (member->state == MEMBER_ADMITTED) {
            outcome->roles[n] = member->role;
        }
    }
}

static enum status outcome_change(struct outcome *outcome, const struct session *session,
                                  const struct roster_change *change)
{
    const struct session_member *member = session_member(session, change->member);
    enum role before = ROLE_REMOVED;

    if (member == NULL || (unsigned)change->role >= ROLE_COUNT) {
        return STATUS_UNKNOWN;
    }
    if (member->state == MEMBER_REMOVED) {
        return STATUS_REMOVED;
    }
    if (outcome->changed[change->member]) {
        return STATUS_CONFLICT;
    }
    before = outcome->roles[change->member];
    if ((before != ROLE_REMOVED && change->role == ROLE_REMOVED) ||
        (before == ROLE_FACILITATOR && change->role != ROLE_FACILITATOR)) {
        outcome->takes_right = true;
    }
    outcome->roles[change->member] = change->role;
    outcome->changed[change->member] = true;
    return STATUS_OK;
}

static bool has_facilitator(const struct outcome *outcome)
{
    for (size_t n = 1; n <= MEMBERS_MAX; n++) {
        if (outcome->roles[n] == ROLE_FACILITATOR) {
            return true;
        }
    }
    return false;
}

/* Keys go to members as they are afterwards: F to facilitators, from which K follows, K to
 * anyone. Who is new, or a facilitator from now on, must get theirs. */
static enum status check_roster_slots(const struct asked *asked, const struct outcome *outcome)
{
    const struct entry *entry = asked->entry;
    bool gets_group[MEMBERS_MAX + 1] = {false};
    bool gets_facilitator[MEMBERS_MAX + 1] = {false};

    for (uint16_t i = 0; i < entry->slot_count; i++) {
        const struct entry_slot *slot = &entry->slots[i];

        if (slot->lock != LOCK_MEMBER || outcome->roles[slot->lock_n] == ROLE_REMOVED) {
            return STATUS_BAD_SLOTS; /* other locks only with an epoch */
        }
        if (slot->name == NAME_FACILITATOR) {
            if (outcome->roles[slot->lock_n] != ROLE_FACILITATOR) {
                return STATUS_BAD_SLOTS;
            }
            gets_facilitator[slot->lock_n] = true;
        } else {
            gets_group[slot->lock_n] = true;
        }
    }
    for (uint16_t n = 1; n <= asked->session->member_count; n++) {
        const struct session_member *member = session_member(asked->session, n);
        bool is_new = member->state == MEMBER_LOBBY && outcome->roles[n] != ROLE_REMOVED;
        bool is_raised = outcome->roles[n] == ROLE_FACILITATOR &&
                         (is_new || member->role != ROLE_FACILITATOR);

        if (is_raised ? !gets_facilitator[n] : is_new && !gets_group[n]) {
            return STATUS_BAD_SLOTS;
        }
    }
    return STATUS_OK;
}

enum status session_rule_roster(const struct asked *asked)
{
    const struct args_roster *args = &asked->entry->args.roster;
    struct outcome outcome;

    if (args->roster_index != asked->session->roster_index) {
        return STATUS_CONFLICT;
    }
    if (args->change_count > MEMBERS_MAX) {
        return STATUS_FULL;
    }
    outcome_begin(&outcome, asked->session);
    for (uint16_t i = 0; i < args->change_count; i++) {
        enum status status = outcome_change(&outcome, asked->session, &args->changes[i]);

        if (status != STATUS_OK) {
            return status;
        }
    }
    if (!has_facilitator(&outcome)) {
        return STATUS_BAD_STATE; /* somebody must be able to go on */
    }
    if (outcome.takes_right || args->has_epoch || args->has_recovery) {
        return STATUS_UNSUPPORTED;
    }
    return check_roster_slots(asked, &outcome);
}

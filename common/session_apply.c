/* Folding an entry in. Each kind first makes the room it needs, which may fail and shows
 * nowhere; then it changes the session, which cannot fail. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/session_state.h"

enum { CAPACITY_FIRST = 8, MS_PER_SECOND = 1000 };

static_assert(MEMBERS_MAX <= UINT16_MAX / 2, "doubling a capacity must not wrap");
static_assert(INVITES_MAX <= UINT16_MAX / 2, "doubling a capacity must not wrap");
static_assert(STEPS_MAX <= UINT16_MAX / 2, "doubling a capacity must not wrap");
static_assert((uint64_t)IDMAP_IDS_MAX <= UINT32_MAX, "an index must fit idmap_value");

/* Room for `count` items, the new ones zeroed. NULL when there is no memory; then the old ones
 * stand where they stood. */
static void *make_room(void *items, uint16_t *capacity, uint16_t count, size_t item_bytes)
{
    uint16_t larger = *capacity == 0 ? CAPACITY_FIRST : *capacity;
    uint8_t *moved = NULL;

    if (count <= *capacity) {
        return items;
    }
    while (larger < count) {
        larger = (uint16_t)(larger * 2);
    }
    moved = realloc(items, larger * item_bytes);
    if (moved != NULL) {
        memset(moved + *capacity * item_bytes, 0, (size_t)(larger - *capacity) * item_bytes);
        *capacity = larger;
    }
    return moved;
}

static enum status reserve_members(struct session *session, uint16_t count)
{
    struct member *members =
        make_room(session->members, &session->member_capacity, count, sizeof *session->members);

    if (members == NULL) {
        return STATUS_NOMEM;
    }
    session->members = members;
    return STATUS_OK;
}

static enum status reserve_steps(struct session *session, uint16_t count)
{
    struct session_step *steps = NULL;

    if (count == 0) {
        return STATUS_OK;
    }
    steps = make_room(session->steps, &session->step_capacity, count, sizeof *session->steps);
    if (steps == NULL) {
        return STATUS_NOMEM;
    }
    session->steps = steps;
    return STATUS_OK;
}

static enum status reserve_invites(struct session *session, uint16_t count)
{
    struct session_invite *invites =
        make_room(session->invites, &session->invite_capacity, count, sizeof *session->invites);

    if (invites == NULL) {
        return STATUS_NOMEM;
    }
    session->invites = invites;
    return STATUS_OK;
}

/* Only genesis comes here: this version plays no second epoch. */
static enum status reserve_epoch(struct session *session)
{
    if (session->group_checks == NULL) {
        session->group_checks = calloc(1, sizeof *session->group_checks);
    }
    return session->group_checks == NULL ? STATUS_NOMEM : STATUS_OK;
}

static enum status reserve(struct session *session, const struct entry *entry)
{
    enum status status = idmap_reserve(&session->ids);

    if (status != STATUS_OK) {
        return status;
    }
    if (entry->kind == KIND_GENESIS) {
        status = reserve_epoch(session);
        if (status == STATUS_OK) {
            status = reserve_members(session, KRING_FIRST_MEMBER);
        }
        if (status == STATUS_OK) {
            status = reserve_steps(session, entry->args.genesis.step_count);
        }
    } else if (entry->kind == KIND_JOIN) {
        status = reserve_members(session, (uint16_t)(session->member_count + 1));
    } else if (entry->kind == KIND_INVITE) {
        status = reserve_invites(session, entry->args.invite.number);
    } else if (entry->kind == KIND_STEP && session_step(session, entry->step) == NULL) {
        status = reserve_steps(session, (uint16_t)(session->step_count + 1));
    }
    return status;
}

/* ---- folding; `index` is the entry's own ---- */

struct fold {
    struct session *session;
    const struct entry *entry;
    uint64_t time_ms;
    uint64_t index;
};

/* Steps exist by now: the decision looked. */
static struct session_step *step_of(const struct fold *fold)
{
    uint16_t place = fold->session->places[fold->entry->step];

    assert(place != 0);
    return &fold->session->steps[place - 1];
}

static void add_step(struct session *session, const struct step_plan *plan)
{
    session->steps[session->step_count] = (struct session_step){.plan = *plan};
    session->order[session->step_count] = plan->step;
    session->step_count++;
    session->places[plan->step] = session->step_count;
}

static void add_member(const struct fold *fold, const struct session_member *member)
{
    struct session *session = fold->session;

    session->members[session->member_count] = (struct member){.seen = *member};
    if (member->state == MEMBER_ADMITTED) {
        session->members[session->member_count].roles_held = 1U << member->role;
    }
    session->member_count++;
}

static void fold_genesis(const struct fold *fold)
{
    struct session *session = fold->session;
    const struct args_genesis *args = &fold->entry->args.genesis;
    const struct session_member creator = {
        .state = MEMBER_ADMITTED,
        .role = ROLE_FACILITATOR,
        .joined_index = fold->index,
        .admitted_index = fold->index,
        .device = args->device,
    };

    memcpy(session->id, fold->entry->findings.hash, HASH_BYTES);
    memcpy(session->group_checks[0], args->group_check, HASH_BYTES);
    session->epoch = 1;
    session->roster_index = fold->index;
    session->retention_ms = args->retention_ms;
    session->admission = args->admission;
    session->recovery = args->recovery;
    session->text_count = args->text_count;
    session->texts_missing = args->text_count;
    session->state = args->text_count == 0 ? SESSION_RUNNING : SESSION_FILLING;
    add_member(fold, &creator);
    for (uint16_t i = 0; i < args->step_count; i++) {
        add_step(session, &args->steps[i]);
    }
}

static void fold_text(const struct fold *fold)
{
    struct session *session = fold->session;
    uint16_t number = fold->entry->args.text;

    session->texts[number / 8] = (uint8_t)(session->texts[number / 8] | 1U << number % 8);
    if (number < session->text_count) {
        session->texts_missing--;
        if (session->texts_missing == 0) {
            session->state = SESSION_RUNNING;
        }
    }
}

static void fold_invite(const struct fold *fold)
{
    const struct args_invite *args = &fold->entry->args.invite;
    struct session_invite *invite = &fold->session->invites[args->number - 1];

    if (args->uses == 0) {
        invite->uses = 0;
        return;
    }
    *invite = (struct session_invite){
        .role = args->role,
        .uses = args->uses,
        .expiry_ms = args->expiry_ms,
        .exists = true,
    };
    memcpy(invite->key, args->key, KEY_BYTES);
}

static void fold_join(const struct fold *fold)
{
    const struct args_join *args = &fold->entry->args.join;
    struct session_invite *invite = &fold->session->invites[args->invite - 1];
    const struct session_member member = {
        .state = MEMBER_LOBBY,
        .role = invite->role,
        .invite = args->invite,
        .joined_index = fold->index,
        .device = args->device,
    };

    invite->used++;
    add_member(fold, &member);
}

static void fold_roster(const struct fold *fold)
{
    struct session *session = fold->session;
    const struct args_roster *args = &fold->entry->args.roster;

    for (uint16_t i = 0; i < args->change_count; i++) {
        struct member *member = &session->members[args->changes[i].member - 1];

        if (args->changes[i].role == ROLE_REMOVED) {
            member->seen.state = MEMBER_REMOVED;
            if (member->seen.invite != 0) {
                session->invites[member->seen.invite - 1].uses = 0; /* no coming back by it */
            }
            continue;
        }
        if (member->seen.state == MEMBER_LOBBY) {
            member->seen.state = MEMBER_ADMITTED;
            member->seen.admitted_index = fold->index;
        }
        member->seen.role = args->changes[i].role;
        member->roles_held |= 1U << args->changes[i].role;
    }
    session->roster_index = fold->index;
}

/* Puts the step, wherever it stands, right after the step `position` (0: first). */
static void move_step(struct session *session, uint16_t step, uint16_t position)
{
    uint16_t at = 0;
    uint16_t count = 0;

    for (uint16_t i = 0; i < session->step_count; i++) {
        if (session->order[i] != step) {
            session->order[count++] = session->order[i];
        }
    }
    while (position != 0 && session->order[at] != position) {
        at++;
    }
    at = (uint16_t)(position == 0 ? 0 : at + 1);
    memmove(&session->order[at + 1], &session->order[at],
            (size_t)(count - at) * sizeof *session->order);
    session->order[at] = step;
}

static void fold_step(const struct fold *fold)
{
    const struct args_step *args = &fold->entry->args.step;

    if (session_step(fold->session, args->plan.step) == NULL) {
        add_step(fold->session, &args->plan);
    } else {
        step_of(fold)->plan = args->plan;
    }
    move_step(fold->session, args->plan.step, args->position);
}

static void fold_open(const struct fold *fold)
{
    struct session_step *step = step_of(fold);

    step->state = STEP_OPEN;
    if (fold->entry->args.open.has_key) {
        step->epoch = fold->session->epoch;
        step->open_index = fold->index;
        memcpy(step->key, fold->entry->args.open.step_key, KEY_BYTES);
    }
    fold->session->pointer = fold->entry->step;
}

static void fold_timer(const struct fold *fold)
{
    uint64_t *ends_ms = &fold->session->timer.ends_ms;
    uint64_t longer_ms = (uint64_t)fold->entry->args.pace.seconds * MS_PER_SECOND;
    uint64_t from_ms = fold->time_ms;

    if (fold->entry->args.pace.verb == VERB_TIMER_EXTEND && *ends_ms > from_ms) {
        from_ms = *ends_ms; /* one that ran out is extended from now */
    }
    *ends_ms = from_ms + longer_ms;
}

static void fold_pace(const struct fold *fold)
{
    struct session *session = fold->session;

    switch (fold->entry->args.pace.verb) {
    case VERB_CLOSE:
        step_of(fold)->state = STEP_CLOSED;
        break;
    case VERB_GO:
        session->pointer = fold->entry->step;
        break;
    case VERB_SKIP:
        step_of(fold)->state = STEP_SKIPPED;
        break;
    case VERB_PAUSE:
        session->state = SESSION_PAUSED;
        break;
    case VERB_RESUME:
        session->state = SESSION_RUNNING;
        break;
    case VERB_END:
        session->state = SESSION_ENDED;
        session->timer.ends_ms = 0;
        break;
    case VERB_TIMER_START:
    case VERB_TIMER_EXTEND:
        fold_timer(fold);
        break;
    case VERB_TIMER_STOP:
        session->timer.ends_ms = 0;
        break;
    }
}

static void fold_release(const struct fold *fold)
{
    struct session_step *step = step_of(fold);

    step->state = STEP_RELEASED;
    step->release_index = fold->index;
    step->release_count = fold->entry->args.release.count;
    fold->session->release = (struct release){
        .step = fold->entry->step,
        .left = fold->entry->args.release.count,
    };
}

static void fold_answer(const struct fold *fold)
{
    struct release *release = &fold->session->release;
    const struct entry *entry = fold->entry;
    unsigned row = entry->author * (BEHALF_MAX + 1U) + entry->args.answer.behalf;

    release->left--;
    release->has_last = true;
    memcpy(release->last_id, entry->id, ID_BYTES);
    release->rows[row / 8] = (uint8_t)(release->rows[row / 8] | 1U << row % 8);
}

static void fold_assign(const struct fold *fold)
{
    fold->session->scribe = fold->entry->args.assign.member;
}

static void fold_note(const struct fold *fold)
{
    struct session_step *step = step_of(fold);

    step->has_note = true;
    memcpy(step->note_id, fold->entry->id, ID_BYTES);
}

static void fold_agreement(const struct fold *fold)
{
    if (fold->entry->args.note.has_replaces) {
        idmap_mark_replaced(&fold->session->ids, fold->entry->args.note.replaces);
    }
}

static void fold_purge(const struct fold *fold)
{
    fold->session->state = SESSION_PURGED;
    fold->session->timer.ends_ms = 0;
}

static void (*const folds[KIND_COUNT])(const struct fold *) = {
    [KIND_GENESIS] = fold_genesis,     [KIND_TEXT] = fold_text,
    [KIND_INVITE] = fold_invite,       [KIND_JOIN] = fold_join,
    [KIND_ROSTER] = fold_roster,       [KIND_STEP] = fold_step,
    [KIND_OPEN] = fold_open,           [KIND_PACE] = fold_pace,
    [KIND_RELEASE] = fold_release,     [KIND_ASSIGN] = fold_assign,
    [KIND_ANSWER] = fold_answer,       [KIND_NOTE] = fold_note,
    [KIND_AGREEMENT] = fold_agreement, [KIND_PURGE] = fold_purge,
    /* confirm, leave out, name, reveal, park, report, follow-up: nothing decides on them */
};

enum status session_apply(struct session *session, const struct entry *entry, uint64_t time_ms)
{
    struct session_decision decision;
    struct fold fold = {session, entry, time_ms, session->index + 1};
    enum status status = entry->kind == KIND_ANSWER
                             ? session_decide_released(session, entry, time_ms, &decision)
                             : session_decide(session, entry, time_ms, &decision);

    if (status == STATUS_OK && decision.stream != STREAM_PUBLIC) {
        status = STATUS_BAD_STATE;
    }
    if (status == STATUS_OK) {
        status = reserve(session, entry);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (folds[entry->kind] != NULL) {
        folds[entry->kind](&fold);
    }
    session->index = fold.index;
    session->time_ms = time_ms;
    idmap_insert(&session->ids, entry->id,
                 (struct idmap_value){
                     .index = (uint32_t)fold.index,
                     .author = decision.member,
                     .step = entry->step,
                     .kind = (uint8_t)entry->kind,
                 });
    return STATUS_OK;
}

#include "tests/support/build_entry.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void scene_begin(struct scene *scene)
{
    *scene = (struct scene){.time_ms = SCENE_START_MS, .next_id = 1};
    scene->entry = calloc(1, sizeof *scene->entry);
    assert(scene->entry != NULL);
    if (session_create(&scene->session) != STATUS_OK) {
        abort();
    }
}

void scene_end(struct scene *scene)
{
    session_destroy(scene->session);
    free(scene->entry);
    *scene = (struct scene){0};
}

enum status scene_decide(const struct scene *scene)
{
    struct session_decision decision;

    return session_decide(scene->session, scene->entry, scene->time_ms, &decision);
}

enum status scene_apply(struct scene *scene)
{
    return session_apply(scene->session, scene->entry, scene->time_ms);
}

void scene_must(struct scene *scene)
{
    enum status status = scene_apply(scene);

    assert(status == STATUS_OK);
}

void build_slot(struct entry *entry, enum lock lock, uint32_t lock_n, enum slot_name name,
                uint32_t name_n)
{
    assert(entry->slot_count < ENTRY_SLOTS_MAX);
    entry->slots_present = true;
    entry->slots[entry->slot_count++] =
        (struct entry_slot){.lock = lock, .lock_n = lock_n, .name = name, .name_n = name_n};
}

void build_id(uint8_t id_out[ID_BYTES], uint64_t n)
{
    memset(id_out, 0x1d, ID_BYTES);
    bytes_put_u64(id_out + ID_BYTES - 8, n);
}

struct device_keys build_device(uint8_t n)
{
    struct device_keys device;

    memset(device.noise, 0x10, KEY_BYTES);
    memset(device.box, 0x20, KEY_BYTES);
    memset(device.sign, 0x30, KEY_BYTES);
    device.noise[0] = n;
    device.box[0] = n;
    device.sign[0] = n;
    return device;
}

struct step_plan build_plan(uint16_t step, enum form form)
{
    return (struct step_plan){
        .step = step,
        .form = form,
        .work = WORK_INDIVIDUAL,
        .working = WORKING_NONE,
        .sharing = SHARING_NAMED,
        .who = WHO_ALL,
    };
}

struct entry *build_bare(struct scene *scene, enum kind kind, uint16_t author)
{
    struct entry *entry = scene->entry;

    memset(entry, 0, sizeof *entry);
    memcpy(entry->session, session_id(scene->session), HASH_BYTES);
    entry->epoch = session_epoch(scene->session);
    entry->kind = kind;
    entry->author = author;
    build_id(entry->id, scene->next_id++);
    entry->seen_index = session_index(scene->session);
    memset(entry->findings.hash, 0x77, HASH_BYTES);
    memcpy(entry->findings.hash, entry->id, ID_BYTES);
    entry->findings.signature_good = true;
    entry->findings.proof_good = true;
    entry->findings.seen_good = true;
    return entry;
}

static struct entry *build_sealed(struct scene *scene, enum kind kind, uint16_t author,
                                  enum lock lock, uint32_t lock_n)
{
    struct entry *entry = build_bare(scene, kind, author);

    entry->has_body = true;
    build_slot(entry, lock, lock_n, NAME_CONTENT, 0);
    return entry;
}

struct entry *build_genesis(struct scene *scene, const struct step_plan *plans, uint16_t count,
                            uint16_t text_count)
{
    struct entry *entry = build_sealed(scene, KIND_GENESIS, KRING_FIRST_MEMBER, LOCK_GROUP, 0);
    struct args_genesis *args = &entry->args.genesis;

    memset(entry->session, 0, HASH_BYTES);
    entry->epoch = 1;
    entry->seen_index = 0;
    args->device = build_device(1);
    memset(args->recovery.sign, 0x41, KEY_BYTES);
    memset(args->recovery.box, 0x42, KEY_BYTES);
    memset(args->group_check, 0x43, HASH_BYTES);
    args->text_count = text_count;
    args->retention_ms = SCENE_RETENTION_MS;
    args->step_count = count;
    if (count > 0) {
        memcpy(args->steps, plans, count * sizeof *plans);
    }
    build_slot(entry, LOCK_MEMBER, 1, NAME_FACILITATOR, 0);
    build_slot(entry, LOCK_RECOVERY, 0, NAME_FACILITATOR, 0);
    return entry;
}

struct entry *build_text(struct scene *scene, uint16_t author, uint16_t number)
{
    struct entry *entry = build_sealed(scene, KIND_TEXT, author, LOCK_FACILITATOR, 0);

    entry->args.text = number;
    return entry;
}

struct entry *build_invite(struct scene *scene, uint16_t author, uint16_t number,
                           enum role role, uint16_t uses)
{
    struct entry *entry = build_bare(scene, KIND_INVITE, author);

    entry->args.invite = (struct args_invite){
        .number = number, .role = role, .uses = uses, .expiry_ms = SCENE_EXPIRY_MS};
    memset(entry->args.invite.key, 0x50, KEY_BYTES);
    return entry;
}

struct entry *build_join(struct scene *scene, uint16_t invite, uint8_t device)
{
    struct entry *entry = build_sealed(scene, KIND_JOIN, 0, LOCK_MEMBER, CAST_FACILITATOR);

    entry->args.join.device = build_device(device);
    entry->args.join.invite = invite;
    return entry;
}

struct entry *build_roster(struct scene *scene, uint16_t author, uint16_t member,
                           enum role role)
{
    struct entry *entry = build_bare(scene, KIND_ROSTER, author);

    entry->args.roster.roster_index = session_roster_index(scene->session);
    build_roster_change(entry, member, role);
    return entry;
}

void build_roster_change(struct entry *entry, uint16_t member, enum role role)
{
    struct args_roster *args = &entry->args.roster;

    assert(args->change_count < MEMBERS_MAX);
    args->changes[args->change_count++] =
        (struct roster_change){.member = member, .role = role};
    if (role != ROLE_REMOVED) {
        build_slot(entry, LOCK_MEMBER, member,
                   role == ROLE_FACILITATOR ? NAME_FACILITATOR : NAME_GROUP, 0);
    }
}

struct entry *build_written(struct scene *scene, enum kind kind, uint16_t author)
{
    return build_sealed(scene, kind, author, LOCK_GROUP, 0);
}

struct entry *build_confirm(struct scene *scene, uint16_t author, uint16_t text)
{
    struct entry *entry = build_bare(scene, KIND_CONFIRM, author);

    entry->args.gate_text = text;
    return entry;
}

struct entry *build_leave_out(struct scene *scene, uint16_t author,
                              const uint8_t named[ID_BYTES])
{
    struct entry *entry = build_bare(scene, KIND_LEAVE_OUT, author);

    memcpy(entry->args.left_out, named, ID_BYTES);
    return entry;
}

struct entry *build_step(struct scene *scene, uint16_t author, const struct step_plan *plan,
                         uint16_t position)
{
    struct entry *entry = build_sealed(scene, KIND_STEP, author, LOCK_FACILITATOR, 0);

    entry->step = plan->step;
    entry->args.step.plan = *plan;
    entry->args.step.position = position;
    return entry;
}

struct entry *build_open(struct scene *scene, uint16_t author, uint16_t step)
{
    struct entry *entry = build_bare(scene, KIND_OPEN, author);
    const struct session_step *found = session_step(scene->session, step);

    entry->step = step;
    if (found == NULL || found->epoch == 0) {
        entry->args.open.has_key = true;
        memset(entry->args.open.step_key, 0x60 + step, KEY_BYTES);
    }
    return entry;
}

struct entry *build_pace(struct scene *scene, uint16_t author, enum verb verb, uint16_t step)
{
    struct entry *entry = build_bare(scene, KIND_PACE, author);

    entry->step = step;
    entry->args.pace.verb = verb;
    if (verb == VERB_TIMER_START || verb == VERB_TIMER_EXTEND) {
        entry->args.pace.seconds = 60;
    }
    return entry;
}

struct entry *build_release(struct scene *scene, uint16_t author, uint16_t step, uint32_t count)
{
    struct entry *entry = build_bare(scene, KIND_RELEASE, author);

    entry->step = step;
    entry->args.release.count = count;
    build_slot(entry, LOCK_GROUP, 0, NAME_STEP, step);
    return entry;
}

struct entry *build_reveal(struct scene *scene, uint16_t author, uint16_t text)
{
    struct entry *entry = build_bare(scene, KIND_REVEAL, author);

    entry->args.reveal.text = text;
    build_slot(entry, LOCK_GROUP, 0, NAME_TEXT, text);
    return entry;
}

struct entry *build_groups(struct scene *scene, uint16_t author)
{
    struct entry *entry = build_sealed(scene, KIND_GROUPS, author, LOCK_GROUP, 0);
    struct args_groups *args = &entry->args.groups;

    args->group_count = 1;
    args->member_count = 2;
    args->group_ends[0] = 2;
    args->members[0] = CAST_PARTICIPANT;
    args->members[1] = CAST_CASE_GIVER;
    return entry;
}

struct entry *build_assign(struct scene *scene, uint16_t author, enum assignment what,
                           uint16_t member)
{
    struct entry *entry = build_bare(scene, KIND_ASSIGN, author);

    entry->args.assign.what = what;
    entry->args.assign.member = member;
    if (what == ASSIGNMENT_PERSPECTIVE) {
        entry->has_body = true;
        build_slot(entry, LOCK_GROUP, 0, NAME_CONTENT, 0);
    }
    return entry;
}

struct entry *build_answer(struct scene *scene, uint16_t author, uint16_t step, uint32_t edit)
{
    struct entry *entry = build_sealed(scene, KIND_ANSWER, author, LOCK_STEP, step);
    const struct session_step *found = session_step(scene->session, step);

    build_slot(entry, LOCK_MEMBER, author, NAME_CONTENT, 0);
    entry->step = step;
    entry->args.answer.edit = edit;
    if (found != NULL && found->epoch != 0) {
        entry->epoch = found->epoch;
    }
    return entry;
}

struct entry *build_note(struct scene *scene, enum kind kind, uint16_t author, uint16_t step)
{
    struct entry *entry = build_written(scene, kind, author);
    const struct session_step *found = session_step(scene->session, step);

    entry->step = step;
    if (kind == KIND_NOTE && found != NULL && found->has_note) {
        entry->args.note.has_replaces = true;
        memcpy(entry->args.note.replaces, found->note_id, ID_BYTES);
    }
    return entry;
}

struct entry *build_message(struct scene *scene, uint16_t author, uint16_t recipient)
{
    struct entry *entry = build_sealed(scene, KIND_MESSAGE, author, LOCK_MEMBER, recipient);

    build_slot(entry, LOCK_MEMBER, author, NAME_CONTENT, 0);
    entry->args.message.recipient_count = 1;
    entry->args.message.recipients[0] = recipient;
    return entry;
}

void scene_meet(struct scene *scene, const struct step_plan *plans, uint16_t count,
                uint16_t text_count)
{
    static const enum role roles[CAST_COUNT + 1] = {
        [CAST_OBSERVER] = ROLE_OBSERVER,     [CAST_PARTICIPANT] = ROLE_PARTICIPANT,
        [CAST_CASE_GIVER] = ROLE_CASE_GIVER, [CAST_SCRIBE] = ROLE_PARTICIPANT,
        [CAST_LOBBY] = ROLE_PARTICIPANT,     [CAST_REMOVED] = ROLE_PARTICIPANT,
    };

    build_genesis(scene, plans, count, text_count);
    scene_must(scene);
    for (int text = 0; text < 3; text++) {
        build_text(scene, CAST_FACILITATOR, (uint16_t)text);
        scene_must(scene);
    }
    for (int member = 2; member <= CAST_COUNT; member++) {
        build_invite(scene, CAST_FACILITATOR, (uint16_t)member, roles[member], 2);
        scene_must(scene);
        build_join(scene, (uint16_t)member, (uint8_t)member);
        scene_must(scene);
    }
    build_roster(scene, CAST_FACILITATOR, CAST_REMOVED, ROLE_REMOVED);
    for (int member = 2; member < CAST_LOBBY; member++) {
        build_roster_change(scene->entry, (uint16_t)member, roles[member]);
    }
    scene_must(scene);
}

/* ---- digest ---- */

static void mix(uint64_t *digest, const void *data, size_t count)
{
    const uint8_t *at = data;

    for (size_t i = 0; i < count; i++) {
        *digest = (*digest ^ at[i]) * 1099511628211U;
    }
}

static void mix_number(uint64_t *digest, uint64_t number)
{
    mix(digest, &number, sizeof number);
}

static void mix_members(uint64_t *digest, const struct session *session)
{
    for (uint16_t n = 1; n <= session_member_count(session); n++) {
        const struct session_member *member = session_member(session, n);

        mix_number(digest, member->state);
        mix_number(digest, member->role);
        mix_number(digest, member->invite);
        mix_number(digest, member->joined_index);
        mix_number(digest, member->admitted_index);
        mix(digest, &member->device, sizeof member->device);
    }
}

static void mix_steps(uint64_t *digest, const struct session *session)
{
    for (uint16_t i = 0; i < session_step_count(session); i++) {
        const struct session_step *step = session_step_at(session, i);

        mix_number(digest, step->plan.step);
        mix_number(digest, step->plan.form);
        mix_number(digest, step->plan.work);
        mix_number(digest, step->plan.working);
        mix_number(digest, step->plan.sharing);
        mix_number(digest, step->plan.who);
        mix_number(digest, step->state);
        mix_number(digest, step->epoch);
        mix_number(digest, step->open_index);
        mix_number(digest, step->release_index);
        mix_number(digest, step->release_count);
        mix_number(digest, step->has_note);
        mix(digest, step->note_id, ID_BYTES);
        mix(digest, step->key, KEY_BYTES);
    }
}

uint64_t scene_digest(const struct session *session)
{
    uint64_t digest = 14695981039346656037U;

    mix_number(&digest, session_state(session));
    mix(&digest, session_id(session), HASH_BYTES);
    mix_number(&digest, session_index(session));
    mix_number(&digest, session_time_ms(session));
    mix_number(&digest, session_roster_index(session));
    mix_number(&digest, session_epoch(session));
    if (session_epoch(session) > 0) {
        mix(&digest, session_group_check(session, session_epoch(session)), HASH_BYTES);
    }
    mix(&digest, session_recovery(session), sizeof(struct recovery_keys));
    mix_number(&digest, session_retention_ms(session));
    mix_number(&digest, session_admission(session));
    mix_number(&digest, session_pointer(session));
    mix_number(&digest, session_timer(session).ends_ms);
    mix_number(&digest, session_scribe(session));
    mix_number(&digest, session_release_left(session));
    mix_number(&digest, session_text_count(session));
    for (int text = 0; text < TEXTS_MAX; text++) {
        if (session_has_text(session, (uint16_t)text)) {
            mix_number(&digest, (uint64_t)text);
        }
    }
    mix_members(&digest, session);
    for (int number = 1; number <= INVITES_MAX; number++) {
        const struct session_invite *invite = session_invite(session, (uint16_t)number);

        if (invite != NULL) {
            mix(&digest, invite->key, KEY_BYTES);
            mix_number(&digest, (uint64_t)number);
            mix_number(&digest, invite->role);
            mix_number(&digest, invite->uses);
            mix_number(&digest, invite->used);
            mix_number(&digest, invite->expiry_ms);
        }
    }
    mix_steps(&digest, session);
    return digest;
}

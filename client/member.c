#include "client/member.h"

#include <stdlib.h>
#include <string.h>

#include "client/member_private.h"
#include "common/permission.h"
#include "common/secret.h"

enum status member_create(const struct member_options *options, struct member **member_out)
{
    static const uint8_t none[HASH_BYTES];
    struct member *member = secret_alloc(sizeof *member);
    enum status status = STATUS_NOMEM;

    if (member == NULL) {
        return STATUS_NOMEM;
    }
    member->driver = options->driver;
    member->entropy = options->entropy;
    member->admits = options->admits;
    seat_derive(options->seed, &member->seat);
    memcpy(member->session, options->session, HASH_BYTES);
    status = sealer_create(&member->seat, &member->entropy, &member->sealer);
    if (status == STATUS_OK && memcmp(options->session, none, HASH_BYTES) != 0) {
        status = replica_create(&member->seat, member->session, &member->replica);
    }
    if (status == STATUS_OK) {
        *member_out = member;
        member = NULL;
    }
    member_destroy(member);
    return status;
}

void member_forget_bytes(struct bytes *held)
{
    enum status status = outbox_replace(held, (struct bytes){0});

    (void)status; /* emptying takes no memory */
}

void member_destroy(struct member *member)
{
    if (member == NULL) {
        return;
    }
    model_destroy(member->model);
    script_finish(&member->script);
    replica_destroy(member->replica);
    sealer_destroy(member->sealer);
    outbox_finish(&member->outbox);
    member_forget_bytes(&member->genesis);
    for (size_t i = 0; i < member->waiting_count; i++) {
        member_forget_bytes(&member->waiting[i]);
    }
    free(member->waiting);
    for (size_t i = 0; i < member->live_count; i++) {
        free(member->live[i].marks);
    }
    free(member->live);
    for (size_t i = 0; i < member->jotting_count; i++) {
        member_forget_bytes(&member->jottings[i].text);
    }
    free(member->jottings);
    for (size_t i = 0; i < member->kept_note_count; i++) {
        member_forget_bytes(&member->kept_notes[i].text);
    }
    free(member->kept_notes);
    secret_free(member->invites, (INVITES_MAX + 1) * sizeof *member->invites);
    secret_free(member, sizeof *member);
}

void member_changed(struct member *member)
{
    model_destroy(member->model);
    member->model = NULL;
}

void member_tell(struct member *member, const struct news *news)
{
    struct news told = *news;

    told.past = told.past || member->line == LINE_FETCHING;
    if (!member->restoring) {
        member_changed(member);
        member->driver.news(member->driver.context, &told);
    }
}

void member_new_id(struct member *member, uint8_t id_out[ID_BYTES])
{
    entropy_fill(&member->entropy, id_out, ID_BYTES);
}

/* ---- who one is, and may want ---- */

const struct session_member *member_self(const struct member *member)
{
    uint16_t me = member->replica == NULL ? 0 : replica_me(member->replica);

    return me == 0 ? NULL : session_member(replica_session(member->replica), me);
}

bool member_is_facilitator(const struct member *member)
{
    const struct session_member *self = member_self(member);

    return self != NULL && self->state == MEMBER_ADMITTED && self->role == ROLE_FACILITATOR;
}

static enum status check_self(const struct member *member, const struct permission *row)
{
    const struct session_member *self = member_self(member);
    uint32_t roles = 0;

    if (self == NULL || self->state != MEMBER_ADMITTED) {
        return self != NULL && self->state == MEMBER_REMOVED ? STATUS_REMOVED
                                                             : STATUS_NOT_ADMITTED;
    }
    roles = 1U << self->role;
    if (session_scribe(replica_session(member->replica)) == replica_me(member->replica)) {
        roles |= PERMISSION_SCRIBE;
    }
    return (row->roles & roles) != 0 ? STATUS_OK : STATUS_FORBIDDEN;
}

static enum status check_state(const struct session *session, const struct permission *row)
{
    enum session_state state = session_state(session);

    if ((row->sessions & 1U << state) != 0) {
        return STATUS_OK;
    }
    return state == SESSION_PAUSED  ? STATUS_PAUSED
           : state == SESSION_ENDED ? STATUS_ENDED
                                    : STATUS_BAD_STATE;
}

static enum status check_step(const struct session *session, const struct permission *row,
                              uint16_t number)
{
    const struct session_step *step = session_step(session, number);

    if (number == 0) {
        return (row->steps & PERMISSION_STEPLESS) != 0 ? STATUS_OK : STATUS_UNKNOWN;
    }
    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    return (row->steps & 1U << step->state) != 0 ? STATUS_OK : STATUS_BAD_STATE;
}

enum status member_check(const struct member *member, enum kind kind, int verb, uint16_t step)
{
    const struct permission *row = permission_find(kind, verb);
    const struct session *session = NULL;
    enum status status = STATUS_OK;

    if (member->replica == NULL) {
        return STATUS_NOT_ADMITTED;
    }
    if (replica_is_purged(member->replica)) {
        return STATUS_PURGED;
    }
    if (!replica_is_sound(member->replica)) {
        return STATUS_CONFLICT;
    }
    if (row == NULL) {
        return STATUS_UNSUPPORTED;
    }
    session = replica_session(member->replica);
    status = check_self(member, row);
    if (status == STATUS_OK) {
        status = check_state(session, row);
    }
    if (status == STATUS_OK) {
        status = check_step(session, row, step);
    }
    return status;
}

#include "common/session.h"

#include <stdlib.h>
#include <string.h>

#include "common/session_state.h"

enum status session_create(struct session **session_out)
{
    struct session *session = calloc(1, sizeof *session);

    if (session == NULL) {
        return STATUS_NOMEM;
    }
    *session_out = session;
    return STATUS_OK;
}

void session_destroy(struct session *session)
{
    if (session == NULL) {
        return;
    }
    idmap_finish(&session->ids);
    free(session->steps);
    free(session->invites);
    free(session->members);
    free(session->group_checks);
    free(session);
}

enum session_state session_state(const struct session *session)
{
    return session->state;
}

const uint8_t *session_id(const struct session *session)
{
    return session->id;
}

uint64_t session_index(const struct session *session)
{
    return session->index;
}

uint64_t session_time_ms(const struct session *session)
{
    return session->time_ms;
}

uint64_t session_roster_index(const struct session *session)
{
    return session->roster_index;
}

uint32_t session_epoch(const struct session *session)
{
    return session->epoch;
}

const uint8_t *session_group_check(const struct session *session, uint32_t epoch)
{
    if (epoch == 0 || epoch > session->epoch) {
        return NULL;
    }
    return session->group_checks[epoch - 1];
}

const struct recovery_keys *session_recovery(const struct session *session)
{
    return &session->recovery;
}

uint64_t session_retention_ms(const struct session *session)
{
    return session->retention_ms;
}

enum admission session_admission(const struct session *session)
{
    return session->admission;
}

uint16_t session_pointer(const struct session *session)
{
    return session->pointer;
}

struct session_timer session_timer(const struct session *session)
{
    return session->timer;
}

uint16_t session_scribe(const struct session *session)
{
    return session->scribe;
}

uint32_t session_release_left(const struct session *session)
{
    return session->release.left;
}

bool session_has_text(const struct session *session, uint16_t text)
{
    return text < TEXTS_MAX && (session->texts[text / 8] & 1U << text % 8) != 0;
}

uint16_t session_text_count(const struct session *session)
{
    return session->text_count;
}

uint16_t session_member_count(const struct session *session)
{
    return session->member_count;
}

const struct session_member *session_member(const struct session *session, uint16_t member)
{
    if (member == 0 || member > session->member_count) {
        return NULL;
    }
    return &session->members[member - 1].seen;
}

uint16_t session_member_by_noise(const struct session *session, const uint8_t *noise)
{
    for (uint16_t n = 1; n <= session->member_count; n++) {
        if (memcmp(session->members[n - 1].seen.device.noise, noise, KEY_BYTES) == 0) {
            return n;
        }
    }
    return 0;
}

const struct session_invite *session_invite(const struct session *session, uint16_t number)
{
    if (number == 0 || number > session->invite_capacity ||
        !session->invites[number - 1].exists) {
        return NULL;
    }
    return &session->invites[number - 1];
}

uint16_t session_step_count(const struct session *session)
{
    return session->step_count;
}

const struct session_step *session_step_at(const struct session *session, uint16_t position)
{
    if (position >= session->step_count) {
        return NULL;
    }
    return session_step(session, session->order[position]);
}

const struct session_step *session_step(const struct session *session, uint16_t step)
{
    if (step > STEPS_MAX || session->places[step] == 0) {
        return NULL;
    }
    return &session->steps[session->places[step] - 1];
}

bool session_find_id(const struct session *session, const uint8_t *id, uint64_t *index_out,
                     uint16_t *author_out)
{
    const struct idmap_value *value = idmap_find(&session->ids, id);

    if (value == NULL) {
        return false;
    }
    *index_out = value->index;
    *author_out = value->author;
    return true;
}

#include "client/policy.h"

bool policy_acts(const struct session *session, uint16_t me, const bool *present)
{
    for (uint16_t n = 1; n <= session_member_count(session); n++) {
        const struct session_member *member = session_member(session, n);

        if (member->state != MEMBER_ADMITTED || member->role != ROLE_FACILITATOR) {
            continue;
        }
        if (n == me) {
            return true;
        }
        if (present[n]) {
            return false;
        }
    }
    return false;
}

/* ---- texts ---- */

static void add(const struct replica *replica, uint16_t text, struct policy_texts *texts)
{
    if (text == 0 || texts->count == POLICY_TEXTS_MAX || replica_text(replica, text) == NULL ||
        replica_text_given(replica, text)) {
        return;
    }
    for (uint16_t i = 0; i < texts->count; i++) {
        if (texts->at[i] == text) {
            return;
        }
    }
    texts->at[texts->count++] = text;
}

void policy_opening(const struct script *script, const struct replica *replica, uint16_t step,
                    struct policy_texts *texts_out)
{
    const struct script_step *scripted = script_find(script, step);

    texts_out->count = 0;
    if (scripted == NULL) {
        return;
    }
    for (uint16_t i = 0; i < script->phase_count; i++) {
        if (script->phases[i].number == scripted->phase) {
            add(replica, script->phases[i].text, texts_out);
        }
    }
    add(replica, scripted->prompt, texts_out);
    for (uint16_t i = 0; i < scripted->text_count; i++) {
        add(replica, scripted->texts[i], texts_out);
    }
}

/* Are all steps of this explanation done, `also` counted as done? */
static bool unlocked(const struct session *session,
                     const struct script_explanation *explanation, uint16_t also)
{
    for (uint16_t i = 0; i < explanation->step_count; i++) {
        const struct session_step *step = session_step(session, explanation->steps[i]);

        if (step == NULL) {
            return false;
        }
        if (step->state != STEP_RELEASED && step->state != STEP_SKIPPED &&
            step->plan.step != also) {
            return false;
        }
    }
    return explanation->step_count > 0;
}

static void add_explanations(const struct script *script, const struct replica *replica,
                             uint16_t also, struct policy_texts *texts)
{
    for (uint16_t i = 0; i < script->explanation_count; i++) {
        if (unlocked(replica_session(replica), &script->explanations[i], also)) {
            add(replica, script->explanations[i].text, texts);
        }
    }
}

void policy_release(const struct script *script, const struct replica *replica, uint16_t step,
                    struct policy_texts *texts_out)
{
    const struct script_step *scripted = script_find(script, step);

    texts_out->count = 0;
    if (scripted != NULL) {
        add(replica, scripted->consequences, texts_out);
    }
    add_explanations(script, replica, step, texts_out);
}

void policy_due(const struct script *script, const struct replica *replica,
                struct policy_texts *texts_out)
{
    texts_out->count = 0;
    for (uint16_t i = 0; i < script->start_count; i++) {
        add(replica, script->start_texts[i], texts_out);
    }
    add_explanations(script, replica, 0, texts_out);
}

/* ---- people ---- */

void policy_admissions(const struct session *session, const bool *facilitates,
                       struct wish_roster *roster_out)
{
    roster_out->count = 0;
    for (uint16_t n = 1; n <= session_member_count(session); n++) {
        const struct session_member *member = session_member(session, n);

        if (member->state != MEMBER_LOBBY || roster_out->count == OUTBOX_CHANGES_MAX) {
            continue;
        }
        roster_out->changes[roster_out->count++] = (struct roster_change){
            .member = n,
            .role = facilitates[member->invite] ? ROLE_FACILITATOR : member->role,
        };
    }
}

/* ---- pace ---- */

static int position_of(const struct script *script, uint16_t step)
{
    for (uint16_t i = 0; i < script->step_count; i++) {
        if (script->steps[i].step == step) {
            return (int)i;
        }
    }
    return -1;
}

uint16_t policy_next(const struct script *script, const struct session *session)
{
    int at = position_of(script, session_pointer(session));

    for (int i = at + 1; i < (int)script->step_count; i++) {
        const struct session_step *step = session_step(session, script->steps[i].step);

        if (step != NULL && (step->state == STEP_UNOPENED || step->state == STEP_OPEN)) {
            return step->plan.step;
        }
    }
    return 0;
}

uint16_t policy_previous(const struct script *script, const struct session *session)
{
    int at = position_of(script, session_pointer(session));

    for (int i = at - 1; i >= 0; i--) {
        const struct session_step *step = session_step(session, script->steps[i].step);

        if (step != NULL && step->epoch != 0) {
            return step->plan.step;
        }
    }
    return 0;
}

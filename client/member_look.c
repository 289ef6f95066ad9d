/* What one sees of a member: its model, its invites, whether all is said. */
#include <stdlib.h>
#include <string.h>

#include "client/member_private.h"

const struct replica *member_replica(const struct member *member)
{
    return member->replica;
}

bool member_is_settled(const struct member *member)
{
    for (size_t i = 0; i < member->outbox.answer_count; i++) {
        if (member->outbox.answers[i].state == ANSWER_WAITING) {
            return false;
        }
    }
    return member->outbox.wish_count == 0 && member->releasing.stage == RELEASE_NONE;
}

enum status member_invite_link(const struct member *member, uint16_t number,
                               struct link *link_out)
{
    if (member->invites == NULL || number == 0 || number > INVITES_MAX ||
        !member->invites[number].exists) {
        return STATUS_NOT_FOUND;
    }
    *link_out = (struct link){.type = LINK_INVITE, .invite = number};
    memcpy(link_out->session, member->session, HASH_BYTES);
    memcpy(link_out->seed, member->invites[number].seed, SEED_BYTES);
    return STATUS_OK;
}

bool member_next_invite(const struct member *member, uint16_t *at_inout,
                        struct member_invite *invite_out)
{
    const struct session_invite *known = NULL;

    if (member->invites == NULL) {
        return false;
    }
    while (*at_inout < INVITES_MAX) {
        const struct invite_record *invite = &member->invites[++*at_inout];

        if (!invite->exists) {
            continue;
        }
        known = session_invite(replica_session(member->replica), *at_inout);
        *invite_out = (struct member_invite){
            .number = *at_inout,
            .role = invite->role,
            .uses = known == NULL ? invite->uses : known->uses,
            .used = known == NULL ? 0 : known->used,
            .facilitates = member->facilitates[*at_inout],
            .label = invite->label,
        };
        return true;
    }
    return false;
}

/* ---- the model ---- */

/* The lists the model is built from, for as long as that takes. */
struct lists {
    struct model_own_source *own;
    struct model_jotting_source *jottings;
    struct model_kept_note *notes;
};

static bool make_lists(const struct member *member, struct lists *lists)
{
    const struct outbox *outbox = &member->outbox;

    lists->own = calloc(outbox->answer_count + 1, sizeof *lists->own);
    lists->jottings = calloc(member->jotting_count + 1, sizeof *lists->jottings);
    lists->notes = calloc(member->kept_note_count + 1, sizeof *lists->notes);
    if (lists->own == NULL || lists->jottings == NULL || lists->notes == NULL) {
        return false;
    }
    for (size_t i = 0; i < outbox->answer_count; i++) {
        const struct own_answer *answer = &outbox->answers[i];

        lists->own[i] = (struct model_own_source){
            .step = answer->step,
            .behalf = answer->behalf,
            .state = answer->state,
            .reason = answer->reason,
            .edit = answer->edit,
            .saved_ms = answer->saved_ms,
            .submitted = answer->submitted,
            .draft = answer->draft,
        };
    }
    for (size_t i = 0; i < member->jotting_count; i++) {
        lists->jottings[i] = (struct model_jotting_source){
            .number = member->jottings[i].number,
            .step = member->jottings[i].step,
            .time_ms = member->jottings[i].time_ms,
            .text = member->jottings[i].text,
        };
    }
    for (size_t i = 0; i < member->kept_note_count; i++) {
        lists->notes[i] = (struct model_kept_note){.step = member->kept_notes[i].step,
                                                   .text = member->kept_notes[i].text};
    }
    return true;
}

static enum status build(struct member *member)
{
    struct lists lists = {0};
    struct model_sources sources = {
        .replica = member->replica,
        .script = member->script_read ? &member->script : NULL,
        .name = member->name,
        .connected = member->line != LINE_DOWN,
        .caught_up = member->line == LINE_READY,
        .lobby = member->lobby,
        .clock_off_ms = member->clock_off_ms,
        .present = member->present,
        .done = member->done,
        .live_count = member->live_count,
        .live = member->live,
        .own_count = member->outbox.answer_count,
        .jotting_count = member->jotting_count,
        .kept_note_count = member->kept_note_count,
        .outgoing_count = (uint32_t)member->outbox.wish_count,
        .erased = member->erased,
    };
    enum status status = STATUS_NOMEM;

    if (make_lists(member, &lists)) {
        sources.own = lists.own;
        sources.jottings = lists.jottings;
        sources.kept_notes = lists.notes;
        status = model_build(&sources, &member->model);
    }
    free(lists.own);
    free(lists.jottings);
    free(lists.notes);
    return status;
}

const struct model *member_model(struct member *member)
{
    if (member->model == NULL && build(member) != STATUS_OK) {
        return NULL;
    }
    return member->model;
}

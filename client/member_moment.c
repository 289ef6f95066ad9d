/* What holds of the moment and is kept nowhere: presence, counts, marks, the lobby, last calls,
 * what the server says of itself. Gone when the line is. */
#include <stdlib.h>
#include <string.h>

#include "client/member_private.h"
#include "client/say.h"
#include "client/words.h"

struct model_live_step *member_live(struct member *member, uint16_t step)
{
    struct model_live_step *moved = NULL;

    for (size_t i = 0; i < member->live_count; i++) {
        if (member->live[i].step == step) {
            return &member->live[i];
        }
    }
    moved = realloc(member->live, (member->live_count + 1) * sizeof *moved);
    if (moved == NULL || step > STEPS_MAX) {
        member->live = moved == NULL ? member->live : moved;
        return NULL;
    }
    member->live = moved;
    moved += member->live_count++;
    *moved = (struct model_live_step){.step = step};
    return moved;
}

static enum status take_presence(struct member *member, struct bytes body)
{
    struct message_members *members = malloc(sizeof *members);
    enum status status = members == NULL ? STATUS_NOMEM : message_members_decode(body, members);

    if (status == STATUS_OK) {
        if (members->whole) {
            memset(member->present, 0, sizeof member->present);
        }
        for (uint32_t i = 0; i < members->count; i++) {
            if (members->items[i].member <= MEMBERS_MAX) {
                member->present[members->items[i].member] =
                    members->items[i].state != MESSAGE_AWAY;
            }
        }
        member_tell(member, &(struct news){.kind = NEWS_MEMBERS});
    }
    free(members);
    return status;
}

static enum status take_counts(struct member *member, struct bytes body)
{
    struct message_counts counts;
    struct model_live_step *live = NULL;
    enum status status = message_counts_decode(body, &counts);

    if (status == STATUS_OK) {
        live = member_live(member, counts.step);
        status = live == NULL ? STATUS_NOMEM : STATUS_OK;
    }
    if (status == STATUS_OK) {
        live->counts = (struct model_counts){
            .answered = counts.answered,
            .done = counts.done,
            .ready = counts.ready,
            .more_time = counts.more_time,
            .question = counts.question,
            .writing = counts.writing,
        };
        member_tell(member, &(struct news){.kind = NEWS_COUNTS, .step = counts.step});
    }
    return status;
}

static void put_mark(struct model_live_step *live, const struct message_member *item)
{
    struct model_live_mark *moved = NULL;

    for (uint16_t i = 0; i < live->mark_count; i++) {
        if (live->marks[i].member == item->member) {
            live->marks[i].marks = item->state;
            return;
        }
    }
    if (live->mark_count == MEMBERS_MAX) {
        return;
    }
    moved = realloc(live->marks, (live->mark_count + 1U) * sizeof *moved);
    if (moved != NULL) {
        live->marks = moved;
        moved[live->mark_count++] =
            (struct model_live_mark){.member = item->member, .marks = item->state};
    }
}

static enum status take_who(struct member *member, struct bytes body)
{
    struct message_who *who = malloc(sizeof *who);
    struct model_live_step *live = NULL;
    enum status status = who == NULL ? STATUS_NOMEM : message_who_decode(body, who);

    if (status == STATUS_OK) {
        live = member_live(member, who->step);
        status = live == NULL ? STATUS_NOMEM : STATUS_OK;
    }
    if (status == STATUS_OK) {
        if (who->members.whole) {
            live->mark_count = 0;
        }
        for (uint32_t i = 0; i < who->members.count; i++) {
            put_mark(live, &who->members.items[i]);
        }
        member_tell(member, &(struct news){.kind = NEWS_COUNTS, .step = who->step});
    }
    free(who);
    return status;
}

static enum status take_lobby(struct member *member, struct bytes body)
{
    struct message_lobby lobby;
    enum status status = message_lobby_decode(body, &lobby);

    if (status == STATUS_OK) {
        member->lobby =
            lobby.reason == MESSAGE_LOBBY_AGREEMENT ? LOBBY_AGREEMENT : LOBBY_NO_FACILITATOR;
        member_tell(member, &(struct news){.kind = NEWS_STANDING});
    }
    return status;
}

static enum status take_last_call(struct member *member, struct bytes body)
{
    struct message_last_call call;
    struct model_live_step *live = NULL;
    enum status status = message_last_call_decode(body, &call);

    if (status == STATUS_OK) {
        live = member_live(member, call.step);
        status = live == NULL ? STATUS_NOMEM : STATUS_OK;
    }
    if (status == STATUS_OK) {
        live->last_call_seconds = call.seconds;
        member_tell(
            member,
            &(struct news){.kind = NEWS_LAST_CALL, .step = call.step, .seconds = call.seconds});
    }
    return status;
}

static const char *notice_text(uint32_t code)
{
    if (code == MESSAGE_NOTICE_STOPPING) {
        return SAY("The server will stop or restart soon.");
    }
    if (code == MESSAGE_NOTICE_NO_SPACE) {
        return SAY("The server's disk is nearly full: it keeps nothing new until its keeper "
                   "makes room. What you write stays on this device.");
    }
    if (code == MESSAGE_NOTICE_RESTORED) {
        return SAY("The server was put back from a backup.");
    }
    if (code == MESSAGE_NOTICE_EXPIRES) {
        return SAY("The date until which this session is kept is near.");
    }
    return SAY("The server says something that this version of kring does not know.");
}

static enum status take_notice(struct member *member, struct bytes body)
{
    struct message_reason reason;
    enum status status = message_reason_decode(body, &reason);

    if (status == STATUS_OK) {
        member_tell(member,
                    &(struct news){.kind = NEWS_NOTICE, .text = notice_text(reason.code)});
    }
    return status;
}

static enum status take_closing(struct member *member, struct bytes body)
{
    struct message_reason reason;
    enum status status = message_reason_decode(body, &reason);

    if (status == STATUS_OK) {
        enum status why = reason.code == 0 ? STATUS_OK : message_status_of(reason.code);

        member_tell(
            member,
            &(struct news){.kind = NEWS_CLOSING, .status = why, .text = words_of_closing(why)});
    }
    return status;
}

enum status member_take_notification(struct member *member, const struct message *message)
{
    switch (message->method) {
    case MESSAGE_ITEM:
        return member_take_item(member, message->body);
    case MESSAGE_PRESENCE:
        return take_presence(member, message->body);
    case MESSAGE_COUNTS:
        return take_counts(member, message->body);
    case MESSAGE_WHO:
        return take_who(member, message->body);
    case MESSAGE_LOBBY:
        return take_lobby(member, message->body);
    case MESSAGE_LAST_CALLED:
        return take_last_call(member, message->body);
    case MESSAGE_NOTICE:
        return take_notice(member, message->body);
    case MESSAGE_CLOSING:
        return take_closing(member, message->body);
    default: /* of a later version: nothing we need */
        return STATUS_OK;
    }
}

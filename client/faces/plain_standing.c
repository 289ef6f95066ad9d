/* News of the line, and of being let in, as notes. */
#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"

static void on_found(struct plain *plain)
{
    notes_drop(&plain->notes, plain_key(NEWS_CONNECTION, 0));
    if (plain->told_lost || plain->looking) {
        plain_note(plain, plain_key(NEWS_CONNECTION, 0), NOTE_SHOW_NOTHING, 0, "%s",
                   plain->reached ? SAY("Connected again.") : SAY("Connected."));
    }
    plain->told_lost = false;
    plain->told_why = STATUS_OK;
    plain->looking = false;
    plain->reached = true;
    plain->was_connected = true;
}

void plain_connection(struct plain *plain, const struct model *model, const struct news *news)
{
    const char *why = news->text == NULL ? SAY("There is no connection.") : news->text;
    bool is_new = news->text != NULL && news->status != plain->told_why;

    if (model->connected && !plain->was_connected) {
        on_found(plain);
    } else if (!model->connected && (plain->was_connected || !plain->told_lost || is_new)) {
        plain->was_connected = false;
        plain->told_lost = true;
        plain->told_why = news->text == NULL ? plain->told_why : news->status;
        plain_note(plain, plain_key(NEWS_CONNECTION, 0), NOTE_SHOW_NOTHING, 0, "%s%s", why,
                   model->standing == STANDING_MEMBER
                       ? SAY(" What you write is kept, and sent when the connection is back.")
                       : "");
    }
}

/* The step shared last; NULL: none yet. */
static const struct model_step *last_shared(const struct model *model)
{
    const struct model_step *last = NULL;

    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];

        if (step->state == STEP_RELEASED &&
            (last == NULL || step->released_ms >= last->released_ms)) {
            last = step;
        }
    }
    return last;
}

/* Let in while the group is somewhere already: to that place, with its field. */
static void tell_where(struct plain *plain, const struct model *model)
{
    const struct model_step *here = model_step(model, model->here);
    const struct model_step *shared = last_shared(model);
    char name[SHOW_NAME_BYTES];
    char look[32] = "";

    plain_see_steps(plain, model);
    plain_follow(plain);
    if (here == NULL) {
        return;
    }
    if (shared != NULL) {
        (void)snprintf(look, sizeof look, ", /shared %u", (unsigned)shared->number);
    }
    if (shared != NULL || here->position > 1) {
        plain_note(plain, 0, NOTE_SHOW_NOTHING, 0,
                   SAY("You come in at step %u. What went before: /overview%s."),
                   (unsigned)here->number, look);
    }
    show_step_name(here, name);
    plain_note(plain, 0, NOTE_SHOW_STEP, here->number, SAY("The group is at %s."), name);
}

void plain_standing(struct plain *plain, const struct model *model, const struct news *news)
{
    (void)news;
    if (model->standing == plain->standing && model->lobby == plain->lobby) {
        return;
    }
    if (model->standing != plain->standing || model->standing == STANDING_LOBBY) {
        if (plain->practising && model->standing == STANDING_MEMBER) {
            plain_say(plain, SAY("You are let in. What you typed to practise is gone."));
        }
        if (plain->standing != STANDING_LOBBY || model->standing != STANDING_LOBBY) {
            typing_finish(&plain->typing);
            plain_show_standing(plain, model);
            if (model->standing == STANDING_MEMBER) {
                plain->admitted_count = model->admitted_count; /* nothing new to who comes in */
                tell_where(plain, model);
            }
        } else {
            plain_note(plain, plain_key(NEWS_STANDING, 0), NOTE_SHOW_NOTHING, 0, "%s",
                       model->lobby == LOBBY_AGREEMENT
                           ? SAY("A facilitator is connected and lets you in.")
                           : SAY("No facilitator is connected at the moment."));
        }
    }
    plain->standing = model->standing;
    plain->lobby = model->lobby;
}

/* News as notes: one function per kind of news. */
#include <stdlib.h>
#include <string.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"
#include "client/words.h"

/* ---- one function per kind of news ---- */

static void on_connection(struct plain *plain, const struct model *model,
                          const struct news *news)
{
    if (model->connected && !plain->was_connected) {
        plain->was_connected = true;
        notes_drop(&plain->notes, plain_key(NEWS_CONNECTION, 0));
        if (plain->told_lost) {
            plain_note(plain, plain_key(NEWS_CONNECTION, 0), NOTE_SHOW_NOTHING, 0, "%s",
                       SAY("Connected again."));
        }
        plain->told_lost = false;
        plain->told_why = STATUS_OK;
    } else if (!model->connected && (plain->was_connected || !plain->told_lost ||
                                     (news->text != NULL && news->status != plain->told_why))) {
        plain->was_connected = false;
        plain->told_lost = true;
        plain->told_why = news->text == NULL ? plain->told_why : news->status;
        plain_note(plain, plain_key(NEWS_CONNECTION, 0), NOTE_SHOW_NOTHING, 0, "%s%s%s",
                   news->text == NULL ? "" : news->text, news->text == NULL ? "" : " ",
                   SAY("It is tried again by itself; what you write is kept, and sent when the "
                       "connection is back."));
    }
}

/* Let in while the group is somewhere already: to that place, with its field. */
static void tell_where(struct plain *plain, const struct model *model)
{
    const struct model_step *here = model_step(model, model->here);
    char name[SHOW_NAME_BYTES];

    plain_see_steps(plain, model);
    plain_follow(plain);
    if (here != NULL) {
        show_step_name(here, name);
        plain_note(plain, 0, NOTE_SHOW_STEP, here->number, SAY("The group is at %s."), name);
    }
}

static void on_standing(struct plain *plain, const struct model *model, const struct news *news)
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

static void on_created(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct intent_values values = {0};

    (void)model;
    (void)news;
    plain_say(plain, SAY("The session stands. These are the invites:"));
    plain_looks[LOOK_INVITES].show(plain, &values);
}

static void on_session(struct plain *plain, const struct model *model, const struct news *news)
{
    const char *text = NULL;

    (void)news;
    if (model->state == plain->state) {
        return;
    }
    switch (model->state) {
    case SESSION_EMPTY:
    case SESSION_FILLING:
        break;
    case SESSION_RUNNING:
        text = plain->state == SESSION_PAUSED ? SAY("The session goes on.") : NULL;
        break;
    case SESSION_PAUSED:
        text = SAY("The session is paused. What you write is kept, and sent when it goes on.");
        break;
    case SESSION_ENDED:
        text = SAY("The session has ended. All that was shared can still be read; kring export "
                   "makes a transcript of it. /quit leaves.");
        break;
    case SESSION_PURGED:
        text = SAY("The session has been deleted on the server and on this device.");
        break;
    }
    plain->state = model->state;
    if (text != NULL) {
        plain_note(plain, plain_key(NEWS_SESSION, 0), NOTE_SHOW_NOTHING, 0, "%s", text);
    }
}

static void tell_presence(struct plain *plain, const struct model_member *member, uint8_t *seen)
{
    uint32_t key = plain_key(NEWS_MEMBERS, member->number);

    if (member->present && (*seen & SEEN_GONE) != 0) {
        *seen &= (uint8_t) ~(unsigned)SEEN_GONE;
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0, SAY("%s is connected again."),
                   member->name);
    } else if (!member->present && (*seen & SEEN_PRESENT) != 0) {
        *seen |= SEEN_GONE;
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0, SAY("%s is not connected any more."),
                   member->name);
    }
}

/* What a facilitator is told about one member. */
static void tell_member(struct plain *plain, const struct model *model,
                        const struct model_member *member)
{
    uint8_t *seen = &plain->seen_members[member->number];
    unsigned was_state = *seen & SEEN_STATE;
    uint32_t key = plain_key(NEWS_MEMBERS, member->number);

    if (member->me) {
        return;
    }
    if (member->state == was_state && member->state == MEMBER_ADMITTED) {
        tell_presence(plain, member, seen);
    } else if (member->state == MEMBER_LOBBY && was_state != MEMBER_LOBBY &&
               model->admission == ADMISSION_BY_HAND) {
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0,
                   SAY("%s (%s) waits to be let in: /admit %u lets them in."), member->name,
                   words_of_role(member->role), (unsigned)member->number);
    } else if (member->state == MEMBER_ADMITTED) {
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0, SAY("%s is in, as %s. In the circle: %u"),
                   member->name, words_of_role(member->role), (unsigned)model->admitted_count);
    } else if (member->state == MEMBER_REMOVED && was_state != MEMBER_REMOVED) {
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0, SAY("%s is not in the session any more."),
                   member->name);
    }
    *seen = (uint8_t)((unsigned)member->state | (member->present ? SEEN_PRESENT : 0) |
                      (*seen & SEEN_GONE));
}

/* Once, when everyone the guide needs is there. */
static void tell_missing(struct plain *plain, const struct model *model)
{
    bool missing = model->missing.observer || model->missing.people > 0;

    if (plain->missing && !missing && model->here == 0) {
        plain_note(plain, plain_key(NEWS_MEMBERS, 0), NOTE_SHOW_NOTHING, 0, "%s",
                   SAY("Everyone this guide needs is there. /next opens the first step."));
    }
    plain->missing = missing;
}

static void on_members(struct plain *plain, const struct model *model, const struct news *news)
{
    (void)news;
    if (model->facilitator) {
        for (uint16_t i = 0; i < model->member_count; i++) {
            tell_member(plain, model, &model->members[i]);
        }
        tell_missing(plain, model);
    } else if (model->standing == STANDING_MEMBER &&
               model->admitted_count != plain->admitted_count) {
        plain_note(plain, plain_key(NEWS_MEMBERS, 0), NOTE_SHOW_NOTHING, 0,
                   SAY("In the circle: %u"), (unsigned)model->admitted_count);
    }
    plain->admitted_count = model->admitted_count;
}

static void tell_step(struct plain *plain, const struct model *model,
                      const struct model_step *step, enum step_state was)
{
    char name[SHOW_NAME_BYTES];
    bool moved = model->here != plain->here && model->here == step->number;

    show_step_name(step, name);
    if (step->state == was) {
        if (moved) {
            plain_note(plain, 0, NOTE_SHOW_STEP, step->number, SAY("The group is at %s."),
                       name);
        }
        return;
    }
    notes_drop(&plain->notes, plain_key(NEWS_STEP, step->number)); /* closed, no longer */
    switch (step->state) {
    case STEP_UNOPENED:
        break;
    case STEP_OPEN:
        plain_note(plain, 0, NOTE_SHOW_STEP, step->number,
                   was == STEP_CLOSED ? SAY("Open again: %s") : SAY("Open: %s"), name);
        break;
    case STEP_CLOSED:
        plain_note(plain, plain_key(NEWS_STEP, step->number), NOTE_SHOW_NOTHING, step->number,
                   SAY("Closed, no more answers: %s"), name);
        break;
    case STEP_RELEASED:
        plain_note(plain, 0, NOTE_SHOW_SHARED, step->number, SAY("Shared with everyone: %s"),
                   name);
        break;
    case STEP_SKIPPED:
        plain_note(plain, 0, NOTE_SHOW_NOTHING, step->number, SAY("Left out: %s"), name);
        break;
    }
}

/* The step one is still writing at is not open any more. */
static void tell_unsent(struct plain *plain, const struct model_step *step)
{
    if (step->state == STEP_CLOSED) {
        plain_note(
            plain, plain_key(NEWS_ANSWER, step->number), NOTE_SHOW_NOTHING, 0,
            SAY("What you typed at step %u is kept on this device, and can be sent if the "
                "step opens again."),
            (unsigned)step->number);
    } else if (step->state == STEP_RELEASED) {
        plain_note(
            plain, plain_key(NEWS_ANSWER, step->number), NOTE_SHOW_NOTHING, 0,
            SAY("What you typed at step %u was not sent before it was shared. It stays on "
                "this device (/mine %u), and you can say it in the talk."),
            (unsigned)step->number, (unsigned)step->number);
        typing_finish(&plain->typing);
    }
}

static void on_step(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    bool elsewhere = plain->typing.unsent && plain->typing.step != model->here;

    if (plain->standing != STANDING_MEMBER) {
        return; /* where the group is, is told when one is let in */
    }
    if (step != NULL) {
        notes_drop(&plain->notes, plain_key(NEWS_COUNTS, step->number)); /* of before */
        tell_step(plain, model, step, (enum step_state)plain->seen_steps[step->number]);
        plain->seen_steps[step->number] = (uint8_t)step->state;
    }
    if (model->here != plain->here) {
        notes_drop(&plain->notes, plain_key(NEWS_COUNTS, plain->here));
    }
    if (step != NULL && step->number == plain->typing.step && plain->typing.unsent) {
        tell_unsent(plain, step);
    }
    if (model->here != plain->here && elsewhere) {
        plain_note(
            plain, 0, NOTE_SHOW_NOTHING, 0,
            SAY("You are still writing at step %u, and what you wrote stays there. A line "
                "with only a full stop sends it while that step is open; /step goes to the "
                "group."),
            (unsigned)plain->typing.step);
    }
    plain->here = model->here;
    plain_follow(plain);
}

static void on_texts(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_text *text = model_text(model, news->number);

    if (model->gate_text > 0 && !model->gate_confirmed && !plain->gate_shown) {
        plain->gate_shown = true;
        plain_note(plain, 0, NOTE_SHOW_GATE, 0, "%s",
                   SAY("There is something to agree to before the first step."));
    }
    if (text != NULL && text->type == TEXT_BACKGROUND) {
        plain_note(plain, 0, NOTE_SHOW_NOTHING, 0,
                   SAY("Given out to read: %s. /read reading=%u reads it."), text->title,
                   (unsigned)text->number);
    }
}

static void on_passage(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_text *text = model_text(model, model->passage.text);

    (void)news;
    if (text == NULL) {
        return;
    }
    if (model->passage.paragraph > 0) {
        plain_note(plain, plain_key(NEWS_PASSAGE, 0), NOTE_SHOW_PASSAGE, 0,
                   SAY("Everyone is asked to look at \xc2\xb6%u of \"%s\":"),
                   (unsigned)model->passage.paragraph, text->title);
    } else {
        plain_note(plain, plain_key(NEWS_PASSAGE, 0), NOTE_SHOW_NOTHING, 0,
                   SAY("Everyone is asked to look at \"%s\": /read reading=%u"), text->title,
                   (unsigned)text->number);
    }
}

static void on_answer(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    const struct model_own *own = step == NULL ? NULL : fields_own(step);
    char clock[SHOW_CLOCK_BYTES] = "";

    if (own == NULL || own->state == ANSWER_NONE || own->state == ANSWER_TYPING ||
        own->state == ANSWER_SHARED) {
        return; /* one sees it, or the reveal says it */
    }
    if (own->saved_ms > 0 && own->state == ANSWER_SAVED) {
        show_clock(own->saved_ms, clock);
    }
    plain_note(plain, plain_key(NEWS_ANSWER, step->number), NOTE_SHOW_NOTHING, 0,
               SAY("Your answer at step %u: %s%s%s%s%s"), (unsigned)step->number,
               answer_state_word(own->state), clock[0] == '\0' ? "" : " ", clock,
               own->reason[0] == '\0' ? "" : ". ", own->reason);
}

static void on_counts(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    char *text = NULL;
    size_t size = 0;
    FILE *memory;

    if (step == NULL || step->state != STEP_OPEN || !step->here ||
        (step->counts.answered == 0 && step->counts.done == 0 && !model->facilitator)) {
        return;
    }
    memory = open_memstream(&text, &size);
    if (memory == NULL) {
        return;
    }
    show_counts(memory, step);
    if (fclose(memory) == 0 && size > 0) {
        text[size - 1] = '\0'; /* its line end */
        plain_add(plain, plain_key(NEWS_COUNTS, step->number), NOTE_SHOW_NOTHING, 0, text);
    }
    free(text);
}

static void on_note(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    const struct model_note *last;
    char heading[SHOW_NAME_BYTES];

    if (step == NULL || step->note_count == 0) {
        return;
    }
    last = &step->notes[step->note_count - 1];
    if (last->author != model->me) {
        (void)snprintf(heading, sizeof heading, SAY("%.120s wrote for the group at step %u:"),
                       last->author_name, (unsigned)step->number);
        plain_note_said(plain, heading, last->trouble != NULL ? last->trouble : last->text);
    }
    if (step->note_kept != NULL) {
        plain_note_said(
            plain,
            SAY("Somebody else changed the note before you did. Yours was not kept for "
                "the group; here it is, to bring together with theirs:"),
            step->note_kept);
    }
    if (plain->typing.kind == FIELDS_NOTE && plain->typing.step == step->number &&
        !plain->typing.unsent) {
        plain_go(plain, step);
    }
}

static void on_report(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_said *last;
    char heading[SHOW_NAME_BYTES];

    (void)news;
    if (model->report_count == 0) {
        return;
    }
    last = &model->reports[model->report_count - 1];
    if (!last->mine) {
        (void)snprintf(heading, sizeof heading, SAY("%.120s, who observed, reports:"),
                       last->author_name);
        plain_note_said(plain, heading, last->trouble != NULL ? last->trouble : last->text);
    }
}

/* A mark and nothing more: somebody may be looking at this screen. */
static void on_message(struct plain *plain, const struct model *model, const struct news *news)
{
    uint32_t received = 0;

    (void)news;
    for (uint32_t i = plain->messages_told; i < model->message_count; i++) {
        received += model->messages[i].mine ? 0 : 1;
    }
    if (received == 1) {
        plain_note(plain, plain_key(NEWS_MESSAGE, 0), NOTE_SHOW_NOTHING, 0, "%s",
                   SAY("(1 private message: /messages)"));
    } else if (received > 1) {
        plain_note(plain, plain_key(NEWS_MESSAGE, 0), NOTE_SHOW_NOTHING, 0,
                   SAY("(%u private messages: /messages)"), (unsigned)received);
    }
}

static void on_parked(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_said *last;
    char heading[SHOW_NAME_BYTES];

    (void)news;
    if (model->park_count == 0) {
        return;
    }
    last = &model->parked[model->park_count - 1];
    (void)snprintf(heading, sizeof heading, SAY("%.120s keeps for later:"), last->author_name);
    plain_note_said(plain, heading, last->trouble != NULL ? last->trouble : last->text);
}

static void on_agreement(struct plain *plain, const struct model *model,
                         const struct news *news)
{
    const struct model_agreement *last;

    (void)news;
    if (model->agreement_count == 0) {
        return;
    }
    last = &model->agreements[model->agreement_count - 1];
    plain_note(plain, 0, NOTE_SHOW_NOTHING, 0, SAY("Agreed: %.600s (%.120s, %.120s)"),
               last->text, last->owner, last->by_when);
}

static void on_timer(struct plain *plain, const struct model *model, const struct news *news)
{
    uint64_t now_ms = (uint64_t)((int64_t)face_now_ms(plain->face) + model->clock_off_ms);

    (void)news;
    if (model->timer_ends_ms > now_ms) {
        plain_note(plain, plain_key(NEWS_TIMER, 0), NOTE_SHOW_NOTHING, 0,
                   SAY("On the timer: %u minutes left."),
                   (unsigned)((model->timer_ends_ms - now_ms + 59999) / 60000));
    } else {
        plain_note(plain, plain_key(NEWS_TIMER, 0), NOTE_SHOW_NOTHING, 0, "%s",
                   SAY("No timer runs."));
    }
}

static void on_last_call(struct plain *plain, const struct model *model,
                         const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);

    if (step == NULL || news->seconds == 0 || plain->typing.step != news->step ||
        !(plain->typing.unsent || plain->busy)) {
        return; /* nothing of this person's is under way here */
    }
    plain_note(
        plain, plain_key(NEWS_LAST_CALL, 0), NOTE_SHOW_NOTHING, 0,
        SAY("Step %u closes in %u seconds. A line with only a full stop sends what you typed; "
            "do nothing to keep it back."),
        (unsigned)news->step, (unsigned)news->seconds);
    if (plain->busy) {
        (void)fputc('\a', plain->out); /* nothing is printed over a line, but this is heard */
    }
}

static void on_refused(struct plain *plain, const struct model *model, const struct news *news)
{
    (void)model;
    plain_note(plain, 0, NOTE_SHOW_NOTHING, 0, "%s",
               news->text != NULL ? news->text : words_of_status(news->status));
}

static void on_sentence(struct plain *plain, const struct model *model, const struct news *news)
{
    (void)model;
    if (news->text != NULL) {
        plain_note(plain, plain_key(news->kind, 0), NOTE_SHOW_NOTHING, 0, "%s", news->text);
    }
}

void plain_news(struct plain *plain, const struct news *news)
{
    static void (*const on[NEWS_KIND_COUNT])(struct plain *, const struct model *,
                                             const struct news *) = {
        [NEWS_CONNECTION] = on_connection,
        [NEWS_STANDING] = on_standing,
        [NEWS_CREATED] = on_created,
        [NEWS_SESSION] = on_session,
        [NEWS_MEMBERS] = on_members,
        [NEWS_STEP] = on_step,
        [NEWS_TEXTS] = on_texts,
        [NEWS_PASSAGE] = on_passage,
        [NEWS_ANSWER] = on_answer,
        [NEWS_COUNTS] = on_counts,
        [NEWS_NOTE] = on_note,
        [NEWS_REPORT] = on_report,
        [NEWS_MESSAGE] = on_message,
        [NEWS_PARKED] = on_parked,
        [NEWS_AGREEMENT] = on_agreement,
        [NEWS_TIMER] = on_timer,
        [NEWS_LAST_CALL] = on_last_call,
        [NEWS_REFUSED] = on_refused,
        [NEWS_FAULT] = on_sentence,
        [NEWS_NOTICE] = on_sentence,
        [NEWS_CLOSING] = on_sentence,
    };

    on[news->kind](plain, face_model(plain->face), news);
}

/* News as notes: one function per kind of news. */
#include <stdlib.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"
#include "client/words.h"
#include "common/text.h"

enum { NAME_BYTES = 124, AGREED_BYTES = 604 };

/* ---- one function per kind of news ---- */

static void on_created(struct plain *plain, const struct model *model, const struct news *news)
{
    (void)model;
    (void)news;
    if (!plain->making) {
        return; /* this device only came back */
    }
    plain->making = false;
    plain_say(plain, SAY("The session stands. Each invite is a letter in the folder that was "
                         "named when it was made; /invites shows them here."));
}

/* Those who are writing, or about to, hear what becomes of it; others have nothing to lose. */
static const char *paused(const struct plain *plain, const struct model *model)
{
    bool writes = plain->typing.unsent ||
                  fields_kind(model, model_step(model, model->here)) != FIELDS_NONE;

    return writes ? SAY("The session is paused. What you write is kept, and sent when it goes "
                        "on.")
                  : SAY("The session is paused.");
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
        text = plain->state == SESSION_PAUSED && plain->standing == STANDING_MEMBER
                   ? SAY("The session goes on.")
                   : NULL;
        break;
    case SESSION_PAUSED:
        text = plain->standing == STANDING_MEMBER ? paused(plain, model) : NULL;
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

static void on_step(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);

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
                   SAY("Given out to read: %s. /read %u reads it."), show_title(text),
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
                   (unsigned)model->passage.paragraph, show_title(text));
    } else {
        plain_note(plain, plain_key(NEWS_PASSAGE, 0), NOTE_SHOW_NOTHING, 0,
                   SAY("Everyone is asked to look at \"%s\": /read %u"), show_title(text),
                   (unsigned)text->number);
    }
}

static void on_answer(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    const struct model_own *own = step == NULL ? NULL : fields_own(step);
    char clock[SHOW_CLOCK_BYTES] = "";

    if (step != NULL && plain_hushes(plain, model, step)) {
        return; /* on its way */
    }
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
    char name[NAME_BYTES];

    if (step == NULL || step->note_count == 0) {
        return;
    }
    last = &step->notes[step->note_count - 1];
    if (last->author != model->me) {
        text_cut(last->author_name, name, sizeof name);
        (void)snprintf(heading, sizeof heading, SAY("%s wrote for the group at step %u:"), name,
                       (unsigned)step->number);
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
    char name[NAME_BYTES];

    (void)news;
    if (model->report_count == 0) {
        return;
    }
    last = &model->reports[model->report_count - 1];
    if (!last->mine) {
        text_cut(last->author_name, name, sizeof name);
        (void)snprintf(heading, sizeof heading, SAY("%s, who observed, reports:"), name);
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
    char name[NAME_BYTES];

    (void)news;
    if (model->park_count == 0) {
        return;
    }
    last = &model->parked[model->park_count - 1];
    text_cut(last->author_name, name, sizeof name);
    (void)snprintf(heading, sizeof heading, SAY("%s keeps for later:"), name);
    plain_note_said(plain, heading, last->trouble != NULL ? last->trouble : last->text);
}

static void on_agreement(struct plain *plain, const struct model *model,
                         const struct news *news)
{
    const struct model_agreement *last;
    char text[AGREED_BYTES];
    char owner[NAME_BYTES];
    char by_when[NAME_BYTES];

    (void)news;
    if (model->agreement_count == 0) {
        return;
    }
    last = &model->agreements[model->agreement_count - 1];
    text_cut(last->text, text, sizeof text);
    text_cut(last->owner, owner, sizeof owner);
    text_cut(last->by_when, by_when, sizeof by_when);
    plain_note(plain, 0, NOTE_SHOW_NOTHING, 0, SAY("Agreed: %s (%s, %s)"), text, owner,
               by_when);
}

static void on_timer(struct plain *plain, const struct model *model, const struct news *news)
{
    uint64_t left_ms = plain_set_timer(plain, model);

    (void)news;
    if (left_ms > 0) {
        plain_note(plain, plain_key(NEWS_TIMER, 0), NOTE_SHOW_NOTHING, 0,
                   SAY("On the timer: %u minutes left."),
                   (unsigned)((left_ms + 59999) / 60000));
    } else {
        plain_note(plain, plain_key(NEWS_TIMER, 0), NOTE_SHOW_NOTHING, 0, "%s",
                   SAY("No timer runs."));
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
        [NEWS_CONNECTION] = plain_connection,
        [NEWS_STANDING] = plain_standing,
        [NEWS_CREATED] = on_created,
        [NEWS_SESSION] = on_session,
        [NEWS_MEMBERS] = plain_members,
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
        [NEWS_LAST_CALL] = plain_last_call,
        [NEWS_REFUSED] = on_refused,
        [NEWS_FAULT] = on_sentence,
        [NEWS_NOTICE] = on_sentence,
        [NEWS_CLOSING] = on_sentence,
    };

    /* before one is let in, nothing of the steps and of people is one's own to hear */
    static const bool in_lobby[NEWS_KIND_COUNT] = {
        [NEWS_CONNECTION] = true, [NEWS_STANDING] = true, [NEWS_CREATED] = true,
        [NEWS_SESSION] = true,    [NEWS_REFUSED] = true,  [NEWS_FAULT] = true,
        [NEWS_NOTICE] = true,     [NEWS_CLOSING] = true,
    };

    if (plain->standing == STANDING_MEMBER || in_lobby[news->kind]) {
        on[news->kind](plain, face_model(plain->face), news);
    }
}

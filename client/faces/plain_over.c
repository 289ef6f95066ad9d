/* When the place where one writes is over, or soon is; and answers on their way. */
#include "client/faces/plain.h"
#include "client/say.h"

/* What became of a step while something unsent was typed there. */
enum over { OVER_NOT, OVER_CLOSED, OVER_SHARED, OVER_ENDED };

/* Of a step that closed: beside the note that it did, and gathered like it (it is mostly shared
 * right after). */
enum { CLOSED_KEY = STEPS_MAX + 1 };

static enum over over_of(const struct model *model, const struct model_step *step)
{
    if (step->state == STEP_RELEASED) {
        return OVER_SHARED;
    }
    if (model->state == SESSION_ENDED || model->state == SESSION_PURGED) {
        return OVER_ENDED;
    }
    return step->state == STEP_CLOSED ? OVER_CLOSED : OVER_NOT;
}

static bool holds_unsent(const struct model_step *step)
{
    const struct model_own *own = fields_own(step);

    return own != NULL && own->draft_differs && fields_any(own);
}

bool plain_is_open(struct plain *plain)
{
    const struct model *model = face_model(plain->face);
    const struct model_step *step = model_step(model, plain->typing.step);

    return step != NULL && over_of(model, step) == OVER_NOT;
}

static void tell(struct plain *plain, const struct model_step *step, enum over over)
{
    uint32_t key = plain_key(NEWS_ANSWER, step->number);
    unsigned number = step->number;

    notes_drop(&plain->notes, plain_key(NEWS_STEP, (uint16_t)(CLOSED_KEY + step->number)));
    switch (over) {
    case OVER_NOT:
        break;
    case OVER_CLOSED:
        plain_note(plain, plain_key(NEWS_STEP, (uint16_t)(CLOSED_KEY + step->number)),
                   NOTE_SHOW_NOTHING, 0,
                   step->plan.sharing == SHARING_NEVER
                       ? SAY("What you typed at step %u stays on this device: /mine %u")
                       : SAY("What you typed at step %u is kept on this device (/mine %u), and "
                             "can be sent if the step opens again."),
                   number, number);
        break;
    case OVER_SHARED:
        plain_note(
            plain, key, NOTE_SHOW_NOTHING, 0,
            SAY("What you typed at step %u was not sent before it was shared. It stays on "
                "this device (/mine %u), and you can say it in the talk."),
            number, number);
        break;
    case OVER_ENDED:
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0,
                   SAY("What you typed at step %u was not sent before the session ended. It "
                       "stays on this device (/mine %u), and you can say it in the talk."),
                   number, number);
        break;
    }
}

void plain_say_closed(struct plain *plain)
{
    const struct model *model = face_model(plain->face);
    const struct model_step *step = model_step(model, plain->typing.step);

    if (step == NULL) {
        plain_say(plain, SAY("Nothing is asked of you here now."));
        return;
    }
    tell(plain, step, over_of(model, step));
    plain->gathering = false; /* whoever presses Enter looks up */
    plain->told_over[step->number] = (uint8_t)over_of(model, step);
}

void plain_see_over(struct plain *plain)
{
    const struct model *model = face_model(plain->face);

    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];

        plain->told_over[step->number] = (uint8_t)over_of(model, step);
    }
}

/* Where one writes is over; or closed, and the group is somewhere else. */
static bool is_left(const struct plain *plain, const struct model *model)
{
    const struct model_step *step = model_step(model, plain->typing.step);
    enum over over = step == NULL ? OVER_NOT : over_of(model, step);

    return over == OVER_SHARED || over == OVER_ENDED ||
           (over == OVER_CLOSED && model->here != plain->typing.step);
}

void plain_leave_over(struct plain *plain)
{
    const struct model *model = face_model(plain->face);

    if (model->standing != STANDING_MEMBER) {
        return;
    }
    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];
        enum over over = over_of(model, step);

        if (plain->told_over[step->number] != (uint8_t)over) {
            plain->told_over[step->number] = (uint8_t)over;
            if (holds_unsent(step)) {
                tell(plain, step, over);
            }
        }
    }
    if (plain->typing.kind != FIELDS_NONE && !plain->busy && is_left(plain, model)) {
        if (plain->typing.unsent) { /* the line that was being typed is among it now */
            plain_say_closed(plain);
        }
        typing_finish(&plain->typing);
        plain_follow(plain);
    }
}

/* ---- a last call ---- */

/* Has this person an answer there that is sent, and nothing more under way? */
static bool has_sent(const struct plain *plain, const struct model_step *step)
{
    const struct model_own *own = fields_own(step);
    bool writes_here = plain->busy && plain->typing.step == step->number;

    return own != NULL && !own->draft_differs && own->state != ANSWER_NONE && !writes_here;
}

static const char *how_to_send(const struct plain *plain, const struct model_step *step)
{
    if (step->plan.sharing == SHARING_NEVER) {
        return SAY("A line with only a full stop keeps what you typed.");
    }
    if (!plain->busy && !holds_unsent(step)) {
        return SAY("You have sent nothing yet; that is possible too.");
    }
    return fields_count(step) > 1
               ? SAY("/send sends all parts as they are; do nothing to keep them back.")
               : SAY("A line with only a full stop sends what you typed; do nothing to keep it "
                     "back.");
}

void plain_last_call(struct plain *plain, const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);

    if (step == NULL || news->seconds == 0 || fields_kind(model, step) != FIELDS_ANSWER ||
        has_sent(plain, step)) {
        return; /* nothing of this person's is waited for here */
    }
    plain_note(plain, plain_key(NEWS_LAST_CALL, 0), NOTE_SHOW_NOTHING, 0,
               step->plan.sharing == SHARING_NEVER
                   ? SAY("The facilitator is about to close step %u; %u seconds left. %s")
                   : SAY("The facilitator is about to share step %u; %u seconds to send. %s"),
               (unsigned)news->step, (unsigned)news->seconds, how_to_send(plain, step));
    if (plain->busy) {
        (void)fputc('\a', plain->out); /* nothing is printed over a line, but this is heard */
    }
}

/* ---- answers on their way ---- */

bool plain_hushes(struct plain *plain, const struct model *model, const struct model_step *step)
{
    const struct model_own *own = fields_own(step);

    if (own == NULL || own->state != ANSWER_WAITING) {
        plain->waits_step = plain->waits_step == step->number ? 0 : plain->waits_step;
        return false;
    }
    if (!model->connected || (plain->waits_step == step->number && plain->waits_ms == 0)) {
        return false;
    }
    if (plain->waits_step != step->number) {
        plain->waits_step = step->number;
        plain->waits_ms = face_now_ms(plain->face) + PLAIN_WAIT_MS;
    }
    return true;
}

void plain_hush_tick(struct plain *plain)
{
    const struct news news = {.kind = NEWS_ANSWER, .step = plain->waits_step};

    if (plain->waits_step == 0 || plain->waits_ms == 0 ||
        (face_model(plain->face)->connected && face_now_ms(plain->face) < plain->waits_ms)) {
        return;
    }
    plain->waits_ms = 0;
    plain_news(plain, &news);
}

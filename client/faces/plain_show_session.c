/* What the plain face prints of the session around the steps: arriving, people, the way. */
#include <string.h>

#include "client/faces/fields.h"
#include "client/faces/plain_show.h"
#include "client/say.h"
#include "client/words.h"
#include "protocol/methods.h"

/* ---- arriving ---- */

/* What a role does, in the program's own words: the guide's come when one is let in. */
static const char *role_in_short(enum role role)
{
    switch (role) {
    case ROLE_FACILITATOR:
        return SAY(
            "You are facilitator: you open the steps one by one, set the pace, and share "
            "the answers when the group is ready for them.");
    case ROLE_OBSERVER:
        return SAY("You are observer: you do not answer, you watch how the group works. You "
                   "write notes to yourself, private messages to the facilitator or to one "
                   "participant, and a report to the group when it is asked.");
    case ROLE_PARTICIPANT:
        return SAY("You are participant: you read the case in portions and answer questions "
                   "about it, first for yourself. Above every field stands who will see what "
                   "you write, and when.");
    case ROLE_CASE_GIVER:
        return SAY(
            "You are case-giver: the case is yours. You take part as the others do; some "
            "steps are yours alone.");
    case ROLE_REMOVED:
        break;
    }
    return "";
}

static const char *lobby_reason(const struct model *model)
{
    switch (model->lobby) {
    case LOBBY_AGREEMENT:
        return SAY("The facilitator has been told that you are here and lets you in.");
    case LOBBY_NO_FACILITATOR:
        return SAY(
            "No facilitator is connected yet. As soon as one is, you are let in, or "
            "they let you in by hand. You may leave and come back; you stay registered.");
    case LOBBY_UNKNOWN:
        break;
    }
    return model->connected
               ? SAY("The facilitator lets you in, as soon as they are there.")
               : SAY("There is no connection to the server at the moment. It is tried again by "
                     "itself, and you need do nothing.");
}

void show_lobby(FILE *out, const struct model *model)
{
    (void)fprintf(out, SAY("You are registered as %s. That worked; you wait to be let in.\n"),
                  model->name[0] != '\0' ? model->name : words_of_role(model->role));
    show_text(out, lobby_reason(model), "");
    (void)fputc('\n', out);
    show_text(out, role_in_short(model->role), "");
    (void)fprintf(out, "\n%s\n%s\n%s\n%s\n\n", SAY("Three commands are enough to begin with:"),
                  SAY("  /help   lists what you can do at that moment"),
                  SAY("  /where  says where the group is, and where you are"),
                  SAY("  /quit   leaves; you can come back"));
    show_text(
        out,
        SAY("To practise, type something here and end it with a line that holds only a "
            "full stop, as you will with an answer. It is shown back to you, kept nowhere "
            "and sent to nobody."),
        "");
}

void show_gate(FILE *out, const struct model *model)
{
    if (model->gate_text == 0 || model->gate_confirmed) {
        return;
    }
    (void)fprintf(out, "%s\n", SAY("What everyone here agrees to:"));
    for (uint16_t i = 0; i < model->gate.count; i++) {
        show_item(out, model->gate.at[i]);
    }
    (void)fprintf(out, "%s\n", SAY("/confirm says that you do."));
}

void show_arrival(FILE *out, const struct model *model)
{
    const char *own = "";

    if (model->title[0] != '\0') {
        (void)fprintf(out, "%s\n", model->title);
    }
    if (model->guide_title[0] != '\0') {
        (void)fprintf(out, SAY("Guide: %s\n"), model->guide_title);
    }
    if (model->case_title[0] != '\0') {
        (void)fprintf(out, SAY("Case: %s\n"), model->case_title);
    }
    (void)fprintf(out, SAY("You are in, as %s (%s).\n"), model->name,
                  words_of_role(model->role));
    for (uint16_t i = 0; i < model->role_count; i++) {
        own = model->roles[i].role == model->role ? model->roles[i].md : own;
    }
    (void)fputc('\n', out);
    if (own[0] != '\0') {
        show_prose(out, own, "");
    } else {
        show_text(out, role_in_short(model->role), "");
    }
    (void)fputc('\n', out);
    if (model->gate_text > 0 && !model->gate_confirmed) {
        show_gate(out, model);
        (void)fputc('\n', out);
    }
    if (model->facilitator) {
        (void)fprintf(
            out, "%s\n",
            SAY("/next opens the first step, /tips reads how to prepare, /people says "
                "who is there."));
    }
    (void)fprintf(out, "%s\n", SAY("/help lists what you can do."));
}

/* ---- people ---- */

void show_missing(FILE *out, const struct model *model)
{
    if (!model->facilitator) {
        return;
    }
    if (model->missing.observer) {
        (void)fprintf(out, "%s\n",
                      model->missing.observer_rule == OBSERVER_REQUIRED
                          ? SAY("There is no observer yet; this guide needs one.")
                          : SAY("There is no observer yet; this guide advises one."));
    }
    if (model->missing.people > 0) {
        (void)fprintf(out, SAY("People still missing for this guide: %u\n"),
                      (unsigned)model->missing.people);
    }
}

static void show_person(FILE *out, const struct model_member *member)
{
    (void)fprintf(out, "  %u  %s, %s", (unsigned)member->number, member->name,
                  words_of_role(member->role));
    (void)fprintf(out, "%s%s%s\n", member->me ? SAY(" (you)") : "",
                  member->present || member->me ? "" : SAY(", not connected"),
                  member->renamed ? SAY(", joined under another name") : "");
}

void show_people(FILE *out, const struct model *model)
{
    (void)fprintf(out, SAY("In the circle: %u\n"), (unsigned)model->admitted_count);
    for (uint16_t i = 0; i < model->member_count; i++) {
        if (model->members[i].state == MEMBER_ADMITTED) {
            show_person(out, &model->members[i]);
        }
    }
    if (model->lobby_count > 0) {
        (void)fprintf(out, SAY("Waiting to be let in: %u\n"), (unsigned)model->lobby_count);
    }
    for (uint16_t i = 0; i < model->member_count && model->lobby_count > 0; i++) {
        if (model->members[i].state == MEMBER_LOBBY) {
            show_person(out, &model->members[i]);
        }
    }
    show_missing(out, model);
}

static void name_marked(FILE *out, const struct model_step *step, const char *heading,
                        uint32_t marks, bool without)
{
    bool first = true;

    for (uint16_t i = 0; i < step->mark_count; i++) {
        const struct model_mark *mark = &step->marks[i];
        bool has = (mark->marks & marks) != 0;

        if (without ? !has && mark->expected : has) {
            (void)fprintf(out, "%s%s", first ? heading : ", ", mark->name);
            first = false;
        }
    }
    if (!first) {
        (void)fputc('\n', out);
    }
}

void show_who(FILE *out, const struct model_step *step)
{
    const uint32_t finished = MESSAGE_MARK_ANSWERED | MESSAGE_MARK_DONE;

    show_counts(out, step);
    name_marked(out, step, SAY("Answered or done: "), finished, false);
    name_marked(out, step, SAY("Not yet: "), finished, true);
    name_marked(out, step, SAY("Writing: "), MESSAGE_MARK_WRITING, false);
    name_marked(out, step, SAY("Ready: "), MESSAGE_MARK_READY, false);
    name_marked(out, step, SAY("Want more time: "), MESSAGE_MARK_MORE_TIME, false);
    name_marked(out, step, SAY("Have a question: "), MESSAGE_MARK_QUESTION, false);
}

void show_counts(FILE *out, const struct model_step *step)
{
    const struct model_counts *counts = &step->counts;

    if (step->plan.form == FORM_READ || step->plan.sharing == SHARING_NEVER) {
        (void)fprintf(out, SAY("Done at step %u: %u"), (unsigned)step->number,
                      (unsigned)counts->done);
    } else {
        (void)fprintf(out, SAY("Answered at step %u: %u"), (unsigned)step->number,
                      (unsigned)counts->answered);
    }
    if (counts->expected > 0) {
        (void)fprintf(out, SAY(" of %u"), (unsigned)counts->expected);
    }
    if (counts->writing > 0) {
        (void)fprintf(out, SAY(", still writing: %u"), (unsigned)counts->writing);
    }
    if (counts->ready > 0) {
        (void)fprintf(out, SAY(", ready: %u"), (unsigned)counts->ready);
    }
    if (counts->more_time > 0) {
        (void)fprintf(out, SAY(", want more time: %u"), (unsigned)counts->more_time);
    }
    if (counts->question > 0) {
        (void)fprintf(out, SAY(", have a question: %u"), (unsigned)counts->question);
    }
    (void)fputc('\n', out);
}

/* ---- the way ---- */

static void show_session_state(FILE *out, enum session_state state)
{
    switch (state) {
    case SESSION_EMPTY:
    case SESSION_FILLING:
        (void)fprintf(out, "%s\n", SAY("The session is being made."));
        break;
    case SESSION_RUNNING:
        break;
    case SESSION_PAUSED:
        (void)fprintf(out, "%s\n", SAY("The session is paused."));
        break;
    case SESSION_ENDED:
        (void)fprintf(out, "%s\n", SAY("The session has ended."));
        break;
    case SESSION_PURGED:
        (void)fprintf(out, "%s\n", SAY("The session has been deleted."));
        break;
    }
}

static void show_timer(FILE *out, const struct model *model, uint64_t now_ms)
{
    uint64_t server_ms = (uint64_t)((int64_t)now_ms + model->clock_off_ms);

    if (model->timer_ends_ms > server_ms) {
        (void)fprintf(out, SAY("On the timer: %u minutes left.\n"),
                      (unsigned)((model->timer_ends_ms - server_ms + 59999) / 60000));
    } else if (model->timer_ends_ms > 0) {
        (void)fprintf(out, "%s\n", SAY("The timer has run out."));
    }
}

void show_where(FILE *out, const struct model *model, uint64_t now_ms)
{
    const struct model_step *here = model_step(model, model->here);
    char name[SHOW_NAME_BYTES];

    show_session_state(out, model->state);
    if (here == NULL) {
        (void)fprintf(out, "%s\n", SAY("No step has been opened yet."));
    } else {
        show_step_name(here, name);
        (void)fprintf(out, SAY("The group is at %s (%u in all), %s.\n"), name,
                      (unsigned)model->step_count, show_state_word(here->state));
        if (here->state == STEP_OPEN) {
            show_counts(out, here);
        }
    }
    show_timer(out, model, now_ms);
    (void)fprintf(out, SAY("You are %s, %s%s.\n"), model->name, words_of_role(model->role),
                  model->connected ? "" : SAY("; no connection at the moment"));
    if (model->outgoing_count > 0) {
        (void)fprintf(out, SAY("Waiting to be sent: %u\n"), (unsigned)model->outgoing_count);
    }
    if (model->fault[0] != '\0') {
        show_text(out, model->fault, "");
    }
}

void show_overview(FILE *out, const struct model *model)
{
    uint16_t phase = 0;
    char name[SHOW_NAME_BYTES];

    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];
        const struct model_phase *in = model_phase(model, step->phase);
        bool known = step->shown || model->facilitator || step->state != STEP_UNOPENED;

        if (!known) {
            continue; /* nobody reads ahead */
        }
        if (in != NULL && step->phase != phase && in->title[0] != '\0') {
            (void)fprintf(out, "%s\n", in->title);
        }
        phase = step->phase;
        show_step_name(step, name);
        (void)fprintf(out, "  %s, %s%s\n", name, show_state_word(step->state),
                      step->here ? SAY("  <- the group") : "");
    }
    if (model->here == 0 && !model->facilitator) {
        (void)fprintf(out, "%s\n", SAY("No step has been opened yet."));
    }
}

void show_attention(FILE *out, const struct model *model)
{
    const struct model_step *here = model_step(model, model->here);
    const struct model_phase *phase = here == NULL ? NULL : model_phase(model, here->phase);

    if (phase == NULL || !phase->shown) {
        (void)fprintf(out, "%s\n", SAY("No phase has begun yet."));
        return;
    }
    (void)fprintf(out, "%s\n", phase->title);
    show_prose(out, phase->goal, "  ");
    if (phase->attention.count > 0) {
        (void)fprintf(out, "%s\n", SAY("To keep in mind:"));
    }
    for (uint16_t i = 0; i < phase->attention.count; i++) {
        show_item(out, phase->attention.at[i]);
    }
}

void show_concepts(FILE *out, const struct model *model)
{
    if (model->concept_count == 0) {
        (void)fprintf(out, "%s\n", SAY("There are no concept cards."));
    }
    for (uint16_t i = 0; i < model->concept_count; i++) {
        (void)fprintf(out, "%s%s\n", i == 0 ? "" : "\n", model->concepts[i].term);
        show_prose(out, model->concepts[i].md, "  ");
    }
}

void show_texts(FILE *out, const struct model *model)
{
    if (model->text_count == 0) {
        (void)fprintf(out, "%s\n", SAY("Nothing has been given out to read yet."));
    }
    for (uint16_t i = 0; i < model->text_count; i++) {
        const struct model_text *text = &model->texts[i];

        (void)fprintf(out, "  %u  %s\n", (unsigned)text->number,
                      text->title[0] != '\0' ? text->title : SAY("a list"));
    }
    if (model->text_count > 0) {
        (void)fprintf(out, "%s\n", SAY("/read reading=NUMBER reads one."));
    }
}

void show_tips(FILE *out, const struct model *model, const struct model_step *step)
{
    const struct model_phase *phase = step == NULL ? NULL : model_phase(model, step->phase);
    bool any = false;

    if (step == NULL && model->preparation[0] != '\0') {
        show_prose(out, model->preparation, "");
        any = true;
    }
    if (phase != NULL && phase->tip[0] != '\0') {
        (void)fprintf(out, "%s\n", phase->title);
        show_prose(out, phase->tip, "  ");
        any = true;
    }
    if (step != NULL && step->tip[0] != '\0') {
        char name[SHOW_NAME_BYTES];

        show_step_name(step, name);
        (void)fprintf(out, "%s\n", name);
        show_prose(out, step->tip, "  ");
        any = true;
    }
    if (!any) {
        (void)fprintf(out, "%s\n", SAY("There are no tips here."));
    }
}

/* ---- what people said ---- */

static void show_said(FILE *out, const struct model_said *said, const char *line)
{
    char clock[SHOW_CLOCK_BYTES];

    show_clock(said->time_ms, clock);
    (void)fprintf(out, "%s %s", clock, line);
    if (said->step > 0) {
        (void)fprintf(out, SAY(" (step %u)"), (unsigned)said->step);
    }
    (void)fputc('\n', out);
    show_text(out, said->trouble != NULL ? said->trouble : said->text, "  ");
}

void show_messages(FILE *out, const struct model *model)
{
    char line[SHOW_NAME_BYTES];

    if (model->message_count == 0) {
        (void)fprintf(out, "%s\n", SAY("There are no private messages."));
    }
    for (uint32_t i = 0; i < model->message_count; i++) {
        const struct model_said *message = &model->messages[i];

        if (message->mine) {
            (void)snprintf(line, sizeof line, SAY("from you to %s"), message->to_names);
        } else {
            (void)snprintf(line, sizeof line, SAY("from %s to you"), message->author_name);
        }
        show_said(out, message, line);
    }
}

void show_jottings(FILE *out, const struct model *model)
{
    if (model->jotting_count == 0) {
        (void)fprintf(out, "%s\n", SAY("You have no notes to yourself."));
    }
    for (uint32_t i = 0; i < model->jotting_count; i++) {
        show_said(out, &model->jottings[i], SAY("note to yourself"));
    }
}

void show_parked(FILE *out, const struct model *model)
{
    if (model->park_count == 0) {
        (void)fprintf(out, "%s\n", SAY("Nothing was kept for later."));
    }
    for (uint32_t i = 0; i < model->park_count; i++) {
        show_said(out, &model->parked[i], model->parked[i].author_name);
    }
}

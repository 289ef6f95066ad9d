/* What the plain face prints of the session around the steps: arriving, people, the way. */

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
    return model->connected ? SAY("The facilitator lets you in, as soon as they are there.")
                            : SAY("There is no connection to the server yet. It is being "
                                  "looked for; you need "
                                  "do nothing.");
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

void show_namesake(FILE *out, const struct model *model)
{
    const struct model_member *me = model_member(model, model->me);

    if (me != NULL && me->namesake) {
        (void)fprintf(
            out,
            SAY("Somebody else here bears your name, so everyone sees you as %s. /name "
                "changes it.\n"),
            me->name);
    }
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
    show_namesake(out, model);
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

static bool is_connected(const struct model *model, const struct model_member *member)
{
    return member->me ? model->connected : member->present;
}

static void show_person(FILE *out, const struct model *model, const struct model_member *member)
{
    bool asked = model->gate_text > 0 && member->state == MEMBER_ADMITTED;

    (void)fprintf(out, "  %u  %s, %s", (unsigned)member->number, member->name,
                  words_of_role(member->role));
    (void)fprintf(out, "%s%s%s%s\n", member->me ? SAY(" (you)") : "",
                  is_connected(model, member) ? SAY(", connected") : SAY(", not connected"),
                  !asked              ? ""
                  : member->confirmed ? SAY(", has agreed")
                                      : SAY(", has not agreed yet"),
                  member->renamed ? SAY(", joined under another name") : "");
}

/* "In the circle: 6, connected: 5, agreed: 4" */
static void show_circle(FILE *out, const struct model *model)
{
    unsigned connected = 0;

    for (uint16_t i = 0; i < model->member_count; i++) {
        connected += model->members[i].state == MEMBER_ADMITTED &&
                     is_connected(model, &model->members[i]);
    }
    (void)fprintf(out, SAY("In the circle: %u"), (unsigned)model->admitted_count);
    if (model->connected) {
        (void)fprintf(out, SAY(", connected: %u"), connected);
    }
    if (model->gate_text > 0) {
        (void)fprintf(out, SAY(", agreed: %u"),
                      (unsigned)model->admitted_count - model_unconfirmed(model));
    }
    (void)fputc('\n', out);
}

void show_people(FILE *out, const struct model *model)
{
    show_circle(out, model);
    for (uint16_t i = 0; i < model->member_count; i++) {
        if (model->members[i].state == MEMBER_ADMITTED) {
            show_person(out, model, &model->members[i]);
        }
    }
    if (model->lobby_count > 0) {
        (void)fprintf(out, SAY("Waiting to be let in: %u\n"), (unsigned)model->lobby_count);
    }
    for (uint16_t i = 0; i < model->member_count && model->lobby_count > 0; i++) {
        if (model->members[i].state == MEMBER_LOBBY) {
            show_person(out, model, &model->members[i]);
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

/* ", ready: 2"; at the beginning of a line "At step 5, ready: 2" */
static void show_count(FILE *out, const struct model_step *step, bool *begun,
                       const char *format, uint32_t count)
{
    if (count == 0) {
        return;
    }
    if (!*begun) {
        (void)fprintf(out, SAY("At step %u"), (unsigned)step->number);
    }
    *begun = true;
    (void)fprintf(out, "%s%u", format, (unsigned)count);
}

void show_counts(FILE *out, const struct model_step *step)
{
    const struct model_counts *counts = &step->counts;
    bool reads = step->plan.form == FORM_READ || step->plan.sharing == SHARING_NEVER;
    uint32_t count = reads ? counts->done : counts->answered;
    bool begun = count > 0 || counts->expected > 0; /* else nobody is asked anything here */

    if (begun) {
        (void)fprintf(out, reads ? SAY("Done at step %u: %u") : SAY("Answered at step %u: %u"),
                      (unsigned)step->number, (unsigned)count);
    }
    if (counts->expected > 0) {
        (void)fprintf(out, SAY(" of %u"), (unsigned)counts->expected);
    }
    show_count(out, step, &begun, SAY(", still writing: "), counts->writing);
    show_count(out, step, &begun, SAY(", ready: "), counts->ready);
    show_count(out, step, &begun, SAY(", want more time: "), counts->more_time);
    show_count(out, step, &begun, SAY(", have a question: "), counts->question);
    if (begun) {
        (void)fputc('\n', out);
    }
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

/* The state of the session and where the group is; counts only while they are true. */
static void show_place(FILE *out, const struct model *model, uint64_t now_ms)
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
        if (here->state == STEP_OPEN && model->caught_up) {
            show_counts(out, here);
        }
    }
    show_timer(out, model, now_ms);
}

static void show_outgoing(FILE *out, const struct model *model)
{
    if (model->outgoing_count > 0) {
        (void)fprintf(out, SAY("Waiting to be sent: %u\n"), (unsigned)model->outgoing_count);
    }
    if (model->fault[0] != '\0') {
        show_text(out, model->fault, "");
    }
}

void show_asked(FILE *out, const struct model *model)
{
    const struct model_step *here = model_step(model, model->here);
    const struct model_own *own = here == NULL ? NULL : fields_own(here);

    if (here == NULL || model->state != SESSION_RUNNING) {
        return;
    }
    switch (fields_kind(model, here)) {
    case FIELDS_NONE:
        if (here->state == STEP_OPEN && here->plan.form == FORM_READ) {
            (void)fprintf(out, "%s\n",
                          here->done ? SAY("You have said that you read this.")
                                     : SAY("Asked of you: to read; /read, and then /done."));
        } else {
            (void)fprintf(out, "%s\n", SAY("Nothing is asked of you at the moment."));
        }
        break;
    case FIELDS_ANSWER:
        (void)fprintf(out, SAY("Asked of you: your answer to this %s. So far: %s.\n"),
                      words_of_form(here->plan.form),
                      own == NULL || own->state == ANSWER_NONE ? SAY("nothing written")
                                                               : answer_state_word(own->state));
        break;
    case FIELDS_NOTE:
        (void)fprintf(out, "%s\n",
                      SAY("Asked of you: to write down what the group concludes."));
        break;
    case FIELDS_REPORT:
        (void)fprintf(out, "%s\n", SAY("Asked of you: your report to the group."));
        break;
    }
}

void show_where(FILE *out, const struct model *model, uint64_t now_ms)
{
    show_place(out, model, now_ms);
    show_asked(out, model);
    (void)fprintf(out, SAY("You are %s, %s%s.\n"), model->name, words_of_role(model->role),
                  model->connected ? "" : SAY("; no connection at the moment"));
    show_outgoing(out, model);
}

void show_return(FILE *out, const struct model *model, uint64_t now_ms)
{
    show_place(out, model, now_ms);
    (void)fprintf(out, SAY("You are %s, %s.\n"), model->name, words_of_role(model->role));
    show_outgoing(out, model);
    if (!model->connected) {
        (void)fprintf(out, "%s\n", SAY("Looking for the server."));
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
    show_phase(out, phase);
}

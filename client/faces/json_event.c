/* News as events. */

#include "client/faces/fields.h"
#include "client/faces/json.h"
#include "client/say.h"
#include "client/words.h"

const struct json_shape json_events[JSON_EVENT_COUNT] = {
    [JSON_EVENT_HELLO] = {"hello", SAY_LATER("the first line: what this device holds already"),
                          "version where"},
    [JSON_EVENT_DONE] = {"done",
                         SAY_LATER("a command was taken in: done, or on its way; a looking one "
                                   "has its result"),
                         "do tag? result?"},
    [JSON_EVENT_REFUSED] = {"refused", SAY_LATER("a line was not taken in, and why"),
                            "do? tag? status text"},
    [JSON_EVENT_WAITING] = {"waiting",
                            SAY_LATER("a command with \"wait\" takes its time; `back` takes it "
                                      "back, `now` ends the wait"),
                            "do tag? seconds awaited writing"},
    [JSON_EVENT_CONNECTION] = {"connection", SAY_LATER("the line to the server came or went"),
                               "connected caught_up text"},
    [JSON_EVENT_STANDING] = {"standing", SAY_LATER("registered, let in, removed"), "where"},
    [JSON_EVENT_CREATED] = {"created", SAY_LATER("the session stands, or an invite does"),
                            "session invites"},
    [JSON_EVENT_SESSION] = {"session", SAY_LATER("it began, paused, went on, ended"),
                            "state past"},
    [JSON_EVENT_MEMBERS] = {"members",
                            SAY_LATER("somebody joined, was let in or named, came or "
                                      "went"),
                            "members missing"},
    [JSON_EVENT_STEP] = {"step",
                         SAY_LATER("a step was opened, closed, shared or skipped, or "
                                   "the group went there"),
                         "step past"},
    [JSON_EVENT_RELEASED] = {"released", SAY_LATER("all answers of a step, at once"),
                             "shared past"},
    [JSON_EVENT_TEXT] = {"text", SAY_LATER("something to read was given out"), "text past"},
    [JSON_EVENT_PASSAGE] = {"passage", SAY_LATER("everyone is called to a paragraph"),
                            "text paragraph past"},
    [JSON_EVENT_ANSWER] = {"answer", SAY_LATER("the state of an own answer changed"), "own"},
    [JSON_EVENT_COUNTS] = {"counts", SAY_LATER("how many answered, are done, still write"),
                           "counts who"},
    [JSON_EVENT_NOTE] = {"note", SAY_LATER("what the group concludes at a step was written"),
                         "step note past note_kept?"},
    [JSON_EVENT_REPORT] = {"report", SAY_LATER("the observer reports to the group"),
                           "said past"},
    [JSON_EVENT_MESSAGE] = {"message", SAY_LATER("a private message, to or from this person"),
                            "said past"},
    [JSON_EVENT_PARKED] = {"parked", SAY_LATER("a remark was kept for later"), "said past"},
    [JSON_EVENT_AGREEMENT] = {"agreement", SAY_LATER("the group agreed on something"),
                              "agreement past"},
    [JSON_EVENT_TIMER] = {"timer", SAY_LATER("a timer started, was extended, stopped"),
                          "ends_ms past"},
    [JSON_EVENT_LAST_CALL] = {"last-call", SAY_LATER("a step closes soon; 0: no longer"),
                              "step seconds"},
    [JSON_EVENT_NOT_DONE] = {"not-done",
                             SAY_LATER("something asked for earlier was refused after all"),
                             "kind step status text"},
    [JSON_EVENT_FAULT] = {"fault", SAY_LATER("the server lied, or is behind"),
                          "status text index"},
    [JSON_EVENT_NOTICE] = {"notice", SAY_LATER("the server says something about itself"),
                           "text"},
    [JSON_EVENT_CLOSING] = {"closing", SAY_LATER("the server closes this connection"),
                            "status text"},
    [JSON_EVENT_BYE] = {"bye", SAY_LATER("the last line"), "settled"},
    [JSON_EVENT_FAILED] = {"failed", SAY_LATER("instead of all others: the command failed"),
                           "status text"},
};

json_t *json_event(enum json_event_name name)
{
    json_t *event = json_object();

    json_set_text(event, "event", json_events[name].name);
    return event;
}

void json_write(struct json_face *json, json_t *event)
{
    if (event != NULL) {
        (void)json_dumpf(event, json->out, JSON_COMPACT);
        (void)fputc('\n', json->out);
        json->written++;
    }
    json_decref(event);
}

/* ---- one function per kind of news; each gives an event, or NULL ---- */

static json_t *of_connection(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_CONNECTION);

    json_set_bool(event, "connected", model->connected);
    json_set_bool(event, "caught_up", model->caught_up);
    json_set_text(event, "text", news->text == NULL ? "" : news->text);
    return event;
}

static json_t *of_standing(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_STANDING);

    (void)news;
    json_set(event, "where", json_where_of(model));
    return event;
}

static json_t *of_session(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_SESSION);

    json_set_text(event, "state", words_id_of_session(model->state));
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_step(const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    json_t *event;

    if (step == NULL) {
        return NULL;
    }
    event = json_event(JSON_EVENT_STEP);
    json_set(event, "step", json_step_of(model, step));
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_release(const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    json_t *event;

    if (news->kind != NEWS_STEP || news->entry != KIND_RELEASE || step == NULL) {
        return NULL;
    }
    event = json_event(JSON_EVENT_RELEASED);
    json_set(event, "shared", json_shared_of(model, step));
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_text(const struct model *model, const struct news *news)
{
    const struct model_text *text = model_text(model, news->number);
    json_t *event;

    if (text == NULL) {
        return NULL; /* not something one reads: the gate, the concepts */
    }
    event = json_event(JSON_EVENT_TEXT);
    json_set(event, "text", json_text_of(text));
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_passage(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_PASSAGE);

    json_set_number(event, "text", model->passage.text);
    json_set_number(event, "paragraph", model->passage.paragraph);
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_answer(const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    const struct model_own *own = step == NULL ? NULL : fields_own(step);
    json_t *event;

    if (own == NULL) {
        return NULL;
    }
    event = json_event(JSON_EVENT_ANSWER);
    json_set(event, "own", json_own_of(step, own));
    return event;
}

static json_t *of_note(const struct model *model, const struct news *news)
{
    const struct model_step *step = model_step(model, news->step);
    json_t *event;

    if (step == NULL || (step->note_count == 0 && step->note_kept == NULL)) {
        return NULL;
    }
    event = json_event(JSON_EVENT_NOTE);
    json_set_number(event, "step", step->number);
    json_set(event, "note",
             step->note_count == 0 ? json_null()
                                   : json_note_of(&step->notes[step->note_count - 1]));
    json_set_bool(event, "past", news->past);
    if (step->note_kept != NULL) {
        json_set_text(event, "note_kept", step->note_kept);
    }
    return event;
}

/* The one of these the news is about; the latest where it does not say. */
static json_t *of_said(enum json_event_name name, const struct model_said *all, uint32_t count,
                       const struct news *news)
{
    const struct model_said *said = count == 0 ? NULL : &all[count - 1];
    json_t *event;

    for (uint32_t i = 0; i < count; i++) {
        said = news->index != 0 && all[i].index == news->index ? &all[i] : said;
    }
    if (said == NULL) {
        return NULL;
    }
    event = json_event(name);
    json_set(event, "said", json_said_of(said));
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_report(const struct model *model, const struct news *news)
{
    return of_said(JSON_EVENT_REPORT, model->reports, model->report_count, news);
}

static json_t *of_message(const struct model *model, const struct news *news)
{
    return of_said(JSON_EVENT_MESSAGE, model->messages, model->message_count, news);
}

static json_t *of_parked(const struct model *model, const struct news *news)
{
    return of_said(JSON_EVENT_PARKED, model->parked, model->park_count, news);
}

static json_t *of_agreement(const struct model *model, const struct news *news)
{
    json_t *event;

    if (model->agreement_count == 0) {
        return NULL;
    }
    event = json_event(JSON_EVENT_AGREEMENT);
    json_set(event, "agreement",
             json_agreement_of(&model->agreements[model->agreement_count - 1]));
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_timer(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_TIMER);

    json_set_number(event, "ends_ms", model->timer_ends_ms);
    json_set_bool(event, "past", news->past);
    return event;
}

static json_t *of_last_call(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_LAST_CALL);

    (void)model;
    json_set_number(event, "step", news->step);
    json_set_number(event, "seconds", news->seconds);
    return event;
}

static const char *sentence(const struct news *news)
{
    return news->text != NULL ? news->text : words_of_status(news->status);
}

static json_t *of_refused(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_NOT_DONE);

    (void)model;
    json_set_text(event, "kind", words_id_of_kind(news->entry));
    json_set_number(event, "step", news->step);
    json_set_text(event, "status", status_name(news->status));
    json_set_text(event, "text", sentence(news));
    return event;
}

static json_t *of_fault(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_FAULT);

    json_set_text(event, "status", status_name(news->status));
    json_set_text(event, "text", news->text != NULL ? news->text : model->fault);
    json_set_number(event, "index", news->index);
    return event;
}

static json_t *of_notice(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_NOTICE);

    (void)model;
    json_set_text(event, "text", news->text == NULL ? "" : news->text);
    return event;
}

static json_t *of_closing(const struct model *model, const struct news *news)
{
    json_t *event = json_event(JSON_EVENT_CLOSING);

    (void)model;
    json_set_text(event, "status", status_name(news->status));
    json_set_text(event, "text", sentence(news));
    return event;
}

/* ---- what is gathered ---- */

static json_t *members_event(const struct model *model)
{
    json_t *event = json_event(JSON_EVENT_MEMBERS);

    json_set(event, "members", json_members_of(model));
    json_set(event, "missing", json_missing_of(model));
    return event;
}

static json_t *counts_event(const struct model_step *step)
{
    json_t *event = json_event(JSON_EVENT_COUNTS);

    json_set(event, "counts", json_counts_of(step));
    json_set(event, "who", json_who_of(step));
    return event;
}

void json_gathered(struct json_face *json)
{
    const struct model *model = face_model(json->face);

    if (json->members_changed) {
        json->members_changed = false;
        json_write(json, members_event(model));
    }
    for (uint16_t i = 0; json->any_counts_changed && i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];

        if (json->counts_changed[step->number]) {
            json->counts_changed[step->number] = false;
            json_write(json, counts_event(step));
        }
    }
    json->any_counts_changed = false;
}

/* NULL: gathered, or needs more than the model. */
static json_t *(*const of[NEWS_KIND_COUNT])(const struct model *, const struct news *) = {
    [NEWS_CONNECTION] = of_connection,
    [NEWS_STANDING] = of_standing,
    [NEWS_SESSION] = of_session,
    [NEWS_STEP] = of_step,
    [NEWS_TEXTS] = of_text,
    [NEWS_PASSAGE] = of_passage,
    [NEWS_ANSWER] = of_answer,
    [NEWS_NOTE] = of_note,
    [NEWS_REPORT] = of_report,
    [NEWS_MESSAGE] = of_message,
    [NEWS_PARKED] = of_parked,
    [NEWS_AGREEMENT] = of_agreement,
    [NEWS_TIMER] = of_timer,
    [NEWS_LAST_CALL] = of_last_call,
    [NEWS_REFUSED] = of_refused,
    [NEWS_FAULT] = of_fault,
    [NEWS_NOTICE] = of_notice,
    [NEWS_CLOSING] = of_closing,
};

static json_t *created_event(struct json_face *json)
{
    json_t *event = json_event(JSON_EVENT_CREATED);

    json_set_hex(event, "session", face_model(json->face)->session, HASH_BYTES);
    json_set(event, "invites", json_invites_of(face_client_of(json->face)));
    return event;
}

void json_news(struct json_face *json, const struct news *news)
{
    const struct model *model = face_model(json->face);

    if (news->kind == NEWS_MEMBERS) {
        json->members_changed = true;
    } else if (news->kind == NEWS_COUNTS) {
        if (news->step <= STEPS_MAX) {
            json->counts_changed[news->step] = true;
            json->any_counts_changed = true;
        }
    } else if (news->kind == NEWS_CREATED) {
        json_write(json, created_event(json));
    } else {
        json_write(json, of[news->kind](model, news));
        json_write(json, of_release(model, news));
    }
}

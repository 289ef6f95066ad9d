/* Parts of the model as objects. Where memory is gone a field is missing, and that is all. */

#include "client/faces/fields.h"
#include "client/faces/json.h"
#include "client/say.h"
#include "client/words.h"
#include "protocol/methods.h"

const struct json_shape json_objects[] = {
    {"where", SAY_LATER("where the session is, and this person in it"),
     "session standing lobby me role name facilitator title guide case language state here "
     "connected caught_up outgoing timer_ends_ms retention_ms fault gate gate_confirmed "
     "may_write"},
    {"step", SAY_LATER("a step as it was opened, and what this person may do there"),
     "number form work share who state here shown phase phase_title title section label text "
     "audience minutes items reason options texts beside beside_steps may_answer may_note done "
     "tip own? counts"},
    {"brief step", SAY_LATER("a step in the overview"),
     "number form state here shown phase title label"},
    {"item", SAY_LATER("a field to fill in"), "name label text"},
    {"option", SAY_LATER("of a choice"), "number label text"},
    {"own", SAY_LATER("one's own answer: typing, waiting, saved, shared, not-sent or kept"),
     "step state reason option fields draft_differs edit saved_ms"},
    {"counts", SAY_LATER("how many did what at a step"),
     "step answered done ready more_time question writing expected"},
    {"mark", SAY_LATER("to facilitators: what one person did at a step"),
     "member name expected answered done ready more_time question writing"},
    {"shared", SAY_LATER("what was released at a step"),
     "step state answers options after explanation notes reports note_kept?"},
    {"explanation", SAY_LATER("what the guide says of a step that was released"),
     "step state options after explanation"},
    {"answer", SAY_LATER("a released answer"),
     "author name mine option fields left_out "
     "trouble?"},
    {"shared option", SAY_LATER("an option with its tally, and what follows from it"),
     "number label tally preferred consequence?"},
    {"note", SAY_LATER("a version of what the group concludes at a step"),
     "author name time_ms text trouble?"},
    {"said", SAY_LATER("a message, report, parked remark or note to oneself"),
     "index time_ms step author name mine to text trouble?"},
    {"agreement", SAY_LATER("what the group will do differently"),
     "author name time_ms text owner by_when process trouble?"},
    {"text", SAY_LATER("something given out to read"),
     "number type step title text lines trouble?"},
    {"member", SAY_LATER("somebody in the circle, or waiting to be let in"),
     "number name role state present me confirmed renamed joined_ms"},
    {"missing", SAY_LATER("to facilitators: who is not there yet"), "observer people"},
    {"invite", SAY_LATER("an invite this device gave out"),
     "number role uses used facilitates label link?"},
    {"term", SAY_LATER("a concept card"), "term text"},
    {"phase", SAY_LATER("the phase the group is in"), "number title goal attention tip"},
};
const size_t json_object_count = sizeof json_objects / sizeof json_objects[0];

/* ---- fields ---- */

void json_set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

void json_set_text(json_t *object, const char *key, const char *text)
{
    json_t *value = json_string(text);

    json_set(object, key, value != NULL ? value : json_string("")); /* NULL: no UTF-8 */
}

void json_set_number(json_t *object, const char *key, uint64_t number)
{
    json_set(object, key, json_integer((json_int_t)number));
}

void json_set_bool(json_t *object, const char *key, bool yes)
{
    json_set(object, key, json_boolean(yes));
}

void json_set_hex(json_t *object, const char *key, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * HASH_BYTES + 1] = "";

    for (size_t i = 0; i < count && i < HASH_BYTES; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    json_set_text(object, key, text);
}

void json_set_trouble(json_t *object, const char *trouble)
{
    if (trouble != NULL) {
        json_set_text(object, "trouble", trouble);
    }
}

static json_t *texts_array(const char *const *texts, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(array, json_string(texts[i]));
    }
    return array;
}

json_t *json_lines_of(const struct model_lines *lines)
{
    return texts_array(lines->at, lines->count);
}

/* ---- people ---- */

json_t *json_member_of(const struct model_member *member)
{
    static const char *const states[] = {
        [MEMBER_NONE] = "none",
        [MEMBER_LOBBY] = "lobby",
        [MEMBER_ADMITTED] = "member",
        [MEMBER_REMOVED] = "removed",
    };
    json_t *object = json_object();

    json_set_number(object, "number", member->number);
    json_set_text(object, "name", member->name);
    json_set_text(object, "role", words_id_of_role(member->role));
    json_set_text(object, "state", states[member->state]);
    json_set_bool(object, "present", member->present);
    json_set_bool(object, "me", member->me);
    json_set_bool(object, "confirmed", member->confirmed);
    json_set_bool(object, "renamed", member->renamed);
    json_set_number(object, "joined_ms", member->joined_ms);
    return object;
}

json_t *json_members_of(const struct model *model)
{
    json_t *array = json_array();

    for (uint16_t i = 0; i < model->member_count; i++) {
        (void)json_array_append_new(array, json_member_of(&model->members[i]));
    }
    return array;
}

json_t *json_missing_of(const struct model *model)
{
    json_t *object = json_object();

    json_set_bool(object, "observer", model->missing.observer);
    json_set_number(object, "people", model->missing.people);
    return object;
}

/* ---- counts ---- */

json_t *json_counts_of(const struct model_step *step)
{
    const struct model_counts *counts = &step->counts;
    json_t *object = json_object();

    json_set_number(object, "step", step->number);
    json_set_number(object, "answered", counts->answered);
    json_set_number(object, "done", counts->done);
    json_set_number(object, "ready", counts->ready);
    json_set_number(object, "more_time", counts->more_time);
    json_set_number(object, "question", counts->question);
    json_set_number(object, "writing", counts->writing);
    json_set_number(object, "expected", counts->expected);
    return object;
}

json_t *json_who_of(const struct model_step *step)
{
    static const struct {
        const char *key;
        uint32_t mark;
    } all[] = {
        {"answered", MESSAGE_MARK_ANSWERED}, {"done", MESSAGE_MARK_DONE},
        {"ready", MESSAGE_MARK_READY},       {"more_time", MESSAGE_MARK_MORE_TIME},
        {"question", MESSAGE_MARK_QUESTION}, {"writing", MESSAGE_MARK_WRITING},
    };
    json_t *array = json_array();

    for (uint16_t i = 0; i < step->mark_count; i++) {
        const struct model_mark *mark = &step->marks[i];
        json_t *object = json_object();

        json_set_number(object, "member", mark->member);
        json_set_text(object, "name", mark->name);
        json_set_bool(object, "expected", mark->expected);
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
            json_set_bool(object, all[k].key, (mark->marks & all[k].mark) != 0);
        }
        (void)json_array_append_new(array, object);
    }
    return array;
}

/* ---- steps ---- */

json_t *json_own_of(const struct model_step *step, const struct model_own *own)
{
    json_t *object = json_object();

    json_set_number(object, "step", step->number);
    json_set_text(object, "state", words_id_of_answer(own->state));
    json_set_text(object, "reason", own->reason);
    json_set_number(object, "option", own->option);
    json_set(object, "fields", texts_array(own->fields, own->field_count));
    json_set_bool(object, "draft_differs", own->draft_differs);
    json_set_number(object, "edit", own->edit);
    json_set_number(object, "saved_ms", own->saved_ms);
    return object;
}

static void set_step(json_t *object, const struct model_step *step)
{
    json_set_number(object, "number", step->number);
    json_set_text(object, "form", words_id_of_form(step->plan.form));
    json_set_text(object, "state", words_id_of_step(step->state));
    json_set_bool(object, "here", step->here);
    json_set_bool(object, "shown", step->shown);
    json_set_number(object, "phase", step->phase);
    json_set_text(object, "title", step->title);
    json_set_text(object, "label", step->label);
}

json_t *json_step_brief(const struct model_step *step)
{
    json_t *object = json_object();

    set_step(object, step);
    return object;
}

/* The fields there are to fill in, in order: what "fields" of an answer mean. */
static json_t *items_of(const struct model_step *step)
{
    json_t *array = json_array();
    bool none = step->plan.form == FORM_READ;

    for (uint16_t i = 0; !none && i < fields_count(step); i++) {
        bool item = i < step->item_count && !fields_has_option(step);
        json_t *object = json_object();
        char name[FIELDS_NAME_BYTES];

        fields_name(step, FIELDS_ANSWER, i, name);
        json_set_text(object, "name", name);
        json_set_text(object, "label", item ? step->items[i].label : "");
        json_set_text(object, "text", item ? step->items[i].md : "");
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *options_of(const struct model_step *step)
{
    json_t *array = json_array();

    for (uint16_t i = 0; i < step->option_count; i++) {
        json_t *object = json_object();

        json_set_number(object, "number", step->options[i].number);
        json_set_text(object, "label", step->options[i].label);
        json_set_text(object, "text", step->options[i].md);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *numbers_of_texts(const struct model_texts *texts)
{
    json_t *array = json_array();

    for (uint16_t i = 0; i < texts->count; i++) {
        (void)json_array_append_new(array, json_integer(texts->at[i]->number));
    }
    return array;
}

static json_t *numbers_of(const struct content_numbers *numbers)
{
    json_t *array = json_array();

    for (uint16_t i = 0; i < numbers->count; i++) {
        (void)json_array_append_new(array, json_integer(numbers->at[i]));
    }
    return array;
}

json_t *json_step_of(const struct model *model, const struct model_step *step)
{
    const struct model_phase *phase = model_phase(model, step->phase);
    const struct model_own *own = fields_own(step);
    json_t *object = json_object();

    set_step(object, step);
    json_set_text(object, "work", words_id_of_work(step->plan.work));
    json_set_text(object, "share", words_id_of_sharing(&step->plan));
    json_set_text(object, "who", words_id_of_who(step->plan.who));
    json_set_text(object, "phase_title", phase == NULL ? "" : phase->title);
    json_set_text(object, "section", step->section);
    json_set_text(object, "text", step->md);
    json_set_text(object, "audience", step->audience);
    json_set_number(object, "minutes", step->minutes);
    json_set(object, "items", items_of(step));
    json_set_text(object, "reason", step->reason == NULL ? "" : step->reason);
    json_set(object, "options", options_of(step));
    json_set(object, "texts", numbers_of_texts(&step->texts));
    json_set(object, "beside", numbers_of_texts(&step->beside));
    json_set(object, "beside_steps", numbers_of(&step->beside_steps));
    json_set_bool(object, "may_answer", fields_kind(model, step) == FIELDS_ANSWER);
    json_set_bool(object, "may_note", fields_kind(model, step) == FIELDS_NOTE);
    json_set_bool(object, "done", step->done);
    json_set_text(object, "tip", step->tip);
    if (own != NULL) {
        json_set(object, "own", json_own_of(step, own));
    }
    json_set(object, "counts", json_counts_of(step));
    return object;
}

/* ---- what was released ---- */

static json_t *answers_of(const struct model_step *step)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < step->answer_count; i++) {
        const struct model_answer *answer = &step->answers[i];
        json_t *object = json_object();

        json_set_number(object, "author", answer->author);
        json_set_text(object, "name", answer->author == 0 ? "" : answer->author_name);
        json_set_bool(object, "mine", answer->mine);
        json_set_number(object, "option", answer->option);
        json_set(object, "fields", texts_array(answer->fields, answer->field_count));
        json_set_bool(object, "left_out", answer->left_out);
        json_set_trouble(object, answer->trouble);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *tallies_of(const struct model_step *step)
{
    json_t *array = json_array();

    for (uint16_t i = 0; i < step->option_count; i++) {
        const struct model_option *option = &step->options[i];
        json_t *object = json_object();

        json_set_number(object, "number", option->number);
        json_set_text(object, "label", option->label);
        json_set_number(object, "tally", option->tally);
        json_set_bool(object, "preferred", option->preferred);
        if (option->consequence != NULL) {
            json_set_text(object, "consequence", option->consequence);
        }
        (void)json_array_append_new(array, object);
    }
    return array;
}

json_t *json_note_of(const struct model_note *note)
{
    json_t *object = json_object();

    json_set_number(object, "author", note->author);
    json_set_text(object, "name", note->author_name);
    json_set_number(object, "time_ms", note->time_ms);
    json_set_text(object, "text", note->trouble != NULL ? "" : note->text);
    json_set_trouble(object, note->trouble);
    return object;
}

json_t *json_explanation_of(const struct model_step *step)
{
    json_t *object = json_object();

    json_set_number(object, "step", step->number);
    json_set_text(object, "state", words_id_of_step(step->state));
    json_set(object, "options", tallies_of(step));
    json_set_text(object, "after", step->after);
    json_set(object, "explanation",
             step->explanation == NULL ? json_null() : json_text_of(step->explanation));
    return object;
}

json_t *json_shared_of(const struct model *model, const struct model_step *step)
{
    json_t *object = json_explanation_of(step);
    json_t *notes = json_array();
    json_t *reports = json_array();

    for (uint32_t i = 0; i < step->note_count; i++) {
        (void)json_array_append_new(notes, json_note_of(&step->notes[i]));
    }
    for (uint32_t i = 0; i < model->report_count; i++) {
        if (model->reports[i].step == step->number) {
            (void)json_array_append_new(reports, json_said_of(&model->reports[i]));
        }
    }
    json_set(object, "answers", answers_of(step));
    json_set(object, "notes", notes);
    json_set(object, "reports", reports);
    if (step->note_kept != NULL) {
        json_set_text(object, "note_kept", step->note_kept);
    }
    return object;
}

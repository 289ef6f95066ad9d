/* Rows of the table that look: what stands in "result". */
#include <sysexits.h>

#include "client/faces/fields.h"
#include "client/faces/json.h"
#include "client/faces/spoken.h"
#include "client/say.h"
#include "client/words.h"

static const struct model *model_of(struct json_face *json)
{
    return face_model(json->face);
}

/* What this person can do now, with its arguments. */
static enum status look_help(struct json_face *json, const struct intent_values *values,
                             json_t **result_out)
{
    json_t *array = json_array();

    (void)values;
    for (size_t i = 0; i < intent_count; i++) {
        const struct intent *intent = &intent_table[i];
        json_t *row = json_object();
        json_t *arguments = json_array();

        for (uint8_t k = 0; k < intent->argument_count; k++) {
            json_t *argument = json_object();

            json_set_text(argument, "name", intent->arguments[k].name);
            json_set_bool(argument, "required", intent->arguments[k].required);
            (void)json_array_append_new(arguments, argument);
        }
        json_set_text(row, "do", intent->name);
        json_set(row, "arguments", arguments);
        json_set_text(row, "help", say(intent->help));
        if (intent_is_offered(intent, model_of(json))) {
            (void)json_array_append(array, row);
        }
        json_decref(row);
    }
    *result_out = array;
    return STATUS_OK;
}

static enum status look_where(struct json_face *json, const struct intent_values *values,
                              json_t **result_out)
{
    (void)values;
    *result_out = json_where_of(model_of(json));
    return STATUS_OK;
}

static enum status look_new(struct json_face *json, const struct intent_values *values,
                            json_t **result_out)
{
    (void)values;
    *result_out = json_object();
    json_set_number(*result_out, "events", json->written - json->looked);
    json->looked = json->written;
    return STATUS_OK;
}

static void append_texts(json_t *array, const struct model_texts *texts)
{
    for (uint16_t i = 0; i < texts->count; i++) {
        (void)json_array_append_new(array, json_text_of(texts->at[i]));
    }
}

static enum status look_read(struct json_face *json, const struct intent_values *values,
                             json_t **result_out)
{
    const struct model *model = model_of(json);
    const struct model_text *text = model_text(model, values->reading);
    const struct model_step *step = intent_step(values, model);

    if (values->reading > 0 ? text == NULL : step == NULL) {
        return STATUS_UNKNOWN;
    }
    *result_out = json_array();
    if (values->reading > 0) {
        (void)json_array_append_new(*result_out, json_text_of(text));
    } else {
        append_texts(*result_out, &step->texts);
        append_texts(*result_out, &step->beside);
    }
    return STATUS_OK;
}

static enum status look_step(struct json_face *json, const struct intent_values *values,
                             json_t **result_out)
{
    const struct model_step *step = intent_step(values, model_of(json));

    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    *result_out = json_step_of(model_of(json), step);
    return STATUS_OK;
}

static enum status look_mine(struct json_face *json, const struct intent_values *values,
                             json_t **result_out)
{
    static const struct model_own none = {.reason = ""};
    const struct model_step *step = intent_step(values, model_of(json));
    const struct model_own *own = step == NULL ? NULL : fields_own(step);

    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    *result_out = json_own_of(step, own == NULL ? &none : own);
    return STATUS_OK;
}

static enum status look_shared(struct json_face *json, const struct intent_values *values,
                               json_t **result_out)
{
    const struct model_step *step = intent_step(values, model_of(json));

    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    *result_out = json_shared_of(model_of(json), step);
    return STATUS_OK;
}

static enum status look_explanation(struct json_face *json, const struct intent_values *values,
                                    json_t **result_out)
{
    const struct model_step *step = intent_step(values, model_of(json));

    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    *result_out = json_explanation_of(step);
    return STATUS_OK;
}

static enum status look_overview(struct json_face *json, const struct intent_values *values,
                                 json_t **result_out)
{
    const struct model *model = model_of(json);

    (void)values;
    *result_out = json_array();
    for (uint16_t i = 0; i < model->step_count; i++) {
        (void)json_array_append_new(*result_out, json_step_brief(&model->steps[i]));
    }
    return STATUS_OK;
}

static enum status look_people(struct json_face *json, const struct intent_values *values,
                               json_t **result_out)
{
    (void)values;
    *result_out = json_object();
    json_set(*result_out, "members", json_members_of(model_of(json)));
    json_set(*result_out, "missing", json_missing_of(model_of(json)));
    return STATUS_OK;
}

static enum status look_concepts(struct json_face *json, const struct intent_values *values,
                                 json_t **result_out)
{
    const struct model *model = model_of(json);

    (void)values;
    *result_out = json_array();
    for (uint16_t i = 0; i < model->concept_count; i++) {
        json_t *term = json_object();

        json_set_text(term, "term", model->concepts[i].term);
        json_set_text(term, "text", model->concepts[i].md);
        (void)json_array_append_new(*result_out, term);
    }
    return STATUS_OK;
}

static enum status look_attention(struct json_face *json, const struct intent_values *values,
                                  json_t **result_out)
{
    const struct model *model = model_of(json);
    const struct model_step *here = model_step(model, model->here);
    const struct model_phase *phase = here == NULL ? NULL : model_phase(model, here->phase);

    (void)values;
    if (phase == NULL || !phase->shown) {
        return STATUS_UNKNOWN;
    }
    *result_out = json_object();
    json_set_number(*result_out, "number", phase->number);
    json_set_text(*result_out, "title", phase->title);
    json_set_text(*result_out, "goal", phase->goal);
    json_set(*result_out, "attention", json_lines_of(&phase->attention));
    json_set_text(*result_out, "tip", phase->tip);
    return STATUS_OK;
}

static enum status look_texts(struct json_face *json, const struct intent_values *values,
                              json_t **result_out)
{
    const struct model *model = model_of(json);

    (void)values;
    *result_out = json_array();
    for (uint16_t i = 0; i < model->text_count; i++) {
        (void)json_array_append_new(*result_out, json_text_of(&model->texts[i]));
    }
    return STATUS_OK;
}

static enum status look_messages(struct json_face *json, const struct intent_values *values,
                                 json_t **result_out)
{
    (void)values;
    *result_out = json_saids_of(model_of(json)->messages, model_of(json)->message_count);
    return STATUS_OK;
}

static enum status look_jottings(struct json_face *json, const struct intent_values *values,
                                 json_t **result_out)
{
    (void)values;
    *result_out = json_saids_of(model_of(json)->jottings, model_of(json)->jotting_count);
    return STATUS_OK;
}

static enum status look_parked(struct json_face *json, const struct intent_values *values,
                               json_t **result_out)
{
    (void)values;
    *result_out = json_saids_of(model_of(json)->parked, model_of(json)->park_count);
    return STATUS_OK;
}

static enum status look_who(struct json_face *json, const struct intent_values *values,
                            json_t **result_out)
{
    const struct model_step *step = intent_step(values, model_of(json));

    if (step == NULL) {
        return STATUS_UNKNOWN;
    }
    *result_out = json_object();
    json_set(*result_out, "counts", json_counts_of(step));
    json_set(*result_out, "who", json_who_of(step));
    return STATUS_OK;
}

static enum status look_tips(struct json_face *json, const struct intent_values *values,
                             json_t **result_out)
{
    const struct model *model = model_of(json);
    const struct model_step *step = intent_step(values, model);
    const struct model_phase *phase = step == NULL ? NULL : model_phase(model, step->phase);

    *result_out = json_object();
    json_set_text(*result_out, "preparation", model->preparation);
    json_set_text(*result_out, "phase", phase == NULL ? "" : phase->tip);
    json_set_text(*result_out, "step", step == NULL ? "" : step->tip);
    return STATUS_OK;
}

json_t *json_invites_of(struct client *client)
{
    json_t *array = json_array();
    struct member_invite invite;
    char link[LINK_TEXT_BYTES_MAX + 1];
    uint16_t at = 0;

    while (member_next_invite(client_member(client), &at, &invite)) {
        json_t *object = json_object();

        json_set_number(object, "number", invite.number);
        json_set_text(object, "role", words_id_of_role(invite.role));
        json_set_number(object, "uses", invite.uses);
        json_set_number(object, "used", invite.used);
        json_set_bool(object, "facilitates", invite.facilitates);
        json_set_text(object, "label", invite.label == NULL ? "" : invite.label);
        if (client_invite_text(client, invite.number, link) == STATUS_OK) {
            json_set_text(object, "link", link);
        }
        (void)json_array_append_new(array, object);
    }
    return array;
}

static enum status look_invites(struct json_face *json, const struct intent_values *values,
                                json_t **result_out)
{
    (void)values;
    *result_out = json_invites_of(face_client_of(json->face));
    return STATUS_OK;
}

static enum status look_head(struct json_face *json, const struct intent_values *values,
                             json_t **result_out)
{
    const struct member *member = client_member(face_client_of(json->face));
    struct chain_head head = replica_head(member_replica(member), STREAM_PUBLIC);
    char words[SPOKEN_BYTES];

    (void)values;
    spoken_words(head.hash, words);
    *result_out = json_object();
    json_set_number(*result_out, "index", head.index);
    json_set_hex(*result_out, "hash", head.hash, sizeof head.hash);
    json_set_text(*result_out, "words", words);
    return STATUS_OK;
}

static enum status look_quit(struct json_face *json, const struct intent_values *values,
                             json_t **result_out)
{
    (void)values;
    *result_out = json_null();
    face_leave(json->face, EX_OK, FACE_LEAVE_MS_MAX);
    return STATUS_OK;
}

const struct json_look json_looks[LOOK_COUNT] = {
    [LOOK_HELP] = {"list of: do, arguments (name, required), help", look_help},
    [LOOK_WHERE] = {"where", look_where},
    [LOOK_NEW] = {"events: how many were written since the last `new`", look_new},
    [LOOK_READ] = {"list of text", look_read},
    [LOOK_STEP] = {"step", look_step},
    [LOOK_MINE] = {"own", look_mine},
    [LOOK_SHARED] = {"shared", look_shared},
    [LOOK_EXPLANATION] = {"explanation", look_explanation},
    [LOOK_OVERVIEW] = {"list of brief step", look_overview},
    [LOOK_PEOPLE] = {"members: list of member; missing", look_people},
    [LOOK_CONCEPTS] = {"list of term", look_concepts},
    [LOOK_ATTENTION] = {"phase", look_attention},
    [LOOK_TEXTS] = {"list of text", look_texts},
    [LOOK_MESSAGES] = {"list of said", look_messages},
    [LOOK_JOTTINGS] = {"list of said", look_jottings},
    [LOOK_PARKED] = {"list of said", look_parked},
    [LOOK_WHO] = {"counts; who: list of mark", look_who},
    [LOOK_TIPS] = {"preparation, phase, step", look_tips},
    [LOOK_INVITES] = {"list of invite", look_invites},
    [LOOK_HEAD] = {"index, hash, words", look_head},
    [LOOK_QUIT] = {"nothing; the face ends", look_quit},
};

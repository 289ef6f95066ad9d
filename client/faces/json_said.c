/* Parts of the model as objects: what is read, what people said, and where the session is. */
#include "client/faces/json.h"
#include "client/words.h"

json_t *json_text_of(const struct model_text *text)
{
    json_t *object = json_object();

    json_set_number(object, "number", text->number);
    json_set_text(object, "type", words_id_of_text(text->type));
    json_set_number(object, "step", text->step);
    json_set_text(object, "title", text->title);
    json_set_text(object, "text", text->trouble != NULL ? "" : text->md);
    json_set(object, "lines", json_lines_of(&text->lines));
    json_set_trouble(object, text->trouble);
    return object;
}

json_t *json_said_of(const struct model_said *said)
{
    json_t *object = json_object();
    json_t *to = json_array();

    for (uint8_t i = 0; i < said->to_count; i++) {
        (void)json_array_append_new(to, json_integer(said->to[i]));
    }
    json_set_number(object, "index", said->index);
    json_set_number(object, "time_ms", said->time_ms);
    json_set_number(object, "step", said->step);
    json_set_number(object, "author", said->author);
    json_set_text(object, "name", said->author_name);
    json_set_bool(object, "mine", said->mine);
    json_set(object, "to", to);
    json_set_text(object, "text", said->trouble != NULL ? "" : said->text);
    json_set_trouble(object, said->trouble);
    return object;
}

json_t *json_saids_of(const struct model_said *said, uint32_t count)
{
    json_t *array = json_array();

    for (uint32_t i = 0; i < count; i++) {
        (void)json_array_append_new(array, json_said_of(&said[i]));
    }
    return array;
}

json_t *json_agreement_of(const struct model_agreement *agreement)
{
    json_t *object = json_object();

    json_set_number(object, "author", agreement->author);
    json_set_text(object, "name", agreement->author_name);
    json_set_number(object, "time_ms", agreement->time_ms);
    json_set_text(object, "text", agreement->text);
    json_set_text(object, "owner", agreement->owner);
    json_set_text(object, "by_when", agreement->by_when);
    json_set_text(object, "process", agreement->process);
    json_set_trouble(object, agreement->trouble);
    return object;
}

/* ---- the session ---- */

json_t *json_where_of(const struct model *model)
{
    static const char *const lobbies[] = {
        [LOBBY_UNKNOWN] = "",
        [LOBBY_AGREEMENT] = "agreement",
        [LOBBY_NO_FACILITATOR] = "no-facilitator",
    };
    json_t *object = json_object();

    json_set_hex(object, "session", model->session, HASH_BYTES);
    json_set_text(object, "standing", words_id_of_standing(model->standing));
    json_set_text(object, "lobby", lobbies[model->lobby]);
    json_set_number(object, "me", model->me);
    json_set_text(object, "role", words_id_of_role(model->role));
    json_set_text(object, "name", model->name);
    json_set_bool(object, "facilitator", model->facilitator);
    json_set_text(object, "title", model->title);
    json_set_text(object, "guide", model->guide_title);
    json_set_text(object, "case", model->case_title);
    json_set_text(object, "language", model->language);
    json_set_text(object, "state", words_id_of_session(model->state));
    json_set_number(object, "here", model->here);
    json_set_bool(object, "connected", model->connected);
    json_set_bool(object, "caught_up", model->caught_up);
    json_set_number(object, "outgoing", model->outgoing_count);
    json_set_number(object, "timer_ends_ms", model->timer_ends_ms);
    json_set_number(object, "retention_ms", model->retention_ms);
    json_set_text(object, "fault", model->fault);
    json_set(object, "gate", json_lines_of(&model->gate));
    json_set_bool(object, "gate_confirmed", model->gate_confirmed);
    json_set_bool(object, "may_write", model->may_write);
    return object;
}

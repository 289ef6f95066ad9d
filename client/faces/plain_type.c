/* Where one writes, and what is typed there: kept as a draft, and sent. */
#include <stdlib.h>
#include <string.h>

#include "client/faces/plain.h"
#include "client/say.h"

void typing_finish(struct typing *typing)
{
    for (uint16_t i = 0; i < CONTENT_FIELDS_MAX; i++) {
        free(typing->fields[i]);
    }
    *typing = (struct typing){.kind = FIELDS_NONE};
}

const char *typing_text(const struct typing *typing, uint16_t field)
{
    return typing->fields[field] == NULL ? "" : typing->fields[field];
}

static bool is_empty(const struct typing *typing)
{
    for (uint16_t i = 0; i < typing->count; i++) {
        if (typing_text(typing, i)[0] != '\0') {
            return false;
        }
    }
    return typing->option == 0;
}

bool typing_append(char **text, const char *line)
{
    size_t count = *text == NULL ? 0 : strlen(*text);
    char *longer = realloc(*text, count + strlen(line) + 2);

    if (longer == NULL) {
        return false;
    }
    if (count > 0) {
        longer[count++] = '\n';
    }
    memcpy(longer + count, line, strlen(line) + 1);
    *text = longer;
    return true;
}

void typing_trim(char *text)
{
    size_t count = text == NULL ? 0 : strlen(text);

    while (count > 0 && (text[count - 1] == '\n' || text[count - 1] == ' ')) {
        text[--count] = '\0';
    }
}

/* ---- where one is ---- */

static void load_own(struct typing *typing, const struct model_own *own)
{
    for (uint16_t i = 0; i < own->field_count && i < typing->count; i++) {
        if (own->fields[i][0] != '\0') {
            typing->fields[i] = strdup(own->fields[i]);
        }
    }
    typing->option = own->option;
    typing->unsent = own->draft_differs || own->state == ANSWER_TYPING;
}

static void load(struct typing *typing, const struct model_step *step)
{
    const struct model_own *own = fields_own(step);

    if (fields_any(own)) {
        load_own(typing, own);
    } else if (typing->kind == FIELDS_NOTE && step->note_count > 0) {
        typing->fields[0] = strdup(step->notes[step->note_count - 1].text);
        typing->field = 1;
        return;
    }
    typing->field = 0;
    if (own != NULL && !typing->unsent && own->state != ANSWER_NONE) {
        typing->field = typing->count; /* all of it was sent */
        return;
    }
    while (typing->field + 1 < typing->count && typing_text(typing, typing->field)[0] != '\0') {
        typing->field++;
    }
}

void plain_go(struct plain *plain, const struct model_step *step)
{
    struct typing *typing = &plain->typing;
    enum fields_kind kind = fields_kind(face_model(plain->face), step);

    typing_finish(typing);
    if (kind == FIELDS_NONE) {
        return;
    }
    typing->kind = kind;
    typing->step = step->number;
    typing->count = kind == FIELDS_ANSWER ? fields_count(step) : 1;
    typing->wants_option = kind == FIELDS_ANSWER && fields_has_option(step);
    load(typing, step);
}

void plain_follow(struct plain *plain)
{
    const struct model *model = face_model(plain->face);

    if (plain->typing.unsent || plain->busy || model->standing != STANDING_MEMBER) {
        return;
    }
    plain->practising = false;
    if (plain->typing.kind == FIELDS_NONE || plain->typing.step != model->here ||
        plain->typing.kind != fields_kind(model, model_step(model, model->here))) {
        plain_go(plain, model_step(model, model->here));
    }
}

bool plain_writes_elsewhere(const struct plain *plain)
{
    const struct typing *typing = &plain->typing;

    return typing->kind != FIELDS_NONE && typing->field < typing->count &&
           typing->step != face_model(plain->face)->here;
}

void plain_prompt(const struct plain *plain, const struct model *model, char *out, size_t size)
{
    const struct typing *typing = &plain->typing;
    const struct model_step *step = model_step(model, typing->step);
    char name[FIELDS_NAME_BYTES] = "";

    if (plain->quitting || plain->care.stage == CARE_STAGE_ASKING) {
        (void)snprintf(name, sizeof name, "%s", SAY("yes/no"));
    } else if (model->standing == STANDING_LOBBY) {
        (void)snprintf(name, sizeof name, "%s", SAY("practise"));
    } else if (typing->kind != FIELDS_NONE && typing->field < typing->count && step != NULL) {
        if (typing->wants_option && typing->option == 0) {
            (void)snprintf(name, sizeof name, "%s", SAY("option"));
        } else {
            fields_name(step, typing->kind, typing->field, name);
        }
    }
    if (plain_writes_elsewhere(plain)) {
        (void)snprintf(out, size, SAY("step %u, %s> "), (unsigned)typing->step, name);
    } else {
        (void)snprintf(out, size, "%s> ", name);
    }
}

void plain_ask_field(struct plain *plain)
{
    char prompt[LINE_PROMPT_BYTES_MAX + 1];

    if (face_keys(plain->face) != NULL || plain->typing.kind == FIELDS_NONE ||
        plain->typing.field >= plain->typing.count) {
        return; /* a terminal has its prompt */
    }
    plain_prompt(plain, face_model(plain->face), prompt, sizeof prompt);
    prompt[strlen(prompt) - 2] = '\0';
    (void)fprintf(plain_out(plain), "%s:\n", prompt);
}

/* ---- keeping and sending ---- */

static enum status run(struct plain *plain, const char *name, bool empty, char *detail)
{
    const struct typing *typing = &plain->typing;
    struct intent_values values = {.step = typing->step};
    const struct intent *intent = intent_find(name);

    if (!empty && (typing->kind == FIELDS_ANSWER || strcmp(name, "draft") == 0)) {
        values.option = typing->option;
        values.field_count = typing->count;
        for (uint16_t i = 0; i < typing->count; i++) {
            values.fields[i] = typing_text(typing, i);
        }
    } else if (!empty) {
        values.text = typing_text(typing, 0);
    }
    return face_act(plain->face, intent, &values, detail);
}

void plain_keep_draft(struct plain *plain)
{
    char detail[INTENT_DETAIL_BYTES_MAX];
    enum status status = run(plain, "draft", false, detail);

    plain->line_kept = false;
    plain->typing.unsent = true;
    if (status == STATUS_TOO_LONG) {
        plain_say(plain, SAY("This is more than can be sent; make it shorter (/clear empties "
                             "this part)."));
    } else if (status != STATUS_OK && plain->typing.kind == FIELDS_ANSWER) {
        plain_say(plain, detail);
    }
}

void plain_keep_line(struct plain *plain, const char *line)
{
    struct typing *typing = &plain->typing;
    uint16_t field =
        typing->field < typing->count ? typing->field : (uint16_t)(typing->count - 1);
    char detail[INTENT_DETAIL_BYTES_MAX];
    char *entered;

    if (typing->kind == FIELDS_NONE || line[0] == '\0' || line[0] == '/' ||
        strcmp(line, ".") == 0 || plain->quitting || plain->care.stage == CARE_STAGE_ASKING) {
        return; /* it is no part of an answer */
    }
    entered = typing->fields[field];
    typing->fields[field] = entered == NULL ? NULL : strdup(entered);
    plain->line_kept = typing_append(&typing->fields[field], line) &&
                       run(plain, "draft", false, detail) == STATUS_OK;
    free(typing->fields[field]);
    typing->fields[field] = entered;
}

void plain_drop_line(struct plain *plain)
{
    char detail[INTENT_DETAIL_BYTES_MAX];

    if (plain->line_kept && plain->typing.kind != FIELDS_NONE &&
        run(plain, "draft", false, detail) != STATUS_OK) {
        return; /* there is one line too many in it: better than one too few */
    }
    plain->line_kept = false;
}

/* A note or report has no state of its own on this device: its draft goes when it is sent. */
static void forget_draft(struct plain *plain)
{
    char detail[INTENT_DETAIL_BYTES_MAX];

    if (run(plain, "draft", true, detail) != STATUS_OK) {
        return; /* there was none */
    }
}

void plain_send_all(struct plain *plain)
{
    static const char *const names[] = {
        [FIELDS_NONE] = "",
        [FIELDS_ANSWER] = "answer",
        [FIELDS_NOTE] = "note",
        [FIELDS_REPORT] = "report",
    };
    struct typing *typing = &plain->typing;
    char detail[INTENT_DETAIL_BYTES_MAX];
    enum status status;

    if (is_empty(typing)) {
        typing->field = 0;
        plain_say(plain, SAY("You have written nothing yet, so nothing was sent."));
        return;
    }
    status = run(plain, names[typing->kind], false, detail);
    if (status != STATUS_OK) {
        typing->field = (uint16_t)(typing->count - 1);
        plain_say(plain, detail);
        plain_say(plain, SAY("What you wrote is kept on this device."));
        return;
    }
    typing->field = typing->count;
    typing->unsent = false;
    plain->line_kept = false;
    if (typing->kind != FIELDS_ANSWER) {
        forget_draft(plain);
        plain_say(plain, SAY("Sent."));
    }
    plain_follow(plain);
}

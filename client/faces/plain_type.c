/* Fields being filled in: line by line, each line kept as a draft. */
#include <stdlib.h>
#include <string.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"

enum { PRACTICE_BYTES_MAX = 4096 };

void typing_finish(struct typing *typing)
{
    for (uint16_t i = 0; i < CONTENT_FIELDS_MAX; i++) {
        free(typing->fields[i]);
    }
    *typing = (struct typing){.kind = FIELDS_NONE};
}

static const char *field_text(const struct typing *typing, uint16_t field)
{
    return typing->fields[field] == NULL ? "" : typing->fields[field];
}

static bool is_empty(const struct typing *typing)
{
    for (uint16_t i = 0; i < typing->count; i++) {
        if (field_text(typing, i)[0] != '\0') {
            return false;
        }
    }
    return typing->option == 0;
}

/* A line more. False: no memory. */
static bool append(char **text, const char *line)
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

/* The empty lines somebody ended with are no part of what they wrote. */
static void trim(char *text)
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
    while (typing->field + 1 < typing->count && field_text(typing, typing->field)[0] != '\0') {
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
    (void)snprintf(out, size, "%s> ", name);
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

void plain_tell_writing(struct plain *plain)
{
    const struct typing *typing = &plain->typing;
    const struct model *model = face_model(plain->face);
    const struct model_step *step = model_step(model, typing->step);
    bool writing = typing->kind == FIELDS_ANSWER && (typing->unsent || plain->busy) &&
                   step != NULL && step->state == STEP_OPEN;
    uint16_t told = plain->told_writing;
    struct member *member = client_member(face_client_of(plain->face));

    if (told != 0 && (!writing || told != typing->step)) {
        plain->told_writing = 0;
        if (member_writing(member, told, false) != STATUS_OK) {
            return; /* the server forgets it by itself when the connection goes */
        }
    }
    if (writing && plain->told_writing == 0 &&
        member_writing(member, typing->step, true) == STATUS_OK) {
        plain->told_writing = typing->step;
    }
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
            values.fields[i] = field_text(typing, i);
        }
    } else if (!empty) {
        values.text = field_text(typing, 0);
    }
    return face_act(plain->face, intent, &values, detail);
}

static void keep_draft(struct plain *plain)
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

    if (typing->kind == FIELDS_NONE || line[0] == '\0' || line[0] == '/') {
        return;
    }
    entered = typing->fields[field];
    typing->fields[field] = entered == NULL ? NULL : strdup(entered);
    plain->line_kept =
        append(&typing->fields[field], line) && run(plain, "draft", false, detail) == STATUS_OK;
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

static void send_all(struct plain *plain)
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

/* ---- lines ---- */

static void practise(struct plain *plain, const char *line)
{
    char **text = &plain->typing.fields[0];

    plain->practising = true;
    if (*text != NULL && strlen(*text) + strlen(line) > PRACTICE_BYTES_MAX) {
        plain_say(plain, SAY("That is enough to practise with; a full stop ends it."));
    } else if (line[0] != '\0' && !append(text, line)) {
        plain_say(plain, SAY("There is no memory left."));
    }
}

static void practise_end(struct plain *plain)
{
    FILE *out = plain_out(plain);
    char *text = plain->typing.fields[0];

    if (text == NULL) {
        plain_say(plain, SAY("Type something first; the full stop ends it."));
        return;
    }
    (void)fprintf(out, "%s\n", SAY("This is how you would have answered:"));
    show_text(out, text, "  ");
    (void)fprintf(out, "%s\n", SAY("It was only practice: it is gone now, and nobody saw it."));
    typing_finish(&plain->typing);
    plain->practising = false;
}

/* Nothing is asked: what somebody types all the same is not lost. */
static void jot(struct plain *plain, const char *line)
{
    const struct intent_values values = {.text = line};
    char detail[INTENT_DETAIL_BYTES_MAX];
    const struct model *model = face_model(plain->face);
    bool observes = model->role == ROLE_OBSERVER;

    if (line[strspn(line, " \t")] == '\0') {
        return;
    }
    if (face_act(plain->face, intent_find("jot"), &values, detail) != STATUS_OK) {
        plain_say(plain, detail);
    } else {
        plain_say(plain, observes ? SAY("Noted, for yourself.")
                                  : SAY("Nothing is asked of you here now, so this was kept as "
                                        "a note to yourself: /jottings"));
    }
}

/* The option's number. True when the line was one. */
static bool take_option(struct plain *plain, const char *line)
{
    struct typing *typing = &plain->typing;
    const struct model_step *step = model_step(face_model(plain->face), typing->step);
    size_t digits = strspn(line, "0123456789");
    unsigned long option = digits > 0 && digits < 3 ? strtoul(line, NULL, 10) : 0;
    const char *after = line + digits;

    if (step == NULL || option < 1 || option > step->option_count ||
        after[strspn(after, " .)\t")] != '\0') {
        return false;
    }
    typing->option = (uint16_t)option;
    (void)fprintf(plain_out(plain), SAY("You chose %lu, %s. Now your reason, if you like.\n"),
                  option, step->options[option - 1].label);
    keep_draft(plain); /* and with it the model of before goes */
    return true;
}

static void type_field(struct plain *plain, const char *line)
{
    struct typing *typing = &plain->typing;
    bool more = typing->field == typing->count;
    char **text;

    if (more && line[0] == '\0') {
        return;
    }
    if (more) {
        typing->field = (uint16_t)(typing->count - 1);
        plain_say(plain, SAY("Added below what you sent; a line with only a full stop sends it "
                             "again."));
    }
    text = &typing->fields[typing->field];
    if (*text == NULL && line[0] == '\0') {
        return; /* an answer does not begin with an empty line */
    }
    if (!append(text, line)) {
        plain_say(plain, SAY("There is no memory left."));
        return;
    }
    keep_draft(plain);
}

void plain_type(struct plain *plain, const char *line)
{
    const struct model *model = face_model(plain->face);
    struct typing *typing = &plain->typing;

    if (model->standing != STANDING_MEMBER) {
        practise(plain, line);
    } else if (typing->kind == FIELDS_NONE) {
        jot(plain, line);
    } else if (typing->wants_option && typing->option == 0) {
        if (!take_option(plain, line) && line[0] != '\0') {
            type_field(plain, line);
            plain_say(plain, SAY("Kept as your reason. Now the number of your option."));
        }
    } else {
        type_field(plain, line);
    }
}

void plain_next_field(struct plain *plain)
{
    struct typing *typing = &plain->typing;

    if (face_model(plain->face)->standing != STANDING_MEMBER) {
        practise_end(plain);
    } else if (typing->kind == FIELDS_NONE) {
        plain_say(plain, SAY("Nothing is asked of you here now."));
    } else if (typing->wants_option && typing->option == 0) {
        plain_say(plain, SAY("First the number of your option."));
    } else {
        if (typing->field < typing->count) {
            trim(typing->fields[typing->field]);
            typing->field++;
        }
        if (typing->field < typing->count) {
            plain_ask_field(plain);
        } else {
            send_all(plain);
        }
    }
}

/* ---- going back to a field ---- */

static void list_fields(struct plain *plain, const struct model_step *step)
{
    FILE *out = plain_out(plain);
    char name[FIELDS_NAME_BYTES];

    if (plain->typing.option > 0) {
        (void)fprintf(out, "%s: %u\n", SAY("option"), (unsigned)plain->typing.option);
    }
    for (uint16_t i = 0; i < plain->typing.count; i++) {
        fields_name(step, plain->typing.kind, i, name);
        (void)fprintf(out, "%s:\n", name);
        show_text(out, field_text(&plain->typing, i), "  ");
    }
}

void plain_field(struct plain *plain, const char *wanted)
{
    struct typing *typing = &plain->typing;
    const struct model_step *step = model_step(face_model(plain->face), typing->step);
    char name[FIELDS_NAME_BYTES];

    if (typing->kind == FIELDS_NONE || step == NULL) {
        plain_say(plain, SAY("Nothing is asked of you here now."));
        return;
    }
    if (wanted[0] == '\0') {
        list_fields(plain, step);
        return;
    }
    if (typing->wants_option && strcmp(wanted, SAY("option")) == 0) {
        typing->option = 0;
        typing->field = 0;
        plain_ask_field(plain);
        return;
    }
    for (uint16_t i = 0; i < typing->count; i++) {
        size_t length;

        fields_name(step, typing->kind, i, name);
        length = strlen(name);
        if (strcmp(name, wanted) == 0 ||
            (length > 0 && strcmp(name + length - 1, wanted) == 0)) { /* `a` for 3a */
            typing->field = i;
            list_fields(plain, step);
            plain_ask_field(plain);
            return;
        }
    }
    plain_say(plain, SAY("There is no such part here; /field lists them."));
}

void plain_clear(struct plain *plain)
{
    struct typing *typing = &plain->typing;

    if (typing->kind == FIELDS_NONE) {
        plain_say(plain, SAY("Nothing is asked of you here now."));
        return;
    }
    if (typing->field == typing->count) {
        typing->field = 0;
    }
    free(typing->fields[typing->field]);
    typing->fields[typing->field] = NULL;
    keep_draft(plain);
    plain_say(plain, SAY("This part is empty now."));
    plain_ask_field(plain);
}

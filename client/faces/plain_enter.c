/* Lines that are entered: into the field one is at, or where nothing is asked. */
#include <stdlib.h>
#include <string.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"

enum { PRACTICE_BYTES_MAX = 4096 };

static void practise(struct plain *plain, const char *line)
{
    char **text = &plain->typing.fields[0];

    plain->practising = true;
    if (*text != NULL && strlen(*text) + strlen(line) > PRACTICE_BYTES_MAX) {
        plain_say(plain, SAY("That is enough to practise with; a full stop ends it."));
    } else if (line[0] != '\0' && !typing_append(text, line)) {
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

/* "choose 1 or 2" */
static void say_options(struct plain *plain, const char *number, uint16_t count)
{
    FILE *out = plain_out(plain);

    if (count == 1) {
        (void)fprintf(out, SAY("There is no option %s; choose 1.\n"), number);
    } else if (count == 2) {
        (void)fprintf(out, SAY("There is no option %s; choose 1 or 2.\n"), number);
    } else {
        (void)fprintf(out, SAY("There is no option %s; choose from 1 to %u.\n"), number,
                      (unsigned)count);
    }
}

/* The option's number, and perhaps a reason after it. False: the line is something else. */
static bool take_option(struct plain *plain, const char *line)
{
    struct typing *typing = &plain->typing;
    const struct model_step *step = model_step(face_model(plain->face), typing->step);
    size_t digits = strspn(line, "0123456789");
    unsigned long option = digits > 0 && digits < 4 ? strtoul(line, NULL, 10) : 0;
    const char *reason = line + digits + strspn(line + digits, " .):,\t");
    bool apart = reason > line + digits || *reason == '\0'; /* and not "2x" */

    if (step == NULL || digits == 0 || !apart) {
        return false;
    }
    if (option < 1 || option > step->option_count) {
        if (*reason == '\0') {
            say_options(plain, line, step->option_count);
        }
        return *reason == '\0';
    }
    if (*reason != '\0' && !typing_append(&typing->fields[0], reason)) {
        plain_say(plain, SAY("There is no memory left."));
        return true;
    }
    typing->option = (uint16_t)option;
    (void)fprintf(plain_out(plain), SAY("You chose %lu, %s. "), option,
                  step->options[option - 1].label);
    (void)fprintf(plain_out(plain), "%s\n",
                  typing->fields[0] != NULL ? SAY("Your reason is kept; you can add to it.")
                                            : SAY("Now your reason, if you like."));
    plain_keep_draft(plain); /* and with it the model of before goes */
    return true;
}

/* Nobody will ever see what is written here. */
static bool is_private(struct plain *plain)
{
    const struct model_step *step = model_step(face_model(plain->face), plain->typing.step);

    return step != NULL && step->plan.sharing == SHARING_NEVER;
}

/* What becomes of a line more, after all was sent. */
static void say_added(struct plain *plain)
{
    if (!plain_is_open(plain)) {
        plain_say_closed(plain);
    } else if (is_private(plain)) {
        plain_say(plain, SAY("Added below what you kept; a line with only a full stop keeps it "
                             "again."));
    } else {
        plain_say(plain, SAY("Added below what you sent; a line with only a full stop sends it "
                             "again."));
    }
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
        say_added(plain);
    }
    text = &typing->fields[typing->field];
    if (*text == NULL && line[0] == '\0') {
        return; /* an answer does not begin with an empty line */
    }
    if (!typing_append(text, line)) {
        plain_say(plain, SAY("There is no memory left."));
        return;
    }
    plain_keep_draft(plain);
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

/* Can what is typed be sent from here? Says why not; in the lobby it ends the practice. */
static bool may_send(struct plain *plain)
{
    const struct typing *typing = &plain->typing;

    if (face_model(plain->face)->standing != STANDING_MEMBER) {
        practise_end(plain);
        return false;
    }
    if (typing->kind == FIELDS_NONE) {
        plain_say(plain, SAY("Nothing is asked of you here now."));
        return false;
    }
    if (!plain_is_open(plain)) {
        plain_say_closed(plain);
        return false;
    }
    if (typing->wants_option && typing->option == 0) {
        plain_say(plain, SAY("First the number of your option."));
        return false;
    }
    return true;
}

void plain_next_field(struct plain *plain)
{
    struct typing *typing = &plain->typing;

    if (!may_send(plain)) {
        return;
    }
    if (typing->field < typing->count) {
        typing_trim(typing->fields[typing->field]);
        typing->field++;
    }
    if (typing->field < typing->count) {
        plain_ask_field(plain);
    } else {
        plain_send_all(plain);
    }
}

void plain_send(struct plain *plain)
{
    struct typing *typing = &plain->typing;

    if (!may_send(plain)) {
        return;
    }
    for (uint16_t i = 0; i < typing->count; i++) {
        typing_trim(typing->fields[i]);
    }
    plain_send_all(plain);
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
        show_text(out, typing_text(&plain->typing, i), "  ");
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
    plain_keep_draft(plain);
    plain_say(plain, SAY("This part is empty now."));
    plain_ask_field(plain);
}

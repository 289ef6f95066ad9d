#include "client/intent.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/say.h"
#include "client/words.h"

const struct intent *intent_find(const char *name)
{
    const struct intent *found = NULL;
    size_t length = strlen(name);

    for (size_t i = 0; i < intent_count; i++) {
        if (strcmp(intent_table[i].name, name) == 0) {
            return &intent_table[i];
        }
    }
    for (size_t i = 0; i < intent_count && length > 0; i++) {
        if (strncmp(intent_table[i].name, name, length) == 0) {
            if (found != NULL) {
                return NULL; /* two begin like this */
            }
            found = &intent_table[i];
        }
    }
    return found;
}

bool intent_is_offered(const struct intent *intent, const struct model *model)
{
    if (model->standing != STANDING_MEMBER) {
        return intent->lobby;
    }
    return intent->roles == INTENT_ANYONE || (intent->roles >> model->role & 1) != 0;
}

const struct model_step *intent_step(const struct intent_values *values,
                                     const struct model *model)
{
    return model_step(model, values->step > 0 ? values->step : model->here);
}

/* ---- one value of each kind of argument ---- */

static bool whole_number(const char *text, uint32_t min, uint32_t max, uint32_t *number_out)
{
    char *end = NULL;
    unsigned long number;

    if (*text < '0' || *text > '9') {
        return false;
    }
    number = strtoul(text, &end, 10);
    if (*end != '\0' || strlen(text) > 9 || number < min || number > max) {
        return false;
    }
    *number_out = (uint32_t)number;
    return true;
}

__attribute__((format(printf, 2, 3))) static enum status refuse(char *detail,
                                                                const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(detail, INTENT_DETAIL_BYTES_MAX, format, arguments);
    va_end(arguments);
    return STATUS_USAGE;
}

static enum status put_text(struct intent_values *values, const char *text,
                            const struct model *model, char *detail)
{
    (void)model;
    (void)detail;
    values->text = text;
    return STATUS_OK;
}

static enum status put_line(struct intent_values *values, const char *text,
                            const struct model *model, char *detail)
{
    (void)model;
    if (values->line_count == INTENT_ARGUMENTS_MAX) {
        return refuse(detail, SAY("too many parts: %s"), text);
    }
    values->lines[values->line_count++] = text;
    return STATUS_OK;
}

static enum status put_field(struct intent_values *values, const char *text,
                             const struct model *model, char *detail)
{
    (void)model;
    if (values->field_count == INTENT_FIELDS_MAX) {
        return refuse(detail, SAY("too many fields: %s"), text);
    }
    values->fields[values->field_count++] = text;
    return STATUS_OK;
}

static enum status put_step(struct intent_values *values, const char *text,
                            const struct model *model, char *detail)
{
    uint32_t number;

    if (!whole_number(text, 1, STEPS_MAX, &number) ||
        model_step(model, (uint16_t)number) == NULL) {
        return refuse(detail, SAY("there is no step %s; /overview lists them"), text);
    }
    values->step = (uint16_t)number;
    return STATUS_OK;
}

static enum status find_person(struct intent_values *values, enum member_state state,
                               const char *text, const struct model *model, char *detail)
{
    const struct model_member *member;
    uint32_t number;

    if (whole_number(text, 1, MEMBERS_MAX, &number)) {
        member = model_member(model, (uint16_t)number);
    } else {
        member = model_member_named(model, state, text);
    }
    if (member == NULL) {
        return refuse(detail, SAY("nobody here is called \"%s\"; /people lists who is"), text);
    }
    if (values->people_count == RECIPIENTS_MAX) {
        return refuse(detail, SAY("too many people: %s"), text);
    }
    values->people[values->people_count++] = member->number;
    return STATUS_OK;
}

static enum status put_waiting(struct intent_values *values, const char *text,
                               const struct model *model, char *detail)
{
    return find_person(values, MEMBER_LOBBY, text, model, detail);
}

/* A list in one text: names with commas between them. */
static enum status put_people(struct intent_values *values, const char *text,
                              const struct model *model, char *detail)
{
    enum status status = STATUS_OK;
    char *copy = strdup(text);
    char *rest = NULL;

    if (copy == NULL) {
        return STATUS_NOMEM;
    }
    for (char *name = strtok_r(copy, ",", &rest); name != NULL && status == STATUS_OK;
         name = strtok_r(NULL, ",", &rest)) {
        name += strspn(name, " ");
        status = find_person(values, MEMBER_ADMITTED, name, model, detail);
    }
    free(copy);
    return status;
}

static enum status put_option(struct intent_values *values, const char *text,
                              const struct model *model, char *detail)
{
    uint32_t number;

    (void)model;
    if (!whole_number(text, 1, CONTENT_OPTIONS_MAX, &number)) {
        return refuse(detail, SAY("\"%s\" is not the number of an option"), text);
    }
    values->option = (uint16_t)number;
    return STATUS_OK;
}

static enum status put_minutes(struct intent_values *values, const char *text,
                               const struct model *model, char *detail)
{
    (void)model;
    if (!whole_number(text, 1, TIMER_SECONDS_MAX / 60, &values->count)) {
        return refuse(detail, SAY("\"%s\" is not a number of minutes"), text);
    }
    return STATUS_OK;
}

static enum status put_count(struct intent_values *values, const char *text,
                             const struct model *model, char *detail)
{
    (void)model;
    if (!whole_number(text, 1, INVITE_USES_MAX, &values->count)) {
        return refuse(detail, SAY("\"%s\" is not a number from 1 to 500"), text);
    }
    return STATUS_OK;
}

static enum status put_passage(struct intent_values *values, const char *text,
                               const struct model *model, char *detail)
{
    const char *digits = strncmp(text, "\xc2\xb6", 2) == 0 ? text + 2 : text;
    uint32_t number;

    (void)model;
    if (!whole_number(digits, 1, UINT16_MAX, &number)) {
        return refuse(detail, SAY("\"%s\" is not the number of a paragraph"), text);
    }
    values->paragraph = (uint16_t)number;
    values->marked = digits != text;
    return STATUS_OK;
}

static enum status put_role(struct intent_values *values, const char *text,
                            const struct model *model, char *detail)
{
    (void)model;
    for (int role = ROLE_FACILITATOR; role < ROLE_COUNT; role++) {
        if (strcmp(text, words_of_role((enum role)role)) == 0 ||
            strcmp(text, words_id_of_role((enum role)role)) == 0) {
            values->role = (enum role)role;
            return STATUS_OK;
        }
    }
    return refuse(detail, SAY("\"%s\" is no role: participant, observer or case-giver"), text);
}

static enum status put_reading(struct intent_values *values, const char *text,
                               const struct model *model, char *detail)
{
    uint32_t number;

    (void)model;
    if (!whole_number(text, 1, TEXTS_MAX - 1, &number)) {
        return refuse(detail, SAY("\"%s\" is not the number of a text; /texts lists them"),
                      text);
    }
    values->reading = (uint16_t)number;
    return STATUS_OK;
}

enum status intent_put(struct intent_values *values, const struct intent_argument *argument,
                       const char *text, const struct model *model, char *detail)
{
    static enum status (*const put[ARGUMENT_KIND_COUNT])(struct intent_values *, const char *,
                                                         const struct model *, char *) = {
        [ARGUMENT_TEXT] = put_text,       [ARGUMENT_LINE] = put_line,
        [ARGUMENT_FIELDS] = put_field,    [ARGUMENT_STEP] = put_step,
        [ARGUMENT_WAITING] = put_waiting, [ARGUMENT_PEOPLE] = put_people,
        [ARGUMENT_OPTION] = put_option,   [ARGUMENT_MINUTES] = put_minutes,
        [ARGUMENT_COUNT] = put_count,     [ARGUMENT_PASSAGE] = put_passage,
        [ARGUMENT_ROLE] = put_role,       [ARGUMENT_READING] = put_reading,
    };

    return put[argument->kind](values, text, model, detail);
}

/* ---- whole rows ---- */

static bool has_value(const struct intent_values *values,
                      const struct intent_argument *argument)
{
    switch (argument->kind) {
    case ARGUMENT_TEXT:
        return values->text != NULL && values->text[0] != '\0';
    case ARGUMENT_LINE:
        return values->line_count > 0;
    case ARGUMENT_FIELDS:
        return values->field_count > 0;
    case ARGUMENT_STEP:
        return values->step > 0;
    case ARGUMENT_WAITING:
    case ARGUMENT_PEOPLE:
        return values->people_count > 0;
    case ARGUMENT_OPTION:
        return values->option > 0;
    case ARGUMENT_MINUTES:
    case ARGUMENT_COUNT:
        return values->count > 0;
    case ARGUMENT_PASSAGE:
        return values->paragraph > 0;
    case ARGUMENT_ROLE:
        return values->role != ROLE_REMOVED;
    case ARGUMENT_READING:
        return values->reading > 0;
    }
    return false;
}

enum status intent_check(const struct intent *intent, const struct intent_values *values,
                         char *detail)
{
    for (uint8_t i = 0; i < intent->argument_count; i++) {
        if (intent->arguments[i].required && !has_value(values, &intent->arguments[i])) {
            char usage[INTENT_DETAIL_BYTES_MAX / 2];

            intent_usage(intent, usage, sizeof usage);
            return refuse(detail, SAY("something is missing; write: %s"), usage);
        }
    }
    return STATUS_OK;
}

void intent_usage(const struct intent *intent, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s", intent->name);

    for (uint8_t i = 0; i < intent->argument_count && used < size; i++) {
        const struct intent_argument *argument = &intent->arguments[i];

        used += (size_t)snprintf(out + used, size - used, argument->required ? " %s" : " [%s]",
                                 argument->name);
    }
}

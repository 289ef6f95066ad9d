#include "client/intent.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/people.h"
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

/* What is asked at the step the group is on. */
static uint32_t moments_here(const struct model *model, const struct model_step *here)
{
    uint32_t moments = 0;

    if (here == NULL || here->state != STEP_OPEN) {
        return model->facilitator ? MOMENT_LEAD : 0;
    }
    if (here->plan.form == FORM_READ) {
        moments |= MOMENT_READ;
    } else if (here->plan.form == FORM_REPORT) {
        moments |= model->role == ROLE_OBSERVER ? MOMENT_REPORT : 0;
    } else if (here->may_answer) {
        moments |= MOMENT_ANSWER;
    }
    if (here->may_note) {
        moments |= MOMENT_NOTE;
    }
    if (model->facilitator) {
        moments |= here->counts.expected > 0 ? MOMENT_CLOSE | MOMENT_LEAD : MOMENT_LEAD;
    }
    return moments;
}

uint32_t intent_moments(const struct model *model)
{
    uint32_t moments = 0;

    if (model->standing != STANDING_MEMBER) {
        return MOMENT_LOBBY;
    }
    if (model->gate_text > 0 && !model->gate_confirmed) {
        moments |= MOMENT_GATE;
    }
    if (model->role == ROLE_OBSERVER) {
        moments |= MOMENT_OBSERVE;
    }
    if (model->facilitator && model->lobby_count > 0 && model->admission == ADMISSION_BY_HAND) {
        moments |= MOMENT_DOOR;
    }
    if (model->state == SESSION_PAUSED) {
        return moments | (model->facilitator ? MOMENT_PAUSE : 0);
    }
    if (model->state != SESSION_RUNNING) {
        return moments;
    }
    return moments | moments_here(model, model_step(model, model->here));
}

const char *intent_group_name(enum intent_group group)
{
    switch (group) {
    case GROUP_ANSWERING:
        return SAY("Answering and writing");
    case GROUP_LOOKING:
        return SAY("Looking");
    case GROUP_FACILITATOR:
        return SAY("For the facilitator");
    case GROUP_OBSERVER:
        return SAY("For the observer");
    }
    return "";
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

enum status intent_put_people(struct intent_values *values,
                              const struct intent_argument *argument, const char *text,
                              const struct model *model, const char *command,
                              const char **rest_out, char *detail)
{
    enum member_state state =
        argument->kind == ARGUMENT_WAITING ? MEMBER_LOBBY : MEMBER_ADMITTED;
    struct people people;
    enum status status = people_read(model, state, text, command, &people, rest_out, detail,
                                     INTENT_DETAIL_BYTES_MAX);

    if (status != STATUS_OK) {
        return STATUS_USAGE;
    }
    for (uint16_t i = 0; i < people.count; i++) {
        if (values->people_count == RECIPIENTS_MAX) {
            return refuse(detail, SAY("Those are more people than %u."),
                          (unsigned)RECIPIENTS_MAX);
        }
        values->people[values->people_count++] = people.at[i];
    }
    return STATUS_OK;
}

/* Names, and nothing after them. */
static enum status put_names(struct intent_values *values,
                             const struct intent_argument *argument, const char *text,
                             const struct model *model, char *detail)
{
    const char *rest = "";
    enum status status = intent_put_people(values, argument, text, model, NULL, &rest, detail);

    if (status == STATUS_OK && *rest != '\0') {
        return refuse(detail, SAY("Nobody here is called \"%.80s\"; /people lists who is."),
                      rest);
    }
    return status;
}

static enum status put_waiting(struct intent_values *values, const char *text,
                               const struct model *model, char *detail)
{
    const struct intent_argument argument = {.kind = ARGUMENT_WAITING};

    return put_names(values, &argument, text, model, detail);
}

static enum status put_people(struct intent_values *values, const char *text,
                              const struct model *model, char *detail)
{
    const struct intent_argument argument = {.kind = ARGUMENT_PEOPLE};

    return put_names(values, &argument, text, model, detail);
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

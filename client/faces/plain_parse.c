/* A line as an intent with values. */
#include <stdio.h>
#include <string.h>

#include "client/faces/plain.h"
#include "client/say.h"

struct parsing {
    const struct intent *intent;
    const struct model *model;
    struct intent_values *values;
    char *rest; /* what has not been read */
    char *detail;
    bool filled[INTENT_ARGUMENTS_MAX];
};

static char *skip_spaces(char *text)
{
    return text + strspn(text, " \t");
}

/* Cuts the next word off. */
static char *take_word(struct parsing *parsing)
{
    char *word = parsing->rest;
    size_t count = strcspn(word, " \t");

    parsing->rest = word + count;
    if (*parsing->rest != '\0') {
        *parsing->rest++ = '\0';
        parsing->rest = skip_spaces(parsing->rest);
    }
    return word;
}

static char *take_rest(struct parsing *parsing)
{
    char *text = parsing->rest;
    size_t count = strlen(text);

    while (count > 0 && (text[count - 1] == ' ' || text[count - 1] == '\t')) {
        text[--count] = '\0';
    }
    parsing->rest = text + count;
    return text;
}

/* Cuts at the first `mark`, or takes all there is. */
static char *take_until(struct parsing *parsing, char mark)
{
    char *end = strchr(parsing->rest, mark);
    char *text = parsing->rest;

    if (end == NULL) {
        return take_rest(parsing);
    }
    *end = '\0';
    parsing->rest = text;
    (void)take_rest(parsing); /* trims */
    parsing->rest = skip_spaces(end + 1);
    return text;
}

static enum status put(struct parsing *parsing, uint8_t i, const char *text)
{
    parsing->filled[i] = true;
    return intent_put(parsing->values, &parsing->intent->arguments[i], text, parsing->model,
                      parsing->detail);
}

/* ---- name=value ---- */

static bool is_named(const struct parsing *parsing, uint8_t *i_out)
{
    const char *equals = strchr(parsing->rest, '=');
    size_t count = equals == NULL ? 0 : (size_t)(equals - parsing->rest);

    for (uint8_t i = 0; i < parsing->intent->argument_count && count > 0; i++) {
        const char *name = parsing->intent->arguments[i].name;

        if (strlen(name) == count && strncmp(name, parsing->rest, count) == 0) {
            *i_out = i;
            return true;
        }
    }
    return false;
}

static enum status take_named(struct parsing *parsing)
{
    enum status status = STATUS_OK;
    uint8_t i = 0;

    while (status == STATUS_OK && is_named(parsing, &i)) {
        const char *word = take_word(parsing);

        status = put(parsing, i, strchr(word, '=') + 1);
    }
    return status;
}

/* ---- in order ---- */

static enum status take_fields(struct parsing *parsing, uint8_t i)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && *parsing->rest != '\0') {
        status = put(parsing, i, take_until(parsing, '|'));
    }
    return status;
}

/* Names may hold spaces and commas, and the text behind them colons. */
static enum status take_people(struct parsing *parsing, uint8_t i)
{
    const struct intent_argument *argument = &parsing->intent->arguments[i];
    const char *rest = NULL;
    char command[32];
    enum status status;

    if (i + 1 == parsing->intent->argument_count) {
        return put(parsing, i, take_rest(parsing));
    }
    (void)snprintf(command, sizeof command, "/%s", parsing->intent->name);
    parsing->filled[i] = true;
    status = intent_put_people(parsing->values, argument, parsing->rest, parsing->model,
                               command, &rest, parsing->detail);
    if (status == STATUS_OK) {
        parsing->rest += rest - parsing->rest;
    }
    return status;
}

/* A word that need not be this argument, and cannot be, is left for the next one. */
static enum status take_optional(struct parsing *parsing, uint8_t i)
{
    const struct model_step *step = intent_step(parsing->values, parsing->model);
    bool last = i + 1 == parsing->intent->argument_count;
    char *whole = parsing->rest;
    char *word;
    size_t count;

    if (parsing->intent->arguments[i].kind == ARGUMENT_OPTION &&
        (step == NULL || step->option_count == 0)) {
        return STATUS_OK; /* nothing to choose from: it is text */
    }
    count = strcspn(whole, " \t");
    word = take_word(parsing);
    if (put(parsing, i, word) == STATUS_OK) {
        return STATUS_OK;
    }
    if (last) {
        return STATUS_USAGE;
    }
    if (parsing->rest > whole + count) {
        whole[count] = ' '; /* as it was */
    }
    parsing->rest = whole;
    parsing->filled[i] = false;
    return STATUS_OK;
}

static enum status take_next(struct parsing *parsing, uint8_t i)
{
    const struct intent_argument *argument = &parsing->intent->arguments[i];

    switch (argument->kind) {
    case ARGUMENT_TEXT:
        return put(parsing, i, take_rest(parsing));
    case ARGUMENT_LINE:
        return put(parsing, i, take_until(parsing, '|'));
    case ARGUMENT_FIELDS:
        return take_fields(parsing, i);
    case ARGUMENT_WAITING:
    case ARGUMENT_PEOPLE:
        return take_people(parsing, i);
    case ARGUMENT_STEP:
    case ARGUMENT_OPTION:
    case ARGUMENT_MINUTES:
    case ARGUMENT_COUNT:
    case ARGUMENT_PASSAGE:
    case ARGUMENT_ROLE:
    case ARGUMENT_READING:
        break;
    }
    return argument->required ? put(parsing, i, take_word(parsing)) : take_optional(parsing, i);
}

enum status plain_parse(const struct intent *intent, char *words, const struct model *model,
                        struct intent_values *values, char *detail)
{
    struct parsing parsing = {
        .intent = intent,
        .model = model,
        .values = values,
        .rest = skip_spaces(words),
        .detail = detail,
    };
    enum status status;

    *detail = '\0';
    status = take_named(&parsing);
    for (uint8_t i = 0; i < intent->argument_count && status == STATUS_OK; i++) {
        if (!parsing.filled[i] && *parsing.rest != '\0') {
            status = take_next(&parsing, i);
        }
        if (status == STATUS_OK) {
            status = take_named(&parsing);
        }
    }
    if (status == STATUS_OK && *parsing.rest != '\0') {
        (void)snprintf(detail, INTENT_DETAIL_BYTES_MAX, SAY("too much: \"%.100s\""),
                       parsing.rest);
        status = STATUS_USAGE;
    }
    if (status != STATUS_OK && *detail == '\0') {
        (void)snprintf(detail, INTENT_DETAIL_BYTES_MAX, "%s", SAY("that does not fit here"));
    }
    return status;
}

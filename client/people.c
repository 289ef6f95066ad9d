#include "client/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unistr.h>

#include "client/say.h"

enum { NUMBER_DIGITS_MAX = 4, SAID_MAX = 4, NAME_SAID_BYTES_MAX = 80 };

/* Who it may be, by the longest part of the text that fits. */
struct candidates {
    size_t length; /* of that part */
    uint16_t count;
    const struct model_member *at[SAID_MAX];
};

static bool ends_name(char byte)
{
    return byte == '\0' || byte == ' ' || byte == '\t' || byte == ',' || byte == ':';
}

/* How many bytes of a name are what people call themselves: where two bear one, the model puts
 * their number behind it. */
static size_t own_length(const struct model_member *member)
{
    char number[NUMBER_DIGITS_MAX + 8];
    size_t length = strlen(member->name);
    size_t count = (size_t)snprintf(number, sizeof number, " (%u)", (unsigned)member->number);

    return length > count && strcmp(member->name + length - count, number) == 0 ? length - count
                                                                                : length;
}

/* How much of the text is so much of a name: all of it, or its first word. More words than one
 * stand for a name only where nothing else can be meant: before a colon, or at the end. */
static size_t same_beginning(const char *name, size_t length, const char *text, bool whole)
{
    const uint8_t *a = (const uint8_t *)name;
    const uint8_t *end = a + length;
    const uint8_t *b = (const uint8_t *)text;
    size_t first = 0;
    size_t words = 0;
    ucs4_t x = 0, y = 0;

    while (a < end && *b != '\0') {
        int a_count = u8_strmbtouc(&x, a);
        int b_count = u8_strmbtouc(&y, b);

        if (a_count <= 0 || b_count <= 0 || uc_tolower(x) != uc_tolower(y)) {
            break;
        }
        a += a_count;
        b += b_count;
        if (ends_name((char)*a) && ends_name((char)*b)) {
            words = (size_t)((const char *)b - text);
            first = first == 0 ? words : first;
        }
    }
    if (whole) {
        return a == end && ends_name((char)*b) ? (size_t)((const char *)b - text) : 0;
    }
    return text[words] == ':' || text[words] == '\0' ? words : first;
}

/* Of two with one name the other one is meant: nobody writes to themselves. */
static void add(struct candidates *found, const struct model_member *member, size_t length)
{
    if (length == 0 || length < found->length) {
        return;
    }
    if (length > found->length || (found->count == 1 && found->at[0]->me)) {
        found->count = 0;
    } else if (member->me) {
        return;
    }
    found->length = length;
    if (found->count < SAID_MAX) {
        found->at[found->count] = member;
    }
    found->count++;
}

static void find_named(const struct model *model, enum member_state state, const char *text,
                       bool whole, struct candidates *found)
{
    for (uint16_t i = 0; i < model->member_count; i++) {
        const struct model_member *member = &model->members[i];

        if (member->state == state) {
            size_t own = own_length(member);
            size_t all = strlen(member->name);

            add(found, member, same_beginning(member->name, own, text, whole));
            if (all > own) {
                add(found, member, same_beginning(member->name, all, text, true));
            }
        }
    }
}

static void find_numbered(const struct model *model, enum member_state state, const char *text,
                          struct candidates *found)
{
    size_t digits = strspn(text, "0123456789");
    const struct model_member *member = NULL;

    if (digits > 0 && digits <= NUMBER_DIGITS_MAX && ends_name(text[digits])) {
        member = model_member(model, (uint16_t)strtoul(text, NULL, 10));
    }
    if (member != NULL && member->state == state) {
        add(found, member, digits);
    }
}

static void find(const struct model *model, enum member_state state, const char *text,
                 struct candidates *found)
{
    *found = (struct candidates){.length = 0};
    find_named(model, state, text, true, found);
    if (found->count == 0) {
        find_numbered(model, state, text, found);
    }
    if (found->count == 0) {
        find_named(model, state, text, false, found);
    }
}

/* ---- when it is nobody, or one of several ---- */

/* What was probably meant as the name: up to a colon, else the first word. */
static size_t meant_as_name(const char *text)
{
    const char *colon = strchr(text, ':');
    size_t length = colon == NULL ? strcspn(text, " \t,") : (size_t)(colon - text);

    return length < NAME_SAID_BYTES_MAX ? length : strcspn(text, " \t,:");
}

/* Adds " and " or ", " and so on before all but the first. */
static void say_between(FILE *out, uint16_t i, uint16_t count, const char *last)
{
    if (i > 0) {
        (void)fputs(i + 1 == count ? last : ", ", out);
    }
}

static void say_numbers(FILE *out, const struct candidates *found, const char *command)
{
    uint16_t count = found->count < SAID_MAX ? found->count : SAID_MAX;

    for (uint16_t i = 0; i < count; i++) {
        say_between(out, i, count, SAY(" and "));
        (void)fprintf(out, "%u", (unsigned)found->at[i]->number);
    }
    (void)fputc('.', out);
    for (uint16_t i = 0; i < count && command != NULL; i++) {
        (void)fputs(i == 0 ? " " : SAY(" or "), out);
        (void)fprintf(out, "%s %u ...", command, (unsigned)found->at[i]->number);
    }
}

static void say_names(FILE *out, const struct candidates *found)
{
    uint16_t count = found->count < SAID_MAX ? found->count : SAID_MAX;

    for (uint16_t i = 0; i < count; i++) {
        say_between(out, i, count, SAY(" or "));
        (void)fprintf(out, "%.*s (%u)", (int)own_length(found->at[i]), found->at[i]->name,
                      (unsigned)found->at[i]->number);
    }
    (void)fputc('.', out);
}

static void say_trouble(FILE *out, const char *text, const struct candidates *found,
                        const char *command)
{
    const struct model_member *first = found->at[0];
    int length = (int)found->length;

    if (found->count == 0) {
        (void)fprintf(out, SAY("Nobody here is called \"%.*s\"; /people lists who is."),
                      (int)meant_as_name(text), text);
    } else if (same_beginning(first->name, own_length(first), text, true) == 0) {
        (void)fprintf(out, SAY("\"%.*s\" can be "), length, text);
        say_names(out, found);
    } else if (found->count == 2) {
        (void)fprintf(out, SAY("Two people are called %.*s: "), length, text);
        say_numbers(out, found, command);
    } else {
        (void)fprintf(out, SAY("%u people are called %.*s: "), (unsigned)found->count, length,
                      text);
        say_numbers(out, found, command);
    }
}

static enum status refuse(const char *text, const struct candidates *found, const char *command,
                          char *detail, size_t size)
{
    FILE *out = fmemopen(detail, size, "w");

    if (out == NULL) {
        return STATUS_NOMEM;
    }
    say_trouble(out, text, found, command);
    (void)fclose(out);
    detail[size - 1] = '\0';
    return STATUS_USAGE;
}

/* ---- all of them ---- */

static bool holds(const struct people *people, uint16_t number)
{
    for (uint16_t i = 0; i < people->count; i++) {
        if (people->at[i] == number) {
            return true;
        }
    }
    return false;
}

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " \t");
}

enum status people_read(const struct model *model, enum member_state state, const char *text,
                        const char *command, struct people *people_out, const char **rest_out,
                        char *detail, size_t size)
{
    struct people people = {.count = 0};
    struct candidates found;
    const char *second = NULL; /* what stands behind the first comma */
    bool more = true;

    text = skip_spaces(text);
    while (more) {
        find(model, state, text, &found);
        if (found.count == 0 && people.count > 0) {
            break; /* after the comma the text begins */
        }
        if (found.count != 1) {
            return refuse(text, &found, command, detail, size);
        }
        if (!holds(&people, found.at[0]->number)) {
            if (people.count == RECIPIENTS_MAX) {
                (void)snprintf(detail, size, SAY("Those are more people than %u."),
                               (unsigned)RECIPIENTS_MAX);
                return STATUS_FULL;
            }
            people.at[people.count++] = found.at[0]->number;
        }
        text = skip_spaces(text + found.length);
        more = *text == ',';
        text = skip_spaces(text + (more ? 1 : 0));
        second = second == NULL ? text : second;
    }
    if (people.count > 1 && *text != ':' && *text != '\0') {
        people.count = 1; /* a sentence that begins with a name, not a list of people */
        text = second;
    }
    *people_out = people;
    *rest_out = *text == ':' ? skip_spaces(text + 1) : text;
    return STATUS_OK;
}

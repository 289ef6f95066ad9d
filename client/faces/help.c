/* `kring help plain` and `kring help json`: everything from the tables. */

#include "client/faces/face.h"
#include "client/faces/json.h"
#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"
#include "client/words.h"

/* ", facilitator only" */
static void print_roles(FILE *out, const struct intent *intent)
{
    bool first = true;

    for (int role = ROLE_FACILITATOR; role < ROLE_COUNT && intent->roles != INTENT_ANYONE;
         role++) {
        if ((intent->roles >> role & 1) != 0) {
            (void)fprintf(out, "%s%s", first ? "  (" : ", ", words_of_role((enum role)role));
            first = false;
        }
    }
    (void)fputs(first ? "\n" : ")\n", out);
}

static const char *care_sentence(enum intent_care care)
{
    switch (care) {
    case CARE_NONE:
        break;
    case CARE_ASK:
        return SAY("Asks first; the answer is typed as a word.");
    case CARE_LAST_CALL:
        return SAY("Whoever has not answered or still writes gets fifteen seconds, or as long "
                   "as you wait.");
    case CARE_TAKE_BACK:
        return SAY("Waits three seconds, in which /back takes it back.");
    }
    return NULL;
}

void faces_help_plain(FILE *out)
{
    char usage[INTENT_DETAIL_BYTES_MAX];

    (void)fprintf(out, "%s\n\n",
                  SAY("kring --plain: lines of text both ways, no screen control"));
    show_text(out,
              SAY("A line that begins with a slash is a command; a name may be shortened as "
                  "long as it is clear which is meant, and a value given as name=value. Any "
                  "other line is text for the field one is at: it is kept on this device at "
                  "once, and sent by a line with only a full stop after the last field. A line "
                  "that must begin with a slash is typed with two."),
              "");
    show_text(
        out, SAY("Nothing is printed while a line is being typed. /new reads again what came."),
        "");
    (void)fputc('\n', out);
    for (size_t i = 0; i < intent_count; i++) {
        const struct intent *intent = &intent_table[i];
        const char *care = care_sentence(intent->care);

        intent_usage(intent, usage, sizeof usage);
        (void)fprintf(out, "/%s", usage);
        print_roles(out, intent);
        show_text(out, say(intent->help), "    ");
        if (care != NULL) {
            show_text(out, care, "    ");
        }
    }
    for (size_t i = 0; i < plain_word_count; i++) {
        (void)fprintf(out, "/%s\n", plain_words[i].name);
        show_text(out, say(plain_words[i].help), "    ");
    }
}

/* ---- json ---- */

static const char *type_of(enum argument_kind kind)
{
    switch (kind) {
    case ARGUMENT_TEXT:
        return "text";
    case ARGUMENT_LINE:
    case ARGUMENT_FIELDS:
        return "list of text";
    case ARGUMENT_PEOPLE:
        return "list of member numbers or names";
    case ARGUMENT_WAITING:
        return "number or name of somebody in the lobby";
    case ARGUMENT_ROLE:
        return "facilitator, observer, participant or case-giver";
    case ARGUMENT_STEP:
        return "step number; left out: the group's";
    case ARGUMENT_OPTION:
    case ARGUMENT_MINUTES:
    case ARGUMENT_COUNT:
    case ARGUMENT_PASSAGE:
    case ARGUMENT_READING:
        return "number";
    }
    return "";
}

static void print_command(FILE *out, const struct intent *intent)
{
    (void)fprintf(out, "{\"do\": \"%s\"}", intent->name);
    print_roles(out, intent);
    show_text(out, say(intent->help), "    ");
    for (uint8_t i = 0; i < intent->argument_count; i++) {
        const struct intent_argument *argument = &intent->arguments[i];

        (void)fprintf(out, "    \"%s\"%s: %s\n", argument->name,
                      argument->required ? "" : SAY(" (may be left out)"),
                      type_of(argument->kind));
    }
    if (intent->look != LOOK_NONE) {
        (void)fprintf(out, SAY("    result: %s\n"), json_looks[intent->look].result);
    }
    if (intent->care != CARE_NONE) {
        (void)fprintf(
            out, "    \"wait\": true: %s\n",
            intent->care == CARE_TAKE_BACK
                ? SAY("three seconds, in which `back` takes it back")
                : SAY("gives those who have not answered, or still write, fifteen seconds"));
    }
}

static void print_shapes(FILE *out, const struct json_shape *shapes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "%s\n", shapes[i].name);
        show_text(out, say(shapes[i].help), "    ");
        show_text(out, shapes[i].fields, "    ");
    }
}

void faces_help_json(FILE *out)
{
    (void)fprintf(out, "%s\n\n", SAY("kring --json: one JSON object per line, both ways"));
    show_text(
        out,
        SAY("Every command may carry a \"tag\", which its reply carries back: \"done\" "
            "(done, or on its way: events follow) or \"refused\". It acts at once, unless "
            "it says \"wait\": true. {\"do\": \"back\"} and {\"do\": \"now\"} steer what "
            "waits. At the end of input, or at `quit`, what was said is still sent."),
        "");
    show_text(
        out,
        SAY("A field named as one of the objects below holds one; in the plural, a list of "
            "them (\"who\": of marks). A field with ? may be missing. Times are Unix time in "
            "milliseconds. More "
            "fields and events may come in later versions: pass over what you do not "
            "know."),
        "");
    (void)fprintf(out, "\n%s\n\n", SAY("Commands"));
    for (size_t i = 0; i < intent_count; i++) {
        print_command(out, &intent_table[i]);
    }
    (void)fprintf(out, "\n%s\n\n", SAY("Events"));
    print_shapes(out, json_events, JSON_EVENT_COUNT);
    (void)fprintf(out, "\n%s\n\n", SAY("Objects in them"));
    print_shapes(out, json_objects, json_object_count);
}

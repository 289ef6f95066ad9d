/* What one can do, in groups: everything from the tables. */
#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"

enum { HELP_LINE_BYTES_MAX = 512 };

static void print_entry(FILE *out, const char *usage, const char *help)
{
    char line[HELP_LINE_BYTES_MAX];

    (void)snprintf(line, sizeof line, "/%s: %s", usage, help);
    show_item(out, line);
}

static void print_intent(FILE *out, const struct intent *intent)
{
    char usage[INTENT_DETAIL_BYTES_MAX];

    intent_usage(intent, usage, sizeof usage);
    print_entry(out, usage, say(intent->help));
}

/* What is needed at these moments. */
static void print_needed(FILE *out, const struct model *model, uint32_t moments)
{
    (void)fprintf(out, "%s\n", SAY("What you need now"));
    if ((moments & (MOMENT_ANSWER | MOMENT_NOTE | MOMENT_REPORT)) != 0) {
        show_item(out, SAY("Just type; a line with only a full stop goes on to the next part, "
                           "or ends it."));
    }
    for (size_t i = 0; i < intent_count; i++) {
        if (intent_is_offered(&intent_table[i], model) &&
            (intent_table[i].moments & moments) != 0) {
            print_intent(out, &intent_table[i]);
        }
    }
}

static bool is_listed(const struct intent *intent, const struct model *model, uint32_t moments,
                      enum intent_group group)
{
    return intent->group == group && intent_is_offered(intent, model) &&
           (intent->moments & moments) == 0;
}

static bool is_for(const struct plain_word *word, const struct model *model,
                   enum intent_group group)
{
    return word->group == group && model->standing == STANDING_MEMBER &&
           (word->roles >> model->role & 1) != 0;
}

static void print_group(FILE *out, const struct model *model, uint32_t moments,
                        enum intent_group group)
{
    bool begun = false;

    for (size_t i = 0; i < intent_count; i++) {
        if (is_listed(&intent_table[i], model, moments, group)) {
            if (!begun) {
                (void)fprintf(out, "\n%s\n", intent_group_name(group));
            }
            begun = true;
            print_intent(out, &intent_table[i]);
        }
    }
    for (size_t i = 0; i < plain_word_count && begun; i++) {
        if (is_for(&plain_words[i], model, group)) {
            print_entry(out, plain_words[i].name, say(plain_words[i].help));
        }
    }
}

void plain_help(struct plain *plain)
{
    const struct model *model = face_model(plain->face);
    uint32_t moments = intent_moments(model);
    FILE *out = plain_out(plain);

    print_needed(out, model, moments);
    for (int group = 0; group < INTENT_GROUP_COUNT; group++) {
        print_group(out, model, moments, (enum intent_group)group);
    }
}

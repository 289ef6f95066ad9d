/* The shared note as a command: each version takes the place of the one before. */
#include <stdlib.h>
#include <string.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"

static const struct model_note *present_note(const struct model_step *step)
{
    return step == NULL || step->note_count == 0 ? NULL : &step->notes[step->note_count - 1];
}

/* Both texts, one below the other; owned by the caller. NULL: no memory. */
static char *joined(const char *before, const char *after)
{
    size_t size = strlen(before) + strlen(after) + 2;
    char *both = malloc(size);

    if (both != NULL) {
        (void)snprintf(both, size, "%s%s%s", before, before[0] == '\0' ? "" : "\n", after);
    }
    return both;
}

static bool act(struct plain *plain, const struct intent *intent,
                const struct intent_values *values)
{
    char detail[INTENT_DETAIL_BYTES_MAX];

    if (face_act(plain->face, intent, values, detail) == STATUS_OK) {
        return true;
    }
    plain_say(plain, detail);
    return false;
}

static void say_kept(struct plain *plain, const char *sentence)
{
    plain_say(plain, face_model(plain->face)->connected
                         ? sentence
                         : SAY("Your note is kept, and sent when the connection is back."));
}

static void add(struct plain *plain, const struct intent *intent,
                const struct intent_values *values, const char *text)
{
    const struct model *model = face_model(plain->face);
    const struct model_note *note = present_note(intent_step(values, model));
    struct intent_values whole = *values;
    char *both = NULL;

    if (model->outgoing_count > 0) { /* what it would be added to may be among it */
        plain_say(plain, SAY("What you wrote before is still on its way; try again in a "
                             "moment."));
        return;
    }
    both = joined(note == NULL ? "" : note->text, text);
    whole.text = both;
    if (both == NULL) {
        plain_say(plain, SAY("There is no memory left."));
    } else if (act(plain, intent, &whole)) {
        say_kept(plain, note == NULL ? SAY("Written for the group.")
                                     : SAY("Added to the note of the group."));
    }
    free(both);
}

static void say_replaced(struct plain *plain, const char *heading, const char *text)
{
    FILE *out = plain_out(plain);

    (void)fprintf(out, "%s\n", heading);
    show_text(out, text, "  ");
    plain_say(plain, SAY("To add to a note: /note + and your words."));
}

void plain_write_note(struct plain *plain, const struct intent *intent,
                      const struct intent_values *values)
{
    const struct model_note *note = present_note(intent_step(values, face_model(plain->face)));
    char heading[SHOW_NAME_BYTES] = "";
    char clock[SHOW_CLOCK_BYTES];
    char *before = NULL;

    if (values->text != NULL && values->text[0] == '+') {
        const char *more = values->text + 1 + strspn(values->text + 1, " \t");

        if (more[0] == '\0') {
            plain_say(plain, SAY("Nothing was added: type your words behind the +."));
        } else {
            add(plain, intent, values, more);
        }
        return;
    }
    if (note != NULL) { /* the model goes when something is asked */
        show_clock(note->time_ms, clock);
        (void)snprintf(heading, sizeof heading,
                       SAY("Your note takes the place of this one, by %.120s, of %s:"),
                       note->author_name, clock);
        before = joined("", note->text);
    }
    if (act(plain, intent, values)) {
        say_kept(plain, SAY("Written for the group."));
        if (before != NULL) {
            say_replaced(plain, heading, before);
        }
    }
    free(before);
}

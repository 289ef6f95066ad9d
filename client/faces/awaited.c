#include "client/faces/awaited.h"

#include <stdlib.h>

#include "client/faces/plain_show.h"
#include "client/say.h"
#include "protocol/methods.h"

/* Who of those that are asked is meant. */
struct which {
    bool finished;
    bool writing;
    bool either; /* writing or not */
};

static bool is_meant(const struct model_mark *mark, const struct which *which)
{
    bool finished = (mark->marks & (MESSAGE_MARK_ANSWERED | MESSAGE_MARK_DONE)) != 0;
    bool writing = (mark->marks & MESSAGE_MARK_WRITING) != 0;

    return mark->expected && finished == which->finished &&
           (which->either || writing == which->writing);
}

static unsigned count(const struct model_step *step, const struct which *which)
{
    unsigned found = 0;

    for (uint16_t i = 0; i < step->mark_count; i++) {
        found += is_meant(&step->marks[i], which);
    }
    return found;
}

static void print_names(FILE *out, const struct model_step *step, const struct which *which)
{
    bool first = true;

    for (uint16_t i = 0; i < step->mark_count; i++) {
        if (is_meant(&step->marks[i], which)) {
            (void)fprintf(out, "%s%s", first ? "" : ", ", step->marks[i].name);
            first = false;
        }
    }
}

static void print_writing(FILE *out, const struct model_step *step, unsigned missing)
{
    const struct which writing = {.writing = true};
    unsigned found = count(step, &writing);

    if (found == 0) {
        return;
    }
    if (found < missing) {
        (void)fputs(SAY(" (writing: "), out);
        print_names(out, step, &writing);
        (void)fputc(')', out);
    } else {
        (void)fputs(found == 1   ? SAY(" (is writing)")
                    : found == 2 ? SAY(" (both are writing)")
                                 : SAY(" (all are writing)"),
                    out);
    }
}

static void print_all(FILE *out, const struct model_step *step, unsigned missing,
                      unsigned again)
{
    if (missing > 0) {
        (void)fputs(SAY("Not answered yet: "), out);
        print_names(out, step, &(const struct which){.either = true});
        print_writing(out, step, missing);
        (void)fputs(".", out);
    }
    if (again > 0) {
        (void)fputs(missing > 0 ? SAY(" Changing their answer: ")
                                : SAY("Changing their answer: "),
                    out);
        print_names(out, step, &(const struct which){.finished = true, .writing = true});
        (void)fputs(".", out);
    }
}

bool awaited_print(FILE *out, const struct model_step *step)
{
    unsigned missing = 0;
    unsigned again = 0;
    char *text = NULL;
    size_t size = 0;
    FILE *memory = NULL;

    if (step == NULL || !session_takes_answers(&step->plan)) {
        return false;
    }
    missing = count(step, &(const struct which){.either = true});
    again = count(step, &(const struct which){.finished = true, .writing = true});
    if (missing + again == 0) {
        return false;
    }
    memory = open_memstream(&text, &size);
    if (memory == NULL) {
        return false;
    }
    print_all(memory, step, missing, again);
    if (fclose(memory) == 0) {
        show_text(out, text, "");
    }
    free(text);
    return true;
}

/* What the plain face prints of all that can be looked up: concepts, texts, tips, and what
 * people said outside the steps. */
#include "client/faces/plain_show.h"
#include "client/say.h"

void show_concepts(FILE *out, const struct model *model)
{
    if (model->concept_count == 0) {
        (void)fprintf(out, "%s\n", SAY("There are no concept cards."));
    }
    for (uint16_t i = 0; i < model->concept_count; i++) {
        (void)fprintf(out, "%s%s\n", i == 0 ? "" : "\n", model->concepts[i].term);
        show_prose(out, model->concepts[i].md, "  ");
    }
}

void show_texts(FILE *out, const struct model *model)
{
    if (model->text_count == 0) {
        (void)fprintf(out, "%s\n", SAY("Nothing has been given out to read yet."));
    }
    for (uint16_t i = 0; i < model->text_count; i++) {
        const struct model_text *text = &model->texts[i];

        (void)fprintf(out, SAY("  /read %u  %s\n"), (unsigned)text->number, show_title(text));
    }
}

void show_tips(FILE *out, const struct model *model, const struct model_step *step)
{
    const struct model_phase *phase = step == NULL ? NULL : model_phase(model, step->phase);
    bool any = false;

    if (step == NULL && model->preparation[0] != '\0') {
        show_prose(out, model->preparation, "");
        any = true;
    }
    if (phase != NULL && phase->tip[0] != '\0') {
        (void)fprintf(out, "%s\n", phase->title);
        show_prose(out, phase->tip, "  ");
        any = true;
    }
    if (step != NULL && step->tip[0] != '\0') {
        char name[SHOW_NAME_BYTES];

        show_step_name(step, name);
        (void)fprintf(out, "%s\n", name);
        show_prose(out, step->tip, "  ");
        any = true;
    }
    if (!any) {
        (void)fprintf(out, "%s\n", SAY("There are no tips here."));
    }
}

/* ---- what people said ---- */

static void show_said(FILE *out, const struct model_said *said, const char *line)
{
    char clock[SHOW_CLOCK_BYTES];

    show_clock(said->time_ms, clock);
    (void)fprintf(out, "%s %s", clock, line);
    if (said->step > 0) {
        (void)fprintf(out, SAY(" (step %u)"), (unsigned)said->step);
    }
    (void)fputc('\n', out);
    show_text(out, said->trouble != NULL ? said->trouble : said->text, "  ");
}

void show_messages(FILE *out, const struct model *model)
{
    char line[SHOW_NAME_BYTES];

    if (model->message_count == 0) {
        (void)fprintf(out, "%s\n", SAY("There are no private messages."));
    }
    for (uint32_t i = 0; i < model->message_count; i++) {
        const struct model_said *message = &model->messages[i];

        if (message->mine) {
            (void)snprintf(line, sizeof line, SAY("from you to %s"), message->to_names);
        } else {
            (void)snprintf(line, sizeof line, SAY("from %s to you"), message->author_name);
        }
        show_said(out, message, line);
    }
}

void show_jottings(FILE *out, const struct model *model)
{
    if (model->jotting_count == 0) {
        (void)fprintf(out, "%s\n", SAY("You have no notes to yourself."));
    }
    for (uint32_t i = 0; i < model->jotting_count; i++) {
        show_said(out, &model->jottings[i], SAY("note to yourself"));
    }
}

void show_parked(FILE *out, const struct model *model)
{
    if (model->park_count == 0) {
        (void)fprintf(out, "%s\n", SAY("Nothing was kept for later."));
    }
    for (uint32_t i = 0; i < model->park_count; i++) {
        show_said(out, &model->parked[i], model->parked[i].author_name);
    }
}

/* What was read. Each thing stands once, behind what people said, under the number that the
 * steps refer to: numbered in the order in which it came up, so alike for everybody. */
#include <stdlib.h>

#include "client/export_private.h"
#include "client/literal.h"
#include "client/say.h"

bool export_is_read_apart(const struct model_step *step)
{
    return step->plan.form == FORM_READ && step->md[0] != '\0' && step->texts.count == 0;
}

static bool has_consequences(const struct model_step *step)
{
    for (uint16_t i = 0; i < step->option_count; i++) {
        if (step->options[i].consequence != NULL && step->options[i].consequence[0] != '\0') {
            return true;
        }
    }
    return step->after[0] != '\0';
}

/* ---- numbering ---- */

static size_t number_of(const struct transcript *transcript,
                        const struct export_reading *reading)
{
    for (size_t i = 0; i < transcript->reading_count; i++) {
        const struct export_reading *known = &transcript->readings[i];

        if (known->text == reading->text && known->step == reading->step &&
            known->consequences == reading->consequences) {
            return i + 1;
        }
    }
    return 0;
}

static void add(struct transcript *transcript, struct export_reading reading)
{
    if (number_of(transcript, &reading) == 0) {
        transcript->readings[transcript->reading_count++] = reading;
    }
}

/* Facilitators hold texts that nobody was given yet. */
static void add_texts(struct transcript *transcript, const struct model_texts *texts)
{
    for (uint16_t i = 0; i < texts->count; i++) {
        if (texts->at[i]->given) {
            add(transcript, (struct export_reading){.text = texts->at[i]});
        }
    }
}

void export_readings_gather(struct transcript *transcript)
{
    const struct model *model = transcript->model;
    size_t most = (size_t)model->text_count + 2 * (size_t)model->step_count;

    transcript->readings = calloc(most > 0 ? most : 1, sizeof *transcript->readings);
    if (transcript->readings == NULL) {
        transcript->status = STATUS_NOMEM;
        return;
    }
    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];

        if (!export_was_opened(step)) {
            continue;
        }
        if (export_is_read_apart(step)) {
            add(transcript, (struct export_reading){.step = step});
        }
        add_texts(transcript, &step->texts);
        add_texts(transcript, &step->beside);
        if (has_consequences(step)) {
            add(transcript, (struct export_reading){.step = step, .consequences = true});
        }
        if (step->explanation != NULL) {
            add(transcript, (struct export_reading){.text = step->explanation});
        }
    }
}

/* ---- referring to them ---- */

static const char *word_of(enum text_type type)
{
    switch (type) {
    case TEXT_LIST:
        return SAY("a list");
    case TEXT_EXPLANATION:
        return SAY("explanation");
    case TEXT_SCRIPT:
    case TEXT_WELCOME:
    case TEXT_CONCEPTS:
    case TEXT_GATE:
    case TEXT_PHASE:
    case TEXT_PROMPT:
    case TEXT_CONSEQUENCES:
    case TEXT_TIP:
    case TEXT_MATERIAL:
    case TEXT_BACKGROUND:
        break;
    }
    return SAY("to read");
}

static void put_title(struct transcript *transcript, const struct export_reading *reading)
{
    const struct model_text *text = reading->text;

    if (text != NULL && text->title[0] != '\0') {
        literal_line(transcript->out, text->title);
    } else if (text != NULL && !export_prose_title(transcript, text->md)) {
        (void)fputs(word_of(text->type), transcript->out);
    } else if (text == NULL && reading->consequences) {
        (void)fprintf(transcript->out, SAY("what follows at step %u"),
                      (unsigned)reading->step->number);
    } else if (text == NULL) {
        const char *title = reading->step->title;

        literal_line(transcript->out, title[0] != '\0' ? title : word_of(TEXT_MATERIAL));
    }
}

/* "text 4, Sketch" */
static void refer(struct transcript *transcript, const struct export_reading *reading)
{
    (void)fprintf(transcript->out, SAY("text %u"), (unsigned)number_of(transcript, reading));
    (void)fputs(", ", transcript->out);
    put_title(transcript, reading);
}

/* "*Beside it: text 2, Sketch; text 3, Questions"; the star that ends it is the caller's. */
static bool refer_texts(struct transcript *transcript, const char *label,
                        const struct model_texts *texts)
{
    bool any = false;

    for (uint16_t i = 0; i < texts->count; i++) {
        if (!texts->at[i]->given) {
            continue;
        }
        (void)fprintf(transcript->out, "%s%s", any ? "; " : "*", any ? "" : label);
        refer(transcript, &(struct export_reading){.text = texts->at[i]});
        any = true;
    }
    return any;
}

void export_readings_of_read(struct transcript *transcript, const struct model_step *step)
{
    const char *between = " (";

    if (export_is_read_apart(step)) {
        const struct export_reading own = {.step = step};

        (void)fputs(between, transcript->out);
        (void)fprintf(transcript->out, SAY("text %u"), (unsigned)number_of(transcript, &own));
        (void)fputc(')', transcript->out);
        return;
    }
    for (uint16_t i = 0; i < step->texts.count; i++) {
        const struct export_reading text = {.text = step->texts.at[i]};

        if (text.text->given) {
            (void)fputs(between, transcript->out);
            (void)fprintf(transcript->out, SAY("text %u"),
                          (unsigned)number_of(transcript, &text));
            between = ", ";
        }
    }
    if (between[0] == ',') {
        (void)fputc(')', transcript->out);
    }
}

void export_readings_before(struct transcript *transcript, const struct model_step *step)
{
    const char *label = SAY("Beside it: ");
    bool any = false;

    if (step->plan.form != FORM_READ &&
        refer_texts(transcript, SAY("Read here: "), &step->texts)) {
        (void)fputs("*\n\n", transcript->out);
    }
    any = refer_texts(transcript, label, &step->beside);
    for (uint16_t i = 0; i < step->beside_steps.count; i++) {
        (void)fprintf(transcript->out, "%s%s", any ? "; " : "*", any ? "" : label);
        (void)fprintf(transcript->out, SAY("what was shared at step %u"),
                      (unsigned)step->beside_steps.at[i]);
        any = true;
    }
    (void)fputs(any ? "*\n\n" : "", transcript->out);
}

void export_readings_after(struct transcript *transcript, const struct model_step *step)
{
    const struct export_reading follows = {.step = step, .consequences = true};
    bool any = has_consequences(step);

    if (!any && step->explanation == NULL) {
        return;
    }
    (void)fprintf(transcript->out, "*%s", SAY("Read afterwards: "));
    if (any) {
        refer(transcript, &follows);
    }
    if (step->explanation != NULL) {
        (void)fputs(any ? "; " : "", transcript->out);
        refer(transcript, &(struct export_reading){.text = step->explanation});
    }
    (void)fputs("*\n\n", transcript->out);
}

/* ---- in full ---- */

static void put_text(struct transcript *transcript, const struct model_text *text)
{
    if (text->trouble != NULL) {
        export_trouble(transcript, text->trouble);
        return;
    }
    for (uint16_t i = 0; i < text->lines.count; i++) {
        (void)fputs("- ", transcript->out);
        literal_line(transcript->out, text->lines.at[i]);
        (void)fputc('\n', transcript->out);
    }
    if (text->lines.count > 0) {
        (void)fputc('\n', transcript->out);
    }
    export_prose(transcript, text->md, text->title[0] != '\0' ? text->title : NULL, true);
}

static void put_consequences(struct transcript *transcript, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->option_count; i++) {
        const struct model_option *option = &step->options[i];

        if (option->consequence == NULL || option->consequence[0] == '\0') {
            continue;
        }
        (void)fputs("**", transcript->out);
        (void)fprintf(transcript->out, SAY("What follows from %u"), (unsigned)option->number);
        (void)fputs(" (", transcript->out);
        literal_line(transcript->out, option->label);
        (void)fputs(")**", transcript->out);
        export_preferred(transcript, option);
        (void)fputs("\n\n", transcript->out);
        export_prose(transcript, option->consequence, "", false);
    }
    if (step->after[0] != '\0') {
        (void)fprintf(transcript->out, "**%s**\n\n", SAY("And then:"));
        export_prose(transcript, step->after, "", false);
    }
}

void export_readings(struct transcript *transcript)
{
    if (transcript->reading_count == 0) {
        return;
    }
    export_heading(transcript, 2, SAY("What we read"));
    for (size_t i = 0; i < transcript->reading_count; i++) {
        const struct export_reading *reading = &transcript->readings[i];

        (void)fputs("### ", transcript->out);
        (void)fprintf(transcript->out, SAY("Text %u: "), (unsigned)(i + 1));
        put_title(transcript, reading);
        (void)fputs("\n\n", transcript->out);
        if (reading->text != NULL) {
            put_text(transcript, reading->text);
        } else if (reading->consequences) {
            put_consequences(transcript, reading->step);
        } else {
            export_prose(transcript, reading->step->md, reading->step->title, false);
        }
    }
}

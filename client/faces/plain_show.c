#include "client/faces/plain_show.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/faces/fields.h"
#include "client/markdown.h"
#include "client/say.h"
#include "client/words.h"
#include "client/wrap.h"
#include "common/text.h"

enum {
    LABEL_BYTES = 44,
    TITLE_BYTES = 244,
    STEP_BYTES = 40, /* what stands before a name: "step 1023, " in any language */
};

/* ---- text ---- */

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)};
}

void show_text(FILE *out, const char *text, const char *indent)
{
    if (wrap_print(out, text, indent, indent, WRAP_COLUMNS) != STATUS_OK) {
        (void)fprintf(out, "%s%s\n", indent, text); /* not set in lines, but there */
    }
}

void show_item(FILE *out, const char *text)
{
    if (wrap_print(out, text, "  - ", "    ", WRAP_COLUMNS) != STATUS_OK) {
        (void)fprintf(out, "  - %s\n", text);
    }
}

void show_prose(FILE *out, const char *md, const char *indent)
{
    struct markdown markdown;

    if (md[0] == '\0') {
        return;
    }
    if (markdown_read(bytes_of(md), &markdown) != STATUS_OK) {
        show_text(out, md, indent);
        return;
    }
    if (wrap_print_prose(out, &markdown, indent, WRAP_COLUMNS) != STATUS_OK) {
        show_text(out, md, indent);
    }
    markdown_finish(&markdown);
}

void show_clock(uint64_t time_ms, char out[SHOW_CLOCK_BYTES])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm local;

    if (localtime_r(&seconds, &local) == NULL ||
        strftime(out, SHOW_CLOCK_BYTES, "%H:%M", &local) == 0) {
        memcpy(out, "?", 2);
    }
}

static void show_reading_all(FILE *out, const struct markdown *markdown, const char *md)
{
    if (wrap_print_markdown(out, markdown, WRAP_COLUMNS) != STATUS_OK) {
        show_text(out, md, "");
    }
}

void show_reading(FILE *out, const struct model_text *text, uint16_t paragraph)
{
    struct markdown markdown;

    if (paragraph == 0) {
        (void)fprintf(out, "%s\n\n", text->title[0] != '\0' ? text->title : SAY("To read"));
    }
    if (text->trouble != NULL) {
        (void)fprintf(out, "%s\n", text->trouble);
        return;
    }
    for (uint16_t i = 0; i < text->lines.count; i++) {
        show_item(out, text->lines.at[i]);
    }
    if (text->md[0] == '\0' || markdown_read(bytes_of(text->md), &markdown) != STATUS_OK) {
        return;
    }
    if (paragraph == 0) {
        show_reading_all(out, &markdown, text->md);
    } else {
        const struct markdown_block *block = markdown_paragraph(&markdown, paragraph);

        if (block == NULL) {
            (void)fprintf(out, SAY("There is no paragraph %u in \"%s\".\n"),
                          (unsigned)paragraph, text->title);
        } else {
            const struct markdown one = {.blocks = &(struct markdown_block){0}, .count = 1};

            *one.blocks = *block;
            show_reading_all(out, &one, block->text);
        }
    }
    markdown_finish(&markdown);
}

/* ---- a step ---- */

const char *show_state_word(enum step_state state)
{
    switch (state) {
    case STEP_UNOPENED:
        return SAY("not opened yet");
    case STEP_OPEN:
        return SAY("open");
    case STEP_CLOSED:
        return SAY("closed");
    case STEP_RELEASED:
        return SAY("shared");
    case STEP_SKIPPED:
        return SAY("skipped");
    }
    return "";
}

static const char *work_word(enum work work)
{
    switch (work) {
    case WORK_INDIVIDUAL:
        return SAY("Everyone for themselves");
    case WORK_PAIRS:
        return SAY("In pairs");
    case WORK_GROUPS:
        return SAY("In subgroups");
    case WORK_PLENARY:
        return SAY("All together");
    }
    return "";
}

/* "question 3: Roles and expectations" */
static void name_of(const struct model_step *step, char out[SHOW_NAME_BYTES])
{
    char label[LABEL_BYTES];
    char title[TITLE_BYTES];

    text_cut(step->label, label, sizeof label);
    text_cut(step->title, title, sizeof title);
    (void)snprintf(out, SHOW_NAME_BYTES, "%s%s%s%s%s", words_of_form(step->plan.form),
                   label[0] != '\0' ? " " : "", label, title[0] != '\0' ? ": " : "", title);
}

void show_step_name(const struct model_step *step, char out[SHOW_NAME_BYTES])
{
    char name[SHOW_NAME_BYTES];

    name_of(step, name);
    (void)snprintf(out, SHOW_NAME_BYTES, SAY("step %u, %.*s"), (unsigned)step->number,
                   (int)text_prefix(name, SHOW_NAME_BYTES - STEP_BYTES), name);
}

/* How people work here, and how long; nothing of a step that is simply open. */
static void show_manner(FILE *out, const struct model_step *step)
{
    (void)fputs(work_word(step->plan.work), out);
    if (step->minutes > 0) {
        (void)fprintf(out, SAY(", about %u minutes"), (unsigned)step->minutes);
    }
    if (step->state != STEP_OPEN) {
        (void)fprintf(out, "; %s", show_state_word(step->state));
    }
    (void)fputs(".\n", out);
}

static void show_heading(FILE *out, const struct model_step *step)
{
    char name[SHOW_NAME_BYTES];

    if (step->section[0] != '\0') {
        (void)fprintf(out, "%s\n", step->section);
    }
    name_of(step, name);
    (void)fprintf(out, SAY("Step %u, %s\n"), (unsigned)step->number, name);
    show_manner(out, step);
}

static void show_items(FILE *out, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->item_count; i++) {
        const struct model_item *item = &step->items[i];

        if (item->md[0] != '\0') {
            if (item->label[0] != '\0') {
                (void)fprintf(out, "\n  %s\n", item->label);
            }
            show_prose(out, item->md, item->label[0] != '\0' ? "     " : "  ");
        }
    }
}

static void show_options(FILE *out, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->option_count; i++) {
        const struct model_option *option = &step->options[i];

        (void)fprintf(out, "\n  %u  %s\n", (unsigned)option->number, option->label);
        show_prose(out, option->md, "     ");
    }
    if (step->option_count > 0 && step->reason[0] != '\0') {
        (void)fputc('\n', out);
        show_text(out, step->reason, "  ");
    }
}

const char *show_title(const struct model_text *text)
{
    return text->title[0] != '\0' ? text->title : SAY("a list");
}

/* "Beside it: Situation (/read 12), Questions (/read 26)" */
static void show_beside(FILE *out, const struct model_texts *texts)
{
    char *line = NULL;
    size_t size = 0;
    FILE *memory = texts->count == 0 ? NULL : open_memstream(&line, &size);

    if (memory == NULL) {
        return;
    }
    for (uint16_t i = 0; i < texts->count; i++) {
        (void)fprintf(memory, SAY("%s%s (/read %u)"), i == 0 ? SAY("Beside it: ") : ", ",
                      show_title(texts->at[i]), (unsigned)texts->at[i]->number);
    }
    if (fclose(memory) == 0) {
        show_text(out, line, "");
    }
    free(line);
}

static void show_texts_at(FILE *out, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->texts.count; i++) {
        (void)fprintf(out,
                      SAY("To read here: %s. Enter, or /read, reads it; /done says that "
                          "you have.\n"),
                      step->texts.at[i]->title);
    }
    show_beside(out, &step->beside);
    for (uint16_t i = 0; i < step->beside_steps.count; i++) {
        (void)fprintf(out, SAY("What was shared at step %u lies beside it: /shared %u\n"),
                      (unsigned)step->beside_steps.at[i], (unsigned)step->beside_steps.at[i]);
    }
}

/* Who will see what one writes, when, and with which name; then how to write it. */
static void show_writing(FILE *out, const struct model *model, const struct model_step *step)
{
    enum fields_kind kind = fields_kind(model, step);

    if (kind == FIELDS_NONE) {
        return;
    }
    (void)fputc('\n', out);
    show_text(out, step->audience, "");
    if (step->plan.sharing == SHARING_NEVER && kind == FIELDS_ANSWER) {
        show_text(out, SAY("Type away; a line with only a full stop keeps it."), "");
    } else if (kind == FIELDS_ANSWER && fields_has_option(step)) {
        show_text(out,
                  SAY("Type the number of your option, then your reason. A line with only a "
                      "full stop sends it."),
                  "");
    } else if (kind == FIELDS_ANSWER && fields_count(step) > 1) {
        show_text(out,
                  SAY("Type your answer part by part. A line with only a full stop goes on to "
                      "the next part, and sends after the last one."),
                  "");
    } else {
        show_text(out, SAY("Type your answer; a line with only a full stop sends it."), "");
    }
}

static void show_asked_at(FILE *out, const struct model *model, const struct model_step *step)
{
    show_heading(out, step);
    if (!step->shown) {
        (void)fprintf(out, "%s\n", SAY("What is asked here is not shown yet."));
        return;
    }
    if (step->md[0] != '\0') {
        (void)fputc('\n', out);
        show_prose(out, step->md, "  ");
    }
    show_items(out, step);
    show_options(out, step);
    if (step->texts.count > 0 || step->beside.count > 0 || step->beside_steps.count > 0) {
        (void)fputc('\n', out);
        show_texts_at(out, step);
    }
    if (step->tip[0] != '\0') {
        (void)fprintf(out, "\n%s\n", SAY("Tip, only for you:"));
        show_prose(out, step->tip, "  ");
    }
    show_writing(out, model, step);
}

void show_step(FILE *out, const struct model *model, const struct model_step *step)
{
    const struct model_phase *phase = model_phase(model, step->phase);

    if (phase != NULL && phase->title[0] != '\0') {
        (void)fprintf(out, "%s\n", phase->title);
    }
    show_asked_at(out, model, step);
}

void show_phase(FILE *out, const struct model_phase *phase)
{
    (void)fprintf(out, "%s\n", phase->title);
    show_prose(out, phase->goal, "  ");
    if (phase->attention.count > 0) {
        (void)fprintf(out, "%s\n", SAY("To keep in mind:"));
    }
    for (uint16_t i = 0; i < phase->attention.count; i++) {
        show_item(out, phase->attention.at[i]);
    }
}

void show_first_step(FILE *out, const struct model *model, const struct model_step *step)
{
    const struct model_phase *phase = model_phase(model, step->phase);

    if (phase == NULL || (phase->goal[0] == '\0' && phase->attention.count == 0)) {
        show_step(out, model, step);
        return;
    }
    show_phase(out, phase);
    (void)fprintf(out, "%s\n\n", SAY("Again: /attention"));
    show_asked_at(out, model, step);
}

/* ---- one's own answer ---- */

void show_fields(FILE *out, const struct model_step *step, const char *const *fields,
                 uint16_t count, const char *indent)
{
    char deeper[32];
    char name[FIELDS_NAME_BYTES];
    bool named = fields_count(step) > 1;

    (void)snprintf(deeper, sizeof deeper, "%s%s", indent, named ? "  " : "");
    for (uint16_t i = 0; i < count; i++) {
        if (fields[i][0] == '\0') {
            continue;
        }
        if (named) {
            fields_name(step, FIELDS_ANSWER, i, name);
            (void)fprintf(out, "%s%s\n", indent, name);
        }
        show_text(out, fields[i], deeper);
    }
}

static const char *option_label(const struct model_step *step, uint16_t option)
{
    for (uint16_t i = 0; i < step->option_count; i++) {
        if (step->options[i].number == option) {
            return step->options[i].label;
        }
    }
    return "";
}

void show_mine(FILE *out, const struct model_step *step)
{
    const struct model_own *own = fields_own(step);
    char clock[SHOW_CLOCK_BYTES] = "";

    if (own == NULL || (own->state == ANSWER_NONE && !fields_any(own))) {
        (void)fprintf(out, SAY("You have written nothing at step %u.\n"),
                      (unsigned)step->number);
        return;
    }
    (void)fprintf(out, SAY("Your answer at step %u: %s"), (unsigned)step->number,
                  answer_state_word(own->state));
    if (own->saved_ms > 0) {
        show_clock(own->saved_ms, clock);
        (void)fprintf(out, " %s", clock);
    }
    (void)fputs("\n", out);
    if (own->option > 0) {
        (void)fprintf(out, "  %u  %s\n", (unsigned)own->option,
                      option_label(step, own->option));
    }
    show_fields(out, step, own->fields, own->field_count, "  ");
    if (own->draft_differs && own->state != ANSWER_TYPING && own->state != ANSWER_NOT_SENT) {
        show_text(
            out,
            step->state == STEP_OPEN
                ? SAY("You have typed something since that was not sent; a line with only "
                      "a full stop sends it.")
                : SAY("You have typed something since that was not sent."),
            "");
    }
    if (own->reason[0] != '\0') {
        show_text(out, own->reason, "");
    }
}

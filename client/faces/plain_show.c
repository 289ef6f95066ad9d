#include "client/faces/plain_show.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/faces/fields.h"
#include "client/markdown.h"
#include "client/say.h"
#include "client/words.h"
#include "client/wrap.h"

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
        return SAY("each alone");
    case WORK_PAIRS:
        return SAY("in pairs");
    case WORK_GROUPS:
        return SAY("in subgroups");
    case WORK_PLENARY:
        return SAY("all together");
    }
    return "";
}

/* "question 3: Roles and expectations" */
static void name_of(const struct model_step *step, char out[SHOW_NAME_BYTES])
{
    size_t used = (size_t)snprintf(out, SHOW_NAME_BYTES, "%s", words_of_form(step->plan.form));

    if (step->label[0] != '\0') {
        used += (size_t)snprintf(out + used, SHOW_NAME_BYTES - used, " %.40s", step->label);
    }
    if (step->title[0] != '\0') {
        (void)snprintf(out + used, SHOW_NAME_BYTES - used, ": %.240s", step->title);
    }
}

void show_step_name(const struct model_step *step, char out[SHOW_NAME_BYTES])
{
    char name[SHOW_NAME_BYTES];

    name_of(step, name);
    (void)snprintf(out, SHOW_NAME_BYTES, SAY("step %u, %.360s"), (unsigned)step->number, name);
}

static void show_heading(FILE *out, const struct model *model, const struct model_step *step)
{
    const struct model_phase *phase = model_phase(model, step->phase);
    char name[SHOW_NAME_BYTES];

    if (phase != NULL && phase->title[0] != '\0') {
        (void)fprintf(out, "%s\n", phase->title);
    }
    if (step->section[0] != '\0') {
        (void)fprintf(out, "%s\n", step->section);
    }
    name_of(step, name);
    (void)fprintf(out, SAY("Step %u, %s (%s, %s"), (unsigned)step->number, name,
                  work_word(step->plan.work), show_state_word(step->state));
    if (step->minutes > 0) {
        (void)fprintf(out, SAY(", %u minutes"), (unsigned)step->minutes);
    }
    (void)fputs(")\n", out);
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

static void show_texts_at(FILE *out, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->texts.count; i++) {
        (void)fprintf(out,
                      SAY("To read here: %s. Enter, or /read, reads it; /done says that "
                          "you have.\n"),
                      step->texts.at[i]->title);
    }
    for (uint16_t i = 0; i < step->beside.count; i++) {
        const struct model_text *text = step->beside.at[i];

        (void)fprintf(out, SAY("Lies beside it: %s. /read reading=%u reads it.\n"),
                      text->title[0] != '\0' ? text->title : SAY("a list"),
                      (unsigned)text->number);
    }
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
    if (kind == FIELDS_ANSWER && fields_has_option(step)) {
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

void show_step(FILE *out, const struct model *model, const struct model_step *step)
{
    show_heading(out, model, step);
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

/* ---- one's own answer ---- */

/* The texts of an answer under the names of their fields. */
static void show_fields(FILE *out, const struct model_step *step, const char *const *fields,
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
    if (own->draft_differs && own->state != ANSWER_TYPING) {
        show_text(out,
                  SAY("You have typed something since that was not sent; a line with only a "
                      "full stop sends it."),
                  "");
    }
    if (own->reason[0] != '\0') {
        show_text(out, own->reason, "");
    }
}

/* ---- what was shared ---- */

static void show_author(FILE *out, const struct model_answer *answer, const char *indent)
{
    (void)fprintf(out, "%s%s%s", indent,
                  answer->author == 0 ? SAY("somebody") : answer->author_name,
                  answer->mine ? SAY(" (you)") : "");
}

static void show_by_person(FILE *out, const struct model_step *step)
{
    for (uint32_t i = 0; i < step->answer_count; i++) {
        const struct model_answer *answer = &step->answers[i];

        (void)fputc('\n', out);
        show_author(out, answer, "");
        (void)fputs(":\n", out);
        if (answer->trouble != NULL) {
            show_text(out, answer->trouble, "  ");
        } else {
            show_fields(out, step, answer->fields, answer->field_count, "  ");
        }
    }
}

static void show_argument(FILE *out, const struct model_answer *answer)
{
    bool reason = answer->field_count > 0 && answer->fields[0][0] != '\0';

    show_author(out, answer, "     ");
    if (answer->trouble != NULL) {
        (void)fprintf(out, ": %s\n", answer->trouble);
    } else if (reason) {
        (void)fputs(":\n", out);
        show_text(out, answer->fields[0], "       ");
    } else {
        (void)fputc('\n', out);
    }
}

static void show_by_option(FILE *out, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->option_count; i++) {
        const struct model_option *option = &step->options[i];

        (void)fprintf(out, SAY("\n  %u  %s: chosen by %u of %u%s\n"), (unsigned)option->number,
                      option->label, (unsigned)option->tally, (unsigned)step->answer_count,
                      option->preferred ? SAY(" (the guide's choice)") : "");
        for (uint32_t k = 0; k < step->answer_count; k++) {
            if (step->answers[k].option == option->number) {
                show_argument(out, &step->answers[k]);
            }
        }
    }
    for (uint32_t k = 0; k < step->answer_count; k++) {
        if (step->answers[k].option == 0) { /* no choice, or not to be read */
            show_argument(out, &step->answers[k]);
        }
    }
}

static void show_consequence(FILE *out, const struct model_option *option, bool own)
{
    if (option->consequence == NULL || option->consequence[0] == '\0') {
        return;
    }
    (void)fprintf(out,
                  own ? SAY("\nWhat follows from your choice, %u (%s):\n")
                      : SAY("\nWhat follows from %u (%s):\n"),
                  (unsigned)option->number, option->label);
    show_prose(out, option->consequence, "  ");
}

/* One's own first, then the others. */
static void show_consequences(FILE *out, const struct model_step *step)
{
    uint16_t mine = 0;

    for (uint32_t i = 0; i < step->answer_count; i++) {
        mine = step->answers[i].mine ? step->answers[i].option : mine;
    }
    for (uint16_t i = 0; i < step->option_count; i++) {
        if (step->options[i].number == mine) {
            show_consequence(out, &step->options[i], true);
        }
    }
    for (uint16_t i = 0; i < step->option_count; i++) {
        if (step->options[i].number != mine) {
            show_consequence(out, &step->options[i], false);
        }
    }
    if (step->after[0] != '\0') {
        (void)fprintf(out, "\n%s\n", SAY("And then:"));
        show_prose(out, step->after, "  ");
    }
}

static void show_note(FILE *out, const struct model_step *step)
{
    const struct model_note *note;

    if (step->note_count > 0) {
        note = &step->notes[step->note_count - 1];
        (void)fprintf(out, SAY("\nWhat the group concludes, written by %s:\n"),
                      note->author_name);
        show_text(out, note->trouble != NULL ? note->trouble : note->text, "  ");
    }
    if (step->note_kept != NULL) {
        (void)fprintf(out, "\n%s\n",
                      SAY("Your version, which crossed with that one and was not kept:"));
        show_text(out, step->note_kept, "  ");
    }
}

static void show_reports_of(FILE *out, const struct model *model, const struct model_step *step)
{
    for (uint32_t i = 0; i < model->report_count; i++) {
        const struct model_said *report = &model->reports[i];

        if (report->step == step->number) {
            (void)fprintf(out, SAY("\n%s, who observed, reports:\n"), report->author_name);
            show_text(out, report->trouble != NULL ? report->trouble : report->text, "  ");
        }
    }
}

void show_shared(FILE *out, const struct model *model, const struct model_step *step)
{
    char name[SHOW_NAME_BYTES];

    show_step_name(step, name);
    if (step->state == STEP_RELEASED) {
        (void)fprintf(out, SAY("Shared at %s\nAnswers: %u\n"), name,
                      (unsigned)step->answer_count);
    } else {
        (void)fprintf(out, SAY("Nothing was shared yet at %s (%s).\n"), name,
                      show_state_word(step->state));
    }
    if (step->option_count > 0 && step->answer_count > 0) {
        show_by_option(out, step);
    } else {
        show_by_person(out, step);
    }
    show_consequences(out, step);
    show_note(out, step);
    show_reports_of(out, model, step);
    if (step->explanation != NULL) {
        (void)fprintf(out, "\n%s\n",
                      step->explanation->title[0] != '\0' ? step->explanation->title
                                                          : SAY("Explanation"));
        show_prose(out, step->explanation->md, "  ");
    }
}

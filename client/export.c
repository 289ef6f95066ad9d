#include "client/export.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "client/audience.h"
#include "client/literal.h"
#include "client/markdown.h"
#include "client/say.h"
#include "client/words.h"

/* ---- small pieces ---- */

static void put_date(FILE *out, uint64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    char text[32];

    if (localtime_r(&seconds, &tm) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d", &tm) > 0) {
        (void)fputs(text, out);
    }
}

static void put_time(FILE *out, uint64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    char text[32];

    if (localtime_r(&seconds, &tm) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm) > 0) {
        (void)fputs(text, out);
    }
}

static void put_heading(FILE *out, int depth, const char *title)
{
    (void)fprintf(out, "\n%.*s ", depth, "######");
    literal_line(out, title);
    (void)fputs("\n\n", out);
}

static void put_trouble(FILE *out, const char *trouble)
{
    (void)fputs("> *", out);
    literal_line(out, trouble);
    (void)fputs("*\n\n", out);
}

/* A guide's text, with the paragraph numbers people pointed at. */
static enum status put_markdown(FILE *out, const char *md)
{
    struct markdown markdown;
    enum status status = markdown_read(
        (struct bytes){.data = (const uint8_t *)md, .count = strlen(md)}, &markdown);

    if (status == STATUS_TOO_LONG) { /* too deep or too much to set: then as it stands */
        literal_lines(out, "", md);
        (void)fputc('\n', out);
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < markdown.count; i++) {
        const struct markdown_block *block = &markdown.blocks[i];

        if (block->kind == MARKDOWN_HEADING || block->kind == MARKDOWN_RULE) {
            (void)fputs("**", out);
            literal_line(out, block->text);
            (void)fputs("**\n\n", out);
            continue;
        }
        if (block->number > 0) {
            (void)fprintf(out, "\xc2\xb6%u ", (unsigned)block->number);
        }
        if (block->kind == MARKDOWN_ITEM) {
            (void)fputs("\xe2\x80\x93 ", out);
        }
        for (char *tab = strchr(block->text, '\t'); tab != NULL; tab = strchr(tab, '\t')) {
            *tab = '/'; /* cells of a row */
        }
        literal_line(out, block->text);
        (void)fputs("\n\n", out);
    }
    markdown_finish(&markdown);
    return STATUS_OK;
}

/* ---- the head of the report ---- */

static void put_row(FILE *out, const char *name, const char *value)
{
    if (value[0] == '\0') {
        return;
    }
    (void)fprintf(out, "| %s | ", name);
    literal_line(out, value);
    (void)fputs(" |\n", out);
}

static void put_head(FILE *out, const struct model *model)
{
    (void)fputs("# ", out);
    literal_line(out, model->title[0] != '\0' ? model->title : model->guide_title);
    (void)fprintf(
        out, "\n\n*%s*\n\n| | |\n|---|---|\n",
        SAY("Confidential. Working notes of a case discussion; not part of a client's "
            "file."));
    put_row(out, SAY("Guide"), model->guide_title);
    put_row(out, SAY("Case"), model->case_title);
    (void)fprintf(out, "| %s | ", SAY("Date"));
    put_time(out, model->created_ms);
    (void)fprintf(out, " |\n| %s | ", SAY("Kept until"));
    put_date(out, model->retention_ms);
    (void)fprintf(out, " |\n| %s | ", SAY("Transcript of"));
    literal_line(out, model->name);
    (void)fprintf(out, ", %s |\n", words_of_role(model->role));
    put_row(out, SAY("Source"), model->guide_source);
}

static void put_people(FILE *out, const struct model *model)
{
    put_heading(out, 2, SAY("In the circle"));
    (void)fprintf(out, "| %s | %s | %s |\n|---|---|---|\n", SAY("Name"), SAY("Role"),
                  SAY("Joined"));
    for (uint16_t i = 0; i < model->member_count; i++) {
        const struct model_member *member = &model->members[i];

        if (member->admitted_ms == 0) {
            continue; /* never let in */
        }
        (void)fputs("| ", out);
        literal_line(out, member->name);
        (void)fprintf(out, " | %s | ", words_of_role(member->role));
        put_time(out, member->joined_ms);
        (void)fputs(" |\n", out);
    }
}

/* ---- one step ---- */

static void put_answer_fields(FILE *out, const struct model_step *step, uint16_t count,
                              const char *const *fields)
{
    for (uint16_t i = 0; i < count; i++) {
        if (fields[i][0] == '\0') {
            continue;
        }
        if (count > 1 && i < step->item_count && step->items[i].label[0] != '\0') {
            (void)fputs("> ", out);
            literal_line(out, step->items[i].label);
            (void)fputs(")\n>\n", out);
        }
        literal_lines(out, "> ", fields[i]);
        (void)fputs(">\n", out);
    }
}

static void put_answer(FILE *out, const struct model_step *step,
                       const struct model_answer *answer)
{
    if (answer->left_out) {
        return;
    }
    (void)fputs("**", out);
    literal_line(out, answer->author == 0 ? SAY("no name shown") : answer->author_name);
    (void)fputs("**", out);
    if (answer->option > 0 && answer->option <= step->option_count) {
        (void)fputs(": ", out);
        literal_line(out, step->options[answer->option - 1].label);
    }
    (void)fputs("\n\n", out);
    if (answer->trouble != NULL) {
        put_trouble(out, answer->trouble);
        return;
    }
    put_answer_fields(out, step, answer->field_count, (const char *const *)answer->fields);
    (void)fputc('\n', out);
}

static enum status put_options(FILE *out, const struct model_step *step, bool released)
{
    enum status status = STATUS_OK;

    if (step->option_count == 0) {
        return STATUS_OK;
    }
    if (released) {
        (void)fprintf(out, "| %s | %s |\n|---|---|\n", SAY("Option"), SAY("Chosen by"));
    }
    for (uint16_t i = 0; i < step->option_count; i++) {
        const struct model_option *option = &step->options[i];

        if (released) {
            (void)fprintf(out, "| %u. ", (unsigned)option->number);
            literal_line(out, option->label);
            (void)fprintf(out, " | %u |\n", (unsigned)option->tally);
        } else {
            (void)fprintf(out, "%u. ", (unsigned)option->number);
            literal_line(out, option->label);
            (void)fputc('\n', out);
        }
    }
    (void)fputc('\n', out);
    for (uint16_t i = 0; i < step->option_count && status == STATUS_OK; i++) {
        const struct model_option *option = &step->options[i];

        if (option->consequence != NULL && option->consequence[0] != '\0') {
            (void)fprintf(out, "**%s: ", SAY("If you choose"));
            literal_line(out, option->label);
            (void)fprintf(out, "**%s\n\n", option->preferred ? SAY(" (preferred)") : "");
            status = put_markdown(out, option->consequence);
        }
    }
    return status;
}

static void put_own(FILE *out, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->own_count; i++) {
        const struct model_own *own = &step->own[i];

        if (own->state == ANSWER_NONE || own->state == ANSWER_SHARED) {
            continue; /* shared ones stand among the answers */
        }
        (void)fprintf(out, "**%s** (%s)\n\n", SAY("Only in your transcript: your own answer"),
                      answer_state_word(own->state));
        if (own->option > 0 && own->option <= step->option_count) {
            literal_lines(out, "> ", step->options[own->option - 1].label);
            (void)fputs(">\n", out);
        }
        put_answer_fields(out, step, own->field_count, (const char *const *)own->fields);
        (void)fputc('\n', out);
    }
}

static void put_notes(FILE *out, const struct model_step *step)
{
    const struct model_note *note;

    if (step->note_count == 0) {
        return;
    }
    note = &step->notes[step->note_count - 1];
    (void)fprintf(out, "**%s**\n\n", SAY("What the group concluded"));
    if (note->trouble != NULL) {
        put_trouble(out, note->trouble);
        return;
    }
    literal_lines(out, "> ", note->text);
    (void)fputc('\n', out);
}

static void put_reports(FILE *out, const struct model *model, uint16_t step)
{
    for (uint32_t i = 0; i < model->report_count; i++) {
        const struct model_said *report = &model->reports[i];

        if (report->step != step) {
            continue;
        }
        (void)fprintf(out, "**%s: ", SAY("Report of the observer"));
        literal_line(out, report->author_name);
        (void)fputs("**\n\n", out);
        if (report->trouble != NULL) {
            put_trouble(out, report->trouble);
        } else {
            literal_lines(out, "> ", report->text);
            (void)fputc('\n', out);
        }
    }
}

static void put_step_title(FILE *out, const struct model_step *step)
{
    char title[512];
    const char *name = step->title[0] != '\0' ? step->title : words_of_form(step->plan.form);

    if (step->label[0] != '\0') {
        (void)snprintf(title, sizeof title, "%s. %s", step->label, name);
    } else {
        (void)snprintf(title, sizeof title, "%s", name);
    }
    put_heading(out, 3, title);
    (void)fprintf(out, "*%s, %s*\n\n", words_of_form(step->plan.form),
                  audience_in_short(&step->plan));
}

static enum status put_step_texts(FILE *out, const struct model_step *step)
{
    enum status status = put_markdown(out, step->md);

    for (uint16_t i = 0; i < step->item_count && status == STATUS_OK; i++) {
        if (step->items[i].md[0] == '\0') {
            continue;
        }
        if (step->items[i].label[0] != '\0') {
            literal_line(out, step->items[i].label);
            (void)fputs(") ", out);
        }
        literal_line(out, step->items[i].md);
        (void)fputs("\n\n", out);
    }
    for (uint16_t i = 0; i < step->texts.count && status == STATUS_OK; i++) {
        status = put_markdown(out, step->texts.at[i]->md);
    }
    return status;
}

static enum status put_step(FILE *out, const struct model *model, const struct model_step *step)
{
    bool released = step->state == STEP_RELEASED;
    enum status status;

    put_step_title(out, step);
    status = put_step_texts(out, step);
    if (status == STATUS_OK) {
        status = put_options(out, step, released);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (uint32_t i = 0; i < step->answer_count; i++) {
        put_answer(out, step, &step->answers[i]);
    }
    put_own(out, step);
    put_notes(out, step);
    put_reports(out, model, step->number);
    if (step->after != NULL && step->after[0] != '\0') {
        status = put_markdown(out, step->after);
    }
    if (status == STATUS_OK && step->explanation != NULL) {
        (void)fprintf(out, "**%s**\n\n", SAY("Explanation"));
        status = put_markdown(out, step->explanation->md);
    }
    return status;
}

/* ---- the whole ---- */

static enum status put_phases(FILE *out, const struct model *model)
{
    uint16_t phase = 0;

    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];
        enum status status;

        if (!step->shown || step->state == STEP_UNOPENED || step->state == STEP_SKIPPED) {
            continue;
        }
        if (step->phase != phase) {
            const struct model_phase *shown = model_phase(model, step->phase);

            phase = step->phase;
            if (shown != NULL && shown->title[0] != '\0') {
                put_heading(out, 2, shown->title);
            }
        }
        status = put_step(out, model, step);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static void put_said(FILE *out, const char *heading, const struct model_said *said,
                     uint32_t count)
{
    if (count == 0) {
        return;
    }
    put_heading(out, 2, heading);
    for (uint32_t i = 0; i < count; i++) {
        (void)fputs("**", out);
        literal_line(out, said[i].author_name);
        (void)fputs("**", out);
        if (said[i].to_names[0] != '\0') {
            (void)fprintf(out, " %s ", SAY("to"));
            literal_line(out, said[i].to_names);
        }
        (void)fputs("\n\n", out);
        if (said[i].trouble != NULL) {
            put_trouble(out, said[i].trouble);
        } else {
            literal_lines(out, "> ", said[i].text);
            (void)fputc('\n', out);
        }
    }
}

static void put_commitment(FILE *out, const char *name, uint16_t count,
                           const char *const *fields)
{
    (void)fputs("| ", out);
    literal_line(out, name);
    (void)fputs(" | ", out);
    literal_line(out, count > 0 ? fields[0] : "");
    (void)fputs(" | ", out);
    literal_line(out, count > 1 ? fields[1] : "");
    (void)fputs(" |\n", out);
}

/* Commitments once more, together: what the follow-up will ask about. */
static void put_commitments(FILE *out, const struct model *model)
{
    bool any = false;

    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];

        if (step->plan.form != FORM_COMMITMENT) {
            continue;
        }
        for (uint32_t j = 0; j < step->answer_count; j++) {
            const struct model_answer *answer = &step->answers[j];

            if (answer->left_out || answer->trouble != NULL) {
                continue;
            }
            if (!any) {
                put_heading(out, 2, SAY("Commitments"));
                (void)fprintf(out, "| %s | %s | %s |\n|---|---|---|\n", SAY("Who"), SAY("What"),
                              SAY("By when"));
                any = true;
            }
            put_commitment(out, answer->author_name, answer->field_count,
                           (const char *const *)answer->fields);
        }
    }
}

static void put_agreements(FILE *out, const struct model *model)
{
    if (model->agreement_count == 0) {
        return;
    }
    put_heading(out, 2, SAY("Agreements"));
    (void)fprintf(out, "| %s | %s | %s | %s |\n|---|---|---|---|\n", SAY("What"), SAY("Owner"),
                  SAY("By when"), SAY("Process it changes"));
    for (uint32_t i = 0; i < model->agreement_count; i++) {
        const struct model_agreement *agreement = &model->agreements[i];
        const char *cells[] = {agreement->text, agreement->owner, agreement->by_when,
                               agreement->process};

        for (size_t j = 0; j < sizeof cells / sizeof cells[0]; j++) {
            (void)fputs("| ", out);
            literal_line(out, cells[j]);
            (void)fputc(' ', out);
        }
        (void)fputs("|\n", out);
    }
}

enum status export_markdown(const struct model *model, FILE *out)
{
    enum status status;

    put_head(out, model);
    put_people(out, model);
    status = put_phases(out, model);
    if (status != STATUS_OK) {
        return status;
    }
    put_said(out, SAY("Kept for later"), model->parked, model->park_count);
    put_said(out, SAY("Only in your transcript: private messages"), model->messages,
             model->message_count);
    put_said(out, SAY("Only in your transcript: notes to yourself"), model->jottings,
             model->jotting_count);
    put_commitments(out, model);
    put_agreements(out, model);
    if (fflush(out) != 0 || ferror(out) != 0) {
        return errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO;
    }
    return STATUS_OK;
}

#include "client/export.h"

#include <errno.h>
#include <stdlib.h>

#include "client/export_private.h"
#include "client/literal.h"
#include "client/say.h"

/* ---- the steps, by phase ---- */

static void put_phases(struct transcript *transcript)
{
    const struct model *model = transcript->model;
    uint16_t phase = 0;

    for (uint16_t i = 0; i < model->step_count; i++) {
        const struct model_step *step = &model->steps[i];
        const struct model_phase *shown = model_phase(model, step->phase);

        if (!export_was_opened(step)) {
            continue;
        }
        if (step->phase != phase && shown != NULL && shown->title[0] != '\0') {
            export_heading(transcript, 3, shown->title);
            phase = step->phase;
        }
        export_step(transcript, step);
    }
}

/* ---- what the follow-up will ask about ---- */

static void put_cell(struct transcript *transcript, const char *text)
{
    (void)fputc(' ', transcript->out);
    literal_line(transcript->out, text);
    (void)fputs(" |", transcript->out);
}

static void put_commitment(struct transcript *transcript, const struct model_answer *answer)
{
    (void)fputs("| ", transcript->out);
    export_name(transcript, answer->author,
                answer->author == 0 ? SAY("no name shown") : answer->author_name);
    (void)fputs(" |", transcript->out);
    put_cell(transcript, answer->field_count > 0 ? answer->fields[0] : "");
    put_cell(transcript, answer->field_count > 1 ? answer->fields[1] : "");
    (void)fputc('\n', transcript->out);
}

/* Commitments once more, together. */
static void put_commitments(struct transcript *transcript)
{
    bool any = false;

    for (uint16_t i = 0; i < transcript->model->step_count; i++) {
        const struct model_step *step = &transcript->model->steps[i];

        for (uint32_t j = 0; j < step->answer_count && step->plan.form == FORM_COMMITMENT;
             j++) {
            const struct model_answer *answer = &step->answers[j];

            if (answer->left_out || answer->trouble != NULL) {
                continue;
            }
            if (!any) {
                export_heading(transcript, 3, SAY("Commitments"));
                (void)fprintf(transcript->out, "| %s | %s | %s |\n|---|---|---|\n", SAY("Who"),
                              SAY("What"), SAY("By when"));
                any = true;
            }
            put_commitment(transcript, answer);
        }
    }
    (void)fputs(any ? "\n" : "", transcript->out);
}

static void put_agreements(struct transcript *transcript)
{
    const struct model *model = transcript->model;

    if (model->agreement_count == 0) {
        return;
    }
    export_heading(transcript, 3, SAY("Agreements"));
    (void)fprintf(transcript->out, "| %s | %s | %s | %s |\n|---|---|---|---|\n", SAY("What"),
                  SAY("Owner"), SAY("By when"), SAY("Process it changes"));
    for (uint32_t i = 0; i < model->agreement_count; i++) {
        const struct model_agreement *agreement = &model->agreements[i];

        (void)fputc('|', transcript->out);
        put_cell(transcript, agreement->trouble != NULL ? agreement->trouble : agreement->text);
        put_cell(transcript, agreement->owner);
        put_cell(transcript, agreement->by_when);
        put_cell(transcript, agreement->process);
        (void)fputc('\n', transcript->out);
    }
    (void)fputc('\n', transcript->out);
}

/* ---- the whole ---- */

static uint64_t began_ms(const struct model *model)
{
    uint64_t first_ms = 0;

    for (uint16_t i = 0; i < model->step_count; i++) {
        uint64_t opened_ms = model->steps[i].opened_ms;

        if (opened_ms > 0 && (first_ms == 0 || opened_ms < first_ms)) {
            first_ms = opened_ms;
        }
    }
    return first_ms > 0 ? first_ms : model->created_ms;
}

enum status export_markdown(const struct model *model, FILE *out)
{
    struct transcript transcript = {
        .out = out, .model = model, .status = STATUS_OK, .began_ms = began_ms(model)};

    export_readings_gather(&transcript);
    if (transcript.status != STATUS_OK) {
        return transcript.status;
    }
    export_head(&transcript);
    export_heading(&transcript, 2, SAY("What we said"));
    put_phases(&transcript);
    export_stray_reports(&transcript);
    export_parked(&transcript);
    put_commitments(&transcript);
    put_agreements(&transcript);
    export_own_things(&transcript);
    export_readings(&transcript);
    free(transcript.readings);
    if (transcript.status == STATUS_OK && (fflush(out) != 0 || ferror(out) != 0)) {
        return errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO;
    }
    return transcript.status;
}

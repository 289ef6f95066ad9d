/* What the group concluded, and what the observer reported. */
#include <string.h>

#include "client/export_private.h"
#include "client/say.h"

static void put_note(struct transcript *transcript, const struct model_note *note)
{
    if (note->trouble != NULL) {
        export_trouble(transcript, note->trouble);
    } else {
        export_quote(transcript, note->text);
    }
}

/* Each version replaces the one before it, and nothing of it is lost where it goes on in the
 * next one, or its own writer changed it. */
static bool is_taken_up(const struct model_note *note, const struct model_note *next)
{
    return note->trouble == NULL && next->trouble == NULL &&
           strstr(next->text, note->text) != NULL;
}

static void put_replaced(struct transcript *transcript, const struct model_note *note)
{
    (void)fprintf(transcript->out, "**%s ", SAY("Replaced, written by"));
    export_name(transcript, note->author, note->author_name);
    (void)fputs(", ", transcript->out);
    export_time(transcript, note->time_ms);
    (void)fputs("**\n\n", transcript->out);
    put_note(transcript, note);
}

void export_notes(struct transcript *transcript, const struct model_step *step)
{
    bool changed = false;

    if (step->note_count > 0) {
        const struct model_note *note = &step->notes[step->note_count - 1];

        (void)fprintf(transcript->out, "**%s** (", SAY("What the group concluded"));
        export_name(transcript, note->author, note->author_name);
        (void)fputs(", ", transcript->out);
        export_time(transcript, note->time_ms);
        (void)fputs(")\n\n", transcript->out);
        put_note(transcript, note);
    }
    for (uint32_t i = step->note_count; i > 1; i--) {
        const struct model_note *note = &step->notes[i - 2];
        const struct model_note *next = &step->notes[i - 1];

        if (is_taken_up(note, next)) {
            continue;
        }
        if (note->author != next->author || next->trouble != NULL) {
            put_replaced(transcript, note);
        } else {
            changed = true;
        }
    }
    if (changed) {
        (void)fprintf(transcript->out, "*%s*\n\n",
                      SAY("An earlier version was replaced by whoever wrote it."));
    }
    if (step->note_kept != NULL) {
        (void)fprintf(transcript->out, "**%s**\n\n",
                      SAY("Only in your transcript: your version, which crossed with that one "
                          "and was not kept"));
        export_quote(transcript, step->note_kept);
    }
}

static void put_report(struct transcript *transcript, const struct model_said *report)
{
    (void)fprintf(transcript->out, "**%s: ", SAY("Report of the observer"));
    export_name(transcript, report->author, report->author_name);
    (void)fputs(", ", transcript->out);
    export_time(transcript, report->time_ms);
    (void)fputs("**\n\n", transcript->out);
    if (report->trouble != NULL) {
        export_trouble(transcript, report->trouble);
    } else {
        export_quote(transcript, report->text);
    }
}

void export_reports(struct transcript *transcript, const struct model_step *step)
{
    for (uint32_t i = 0; i < transcript->model->report_count; i++) {
        if (transcript->model->reports[i].step == step->number) {
            put_report(transcript, &transcript->model->reports[i]);
        }
    }
}

/* Those of no step that stands above: none is lost. */
void export_stray_reports(struct transcript *transcript)
{
    bool any = false;

    for (uint32_t i = 0; i < transcript->model->report_count; i++) {
        const struct model_said *report = &transcript->model->reports[i];
        const struct model_step *step = model_step(transcript->model, report->step);

        if (step != NULL && export_was_opened(step)) {
            continue;
        }
        if (!any) {
            export_heading(transcript, 3, SAY("Reports"));
        }
        any = true;
        put_report(transcript, report);
    }
}

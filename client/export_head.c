/* The head of a transcript, and who was there. */
#include "client/export_private.h"
#include "client/literal.h"
#include "client/say.h"
#include "client/words.h"

static void put_row(struct transcript *transcript, const char *name, const char *value)
{
    if (value[0] == '\0') {
        return;
    }
    (void)fprintf(transcript->out, "| %s | ", name);
    literal_line(transcript->out, value);
    (void)fputs(" |\n", transcript->out);
}

static bool has_begun(const struct model *model)
{
    for (uint16_t i = 0; i < model->step_count; i++) {
        if (model->steps[i].opened_ms > 0) {
            return true;
        }
    }
    return false;
}

static void put_times(struct transcript *transcript)
{
    const struct model *model = transcript->model;

    (void)fprintf(transcript->out, "| %s | ", SAY("Date"));
    export_day(transcript, transcript->began_ms);
    (void)fprintf(transcript->out, " |\n| %s | ", SAY("Began"));
    if (has_begun(model)) {
        export_time(transcript, transcript->began_ms);
    } else {
        (void)fputs(SAY("not yet"), transcript->out);
    }
    (void)fprintf(transcript->out, " |\n| %s | ", SAY("Ended"));
    if (model->ended_ms > 0) {
        export_time(transcript, model->ended_ms);
    } else {
        (void)fputs(SAY("not ended yet"), transcript->out);
    }
    (void)fprintf(transcript->out, " |\n| %s | ", SAY("Kept until"));
    export_day(transcript, model->retention_ms);
    (void)fputs(" |\n", transcript->out);
}

/* ---- who was there ---- */

static void put_people(struct transcript *transcript)
{
    const struct model *model = transcript->model;

    export_heading(transcript, 2, SAY("In the circle"));
    (void)fprintf(transcript->out, "| %s | %s | %s |\n|---|---|---|\n", SAY("Name"),
                  SAY("Role"), SAY("Joined"));
    for (uint16_t i = 0; i < model->member_count; i++) {
        const struct model_member *member = &model->members[i];

        if (member->admitted_ms == 0) {
            continue; /* never let in */
        }
        (void)fputs("| ", transcript->out);
        export_name(transcript, member->number, member->name);
        (void)fprintf(transcript->out, " | %s | ", words_of_role(member->role));
        export_time(transcript, member->joined_ms);
        (void)fputs(" |\n", transcript->out);
    }
    (void)fputc('\n', transcript->out);
}

void export_head(struct transcript *transcript)
{
    const struct model *model = transcript->model;

    export_heading(transcript, 1, model->title[0] != '\0' ? model->title : model->guide_title);
    (void)fprintf(transcript->out, "*%s*\n\n| | |\n|---|---|\n",
                  SAY("Confidential. Working notes of a case discussion; not part of a "
                      "client's file."));
    put_row(transcript, SAY("Guide"), model->guide_title);
    put_row(transcript, SAY("Case"), model->case_title);
    put_times(transcript);
    (void)fprintf(transcript->out, "| %s | ", SAY("Transcript of"));
    export_name(transcript, model->me, model->name);
    (void)fprintf(transcript->out, ", %s |\n", words_of_role(model->role));
    put_row(transcript, SAY("Source"), model->guide_source);
    (void)fputc('\n', transcript->out);
    put_people(transcript);
}

/* What was said beside the steps: remarks for later, private messages, notes to oneself. */
#include "client/export_private.h"
#include "client/say.h"

/* "12:31, step 5: Olga to Bram" */
static void put_line(struct transcript *transcript, const struct model_said *said, bool named)
{
    (void)fputs("**", transcript->out);
    export_time(transcript, said->time_ms);
    if (said->step > 0) {
        (void)fprintf(transcript->out, SAY(", step %u"), (unsigned)said->step);
    }
    if (named) {
        (void)fputs(": ", transcript->out);
        export_name(transcript, said->author, said->author_name);
    }
    for (uint8_t i = 0; i < said->to_count; i++) {
        (void)fprintf(transcript->out, "%s ", i == 0 ? SAY(" to") : ",");
        export_name(transcript, said->to[i], said->to_names);
    }
    (void)fputs("**\n\n", transcript->out);
}

static void put_all(struct transcript *transcript, const char *heading,
                    const struct model_said *said, uint32_t count, bool named)
{
    if (count > 0) {
        export_heading(transcript, 3, heading);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_line(transcript, &said[i], named);
        if (said[i].trouble != NULL) {
            export_trouble(transcript, said[i].trouble);
        } else {
            export_quote(transcript, said[i].text);
        }
    }
}

void export_parked(struct transcript *transcript)
{
    put_all(transcript, SAY("Kept for later"), transcript->model->parked,
            transcript->model->park_count, true);
}

void export_own_things(struct transcript *transcript)
{
    const struct model *model = transcript->model;

    if (model->message_count == 0 && model->jotting_count == 0) {
        return;
    }
    export_heading(transcript, 2, SAY("Only in your transcript"));
    put_all(transcript, SAY("Private messages"), model->messages, model->message_count, true);
    put_all(transcript, SAY("Notes to yourself"), model->jottings, model->jotting_count, false);
}

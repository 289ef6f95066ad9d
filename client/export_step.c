/* A step of a transcript: what was asked, how, and what people answered. */
#include "client/audience.h"
#include "client/export_private.h"
#include "client/literal.h"
#include "client/say.h"
#include "client/words.h"

bool export_was_opened(const struct model_step *step)
{
    switch (step->state) {
    case STEP_UNOPENED:
    case STEP_SKIPPED:
        return false;
    case STEP_OPEN:
    case STEP_CLOSED:
    case STEP_RELEASED:
        return true;
    }
    return false;
}

/* ---- what was asked ---- */

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

void export_step_name(struct transcript *transcript, const struct model_step *step)
{
    (void)fprintf(transcript->out, SAY("Step %u"), (unsigned)step->number);
    (void)fprintf(transcript->out, " \xc2\xb7 %s", words_of_form(step->plan.form));
    if (step->label[0] != '\0') {
        (void)fputc(' ', transcript->out);
        literal_line(transcript->out, step->label);
    }
    if (step->title[0] != '\0') {
        (void)fputs(": ", transcript->out);
        literal_line(transcript->out, step->title);
    }
}

static void put_items(struct transcript *transcript, const struct model_step *step)
{
    bool any = false;

    for (uint16_t i = 0; i < step->item_count; i++) {
        const struct model_item *item = &step->items[i];

        if (item->md[0] == '\0' ||
            (step->plan.form == FORM_COMMITMENT && item->label[0] == '\0')) {
            continue; /* nothing asked, or what every commitment asks */
        }
        (void)fputs(any ? "  \n" : "", transcript->out);
        any = true;
        if (item->label[0] != '\0') {
            (void)fputs("**", transcript->out);
            literal_line(transcript->out, item->label);
            (void)fputs("** ", transcript->out);
        }
        export_prose_line(transcript, item->md);
    }
    (void)fputs(any ? "\n\n" : "", transcript->out);
}

/* The labels alone stand in the tally later; what options say at length stands here. */
static void put_options(struct transcript *transcript, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->option_count; i++) {
        const struct model_option *option = &step->options[i];

        if (step->state == STEP_RELEASED && option->md[0] == '\0') {
            continue;
        }
        (void)fprintf(transcript->out, "**%u. ", (unsigned)option->number);
        literal_line(transcript->out, option->label);
        (void)fputs("**\n\n", transcript->out);
        export_prose(transcript, option->md, "", false);
    }
    if (step->option_count > 0 && step->reason[0] != '\0') {
        export_prose(transcript, step->reason, "", false);
    }
}

static void put_question(struct transcript *transcript, const struct model_step *step)
{
    if (!step->shown) {
        (void)fprintf(transcript->out, "*%s*\n\n", SAY("What was asked here cannot be read."));
        return;
    }
    if (!export_is_read_apart(step)) {
        export_prose(transcript, step->md, step->title, false);
    }
    put_items(transcript, step);
    put_options(transcript, step);
    export_readings_before(transcript, step);
}

/* ---- what was answered ---- */

/* What somebody will do goes without saying that it is that. */
static bool is_sentence(const struct model_step *step, uint16_t field)
{
    return step->plan.form == FORM_COMMITMENT && field == 0 &&
           (step->item_count == 0 || step->items[0].label[0] == '\0');
}

static void put_field_name(struct transcript *transcript, const struct model_step *step,
                           uint16_t field)
{
    const struct model_item *item = field < step->item_count ? &step->items[field] : NULL;

    (void)fputs("**", transcript->out);
    if (item != NULL && item->label[0] != '\0') {
        literal_line(transcript->out, item->label);
    } else if (step->plan.form == FORM_COMMITMENT) {
        (void)fputs(SAY("by when"), transcript->out);
    } else if (item != NULL && item->md[0] != '\0') {
        export_prose_line(transcript, item->md);
    } else {
        (void)fprintf(transcript->out, "%u", (unsigned)field + 1);
    }
    (void)fputs("** ", transcript->out);
}

/* The parts of an answer in one flow. */
static void put_fields(struct transcript *transcript, const struct model_step *step,
                       uint16_t count, const char *const *fields)
{
    bool any = false;

    for (uint16_t i = 0; i < count; i++) {
        if (fields[i][0] == '\0') {
            continue;
        }
        (void)fputs(any ? "  \n> " : "> ", transcript->out);
        any = true;
        if (count > 1 && !is_sentence(step, i)) {
            put_field_name(transcript, step, i);
        }
        literal_lines_on(transcript->out, "> ", fields[i]);
    }
    (void)fputs(any ? "\n\n" : "", transcript->out);
}

static void put_option(struct transcript *transcript, const struct model_step *step,
                       uint16_t option)
{
    if (option >= 1 && option <= step->option_count) {
        (void)fprintf(transcript->out, "%u, ", (unsigned)option);
        literal_line(transcript->out, step->options[option - 1].label);
    }
}

static void put_answer(struct transcript *transcript, const struct model_step *step,
                       const struct model_answer *answer)
{
    if (answer->left_out) {
        return;
    }
    (void)fputs("**", transcript->out);
    export_name(transcript, answer->author,
                answer->author == 0 ? SAY("no name shown") : answer->author_name);
    (void)fputs(answer->option > 0 ? "**: " : "**", transcript->out);
    put_option(transcript, step, answer->option);
    (void)fputs("\n\n", transcript->out);
    if (answer->trouble != NULL) {
        export_trouble(transcript, answer->trouble);
        return;
    }
    put_fields(transcript, step, answer->field_count, (const char *const *)answer->fields);
}

static void put_tally(struct transcript *transcript, const struct model_step *step)
{
    (void)fprintf(transcript->out, "| | %s | %s |\n|---|---|---|\n", SAY("Option"),
                  SAY("Chosen by"));
    for (uint16_t i = 0; i < step->option_count; i++) {
        const struct model_option *option = &step->options[i];

        (void)fprintf(transcript->out, "| %u | ", (unsigned)option->number);
        literal_line(transcript->out, option->label);
        export_preferred(transcript, option);
        (void)fputs(" | ", transcript->out);
        (void)fprintf(transcript->out, SAY("%u of %u"), (unsigned)option->tally,
                      (unsigned)step->answer_count);
        (void)fputs(" |\n", transcript->out);
    }
    (void)fputc('\n', transcript->out);
}

/* As on the screen: who chose the same stand together; last, who chose nothing. */
static void put_answers(struct transcript *transcript, const struct model_step *step)
{
    if (step->option_count > 0 && step->answer_count > 0) {
        put_tally(transcript, step);
    }
    for (uint32_t turn = 1; turn <= step->option_count + 1U; turn++) {
        for (uint32_t i = 0; i < step->answer_count; i++) {
            uint16_t option = step->answers[i].option;
            bool chosen = option >= 1 && option <= step->option_count;

            if (chosen ? option == turn : turn == step->option_count + 1U) {
                put_answer(transcript, step, &step->answers[i]);
            }
        }
    }
}

/* ---- one's own ---- */

static const char *own_word(const struct model_own *own)
{
    switch (own->state) {
    case ANSWER_NONE:
    case ANSWER_TYPING:
    case ANSWER_NOT_SENT:
        return answer_state_word(ANSWER_NOT_SENT);
    case ANSWER_WAITING:
    case ANSWER_SAVED:
    case ANSWER_SHARED:
        return own->draft_differs ? SAY("typed since, not sent")
                                  : answer_state_word(own->state);
    case ANSWER_KEPT:
        return answer_state_word(ANSWER_KEPT);
    }
    return "";
}

static void put_own(struct transcript *transcript, const struct model_step *step)
{
    for (uint16_t i = 0; i < step->own_count; i++) {
        const struct model_own *own = &step->own[i];
        bool among_answers = own->state == ANSWER_SHARED && !own->draft_differs;

        if (own->state == ANSWER_NONE || among_answers) {
            continue;
        }
        (void)fprintf(transcript->out, "**%s, %s**",
                      SAY("Only in your transcript: your own answer"), own_word(own));
        (void)fputs(own->option > 0 ? ": " : "", transcript->out);
        put_option(transcript, step, own->option);
        (void)fputs("\n\n", transcript->out);
        put_fields(transcript, step, own->field_count, (const char *const *)own->fields);
    }
}

/* ---- where there is nothing ---- */

/* Why no answer stands here, or NULL. */
static const char *why_empty(const struct model_step *step)
{
    if (session_takes_answers(&step->plan)) {
        if (step->plan.sharing == SHARING_NEVER) {
            return step->plan.working == WORKING_GROUP
                       ? SAY("Only seen in each pair or group.")
                       : SAY("Private: everyone kept their own.");
        }
        if (step->state != STEP_RELEASED) {
            return SAY("Not shared.");
        }
        return step->answer_count == 0 ? SAY("No answers.") : NULL;
    }
    if ((step->plan.form == FORM_DISCUSSION || step->plan.work == WORK_PLENARY) &&
        step->plan.form != FORM_READ && step->note_count == 0) {
        return SAY("No conclusion was written.");
    }
    return NULL;
}

/* ---- the whole step ---- */

/* Reading alone takes one line here: the text itself stands further on. */
static bool is_one_line(const struct transcript *transcript, const struct model_step *step)
{
    bool reported = false;

    for (uint32_t i = 0; i < transcript->model->report_count; i++) {
        reported = reported || transcript->model->reports[i].step == step->number;
    }
    return step->shown && step->plan.form == FORM_READ && step->note_count == 0 && !reported;
}

static void put_read(struct transcript *transcript, const struct model_step *step)
{
    (void)fputs("**", transcript->out);
    export_step_name(transcript, step);
    (void)fputs("**", transcript->out);
    export_readings_of_read(transcript, step);
    (void)fputs("\n\n", transcript->out);
    if (!export_is_read_apart(step)) {
        export_prose(transcript, step->md, step->title, false);
    }
    export_readings_before(transcript, step);
    export_readings_after(transcript, step);
}

void export_step(struct transcript *transcript, const struct model_step *step)
{
    const char *empty = why_empty(step);

    if (is_one_line(transcript, step)) {
        put_read(transcript, step);
        return;
    }
    (void)fputs("#### ", transcript->out);
    export_step_name(transcript, step);
    (void)fprintf(transcript->out, "\n\n*%s \xc2\xb7 %s*\n\n", work_word(step->plan.work),
                  audience_in_short(&step->plan));
    put_question(transcript, step);
    put_answers(transcript, step);
    if (empty != NULL) {
        (void)fprintf(transcript->out, "*%s*\n\n", empty);
    }
    put_own(transcript, step);
    export_notes(transcript, step);
    export_reports(transcript, step);
    export_readings_after(transcript, step);
}

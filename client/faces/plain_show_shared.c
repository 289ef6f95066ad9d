/* What the plain face prints of a released step: the answers alone first; what the guide says
 * of it is a look of its own. */

#include "client/faces/plain_show.h"
#include "client/say.h"
#include "client/words.h"
#include "common/text.h"

enum { OFFER_BYTES = 640 };

/* ---- answers ---- */

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

        (void)fprintf(out, SAY("\n  %u  %s: chosen by %u of %u\n"), (unsigned)option->number,
                      option->label, (unsigned)option->tally, (unsigned)step->answer_count);
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

/* ---- what the guide says, when the group has talked ---- */

static void show_consequence(FILE *out, const struct model_option *option, bool own)
{
    if (option->consequence == NULL || option->consequence[0] == '\0') {
        return;
    }
    (void)fprintf(out,
                  own ? SAY("\nWhat follows from your choice, %u (%s)%s%s:\n")
                      : SAY("\nWhat follows from %u (%s)%s%s:\n"),
                  (unsigned)option->number, option->label, option->preferred ? ", " : "",
                  option->preferred ? words_of_preferred() : "");
    show_prose(out, option->consequence, "  ");
}

static bool has_consequences(const struct model_step *step)
{
    bool any = step->after[0] != '\0';

    for (uint16_t i = 0; i < step->option_count; i++) {
        any = any ||
              (step->options[i].consequence != NULL && step->options[i].consequence[0] != '\0');
    }
    return any;
}

static const char *title_of(const struct model_text *explanation)
{
    return explanation->title[0] != '\0' ? explanation->title : SAY("the explanation");
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

void show_explanation(FILE *out, const struct model_step *step)
{
    char name[SHOW_NAME_BYTES];

    show_step_name(step, name);
    if (step->explanation == NULL && !has_consequences(step)) {
        (void)fprintf(out, SAY("There is no explanation to read at %s (%s).\n"), name,
                      show_state_word(step->state));
        return;
    }
    (void)fprintf(out, SAY("What the guide says at %s\n"), name);
    show_consequences(out, step);
    if (step->explanation != NULL) {
        (void)fprintf(out, "\n%s\n",
                      step->explanation->title[0] != '\0' ? step->explanation->title
                                                          : SAY("Explanation"));
        show_prose(out, step->explanation->md, "  ");
    }
}

/* Not poured out over the answers: the group talks first. */
static void offer_explanation(FILE *out, const struct model *model,
                              const struct model_step *step)
{
    char line[OFFER_BYTES];
    char title[SHOW_NAME_BYTES] = "";
    char command[32] = "/explanation";
    bool follows = has_consequences(step);

    if (!follows && step->explanation == NULL) {
        return;
    }
    if (step->number != model->here) {
        (void)snprintf(command, sizeof command, "/explanation %u", (unsigned)step->number);
    }
    if (step->explanation != NULL) {
        text_cut(title_of(step->explanation), title, sizeof title);
    }
    (void)snprintf(line, sizeof line,
                   follows && title[0] != '\0'
                       ? SAY("When you have talked: %s and %s can be read now: %s.")
                       : SAY("When you have talked: %s%s can be read now: %s."),
                   follows ? SAY("what follows from each option") : "", title, command);
    (void)fputc('\n', out);
    show_text(out, line, "");
    if (model->facilitator) {
        show_text(out, SAY("Everyone can read it from now on; say when they should."), "");
    }
}

/* ---- all of it ---- */

/* Is this a step whose answers nobody ever sees? */
static bool is_private(const struct model_step *step)
{
    return step->plan.sharing == SHARING_NEVER && step->item_count > 0;
}

static void show_shared_heading(FILE *out, const struct model_step *step)
{
    char name[SHOW_NAME_BYTES];

    show_step_name(step, name);
    if (is_private(step)) {
        (void)fprintf(out, "%s:\n%s\n", name,
                      step->plan.working == WORKING_GROUP
                          ? SAY("This stayed within each pair or group; nothing of it is ever "
                                "shared.")
                          : SAY("This was private; nothing of it is ever shared."));
    } else if (step->state == STEP_RELEASED) {
        (void)fprintf(out, SAY("Shared at %s\n"), name);
        if (step->item_count > 0 || step->answer_count > 0) {
            (void)fprintf(out, SAY("Answers: %u\n"), (unsigned)step->answer_count);
        }
    } else {
        (void)fprintf(out, SAY("Nothing was shared yet at %s (%s).\n"), name,
                      show_state_word(step->state));
    }
}

void show_shared(FILE *out, const struct model *model, const struct model_step *step)
{
    show_shared_heading(out, step);
    if (step->option_count > 0 && step->answer_count > 0) {
        show_by_option(out, step);
    } else {
        show_by_person(out, step);
    }
    show_note(out, step);
    show_reports_of(out, model, step);
    offer_explanation(out, model, step);
}

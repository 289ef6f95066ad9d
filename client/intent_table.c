/* The rows of client/intent.h, and what each asks of the member. */
#include <string.h>

#include "client/client.h"
#include "client/intent.h"
#include "client/member.h"
#include "client/say.h"

enum {
    FACILITATOR = 1U << ROLE_FACILITATOR,
    OBSERVER = 1U << ROLE_OBSERVER,
    LAST_CALL_SECONDS = 15,
    INVITE_EXPIRY_DAYS = 30,
};

static uint16_t step_number(const struct intent_context *context,
                            const struct intent_values *values)
{
    const struct model_step *step = intent_step(values, context->model);

    return step == NULL ? 0 : step->number;
}

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)};
}

/* An answer as given, or else the draft as it stands. */
static enum status run_answer(struct intent_context *context,
                              const struct intent_values *values)
{
    const struct model_step *step = intent_step(values, context->model);
    struct content_answer answer = {.option = values->option};

    if (step == NULL) {
        return STATUS_BAD_STATE;
    }
    if (values->field_count == 0 && values->option == 0) {
        return member_submit(context->member, step->number, 0);
    }
    if (values->option > step->option_count) {
        return STATUS_USAGE;
    }
    answer.form = step->plan.form;
    answer.field_count = values->field_count;
    for (uint16_t i = 0; i < values->field_count; i++) {
        answer.fields[i] = bytes_of(values->fields[i]);
    }
    return member_answer(context->member, step->number, 0, &answer);
}

static enum status run_draft(struct intent_context *context, const struct intent_values *values)
{
    const struct model_step *step = intent_step(values, context->model);
    struct content_answer answer = {.option = values->option};

    if (step == NULL) {
        return STATUS_BAD_STATE;
    }
    answer.form = step->plan.form;
    answer.field_count = values->field_count;
    for (uint16_t i = 0; i < values->field_count; i++) {
        answer.fields[i] = bytes_of(values->fields[i]);
    }
    return member_draft(context->member, step->number, 0, &answer);
}

static enum status run_done(struct intent_context *context, const struct intent_values *values)
{
    return member_done(context->member, step_number(context, values), true);
}

static enum status run_ready(struct intent_context *context, const struct intent_values *values)
{
    (void)values;
    return member_signal(context->member, SIGNAL_READY);
}

static enum status run_more_time(struct intent_context *context,
                                 const struct intent_values *values)
{
    (void)values;
    return member_signal(context->member, SIGNAL_MORE_TIME);
}

static enum status run_question(struct intent_context *context,
                                const struct intent_values *values)
{
    (void)values;
    return member_signal(context->member, SIGNAL_QUESTION);
}

static enum status run_no_signal(struct intent_context *context,
                                 const struct intent_values *values)
{
    (void)values;
    return member_signal(context->member, SIGNAL_NONE);
}

static enum status run_confirm(struct intent_context *context,
                               const struct intent_values *values)
{
    (void)values;
    return member_confirm(context->member);
}

static enum status run_name(struct intent_context *context, const struct intent_values *values)
{
    return member_rename(context->member, values->text);
}

static enum status run_park(struct intent_context *context, const struct intent_values *values)
{
    return member_park(context->member, step_number(context, values), values->text);
}

static enum status run_jot(struct intent_context *context, const struct intent_values *values)
{
    return member_jot(context->member, values->text, context->now_ms);
}

static enum status run_message(struct intent_context *context,
                               const struct intent_values *values)
{
    return member_message(context->member, values->people, values->people_count, values->text);
}

static enum status run_report(struct intent_context *context,
                              const struct intent_values *values)
{
    return member_report(context->member, step_number(context, values), values->text);
}

static enum status run_note(struct intent_context *context, const struct intent_values *values)
{
    return member_note(context->member, step_number(context, values), values->text);
}

static enum status run_next(struct intent_context *context, const struct intent_values *values)
{
    (void)values;
    return member_next(context->member);
}

static enum status run_previous(struct intent_context *context,
                                const struct intent_values *values)
{
    (void)values;
    return member_previous(context->member);
}

static enum status run_open(struct intent_context *context, const struct intent_values *values)
{
    return member_open_step(context->member, step_number(context, values));
}

static enum status run_close(struct intent_context *context, const struct intent_values *values)
{
    return member_close_step(context->member, step_number(context, values));
}

static enum status run_release(struct intent_context *context,
                               const struct intent_values *values)
{
    return member_release_step(context->member, step_number(context, values));
}

static enum status run_skip(struct intent_context *context, const struct intent_values *values)
{
    return member_skip_step(context->member, values->step);
}

static enum status run_go(struct intent_context *context, const struct intent_values *values)
{
    return member_go(context->member, values->step);
}

static enum status run_last_call(struct intent_context *context,
                                 const struct intent_values *values)
{
    return member_last_call(context->member, step_number(context, values), LAST_CALL_SECONDS);
}

static enum status run_pause(struct intent_context *context, const struct intent_values *values)
{
    (void)values;
    return member_pause(context->member);
}

static enum status run_resume(struct intent_context *context,
                              const struct intent_values *values)
{
    (void)values;
    return member_resume(context->member);
}

static enum status run_end(struct intent_context *context, const struct intent_values *values)
{
    (void)values;
    return member_end(context->member);
}

static enum status run_timer(struct intent_context *context, const struct intent_values *values)
{
    return member_timer_start(context->member, values->count * 60);
}

static enum status run_extend(struct intent_context *context,
                              const struct intent_values *values)
{
    return member_timer_extend(context->member, values->count * 60);
}

static enum status run_stop_timer(struct intent_context *context,
                                  const struct intent_values *values)
{
    (void)values;
    return member_timer_stop(context->member);
}

/* Everyone is called to a paragraph of what is read at the group's step. */
static enum status run_call(struct intent_context *context, const struct intent_values *values)
{
    const struct model_step *step = intent_step(values, context->model);
    const struct model_texts *texts;

    if (values->reading > 0) {
        return member_reveal(context->member, values->reading, values->paragraph);
    }
    if (step == NULL) {
        return STATUS_BAD_STATE;
    }
    texts = step->texts.count > 0 ? &step->texts : &step->beside;
    if (texts->count == 0) {
        return STATUS_UNKNOWN;
    }
    return member_reveal(context->member, texts->at[0]->number, values->paragraph);
}

static enum status run_give_out(struct intent_context *context,
                                const struct intent_values *values)
{
    return member_reveal(context->member, values->reading, 0);
}

static enum status run_admit(struct intent_context *context, const struct intent_values *values)
{
    return member_admit(context->member, values->people[0]);
}

static enum status run_refuse(struct intent_context *context,
                              const struct intent_values *values)
{
    return member_refuse(context->member, values->people[0]);
}

static enum status run_invite(struct intent_context *context,
                              const struct intent_values *values)
{
    uint16_t number;
    uint64_t expiry_ms = context->now_ms + INVITE_EXPIRY_DAYS * UINT64_C(86400000);

    return member_invite(context->member, values->role,
                         values->count == 0 ? 1 : (uint16_t)values->count, expiry_ms, NULL,
                         &number);
}

static enum status run_purge(struct intent_context *context, const struct intent_values *values)
{
    (void)values;
    return member_purge(context->member);
}

/* clang-format off */
#define STEP     {"step", ARGUMENT_STEP, false}
#define THE_STEP {"step", ARGUMENT_STEP, true}
#define TEXT     {"text", ARGUMENT_TEXT, true}
#define MINUTES  {"minutes", ARGUMENT_MINUTES, true}
#define ONE      {"who", ARGUMENT_WAITING, true}

const struct intent intent_table[] = {
    /* ---- everyone ---- */
    {.name = "answer", .help = SAY_LATER("sends your answer; without words: what you have typed"),
     .group = GROUP_ANSWERING, .roles = INTENT_ANYONE, .run = run_answer, .argument_count = 3,
     .arguments = {{"option", ARGUMENT_OPTION, false}, {"fields", ARGUMENT_FIELDS, false}, STEP}},
    {.name = "draft", .help = SAY_LATER("keeps what you are typing on this device, unsent"),
     .group = GROUP_ANSWERING,
     .said = SAY_LATER("Kept on this device; not sent."),
     .roles = INTENT_ANYONE, .run = run_draft, .argument_count = 3, .lobby = true,
     .arguments = {{"option", ARGUMENT_OPTION, false}, {"fields", ARGUMENT_FIELDS, false}, STEP}},
    {.name = "done", .help = SAY_LATER("says that you have read this"),
     .group = GROUP_ANSWERING, .moments = MOMENT_READ,
     .said = SAY_LATER("Marked: you are done here."),
     .roles = INTENT_ANYONE, .run = run_done, .argument_count = 1, .arguments = {STEP}},
    {.name = "ready", .help = SAY_LATER("signals that you are ready"),
     .group = GROUP_ANSWERING,
     .said = SAY_LATER("Told: you are ready."),
     .roles = INTENT_ANYONE, .run = run_ready},
    {.name = "more-time", .help = SAY_LATER("signals that you need more time"),
     .group = GROUP_ANSWERING, .moments = MOMENT_ANSWER,
     .said = SAY_LATER("Told: you need more time."),
     .roles = INTENT_ANYONE, .run = run_more_time},
    {.name = "question", .help = SAY_LATER("signals that you have a question"),
     .group = GROUP_ANSWERING,
     .said = SAY_LATER("Told: you have a question."),
     .roles = INTENT_ANYONE, .run = run_question},
    {.name = "no-signal", .help = SAY_LATER("takes your signal back"),
     .group = GROUP_ANSWERING,
     .said = SAY_LATER("Your signal is taken back."),
     .roles = INTENT_ANYONE, .run = run_no_signal},
    {.name = "confirm", .help = SAY_LATER("agrees to what was agreed for this session"),
     .group = GROUP_ANSWERING, .moments = MOMENT_GATE,
     .said = SAY_LATER("You agreed."),
     .roles = INTENT_ANYONE, .run = run_confirm},
    {.name = "name", .help = SAY_LATER("changes the name the others see"),
     .group = GROUP_ANSWERING,
     .said = SAY_LATER("The others see your new name."),
     .roles = INTENT_ANYONE, .run = run_name, .argument_count = 1, .arguments = {TEXT}},
    {.name = "park", .help = SAY_LATER("keeps a remark for later, visible to all"),
     .group = GROUP_ANSWERING, .roles = INTENT_ANYONE, .run = run_park,
     .argument_count = 1, .arguments = {TEXT}},
    {.name = "jot", .help = SAY_LATER("writes a note to yourself; it never leaves this device"),
     .group = GROUP_ANSWERING, .moments = MOMENT_OBSERVE,
     .said = SAY_LATER("Noted, for yourself: /jottings"),
     .roles = INTENT_ANYONE, .run = run_jot, .argument_count = 1, .arguments = {TEXT}},

    {.name = "help", .help = SAY_LATER("lists what you can do"),
     .group = GROUP_LOOKING, .moments = MOMENT_LOBBY,
     .roles = INTENT_ANYONE,
     .lobby = true, .look = LOOK_HELP},
    {.name = "where", .help = SAY_LATER("says where the group is and where you are"),
     .group = GROUP_LOOKING, .moments = MOMENT_LOBBY,
     .roles = INTENT_ANYONE, .lobby = true, .look = LOOK_WHERE},
    {.name = "new", .help = SAY_LATER("reads what came since you last looked"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .lobby = true, .look = LOOK_NEW},
    {.name = "read", .help = SAY_LATER("reads the text of this step, a paragraph of it (\xc2\xb6" "4), or by its number anything given out"),
     .group = GROUP_LOOKING, .moments = MOMENT_READ,
     .roles = INTENT_ANYONE, .look = LOOK_READ, .argument_count = 3,
     .arguments = {{"paragraph", ARGUMENT_PASSAGE, false}, STEP,
                   {"reading", ARGUMENT_READING, false}}},
    {.name = "step", .help = SAY_LATER("shows the step again: what is asked and who will see it"),
     .group = GROUP_LOOKING, .moments = MOMENT_ANSWER,
     .roles = INTENT_ANYONE, .look = LOOK_STEP, .argument_count = 1, .arguments = {STEP}},
    {.name = "mine", .help = SAY_LATER("shows your own answer and its state"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_MINE,
     .argument_count = 1, .arguments = {STEP}},
    {.name = "shared", .help = SAY_LATER("shows what was shared at a step"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_SHARED,
     .argument_count = 1, .arguments = {STEP}},
    {.name = "explanation", .help = SAY_LATER("reads what the guide says of a step that was shared: what follows, and its explanation"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_EXPLANATION,
     .argument_count = 1, .arguments = {STEP}},
    {.name = "overview", .help = SAY_LATER("lists the phases and steps so far"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_OVERVIEW},
    {.name = "people", .help = SAY_LATER("says who is in the circle"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_PEOPLE},
    {.name = "concepts", .help = SAY_LATER("reads the concept cards"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_CONCEPTS},
    {.name = "attention", .help = SAY_LATER("reads the goal and attention points of this phase"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_ATTENTION},
    {.name = "texts", .help = SAY_LATER("lists everything given out to read"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_TEXTS},
    {.name = "messages", .help = SAY_LATER("reads private messages to and from you"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_MESSAGES},
    {.name = "jottings", .help = SAY_LATER("reads your notes to yourself"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_JOTTINGS},
    {.name = "parked", .help = SAY_LATER("reads the remarks kept for later"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_PARKED},
    {.name = "head", .help = SAY_LATER("says the state of the log in words, to compare by phone"),
     .group = GROUP_LOOKING, .roles = INTENT_ANYONE, .look = LOOK_HEAD},
    {.name = "quit", .help = SAY_LATER("leaves; the session goes on and you can come back"),
     .group = GROUP_LOOKING, .moments = MOMENT_LOBBY,
     .roles = INTENT_ANYONE, .lobby = true, .look = LOOK_QUIT},

    /* ---- observer and facilitator ---- */
    {.name = "message", .help = SAY_LATER("writes privately; nobody else can tell"),
     .group = GROUP_OBSERVER, .moments = MOMENT_OBSERVE,
     .said = SAY_LATER("Sent; nobody else can tell."),
     .roles = OBSERVER | FACILITATOR, .run = run_message, .argument_count = 2,
     .arguments = {{"to", ARGUMENT_PEOPLE, true}, TEXT}},
    {.name = "report", .help = SAY_LATER("tells the whole group what you saw happening"),
     .group = GROUP_OBSERVER, .moments = MOMENT_REPORT,
     .said = SAY_LATER("Sent to the group."),
     .roles = OBSERVER, .run = run_report, .argument_count = 1, .arguments = {TEXT}},

    /* ---- facilitator: the pace ---- */
    {.name = "next", .help = SAY_LATER("opens the next step"),
     .group = GROUP_FACILITATOR, .moments = MOMENT_LEAD, .moves = true,
     .roles = FACILITATOR, .care = CARE_TAKE_BACK, .run = run_next},
    {.name = "previous", .help = SAY_LATER("takes the group back one step"),
     .group = GROUP_FACILITATOR, .moves = true,
     .roles = FACILITATOR, .run = run_previous},
    {.name = "open", .help = SAY_LATER("opens a step, or opens it again before it is shared"),
     .group = GROUP_FACILITATOR, .moves = true,
     .roles = FACILITATOR, .care = CARE_TAKE_BACK, .run = run_open, .argument_count = 1,
     .arguments = {STEP}},
    {.name = "close", .help = SAY_LATER("closes a step: no more answers, nothing shared yet"),
     .group = GROUP_FACILITATOR, .moves = true,
     .roles = FACILITATOR, .care = CARE_LAST_CALL, .run = run_close, .argument_count = 1,
     .arguments = {STEP}},
    {.name = "release", .help = SAY_LATER("shares all answers of a step at once"),
     .question = SAY_LATER("Share all answers with everyone? This cannot be undone."),
     .group = GROUP_FACILITATOR, .moments = MOMENT_CLOSE, .moves = true,
     .roles = FACILITATOR, .care = CARE_LAST_CALL, .run = run_release, .argument_count = 1,
     .arguments = {STEP}},
    {.name = "go", .help = SAY_LATER("takes the group to a step that was opened before"),
     .group = GROUP_FACILITATOR, .moves = true,
     .roles = FACILITATOR, .run = run_go, .argument_count = 1, .arguments = {THE_STEP}},
    {.name = "skip", .help = SAY_LATER("leaves a step out"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .run = run_skip,
     .argument_count = 1, .arguments = {THE_STEP}},
    {.name = "last-call", .help = SAY_LATER("gives who has not sent fifteen seconds to do so"),
     .group = GROUP_FACILITATOR, .moments = MOMENT_CLOSE, .moves = true,
     .said = SAY_LATER("They have fifteen seconds; then /release shares, /close closes."),
     .roles = FACILITATOR, .run = run_last_call, .argument_count = 1, .arguments = {STEP}},
    {.name = "note",
     .help = SAY_LATER("writes what the group concludes at this step, in place of what stood there; "
                       "after a + it is added to that"),
     .group = GROUP_ANSWERING, .moments = MOMENT_NOTE,
     .roles = INTENT_ANYONE, .run = run_note, .argument_count = 1, .arguments = {TEXT}},
    {.name = "call", .help = SAY_LATER("calls everyone to a paragraph of the text"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .run = run_call, .argument_count = 2,
     .arguments = {{"paragraph", ARGUMENT_PASSAGE, true},
                   {"reading", ARGUMENT_READING, false}}},
    {.name = "give-out", .help = SAY_LATER("gives everyone a background text to read"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .run = run_give_out, .argument_count = 1,
     .arguments = {{"reading", ARGUMENT_READING, true}}},
    {.name = "timer", .help = SAY_LATER("starts a timer that everyone sees"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .run = run_timer,
     .argument_count = 1, .arguments = {MINUTES}},
    {.name = "extend", .help = SAY_LATER("adds minutes to the timer"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .run = run_extend,
     .argument_count = 1, .arguments = {MINUTES}},
    {.name = "stop-timer", .help = SAY_LATER("stops the timer"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .run = run_stop_timer},
    {.name = "pause", .help = SAY_LATER("pauses the session, for a break or another day"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .run = run_pause},
    {.name = "resume", .help = SAY_LATER("goes on after a pause"),
     .group = GROUP_FACILITATOR, .moments = MOMENT_PAUSE,
     .roles = FACILITATOR, .run = run_resume},
    {.name = "end", .help = SAY_LATER("ends the session"),
     .question = SAY_LATER("End the session for everyone? Answers not shared are deleted. This "
                           "cannot be undone."),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .care = CARE_ASK, .run = run_end},
    {.name = "purge", .help = SAY_LATER("deletes the session on the server"),
     .question = SAY_LATER("Delete this session on the server, for everyone? This cannot be "
                           "undone."),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .care = CARE_ASK, .run = run_purge},

    /* ---- facilitator: the circle ---- */
    {.name = "admit", .help = SAY_LATER("lets somebody in who waits"),
     .group = GROUP_FACILITATOR, .moments = MOMENT_DOOR,
     .roles = FACILITATOR, .run = run_admit, .argument_count = 1, .arguments = {ONE}},
    {.name = "refuse", .help = SAY_LATER("turns somebody away who waits"),
     .question = SAY_LATER("Turn them away? Their invite is used up."),
     .group = GROUP_FACILITATOR, .moments = MOMENT_DOOR,
     .roles = FACILITATOR, .care = CARE_ASK, .run = run_refuse, .argument_count = 1,
     .arguments = {ONE}},
    {.name = "invite", .help = SAY_LATER("makes one more invite"),
     .group = GROUP_FACILITATOR,
     .said = SAY_LATER("The invite is made; /invites shows it."),
     .roles = FACILITATOR, .run = run_invite, .argument_count = 2,
     .arguments = {{"role", ARGUMENT_ROLE, true}, {"uses", ARGUMENT_COUNT, false}}},
    {.name = "invites", .help = SAY_LATER("shows the invites you gave out"),
     .group = GROUP_FACILITATOR, .roles = FACILITATOR, .look = LOOK_INVITES},
    {.name = "who", .help = SAY_LATER("says who has answered and who wants more time"),
     .group = GROUP_FACILITATOR, .moments = MOMENT_CLOSE,
     .roles = FACILITATOR, .look = LOOK_WHO, .argument_count = 1, .arguments = {STEP}},
    {.name = "tips", .help = SAY_LATER("reads the tips for the facilitator"),
     .group = GROUP_FACILITATOR, .moments = MOMENT_LEAD,
     .roles = FACILITATOR, .look = LOOK_TIPS, .argument_count = 1, .arguments = {STEP}},
};
/* clang-format on */

const size_t intent_count = sizeof intent_table / sizeof intent_table[0];

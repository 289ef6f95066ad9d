/* Notes: adding them, and telling them in lines while nobody types. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"

enum {
    NOTE_TEXT_BYTES_MAX = 1024,
    TOLD_AT_ONCE_MAX = 24, /* more than these are left to /new */
    SHOWN_AT_ONCE_MAX = 3, /* so many reveals in a row */
};

/* ---- adding notes ---- */

uint32_t plain_key(enum news_kind kind, uint16_t which)
{
    return ((uint32_t)kind + 1) << 16 | which;
}

/* Counts change all the time, and a step that closes is mostly shared right after: these wait
 * a moment for what comes next. */
static bool is_gathered(uint32_t key)
{
    return key >> 16 == plain_key(NEWS_COUNTS, 0) >> 16 ||
           key >> 16 == plain_key(NEWS_STEP, 0) >> 16;
}

void plain_add(struct plain *plain, uint32_t key, enum note_show show, uint16_t step,
               const char *text)
{
    const struct note note = {
        .time_ms = face_now_ms(plain->face),
        .key = key,
        .show = show,
        .step = step,
        .text = (char *)(uintptr_t)text, /* copied */
    };

    if (notes_add(&plain->notes, &note) != STATUS_OK) {
        plain_say(plain, text); /* no memory to hold it: then at once */
    }
    if (is_gathered(key) && !plain->gathering) {
        plain->gathering = true;
        plain->gathered_ms = note.time_ms + PLAIN_GATHER_MS;
    }
}

void plain_note(struct plain *plain, uint32_t key, enum note_show show, uint16_t step,
                const char *format, ...)
{
    char text[NOTE_TEXT_BYTES_MAX];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    plain_add(plain, key, show, step, text);
}

void plain_note_said(struct plain *plain, const char *heading, const char *text)
{
    size_t size = strlen(heading) + strlen(text) + 2;
    char *both = malloc(size);

    if (both == NULL) {
        plain_add(plain, 0, NOTE_SHOW_NOTHING, 0, heading);
        return;
    }
    (void)snprintf(both, size, "%s\n%s", heading, text);
    plain_add(plain, 0, NOTE_SHOW_NOTHING, 0, both);
    free(both);
}

/* ---- telling ---- */

static void show_passage(FILE *out, const struct model *model)
{
    const struct model_text *text = model_text(model, model->passage.text);

    if (text != NULL) {
        show_reading(out, text, model->passage.paragraph);
    }
}

static void print_note(FILE *out, const struct note *note)
{
    const char *end = strchr(note->text, '\n');

    if (end == NULL) {
        show_text(out, note->text, "");
    } else { /* a heading, and what somebody wrote */
        (void)fprintf(out, "%.*s\n", (int)(end - note->text), note->text);
        show_text(out, end + 1, "  ");
    }
}

/* What the notes just told ask to be shown, each thing once. */
struct shows {
    uint16_t shared[SHOWN_AT_ONCE_MAX];
    size_t shared_count;
    bool step;
    bool passage;
    bool gate;
};

/* Is the line said better by what is shown below it? */
static bool is_shown_below(const struct model *model, const struct note *note)
{
    return (note->show == NOTE_SHOW_STEP && note->step == model->here) ||
           note->show == NOTE_SHOW_SHARED;
}

static void want_show(struct shows *shows, const struct note *note)
{
    switch (note->show) {
    case NOTE_SHOW_NOTHING:
        break;
    case NOTE_SHOW_STEP:
        shows->step = true;
        break;
    case NOTE_SHOW_PASSAGE:
        shows->passage = true;
        break;
    case NOTE_SHOW_GATE:
        shows->gate = true;
        break;
    case NOTE_SHOW_SHARED:
        if (shows->shared_count < SHOWN_AT_ONCE_MAX) {
            shows->shared[shows->shared_count++] = note->step;
        }
        break;
    }
}

/* Its goal and attention points are shown once. */
static bool is_new_phase(struct plain *plain, uint16_t phase)
{
    for (uint16_t i = 0; i < plain->phase_count; i++) {
        if (plain->phases[i] == phase) {
            return false;
        }
    }
    if (plain->phase_count < PLAIN_PHASES_MAX) {
        plain->phases[plain->phase_count++] = phase;
    }
    return true;
}

/* Who is writing at another step reads nothing here that is true of this one alone: who will
 * see what one writes must stand where one writes it. */
static void tell_of_step(struct plain *plain, const struct model_step *here)
{
    const struct model_step *step = model_step(face_model(plain->face), plain->typing.step);
    char name[SHOW_NAME_BYTES];
    FILE *out = plain_out(plain);

    show_step_name(here, name);
    (void)fputc('\n', out);
    (void)fprintf(out, SAY("The group is at %s.\n"), name);
    (void)fprintf(out,
                  SAY("You are still at step %u, and what you type goes there. /step shows "
                      "the group's step and takes you to it.\n"),
                  (unsigned)plain->typing.step);
    if (step != NULL && step->audience[0] != '\0') {
        (void)fprintf(out, SAY("Of step %u: %s\n"), (unsigned)step->number, step->audience);
    }
}

static void show_wanted(struct plain *plain, const struct shows *shows)
{
    const struct model *model = face_model(plain->face);
    const struct model_step *here = model_step(model, model->here);
    FILE *out = plain_out(plain);

    for (size_t i = 0; i < shows->shared_count; i++) {
        const struct model_step *step = model_step(model, shows->shared[i]);

        if (step != NULL) {
            (void)fputc('\n', out);
            show_shared(out, model, step);
        }
    }
    if (shows->gate) {
        show_gate(out, model);
    }
    if (shows->passage) {
        show_passage(out, model);
    }
    if (shows->step && here != NULL && plain_writes_elsewhere(plain)) {
        tell_of_step(plain, here);
    } else if (shows->step && here != NULL) {
        (void)fputc('\n', out);
        if (is_new_phase(plain, here->phase)) {
            show_first_step(out, model, here);
        } else {
            show_step(out, model, here);
        }
        if (plain->typing.step == here->number) {
            plain_ask_field(plain);
        }
    }
}

uint64_t plain_set_timer(struct plain *plain, const struct model *model)
{
    uint64_t now_ms = face_now_ms(plain->face);
    uint64_t server_ms = (uint64_t)((int64_t)now_ms + model->clock_off_ms);
    uint64_t left_ms = model->timer_ends_ms > server_ms ? model->timer_ends_ms - server_ms : 0;

    plain->timer_ms = left_ms > 0 ? now_ms + left_ms : 0;
    return left_ms;
}

void plain_timer_tick(struct plain *plain)
{
    if (plain->timer_ms > 0 && face_now_ms(plain->face) >= plain->timer_ms) {
        plain->timer_ms = 0;
        plain_note(plain, plain_key(NEWS_TIMER, 0), NOTE_SHOW_NOTHING, 0, "%s",
                   SAY("The time on the timer is over."));
    }
}

void plain_tell(struct plain *plain)
{
    struct shows shows = {0};
    size_t untold = notes_untold(&plain->notes);
    size_t told = 0;
    bool may_wait = true;
    struct note *note;

    for (size_t i = 0; (note = notes_at(&plain->notes, i)) != NULL; i++) {
        may_wait = may_wait && (note->told || is_gathered(note->key));
    }
    if (untold == 0 || plain->busy ||
        (may_wait && plain->gathering && face_now_ms(plain->face) < plain->gathered_ms)) {
        return;
    }
    plain->gathering = false;
    if (untold > TOLD_AT_ONCE_MAX) {
        (void)fprintf(plain_out(plain), SAY("%u more before these: /new reads them\n"),
                      (unsigned)(untold - TOLD_AT_ONCE_MAX));
    }
    for (size_t i = 0; (note = notes_at(&plain->notes, i)) != NULL; i++) {
        if (note->told) {
            continue;
        }
        note->told = true;
        if (untold - told++ <= TOLD_AT_ONCE_MAX) {
            if (!is_shown_below(face_model(plain->face), note)) {
                print_note(plain_out(plain), note);
            }
            want_show(&shows, note);
        }
    }
    show_wanted(plain, &shows);
}

void plain_read_new(struct plain *plain)
{
    FILE *out = plain_out(plain);
    char clock[SHOW_CLOCK_BYTES];
    bool any = false;
    struct note *note;

    for (size_t i = 0; (note = notes_at(&plain->notes, i)) != NULL; i++) {
        if (!note->read) {
            show_clock(note->time_ms, clock);
            (void)fprintf(out, "%s ", clock);
            print_note(out, note);
            note->read = true;
            note->told = true;
            any = true;
        }
    }
    if (!any) {
        plain_say(plain, SAY("Nothing new since you last looked."));
    }
}

/* ---- the beginning ---- */

void plain_show_standing(struct plain *plain, const struct model *model)
{
    FILE *out = plain_out(plain);

    switch (model->standing) {
    case STANDING_OUTSIDE:
        break;
    case STANDING_LOBBY:
        show_lobby(out, model);
        break;
    case STANDING_MEMBER:
        (void)plain_set_timer(plain, model);
        plain->namesake = model->me > 0 && model_member(model, model->me)->namesake;
        show_arrival(out, model);
        show_missing(out, model);
        plain->gate_shown = model->gate_text > 0;
        break;
    case STANDING_REMOVED:
        plain_say(plain, SAY("You are not in this session any more, or were not let in. The "
                             "facilitator can tell you why."));
        break;
    }
}

void plain_see_steps(struct plain *plain, const struct model *model)
{
    plain->here = model->here;
    for (uint16_t i = 0; i < model->step_count; i++) {
        plain->seen_steps[model->steps[i].number] = (uint8_t)model->steps[i].state;
    }
}

static void come_back(struct plain *plain, const struct model *model)
{
    const struct model_step *here = model_step(model, model->here);
    const struct model_member *me = model_member(model, model->me);

    plain->namesake = me != NULL && me->namesake;
    (void)plain_set_timer(plain, model);
    if (here != NULL) {
        (void)is_new_phase(plain, here->phase); /* it was, before */
    }
    show_return(plain_out(plain), model, face_now_ms(plain->face));
}

void plain_begin(struct plain *plain)
{
    const struct model *model = face_model(plain->face);
    FILE *out = plain_out(plain);

    plain->standing = model->standing;
    plain->lobby = model->lobby;
    plain->state = model->state;
    plain->admitted_count = model->admitted_count;
    plain->messages_told = model->message_count;
    plain->was_connected = model->connected;
    plain->reached = model->connected;
    plain->making = model->state == SESSION_EMPTY || model->state == SESSION_FILLING;
    plain->looking = !model->connected && model->standing == STANDING_MEMBER;
    for (uint16_t i = 0; i < model->member_count; i++) {
        const struct model_member *member = &model->members[i];

        if (member->state != MEMBER_LOBBY) { /* who still waits is told of once more */
            plain->seen_members[member->number] =
                (uint8_t)((unsigned)member->state | (member->present ? SEEN_PRESENT : 0));
        }
    }
    plain_see_steps(plain, model);
    plain_see_over(plain);
    plain->missing = model->missing.observer || model->missing.people > 0;
    if (model->standing == STANDING_MEMBER) {
        come_back(plain, model);
        show_missing(out, model);
        show_gate(out, model);
        plain->gate_shown = model->gate_text > 0;
        plain_follow(plain);
        if (plain->typing.unsent) {
            (void)fprintf(out,
                          SAY("What you were typing at step %u is still here: /field "
                              "reads it back.\n"),
                          (unsigned)plain->typing.step);
        }
        (void)fprintf(out, "%s\n", SAY("/step shows what is asked, /help what you can do."));
    } else if (model->standing != STANDING_OUTSIDE) {
        plain_show_standing(plain, model);
    } else {
        plain_say(plain, SAY("Looking for the server."));
    }
}

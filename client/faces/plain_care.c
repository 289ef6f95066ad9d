/* Taking back, asking, last call: what stands before a deed that cannot be undone. */
#include <string.h>
#include <sysexits.h>

#include "client/faces/awaited.h"
#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/say.h"

bool plain_is_yes(const char *line)
{
    return strcmp(line, SAY("yes")) == 0 || strcmp(line, "yes") == 0 || strcmp(line, "ja") == 0;
}

bool plain_is_no(const char *line)
{
    return strcmp(line, SAY("no")) == 0 || strcmp(line, "no") == 0 || strcmp(line, "nee") == 0;
}

static void done(struct plain *plain, const struct intent *intent,
                 const struct intent_values *values)
{
    char detail[INTENT_DETAIL_BYTES_MAX];
    enum status status = face_act(plain->face, intent, values, detail);

    if (status != STATUS_OK) {
        plain_say(plain, detail);
    } else if (!face_model(plain->face)->connected) {
        (void)fprintf(plain_out(plain),
                      SAY("/%s: kept, and sent when the connection is back\n"), intent->name);
    } else if (intent->said != NULL) {
        plain_say(plain, say(intent->said));
    }
}

static void say_question(struct plain *plain)
{
    const struct model *model = face_model(plain->face);
    const struct care *care = &plain->care;
    const struct model_step *step = model_step(model, care->unready ? model->here : care->step);
    bool calls = care->intent->care == CARE_LAST_CALL && care_awaited(model, step) > 0;

    if (step != NULL && step->state == STEP_OPEN && !awaited_print(plain_out(plain), step)) {
        show_counts(plain_out(plain), step);
    }
    plain_say(plain, care->unready ? SAY("Not everyone is ready at this step. Go on all the "
                                         "same?")
                     : calls ? SAY("Share now? They get fifteen seconds first. This cannot be "
                                   "undone.")
                             : say(care->intent->question));
    plain_say(plain, SAY("Type yes or no."));
}

static void say_calling(struct plain *plain)
{
    const struct model *model = face_model(plain->face);

    if (!awaited_print(plain_out(plain), model_step(model, plain->care.step))) {
        (void)fprintf(plain_out(plain), SAY("Not answered yet, or writing: %u\n"),
                      (unsigned)plain->care.awaited);
    }
    plain_say(plain,
              SAY("They have fifteen seconds. /now waits no longer, /longer gives fifteen "
                  "more, /back leaves the step open."));
}

static void say_take_back(struct plain *plain)
{
    const struct model *model = face_model(plain->face);
    struct member *member = client_member(face_client_of(plain->face));
    uint16_t number = plain->care.step > 0 ? plain->care.step : member_next_step(member);
    const struct model_step *step = model_step(model, number);
    char name[SHOW_NAME_BYTES];

    if (step != NULL) {
        show_step_name(step, name);
        (void)fprintf(plain_out(plain), SAY("In three seconds for everyone: %s\n"), name);
    }
    plain_say(plain, SAY("/back takes it back, /now does it at once; nothing has been sent "
                         "yet."));
}

static void say_stage(struct plain *plain)
{
    switch (plain->care.stage) {
    case CARE_STAGE_NONE:
        break;
    case CARE_STAGE_ASKING:
        say_question(plain);
        break;
    case CARE_STAGE_CALLING:
        say_calling(plain);
        break;
    case CARE_STAGE_TAKING_BACK:
        say_take_back(plain);
        break;
    }
}

static void call_writers(struct plain *plain)
{
    const struct intent_values values = {.step = plain->care.step};
    char detail[INTENT_DETAIL_BYTES_MAX];

    if (face_act(plain->face, intent_find("last-call"), &values, detail) != STATUS_OK) {
        plain_say(plain, detail);
    }
}

static void call_off(struct plain *plain)
{
    struct member *member = client_member(face_client_of(plain->face));

    if (member_last_call(member, plain->care.step, 0) != STATUS_OK) {
        return; /* it ends by itself */
    }
}

static void follow(struct plain *plain, enum care_step step)
{
    switch (step) {
    case CARE_WAIT:
        break;
    case CARE_SAY:
        say_stage(plain);
        break;
    case CARE_CALL:
        call_writers(plain);
        say_stage(plain);
        break;
    case CARE_CALL_OFF:
        call_off(plain);
        break;
    case CARE_DO: {
        struct care care = plain->care;

        done(plain, care.intent, &care.values);
        break;
    }
    }
}

void plain_act(struct plain *plain, const struct intent *intent,
               const struct intent_values *values)
{
    char detail[INTENT_DETAIL_BYTES_MAX] = "";
    const struct model *model = face_model(plain->face);

    if (intent->moves && model->state == SESSION_PAUSED && intent_is_offered(intent, model)) {
        plain_say(plain, SAY("The session is paused; /resume first."));
    } else if (strcmp(intent->name, "note") == 0) {
        plain_write_note(plain, intent, values);
    } else if (intent->care == CARE_NONE) {
        done(plain, intent, values);
    } else if (!intent_is_offered(intent, model) ||
               intent_check(intent, values, detail) != STATUS_OK) {
        done(plain, intent, values); /* to be refused in the usual words */
    } else if (plain->care.stage != CARE_STAGE_NONE) {
        plain_say(plain, SAY("One thing at a time: the last one is not done yet."));
        say_stage(plain);
    } else {
        follow(plain,
               care_begin(&plain->care, intent, values, model, face_now_ms(plain->face)));
    }
}

static bool quit_line(struct plain *plain, const char *line)
{
    if (line[0] == '\0') {
        plain_say(plain, SAY("Type yes or no."));
        return true;
    }
    plain->quitting = false;
    if (plain_is_yes(line)) {
        face_leave(plain->face, EX_OK, FACE_LEAVE_MS_MAX);
        return true;
    }
    return plain_is_no(line);
}

static bool ask_line(struct plain *plain, const char *line)
{
    if (line[0] == '\0') { /* a held key is no answer */
        plain_say(plain, SAY("Type yes or no."));
        return true;
    }
    if (plain_is_yes(line)) {
        follow(plain,
               care_yes(&plain->care, face_model(plain->face), face_now_ms(plain->face)));
        return true;
    }
    follow(plain, care_back(&plain->care));
    plain_say(plain, SAY("Nothing was done."));
    return plain_is_no(line);
}

static bool call_line(struct plain *plain, const char *line)
{
    if (strcmp(line, "/longer") == 0) {
        follow(plain, care_longer(&plain->care, face_now_ms(plain->face)));
    } else if (strcmp(line, "/now") == 0) {
        follow(plain, care_now(&plain->care));
    } else if (strcmp(line, "/back") == 0) {
        follow(plain, care_back(&plain->care));
        plain_say(plain, SAY("Left open."));
    } else {
        return line[0] == '\0'; /* Enter, pressed by habit, does nothing */
    }
    return true;
}

static bool take_back_line(struct plain *plain, const char *line)
{
    if (strcmp(line, "/now") == 0) {
        follow(plain, care_now(&plain->care));
    } else if (strcmp(line, "/back") == 0) {
        follow(plain, care_back(&plain->care));
        plain_say(plain, SAY("Taken back; nobody saw anything."));
    } else {
        return line[0] == '\0';
    }
    return true;
}

bool plain_care_line(struct plain *plain, const char *line)
{
    if (plain->quitting) {
        return quit_line(plain, line);
    }
    switch (plain->care.stage) {
    case CARE_STAGE_NONE:
        return false;
    case CARE_STAGE_ASKING:
        return ask_line(plain, line);
    case CARE_STAGE_CALLING:
        return call_line(plain, line);
    case CARE_STAGE_TAKING_BACK:
        return take_back_line(plain, line);
    }
    return false;
}

void plain_care_tick(struct plain *plain)
{
    follow(plain, care_tick(&plain->care, face_model(plain->face), face_now_ms(plain->face)));
}

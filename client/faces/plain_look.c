/* Rows of the table that look: what the plain face prints for each. */
#include <sysexits.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "client/faces/spoken.h"
#include "client/say.h"
#include "client/words.h"

/* The step meant, or where the group is; says so when there is none. */
static const struct model_step *step_meant(struct plain *plain,
                                           const struct intent_values *values)
{
    const struct model_step *step = intent_step(values, face_model(plain->face));

    if (step == NULL) {
        plain_say(plain, SAY("No step has been opened yet."));
    }
    return step;
}

static void look_help(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    plain_help(plain);
}

static void look_where(struct plain *plain, const struct intent_values *values)
{
    FILE *out = plain_out(plain);
    const struct model *model = face_model(plain->face);
    const struct model_step *step = model_step(model, plain->typing.step);
    char name[FIELDS_NAME_BYTES];

    (void)values;
    if (model->standing != STANDING_MEMBER) {
        show_lobby(out, model);
        return;
    }
    show_where(out, model, face_now_ms(plain->face));
    notes_drop(&plain->notes, plain_key(NEWS_COUNTS, model->here)); /* they stand there */
    if (plain->typing.kind != FIELDS_NONE && step != NULL &&
        plain->typing.field < plain->typing.count) {
        fields_name(step, plain->typing.kind, plain->typing.field, name);
        (void)fprintf(out, SAY("You are writing at step %u: %s\n"), (unsigned)step->number,
                      name);
    }
    show_missing(out, model);
}

static void look_new(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    plain_read_new(plain);
}

static void read_texts(FILE *out, const struct model_texts *texts, uint16_t paragraph)
{
    for (uint16_t i = 0; i < texts->count; i++) {
        if (i > 0) {
            (void)fputc('\n', out);
        }
        show_reading(out, texts->at[i], paragraph);
    }
}

/* A bare number is that of something given out, if there is such a thing; ¶4 never is. */
static const struct model_text *text_meant(const struct model *model,
                                           const struct intent_values *values)
{
    bool bare = values->reading == 0 && values->step == 0 && !values->marked;

    return model_text(model, bare ? values->paragraph : values->reading);
}

static void look_read(struct plain *plain, const struct intent_values *values)
{
    const struct model *model = face_model(plain->face);
    const struct model_text *text = text_meant(model, values);
    struct intent_values at = *values;
    const struct model_step *step;

    if (values->reading > 0 && text == NULL) {
        plain_say(plain,
                  SAY("That text has not been given out; /texts lists those that have."));
        return;
    }
    if (text != NULL) {
        show_reading(plain_out(plain), text, values->reading > 0 ? values->paragraph : 0);
        return;
    }
    at.step = at.step > 0 ? at.step : plain->typing.step; /* where one writes, else the group */
    step = step_meant(plain, &at);
    if (step == NULL) {
        return;
    }
    plain->read_step = step->number;
    if (step->texts.count > 0) {
        read_texts(plain_out(plain), &step->texts, values->paragraph);
    } else if (step->beside.count > 0) {
        read_texts(plain_out(plain), &step->beside, values->paragraph);
    } else {
        plain_say(plain, SAY("There is nothing to read at this step; /texts lists what was "
                             "given out."));
    }
}

static void look_step(struct plain *plain, const struct intent_values *values)
{
    const struct model_step *step = step_meant(plain, values);

    if (step == NULL) {
        return;
    }
    if (step->number != plain->typing.step || !plain->typing.unsent) {
        plain_go(plain, step);
    }
    show_step(plain_out(plain), face_model(plain->face), step);
    plain_ask_field(plain);
}

static void look_mine(struct plain *plain, const struct intent_values *values)
{
    const struct model_step *step = step_meant(plain, values);

    if (step != NULL) {
        show_mine(plain_out(plain), step);
    }
}

static void look_shared(struct plain *plain, const struct intent_values *values)
{
    const struct model_step *step = step_meant(plain, values);

    if (step != NULL) {
        show_shared(plain_out(plain), face_model(plain->face), step);
    }
}

static void look_explanation(struct plain *plain, const struct intent_values *values)
{
    const struct model_step *step = step_meant(plain, values);

    if (step != NULL) {
        show_explanation(plain_out(plain), step);
    }
}

static void look_overview(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_overview(plain_out(plain), face_model(plain->face));
}

static void look_people(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_people(plain_out(plain), face_model(plain->face));
}

static void look_concepts(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_concepts(plain_out(plain), face_model(plain->face));
}

static void look_attention(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_attention(plain_out(plain), face_model(plain->face));
}

static void look_texts(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_texts(plain_out(plain), face_model(plain->face));
}

static void look_messages(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_messages(plain_out(plain), face_model(plain->face));
    plain->messages_told = face_model(plain->face)->message_count;
}

static void look_jottings(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_jottings(plain_out(plain), face_model(plain->face));
}

static void look_parked(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    show_parked(plain_out(plain), face_model(plain->face));
}

static void look_who(struct plain *plain, const struct intent_values *values)
{
    const struct model_step *step = step_meant(plain, values);

    if (step != NULL) {
        show_who(plain_out(plain), step);
        notes_drop(&plain->notes, plain_key(NEWS_COUNTS, step->number)); /* they stand there */
    }
}

static void look_tips(struct plain *plain, const struct intent_values *values)
{
    const struct model *model = face_model(plain->face);

    show_tips(plain_out(plain), model, intent_step(values, model));
}

static void look_invites(struct plain *plain, const struct intent_values *values)
{
    struct client *client = face_client_of(plain->face);
    const struct member *member = client_member(client);
    FILE *out = plain_out(plain);
    struct member_invite invite;
    char link[LINK_TEXT_BYTES_MAX + 1];
    uint16_t at = 0;

    (void)values;
    while (member_next_invite(member, &at, &invite)) {
        bool labelled = invite.label != NULL && invite.label[0] != '\0';

        (void)fprintf(out, SAY("Invite %u, %s, used %u of %u"), (unsigned)invite.number,
                      words_of_role(invite.role), (unsigned)invite.used, (unsigned)invite.uses);
        (void)fprintf(out, "%s%s%s\n", invite.facilitates ? SAY(", becomes facilitator") : "",
                      labelled ? ": " : "", labelled ? invite.label : "");
        if (client_invite_text(client, invite.number, link) == STATUS_OK) {
            (void)fprintf(out, "  %s\n", link);
        }
    }
    if (at == 0) {
        plain_say(plain, SAY("This device gave out no invites."));
    }
}

static void look_head(struct plain *plain, const struct intent_values *values)
{
    const struct member *member = client_member(face_client_of(plain->face));
    struct chain_head head = replica_head(member_replica(member), STREAM_PUBLIC);
    char words[SPOKEN_BYTES];

    (void)values;
    spoken_words(head.hash, words);
    (void)fprintf(plain_out(plain), SAY("After %lu entries: %s\n"), (unsigned long)head.index,
                  words);
    plain_say(plain, SAY("Who is as far as you are reads the same words out."));
}

static void look_quit(struct plain *plain, const struct intent_values *values)
{
    (void)values;
    if (care_runs(&plain->care)) {
        (void)plain_care_line(plain, "/back");
    }
    face_leave(plain->face, EX_OK, FACE_LEAVE_MS_MAX);
}

const struct plain_look plain_looks[LOOK_COUNT] = {
    [LOOK_HELP] = {look_help},         [LOOK_WHERE] = {look_where},
    [LOOK_NEW] = {look_new},           [LOOK_READ] = {look_read},
    [LOOK_STEP] = {look_step},         [LOOK_MINE] = {look_mine},
    [LOOK_SHARED] = {look_shared},     [LOOK_EXPLANATION] = {look_explanation},
    [LOOK_OVERVIEW] = {look_overview}, [LOOK_PEOPLE] = {look_people},
    [LOOK_CONCEPTS] = {look_concepts}, [LOOK_ATTENTION] = {look_attention},
    [LOOK_TEXTS] = {look_texts},       [LOOK_MESSAGES] = {look_messages},
    [LOOK_JOTTINGS] = {look_jottings}, [LOOK_PARKED] = {look_parked},
    [LOOK_WHO] = {look_who},           [LOOK_TIPS] = {look_tips},
    [LOOK_INVITES] = {look_invites},   [LOOK_HEAD] = {look_head},
    [LOOK_QUIT] = {look_quit},
};

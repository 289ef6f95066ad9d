#include "client/faces/plain.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client/faces/plain_show.h"
#include "client/say.h"

FILE *plain_out(struct plain *plain)
{
    struct line_input *keys = face_keys(plain->face);

    if (keys != NULL) {
        line_input_hide(keys);
    }
    return plain->out;
}

void plain_say(struct plain *plain, const char *sentence)
{
    show_text(plain_out(plain), sentence, "");
}

void plain_wake(struct plain *plain)
{
    uint64_t now_ms = face_now_ms(plain->face);
    uint64_t due_ms = plain->care.stage == CARE_STAGE_NONE ? 0 : plain->care.due_ms;

    if (plain->keep_ms > 0 && (due_ms == 0 || plain->keep_ms < due_ms)) {
        due_ms = plain->keep_ms;
    }
    if (plain->timer_ms > 0 && (due_ms == 0 || plain->timer_ms < due_ms)) {
        due_ms = plain->timer_ms;
    }
    if (plain->gathering && !plain->busy && (due_ms == 0 || plain->gathered_ms < due_ms)) {
        due_ms = plain->gathered_ms;
    }
    if (plain->waits_step != 0 && plain->waits_ms > 0 &&
        (due_ms == 0 || plain->waits_ms < due_ms)) {
        due_ms = plain->waits_ms;
    }
    if (due_ms == 0) {
        face_wake_never(plain->face);
    } else {
        face_wake(plain->face, due_ms > now_ms ? due_ms - now_ms : 0);
    }
}

/* ---- words of this face ---- */

static char *trimmed(char *text)
{
    size_t count;

    text += strspn(text, " \t");
    count = strlen(text);
    while (count > 0 && (text[count - 1] == ' ' || text[count - 1] == '\t')) {
        text[--count] = '\0';
    }
    return text;
}

static void word_send(struct plain *plain, char *words)
{
    (void)words;
    plain_send(plain);
}

static void word_field(struct plain *plain, char *words)
{
    plain_field(plain, words);
}

static void word_clear(struct plain *plain, char *words)
{
    (void)words;
    plain_clear(plain);
}

static void word_not_now(struct plain *plain, char *words)
{
    (void)words;
    plain_say(plain, SAY("There is nothing to wait for at the moment."));
}

enum { FACILITATOR = 1U << ROLE_FACILITATOR };

const struct plain_word plain_words[] = {
    {"send", GROUP_ANSWERING, INTENT_ANYONE,
     SAY_LATER("sends all you have typed here, as it is"), word_send},
    {"field", GROUP_ANSWERING, INTENT_ANYONE,
     SAY_LATER("reads back what you are typing; /field b goes to part b"), word_field},
    {"clear", GROUP_ANSWERING, INTENT_ANYONE, SAY_LATER("empties the part you are at"),
     word_clear},
    {"back", GROUP_FACILITATOR, FACILITATOR,
     SAY_LATER("takes back what has not been sent yet, or leaves a step open"), word_not_now},
    {"longer", GROUP_FACILITATOR, FACILITATOR,
     SAY_LATER("gives fifteen seconds more in a last call"), word_not_now},
    {"now", GROUP_FACILITATOR, FACILITATOR, SAY_LATER("waits no longer"), word_not_now},
};
const size_t plain_word_count = sizeof plain_words / sizeof plain_words[0];

static const struct plain_word *find_word(const char *name)
{
    for (size_t i = 0; i < plain_word_count; i++) {
        if (strcmp(plain_words[i].name, name) == 0) {
            return &plain_words[i];
        }
    }
    return NULL;
}

/* ---- lines ---- */

/* What does not fit where; of people it is said in words of its own. */
static void say_misfit(struct plain *plain, const struct intent *intent, const char *detail)
{
    char usage[INTENT_DETAIL_BYTES_MAX];
    enum argument_kind first =
        intent->argument_count == 0 ? ARGUMENT_TEXT : intent->arguments[0].kind;

    if (first == ARGUMENT_PEOPLE) {
        (void)fprintf(plain_out(plain), SAY("Not sent. %s\n"), detail);
    } else if (first == ARGUMENT_WAITING) {
        plain_say(plain, detail);
    } else {
        intent_usage(intent, usage, sizeof usage);
        (void)fprintf(plain_out(plain), "/%s: %s\n", usage, detail);
    }
}

static void command(struct plain *plain, char *line)
{
    char *words = line + strcspn(line, " \t");
    char detail[INTENT_DETAIL_BYTES_MAX] = "";
    struct intent_values values = {0};
    const struct intent *intent;
    const struct plain_word *word;

    if (*words != '\0') {
        *words++ = '\0';
    }
    words = trimmed(words);
    word = find_word(line);
    intent = intent_find(line);
    if (word != NULL) {
        word->run(plain, words);
    } else if (intent == NULL) {
        (void)fprintf(plain_out(plain),
                      SAY("There is no command /%s; /help lists what you can do.\n"), line);
    } else if (plain_parse(intent, words, face_model(plain->face), &values, detail) !=
               STATUS_OK) {
        say_misfit(plain, intent, detail);
    } else if (intent->look == LOOK_NONE) {
        plain_act(plain, intent, &values);
    } else if (intent_is_offered(intent, face_model(plain->face))) {
        plain_looks[intent->look].show(plain, &values);
    } else {
        plain_say(plain, SAY("That is not yours to see, or not yet."));
    }
}

/* Enter, and nothing else: the thing that lies nearest. */
static void empty_line(struct plain *plain)
{
    bool in_field = plain->typing.kind != FIELDS_NONE &&
                    plain->typing.field < plain->typing.count &&
                    plain->typing.fields[plain->typing.field] != NULL;

    const struct model *model = face_model(plain->face);
    const struct model_step *here = model_step(model, model->here);
    bool unread = plain->typing.kind == FIELDS_NONE && here != NULL &&
                  here->state == STEP_OPEN && here->plan.form == FORM_READ && !here->done &&
                  plain->read_step != here->number;

    if (in_field) {
        plain_type(plain, "");
    } else if (unread && model->standing == STANDING_MEMBER) {
        plain_looks[LOOK_READ].show(plain, &(const struct intent_values){0});
    } else {
        plain->gathering = false; /* somebody looks up: counts need not be gathered longer */
    }
}

static void on_line(void *self, char *line)
{
    struct plain *plain = self;
    size_t count = strlen(line);

    while (count > 0 && (line[count - 1] == ' ' || line[count - 1] == '\t')) {
        line[--count] = '\0';
    }
    if (plain_care_line(plain, line)) {
        return;
    }
    if (strcmp(line, ".") == 0) {
        plain_next_field(plain);
    } else if (line[0] == '/' && line[1] != '/') {
        command(plain, line + 1);
    } else if (line[0] == '\0') {
        empty_line(plain);
    } else {
        plain_type(plain, line[0] == '/' ? line + 1 : line); /* `//` begins with a slash */
    }
}

static void on_bad_line(void *self, enum status status)
{
    plain_say(self, status == STATUS_TOO_LONG
                        ? SAY("That line is longer than 64 KiB and was not taken. Send it in "
                              "parts.")
                        : SAY("That line is not text (UTF-8) and was not taken."));
}

/* ---- the rest of what the loop brings ---- */

static void on_news(void *self, const struct news *news)
{
    struct plain *plain = self;

    plain_news(plain, news);
    plain_hush_tick(plain);
    plain_care_tick(plain); /* a last call is over when nobody is awaited any more */
}

static void on_wake(void *self)
{
    struct plain *plain = self;

    if (plain->keep_ms > 0 && face_now_ms(plain->face) >= plain->keep_ms) {
        plain->keep_ms = 0;
        plain_keep_line(plain, line_input_text(face_keys(plain->face)));
    }
    plain_timer_tick(plain);
    plain_hush_tick(plain);
    plain_care_tick(plain);
}

static void on_typing(void *self, bool busy)
{
    struct plain *plain = self;

    plain->busy = busy;
    plain->keep_ms = 0;
}

static void on_typed(void *self)
{
    struct plain *plain = self;

    if (plain->busy && plain->keep_ms == 0) {
        plain->keep_ms = face_now_ms(plain->face) + PLAIN_KEEP_MS;
        plain_wake(plain);
    }
}

static void on_interrupt(void *self)
{
    struct plain *plain = self;
    struct line_input *keys = face_keys(plain->face);

    if (!plain->typing.unsent && !plain->busy) {
        face_leave(plain->face, EX_OK, FACE_LEAVE_MS_MAX);
        return;
    }
    plain->quitting = true;
    (void)plain_out(plain);
    if (keys != NULL && plain->busy) {
        char *line = strdup(line_input_text(keys));

        if (line != NULL && line[0] != '/') {
            plain_type(plain, line); /* kept, like any line */
        }
        free(line);
        line_input_clear(keys);
        plain->busy = false;
    }
    plain_say(plain, SAY("What you typed is kept on this device, but not sent. Leave all the "
                         "same? Type yes or no."));
}

/* On the way out: a line that was not entered is a draft too. */
static void on_keep(void *self, const char *unfinished)
{
    struct plain *plain = self;

    if (unfinished[0] != '\0' && unfinished[0] != '/' && plain->typing.kind != FIELDS_NONE) {
        plain_type(plain, unfinished);
    }
    (void)plain_out(plain);
}

static void on_rest(void *self)
{
    struct plain *plain = self;
    struct line_input *keys = face_keys(plain->face);
    char prompt[LINE_PROMPT_BYTES_MAX + 1];

    if (plain->standing == STANDING_REMOVED) { /* and this has been said */
        face_leave(plain->face, EX_NOPERM, 0);
    }
    if (plain->line_kept && !plain->busy) { /* it was taken back, or was a command */
        plain_drop_line(plain);
    }
    plain_leave_over(plain);
    if (plain->typing.kind == FIELDS_NONE) { /* a question may have come during a line */
        plain_follow(plain);
    }
    plain_tell(plain);
    plain_wake(plain);
    if (keys != NULL && !face_is_leaving(plain->face)) {
        plain_prompt(plain, face_model(plain->face), prompt, sizeof prompt);
        line_input_set_prompt(keys, prompt);
        line_input_show(keys);
    }
}

static bool on_waits(const void *self)
{
    return care_runs(&((const struct plain *)self)->care);
}

static void on_begin(void *self)
{
    plain_begin(self);
}

static enum status on_create(struct face *face, void **self_out)
{
    struct plain *plain = calloc(1, sizeof *plain);

    if (plain == NULL) {
        return STATUS_NOMEM;
    }
    plain->face = face;
    plain->out = face_options(face)->out;
    *self_out = plain;
    return STATUS_OK;
}

static void on_destroy(void *self)
{
    struct plain *plain = self;

    typing_finish(&plain->typing);
    notes_finish(&plain->notes);
    free(plain);
}

const struct face_behaviour face_plain = {
    .reads = true,
    .types = true,
    .create = on_create,
    .destroy = on_destroy,
    .begin = on_begin,
    .news = on_news,
    .wake = on_wake,
    .line = on_line,
    .bad_line = on_bad_line,
    .typing = on_typing,
    .typed = on_typed,
    .interrupt = on_interrupt,
    .keep = on_keep,
    .waits = on_waits,
    .rest = on_rest,
};

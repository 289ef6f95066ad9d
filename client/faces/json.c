#include "client/faces/json.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client/say.h"
#include "client/words.h"
#include "common/text.h"

enum { NUMBERS_MAX = 64, NUMBER_BYTES = 24 };

/* One command as it was read. */
struct command {
    struct json_face *json;
    json_t *object; /* owned */
    const char *name;
    bool wait;
    const struct intent *intent;
    struct intent_values values;
    char detail[INTENT_DETAIL_BYTES_MAX];
    size_t number_count; /* numbers are given to the intent as text */
    char numbers[NUMBERS_MAX][NUMBER_BYTES];
};

/* ---- replies ---- */

static void set_tag(json_t *event, json_t *tag)
{
    if (tag != NULL) {
        (void)json_object_set(event, "tag", tag);
    }
}

static void refuse(struct json_face *json, const char *name, json_t *tag, enum status status,
                   const char *text)
{
    json_t *event = json_event(JSON_EVENT_REFUSED);

    if (name != NULL) {
        json_set_text(event, "do", name);
    }
    set_tag(event, tag);
    json_set_text(event, "status", status_name(status));
    json_set_text(event, "text", text);
    json_write(json, event);
}

static void done(struct json_face *json, const char *name, json_t *tag, json_t *result)
{
    json_t *event = json_event(JSON_EVENT_DONE);

    json_set_text(event, "do", name);
    set_tag(event, tag);
    if (result != NULL) {
        json_set(event, "result", result);
    }
    json_write(json, event);
}

static void refuse_command(struct command *command, enum status status, const char *text)
{
    refuse(command->json, command->name, json_object_get(command->object, "tag"), status, text);
}

/* ---- taking care, where asked to ---- */

static void say_waiting(struct json_face *json)
{
    json_t *event = json_event(JSON_EVENT_WAITING);
    uint64_t now_ms = face_now_ms(json->face);
    uint64_t left_ms = json->care.due_ms > now_ms ? json->care.due_ms - now_ms : 0;

    json_set_text(event, "do", json->care.intent->name);
    set_tag(event, json->waiting_tag);
    json_set_number(event, "seconds", (left_ms + 999) / 1000);
    json_set_number(event, "awaited", json->care.awaited);
    json_set_number(event, "writing", json->care.writing);
    json_write(json, event);
}

static void act(struct json_face *json, const struct intent *intent,
                const struct intent_values *values, json_t *tag)
{
    char detail[INTENT_DETAIL_BYTES_MAX];
    enum status status = face_act(json->face, intent, values, detail);

    if (status == STATUS_OK) {
        done(json, intent->name, tag, NULL);
    } else {
        refuse(json, intent->name, tag, status, detail);
    }
}

static void follow(struct json_face *json, enum care_step step)
{
    struct member *member = client_member(face_client_of(json->face));

    switch (step) {
    case CARE_WAIT:
        break;
    case CARE_SAY: /* whoever writes a program has answered the question already */
        if (json->care.stage == CARE_STAGE_ASKING) {
            follow(json,
                   care_yes(&json->care, face_model(json->face), face_now_ms(json->face)));
        } else {
            say_waiting(json);
        }
        break;
    case CARE_CALL:
        if (member_last_call(member, json->care.step, CARE_LAST_CALL_MS / 1000) == STATUS_OK) {
            say_waiting(json);
        }
        break;
    case CARE_CALL_OFF:
        if (member_last_call(member, json->care.step, 0) != STATUS_OK) {
            break; /* it ends by itself */
        }
        break;
    case CARE_DO:
        act(json, json->care.intent, &json->care.values, json->waiting_tag);
        json_decref(json->waiting_tag);
        json->waiting_tag = NULL;
        break;
    }
}

/* Words that are no intents: they steer what waits. */
static bool steer(struct command *command)
{
    struct json_face *json = command->json;
    json_t *tag = json_object_get(command->object, "tag");
    bool back = strcmp(command->name, "back") == 0;
    bool now = strcmp(command->name, "now") == 0;

    if (!back && !now) {
        return false;
    }
    if (json->care.stage == CARE_STAGE_NONE) {
        refuse(json, command->name, tag, STATUS_BAD_STATE,
               SAY("There is nothing to wait for at the moment."));
        return true;
    }
    done(json, command->name, tag, NULL);
    if (back) {
        refuse(json, json->care.intent->name, json->waiting_tag, STATUS_CANCELLED,
               words_of_status(STATUS_CANCELLED));
        follow(json, care_back(&json->care));
        json_decref(json->waiting_tag);
        json->waiting_tag = NULL;
    } else {
        follow(json, care_now(&json->care));
    }
    return true;
}

/* ---- reading ---- */

static enum status put_value(struct command *command, const struct intent_argument *argument,
                             const json_t *value)
{
    const char *text = json_string_value(value);

    if (json_is_integer(value)) {
        char *number = command->numbers[command->number_count];

        if (command->number_count == NUMBERS_MAX) {
            return STATUS_USAGE;
        }
        command->number_count++;
        (void)snprintf(number, NUMBER_BYTES, "%lld", (long long)json_integer_value(value));
        text = number;
    }
    if (text == NULL) {
        (void)snprintf(command->detail, sizeof command->detail,
                       SAY("\"%s\" must be text or a whole number"), argument->name);
        return STATUS_USAGE;
    }
    return intent_put(&command->values, argument, text, face_model(command->json->face),
                      command->detail);
}

static enum status put_argument(struct command *command, const struct intent_argument *argument,
                                const json_t *value)
{
    bool list = argument->kind == ARGUMENT_FIELDS || argument->kind == ARGUMENT_PEOPLE ||
                argument->kind == ARGUMENT_LINE;
    enum status status = STATUS_OK;

    if (json_is_null(value)) {
        return STATUS_OK;
    }
    if (!json_is_array(value)) {
        return put_value(command, argument, value);
    }
    if (!list) {
        (void)snprintf(command->detail, sizeof command->detail, SAY("\"%s\" is no list"),
                       argument->name);
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < json_array_size(value) && status == STATUS_OK; i++) {
        status = put_value(command, argument, json_array_get(value, i));
    }
    return status;
}

static const struct intent_argument *find_argument(const struct intent *intent,
                                                   const char *name)
{
    for (uint8_t i = 0; i < intent->argument_count; i++) {
        if (strcmp(intent->arguments[i].name, name) == 0) {
            return &intent->arguments[i];
        }
    }
    return NULL;
}

static enum status read_arguments(struct command *command)
{
    enum status status = STATUS_OK;
    const char *key;
    json_t *value;
    char usage[INTENT_DETAIL_BYTES_MAX / 2];

    json_object_foreach(command->object, key, value)
    {
        const struct intent_argument *argument = find_argument(command->intent, key);

        if (status != STATUS_OK || strcmp(key, "do") == 0 || strcmp(key, "tag") == 0) {
            continue;
        }
        if (strcmp(key, "wait") == 0) {
            command->wait = json_is_true(value);
        } else if (argument == NULL) {
            intent_usage(command->intent, usage, sizeof usage);
            (void)snprintf(command->detail, sizeof command->detail,
                           SAY("unknown argument \"%.*s\"; there is: %s"),
                           (int)text_prefix(key, 40), key, usage);
            status = STATUS_USAGE;
        } else {
            status = put_argument(command, argument, value);
        }
    }
    return status;
}

static void look(struct command *command)
{
    struct json_face *json = command->json;
    json_t *result = NULL;
    enum status status;

    if (!intent_is_offered(command->intent, face_model(json->face))) {
        refuse_command(command, STATUS_FORBIDDEN, words_of_status(STATUS_FORBIDDEN));
        return;
    }
    status = json_looks[command->intent->look].make(json, &command->values, &result);
    if (status != STATUS_OK) {
        refuse_command(command, status, words_of_status(status));
    } else {
        done(json, command->name, json_object_get(command->object, "tag"), result);
    }
}

static void run(struct command *command)
{
    struct json_face *json = command->json;
    json_t *tag = json_object_get(command->object, "tag");
    bool careful = command->wait && command->intent->care != CARE_NONE;

    if (command->intent->look != LOOK_NONE) {
        look(command);
    } else if (!careful || !intent_is_offered(command->intent, face_model(json->face)) ||
               intent_check(command->intent, &command->values, command->detail) != STATUS_OK) {
        act(json, command->intent, &command->values, tag);
    } else if (json->care.stage != CARE_STAGE_NONE) {
        refuse_command(command, STATUS_BUSY,
                       SAY("One thing at a time: the last one is not done yet."));
    } else {
        json->waiting_tag = json_incref(tag);
        follow(json, care_begin(&json->care, command->intent, &command->values,
                                face_model(json->face), face_now_ms(json->face)));
    }
}

static void on_line(void *self, char *line)
{
    struct command command = {.json = self};
    json_error_t error;
    enum status status;

    if (line[strspn(line, " \t")] == '\0') {
        return;
    }
    command.object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
    command.name = json_string_value(json_object_get(command.object, "do"));
    if (command.object == NULL) {
        (void)snprintf(command.detail, sizeof command.detail, SAY("not JSON: %.*s, column %d"),
                       (int)text_prefix(error.text, 100), error.text, error.column);
        refuse(self, NULL, NULL, STATUS_MALFORMED, command.detail);
    } else if (command.name == NULL) {
        refuse(self, NULL, json_object_get(command.object, "tag"), STATUS_MALFORMED,
               SAY("a command is an object with \"do\": the name of what to do"));
    } else if (!steer(&command)) {
        command.intent = intent_find(command.name);
        if (command.intent == NULL || strcmp(command.intent->name, command.name) != 0) {
            refuse_command(&command, STATUS_UNKNOWN,
                           SAY("nothing is called that; `kring help json` lists all"));
        } else {
            status = read_arguments(&command);
            if (status != STATUS_OK) {
                refuse_command(&command, status,
                               command.detail[0] != '\0' ? command.detail
                                                         : words_of_status(status));
            } else {
                run(&command);
            }
        }
    }
    json_decref(command.object);
}

static void on_bad_line(void *self, enum status status)
{
    refuse(self, NULL, NULL, status,
           status == STATUS_TOO_LONG ? SAY("a line may be 64 KiB long")
                                     : SAY("not text (UTF-8)"));
}

/* ---- the rest ---- */

static void on_begin(void *self)
{
    struct json_face *json = self;
    json_t *event = json_event(JSON_EVENT_HELLO);

    json_set_text(event, "version", KRING_VERSION);
    json_set(event, "where", json_where_of(face_model(json->face)));
    json_write(json, event);
    json->standing = face_model(json->face)->standing;
}

static void tick(struct json_face *json)
{
    follow(json, care_tick(&json->care, face_model(json->face), face_now_ms(json->face)));
}

static void on_news(void *self, const struct news *news)
{
    struct json_face *json = self;

    json_news(json, news);
    if (news->kind == NEWS_STANDING) {
        json->standing = face_model(json->face)->standing;
    }
    tick(json);
}

static void on_wake(void *self)
{
    tick(self);
}

static void on_rest(void *self)
{
    struct json_face *json = self;
    uint64_t now_ms = face_now_ms(json->face);

    json_gathered(json);
    if (json->standing == STANDING_REMOVED) { /* and this has been said */
        face_leave(json->face, EX_NOPERM, 0);
    }
    if (json->care.stage == CARE_STAGE_NONE) {
        face_wake_never(json->face);
    } else {
        face_wake(json->face, json->care.due_ms > now_ms ? json->care.due_ms - now_ms : 0);
    }
}

static void on_keep(void *self, const char *unfinished)
{
    struct json_face *json = self;
    json_t *event = json_event(JSON_EVENT_BYE);

    (void)unfinished;
    json_set_bool(event, "settled",
                  member_is_settled(client_member(face_client_of(json->face))));
    json_write(json, event);
}

static bool on_waits(const void *self)
{
    return care_runs(&((const struct json_face *)self)->care);
}

static enum status on_create(struct face *face, void **self_out)
{
    struct json_face *json = calloc(1, sizeof *json);

    if (json == NULL) {
        return STATUS_NOMEM;
    }
    json->face = face;
    json->out = face_options(face)->out;
    *self_out = json;
    return STATUS_OK;
}

static void on_destroy(void *self)
{
    struct json_face *json = self;

    json_decref(json->waiting_tag);
    free(json);
}

const struct face_behaviour face_json = {
    .reads = true,
    .create = on_create,
    .destroy = on_destroy,
    .begin = on_begin,
    .news = on_news,
    .wake = on_wake,
    .line = on_line,
    .bad_line = on_bad_line,
    .keep = on_keep,
    .waits = on_waits,
    .rest = on_rest,
};

void face_fail_json(FILE *out, enum status status, const char *text)
{
    json_t *event = json_event(JSON_EVENT_FAILED);

    json_set_text(event, "status", status_name(status));
    json_set_text(event, "text", text);
    (void)json_dumpf(event, out, JSON_COMPACT);
    (void)fputc('\n', out);
    json_decref(event);
}

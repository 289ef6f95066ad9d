/* The json face against an engine that only writes down what it is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sysexits.h>
#include <uv.h>

#include "client/faces/json.h"
#include "tests/support/face_fake.h"

enum { LINES_MAX = 128 };

static json_t *lines[LINES_MAX]; /* what the last face said */
static size_t line_count;

static void forget(void)
{
    for (size_t i = 0; i < line_count; i++) {
        json_decref(lines[i]);
    }
    line_count = 0;
}

static void take_lines(const char *text)
{
    forget();
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        json_error_t error;

        assert_non_null(end);
        lines[line_count] = json_loadb(text, (size_t)(end - text), 0, &error);
        assert_non_null(lines[line_count]);
        line_count++;
        assert_true(line_count < LINES_MAX);
        text = end + 1;
    }
}

/* Runs the face over a file that holds this, to its end. */
static int talk(const char *input)
{
    uv_loop_t loop;
    struct face *face = NULL;
    struct face_options options = {.kind = FACE_JSON, .loop = &loop};
    char *out = NULL;
    size_t out_count = 0;
    FILE *file = tmpfile(); /* longer than a pipe holds */
    int code;

    assert_non_null(file);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(fputs(input, file) >= 0, 1);
    rewind(file);
    options.input = fileno(file);
    options.out = open_memstream(&out, &out_count);
    assert_non_null(options.out);
    assert_int_equal(face_create(&options, &face), STATUS_OK);
    fake.face = face_client(face);
    code = face_run(face, FAKE_CLIENT);
    fake.face = NULL;
    face_destroy(face);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(fclose(options.out), 0);
    assert_int_equal(fclose(file), 0);
    take_lines(out);
    free(out);
    return code;
}

/* The n-th event of this name, from 0. */
static json_t *event(const char *name, size_t n)
{
    for (size_t i = 0; i < line_count; i++) {
        if (strcmp(json_string_value(json_object_get(lines[i], "event")), name) == 0 &&
            n-- == 0) {
            return lines[i];
        }
    }
    fail_msg("no event %s", name);
    return NULL;
}

static const char *string_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    assert_non_null(text);
    return text;
}

static json_int_t number_of(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

/* ---- what the tables say is what comes ---- */

static bool is_listed(const char *fields, const char *key, bool *optional_out)
{
    size_t length = strlen(key);

    for (const char *at = strstr(fields, key); at != NULL; at = strstr(at + 1, key)) {
        bool begins = at == fields || at[-1] == ' ';

        if (begins && strchr(" ?", at[length]) != NULL) { /* the end as well */
            *optional_out = at[length] == '?';
            return true;
        }
    }
    return false;
}

static void assert_shape(const json_t *object, const struct json_shape *shape, bool is_event)
{
    char fields[1024];
    char *rest = NULL;
    const char *key;
    json_t *value;
    bool optional;

    assert_true(json_is_object(object));
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!is_listed(shape->fields, key, &optional) &&
            !(is_event && strcmp(key, "event") == 0)) {
            fail_msg("%s has \"%s\", which is not in the table", shape->name, key);
        }
    }
    (void)snprintf(fields, sizeof fields, "%s", shape->fields);
    for (char *field = strtok_r(fields, " ", &rest); field != NULL;
         field = strtok_r(NULL, " ", &rest)) {
        size_t length = strlen(field);

        if (field[length - 1] != '?' && json_object_get(object, field) == NULL) {
            fail_msg("%s lacks \"%s\"", shape->name, field);
        }
    }
}

static const struct json_shape *object_shape(const char *name)
{
    for (size_t i = 0; i < json_object_count; i++) {
        if (strcmp(json_objects[i].name, name) == 0) {
            return &json_objects[i];
        }
    }
    fail_msg("no object %s", name);
    return NULL;
}

static void assert_object(json_t *object, const char *name)
{
    assert_non_null(object);
    assert_shape(object, object_shape(name), false);
    json_decref(object);
}

static void assert_first(json_t *array, const char *name)
{
    assert_true(json_is_array(array));
    assert_true(json_array_size(array) > 0);
    assert_shape(json_array_get(array, 0), object_shape(name), false);
}

static void assert_event_shapes(void)
{
    for (size_t i = 0; i < line_count; i++) {
        const char *name = string_of(lines[i], "event");
        size_t k = 0;

        while (k < JSON_EVENT_COUNT && strcmp(json_events[k].name, name) != 0) {
            k++;
        }
        assert_true(k < JSON_EVENT_COUNT);
        assert_shape(lines[i], &json_events[k], true);
    }
}

static void objects_are_what_the_table_says(void **state)
{
    const char *fields[] = {"een", "twee"};
    struct model_answer answer = {
        .author = 4, .author_name = "Bram", .field_count = 2, .fields = fields};
    struct model_note note = {.author_name = "Mirjam", .text = "Wij vragen door."};
    struct model_agreement agreement = {
        .author_name = "Mirjam", .text = "", .owner = "", .by_when = "", .process = ""};
    struct model_mark mark = {.member = 3, .name = "Ans", .marks = MESSAGE_MARK_DONE};
    json_t *object;

    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.message = (struct model_said){.author_name = "Olga", .text = "geheim"};
    fake.steps[1].marks = &mark;
    fake.steps[1].mark_count = 1;
    fake.steps[2].answers = &answer;
    fake.steps[2].answer_count = 1;
    assert_object(json_where_of(&fake.model), "where");
    assert_object(json_step_of(&fake.model, &fake.steps[1]), "step");
    assert_object(json_step_brief(&fake.steps[1]), "brief step");
    assert_object(json_counts_of(&fake.steps[1]), "counts");
    assert_object(json_note_of(&note), "note");
    assert_object(json_said_of(&fake.message), "said");
    assert_object(json_agreement_of(&agreement), "agreement");
    assert_object(json_text_of(&fake.text), "text");
    assert_object(json_member_of(&fake.members[0]), "member");
    assert_object(json_missing_of(&fake.model), "missing");
    object = json_shared_of(&fake.model, &fake.steps[2]);
    assert_first(json_object_get(object, "answers"), "answer");
    assert_first(json_object_get(object, "options"), "shared option");
    assert_object(object, "shared");
    assert_object(json_explanation_of(&fake.steps[2]), "explanation");
    object = json_step_of(&fake.model, &fake.steps[2]);
    assert_first(json_object_get(object, "items"), "item");
    assert_first(json_object_get(object, "options"), "option");
    json_decref(object);
    object = json_who_of(&fake.steps[1]);
    assert_first(object, "mark");
    assert_int_equal(number_of(json_array_get(object, 0), "member"), 3);
    json_decref(object);
    object = json_invites_of(FAKE_CLIENT);
    assert_first(object, "invite");
    json_decref(object);
}

/* ---- commands ---- */

static void a_command_is_acted_on_and_answered(void **state)
{
    json_t *own;

    (void)state;
    fake_begin(3);
    fake_open(2);
    assert_int_equal(talk("{\"do\":\"answer\",\"fields\":[\"een\",\"twee\"],\"tag\":7}\n"
                          "\n"
                          "{\"do\":\"done\",\"step\":1,\"tag\":\"x\"}\n"),
                     EX_OK);
    assert_string_equal(fake.log, "answer 2 option 0 [een] [twee]\ndone 1\n");
    assert_string_equal(string_of(event("hello", 0), "version"), KRING_VERSION);
    assert_int_equal(number_of(event("done", 0), "tag"), 7);
    assert_string_equal(string_of(event("done", 1), "tag"), "x");
    own = json_object_get(event("answer", 0), "own");
    assert_string_equal(string_of(own, "state"), "saved");
    assert_true(json_is_true(json_object_get(event("bye", 0), "settled")));
    assert_event_shapes();
}

static void values_come_as_text_numbers_and_lists(void **state)
{
    (void)state;
    fake_begin(2);
    fake_open(3);
    (void)talk("{\"do\":\"message\",\"to\":[4,\"Mirjam\"],\"text\":\"hoi\"}\n"
               "{\"do\":\"message\",\"to\":\"Bram de Wit\",\"text\":\"12\"}\n"
               "{\"do\":\"answer\",\"option\":2,\"fields\":[\"omdat\"],\"step\":null}\n");
    assert_string_equal(fake.log, "message to 4 (2) [hoi]\nmessage to 4 (1) [12]\n"
                                  "answer 3 option 2 [omdat]\n");
    fake_begin(1);
    (void)talk("{\"do\":\"timer\",\"minutes\":5}\n{\"do\":\"open\",\"step\":\"2\"}\n");
    assert_string_equal(fake.log, "timer_start 300\nopen_step 2\n"); /* at once */
}

static void bad_lines_are_refused_by_name_and_lose_nothing(void **state)
{
    static const struct {
        const char *line;
        const char *status;
        const char *text;
    } bad[] = {
        {"niets", "malformed", "not JSON: "},
        {"[1,2]", "malformed", "a command is an object with \"do\""},
        {"{\"do\":5}", "malformed", "a command is an object with \"do\""},
        {"{\"do\":\"dans\"}", "unknown", "nothing is called that"},
        {"{\"do\":\"ans\"}", "unknown", "nothing is called that"},
        {"{\"do\":\"done\",\"stap\":1}", "usage", "unknown argument \"stap\"; there is: done"},
        {"{\"do\":\"done\",\"step\":99}", "usage", "there is no step 99"},
        {"{\"do\":\"done\",\"step\":true}", "usage", "\"step\" must be text or a whole number"},
        {"{\"do\":\"done\",\"step\":[1]}", "usage", "\"step\" is no list"},
        {"{\"do\":\"park\"}", "usage", "something is missing; write: park text"},
        {"{\"do\":\"release\"}", "forbidden", "Your role in this session does not do that."},
        {"{\"do\":\"back\"}", "bad state", "There is nothing to wait for"},
        {"{\"do\":\"done\",\"do\":\"done\"}", "malformed", "not JSON: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char input[256];

        fake_begin(3);
        fake_open(2);
        (void)snprintf(input, sizeof input, "%s\n{\"do\":\"ready\"}\n", bad[i].line);
        (void)talk(input);
        if (strcmp(string_of(event("refused", 0), "status"), bad[i].status) != 0 ||
            strstr(string_of(event("refused", 0), "text"), bad[i].text) == NULL) {
            fail_msg("%s: %s: %s", bad[i].line, string_of(event("refused", 0), "status"),
                     string_of(event("refused", 0), "text"));
        }
        assert_string_equal(fake.log, "signal 1\n"); /* the next line */
        assert_event_shapes();
    }
}

static void a_line_too_long_is_passed_over(void **state)
{
    static const char after[] = "\n\xff\n{\"do\":\"ready\"}\n";
    size_t count = FACE_LINE_BYTES_MAX + 100;
    char *input = malloc(count + sizeof after);

    (void)state;
    assert_non_null(input);
    memset(input, ' ', count);
    memcpy(input + count, after, sizeof after);
    fake_begin(3);
    fake_open(2);
    (void)talk(input);
    free(input);
    assert_string_equal(string_of(event("refused", 0), "status"), "too long");
    assert_string_equal(string_of(event("refused", 1), "status"), "malformed");
    assert_string_equal(fake.log, "signal 1\n");
}

static void a_refusal_of_the_engine_has_its_status(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.answers_with = STATUS_PAUSED;
    (void)talk("{\"do\":\"park\",\"text\":\"x\",\"tag\":1}\n");
    assert_string_equal(string_of(event("refused", 0), "status"), "paused");
    assert_string_equal(string_of(event("refused", 0), "do"), "park");
    assert_string_equal(string_of(event("refused", 0), "text"), "The session is paused.");
}

/* ---- looking ---- */

static json_t *look(const char *what)
{
    char input[128];

    (void)snprintf(input, sizeof input, "{\"do\":\"%s\"}\n", what);
    (void)talk(input);
    assert_event_shapes();
    return json_object_get(event("done", 0), "result");
}

static void looking_gives_a_result(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    assert_string_equal(string_of(look("where"), "role"), "participant");
    assert_int_equal(number_of(look("step"), "number"), 2);
    assert_string_equal(string_of(look("step"), "audience"),
                        "Nobody sees this until the facilitator shares the answers.");
    assert_string_equal(string_of(json_array_get(look("read"), 0), "title"), "Situatieschets");
    assert_int_equal(json_array_size(look("overview")), FAKE_STEPS);
    assert_int_equal(json_array_size(json_object_get(look("people"), "members")), 4);
    assert_string_equal(string_of(look("attention"), "goal"), "Wat voegt gender toe?");
    assert_int_equal(json_array_size(look("texts")), 1);
    assert_string_equal(string_of(look("mine"), "state"), "none");
    assert_int_equal(json_array_size(look("messages")), 0);
    assert_true(json_array_size(look("help")) > 20);
    assert_true(json_is_null(look("quit")));
    assert_int_equal(number_of(look("new"), "events"), 1); /* hello */
}

/* ---- news ---- */

struct telling {
    uv_timer_t timer;
    void (*tell)(void);
};

static void on_timer(uv_timer_t *timer)
{
    struct telling *telling = timer->data;

    telling->tell();
    uv_close((uv_handle_t *)timer, NULL);
}

/* Runs the face with no input, tells it news, and lets it go (SIGTERM). */
static void hear(void (*tell)(void))
{
    uv_loop_t loop;
    struct face *face = NULL;
    struct telling telling = {.tell = tell};
    struct face_options options = {.kind = FACE_JSON, .loop = &loop, .input = -1};
    char *out = NULL;
    size_t out_count = 0;

    assert_int_equal(uv_loop_init(&loop), 0);
    options.out = open_memstream(&out, &out_count);
    assert_non_null(options.out);
    assert_int_equal(face_create(&options, &face), STATUS_OK);
    fake.face = face_client(face);
    assert_int_equal(uv_timer_init(&loop, &telling.timer), 0);
    telling.timer.data = &telling;
    assert_int_equal(uv_timer_start(&telling.timer, on_timer, 0, 0), 0);
    assert_int_equal(face_run(face, FAKE_CLIENT), EX_OK);
    fake.face = NULL;
    face_destroy(face);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(fclose(options.out), 0);
    take_lines(out);
    free(out);
    assert_event_shapes();
}

static void tell_everything(void)
{
    static const char *fields[] = {"een", "twee"};
    static struct model_answer answer = {
        .author = 4, .author_name = "Bram", .field_count = 2, .fields = fields};
    static struct model_note note = {.author_name = "Mirjam", .text = "Wij vragen door."};
    static struct model_said said = {.index = 9, .author_name = "Olga", .text = "ik zag"};
    static struct model_agreement agreement = {
        .author_name = "Mirjam", .text = "", .owner = "", .by_when = "", .process = ""};
    struct news news = {.kind = NEWS_STEP, .step = 3, .entry = KIND_RELEASE};

    fake.steps[2].state = STEP_RELEASED;
    fake.steps[2].answers = &answer;
    fake.steps[2].answer_count = 1;
    fake.steps[4].notes = &note;
    fake.steps[4].note_count = 1;
    fake.steps[1].own = fake.own;
    fake.steps[1].own_count = 1;
    fake.own[0].reason = "";
    fake.model.messages = fake.model.parked = fake.model.reports = &said;
    fake.model.message_count = fake.model.park_count = fake.model.report_count = 1;
    fake.model.agreements = &agreement;
    fake.model.agreement_count = 1;
    fake_changed();
    fake.face->news(fake.face->context, &news);
    for (int kind = 0; kind < NEWS_KIND_COUNT; kind++) {
        uint16_t step = kind == NEWS_NOTE ? 5 : 2;

        news = (struct news){.kind = (enum news_kind)kind,
                             .step = step,
                             .number = 7,
                             .seconds = 15,
                             .status = STATUS_BUSY,
                             .entry = KIND_NOTE};
        fake.face->news(fake.face->context, &news);
    }
    assert_int_equal(raise(SIGTERM), 0);
}

static void every_kind_of_news_is_an_event(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    hear(tell_everything);
    for (int name = 0; name < JSON_EVENT_COUNT; name++) {
        bool of_a_command = name == JSON_EVENT_DONE || name == JSON_EVENT_REFUSED ||
                            name == JSON_EVENT_WAITING || name == JSON_EVENT_FAILED;

        if (!of_a_command) {
            assert_non_null(event(json_events[name].name, 0));
        }
    }
    assert_string_equal(string_of(json_object_get(event("message", 0), "said"), "text"),
                        "ik zag");
    assert_string_equal(string_of(event("not-done", 0), "kind"), "note");
    assert_int_equal(number_of(event("last-call", 0), "seconds"), 15);
}

/* ---- care, where asked for ---- */

static void waiting_is_taken_back_or_ended(void **state)
{
    (void)state;
    fake_begin(1);
    (void)talk("{\"do\":\"open\",\"step\":2,\"wait\":true,\"tag\":1}\n"
               "{\"do\":\"open\",\"step\":3,\"wait\":true,\"tag\":2}\n"
               "{\"do\":\"back\"}\n");
    assert_int_equal(number_of(event("waiting", 0), "seconds"), 3);
    assert_string_equal(string_of(event("refused", 0), "status"), "busy");
    assert_string_equal(string_of(event("refused", 1), "status"), "cancelled");
    assert_int_equal(number_of(event("refused", 1), "tag"), 1);
    assert_string_equal(fake.log, "");
    assert_event_shapes();

    fake_open(2);
    fake.steps[1].counts.writing = 1;
    (void)talk("{\"do\":\"release\",\"wait\":true,\"tag\":1}\n{\"do\":\"now\",\"tag\":2}\n");
    assert_int_equal(number_of(event("waiting", 0), "awaited"), 2);
    assert_int_equal(number_of(event("waiting", 0), "writing"), 1);
    assert_int_equal(number_of(event("done", 0), "tag"), 2);
    assert_int_equal(number_of(event("done", 1), "tag"), 1);
    assert_string_equal(fake.log, "last_call 2 15\nrelease_step 2\n");
}

static void a_command_that_fails_says_so(void **state)
{
    char *out = NULL;
    size_t count = 0;
    FILE *memory = open_memstream(&out, &count);

    (void)state;
    assert_non_null(memory);
    face_fail(FACE_JSON, memory, STATUS_EXPIRED, "This invite has expired.");
    face_fail(FACE_PLAIN, memory, STATUS_EXPIRED, "This invite has expired.");
    assert_int_equal(fclose(memory), 0);
    assert_string_equal(out, "{\"event\":\"failed\",\"status\":\"expired\","
                             "\"text\":\"This invite has expired.\"}\n"
                             "This invite has expired.\n");
    free(out);
}

static int tidy(void **state)
{
    (void)state;
    forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(objects_are_what_the_table_says, tidy),
        cmocka_unit_test_teardown(a_command_is_acted_on_and_answered, tidy),
        cmocka_unit_test_teardown(values_come_as_text_numbers_and_lists, tidy),
        cmocka_unit_test_teardown(bad_lines_are_refused_by_name_and_lose_nothing, tidy),
        cmocka_unit_test_teardown(a_line_too_long_is_passed_over, tidy),
        cmocka_unit_test_teardown(a_refusal_of_the_engine_has_its_status, tidy),
        cmocka_unit_test_teardown(looking_gives_a_result, tidy),
        cmocka_unit_test_teardown(every_kind_of_news_is_an_event, tidy),
        cmocka_unit_test_teardown(waiting_is_taken_back_or_ended, tidy),
        cmocka_unit_test_teardown(a_command_that_fails_says_so, tidy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

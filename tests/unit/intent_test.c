/* The table of intents, and lines of the plain face as intents with values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/faces/json.h"
#include "client/faces/plain.h"
#include "tests/support/face_fake.h"

static char detail[INTENT_DETAIL_BYTES_MAX];
static char words_copy[256];

static enum status parse(const char *name, const char *words, struct intent_values *values)
{
    *values = (struct intent_values){0};
    (void)snprintf(words_copy, sizeof words_copy, "%s", words);
    return plain_parse(intent_find(name), words_copy, &fake.model, values, detail);
}

static void names_may_be_shortened_while_they_are_clear(void **state)
{
    (void)state;
    assert_string_equal(intent_find("answer")->name, "answer");
    assert_string_equal(intent_find("ans")->name, "answer");
    assert_string_equal(intent_find("rel")->name, "release");
    assert_null(intent_find("re"));
    assert_null(intent_find(""));
    assert_null(intent_find("answers"));
    assert_string_equal(intent_find("read")->name, "read"); /* and not `ready` */
}

static void every_row_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < intent_count; i++) {
        const struct intent *intent = &intent_table[i];

        assert_non_null(intent->help);
        assert_string_not_equal(intent_group_name(intent->group), "");
        assert_true(intent->look == LOOK_NONE || intent->said == NULL);
        assert_true((intent->run == NULL) != (intent->look == LOOK_NONE));
        assert_true(intent->care != CARE_ASK || intent->question != NULL);
        assert_true(intent->argument_count <= INTENT_ARGUMENTS_MAX);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(intent->name, intent_table[k].name);
        }
        for (uint8_t k = 0; k < intent->argument_count; k++) {
            assert_non_null(intent->arguments[k].name);
        }
        /* care is taken of rows whose values are no strings (care.h) */
        for (uint8_t k = 0; k < intent->argument_count && intent->care != CARE_NONE; k++) {
            assert_true(intent->arguments[k].kind == ARGUMENT_STEP ||
                        intent->arguments[k].kind == ARGUMENT_WAITING);
        }
    }
}

static void every_look_exists_in_both_faces(void **state)
{
    bool used[LOOK_COUNT] = {false};

    (void)state;
    for (size_t i = 0; i < intent_count; i++) {
        used[intent_table[i].look] = true;
    }
    for (int look = LOOK_NONE + 1; look < LOOK_COUNT; look++) {
        assert_true(used[look]);
        assert_non_null(plain_looks[look].show);
        assert_non_null(json_looks[look].make);
        assert_non_null(json_looks[look].result);
    }
    assert_null(plain_looks[LOOK_NONE].show);
}

static void help_names_everything(void **state)
{
    void (*const print[])(FILE *) = {faces_help_plain, faces_help_json};

    (void)state;
    for (size_t face = 0; face < 2; face++) {
        char *text = NULL;
        size_t count = 0;
        FILE *out = open_memstream(&text, &count);
        char wanted[80];

        assert_non_null(out);
        print[face](out);
        assert_int_equal(fclose(out), 0);
        for (size_t i = 0; i < intent_count; i++) {
            (void)snprintf(wanted, sizeof wanted, face == 0 ? "/%s" : "{\"do\": \"%s\"}",
                           intent_table[i].name);
            assert_non_null(strstr(text, wanted));
        }
        for (size_t i = 0; i < JSON_EVENT_COUNT && face == 1; i++) {
            (void)snprintf(wanted, sizeof wanted, "\n%s\n", json_events[i].name);
            assert_non_null(strstr(text, wanted));
        }
        free(text);
    }
}

static void who_is_offered_what(void **state)
{
    (void)state;
    fake_begin(3);
    assert_false(intent_is_offered(intent_find("release"), &fake.model));
    assert_false(intent_is_offered(intent_find("message"), &fake.model));
    assert_true(intent_is_offered(intent_find("answer"), &fake.model));
    fake_look_as(2);
    assert_true(intent_is_offered(intent_find("message"), &fake.model));
    assert_true(intent_is_offered(intent_find("report"), &fake.model));
    fake_look_as(1);
    assert_true(intent_is_offered(intent_find("release"), &fake.model));
    fake.model.standing = STANDING_LOBBY;
    assert_false(intent_is_offered(intent_find("release"), &fake.model));
    assert_true(intent_is_offered(intent_find("where"), &fake.model));
}

/* ---- lines ---- */

static void words_become_values_in_order(void **state)
{
    struct intent_values values;

    (void)state;
    fake_begin(1);
    assert_int_equal(parse("open", " 3 ", &values), STATUS_OK);
    assert_int_equal(values.step, 3);
    assert_int_equal(parse("call",
                           "\xc2\xb6"
                           "4 7",
                           &values),
                     STATUS_OK);
    assert_int_equal(values.paragraph, 4);
    assert_int_equal(values.reading, 7);
    assert_int_equal(parse("read", "2 step=1", &values), STATUS_OK);
    assert_int_equal(values.paragraph, 2);
    assert_int_equal(values.step, 1);
    assert_int_equal(parse("timer", "15", &values), STATUS_OK);
    assert_int_equal(values.count, 15);
    assert_int_equal(parse("invite", "case-giver 2", &values), STATUS_OK);
    assert_int_equal(values.role, ROLE_CASE_GIVER);
    assert_int_equal(values.count, 2);
    assert_int_equal(parse("admit", "bram de", &values), STATUS_USAGE); /* is in already */
    fake.members[3].state = MEMBER_LOBBY;
    assert_int_equal(parse("admit", "bram de", &values), STATUS_OK);
    assert_int_equal(values.people[0], 4);
    fake.members[3].state = MEMBER_ADMITTED;
    assert_int_equal(parse("message", "Olga, Bram de Wit: kijk | goed: ja ", &values),
                     STATUS_OK);
    assert_int_equal(values.people_count, 2);
    assert_int_equal(values.people[1], 4);
    assert_string_equal(values.text, "kijk | goed: ja");
}

static void names_are_those_of_the_circle(void **state)
{
    struct intent_values values;

    (void)state;
    fake_begin(2);
    assert_int_equal(parse("message", "Bram de Wit kijk: daar", &values), STATUS_OK);
    assert_int_equal(values.people[0], 4);
    assert_string_equal(values.text, "kijk: daar");
    fake.members[0].name = "Bram"; /* the longest name that fits */
    assert_int_equal(parse("message", "bram de wit, bram : hallo", &values), STATUS_OK);
    assert_int_equal(values.people_count, 2);
    assert_int_equal(values.people[1], 1);
    assert_string_equal(values.text, "hallo");
    assert_int_equal(parse("message", "bram de hond", &values), STATUS_OK);
    assert_int_equal(values.people[0], 1);
    assert_string_equal(values.text, "de hond");
    fake.members[0].name = "Jansen, Carla"; /* a comma of its own */
    assert_int_equal(parse("message", "Jansen, Carla, 4, 4: let op: ja", &values), STATUS_OK);
    assert_int_equal(values.people_count, 2);
    assert_string_equal(values.text, "let op: ja");
    assert_int_equal(parse("message", "3 7 stoelen", &values), STATUS_OK);
    assert_int_equal(values.people_count, 1);
    assert_int_equal(values.people[0], 3);
    assert_string_equal(values.text, "7 stoelen");
}

/* What is private goes to nobody whose name a sentence happens to begin with. */
static void a_sentence_is_no_list_of_people(void **state)
{
    struct intent_values values;

    (void)state;
    fake_begin(2);
    assert_int_equal(parse("message", "3, 4 people told me so", &values), STATUS_OK);
    assert_int_equal(values.people_count, 1);
    assert_int_equal(values.people[0], 3);
    assert_string_equal(values.text, "4 people told me so");
    fake.members[2].name = "Bram Bakker"; /* beside Bram de Wit */
    assert_int_equal(parse("message", "bram de vergadering is om drie uur", &values),
                     STATUS_USAGE);
    assert_int_equal(parse("message", "bram de: hallo", &values), STATUS_OK);
    assert_int_equal(values.people[0], 4);
    fake.members[3].state = MEMBER_REMOVED;
    assert_int_equal(parse("message", "4 hallo", &values), STATUS_USAGE);
}

static void whoever_it_could_be_is_said(void **state)
{
    struct intent_values values;

    (void)state;
    fake_begin(1);
    fake.members[2].name = "Bert";
    assert_int_equal(parse("message", "b hallo", &values), STATUS_USAGE); /* no whole word */
    assert_string_equal(detail, "Nobody here is called \"b\"; /people lists who is.");
    fake.members[2].name = "Bram Bos";
    assert_int_equal(parse("message", "bram hallo", &values), STATUS_USAGE);
    assert_string_equal(detail, "\"bram\" can be Bram Bos (3) or Bram de Wit (4).");
    fake.members[2].name = fake.members[1].name = "BRAM DE WIT";
    assert_int_equal(parse("message", "Bram de Wit hallo", &values), STATUS_USAGE);
    assert_string_equal(detail,
                        "3 people are called Bram de Wit: 2, 3 and 4. /message 2 ... or "
                        "/message 3 ... or /message 4 ...");
    assert_int_equal(parse("message", "3 hallo", &values), STATUS_OK);
    fake.members[1].name = "Bram (2)"; /* as the model tells them apart */
    fake.members[2].name = "Bram (3)";
    assert_int_equal(parse("message", "bram hallo", &values), STATUS_USAGE);
    assert_string_equal(
        detail, "Two people are called bram: 2 and 3. /message 2 ... or /message 3 ...");
    assert_int_equal(parse("message", "Bram (3): hallo", &values), STATUS_OK);
    assert_int_equal(values.people[0], 3);
    assert_string_equal(values.text, "hallo");
    fake.members[2].name = "BRAM DE WIT";
    fake_look_as(3); /* nobody writes to themselves */
    fake.members[1].name = "Olga";
    assert_int_equal(parse("message", "Bram de Wit hallo", &values), STATUS_OK);
    assert_int_equal(values.people[0], 4);
    assert_int_equal(parse("message", "17 hallo", &values), STATUS_USAGE);
    assert_string_equal(detail, "Nobody here is called \"17\"; /people lists who is.");
}

static void what_need_not_be_there_may_be_left_out(void **state)
{
    struct intent_values values;

    (void)state;
    fake_begin(3);
    fake_open(2);
    assert_int_equal(parse("answer", "2 mensen | vier ogen", &values), STATUS_OK);
    assert_int_equal(values.option, 0); /* nothing to choose from here */
    assert_int_equal(values.field_count, 2);
    assert_string_equal(values.fields[0], "2 mensen");
    assert_string_equal(values.fields[1], "vier ogen");
    fake_open(3);
    assert_int_equal(parse("answer", "2 want ja", &values), STATUS_OK);
    assert_int_equal(values.option, 2);
    assert_string_equal(values.fields[0], "want ja");
    assert_int_equal(parse("answer", "want ja", &values), STATUS_OK);
    assert_int_equal(values.option, 0);
    assert_string_equal(values.fields[0], "want ja");
    assert_int_equal(parse("answer", "step=2 een", &values), STATUS_OK);
    assert_int_equal(values.step, 2);
    assert_int_equal(parse("answer", "", &values), STATUS_OK);
    assert_int_equal(values.field_count, 0);
}

static void what_does_not_fit_is_named(void **state)
{
    struct intent_values values;

    (void)state;
    fake_begin(1);
    assert_int_equal(parse("open", "99", &values), STATUS_USAGE);
    assert_string_equal(detail, "there is no step 99; /overview lists them");
    assert_int_equal(parse("open", "3 nu", &values), STATUS_USAGE);
    assert_string_equal(detail, "too much: \"nu\"");
    assert_int_equal(parse("timer", "0", &values), STATUS_USAGE);
    assert_string_equal(detail, "\"0\" is not a number of minutes");
    assert_int_equal(parse("timer", "5x", &values), STATUS_USAGE);
    assert_int_equal(parse("invite", "baas", &values), STATUS_USAGE);
    assert_int_equal(parse("ready", "nu", &values), STATUS_USAGE);
    assert_int_equal(parse("call", "", &values), STATUS_OK);
    assert_int_equal(intent_check(intent_find("call"), &values, detail), STATUS_USAGE);
    assert_string_equal(detail, "something is missing; write: call paragraph [reading]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_may_be_shortened_while_they_are_clear),
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(every_look_exists_in_both_faces),
        cmocka_unit_test(help_names_everything),
        cmocka_unit_test(who_is_offered_what),
        cmocka_unit_test(words_become_values_in_order),
        cmocka_unit_test(names_are_those_of_the_circle),
        cmocka_unit_test(a_sentence_is_no_list_of_people),
        cmocka_unit_test(whoever_it_could_be_is_said),
        cmocka_unit_test(what_need_not_be_there_may_be_left_out),
        cmocka_unit_test(what_does_not_fit_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "client/faces/face.h"
#include "client/faces/line_input.h"
#include "client/faces/lines.h"

/* What came of typing: lines, keys and what was drawn. */
struct typed {
    struct line_input *input;
    FILE *out;
    char *drawn;
    size_t drawn_count;
    char last[256];
    unsigned lines;
    unsigned keys[4];
    bool busy;
    unsigned busy_changes;
};

static void take_line(void *context, char *line)
{
    struct typed *typed = context;

    typed->lines++;
    (void)snprintf(typed->last, sizeof typed->last, "%s", line);
}

static void take_key(void *context, enum line_key key)
{
    ((struct typed *)context)->keys[key]++;
}

static void take_busy(void *context, bool busy)
{
    struct typed *typed = context;

    typed->busy = busy;
    typed->busy_changes++;
}

static void setup(struct typed *typed)
{
    const struct line_input_driver driver = {typed, take_line, take_key, take_busy};

    *typed = (struct typed){.lines = 0};
    typed->out = open_memstream(&typed->drawn, &typed->drawn_count);
    assert_non_null(typed->out);
    assert_int_equal(line_input_create(typed->out, &driver, &typed->input), STATUS_OK);
}

static void teardown(struct typed *typed)
{
    line_input_destroy(typed->input);
    assert_int_equal(fclose(typed->out), 0);
    free(typed->drawn);
}

static void type(struct typed *typed, const char *keys)
{
    line_input_feed(typed->input, keys, strlen(keys));
}

static void enter_gives_the_line(void **state)
{
    struct typed typed;

    (void)state;
    setup(&typed);
    type(&typed, "hij bepaalt");
    assert_true(typed.busy);
    assert_string_equal(line_input_text(typed.input), "hij bepaalt");
    type(&typed, "\r\n");
    assert_int_equal(typed.lines, 1);
    assert_string_equal(typed.last, "hij bepaalt");
    assert_string_equal(line_input_text(typed.input), "");
    type(&typed, "\n");
    assert_int_equal(typed.lines, 2);
    assert_string_equal(typed.last, "");
    teardown(&typed);
}

/* e and a combining accent; a family of four joined into one emoji; a flag. */
static void backspace_takes_what_people_count_as_one(void **state)
{
    static const char *const whole[] = {
        "e\xcc\x81",
        "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
        "\xf0\x9f\x87\xb3\xf0\x9f\x87\xb1",
        "\xe6\xbc\xa2",
    };
    struct typed typed;

    (void)state;
    setup(&typed);
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        type(&typed, "x");
        type(&typed, whole[i]);
        type(&typed, "\x7f");
        assert_string_equal(line_input_text(typed.input), "x");
        type(&typed, "\x7f");
        assert_string_equal(line_input_text(typed.input), "");
        type(&typed, "\x7f");
    }
    assert_false(typed.busy);
    teardown(&typed);
}

static void words_and_lines_are_taken_back(void **state)
{
    struct typed typed;

    (void)state;
    setup(&typed);
    type(&typed, "een twee  \x17");
    assert_string_equal(line_input_text(typed.input), "een ");
    type(&typed, "drie\x15");
    assert_string_equal(line_input_text(typed.input), "");
    assert_false(typed.busy);
    teardown(&typed);
}

static void escape_sequences_and_controls_leave_no_trace(void **state)
{
    struct typed typed;

    (void)state;
    setup(&typed);
    type(&typed, "\x1b[200~geplakt\x1b[201~");
    type(&typed, "\x1b[A\x1b[1;5C\x1bOP\x01\x02\x1b"
                 "a");
    type(&typed, "\xc2\x9b"
                 "2J\xff\xc3\xe2\x82");
    assert_string_equal(line_input_text(typed.input), "geplakta2J");
    teardown(&typed);
}

static void keys_that_are_no_text_are_told(void **state)
{
    struct typed typed;

    (void)state;
    setup(&typed);
    type(&typed, "\x03\x1a\x04");
    assert_int_equal(typed.keys[LINE_KEY_INTERRUPT], 1);
    assert_int_equal(typed.keys[LINE_KEY_SUSPEND], 1);
    assert_int_equal(typed.keys[LINE_KEY_END], 1);
    type(&typed, "x\x04");
    assert_int_equal(typed.keys[LINE_KEY_END], 1); /* not over a line */
    teardown(&typed);
}

static void a_full_line_takes_no_more(void **state)
{
    struct typed typed;
    char *long_line = malloc(FACE_LINE_BYTES_MAX + 1);

    (void)state;
    assert_non_null(long_line);
    memset(long_line, 'x', FACE_LINE_BYTES_MAX);
    long_line[FACE_LINE_BYTES_MAX] = '\0';
    setup(&typed);
    type(&typed, long_line);
    assert_int_equal(typed.keys[LINE_KEY_FULL], 0);
    type(&typed, "y");
    assert_int_equal(typed.keys[LINE_KEY_FULL], 1);
    assert_int_equal(strlen(line_input_text(typed.input)), FACE_LINE_BYTES_MAX);
    teardown(&typed);
    free(long_line);
}

static void drawing_uses_letters_and_backspaces_only(void **state)
{
    struct typed typed;

    (void)state;
    setup(&typed);
    line_input_set_prompt(typed.input, "3a> ");
    line_input_show(typed.input);
    line_input_show(typed.input); /* stands there already */
    type(&typed, "ja\xe6\xbc\xa2\x7f");
    line_input_hide(typed.input);
    line_input_show(typed.input);
    type(&typed, "\r");
    assert_int_equal(fflush(typed.out), 0);
    assert_string_equal(typed.drawn, "3a> ja\xe6\xbc\xa2\b \b\b \b\n3a> ja\n");
    teardown(&typed);
}

/* ---- lines of a pipe ---- */

struct split {
    char all[512];
    unsigned bad;
    enum status status;
};

static void split_line(void *context, char *line)
{
    struct split *split = context;
    size_t used = strlen(split->all);

    (void)snprintf(split->all + used, sizeof split->all - used, "<%.60s>", line);
}

static void split_bad(void *context, enum status status)
{
    struct split *split = context;

    split->bad++;
    split->status = status;
}

static void a_stream_is_cut_into_lines(void **state)
{
    struct split split = {.bad = 0};
    const struct lines_driver driver = {&split, split_line, split_bad};
    struct lines *lines;

    (void)state;
    assert_int_equal(lines_create(&driver, &lines), STATUS_OK);
    lines_feed(lines, "een\r\ntw", 7);
    lines_feed(lines, "ee\n\nrest", 8);
    assert_string_equal(split.all, "<een><twee><>");
    lines_end(lines);
    assert_string_equal(split.all, "<een><twee><><rest>");
    lines_end(lines);
    assert_int_equal(split.bad, 0);
    lines_destroy(lines);
}

static void what_is_no_line_is_passed_over(void **state)
{
    struct split split = {.bad = 0};
    const struct lines_driver driver = {&split, split_line, split_bad};
    struct lines *lines;
    char chunk[1000];

    (void)state;
    memset(chunk, 'a', sizeof chunk);
    assert_int_equal(lines_create(&driver, &lines), STATUS_OK);
    for (int i = 0; i < 70; i++) {
        lines_feed(lines, chunk, sizeof chunk);
    }
    lines_feed(lines, "\nna\n", 4);
    assert_int_equal(split.bad, 1);
    assert_int_equal(split.status, STATUS_TOO_LONG);
    assert_string_equal(split.all, "<na>");
    lines_feed(lines, "\xff\n", 2);
    assert_int_equal(split.status, STATUS_MALFORMED);
    lines_feed(lines, "a\0b\n", 4);
    assert_int_equal(split.bad, 3);
    assert_string_equal(split.all, "<na>");
    lines_destroy(lines);
}

/* ---- one line, asked for before there is a face ---- */

static void a_question_reads_one_line_and_no_more(void **state)
{
    FILE *nowhere = tmpfile();
    FILE *file = tmpfile();
    char line[8];

    (void)state;
    assert_non_null(nowhere);
    assert_non_null(file);
    assert_true(fputs("Ans\r\ntoo long a name\nrest", file) >= 0);
    rewind(file);
    assert_true(face_ask(fileno(file), nowhere, "Name? ", line, sizeof line));
    assert_string_equal(line, "Ans");
    assert_false(face_ask(fileno(file), nowhere, "Name? ", line, sizeof line));
    (void)lseek(fileno(file), -4, SEEK_END);
    assert_true(face_ask(fileno(file), nowhere, "Name? ", line, sizeof line));
    assert_string_equal(line, "rest");
    assert_false(face_ask(fileno(file), nowhere, "Name? ", line, sizeof line));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(fclose(nowhere), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enter_gives_the_line),
        cmocka_unit_test(backspace_takes_what_people_count_as_one),
        cmocka_unit_test(words_and_lines_are_taken_back),
        cmocka_unit_test(escape_sequences_and_controls_leave_no_trace),
        cmocka_unit_test(keys_that_are_no_text_are_told),
        cmocka_unit_test(a_full_line_takes_no_more),
        cmocka_unit_test(drawing_uses_letters_and_backspaces_only),
        cmocka_unit_test(a_stream_is_cut_into_lines),
        cmocka_unit_test(what_is_no_line_is_passed_over),
        cmocka_unit_test(a_question_reads_one_line_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

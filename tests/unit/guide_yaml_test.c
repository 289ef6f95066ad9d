#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/yaml.h"
#include "tests/support/guide_files.h"

enum { ARENA_BYTES = 1 << 24 };

struct document {
    struct arena *arena;
    struct report *report;
    const struct yaml_node *root;
    enum status status;
};

static struct document read_bytes(const char *text, size_t count)
{
    struct document document = {0};

    assert_int_equal(arena_create(ARENA_BYTES, &document.arena), STATUS_OK);
    assert_int_equal(report_create(&document.report), STATUS_OK);
    document.status = yaml_read((struct bytes){.data = (const uint8_t *)text, .count = count},
                                "f", document.arena, document.report, &document.root);
    return document;
}

static void finish(struct document *document)
{
    arena_destroy(document->arena);
    report_destroy(document->report);
}

static void nodes_know_their_places(void **state)
{
    const char *text = "\xef\xbb\xbf" /* byte order mark */
                       "title: caf\xc3\xa9\r\n"
                       "list:\r\n"
                       "  - {\xc3\xa9: a, b: 'c'}\r\n"
                       "text: |\r\n"
                       "  one\r\n"
                       "  two\r\n";
    struct document document = read_bytes(text, strlen(text));
    const struct yaml_node *node;

    (void)state;
    assert_int_equal(document.status, STATUS_OK);
    assert_int_equal(document.root->kind, YAML_MAPPING);
    assert_int_equal(document.root->child_count, 3);
    node = yaml_find(document.root, "title");
    assert_string_equal(node->text, "caf\xc3\xa9");
    assert_int_equal(node->text_bytes, 5);
    assert_int_equal(node->place.line, 1);
    assert_int_equal(node->place.column, 8);
    node = yaml_find(document.root, "list");
    assert_int_equal(node->key_place.line, 2);
    assert_int_equal(node->key_place.column, 1);
    assert_int_equal(node->kind, YAML_SEQUENCE);
    node = yaml_find(node->first, "b");
    assert_int_equal(node->key_place.line, 3);
    assert_int_equal(node->key_place.column, 12); /* characters, not bytes */
    assert_int_equal(node->place.column, 15);
    assert_string_equal(node->text, "c");
    node = yaml_find(document.root, "text");
    assert_string_equal(node->text, "one\ntwo\n");
    assert_null(yaml_find(document.root, "none"));
    assert_null(yaml_find(node, "none"));
    finish(&document);
}

static void nesting_ends_at_sixteen(void **state)
{
    struct document document = read_bytes("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", 32);

    (void)state;
    assert_int_equal(document.status, STATUS_OK);
    finish(&document);
    document = read_bytes("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", 34);
    assert_int_equal(document.status, STATUS_MALFORMED);
    assert_int_equal(report_count(document.report, REPORT_ERROR), 1);
    finish(&document);
}

/* n repetitions of text between before and after */
static char *repeat(const char *before, const char *text, size_t n, const char *after,
                    size_t *bytes_out)
{
    size_t bytes = strlen(before) + n * strlen(text) + strlen(after);
    char *all = malloc(bytes + 1);
    char *end = all;

    assert_non_null(all);
    end = stpcpy(end, before);
    for (size_t i = 0; i < n; i++) {
        end = stpcpy(end, text);
    }
    (void)stpcpy(end, after);
    *bytes_out = bytes;
    return all;
}

static void sizes_are_bounded(void **state)
{
    size_t bytes;
    char *text = repeat("[", "a,", YAML_NODES_MAX - 1, "]", &bytes);
    struct document document = read_bytes(text, bytes);

    (void)state;
    assert_int_equal(document.status, STATUS_OK);
    finish(&document);
    free(text);

    text = repeat("[", "a,", YAML_NODES_MAX, "]", &bytes);
    document = read_bytes(text, bytes);
    assert_int_equal(document.status, STATUS_MALFORMED);
    finish(&document);
    free(text);

    text = repeat("a: ", "x", 1024 * 1024, "", &bytes);
    document = read_bytes(text, bytes);
    assert_int_equal(document.status, STATUS_TOO_LONG);
    finish(&document);
    free(text);
}

/* Two mistakes of the sort that need not stop the reader are both found. */
static void reading_goes_on_after_a_double_key(void **state)
{
    const char *text = "a: 1\na: 2\nb: &x 3\n";
    struct document document = read_bytes(text, strlen(text));

    (void)state;
    assert_int_equal(document.status, STATUS_MALFORMED);
    assert_int_equal(report_count(document.report, REPORT_ERROR), 2);
    finish(&document);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    static const char *const texts[] = {"a: \xff",     "a: \xc3",    "a: \x01",
                                        "a: \xc2\x9b", "\xff\xfe z", "a: \x7f"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct document document = read_bytes(texts[i], strlen(texts[i]));

        assert_int_equal(document.status, STATUS_MALFORMED);
        assert_int_equal(report_count(document.report, REPORT_ERROR), 1);
        finish(&document);
    }
    struct document nul = read_bytes("a: b\0c", 6);
    assert_int_equal(nul.status, STATUS_MALFORMED);
    finish(&nul);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_their_places),
        cmocka_unit_test(nesting_ends_at_sixteen),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(reading_goes_on_after_a_double_key),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* PROTOCOL.md holds the permission table exactly as the program prints it. To renew it: paste
 * what this test leaves in permission-table.md of the build directory between the markers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/permission.h"

enum { TEXT_BYTES_MAX = 1024 * 1024 };

static const char protocol_path[] = KRING_SOURCE_DIR "/protocol/PROTOCOL.md";
static const char printed_path[] = KRING_BINARY_DIR "/permission-table.md";
static const char first_marker[] = "<!-- permissions -->\n";
static const char last_marker[] = "<!-- /permissions -->";

/* The file as a string, to be freed; NULL when there is none. */
static char *read_text(const char *path)
{
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t count = 0;

    if (in == NULL) {
        return NULL;
    }
    text = calloc(TEXT_BYTES_MAX + 1, 1);
    assert_non_null(text);
    count = fread(text, 1, TEXT_BYTES_MAX, in);
    fclose(in);
    text[count] = '\0';
    return text;
}

static char *print_table(void)
{
    FILE *out = fopen(printed_path, "w");

    assert_non_null(out);
    permission_print(out);
    assert_int_equal(fclose(out), 0);
    return read_text(printed_path);
}

static void the_specification_holds_the_printed_table(void **state)
{
    char *printed = print_table();
    char *protocol = read_text(protocol_path);
    char *first = NULL;
    char *last = NULL;

    (void)state;
    assert_non_null(printed);
    if (protocol == NULL) {
        fail_msg("%s is not there", protocol_path);
    }
    first = strstr(protocol, first_marker);
    if (first == NULL) {
        fail_msg("%s has no line %s", protocol_path, first_marker);
    }
    first += strlen(first_marker);
    last = strstr(first, last_marker);
    if (last == NULL) {
        fail_msg("%s has no line %s", protocol_path, last_marker);
    }
    *last = '\0';
    if (strcmp(first, printed) != 0) {
        fail_msg("%s holds another table than %s", protocol_path, printed_path);
    }
    free(protocol);
    free(printed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_specification_holds_the_printed_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

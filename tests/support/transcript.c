#include "tests/support/transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/export.h"

char *transcript_of(struct circle_person *person)
{
    char *text = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&text, &count);

    assert_non_null(out);
    assert_int_equal(export_markdown(circle_model(person), out), STATUS_OK);
    assert_int_equal(fclose(out), 0);
    return text;
}

void transcript_has(const char *text, const char *what)
{
    if (strstr(text, what) == NULL) {
        (void)fprintf(stderr, "lacks: %s\n---\n%s\n---\n", what, text);
        fail();
    }
}

void transcript_lacks(const char *text, const char *what)
{
    if (strstr(text, what) != NULL) {
        (void)fprintf(stderr, "has: %s\n---\n%s\n---\n", what, text);
        fail();
    }
}

void transcript_in_order(const char *text, const char *first, const char *second)
{
    transcript_has(text, first);
    transcript_has(text, second);
    if (strstr(text, first) > strstr(text, second)) {
        (void)fprintf(stderr, "%s comes after %s\n---\n%s\n---\n", first, second, text);
        fail();
    }
}

size_t transcript_times(const char *text, const char *what)
{
    size_t count = 0;

    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        count++;
    }
    return count;
}

struct circle *transcript_played(void)
{
    struct circle *circle = small_begin();

    small_open(circle, READ);
    small_open(circle, QUESTION);
    small_say(&circle->people[BRAM], QUESTION, "one", "two", 0);
    circle_run(circle);
    small_release(circle, QUESTION);
    small_open(circle, CHOICE);
    small_say(&circle->people[BRAM], CHOICE, "because", NULL, 1);
    small_say(&circle->people[AYSE], CHOICE, "", NULL, 2);
    circle_run(circle);
    small_release(circle, CHOICE);
    return circle;
}

struct model_step *transcript_step(struct circle_person *person, uint16_t number)
{
    return (struct model_step *)(uintptr_t)small_step(person, number);
}

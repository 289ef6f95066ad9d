#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <md4c.h>

#include "tests/support/transcript.h"

static const char hostile[] =
    "# heading\n===\n---\n- item\n1. item\n> quote\n```\ncode\n```\n<b>html</b> &amp;\n"
    "[link](http://x.example) ![i](x)\nhttp://x.example www.x.example a@x.example\n"
    "| a |\n:-\n\n    indented\n\n[ref]: http://x.example\n~~gone~~ $x$";

/* ---- what people and guides write ---- */

static void what_cannot_be_set_does_not_cost_the_transcript(void **state)
{
    struct circle *circle = transcript_played();
    char deep[400] = "";
    char *text = NULL;

    (void)state;
    for (int i = 0; i < 12; i++) {
        (void)snprintf(deep + strlen(deep), sizeof deep - strlen(deep), "%*s- x\n", 2 * i, "");
    }
    transcript_step(&circle->people[BRAM], QUESTION)->md = deep;
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, "\\- x");
    transcript_has(text, "> **1a** one");
    free(text);
    small_end(circle);
}

static void a_guides_text_keeps_its_shape(void **state)
{
    struct circle *circle = transcript_played();
    char *text = NULL;

    (void)state;
    transcript_step(&circle->people[BRAM], QUESTION)->md =
        "Look:\n\n- one\n- two\n    1. deep\n\n> cited\n\n| a | b |\n|---|---|\n| c | d |\n\n"
        "1\\. no list";
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, "\nLook:\n\n- one\n- two\n    1. deep\n\n> cited\n\n"
                         "| a | b |\n|---|---|\n| c | d |\n\n1\\. no list\n");
    free(text);
    small_end(circle);
}

static void a_guides_emphasis_stays_and_nobody_else_has_any(void **state)
{
    struct circle *circle = transcript_played();
    struct model_step *step = transcript_step(&circle->people[BRAM], QUESTION);
    char *text = NULL;

    (void)state;
    step->md = "**Look.** At *this* [word](#x), 2 * 3.\n\n- **one** item";
    step->answers[0].fields[0] = "\x02no\x02 emphasis";
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(text, "\n**Look.** At *this* word, 2 \\* 3.\n\n- **one** item\n");
    transcript_has(text, "> **1a** no emphasis");
    free(text);
    small_end(circle);
}

static void what_people_type_stays_text(void **state)
{
    struct circle *circle = transcript_played();
    struct model_step *step = transcript_step(&circle->people[BRAM], QUESTION);
    char *text = NULL;

    (void)state;
    step->answers[0].fields[0] = hostile;
    step->answers[0].fields[1] = "";
    step->items[0].label = "<b>*a*\n# x";
    text = transcript_of(&circle->people[BRAM]);
    transcript_has(
        text, "> **\\<b\\>\\*a\\* \\# x** \\# heading  \n> \\===  \n> \\---  \n> \\- item  \n"
              "> 1\\. item  \n> \\> quote  \n> \\`\\`\\`  \n> code  \n> \\`\\`\\`  \n"
              "> \\<b\\>html\\</b\\> \\&amp;  \n");
    transcript_has(
        text, "> \\[link\\](http\\://x.example) !\\[i\\](x)  \n"
              "> http\\://x.example www\\.x.example a\\@x.example  \n"
              "> \\| a \\|  \n> \\:-\n> \n> indented\n> \n> \\[ref\\]: http\\://x.example  \n"
              "> \\~\\~gone\\~\\~ \\$x\\$\n");
    free(text);
    small_end(circle);
}

/* ---- what a reader of Markdown makes of it ---- */

struct structure { /* how often md4c found each */
    unsigned links, html, codes, deletions, math;
};

static int count_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct structure *found = context;

    (void)detail;
    found->html += type == MD_BLOCK_HTML;
    found->codes += type == MD_BLOCK_CODE;
    return 0;
}

static int count_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct structure *found = context;

    (void)detail;
    found->links += type == MD_SPAN_A || type == MD_SPAN_IMG || type == MD_SPAN_WIKILINK;
    found->codes += type == MD_SPAN_CODE;
    found->deletions += type == MD_SPAN_DEL;
    found->math += type == MD_SPAN_LATEXMATH || type == MD_SPAN_LATEXMATH_DISPLAY;
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    (void)type;
    (void)detail;
    (void)context;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    (void)type;
    (void)detail;
    (void)context;
    return 0;
}

static int count_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
    struct structure *found = context;

    (void)text;
    (void)size;
    found->html += type == MD_TEXT_HTML;
    return 0;
}

static struct structure structure_of(const char *text)
{
    const MD_PARSER parser = {
        .flags = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS | MD_FLAG_WIKILINKS,
        .enter_block = count_block,
        .leave_block = leave_block,
        .enter_span = count_span,
        .leave_span = leave_span,
        .text = count_text,
    };
    struct structure found = {0};

    assert_int_equal(md_parse(text, (MD_SIZE)strlen(text), &parser, &found), 0);
    return found;
}

/* Wherever people can type: answers, names, reasons, notes, messages, titles. */
static void a_reader_of_markdown_finds_no_structure_that_people_typed(void **state)
{
    struct circle *circle = transcript_played();
    struct model *model = (struct model *)(uintptr_t)circle_model(&circle->people[BRAM]);
    struct model_step *step = transcript_step(&circle->people[BRAM], QUESTION);
    struct structure found;
    char *text = NULL;

    (void)state;
    step->answers[0].fields[0] = hostile;
    step->answers[0].fields[1] = hostile;
    step->items[0].label = step->title = step->md = model->title = model->members[2].name =
        hostile;
    model->case_title = model->guide_source = hostile;
    transcript_step(&circle->people[BRAM], CHOICE)->options[0].label = hostile;
    text = transcript_of(&circle->people[BRAM]);
    found = structure_of(text);
    assert_int_equal(found.links, 0);
    assert_int_equal(found.html, 0);
    assert_int_equal(found.codes, 0);
    assert_int_equal(found.deletions, 0);
    assert_int_equal(found.math, 0);
    free(text);
    found = structure_of(hostile); /* the counting counts */
    assert_true(found.links > 3 && found.html > 0 && found.codes > 0 && found.math > 0);
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_set_does_not_cost_the_transcript),
        cmocka_unit_test(a_guides_text_keeps_its_shape),
        cmocka_unit_test(a_guides_emphasis_stays_and_nobody_else_has_any),
        cmocka_unit_test(what_people_type_stays_text),
        cmocka_unit_test(a_reader_of_markdown_finds_no_structure_that_people_typed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "client/compile.h"

#include <stdlib.h>
#include <string.h>

#include "client/compile_private.h"
#include "client/guide/playable.h"
#include "client/say.h"
#include "common/secret.h"
#include "common/text.h"

enum { LIST_TITLE_BYTES = 128 };

struct bytes compile_bytes(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text,
                          .count = text == NULL ? 0 : strlen(text)};
}

/* ---- texts ---- */

static uint16_t take_number(struct builder *builder)
{
    if (builder->compiled->text_count == TEXTS_MAX) {
        builder->status = STATUS_TOO_LONG;
        return 0;
    }
    return builder->compiled->text_count++;
}

static void keep_written(struct builder *builder, uint16_t number)
{
    struct bytes bytes = writer_bytes(&builder->writer);
    uint8_t *copy = NULL;

    builder->status = writer_status(&builder->writer);
    if (builder->status == STATUS_OK) {
        copy = malloc(bytes.count);
        builder->status = copy == NULL ? STATUS_NOMEM : STATUS_OK;
    }
    if (copy != NULL) {
        memcpy(copy, bytes.data, bytes.count);
        builder->compiled->texts[number] = (struct bytes){copy, bytes.count};
    }
    writer_reset(&builder->writer);
}

uint16_t compile_add(struct builder *builder, const void *source)
{
    uint16_t number = 0;

    if (builder->status == STATUS_OK) {
        number = take_number(builder);
    }
    if (builder->status == STATUS_OK) {
        builder->sources[number] = source;
        content_text_encode(&builder->writer, &builder->text);
        keep_written(builder, number);
    }
    return number;
}

void compile_begin(struct builder *builder, enum text_type type, uint16_t step)
{
    memset(&builder->text, 0, sizeof builder->text);
    builder->text.type = type;
    builder->text.step = step;
}

uint16_t compile_find(const struct builder *builder, const void *source)
{
    for (uint16_t i = 1; i < builder->compiled->text_count; i++) {
        if (builder->sources[i] == source) {
            return i;
        }
    }
    return 0;
}

uint16_t compile_titled(struct builder *builder, enum text_type type, uint16_t step,
                        const char *title, const char *text)
{
    uint16_t number = compile_find(builder, text);

    if (number != 0 || text == NULL) {
        return number;
    }
    compile_begin(builder, type, step);
    builder->text.as.titled =
        (struct text_titled){.title = compile_bytes(title), .text = compile_bytes(text)};
    return compile_add(builder, text);
}

uint16_t compile_tip(struct builder *builder, uint16_t step, const char *tip)
{
    if (tip == NULL) {
        return 0;
    }
    compile_begin(builder, TEXT_TIP, step);
    builder->text.as.tip = compile_bytes(tip);
    return compile_add(builder, NULL);
}

void compile_lines(struct builder *builder, struct content_lines *lines,
                   const struct guide_texts *texts)
{
    if (texts->count > CONTENT_LINES_MAX) {
        builder->status = STATUS_TOO_LONG;
        return;
    }
    lines->count = (uint16_t)texts->count;
    for (uint32_t i = 0; i < texts->count; i++) {
        lines->at[i] = compile_bytes(texts->at[i].text);
    }
}

/* "guiding-questions" as people write it: "Guiding questions". Ids are ASCII. */
static void title_of_list(const char *id, char out[LIST_TITLE_BYTES])
{
    text_cut(id, out, LIST_TITLE_BYTES);
    for (char *at = out; *at != '\0'; at++) {
        *at = *at == '-' ? ' ' : *at;
    }
    if (out[0] >= 'a' && out[0] <= 'z') {
        out[0] = (char)(out[0] - 'a' + 'A');
    }
}

uint16_t compile_list(struct builder *builder, const char *id, const struct guide_texts *lines)
{
    uint16_t number = compile_find(builder, lines);
    char title[LIST_TITLE_BYTES];

    if (number != 0) {
        return number;
    }
    title_of_list(id, title);
    compile_begin(builder, TEXT_LIST, 0);
    builder->text.as.list.title = compile_bytes(title);
    compile_lines(builder, &builder->text.as.list.lines, lines);
    return compile_add(builder, lines);
}

/* ---- explanations and the script ---- */

static bool add_explanation_steps(struct script_explanation *added,
                                  const struct resolved_explanation *source)
{
    added->steps = calloc(source->step_count + 1, sizeof *added->steps);
    if (added->steps == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < source->step_count; i++) {
        added->steps[added->step_count++] = (uint16_t)(source->steps[i] + 1);
    }
    return true;
}

static void add_explanations(struct builder *builder)
{
    const struct resolved *resolved = builder->resolved;
    struct content_numbers *steps = &builder->text.as.titled.steps;

    for (uint32_t i = 0; i < resolved->explanation_count && builder->status == STATUS_OK; i++) {
        const struct resolved_explanation *source = &resolved->explanations[i];
        struct script_explanation *added = &builder->script.explanations[i];

        builder->what = source->slot;
        if (!add_explanation_steps(added, source)) {
            builder->status = STATUS_NOMEM;
            return;
        }
        builder->script.explanation_count++;
        compile_begin(builder, TEXT_EXPLANATION, 0);
        builder->text.as.titled.text = compile_bytes(source->text);
        while (steps->count < added->step_count && steps->count < CONTENT_BESIDE_MAX) {
            steps->at[steps->count] = added->steps[steps->count];
            steps->count++;
        }
        added->text = compile_add(builder, source);
    }
}

/* As many steps as fit one text, at least one. */
static uint16_t part_end(struct builder *builder, uint16_t from)
{
    uint16_t to = builder->script.step_count;

    for (;;) {
        enum status status;

        writer_reset(&builder->writer);
        script_encode(&builder->writer, &builder->script, from, to, TEXTS_MAX - 1);
        status = writer_status(&builder->writer);
        writer_reset(&builder->writer);
        if (status != STATUS_TOO_LONG || to <= from + 1) {
            builder->status = status;
            return to;
        }
        to = (uint16_t)(from + (to - from + 1) / 2);
    }
}

static void add_script(struct builder *builder)
{
    uint16_t number = 0; /* was kept free for it */
    uint16_t from = 0;

    builder->what = SAY("the script");
    while (builder->status == STATUS_OK) {
        uint16_t to = part_end(builder, from);
        bool whole = to == builder->script.step_count;
        uint16_t next = whole || builder->status != STATUS_OK ? 0 : take_number(builder);

        if (builder->status != STATUS_OK) {
            return;
        }
        script_encode(&builder->writer, &builder->script, from, to, next);
        keep_written(builder, number);
        if (whole) {
            return;
        }
        number = next;
        from = to;
    }
}

/* ---- all of it ---- */

static enum status builder_begin(struct builder *builder, const struct resolved *resolved)
{
    struct compiled *compiled = calloc(1, sizeof *compiled);
    const struct guide *guide = resolved->guide;
    const struct case_file *case_file = resolved->case_file;

    builder->resolved = resolved;
    builder->compiled = compiled;
    writer_init_growing(&builder->writer, PLAINTEXT_BYTES_MAX);
    if (compiled == NULL) {
        return STATUS_NOMEM;
    }
    compiled->minutes = resolved->minutes;
    compiled->steps = calloc(resolved->step_count, sizeof *compiled->steps);
    compiled->step_ids = calloc(resolved->step_count, sizeof *compiled->step_ids);
    compiled->texts = calloc(TEXTS_MAX, sizeof *compiled->texts);
    builder->script.phases = calloc(SCRIPT_PHASES_MAX, sizeof *builder->script.phases);
    builder->script.steps = calloc(resolved->step_count, sizeof *builder->script.steps);
    builder->script.explanations =
        calloc(resolved->explanation_count + 1, sizeof *builder->script.explanations);
    if (compiled->steps == NULL || compiled->step_ids == NULL || compiled->texts == NULL ||
        builder->script.phases == NULL || builder->script.steps == NULL ||
        builder->script.explanations == NULL) {
        return STATUS_NOMEM;
    }
    compiled->text_count = 1; /* the script, once it is known */
    builder->script.guide_id = compile_bytes(guide->id.text);
    builder->script.guide_title = compile_bytes(guide->title.text);
    builder->script.case_id = compile_bytes(case_file == NULL ? NULL : case_file->id.text);
    builder->script.case_title =
        compile_bytes(case_file == NULL ? NULL : case_file->title.text);
    builder->script.language = compile_bytes(guide_language_word(guide->language));
    return STATUS_OK;
}

static void builder_build(struct builder *builder)
{
    compile_beginning(builder);
    for (uint32_t i = 0; i < builder->resolved->step_count && builder->status == STATUS_OK;
         i++) {
        compile_step(builder, i);
        builder->compiled->step_count = (uint16_t)(i + 1);
        builder->script.step_count = (uint16_t)(i + 1);
    }
    if (builder->status == STATUS_OK) {
        add_explanations(builder);
    }
    add_script(builder);
}

static void refuse(const struct builder *builder, struct report *report)
{
    if (builder->status == STATUS_TOO_LONG) {
        report_add(report, REPORT_ERROR, builder->resolved->guide->file, (struct place){0},
                   SAY("%s: too long for one text of a session; shorten or split it"),
                   builder->what);
    }
}

enum status compile_session(const struct resolved *resolved, struct report *report,
                            struct compiled **compiled_out)
{
    struct builder *builder = NULL;
    enum status status = STATUS_NOMEM;

    *compiled_out = NULL;
    if (!playable_check(resolved, report)) {
        return STATUS_UNSUPPORTED;
    }
    if (resolved->step_count == 0 || resolved->step_count > STEPS_MAX ||
        resolved->explanation_count > SCRIPT_EXPLANATIONS_MAX) {
        report_add(report, REPORT_ERROR, resolved->guide->file, (struct place){0},
                   SAY("no step is left to play, or more than a session holds"));
        return STATUS_USAGE;
    }
    builder = secret_alloc(sizeof *builder);
    if (builder == NULL) {
        return STATUS_NOMEM;
    }
    status = builder_begin(builder, resolved);
    if (status == STATUS_OK) {
        builder_build(builder);
        status = builder->status;
        refuse(builder, report);
    }
    if (status == STATUS_OK) {
        *compiled_out = builder->compiled;
        builder->compiled = NULL;
    }
    compiled_destroy(builder->compiled);
    writer_finish(&builder->writer);
    script_finish(&builder->script);
    secret_free(builder, sizeof *builder);
    return status;
}

void compiled_destroy(struct compiled *compiled)
{
    if (compiled == NULL) {
        return;
    }
    for (uint16_t i = 0; i < compiled->text_count && compiled->texts != NULL; i++) {
        if (compiled->texts[i].data != NULL) {
            secret_wipe((void *)compiled->texts[i].data, compiled->texts[i].count);
            free((void *)compiled->texts[i].data);
        }
    }
    for (uint16_t i = 0; i < compiled->step_count && compiled->step_ids != NULL; i++) {
        free(compiled->step_ids[i]);
    }
    free(compiled->step_ids);
    free(compiled->steps);
    free(compiled->texts);
    free(compiled);
}

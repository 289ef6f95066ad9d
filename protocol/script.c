#include "protocol/script.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/content.h"
#include "protocol/reader.h"
#include "protocol/writer.h"

enum {
    SCRIPT_VALUES = 13, /* [type, 0, the guide's and the case's, phases, ..., next] */
    PHASE_VALUES = 4,
    STEP_VALUES = 10,
    EXPLANATION_VALUES = 2,
    ENDS_VALUES = 3, /* [preparation, gate, next] */
};

static uint16_t text_number(struct reader *reader)
{
    return (uint16_t)reader_u32(reader, TEXTS_MAX - 1);
}

static struct bytes script_line(struct reader *reader)
{
    return reader_str(reader, CONTENT_LINE_BYTES_MAX);
}

static void *list_alloc(struct reader *reader, uint32_t count, size_t size)
{
    void *list = count == 0 ? NULL : calloc(count, size);

    if (list == NULL && count > 0) {
        reader_fail(reader, STATUS_NOMEM);
    }
    return list;
}

static void read_phases(struct reader *reader, struct script *script)
{
    uint32_t count = reader_array(reader, 0, SCRIPT_PHASES_MAX);
    struct script_phase *phases = list_alloc(reader, count, sizeof *phases);

    if (phases == NULL) {
        return;
    }
    script->phases = phases;
    script->phase_count = (uint16_t)count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t values = reader_array(reader, PHASE_VALUES, READER_COUNT_MAX);

        phases[i].number = (uint16_t)reader_u32(reader, UINT16_MAX);
        phases[i].title = script_line(reader);
        phases[i].text = text_number(reader);
        phases[i].tip = text_number(reader);
        reader_tail(reader, values, PHASE_VALUES);
    }
}

static void read_step(struct reader *reader, struct script_step *step)
{
    uint32_t values = reader_array(reader, STEP_VALUES, READER_COUNT_MAX);

    step->step = (uint16_t)reader_u32(reader, STEPS_MAX);
    step->phase = (uint16_t)reader_u32(reader, UINT16_MAX);
    step->prompt = text_number(reader);
    step->text_count = (uint16_t)reader_array(reader, 0, SCRIPT_STEP_TEXTS_MAX);
    for (uint16_t i = 0; i < step->text_count; i++) {
        step->texts[i] = text_number(reader);
    }
    step->tip = text_number(reader);
    step->consequences = text_number(reader);
    step->explanation = (uint16_t)reader_u32(reader, SCRIPT_EXPLANATIONS_MAX);
    step->minutes = (uint16_t)reader_u32(reader, UINT16_MAX);
    step->label = script_line(reader);
    step->title = script_line(reader);
    reader_tail(reader, values, STEP_VALUES);
}

static void read_steps(struct reader *reader, struct script *script)
{
    uint32_t count = reader_array(reader, 0, STEPS_MAX);
    struct script_step *steps;

    if (count == 0) {
        return;
    }
    if (count > (uint32_t)STEPS_MAX - script->step_count) {
        reader_fail(reader, STATUS_TOO_LONG);
        return;
    }
    steps = realloc(script->steps, (script->step_count + count) * sizeof *steps);
    if (steps == NULL) {
        reader_fail(reader, STATUS_NOMEM);
        return;
    }
    script->steps = steps;
    memset(steps + script->step_count, 0, count * sizeof *steps);
    for (uint32_t i = 0; i < count; i++) {
        read_step(reader, &steps[script->step_count++]);
    }
}

static void read_explanations(struct reader *reader, struct script *script)
{
    uint32_t count = reader_array(reader, 0, SCRIPT_EXPLANATIONS_MAX);
    struct script_explanation *all = list_alloc(reader, count, sizeof *all);

    if (all == NULL) {
        return;
    }
    script->explanations = all;
    script->explanation_count = (uint16_t)count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t values = reader_array(reader, EXPLANATION_VALUES, READER_COUNT_MAX);
        uint32_t step_count;

        all[i].text = text_number(reader);
        step_count = reader_array(reader, 0, STEPS_MAX);
        all[i].steps = list_alloc(reader, step_count, sizeof *all[i].steps);
        all[i].step_count = all[i].steps == NULL ? 0 : (uint16_t)step_count;
        for (uint16_t k = 0; k < all[i].step_count; k++) {
            all[i].steps[k] = (uint16_t)reader_u32(reader, STEPS_MAX);
        }
        reader_tail(reader, values, EXPLANATION_VALUES);
    }
}

static uint16_t read_texts(struct reader *reader, uint16_t texts[SCRIPT_START_TEXTS_MAX])
{
    uint16_t count = (uint16_t)reader_array(reader, 0, SCRIPT_START_TEXTS_MAX);

    for (uint16_t i = 0; i < count; i++) {
        texts[i] = text_number(reader);
    }
    return count;
}

/* The names of guide and case; the same five are empty in parts that continue. */
static void read_names(struct reader *reader, struct script *script)
{
    script->guide_id = script_line(reader);
    script->guide_title = script_line(reader);
    script->case_id = script_line(reader);
    script->case_title = script_line(reader);
    script->language = script_line(reader);
}

static void read_ends(struct reader *reader, struct script *script)
{
    uint32_t values = reader_array(reader, ENDS_VALUES, READER_COUNT_MAX);

    script->preparation = text_number(reader);
    script->gate = text_number(reader);
    script->next = text_number(reader);
    reader_tail(reader, values, ENDS_VALUES);
}

enum status script_add(struct script *script, struct bytes plaintext)
{
    struct reader reader = reader_begin(plaintext);
    uint32_t count = reader_array(&reader, SCRIPT_VALUES, READER_COUNT_MAX);
    bool first = script->step_count == 0 && script->next == 0;
    struct script rest = {0};
    struct script *head = first ? script : &rest; /* only steps may be spread over parts */

    if (reader_u32(&reader, UINT32_MAX) != TEXT_SCRIPT) {
        reader_fail(&reader, STATUS_MALFORMED);
    }
    (void)reader_u32(&reader, STEPS_MAX);
    read_names(&reader, head);
    read_phases(&reader, head);
    read_steps(&reader, script);
    read_explanations(&reader, head);
    head->start_count = read_texts(&reader, head->start_texts);
    head->background_count = read_texts(&reader, head->background_texts);
    read_ends(&reader, head);
    reader_tail(&reader, count, SCRIPT_VALUES);
    script->next = head->next;
    script_finish(&rest);
    return reader_end(&reader);
}

void script_finish(struct script *script)
{
    for (uint16_t i = 0; i < script->explanation_count; i++) {
        free(script->explanations[i].steps);
    }
    free(script->explanations);
    free(script->steps);
    free(script->phases);
    *script = (struct script){0};
}

static void write_texts(struct writer *writer, const uint16_t *texts, uint16_t count)
{
    writer_array(writer, count);
    for (uint16_t i = 0; i < count; i++) {
        writer_uint(writer, texts[i]);
    }
}

static void write_phases(struct writer *writer, const struct script *script)
{
    writer_array(writer, script->phase_count);
    for (uint16_t i = 0; i < script->phase_count; i++) {
        writer_array(writer, PHASE_VALUES);
        writer_uint(writer, script->phases[i].number);
        writer_str(writer, script->phases[i].title);
        writer_uint(writer, script->phases[i].text);
        writer_uint(writer, script->phases[i].tip);
    }
}

static void write_step(struct writer *writer, const struct script_step *step)
{
    writer_array(writer, STEP_VALUES);
    writer_uint(writer, step->step);
    writer_uint(writer, step->phase);
    writer_uint(writer, step->prompt);
    write_texts(writer, step->texts, step->text_count);
    writer_uint(writer, step->tip);
    writer_uint(writer, step->consequences);
    writer_uint(writer, step->explanation);
    writer_uint(writer, step->minutes);
    writer_str(writer, step->label);
    writer_str(writer, step->title);
}

static void write_explanations(struct writer *writer, const struct script *script)
{
    writer_array(writer, script->explanation_count);
    for (uint16_t i = 0; i < script->explanation_count; i++) {
        const struct script_explanation *explanation = &script->explanations[i];

        writer_array(writer, EXPLANATION_VALUES);
        writer_uint(writer, explanation->text);
        write_texts(writer, explanation->steps, explanation->step_count);
    }
}

void script_encode(struct writer *writer, const struct script *script, uint16_t from,
                   uint16_t to, uint16_t next)
{
    const struct script nothing = {0};
    const struct script *part = from == 0 ? script : &nothing;

    assert(from <= to && to <= script->step_count);
    writer_array(writer, SCRIPT_VALUES);
    writer_uint(writer, TEXT_SCRIPT);
    writer_uint(writer, 0);
    writer_str(writer, part->guide_id);
    writer_str(writer, part->guide_title);
    writer_str(writer, part->case_id);
    writer_str(writer, part->case_title);
    writer_str(writer, part->language);
    write_phases(writer, part);
    writer_array(writer, (uint32_t)(to - from));
    for (uint16_t i = from; i < to; i++) {
        write_step(writer, &script->steps[i]);
    }
    write_explanations(writer, part);
    write_texts(writer, part->start_texts, part->start_count);
    write_texts(writer, part->background_texts, part->background_count);
    writer_array(writer, 3);
    writer_uint(writer, part->preparation);
    writer_uint(writer, part->gate);
    writer_uint(writer, next);
}

const struct script_step *script_find(const struct script *script, uint16_t step)
{
    for (uint16_t i = 0; i < script->step_count; i++) {
        if (script->steps[i].step == step) {
            return &script->steps[i];
        }
    }
    return NULL;
}

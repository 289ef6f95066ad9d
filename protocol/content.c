#include "protocol/content.h"

#include <assert.h>

#include "protocol/reader.h"
#include "protocol/writer.h"

/* Arrays grow at their tail: at least `known` values, the rest is skipped at the end. */
static uint32_t begin(struct reader *reader, uint32_t known)
{
    return reader_array(reader, known, READER_COUNT_MAX);
}

static struct bytes line(struct reader *reader)
{
    return reader_str(reader, CONTENT_LINE_BYTES_MAX);
}

static struct bytes markdown(struct reader *reader)
{
    return reader_str(reader, PLAINTEXT_BYTES_MAX);
}

static uint16_t number(struct reader *reader, uint32_t max)
{
    return (uint16_t)reader_u32(reader, max);
}

/* A number of an enum without zero. */
static uint16_t number_from_1(struct reader *reader, uint32_t max)
{
    uint16_t value = number(reader, max);

    if (value == 0) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    return value;
}

/* ---- lists of lines, pairs, numbers ---- */

static void read_lines(struct reader *reader, struct content_lines *lines)
{
    lines->count = (uint16_t)reader_array(reader, 0, CONTENT_LINES_MAX);
    for (uint16_t i = 0; i < lines->count; i++) {
        lines->at[i] = line(reader);
    }
}

static void write_lines(struct writer *writer, const struct content_lines *lines)
{
    assert(lines->count <= CONTENT_LINES_MAX);
    writer_array(writer, lines->count);
    for (uint16_t i = 0; i < lines->count; i++) {
        writer_str(writer, lines->at[i]);
    }
}

static void read_pairs(struct reader *reader, struct content_pairs *pairs)
{
    pairs->count = (uint16_t)reader_array(reader, 0, CONTENT_PAIRS_MAX);
    for (uint16_t i = 0; i < pairs->count; i++) {
        uint32_t count = begin(reader, 2);

        pairs->at[i] = (struct content_pair){.term = line(reader), .number = 0};
        pairs->at[i].text = markdown(reader);
        reader_tail(reader, count, 2);
    }
}

static void write_pairs(struct writer *writer, const struct content_pairs *pairs)
{
    assert(pairs->count <= CONTENT_PAIRS_MAX);
    writer_array(writer, pairs->count);
    for (uint16_t i = 0; i < pairs->count; i++) {
        writer_array(writer, 2);
        writer_str(writer, pairs->at[i].term);
        writer_str(writer, pairs->at[i].text);
    }
}

static void read_roles(struct reader *reader, struct content_pairs *roles)
{
    roles->count = (uint16_t)reader_array(reader, 0, CONTENT_PAIRS_MAX);
    for (uint16_t i = 0; i < roles->count; i++) {
        uint32_t count = begin(reader, 2);

        roles->at[i] = (struct content_pair){.number = number_from_1(reader, ROLE_COUNT - 1)};
        roles->at[i].text = markdown(reader);
        reader_tail(reader, count, 2);
    }
}

static void write_roles(struct writer *writer, const struct content_pairs *roles)
{
    writer_array(writer, roles->count);
    for (uint16_t i = 0; i < roles->count; i++) {
        writer_array(writer, 2);
        writer_uint(writer, roles->at[i].number);
        writer_str(writer, roles->at[i].text);
    }
}

static void read_numbers(struct reader *reader, struct content_numbers *numbers, uint32_t max)
{
    numbers->count = (uint16_t)reader_array(reader, 0, CONTENT_BESIDE_MAX);
    for (uint16_t i = 0; i < numbers->count; i++) {
        numbers->at[i] = number_from_1(reader, max);
    }
}

static void write_numbers(struct writer *writer, const struct content_numbers *numbers)
{
    assert(numbers->count <= CONTENT_BESIDE_MAX);
    writer_array(writer, numbers->count);
    for (uint16_t i = 0; i < numbers->count; i++) {
        writer_uint(writer, numbers->at[i]);
    }
}

/* ---- one pair of functions per type of text ---- */

static void read_welcome(struct reader *reader, struct content_text *text)
{
    struct text_welcome *welcome = &text->as.welcome;

    welcome->guide_title = line(reader);
    welcome->summary = markdown(reader);
    welcome->case_title = line(reader);
    welcome->language = line(reader);
    welcome->source = line(reader);
    read_roles(reader, &welcome->roles);
    welcome->people_min = number(reader, MEMBERS_MAX);
    welcome->observer = (enum observer_rule)number(reader, OBSERVER_RULE_COUNT - 1);
}

static void write_welcome(struct writer *writer, const struct content_text *text)
{
    const struct text_welcome *welcome = &text->as.welcome;

    writer_str(writer, welcome->guide_title);
    writer_str(writer, welcome->summary);
    writer_str(writer, welcome->case_title);
    writer_str(writer, welcome->language);
    writer_str(writer, welcome->source);
    write_roles(writer, &welcome->roles);
    writer_uint(writer, welcome->people_min);
    writer_uint(writer, (uint64_t)welcome->observer);
}

static void read_concepts(struct reader *reader, struct content_text *text)
{
    read_pairs(reader, &text->as.concepts);
}

static void write_concepts(struct writer *writer, const struct content_text *text)
{
    write_pairs(writer, &text->as.concepts);
}

static void read_gate(struct reader *reader, struct content_text *text)
{
    read_lines(reader, &text->as.gate);
}

static void write_gate(struct writer *writer, const struct content_text *text)
{
    write_lines(writer, &text->as.gate);
}

static void read_phase(struct reader *reader, struct content_text *text)
{
    struct text_phase *phase = &text->as.phase;

    phase->phase = number_from_1(reader, UINT16_MAX);
    phase->title = line(reader);
    phase->goal = markdown(reader);
    read_lines(reader, &phase->attention);
}

static void write_phase(struct writer *writer, const struct content_text *text)
{
    const struct text_phase *phase = &text->as.phase;

    writer_uint(writer, phase->phase);
    writer_str(writer, phase->title);
    writer_str(writer, phase->goal);
    write_lines(writer, &phase->attention);
}

static void read_options(struct reader *reader, struct text_prompt *prompt)
{
    prompt->option_count = (uint16_t)reader_array(reader, 0, CONTENT_OPTIONS_MAX);
    for (uint16_t i = 0; i < prompt->option_count; i++) {
        uint32_t count = begin(reader, 2);

        prompt->options[i].label = line(reader);
        prompt->options[i].text = markdown(reader);
        reader_tail(reader, count, 2);
    }
}

static void read_prompt(struct reader *reader, struct content_text *text)
{
    struct text_prompt *prompt = &text->as.prompt;

    prompt->form = (enum form)number_from_1(reader, FORM_COUNT - 1);
    prompt->phase = number(reader, UINT16_MAX);
    prompt->title = line(reader);
    prompt->section = line(reader);
    prompt->label = line(reader);
    prompt->text = markdown(reader);
    read_pairs(reader, &prompt->items);
    read_options(reader, prompt);
    prompt->reason = line(reader);
    prompt->minutes = number(reader, UINT16_MAX);
    read_numbers(reader, &prompt->texts, TEXTS_MAX - 1);
    read_numbers(reader, &prompt->beside_texts, TEXTS_MAX - 1);
    read_numbers(reader, &prompt->beside_steps, STEPS_MAX);
    prompt->talk = (enum talk)number(reader, TALK_COUNT - 1);
}

static void write_prompt(struct writer *writer, const struct content_text *text)
{
    const struct text_prompt *prompt = &text->as.prompt;

    assert(prompt->option_count <= CONTENT_OPTIONS_MAX);
    writer_uint(writer, (uint64_t)prompt->form);
    writer_uint(writer, prompt->phase);
    writer_str(writer, prompt->title);
    writer_str(writer, prompt->section);
    writer_str(writer, prompt->label);
    writer_str(writer, prompt->text);
    write_pairs(writer, &prompt->items);
    writer_array(writer, prompt->option_count);
    for (uint16_t i = 0; i < prompt->option_count; i++) {
        writer_array(writer, 2);
        writer_str(writer, prompt->options[i].label);
        writer_str(writer, prompt->options[i].text);
    }
    writer_str(writer, prompt->reason);
    writer_uint(writer, prompt->minutes);
    write_numbers(writer, &prompt->texts);
    write_numbers(writer, &prompt->beside_texts);
    write_numbers(writer, &prompt->beside_steps);
    writer_uint(writer, (uint64_t)prompt->talk);
}

static void read_titled(struct reader *reader, struct content_text *text)
{
    text->as.titled.title = line(reader);
    text->as.titled.text = markdown(reader);
}

static void write_titled(struct writer *writer, const struct content_text *text)
{
    writer_str(writer, text->as.titled.title);
    writer_str(writer, text->as.titled.text);
}

static void read_explanation(struct reader *reader, struct content_text *text)
{
    read_titled(reader, text);
    read_numbers(reader, &text->as.titled.steps, STEPS_MAX);
}

static void write_explanation(struct writer *writer, const struct content_text *text)
{
    write_titled(writer, text);
    write_numbers(writer, &text->as.titled.steps);
}

static void read_consequences(struct reader *reader, struct content_text *text)
{
    struct text_consequences *consequences = &text->as.consequences;

    consequences->count = (uint16_t)reader_array(reader, 0, CONTENT_OPTIONS_MAX);
    for (uint16_t i = 0; i < consequences->count; i++) {
        uint32_t count = begin(reader, 2);

        consequences->at[i].text = markdown(reader);
        consequences->at[i].preferred = reader_bool(reader);
        reader_tail(reader, count, 2);
    }
    consequences->after = markdown(reader);
}

static void write_consequences(struct writer *writer, const struct content_text *text)
{
    const struct text_consequences *consequences = &text->as.consequences;

    assert(consequences->count <= CONTENT_OPTIONS_MAX);
    writer_array(writer, consequences->count);
    for (uint16_t i = 0; i < consequences->count; i++) {
        writer_array(writer, 2);
        writer_str(writer, consequences->at[i].text);
        writer_bool(writer, consequences->at[i].preferred);
    }
    writer_str(writer, consequences->after);
}

static void read_tip(struct reader *reader, struct content_text *text)
{
    text->as.tip = markdown(reader);
}

static void write_tip(struct writer *writer, const struct content_text *text)
{
    writer_str(writer, text->as.tip);
}

static void read_list(struct reader *reader, struct content_text *text)
{
    text->as.list.title = line(reader);
    read_lines(reader, &text->as.list.lines);
}

static void write_list(struct writer *writer, const struct content_text *text)
{
    writer_str(writer, text->as.list.title);
    write_lines(writer, &text->as.list.lines);
}

/* How many values a type has behind [type, step, and who reads and writes them. */
static const struct text_shape {
    uint32_t values;
    void (*read)(struct reader *reader, struct content_text *text);
    void (*write)(struct writer *writer, const struct content_text *text);
} shapes[TEXT_TYPE_COUNT] = {
    [TEXT_WELCOME] = {8, read_welcome, write_welcome},
    [TEXT_CONCEPTS] = {1, read_concepts, write_concepts},
    [TEXT_GATE] = {1, read_gate, write_gate},
    [TEXT_PHASE] = {4, read_phase, write_phase},
    [TEXT_PROMPT] = {14, read_prompt, write_prompt},
    [TEXT_MATERIAL] = {2, read_titled, write_titled},
    [TEXT_CONSEQUENCES] = {2, read_consequences, write_consequences},
    [TEXT_EXPLANATION] = {3, read_explanation, write_explanation},
    [TEXT_TIP] = {1, read_tip, write_tip},
    [TEXT_BACKGROUND] = {2, read_titled, write_titled},
    [TEXT_LIST] = {2, read_list, write_list},
};

enum status content_text_decode(struct bytes plaintext, struct content_text *text_out)
{
    struct reader reader = reader_begin(plaintext);
    uint32_t count = reader_array(&reader, 2, READER_COUNT_MAX);
    uint32_t type = reader_u32(&reader, UINT32_MAX);
    uint16_t step = number(&reader, STEPS_MAX);
    const struct text_shape *shape;
    enum status status = reader_status(&reader);

    if (status != STATUS_OK) {
        return status;
    }
    if (type >= TEXT_TYPE_COUNT) {
        return STATUS_UNKNOWN;
    }
    text_out->type = (enum text_type)type;
    text_out->step = step;
    if (type == TEXT_SCRIPT) {
        return STATUS_OK; /* what follows is for script_add() */
    }
    shape = &shapes[type];
    if (count < 2 + shape->values) {
        return STATUS_MALFORMED;
    }
    shape->read(&reader, text_out);
    reader_tail(&reader, count, 2 + shape->values);
    return reader_end(&reader);
}

void content_text_encode(struct writer *writer, const struct content_text *text)
{
    const struct text_shape *shape = &shapes[text->type];

    assert(text->type != TEXT_SCRIPT);
    writer_array(writer, 2 + shape->values);
    writer_uint(writer, (uint64_t)text->type);
    writer_uint(writer, text->step);
    shape->write(writer, text);
}

/* ---- what members write ---- */

enum { ANSWER_VALUES = 3 };

enum status content_answer_decode(struct bytes plaintext, struct content_answer *answer_out)
{
    struct reader reader = reader_begin(plaintext);
    uint32_t count = begin(&reader, ANSWER_VALUES);

    answer_out->form = (enum form)number_from_1(&reader, FORM_COUNT - 1);
    answer_out->field_count = (uint16_t)reader_array(&reader, 0, CONTENT_FIELDS_MAX);
    for (uint16_t i = 0; i < answer_out->field_count; i++) {
        answer_out->fields[i] = markdown(&reader);
    }
    answer_out->option = number(&reader, CONTENT_OPTIONS_MAX);
    reader_tail(&reader, count, ANSWER_VALUES);
    return reader_end(&reader);
}

void content_answer_encode(struct writer *writer, const struct content_answer *answer)
{
    assert(answer->field_count <= CONTENT_FIELDS_MAX);
    writer_array(writer, ANSWER_VALUES);
    writer_uint(writer, (uint64_t)answer->form);
    writer_array(writer, answer->field_count);
    for (uint16_t i = 0; i < answer->field_count; i++) {
        writer_str(writer, answer->fields[i]);
    }
    writer_uint(writer, answer->option);
}

static const uint8_t string_counts[KIND_COUNT] = {
    [KIND_GENESIS] = 1, /* the title */
    [KIND_JOIN] = 1,    [KIND_NAME] = 1,    [KIND_NOTE] = 1,      [KIND_PARK] = 1,
    [KIND_REPORT] = 1,  [KIND_MESSAGE] = 1, [KIND_AGREEMENT] = 4, [KIND_FOLLOW_UP] = 3,
};

uint16_t content_strings_of(enum kind kind)
{
    return string_counts[kind];
}

enum status content_strings_decode(struct bytes plaintext, enum kind kind,
                                   struct content_strings *strings_out)
{
    struct reader reader = reader_begin(plaintext);
    uint16_t known = content_strings_of(kind);
    uint32_t count = begin(&reader, known);

    strings_out->count = known;
    for (uint16_t i = 0; i < known; i++) {
        strings_out->at[i] = markdown(&reader);
    }
    reader_tail(&reader, count, known);
    return reader_end(&reader);
}

void content_strings_encode(struct writer *writer, const struct content_strings *strings)
{
    assert(strings->count <= CONTENT_STRINGS_MAX);
    writer_array(writer, strings->count);
    for (uint16_t i = 0; i < strings->count; i++) {
        writer_str(writer, strings->at[i]);
    }
}

#include "client/guide/case.h"
#include "client/guide/shapes.h"
#include "client/say.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct shape_field person_fields[] = {
    {.name = "id", .type = SHAPE_ID, SHAPE_MEMBER(struct case_person, id), .required = true},
    {.name = "name",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct case_person, name),
     .required = true},
    {.name = "about", .type = SHAPE_LINE, SHAPE_MEMBER(struct case_person, about)},
    {.name = "group", .type = SHAPE_ID, SHAPE_MEMBER(struct case_person, group)},
};
static const struct shape person_shape = {
    .name = SAY_LATER("a person"),
    .fields = person_fields,
    .field_count = COUNT(person_fields),
    .size = sizeof(struct case_person),
    .place_offset = -1,
};

static const struct shape_field sample_fields[] = {
    {.name = "texts",
     .type = SHAPE_TEXTS,
     SHAPE_MEMBER(struct case_sample, texts),
     .min = 1,
     .max = CASE_SAMPLES_MAX},
};
static const struct shape sample_shape = {
    .name = SAY_LATER("samples"),
    .fields = sample_fields,
    .field_count = COUNT(sample_fields),
    .size = sizeof(struct case_sample),
    .plain = "texts",
    .plain_only = true,
    .id_offset = offsetof(struct case_sample, step),
    .place_offset = -1,
};

static const struct shape_field case_fields[] = {
    {.name = "kring-case", .type = SHAPE_VERSION, .required = true},
    {.name = "id", .type = SHAPE_ID, SHAPE_MEMBER(struct case_file, id), .required = true},
    {.name = "language",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct case_file, language),
     .required = true,
     .words = shapes_languages},
    {.name = "title",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct case_file, title),
     .required = true},
    {.name = "summary", .type = SHAPE_TEXT, SHAPE_MEMBER(struct case_file, summary)},
    {.name = "people",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct case_file, people),
     .shape = &person_shape,
     .max = CASE_PEOPLE_MAX},
    {.name = "materials",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct case_file, materials),
     .shape = &shapes_slot,
     .max = GUIDE_SLOTS_MAX},
    {.name = "choices",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct case_file, choices),
     .shape = &shapes_choice,
     .max = GUIDE_SLOTS_MAX},
    {.name = "explanations",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct case_file, explanations),
     .shape = &shapes_slot,
     .max = GUIDE_SLOTS_MAX},
    {.name = "samples",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct case_file, samples),
     .shape = &sample_shape,
     .max = GUIDE_STEPS_MAX},
};
const struct shape shapes_case = {
    .name = SAY_LATER("a case"),
    .fields = case_fields,
    .field_count = COUNT(case_fields),
    .size = sizeof(struct case_file),
    .place_offset = -1,
};

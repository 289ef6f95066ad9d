#include <string.h>

#include "client/guide/guide.h"
#include "client/guide/shape.h"

struct shape_visitor {
    void (*visit)(void *context, const struct guide_text *text);
    void *context;
};

static void shape_visit_struct(const struct shape_visitor *visitor, const struct shape *shape,
                               const unsigned char *data);

static void shape_visit_list(const struct shape_visitor *visitor, const struct shape *shape,
                             const void *data)
{
    struct shape_any_list list;

    memcpy(&list, data, sizeof list);
    for (uint32_t i = 0; i < list.count; i++) {
        shape_visit_struct(visitor, shape, (const unsigned char *)list.at + i * shape->size);
    }
}

static void shape_visit_text(const struct shape_visitor *visitor, const struct guide_text *text)
{
    if (text->text != NULL) {
        visitor->visit(visitor->context, text);
    }
}

static void shape_visit_field(const struct shape_visitor *visitor,
                              const struct shape_field *field, const void *data)
{
    const struct guide_texts *texts;

    switch (field->type) {
    case SHAPE_TEXT:
        shape_visit_text(visitor, data);
        break;
    case SHAPE_TEXTS:
        texts = data;
        for (uint32_t i = 0; i < texts->count; i++) {
            shape_visit_text(visitor, &texts->at[i]);
        }
        break;
    case SHAPE_ONE:
        shape_visit_struct(visitor, field->shape, data);
        break;
    case SHAPE_LIST:
    case SHAPE_MAP:
        shape_visit_list(visitor, field->shape, data);
        break;
    case SHAPE_VERSION:
    case SHAPE_ID:
    case SHAPE_LINE:
    case SHAPE_NUMBER:
    case SHAPE_BOOL:
    case SHAPE_WORD:
    case SHAPE_IDS:
    case SHAPE_LINES:
    case SHAPE_ATTENTION:
        break;
    }
}

static void shape_visit_struct(const struct shape_visitor *visitor, const struct shape *shape,
                               const unsigned char *data)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        shape_visit_field(visitor, &shape->fields[i], data + shape->fields[i].offset);
    }
}

void shape_visit_texts(const struct shape *shape, const void *data,
                       void (*visit)(void *context, const struct guide_text *text),
                       void *context)
{
    const struct shape_visitor visitor = {.visit = visit, .context = context};

    shape_visit_struct(&visitor, shape, data);
}

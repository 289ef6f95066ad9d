#include "client/guide/shape.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "client/guide/guide.h"
#include "client/guide/suggest.h"
#include "client/say.h"

static_assert(sizeof(struct shape_any_list) == sizeof(struct guide_texts) &&
                  offsetof(struct shape_any_list, count) ==
                      offsetof(struct guide_texts, count) &&
                  offsetof(struct shape_any_list, place) == offsetof(struct guide_texts, place),
              "all list structs have one layout");
static_assert(sizeof(enum guide_kind) == sizeof(uint32_t), "words are stored as 32 bits");

/* An error at a place of the file being read; the rest as printf's. */
#define shape_complain(reader, place, ...)                                                     \
    report_add((reader)->report, REPORT_ERROR, (reader)->file, (place), __VA_ARGS__)

bool shape_is_id(const char *text)
{
    size_t count = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return count >= 1 && count <= GUIDE_ID_BYTES_MAX && text[count] == '\0';
}

/* The name a value goes by in messages: its key, or what it is an item of. */
static const char *shape_name_of(const struct yaml_node *node, const char *name)
{
    return node->key != NULL ? node->key : name;
}

/* A scalar without the white space around it; NULL after a finding. */
static const char *shape_scalar(struct shape_reader *reader, const struct yaml_node *node,
                                const char *name)
{
    char *start = node->text;
    size_t count;

    if (node->kind != YAML_SCALAR) {
        shape_complain(reader, node->place,
                       SAY("\"%s\" is a single text, not a list or mapping"),
                       report_quote(shape_name_of(node, name)).text);
        return NULL;
    }
    start += strspn(start, "\n");
    count = strlen(start);
    while (count > 0 && strchr(" \t\n", start[count - 1]) != NULL) {
        count--;
    }
    if (count == 0) {
        shape_complain(reader, node->place,
                       SAY("\"%s\" is empty: write something, or leave the key out"),
                       report_quote(shape_name_of(node, name)).text);
        return NULL;
    }
    /* The tree is ours and read once: the text is cut where it stands. */
    start[count] = '\0';
    return start;
}

static void shape_read_text(struct shape_reader *reader, const struct yaml_node *node,
                            const char *name, enum shape_type type, struct guide_text *out)
{
    size_t max = type == SHAPE_TEXT ? GUIDE_TEXT_BYTES_MAX : GUIDE_LINE_BYTES_MAX;
    const char *text = shape_scalar(reader, node, name);

    if (text == NULL) {
        return;
    }
    name = shape_name_of(node, name);
    if (type == SHAPE_ID) {
        if (!shape_is_id(text)) {
            shape_complain(reader, node->place,
                           SAY("\"%s\" is no id: use 1 to 40 of a-z, 0-9 and -"),
                           report_quote(text).text);
            return;
        }
    } else if (strlen(text) > max) {
        shape_complain(reader, node->place,
                       SAY("\"%s\" has %zu bytes: at most %zu fit, so shorten or split it"),
                       name, strlen(text), max);
        return;
    } else if (type == SHAPE_LINE && strchr(text, '\n') != NULL) {
        shape_complain(reader, node->place, SAY("\"%s\" must be one line"),
                       report_quote(name).text);
        return;
    }
    reader->bytes += (uint32_t)strlen(text);
    *out = (struct guide_text){.text = text, .place = node->place};
}

static void shape_read_number(struct shape_reader *reader, const struct yaml_node *node,
                              const struct shape_field *field, uint32_t *out)
{
    const char *text = shape_scalar(reader, node, field->name);
    uint32_t number = 0;
    size_t count;

    if (text == NULL) {
        return;
    }
    count = strspn(text, "0123456789");
    for (size_t i = 0; i < count && i < 6; i++) {
        number = number * 10 + (uint32_t)(text[i] - '0');
    }
    if (count == 0 || count > 6 || text[count] != '\0' || number < field->min ||
        number > field->max) {
        shape_complain(reader, node->place, SAY("\"%s\" is a whole number from %u to %u"),
                       field->name, field->min, field->max);
        return;
    }
    *out = number;
}

static void shape_read_version(struct shape_reader *reader, const struct yaml_node *node,
                               const struct shape_field *field)
{
    const char *text = shape_scalar(reader, node, field->name);

    if (text != NULL && strcmp(text, "1") != 0) {
        shape_complain(reader, node->place,
                       SAY("\"%s: %s\" is a version that this program does not know: it reads "
                           "version 1"),
                       field->name, report_quote(text).text);
    }
}

static void shape_read_bool(struct shape_reader *reader, const struct yaml_node *node,
                            const struct shape_field *field, bool *out)
{
    const char *text = shape_scalar(reader, node, field->name);

    if (text == NULL) {
        return;
    }
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
        shape_complain(reader, node->place, SAY("\"%s\" is true or false"), field->name);
        return;
    }
    *out = strcmp(text, "true") == 0;
}

/* Adds "a, b, c" to message. */
static void shape_enumerate(char *message, size_t size, const char *word)
{
    size_t used = strlen(message);

    (void)snprintf(message + used, size - used, "%s%s", used == 0 ? "" : ", ", word);
}

static void shape_read_word(struct shape_reader *reader, const struct yaml_node *node,
                            const struct shape_field *field, uint32_t *out)
{
    char all[REPORT_MESSAGE_BYTES_MAX] = "";
    const char *text = shape_scalar(reader, node, field->name);
    struct suggestion suggestion;

    if (text == NULL) {
        return;
    }
    suggest_init(&suggestion, text);
    for (uint32_t i = 0; field->words[i] != NULL; i++) {
        if (strcmp(field->words[i], text) == 0) {
            *out = i + 1;
            return;
        }
        suggest_consider(&suggestion, field->words[i]);
        shape_enumerate(all, sizeof all, field->words[i]);
    }
    if (suggestion.best != NULL) {
        shape_complain(reader, node->place,
                       SAY("\"%s\" cannot be \"%s\": did you mean \"%s\"?"), field->name,
                       report_quote(text).text, suggestion.best);
    } else {
        shape_complain(reader, node->place, SAY("\"%s\" cannot be \"%s\": it is one of %s"),
                       field->name, report_quote(text).text, all);
    }
}

/* A list's node, its length checked; false after a finding. */
static bool shape_begin_list(struct shape_reader *reader, const struct yaml_node *node,
                             const struct shape_field *field)
{
    enum yaml_kind kind = field->type == SHAPE_MAP ? YAML_MAPPING : YAML_SEQUENCE;

    if (node->kind == YAML_SCALAR && node->text_bytes == 0) {
        shape_complain(reader, node->place,
                       SAY("\"%s\" is empty: write something, or leave the key out"),
                       field->name);
        return false;
    }
    if (node->kind != kind) {
        shape_complain(
            reader, node->place,
            kind == YAML_MAPPING
                ? SAY("\"%s\" is a mapping: lines with a name, a colon and a value")
                : SAY("\"%s\" is a list: lines that begin with \"- \", or [one, two]"),
            field->name);
        return false;
    }
    if (field->min == field->max && node->child_count != field->min) {
        shape_complain(reader, node->place, SAY("\"%s\" has %u items: it needs %u"),
                       field->name, node->child_count, field->min);
        return false;
    }
    if (node->child_count < field->min || node->child_count > field->max) {
        shape_complain(reader, node->place, SAY("\"%s\" has %u items: it can have %u to %u"),
                       field->name, node->child_count, field->min, field->max);
        return false;
    }
    return true;
}

static enum status shape_read_texts(struct shape_reader *reader, const struct yaml_node *node,
                                    const struct shape_field *field, enum shape_type type,
                                    struct guide_texts *out)
{
    struct guide_text *texts;
    uint32_t count = 0;

    if (!shape_begin_list(reader, node, field)) {
        return STATUS_OK;
    }
    texts = arena_alloc(reader->arena, node->child_count, sizeof *texts);
    if (texts == NULL) {
        return STATUS_NOMEM;
    }
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        shape_read_text(reader, item, field->name, type, &texts[count++]);
    }
    *out = (struct guide_texts){.at = texts, .count = count, .place = node->place};
    return STATUS_OK;
}

static enum status shape_read_attention(struct shape_reader *reader,
                                        const struct yaml_node *node,
                                        const struct shape_field *field,
                                        struct guide_attention *out)
{
    if (node->kind == YAML_SCALAR) {
        shape_read_text(reader, node, field->name, SHAPE_ID, &out->list);
        return STATUS_OK;
    }
    return shape_read_texts(reader, node, field, SHAPE_LINES, &out->lines);
}

/* In a mapping like materials: the key itself is the id of the element. */
static void shape_read_key(struct shape_reader *reader, const struct yaml_node *node,
                           const struct shape *shape, unsigned char *element)
{
    struct guide_text id = {.text = node->key, .place = node->key_place};

    if (!shape_is_id(node->key)) {
        shape_complain(reader, node->key_place,
                       SAY("\"%s\" is no id: use 1 to 40 of a-z, 0-9 and -"),
                       report_quote(node->key).text);
    }
    memcpy(element + shape->id_offset, &id, sizeof id);
}

static enum status shape_read_list(struct shape_reader *reader, const struct yaml_node *node,
                                   const struct shape_field *field, void *out)
{
    struct shape_any_list list = {.place = node->place};
    unsigned char *element;

    if (!shape_begin_list(reader, node, field)) {
        return STATUS_OK;
    }
    list.at = arena_alloc(reader->arena, node->child_count, field->shape->size);
    if (list.at == NULL) {
        return STATUS_NOMEM;
    }
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        enum status status;

        element = (unsigned char *)list.at + list.count * field->shape->size;
        if (field->type == SHAPE_MAP) {
            shape_read_key(reader, item, field->shape, element);
        }
        status = shape_read(reader, item, field->shape, element);
        if (status != STATUS_OK) {
            return status;
        }
        list.count++;
    }
    memcpy(out, &list, sizeof list);
    return STATUS_OK;
}

static enum status shape_read_field(struct shape_reader *reader, const struct yaml_node *node,
                                    const struct shape_field *field, void *out)
{
    enum shape_type items = SHAPE_TEXT;

    switch (field->type) {
    case SHAPE_VERSION:
        shape_read_version(reader, node, field);
        return STATUS_OK;
    case SHAPE_ID:
    case SHAPE_LINE:
    case SHAPE_TEXT:
        assert(field->size == sizeof(struct guide_text));
        shape_read_text(reader, node, field->name, field->type, out);
        return STATUS_OK;
    case SHAPE_NUMBER:
        assert(field->size == sizeof(uint32_t));
        shape_read_number(reader, node, field, out);
        return STATUS_OK;
    case SHAPE_BOOL:
        assert(field->size == sizeof(bool));
        shape_read_bool(reader, node, field, out);
        return STATUS_OK;
    case SHAPE_WORD:
        assert(field->size == sizeof(uint32_t));
        shape_read_word(reader, node, field, out);
        return STATUS_OK;
    case SHAPE_IDS:
    case SHAPE_LINES:
    case SHAPE_TEXTS:
        assert(field->size == sizeof(struct guide_texts));
        items = field->type == SHAPE_IDS ? SHAPE_ID : items;
        items = field->type == SHAPE_LINES ? SHAPE_LINE : items;
        return shape_read_texts(reader, node, field, items, out);
    case SHAPE_ATTENTION:
        assert(field->size == sizeof(struct guide_attention));
        return shape_read_attention(reader, node, field, out);
    case SHAPE_ONE:
        assert(field->size == field->shape->size);
        return shape_read(reader, node, field->shape, out);
    case SHAPE_LIST:
    case SHAPE_MAP:
        assert(field->size == sizeof(struct shape_any_list));
        return shape_read_list(reader, node, field, out);
    }
    assert(false);
    return STATUS_OK;
}

static const struct shape_field *shape_find(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        if (strcmp(shape->fields[i].name, name) == 0) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

static bool shape_allows(const struct shape_field *field, uint32_t variant)
{
    return field->variants == 0 || (field->variants & (1U << variant)) != 0;
}

static void shape_refuse_unknown(struct shape_reader *reader, const struct yaml_node *node,
                                 const struct shape *shape, uint32_t variant)
{
    char all[REPORT_MESSAGE_BYTES_MAX] = "";
    struct suggestion suggestion;

    suggest_init(&suggestion, node->key);
    for (size_t i = 0; i < shape->field_count; i++) {
        if (shape_allows(&shape->fields[i], variant)) {
            suggest_consider(&suggestion, shape->fields[i].name);
            shape_enumerate(all, sizeof all, shape->fields[i].name);
        }
    }
    if (suggestion.best != NULL) {
        shape_complain(reader, node->key_place,
                       SAY("unknown key \"%s\" in %s: did you mean \"%s\"?"),
                       report_quote(node->key).text, say(shape->name), suggestion.best);
    } else {
        shape_complain(reader, node->key_place, SAY("unknown key \"%s\" in %s: it can have %s"),
                       report_quote(node->key).text, say(shape->name), all);
    }
}

/* The key exists, but in another variant: says in which. */
static void shape_refuse_variant(struct shape_reader *reader, const struct yaml_node *node,
                                 const struct shape *shape, const struct shape_field *field,
                                 uint32_t variant)
{
    const struct shape_field *decider = shape_find(shape, shape->variant);
    char all[REPORT_MESSAGE_BYTES_MAX] = "";

    for (uint32_t i = 0; decider->words[i] != NULL; i++) {
        if (shape_allows(field, i + 1)) {
            shape_enumerate(all, sizeof all, decider->words[i]);
        }
    }
    shape_complain(reader, node->key_place,
                   SAY("\"%s\" belongs to %s: %s, and this one is \"%s: %s\""), field->name,
                   decider->name, all, decider->name, decider->words[variant - 1]);
}

/* 0 when the word that decides is missing or wrong: then only what all variants have counts,
 * and no complaint about the rest, which would be guesswork. */
static uint32_t shape_read_variant(struct shape_reader *reader, const struct yaml_node *node,
                                   const struct shape *shape)
{
    const struct shape_field *field;
    const struct yaml_node *value;
    uint32_t variant = 0;

    if (shape->variant == NULL) {
        return 0;
    }
    field = shape_find(shape, shape->variant);
    value = yaml_find(node, shape->variant);
    if (value != NULL) {
        shape_read_word(reader, value, field, &variant);
    }
    return variant;
}

static enum status shape_read_keys(struct shape_reader *reader, const struct yaml_node *node,
                                   const struct shape *shape, uint32_t variant,
                                   unsigned char *out)
{
    enum status status = STATUS_OK;

    for (const struct yaml_node *value = node->first; value != NULL && status == STATUS_OK;
         value = value->next) {
        const struct shape_field *field = shape_find(shape, value->key);
        bool undecided = shape->variant != NULL && variant == 0;

        if (field == NULL) {
            shape_refuse_unknown(reader, value, shape, variant);
        } else if (!shape_allows(field, variant)) {
            if (!undecided) {
                shape_refuse_variant(reader, value, shape, field, variant);
            }
        } else if (shape->variant != NULL && strcmp(shape->variant, field->name) == 0) {
            memcpy(out + field->offset, &variant, sizeof variant);
        } else {
            status = shape_read_field(reader, value, field, out + field->offset);
        }
    }
    return status;
}

static void shape_require(struct shape_reader *reader, const struct yaml_node *node,
                          const struct shape *shape, uint32_t variant)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];

        if (field->required && shape_allows(field, variant) &&
            yaml_find(node, field->name) == NULL) {
            shape_complain(reader, node->place, SAY("\"%s\" is missing: %s needs it"),
                           field->name, say(shape->name));
        }
    }
}

static enum status shape_read_plain(struct shape_reader *reader, const struct yaml_node *node,
                                    const struct shape *shape, unsigned char *out)
{
    const struct shape_field *field = shape_find(shape, shape->plain);

    return shape_read_field(reader, node, field, out + field->offset);
}

enum status shape_read(struct shape_reader *reader, const struct yaml_node *node,
                       const struct shape *shape, void *out)
{
    uint32_t bytes_before = reader->bytes;
    enum status status;
    uint32_t variant;

    if (shape->place_offset >= 0) {
        memcpy((unsigned char *)out + shape->place_offset, &node->place, sizeof node->place);
    }
    if (shape->plain != NULL && (node->kind != YAML_MAPPING || shape->plain_only)) {
        return shape_read_plain(reader, node, shape, out);
    }
    if (node->kind != YAML_MAPPING) {
        shape_complain(reader, node->place,
                       SAY("%s is a mapping: keys, each with a colon and a value"),
                       say(shape->name));
        return STATUS_OK;
    }
    variant = shape_read_variant(reader, node, shape);
    status = shape_read_keys(reader, node, shape, variant, out);
    shape_require(reader, node, shape, variant);
    if (shape->bytes_max != 0 && reader->bytes - bytes_before > shape->bytes_max) {
        shape_complain(reader, node->place,
                       SAY("all texts of %s together have %u bytes: at most %u fit, so move a "
                           "part elsewhere"),
                       say(shape->name), reader->bytes - bytes_before, shape->bytes_max);
    }
    return status;
}

#include "client/guide/yaml.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

#include "client/guide/source.h"
#include "client/say.h"
#include "common/text.h"

struct yaml_level {
    struct yaml_node *node;
    const char *key; /* of the value that comes next, in a mapping; NULL: a key comes */
    struct place key_place;
};

struct yaml_reader {
    const char *file;
    struct arena *arena;
    struct report *report;
    struct yaml_level levels[YAML_DEPTH_MAX]; /* the open sequences and mappings */
    uint32_t depth;
    uint32_t node_count;
    struct yaml_node *root;
    bool stopped; /* an error after which the rest means nothing */
    bool wrong;   /* an error after which reading on finds more */
    bool nomem;
    bool ended;
};

static struct place yaml_place(yaml_mark_t mark)
{
    return (struct place){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static void yaml_stop(struct yaml_reader *reader, yaml_mark_t mark, const char *message)
{
    report_add(reader->report, REPORT_ERROR, reader->file, yaml_place(mark), "%s", message);
    reader->stopped = true;
}

static void yaml_complain(struct yaml_reader *reader, yaml_mark_t mark, const char *message)
{
    report_add(reader->report, REPORT_ERROR, reader->file, yaml_place(mark), "%s", message);
    reader->wrong = true;
}

/* libyaml's own words are for programmers; these are for people who write guides. */
static const char *yaml_advice(const char *problem)
{
    static const struct {
        const char *problem;
        const char *advice;
    } table[] = {
        {"mapping values are not allowed",
         SAY_LATER("a colon followed by a space is not allowed inside this text: put the text "
                   "in quotes, "
                   "or write it on the lines below \"key: |\"")},
        {"did not find expected key", SAY_LATER("this line does not fit the ones above it: is "
                                                "it indented as they are, and is every "
                                                "quote closed?")},
        {"could not find expected ':'",
         SAY_LATER("\"key: value\" is expected here: is the colon missing, or does a text need "
                   "quotes?")},
        {"cannot start any token", SAY_LATER("a text cannot begin with this character: put it "
                                             "in quotes, and indent with spaces, "
                                             "never with tabs")},
        {"alphabetic or numeric character",
         SAY_LATER("a text that begins with * or & must stand in quotes, or on the lines below "
                   "\"key: |\"")},
        {"did not find expected '-' indicator",
         SAY_LATER("this line stands where a list goes on, but does not begin with \"- \": "
                   "should it be indented further?")},
        {"',' or ']'",
         SAY_LATER("a list between [ and ] has a comma between its items and ends with ]")},
        {"',' or '}'",
         SAY_LATER("a mapping between { and } has commas between its keys and ends with }")},
        {"unexpected end of stream",
         SAY_LATER("the file ends inside quotes: where should they close?")},
        {"unexpected document indicator",
         SAY_LATER("a line begins with --- or ... inside quotes")},
        {"block sequence entries are not allowed",
         SAY_LATER("\"- \" is not allowed here: begin the list on a line of its own")},
        {"tab character", SAY_LATER("indent with spaces, never with tabs")},
        {"unknown escape character", SAY_LATER("\\ has a meaning of its own between double "
                                               "quotes: use single quotes, or write \\\\")},
        {"expected <document start>", SAY_LATER("only one document may stand in a file")},
        {"block end",
         SAY_LATER("this line does not fit the ones above it: is it indented as they are?")},
        {"comment or line break", SAY_LATER("what follows | or > begins on the next line")},
    };

    for (size_t i = 0; problem != NULL && i < sizeof table / sizeof table[0]; i++) {
        if (strstr(problem, table[i].problem) != NULL) {
            return say(table[i].advice);
        }
    }
    return NULL;
}

static void yaml_explain(struct yaml_reader *reader, const yaml_parser_t *parser)
{
    const char *advice = yaml_advice(parser->problem);

    if (parser->error == YAML_MEMORY_ERROR) {
        reader->nomem = true;
    } else if (advice != NULL) {
        yaml_stop(reader, parser->problem_mark, advice);
    } else {
        report_add(reader->report, REPORT_ERROR, reader->file, yaml_place(parser->problem_mark),
                   SAY("this is not valid YAML: %s"),
                   parser->problem == NULL ? "?" : parser->problem);
        reader->stopped = true;
    }
}

/* Escapes between double quotes can make characters that no source could hold. */
static bool yaml_has_controls(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct bytes rest = {(const uint8_t *)text + i, count - i};

        if (text_harm(rest, NULL) == TEXT_CONTROL) {
            return true;
        }
    }
    return false;
}

/* The container a new value goes into; NULL at the top. */
static struct yaml_level *yaml_level_now(struct yaml_reader *reader)
{
    struct yaml_level *level = NULL;

    if (reader->depth > 0) {
        level = &reader->levels[reader->depth - 1];
        assert(level->node != NULL);
    }
    return level;
}

static struct yaml_node *yaml_append(struct yaml_reader *reader, yaml_mark_t mark,
                                     enum yaml_kind kind)
{
    struct yaml_level *level = yaml_level_now(reader);
    struct yaml_node *node;

    if (++reader->node_count > YAML_NODES_MAX) {
        yaml_stop(reader, mark, SAY("too many values for one file: is this the right file?"));
        return NULL;
    }
    node = arena_alloc(reader->arena, 1, sizeof *node);
    if (node == NULL) {
        reader->nomem = true;
        return NULL;
    }
    node->kind = kind;
    node->place = yaml_place(mark);
    if (level == NULL) {
        reader->root = node;
        return node;
    }
    node->key = level->key;
    node->key_place = level->key_place;
    level->key = NULL;
    if (level->node->first == NULL) {
        level->node->first = node;
    } else {
        level->node->last->next = node;
    }
    level->node->last = node;
    level->node->child_count++;
    return node;
}

static void yaml_take_key(struct yaml_reader *reader, const yaml_event_t *event,
                          struct yaml_level *level, const char *text)
{
    const struct yaml_node *same = yaml_find(level->node, text);

    if (same != NULL) {
        report_add(reader->report, REPORT_ERROR, reader->file, yaml_place(event->start_mark),
                   SAY("\"%s\" stands here a second time (first on line %u): keep one"),
                   report_quote(text).text, same->key_place.line);
        reader->wrong = true;
    }
    if (level->node->child_count >= YAML_KEYS_MAX) {
        yaml_stop(reader, event->start_mark, SAY("too many keys in one mapping"));
    }
    level->key = text;
    level->key_place = yaml_place(event->start_mark);
}

static void yaml_take_scalar(struct yaml_reader *reader, const yaml_event_t *event)
{
    struct yaml_level *level = yaml_level_now(reader);
    size_t count = event->data.scalar.length;
    char *text = arena_copy(reader->arena, (const char *)event->data.scalar.value, count);
    struct yaml_node *node;

    if (text == NULL) {
        reader->nomem = true;
        return;
    }
    if (yaml_has_controls(text, count)) {
        yaml_complain(reader, event->start_mark,
                      SAY("an escape in this text makes a control character: remove it"));
        text[0] = '\0';
        count = 0;
    }
    if (level != NULL && level->node->kind == YAML_MAPPING && level->key == NULL) {
        yaml_take_key(reader, event, level, text);
        return;
    }
    node = yaml_append(reader, event->start_mark, YAML_SCALAR);
    if (node != NULL) {
        node->text = text;
        node->text_bytes = count;
    }
}

static void yaml_take_start(struct yaml_reader *reader, const yaml_event_t *event,
                            enum yaml_kind kind)
{
    struct yaml_level *level = yaml_level_now(reader);
    struct yaml_node *node;

    if (level != NULL && level->node->kind == YAML_MAPPING && level->key == NULL) {
        yaml_stop(
            reader, event->start_mark,
            SAY("a key is a word, not a list or mapping: put a text that begins with [ or "
                "{ in quotes"));
        return;
    }
    if (reader->depth == YAML_DEPTH_MAX) {
        yaml_stop(reader, event->start_mark,
                  SAY("nested too deeply: nothing in these files goes deeper than 16"));
        return;
    }
    node = yaml_append(reader, event->start_mark, kind);
    if (node != NULL) {
        reader->levels[reader->depth++] = (struct yaml_level){.node = node};
    }
}

static void yaml_refuse_extras(struct yaml_reader *reader, yaml_mark_t mark,
                               const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL) {
        yaml_complain(reader, mark,
                      SAY("anchors are not used here: a text that begins with & must stand in "
                          "quotes"));
    }
    if (tag != NULL) {
        yaml_complain(
            reader, mark,
            SAY("tags are not used here: a text that begins with ! must stand in quotes"));
    }
}

static void yaml_take_document(struct yaml_reader *reader, const yaml_event_t *event)
{
    if (reader->root != NULL) {
        yaml_stop(reader, event->start_mark, SAY("only one document may stand in a file"));
    } else if (event->data.document_start.tag_directives.start !=
               event->data.document_start.tag_directives.end) {
        yaml_complain(reader, event->start_mark, SAY("tags are not used here: remove %TAG"));
    }
}

static void yaml_take(struct yaml_reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        yaml_stop(reader, event->start_mark,
                  SAY("aliases are not used here: a text that begins with * must stand in "
                      "quotes, or on the lines below \"key: |\""));
        break;
    case YAML_SCALAR_EVENT:
        yaml_refuse_extras(reader, event->start_mark, event->data.scalar.anchor,
                           event->data.scalar.tag);
        yaml_take_scalar(reader, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        yaml_refuse_extras(reader, event->start_mark, event->data.sequence_start.anchor,
                           event->data.sequence_start.tag);
        yaml_take_start(reader, event, YAML_SEQUENCE);
        break;
    case YAML_MAPPING_START_EVENT:
        yaml_refuse_extras(reader, event->start_mark, event->data.mapping_start.anchor,
                           event->data.mapping_start.tag);
        yaml_take_start(reader, event, YAML_MAPPING);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reader->depth--;
        break;
    case YAML_DOCUMENT_START_EVENT:
        yaml_take_document(reader, event);
        break;
    case YAML_STREAM_END_EVENT:
        reader->ended = true;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

static void yaml_take_all(struct yaml_reader *reader, yaml_parser_t *parser)
{
    while (!reader->stopped && !reader->nomem && !reader->ended) {
        yaml_event_t event;

        if (!yaml_parser_parse(parser, &event)) {
            yaml_explain(reader, parser);
            break;
        }
        yaml_take(reader, &event);
        yaml_event_delete(&event);
    }
}

enum status yaml_read(struct bytes bytes, const char *file, struct arena *arena,
                      struct report *report, const struct yaml_node **root_out)
{
    struct yaml_reader reader = {.file = file, .arena = arena, .report = report};
    yaml_parser_t parser;
    struct bytes text;
    enum status status = source_check(bytes, file, report, &text);

    if (status != STATUS_OK) {
        return status;
    }
    if (!yaml_parser_initialize(&parser)) {
        return STATUS_NOMEM;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, text.data, text.count);
    yaml_take_all(&reader, &parser);
    yaml_parser_delete(&parser);
    if (reader.nomem) {
        return STATUS_NOMEM;
    }
    if (reader.stopped || reader.wrong) {
        return STATUS_MALFORMED;
    }
    if (reader.root == NULL) {
        report_add(report, REPORT_ERROR, file, (struct place){1, 1}, SAY("the file is empty"));
        return STATUS_MALFORMED;
    }
    *root_out = reader.root;
    return STATUS_OK;
}

const struct yaml_node *yaml_find(const struct yaml_node *node, const char *key)
{
    if (node->kind != YAML_MAPPING) {
        return NULL;
    }
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        if (strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

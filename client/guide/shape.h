/* client/guide/shape.h -- reads a tree of YAML into a struct, by a table.
 *
 * A shape is a constant table: which keys a mapping may have, of which type, within which
 * limits, and where in the struct they go. One reader serves every mapping of the format, so
 * that every mistake is found the same way and said in the same words. Knows nothing of how
 * parts of a file refer to each other: check.h does. */
#ifndef CLIENT_GUIDE_SHAPE_H
#define CLIENT_GUIDE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/guide/arena.h"
#include "client/guide/report.h"
#include "client/guide/yaml.h"
#include "common/status.h"

enum shape_type {
    SHAPE_VERSION,   /* must be 1; nothing is kept */
    SHAPE_ID,        /* struct guide_text: [a-z0-9-]{1,40} */
    SHAPE_LINE,      /* struct guide_text: one line */
    SHAPE_TEXT,      /* struct guide_text: Markdown */
    SHAPE_NUMBER,    /* uint32_t from min to max */
    SHAPE_BOOL,      /* bool: true or false */
    SHAPE_WORD,      /* an enum: one of words, the first is 1 */
    SHAPE_IDS,       /* struct guide_texts: list of ids, min to max of them */
    SHAPE_LINES,     /* struct guide_texts: list of lines */
    SHAPE_TEXTS,     /* struct guide_texts: list of Markdown */
    SHAPE_ATTENTION, /* struct guide_attention: list of lines, or one id */
    SHAPE_ONE,       /* a struct of shape: a mapping */
    SHAPE_LIST,      /* a list struct of shape: a sequence */
    SHAPE_MAP,       /* a list struct of shape: a mapping whose keys are the elements' ids */
};

struct shape;

struct shape_field {
    const char *name;
    enum shape_type type;
    size_t offset; /* in the struct, with size: SHAPE_MEMBER() */
    size_t size;
    bool required;
    uint32_t variants;        /* bit v: only in variant v of the shape; 0: in all */
    uint32_t min;             /* numbers: the least; lists: the fewest */
    uint32_t max;             /* numbers: the most; lists: the most elements */
    const char *const *words; /* of SHAPE_WORD; ends with NULL */
    const struct shape *shape;
};

struct shape {
    const char *name; /* such as SAY_LATER("a step"), as messages say it */
    const struct shape_field *fields;
    size_t field_count;
    size_t size;            /* of the struct */
    const char *plain;      /* the field a value that is no mapping stands for; NULL: none */
    bool plain_only;        /* a mapping is not allowed */
    const char *variant;    /* the word field that decides which other keys are allowed */
    uint32_t bytes_max;     /* of all texts in it together; 0: no limit */
    ptrdiff_t id_offset;    /* in SHAPE_MAP: where the key goes (struct guide_text) */
    ptrdiff_t place_offset; /* where the struct place of the mapping goes; -1: nowhere */
};

#define SHAPE_MEMBER(type, member)                                                             \
    .offset = offsetof(type, member), .size = sizeof(((type *)NULL)->member)

/* Every list struct of guide.h and case.h begins with these, whatever it lists. */
struct shape_any_list {
    void *at;
    uint32_t count;
    struct place place;
};

struct shape_reader {
    struct arena *arena;
    struct report *report;
    const char *file;
    uint32_t bytes; /* of texts read so far; wraps never: a file is at most 1 MiB */
};

/* Reads node into the zeroed struct at out. What is wrong goes into the report, and reading
 * goes on with the rest. Texts are borrowed from the tree, lists lie in the arena.
 * Errors: STATUS_NOMEM only. */
MUST_CHECK enum status shape_read(struct shape_reader *reader, const struct yaml_node *node,
                                  const struct shape *shape, void *out);

/* Calls visit for every Markdown text (SHAPE_TEXT, SHAPE_TEXTS) that was given in the struct
 * at data, in the order of the tables. */
struct guide_text;
void shape_visit_texts(const struct shape *shape, const void *data,
                       void (*visit)(void *context, const struct guide_text *text),
                       void *context);

/* True for [a-z0-9-]{1,40}. */
bool shape_is_id(const char *text);

#endif

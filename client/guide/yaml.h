/* client/guide/yaml.h -- a file of plain YAML as a small tree that knows where all came from.
 *
 * Built from libyaml's events. What people who write guides do not need is refused with a
 * clear message: anchors, aliases, tags, several documents, a key that is given twice, nesting
 * deeper than YAML_DEPTH_MAX. Every scalar is text here; what it means is for the reader. */
#ifndef CLIENT_GUIDE_YAML_H
#define CLIENT_GUIDE_YAML_H

#include <stddef.h>
#include <stdint.h>

#include "client/guide/arena.h"
#include "client/guide/report.h"
#include "common/bytes.h"
#include "common/status.h"

enum { YAML_DEPTH_MAX = 16, YAML_NODES_MAX = 65536, YAML_KEYS_MAX = 1024 };

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    struct place place;      /* where the value begins */
    const char *key;         /* in a mapping; NULL elsewhere */
    struct place key_place;  /* where that key begins */
    char *text;              /* of a scalar, NUL-terminated, no other NUL in it */
    size_t text_bytes;       /* without the NUL */
    struct yaml_node *first; /* children of a sequence or mapping, in the file's order */
    struct yaml_node *last;
    struct yaml_node *next; /* the same parent's next child */
    uint32_t child_count;
};

/* Reads bytes; file is their name in findings. The tree lives in arena.
 * Errors: STATUS_MALFORMED or STATUS_TOO_LONG, with at least one finding in report;
 * STATUS_NOMEM. */
MUST_CHECK enum status yaml_read(struct bytes bytes, const char *file, struct arena *arena,
                                 struct report *report, const struct yaml_node **root_out);

/* The value of key in a mapping, NULL when it is not there or node is no mapping. */
const struct yaml_node *yaml_find(const struct yaml_node *node, const char *key);

#endif

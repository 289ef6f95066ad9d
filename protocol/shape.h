/* protocol/shape.h -- a positional array described as data: which field of a struct stands at
 * which place, of which type, within which bound. One encoder and one decoder serve them all.
 *
 * Decoding is strict (reader.h), borrows bytes and text, and skips what follows the last field
 * known here: arrays of messages grow at their tail. Entries, which may not, are not made so.
 */
#ifndef PROTOCOL_SHAPE_H
#define PROTOCOL_SHAPE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"
#include "protocol/writer.h"

enum shape_type {
    SHAPE_TYPE_U16,
    SHAPE_TYPE_U32, /* uint32_t, or an enum of ours */
    SHAPE_TYPE_U64,
    SHAPE_TYPE_BOOL,
    SHAPE_TYPE_FIXED, /* uint8_t[n] <-> bin of exactly n bytes */
    SHAPE_TYPE_BIN,   /* struct bytes <-> bin */
    SHAPE_TYPE_STR,   /* struct bytes <-> str */
    SHAPE_TYPE_ONE,   /* a struct <-> an array */
    SHAPE_TYPE_LIST,  /* an array of structs <-> an array of arrays */
};

struct shape;

struct shape_field {
    enum shape_type type;
    size_t offset;             /* in the struct */
    uint64_t max;              /* greatest number, most bytes, most items; FIXED: the bytes */
    size_t count_offset;       /* LIST: of the uint32_t that counts the items */
    const struct shape *shape; /* ONE, LIST */
};

struct shape {
    size_t size; /* of the struct */
    uint32_t count;
    const struct shape_field *fields;
};

/* One field each: s is the struct's name, m the member's. */
#define SHAPE_U16(s, m)                                                                        \
    {                                                                                          \
        .type = SHAPE_TYPE_U16, .offset = offsetof(struct s, m), .max = UINT16_MAX             \
    }
#define SHAPE_U32(s, m, most)                                                                  \
    {                                                                                          \
        .type = SHAPE_TYPE_U32, .offset = offsetof(struct s, m), .max = (most)                 \
    }
#define SHAPE_U64(s, m)                                                                        \
    {                                                                                          \
        .type = SHAPE_TYPE_U64, .offset = offsetof(struct s, m), .max = UINT64_MAX             \
    }
#define SHAPE_BOOL(s, m)                                                                       \
    {                                                                                          \
        .type = SHAPE_TYPE_BOOL, .offset = offsetof(struct s, m)                               \
    }
#define SHAPE_FIXED(s, m)                                                                      \
    {                                                                                          \
        .type = SHAPE_TYPE_FIXED, .offset = offsetof(struct s, m),                             \
        .max = sizeof(((struct s *)0)->m)                                                      \
    }
#define SHAPE_BIN(s, m, most)                                                                  \
    {                                                                                          \
        .type = SHAPE_TYPE_BIN, .offset = offsetof(struct s, m), .max = (most)                 \
    }
#define SHAPE_STR(s, m, most)                                                                  \
    {                                                                                          \
        .type = SHAPE_TYPE_STR, .offset = offsetof(struct s, m), .max = (most)                 \
    }
#define SHAPE_ONE(s, m, inner)                                                                 \
    {                                                                                          \
        .type = SHAPE_TYPE_ONE, .offset = offsetof(struct s, m), .shape = &(inner)             \
    }
#define SHAPE_LIST(s, m, counter, inner)                                                       \
    {                                                                                          \
        .type = SHAPE_TYPE_LIST, .offset = offsetof(struct s, m),                              \
        .max = sizeof(((struct s *)0)->m) / sizeof(((struct s *)0)->m[0]),                     \
        .count_offset = offsetof(struct s, counter), .shape = &(inner)                         \
    }

/* Defines `name`, the shape of struct s, from its fields in their order. */
#define SHAPE_DEFINE(name, s, ...)                                                             \
    static const struct shape_field name##_fields[] = {__VA_ARGS__};                           \
    static const struct shape name = {.size = sizeof(struct s),                                \
                                      .count = sizeof name##_fields / sizeof name##_fields[0], \
                                      .fields = name##_fields}

/* Writes the struct at value. A value over its bound is STATUS_TOO_LONG in the writer. */
void shape_encode(const struct shape *shape, struct writer *writer, const void *value);

/* Reads all of body into the struct at value_out, which is undefined after an error.
 * Errors: STATUS_MALFORMED, STATUS_TOO_LONG. */
MUST_CHECK enum status shape_decode(const struct shape *shape, struct bytes body,
                                    void *value_out);

/* Defines name_encode() and name_decode() for struct name over a shape. The decoder works on a
 * copy of its own and gives it out when all of it was good. */
#define SHAPE_CODEC(name, its_shape)                                                           \
    void name##_encode(struct writer *writer, const struct name *value)                        \
    {                                                                                          \
        shape_encode(&(its_shape), writer, value);                                             \
    }                                                                                          \
    enum status name##_decode(struct bytes body, struct name *value_out)                       \
    {                                                                                          \
        struct name value;                                                                     \
        enum status status = shape_decode(&(its_shape), body, &value);                         \
                                                                                               \
        if (status == STATUS_OK) {                                                             \
            *value_out = value;                                                                \
        }                                                                                      \
        return status;                                                                         \
    }

#endif

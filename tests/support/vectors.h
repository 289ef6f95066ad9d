/* tests/support/vectors.h -- test vectors as JSON files in tests/vectors. A test makes the
 * whole document anew from fixed seeds and compares it with the file; with
 * KRING_WRITE_VECTORS=1 in the environment it writes the file instead. Bytes are lower-case
 * hex. */
#ifndef TESTS_SUPPORT_VECTORS_H
#define TESTS_SUPPORT_VECTORS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"

/* Each adds one member to an object; sizes as given. The value is owned by the object. */
void vectors_hex(json_t *object, const char *name, const void *data, size_t count);
void vectors_number(json_t *object, const char *name, uint64_t value);
void vectors_text(json_t *object, const char *name, const char *text);

/* New empty ones, added to an array, or to an object under a name; borrowed. */
json_t *vectors_object_in(json_t *array);
json_t *vectors_array(json_t *object, const char *name);
json_t *vectors_object(json_t *object, const char *name);

/* Compares document with <source>/tests/vectors/<name>.json, or writes it. Consumes document.
 * False, and a line on standard error, when they differ. source: KRING_SOURCE_DIR. */
bool vectors_settle(json_t *document, const char *source, const char *name);

#endif

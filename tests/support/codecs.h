/* tests/support/codecs.h -- every params and result codec of protocol/ in one table, so that a
 * test or a fuzzer can walk them all. */
#ifndef TESTS_SUPPORT_CODECS_H
#define TESTS_SUPPORT_CODECS_H

#include <stddef.h>

#include "common/bytes.h"
#include "common/status.h"
#include "protocol/writer.h"

struct codec {
    const char *name; /* of the struct */
    size_t size;
    void (*encode)(struct writer *writer, const void *value);
    enum status (*decode)(struct bytes body, void *value_out);
};

extern const struct codec codecs[];
extern const size_t codecs_count;

/* The codec of a struct; NULL if it is not in the table. */
const struct codec *codec_named(const char *name);

#endif

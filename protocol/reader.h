/* protocol/reader.h -- a strict pull reader for MessagePack over bytes nobody vouches for.
 *
 * The caller says what must come next and within which bound; whatever else comes is an error
 * that sticks: every later read does nothing and gives zero, false or empty. So a decoder
 * reads straight on and asks once, at the end, with reader_end().
 *
 * Accepted: unsigned and negative integers, bin, str (well-formed UTF-8), arrays, nil, true,
 * false, each in its shortest form only. Never accepted: maps, floats, ext, a longer form than
 * needed, a str or bin longer than what is left, an array of more values than bytes are left,
 * arrays nested deeper than READER_DEPTH_MAX, bytes after the end.
 *
 * Never allocates, never copies, never reads ahead. What it gives is borrowed from the input.
 * Source: the MessagePack specification, https://github.com/msgpack/msgpack */
#ifndef PROTOCOL_READER_H
#define PROTOCOL_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"

enum { READER_DEPTH_MAX = 16 };

#define READER_COUNT_MAX UINT32_MAX /* no bound but the bytes that are left */

enum reader_type {
    READER_NONE, /* the end, an error, or something that is never accepted */
    READER_NIL,
    READER_BOOL,
    READER_UINT,
    READER_NEGATIVE,
    READER_BIN,
    READER_STR,
    READER_ARRAY,
};

struct reader {
    struct bytes bytes; /* borrowed */
    size_t at;
    enum status status; /* the first error, STATUS_OK until then */
};

struct reader reader_begin(struct bytes bytes);

/* The type of the next value; consumes nothing. */
enum reader_type reader_peek(const struct reader *reader);

/* An array of min to max values; gives how many follow. Exactly n: reader_array(reader, n, n).
 */
uint32_t reader_array(struct reader *reader, uint32_t min, uint32_t max);

/* The values of an array that came with count, but of which only known are known: skipped. */
void reader_tail(struct reader *reader, uint32_t count, uint32_t known);

/* An unsigned integer of at most max. */
uint64_t reader_u64(struct reader *reader, uint64_t max);
uint32_t reader_u32(struct reader *reader, uint32_t max);
/* An integer from min to max. */
int64_t reader_int(struct reader *reader, int64_t min, int64_t max);

bool reader_bool(struct reader *reader);
/* Takes a nil if one is next and says whether it did; anything else stays and is no error. */
bool reader_nil(struct reader *reader);

/* A bin, or a str, of at most count_max bytes. */
struct bytes reader_bin(struct reader *reader, size_t count_max);
struct bytes reader_str(struct reader *reader, size_t count_max);
/* A bin of exactly count bytes, copied to out; on an error out is zeroed. For keys, hashes. */
void reader_bin_exact(struct reader *reader, void *out, size_t count);

/* One whole value of any accepted type, arrays with all they hold. span gives its exact bytes.
 */
void reader_skip(struct reader *reader);
struct bytes reader_span(struct reader *reader);

/* Where the reader is, in bytes from the start; and all bytes from such a place up to here, for
 * what is hashed or signed exactly as it came. */
size_t reader_at(const struct reader *reader);
struct bytes reader_since(const struct reader *reader, size_t at);

/* Makes status the error, unless there is one already: for what a decoder itself finds wrong.
 */
void reader_fail(struct reader *reader, enum status status);

/* How it went so far. STATUS_MALFORMED; STATUS_TOO_LONG (a str, bin or array over its bound);
 * or what reader_fail() was given. */
MUST_CHECK enum status reader_status(const struct reader *reader);
/* The same, and bytes that were not read are STATUS_MALFORMED too. */
MUST_CHECK enum status reader_end(const struct reader *reader);

#endif

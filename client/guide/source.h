/* client/guide/source.h -- the bytes of a guide or case file, before anybody looks for meaning.
 *
 * Reads a file whole and checks what holds for every text file here: at most
 * SOURCE_BYTES_MAX, well-formed UTF-8, no control characters but tab and line breaks. Knows
 * neither YAML nor Markdown. */
#ifndef CLIENT_GUIDE_SOURCE_H
#define CLIENT_GUIDE_SOURCE_H

#include "client/guide/report.h"
#include "common/bytes.h"
#include "common/status.h"

enum { SOURCE_BYTES_MAX = 1024 * 1024 };

/* The whole file at path. The caller owns *data_out and frees it with free().
 * Errors: STATUS_NOT_FOUND, STATUS_IO, STATUS_TOO_LONG, all with a finding in report;
 * STATUS_NOMEM. */
MUST_CHECK enum status source_read(const char *path, struct report *report,
                                   unsigned char **data_out, size_t *count_out);

/* Checks bytes and takes a byte order mark off their front. file is the name for findings.
 * Errors: STATUS_TOO_LONG, STATUS_MALFORMED, both with a finding in report. */
MUST_CHECK enum status source_check(struct bytes bytes, const char *file, struct report *report,
                                    struct bytes *text_out);

/* Line and column of the byte at offset. */
struct place source_place(struct bytes bytes, size_t offset);

#endif

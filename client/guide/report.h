/* client/guide/report.h -- what is wrong with files that people wrote, and where.
 *
 * A report is a bounded list of findings. Adding never fails: what does not fit (or cannot be
 * allocated) is counted, so that an error is never lost silently. Says nothing by itself and
 * opens no files. Messages are UTF-8 without control characters, whatever was quoted in them.
 */
#ifndef CLIENT_GUIDE_REPORT_H
#define CLIENT_GUIDE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/status.h"

enum {
    REPORT_FINDINGS_MAX = 200,
    REPORT_MESSAGE_BYTES_MAX = 1000,
    REPORT_QUOTE_BYTES_MAX = 60
};

enum report_severity {
    REPORT_ERROR,   /* the file cannot be used */
    REPORT_WARNING, /* it can, but probably not as meant */
    REPORT_NOTE,    /* good to know */
};

struct place {
    uint32_t line;   /* 1-based; 0: the file as a whole */
    uint32_t column; /* 1-based, in characters (code points) */
};

struct finding {
    struct place place;
    enum report_severity severity;
    const char *file;
    const char *message;
    uint32_t file_order; /* in which order files were first named */
    uint32_t order;      /* in which order findings came */
};

/* Text cut to what a message quotes of it. */
struct report_quote {
    char text[REPORT_QUOTE_BYTES_MAX + 4];
};

struct report;

/* An empty report. The caller owns it: report_destroy(); NULL is fine there. */
MUST_CHECK enum status report_create(struct report **report_out);
void report_destroy(struct report *report);

/* Adds a finding; file and message are copied, the message cut at REPORT_MESSAGE_BYTES_MAX. */
__attribute__((format(printf, 5, 6))) void report_add(struct report *report,
                                                      enum report_severity severity,
                                                      const char *file, struct place place,
                                                      const char *format, ...);

/* The first REPORT_QUOTE_BYTES_MAX bytes of text, never half a character. */
struct report_quote report_quote(const char *text);

/* How many of this severity were added, those that did not fit included. */
uint32_t report_count(const struct report *report, enum report_severity severity);

/* Will further findings only be counted? Then their messages need no pains taken. */
bool report_is_full(const struct report *report);

/* The findings that are held, sorted by file (as first named), line and column; borrowed until
 * the next report_add(). */
const struct finding *report_findings(struct report *report, uint32_t *count_out);

/* Prints them sorted, one a line: `file:line:column: error: message`, and a last line when some
 * did not fit. */
void report_print(struct report *report, FILE *out);

#endif

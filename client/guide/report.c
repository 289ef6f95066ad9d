#include "client/guide/report.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "client/say.h"
#include "common/text.h"

struct report {
    struct finding findings[REPORT_FINDINGS_MAX]; /* file and message share one allocation */
    uint32_t count;
    uint32_t file_count;
    uint32_t added[REPORT_NOTE + 1]; /* per severity */
};

enum status report_create(struct report **report_out)
{
    *report_out = calloc(1, sizeof **report_out);
    return *report_out == NULL ? STATUS_NOMEM : STATUS_OK;
}

void report_destroy(struct report *report)
{
    if (report == NULL) {
        return;
    }
    for (uint32_t i = 0; i < report->count; i++) {
        free((char *)report->findings[i].file);
    }
    free(report);
}

struct report_quote report_quote(const char *text)
{
    struct report_quote quote = {{0}};
    size_t count = text_prefix(text, REPORT_QUOTE_BYTES_MAX);

    memcpy(quote.text, text, count);
    if (text[count] != '\0') {
        memcpy(quote.text + count, "...", 3);
    }
    return quote;
}

static uint32_t report_file_order(struct report *report, const char *file)
{
    for (uint32_t i = 0; i < report->count; i++) {
        if (strcmp(report->findings[i].file, file) == 0) {
            return report->findings[i].file_order;
        }
    }
    return report->file_count++;
}

void report_add(struct report *report, enum report_severity severity, const char *file,
                struct place place, const char *format, ...)
{
    char message[REPORT_MESSAGE_BYTES_MAX + 8];
    size_t file_bytes = strlen(file) + 1;
    size_t message_bytes;
    size_t end = file_bytes;
    char *copy;
    va_list arguments;

    report->added[severity]++;
    if (report->count == REPORT_FINDINGS_MAX) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    message_bytes = text_prefix(message, REPORT_MESSAGE_BYTES_MAX);
    copy = malloc(file_bytes + message_bytes + 1);
    if (copy == NULL) {
        return;
    }
    memcpy(copy, file, file_bytes);
    for (size_t i = 0, passed = 1; i < message_bytes; i += passed) {
        const struct bytes rest = {(const uint8_t *)message + i, message_bytes - i};
        bool harms = text_harm(rest, &passed) != TEXT_HARMLESS;

        copy[end++] = harms || message[i] == '\n' || message[i] == '\t' ? ' ' : message[i];
    }
    copy[end] = '\0';
    report->findings[report->count] = (struct finding){
        .place = place,
        .severity = severity,
        .file = copy,
        .message = copy + file_bytes,
        .file_order = report_file_order(report, file),
        .order = report->count,
    };
    report->count++;
}

uint32_t report_count(const struct report *report, enum report_severity severity)
{
    return report->added[severity];
}

bool report_is_full(const struct report *report)
{
    return report->count == REPORT_FINDINGS_MAX;
}

static int report_compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int report_compare(const void *a, const void *b)
{
    const struct finding *left = a;
    const struct finding *right = b;
    int order = report_compare_numbers(left->file_order, right->file_order);

    if (order == 0) {
        order = report_compare_numbers(left->place.line, right->place.line);
    }
    if (order == 0) {
        order = report_compare_numbers(left->place.column, right->place.column);
    }
    return order != 0 ? order : report_compare_numbers(left->order, right->order);
}

const struct finding *report_findings(struct report *report, uint32_t *count_out)
{
    qsort(report->findings, report->count, sizeof report->findings[0], report_compare);
    *count_out = report->count;
    return report->findings;
}

static const char *report_severity_word(enum report_severity severity)
{
    switch (severity) {
    case REPORT_ERROR:
        return SAY("error");
    case REPORT_WARNING:
        return SAY("warning");
    case REPORT_NOTE:
        return SAY("note");
    }
    assert(false);
    return "";
}

void report_print(struct report *report, FILE *out)
{
    uint32_t total = 0;
    uint32_t count;
    const struct finding *findings = report_findings(report, &count);

    for (uint32_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];

        if (finding->place.line == 0) {
            fprintf(out, "%s: ", finding->file);
        } else {
            fprintf(out, "%s:%u:%u: ", finding->file, finding->place.line,
                    finding->place.column);
        }
        fprintf(out, "%s: %s\n", report_severity_word(finding->severity), finding->message);
    }
    for (enum report_severity severity = REPORT_ERROR; severity <= REPORT_NOTE; severity++) {
        total += report->added[severity];
    }
    if (total > count) {
        fprintf(out, SAY("%u more that are not shown\n"), total - count);
    }
}

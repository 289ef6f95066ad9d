/* server/logger.h -- one line per event on standard error, in logfmt:
 *
 *   time=2024-05-01T12:00:00.123Z level=info event=closed session=8f3a01c2d4e5f607 status=ok
 *
 * It never writes what people write, what they are called, or, unless asked to, where they
 * are. A session is named by the beginning of its id, as `kringd sessions` shows it. A line is
 * written at once and whole; one that cannot be written is lost. */
#ifndef SERVER_LOGGER_H
#define SERVER_LOGGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/limits.h"
#include "common/status.h"

struct sockaddr;

enum { LOGGER_LINE_BYTES_MAX = 512, LOGGER_SESSION_BYTES = 8 };

enum logger_level { LOGGER_INFO, LOGGER_WARNING, LOGGER_ERROR };

struct logger {
    int fd;
    bool addresses; /* may be written */
};

/* A line being made; what does not fit is cut off. */
struct logger_line {
    const struct logger *logger;
    char text[LOGGER_LINE_BYTES_MAX];
    size_t count;
};

/* now_ms: Unix epoch. event and keys: constant names of letters and underscores. */
void logger_begin(struct logger_line *line, const struct logger *logger, uint64_t now_ms,
                  enum logger_level level, const char *event);
/* Text is quoted where it must be; control characters become '?'. */
void logger_text(struct logger_line *line, const char *key, const char *text);
void logger_number(struct logger_line *line, const char *key, uint64_t number);
void logger_session(struct logger_line *line, const uint8_t session[HASH_BYTES]);
void logger_status(struct logger_line *line, enum status status);
/* Only where addresses may be written. */
void logger_address(struct logger_line *line, const struct sockaddr *address);
void logger_end(struct logger_line *line);

/* A line with a status and nothing else. */
void logger_event(const struct logger *logger, uint64_t now_ms, enum logger_level level,
                  const char *event, enum status status);

#endif

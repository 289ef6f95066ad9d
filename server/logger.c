#include "server/logger.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/text.h"

static const char *const level_names[] = {
    [LOGGER_INFO] = "info", [LOGGER_WARNING] = "warning", [LOGGER_ERROR] = "error"};

__attribute__((format(printf, 2, 3))) static void add(struct logger_line *line,
                                                      const char *format, ...)
{
    size_t room = sizeof line->text - 1 - line->count; /* one is for the end of the line */
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vsnprintf(line->text + line->count, room, format, arguments);
    va_end(arguments);
    if (count > 0) {
        line->count += (size_t)count < room ? (size_t)count : room - 1;
    }
}

void logger_begin(struct logger_line *line, const struct logger *logger, uint64_t now_ms,
                  enum logger_level level, const char *event)
{
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm date;
    char text[32] = "?";

    line->logger = logger;
    line->count = 0;
    if (gmtime_r(&seconds, &date) != NULL) {
        (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &date);
    }
    add(line, "time=%s.%03uZ level=%s event=%s", text, (unsigned)(now_ms % 1000),
        level_names[level], event);
}

void logger_text(struct logger_line *line, const char *key, const char *text)
{
    bool quoted = text[0] == '\0' || strpbrk(text, " \"=\\") != NULL;

    add(line, quoted ? " %s=\"" : " %s=", key);
    for (size_t i = 0, passed = 1, count = strlen(text); i < count; i += passed) {
        const struct bytes rest = {(const uint8_t *)text + i, count - i};
        bool harms = text_harm(rest, &passed) != TEXT_HARMLESS;

        if (harms || text[i] == '\n' || text[i] == '\t') {
            add(line, "?");
        } else if (text[i] == '"' || text[i] == '\\') {
            add(line, "\\%c", text[i]);
        } else {
            add(line, "%c", text[i]);
        }
    }
    if (quoted) {
        add(line, "\"");
    }
}

void logger_number(struct logger_line *line, const char *key, uint64_t number)
{
    add(line, " %s=%" PRIu64, key, number);
}

void logger_session(struct logger_line *line, const uint8_t session[HASH_BYTES])
{
    add(line, " session=");
    for (size_t i = 0; i < LOGGER_SESSION_BYTES; i++) {
        add(line, "%02x", session[i]);
    }
}

void logger_status(struct logger_line *line, enum status status)
{
    logger_text(line, "status", status_name(status));
}

void logger_address(struct logger_line *line, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "?";

    if (!line->logger->addresses) {
        return;
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;

        (void)inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    } else if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;

        (void)inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    }
    logger_text(line, "address", text);
}

void logger_end(struct logger_line *line)
{
    ssize_t written;

    line->text[line->count++] = '\n';
    written = write(line->logger->fd, line->text, line->count);
    (void)written; /* there is nobody to tell */
}

void logger_event(const struct logger *logger, uint64_t now_ms, enum logger_level level,
                  const char *event, enum status status)
{
    struct logger_line line;

    logger_begin(&line, logger, now_ms, level, event);
    logger_status(&line, status);
    logger_end(&line);
}

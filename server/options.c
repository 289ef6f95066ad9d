#include "server/options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bytes.h"
#include "common/text.h"
#include "server/text.h"

static const uint64_t mib = 1024 * 1024UL;
static const uint64_t day_ms = 24ULL * 60 * 60 * 1000;

struct unit {
    const char *name;
    uint64_t factor;
};

/* Digits, and one of the units after them if there are any; false for anything else. */
static bool read_number(const char *text, const struct unit *units, size_t unit_count,
                        uint64_t max, uint64_t *number_out)
{
    char *end = NULL;
    unsigned long long number;

    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno != 0) {
        return false;
    }
    for (size_t i = 0; i < unit_count; i++) {
        if (strcmp(end, units[i].name) == 0) {
            if (number > max / units[i].factor) {
                return false;
            }
            *number_out = number * units[i].factor;
            return true;
        }
    }
    return false;
}

static bool read_port(const char *text, uint16_t *port_out)
{
    static const struct unit plain[] = {{"", 1}};
    uint64_t port = 0;

    if (!read_number(text, plain, 1, UINT16_MAX, &port)) {
        return false;
    }
    *port_out = (uint16_t)port;
    return true;
}

bool options_split_host(const char *text, char *name_out, uint16_t *port_out)
{
    const char *colon = strrchr(text, ':');
    const char *bracket = strchr(text, ']');
    char name[CONFIG_HOST_BYTES_MAX + 1];
    uint16_t port = CONFIG_PORT_DEFAULT;
    size_t count;

    if (strlen(text) > CONFIG_HOST_BYTES_MAX) {
        return false;
    }
    if (colon != NULL && bracket != NULL && colon < bracket) {
        colon = NULL;
    }
    count = colon == NULL ? strlen(text) : (size_t)(colon - text);
    if (colon != NULL && !read_port(colon + 1, &port)) {
        return false;
    }
    memcpy(name, text, count);
    name[count] = '\0';
    if (name[0] == '[') {
        if (name[count - 1] != ']') {
            return false;
        }
        memmove(name, name + 1, count - 2);
        name[count - 2] = '\0';
    } else if (strchr(name, ':') != NULL) {
        return false; /* an IPv6 address needs its brackets */
    }
    if (name[0] == '\0') {
        return false;
    }
    (void)text_copy(name_out, sizeof name, name);
    *port_out = port;
    return true;
}

static bool read_address(const char *text, union config_address *address_out)
{
    union config_address address = {.any = {.sa_family = AF_UNSPEC}};
    char name[CONFIG_HOST_BYTES_MAX + 1];
    uint16_t port = 0;

    if (!options_split_host(text, name, &port)) {
        return false;
    }
    if (inet_pton(AF_INET, name, &address.v4.sin_addr) == 1) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons(port);
    } else if (inet_pton(AF_INET6, name, &address.v6.sin6_addr) == 1) {
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = htons(port);
    } else {
        return false;
    }
    *address_out = address;
    return true;
}

void options_print_address(const union config_address *address,
                           char out[CONFIG_ADDRESS_BYTES_MAX])
{
    char name[INET6_ADDRSTRLEN] = "?";

    if (address->any.sa_family == AF_INET6) {
        (void)inet_ntop(AF_INET6, &address->v6.sin6_addr, name, sizeof name);
        (void)snprintf(out, CONFIG_ADDRESS_BYTES_MAX, "[%s]:%u", name,
                       (unsigned)ntohs(address->v6.sin6_port));
    } else {
        (void)inet_ntop(AF_INET, &address->v4.sin_addr, name, sizeof name);
        (void)snprintf(out, CONFIG_ADDRESS_BYTES_MAX, "%s:%u", name,
                       (unsigned)ntohs(address->v4.sin_port));
    }
}

static bool read_yes(const char *text, bool *yes_out)
{
    static const char *const words[][2] = {{"yes", "no"}, {"true", "false"}, {"1", "0"}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(text, words[i][0]) == 0 || strcmp(text, words[i][1]) == 0) {
            *yes_out = strcmp(text, words[i][0]) == 0;
            return true;
        }
    }
    return false;
}

/* ---- the options ---- */

static bool set_data(struct config *config, const char *value, const char **why_out)
{
    *why_out = "is no path of a directory";
    return value[0] != '\0' && text_copy(config->data, sizeof config->data, value);
}

static bool print_data(const struct config *config, size_t at, char *out, size_t size)
{
    return at == 0 && text_copy(out, size, config->data);
}

static bool set_listen(struct config *config, const char *value, const char **why_out)
{
    if (config->listen_count == CONFIG_LISTENS_MAX) {
        *why_out = "is one address too many: at most 8";
        return false;
    }
    *why_out = "is no ADDR:PORT, such as 0.0.0.0:5746 or [::1]:0";
    if (!read_address(value, &config->listens[config->listen_count])) {
        return false;
    }
    config->listen_count++;
    return true;
}

static bool print_listen(const struct config *config, size_t at, char *out, size_t size)
{
    char text[CONFIG_ADDRESS_BYTES_MAX];

    if (at >= config->listen_count) {
        return false;
    }
    options_print_address(&config->listens[at], text);
    return text_copy(out, size, text);
}

static bool set_host(struct config *config, const char *value, const char **why_out)
{
    char name[CONFIG_HOST_BYTES_MAX + 1];
    uint16_t port = 0;

    *why_out = "is no NAME:PORT";
    return options_split_host(value, name, &port) && port != 0 &&
           bytes_is_utf8((struct bytes){(const uint8_t *)value, strlen(value)}) &&
           text_copy(config->host, sizeof config->host, value);
}

static bool print_host(const struct config *config, size_t at, char *out, size_t size)
{
    return at == 0 && config->host[0] != '\0' && text_copy(out, size, config->host);
}

static bool set_store(struct config *config, const char *value, const char **why_out)
{
    *why_out = "is no store this version has: only sqlite, in the data directory";
    return strcmp(value, "sqlite") == 0 &&
           text_copy(config->store, sizeof config->store, value);
}

static bool print_store(const struct config *config, size_t at, char *out, size_t size)
{
    return at == 0 && text_copy(out, size, config->store);
}

static bool set_min_free(struct config *config, const char *value, const char **why_out)
{
    static const struct unit sizes[] = {
        {"", 1}, {"K", 1024}, {"M", 1024 * 1024UL}, {"G", 1024 * 1024 * 1024UL}};

    *why_out = "is no size, such as 64M or 1G";
    return read_number(value, sizes, sizeof sizes / sizeof *sizes, INT64_MAX,
                       &config->min_free_bytes);
}

static bool print_min_free(const struct config *config, size_t at, char *out, size_t size)
{
    bool whole = config->min_free_bytes % mib == 0;

    (void)snprintf(out, size, "%" PRIu64 "%s",
                   whole ? config->min_free_bytes / mib : config->min_free_bytes,
                   whole ? "M" : "");
    return at == 0;
}

static bool set_log_addresses(struct config *config, const char *value, const char **why_out)
{
    *why_out = "is neither yes nor no";
    return read_yes(value, &config->log_addresses);
}

static bool print_log_addresses(const struct config *config, size_t at, char *out, size_t size)
{
    return at == 0 && text_copy(out, size, config->log_addresses ? "yes" : "no");
}

static bool set_config(struct config *config, const char *value, const char **why_out)
{
    *why_out = "is no path of a file";
    return value[0] != '\0' && text_copy(config->file, sizeof config->file, value);
}

static bool set_print_config(struct config *config, const char *value, const char **why_out)
{
    (void)value;
    (void)why_out;
    config->print_config = true;
    return true;
}

static bool set_label(struct config *config, const char *value, const char **why_out)
{
    struct bytes bytes = {(const uint8_t *)value, strlen(value)};

    *why_out = "is no label: 1 to 120 bytes of UTF-8 without control characters";
    return bytes.count > 0 && bytes_is_utf8(bytes) && text_is_line(bytes) &&
           text_copy(config->label, sizeof config->label, value);
}

static bool set_uses(struct config *config, const char *value, const char **why_out)
{
    static const struct unit plain[] = {{"", 1}};
    uint64_t uses = 0;

    *why_out = "is no number of uses from 1 to 1000000";
    if (!read_number(value, plain, 1, CONFIG_USES_MAX, &uses) || uses == 0) {
        return false;
    }
    config->uses = (uint32_t)uses;
    return true;
}

static bool set_expires(struct config *config, const char *value, const char **why_out)
{
    static const struct unit spans[] = {
        {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};

    *why_out = "is no span of time from 1m to 3660d, such as 12h, 30d or 4w";
    return read_number(value, spans, sizeof spans / sizeof *spans,
                       CONFIG_EXPIRES_DAYS_MAX * day_ms, &config->expires_ms) &&
           config->expires_ms > 0;
}

static bool set_json(struct config *config, const char *value, const char **why_out)
{
    (void)value;
    (void)why_out;
    config->json = true;
    return true;
}

const struct option options_table[OPTION_COUNT] = {
    [OPTION_DATA] = {.name = "data",
                     .argument = "DIR",
                     .help = "where sessions, key and socket are kept",
                     .is_setting = true,
                     .set = set_data,
                     .print = print_data},
    [OPTION_LISTEN] = {.name = "listen",
                       .argument = "ADDR:PORT",
                       .help = "an address to serve at, more than once if wanted; port 0: any",
                       .is_setting = true,
                       .is_list = true,
                       .set = set_listen,
                       .print = print_listen},
    [OPTION_HOST] = {.name = "host",
                     .argument = "NAME:PORT",
                     .help = "how people reach this server; stands in tickets and invites",
                     .is_setting = true,
                     .set = set_host,
                     .print = print_host},
    [OPTION_STORE] = {.name = "store",
                      .argument = "URL",
                      .help = "sqlite: a database in the data directory",
                      .is_setting = true,
                      .set = set_store,
                      .print = print_store},
    [OPTION_MIN_FREE] = {.name = "min-free",
                         .argument = "SIZE",
                         .help = "refuse to write when the disk has less than this left",
                         .is_setting = true,
                         .set = set_min_free,
                         .print = print_min_free},
    [OPTION_LOG_ADDRESSES] = {.name = "log-addresses",
                              .argument = "yes|no",
                              .help = "write addresses of connections to the log",
                              .is_setting = true,
                              .set = set_log_addresses,
                              .print = print_log_addresses},
    [OPTION_CONFIG] = {.name = "config",
                       .argument = "FILE",
                       .help = "read this instead of kringd.conf in the data directory",
                       .set = set_config},
    [OPTION_PRINT_CONFIG] = {.name = "print-config",
                             .help = "show the settings in force, and end",
                             .set = set_print_config},
    [OPTION_LABEL] = {.name = "label",
                      .argument = "TEXT",
                      .help = "what the ticket is called, to list and revoke it by",
                      .set = set_label},
    [OPTION_USES] = {.name = "uses",
                     .argument = "N",
                     .help = "how many sessions it may create; default 1",
                     .set = set_uses},
    [OPTION_EXPIRES] = {.name = "expires",
                        .argument = "TIME",
                        .help = "how long it is good for; default 30d",
                        .set = set_expires},
    [OPTION_JSON] = {.name = "json", .help = "as JSON", .set = set_json},
};

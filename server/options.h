/* server/options.h -- every option of kringd, in one table: what it is called as a flag, in the
 * environment and in kringd.conf, what it takes, and how a value becomes part of struct config.
 * Pure: reads no files and no environment. */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/limits.h"

enum {
    CONFIG_LISTENS_MAX = 8,
    CONFIG_HOST_BYTES_MAX = 256, /* NAME:PORT */
    CONFIG_USES_MAX = 1000000,
    CONFIG_EXPIRES_DAYS_MAX = 3660,
    CONFIG_PORT_DEFAULT = 5746,
    CONFIG_ADDRESS_BYTES_MAX = INET6_ADDRSTRLEN + 9, /* [ADDRESS]:65535 and NUL */
};

enum option_id {
    OPTION_DATA,
    OPTION_LISTEN,
    OPTION_HOST,
    OPTION_STORE,
    OPTION_MIN_FREE,
    OPTION_LOG_ADDRESSES,
    OPTION_CONFIG,
    OPTION_PRINT_CONFIG,
    OPTION_LABEL,
    OPTION_USES,
    OPTION_EXPIRES,
    OPTION_JSON,
    OPTION_COUNT, /* how many there are */
};

/* Where the value in force comes from; a higher one wins. */
enum config_source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_FLAG };

union config_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct config {
    char data[PATH_MAX];
    union config_address listens[CONFIG_LISTENS_MAX];
    size_t listen_count;
    char
        host[CONFIG_HOST_BYTES_MAX + 1]; /* how people reach it; empty: by the machine's name */
    char store[PATH_MAX];
    uint64_t min_free_bytes;
    bool log_addresses;
    char
        file[PATH_MAX + sizeof "/kringd.conf"]; /* the kringd.conf that was read; empty: none */

    bool print_config;
    char label[TICKET_LABEL_BYTES_MAX + 1]; /* empty: not given */
    uint32_t uses;
    uint64_t expires_ms; /* from now */
    bool json;

    const char *argument; /* LABEL or SESSION; borrowed */
    enum config_source sources[OPTION_COUNT];
};

struct option {
    const char *name;     /* --name, KRING_NAME (- is _), name = ... */
    const char *argument; /* what to write after it; NULL: a flag without value */
    const char *help;
    bool is_setting; /* may stand in the environment and in kringd.conf too */
    bool is_list;    /* may be given more than once */
    /* Takes a value over; false with a sentence in *why_out (static) when it does not fit. */
    bool (*set)(struct config *config, const char *value, const char **why_out);
    /* Writes the value in force, of a list number `at`; false when there is no such. */
    bool (*print)(const struct config *config, size_t at, char *out, size_t size);
};

extern const struct option options_table[OPTION_COUNT];

/* As [ADDRESS]:PORT or ADDRESS:PORT. */
void options_print_address(const union config_address *address,
                           char out[CONFIG_ADDRESS_BYTES_MAX]);

/* NAME:PORT, [ADDRESS]:PORT or NAME alone (then the default port), taken apart.
 * False when it is none of these. name: room for CONFIG_HOST_BYTES_MAX + 1. */
bool options_split_host(const char *text, char *name_out, uint16_t *port_out);

#endif

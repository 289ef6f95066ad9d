/* server/config.h -- the settings in force: flags, then KRING_* of the environment, then
 * kringd.conf (`key = value`, names as the flags'), then what is built in. Every value is
 * checked, also one that another overrides, and each that does not fit is named with its place.
 *
 * kringd.conf is the one --config or KRING_CONFIG names, which must be there; else the one in
 * the data directory, if there is one. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdint.h>
#include <stdio.h>

#include "common/status.h"
#include "server/options.h"

enum {
    CONFIG_FILE_BYTES_MAX = 65536,
    CONFIG_LINE_BYTES_MAX = 4096 + 64,
    CONFIG_ERRORS_BYTES_MAX = 4096,
};

/* What is wrong, a line each, NUL-terminated; what does not fit any more is left out. */
struct config_errors {
    char text[CONFIG_ERRORS_BYTES_MAX];
    size_t count;
};

struct config_input {
    int argument_count; /* behind the command's name */
    char **arguments;   /* borrowed as long as the config is used */
    uint32_t options;   /* bit n: option n is this command's */
    bool wants_argument;
    /* The environment: getenv(), or a test's own. */
    const char *(*environment)(const char *name);
    bool has_ipv6; /* of the machine, for the default address */
};

/* Errors: STATUS_USAGE (flags), STATUS_MALFORMED (environment or kringd.conf),
 * STATUS_NOT_FOUND (the named file); errors_out then says what, and config_out is undefined. */
MUST_CHECK enum status config_read(const struct config_input *input, struct config *config_out,
                                   struct config_errors *errors_out);

/* The settings as a kringd.conf, each under a line that says where it comes from. */
void config_print(const struct config *config, FILE *out);

#endif

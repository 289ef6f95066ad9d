#include "server/config.h"
#include "server/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MIN_FREE_MIB = 64, DEFAULT_EXPIRES_DAYS = 30, NAME_BYTES_MAX = 64 };

static const char *const source_names[] = {
    [SOURCE_DEFAULT] = "built in",
    [SOURCE_FILE] = "kringd.conf",
    [SOURCE_ENVIRONMENT] = "environment",
    [SOURCE_FLAG] = "flag",
};

struct reading {
    const struct config_input *input;
    struct config *config;
    struct config_errors *errors;
    enum status status; /* of the first error */
};

__attribute__((format(printf, 3, 4))) static void complain(struct reading *reading,
                                                           enum status status,
                                                           const char *format, ...)
{
    struct config_errors *errors = reading->errors;
    size_t room = sizeof errors->text - errors->count;
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vsnprintf(errors->text + errors->count, room, format, arguments);
    va_end(arguments);
    if (count > 0 && (size_t)count < room) {
        errors->count += (size_t)count;
    } else {
        errors->text[errors->count] = '\0';
    }
    if (reading->status == STATUS_OK) {
        reading->status = status;
    }
}

/* Takes a value that stands at `place`, unless something higher has set the option; then the
 * value is only looked at. */
static void take(struct reading *reading, enum option_id id, enum config_source source,
                 const char *place, const char *value)
{
    const struct option *option = &options_table[id];
    struct config *config = reading->config;
    struct config scratch = {.listen_count = 0};
    bool overridden = config->sources[id] > source;
    const char *why = NULL;

    if (!overridden && config->sources[id] < source) {
        config->sources[id] = source;
        config->listen_count = id == OPTION_LISTEN ? 0 : config->listen_count;
    } else if (!overridden && !option->is_list) {
        complain(reading, source == SOURCE_FLAG ? STATUS_USAGE : STATUS_MALFORMED,
                 "%s: given twice\n", place);
        return;
    }
    if (!option->set(overridden ? &scratch : config, value, &why)) {
        complain(reading, source == SOURCE_FLAG ? STATUS_USAGE : STATUS_MALFORMED,
                 "%s: \"%.200s\" %s\n", place, value, why);
    }
}

static bool find_option(const char *name, size_t count, enum option_id *id_out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strlen(options_table[i].name) == count &&
            strncmp(options_table[i].name, name, count) == 0) {
            *id_out = (enum option_id)i;
            return true;
        }
    }
    return false;
}

static bool is_allowed(const struct reading *reading, enum option_id id)
{
    return (reading->input->options >> id & 1) != 0;
}

/* ---- flags ---- */

/* --name VALUE, --name=VALUE or --name; how many arguments it took. */
static int read_flag(struct reading *reading, char **arguments, int left)
{
    const char *name = arguments[0] + 2;
    size_t count = strcspn(name, "=");
    const char *value = name[count] == '=' ? name + count + 1 : NULL;
    char place[NAME_BYTES_MAX];
    enum option_id id = OPTION_COUNT;
    int took = 1;

    if (!find_option(name, count, &id) || !is_allowed(reading, id)) {
        complain(reading, STATUS_USAGE, "--%.*s: no option of this command\n",
                 (int)(count < NAME_BYTES_MAX ? count : NAME_BYTES_MAX), name);
        return 1;
    }
    (void)snprintf(place, sizeof place, "--%s", options_table[id].name);
    if (options_table[id].argument == NULL && value != NULL) {
        complain(reading, STATUS_USAGE, "%s: takes no value\n", place);
        return 1;
    }
    if (options_table[id].argument != NULL && value == NULL) {
        if (left < 2) {
            complain(reading, STATUS_USAGE, "%s: its %s is missing\n", place,
                     options_table[id].argument);
            return 1;
        }
        value = arguments[1];
        took = 2;
    }
    take(reading, id, SOURCE_FLAG, place, value == NULL ? "" : value);
    return took;
}

static void read_flags(struct reading *reading)
{
    int at = 0;

    while (at < reading->input->argument_count) {
        char **arguments = reading->input->arguments + at;

        if (strncmp(arguments[0], "--", 2) == 0 && arguments[0][2] != '\0') {
            at += read_flag(reading, arguments, reading->input->argument_count - at);
        } else if (reading->input->wants_argument && reading->config->argument == NULL) {
            reading->config->argument = arguments[0];
            at++;
        } else {
            complain(reading, STATUS_USAGE, "%.200s: not expected here\n", arguments[0]);
            at++;
        }
    }
    if (reading->input->wants_argument && reading->config->argument == NULL) {
        complain(reading, STATUS_USAGE, "what it is about is missing\n");
    }
}

/* ---- environment ---- */

static void environment_name(enum option_id id, char out[NAME_BYTES_MAX])
{
    const char *name = options_table[id].name;
    size_t count = (size_t)snprintf(out, NAME_BYTES_MAX, "KRING_%s", name);

    for (size_t i = 0; i < count && i < NAME_BYTES_MAX - 1; i++) {
        out[i] = (char)(out[i] == '-' ? '_' : toupper((unsigned char)out[i]));
    }
}

/* A list stands in one variable, with white space or commas between. */
static void take_list(struct reading *reading, enum option_id id, const char *place,
                      const char *value)
{
    char copy[CONFIG_LINE_BYTES_MAX];
    char *rest = NULL;

    if (!text_copy(copy, sizeof copy, value)) {
        complain(reading, STATUS_MALFORMED, "%s: too long\n", place);
        return;
    }
    for (char *one = strtok_r(copy, ", \t", &rest); one != NULL;
         one = strtok_r(NULL, ", \t", &rest)) {
        take(reading, id, SOURCE_ENVIRONMENT, place, one);
    }
}

static void read_environment(struct reading *reading)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        enum option_id id = (enum option_id)i;
        char name[NAME_BYTES_MAX];
        const char *value;

        if (!options_table[i].is_setting && id != OPTION_CONFIG) {
            continue;
        }
        environment_name(id, name);
        value = reading->input->environment(name);
        if (value == NULL || value[0] == '\0') {
            continue;
        }
        if (options_table[i].is_list) {
            take_list(reading, id, name, value);
        } else {
            take(reading, id, SOURCE_ENVIRONMENT, name, value);
        }
    }
}

/* ---- kringd.conf ---- */

static char *trim(char *text)
{
    size_t count;

    while (isspace((unsigned char)*text)) {
        text++;
    }
    count = strlen(text);
    while (count > 0 && isspace((unsigned char)text[count - 1])) {
        text[--count] = '\0';
    }
    return text;
}

static void read_line(struct reading *reading, const char *path, unsigned number, char *line)
{
    char place[PATH_MAX + NAME_BYTES_MAX * 2];
    char *equals = NULL;
    char *name = trim(line);
    enum option_id id = OPTION_COUNT;

    if (name[0] == '\0' || name[0] == '#') {
        return;
    }
    equals = strchr(name, '=');
    if (equals == NULL) {
        complain(reading, STATUS_MALFORMED, "%s:%u: no `key = value`\n", path, number);
        return;
    }
    *equals = '\0';
    name = trim(name);
    if (!find_option(name, strlen(name), &id) || !options_table[id].is_setting) {
        complain(reading, STATUS_MALFORMED, "%s:%u: %.64s: no such setting\n", path, number,
                 name);
        return;
    }
    if (id == OPTION_DATA && reading->config->sources[OPTION_CONFIG] == SOURCE_DEFAULT) {
        complain(reading, STATUS_MALFORMED,
                 "%s:%u: data: cannot be set in the data directory itself\n", path, number);
        return;
    }
    (void)snprintf(place, sizeof place, "%s:%u: %s", path, number, options_table[id].name);
    take(reading, id, SOURCE_FILE, place, trim(equals + 1));
}

static void read_lines(struct reading *reading, const char *path, FILE *file)
{
    char line[CONFIG_LINE_BYTES_MAX];
    size_t total = 0;

    for (unsigned number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        size_t count = strlen(line);

        total += count;
        if ((count == sizeof line - 1 && line[count - 1] != '\n') ||
            total > CONFIG_FILE_BYTES_MAX) {
            complain(reading, STATUS_MALFORMED, "%s:%u: too long\n", path, number);
            return;
        }
        read_line(reading, path, number, line);
    }
    if (ferror(file) != 0) {
        complain(reading, STATUS_MALFORMED, "%s: %s\n", path, strerror(errno));
    }
}

static void read_file(struct reading *reading)
{
    struct config *config = reading->config;
    bool named = config->sources[OPTION_CONFIG] != SOURCE_DEFAULT;
    char path[sizeof config->file];
    FILE *file;

    if (named) {
        (void)text_copy(path, sizeof path, config->file);
    } else {
        (void)snprintf(path, sizeof path, "%s/kringd.conf", config->data);
    }
    file = fopen(path, "re");
    if (file == NULL) {
        config->file[0] = '\0';
        if (named || (errno != ENOENT && errno != ENOTDIR)) {
            complain(reading, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_MALFORMED,
                     "%.200s: %s\n", path, strerror(errno));
        }
        return;
    }
    (void)text_copy(config->file, sizeof config->file, path);
    read_lines(reading, path, file);
    (void)fclose(file);
}

/* ---- what is built in ---- */

/* The first that is set of systemd's, the user's, and the user's by convention. */
static void default_data(struct reading *reading)
{
    const char *(*environment)(const char *name) = reading->input->environment;
    const char *systemd = environment("STATE_DIRECTORY");
    const char *state = environment("XDG_STATE_HOME");
    const char *home = environment("HOME");
    char *out = reading->config->data;
    int count = -1;

    if (systemd != NULL && systemd[0] != '\0') {
        count = snprintf(out, PATH_MAX, "%.*s", (int)strcspn(systemd, ":"), systemd);
    } else if (state != NULL && state[0] == '/') {
        count = snprintf(out, PATH_MAX, "%s/kring", state);
    } else if (home != NULL && home[0] == '/') {
        count = snprintf(out, PATH_MAX, "%s/.local/state/kring", home);
    }
    if (count <= 0 || count >= PATH_MAX) {
        out[0] = '\0';
        complain(reading, STATUS_USAGE,
                 "--data: not given, and neither STATE_DIRECTORY, XDG_STATE_HOME nor HOME says"
                 " where\n");
    }
}

static void default_listen(struct reading *reading)
{
    union config_address *address = &reading->config->listens[0];

    memset(address, 0, sizeof *address);
    if (reading->input->has_ipv6) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_addr = in6addr_any;
        address->v6.sin6_port = htons(CONFIG_PORT_DEFAULT);
    } else {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(CONFIG_PORT_DEFAULT);
    }
    reading->config->listen_count = 1;
}

enum status config_read(const struct config_input *input, struct config *config_out,
                        struct config_errors *errors_out)
{
    struct reading reading = {
        .input = input, .config = config_out, .errors = errors_out, .status = STATUS_OK};

    memset(config_out, 0, sizeof *config_out);
    memset(errors_out, 0, sizeof *errors_out);
    (void)text_copy(config_out->store, sizeof config_out->store, "sqlite");
    config_out->min_free_bytes = DEFAULT_MIN_FREE_MIB * 1024ULL * 1024;
    config_out->uses = 1;
    config_out->expires_ms = DEFAULT_EXPIRES_DAYS * 24ULL * 60 * 60 * 1000;
    read_flags(&reading);
    read_environment(&reading);
    if (config_out->sources[OPTION_DATA] == SOURCE_DEFAULT &&
        config_out->sources[OPTION_CONFIG] == SOURCE_DEFAULT) {
        default_data(&reading);
    }
    read_file(&reading);
    if (config_out->sources[OPTION_DATA] == SOURCE_DEFAULT && config_out->data[0] == '\0' &&
        reading.status == STATUS_OK) {
        default_data(&reading);
    }
    if (config_out->listen_count == 0) {
        default_listen(&reading);
    }
    return reading.status;
}

void config_print(const struct config *config, FILE *out)
{
    char value[PATH_MAX];

    if (config->file[0] != '\0') {
        fprintf(out, "# read: %s\n", config->file);
    }
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option *option = &options_table[i];

        if (!option->is_setting) {
            continue;
        }
        fprintf(out, "# %s: %s\n", option->name, source_names[config->sources[i]]);
        for (size_t at = 0; option->print(config, at, value, sizeof value); at++) {
            fprintf(out, "%s = %s\n", option->name, value);
        }
    }
}

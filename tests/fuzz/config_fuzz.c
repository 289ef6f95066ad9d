/* kringd.conf, and, up to the first line that is empty, flags, a line each: what is accepted is
 * printed as a kringd.conf that means the same. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "server/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ALL = (1 << OPTION_COUNT) - 1, ARGUMENTS_MAX = 16, PATH_BYTES = 32 };

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

static const char *no_environment(const char *name)
{
    (void)name;
    return NULL;
}

/* A kringd.conf with this content; the path stays good until the next. */
static const char *file_with(const void *data, size_t size)
{
    static char path[PATH_BYTES];
    static int file = -1;

    if (file < 0) {
        file = memfd_create("kringd.conf", MFD_CLOEXEC);
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    must(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
    return path;
}

static enum status read_config(char **arguments, int count, struct config *config)
{
    static struct config_errors errors;
    struct config_input input = {.argument_count = count,
                                 .arguments = arguments,
                                 .options = ALL,
                                 .environment = no_environment};
    enum status status = config_read(&input, config, &errors);

    must((status == STATUS_OK) == (errors.text[0] == '\0'));
    return status;
}

static char *print(const struct config *config, size_t *count_out)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, count_out);

    must(out != NULL);
    config_print(config, out);
    must(fclose(out) == 0);
    return text;
}

/* As config_print() but for the lines that say where a value comes from. */
static char *settings_of(const struct config *config)
{
    size_t count = 0;
    char *text = print(config, &count);
    char *to = text;

    for (char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n") + 1;
        char *next = line + length;

        if (*line != '#') {
            memmove(to, line, length);
            to += length;
        }
        line = next;
    }
    *to = '\0';
    return text;
}

static void read_back(const struct config *config)
{
    static struct config again;
    char *before = settings_of(config);
    char *after;
    char *arguments[] = {(char *)(uintptr_t) "--config",
                         (char *)(uintptr_t)file_with(before, strlen(before))};

    must(read_config(arguments, 2, &again) == STATUS_OK);
    after = settings_of(&again);
    must(strcmp(before, after) == 0);
    free(before);
    free(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config config;
    char *text = calloc(1, size + 1);
    char *rest = text;
    char *arguments[ARGUMENTS_MAX];
    int count = 0;

    must(text != NULL);
    memcpy(text, data, size);
    while (count < ARGUMENTS_MAX - 2 && *rest != '\0' && *rest != '\n') {
        arguments[count++] = rest;
        rest += strcspn(rest, "\n");
        if (*rest == '\n') {
            *rest++ = '\0';
        }
        if (strstr(arguments[count - 1], "config") != NULL) {
            count--; /* it reads the file below and no other */
        }
    }
    arguments[count++] = (char *)(uintptr_t) "--config";
    arguments[count++] = (char *)(uintptr_t)file_with(rest, size - (size_t)(rest - text));
    if (read_config(arguments, count, &config) == STATUS_OK) {
        read_back(&config);
    }
    free(text);
    return 0;
}

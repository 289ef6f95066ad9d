#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "server/config.h"

#define BIT(id) (1U << (id))

enum { ALL = (1 << OPTION_COUNT) - 1, ARGUMENTS_MAX = 16, PATH_BYTES = 64 };

struct fixture {
    char directory[PATH_BYTES];
    struct config config;
    struct config_errors errors;
};

/* The environment of a test: name and value by turns, a NULL at the end. */
static const char *const *environment;

static const char *look_up(const char *name)
{
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i += 2) {
        if (strcmp(environment[i], name) == 0) {
            return environment[i + 1];
        }
    }
    return NULL;
}

static int begin(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    strcpy(fixture->directory, "/tmp/kring-config-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    environment = NULL;
    *state = fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;
    char path[PATH_BYTES + 16];

    snprintf(path, sizeof path, "%s/kringd.conf", fixture->directory);
    (void)unlink(path);
    (void)rmdir(fixture->directory);
    free(fixture);
    return 0;
}

static void write_file(const struct fixture *fixture, const char *text)
{
    char path[PATH_BYTES + 16];
    FILE *file;

    snprintf(path, sizeof path, "%s/kringd.conf", fixture->directory);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Reads with these arguments, which end with NULL, and --data DIRECTORY before them. */
static enum status read_with(struct fixture *fixture, const char *const *arguments)
{
    char *copies[ARGUMENTS_MAX] = {(char *)(uintptr_t) "--data", fixture->directory};
    struct config_input input = {.argument_count = 2,
                                 .arguments = copies,
                                 .options = ALL,
                                 .environment = look_up,
                                 .has_ipv6 = true};

    for (size_t i = 0; arguments[i] != NULL; i++) {
        copies[input.argument_count++] = (char *)(uintptr_t)arguments[i];
    }
    return config_read(&input, &fixture->config, &fixture->errors);
}

static void flags_win_over_environment_over_file(void **state)
{
    struct fixture *fixture = *state;
    const char *const variables[] = {"KRING_MIN_FREE", "2M", "KRING_HOST", "from-env:2", NULL};
    const char *const arguments[] = {"--host", "from-flag:3", NULL};

    write_file(fixture, "# a comment\n\nhost = from-file:1\nmin-free = 1M\n"
                        "log-addresses = yes\n");
    environment = variables;
    assert_int_equal(read_with(fixture, arguments), STATUS_OK);
    assert_string_equal(fixture->errors.text, "");
    assert_string_equal(fixture->config.host, "from-flag:3");
    assert_int_equal(fixture->config.min_free_bytes, 2 * 1024 * 1024);
    assert_true(fixture->config.log_addresses);
    assert_int_equal(fixture->config.sources[OPTION_HOST], SOURCE_FLAG);
    assert_int_equal(fixture->config.sources[OPTION_MIN_FREE], SOURCE_ENVIRONMENT);
    assert_int_equal(fixture->config.sources[OPTION_LOG_ADDRESSES], SOURCE_FILE);
    assert_int_equal(fixture->config.sources[OPTION_STORE], SOURCE_DEFAULT);
}

static void a_list_of_a_higher_source_replaces_the_lower(void **state)
{
    struct fixture *fixture = *state;
    const char *const variables[] = {"KRING_LISTEN", "127.0.0.1:1, [::1]:2", NULL};
    const char *const none[] = {NULL};
    const char *const flags[] = {"--listen=0.0.0.0:3", NULL};
    char text[CONFIG_ADDRESS_BYTES_MAX];

    write_file(fixture, "listen = 10.0.0.1:9\nlisten = 10.0.0.2:9\nlisten = 10.0.0.3:9\n");
    assert_int_equal(read_with(fixture, none), STATUS_OK);
    assert_int_equal(fixture->config.listen_count, 3);
    environment = variables;
    assert_int_equal(read_with(fixture, none), STATUS_OK);
    assert_int_equal(fixture->config.listen_count, 2);
    options_print_address(&fixture->config.listens[1], text);
    assert_string_equal(text, "[::1]:2");
    assert_int_equal(read_with(fixture, flags), STATUS_OK);
    assert_int_equal(fixture->config.listen_count, 1);
    options_print_address(&fixture->config.listens[0], text);
    assert_string_equal(text, "0.0.0.0:3");
}

static void without_an_address_it_is_the_wildcard(void **state)
{
    struct fixture *fixture = *state;
    const char *const none[] = {NULL};
    char text[CONFIG_ADDRESS_BYTES_MAX];

    assert_int_equal(read_with(fixture, none), STATUS_OK);
    assert_int_equal(fixture->config.listen_count, 1);
    options_print_address(&fixture->config.listens[0], text);
    assert_string_equal(text, "[::]:5746");
}

static void every_bad_value_is_named_with_its_place(void **state)
{
    struct fixture *fixture = *state;
    const char *const variables[] = {"KRING_LOG_ADDRESSES", "perhaps", NULL};
    const char *const arguments[] = {"--listen",   "nowhere", "--uses", "0",
                                     "--min-free", "5M",      NULL};
    char expected[1024];

    write_file(fixture, "host = \nmin-free = much\nspeed = 9\nno equals\ndata = /tmp\n");
    environment = variables;
    assert_int_equal(read_with(fixture, arguments), STATUS_USAGE);
    snprintf(expected, sizeof expected,
             "--listen: \"nowhere\" is no ADDR:PORT, such as 0.0.0.0:5746 or [::1]:0\n"
             "--uses: \"0\" is no number of uses from 1 to 1000000\n"
             "KRING_LOG_ADDRESSES: \"perhaps\" is neither yes nor no\n"
             "%s/kringd.conf:1: host: \"\" is no NAME:PORT\n"
             "%s/kringd.conf:2: min-free: \"much\" is no size, such as 64M or 1G\n"
             "%s/kringd.conf:3: speed: no such setting\n"
             "%s/kringd.conf:4: no `key = value`\n"
             "%s/kringd.conf:5: data: cannot be set in the data directory itself\n",
             fixture->directory, fixture->directory, fixture->directory, fixture->directory,
             fixture->directory);
    assert_string_equal(fixture->errors.text, expected);
}

static void flags_that_do_not_belong_are_named(void **state)
{
    struct fixture *fixture = *state;
    const char *const arguments[] = {"--wrong", "--json=1", "astray", "--data",
                                     "/b",      "--label",  NULL};

    assert_int_equal(read_with(fixture, arguments), STATUS_USAGE);
    assert_string_equal(fixture->errors.text, "--wrong: no option of this command\n"
                                              "--json: takes no value\n"
                                              "astray: not expected here\n"
                                              "--data: given twice\n"
                                              "--label: its TEXT is missing\n");
}

static void a_named_file_must_be_there(void **state)
{
    struct fixture *fixture = *state;
    const char *const arguments[] = {"--config", "/tmp/kring-no-such.conf", NULL};

    assert_int_equal(read_with(fixture, arguments), STATUS_NOT_FOUND);
    assert_string_equal(fixture->errors.text,
                        "/tmp/kring-no-such.conf: No such file or directory\n");
}

static enum status read_bare(struct fixture *fixture, const char *const *variables)
{
    struct config_input input = {.options = ALL, .environment = look_up};

    environment = variables;
    return config_read(&input, &fixture->config, &fixture->errors);
}

static void the_data_directory_is_found(void **state)
{
    struct fixture *fixture = *state;
    const char *const systemd[] = {"STATE_DIRECTORY", "/var/lib/kring:/b", "HOME", "/h", NULL};
    const char *const xdg[] = {"XDG_STATE_HOME", "/x", "HOME", "/h", NULL};
    const char *const home[] = {"HOME", "/h", NULL};
    const char *const none[] = {NULL};

    assert_int_equal(read_bare(fixture, systemd), STATUS_OK);
    assert_string_equal(fixture->config.data, "/var/lib/kring");
    assert_int_equal(read_bare(fixture, xdg), STATUS_OK);
    assert_string_equal(fixture->config.data, "/x/kring");
    assert_int_equal(read_bare(fixture, home), STATUS_OK);
    assert_string_equal(fixture->config.data, "/h/.local/state/kring");
    assert_int_equal(read_bare(fixture, none), STATUS_USAGE);
    assert_non_null(strstr(fixture->errors.text, "--data: not given"));
}

static void values_are_understood(void **state)
{
    struct fixture *fixture = *state;
    const char *const arguments[] = {"--expires", "12h",    "--uses=7", "--label",
                                     "de kring",  "--json", NULL};
    const char *const wrong[] = {"--expires", "30", NULL};
    const char *const escape[] = {"--label",
                                  "\xc2\x9b"
                                  "2J",
                                  NULL};

    assert_int_equal(read_with(fixture, escape), STATUS_USAGE); /* it would be printed */
    assert_int_equal(read_with(fixture, arguments), STATUS_OK);
    assert_int_equal(fixture->config.expires_ms, 12 * 3600 * 1000);
    assert_int_equal(fixture->config.uses, 7);
    assert_string_equal(fixture->config.label, "de kring");
    assert_true(fixture->config.json);
    assert_int_equal(read_with(fixture, wrong), STATUS_USAGE);
}

static void what_is_printed_can_be_read_again(void **state)
{
    struct fixture *fixture = *state;
    const char *const arguments[] = {"--listen",   "127.0.0.1:5", "--listen",
                                     "[::1]:6",    "--host",      "a.example:7",
                                     "--min-free", "3M",          NULL};
    const char *const none[] = {NULL};
    char text[4096];
    FILE *out = fmemopen(text, sizeof text, "w");
    char *data;

    assert_non_null(out);
    assert_int_equal(read_with(fixture, arguments), STATUS_OK);
    config_print(&fixture->config, out);
    fclose(out);
    data = strstr(text, "data = "); /* which may not stand in the directory itself */
    assert_non_null(data);
    data[0] = '#';
    write_file(fixture, text);
    assert_int_equal(read_with(fixture, none), STATUS_OK);
    assert_int_equal(fixture->config.listen_count, 2);
    assert_string_equal(fixture->config.host, "a.example:7");
    assert_int_equal(fixture->config.min_free_bytes, 3 * 1024 * 1024);
    assert_int_equal(fixture->config.sources[OPTION_HOST], SOURCE_FILE);
}

static void hosts_are_taken_apart(void **state)
{
    char name[CONFIG_HOST_BYTES_MAX + 1];
    uint16_t port = 0;

    (void)state;
    assert_true(options_split_host("kring.example", name, &port));
    assert_string_equal(name, "kring.example");
    assert_int_equal(port, 5746);
    assert_true(options_split_host("[2001:db8::1]:80", name, &port));
    assert_string_equal(name, "2001:db8::1");
    assert_int_equal(port, 80);
    assert_true(options_split_host("[::1]", name, &port));
    assert_string_equal(name, "::1");
    assert_false(options_split_host("2001:db8::1", name, &port));
    assert_false(options_split_host("a:65536", name, &port));
    assert_false(options_split_host("a:", name, &port));
    assert_false(options_split_host(":1", name, &port));
    assert_false(options_split_host("", name, &port));
    assert_false(options_split_host("[", name, &port));
    assert_false(options_split_host("[]", name, &port));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(flags_win_over_environment_over_file, begin, end),
        cmocka_unit_test_setup_teardown(a_list_of_a_higher_source_replaces_the_lower, begin,
                                        end),
        cmocka_unit_test_setup_teardown(without_an_address_it_is_the_wildcard, begin, end),
        cmocka_unit_test_setup_teardown(every_bad_value_is_named_with_its_place, begin, end),
        cmocka_unit_test_setup_teardown(flags_that_do_not_belong_are_named, begin, end),
        cmocka_unit_test_setup_teardown(a_named_file_must_be_there, begin, end),
        cmocka_unit_test_setup_teardown(the_data_directory_is_found, begin, end),
        cmocka_unit_test_setup_teardown(values_are_understood, begin, end),
        cmocka_unit_test_setup_teardown(what_is_printed_can_be_read_again, begin, end),
        cmocka_unit_test(hosts_are_taken_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

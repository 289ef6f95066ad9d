#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <unistd.h>

#include "server/logger.h"

struct output {
    int ends[2];
    struct logger logger;
    char text[1024];
};

static void begin_output(struct output *output, bool addresses)
{
    assert_int_equal(pipe(output->ends), 0);
    output->logger = (struct logger){.fd = output->ends[1], .addresses = addresses};
}

static const char *written(struct output *output)
{
    ssize_t count = read(output->ends[0], output->text, sizeof output->text - 1);

    assert_true(count > 0);
    output->text[count] = '\0';
    (void)close(output->ends[0]);
    (void)close(output->ends[1]);
    return output->text;
}

static void a_line_is_logfmt(void **state)
{
    struct output output;
    struct logger_line line;
    uint8_t session[HASH_BYTES] = {0x8f, 0x3a, 1, 0xc2, 0xd4, 0xe5, 0xf6, 7, 0xff};

    (void)state;
    begin_output(&output, false);
    logger_begin(&line, &output.logger, 1714564800123U, LOGGER_WARNING, "closed");
    logger_session(&line, session);
    logger_number(&line, "member", 3);
    logger_status(&line, STATUS_NOMEM);
    logger_end(&line);
    assert_string_equal(written(&output),
                        "time=2024-05-01T12:00:00.123Z level=warning event=closed"
                        " session=8f3a01c2d4e5f607 member=3 status=\"out of memory\"\n");
}

static void text_cannot_break_out_of_its_line(void **state)
{
    struct output output;
    struct logger_line line;

    (void)state;
    begin_output(&output, false);
    logger_begin(&line, &output.logger, 0, LOGGER_INFO, "x");
    logger_text(&line, "a", "one \"two\"\nevent=forged \\");
    logger_text(&line, "b", "");
    logger_end(&line);
    assert_string_equal(written(&output), "time=1970-01-01T00:00:00.000Z level=info event=x"
                                          " a=\"one \\\"two\\\"?event=forged \\\\\" b=\"\"\n");
}

static void a_long_line_is_cut_and_still_a_line(void **state)
{
    struct output output;
    struct logger_line line;
    char text[LOGGER_LINE_BYTES_MAX * 2];

    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    begin_output(&output, false);
    logger_begin(&line, &output.logger, 0, LOGGER_INFO, "x");
    logger_text(&line, "a", text);
    logger_number(&line, "n", 1);
    logger_end(&line);
    written(&output);
    assert_in_range(strlen(output.text), LOGGER_LINE_BYTES_MAX - 2, LOGGER_LINE_BYTES_MAX);
    assert_ptr_equal(strchr(output.text, '\n'), output.text + strlen(output.text) - 1);
}

static void addresses_are_written_only_when_wanted(void **state)
{
    struct output output;
    struct logger_line line;
    struct sockaddr_in address = {.sin_family = AF_INET};

    (void)state;
    assert_int_equal(inet_pton(AF_INET, "192.0.2.7", &address.sin_addr), 1);
    for (int wanted = 0; wanted < 2; wanted++) {
        begin_output(&output, wanted == 1);
        logger_begin(&line, &output.logger, 0, LOGGER_INFO, "connected");
        logger_address(&line, (struct sockaddr *)&address);
        logger_end(&line);
        written(&output);
        assert_int_equal(strstr(output.text, "192.0.2.7") != NULL, wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_logfmt),
        cmocka_unit_test(text_cannot_break_out_of_its_line),
        cmocka_unit_test(a_long_line_is_cut_and_still_a_line),
        cmocka_unit_test(addresses_are_written_only_when_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

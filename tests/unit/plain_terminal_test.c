/* The plain face on a terminal: what is drawn, and when nothing is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "client/faces/plain.h"
#include "tests/support/face_fake.h"

enum { DEADLINE_MS = 20000 };

struct terminal {
    int master;
    FILE *report; /* what the child was asked, when there is no terminal to tell it on */
    pid_t child;
    char shown[65536];
    size_t count;
};

static int64_t clock_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads until this is shown, from where it looked last. */
static void wait_for(struct terminal *terminal, const char *text, size_t *from)
{
    int64_t deadline_ms = clock_ms() + DEADLINE_MS;
    const char *found;

    while ((found = strstr(terminal->shown + *from, text)) == NULL) {
        struct pollfd poll_for = {.fd = terminal->master, .events = POLLIN};
        ssize_t count;

        if (clock_ms() > deadline_ms || poll(&poll_for, 1, 1000) < 0) {
            fail_msg("never shown: \"%s\" in:\n%s", text, terminal->shown);
        }
        if ((poll_for.revents & (POLLIN | POLLHUP)) == 0) {
            continue;
        }
        count = read(terminal->master, terminal->shown + terminal->count,
                     sizeof terminal->shown - 1 - terminal->count);
        if (count <= 0) {
            fail_msg("ended before: \"%s\" in:\n%s", text, terminal->shown);
        }
        terminal->count += (size_t)count;
    }
    *from = (size_t)(found - terminal->shown) + strlen(text);
}

static void press(const struct terminal *terminal, const char *keys)
{
    assert_int_equal(write(terminal->master, keys, strlen(keys)), (ssize_t)strlen(keys));
}

static struct face *child_face;

/* In the child: SIGUSR1 is news that a count changed, and that a step was shared. */
static void on_user_signal(uv_signal_t *handle, int number)
{
    (void)handle;
    (void)number;
    fake.steps[1].counts.answered++;
    fake_news(NEWS_COUNTS, 2);
    fake.message = (struct model_said){.author = 2, .author_name = "Olga", .text = "geheim"};
    fake.model.message_count = 1;
    fake_news(NEWS_MESSAGE, 0);
    fake.steps[0].state = STEP_CLOSED;
    fake_news(NEWS_STEP, 1);
}

/* In the child: SIGUSR2 asks to be told when a draft of a line that is being typed is kept. */
static void on_kept(uv_timer_t *timer)
{
    const char *draft = strstr(fake.log, "draft 2 option 0 [een\nhalve zin]");

    if (draft != NULL) {
        printf("\nkept: %s", draft);
        (void)fflush(stdout);
        (void)uv_timer_stop(timer);
    }
}

static void on_keep_signal(uv_signal_t *handle, int number)
{
    uv_timer_t *timer = handle->data;

    (void)number;
    (void)uv_timer_start(timer, on_kept, 10, 10);
}

static int child_run(FILE *report)
{
    uv_loop_t loop;
    uv_signal_t signal_handle;
    uv_signal_t keep_handle;
    uv_timer_t keep_timer;
    struct face_options options = {
        .kind = FACE_PLAIN, .loop = &loop, .input = STDIN_FILENO, .out = stdout};
    int code;

    (void)uv_loop_init(&loop);
    (void)uv_signal_init(&loop, &signal_handle);
    (void)uv_signal_start(&signal_handle, on_user_signal, SIGUSR1);
    uv_unref((uv_handle_t *)&signal_handle);
    (void)uv_timer_init(&loop, &keep_timer);
    (void)uv_signal_init(&loop, &keep_handle);
    keep_handle.data = &keep_timer;
    (void)uv_signal_start(&keep_handle, on_keep_signal, SIGUSR2);
    uv_unref((uv_handle_t *)&keep_handle);
    fake_begin(3);
    fake_open(2);
    if (face_create(&options, &child_face) != STATUS_OK) {
        return 99;
    }
    fake.face = face_client(child_face);
    code = face_run(child_face, FAKE_CLIENT);
    printf("asked:\n%s", fake.log);
    (void)fputs(fake.log, report);
    (void)fflush(report);
    face_destroy(child_face);
    uv_close((uv_handle_t *)&signal_handle, NULL);
    uv_close((uv_handle_t *)&keep_handle, NULL);
    uv_close((uv_handle_t *)&keep_timer, NULL);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&loop);
    return code;
}

static void terminal_start(struct terminal *terminal)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    *terminal = (struct terminal){.report = tmpfile()};
    assert_non_null(terminal->report);
    terminal->child = forkpty(&terminal->master, NULL, NULL, &size);
    assert_true(terminal->child >= 0);
    if (terminal->child == 0) {
        int code = child_run(terminal->report);

        (void)fflush(stdout);
        _exit(code);
    }
}

static int terminal_end(struct terminal *terminal)
{
    int status = 0;
    char rest[1024];

    while (read(terminal->master, rest, sizeof rest) > 0) {
        /* what it still says goes nowhere */
    }
    assert_int_equal(waitpid(terminal->child, &status, 0), terminal->child);
    assert_int_equal(close(terminal->master), 0);
    assert_int_equal(fclose(terminal->report), 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void nothing_is_printed_while_a_line_is_typed(void **state)
{
    struct terminal terminal;
    size_t at = 0;
    size_t typed;

    (void)state;
    terminal_start(&terminal);
    wait_for(&terminal, "1a> ", &at);
    press(&terminal, "hij bep");
    wait_for(&terminal, "hij bep", &at);
    assert_int_equal(kill(terminal.child, SIGUSR1), 0);
    press(&terminal, "aal\x7f\x7f\x7f"
                     "aalt");
    wait_for(&terminal, "aal\b \b\b \b\b \baalt", &at); /* and nothing in between */
    typed = at;
    press(&terminal, "\r");
    wait_for(&terminal, "Answered at step 2: 1 of 2", &at);
    wait_for(&terminal, "(1 private message: /messages)", &at);
    assert_null(strstr(terminal.shown, "geheim"));
    assert_ptr_equal(strstr(terminal.shown + typed, "Closed"),
                     strstr(terminal.shown, "Closed")); /* only after the line */
    wait_for(&terminal, "1a> ", &at);
    press(&terminal, "\x04");
    wait_for(&terminal, "Type yes or no.", &at);
    wait_for(&terminal, "yes/no> ", &at);
    press(&terminal, "yes\r");
    wait_for(&terminal, "draft 2 option 0 [hij bepaalt] []", &at);
    assert_int_equal(terminal_end(&terminal), EX_OK);
}

static void interrupt_asks_over_a_draft_and_keeps_the_line(void **state)
{
    struct terminal terminal;
    size_t at = 0;

    (void)state;
    terminal_start(&terminal);
    wait_for(&terminal, "1a> ", &at);
    press(&terminal, "half\x03");
    wait_for(&terminal, "yes/no> ", &at);
    press(&terminal, "\r\r");
    wait_for(&terminal, "Type yes or no.", &at);
    press(&terminal, "no\r");
    wait_for(&terminal, "1a> ", &at);
    press(&terminal, ".\r.\r");
    wait_for(&terminal, "saved", &at);
    press(&terminal, "\x03");
    wait_for(&terminal, "answer 2 option 0 [half] []", &at);
    assert_int_equal(terminal_end(&terminal), EX_OK);
}

static void a_terminal_that_goes_away_keeps_the_line(void **state)
{
    struct terminal terminal;
    size_t at = 0;
    struct termios modes;
    char report[1024] = "";
    int status = 0;

    (void)state;
    terminal_start(&terminal);
    wait_for(&terminal, "1a> ", &at);
    assert_int_equal(tcgetattr(terminal.master, &modes), 0);
    assert_int_equal(modes.c_lflag & (ECHO | ICANON), 0);
    press(&terminal, "half");
    wait_for(&terminal, "half", &at);
    assert_int_equal(kill(terminal.child, SIGTERM), 0);
    wait_for(&terminal, "draft 2 option 0 [half] []", &at);
    assert_int_equal(tcgetattr(terminal.master, &modes), 0);
    assert_int_not_equal(modes.c_lflag & ECHO, 0); /* given back */
    assert_int_not_equal(modes.c_lflag & ICANON, 0);
    assert_int_equal(terminal_end(&terminal), EX_OK);

    terminal_start(&terminal);
    at = 0;
    wait_for(&terminal, "1a> ", &at);
    press(&terminal, "half");
    wait_for(&terminal, "half", &at);
    assert_int_equal(close(terminal.master), 0); /* it hangs up */
    assert_int_equal(waitpid(terminal.child, &status, 0), terminal.child);
    assert_true(WIFEXITED(status));
    rewind(terminal.report);
    assert_true(fread(report, 1, sizeof report - 1, terminal.report) > 0);
    assert_non_null(strstr(report, "draft 2 option 0 [half] []"));
    assert_int_equal(fclose(terminal.report), 0);
}

/* A second of silence in the middle of a sentence, and then the process is gone. */
static void a_line_that_was_not_entered_is_kept_too(void **state)
{
    struct terminal terminal;
    size_t at = 0;

    (void)state;
    terminal_start(&terminal);
    wait_for(&terminal, "1a> ", &at);
    press(&terminal, "een\rhalve zin");
    wait_for(&terminal, "halve zin", &at);
    assert_int_equal(kill(terminal.child, SIGUSR2), 0); /* it tells when it has been kept */
    wait_for(&terminal, "kept: draft 2 option 0 [een\r\nhalve zin] []", &at);
    press(&terminal, "\x15/quit\r"); /* and no longer, when it was taken back */
    wait_for(&terminal, "halve zin] []\r\n", &at);
    wait_for(&terminal, "draft 2 option 0 [een] []", &at);
    assert_int_equal(terminal_end(&terminal), EX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_printed_while_a_line_is_typed),
        cmocka_unit_test(interrupt_asks_over_a_draft_and_keeps_the_line),
        cmocka_unit_test(a_terminal_that_goes_away_keeps_the_line),
        cmocka_unit_test(a_line_that_was_not_entered_is_kept_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

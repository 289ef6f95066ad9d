#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/notify.h"

static void assert_heard(const char *name, const struct sockaddr_un *address, socklen_t size)
{
    char text[64];
    ssize_t count;
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)address, size), 0);
    notify_send(name, "READY=1");
    count = recv(fd, text, sizeof text, MSG_DONTWAIT);
    assert_int_equal(count, 7);
    assert_memory_equal(text, "READY=1", 7);
    (void)close(fd);
}

static void a_path_and_an_abstract_name_are_reached(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char directory[] = "/tmp/kring-notify-XXXXXX";
    char name[64];

    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", directory);
    assert_heard(address.sun_path, &address, sizeof address);
    (void)unlink(address.sun_path);
    (void)rmdir(directory);

    snprintf(name, sizeof name, "@kring-notify-%ld", (long)getpid());
    memset(address.sun_path, 0, sizeof address.sun_path);
    memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
    assert_heard(name, &address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name)));
}

static void nobody_listening_is_no_trouble(void **state)
{
    char name[256];

    (void)state;
    memset(name, '/', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    notify_send(NULL, "READY=1");
    notify_send("", "READY=1");
    notify_send("relative", "READY=1");
    notify_send("/tmp/kring-no-such-socket", "READY=1");
    notify_send(name, "READY=1");
}

static void the_watchdog_is_fed_twice_in_its_time(void **state)
{
    (void)state;
    assert_int_equal(notify_watchdog_ms(NULL), 0);
    assert_int_equal(notify_watchdog_ms("30000000"), 15000);
    assert_int_equal(notify_watchdog_ms("nonsense"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_and_an_abstract_name_are_reached),
        cmocka_unit_test(nobody_listening_is_no_trouble),
        cmocka_unit_test(the_watchdog_is_fed_twice_in_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What stands in a ticket when nobody said how people reach the server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/reach.h"

enum { ADDRESSES = 3 };

struct example {
    const char *listens[ADDRESSES];
    enum control_host kind;
    const char *host;
};

static const struct example examples[] = {
    {{"192.0.2.7:5746"}, CONTROL_HOST_ADDRESS, "192.0.2.7:5746"},
    {{"[2001:db8::7]:99"}, CONTROL_HOST_ADDRESS, "[2001:db8::7]:99"},
    {{"127.0.0.1:40123"}, CONTROL_HOST_LOOPBACK, "127.0.0.1:40123"},
    {{"127.8.0.1:40123"}, CONTROL_HOST_LOOPBACK, "127.8.0.1:40123"},
    {{"[::1]:40123"}, CONTROL_HOST_LOOPBACK, "[::1]:40123"},
    {{"0.0.0.0:40123"}, CONTROL_HOST_ASSUMED, "oak:40123"},
    {{"[::]:5746"}, CONTROL_HOST_ASSUMED, "oak:5746"},
    /* what others can reach comes first, and of that an address which is sure */
    {{"127.0.0.1:1", "192.0.2.7:2"}, CONTROL_HOST_ADDRESS, "192.0.2.7:2"},
    {{"127.0.0.1:1", "[::]:2"}, CONTROL_HOST_ASSUMED, "oak:2"},
    {{"0.0.0.0:1", "[::1]:2", "192.0.2.7:3"}, CONTROL_HOST_ADDRESS, "192.0.2.7:3"},
    {{"192.0.2.7:3", "192.0.2.8:4"}, CONTROL_HOST_ADDRESS, "192.0.2.7:3"},
    /* a port that nobody knows yet */
    {{"127.0.0.1:0"}, CONTROL_HOST_ASSUMED, "127.0.0.1:5746"},
    {{"0.0.0.0:0"}, CONTROL_HOST_ASSUMED, "oak:5746"},
};

static void tickets_name_where_the_server_listens(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *example = &examples[i];
        struct config config = {.listen_count = 0};
        char host[CONFIG_HOST_BYTES_MAX + 1];
        const char *why = NULL;

        for (size_t at = 0; at < ADDRESSES && example->listens[at] != NULL; at++) {
            assert_true(options_table[OPTION_LISTEN].set(&config, example->listens[at], &why));
        }
        assert_int_equal(reach_choose(config.listens, config.listen_count, "oak", host),
                         example->kind);
        assert_string_equal(host, example->host);
    }
}

static void a_long_name_leaves_room_for_the_port(void **state)
{
    union config_address address = {.v4 = {.sin_family = AF_INET, .sin_port = 0xffff}};
    char name[CONFIG_HOST_BYTES_MAX + 1];
    char host[CONFIG_HOST_BYTES_MAX + 1];

    (void)state;
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_int_equal(reach_choose(&address, 1, name, host), CONTROL_HOST_ASSUMED);
    assert_string_equal(host + strlen(host) - 7, "n:65535");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_name_where_the_server_listens),
        cmocka_unit_test(a_long_name_leaves_room_for_the_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

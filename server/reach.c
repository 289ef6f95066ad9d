#include "server/reach.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

enum { MACHINE_BYTES_MAX = CONFIG_HOST_BYTES_MAX - sizeof ":65535" };

static in_port_t *port_of(union config_address *address)
{
    return address->any.sa_family == AF_INET6 ? &address->v6.sin6_port : &address->v4.sin_port;
}

static bool is_wildcard(const union config_address *address)
{
    return address->any.sa_family == AF_INET6
               ? IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr)
               : address->v4.sin_addr.s_addr == htonl(INADDR_ANY);
}

static bool is_loopback(const union config_address *address)
{
    const uint32_t top = 0xff000000;

    return address->any.sa_family == AF_INET6
               ? IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr)
               : (ntohl(address->v4.sin_addr.s_addr) & top) == (INADDR_LOOPBACK & top);
}

static enum control_host kind_of(const union config_address *address)
{
    return is_wildcard(address)   ? CONTROL_HOST_ASSUMED
           : is_loopback(address) ? CONTROL_HOST_LOOPBACK
                                  : CONTROL_HOST_ADDRESS;
}

/* How good it is to call at; the least is the best. */
static int rank_of(const union config_address *address)
{
    static const int ranks[] = {
        [CONTROL_HOST_ADDRESS] = 0, [CONTROL_HOST_ASSUMED] = 1, [CONTROL_HOST_LOOPBACK] = 2};

    return ranks[kind_of(address)];
}

enum control_host reach_choose(const union config_address *addresses, size_t count,
                               const char *machine, char out[CONFIG_HOST_BYTES_MAX + 1])
{
    union config_address best = addresses[0];
    char text[CONFIG_ADDRESS_BYTES_MAX];
    enum control_host kind;

    for (size_t i = 1; i < count; i++) {
        best = rank_of(&addresses[i]) < rank_of(&best) ? addresses[i] : best;
    }
    kind = kind_of(&best);
    if (*port_of(&best) == 0) {
        *port_of(&best) = htons(CONFIG_PORT_DEFAULT);
        kind = CONTROL_HOST_ASSUMED;
    }
    if (is_wildcard(&best)) {
        (void)snprintf(out, CONFIG_HOST_BYTES_MAX + 1, "%.*s:%u", (int)MACHINE_BYTES_MAX,
                       machine, (unsigned)ntohs(*port_of(&best)));
    } else {
        options_print_address(&best, text);
        (void)snprintf(out, CONFIG_HOST_BYTES_MAX + 1, "%s", text);
    }
    return kind;
}

enum control_host reach_choose_here(const union config_address *addresses, size_t count,
                                    char out[CONFIG_HOST_BYTES_MAX + 1])
{
    char machine[MACHINE_BYTES_MAX + 1] = "";

    (void)gethostname(machine, sizeof machine);
    machine[sizeof machine - 1] = '\0';
    return reach_choose(addresses, count, machine[0] != '\0' ? machine : "localhost", out);
}

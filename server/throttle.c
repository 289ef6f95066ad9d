#include "server/throttle.h"

#include <assert.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

enum { TOKEN = 1000, BURST = THROTTLE_BURST * TOKEN };

void throttle_init(struct throttle *throttle, uint64_t seed)
{
    memset(throttle, 0, sizeof *throttle);
    throttle->seed = seed;
}

/* Mixes well enough for a table of our own with a secret seed (splitmix64's finish). */
static uint64_t mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

/* The address as a number: IPv4, also in its IPv6 form, or the upper half of IPv6. */
static uint64_t key_of(const struct throttle *throttle, const struct sockaddr *address)
{
    uint64_t number = 1;

    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
        bool is_v4 = IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);

        memcpy(&number, v6->sin6_addr.s6_addr + (is_v4 ? 12 : 0), is_v4 ? 4 : sizeof number);
    } else if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;

        memcpy(&number, &v4->sin_addr, sizeof v4->sin_addr);
    }
    number = mix(number + throttle->seed);
    return number == 0 ? 1 : number;
}

static void fill(struct throttle_address *at, uint64_t now_ms)
{
    uint64_t since_ms = now_ms > at->filled_ms ? now_ms - at->filled_ms : 0;
    uint64_t tokens = at->tokens + since_ms * THROTTLE_PER_SECOND * TOKEN / 1000;

    at->tokens = tokens > BURST ? BURST : (uint32_t)tokens;
    at->filled_ms = now_ms;
}

static struct throttle_address *find(struct throttle *throttle, uint64_t key)
{
    for (size_t i = 0; i < THROTTLE_PROBES_MAX; i++) {
        struct throttle_address *at = &throttle->addresses[(key + i) % THROTTLE_ADDRESSES_MAX];

        if (at->key == key) {
            return at;
        }
    }
    return NULL;
}

/* A place for a new address: a free one, or one that nothing needs to be known of any more.
 * NULL when strangers fill them all. */
static struct throttle_address *claim(struct throttle *throttle, uint64_t key, uint64_t now_ms)
{
    for (size_t i = 0; i < THROTTLE_PROBES_MAX; i++) {
        struct throttle_address *at = &throttle->addresses[(key + i) % THROTTLE_ADDRESSES_MAX];

        if (at->key != 0) {
            fill(at, now_ms);
        }
        if (at->key == 0 || (at->half_open == 0 && at->tokens == BURST)) {
            *at = (struct throttle_address){.key = key, .filled_ms = now_ms, .tokens = BURST};
            return at;
        }
    }
    return NULL;
}

bool throttle_admit(struct throttle *throttle, const struct sockaddr *address, uint64_t now_ms)
{
    uint64_t key = key_of(throttle, address);
    struct throttle_address *at = find(throttle, key);

    if (throttle->half_open == THROTTLE_HALF_OPEN_MAX) {
        return false;
    }
    if (at == NULL) {
        at = claim(throttle, key, now_ms);
    }
    if (at == NULL) {
        return false;
    }
    fill(at, now_ms);
    if (at->half_open == THROTTLE_HALF_OPEN_PER_ADDRESS_MAX || at->tokens < TOKEN) {
        return false;
    }
    at->tokens -= TOKEN;
    at->half_open++;
    throttle->half_open++;
    return true;
}

void throttle_finish(struct throttle *throttle, const struct sockaddr *address)
{
    struct throttle_address *at = find(throttle, key_of(throttle, address));

    assert(at != NULL && at->half_open > 0); /* it was admitted, and so kept its place */
    at->half_open--;
    throttle->half_open--;
}

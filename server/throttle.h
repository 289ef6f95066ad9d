/* server/throttle.h -- who may begin a handshake now. A handshake is the dearest thing a
 * stranger can ask for, so there are caps on how many are under way, in all and per address,
 * and a token bucket per address. An address is an IPv4 address or an IPv6 /64; several hundred
 * people may sit behind one. Pure: the time is an argument, and nothing is allocated.
 *
 *   admit --> under way --finish--> done */
#ifndef SERVER_THROTTLE_H
#define SERVER_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    THROTTLE_HALF_OPEN_MAX = 1024,
    THROTTLE_HALF_OPEN_PER_ADDRESS_MAX = 384, /* 300 colleagues come back at once */
    THROTTLE_BURST = 600,                     /* handshakes an address may begin at once */
    THROTTLE_PER_SECOND = 20,                 /* and afterwards */
    THROTTLE_ADDRESSES_MAX = 2048,
    THROTTLE_PROBES_MAX = 16, /* places looked at for one address */
};

struct sockaddr;

struct throttle_address {
    uint64_t key; /* 0: nobody */
    uint64_t filled_ms;
    uint32_t tokens; /* in thousandths */
    uint32_t half_open;
};

struct throttle {
    struct throttle_address addresses[THROTTLE_ADDRESSES_MAX];
    uint32_t half_open;
    uint64_t seed; /* random, so that nobody can aim at a place of the table */
};

void throttle_init(struct throttle *throttle, uint64_t seed);

/* True: go on, and say throttle_finish() for this address once, when the handshake is over or
 * given up. */
bool throttle_admit(struct throttle *throttle, const struct sockaddr *address, uint64_t now_ms);
void throttle_finish(struct throttle *throttle, const struct sockaddr *address);

#endif

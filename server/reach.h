/* server/reach.h -- by which address people reach a server that nobody named: what stands in
 * tickets without --host. Keeps nothing and asks the network nothing. */
#ifndef SERVER_REACH_H
#define SERVER_REACH_H

#include <stddef.h>

#include "protocol/control.h"
#include "server/options.h"

/* addresses: those it listens on, count of them (one at least): the first that others can
 * reach, and else the first. One that stands for every address of the machine becomes the
 * machine's name, and port 0, which nobody can call, the default one: both are assumed. */
enum control_host reach_choose(const union config_address *addresses, size_t count,
                               const char *machine, char out[CONFIG_HOST_BYTES_MAX + 1]);

/* The same, asking the system for the name that this machine calls itself. */
enum control_host reach_choose_here(const union config_address *addresses, size_t count,
                                    char out[CONFIG_HOST_BYTES_MAX + 1]);

#endif

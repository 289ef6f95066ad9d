/* server/notify.h -- tells systemd how it goes (sd_notify(3)); elsewhere nothing happens. */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

#include <stdint.h>

/* socket: what NOTIFY_SOCKET says, a path or @abstract; NULL: nobody wants to know.
 * text: such as "READY=1". Nothing is said of failures: the server does not depend on it. */
void notify_send(const char *socket, const char *text);

/* How often to send WATCHDOG=1: half of what WATCHDOG_USEC says; 0: never. NULL is fine. */
uint64_t notify_watchdog_ms(const char *watchdog_usec);

#endif

#include "server/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_send(const char *path, const char *text)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t count = path == NULL ? 0 : strlen(path);
    int fd;

    if (count < 2 || count >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    memcpy(address.sun_path, path, count);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* abstract: not a file */
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    (void)sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count));
    (void)close(fd);
}

uint64_t notify_watchdog_ms(const char *watchdog_usec)
{
    unsigned long long usec = watchdog_usec == NULL ? 0 : strtoull(watchdog_usec, NULL, 10);

    return usec / 1000 / 2;
}

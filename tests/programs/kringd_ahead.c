/* kringd_ahead -- kringd in everything, but its clock is KRING_AHEAD_DAYS days ahead: for tests
 * of what expires. Linked with --wrap=clock_gettime. */
#include <stdlib.h>
#include <time.h>

#include "server/command.h"

enum { DAY_S = 24 * 60 * 60 };

int __real_clock_gettime(clockid_t clock, struct timespec *now_out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now_out);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now_out)
{
    const char *days = getenv("KRING_AHEAD_DAYS");
    int code = __real_clock_gettime(clock, now_out);

    if (code == 0 && clock == CLOCK_REALTIME && days != NULL) {
        now_out->tv_sec += (time_t)strtol(days, NULL, 10) * DAY_S;
    }
    return code;
}

int main(int argc, char **argv)
{
    return command_main(argc, argv);
}

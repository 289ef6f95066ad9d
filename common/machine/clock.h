/* common/machine/clock.h -- what time it is, once for both programs. Whoever is sans-I/O is
 * told the time and never includes this. */
#ifndef COMMON_MACHINE_CLOCK_H
#define COMMON_MACHINE_CLOCK_H

#include <stdint.h>

/* Unix time, milliseconds. */
uint64_t clock_now_ms(void);

#endif

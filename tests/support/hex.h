/* tests/support/hex.h -- bytes from the hexadecimal digits of a test vector. */
#ifndef TESTS_SUPPORT_HEX_H
#define TESTS_SUPPORT_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Reads pairs of digits up to the first other character; gives how many bytes they are. More
 * than count_max end the test program. */
size_t hex_parse(const char *hex, uint8_t *out, size_t count_max);

#endif

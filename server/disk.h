/* server/disk.h -- how much room the disk has, and the ballast: a file that only takes up
 * space, so that there is some to give back when the disk is full and the log must be written
 * back before anything can be freed. */
#ifndef SERVER_DISK_H
#define SERVER_DISK_H

#include <stdint.h>

#include "common/status.h"

enum { DISK_BALLAST_BYTES = 8 * 1024 * 1024 };

/* Bytes this process may still write there. Errors: STATUS_IO. */
MUST_CHECK enum status disk_free_bytes(const char *directory, uint64_t *bytes_out);

/* Makes the ballast if it is not there whole and would leave `spare` bytes free. Where that
 * does not succeed there is none, and nothing is worse than before. */
void disk_ballast_keep(const char *directory, uint64_t spare);
/* Gives its space back. None there is fine. */
void disk_ballast_release(const char *directory);

#endif

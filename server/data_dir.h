/* server/data_dir.h -- the directory a server keeps everything in, 0700, and the lock by which
 * one process has it for itself. The lock goes with the process, however that ends. */
#ifndef SERVER_DATA_DIR_H
#define SERVER_DATA_DIR_H

#include <limits.h>
#include <sys/types.h>

#include "common/status.h"

struct data_dir {
    char path[PATH_MAX];
    int lock_fd;  /* -1: not open */
    pid_t holder; /* after STATUS_BUSY: who has it; 0: not known */
};

/* Makes the directory if it is missing, with those above it, and locks it.
 * Errors: STATUS_BUSY (another kringd has it), STATUS_PERMISSION, STATUS_NO_SPACE,
 * STATUS_NOT_FOUND (no directory can be there), STATUS_TOO_LONG, STATUS_IO; then nothing is
 * held, and errno is the system's reason where there is one. */
MUST_CHECK enum status data_dir_open(const char *path, struct data_dir *dir_out);
void data_dir_close(struct data_dir *dir);

/* Path of a file in it. Errors: STATUS_TOO_LONG. */
MUST_CHECK enum status data_dir_file(const char *directory, const char *name,
                                     char out[PATH_MAX]);

/* The same for a socket, whose path must be short: where it is not, a short one by way of the
 * directory's descriptor. *fd_out, -1 or open, must stay open as long as the path is used.
 * Errors: STATUS_TOO_LONG, STATUS_NOT_FOUND, STATUS_PERMISSION, STATUS_IO. */
enum { DATA_DIR_SOCKET_BYTES_MAX = 108 };
MUST_CHECK enum status data_dir_socket(const char *directory, const char *name,
                                       char out[DATA_DIR_SOCKET_BYTES_MAX], int *fd_out);

#endif

/* common/machine/file.h -- directories and small secret files on a disk, once for both
 * programs. Here codes of the system come in: each function gives 0 or an errno, for whoever
 * has a sentence to make of it; file_status() translates. Prints nothing, keeps nothing open.
 */
#ifndef COMMON_MACHINE_FILE_H
#define COMMON_MACHINE_FILE_H

#include <stddef.h>

#include "common/status.h"

/* STATUS_OK for 0; STATUS_PERMISSION, STATUS_NOT_FOUND, STATUS_EXISTS, STATUS_NO_SPACE,
 * STATUS_TOO_LONG, STATUS_NOMEM, else STATUS_IO. */
MUST_CHECK enum status file_status(int error);

/* Every directory on the way to path that is not there, path itself too; 0700. ENOTDIR where
 * something else stands in the way, at its end too. */
MUST_CHECK int file_make_directories(const char *path);

/* What path holds by name is on the disk. */
MUST_CHECK int file_sync_directory(const char *path);

/* A new secret file, 0600, in a directory that others do not write in: whole and on the disk
 * as name.new first, then under its name. After a crash or an error there is all of it or none.
 * The caller sees to it that nobody else makes it. ENOSPC also where the disk took a part. */
MUST_CHECK int file_write_secret(const char *directory, const char *name, const void *data,
                                 size_t count);

#endif

#include "common/machine/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status file_status(int error)
{
    switch (error) { /* the system's numbers: a default is in place */
    case 0:
        return STATUS_OK;
    case EACCES:
    case EPERM:
    case EROFS:
        return STATUS_PERMISSION;
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
        return STATUS_NOT_FOUND;
    case EEXIST:
        return STATUS_EXISTS;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: /* a limit on the size of files */
        return STATUS_NO_SPACE;
    case ENAMETOOLONG:
        return STATUS_TOO_LONG;
    case ENOMEM:
        return STATUS_NOMEM;
    default:
        return STATUS_IO;
    }
}

int file_make_directories(const char *path)
{
    char copy[PATH_MAX];
    size_t count = strlen(path);
    struct stat about;

    if (count >= sizeof copy) {
        return ENAMETOOLONG;
    }
    memcpy(copy, path, count + 1);
    for (size_t i = 1; i <= count; i++) {
        if (copy[i] != '/' && copy[i] != '\0') {
            continue;
        }
        copy[i] = '\0';
        /* one that is there may be on a disk where nothing is made: that is no error */
        if (mkdir(copy, 0700) != 0) {
            int error = errno;

            if (error != EEXIST && stat(copy, &about) != 0) {
                return error;
            }
        }
        copy[i] = path[i];
    }
    if (stat(path, &about) != 0) {
        return errno;
    }
    return S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
}

int file_sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = 0;

    if (fd < 0) {
        return errno;
    }
    if (fsync(fd) != 0 && errno != EINVAL) { /* some file systems have nothing to do there */
        error = errno;
    }
    (void)close(fd);
    return error;
}

/* A disk that is nearly full takes a part and says so only by the count. */
static int write_whole(int fd, const char *data, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, data, count);

        if (written < 0 && errno != EINTR) {
            return errno;
        }
        if (written == 0) {
            return ENOSPC;
        }
        if (written > 0) {
            data += written;
            count -= (size_t)written;
        }
    }
    return 0;
}

static int write_new(const char *path, const void *data, size_t count)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    int error = 0;

    if (fd < 0) {
        return errno;
    }
    error = write_whole(fd, data, count);
    if (error == 0 && fsync(fd) != 0) {
        error = errno;
    }
    if (close(fd) != 0 && error == 0) {
        error = errno;
    }
    return error;
}

int file_write_secret(const char *directory, const char *name, const void *data, size_t count)
{
    char path[PATH_MAX];
    char fresh[PATH_MAX];
    int length = snprintf(fresh, sizeof fresh, "%s/%s.new", directory, name);
    int error = 0;

    if (length < 0 || (size_t)length >= sizeof fresh) {
        return ENAMETOOLONG;
    }
    (void)snprintf(path, sizeof path, "%.*s", length - 4, fresh);
    (void)unlink(fresh); /* of one that was killed here */
    error = write_new(fresh, data, count);
    if (error == 0 && rename(fresh, path) != 0) {
        error = errno;
    }
    if (error != 0) {
        (void)unlink(fresh);
    }
    return error == 0 ? file_sync_directory(directory) : error;
}

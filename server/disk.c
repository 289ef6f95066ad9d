#include "server/disk.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum status disk_free_bytes(const char *directory, uint64_t *bytes_out)
{
    struct statvfs about;

    if (statvfs(directory, &about) != 0) {
        return STATUS_IO;
    }
    *bytes_out = (uint64_t)about.f_bavail * about.f_frsize;
    return STATUS_OK;
}

static enum status ballast_path(const char *directory, char out[PATH_MAX])
{
    int count = snprintf(out, PATH_MAX, "%s/ballast", directory);

    return count > 0 && count < PATH_MAX ? STATUS_OK : STATUS_IO;
}

void disk_ballast_keep(const char *directory, uint64_t spare)
{
    char path[PATH_MAX];
    struct stat about;
    uint64_t free_bytes = 0;
    int fd;

    if (ballast_path(directory, path) != STATUS_OK ||
        (stat(path, &about) == 0 && about.st_size == DISK_BALLAST_BYTES) ||
        disk_free_bytes(directory, &free_bytes) != STATUS_OK ||
        free_bytes < DISK_BALLAST_BYTES || free_bytes - DISK_BALLAST_BYTES < spare) {
        return;
    }
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return;
    }
    if (posix_fallocate(fd, 0, DISK_BALLAST_BYTES) != 0) {
        (void)unlink(path);
    }
    (void)close(fd);
}

void disk_ballast_release(const char *directory)
{
    char path[PATH_MAX];

    if (ballast_path(directory, path) == STATUS_OK) {
        (void)unlink(path);
    }
}

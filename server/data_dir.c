#include "server/data_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/machine/file.h"
#include "server/text.h"

enum { PID_TEXT_BYTES = 32 };

enum status data_dir_file(const char *directory, const char *name, char out[PATH_MAX])
{
    int count = snprintf(out, PATH_MAX, "%s/%s", directory, name);

    return count > 0 && count < PATH_MAX ? STATUS_OK : STATUS_TOO_LONG;
}

/* Makes every directory on the way that is not there; errno says why not. */
static enum status make(const char *path)
{
    errno = file_make_directories(path);
    return file_status(errno);
}

static pid_t read_holder(int fd)
{
    char text[PID_TEXT_BYTES] = "";
    ssize_t count = pread(fd, text, sizeof text - 1, 0);

    return count > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* Says who holds it, for whoever finds it locked; the lock itself is the kernel's. */
static void write_holder(int fd)
{
    char text[PID_TEXT_BYTES];
    int count = snprintf(text, sizeof text, "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)count, 0) != count) {
        return; /* then it stays unnamed */
    }
}

enum status data_dir_open(const char *path, struct data_dir *dir_out)
{
    struct data_dir dir = {.lock_fd = -1};
    char lock[PATH_MAX];
    enum status status = make(path);

    dir_out->holder = 0;
    if (status == STATUS_OK) {
        status = data_dir_file(path, "kringd.lock", lock);
    }
    if (status != STATUS_OK) {
        return status;
    }
    dir.lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (dir.lock_fd < 0) {
        return file_status(errno);
    }
    if (flock(dir.lock_fd, LOCK_EX | LOCK_NB) != 0) {
        status = errno == EWOULDBLOCK ? STATUS_BUSY : file_status(errno);
        dir_out->holder = read_holder(dir.lock_fd);
        (void)close(dir.lock_fd);
        return status;
    }
    write_holder(dir.lock_fd);
    (void)text_copy(dir.path, sizeof dir.path, path); /* it fits: the lock's path did */
    *dir_out = dir;
    return STATUS_OK;
}

void data_dir_close(struct data_dir *dir)
{
    if (dir->lock_fd >= 0) {
        (void)close(dir->lock_fd);
    }
    dir->lock_fd = -1;
}

enum status data_dir_socket(const char *directory, const char *name,
                            char out[DATA_DIR_SOCKET_BYTES_MAX], int *fd_out)
{
    char path[PATH_MAX];
    enum status status = data_dir_file(directory, name, path);
    int count;
    int fd;

    if (status == STATUS_OK && text_copy(out, DATA_DIR_SOCKET_BYTES_MAX, path)) {
        *fd_out = -1;
        return STATUS_OK;
    }
    fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return file_status(errno);
    }
    count = snprintf(out, DATA_DIR_SOCKET_BYTES_MAX, "/proc/self/fd/%d/%s", fd, name);
    if (count < 0 || count >= DATA_DIR_SOCKET_BYTES_MAX) {
        (void)close(fd);
        return STATUS_TOO_LONG;
    }
    *fd_out = fd;
    return STATUS_OK;
}

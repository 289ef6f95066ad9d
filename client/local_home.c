/* The directory of the local store: where it is, its lock file and its identity seed. */
#include "client/local_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/say.h"
#include "common/machine/file.h"
#include "common/secret.h"

/* Opening takes moments: whoever takes longer hangs. */
enum { OPENING_TRIES = 200, OPENING_PAUSE_MS = 10 };

/* ---- the directory ---- */

static bool is_set(const char *value)
{
    return value != NULL && value[0] != '\0';
}

enum status local_choose_path(const char *given, char out[PATH_MAX], char *detail)
{
    const char *base = given;
    const char *below = "";
    int count;

    if (!is_set(base)) {
        base = getenv("KRING_HOME");
    }
    if (!is_set(base)) {
        base = getenv("XDG_DATA_HOME");
        below = "/kring";
        if (base == NULL || base[0] != '/') { /* a relative one is to be passed over, it says */
            base = getenv("HOME");
            below = "/.local/share/kring";
        }
    }
    if (!is_set(base)) {
        local_say(detail, "%s",
                  SAY("HOME is not set, so kring has no place to keep anything; name one with "
                      "KRING_HOME=DIRECTORY"));
        return STATUS_NOT_FOUND;
    }
    count = snprintf(out, PATH_MAX, "%s%s", base, below);
    if (count < 0 || count >= PATH_MAX - LOCAL_KEY_BYTES_MAX) { /* files come below it */
        local_say(detail, "%s", SAY("the path of the directory for kring is too long"));
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

enum status local_make_home(const char *path, char *detail)
{
    struct stat about;
    int error = file_make_directories(path);

    if (error == 0 && stat(path, &about) != 0) {
        error = errno;
    }
    if (error != 0) {
        return local_say_errno(detail, path, error);
    }
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        local_say(detail,
                  SAY("others may write in %s, so what is in it cannot be trusted: "
                      "chmod 700 it, or name another place with KRING_HOME=DIRECTORY"),
                  path);
        return STATUS_PERMISSION;
    }
    return STATUS_OK;
}

/* ---- locks ---- */

/* Of this open file, not of the process: another opening in the same process is kept out too,
 * and all of it goes when the process does. */
static int lock_byte(int fd, short type, uint64_t at)
{
    struct flock lock = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)at, .l_len = 1};

    return fcntl(fd, F_OFD_SETLK, &lock);
}

enum status local_lock_byte(struct local *local, uint64_t at)
{
    char path[PATH_MAX];

    if (lock_byte(local->lock_fd, F_WRLCK, at) == 0) {
        return STATUS_OK;
    }
    if (errno == EAGAIN || errno == EACCES) {
        return STATUS_BUSY;
    }
    (void)snprintf(path, sizeof path, "%.*s/lock", PATH_MAX - 8, local->path);
    return local_say_errno(local->detail, path, errno);
}

void local_unlock_byte(struct local *local, uint64_t at)
{
    (void)lock_byte(local->lock_fd, F_UNLCK, at);
}

enum status local_open_lock(struct local *local)
{
    const struct timespec pause = {.tv_nsec = OPENING_PAUSE_MS * 1000000L};
    char path[PATH_MAX];
    enum status status = STATUS_BUSY;

    (void)snprintf(path, sizeof path, "%.*s/lock", PATH_MAX - 8, local->path);
    local->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (local->lock_fd < 0) {
        return local_say_errno(local->detail, path, errno);
    }
    for (int i = 0; i < OPENING_TRIES && status == STATUS_BUSY; i++) {
        if (i > 0) {
            (void)nanosleep(&pause, NULL);
        }
        status = local_lock_byte(local, LOCAL_LOCK_OPENING);
    }
    if (status == STATUS_BUSY) {
        local_say(local->detail, SAY("another kring has %s locked and does not go on; end it"),
                  path);
    }
    return status;
}

/* ---- the seed ---- */

static enum status say_seed(struct local *local, const char *path)
{
    local_say(local->detail,
              SAY("%s is missing or damaged, and nothing in kring.db opens without it; put it "
                  "back, or move kring.db away to begin anew"),
              path);
    return STATUS_CRYPTO;
}

static enum status load_seed(struct local *local, const char *path, int fd,
                             uint8_t seed_out[SEED_BYTES])
{
    uint8_t bytes[SEED_BYTES + 1];
    struct stat about;
    ssize_t count;
    enum status status = STATUS_OK;

    if (fstat(fd, &about) != 0) {
        return local_say_errno(local->detail, path, errno);
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        local_say(local->detail,
                  SAY("others may read %s, and whoever has it can read all that is kept here: "
                      "chmod 600 it, if you are sure that nobody did"),
                  path);
        return STATUS_PERMISSION;
    }
    count = read(fd, bytes, sizeof bytes);
    if (count < 0) {
        status = local_say_errno(local->detail, path, errno);
    } else if (count != SEED_BYTES) {
        status = say_seed(local, path);
    } else {
        memcpy(seed_out, bytes, SEED_BYTES);
    }
    secret_wipe(bytes, sizeof bytes);
    return status;
}

static enum status make_seed(struct local *local, const char *path,
                             uint8_t seed_out[SEED_BYTES])
{
    uint8_t seed[SEED_BYTES];
    int error;

    entropy_fill(&local->entropy, seed, sizeof seed);
    error = file_write_secret(local->path, "identity", seed, sizeof seed);
    if (error == 0) {
        memcpy(seed_out, seed, SEED_BYTES);
    }
    secret_wipe(seed, sizeof seed);
    return error == 0 ? STATUS_OK : local_say_errno(local->detail, path, error);
}

enum status local_read_seed(struct local *local, uint8_t seed_out[SEED_BYTES])
{
    char path[PATH_MAX];
    struct stat about;
    enum status status;
    int fd;

    (void)snprintf(path, sizeof path, "%.*s/identity", PATH_MAX - 16, local->path);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && errno != ENOENT) {
        return local_say_errno(local->detail, path, errno);
    }
    if (fd < 0) {
        if (stat(local->database, &about) == 0 && about.st_size > 0) {
            return say_seed(local, path);
        }
        return make_seed(local, path, seed_out);
    }
    status = load_seed(local, path, fd, seed_out);
    (void)close(fd);
    return status;
}

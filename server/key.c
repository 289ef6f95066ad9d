#include "server/key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/machine/file.h"
#include "common/secret.h"
#include "server/data_dir.h"

/* The reason this open file cannot be the key, NULL if it can. */
static const char *why_not(int fd)
{
    struct stat about;

    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        return "server.key is no ordinary file";
    }
    if ((about.st_mode & 077) != 0) {
        return "server.key can be read or written by others: chmod 600 it, and ask yourself who"
               " may have a copy";
    }
    if (about.st_uid != geteuid() && geteuid() != 0) {
        return "server.key belongs to another user";
    }
    return about.st_size == NOISE_KEY_BYTES ? NULL : "server.key does not hold 32 bytes";
}

static enum status read_key(int fd, uint8_t secret[NOISE_KEY_BYTES], const char **why_out)
{
    *why_out = why_not(fd);
    if (*why_out != NULL) {
        return STATUS_MALFORMED;
    }
    if (read(fd, secret, NOISE_KEY_BYTES) != NOISE_KEY_BYTES) {
        *why_out = "server.key cannot be read";
        return STATUS_IO;
    }
    return STATUS_OK;
}

static enum status make_key(const char *directory, const struct entropy *entropy,
                            uint8_t secret[NOISE_KEY_BYTES], const char **why_out)
{
    *why_out = "server.key cannot be made";
    entropy_fill(entropy, secret, NOISE_KEY_BYTES);
    return file_status(file_write_secret(directory, "server.key", secret, NOISE_KEY_BYTES));
}

enum status server_key_load(const char *directory, const struct entropy *entropy,
                            struct noise_keypair *key_out, const char **why_out)
{
    uint8_t secret[NOISE_KEY_BYTES];
    char path[PATH_MAX];
    enum status status = data_dir_file(directory, "server.key", path);
    int fd = -1;

    *why_out = "the path of server.key is too long";
    if (status != STATUS_OK) {
        return status;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) {
        status = read_key(fd, secret, why_out);
        (void)close(fd);
    } else if (errno == ENOENT) {
        status = make_key(directory, entropy, secret, why_out);
    } else {
        *why_out = "server.key cannot be opened";
        status = file_status(errno);
    }
    if (status == STATUS_OK) {
        noise_keypair_from(secret, key_out);
    }
    secret_wipe(secret, sizeof secret);
    return status;
}

/* Holds a string, given on standard input, in the memory that is hardest to find it in: locked
 * and left out of ordinary dumps. The control of tests/scenario/blindness_test.py: a search
 * that does not find this one would find nothing. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/secret.h"

enum { SECRET_BYTES_MAX = 4096 };

int main(void)
{
    char *secret = secret_alloc(SECRET_BYTES_MAX);
    ssize_t count = secret == NULL ? -1 : read(STDIN_FILENO, secret, SECRET_BYTES_MAX - 1);

    if (count <= 0) {
        return 1;
    }
    (void)puts("held");
    (void)fflush(stdout);
    (void)pause();
    secret_free(secret, SECRET_BYTES_MAX);
    return 0;
}

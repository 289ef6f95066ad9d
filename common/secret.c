#include "common/secret.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

void secret_wipe(void *data, size_t count)
{
    if (count > 0) {
        explicit_bzero(data, count);
    }
}

bool secret_equal(const void *a, const void *b, size_t count)
{
    const volatile uint8_t *left = a;
    const volatile uint8_t *right = b;
    uint8_t difference = 0;

    for (size_t i = 0; i < count; i++) {
        difference = (uint8_t)(difference | (left[i] ^ right[i]));
    }
    return difference == 0;
}

void *secret_alloc(size_t count)
{
    void *data = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (data == MAP_FAILED) {
        return NULL;
    }
    /* Both are best effort: a small RLIMIT_MEMLOCK must not keep people from their session. */
    (void)mlock(data, count);
    (void)madvise(data, count, MADV_DONTDUMP);
    return data;
}

void secret_free(void *data, size_t count)
{
    if (data == NULL) {
        return;
    }
    secret_wipe(data, count);
    (void)munmap(data, count);
}

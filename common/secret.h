/* common/secret.h -- memory that holds secrets: wiped when done, kept out of swap and dumps. */
#ifndef COMMON_SECRET_H
#define COMMON_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Overwrites count bytes; the compiler may not leave it out. NULL with 0 is fine. */
void secret_wipe(void *data, size_t count);

/* Compares in time that depends only on count. */
bool secret_equal(const void *a, const void *b, size_t count);

/* Zeroed memory, locked and left out of core dumps where the system allows. NULL when there
 * is none. The caller owns it: secret_free() wipes and frees. NULL is fine there. */
void *secret_alloc(size_t count);
void secret_free(void *data, size_t count);

#endif

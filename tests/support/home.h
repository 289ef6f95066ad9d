/* tests/support/home.h -- a directory for a local store, and what lies in its files. */
#ifndef TESTS_SUPPORT_HOME_H
#define TESTS_SUPPORT_HOME_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "client/local.h"
#include "common/status.h"

struct home {
    char path[64];
    char detail[LOCAL_DETAIL_BYTES_MAX];
    struct local *local; /* NULL: closed */
};

/* An empty directory of its own. Ends the test when there is none. */
void home_begin(struct home *home);
void home_end(struct home *home); /* closes, and removes all of it */

/* For cmocka: *state is a struct home of the test's own. */
int home_setup(void **state);
int home_teardown(void **state);

/* Makes what belongs in a home, with something in it; closed again. */
void home_make(struct home *home);
/* That is still there: opens and closes it. */
void home_assert_kept(struct home *home);
/* It does not open, and says so in these words. */
void home_assert_refused(struct home *home, enum status status, const char *sentence);

enum status home_open(struct home *home);
void home_close(struct home *home);

/* The path of a file in it; valid until the next call. */
const char *home_file(const struct home *home, const char *name);
void home_write(const struct home *home, const char *name, const void *data, size_t count,
                mode_t mode);
/* How many bytes, to out at most `size`. */
size_t home_read(const struct home *home, const char *name, void *out, size_t size);
off_t home_file_bytes(const struct home *home, const char *name); /* -1: no such file */

/* How often the bytes occur in all its files together. */
size_t home_search(const struct home *home, const void *needle, size_t count);
/* Runs SQL on the database with a connection of its own; the first value of the first row, as
 * bytes, goes to out if it is not NULL. Gives how many bytes. */
size_t home_sql(const struct home *home, const char *sql, void *out, size_t size);

#endif

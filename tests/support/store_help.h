/* tests/support/store_help.h -- what the tests of the store share: a directory of their own, a
 * store on it, and calls that wait for their answer (30 s at most, then the test fails). */
#ifndef TESTS_SUPPORT_STORE_HELP_H
#define TESTS_SUPPORT_STORE_HELP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "server/store.h"

enum { STORE_HELP_PATH_BYTES = 64 };

struct store_help {
    char directory[STORE_HELP_PATH_BYTES];
    uv_loop_t loop;
    uv_timer_t deadline;
    struct store *store;
};

/* A fresh directory in /tmp and a loop; end removes the directory and what is in it. */
void store_help_begin(struct store_help *help);
void store_help_end(struct store_help *help);

/* vfs may be NULL. */
enum status store_help_open(struct store_help *help, const char *vfs, uint64_t free_bytes_min);
void store_help_stop(struct store_help *help);

/* The whole content of the directory's files holds these bytes somewhere. */
bool store_help_disk_holds(const struct store_help *help, const void *bytes, size_t count);

/* Runs the loop until *count answers have come. */
void store_help_await(struct store_help *help, const size_t *come, size_t count);

struct store_answer {
    size_t come;
    enum status status;
};
void store_help_done(void *context, enum status status); /* context: struct store_answer */
void store_help_appended(void *context, const struct batch *batch, enum status status);

/* Each asks and waits. */
enum status store_help_append(struct store_help *help, struct batch *batch);
enum status store_help_put_ticket(struct store_help *help, const struct store_ticket *ticket);
enum status store_help_purge(struct store_help *help, uint8_t session, uint64_t now_ms);

struct store_rows_copy {
    size_t come;
    enum status status;
    struct row *rows; /* owned: store_help_forget() */
    size_t count;
};
void store_help_load(struct store_help *help, uint8_t session,
                     struct store_rows_copy *copy_out);
void store_help_forget(struct store_rows_copy *copy);

/* Batches to be given to the store. A session is named by one number. */
void store_help_session(uint8_t number, uint8_t out[HASH_BYTES]);
struct batch *store_help_batch(uint8_t session);
void store_help_add(struct batch *batch, const struct row *row);
/* An entry whose id is made of stream and index. member 0: public. */
void store_help_add_entry(struct batch *batch, uint16_t member, uint64_t index,
                          const char *text);
/* The session row and the first public entry. */
struct batch *store_help_genesis(uint8_t session);

#endif

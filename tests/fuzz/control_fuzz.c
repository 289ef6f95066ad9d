/* What is said on the control socket, to a real store: every request gets exactly one answer,
 * whatever is in it. The first byte is the method, if it is one; else all is one message. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/methods.h"
#include "server/control.h"
#include "tests/support/seeded.h"
#include "tests/support/store_help.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REQUEST_BYTES_MAX = 4096, RUNS_PER_STORE = 5000 };

static struct store_help files;
static struct control control;
static struct seeded seeded = {.state = 11};
static size_t answers;

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void take_answer(void *context, uint32_t peer, struct bytes answer)
{
    struct message message;

    (void)context;
    (void)peer;
    must(message_decode(answer, &message) == STATUS_OK);
    must(message.kind == MESSAGE_RESPONSE);
    answers++;
}

static void remove_files(void)
{
    store_help_stop(&files);
    store_help_end(&files);
}

static void begin(void)
{
    static const uint8_t key[KEY_BYTES] = {9};
    static const struct logger logger = {.fd = -1};
    struct control_options options = {.server_key = key,
                                      .host = "kring.example:5746",
                                      .entropy = seeded_entropy(&seeded),
                                      .logger = &logger,
                                      .answer = take_answer};

    store_help_begin(&files);
    must(store_help_open(&files, NULL, 0) == STATUS_OK);
    options.store = files.store;
    control_init(&control, &options);
}

/* Tickets that were made stay: now and then it begins with an empty store. */
static void renew(void)
{
    static size_t runs;

    if (runs == 0) {
        (void)atexit(remove_files);
    }
    if (runs % RUNS_PER_STORE == 0) {
        if (runs > 0) {
            remove_files();
        }
        begin();
    }
    runs++;
}

static void ask(struct bytes bytes)
{
    struct message message;

    if (message_decode(bytes, &message) != STATUS_OK || message.kind != MESSAGE_REQUEST) {
        return;
    }
    answers = 0;
    control_handle(&control, 1, &message);
    store_help_await(&files, &answers, 1);
    must(answers == 1 && control.calls == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* [0, 1, method, params] */
    uint8_t request[REQUEST_BYTES_MAX] = {0x94, 0x00, 0x01};

    if (size < 1 || size > REQUEST_BYTES_MAX - 3) {
        return 0;
    }
    renew();
    if (data[0] >= MESSAGE_STATUS && data[0] <= MESSAGE_PURGE) {
        memcpy(request + 3, data, size);
        ask((struct bytes){.data = request, .count = size + 3});
    } else {
        ask((struct bytes){.data = data, .count = size});
    }
    return 0;
}

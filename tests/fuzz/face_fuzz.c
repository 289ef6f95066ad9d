/* The faces of which lines come in: whatever is written to them, the json face answers with
 * objects that have an "event", one a line, and both end. The first byte says which face, who
 * looks and what is open. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include <jansson.h>
#include <sys/mman.h>
#include <unistd.h>
#include <uv.h>

#include "client/faces/face.h"
#include "tests/support/face_fake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_events(const char *text)
{
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        json_t *event;

        must(end != NULL);
        event = json_loadb(text, (size_t)(end - text), JSON_REJECT_DUPLICATES, NULL);
        must(json_string_value(json_object_get(event, "event")) != NULL);
        json_decref(event);
        text = end + 1;
    }
}

/* One descriptor for all: what is written stands in it from the beginning. */
static int file_with(const uint8_t *data, size_t size)
{
    static int file = -1;

    if (file < 0) {
        file = memfd_create("input", MFD_CLOEXEC);
    }
    must(file >= 0 && ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0);
    must(pwrite(file, data, size, 0) == (ssize_t)size);
    return file;
}

static void talk(enum face_kind kind, const uint8_t *data, size_t size)
{
    uv_loop_t loop;
    struct face *face = NULL;
    struct face_options options = {.kind = kind, .loop = &loop};
    char *out = NULL;
    size_t out_count = 0;

    must(uv_loop_init(&loop) == 0);
    options.input = file_with(data, size);
    options.out = open_memstream(&out, &out_count);
    must(options.out != NULL && face_create(&options, &face) == STATUS_OK);
    fake.face = face_client(face);
    (void)face_run(face, FAKE_CLIENT);
    fake.face = NULL;
    fake_changed(); /* frees what was looked at: what is left is looked for at every run */
    face_destroy(face);
    must(uv_loop_close(&loop) == 0);
    must(fclose(options.out) == 0);
    if (kind == FACE_JSON) {
        check_events(out);
    }
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t first = size > 0 ? data[0] : 0;
    uint16_t step = first >> 4 & 7;

    if (size == 0) {
        return 0;
    }
    fake_begin((uint16_t)((first >> 1 & 3) + 1));
    if (step >= 1 && step <= FAKE_STEPS) {
        fake_open(step);
    }
    talk((first & 1) == 0 ? FACE_JSON : FACE_PLAIN, data + 1, size - 1);
    return 0;
}

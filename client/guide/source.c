#include "client/guide/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistr.h>

#include "client/say.h"
#include "common/text.h"

static const struct place whole_file = {0, 0};

static enum status source_say_unreadable(struct report *report, const char *path, int error)
{
    report_add(report, REPORT_ERROR, path, whole_file, SAY("cannot be read: %s"),
               strerror(error));
    return error == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
}

static enum status source_say_too_long(struct report *report, const char *file)
{
    report_add(report, REPORT_ERROR, file, whole_file,
               SAY("is larger than 1 MiB: is this the right file?"));
    return STATUS_TOO_LONG;
}

enum status source_read(const char *path, struct report *report, unsigned char **data_out,
                        size_t *count_out)
{
    enum status status = STATUS_OK;
    unsigned char *data = NULL;
    struct stat about;
    size_t count;
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return source_say_unreadable(report, path, errno);
    }
    if (fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode)) {
        status = source_say_unreadable(report, path, EISDIR);
        goto out;
    }
    data = malloc(SOURCE_BYTES_MAX + 1);
    if (data == NULL) {
        status = STATUS_NOMEM;
        goto out;
    }
    count = fread(data, 1, SOURCE_BYTES_MAX + 1, file);
    if (ferror(file)) {
        status = source_say_unreadable(report, path, errno);
        goto out;
    }
    if (count > SOURCE_BYTES_MAX) {
        status = source_say_too_long(report, path);
        goto out;
    }
    *data_out = data;
    data = NULL;
    *count_out = count;
out:
    free(data);
    (void)fclose(file);
    return status;
}

struct place source_place(struct bytes bytes, size_t offset)
{
    struct place place = {1, 1};

    for (size_t i = 0; i < offset && i < bytes.count; i++) {
        if (bytes.data[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if ((bytes.data[i] & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

/* The offset of the first control character, count when there is none. U+0085
 * (c2 85) is a line break in YAML. */
static size_t source_find_control(struct bytes bytes)
{
    for (size_t i = 0; i < bytes.count; i++) {
        const struct bytes rest = {bytes.data + i, bytes.count - i};
        bool breaks = bytes.data[i] == '\r' ||
                      (rest.count >= 2 && rest.data[0] == 0xc2 && rest.data[1] == 0x85);

        if (text_harm(rest, NULL) == TEXT_CONTROL && !breaks) {
            return i;
        }
    }
    return bytes.count;
}

enum status source_check(struct bytes bytes, const char *file, struct report *report,
                         struct bytes *text_out)
{
    const uint8_t *bad;
    size_t control;

    if (bytes.count > SOURCE_BYTES_MAX) {
        return source_say_too_long(report, file);
    }
    if (bytes.count >= 3 && memcmp(bytes.data, "\xef\xbb\xbf", 3) == 0) {
        bytes.data += 3;
        bytes.count -= 3;
    }
    bad = bytes.count == 0 ? NULL : u8_check(bytes.data, bytes.count);
    if (bad != NULL) {
        report_add(report, REPORT_ERROR, file, source_place(bytes, (size_t)(bad - bytes.data)),
                   SAY("these bytes are not UTF-8: save the file with the encoding UTF-8"));
        return STATUS_MALFORMED;
    }
    control = source_find_control(bytes);
    if (control < bytes.count) {
        report_add(report, REPORT_ERROR, file, source_place(bytes, control),
                   SAY("a control character stands here that no text needs: remove it"));
        return STATUS_MALFORMED;
    }
    *text_out = bytes;
    return STATUS_OK;
}

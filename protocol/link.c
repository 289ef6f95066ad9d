#include "protocol/link.h"

#include <stdio.h>
#include <string.h>

#include "common/secret.h"
#include "protocol/hash.h"
#include "protocol/link_scan.h"
#include "protocol/reader.h"
#include "protocol/writer.h"

/* The fields that have a check, in the order of their checks. */
enum field {
    FIELD_HOST = 1,
    FIELD_PORT = 2,
    FIELD_TYPE = 3,
    FIELD_VERSION = 4,
    FIELD_SERVER_KEY = 5,
    FIELD_TARGET = 6,
    FIELD_SEED = 7,
    FIELD_CHECKS = 8, /* the checks before it */
};
enum {
    CHECK_BYTES = 2,
    CHECKS_BYTES = FIELD_CHECKS * CHECK_BYTES,
    PAYLOAD_FIELDS = 6,
    PAYLOAD_BYTES_MAX = 127, /* an invite with a number above 255 */
    PAYLOAD_CHARS_MAX = 170,
    SMALL_UINT_MAX = 127, /* type and version stay one byte, so lengths tell nothing apart */
    AUTHORITY_CHARS_MAX = LINK_HOST_BYTES_MAX + 8,
    PATH_CHARS_MAX = 8,
};

/* Per type: the path, and how many characters the part behind # has (an invite's number takes
 * 1, 2 or 3 bytes). Ends with 0. */
static const struct shape {
    const char *path;
    size_t chars[4];
} shapes[] = {
    [LINK_TICKET] = {"host", {120, 0}},
    [LINK_INVITE] = {"join", {167, 168, PAYLOAD_CHARS_MAX, 0}},
    [LINK_RECOVERY] = {"recover", {166, 0}},
};

/* The payload as it was read; borrows. */
struct payload {
    struct bytes field[FIELD_CHECKS + 1]; /* by enum field; type to seed */
    uint8_t port[2];
    uint32_t type;
    uint32_t version;
    uint8_t checks[CHECKS_BYTES];
};

static void check_of(enum field number, struct bytes field, uint8_t out[CHECK_BYTES])
{
    struct hash hash;
    uint8_t whole[HASH_BYTES];
    uint8_t byte = (uint8_t)number;

    hash_init(&hash, NULL, 0);
    hash_add_text(&hash, "kring/1 link");
    hash_add(&hash, &byte, 1);
    hash_add(&hash, field.data, field.count);
    hash_finish(&hash, whole);
    memcpy(out, whole, CHECK_BYTES);
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* Copies a host in lower case. */
static enum status host_copy(const char *text, size_t count, char out[LINK_HOST_BYTES_MAX + 1])
{
    const char *allowed = memchr(text, ':', count) != NULL
                              ? "0123456789abcdef:."
                              : "0123456789abcdefghijklmnopqrstuvwxyz-._";

    if (count == 0 || count > LINK_HOST_BYTES_MAX) {
        return STATUS_MALFORMED;
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = link_lower(text[i]);
        if (!is_one_of(out[i], allowed)) {
            return STATUS_MALFORMED;
        }
    }
    out[count] = '\0';
    return STATUS_OK;
}

/* ---- writing ---- */

/* One field after the other, each with its check. */
static void write_fields(struct writer *writer, const struct link *link,
                         struct payload *payload)
{
    size_t at;

    writer_array(writer, PAYLOAD_FIELDS);
    at = writer->count;
    writer_uint(writer, link->type);
    payload->field[FIELD_TYPE] = (struct bytes){writer->data + at, 1};
    writer_uint(writer, LINK_VERSION);
    payload->field[FIELD_VERSION] = (struct bytes){writer->data + at + 1, 1};
    writer_bin_of(writer, link->server_key, KEY_BYTES);
    payload->field[FIELD_SERVER_KEY] = (struct bytes){link->server_key, KEY_BYTES};
    at = writer->count;
    writer_array(writer, link->type == LINK_TICKET ? 0 : link->type == LINK_INVITE ? 2 : 1);
    if (link->type != LINK_TICKET) {
        writer_bin_of(writer, link->session, HASH_BYTES);
    }
    if (link->type == LINK_INVITE) {
        writer_uint(writer, link->invite);
    }
    payload->field[FIELD_TARGET] = (struct bytes){writer->data + at, writer->count - at};
    writer_bin_of(writer, link->seed, SEED_BYTES);
    payload->field[FIELD_SEED] = (struct bytes){link->seed, SEED_BYTES};
}

/* All checks, of the fields that payload holds and of host and port. */
static void calculate_checks(struct payload *payload, const char *host, uint16_t port,
                             uint8_t out[CHECKS_BYTES])
{
    bytes_put_u16(payload->port, port);
    payload->field[FIELD_HOST] = (struct bytes){(const uint8_t *)host, strlen(host)};
    payload->field[FIELD_PORT] = (struct bytes){payload->port, sizeof payload->port};
    payload->field[FIELD_CHECKS] = (struct bytes){out, CHECKS_BYTES - CHECK_BYTES};
    for (int field = FIELD_HOST; field <= FIELD_CHECKS; field++) {
        check_of((enum field)field, payload->field[field],
                 out + (size_t)(field - 1) * CHECK_BYTES);
    }
}

enum status link_format(const struct link *link, char *out, size_t size)
{
    struct payload payload;
    struct writer writer;
    char host[LINK_HOST_BYTES_MAX + 1];
    uint8_t bytes[PAYLOAD_BYTES_MAX];
    char base64[sodium_base64_ENCODED_LEN(PAYLOAD_BYTES_MAX,
                                          sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    bool brackets = strchr(link->host, ':') != NULL;
    enum status status = host_copy(link->host, strlen(link->host), host);
    int written;

    if (status != STATUS_OK || link->port == 0) {
        return STATUS_MALFORMED;
    }
    writer_init(&writer, bytes, sizeof bytes);
    write_fields(&writer, link, &payload);
    calculate_checks(&payload, host, link->port, payload.checks);
    writer_bin_of(&writer, payload.checks, CHECKS_BYTES);
    status = writer_status(&writer);
    if (status != STATUS_OK) {
        goto out;
    }
    (void)sodium_bin2base64(base64, sizeof base64, bytes, writer.count,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    written =
        snprintf(out, size, "%s%s%s%s:%u/%s#%s", LINK_SCHEME, brackets ? "[" : "", host,
                 brackets ? "]" : "", (unsigned)link->port, shapes[link->type].path, base64);
    if (written < 0 || (size_t)written >= size) {
        secret_wipe(out, size);
        status = STATUS_TOO_LONG;
    }
out:
    secret_wipe(bytes, sizeof bytes);
    secret_wipe(base64, sizeof base64);
    return status;
}

/* ---- reading ---- */

static enum link_part read_port(const char *text, size_t count, uint16_t *port_out)
{
    uint32_t value = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9' || i == 5) {
            return LINK_PART_PORT;
        }
        value = value * 10 + (uint32_t)(text[i] - '0');
    }
    if (value == 0 || value > UINT16_MAX) {
        return LINK_PART_PORT;
    }
    *port_out = (uint16_t)value;
    return LINK_PART_NONE;
}

/* NAME:PORT or [IPv6]:PORT; without port it is the default one. */
static enum link_part read_authority(const char *text, size_t count, struct link *link)
{
    const char *host = text;
    const char *host_end;
    const char *rest;
    bool brackets = count > 0 && text[0] == '[';

    if (brackets) {
        host = text + 1;
        host_end = memchr(text, ']', count);
        rest = host_end == NULL ? NULL : host_end + 1;
    } else {
        host_end = memchr(text, ':', count);
        host_end = host_end == NULL ? text + count : host_end;
        rest = host_end;
    }
    if (host_end == NULL ||
        host_copy(host, (size_t)(host_end - host), link->host) != STATUS_OK ||
        brackets != (strchr(link->host, ':') != NULL)) {
        return LINK_PART_HOST;
    }
    if (rest == text + count) {
        link->port = LINK_PORT_DEFAULT;
        return LINK_PART_NONE;
    }
    if (*rest != ':') {
        return LINK_PART_PORT;
    }
    return read_port(rest + 1, (size_t)(text + count - rest - 1), &link->port);
}

static enum link_part read_path(const char *text, size_t count, struct link *link)
{
    for (int type = LINK_TICKET; type <= LINK_RECOVERY; type++) {
        const char *path = shapes[type].path;

        if (count == strlen(path) && strncmp(text, path, count) == 0) {
            link->type = (enum link_type)type;
            return LINK_PART_NONE;
        }
    }
    return LINK_PART_TYPE;
}

static struct bytes read_target(struct reader *reader, struct link *link)
{
    size_t at = reader_at(reader);
    uint32_t count = link->type == LINK_TICKET ? 0 : link->type == LINK_INVITE ? 2 : 1;

    (void)reader_array(reader, count, count);
    if (count > 0) {
        reader_bin_exact(reader, link->session, HASH_BYTES);
    }
    if (count > 1) {
        link->invite = (uint16_t)reader_u32(reader, INVITES_MAX);
    }
    return reader_since(reader, at);
}

/* Reads the part behind # into link, of which type is known from the path. */
static enum status read_payload(struct bytes bytes, struct link *link, struct payload *payload)
{
    struct reader reader = reader_begin(bytes);
    size_t at;

    (void)reader_array(&reader, PAYLOAD_FIELDS, PAYLOAD_FIELDS);
    at = reader_at(&reader);
    payload->type = reader_u32(&reader, SMALL_UINT_MAX);
    payload->field[FIELD_TYPE] = reader_since(&reader, at);
    at = reader_at(&reader);
    payload->version = reader_u32(&reader, SMALL_UINT_MAX);
    payload->field[FIELD_VERSION] = reader_since(&reader, at);
    reader_bin_exact(&reader, link->server_key, KEY_BYTES);
    payload->field[FIELD_SERVER_KEY] = (struct bytes){link->server_key, KEY_BYTES};
    payload->field[FIELD_TARGET] = read_target(&reader, link);
    reader_bin_exact(&reader, link->seed, SEED_BYTES);
    payload->field[FIELD_SEED] = (struct bytes){link->seed, SEED_BYTES};
    reader_bin_exact(&reader, payload->checks, CHECKS_BYTES);
    return reader_end(&reader);
}

/* The first part whose check does not hold; LINK_PART_NONE if all do. */
static enum link_part find_typo(const struct link *link, struct payload *payload)
{
    static const enum link_part parts[] = {
        [FIELD_HOST] = LINK_PART_HOST,
        [FIELD_PORT] = LINK_PART_PORT,
        [FIELD_TYPE] = LINK_PART_TYPE,
        [FIELD_VERSION] = LINK_PART_VERSION,
        [FIELD_SERVER_KEY] = LINK_PART_SERVER_KEY,
        [FIELD_TARGET] = LINK_PART_TARGET,
        [FIELD_SEED] = LINK_PART_SEED,
    };
    uint8_t checks[CHECKS_BYTES];

    check_of(FIELD_CHECKS, (struct bytes){payload->checks, CHECKS_BYTES - CHECK_BYTES}, checks);
    if (memcmp(checks, payload->checks + CHECKS_BYTES - CHECK_BYTES, CHECK_BYTES) != 0) {
        return LINK_PART_CHECKS;
    }
    calculate_checks(payload, link->host, link->port, checks);
    for (int field = FIELD_HOST; field <= FIELD_SEED; field++) {
        size_t at = (size_t)(field - 1) * CHECK_BYTES;

        if (memcmp(checks + at, payload->checks + at, CHECK_BYTES) != 0) {
            return parts[field];
        }
    }
    return LINK_PART_NONE;
}

/* What is wrong with a link of the right shape, if anything. */
static enum status judge(const struct link *link, struct payload *payload,
                         enum link_part *part_out)
{
    *part_out = find_typo(link, payload);
    if (*part_out != LINK_PART_NONE) {
        return STATUS_MALFORMED;
    }
    if (payload->version != LINK_VERSION) {
        *part_out = LINK_PART_VERSION;
        return STATUS_VERSION;
    }
    if (payload->type != (uint32_t)link->type) {
        *part_out = LINK_PART_TYPE;
    } else if (!key_box_usable(link->server_key)) {
        *part_out = LINK_PART_SERVER_KEY;
    } else if (link->type == LINK_INVITE && link->invite == 0) {
        *part_out = LINK_PART_TARGET;
    }
    return *part_out == LINK_PART_NONE ? STATUS_OK : STATUS_MALFORMED;
}

/* A later version may have any shape behind its first two numbers. */
static bool is_later_version(const char *base64, size_t count)
{
    uint8_t start[3];

    return count >= 4 &&
           sodium_base642bin(start, sizeof start, base64, 4, NULL, NULL, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           (start[0] & 0xf0) == 0x90 && start[2] > LINK_VERSION && start[2] <= SMALL_UINT_MAX;
}

static enum status read_base64(const char *base64, size_t count, struct link *link,
                               enum link_part *part_out)
{
    struct payload payload;
    uint8_t bytes[PAYLOAD_BYTES_MAX];
    size_t byte_count;
    enum status status = STATUS_MALFORMED;

    *part_out = LINK_PART_SHAPE;
    for (const size_t *chars = shapes[link->type].chars; *chars > 0; chars++) {
        if (*chars > count ||
            sodium_base642bin(bytes, sizeof bytes, base64, *chars, NULL, &byte_count, NULL,
                              sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
            read_payload((struct bytes){bytes, byte_count}, link, &payload) != STATUS_OK) {
            continue;
        }
        status = judge(link, &payload, part_out);
        break;
    }
    if (*part_out == LINK_PART_SHAPE && is_later_version(base64, count)) {
        *part_out = LINK_PART_VERSION;
        status = STATUS_VERSION;
    }
    secret_wipe(bytes, sizeof bytes);
    return status;
}

/* Reads one link whose scheme has just been passed. */
static enum status read_link(struct link_scan *scan, struct link *link,
                             enum link_part *part_out)
{
    char text[AUTHORITY_CHARS_MAX];
    char base64[PAYLOAD_CHARS_MAX];
    enum status status;
    size_t count;

    *part_out = LINK_PART_HOST;
    if (!link_scan_until(scan, '/', text, sizeof text, &count)) {
        return STATUS_MALFORMED;
    }
    *part_out = read_authority(text, count, link);
    if (*part_out != LINK_PART_NONE) {
        return STATUS_MALFORMED;
    }
    *part_out = LINK_PART_TYPE;
    if (!link_scan_until(scan, '#', text, PATH_CHARS_MAX, &count)) {
        return STATUS_MALFORMED;
    }
    *part_out = read_path(text, count, link);
    if (*part_out != LINK_PART_NONE) {
        return STATUS_MALFORMED;
    }
    for (count = 0; count < sizeof base64; count++) {
        base64[count] = link_scan_next(scan);
        if (base64[count] == '\0') {
            break;
        }
    }
    status = read_base64(base64, count, link, part_out);
    secret_wipe(base64, sizeof base64);
    return status;
}

/* Tries each thing that begins as a link, in both readings of = and %. */
enum status link_parse(struct bytes text, struct link *link_out, enum link_part *part_out)
{
    enum link_part first_part = LINK_PART_SCHEME;
    enum status first = STATUS_MALFORMED;
    bool found = false;
    struct link link;

    if (text.count > LINK_PASTE_BYTES_MAX) {
        text.count = LINK_PASTE_BYTES_MAX;
    }
    for (size_t at = 0; at < 2 * text.count; at++) {
        struct link_scan scan = {.text = text, .at = at / 2, .escapes = at % 2 == 0};
        enum link_part part;
        enum status status;

        if (link_lower((char)text.data[at / 2]) != LINK_SCHEME[0] || !link_scan_scheme(&scan)) {
            continue;
        }
        memset(&link, 0, sizeof link);
        status = read_link(&scan, &link, &part);
        if (status == STATUS_OK) {
            *link_out = link;
            *part_out = LINK_PART_NONE;
            link_wipe(&link);
            return STATUS_OK;
        }
        if (!found) {
            found = true;
            first = status;
            first_part = part;
        }
    }
    secret_wipe(&link, sizeof link);
    *part_out = first_part;
    return first;
}

void link_wipe(struct link *link)
{
    secret_wipe(link, sizeof *link);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/hash.h"
#include "protocol/link.h"
#include "protocol/writer.h"

static struct link example(enum link_type type)
{
    struct link link = {.type = type, .port = LINK_PORT_DEFAULT, .host = "kring.example"};

    memset(link.server_key, 0x11, sizeof link.server_key);
    memset(link.seed, 0x33, sizeof link.seed);
    if (type != LINK_TICKET) {
        memset(link.session, 0x22, sizeof link.session);
    }
    if (type == LINK_INVITE) {
        link.invite = 7;
    }
    return link;
}

static void write_link(const struct link *link, char text[LINK_TEXT_BYTES_MAX])
{
    assert_int_equal(link_format(link, text, LINK_TEXT_BYTES_MAX), STATUS_OK);
}

static enum status read_text(const char *text, struct link *link, enum link_part *part)
{
    struct bytes bytes = {.data = (const uint8_t *)text, .count = strlen(text)};

    return link_parse(bytes, link, part);
}

static void assert_reads(const char *text, const struct link *expected)
{
    struct link link;
    enum link_part part = LINK_PART_SHAPE;

    memset(&link, 0, sizeof link);
    assert_int_equal(read_text(text, &link, &part), STATUS_OK);
    assert_int_equal(part, LINK_PART_NONE);
    assert_int_equal(link.type, expected->type);
    assert_string_equal(link.host, expected->host);
    assert_int_equal(link.port, expected->port);
    assert_memory_equal(link.server_key, expected->server_key, KEY_BYTES);
    assert_memory_equal(link.session, expected->session, HASH_BYTES);
    assert_int_equal(link.invite, expected->invite);
    assert_memory_equal(link.seed, expected->seed, SEED_BYTES);
}

static void assert_refused(const char *text, enum link_part expected)
{
    static const struct link zero;
    struct link link;
    enum link_part part = LINK_PART_NONE;

    memset(&link, 0, sizeof link);
    assert_int_equal(read_text(text, &link, &part), STATUS_MALFORMED);
    assert_int_equal(part, expected);
    assert_memory_equal(&link, &zero, sizeof link);
}

static void what_is_written_is_read(void **state)
{
    static const char *const hosts[] = {"kring.example", "127.0.0.1", "::1",
                                        "2001:db8::ffff:1.2.3.4", "a"};
    static const uint16_t invites[] = {1, 127, 128, 255, 256, INVITES_MAX};
    char text[LINK_TEXT_BYTES_MAX];
    struct link link;

    (void)state;
    for (int type = LINK_TICKET; type <= LINK_RECOVERY; type++) {
        for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
            link = example((enum link_type)type);
            snprintf(link.host, sizeof link.host, "%s", hosts[i]);
            link.port = (uint16_t)(1 + 16383 * i);
            write_link(&link, text);
            assert_reads(text, &link);
        }
    }
    for (size_t i = 0; i < sizeof invites / sizeof invites[0]; i++) {
        link = example(LINK_INVITE);
        link.invite = invites[i];
        write_link(&link, text);
        assert_reads(text, &link);
    }
}

static void the_longest_host_fits(void **state)
{
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];

    (void)state;
    memset(link.host, 'a', LINK_HOST_BYTES_MAX);
    link.host[LINK_HOST_BYTES_MAX] = '\0';
    link.invite = INVITES_MAX;
    write_link(&link, text);
    assert_reads(text, &link);
    assert_int_equal(link_format(&link, text, strlen(text)), STATUS_TOO_LONG);
}

static void hosts_that_are_none_are_refused(void **state)
{
    static const char *const hosts[] = {"", "a b", "a/b", "a#b", "caf\xc3\xa9", "x:y", "a@b"};
    char text[LINK_TEXT_BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct link link = example(LINK_TICKET);

        snprintf(link.host, sizeof link.host, "%s", hosts[i]);
        assert_int_equal(link_format(&link, text, sizeof text), STATUS_MALFORMED);
    }
}

static void hosts_do_not_mind_case(void **state)
{
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];

    (void)state;
    snprintf(link.host, sizeof link.host, "KRING.Example");
    write_link(&link, text);
    assert_memory_equal(text, "kring://kring.example:5746/join#", 32);
    memcpy(text, "KRING://Kring.EXAMPLE", 21);
    snprintf(link.host, sizeof link.host, "kring.example");
    assert_reads(text, &link);
}

/* Puts `what` in after every `every` characters. */
static void wrap(const char *text, const char *what, size_t every, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i > 0 && i % every == 0) {
            used += (size_t)snprintf(out + used, size - used, "%s", what);
        }
        assert_true(used + 2 < size);
        out[used++] = text[i];
    }
    out[used] = '\0';
}

static void what_mail_programs_do_is_passed_over(void **state)
{
    static const char *const wraps[] = {
        "\r\n", "\n", " ",        "\n> ",         "=\r\n", "=\n",    "=3D\r\n",  "=20\r\n",
        "\t",   "\"", "\xc2\xa0", "\xe2\x80\x8b", "=20",   "\n> > ", "=0D=0A\n",
    };
    char text[LINK_TEXT_BYTES_MAX];
    char wrapped[32768];

    (void)state;
    for (int type = LINK_TICKET; type <= LINK_RECOVERY; type++) {
        struct link link = example((enum link_type)type);

        write_link(&link, text);
        for (size_t i = 0; i < sizeof wraps / sizeof wraps[0]; i++) {
            for (size_t every = 1; every < 80; every += 7) {
                wrap(text, wraps[i], every, wrapped, sizeof wrapped);
                assert_reads(wrapped, &link);
            }
        }
    }
}

/* A soft break whose line end was lost: then =3D is no escape but a `=` and two characters. */
static void both_readings_of_an_equals_sign_are_tried(void **state)
{
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];
    char wrapped[LINK_TEXT_BYTES_MAX * 2];

    (void)state;
    write_link(&link, text);
    wrap(text, "=", 40, wrapped, sizeof wrapped); /* `=MzMz`, `=IiIi` are no escapes */
    assert_reads(wrapped, &link);
    for (size_t i = 0; i < sizeof link.seed; i++) {
        link.seed[i] = (uint8_t)(0xdf + i); /* gives `=` followed by hex digits below */
    }
    write_link(&link, text);
    for (size_t every = 1; every < 12; every++) {
        wrap(text, "=", every, wrapped, sizeof wrapped);
        assert_reads(wrapped, &link);
    }
}

static void what_stands_around_is_passed_over(void **state)
{
    static const char *const around[] = {
        "%s",
        "  %s  \n",
        "<%s>",
        "\"%s\".",
        "Dag Ayse, ga naar <%s>, morgen om 10 uur!",
        "[hier](%s) is het",
        "kring join '%s'",
        "See kring:// for more. %s",
        "kring://half.a.link:1/join#AAAA\n%s",
        "%s;",
        "_%s_",
        "%s\nand then type your name",
        "\xe2\x80\x9c%s\xe2\x80\x9d",
        "kkring://kring%s",
    };
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];
    char letter[LINK_TEXT_BYTES_MAX + 100];

    (void)state;
    write_link(&link, text);
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        const char *at = strstr(around[i], "%s");

        snprintf(letter, sizeof letter, "%.*s%s%s", (int)(at - around[i]), around[i], text,
                 at + 2);
        assert_reads(letter, &link);
    }
}

static void escapes_of_web_addresses_are_read(void **state)
{
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];
    char escaped[LINK_TEXT_BYTES_MAX];
    const char *hash;

    (void)state;
    write_link(&link, text);
    hash = strchr(text, '#');
    snprintf(escaped, sizeof escaped, "kring%%3A//kring=2Eexample:5746/join%%23%s", hash + 1);
    assert_reads(escaped, &link);
}

static void the_wrong_part_is_named(void **state)
{
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];
    char changed[LINK_TEXT_BYTES_MAX];

    (void)state;
    write_link(&link, text);
    assert_refused("", LINK_PART_SCHEME);
    assert_refused("hello", LINK_PART_SCHEME);
    assert_refused("https://kring.example:5746/join#AAAA", LINK_PART_SCHEME);
    assert_refused("kring://", LINK_PART_HOST);
    assert_refused("kring:///join#", LINK_PART_HOST);
    assert_refused("kring://:5746/join#", LINK_PART_HOST);
    assert_refused("kring://[::1/join#", LINK_PART_HOST);
    assert_refused("kring://[example]:1/join#", LINK_PART_HOST);
    assert_refused("kring://h:0/join#", LINK_PART_PORT);
    assert_refused("kring://h:65536/join#", LINK_PART_PORT);
    assert_refused("kring://h:000001/join#", LINK_PART_PORT);
    assert_refused("kring://h:1x/join#", LINK_PART_PORT);
    assert_refused("kring://h:/join#", LINK_PART_PORT);
    assert_refused("kring://[::1]5/join#", LINK_PART_PORT);
    assert_refused("kring://h:1/jion#", LINK_PART_TYPE);
    assert_refused("kring://h:1/joinjoinjoin#", LINK_PART_TYPE);
    assert_refused("kring://h:1/join", LINK_PART_TYPE);
    assert_refused("kring://h:1/join#", LINK_PART_SHAPE);

    snprintf(changed, sizeof changed, "kring://kring.exemple:5746%s", text + 26);
    assert_refused(changed, LINK_PART_HOST);
    snprintf(changed, sizeof changed, "kring://kring.example:5764%s", text + 26);
    assert_refused(changed, LINK_PART_PORT);
    snprintf(changed, sizeof changed, "kring://kring.example:5746/host%s", text + 31);
    assert_refused(changed, LINK_PART_SHAPE);
}

static void the_default_port_may_be_left_out(void **state)
{
    struct link link = example(LINK_TICKET);
    char text[LINK_TEXT_BYTES_MAX];
    char changed[LINK_TEXT_BYTES_MAX];

    (void)state;
    write_link(&link, text);
    snprintf(changed, sizeof changed, "kring://kring.example%s", text + 26);
    assert_reads(changed, &link);
    link.port = 5747;
    write_link(&link, text);
    snprintf(changed, sizeof changed, "kring://kring.example%s", text + 26);
    assert_refused(changed, LINK_PART_PORT);
}

/* Each character behind # changed to another one: always refused, and the part that holds the
 * character is named (its shape where the typo breaks that). */
static void a_typo_is_named_wherever_it_is(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];
    size_t start;
    size_t named = 0;
    size_t count = 0;

    (void)state;
    write_link(&link, text);
    start = (size_t)(strchr(text, '#') - text) + 1;
    for (size_t at = start; text[at] != '\0'; at++) {
        char old = text[at];

        for (size_t i = 0; i < 64; i += 9) {
            struct link read;
            enum link_part part = LINK_PART_NONE;

            if (alphabet[i] == old) {
                continue;
            }
            text[at] = alphabet[i];
            count++;
            assert_int_not_equal(read_text(text, &read, &part), STATUS_OK);
            assert_int_not_equal(part, LINK_PART_NONE);
            assert_int_not_equal(part, LINK_PART_HOST);
            assert_int_not_equal(part, LINK_PART_PORT);
            named += part != LINK_PART_SHAPE;
            if (at >= start + 8 && at < start + 48) { /* bytes 6 to 35: the server's key */
                assert_int_equal(part, LINK_PART_SERVER_KEY);
            } else if (at >= start + 100 && at < start + 140) { /* within the seed */
                assert_int_equal(part, LINK_PART_SEED);
            } else if (at >= start + 148 && text[at + 1] != '\0') {
                assert_int_equal(part, LINK_PART_CHECKS);
            }
        }
        text[at] = old;
    }
    assert_true(named * 10 > count * 8);
}

static void a_cut_off_link_is_not_whole(void **state)
{
    char text[LINK_TEXT_BYTES_MAX];
    struct link link = example(LINK_RECOVERY);

    (void)state;
    write_link(&link, text);
    for (size_t count = strlen(text) - 1; text[count] != '#'; count--) {
        text[count] = '\0';
        assert_refused(text, LINK_PART_SHAPE);
    }
}

/* A link by hand, with right checks: `version` and `key` may be what no program of this version
 * writes. */
static void forge(uint8_t version, uint8_t key_byte, uint16_t invite, char *out, size_t size)
{
    struct link link = example(LINK_INVITE);
    uint8_t bytes[128];
    char base64[200];
    struct writer writer;
    uint8_t checks[16];
    uint8_t target[40];
    struct writer target_writer;
    uint8_t port[2] = {LINK_PORT_DEFAULT >> 8, LINK_PORT_DEFAULT & 0xff};
    const uint8_t type = LINK_INVITE;
    struct bytes fields[8];

    memset(link.server_key, key_byte, KEY_BYTES);
    writer_init(&target_writer, target, sizeof target);
    writer_array(&target_writer, 2);
    writer_bin_of(&target_writer, link.session, HASH_BYTES);
    writer_uint(&target_writer, invite);
    fields[0] = (struct bytes){(const uint8_t *)link.host, strlen(link.host)};
    fields[1] = (struct bytes){port, 2};
    fields[2] = (struct bytes){&type, 1};
    fields[3] = (struct bytes){&version, 1};
    fields[4] = (struct bytes){link.server_key, KEY_BYTES};
    fields[5] = writer_bytes(&target_writer);
    fields[6] = (struct bytes){link.seed, SEED_BYTES};
    fields[7] = (struct bytes){checks, 14};
    for (uint8_t i = 0; i < 8; i++) {
        struct hash hash;
        uint8_t whole[HASH_BYTES];
        uint8_t number = (uint8_t)(i + 1);

        hash_init(&hash, NULL, 0);
        hash_add_text(&hash, "kring/1 link");
        hash_add(&hash, &number, 1);
        hash_add(&hash, fields[i].data, fields[i].count);
        hash_finish(&hash, whole);
        memcpy(checks + 2 * (size_t)i, whole, 2);
    }
    writer_init(&writer, bytes, sizeof bytes);
    writer_array(&writer, 6);
    writer_uint(&writer, type);
    writer_uint(&writer, version);
    writer_bin_of(&writer, link.server_key, KEY_BYTES);
    writer_raw(&writer, fields[5]);
    writer_bin_of(&writer, link.seed, SEED_BYTES);
    writer_bin_of(&writer, checks, sizeof checks);
    assert_int_equal(writer_status(&writer), STATUS_OK);
    sodium_bin2base64(base64, sizeof base64, bytes, writer.count,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    snprintf(out, size, "kring://%s:%u/join#%s", link.host, LINK_PORT_DEFAULT, base64);
}

/* Chapter 4 from the outside: the link that forge() spells out is the one link_format writes.
 */
static void the_bytes_are_as_written_down(void **state)
{
    struct link link = example(LINK_INVITE);
    char text[LINK_TEXT_BYTES_MAX];
    char forged[LINK_TEXT_BYTES_MAX];

    (void)state;
    write_link(&link, text);
    forge(1, 0x11, 7, forged, sizeof forged);
    assert_string_equal(text, forged);
}

static void whole_links_may_still_be_wrong(void **state)
{
    char text[LINK_TEXT_BYTES_MAX];
    struct link link;
    enum link_part part = LINK_PART_NONE;

    (void)state;
    forge(2, 0x11, 7, text, sizeof text);
    assert_int_equal(read_text(text, &link, &part), STATUS_VERSION);
    assert_int_equal(part, LINK_PART_VERSION);
    forge(0, 0x11, 7, text, sizeof text);
    assert_int_equal(read_text(text, &link, &part), STATUS_VERSION);
    forge(1, 0x00, 7, text, sizeof text); /* small order */
    assert_refused(text, LINK_PART_SERVER_KEY);
    forge(1, 0x11, 0, text, sizeof text);
    assert_refused(text, LINK_PART_TARGET);
    /* Version 3 with a shape nobody knows yet: [2, 3, ...]. */
    assert_int_equal(read_text("kring://h:1/join#lwIDAAAAAAAA", &link, &part), STATUS_VERSION);
    assert_int_equal(part, LINK_PART_VERSION);
}

static void a_long_paste_ends_somewhere(void **state)
{
    static char text[2 * LINK_PASTE_BYTES_MAX];
    struct link link;
    enum link_part part = LINK_PART_NONE;

    (void)state;
    for (size_t i = 0; i + 8 < sizeof text; i += 8) {
        memcpy(text + i, "kring://", 8);
    }
    assert_int_equal(read_text(text, &link, &part), STATUS_MALFORMED);
    assert_int_equal(part, LINK_PART_PORT);
}

static void wiping_leaves_zeros(void **state)
{
    static const struct link zero;
    struct link link = example(LINK_INVITE);

    (void)state;
    link_wipe(&link);
    assert_memory_equal(&link, &zero, sizeof link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(the_longest_host_fits),
        cmocka_unit_test(hosts_that_are_none_are_refused),
        cmocka_unit_test(hosts_do_not_mind_case),
        cmocka_unit_test(what_mail_programs_do_is_passed_over),
        cmocka_unit_test(both_readings_of_an_equals_sign_are_tried),
        cmocka_unit_test(what_stands_around_is_passed_over),
        cmocka_unit_test(escapes_of_web_addresses_are_read),
        cmocka_unit_test(the_wrong_part_is_named),
        cmocka_unit_test(the_default_port_may_be_left_out),
        cmocka_unit_test(a_typo_is_named_wherever_it_is),
        cmocka_unit_test(a_cut_off_link_is_not_whole),
        cmocka_unit_test(the_bytes_are_as_written_down),
        cmocka_unit_test(whole_links_may_still_be_wrong),
        cmocka_unit_test(a_long_paste_ends_somewhere),
        cmocka_unit_test(wiping_leaves_zeros),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/entry.h"
#include "protocol/header.h"
#include "protocol/seal.h"
#include "protocol/writer.h"
#include "tests/support/story.h"

static struct story *story;
static struct entry decoded; /* some 50 KiB: not on the stack */

static const uint8_t order_two[KEY_BYTES]; /* x = 0 */

enum { KIND_AT = 38 }; /* behind 94 99 01 c4 20, a session id and an epoch below 128 */

static int begin(void **state)
{
    (void)state;
    story = story_create();
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_destroy(story);
    return 0;
}

/* The key of who signed an entry of the story. */
static const uint8_t *signer_of(const struct entry *entry)
{
    if (entry->kind == KIND_JOIN) {
        return entry->args.join.device.sign;
    }
    return story->sealing.seats[entry->author].keys.sign;
}

/* ---- what is right ---- */

static void every_kind_is_read_back_as_it_was_written(void **state)
{
    bool met[KIND_COUNT] = {false};

    (void)state;
    for (uint8_t i = 0; i < story->count; i++) {
        const struct story_entry *told = &story->entries[i];
        static uint8_t buffer[ENTRY_BYTES_MAX];
        struct writer writer;

        assert_int_equal(entry_decode(told->bytes, &decoded), STATUS_OK);
        met[decoded.kind] = true;
        writer_init(&writer, buffer, sizeof buffer);
        header_write(&writer, &decoded);
        assert_true(bytes_equal(writer_bytes(&writer), decoded.header));
        assert_true(bytes_equal(decoded.raw, told->bytes));
        assert_int_equal(decoded.has_body, told->plaintext.data != NULL);
        if (decoded.signature != NULL) {
            assert_true(entry_signature_good(&decoded, signer_of(&decoded)));
            assert_false(entry_signature_good(&decoded, story->sealing.seats[5].keys.sign));
        }
    }
    for (int kind = KIND_GENESIS; kind < KIND_COUNT; kind++) {
        assert_true(met[kind]);
    }
}

static void fields_come_out_as_they_went_in(void **state)
{
    const struct sealing *sealing = &story->sealing;
    const struct args_genesis *genesis = &decoded.args.genesis;

    (void)state;
    assert_int_equal(entry_decode(story_find(story, "genesis")->bytes, &decoded), STATUS_OK);
    assert_int_equal(decoded.author, 1);
    assert_int_equal(decoded.epoch, 1);
    assert_int_equal(decoded.seen_index, 0);
    assert_memory_equal(genesis->device.noise, sealing->seats[1].keys.noise, KEY_BYTES);
    assert_memory_equal(genesis->recovery.box, sealing->recovery[1].keys.box, KEY_BYTES);
    assert_int_equal(genesis->text_count, 2);
    assert_int_equal(genesis->admission, ADMISSION_BY_HAND);
    assert_int_equal(genesis->step_count, 4);
    assert_int_equal(genesis->steps[2].step, 3);
    assert_int_equal(genesis->steps[2].sharing, SHARING_ANONYMOUS);
    assert_int_equal(genesis->steps[3].working, WORKING_GROUP);
    assert_int_equal(decoded.slot_count, 3);
    assert_int_equal(decoded.slots[1].lock, LOCK_MEMBER);
    assert_int_equal(decoded.slots[1].lock_n, 1);
    assert_int_equal(decoded.slots[1].name, NAME_FACILITATOR);

    assert_int_equal(entry_decode(story_find(story, "groups")->bytes, &decoded), STATUS_OK);
    assert_int_equal(decoded.args.groups.group_count, 2);
    assert_int_equal(decoded.args.groups.group_ends[0], 2);
    assert_int_equal(decoded.args.groups.group_ends[1], 3);
    assert_int_equal(decoded.args.groups.members[2], 1);

    assert_int_equal(entry_decode(story_find(story, "anonymous answer")->bytes, &decoded),
                     STATUS_OK);
    assert_null(decoded.signature);
    assert_int_equal(decoded.author, 0);

    assert_int_equal(entry_decode(story_find(story, "roster with an epoch")->bytes, &decoded),
                     STATUS_OK);
    assert_true(decoded.args.roster.has_epoch);
    assert_true(decoded.args.roster.has_recovery);
    assert_int_equal(decoded.args.roster.epoch, 2);
    assert_int_equal(decoded.epoch, 1); /* its own header is of the epoch it ends */
    assert_false(decoded.has_body);
}

static void the_hash_is_over_all_bytes(void **state)
{
    uint8_t hash[HASH_BYTES];

    (void)state;
    entry_hash(story_find(story, "genesis")->bytes, hash);
    assert_memory_equal(hash, story->sealing.session, HASH_BYTES);
}

/* ---- what is damaged ---- */

static void whatever_is_cut_off_or_added_is_refused(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < story->count; i++) {
        struct bytes bytes = story->entries[i].bytes;
        uint8_t *longer = calloc(bytes.count + 1, 1);

        assert_non_null(longer);
        memcpy(longer, bytes.data, bytes.count);
        assert_int_equal(entry_decode((struct bytes){longer, bytes.count + 1}, &decoded),
                         STATUS_MALFORMED);
        free(longer);
        for (size_t count = 0; count < bytes.count; count += count < 300 ? 1 : 7) {
            uint8_t *part = malloc(count == 0 ? 1 : count); /* so that ASan sees the end */

            assert_non_null(part);
            memcpy(part, bytes.data, count);
            assert_int_not_equal(entry_decode((struct bytes){part, count}, &decoded),
                                 STATUS_OK);
            free(part);
        }
    }
}

/* Any bit changed: refused, or not what was signed any more, or (not signed) another hash. */
static void no_byte_can_be_changed_unnoticed(void **state)
{
    (void)state;
    for (uint8_t i = 0; i < story->count; i++) {
        struct bytes bytes = story->entries[i].bytes;
        uint8_t *changed = malloc(bytes.count);
        uint8_t original[HASH_BYTES];
        uint8_t key[KEY_BYTES] = {0};
        uint8_t hash[HASH_BYTES];

        assert_non_null(changed);
        memcpy(changed, bytes.data, bytes.count);
        assert_int_equal(entry_decode(bytes, &decoded), STATUS_OK);
        if (decoded.signature != NULL) {
            memcpy(key, signer_of(&decoded), KEY_BYTES);
        }
        entry_hash(bytes, original);
        for (size_t at = 0; at < bytes.count; at++) {
            changed[at] ^= (uint8_t)(1U << at % 8);
            if (entry_decode((struct bytes){changed, bytes.count}, &decoded) == STATUS_OK) {
                assert_false(decoded.signature != NULL && entry_signature_good(&decoded, key));
                entry_hash(decoded.raw, hash);
                assert_memory_not_equal(hash, original, HASH_BYTES);
            }
            changed[at] = bytes.data[at];
        }
        free(changed);
    }
}

/* ---- what nobody may write; more of it in entry_mistakes_test.c ---- */

static struct bytes changed_at(const char *name, size_t at, uint8_t value, uint8_t *buffer)
{
    struct bytes bytes = story_find(story, name)->bytes;

    memcpy(buffer, bytes.data, bytes.count);
    buffer[at] = value;
    return (struct bytes){buffer, bytes.count};
}

static void what_this_version_does_not_know_is_named(void **state)
{
    static const uint8_t later[] = {0x92, 0x92, 0x02, 0xa1, 'x', 0x80};
    uint8_t buffer[2048];

    (void)state;
    assert_int_equal(entry_decode(changed_at("name", 2, 2, buffer), &decoded), STATUS_VERSION);
    assert_int_equal(entry_decode(changed_at("name", 2, 0, buffer), &decoded), STATUS_VERSION);
    assert_int_equal(entry_decode((struct bytes){later, sizeof later}, &decoded),
                     STATUS_VERSION);
    assert_int_equal(entry_decode(changed_at("name", KIND_AT, KIND_COUNT, buffer), &decoded),
                     STATUS_UNKNOWN);
    assert_int_equal(entry_decode(changed_at("name", KIND_AT, 0, buffer), &decoded),
                     STATUS_UNKNOWN);
    assert_int_equal(entry_decode(changed_at("name", KIND_AT, KIND_PARK, buffer), &decoded),
                     STATUS_OK);
}

/* ---- by hand: shapes that no struct can hold ---- */

struct parts {
    struct bytes header;
    struct bytes body;
    struct bytes slots; /* whole array */
    struct bytes signature;
    uint32_t values; /* of the entry's array */
};

static struct parts parts_of(const char *name)
{
    struct parts parts = {.values = 4};

    assert_int_equal(entry_decode(story_find(story, name)->bytes, &decoded), STATUS_OK);
    parts.header = decoded.header;
    if (decoded.has_body) {
        parts.body = (struct bytes){decoded.ciphertext.data - HASH_BYTES,
                                    decoded.ciphertext.count + HASH_BYTES};
    }
    if (decoded.slot_count > 0) {
        const uint8_t *start = decoded.slots[0].box - 5 - 2 - 2 - KEY_BYTES - 1;

        parts.slots = (struct bytes){
            start, (size_t)(decoded.signed_part.data + decoded.signed_part.count - start)};
    } else {
        parts.slots = (struct bytes){(const uint8_t *)"\x90", 1};
    }
    parts.signature =
        (struct bytes){decoded.signature, decoded.signature == NULL ? 0 : SIGNATURE_BYTES};
    return parts;
}

static enum status read_parts(const struct parts *parts)
{
    static uint8_t buffer[2 * ENTRY_BYTES_MAX];
    struct writer writer;

    writer_init(&writer, buffer, sizeof buffer);
    writer_array(&writer, parts->values);
    writer_raw(&writer, parts->header);
    writer_bin(&writer, parts->body);
    writer_raw(&writer, parts->slots);
    writer_bin(&writer, parts->signature);
    if (parts->values == 5) {
        writer_nil(&writer);
    }
    assert_int_equal(writer_status(&writer), STATUS_OK);
    return entry_decode(writer_bytes(&writer), &decoded);
}

static void taken_apart_and_put_together_it_is_good(void **state)
{
    struct parts parts;

    (void)state;
    parts = parts_of("name");
    assert_int_equal(read_parts(&parts), STATUS_OK);
    parts = parts_of("answer");
    assert_int_equal(read_parts(&parts), STATUS_OK);
    parts = parts_of("confirm");
    assert_int_equal(read_parts(&parts), STATUS_OK);
}

static void entries_have_no_tail(void **state)
{
    struct parts parts;
    uint8_t header[256];

    (void)state;
    parts = parts_of("confirm");
    parts.values = 5;
    assert_int_equal(read_parts(&parts), STATUS_MALFORMED);

    parts = parts_of("confirm"); /* header ... args, args */
    memcpy(header, parts.header.data, parts.header.count);
    header[0] = 0x9a;
    header[parts.header.count] = 0xc0;
    parts.header = (struct bytes){header, parts.header.count + 1};
    assert_int_equal(read_parts(&parts), STATUS_MALFORMED);

    parts = parts_of("confirm"); /* args [1, nil] */
    memcpy(header, parts.header.data, parts.header.count);
    header[parts.header.count - 2] = 0x92;
    header[parts.header.count] = 0xc0;
    parts.header = (struct bytes){header, parts.header.count + 1};
    assert_int_equal(read_parts(&parts), STATUS_TOO_LONG);

    parts = parts_of("confirm"); /* args [] */
    memcpy(header, parts.header.data, parts.header.count);
    header[parts.header.count - 2] = 0x90;
    parts.header = (struct bytes){header, parts.header.count - 1};
    assert_int_equal(read_parts(&parts), STATUS_MALFORMED);
}

static void signatures_are_where_they_must_be(void **state)
{
    static const uint8_t signature[SIGNATURE_BYTES] = {1};
    struct parts parts;

    (void)state;
    parts = parts_of("name");
    parts.signature.count = 0;
    assert_int_equal(read_parts(&parts), STATUS_MALFORMED);
    parts.signature.count = SIGNATURE_BYTES - 1;
    assert_int_equal(read_parts(&parts), STATUS_MALFORMED);
    parts = parts_of("anonymous answer");
    parts.signature = (struct bytes){signature, sizeof signature};
    assert_int_equal(read_parts(&parts), STATUS_MALFORMED);
}

static void bodies_have_a_size_of_the_row(void **state)
{
    static uint8_t body[HASH_BYTES + BODY_PADDED_BYTES_MAX + 16 + 1];
    struct parts parts;

    (void)state;
    parts = parts_of("name");
    parts.body.data = body;
    for (size_t size = 0; size < 600; size++) {
        bool fits = size == 0 || size == 256 + 48 || size == 384 + 48 || size == 512 + 48;

        parts.body.count = size;
        assert_int_equal(read_parts(&parts), fits ? STATUS_OK : STATUS_MALFORMED);
    }
    parts.body.count = BODY_PADDED_BYTES_MAX + 48;
    assert_int_equal(read_parts(&parts), STATUS_OK);
    parts.body.count++;
    assert_int_equal(read_parts(&parts), STATUS_TOO_LONG);
}

static enum status read_slots(const uint8_t *e, uint32_t count, const uint32_t numbers[4],
                              uint32_t values, size_t box_count)
{
    static uint8_t buffer[ENTRY_BYTES_MAX];
    static const uint8_t box[BOX_BYTES + 1];
    struct parts parts = parts_of("name");
    struct writer writer;

    writer_init(&writer, buffer, sizeof buffer);
    writer_array(&writer, 1 + count);
    writer_bin_of(&writer, e, KEY_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        writer_array(&writer, values);
        for (int n = 0; n < 4; n++) {
            writer_uint(&writer, numbers[n]);
        }
        writer_bin_of(&writer, box, box_count);
        if (values == 6) {
            writer_nil(&writer);
        }
    }
    parts.slots = writer_bytes(&writer);
    return read_parts(&parts);
}

static enum status read_slot(uint32_t lock, uint32_t lock_n, uint32_t name, uint32_t name_n)
{
    const uint32_t numbers[4] = {lock, lock_n, name, name_n};

    return read_slots(story->sealing.seats[1].keys.box, 1, numbers, 5, BOX_BYTES);
}

static void slots_have_the_numbers_they_need_and_no_others(void **state)
{
    (void)state;
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_CONTENT, 0), STATUS_OK);
    assert_int_equal(read_slot(0, 0, NAME_CONTENT, 0), STATUS_UNKNOWN);
    assert_int_equal(read_slot(LOCK_COUNT, 0, NAME_CONTENT, 0), STATUS_UNKNOWN);
    assert_int_equal(read_slot(LOCK_GROUP, 0, 0, 0), STATUS_UNKNOWN);
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_COUNT, 0), STATUS_UNKNOWN);
    assert_int_equal(read_slot(LOCK_GROUP, 1, NAME_CONTENT, 0), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_FACILITATOR, 1, NAME_CONTENT, 0), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_RECOVERY, 1, NAME_CONTENT, 0), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_MEMBER, 0, NAME_CONTENT, 0), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_MEMBER, MEMBERS_MAX, NAME_CONTENT, 0), STATUS_OK);
    assert_int_equal(read_slot(LOCK_MEMBER, MEMBERS_MAX + 1, NAME_CONTENT, 0),
                     STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_STEP, 0, NAME_CONTENT, 0), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_STEP, STEPS_MAX, NAME_CONTENT, 0), STATUS_OK);
    assert_int_equal(read_slot(LOCK_STEP, STEPS_MAX + 1, NAME_CONTENT, 0), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_CONTENT, 1), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_GROUP, 1), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_TEXT, TEXTS_MAX - 1), STATUS_OK);
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_TEXT, TEXTS_MAX), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_STEP, 0), STATUS_MALFORMED);
    assert_int_equal(read_slot(LOCK_GROUP, 0, NAME_STEP, STEPS_MAX), STATUS_OK);
}

static void slots_have_one_shape(void **state)
{
    static const uint32_t numbers[4] = {LOCK_MEMBER, MEMBERS_MAX, NAME_TEXT, TEXTS_MAX - 1};
    const uint8_t *e = story->sealing.seats[1].keys.box;

    (void)state;
    assert_int_equal(read_slots(e, 1, numbers, 5, BOX_BYTES), STATUS_OK);
    assert_int_equal(read_slots(e, 0, numbers, 5, BOX_BYTES), STATUS_MALFORMED); /* [e] */
    assert_int_equal(read_slots(e, 1, numbers, 4, BOX_BYTES), STATUS_MALFORMED);
    assert_int_equal(read_slots(e, 1, numbers, 6, BOX_BYTES), STATUS_TOO_LONG);
    assert_int_equal(read_slots(e, 1, numbers, 5, BOX_BYTES - 1), STATUS_MALFORMED);
    assert_int_equal(read_slots(e, 1, numbers, 5, BOX_BYTES + 1), STATUS_TOO_LONG);
    assert_int_equal(read_slots(order_two, 1, numbers, 5, BOX_BYTES), STATUS_BAD_KEY);
    assert_int_equal(read_slots(e, 1000, numbers, 5, BOX_BYTES), STATUS_OK);
    assert_int_equal(decoded.slot_count, 1000);
    assert_int_equal(decoded.slots[999].name_n, TEXTS_MAX - 1);
    assert_int_equal(read_slots(e, ENTRY_SLOTS_MAX + 1, numbers, 1, 0), STATUS_TOO_LONG);
}

static void an_entry_has_a_greatest_length(void **state)
{
    static uint8_t bytes[ENTRY_BYTES_MAX + 1];

    (void)state;
    assert_int_equal(entry_decode((struct bytes){bytes, sizeof bytes}, &decoded),
                     STATUS_TOO_LONG);
    assert_int_equal(entry_decode((struct bytes){bytes, sizeof bytes - 1}, &decoded),
                     STATUS_MALFORMED);
    assert_int_equal(entry_decode((struct bytes){NULL, 0}, &decoded), STATUS_MALFORMED);
}

/* The longest skeleton, 500 roster changes and 500 members in groups all fit. */
static void the_largest_of_each_fits(void **state)
{
    struct sealing *sealing = &story->sealing;
    struct args_genesis *genesis;
    struct args_roster *roster;
    struct args_groups *groups;
    struct bytes bytes;

    (void)state;
    genesis = &sealing_entry(sealing, KIND_GENESIS, 1, 0)->args.genesis;
    genesis->device = sealing->seats[1].keys;
    genesis->recovery = sealing->recovery[1].keys;
    genesis->step_count = STEPS_MAX;
    sealing->entry->epoch = 1;
    sealing->entry->seen_index = 0;
    for (uint16_t i = 0; i < STEPS_MAX; i++) {
        genesis->steps[i] = (struct step_plan){(uint16_t)(STEPS_MAX - i),
                                               FORM_READ,
                                               WORK_PLENARY,
                                               WORKING_NONE,
                                               SHARING_NAMED,
                                               WHO_ALL};
    }
    bytes = sealing_seal(sealing, (struct bytes){NULL, 0}, 1);
    assert_int_equal(entry_decode(bytes, &decoded), STATUS_OK);
    assert_int_equal(decoded.args.genesis.step_count, STEPS_MAX);
    assert_int_equal(decoded.args.genesis.steps[STEPS_MAX - 1].step, 1);

    roster = &sealing_entry(sealing, KIND_ROSTER, 1, 0)->args.roster;
    roster->change_count = MEMBERS_MAX;
    for (uint16_t i = 0; i < MEMBERS_MAX; i++) {
        roster->changes[i] = (struct roster_change){(uint16_t)(i + 1), ROLE_OBSERVER};
    }
    bytes = sealing_seal(sealing, (struct bytes){NULL, 0}, 1);
    assert_int_equal(entry_decode(bytes, &decoded), STATUS_OK);
    assert_int_equal(decoded.args.roster.changes[MEMBERS_MAX - 1].member, MEMBERS_MAX);

    groups = &sealing_entry(sealing, KIND_GROUPS, 1, 0)->args.groups;
    groups->group_count = MEMBERS_MAX;
    groups->member_count = MEMBERS_MAX;
    for (uint16_t i = 0; i < MEMBERS_MAX; i++) {
        groups->members[i] = (uint16_t)(i + 1);
        groups->group_ends[i] = (uint16_t)(i + 1);
    }
    bytes = sealing_seal(sealing, (struct bytes){NULL, 0}, 1);
    assert_int_equal(entry_decode(bytes, &decoded), STATUS_OK);
    assert_int_equal(decoded.args.groups.group_ends[MEMBERS_MAX - 1], MEMBERS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_back_as_it_was_written),
        cmocka_unit_test(fields_come_out_as_they_went_in),
        cmocka_unit_test(the_hash_is_over_all_bytes),
        cmocka_unit_test(whatever_is_cut_off_or_added_is_refused),
        cmocka_unit_test(no_byte_can_be_changed_unnoticed),
        cmocka_unit_test(what_this_version_does_not_know_is_named),
        cmocka_unit_test(taken_apart_and_put_together_it_is_good),
        cmocka_unit_test(entries_have_no_tail),
        cmocka_unit_test(signatures_are_where_they_must_be),
        cmocka_unit_test(bodies_have_a_size_of_the_row),
        cmocka_unit_test(slots_have_the_numbers_they_need_and_no_others),
        cmocka_unit_test(slots_have_one_shape),
        cmocka_unit_test(an_entry_has_a_greatest_length),
        cmocka_unit_test(the_largest_of_each_fits),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

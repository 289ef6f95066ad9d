/* The findings of an entry, with a session of its own that has only what they are found with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/entry.h"
#include "tests/support/story.h"

/* ---- the session, as entry_verify() sees it ---- */

enum { FAKE_MEMBERS_MAX = 5 };

struct session {
    enum session_state state;
    uint8_t id[HASH_BYTES];
    uint16_t member_count;
    struct session_member members[FAKE_MEMBERS_MAX + 1];
    struct session_invite invite; /* number 1 */
    struct recovery_keys recovery;
};

static struct session session;

enum session_state session_state(const struct session *asked)
{
    return asked->state;
}

const uint8_t *session_id(const struct session *asked)
{
    return asked->id;
}

uint16_t session_member_count(const struct session *asked)
{
    return asked->member_count;
}

const struct session_member *session_member(const struct session *asked, uint16_t member)
{
    return member == 0 || member > asked->member_count ? NULL : &asked->members[member];
}

const struct session_invite *session_invite(const struct session *asked, uint16_t number)
{
    return number == 1 ? &asked->invite : NULL;
}

const struct recovery_keys *session_recovery(const struct session *asked)
{
    return &asked->recovery;
}

static void add_member(const struct device_keys *device)
{
    session.members[++session.member_count].device = *device;
}

static void apply(const struct entry *entry)
{
    if (entry->kind == KIND_GENESIS) {
        session.state = SESSION_RUNNING;
        memcpy(session.id, entry->findings.hash, HASH_BYTES);
        session.recovery = entry->args.genesis.recovery;
        add_member(&entry->args.genesis.device);
    } else if (entry->kind == KIND_JOIN) {
        add_member(&entry->args.join.device);
    } else if (entry->kind == KIND_INVITE) {
        session.invite.exists = true;
        memcpy(session.invite.key, entry->args.invite.key, KEY_BYTES);
    }
}

/* ---- the tests ---- */

static struct story *story;
static struct entry decoded;
static struct chain chain;
static bool has_chain;

static int begin(void **state)
{
    (void)state;
    memset(&session, 0, sizeof session);
    story = story_create();
    has_chain = false;
    return 0;
}

static int end(void **state)
{
    (void)state;
    chain_finish(&chain);
    story_destroy(story);
    return 0;
}

static enum status verify(struct bytes bytes)
{
    assert_int_equal(entry_decode(bytes, &decoded), STATUS_OK);
    return entry_verify(&decoded, &session, has_chain ? &chain : NULL);
}

/* Verifies and folds the story up to and with the entry of this name. */
static void verify_until(const char *name)
{
    for (uint8_t i = 0; i < story->stream_count; i++) {
        const struct story_item *item = &story->stream[i];
        const struct story_entry *told = &story->entries[item->entry];

        assert_int_equal(verify(told->bytes), STATUS_OK);
        assert_true(decoded.findings.seen_good);
        assert_int_equal(decoded.findings.signature_good, decoded.signature != NULL);
        assert_int_equal(decoded.findings.proof_good, decoded.kind == KIND_JOIN);
        apply(&decoded);
        if (!has_chain) {
            assert_int_equal(chain_init_public(&chain, session.id), STATUS_OK);
            has_chain = true;
        }
        assert_int_equal(chain_extend(&chain, item->time_ms, told->bytes), STATUS_OK);
        if (strcmp(told->name, name) == 0) {
            return;
        }
    }
    fail();
}

static void the_whole_story_holds(void **state)
{
    (void)state;
    verify_until("purge");
    assert_int_equal(verify(story_find(story, "message")->bytes), STATUS_OK);
    assert_true(decoded.findings.signature_good);
    assert_true(decoded.findings.seen_good); /* of the public stream */
}

static void a_session_begins_with_its_genesis(void **state)
{
    (void)state;
    assert_int_equal(verify(story_find(story, "text")->bytes), STATUS_MALFORMED);
    verify_until("genesis");
    assert_int_equal(verify(story_find(story, "genesis")->bytes), STATUS_MALFORMED);
}

static void an_entry_of_another_session_is_refused(void **state)
{
    (void)state;
    verify_until("genesis");
    session.id[31] ^= 1;
    assert_int_equal(verify(story_find(story, "script")->bytes), STATUS_MALFORMED);
}

static void who_has_not_signed_it_is_found(void **state)
{
    struct bytes bytes;

    (void)state;
    verify_until("confirm");
    (void)sealing_entry(&story->sealing, KIND_PARK, STORY_PARTICIPANT, 0);
    story->sealing.entry->epoch = 1;
    bytes = sealing_seal(&story->sealing, (struct bytes){NULL, 0}, STORY_OBSERVER);
    assert_int_equal(verify(bytes), STATUS_OK);
    assert_false(decoded.findings.signature_good);

    (void)sealing_entry(&story->sealing, KIND_PARK, STORY_PARTICIPANT, 0);
    story->sealing.entry->author = 5; /* no such member yet */
    bytes = sealing_seal(&story->sealing, (struct bytes){NULL, 0}, 5);
    assert_int_equal(verify(bytes), STATUS_OK);
    assert_false(decoded.findings.signature_good);
}

/* A join with keys of member `device`, signed by `signer`, proven for `invite`. */
static void verify_join(uint16_t device, uint16_t signer, uint16_t invite,
                        const uint8_t *proof_secret)
{
    struct sealing *sealing = &story->sealing;
    struct args_join *args = &sealing_entry(sealing, KIND_JOIN, 0, 0)->args.join;

    args->device = sealing->seats[device].keys;
    args->invite = invite;
    proof_invite(proof_secret, sealing->session, &args->device, args->proof);
    assert_int_equal(verify(sealing_seal(sealing, (struct bytes){NULL, 0}, signer)), STATUS_OK);
}

static void a_join_is_signed_by_its_device_and_proven_by_its_invite(void **state)
{
    const struct sealing *sealing = &story->sealing;

    (void)state;
    verify_until("invite");
    verify_join(4, 4, 1, sealing->invite_secret);
    assert_true(decoded.findings.signature_good && decoded.findings.proof_good);
    verify_join(4, 5, 1, sealing->invite_secret);
    assert_false(decoded.findings.signature_good);
    assert_true(decoded.findings.proof_good);
    verify_join(4, 4, 1, sealing->recovery[1].sign_secret);
    assert_true(decoded.findings.signature_good);
    assert_false(decoded.findings.proof_good);
    verify_join(4, 4, 2, sealing->invite_secret); /* no such invite */
    assert_false(decoded.findings.proof_good);
    session.invite.exists = false; /* a place kept for a number nobody has used */
    verify_join(4, 4, 1, sealing->invite_secret);
    assert_false(decoded.findings.proof_good);
    session.invite.exists = true;
    verify_join(4, 4, 0, sealing->invite_secret); /* 0 is recovery */
    assert_false(decoded.findings.proof_good);
    verify_join(4, 4, 0, sealing->recovery[1].sign_secret);
    assert_true(decoded.findings.proof_good);
    verify_join(4, 4, 0, sealing->recovery[2].sign_secret); /* of an epoch to come */
    assert_false(decoded.findings.proof_good);
}

static void seen_must_be_on_the_chain(void **state)
{
    struct sealing *sealing = &story->sealing;
    static const struct {
        int index;
        int bit;
        bool good;
    } tries[] = {{0, 0, true}, {0, 1, false}, {-1, 0, false}, {1, 0, false}};

    (void)state;
    verify_until("confirm");
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        struct chain_head head = chain_head(&chain);
        struct entry *entry = sealing_entry(sealing, KIND_PARK, STORY_PARTICIPANT, 0);

        entry->epoch = 1;
        entry->seen_index = (uint64_t)((int64_t)head.index + tries[i].index);
        memcpy(entry->seen_hash, head.hash, HASH_BYTES);
        entry->seen_hash[0] ^= (uint8_t)tries[i].bit;
        assert_int_equal(
            verify(sealing_seal(sealing, (struct bytes){NULL, 0}, STORY_PARTICIPANT)),
            STATUS_OK);
        assert_int_equal(decoded.findings.seen_good, tries[i].good);
        assert_true(decoded.findings.signature_good);
    }
}

#define VERIFY_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VERIFY_TEST(the_whole_story_holds),
        VERIFY_TEST(a_session_begins_with_its_genesis),
        VERIFY_TEST(an_entry_of_another_session_is_refused),
        VERIFY_TEST(who_has_not_signed_it_is_found),
        VERIFY_TEST(a_join_is_signed_by_its_device_and_proven_by_its_invite),
        VERIFY_TEST(seen_must_be_on_the_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

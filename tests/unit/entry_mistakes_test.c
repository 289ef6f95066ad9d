/* Values in headers that nobody may write, one at a time, and what each is refused as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/entry.h"
#include "protocol/header.h"
#include "protocol/writer.h"
#include "tests/support/story.h"

static struct story *story;
static struct entry decoded; /* some 50 KiB: not on the stack */

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

/* A change to the struct before sealing, and what reading the result must say. */
struct mistake {
    const char *entry;
    void (*make)(struct entry *entry);
    enum status status;
};

static const uint8_t order_two[KEY_BYTES]; /* x = 0 */

#define MISTAKE(name, statement)                                                               \
    static void name(struct entry *entry)                                                      \
    {                                                                                          \
        statement;                                                                             \
    }

MISTAKE(epoch_zero, entry->epoch = 0)
MISTAKE(epoch_beyond, entry->epoch = EPOCHS_MAX + 1)
MISTAKE(epoch_two, entry->epoch = 2)
MISTAKE(author_nobody, entry->author = 0)
MISTAKE(author_first, entry->author = 1)
MISTAKE(author_second, entry->author = 2)
MISTAKE(author_beyond, entry->author = MEMBERS_MAX + 1)
MISTAKE(step_beyond, entry->step = STEPS_MAX + 1)
MISTAKE(seen_ahead, entry->seen_index = SESSION_ENTRIES_MAX + 1)
MISTAKE(seen_something, entry->seen_index = 1)

MISTAKE(genesis_noise, memcpy(entry->args.genesis.device.noise, order_two, KEY_BYTES))
MISTAKE(genesis_box, memcpy(entry->args.genesis.device.box, order_two, KEY_BYTES))
MISTAKE(genesis_box_high, entry->args.genesis.device.box[KEY_BYTES - 1] |= 0x80)
MISTAKE(genesis_sign, memcpy(entry->args.genesis.device.sign, order_two, KEY_BYTES))
MISTAKE(genesis_recovery, memcpy(entry->args.genesis.recovery.box, order_two, KEY_BYTES))
MISTAKE(genesis_recovery_sign, memcpy(entry->args.genesis.recovery.sign, order_two, KEY_BYTES))
MISTAKE(genesis_texts, entry->args.genesis.text_count = TEXTS_MAX + 1)
MISTAKE(genesis_retention, entry->args.genesis.retention_ms = ENTRY_TIME_MS_MAX + 1)
MISTAKE(genesis_admission, entry->args.genesis.admission = (enum admission)2)
MISTAKE(plan_step_zero, entry->args.genesis.steps[0].step = 0)
MISTAKE(plan_step_beyond, entry->args.genesis.steps[0].step = STEPS_MAX + 1)
MISTAKE(plan_form_zero, entry->args.genesis.steps[0].form = (enum form)0)
MISTAKE(plan_form, entry->args.genesis.steps[0].form = (enum form)FORM_COUNT)
MISTAKE(plan_work, entry->args.genesis.steps[0].work = (enum work)WORK_COUNT)
MISTAKE(plan_working, entry->args.genesis.steps[0].working = (enum working)WORKING_COUNT)
MISTAKE(plan_sharing, entry->args.genesis.steps[0].sharing = (enum sharing)SHARING_COUNT)
MISTAKE(plan_who, entry->args.genesis.steps[0].who = (enum who)WHO_COUNT)

MISTAKE(text_beyond, entry->args.text = TEXTS_MAX)
MISTAKE(invite_zero, entry->args.invite.number = 0)
MISTAKE(invite_beyond, entry->args.invite.number = INVITES_MAX + 1)
MISTAKE(invite_key, memcpy(entry->args.invite.key, order_two, KEY_BYTES))
MISTAKE(invite_role, entry->args.invite.role = (enum role)ROLE_COUNT)
MISTAKE(invite_removed, entry->args.invite.role = ROLE_REMOVED)
MISTAKE(invite_uses, entry->args.invite.uses = INVITE_USES_MAX + 1)
MISTAKE(invite_expiry, entry->args.invite.expiry_ms = ENTRY_TIME_MS_MAX + 1)
MISTAKE(join_noise, memcpy(entry->args.join.device.noise, order_two, KEY_BYTES))
MISTAKE(join_box, memcpy(entry->args.join.device.box, order_two, KEY_BYTES))
MISTAKE(join_sign, memcpy(entry->args.join.device.sign, order_two, KEY_BYTES))
MISTAKE(join_invite, entry->args.join.invite = INVITES_MAX + 1)
MISTAKE(roster_index, entry->args.roster.roster_index = SESSION_ENTRIES_MAX + 1)
MISTAKE(roster_nobody, entry->args.roster.changes[0].member = 0)
MISTAKE(roster_beyond, entry->args.roster.changes[0].member = MEMBERS_MAX + 1)
MISTAKE(roster_role, entry->args.roster.changes[0].role = (enum role)ROLE_COUNT)
MISTAKE(roster_first_epoch, entry->args.roster.epoch = 1)
MISTAKE(roster_epoch_beyond, entry->args.roster.epoch = EPOCHS_MAX + 1)
MISTAKE(roster_recovery, memcpy(entry->args.roster.recovery.box, order_two, KEY_BYTES))
MISTAKE(confirm_beyond, entry->args.gate_text = TEXTS_MAX)
MISTAKE(step_form, entry->args.step.plan.form = (enum form)FORM_COUNT)
MISTAKE(step_position, entry->args.step.position = STEPS_MAX + 1)
MISTAKE(open_key, memcpy(entry->args.open.step_key, order_two, KEY_BYTES))
MISTAKE(pace_verb, entry->args.pace.verb = (enum verb)VERB_COUNT)
MISTAKE(pace_verb_zero, entry->args.pace.verb = (enum verb)0)
MISTAKE(pace_seconds, entry->args.pace.seconds = TIMER_SECONDS_MAX + 1)
MISTAKE(pace_seconds_of_close, entry->args.pace.verb = VERB_CLOSE)
MISTAKE(release_count, entry->args.release.count = SESSION_ENTRIES_MAX + 1)
MISTAKE(reveal_text, entry->args.reveal.text = TEXTS_MAX)
MISTAKE(groups_nobody, entry->args.groups.members[0] = 0)
MISTAKE(groups_empty, entry->args.groups.group_ends[0] = 0)
MISTAKE(assign_what, entry->args.assign.what = (enum assignment)3)
MISTAKE(assign_group, entry->args.assign.group = MEMBERS_MAX + 1)
MISTAKE(answer_edit, entry->args.answer.edit = EDITS_MAX + 1)
MISTAKE(answer_behalf, entry->args.answer.behalf = BEHALF_MAX + 1)
MISTAKE(note_group, entry->args.note.group = MEMBERS_MAX + 1)
MISTAKE(message_none, entry->args.message.recipient_count = 0)
MISTAKE(message_nobody, entry->args.message.recipients[0] = 0)

static void groups_too_large(struct entry *entry)
{
    struct args_groups *args = &entry->args.groups;

    args->group_count = 1;
    args->member_count = GROUP_MEMBERS_MAX + 1;
    args->group_ends[0] = args->member_count;
    for (uint16_t i = 0; i < args->member_count; i++) {
        args->members[i] = (uint16_t)(i + 1);
    }
}

/* As many places as there are members: 17 groups. */
static void groups_as_many_as_fit(struct entry *entry)
{
    struct args_groups *args = &entry->args.groups;

    args->group_count = 17;
    for (uint16_t i = 0; i < args->group_count; i++) {
        args->group_ends[i] =
            (uint16_t)((i + 1) * GROUP_MEMBERS_MAX > MEMBERS_MAX ? MEMBERS_MAX
                                                                 : (i + 1) * GROUP_MEMBERS_MAX);
    }
    for (uint16_t i = 0; i < MEMBERS_MAX; i++) {
        args->members[i] = 1;
    }
}

static const struct mistake mistakes[] = {
    {"name", epoch_zero, STATUS_MALFORMED},
    {"name", epoch_beyond, STATUS_MALFORMED},
    {"genesis", epoch_two, STATUS_MALFORMED},
    {"name", author_nobody, STATUS_MALFORMED},
    {"join", author_first, STATUS_MALFORMED},
    {"genesis", author_second, STATUS_MALFORMED},
    {"genesis", author_nobody, STATUS_MALFORMED},
    {"name", author_beyond, STATUS_MALFORMED},
    {"answer", author_nobody, STATUS_MALFORMED}, /* signed, though by nobody */
    {"anonymous answer", author_first, STATUS_MALFORMED},
    {"open", step_beyond, STATUS_MALFORMED},
    {"name", seen_ahead, STATUS_MALFORMED},
    {"genesis", seen_something, STATUS_MALFORMED},

    {"genesis", genesis_noise, STATUS_BAD_KEY},
    {"genesis", genesis_box, STATUS_BAD_KEY},
    {"genesis", genesis_box_high, STATUS_BAD_KEY},
    {"genesis", genesis_sign, STATUS_BAD_KEY},
    {"genesis", genesis_recovery, STATUS_BAD_KEY},
    {"genesis", genesis_recovery_sign, STATUS_BAD_KEY},
    {"genesis", genesis_texts, STATUS_MALFORMED},
    {"genesis", genesis_retention, STATUS_MALFORMED},
    {"genesis", genesis_admission, STATUS_UNKNOWN},
    {"genesis", plan_step_zero, STATUS_MALFORMED},
    {"genesis", plan_step_beyond, STATUS_MALFORMED},
    {"genesis", plan_form_zero, STATUS_UNKNOWN},
    {"genesis", plan_form, STATUS_UNKNOWN},
    {"genesis", plan_work, STATUS_UNKNOWN},
    {"genesis", plan_working, STATUS_UNKNOWN},
    {"genesis", plan_sharing, STATUS_UNKNOWN},
    {"genesis", plan_who, STATUS_UNKNOWN},

    {"text", text_beyond, STATUS_MALFORMED},
    {"invite", invite_zero, STATUS_MALFORMED},
    {"invite", invite_beyond, STATUS_MALFORMED},
    {"invite", invite_key, STATUS_BAD_KEY},
    {"invite", invite_role, STATUS_UNKNOWN},
    {"invite", invite_removed, STATUS_UNKNOWN},
    {"invite", invite_uses, STATUS_MALFORMED},
    {"invite", invite_expiry, STATUS_MALFORMED},
    {"join", join_noise, STATUS_BAD_KEY},
    {"join", join_box, STATUS_BAD_KEY},
    {"join", join_sign, STATUS_BAD_KEY},
    {"join", join_invite, STATUS_MALFORMED},
    {"roster", roster_index, STATUS_MALFORMED},
    {"roster", roster_nobody, STATUS_MALFORMED},
    {"roster", roster_beyond, STATUS_MALFORMED},
    {"roster", roster_role, STATUS_UNKNOWN},
    {"roster with an epoch", roster_first_epoch, STATUS_MALFORMED},
    {"roster with an epoch", roster_epoch_beyond, STATUS_MALFORMED},
    {"roster with an epoch", roster_recovery, STATUS_BAD_KEY},
    {"confirm", confirm_beyond, STATUS_MALFORMED},
    {"step", step_form, STATUS_UNKNOWN},
    {"step", step_position, STATUS_MALFORMED},
    {"open", open_key, STATUS_BAD_KEY},
    {"pace close", pace_verb, STATUS_UNKNOWN},
    {"pace close", pace_verb_zero, STATUS_UNKNOWN},
    {"pace timer start", pace_seconds, STATUS_MALFORMED},
    {"pace timer start", pace_seconds_of_close, STATUS_MALFORMED},
    {"release", release_count, STATUS_MALFORMED},
    {"reveal", reveal_text, STATUS_MALFORMED},
    {"groups", groups_nobody, STATUS_MALFORMED},
    {"groups", groups_empty, STATUS_MALFORMED},
    {"groups", groups_too_large, STATUS_TOO_LONG},
    {"groups", groups_as_many_as_fit, STATUS_OK},
    {"assign scribe", assign_what, STATUS_UNKNOWN},
    {"assign scribe", assign_group, STATUS_MALFORMED},
    {"answer", answer_edit, STATUS_MALFORMED},
    {"answer", answer_behalf, STATUS_MALFORMED},
    {"note", note_group, STATUS_MALFORMED},
    {"message", message_none, STATUS_MALFORMED},
    {"message", message_nobody, STATUS_MALFORMED},
};

/* The bytes of an entry with another header; body, slots and signature are the old ones. */
static struct bytes with_header(struct bytes header, const struct entry *entry, uint8_t *buffer)
{
    size_t tail = entry->raw.count - 1 - entry->header.count;

    buffer[0] = 0x94;
    memcpy(buffer + 1, header.data, header.count);
    memcpy(buffer + 1 + header.count, entry->raw.data + 1 + entry->header.count, tail);
    return (struct bytes){buffer, 1 + header.count + tail};
}

static void mistakes_are_refused_by_name(void **state)
{
    static struct entry entry;
    static uint8_t header[ENTRY_BYTES_MAX];
    static uint8_t whole[ENTRY_BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct bytes bytes = story_find(story, mistakes[i].entry)->bytes;
        struct writer writer;

        assert_int_equal(entry_decode(bytes, &entry), STATUS_OK);
        mistakes[i].make(&entry);
        writer_init(&writer, header, sizeof header);
        header_write(&writer, &entry);
        assert_int_equal(writer_status(&writer), STATUS_OK);
        bytes = with_header(writer_bytes(&writer), &entry, whole);
        if (entry_decode(bytes, &decoded) != mistakes[i].status) {
            print_error("mistake %zu in %s\n", i, mistakes[i].entry);
        }
        assert_int_equal(entry_decode(bytes, &decoded), mistakes[i].status);
    }
}

/* More places than there are members is more than a struct can hold: 17 groups of 30. */
static void places_in_groups_have_an_end(void **state)
{
    enum { ARGS_BYTES = 7, GROUPS = 17 }; /* 91 92 92 02 03 91 01 */
    static uint8_t header[1024];
    static uint8_t whole[2048];
    struct writer writer;

    (void)state;
    assert_int_equal(entry_decode(story_find(story, "groups")->bytes, &decoded), STATUS_OK);
    writer_init(&writer, header, sizeof header);
    writer_raw(&writer, (struct bytes){decoded.header.data, decoded.header.count - ARGS_BYTES});
    writer_array(&writer, 1);
    writer_array(&writer, GROUPS);
    for (int group = 0; group < GROUPS; group++) {
        writer_array(&writer, GROUP_MEMBERS_MAX);
        for (int i = 0; i < GROUP_MEMBERS_MAX; i++) {
            writer_uint(&writer, 1);
        }
    }
    assert_int_equal(
        entry_decode(with_header(writer_bytes(&writer), &decoded, whole), &decoded),
        STATUS_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_refused_by_name),
        cmocka_unit_test(places_in_groups_have_an_end),
    };

    return cmocka_run_group_tests(tests, begin, end);
}

#include "protocol/args.h"

#include <assert.h>
#include <string.h>

#include "protocol/entry.h"
#include "protocol/seat.h"

enum { STEP_PLAN_VALUES = 6, STEP_PLAN_BYTES_MAX = 9, PARAGRAPHS_MAX = 65535 };

/* The skeleton's own limit can only be reached by a larger STEPS_MAX. */
static_assert(STEPS_MAX * STEP_PLAN_BYTES_MAX + 3 <= SKELETON_BYTES_MAX, "skeleton fits");

/* ---- values ---- */

uint32_t args_read_number(struct reader *reader, uint32_t min, uint32_t count)
{
    uint32_t value = reader_u32(reader, UINT32_MAX);

    if (value < min || value >= count) {
        reader_fail(reader, STATUS_UNKNOWN); /* after an earlier error this changes nothing */
    }
    return value;
}

static uint32_t read_range(struct reader *reader, uint32_t min, uint32_t max)
{
    uint32_t value = reader_u32(reader, max);

    if (value < min) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    return value;
}

void args_read_box_key(struct reader *reader, uint8_t out[KEY_BYTES])
{
    reader_bin_exact(reader, out, KEY_BYTES);
    if (!key_box_usable(out)) {
        reader_fail(reader, STATUS_BAD_KEY);
    }
}

static void read_sign_key(struct reader *reader, uint8_t out[KEY_BYTES])
{
    reader_bin_exact(reader, out, KEY_BYTES);
    if (reader_status(reader) == STATUS_OK && !key_sign_usable(out)) {
        reader_fail(reader, STATUS_BAD_KEY);
    }
}

/* A bin of count bytes, or an empty one. */
static bool read_optional(struct reader *reader, uint8_t *out, size_t count)
{
    struct bytes bytes = reader_bin(reader, count);

    if (bytes.count == 0) {
        return false;
    }
    if (bytes.count != count) {
        reader_fail(reader, STATUS_MALFORMED);
        return false;
    }
    memcpy(out, bytes.data, count);
    return true;
}

static void write_optional(struct writer *writer, bool has, const uint8_t *data, size_t count)
{
    writer_bin_of(writer, data, has ? count : 0);
}

static void read_device(struct reader *reader, struct device_keys *keys)
{
    (void)reader_array(reader, 3, 3);
    args_read_box_key(reader, keys->noise);
    args_read_box_key(reader, keys->box);
    read_sign_key(reader, keys->sign);
}

static void write_device(struct writer *writer, const struct device_keys *keys)
{
    writer_array(writer, 3);
    writer_bin_of(writer, keys->noise, KEY_BYTES);
    writer_bin_of(writer, keys->box, KEY_BYTES);
    writer_bin_of(writer, keys->sign, KEY_BYTES);
}

/* The two values; the array around them is the caller's. */
static void read_recovery(struct reader *reader, struct recovery_keys *keys)
{
    read_sign_key(reader, keys->sign);
    args_read_box_key(reader, keys->box);
}

static void write_recovery(struct writer *writer, const struct recovery_keys *keys)
{
    writer_array(writer, 2);
    writer_bin_of(writer, keys->sign, KEY_BYTES);
    writer_bin_of(writer, keys->box, KEY_BYTES);
}

/* What a step is, behind its number. */
static void read_plan(struct reader *reader, struct step_plan *plan)
{
    plan->form = (enum form)args_read_number(reader, FORM_READ, FORM_COUNT);
    plan->work = (enum work)args_read_number(reader, WORK_INDIVIDUAL, WORK_COUNT);
    plan->working = (enum working)args_read_number(reader, WORKING_NONE, WORKING_COUNT);
    plan->sharing = (enum sharing)args_read_number(reader, SHARING_NAMED, SHARING_COUNT);
    plan->who = (enum who)args_read_number(reader, WHO_PARTICIPANTS, WHO_COUNT);
}

static void write_plan(struct writer *writer, const struct step_plan *plan)
{
    writer_uint(writer, plan->form);
    writer_uint(writer, plan->work);
    writer_uint(writer, plan->working);
    writer_uint(writer, plan->sharing);
    writer_uint(writer, plan->who);
}

/* ---- kinds ---- */

static void read_nothing(struct reader *reader, struct entry *entry)
{
    (void)reader;
    (void)entry;
}

static void write_nothing(struct writer *writer, const struct entry *entry)
{
    (void)writer;
    (void)entry;
}

static void read_genesis(struct reader *reader, struct entry *entry)
{
    struct args_genesis *args = &entry->args.genesis;

    read_device(reader, &args->device);
    (void)reader_array(reader, 2, 2);
    read_recovery(reader, &args->recovery);
    reader_bin_exact(reader, args->group_check, HASH_BYTES);
    args->text_count = (uint16_t)reader_u32(reader, TEXTS_MAX);
    args->retention_ms = reader_u64(reader, ENTRY_TIME_MS_MAX);
    args->admission =
        (enum admission)args_read_number(reader, ADMISSION_AUTOMATIC, ADMISSION_BY_HAND + 1);
    args->step_count = (uint16_t)reader_array(reader, 0, STEPS_MAX);
    for (uint16_t i = 0; i < args->step_count; i++) {
        (void)reader_array(reader, STEP_PLAN_VALUES, STEP_PLAN_VALUES);
        args->steps[i].step = (uint16_t)read_range(reader, 1, STEPS_MAX);
        read_plan(reader, &args->steps[i]);
    }
}

static void write_genesis(struct writer *writer, const struct entry *entry)
{
    const struct args_genesis *args = &entry->args.genesis;

    write_device(writer, &args->device);
    write_recovery(writer, &args->recovery);
    writer_bin_of(writer, args->group_check, HASH_BYTES);
    writer_uint(writer, args->text_count);
    writer_uint(writer, args->retention_ms);
    writer_uint(writer, args->admission);
    writer_array(writer, args->step_count);
    for (uint16_t i = 0; i < args->step_count; i++) {
        writer_array(writer, STEP_PLAN_VALUES);
        writer_uint(writer, args->steps[i].step);
        write_plan(writer, &args->steps[i]);
    }
}

static void read_text(struct reader *reader, struct entry *entry)
{
    entry->args.text = (uint16_t)reader_u32(reader, TEXTS_MAX - 1);
}

static void write_text(struct writer *writer, const struct entry *entry)
{
    writer_uint(writer, entry->args.text);
}

static void read_invite(struct reader *reader, struct entry *entry)
{
    struct args_invite *args = &entry->args.invite;

    args->number = (uint16_t)read_range(reader, 1, INVITES_MAX);
    read_sign_key(reader, args->key);
    args->role = (enum role)args_read_number(reader, ROLE_FACILITATOR, ROLE_COUNT);
    args->uses = (uint16_t)reader_u32(reader, INVITE_USES_MAX);
    args->expiry_ms = reader_u64(reader, ENTRY_TIME_MS_MAX);
}

static void write_invite(struct writer *writer, const struct entry *entry)
{
    const struct args_invite *args = &entry->args.invite;

    writer_uint(writer, args->number);
    writer_bin_of(writer, args->key, KEY_BYTES);
    writer_uint(writer, args->role);
    writer_uint(writer, args->uses);
    writer_uint(writer, args->expiry_ms);
}

static void read_join(struct reader *reader, struct entry *entry)
{
    struct args_join *args = &entry->args.join;

    read_device(reader, &args->device);
    args->invite = (uint16_t)reader_u32(reader, INVITES_MAX);
    reader_bin_exact(reader, args->proof, SIGNATURE_BYTES);
}

static void write_join(struct writer *writer, const struct entry *entry)
{
    const struct args_join *args = &entry->args.join;

    write_device(writer, &args->device);
    writer_uint(writer, args->invite);
    writer_bin_of(writer, args->proof, SIGNATURE_BYTES);
}

/* [] or [number, H(K), [] or [sign, box]]. */
static void read_epoch(struct reader *reader, struct args_roster *args)
{
    uint32_t count = reader_array(reader, 0, 3);

    args->has_epoch = count > 0;
    if (count == 0) {
        return;
    }
    if (count != 3) {
        reader_fail(reader, STATUS_MALFORMED);
    }
    args->epoch = read_range(reader, 2, EPOCHS_MAX);
    reader_bin_exact(reader, args->group_check, HASH_BYTES);
    count = reader_array(reader, 0, 2);
    args->has_recovery = count > 0;
    if (count == 2) {
        read_recovery(reader, &args->recovery);
    } else if (count == 1) {
        reader_fail(reader, STATUS_MALFORMED);
    }
}

static void read_roster(struct reader *reader, struct entry *entry)
{
    struct args_roster *args = &entry->args.roster;

    args->roster_index = reader_u64(reader, SESSION_ENTRIES_MAX);
    args->change_count = (uint16_t)reader_array(reader, 0, MEMBERS_MAX);
    for (uint16_t i = 0; i < args->change_count; i++) {
        (void)reader_array(reader, 2, 2);
        args->changes[i].member = (uint16_t)read_range(reader, 1, MEMBERS_MAX);
        args->changes[i].role = (enum role)args_read_number(reader, ROLE_REMOVED, ROLE_COUNT);
    }
    read_epoch(reader, args);
}

static void write_roster(struct writer *writer, const struct entry *entry)
{
    const struct args_roster *args = &entry->args.roster;

    writer_uint(writer, args->roster_index);
    writer_array(writer, args->change_count);
    for (uint16_t i = 0; i < args->change_count; i++) {
        writer_array(writer, 2);
        writer_uint(writer, args->changes[i].member);
        writer_uint(writer, args->changes[i].role);
    }
    if (!args->has_epoch) {
        writer_array(writer, 0);
        return;
    }
    writer_array(writer, 3);
    writer_uint(writer, args->epoch);
    writer_bin_of(writer, args->group_check, HASH_BYTES);
    if (args->has_recovery) {
        write_recovery(writer, &args->recovery);
    } else {
        writer_array(writer, 0);
    }
}

static void read_confirm(struct reader *reader, struct entry *entry)
{
    entry->args.gate_text = (uint16_t)reader_u32(reader, TEXTS_MAX - 1);
}

static void write_confirm(struct writer *writer, const struct entry *entry)
{
    writer_uint(writer, entry->args.gate_text);
}

static void read_leave_out(struct reader *reader, struct entry *entry)
{
    reader_bin_exact(reader, entry->args.left_out, ID_BYTES);
}

static void write_leave_out(struct writer *writer, const struct entry *entry)
{
    writer_bin_of(writer, entry->args.left_out, ID_BYTES);
}

static void read_step(struct reader *reader, struct entry *entry)
{
    struct args_step *args = &entry->args.step;

    args->plan.step = entry->step; /* the header has the number */
    read_plan(reader, &args->plan);
    args->position = (uint16_t)reader_u32(reader, STEPS_MAX);
}

static void write_step(struct writer *writer, const struct entry *entry)
{
    write_plan(writer, &entry->args.step.plan);
    writer_uint(writer, entry->args.step.position);
}

static void read_open(struct reader *reader, struct entry *entry)
{
    struct args_open *args = &entry->args.open;

    args->has_key = read_optional(reader, args->step_key, KEY_BYTES);
    if (args->has_key && !key_box_usable(args->step_key)) {
        reader_fail(reader, STATUS_BAD_KEY);
    }
}

static void write_open(struct writer *writer, const struct entry *entry)
{
    const struct args_open *args = &entry->args.open;

    write_optional(writer, args->has_key, args->step_key, KEY_BYTES);
}

static void read_pace(struct reader *reader, struct entry *entry)
{
    entry->args.pace.verb = (enum verb)args_read_number(reader, VERB_CLOSE, VERB_COUNT);
    entry->args.pace.seconds = reader_u32(reader, TIMER_SECONDS_MAX);
    if (entry->args.pace.seconds != 0 && entry->args.pace.verb != VERB_TIMER_START &&
        entry->args.pace.verb != VERB_TIMER_EXTEND) {
        reader_fail(reader, STATUS_MALFORMED);
    }
}

static void write_pace(struct writer *writer, const struct entry *entry)
{
    writer_uint(writer, entry->args.pace.verb);
    writer_uint(writer, entry->args.pace.seconds);
}

static void read_release(struct reader *reader, struct entry *entry)
{
    entry->args.release.count = reader_u32(reader, SESSION_ENTRIES_MAX);
    reader_bin_exact(reader, entry->args.release.digest, HASH_BYTES);
}

static void write_release(struct writer *writer, const struct entry *entry)
{
    writer_uint(writer, entry->args.release.count);
    writer_bin_of(writer, entry->args.release.digest, HASH_BYTES);
}

static void read_reveal(struct reader *reader, struct entry *entry)
{
    entry->args.reveal.text = (uint16_t)reader_u32(reader, TEXTS_MAX - 1);
    entry->args.reveal.paragraph = (uint16_t)reader_u32(reader, PARAGRAPHS_MAX);
}

static void write_reveal(struct writer *writer, const struct entry *entry)
{
    writer_uint(writer, entry->args.reveal.text);
    writer_uint(writer, entry->args.reveal.paragraph);
}

static void read_groups(struct reader *reader, struct entry *entry)
{
    struct args_groups *args = &entry->args.groups;

    args->group_count = (uint16_t)reader_array(reader, 0, MEMBERS_MAX);
    for (uint16_t group = 0; group < args->group_count; group++) {
        uint32_t count = reader_array(reader, 1, GROUP_MEMBERS_MAX);

        if (count > (uint32_t)(MEMBERS_MAX - args->member_count)) {
            reader_fail(reader, STATUS_TOO_LONG);
            return;
        }
        for (uint32_t i = 0; i < count; i++) {
            args->members[args->member_count++] = (uint16_t)read_range(reader, 1, MEMBERS_MAX);
        }
        args->group_ends[group] = args->member_count;
    }
}

static void write_groups(struct writer *writer, const struct entry *entry)
{
    const struct args_groups *args = &entry->args.groups;
    uint16_t at = 0;

    writer_array(writer, args->group_count);
    for (uint16_t group = 0; group < args->group_count; group++) {
        writer_array(writer, (uint32_t)(args->group_ends[group] - at));
        for (; at < args->group_ends[group]; at++) {
            writer_uint(writer, args->members[at]);
        }
    }
}

static void read_assign(struct reader *reader, struct entry *entry)
{
    struct args_assign *args = &entry->args.assign;

    args->what = (enum assignment)args_read_number(reader, ASSIGNMENT_SCRIBE,
                                                   ASSIGNMENT_PERSPECTIVE + 1);
    args->group = (uint16_t)reader_u32(reader, MEMBERS_MAX);
    args->member = (uint16_t)reader_u32(reader, MEMBERS_MAX);
}

static void write_assign(struct writer *writer, const struct entry *entry)
{
    writer_uint(writer, entry->args.assign.what);
    writer_uint(writer, entry->args.assign.group);
    writer_uint(writer, entry->args.assign.member);
}

static void read_answer(struct reader *reader, struct entry *entry)
{
    entry->args.answer.edit = reader_u32(reader, EDITS_MAX);
    entry->args.answer.behalf = (uint8_t)reader_u32(reader, BEHALF_MAX);
}

static void write_answer(struct writer *writer, const struct entry *entry)
{
    writer_uint(writer, entry->args.answer.edit);
    writer_uint(writer, entry->args.answer.behalf);
}

static void read_note(struct reader *reader, struct entry *entry)
{
    struct args_note *args = &entry->args.note;

    args->group = (uint16_t)reader_u32(reader, MEMBERS_MAX);
    args->has_replaces = read_optional(reader, args->replaces, ID_BYTES);
}

static void write_note(struct writer *writer, const struct entry *entry)
{
    const struct args_note *args = &entry->args.note;

    writer_uint(writer, args->group);
    write_optional(writer, args->has_replaces, args->replaces, ID_BYTES);
}

static void read_message(struct reader *reader, struct entry *entry)
{
    struct args_message *args = &entry->args.message;

    args->recipient_count = (uint8_t)reader_array(reader, 1, RECIPIENTS_MAX);
    for (uint8_t i = 0; i < args->recipient_count; i++) {
        args->recipients[i] = (uint16_t)read_range(reader, 1, MEMBERS_MAX);
    }
}

static void write_message(struct writer *writer, const struct entry *entry)
{
    const struct args_message *args = &entry->args.message;

    writer_array(writer, args->recipient_count);
    for (uint8_t i = 0; i < args->recipient_count; i++) {
        writer_uint(writer, args->recipients[i]);
    }
}

static const struct shape {
    uint32_t count; /* values in the args array */
    void (*read)(struct reader *reader, struct entry *entry);
    void (*write)(struct writer *writer, const struct entry *entry);
} shapes[KIND_COUNT] = {
    [KIND_GENESIS] = {7, read_genesis, write_genesis},
    [KIND_TEXT] = {1, read_text, write_text},
    [KIND_INVITE] = {5, read_invite, write_invite},
    [KIND_JOIN] = {3, read_join, write_join},
    [KIND_ROSTER] = {3, read_roster, write_roster},
    [KIND_CONFIRM] = {1, read_confirm, write_confirm},
    [KIND_LEAVE_OUT] = {1, read_leave_out, write_leave_out},
    [KIND_NAME] = {0, read_nothing, write_nothing},
    [KIND_STEP] = {6, read_step, write_step},
    [KIND_OPEN] = {1, read_open, write_open},
    [KIND_PACE] = {2, read_pace, write_pace},
    [KIND_RELEASE] = {2, read_release, write_release},
    [KIND_REVEAL] = {2, read_reveal, write_reveal},
    [KIND_GROUPS] = {1, read_groups, write_groups},
    [KIND_ASSIGN] = {3, read_assign, write_assign},
    [KIND_ANSWER] = {2, read_answer, write_answer},
    [KIND_NOTE] = {2, read_note, write_note},
    [KIND_AGREEMENT] = {2, read_note, write_note},
    [KIND_PARK] = {0, read_nothing, write_nothing},
    [KIND_REPORT] = {0, read_nothing, write_nothing},
    [KIND_MESSAGE] = {1, read_message, write_message},
    [KIND_FOLLOW_UP] = {0, read_nothing, write_nothing},
    [KIND_PURGE] = {0, read_nothing, write_nothing},
};

void args_read(struct reader *reader, struct entry *entry)
{
    const struct shape *shape = &shapes[entry->kind];

    (void)reader_array(reader, shape->count, shape->count);
    shape->read(reader, entry);
}

void args_write(struct writer *writer, const struct entry *entry)
{
    const struct shape *shape = &shapes[entry->kind];

    writer_array(writer, shape->count);
    shape->write(writer, entry);
}

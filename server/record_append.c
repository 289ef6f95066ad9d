/* Deciding on an entry and taking it in: the second half of record.h. */
#include "server/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/chain.h"
#include "protocol/entry.h"
#include "server/record_ids.h"

/* One entry on its way in. */
struct intake {
    struct record *record;
    const struct entry *entry;
    struct session_decision decision;
    uint16_t author; /* of anonymous answers too; of a join its new number */
    uint64_t time_ms;
    struct batch *batch;
    struct placed *placed;
};

/* ---- guards on what is not in the log ---- */

/* Is the entry the asker's own? */
static enum status decide_author(const struct record *record, struct asker asker,
                                 const struct entry *entry)
{
    if (entry->kind == KIND_JOIN) {
        bool own_key = memcmp(entry->args.join.device.noise, asker.noise_key, KEY_BYTES) == 0;

        return asker.member == 0 && own_key ? STATUS_OK : STATUS_FORBIDDEN;
    }
    if (entry->kind == KIND_GENESIS) {
        bool own_key =
            memcmp(entry->args.genesis.device.noise, asker.noise_key, KEY_BYTES) == 0;

        return own_key ? STATUS_OK : STATUS_FORBIDDEN;
    }
    switch (record_member_state(record, asker.member)) {
    case MEMBER_NONE:
    case MEMBER_LOBBY:
        return STATUS_NOT_ADMITTED;
    case MEMBER_REMOVED:
        return STATUS_REMOVED;
    case MEMBER_ADMITTED:
        break;
    }
    if (entry->kind == KIND_ANSWER && entry->author == 0) {
        return session_may_answer(record->core, entry->step, asker.member) ? STATUS_OK
                                                                           : STATUS_FORBIDDEN;
    }
    return entry->author == asker.member ? STATUS_OK : STATUS_FORBIDDEN;
}

static enum status decide_release(const struct record *record, const struct entry *entry)
{
    uint32_t count = 0;
    uint8_t digest[HASH_BYTES];
    enum status status = record_digest(record, entry->step, &count, digest);

    if (status != STATUS_OK) {
        return status;
    }
    if (entry->args.release.count != count ||
        memcmp(entry->args.release.digest, digest, HASH_BYTES) != 0) {
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

static struct waiting_row row_of(const struct intake *intake)
{
    const struct entry *entry = intake->entry;
    struct waiting_row row = {
        .step = entry->step,
        .member = intake->author,
        .behalf = entry->args.answer.behalf,
        .edit = entry->args.answer.edit,
        .time_ms = intake->time_ms,
        .entry = entry->raw,
    };

    memcpy(row.id, entry->id, ID_BYTES);
    memcpy(row.hash, entry->findings.hash, HASH_BYTES);
    return row;
}

/* How many copies of an entry its author's quota pays for. */
static uint32_t copies_of(const struct entry *entry)
{
    return entry->kind == KIND_MESSAGE ? (uint32_t)entry->args.message.recipient_count + 1 : 1;
}

static enum status decide_quota(const struct intake *intake)
{
    const struct record *record = intake->record;
    uint32_t copies = copies_of(intake->entry);

    if (intake->author > MEMBERS_MAX) {
        return STATUS_FULL;
    }
    return quota_decide(&record->quota, intake->author,
                        record_is_facilitator(record, intake->author), copies,
                        (uint64_t)copies * intake->entry->raw.count);
}

/* Who finds an invite must not fill the session before anybody looks. */
static enum status decide_lobby(const struct record *record, const struct entry *entry)
{
    uint32_t waiting = 0;

    for (uint16_t n = 1; n <= session_member_count(record->core); n++) {
        const struct session_member *member = session_member(record->core, n);

        if (member->state == MEMBER_LOBBY && member->invite == entry->args.join.invite) {
            waiting++;
        }
    }
    return waiting < LOBBY_PER_INVITE_MAX ? STATUS_OK : STATUS_BUSY;
}

static enum status decide(struct intake *intake, struct asker asker)
{
    const struct entry *entry = intake->entry;
    enum status status = decide_author(intake->record, asker, entry);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_decide(intake->record->core, entry, intake->time_ms, &intake->decision);
    if (status != STATUS_OK) {
        return status;
    }
    intake->author = entry->kind == KIND_JOIN || entry->kind == KIND_GENESIS
                         ? intake->decision.member
                         : asker.member;
    if (entry->kind == KIND_PURGE) {
        return STATUS_OK;
    }
    if (entry->kind == KIND_RELEASE) {
        status = decide_release(intake->record, entry);
    }
    if (entry->kind == KIND_JOIN) {
        status = decide_lobby(intake->record, entry);
    }
    if (intake->decision.stream == STREAM_WAITING) {
        struct waiting_row row = row_of(intake);

        status = waiting_decide(&intake->record->waiting, &row);
    }
    return status == STATUS_OK ? decide_quota(intake) : status;
}

/* ---- taking in ---- */

static enum status add_row(const struct intake *intake, enum row_kind kind, uint16_t member,
                           uint64_t index, const struct entry *entry)
{
    struct row row = {
        .kind = kind,
        .member = member,
        .index = index,
        .step = entry == NULL ? 0 : entry->step,
        .time_ms = intake->time_ms,
    };

    if (entry != NULL) {
        row.bytes = entry->raw;
        memcpy(row.id, entry->id, ID_BYTES);
    }
    return batch_add(intake->batch, &row);
}

/* All texts are there: it is kept until its retention date from now on. */
static bool is_filled(const struct record *record)
{
    return session_state(record->core) > SESSION_FILLING;
}

static enum status take_public(struct intake *intake, const struct entry *entry,
                               uint16_t author)
{
    struct record *record = intake->record;
    bool filled = is_filled(record);
    enum status status = session_apply(record->core, entry, intake->time_ms);

    if (status == STATUS_OK) {
        status = log_append(&record->public_log, intake->time_ms, entry->raw);
    }
    if (status == STATUS_OK) {
        quota_add(&record->quota, author, 1, entry->raw.count);
        status = add_row(intake, ROW_PUBLIC, author, log_index(&record->public_log), entry);
    }
    if (status == STATUS_OK && !filled && is_filled(record)) {
        struct row row = {.kind = ROW_KEPT, .time_ms = record_gone_by_ms(record)};

        status = batch_add(intake->batch, &row);
    }
    return status;
}

/* The waiting answers of a step are gone; their share of the quotas too. */
static enum status drop_step(struct intake *intake, uint16_t step)
{
    struct record *record = intake->record;
    struct row row = {.kind = ROW_RELEASED, .step = step, .time_ms = intake->time_ms};

    for (size_t i = 0; i < record->waiting.count; i++) {
        const struct waiting_row *waiting = &record->waiting.rows[i];

        if (waiting->step == step) {
            quota_remove(&record->quota, waiting->member, 1, waiting->entry.count);
        }
    }
    waiting_drop_step(&record->waiting, step);
    return batch_add(intake->batch, &row);
}

static enum status drop_member(struct intake *intake, uint16_t member)
{
    struct record *record = intake->record;
    struct row row = {.kind = ROW_DROPPED, .member = member, .time_ms = intake->time_ms};

    for (const struct waiting_row *waiting = waiting_after(&record->waiting, member, 0, 0);
         waiting != NULL;
         waiting = waiting_after(&record->waiting, member, waiting->step, waiting->behalf)) {
        quota_remove(&record->quota, member, 1, waiting->entry.count);
    }
    waiting_drop_member(&record->waiting, member);
    return batch_add(intake->batch, &row);
}

static size_t released_min(const struct record *record, uint16_t step)
{
    bool anonymous = session_step(record->core, step)->plan.sharing == SHARING_ANONYMOUS;

    return anonymous ? ANONYMOUS_RELEASE_MIN : 0;
}

/* The answers of the step follow their release at once, in order of id, with its time. */
static enum status take_released(struct intake *intake)
{
    struct record *record = intake->record;
    uint16_t step = intake->entry->step;
    const struct waiting_row **rows = NULL;
    size_t count = 0;
    enum status status =
        waiting_collect(&record->waiting, step, released_min(record, step), &rows, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct entry answer;

        status = entry_decode(rows[i]->entry, &answer);
        if (status == STATUS_OK) {
            status = entry_verify(&answer, record->core, &record->public_log.chain);
        }
        if (status == STATUS_OK) {
            status = take_public(intake, &answer, answer.author);
        }
    }
    free(rows);
    return status == STATUS_OK ? drop_step(intake, step) : status;
}

/* `end` deletes what was not released. */
static enum status drop_unreleased(struct intake *intake)
{
    struct record *record = intake->record;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && record->waiting.count > 0) {
        status = drop_step(intake, record->waiting.rows[0].step);
    }
    return status;
}

static enum status drop_removed(struct intake *intake)
{
    const struct args_roster *roster = &intake->entry->args.roster;
    enum status status = STATUS_OK;

    for (uint16_t i = 0; status == STATUS_OK && i < roster->change_count; i++) {
        if (roster->changes[i].role == ROLE_REMOVED) {
            status = drop_member(intake, roster->changes[i].member);
        }
    }
    return status;
}

static enum status take_into_public(struct intake *intake)
{
    const struct entry *entry = intake->entry;
    enum status status = take_public(intake, entry, intake->author);

    intake->placed->index = log_index(&intake->record->public_log);
    if (status != STATUS_OK) {
        return status;
    }
    if (entry->kind == KIND_RELEASE) {
        return take_released(intake);
    }
    if (entry->kind == KIND_PACE && entry->args.pace.verb == VERB_END) {
        return drop_unreleased(intake);
    }
    if (entry->kind == KIND_ROSTER) {
        return drop_removed(intake);
    }
    return STATUS_OK;
}

static enum status take_into_own_log(struct intake *intake, uint16_t member)
{
    struct record *record = intake->record;
    const struct entry *entry = intake->entry;
    struct log *log = NULL;
    enum status status = record_own_log(record, member, &log);

    if (status == STATUS_OK) {
        status = log_append(log, intake->time_ms, entry->raw);
    }
    if (status == STATUS_OK) {
        quota_add(&record->quota, intake->author, 1, entry->raw.count);
        status = add_row(intake, ROW_OWN, member, log_index(log), entry);
    }
    if (status == STATUS_OK && member == intake->author) {
        intake->placed->index = log_index(log);
        status = record_ids_add(record, entry->id, member, log_index(log));
    }
    return status;
}

/* Into the own stream of the author and of each recipient, once each. */
static enum status take_into_own(struct intake *intake)
{
    const struct args_message *message = &intake->entry->args.message;
    enum status status = take_into_own_log(intake, intake->author);

    for (uint8_t i = 0; status == STATUS_OK && i < message->recipient_count; i++) {
        bool again = message->recipients[i] == intake->author;

        for (uint8_t j = 0; j < i; j++) {
            again = again || message->recipients[j] == message->recipients[i];
        }
        if (!again) {
            status = take_into_own_log(intake, message->recipients[i]);
        }
    }
    return status;
}

static enum status take_into_waiting(struct intake *intake)
{
    struct record *record = intake->record;
    struct waiting_row waiting = row_of(intake);
    struct row row = {
        .kind = ROW_WAITING,
        .member = waiting.member,
        .step = waiting.step,
        .behalf = waiting.behalf,
        .edit = waiting.edit,
        .time_ms = waiting.time_ms,
        .bytes = waiting.entry,
    };
    const struct waiting_row *held =
        waiting_find(&record->waiting, waiting.step, waiting.member, waiting.behalf);
    enum status status = STATUS_OK;

    if (held != NULL) {
        quota_remove(&record->quota, held->member, 1, held->entry.count);
    }
    quota_add(&record->quota, waiting.member, 1, waiting.entry.count);
    memcpy(row.id, waiting.id, ID_BYTES);
    status = waiting_put(&record->waiting, &waiting);
    return status == STATUS_OK ? batch_add(intake->batch, &row) : status;
}

typedef enum status take_in(struct intake *intake);

static take_in *const take_by_stream[] = {
    [STREAM_PUBLIC] = take_into_public,
    [STREAM_OWN] = take_into_own,
    [STREAM_WAITING] = take_into_waiting,
};

enum status record_append(struct record *record, struct asker asker, struct entry *entry,
                          uint64_t now_ms, struct batch *batch, struct placed *placed_out)
{
    struct placed placed;
    struct intake intake = {
        .record = record,
        .entry = entry,
        .time_ms = now_ms > record->time_ms ? now_ms : record->time_ms,
        .batch = batch,
        .placed = &placed,
    };
    enum status status = record_ids_find(record, entry, asker.member, &placed);

    assert(!record->spoiled);
    if (status == STATUS_OK) {
        *placed_out = placed;
    }
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = entry_verify(entry, record->core, &record->public_log.chain);
    if (status == STATUS_OK) {
        status = decide(&intake, asker);
    }
    if (status != STATUS_OK) {
        return status;
    }
    placed.stream = intake.decision.stream;
    placed.member = intake.author;
    placed.time_ms = intake.time_ms;
    memcpy(placed.hash, entry->findings.hash, HASH_BYTES);
    if (entry->kind == KIND_PURGE) {
        status = add_row(&intake, ROW_PURGED, intake.author, 0, entry);
    } else {
        status = take_by_stream[placed.stream](&intake);
    }
    record->spoiled = status != STATUS_OK;
    if (status == STATUS_OK) {
        record->time_ms = intake.time_ms;
        *placed_out = placed;
    }
    return status;
}

enum status record_digest(const struct record *record, uint16_t step, uint32_t *count_out,
                          uint8_t digest_out[HASH_BYTES])
{
    const struct waiting_row **rows = NULL;
    struct release_digest digest;
    size_t count = 0;
    enum status status = STATUS_OK;

    if (session_step(record->core, step) == NULL) {
        return STATUS_UNKNOWN;
    }
    status = waiting_collect(&record->waiting, step, released_min(record, step), &rows, &count);
    if (status != STATUS_OK) {
        return status;
    }
    release_digest_init(&digest);
    for (size_t i = 0; i < count; i++) {
        release_digest_add(&digest, rows[i]->hash);
    }
    *count_out = digest.count;
    release_digest_finish(&digest, digest_out);
    free(rows);
    return STATUS_OK;
}

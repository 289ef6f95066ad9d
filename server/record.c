#include "server/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"
#include "server/record_ids.h"

enum { HOUR_MS = 3600 * 1000 };

enum status record_create(const uint8_t session[HASH_BYTES], struct record **record_out)
{
    struct record *record = calloc(1, sizeof *record);
    enum status status = STATUS_NOMEM;

    if (record == NULL) {
        goto out;
    }
    status = session_create(&record->core);
    if (status != STATUS_OK) {
        goto out;
    }
    status = log_init_public(&record->public_log, session);
    if (status != STATUS_OK) {
        goto out;
    }
    *record_out = record;
    record = NULL;
out:
    record_destroy(record);
    return status;
}

void record_destroy(struct record *record)
{
    if (record == NULL) {
        return;
    }
    session_destroy(record->core);
    log_finish(&record->public_log);
    for (size_t i = 0; i <= MEMBERS_MAX; i++) {
        log_finish(&record->own_logs[i]);
    }
    for (size_t i = 0; i <= STEPS_MAX; i++) {
        free(record->done[i]);
    }
    waiting_finish(&record->waiting);
    free(record->own_ids);
    free(record);
}

enum status record_own_log(struct record *record, uint16_t member, struct log **log_out)
{
    struct log *log = &record->own_logs[member];

    assert(member >= KRING_FIRST_MEMBER && member <= MEMBERS_MAX);
    if (log->chain.count == 0) {
        enum status status = log_init_own(log, record->public_log.chain.heads[0], member);

        if (status != STATUS_OK) {
            return status;
        }
    }
    *log_out = log;
    return STATUS_OK;
}

static enum status load_public(struct record *record, const struct row *row)
{
    struct entry entry;
    uint16_t author = 0;
    enum status status = entry_decode(row->bytes, &entry);

    if (status != STATUS_OK || row->index != log_index(&record->public_log) + 1) {
        return STATUS_MALFORMED;
    }
    status = entry_verify(&entry, record->core, &record->public_log.chain);
    if (status != STATUS_OK) {
        return status;
    }
    status = session_apply(record->core, &entry, row->time_ms);
    if (status != STATUS_OK) {
        return status;
    }
    author = entry.kind == KIND_JOIN ? session_member_count(record->core) : entry.author;
    quota_add(&record->quota, author, 1, row->bytes.count);
    return log_append(&record->public_log, row->time_ms, row->bytes);
}

static enum status load_own(struct record *record, const struct row *row)
{
    struct entry entry;
    struct log *log = NULL;
    enum status status = entry_decode(row->bytes, &entry);

    if (status != STATUS_OK || row->member < KRING_FIRST_MEMBER ||
        row->member > session_member_count(record->core) || entry.author < KRING_FIRST_MEMBER ||
        entry.author > session_member_count(record->core)) {
        return STATUS_MALFORMED;
    }
    status = record_own_log(record, row->member, &log);
    if (status != STATUS_OK) {
        return status;
    }
    if (row->index != log_index(log) + 1) {
        return STATUS_MALFORMED;
    }
    quota_add(&record->quota, entry.author, 1, row->bytes.count);
    if (row->member == entry.author) {
        status = record_ids_add(record, entry.id, entry.author, row->index);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return log_append(log, row->time_ms, row->bytes);
}

static enum status load_waiting(struct record *record, const struct row *row)
{
    struct waiting_row waiting = {
        .step = row->step,
        .member = row->member,
        .behalf = row->behalf,
        .edit = row->edit,
        .time_ms = row->time_ms,
        .entry = row->bytes,
    };

    if (row->member < KRING_FIRST_MEMBER || row->member > session_member_count(record->core) ||
        session_step(record->core, row->step) == NULL) {
        return STATUS_MALFORMED;
    }
    memcpy(waiting.id, row->id, ID_BYTES);
    entry_hash(row->bytes, waiting.hash);
    quota_add(&record->quota, row->member, 1, row->bytes.count);
    return waiting_put(&record->waiting, &waiting);
}

static enum status set_done(struct record *record, uint16_t member, uint16_t step, bool done)
{
    uint8_t bit = (uint8_t)(1U << (member % 8));

    if (record->done[step] == NULL) {
        record->done[step] = calloc(DONE_BYTES, 1);
    }
    if (record->done[step] == NULL) {
        return STATUS_NOMEM;
    }
    if (done) {
        record->done[step][member / 8] |= bit;
    } else {
        record->done[step][member / 8] &= (uint8_t)~bit;
    }
    return STATUS_OK;
}

static enum status load_done(struct record *record, const struct row *row)
{
    if (row->member > MEMBERS_MAX || row->step > STEPS_MAX) {
        return STATUS_MALFORMED;
    }
    return set_done(record, row->member, row->step, row->edit != 0);
}

static enum status load_nothing(struct record *record, const struct row *row)
{
    (void)record;
    (void)row;
    return STATUS_OK;
}

typedef enum status load_row(struct record *record, const struct row *row);

/* What a store gives back; the other rows are orders to it, and leave no trace of their own. */
static load_row *const load_by_kind[] = {
    [ROW_SESSION] = load_nothing, [ROW_PUBLIC] = load_public, [ROW_OWN] = load_own,
    [ROW_WAITING] = load_waiting, [ROW_DONE] = load_done,
};

enum status record_load(const uint8_t session[HASH_BYTES], const struct row *rows, size_t count,
                        struct record **record_out)
{
    struct record *record = NULL;
    enum status status = record_create(session, &record);

    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        size_t kind = rows[i].kind;

        if (kind >= sizeof load_by_kind / sizeof load_by_kind[0] ||
            load_by_kind[kind] == NULL) {
            status = STATUS_MALFORMED;
        } else {
            status = load_by_kind[kind](record, &rows[i]);
        }
        if (status == STATUS_OK && rows[i].time_ms > record->time_ms &&
            (kind == ROW_PUBLIC || kind == ROW_OWN)) {
            record->time_ms = rows[i].time_ms;
        }
    }
    if (status == STATUS_OK && (session_state(record->core) == SESSION_EMPTY ||
                                memcmp(session_id(record->core), session, HASH_BYTES) != 0)) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        record_settle(record);
        *record_out = record;
        record = NULL;
    } else if (status != STATUS_NOMEM) {
        status = STATUS_MALFORMED;
    }
    record_destroy(record);
    return status;
}

enum status record_mark_done(struct record *record, uint16_t member, uint16_t step, bool done,
                             uint64_t now_ms, struct batch *batch)
{
    const struct session_step *known = session_step(record->core, step);
    struct row row = {.kind = ROW_DONE,
                      .member = member,
                      .step = step,
                      .edit = done ? 1 : 0,
                      .time_ms = now_ms};
    enum status status = STATUS_OK;

    if (known == NULL) {
        return STATUS_UNKNOWN;
    }
    if (known->state != STEP_OPEN) {
        return STATUS_BAD_STATE;
    }
    status = set_done(record, member, step, done);
    if (status == STATUS_OK) {
        status = batch_add(batch, &row);
        record->spoiled = status != STATUS_OK;
    }
    return status;
}

void record_settle(struct record *record)
{
    log_settle(&record->public_log);
    for (size_t i = 0; i <= MEMBERS_MAX; i++) {
        log_settle(&record->own_logs[i]);
    }
}

bool record_is_done(const struct record *record, uint16_t member, uint16_t step)
{
    return record->done[step] != NULL &&
           (record->done[step][member / 8] >> (member % 8) & 1) != 0;
}

uint64_t record_gone_by_ms(const struct record *record)
{
    uint64_t retention_ms = session_retention_ms(record->core);
    uint64_t unfinished_ms = 0;

    if (session_state(record->core) != SESSION_FILLING) {
        return retention_ms;
    }
    unfinished_ms =
        log_at(&record->public_log, 1)->time_ms + (uint64_t)UNFINISHED_HOURS_MAX * HOUR_MS;
    return unfinished_ms < retention_ms ? unfinished_ms : retention_ms;
}

enum member_state record_member_state(const struct record *record, uint16_t member)
{
    const struct session_member *known =
        member == 0 ? NULL : session_member(record->core, member);

    return known == NULL ? MEMBER_NONE : known->state;
}

bool record_is_facilitator(const struct record *record, uint16_t member)
{
    return record_member_state(record, member) == MEMBER_ADMITTED &&
           session_member(record->core, member)->role == ROLE_FACILITATOR;
}

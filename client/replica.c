#include "client/replica.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "client/replica_private.h"
#include "common/secret.h"
#include "protocol/entry.h"

enum { LOG_CAPACITY_FIRST = 64 };

enum status replica_create(const struct seat *seat, const uint8_t session[HASH_BYTES],
                           struct replica **replica_out)
{
    struct replica *replica = secret_alloc(sizeof *replica);
    enum status status = STATUS_NOMEM;

    if (replica == NULL) {
        return STATUS_NOMEM;
    }
    replica->seat = *seat;
    memcpy(replica->id, session, HASH_BYTES);
    status = session_create(&replica->session);
    if (status == STATUS_OK) {
        status = keyring_create(seat, &replica->ring);
    }
    if (status == STATUS_OK) {
        status = chain_init_public(&replica->logs[STREAM_PUBLIC].chain, session);
    }
    if (status != STATUS_OK) {
        goto out;
    }
    *replica_out = replica;
    replica = NULL;
out:
    replica_destroy(replica);
    return status;
}

void replica_destroy(struct replica *replica)
{
    if (replica == NULL) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        struct replica_log *log = &replica->logs[i];

        for (size_t at = 0; at < log->count; at++) {
            replica_forget_body(&log->entries[at]);
            free(log->entries[at].recipients);
            free((void *)log->entries[at].raw.data);
        }
        free(log->entries);
        chain_finish(&log->chain);
    }
    for (size_t i = 0; i < replica->held_count; i++) {
        free(replica->held[i].raw);
    }
    replica_forget_body(&replica->waiting);
    keyring_destroy(replica->ring);
    session_destroy(replica->session);
    secret_free(replica, sizeof *replica);
}

/* ---- faults ---- */

enum status replica_fail(struct replica *replica, enum replica_fault what, enum stream stream,
                         uint64_t index)
{
    if (replica->trouble.fault == REPLICA_SOUND) {
        replica->trouble =
            (struct replica_trouble){.fault = what, .stream = stream, .index = index};
    }
    return STATUS_CONFLICT;
}

enum status replica_refuse(struct replica *replica, enum status status, enum stream stream,
                           uint64_t index)
{
    enum replica_fault what = REPLICA_REFUSED;

    if (status == STATUS_NOMEM) {
        return status;
    }
    if (status == STATUS_BAD_SIGNATURE || status == STATUS_BAD_KEY) {
        what = REPLICA_FORGED;
    } else if (status == STATUS_BAD_SEEN) {
        what = REPLICA_FORK; /* its author saw another history */
    } else if (status == STATUS_DUPLICATE) {
        what = REPLICA_REPEATED_ID;
    } else if (status == STATUS_UNSUPPORTED || status == STATUS_VERSION) {
        what = REPLICA_TOO_NEW;
    }
    (void)replica_fail(replica, what, stream, index);
    replica->trouble.status = status;
    return STATUS_CONFLICT;
}

/* ---- what was acknowledged must come ---- */

static bool holds(const struct replica *replica, enum stream stream, uint64_t index,
                  const uint8_t hash[HASH_BYTES])
{
    return memcmp(replica->logs[stream].entries[index - 1].hash, hash, HASH_BYTES) == 0;
}

enum status replica_expect(struct replica *replica, enum stream stream, uint64_t index,
                           const uint8_t hash[HASH_BYTES])
{
    struct replica_expected *expected = &replica->expected[replica->expected_count];

    if (stream == STREAM_WAITING || index == 0) {
        return STATUS_OK;
    }
    if (index <= replica->logs[stream].count) {
        return holds(replica, stream, index, hash)
                   ? STATUS_OK
                   : replica_fail(replica, REPLICA_LOST_ACK, stream, index);
    }
    if (replica->expected_count == REPLICA_EXPECTED_MAX) {
        return STATUS_OK; /* far more than are ever under way */
    }
    *expected = (struct replica_expected){.stream = stream, .index = index};
    memcpy(expected->hash, hash, HASH_BYTES);
    replica->expected_count++;
    return STATUS_OK;
}

enum status replica_check_expected(struct replica *replica, enum stream stream, uint64_t index,
                                   const uint8_t hash[HASH_BYTES])
{
    for (size_t i = 0; i < replica->expected_count; i++) {
        struct replica_expected *expected = &replica->expected[i];

        if (expected->stream == stream && expected->index == index) {
            bool good = memcmp(expected->hash, hash, HASH_BYTES) == 0;

            *expected = replica->expected[--replica->expected_count];
            return good ? STATUS_OK : replica_fail(replica, REPLICA_LOST_ACK, stream, index);
        }
    }
    return STATUS_OK;
}

/* ---- keeping ---- */

static enum status make_room(struct replica_log *log)
{
    size_t larger = log->capacity == 0 ? LOG_CAPACITY_FIRST : log->capacity * 2;
    struct replica_entry *moved = NULL;

    if (log->count < log->capacity) {
        return STATUS_OK;
    }
    if (log->count >= SESSION_ENTRIES_MAX) {
        return STATUS_FULL;
    }
    moved = realloc(log->entries, larger * sizeof *moved);
    if (moved == NULL) {
        return STATUS_NOMEM;
    }
    log->entries = moved;
    log->capacity = larger;
    return STATUS_OK;
}

/* What of the arguments is asked for often. */
static void note_arguments(const struct entry *entry, struct replica_entry *held)
{
    if (entry->kind == KIND_TEXT) {
        held->number = entry->args.text;
    } else if (entry->kind == KIND_REVEAL) {
        held->number = entry->args.reveal.text;
        held->detail = entry->args.reveal.paragraph;
    } else if (entry->kind == KIND_PACE) {
        held->number = (uint16_t)entry->args.pace.verb;
        held->detail = entry->args.pace.seconds;
    } else if (entry->kind == KIND_RELEASE) {
        held->detail = entry->args.release.count;
    } else if (entry->kind == KIND_CONFIRM) {
        held->number = entry->args.gate_text;
    } else if (entry->kind == KIND_LEAVE_OUT) {
        memcpy(held->left_out, entry->args.left_out, ID_BYTES);
    } else if (entry->kind == KIND_ANSWER) {
        held->answer_behalf = entry->args.answer.behalf;
        held->answer_edit = entry->args.answer.edit;
    }
}

static void describe(const struct entry *entry, struct replica_entry *held)
{
    held->kind = entry->kind;
    held->step = entry->step;
    held->author = entry->author;
    held->body = entry->has_body ? REPLICA_CLOSED : REPLICA_NO_BODY;
    memcpy(held->id, entry->id, ID_BYTES);
    memcpy(held->hash, entry->findings.hash, HASH_BYTES);
    note_arguments(entry, held);
}

/* Takes a copy of the bytes, and points the entry at the copy. */
static enum status copy_raw(struct bytes raw, struct entry *entry, struct bytes *copy_out)
{
    uint8_t *copy = malloc(raw.count == 0 ? 1 : raw.count);
    enum status status = STATUS_NOMEM;

    if (copy == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(copy, raw.data, raw.count);
    status = entry_decode((struct bytes){copy, raw.count}, entry);
    if (status != STATUS_OK) {
        free(copy);
        return status;
    }
    *copy_out = (struct bytes){copy, raw.count};
    return STATUS_OK;
}

/* ---- releases ---- */

static enum status check_release(struct replica *replica, uint64_t index)
{
    uint8_t found[HASH_BYTES];

    if (session_release_left(replica->session) > 0) {
        return STATUS_OK;
    }
    release_digest_finish(&replica->digest, found);
    return memcmp(found, replica->digest_due, HASH_BYTES) == 0
               ? STATUS_OK
               : replica_fail(replica, REPLICA_BAD_RELEASE, STREAM_PUBLIC, index);
}

static enum status follow_release(struct replica *replica, const struct entry *entry,
                                  uint64_t index)
{
    if (entry->kind == KIND_RELEASE) {
        release_digest_init(&replica->digest);
        memcpy(replica->digest_due, entry->args.release.digest, HASH_BYTES);
        return check_release(replica, index);
    }
    if (entry->kind == KIND_ANSWER) {
        release_digest_add(&replica->digest, entry->findings.hash);
        return check_release(replica, index);
    }
    return STATUS_OK;
}

/* ---- the public stream ---- */

static enum status find_me(struct replica *replica)
{
    uint16_t me = replica->me;

    if (me != 0) {
        return STATUS_OK;
    }
    me = session_member_by_noise(replica->session, replica->seat.keys.noise);
    if (me == 0) {
        return STATUS_OK;
    }
    replica->me = me;
    keyring_set_member(replica->ring, me);
    return chain_init_own(&replica->logs[STREAM_OWN].chain, replica->id, me);
}

/* A facilitator's client looks whether a step opens under the key that follows from F. */
static bool step_key_good(const struct replica *replica, const struct entry *entry)
{
    const uint8_t *f = keyring_facilitator(replica->ring, entry->epoch);
    uint8_t secret[KEY_BYTES], expected[KEY_BYTES];
    bool good = true;

    if (entry->kind != KIND_OPEN || !entry->args.open.has_key || f == NULL) {
        return true;
    }
    good = key_step(f, replica->id, entry->step, secret, expected) == STATUS_OK &&
           memcmp(expected, entry->args.open.step_key, KEY_BYTES) == 0;
    secret_wipe(secret, sizeof secret);
    return good;
}

static enum status check_genesis(struct replica *replica, const struct entry *entry)
{
    if (session_index(replica->session) > 0) {
        return STATUS_OK;
    }
    return entry->kind == KIND_GENESIS &&
                   memcmp(entry->findings.hash, replica->id, HASH_BYTES) == 0
               ? STATUS_OK
               : replica_fail(replica, REPLICA_OTHER_GENESIS, STREAM_PUBLIC, 1);
}

/* The line every public entry goes through; nothing is kept unless all of it holds. */
static enum status fold_public(struct replica *replica, const struct entry *entry,
                               uint64_t index, uint64_t time_ms)
{
    struct replica_log *log = &replica->logs[STREAM_PUBLIC];
    enum status status = check_genesis(replica, entry);

    if (status == STATUS_OK) {
        status = replica_check_expected(replica, STREAM_PUBLIC, index, entry->findings.hash);
    }
    if (status == STATUS_OK) {
        status = session_apply(replica->session, entry, time_ms);
        if (status != STATUS_OK) {
            return replica_refuse(replica, status, STREAM_PUBLIC, index);
        }
        status = chain_extend(&log->chain, time_ms, entry->raw);
    }
    if (status == STATUS_OK) {
        status = follow_release(replica, entry, index);
    }
    if (status == STATUS_OK) {
        status = find_me(replica);
    }
    return status;
}

/* ---- taking in ---- */

/* Genesis says which version a session is of; behind one that we know nothing is later. */
static enum status undecodable(struct replica *replica, enum status status, enum stream stream,
                               uint64_t index)
{
    bool is_later = status == STATUS_VERSION || status == STATUS_UNKNOWN;
    bool is_genesis = stream == STREAM_PUBLIC && index == 1;

    if (status == STATUS_NOMEM) {
        return status;
    }
    return replica_fail(replica, is_later && is_genesis ? REPLICA_TOO_NEW : REPLICA_MALFORMED,
                        stream, index);
}

static enum status note_recipients(const struct entry *entry, struct replica_entry *held)
{
    const struct args_message *args = &entry->args.message;

    if (entry->kind != KIND_MESSAGE) {
        return STATUS_OK;
    }
    held->recipients = calloc(args->recipient_count + 1U, sizeof *held->recipients);
    if (held->recipients == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(held->recipients, args->recipients,
           args->recipient_count * sizeof *held->recipients);
    held->recipient_count = args->recipient_count;
    return STATUS_OK;
}

static void note_given(struct replica *replica, const struct entry *entry)
{
    for (uint16_t i = 0; i < entry->slot_count; i++) {
        const struct entry_slot *slot = &entry->slots[i];

        if (slot->name == NAME_TEXT && slot->lock == LOCK_GROUP && slot->name_n < TEXTS_MAX) {
            replica->text_given[slot->name_n] = true;
        }
    }
}

static enum status keep(struct replica *replica, struct replica_log *log,
                        const struct replica_entry *held, const struct entry *entry,
                        struct replica_change *change_out)
{
    struct replica_entry *kept = &log->entries[log->count];
    enum status status = STATUS_OK;

    *kept = *held;
    describe(entry, kept);
    log->count++;
    status = note_recipients(entry, kept);
    if (status != STATUS_OK) {
        return status;
    }
    if (entry->kind == KIND_TEXT) {
        replica->text_at[entry->args.text] = (uint16_t)held->index;
    }
    note_given(replica, entry);
    change_out->taken = true;
    change_out->step_key_bad = !step_key_good(replica, entry);
    status = replica_fold_keys(replica, entry, change_out);
    if (status == STATUS_OK && kept->body == REPLICA_CLOSED) {
        status = replica_open_body(replica, entry, kept);
    }
    return status;
}

/* Takes the next entry of a stream: decode, verify, decide, apply, keep. */
enum status replica_take_next(struct replica *replica, struct replica_entry *held,
                              struct bytes raw, struct replica_change *change_out)
{
    struct replica_log *log = &replica->logs[held->stream];
    struct entry *entry = &replica->scratch;
    enum status status = make_room(log);

    if (status != STATUS_OK) {
        return status;
    }
    status = copy_raw(raw, entry, &held->raw);
    if (status != STATUS_OK) {
        return undecodable(replica, status, held->stream, held->index);
    }
    status = entry_verify(entry, replica->session, &replica->logs[STREAM_PUBLIC].chain);
    if (status == STATUS_MALFORMED) { /* of another session */
        status =
            replica_fail(replica, held->index == 1 ? REPLICA_OTHER_GENESIS : REPLICA_FORGED,
                         held->stream, held->index);
    }
    if (status == STATUS_OK) {
        status = held->stream == STREAM_PUBLIC
                     ? fold_public(replica, entry, held->index, held->time_ms)
                     : replica_fold_own(replica, entry, held->index, held->time_ms);
    }
    if (status != STATUS_OK) {
        free((void *)held->raw.data);
        return status;
    }
    return keep(replica, log, held, entry, change_out);
}

static enum status take_again(struct replica *replica, enum stream stream, uint64_t index,
                              uint64_t time_ms, struct bytes raw)
{
    const struct replica_entry *held = &replica->logs[stream].entries[index - 1];

    return held->time_ms == time_ms && bytes_equal(held->raw, raw)
               ? STATUS_OK
               : replica_fail(replica, REPLICA_FORK, stream, index);
}

enum status replica_take(struct replica *replica, enum stream stream, uint64_t index,
                         uint64_t time_ms, struct bytes raw, struct replica_change *change_out)
{
    struct replica_entry held = {.stream = stream, .index = index, .time_ms = time_ms};
    const struct replica_log *log = NULL;
    size_t before = 0;
    enum status status = STATUS_OK;

    *change_out = (struct replica_change){0};
    assert(stream == STREAM_PUBLIC || stream == STREAM_OWN);
    if (replica->trouble.fault != REPLICA_SOUND) {
        return STATUS_CONFLICT;
    }
    log = &replica->logs[stream];
    before = log->count + (stream == STREAM_OWN ? replica->held_count : 0);
    if (index >= 1 && index <= log->count) {
        return take_again(replica, stream, index, time_ms, raw);
    }
    if (index != before + 1) {
        return replica_fail(replica, REPLICA_GAP, stream, index);
    }
    if (time_ms < log->chain.time_ms) {
        return replica_fail(replica, REPLICA_TIME_BACK, stream, index);
    }
    if (stream == STREAM_OWN && (replica->held_count > 0 || replica_must_wait(replica, raw))) {
        change_out->taken = true;
        return replica_hold(replica, index, time_ms, raw);
    }
    status = replica_take_next(replica, &held, raw, change_out);
    if (status == STATUS_OK && stream == STREAM_PUBLIC) {
        status = replica_take_held(replica, change_out);
    }
    return status;
}

enum status replica_take_tombstone(struct replica *replica, struct bytes raw)
{
    struct entry *entry = &replica->scratch;
    const struct session_member *author = NULL;
    enum status status = entry_decode(raw, entry);

    if (status == STATUS_OK) {
        status = entry_verify(entry, replica->session, &replica->logs[STREAM_PUBLIC].chain);
    }
    if (status != STATUS_OK) {
        return status == STATUS_NOMEM ? status : STATUS_MALFORMED;
    }
    author = session_member(replica->session, entry->author);
    if (entry->kind != KIND_PURGE || !entry->findings.signature_good || author == NULL ||
        author->state != MEMBER_ADMITTED || author->role != ROLE_FACILITATOR) {
        return STATUS_CRYPTO;
    }
    replica->purged = true;
    return STATUS_OK;
}

bool replica_is_purged(const struct replica *replica)
{
    return replica->purged || session_state(replica->session) == SESSION_PURGED;
}

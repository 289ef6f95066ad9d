/* The own stream: messages to and from this person. It has no place in the public order, so an
 * entry may come before the public ones it refers to; then it is held until they are there. */
#include <stdlib.h>
#include <string.h>

#include "client/replica_private.h"
#include "protocol/entry.h"

static bool concerns_me(const struct replica *replica, const struct entry *entry)
{
    const struct args_message *args = &entry->args.message;

    if (entry->kind != KIND_MESSAGE) {
        return false;
    }
    for (uint8_t i = 0; i < args->recipient_count; i++) {
        if (args->recipients[i] == replica->me) {
            return true;
        }
    }
    return entry->author == replica->me;
}

static bool has_id(const struct replica *replica, const uint8_t id[ID_BYTES])
{
    const struct replica_log *own = &replica->logs[STREAM_OWN];
    uint64_t index = 0;
    uint16_t author = 0;

    for (size_t i = 0; i < own->count; i++) {
        if (memcmp(own->entries[i].id, id, ID_BYTES) == 0) {
            return true;
        }
    }
    return session_find_id(replica->session, id, &index, &author);
}

/* At which moment a message was accepted the streams do not tell: it is asked whether it could
 * have been. */
enum status replica_fold_own(struct replica *replica, const struct entry *entry, uint64_t index,
                             uint64_t time_ms)
{
    struct replica_log *log = &replica->logs[STREAM_OWN];
    enum status status = STATUS_OK;

    status = session_decide_past(replica->session, entry);
    if (status != STATUS_OK) {
        return replica_refuse(replica, status, STREAM_OWN, index);
    }
    if (!concerns_me(replica, entry)) {
        return replica_fail(replica, REPLICA_REFUSED, STREAM_OWN, index);
    }
    if (has_id(replica, entry->id)) {
        return replica_fail(replica, REPLICA_REPEATED_ID, STREAM_OWN, index);
    }
    status = replica_check_expected(replica, STREAM_OWN, index, entry->findings.hash);
    if (status == STATUS_OK) {
        status = chain_extend(&log->chain, time_ms, entry->raw);
    }
    return status;
}

/* An own entry may refer to public ones that are still on their way: it waits for them. */
bool replica_must_wait(struct replica *replica, struct bytes raw)
{
    struct entry *entry = &replica->scratch;

    return replica->me == 0 || (entry_decode(raw, entry) == STATUS_OK &&
                                entry->seen_index > session_index(replica->session));
}

enum status replica_hold(struct replica *replica, uint64_t index, uint64_t time_ms,
                         struct bytes raw)
{
    struct replica_held *held = &replica->held[replica->held_count];

    if (replica->held_count == REPLICA_HELD_MAX) {
        return replica_fail(replica, REPLICA_FORK, STREAM_OWN, index);
    }
    held->raw = malloc(raw.count == 0 ? 1 : raw.count);
    if (held->raw == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(held->raw, raw.data, raw.count);
    held->count = raw.count;
    held->index = index;
    held->time_ms = time_ms;
    replica->held_count++;
    return STATUS_OK;
}

enum status replica_take_held(struct replica *replica, struct replica_change *change_out)
{
    enum status status = STATUS_OK;
    size_t done = 0;

    while (status == STATUS_OK && done < replica->held_count) {
        struct replica_held *held = &replica->held[done];
        struct bytes raw = {held->raw, held->count};
        struct replica_entry entry = {
            .stream = STREAM_OWN, .index = held->index, .time_ms = held->time_ms};

        if (replica_must_wait(replica, raw)) {
            break;
        }
        status = replica_take_next(replica, &entry, raw, change_out);
        free(held->raw);
        done++;
    }
    replica->held_count -= done;
    memmove(replica->held, replica->held + done, replica->held_count * sizeof *replica->held);
    return status;
}

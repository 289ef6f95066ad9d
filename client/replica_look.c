/* The heads a server says it has, and what is known of a replica. */
#include <assert.h>
#include <string.h>

#include "client/replica_private.h"

/* ---- heads ---- */

static enum status check_head(struct replica *replica, enum stream stream,
                              const struct chain_head *theirs)
{
    const struct chain *chain = &replica->logs[stream].chain;
    struct chain_head ours = chain_head(chain);
    enum status status = STATUS_OK;

    if (theirs->index >= ours.index) {
        return theirs->index > ours.index || memcmp(theirs->hash, ours.hash, HASH_BYTES) == 0
                   ? STATUS_OK
                   : replica_fail(replica, REPLICA_FORK, stream, ours.index);
    }
    if (theirs->index > 0 && !chain_holds(chain, theirs->index, theirs->hash)) {
        return replica_fail(replica, REPLICA_FORK, stream, theirs->index);
    }
    status = replica_fail(replica, REPLICA_BEHIND, stream, theirs->index);
    if (replica->trouble.fault == REPLICA_BEHIND) {
        replica->trouble.lost = ours.index - theirs->index;
    }
    return status;
}

static enum status check_reached(struct replica *replica, enum stream stream,
                                 const struct chain_head *theirs)
{
    const struct chain *chain = &replica->logs[stream].chain;

    if (theirs->index == 0 || chain_holds(chain, theirs->index, theirs->hash)) {
        return STATUS_OK;
    }
    return replica_fail(replica, REPLICA_FORK, stream, theirs->index);
}

enum status replica_check_reached(struct replica *replica, const struct chain_head *public_head,
                                  const struct chain_head *own_head)
{
    enum status status = check_reached(replica, STREAM_PUBLIC, public_head);

    if (status == STATUS_OK && replica->me != 0) {
        status = check_reached(replica, STREAM_OWN, own_head);
    }
    return status;
}

enum status replica_check_heads(struct replica *replica, const struct chain_head *public_head,
                                const struct chain_head *own_head)
{
    enum status status = STATUS_OK;

    if (replica->trouble.fault == REPLICA_BEHIND) {
        replica->trouble = (struct replica_trouble){0}; /* it may have found them again */
    }
    if (replica->trouble.fault != REPLICA_SOUND) {
        return STATUS_CONFLICT;
    }
    status = check_head(replica, STREAM_PUBLIC, public_head);
    if (status == STATUS_OK && replica->me != 0) {
        status = check_head(replica, STREAM_OWN, own_head);
    }
    return status;
}

void replica_blame(struct replica *replica, enum replica_fault what, enum stream stream,
                   uint64_t index)
{
    (void)replica_fail(replica, what, stream, index);
}

/* ---- looking ---- */

bool replica_text_given(const struct replica *replica, uint16_t text)
{
    return text < TEXTS_MAX && replica->text_given[text];
}

const struct replica_trouble *replica_trouble(const struct replica *replica)
{
    return &replica->trouble;
}

bool replica_is_sound(const struct replica *replica)
{
    return replica->trouble.fault == REPLICA_SOUND;
}

const struct session *replica_session(const struct replica *replica)
{
    return replica->session;
}

const struct keyring *replica_ring(const struct replica *replica)
{
    return replica->ring;
}

struct chain_head replica_head(const struct replica *replica, enum stream stream)
{
    if (stream == STREAM_OWN && replica->me == 0) {
        return (struct chain_head){0};
    }
    return chain_head(&replica->logs[stream].chain);
}

uint16_t replica_me(const struct replica *replica)
{
    return replica->me;
}

size_t replica_count(const struct replica *replica, enum stream stream)
{
    return replica->logs[stream].count;
}

const struct replica_entry *replica_at(const struct replica *replica, enum stream stream,
                                       uint64_t index)
{
    assert(index >= 1 && index <= replica->logs[stream].count);
    return &replica->logs[stream].entries[index - 1];
}

const struct replica_entry *replica_text(const struct replica *replica, uint16_t text)
{
    if (text >= TEXTS_MAX || replica->text_at[text] == 0) {
        return NULL;
    }
    return replica_at(replica, STREAM_PUBLIC, replica->text_at[text]);
}

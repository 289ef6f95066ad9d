/* Keys and opened bodies. A body opens when its key comes, which may be much later than the
 * entry: texts with open, release and reveal, everything else with admission. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "client/replica_private.h"
#include "common/secret.h"
#include "protocol/entry.h"
#include "protocol/seal.h"

void replica_forget_body(struct replica_entry *held)
{
    if (held->plaintext.data != NULL) {
        secret_wipe((void *)held->plaintext.data, held->plaintext.count);
        free((void *)held->plaintext.data);
        held->plaintext = (struct bytes){0};
    }
}

void replica_reread(const struct replica_entry *held, struct entry *entry_out)
{
    enum status status = entry_decode(held->raw, entry_out);

    assert(status == STATUS_OK); /* it was decoded when it came, and has not changed */
    memcpy(entry_out->findings.hash, held->hash, HASH_BYTES);
    entry_out->findings.signature_good = true;
    entry_out->findings.proof_good = true;
    entry_out->findings.seen_good = true;
}

static enum status keep_plaintext(struct replica *replica, struct replica_entry *held,
                                  size_t count)
{
    uint8_t *plaintext = malloc(count == 0 ? 1 : count);

    if (plaintext == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(plaintext, replica->body, count);
    held->plaintext = (struct bytes){plaintext, count};
    held->body = REPLICA_OPEN;
    return STATUS_OK;
}

enum status replica_open_body(struct replica *replica, const struct entry *entry,
                              struct replica_entry *held)
{
    uint8_t key[KEY_BYTES];
    size_t count = 0;
    enum status status = keyring_content(replica->ring, replica->session, entry, key);

    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK; /* not for us, or not yet */
    }
    if (status == STATUS_OK) {
        status = entry_open_body(entry, key, replica->body, &count);
    }
    if (status == STATUS_OK) {
        status = keep_plaintext(replica, held, count);
    } else {
        held->body = REPLICA_UNREADABLE;
        status = STATUS_OK;
    }
    secret_wipe(key, sizeof key);
    secret_wipe(replica->body, count);
    return status;
}

static enum status reopen(struct replica *replica, struct replica_entry *held)
{
    if (held->body != REPLICA_CLOSED) {
        return STATUS_OK;
    }
    replica_reread(held, &replica->scratch);
    return replica_open_body(replica, &replica->scratch, held);
}

static enum status reopen_all(struct replica *replica)
{
    enum status status = STATUS_OK;

    for (size_t stream = 0; stream < 2; stream++) {
        struct replica_log *log = &replica->logs[stream];

        for (size_t i = 0; status == STATUS_OK && i < log->count; i++) {
            status = reopen(replica, &log->entries[i]);
        }
    }
    return status;
}

/* One pass over everything: the public stream beside a session that grows with it. */
static enum status refold_once(struct replica *replica, bool *found_out)
{
    struct session *session = NULL;
    struct entry *entry = &replica->scratch;
    struct keyring_change change = {0};
    enum status status = session_create(&session);

    *found_out = false;
    for (size_t i = 0; status == STATUS_OK && i < replica->logs[STREAM_PUBLIC].count; i++) {
        const struct replica_entry *held = &replica->logs[STREAM_PUBLIC].entries[i];

        replica_reread(held, entry);
        status = session_apply(session, entry, held->time_ms);
        if (status == STATUS_OK) {
            status = keyring_fold(replica->ring, session, entry, &change);
            *found_out = *found_out || change.epoch_key;
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < replica->logs[STREAM_OWN].count; i++) {
        replica_reread(&replica->logs[STREAM_OWN].entries[i], entry);
        status = keyring_fold(replica->ring, session, entry, &change);
    }
    session_destroy(session);
    return status;
}

enum status replica_refold(struct replica *replica)
{
    bool found = true;
    enum status status = STATUS_OK;

    /* Every epoch may bring the key of the one before it. */
    for (uint32_t pass = 0; status == STATUS_OK && found && pass <= EPOCHS_MAX; pass++) {
        status = refold_once(replica, &found);
    }
    if (status == STATUS_OK) {
        status = reopen_all(replica);
    }
    return status;
}

static enum status reopen_step(struct replica *replica, uint32_t step)
{
    struct replica_log *log = &replica->logs[STREAM_PUBLIC];
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < log->count; i++) {
        if (log->entries[i].kind == KIND_ANSWER && log->entries[i].step == step) {
            status = reopen(replica, &log->entries[i]);
        }
    }
    return status;
}

/* Opens what the slots of an entry brought keys for. Their numbers are taken out first: opening
 * uses the same scratch as the entry at hand. */
static enum status reopen_named(struct replica *replica, const struct entry *entry)
{
    struct {
        enum slot_name name;
        uint32_t n;
    } named[ENTRY_SLOTS_MAX];
    uint16_t count = 0;
    struct bytes raw = entry->raw;
    struct replica_log *log = &replica->logs[STREAM_PUBLIC];
    enum status status = STATUS_OK;

    for (uint16_t i = 0; i < entry->slot_count; i++) {
        if (entry->slots[i].name == NAME_TEXT || entry->slots[i].name == NAME_STEP) {
            named[count].name = entry->slots[i].name;
            named[count++].n = entry->slots[i].name_n;
        }
    }
    for (uint16_t i = 0; status == STATUS_OK && i < count; i++) {
        if (named[i].name == NAME_STEP) {
            status = reopen_step(replica, named[i].n);
        } else if (named[i].n < TEXTS_MAX && replica->text_at[named[i].n] != 0) {
            status = reopen(replica, &log->entries[replica->text_at[named[i].n] - 1]);
        }
    }
    if (count > 0 && status == STATUS_OK) { /* the entry at hand stands in scratch again */
        status = entry_decode(raw, &replica->scratch);
    }
    return status;
}

enum status replica_fold_keys(struct replica *replica, const struct entry *entry,
                              struct replica_change *change_out)
{
    struct keyring_change change = {0};
    struct bytes raw = entry->raw;
    enum status status = keyring_fold(replica->ring, replica->session, entry, &change);

    if (status != STATUS_OK || entry->slot_count == 0) {
        return status;
    }
    if (change.epoch_key) {
        change_out->keys = true;
        status = replica_refold(replica);
        return status == STATUS_OK ? entry_decode(raw, &replica->scratch) : status;
    }
    if (entry->kind == KIND_OPEN || entry->kind == KIND_RELEASE || entry->kind == KIND_REVEAL) {
        change_out->keys = true;
        return reopen_named(replica, entry);
    }
    return STATUS_OK;
}

enum status replica_add_facilitator(struct replica *replica, uint32_t epoch,
                                    const uint8_t f[KEY_BYTES])
{
    enum status status = keyring_add_facilitator(replica->ring, epoch, f);

    return status == STATUS_OK ? reopen_all(replica) : status;
}

enum status replica_text_key(struct replica *replica, uint16_t text, uint8_t key_out[KEY_BYTES])
{
    const struct replica_entry *held = replica_text(replica, text);

    if (held == NULL) {
        return STATUS_NOT_FOUND;
    }
    replica_reread(held, &replica->scratch);
    return keyring_content(replica->ring, replica->session, &replica->scratch, key_out);
}

enum status replica_open_waiting(struct replica *replica, struct bytes raw,
                                 struct replica_entry *entry_out)
{
    struct entry *entry = &replica->scratch;
    enum status status = entry_decode(raw, entry);

    if (status == STATUS_OK) {
        status = entry_verify(entry, replica->session, &replica->logs[STREAM_PUBLIC].chain);
    }
    if (status == STATUS_OK && (entry->kind != KIND_ANSWER || entry->author != replica->me)) {
        status = STATUS_FORBIDDEN;
    }
    if (status == STATUS_OK) {
        status = session_decide_past(replica->session, entry);
        if (status == STATUS_DUPLICATE || status == STATUS_BAD_STATE) {
            return STATUS_NOT_FOUND; /* released since it was sent */
        }
    }
    if (status != STATUS_OK) {
        return replica_refuse(replica, status, STREAM_WAITING, 0);
    }
    replica_forget_body(&replica->waiting);
    replica->waiting = (struct replica_entry){
        .stream = STREAM_WAITING,
        .kind = entry->kind,
        .step = entry->step,
        .author = entry->author,
        .answer_behalf = entry->args.answer.behalf,
        .answer_edit = entry->args.answer.edit,
        .body = REPLICA_CLOSED,
    };
    memcpy(replica->waiting.id, entry->id, ID_BYTES);
    memcpy(replica->waiting.hash, entry->findings.hash, HASH_BYTES);
    status = replica_open_body(replica, entry, &replica->waiting);
    if (status == STATUS_OK && replica->waiting.body != REPLICA_OPEN) {
        status = STATUS_CRYPTO;
    }
    if (status == STATUS_OK) {
        *entry_out = replica->waiting;
    }
    return status;
}

#include "client/sealer.h"

#include <string.h>

#include "common/secret.h"

struct sealer {
    const struct seat *seat;
    const struct entropy *entropy;
    struct entry entry;
    struct sealed sealed;
    struct seal_slot slots[ENTRY_SLOTS_MAX];
    uint8_t keys[ENTRY_SLOTS_MAX][KEY_BYTES]; /* that the slots carry */
    uint16_t slot_count;
    enum status status; /* the first error in choosing slots */
};

enum status sealer_create(const struct seat *seat, const struct entropy *entropy,
                          struct sealer **sealer_out)
{
    struct sealer *sealer = secret_alloc(sizeof *sealer);

    if (sealer == NULL) {
        return STATUS_NOMEM;
    }
    sealer->seat = seat;
    sealer->entropy = entropy;
    *sealer_out = sealer;
    return STATUS_OK;
}

void sealer_destroy(struct sealer *sealer)
{
    secret_free(sealer, sealer == NULL ? 0 : sizeof *sealer);
}

/* ---- slots ---- */

static struct seal_slot *next_slot(struct sealer *sealer, enum lock lock, enum slot_name name)
{
    struct seal_slot *slot = &sealer->slots[sealer->slot_count];

    if (sealer->slot_count == ENTRY_SLOTS_MAX) {
        sealer->status = STATUS_TOO_LONG;
        return NULL;
    }
    *slot = (struct seal_slot){.lock = lock, .name = name};
    sealer->slot_count++;
    return slot;
}

/* Lays a key into the slot that was made last. */
static void put_key(struct sealer *sealer, const uint8_t key[KEY_BYTES])
{
    uint16_t at = (uint16_t)(sealer->slot_count - 1);

    memcpy(sealer->keys[at], key, KEY_BYTES);
    sealer->slots[at].key = sealer->keys[at];
}

static const uint8_t *need(struct sealer *sealer, const uint8_t *key)
{
    if (key == NULL && sealer->status == STATUS_OK) {
        sealer->status = STATUS_NOT_FOUND;
    }
    return key;
}

static void lock_to_group(struct sealer *sealer, const struct replica *replica,
                          enum slot_name name)
{
    struct seal_slot *slot = next_slot(sealer, LOCK_GROUP, name);
    uint32_t epoch = session_epoch(replica_session(replica));

    if (slot != NULL) {
        slot->lock_key = need(sealer, keyring_group(replica_ring(replica), epoch));
    }
}

static void lock_to_facilitators(struct sealer *sealer, const struct replica *replica)
{
    struct seal_slot *slot = next_slot(sealer, LOCK_FACILITATOR, NAME_CONTENT);
    uint32_t epoch = session_epoch(replica_session(replica));

    if (slot != NULL) {
        slot->lock_key = need(sealer, keyring_facilitator(replica_ring(replica), epoch));
    }
}

static void lock_to_member(struct sealer *sealer, const struct replica *replica,
                           uint16_t member, enum slot_name name)
{
    const struct session *session = replica_session(replica);
    struct seal_slot *slot = NULL;

    if (member == 0 || member > session_member_count(session)) {
        sealer->status = STATUS_UNKNOWN;
        return;
    }
    slot = next_slot(sealer, LOCK_MEMBER, name);
    if (slot != NULL) {
        slot->lock_n = member;
        slot->lock_key = session_member(session, member)->device.box;
    }
}

static void lock_to_step(struct sealer *sealer, const struct replica *replica, uint16_t number)
{
    const struct session_step *step = session_step(replica_session(replica), number);
    struct seal_slot *slot = NULL;

    if (step == NULL || step->epoch == 0) {
        sealer->status = STATUS_UNKNOWN;
        return;
    }
    slot = next_slot(sealer, LOCK_STEP, NAME_CONTENT);
    if (slot != NULL) {
        slot->lock_n = number;
        slot->lock_key = step->key;
        slot->group_key = need(sealer, keyring_group(replica_ring(replica), step->epoch));
    }
}

/* ---- what each kind carries ---- */

static void lay_texts(struct sealer *sealer, struct replica *replica, const struct wish *wish)
{
    uint8_t key[KEY_BYTES];

    for (uint16_t i = 0; i < wish->texts.count && sealer->status == STATUS_OK; i++) {
        sealer->status = replica_text_key(replica, wish->texts.at[i], key);
        if (sealer->status == STATUS_OK) {
            lock_to_group(sealer, replica, NAME_TEXT);
            sealer->slots[sealer->slot_count - 1].name_n = wish->texts.at[i];
            put_key(sealer, key);
        }
    }
    secret_wipe(key, sizeof key);
}

static void lay_open(struct sealer *sealer, struct replica *replica, const struct wish *wish)
{
    const struct session *session = replica_session(replica);
    const struct session_step *step = session_step(session, wish->step);
    struct args_open *args = &sealer->entry.args.open;
    const uint8_t *f =
        need(sealer, keyring_facilitator(replica_ring(replica), session_epoch(session)));
    uint8_t secret[KEY_BYTES];

    if (step == NULL) {
        sealer->status = STATUS_UNKNOWN;
    }
    if (sealer->status == STATUS_OK && step->epoch == 0) {
        args->has_key = true;
        sealer->status = key_step(f, session_id(session), wish->step, secret, args->step_key);
        secret_wipe(secret, sizeof secret);
    }
    lay_texts(sealer, replica, wish);
}

static void lay_release(struct sealer *sealer, struct replica *replica, const struct wish *wish)
{
    const struct session *session = replica_session(replica);
    const struct session_step *step = session_step(session, wish->step);
    const uint8_t *f = NULL;
    uint8_t secret[KEY_BYTES], public_key[KEY_BYTES];

    if (step == NULL || step->epoch == 0) {
        sealer->status = STATUS_UNKNOWN;
        return;
    }
    sealer->entry.args.release = wish->args.release;
    f = need(sealer, keyring_facilitator(replica_ring(replica), step->epoch));
    if (sealer->status == STATUS_OK) {
        sealer->status = key_step(f, session_id(session), wish->step, secret, public_key);
    }
    if (sealer->status == STATUS_OK) {
        lock_to_group(sealer, replica, NAME_STEP);
        sealer->slots[0].name_n = wish->step;
        put_key(sealer, secret);
    }
    secret_wipe(secret, sizeof secret);
    lay_texts(sealer, replica, wish);
}

/* Members get K; facilitators get F, from which K follows. */
static void lay_roster(struct sealer *sealer, struct replica *replica, const struct wish *wish)
{
    const struct session *session = replica_session(replica);
    const struct keyring *ring = replica_ring(replica);
    uint32_t epoch = session_epoch(session);
    struct args_roster *args = &sealer->entry.args.roster;

    args->roster_index = session_roster_index(session);
    args->change_count = wish->args.roster.count;
    for (uint16_t i = 0; i < wish->args.roster.count && sealer->status == STATUS_OK; i++) {
        const struct roster_change *change = &wish->args.roster.changes[i];
        bool facilitates = change->role == ROLE_FACILITATOR;
        const uint8_t *key = need(sealer, facilitates ? keyring_facilitator(ring, epoch)
                                                      : keyring_group(ring, epoch));

        args->changes[i] = *change;
        if (change->role == ROLE_REMOVED || sealer->status != STATUS_OK) {
            continue;
        }
        lock_to_member(sealer, replica, change->member,
                       facilitates ? NAME_FACILITATOR : NAME_GROUP);
        if (sealer->status == STATUS_OK) {
            put_key(sealer, key);
        }
    }
}

static void lay_join(struct sealer *sealer, struct replica *replica, const struct wish *wish)
{
    const struct session *session = replica_session(replica);

    sealer->entry.args.join = wish->args.join;
    sealer->entry.args.join.device = sealer->seat->keys;
    sealer->entry.author = 0;
    for (uint16_t n = 1; n <= session_member_count(session); n++) {
        const struct session_member *member = session_member(session, n);

        if (member->state == MEMBER_ADMITTED && member->role == ROLE_FACILITATOR) {
            lock_to_member(sealer, replica, n, NAME_CONTENT);
        }
    }
}

static void lay_message(struct sealer *sealer, struct replica *replica, const struct wish *wish)
{
    const struct args_message *args = &wish->args.message;

    sealer->entry.args.message = *args;
    for (uint8_t i = 0; i < args->recipient_count; i++) {
        lock_to_member(sealer, replica, args->recipients[i], NAME_CONTENT);
    }
    lock_to_member(sealer, replica, replica_me(replica), NAME_CONTENT);
}

/* Arguments and slots of a kind. What is not here has no arguments, and is for the group. */
static void lay(struct sealer *sealer, struct replica *replica, const struct wish *wish)
{
    struct entry *entry = &sealer->entry;

    switch (wish->kind) {
    case KIND_TEXT:
        entry->args.text = wish->args.text;
        lock_to_facilitators(sealer, replica);
        break;
    case KIND_INVITE:
        entry->args.invite = wish->args.invite;
        break;
    case KIND_JOIN:
        lay_join(sealer, replica, wish);
        break;
    case KIND_ROSTER:
        lay_roster(sealer, replica, wish);
        break;
    case KIND_CONFIRM:
        entry->args.gate_text = wish->args.text;
        break;
    case KIND_LEAVE_OUT:
        memcpy(entry->args.left_out, wish->args.left_out, ID_BYTES);
        break;
    case KIND_OPEN:
        lay_open(sealer, replica, wish);
        break;
    case KIND_PACE:
        entry->args.pace = wish->args.pace;
        break;
    case KIND_RELEASE:
        lay_release(sealer, replica, wish);
        break;
    case KIND_REVEAL:
        entry->args.reveal = wish->args.reveal;
        lay_texts(sealer, replica, wish);
        break;
    case KIND_MESSAGE:
        lay_message(sealer, replica, wish);
        break;
    case KIND_NOTE:
    case KIND_AGREEMENT:
        entry->args.note = wish->args.note;
        lock_to_group(sealer, replica, NAME_CONTENT);
        break;
    case KIND_NAME:
    case KIND_PARK:
    case KIND_REPORT:
    case KIND_FOLLOW_UP:
        lock_to_group(sealer, replica, NAME_CONTENT);
        break;
    case KIND_PURGE:
        break;
    case KIND_GENESIS: /* sealer_seal_genesis() */
    case KIND_ANSWER:  /* sealer_seal_answer() */
    case KIND_STEP:    /* not played by this version */
    case KIND_GROUPS:
    case KIND_ASSIGN:
        sealer->status = STATUS_UNSUPPORTED;
        break;
    }
}

/* ---- sealing ---- */

static void begin(struct sealer *sealer, const struct replica *replica, enum kind kind,
                  uint16_t step, const uint8_t id[ID_BYTES])
{
    const struct session *session = replica_session(replica);
    struct chain_head head = replica_head(replica, STREAM_PUBLIC);
    struct entry *entry = &sealer->entry;

    memset(entry, 0, sizeof *entry);
    memcpy(entry->session, session_id(session), HASH_BYTES);
    entry->epoch = session_epoch(session);
    entry->kind = kind;
    entry->step = step;
    entry->author = replica_me(replica);
    memcpy(entry->id, id, ID_BYTES);
    entry->seen_index = head.index;
    memcpy(entry->seen_hash, head.hash, HASH_BYTES);
    sealer->slot_count = 0;
    sealer->status = STATUS_OK;
}

static enum status finish(struct sealer *sealer, struct bytes plaintext,
                          struct bytes *sealed_out)
{
    enum status status = sealer->status;

    if (status == STATUS_OK) {
        status =
            entry_seal(&sealer->entry, plaintext.count == 0 ? NULL : &plaintext, sealer->slots,
                       sealer->slot_count, sealer->seat, sealer->entropy, &sealer->sealed);
    }
    secret_wipe(sealer->keys, sizeof sealer->keys[0] * sealer->slot_count);
    secret_wipe(sealer->sealed.content_key, sizeof sealer->sealed.content_key);
    if (status == STATUS_OK) {
        *sealed_out = (struct bytes){sealer->sealed.bytes, sealer->sealed.count};
    }
    return status;
}

enum status sealer_seal_wish(struct sealer *sealer, struct replica *replica,
                             const struct wish *wish, struct bytes *sealed_out)
{
    begin(sealer, replica, wish->kind, wish->step, wish->id);
    lay(sealer, replica, wish);
    return finish(sealer, wish->plaintext, sealed_out);
}

enum status sealer_seal_answer(struct sealer *sealer, struct replica *replica,
                               const struct own_answer *answer, uint8_t hash_out[HASH_BYTES],
                               struct bytes *sealed_out)
{
    const struct session_step *step = session_step(replica_session(replica), answer->step);
    enum status status = STATUS_OK;

    begin(sealer, replica, KIND_ANSWER, answer->step, answer->id);
    sealer->entry.epoch = step == NULL ? 0 : step->epoch;
    sealer->entry.args.answer =
        (struct args_answer){.edit = answer->edit, .behalf = answer->behalf};
    lock_to_step(sealer, replica, answer->step);
    lock_to_member(sealer, replica, replica_me(replica), NAME_CONTENT);
    status = finish(sealer, answer->submitted, sealed_out);
    if (status == STATUS_OK) {
        memcpy(hash_out, sealer->sealed.hash, HASH_BYTES);
    }
    return status;
}

enum status sealer_seal_genesis(struct sealer *sealer, const struct args_genesis *args,
                                const uint8_t f[KEY_BYTES], struct bytes title,
                                const uint8_t id[ID_BYTES], uint8_t hash_out[HASH_BYTES],
                                struct bytes *sealed_out)
{
    struct entry *entry = &sealer->entry;
    uint8_t k[KEY_BYTES];
    enum status status = STATUS_OK;

    memset(entry, 0, sizeof *entry);
    entry->kind = KIND_GENESIS;
    entry->epoch = 1;
    entry->author = KRING_FIRST_MEMBER;
    memcpy(entry->id, id, ID_BYTES);
    entry->args.genesis = *args;
    entry->args.genesis.device = sealer->seat->keys;
    key_group(f, k);
    key_group_check(k, entry->args.genesis.group_check);
    sealer->slots[0] =
        (struct seal_slot){.lock = LOCK_GROUP, .name = NAME_CONTENT, .lock_key = k};
    sealer->slots[1] = (struct seal_slot){.lock = LOCK_MEMBER,
                                          .lock_n = KRING_FIRST_MEMBER,
                                          .name = NAME_FACILITATOR,
                                          .key = f,
                                          .lock_key = sealer->seat->keys.box};
    sealer->slots[2] = (struct seal_slot){.lock = LOCK_RECOVERY,
                                          .name = NAME_FACILITATOR,
                                          .key = f,
                                          .lock_key = args->recovery.box};
    sealer->slot_count = 3;
    sealer->status = STATUS_OK;
    status = finish(sealer, title, sealed_out);
    secret_wipe(k, sizeof k);
    if (status == STATUS_OK) {
        memcpy(hash_out, sealer->sealed.hash, HASH_BYTES);
    }
    return status;
}

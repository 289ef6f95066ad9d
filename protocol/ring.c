#include "protocol/ring.h"

#include <stdlib.h>
#include <string.h>

#include "common/secret.h"
#include "protocol/hash.h"
#include "protocol/seal.h"

enum { KEPT_CAPACITY_START = 64, PROMISES_CAPACITY_START = 64 };

struct kept {
    bool held;
    uint8_t key[KEY_BYTES];
};

/* Keys by number, in locked memory that grows. */
struct keys {
    struct kept *kept; /* owned */
    uint32_t capacity;
};

/* What a text's key must match, from its `text` entry. */
struct promise {
    bool known;
    uint8_t header_hash[HASH_BYTES];
    uint8_t commitment[HASH_BYTES];
};

struct keyring {
    struct seat seat;
    uint16_t member; /* 0: not known yet */
    bool has_recovery;
    uint8_t recovery_secret[KEY_BYTES];
    uint8_t recovery_public[KEY_BYTES];
    struct keys groups;       /* K by epoch */
    struct keys facilitators; /* F by epoch */
    struct keys steps;        /* secrets by step */
    struct keys texts;        /* content keys by text */
    struct promise *promises; /* owned, by text */
    uint32_t promise_capacity;
};

/* ---- keys by number ---- */

static const uint8_t *keys_get(const struct keys *keys, uint32_t number)
{
    if (number >= keys->capacity || !keys->kept[number].held) {
        return NULL;
    }
    return keys->kept[number].key;
}

static enum status keys_put(struct keys *keys, uint32_t number, const uint8_t key[KEY_BYTES])
{
    uint32_t capacity = keys->capacity == 0 ? KEPT_CAPACITY_START : keys->capacity;
    struct kept *kept;

    while (capacity <= number) {
        capacity *= 2;
    }
    if (capacity > keys->capacity) {
        kept = secret_alloc(capacity * sizeof *kept);
        if (kept == NULL) {
            return STATUS_NOMEM;
        }
        if (keys->capacity > 0) {
            memcpy(kept, keys->kept, keys->capacity * sizeof *kept);
        }
        secret_free(keys->kept, keys->capacity * sizeof *kept);
        keys->kept = kept;
        keys->capacity = capacity;
    }
    keys->kept[number].held = true;
    memcpy(keys->kept[number].key, key, KEY_BYTES);
    return STATUS_OK;
}

static void keys_finish(struct keys *keys)
{
    secret_free(keys->kept, keys->capacity * sizeof *keys->kept);
    *keys = (struct keys){.kept = NULL};
}

/* ---- making one ---- */

enum status keyring_create(const struct seat *seat, struct keyring **ring_out)
{
    struct keyring *ring = secret_alloc(sizeof *ring);

    if (ring == NULL) {
        return STATUS_NOMEM;
    }
    ring->seat = *seat;
    *ring_out = ring;
    return STATUS_OK;
}

void keyring_destroy(struct keyring *ring)
{
    if (ring == NULL) {
        return;
    }
    keys_finish(&ring->groups);
    keys_finish(&ring->facilitators);
    keys_finish(&ring->steps);
    keys_finish(&ring->texts);
    free(ring->promises);
    secret_free(ring, sizeof *ring);
}

void keyring_set_member(struct keyring *ring, uint16_t member)
{
    ring->member = member;
}

void keyring_set_recovery(struct keyring *ring, const uint8_t box_secret[KEY_BYTES])
{
    ring->has_recovery = true;
    memcpy(ring->recovery_secret, box_secret, KEY_BYTES);
    (void)crypto_scalarmult_base(ring->recovery_public, box_secret);
}

/* F brings K with it. */
static enum status put_facilitator(struct keyring *ring, uint32_t epoch,
                                   const uint8_t f[KEY_BYTES])
{
    uint8_t k[KEY_BYTES];
    enum status status;

    key_group(f, k);
    status = keys_put(&ring->facilitators, epoch, f);
    if (status == STATUS_OK) {
        status = keys_put(&ring->groups, epoch, k);
    }
    secret_wipe(k, sizeof k);
    return status;
}

enum status keyring_add_facilitator(struct keyring *ring, uint32_t epoch,
                                    const uint8_t f[KEY_BYTES])
{
    return put_facilitator(ring, epoch, f);
}

/* ---- which slots are ours ---- */

/* The epoch whose K and F an entry's slots speak of: a roster that starts one is the first of
 * it, though its header is still of the old one. */
static uint32_t epoch_of(const struct entry *entry)
{
    if (entry->kind == KIND_ROSTER && entry->args.roster.has_epoch) {
        return entry->args.roster.epoch;
    }
    return entry->epoch;
}

static bool find_step_opener(const struct keyring *ring, const struct session *session,
                             uint32_t number, struct slot_opener *opener)
{
    const struct session_step *step = session_step(session, (uint16_t)number);

    if (step == NULL) {
        return false;
    }
    opener->secret = keys_get(&ring->steps, number);
    opener->public_key = step->key;
    opener->group_key = keys_get(&ring->groups, step->epoch);
    return opener->secret != NULL && opener->group_key != NULL;
}

/* Recovery keys change with epochs: an older link opens nothing newer, and that is no fault. */
static bool is_our_recovery(const struct keyring *ring, const struct session *session)
{
    const struct recovery_keys *keys = session_recovery(session);

    return ring->has_recovery && keys != NULL &&
           memcmp(keys->box, ring->recovery_public, KEY_BYTES) == 0;
}

/* Fills opener; false when this ring has nothing for that lock. */
static bool find_opener(const struct keyring *ring, const struct session *session,
                        const struct entry *entry, const struct entry_slot *slot,
                        struct slot_opener *opener)
{
    *opener = (struct slot_opener){.secret = NULL};
    switch (slot->lock) {
    case LOCK_GROUP:
        opener->secret = keys_get(&ring->groups, epoch_of(entry));
        break;
    case LOCK_FACILITATOR:
        opener->secret = keys_get(&ring->facilitators, epoch_of(entry));
        break;
    case LOCK_MEMBER:
        if (ring->member != 0 && slot->lock_n == ring->member) {
            opener->secret = ring->seat.box_secret;
            opener->public_key = ring->seat.keys.box;
        }
        break;
    case LOCK_STEP:
        return find_step_opener(ring, session, slot->lock_n, opener);
    case LOCK_RECOVERY:
        if (is_our_recovery(ring, session)) {
            opener->secret = ring->recovery_secret;
            opener->public_key = ring->recovery_public;
        }
        break;
    }
    return opener->secret != NULL;
}

/* ---- taking keys ---- */

static bool is_group_key(const struct session *session, uint32_t epoch,
                         const uint8_t k[KEY_BYTES])
{
    const uint8_t *expected = epoch == 0 ? NULL : session_group_check(session, epoch);
    uint8_t check[HASH_BYTES];

    key_group_check(k, check);
    return expected != NULL && memcmp(check, expected, HASH_BYTES) == 0;
}

/* Each take_...() gives STATUS_CRYPTO for a key that is not what its name says. */
static enum status take_group(struct keyring *ring, const struct session *session,
                              uint32_t epoch, const uint8_t key[KEY_BYTES],
                              struct keyring_change *change)
{
    if (!is_group_key(session, epoch, key)) {
        return STATUS_CRYPTO;
    }
    if (keys_get(&ring->groups, epoch) != NULL) {
        return STATUS_OK;
    }
    change->epoch_key = true;
    return keys_put(&ring->groups, epoch, key);
}

static enum status take_facilitator(struct keyring *ring, const struct session *session,
                                    uint32_t epoch, const uint8_t key[KEY_BYTES],
                                    struct keyring_change *change)
{
    uint8_t k[KEY_BYTES];
    bool is_right;

    key_group(key, k);
    is_right = is_group_key(session, epoch, k);
    secret_wipe(k, sizeof k);
    if (!is_right) {
        return STATUS_CRYPTO;
    }
    if (keys_get(&ring->facilitators, epoch) != NULL) {
        return STATUS_OK;
    }
    change->epoch_key = true;
    return put_facilitator(ring, epoch, key);
}

static enum status take_text(struct keyring *ring, uint32_t number,
                             const uint8_t key[KEY_BYTES])
{
    uint8_t commitment[HASH_BYTES];

    if (number >= ring->promise_capacity || !ring->promises[number].known) {
        return STATUS_CRYPTO;
    }
    entry_commitment(key, ring->promises[number].header_hash, commitment);
    if (memcmp(commitment, ring->promises[number].commitment, HASH_BYTES) != 0) {
        return STATUS_CRYPTO;
    }
    return keys_put(&ring->texts, number, key);
}

static enum status take_step(struct keyring *ring, const struct session *session,
                             uint32_t number, const uint8_t key[KEY_BYTES])
{
    const struct session_step *step = session_step(session, (uint16_t)number);

    if (step == NULL || step->epoch == 0 || !key_matches(key, step->key)) {
        return STATUS_CRYPTO;
    }
    return keys_put(&ring->steps, number, key);
}

static enum status take(struct keyring *ring, const struct session *session,
                        const struct entry *entry, const struct entry_slot *slot,
                        const uint8_t key[KEY_BYTES], struct keyring_change *change)
{
    uint32_t epoch = epoch_of(entry);

    switch (slot->name) {
    case NAME_CONTENT:
        return take_text(ring, entry->args.text, key); /* only those of texts come here */
    case NAME_GROUP:
        return take_group(ring, session, epoch, key, change);
    case NAME_FACILITATOR:
        return take_facilitator(ring, session, epoch, key, change);
    case NAME_PREVIOUS_GROUP:
        return take_group(ring, session, epoch - 1, key, change);
    case NAME_PREVIOUS_FACILITATOR:
        return take_facilitator(ring, session, epoch - 1, key, change);
    case NAME_TEXT:
        return take_text(ring, slot->name_n, key);
    case NAME_STEP:
        return take_step(ring, session, slot->name_n, key);
    }
    return STATUS_CRYPTO;
}

static enum status fold_slot(struct keyring *ring, const struct session *session,
                             const struct entry *entry, uint16_t at,
                             struct keyring_change *change)
{
    const struct entry_slot *slot = &entry->slots[at];
    struct slot_opener opener;
    uint8_t key[KEY_BYTES];
    enum status status;

    if ((slot->name == NAME_CONTENT && entry->kind != KIND_TEXT) ||
        !find_opener(ring, session, entry, slot, &opener)) {
        return STATUS_OK;
    }
    status = slot_open(entry, at, &opener, key);
    if (status == STATUS_OK) {
        status = take(ring, session, entry, slot, key, change);
    }
    secret_wipe(key, sizeof key);
    if (status != STATUS_CRYPTO) {
        return status;
    }
    if (change->wrong == 0) {
        change->wrong_name = slot->name;
    }
    change->wrong++;
    return STATUS_OK;
}

/* Remembers what a text's key must match; the first entry with this number stands. */
static enum status fold_text(struct keyring *ring, const struct entry *entry)
{
    uint32_t number = entry->args.text;
    uint32_t capacity =
        ring->promise_capacity == 0 ? PROMISES_CAPACITY_START : ring->promise_capacity;
    struct promise *promises;

    while (capacity <= number) {
        capacity *= 2;
    }
    if (capacity > ring->promise_capacity) {
        promises = realloc(ring->promises, capacity * sizeof *promises);
        if (promises == NULL) {
            return STATUS_NOMEM;
        }
        memset(promises + ring->promise_capacity, 0,
               (capacity - ring->promise_capacity) * sizeof *promises);
        ring->promises = promises;
        ring->promise_capacity = capacity;
    }
    if (!ring->promises[number].known && entry->has_body) {
        ring->promises[number].known = true;
        hash_of(entry->header, ring->promises[number].header_hash);
        memcpy(ring->promises[number].commitment, entry->commitment, HASH_BYTES);
    }
    return STATUS_OK;
}

/* Who holds F can calculate the step's key, so a wrong one is another facilitator's doing. */
static bool is_step_key_wrong(const struct keyring *ring, const struct session *session,
                              const struct entry *entry)
{
    const uint8_t *f = keys_get(&ring->facilitators, entry->epoch);
    uint8_t secret[KEY_BYTES];
    uint8_t public_key[KEY_BYTES];
    bool is_right;

    if (entry->kind != KIND_OPEN || !entry->args.open.has_key || f == NULL) {
        return false;
    }
    is_right = key_step(f, session_id(session), entry->step, secret, public_key) == STATUS_OK &&
               memcmp(public_key, entry->args.open.step_key, KEY_BYTES) == 0;
    secret_wipe(secret, sizeof secret);
    return !is_right;
}

enum status keyring_fold(struct keyring *ring, const struct session *session,
                         const struct entry *entry, struct keyring_change *change_out)
{
    struct keyring_change change = {.epoch_key = false};
    enum status status = STATUS_OK;

    if (entry->kind == KIND_TEXT) {
        status = fold_text(ring, entry);
    }
    for (uint16_t i = 0; i < entry->slot_count && status == STATUS_OK; i++) {
        status = fold_slot(ring, session, entry, i, &change);
    }
    change.wrong_step_key = is_step_key_wrong(ring, session, entry);
    if (status == STATUS_OK) {
        *change_out = change;
    }
    return status;
}

/* ---- looking up ---- */

const uint8_t *keyring_group(const struct keyring *ring, uint32_t epoch)
{
    return keys_get(&ring->groups, epoch);
}

const uint8_t *keyring_facilitator(const struct keyring *ring, uint32_t epoch)
{
    return keys_get(&ring->facilitators, epoch);
}

const uint8_t *keyring_step(const struct keyring *ring, uint16_t step)
{
    return keys_get(&ring->steps, step);
}

const uint8_t *keyring_text(const struct keyring *ring, uint16_t text)
{
    return keys_get(&ring->texts, text);
}

/* The key of a text may have come by another entry (open, reveal). */
static const uint8_t *held_text_key(const struct keyring *ring, const struct entry *entry)
{
    const uint8_t *key =
        entry->kind == KIND_TEXT ? keys_get(&ring->texts, entry->args.text) : NULL;

    return key != NULL && entry_key_good(entry, key) ? key : NULL;
}

enum status keyring_content(const struct keyring *ring, const struct session *session,
                            const struct entry *entry, uint8_t key_out[KEY_BYTES])
{
    const uint8_t *held = held_text_key(ring, entry);
    enum status status = STATUS_NOT_FOUND;

    if (held != NULL) {
        memcpy(key_out, held, KEY_BYTES);
        return STATUS_OK;
    }
    for (uint16_t i = 0; i < entry->slot_count && entry->has_body; i++) {
        struct slot_opener opener;
        uint8_t key[KEY_BYTES];

        if (entry->slots[i].name != NAME_CONTENT ||
            !find_opener(ring, session, entry, &entry->slots[i], &opener)) {
            continue;
        }
        status = STATUS_CRYPTO;
        if (slot_open(entry, i, &opener, key) == STATUS_OK && entry_key_good(entry, key)) {
            memcpy(key_out, key, KEY_BYTES);
            secret_wipe(key, sizeof key);
            return STATUS_OK;
        }
        secret_wipe(key, sizeof key);
    }
    return status;
}

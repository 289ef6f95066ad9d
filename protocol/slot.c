#include "protocol/slot.h"

#include <assert.h>
#include <string.h>

#include "common/secret.h"
#include "protocol/hash.h"
#include "protocol/writer.h"

static const char slot_tag[] = "kring/1 slot";

enum {
    NAME_PLACE_BYTES_MAX = 13, /* [lock, lock n, name, name n], each n at most 5 bytes */
    SCOPE_BYTES_MAX = sizeof slot_tag - 1 + KEY_BYTES + 2 * HASH_BYTES + NAME_PLACE_BYTES_MAX
};

static_assert(BOX_BYTES == KEY_BYTES + crypto_aead_chacha20poly1305_ietf_ABYTES, "key and tag");

/* S: everything a box belongs to, so that it opens in no other place. */
struct scope {
    uint8_t bytes[SCOPE_BYTES_MAX];
    size_t count;
};

static void scope_fill(struct scope *scope, const struct slot_ground *ground,
                       const struct entry_slot *slot)
{
    struct writer writer;

    writer_init(&writer, scope->bytes, sizeof scope->bytes);
    writer_raw(&writer, (struct bytes){(const uint8_t *)slot_tag, sizeof slot_tag - 1});
    writer_raw(&writer, (struct bytes){ground->e, KEY_BYTES});
    writer_raw(&writer, (struct bytes){ground->header_hash, HASH_BYTES});
    writer_raw(&writer, (struct bytes){ground->commitment, HASH_BYTES});
    writer_array(&writer, 4);
    writer_uint(&writer, slot->lock);
    writer_uint(&writer, slot->lock_n);
    writer_uint(&writer, slot->name);
    writer_uint(&writer, slot->name_n);
    assert(writer_status(&writer) == STATUS_OK); /* its size is known */
    scope->count = writer.count;
}

/* K and F: BLAKE2b-256(key K or F, S). */
static void symmetric_key(const struct scope *scope, const struct slot_sides *sides,
                          uint8_t out[KEY_BYTES])
{
    struct hash hash;

    hash_init(&hash, sides->secret, KEY_BYTES);
    hash_add(&hash, scope->bytes, scope->count);
    hash_finish(&hash, out);
}

/* Member and recovery: BLAKE2b-256(key X25519, S || P); step: K stands behind the X25519 in
 * the key, so that only who held K can have made the box. */
static enum status agreed_key(const struct scope *scope, const struct slot_sides *sides,
                              bool with_group, uint8_t out[KEY_BYTES])
{
    struct hash hash;
    uint8_t agreed[2 * KEY_BYTES];

    if (crypto_scalarmult(agreed, sides->secret, sides->other) != 0) {
        secret_wipe(agreed, sizeof agreed);
        return STATUS_BAD_KEY;
    }
    if (with_group) {
        memcpy(agreed + KEY_BYTES, sides->group_key, KEY_BYTES);
    }
    hash_init(&hash, agreed, with_group ? sizeof agreed : (size_t)KEY_BYTES);
    hash_add(&hash, scope->bytes, scope->count);
    hash_add(&hash, sides->lock_public, KEY_BYTES);
    hash_finish(&hash, out);
    secret_wipe(agreed, sizeof agreed);
    return STATUS_OK;
}

static enum status box_key(const struct scope *scope, enum lock lock,
                           const struct slot_sides *sides, uint8_t out[KEY_BYTES])
{
    switch (lock) {
    case LOCK_GROUP:
    case LOCK_FACILITATOR:
        symmetric_key(scope, sides, out);
        return STATUS_OK;
    case LOCK_MEMBER:
    case LOCK_RECOVERY:
        return agreed_key(scope, sides, false, out);
    case LOCK_STEP:
        return agreed_key(scope, sides, true, out);
    }
    return STATUS_BAD_KEY;
}

/* Every box key is used once (e is drawn anew at every sealing), so the nonce may be zero. */
static const uint8_t zero_nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

enum status slot_box(const struct slot_ground *ground, const struct entry_slot *slot,
                     const struct slot_sides *sides, const uint8_t key[KEY_BYTES],
                     uint8_t box_out[BOX_BYTES])
{
    struct scope scope;
    uint8_t lock_key[KEY_BYTES];
    enum status status;

    scope_fill(&scope, ground, slot);
    status = box_key(&scope, slot->lock, sides, lock_key);
    if (status != STATUS_OK) {
        return status;
    }
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(box_out, NULL, key, KEY_BYTES, scope.bytes,
                                                    scope.count, NULL, zero_nonce, lock_key);
    secret_wipe(lock_key, sizeof lock_key);
    return STATUS_OK;
}

enum status slot_unbox(const struct slot_ground *ground, const struct entry_slot *slot,
                       const struct slot_sides *sides, uint8_t key_out[KEY_BYTES])
{
    struct scope scope;
    uint8_t lock_key[KEY_BYTES];
    uint8_t key[KEY_BYTES];
    enum status status;

    scope_fill(&scope, ground, slot);
    status = box_key(&scope, slot->lock, sides, lock_key);
    if (status != STATUS_OK) {
        return status;
    }
    if (crypto_aead_chacha20poly1305_ietf_decrypt(key, NULL, NULL, slot->box, BOX_BYTES,
                                                  scope.bytes, scope.count, zero_nonce,
                                                  lock_key) != 0) {
        status = STATUS_CRYPTO;
    } else {
        memcpy(key_out, key, KEY_BYTES);
    }
    secret_wipe(lock_key, sizeof lock_key);
    secret_wipe(key, sizeof key);
    return status;
}

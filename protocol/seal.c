#include "protocol/seal.h"

#include <assert.h>
#include <string.h>

#include "common/secret.h"
#include "protocol/hash.h"
#include "protocol/header.h"
#include "protocol/pad.h"
#include "protocol/slot.h"
#include "protocol/writer.h"

static const char body_tag[] = "kring/1 body";
static const char entry_tag[] = "kring/1 entry";

enum {
    BODY_NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    BODY_TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SIGNED_BYTES = sizeof entry_tag - 1 + HASH_BYTES,
};

static_assert((int)BODY_NONCE_BYTES <= (int)HASH_BYTES,
              "the nonce is the start of the commitment");

void entry_commitment(const uint8_t content_key[KEY_BYTES],
                      const uint8_t header_hash[HASH_BYTES], uint8_t out[HASH_BYTES])
{
    struct hash hash;

    hash_init(&hash, content_key, KEY_BYTES);
    hash_add_text(&hash, body_tag);
    hash_add(&hash, header_hash, HASH_BYTES);
    hash_finish(&hash, out);
}

/* What is signed: "kring/1 entry" || H(from the array byte to the end of the slots). */
static void signed_message(struct bytes signed_part, uint8_t out[SIGNED_BYTES])
{
    memcpy(out, entry_tag, sizeof entry_tag - 1);
    hash_of(signed_part, out + sizeof entry_tag - 1);
}

/* ---- sealing ---- */

/* Encrypts plaintext into the body: commitment || ciphertext. */
static enum status seal_body(struct writer *writer, const struct bytes *plaintext,
                             struct bytes header, const struct slot_ground *ground,
                             const uint8_t content_key[KEY_BYTES])
{
    size_t size = pad_size(plaintext->count);
    size_t body_count = HASH_BYTES + size + BODY_TAG_BYTES;
    uint8_t *body = secret_alloc(body_count);

    if (body == NULL) {
        return STATUS_NOMEM;
    }
    memcpy(body, ground->commitment, HASH_BYTES);
    if (plaintext->count > 0) {
        memcpy(body + HASH_BYTES, plaintext->data, plaintext->count);
    }
    pad_add(body + HASH_BYTES, plaintext->count);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(body + HASH_BYTES, NULL, body + HASH_BYTES,
                                                     size, header.data, header.count, NULL,
                                                     ground->commitment, content_key);
    writer_bin_of(writer, body, body_count);
    secret_free(body, body_count);
    return writer_status(writer);
}

static enum status seal_slot(struct writer *writer, const struct seal_slot *slot,
                             const struct slot_ground *ground, const uint8_t *e_secret,
                             const uint8_t *content_key)
{
    bool symmetric = slot->lock == LOCK_GROUP || slot->lock == LOCK_FACILITATOR;
    struct slot_sides sides = {
        .secret = symmetric ? slot->lock_key : e_secret,
        .other = slot->lock_key,
        .lock_public = slot->lock_key,
        .group_key = slot->group_key,
    };
    struct entry_slot place = {
        .lock = slot->lock,
        .lock_n = slot->lock_n,
        .name = slot->name,
        .name_n = slot->name_n,
    };
    const uint8_t *key = slot->key == NULL ? content_key : slot->key;
    uint8_t box[BOX_BYTES];
    enum status status;

    assert(key != NULL && slot->lock_key != NULL);
    assert(slot->lock != LOCK_STEP || slot->group_key != NULL);
    status = slot_box(ground, &place, &sides, key, box);
    if (status != STATUS_OK) {
        return status;
    }
    writer_array(writer, 5);
    writer_uint(writer, slot->lock);
    writer_uint(writer, slot->lock_n);
    writer_uint(writer, slot->name);
    writer_uint(writer, slot->name_n);
    writer_bin_of(writer, box, sizeof box);
    return writer_status(writer);
}

static enum status seal_slots(struct writer *writer, const struct seal_slot *slots,
                              size_t slot_count, struct slot_ground *ground,
                              const struct entropy *entropy, const uint8_t *content_key)
{
    uint8_t e_secret[KEY_BYTES];
    enum status status = STATUS_OK;

    if (slot_count == 0) {
        writer_array(writer, 0);
        return writer_status(writer);
    }
    if (slot_count > ENTRY_SLOTS_MAX) {
        return STATUS_TOO_LONG;
    }
    entropy_fill(entropy, e_secret, sizeof e_secret);
    (void)crypto_scalarmult_base(ground->e, e_secret);
    writer_array(writer, 1 + (uint32_t)slot_count);
    writer_bin_of(writer, ground->e, KEY_BYTES);
    for (size_t i = 0; i < slot_count && status == STATUS_OK; i++) {
        status = seal_slot(writer, &slots[i], ground, e_secret, content_key);
    }
    secret_wipe(e_secret, sizeof e_secret);
    return status;
}

static void sign(struct writer *writer, const struct seat *seat)
{
    uint8_t message[SIGNED_BYTES];
    uint8_t signature[SIGNATURE_BYTES];

    if (seat == NULL) {
        writer_bin_of(writer, NULL, 0);
        return;
    }
    if (writer_status(writer) != STATUS_OK) {
        return;
    }
    signed_message(writer_bytes(writer), message);
    (void)crypto_sign_detached(signature, NULL, message, sizeof message, seat->sign_secret);
    writer_bin_of(writer, signature, sizeof signature);
}

/* Writes the header and, with a body, draws the content key. */
static enum status seal_header(struct writer *writer, const struct entry *entry, bool has_body,
                               const struct entropy *entropy, struct slot_ground *ground,
                               uint8_t content_key[KEY_BYTES], struct bytes *header_out)
{
    size_t at;

    writer_array(writer, 4);
    at = writer->count;
    header_write(writer, entry);
    if (writer_status(writer) != STATUS_OK) {
        return writer_status(writer);
    }
    *header_out = (struct bytes){writer->data + at, writer->count - at};
    hash_of(*header_out, ground->header_hash);
    if (has_body) {
        entropy_fill(entropy, content_key, KEY_BYTES);
        entry_commitment(content_key, ground->header_hash, ground->commitment);
    }
    return STATUS_OK;
}

enum status entry_seal(const struct entry *entry, const struct bytes *plaintext,
                       const struct seal_slot *slots, size_t slot_count,
                       const struct seat *seat, const struct entropy *entropy,
                       struct sealed *sealed_out)
{
    struct slot_ground ground = {.e = {0}};
    struct writer writer;
    struct bytes header;
    uint8_t *content_key = plaintext == NULL ? NULL : sealed_out->content_key;
    enum status status;

    secret_wipe(sealed_out->content_key, sizeof sealed_out->content_key);
    writer_init(&writer, sealed_out->bytes, sizeof sealed_out->bytes);
    if (plaintext != NULL && plaintext->count > PLAINTEXT_BYTES_MAX) {
        status = STATUS_TOO_LONG;
        goto out;
    }
    status =
        seal_header(&writer, entry, plaintext != NULL, entropy, &ground, content_key, &header);
    if (status != STATUS_OK) {
        goto out;
    }
    if (plaintext != NULL) {
        status = seal_body(&writer, plaintext, header, &ground, content_key);
    } else {
        writer_bin_of(&writer, NULL, 0);
    }
    if (status != STATUS_OK) {
        goto out;
    }
    status = seal_slots(&writer, slots, slot_count, &ground, entropy, content_key);
    if (status != STATUS_OK) {
        goto out;
    }
    sign(&writer, seat);
    status = writer_status(&writer);
    if (status == STATUS_OK) {
        sealed_out->count = writer.count;
        hash_of(writer_bytes(&writer), sealed_out->hash);
    }
out:
    if (status != STATUS_OK) {
        secret_wipe(sealed_out, sizeof *sealed_out);
    }
    return status;
}

/* ---- opening ---- */

bool entry_signature_good(const struct entry *entry, const uint8_t key[KEY_BYTES])
{
    uint8_t message[SIGNED_BYTES];

    if (entry->signature == NULL) {
        return false;
    }
    signed_message(entry->signed_part, message);
    return crypto_sign_verify_detached(entry->signature, message, sizeof message, key) == 0;
}

enum status slot_open(const struct entry *entry, uint16_t at, const struct slot_opener *opener,
                      uint8_t key_out[KEY_BYTES])
{
    struct slot_sides sides = {
        .secret = opener->secret,
        .other = entry->e,
        .lock_public = opener->public_key,
        .group_key = opener->group_key,
    };
    struct slot_ground ground;

    assert(at < entry->slot_count);
    memcpy(ground.e, entry->e, KEY_BYTES);
    memcpy(ground.commitment, entry->commitment, HASH_BYTES);
    hash_of(entry->header, ground.header_hash);
    if (slot_unbox(&ground, &entry->slots[at], &sides, key_out) != STATUS_OK) {
        return STATUS_CRYPTO;
    }
    return STATUS_OK;
}

bool entry_key_good(const struct entry *entry, const uint8_t content_key[KEY_BYTES])
{
    uint8_t header_hash[HASH_BYTES];
    uint8_t commitment[HASH_BYTES];

    if (!entry->has_body) {
        return false;
    }
    hash_of(entry->header, header_hash);
    entry_commitment(content_key, header_hash, commitment);
    return secret_equal(commitment, entry->commitment, HASH_BYTES);
}

enum status entry_open_body(const struct entry *entry, const uint8_t content_key[KEY_BYTES],
                            uint8_t out[BODY_PADDED_BYTES_MAX], size_t *count_out)
{
    size_t size;
    enum status status;

    if (!entry->has_body) {
        return STATUS_NOT_FOUND;
    }
    if (!entry_key_good(entry, content_key)) {
        return STATUS_CRYPTO;
    }
    size = entry->ciphertext.count - BODY_TAG_BYTES;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            out, NULL, NULL, entry->ciphertext.data, entry->ciphertext.count,
            entry->header.data, entry->header.count, entry->commitment, content_key) != 0) {
        return STATUS_CRYPTO;
    }
    status = pad_find(out, size, count_out);
    if (status != STATUS_OK) {
        secret_wipe(out, size);
    } else {
        out[*count_out] = 0;
    }
    return status;
}

#include "protocol/vault.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "common/secret.h"

enum { VAULT_NONCE_BYTES = 24, VAULT_TAG_BYTES = 16, VAULT_KEY_ID = 1 };

static_assert(VAULT_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
static_assert(VAULT_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
static_assert(VAULT_OVERHEAD_BYTES == VAULT_NONCE_BYTES + VAULT_TAG_BYTES, "overhead");
static_assert((int)SEED_BYTES == (int)crypto_kdf_KEYBYTES, "a seed is a master key");

enum status vault_start(void)
{
    return sodium_init() < 0 ? STATUS_CRYPTO : STATUS_OK;
}

void vault_init(struct vault *vault, const uint8_t seed[SEED_BYTES])
{
    (void)crypto_kdf_derive_from_key(vault->key, sizeof vault->key, VAULT_KEY_ID, "kring/1v",
                                     seed);
}

void vault_finish(struct vault *vault)
{
    secret_wipe(vault, sizeof *vault);
}

void vault_seal(const struct vault *vault, struct bytes purpose, struct bytes plain,
                const struct entropy *entropy, uint8_t *out)
{
    uint8_t nonce[VAULT_NONCE_BYTES];

    entropy_fill(entropy, nonce, sizeof nonce);
    memcpy(out, nonce, sizeof nonce);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + VAULT_NONCE_BYTES, NULL, plain.data,
                                                     plain.count, purpose.data, purpose.count,
                                                     NULL, nonce, vault->key);
}

enum status vault_open(const struct vault *vault, struct bytes purpose, struct bytes sealed,
                       uint8_t *out, size_t *count_out)
{
    if (sealed.count < VAULT_OVERHEAD_BYTES) {
        return STATUS_MALFORMED;
    }
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            out, NULL, NULL, sealed.data + VAULT_NONCE_BYTES, sealed.count - VAULT_NONCE_BYTES,
            purpose.data, purpose.count, sealed.data, vault->key) != 0) {
        return STATUS_CRYPTO;
    }
    *count_out = sealed.count - VAULT_OVERHEAD_BYTES;
    return STATUS_OK;
}

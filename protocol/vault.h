/* protocol/vault.h -- sealing what a client keeps on its own disk: drafts, cache, seeds.
 *
 * XChaCha20-Poly1305 with a random nonce, the purpose of the blob as associated data, so that
 * one blob cannot be put in another's place. Keys come from the device's seed (crypto_kdf,
 * context "kring/1v"). Nothing of this travels. */
#ifndef PROTOCOL_VAULT_H
#define PROTOCOL_VAULT_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/entropy.h"
#include "common/limits.h"
#include "common/status.h"
#include "protocol/seat.h"

enum { VAULT_OVERHEAD_BYTES = 24 + 16 };

struct vault {
    uint8_t key[KEY_BYTES];
};

/* Starts the library of ciphers; once per program. Errors: STATUS_CRYPTO. */
MUST_CHECK enum status vault_start(void);
void vault_init(struct vault *vault, const uint8_t seed[SEED_BYTES]);
void vault_finish(struct vault *vault); /* wipes */

/* out: room for plain.count + VAULT_OVERHEAD_BYTES. */
void vault_seal(const struct vault *vault, struct bytes purpose, struct bytes plain,
                const struct entropy *entropy, uint8_t *out);
/* out: room for sealed.count - VAULT_OVERHEAD_BYTES. Errors: STATUS_CRYPTO (another key,
 * another purpose, or damaged), STATUS_MALFORMED (too short). */
MUST_CHECK enum status vault_open(const struct vault *vault, struct bytes purpose,
                                  struct bytes sealed, uint8_t *out, size_t *count_out);

#endif

/* protocol/seat.h -- the keys of one person in one session, all made from one random 32-byte
 * sub-seed (crypto_kdf, context "kring/1s"; 1 noise, 2 box, 3 sign). And the keys that follow
 * from others: K from F, H(K), the step secret. PROTOCOL.md chapter 3. */
#ifndef PROTOCOL_SEAT_H
#define PROTOCOL_SEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/entropy.h"
#include "common/entry.h"
#include "common/status.h"

enum { SEED_BYTES = 32, SIGN_SECRET_BYTES = 64 };

struct seat {
    uint8_t noise_secret[KEY_BYTES];
    uint8_t box_secret[KEY_BYTES];
    uint8_t sign_secret[SIGN_SECRET_BYTES];
    struct device_keys keys; /* the public halves */
};

/* Never fails. The caller wipes the seat. */
void seat_derive(const uint8_t seed[SEED_BYTES], struct seat *seat_out);
void seat_wipe(struct seat *seat);

/* A recovery link's or invite's signing key (and recovery's box key) from its link seed. */
void link_sign_keys(const uint8_t seed[SEED_BYTES], uint8_t public_out[KEY_BYTES],
                    uint8_t secret_out[SIGN_SECRET_BYTES]);
void recovery_derive(const uint8_t seed[SEED_BYTES], struct recovery_keys *keys_out,
                     uint8_t box_secret_out[KEY_BYTES]);

/* K = BLAKE2b-256(key F, "kring/1 group"). */
void key_group(const uint8_t f[KEY_BYTES], uint8_t k_out[KEY_BYTES]);
/* H(K) = BLAKE2b-256("kring/1 check" || K). */
void key_group_check(const uint8_t k[KEY_BYTES], uint8_t check_out[HASH_BYTES]);
/* Step secret = BLAKE2b-256(key F, "kring/1 step" || session || step, 4 bytes), and its
 * public half. Errors: STATUS_BAD_KEY. */
MUST_CHECK enum status key_step(const uint8_t f[KEY_BYTES], const uint8_t session[HASH_BYTES],
                                uint16_t step, uint8_t secret_out[KEY_BYTES],
                                uint8_t public_out[KEY_BYTES]);

/* Does this secret belong to this public key? (release, reveal of a step's secret) */
bool key_matches(const uint8_t secret[KEY_BYTES], const uint8_t public_key[KEY_BYTES]);

/* Usable public keys: canonical, not of small order; Ed25519 in the prime-order group. */
bool key_box_usable(const uint8_t key[KEY_BYTES]);
bool key_sign_usable(const uint8_t key[KEY_BYTES]);

/* Proofs: Ed25519 over "kring/1 ticket" || genesis hash, and over "kring/1 invite" || session
 * || noise || box || sign. */
void proof_ticket(const uint8_t secret[SIGN_SECRET_BYTES], const uint8_t genesis[HASH_BYTES],
                  uint8_t proof_out[SIGNATURE_BYTES]);
bool proof_ticket_good(const uint8_t key[KEY_BYTES], const uint8_t genesis[HASH_BYTES],
                       const uint8_t proof[SIGNATURE_BYTES]);
void proof_invite(const uint8_t secret[SIGN_SECRET_BYTES], const uint8_t session[HASH_BYTES],
                  const struct device_keys *device, uint8_t proof_out[SIGNATURE_BYTES]);
bool proof_invite_good(const uint8_t key[KEY_BYTES], const uint8_t session[HASH_BYTES],
                       const struct device_keys *device, const uint8_t proof[SIGNATURE_BYTES]);

#endif

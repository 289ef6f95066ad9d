/* protocol/seal.h -- making entries and opening them: body, slots, signature (PROTOCOL.md
 * chapter 5).
 *
 * A content key is drawn anew at every sealing; only identical bytes are ever resent. A slot is
 * a 32-byte key under a lock; visibility is who can open a slot. */
#ifndef PROTOCOL_SEAL_H
#define PROTOCOL_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/entropy.h"
#include "common/entry.h"
#include "common/status.h"
#include "protocol/seat.h"

/* A slot to be made. */
struct seal_slot {
    enum lock lock;
    uint32_t lock_n;
    enum slot_name name;
    uint32_t name_n;
    const uint8_t *key; /* the key inside, KEY_BYTES; NULL for NAME_CONTENT: the one drawn */
    /* LOCK_GROUP: K. LOCK_FACILITATOR: F. Others: the X25519 public key locked to. */
    const uint8_t *lock_key;
    const uint8_t *group_key; /* LOCK_STEP: K of the step's first open */
};

struct sealed {
    uint8_t bytes[ENTRY_BYTES_MAX];
    size_t count;
    uint8_t hash[HASH_BYTES];
    uint8_t content_key[KEY_BYTES]; /* wipe when done; zero without body */
};

/* Seals one entry. Taken from `entry`: session, epoch, kind, step, author, id, seen, args;
 * the rest of it is not read. `plaintext` NULL: no body. `seat` signs; NULL: no signature
 * (anonymous answers). A slot under K or F costs a hash, under another lock an X25519. On an
 * error *sealed_out is wiped. Errors: STATUS_TOO_LONG (plaintext, or entry over
 * ENTRY_BYTES_MAX), STATUS_BAD_KEY (a lock's key gives a zero shared secret), STATUS_NOMEM. */
MUST_CHECK enum status entry_seal(const struct entry *entry, const struct bytes *plaintext,
                                  const struct seal_slot *slots, size_t slot_count,
                                  const struct seat *seat, const struct entropy *entropy,
                                  struct sealed *sealed_out);

/* Is this entry signed by this Ed25519 key? */
bool entry_signature_good(const struct entry *entry, const uint8_t key[KEY_BYTES]);

/* What opens a slot: the secret half of its lock. */
struct slot_opener {
    const uint8_t *secret;     /* K, F, or an X25519 secret */
    const uint8_t *public_key; /* X25519 locks: the public half */
    const uint8_t *group_key;  /* LOCK_STEP */
};

/* Opens slot `at` of a decoded entry. What comes out is a key that somebody put there: it must
 * still match its check. Errors: STATUS_CRYPTO. */
MUST_CHECK enum status slot_open(const struct entry *entry, uint16_t at,
                                 const struct slot_opener *opener, uint8_t key_out[KEY_BYTES]);

/* What a body is promised to be opened with: BLAKE2b-256(key content key, "kring/1 body" ||
 * H(header)). */
void entry_commitment(const uint8_t content_key[KEY_BYTES],
                      const uint8_t header_hash[HASH_BYTES], uint8_t out[HASH_BYTES]);

/* Is this the content key the entry commits to? */
bool entry_key_good(const struct entry *entry, const uint8_t content_key[KEY_BYTES]);

/* Opens the body: the plaintext is the first *count_out bytes of out, zeros behind it.
 * Errors: STATUS_CRYPTO (key,
 * commitment or ciphertext), STATUS_MALFORMED (padding), STATUS_NOT_FOUND (no body). */
MUST_CHECK enum status entry_open_body(const struct entry *entry,
                                       const uint8_t content_key[KEY_BYTES],
                                       uint8_t out[BODY_PADDED_BYTES_MAX], size_t *count_out);

#endif

/* protocol/noise.h -- Noise_XK_25519_ChaChaPoly_SHA256, and nothing else of Noise.
 *
 *     XK:
 *       <- s                  the initiator knows the responder's static key beforehand
 *       ...
 *       -> e, es              message 1
 *       <- e, ee              message 2
 *       -> s, se              message 3
 *
 *   initiator   WRITE_1 -> READ_2 -> WRITE_3 -> READY
 *   responder   READ_1 -> WRITE_2 -> READ_3 -> READY         any error of reading -> FAILED
 *
 * Keys of its own come in, secrets stay inside and are wiped as soon as they have served. A
 * zero X25519 result is an error. No rekey: after 2^64 - 1 messages a direction is used up.
 * Pure: no I/O, no clock; entropy is an argument.
 * Source: The Noise Protocol Framework, revision 34, sections 5 and 7.5. */
#ifndef PROTOCOL_NOISE_H
#define PROTOCOL_NOISE_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/entropy.h"
#include "common/status.h"

enum {
    NOISE_KEY_BYTES = 32,
    NOISE_HASH_BYTES = 32,
    NOISE_TAG_BYTES = 16,
    NOISE_MESSAGE_BYTES_MAX = 65535,
    NOISE_PLAINTEXT_BYTES_MAX = NOISE_MESSAGE_BYTES_MAX - NOISE_TAG_BYTES,
    NOISE_MESSAGE_1_BYTES = NOISE_KEY_BYTES + NOISE_TAG_BYTES, /* and the payload, as below */
    NOISE_MESSAGE_2_BYTES = NOISE_KEY_BYTES + NOISE_TAG_BYTES,
    NOISE_MESSAGE_3_BYTES = NOISE_KEY_BYTES + NOISE_TAG_BYTES + NOISE_TAG_BYTES,
};

struct noise_keypair {
    uint8_t secret_key[NOISE_KEY_BYTES];
    uint8_t public_key[NOISE_KEY_BYTES];
};

enum noise_state {
    NOISE_FAILED = 0, /* so is anything zeroed */
    NOISE_WRITE_1,
    NOISE_READ_1,
    NOISE_WRITE_2,
    NOISE_READ_2,
    NOISE_WRITE_3,
    NOISE_READ_3,
    NOISE_READY,
};

struct noise_cipher { /* CipherState */
    uint8_t key[NOISE_KEY_BYTES];
    uint64_t nonce;
};

struct noise {
    enum noise_state state;
    struct entropy entropy;

    /* HandshakeState and SymmetricState; zeroed once ready, but for rs and h */
    struct noise_keypair s;
    struct noise_keypair e;
    uint8_t rs[NOISE_KEY_BYTES];
    uint8_t re[NOISE_KEY_BYTES];
    uint8_t ck[NOISE_HASH_BYTES];
    uint8_t h[NOISE_HASH_BYTES]; /* once ready: the handshake's hash, the same on both sides */
    struct noise_cipher handshake;

    struct noise_cipher sending;
    struct noise_cipher receiving;
};

/* The key pair of a secret key: public_key = X25519(secret_key, 9). */
void noise_keypair_from(const uint8_t secret_key[NOISE_KEY_BYTES],
                        struct noise_keypair *keypair_out);

/* Both copy the keys and the entropy, borrow the prologue. noise_finish() wipes. */
void noise_init_initiator(struct noise *noise, struct bytes prologue,
                          const struct noise_keypair *own,
                          const uint8_t responder_key[NOISE_KEY_BYTES], struct entropy entropy);
void noise_init_responder(struct noise *noise, struct bytes prologue,
                          const struct noise_keypair *own, struct entropy entropy);
void noise_finish(struct noise *noise);

/* Writes the handshake message that is due: at most NOISE_MESSAGE_n_BYTES + payload.count.
 * Errors: STATUS_TOO_LONG (over capacity); STATUS_BAD_KEY (the other's key gives zero). */
MUST_CHECK enum status noise_write(struct noise *noise, struct bytes payload, uint8_t *out,
                                   size_t capacity, size_t *count_out);

/* Reads the handshake message that is due. payload: room for message.count bytes.
 * Errors: STATUS_MALFORMED (too short), STATUS_BAD_KEY, STATUS_CRYPTO (does not verify), after
 * each of which nothing is left but noise_finish(). */
MUST_CHECK enum status noise_read(struct noise *noise, struct bytes message, uint8_t *payload,
                                  size_t *count_out);

/* When ready: seals count bytes of data in place, which grow by NOISE_TAG_BYTES; opens in
 * place. Errors: STATUS_TOO_LONG; STATUS_MALFORMED (shorter than a tag); STATUS_CRYPTO (does
 * not verify, or the nonces are used up), then the data are worthless. */
MUST_CHECK enum status noise_seal(struct noise *noise, uint8_t *data, size_t count);
MUST_CHECK enum status noise_open(struct noise *noise, uint8_t *data, size_t count,
                                  size_t *count_out);

#endif

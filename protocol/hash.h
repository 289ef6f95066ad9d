/* protocol/hash.h -- H is BLAKE2b-256 everywhere, keyed where a key is named (RFC 7693). */
#ifndef PROTOCOL_HASH_H
#define PROTOCOL_HASH_H

#include <sodium.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"

/* A hash over parts given one after the other. Finishing wipes it. */
struct hash {
    crypto_generichash_state state;
};

/* key_count: 0 (plain H), 32 or 64. */
void hash_init(struct hash *hash, const uint8_t *key, size_t key_count);
void hash_add(struct hash *hash, const void *data, size_t count);
void hash_add_text(struct hash *hash, const char *text); /* without its NUL */
void hash_finish(struct hash *hash, uint8_t out[HASH_BYTES]);

/* H(bytes), in one go. */
void hash_of(struct bytes bytes, uint8_t out[HASH_BYTES]);

#endif

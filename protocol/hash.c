#include "protocol/hash.h"

#include <assert.h>
#include <string.h>

#include "common/secret.h"

static_assert(HASH_BYTES == crypto_generichash_BYTES, "H is BLAKE2b with 256 bits");

void hash_init(struct hash *hash, const uint8_t *key, size_t key_count)
{
    int failed;

    assert(key_count == 0 || key_count == 32 || key_count == 64);
    failed = crypto_generichash_init(&hash->state, key, key_count, HASH_BYTES);
    assert(failed == 0); /* only lengths can be wrong, and they are ours */
    (void)failed;
}

void hash_add(struct hash *hash, const void *data, size_t count)
{
    if (count > 0) {
        (void)crypto_generichash_update(&hash->state, data, count);
    }
}

void hash_add_text(struct hash *hash, const char *text)
{
    hash_add(hash, text, strlen(text));
}

void hash_finish(struct hash *hash, uint8_t out[HASH_BYTES])
{
    (void)crypto_generichash_final(&hash->state, out, HASH_BYTES);
    secret_wipe(hash, sizeof *hash);
}

void hash_of(struct bytes bytes, uint8_t out[HASH_BYTES])
{
    struct hash hash;

    hash_init(&hash, NULL, 0);
    hash_add(&hash, bytes.data, bytes.count);
    hash_finish(&hash, out);
}

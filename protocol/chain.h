/* protocol/chain.h -- the hash chain of a stream: h(n) = H(h(n-1) || time || entry), time 8
 * bytes big-endian. Public h(0) = session id; own h(0) = H("kring/1 own" || session || member,
 * 4 bytes). Keeps every h, so that `seen` can be looked up. And the digest of a release. */
#ifndef PROTOCOL_CHAIN_H
#define PROTOCOL_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"
#include "protocol/hash.h"

struct chain {
    uint8_t (*heads)[HASH_BYTES]; /* owned; heads[0] is h(0) */
    size_t count;                 /* heads in use: index + 1 */
    size_t capacity;
    uint64_t time_ms;
};

struct chain_head {
    uint64_t index;
    uint8_t hash[HASH_BYTES];
};

/* Errors: STATUS_NOMEM. The caller finishes it; a zeroed chain may be finished too. */
MUST_CHECK enum status chain_init_public(struct chain *chain,
                                         const uint8_t session[HASH_BYTES]);
MUST_CHECK enum status chain_init_own(struct chain *chain, const uint8_t session[HASH_BYTES],
                                      uint16_t member);
void chain_finish(struct chain *chain);

/* Errors: STATUS_MALFORMED (time goes back), STATUS_FULL, STATUS_NOMEM; then unchanged. */
MUST_CHECK enum status chain_extend(struct chain *chain, uint64_t time_ms, struct bytes entry);

/* What the head would be, without extending. */
void chain_peek(const struct chain *chain, uint64_t time_ms, struct bytes entry,
                uint8_t out[HASH_BYTES]);

struct chain_head chain_head(const struct chain *chain);
bool chain_holds(const struct chain *chain, uint64_t index, const uint8_t hash[HASH_BYTES]);

/* H("kring/1 release" || H(entry)...) in order of id; add in that order. */
struct release_digest {
    struct hash hash;
    uint32_t count;
};
void release_digest_init(struct release_digest *digest);
void release_digest_add(struct release_digest *digest, const uint8_t entry_hash[HASH_BYTES]);
void release_digest_finish(struct release_digest *digest, uint8_t out[HASH_BYTES]);

#endif

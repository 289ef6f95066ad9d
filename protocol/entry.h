/* protocol/entry.h -- entries as bytes: [header, body, slots, signature], PROTOCOL.md chapter
 * 5. Decoding is strict (shortest forms, known shapes, known numbers, usable keys) and
 * allocates nothing; struct entry borrows from the bytes.
 *
 *   bytes --entry_decode--> struct entry --entry_verify--> findings --session_decide--> ... */
#ifndef PROTOCOL_ENTRY_H
#define PROTOCOL_ENTRY_H

#include <stdint.h>

#include "common/entry.h"
#include "common/session.h"
#include "common/status.h"
#include "protocol/chain.h"

#define ENTRY_TIME_MS_MAX UINT64_C(253402300799999) /* Unix ms: the last of the year 9999 */

/* On an error *entry_out holds nothing that may be used. Errors: STATUS_MALFORMED,
 * STATUS_TOO_LONG, STATUS_VERSION, STATUS_UNKNOWN (a kind, verb, role, lock... this version
 * does not know), STATUS_BAD_KEY. The bytes must outlive the entry.
 */
MUST_CHECK enum status entry_decode(struct bytes bytes, struct entry *entry_out);

/* Fills entry->findings: hash, signature, proof, seen. `session` and `chain` as they stand
 * before this entry (an empty session for genesis: then chain may be NULL).
 * Errors: STATUS_MALFORMED (the entry names another session). */
MUST_CHECK enum status entry_verify(struct entry *entry, const struct session *session,
                                    const struct chain *chain);

/* H(entry bytes): what acknowledgements, digests and, for genesis, session ids are. */
void entry_hash(struct bytes entry, uint8_t out[HASH_BYTES]);

#endif

/* The findings of an entry: what protocol found out about it, for the core to decide on. */
#include "protocol/entry.h"

#include <string.h>

#include "protocol/hash.h"
#include "protocol/seal.h"
#include "protocol/seat.h"

/* The key that must have signed it; NULL when there is no such member. */
static const uint8_t *signing_key(const struct entry *entry, const struct session *session)
{
    const struct session_member *member;

    if (entry->kind == KIND_GENESIS) {
        return entry->args.genesis.device.sign;
    }
    if (entry->kind == KIND_JOIN) {
        return entry->args.join.device.sign;
    }
    if (entry->author == 0 || entry->author > session_member_count(session)) {
        return NULL;
    }
    member = session_member(session, entry->author);
    return member == NULL ? NULL : member->device.sign;
}

static bool is_signature_good(const struct entry *entry, const struct session *session)
{
    const uint8_t *key = signing_key(entry, session);

    return key != NULL && entry_signature_good(entry, key);
}

/* The key an invite is proven with; invite 0 is recovery. NULL when there is no such invite. */
static const uint8_t *proof_key(uint16_t number, const struct session *session)
{
    const struct session_invite *invite;

    if (number == 0) {
        const struct recovery_keys *recovery = session_recovery(session);

        return recovery == NULL ? NULL : recovery->sign;
    }
    invite = session_invite(session, number);
    return invite == NULL || !invite->exists ? NULL : invite->key;
}

static bool is_proof_good(const struct entry *entry, const struct session *session)
{
    const struct args_join *args = &entry->args.join;
    const uint8_t *key;

    if (entry->kind != KIND_JOIN) {
        return false;
    }
    key = proof_key(args->invite, session);
    return key != NULL && proof_invite_good(key, entry->session, &args->device, args->proof);
}

enum status entry_verify(struct entry *entry, const struct session *session,
                         const struct chain *chain)
{
    bool is_first = session_state(session) == SESSION_EMPTY;
    struct entry_findings *findings = &entry->findings;

    if (is_first != (entry->kind == KIND_GENESIS)) {
        return STATUS_MALFORMED;
    }
    if (!is_first && memcmp(entry->session, session_id(session), HASH_BYTES) != 0) {
        return STATUS_MALFORMED;
    }
    entry_hash(entry->raw, findings->hash);
    findings->signature_good = is_signature_good(entry, session);
    findings->proof_good = is_proof_good(entry, session);
    findings->seen_good =
        is_first || (chain != NULL && chain_holds(chain, entry->seen_index, entry->seen_hash));
    return STATUS_OK;
}

#include "tests/support/draft.h"

#include <stdlib.h>
#include <string.h>

struct bytes draft_bytes(const struct draft *draft)
{
    return (struct bytes){.data = draft->sealed.bytes, .count = draft->sealed.count};
}

static void begin(struct draft *draft, const struct side *side, enum kind kind, uint16_t step,
                  const struct entropy *entropy)
{
    struct chain_head head = chain_head(&side->public_chain);
    struct entry *entry = &draft->entry;

    *draft = (struct draft){0};
    memcpy(entry->session, side->session, HASH_BYTES);
    entry->epoch = session_epoch(side->core);
    entry->kind = kind;
    entry->step = step;
    entry->author = side->member;
    entry->seen_index = head.index;
    memcpy(entry->seen_hash, head.hash, HASH_BYTES);
    entropy_fill(entropy, entry->id, ID_BYTES);
}

/* Keys are copied, so that their owners may go. */
static const uint8_t *keep_key(struct draft *draft, const uint8_t *key)
{
    if (key == NULL || draft->key_count == DRAFT_SLOTS_MAX) {
        abort();
    }
    memcpy(draft->keys[draft->key_count], key, KEY_BYTES);
    return draft->keys[draft->key_count++];
}

static struct seal_slot *add_slot(struct draft *draft, enum lock lock, uint32_t lock_n,
                                  const uint8_t *lock_key, enum slot_name name, uint32_t name_n,
                                  const uint8_t *key)
{
    struct seal_slot *slot = &draft->slots[draft->slot_count];

    if (draft->slot_count == DRAFT_SLOTS_MAX) {
        abort();
    }
    *slot = (struct seal_slot){
        .lock = lock,
        .lock_n = lock_n,
        .lock_key = keep_key(draft, lock_key),
        .name = name,
        .name_n = name_n,
        .key = key == NULL ? NULL : keep_key(draft, key),
    };
    draft->slot_count++;
    return slot;
}

static void for_group(struct draft *draft, const struct side *side)
{
    add_slot(draft, LOCK_GROUP, 0, side_group_key(side), NAME_CONTENT, 0, NULL);
}

static void for_member(struct draft *draft, const struct side *side, uint16_t member,
                       enum slot_name name, const uint8_t *key)
{
    add_slot(draft, LOCK_MEMBER, member, session_member(side->core, member)->device.box, name,
             0, key);
}

static void seal(struct draft *draft, const struct seat *seat, const struct bytes *plaintext,
                 const struct entropy *entropy)
{
    if (entry_seal(&draft->entry, plaintext, draft->slots, draft->slot_count, seat, entropy,
                   &draft->sealed) != STATUS_OK) {
        abort();
    }
}

void draft_genesis(struct draft *draft, const struct seat *seat,
                   const struct draft_session *session, struct bytes title,
                   const struct entropy *entropy)
{
    struct args_genesis *args = &draft->entry.args.genesis;
    uint8_t k[KEY_BYTES];

    *draft = (struct draft){0};
    draft->entry.kind = KIND_GENESIS;
    draft->entry.epoch = 1;
    draft->entry.author = KRING_FIRST_MEMBER;
    entropy_fill(entropy, draft->entry.id, ID_BYTES);
    args->device = seat->keys;
    args->recovery = session->recovery;
    args->text_count = session->text_count;
    args->retention_ms = session->retention_ms;
    args->admission = session->admission;
    args->step_count = session->step_count;
    memcpy(args->steps, session->steps, session->step_count * sizeof *session->steps);
    key_group(session->f, k);
    key_group_check(k, args->group_check);
    add_slot(draft, LOCK_GROUP, 0, k, NAME_CONTENT, 0, NULL);
    add_slot(draft, LOCK_MEMBER, KRING_FIRST_MEMBER, seat->keys.box, NAME_FACILITATOR, 0,
             session->f);
    add_slot(draft, LOCK_RECOVERY, 0, session->recovery.box, NAME_FACILITATOR, 0, session->f);
    seal(draft, seat, &title, entropy);
}

void draft_text(struct draft *draft, const struct side *side, uint16_t number,
                struct bytes text, const struct entropy *entropy)
{
    begin(draft, side, KIND_TEXT, 0, entropy);
    draft->entry.args.text = number;
    add_slot(draft, LOCK_FACILITATOR, 0, side_facilitator_key(side), NAME_CONTENT, 0, NULL);
    seal(draft, &side->seat, &text, entropy);
}

void draft_invite(struct draft *draft, const struct side *side, uint16_t number,
                  const uint8_t seed[SEED_BYTES], enum role role, uint16_t uses,
                  uint64_t expiry_ms, const struct entropy *entropy)
{
    uint8_t secret[SIGN_SECRET_BYTES];

    begin(draft, side, KIND_INVITE, 0, entropy);
    draft->entry.args.invite = (struct args_invite){
        .number = number, .role = role, .uses = uses, .expiry_ms = expiry_ms};
    link_sign_keys(seed, draft->entry.args.invite.key, secret);
    seal(draft, &side->seat, NULL, entropy);
}

void draft_join(struct draft *draft, const struct side *side, uint16_t invite,
                const uint8_t seed[SEED_BYTES], struct bytes name,
                const struct entropy *entropy)
{
    struct args_join *args = &draft->entry.args.join;
    uint8_t public_key[KEY_BYTES];
    uint8_t secret[SIGN_SECRET_BYTES];

    begin(draft, side, KIND_JOIN, 0, entropy);
    draft->entry.author = 0;
    args->device = side->seat.keys;
    args->invite = invite;
    link_sign_keys(seed, public_key, secret);
    proof_invite(secret, side->session, &args->device, args->proof);
    for (uint16_t n = 1; n <= session_member_count(side->core); n++) {
        const struct session_member *member = session_member(side->core, n);

        if (member->state == MEMBER_ADMITTED && member->role == ROLE_FACILITATOR) {
            for_member(draft, side, n, NAME_CONTENT, NULL);
        }
    }
    seal(draft, &side->seat, &name, entropy);
}

void draft_roster(struct draft *draft, const struct side *side, uint16_t member, enum role role,
                  const struct entropy *entropy)
{
    struct args_roster *args = &draft->entry.args.roster;

    begin(draft, side, KIND_ROSTER, 0, entropy);
    args->roster_index = session_roster_index(side->core);
    args->change_count = 1;
    args->changes[0] = (struct roster_change){.member = member, .role = role};
    if (role == ROLE_FACILITATOR) {
        for_member(draft, side, member, NAME_FACILITATOR, side_facilitator_key(side));
    } else if (role != ROLE_REMOVED) {
        for_member(draft, side, member, NAME_GROUP, side_group_key(side));
    }
    seal(draft, &side->seat, NULL, entropy);
}

static void give_text(struct draft *draft, const struct side *side, uint16_t text)
{
    add_slot(draft, LOCK_GROUP, 0, side_group_key(side), NAME_TEXT, text,
             keyring_text(side->ring, text));
}

static void step_keys(const struct side *side, uint16_t step, uint8_t secret_out[KEY_BYTES],
                      uint8_t public_out[KEY_BYTES])
{
    if (key_step(side_facilitator_key(side), side->session, step, secret_out, public_out) !=
        STATUS_OK) {
        abort();
    }
}

void draft_open(struct draft *draft, const struct side *side, uint16_t step, uint16_t text,
                const struct entropy *entropy)
{
    uint8_t secret[KEY_BYTES];

    begin(draft, side, KIND_OPEN, step, entropy);
    if (session_step(side->core, step)->open_index == 0) {
        draft->entry.args.open.has_key = true;
        step_keys(side, step, secret, draft->entry.args.open.step_key);
    }
    if (text != 0) {
        give_text(draft, side, text);
    }
    seal(draft, &side->seat, NULL, entropy);
}

void draft_pace(struct draft *draft, const struct side *side, enum verb verb, uint16_t step,
                uint32_t seconds, const struct entropy *entropy)
{
    begin(draft, side, KIND_PACE, step, entropy);
    draft->entry.args.pace = (struct args_pace){.verb = verb, .seconds = seconds};
    seal(draft, &side->seat, NULL, entropy);
}

void draft_answer(struct draft *draft, const struct side *side, uint16_t step, uint32_t edit,
                  struct bytes text, const struct entropy *entropy)
{
    const struct session_step *known = session_step(side->core, step);
    struct seal_slot *slot = NULL;

    begin(draft, side, KIND_ANSWER, step, entropy);
    draft->entry.epoch = known->epoch;
    draft->entry.args.answer.edit = edit;
    slot = add_slot(draft, LOCK_STEP, step, known->key, NAME_CONTENT, 0, NULL);
    slot->group_key = keep_key(draft, keyring_group(side->ring, known->epoch));
    for_member(draft, side, side->member, NAME_CONTENT, NULL);
    seal(draft, &side->seat, &text, entropy);
}

void draft_release(struct draft *draft, const struct side *side, uint16_t step, uint32_t count,
                   const uint8_t digest[HASH_BYTES], const struct entropy *entropy)
{
    uint8_t secret[KEY_BYTES];
    uint8_t public_key[KEY_BYTES];

    begin(draft, side, KIND_RELEASE, step, entropy);
    draft->entry.args.release.count = count;
    memcpy(draft->entry.args.release.digest, digest, HASH_BYTES);
    step_keys(side, step, secret, public_key);
    add_slot(draft, LOCK_GROUP, 0, side_group_key(side), NAME_STEP, step, secret);
    seal(draft, &side->seat, NULL, entropy);
}

void draft_reveal(struct draft *draft, const struct side *side, uint16_t text,
                  const struct entropy *entropy)
{
    begin(draft, side, KIND_REVEAL, 0, entropy);
    draft->entry.args.reveal.text = text;
    give_text(draft, side, text);
    seal(draft, &side->seat, NULL, entropy);
}

void draft_written(struct draft *draft, const struct side *side, enum kind kind, uint16_t step,
                   struct bytes text, const struct entropy *entropy)
{
    begin(draft, side, kind, step, entropy);
    for_group(draft, side);
    seal(draft, &side->seat, &text, entropy);
}

void draft_note(struct draft *draft, const struct side *side, uint16_t step, struct bytes text,
                const struct entropy *entropy)
{
    const struct session_step *known = session_step(side->core, step);

    begin(draft, side, KIND_NOTE, step, entropy);
    draft->entry.args.note.has_replaces = known->has_note;
    memcpy(draft->entry.args.note.replaces, known->note_id, ID_BYTES);
    for_group(draft, side);
    seal(draft, &side->seat, &text, entropy);
}

void draft_message(struct draft *draft, const struct side *side, const uint16_t *recipients,
                   uint8_t recipient_count, struct bytes text, const struct entropy *entropy)
{
    struct args_message *args = &draft->entry.args.message;

    begin(draft, side, KIND_MESSAGE, 0, entropy);
    args->recipient_count = recipient_count;
    for (uint8_t i = 0; i < recipient_count; i++) {
        args->recipients[i] = recipients[i];
        for_member(draft, side, recipients[i], NAME_CONTENT, NULL);
    }
    for_member(draft, side, side->member, NAME_CONTENT, NULL);
    seal(draft, &side->seat, &text, entropy);
}

void draft_purge(struct draft *draft, const struct side *side, const struct entropy *entropy)
{
    begin(draft, side, KIND_PURGE, 0, entropy);
    seal(draft, &side->seat, NULL, entropy);
}

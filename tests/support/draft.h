/* tests/support/draft.h -- entries as a client makes them, from what its side holds: header
 * with epoch, seen and a new id, slots for who may read, sealed and signed. Each leaves its
 * bytes in draft->sealed. Aborts when something cannot be sealed. For tests. */
#ifndef TESTS_SUPPORT_DRAFT_H
#define TESTS_SUPPORT_DRAFT_H

#include "protocol/seal.h"
#include "tests/support/side.h"

enum { DRAFT_SLOTS_MAX = 64 };

struct draft {
    struct entry entry;
    struct seal_slot slots[DRAFT_SLOTS_MAX];
    size_t slot_count;
    uint8_t keys[DRAFT_SLOTS_MAX][KEY_BYTES]; /* what slots point at */
    size_t key_count;
    struct sealed sealed;
};

/* What genesis needs beside the device. */
struct draft_session {
    const struct step_plan *steps;
    uint16_t step_count;
    uint16_t text_count;
    uint64_t retention_ms;
    enum admission admission;
    uint8_t f[KEY_BYTES];
    struct recovery_keys recovery;
};

struct bytes draft_bytes(const struct draft *draft);

void draft_genesis(struct draft *draft, const struct seat *seat,
                   const struct draft_session *session, struct bytes title,
                   const struct entropy *entropy);
void draft_text(struct draft *draft, const struct side *side, uint16_t number,
                struct bytes text, const struct entropy *entropy);
void draft_invite(struct draft *draft, const struct side *side, uint16_t number,
                  const uint8_t seed[SEED_BYTES], enum role role, uint16_t uses,
                  uint64_t expiry_ms, const struct entropy *entropy);
void draft_join(struct draft *draft, const struct side *side, uint16_t invite,
                const uint8_t seed[SEED_BYTES], struct bytes name,
                const struct entropy *entropy);
/* Admits a member in a role, or refuses (ROLE_REMOVED). */
void draft_roster(struct draft *draft, const struct side *side, uint16_t member, enum role role,
                  const struct entropy *entropy);
/* text 0: none goes along. */
void draft_open(struct draft *draft, const struct side *side, uint16_t step, uint16_t text,
                const struct entropy *entropy);
void draft_pace(struct draft *draft, const struct side *side, enum verb verb, uint16_t step,
                uint32_t seconds, const struct entropy *entropy);
void draft_answer(struct draft *draft, const struct side *side, uint16_t step, uint32_t edit,
                  struct bytes text, const struct entropy *entropy);
void draft_release(struct draft *draft, const struct side *side, uint16_t step, uint32_t count,
                   const uint8_t digest[HASH_BYTES], const struct entropy *entropy);
/* Gives out a text from the start. */
void draft_reveal(struct draft *draft, const struct side *side, uint16_t text,
                  const struct entropy *entropy);
/* name, park, report, follow-up: a body for the group. */
void draft_written(struct draft *draft, const struct side *side, enum kind kind, uint16_t step,
                   struct bytes text, const struct entropy *entropy);
/* The plenary note of a step, replacing its latest. */
void draft_note(struct draft *draft, const struct side *side, uint16_t step, struct bytes text,
                const struct entropy *entropy);
void draft_message(struct draft *draft, const struct side *side, const uint16_t *recipients,
                   uint8_t recipient_count, struct bytes text, const struct entropy *entropy);
void draft_purge(struct draft *draft, const struct side *side, const struct entropy *entropy);

#endif

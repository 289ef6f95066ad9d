#include "tests/support/sealing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/hash.h"

/* Draw n is H("kring test" || n, 8 bytes): 32 bytes, as every draw in entry_seal() is. */
static void draw(void *context, void *out, size_t count)
{
    struct sealing *sealing = context;
    struct hash hash;
    uint8_t number[8];

    assert(count == KEY_BYTES);
    bytes_put_u64(number, sealing->counted++);
    hash_init(&hash, NULL, 0);
    hash_add_text(&hash, "kring test");
    hash_add(&hash, number, sizeof number);
    hash_finish(&hash, out);
    assert(sealing->draw_count < SEALING_DRAWS_MAX);
    memcpy(sealing->draws[sealing->draw_count++], out, count);
}

void sealing_begin(struct sealing *sealing)
{
    memset(sealing, 0, sizeof *sealing);
    sealing->entropy = (struct entropy){.fill = draw, .context = sealing};
    sealing->entry = calloc(1, sizeof *sealing->entry);
    sealing->sealed = calloc(1, sizeof *sealing->sealed);
    assert(sealing->entry != NULL && sealing->sealed != NULL);
    for (int i = 1; i <= SEALING_SEATS; i++) {
        memset(sealing->seat_seeds[i], 0x10 + i, SEED_BYTES);
        seat_derive(sealing->seat_seeds[i], &sealing->seats[i]);
    }
    for (int i = 1; i <= SEALING_EPOCHS; i++) {
        struct sealing_recovery *recovery = &sealing->recovery[i];
        uint8_t sign_public[KEY_BYTES];

        memset(sealing->f[i], 0xf0 + i, KEY_BYTES);
        key_group(sealing->f[i], sealing->k[i]);
        memset(recovery->seed, 0x70 + i, SEED_BYTES);
        recovery_derive(recovery->seed, &recovery->keys, recovery->box_secret);
        link_sign_keys(recovery->seed, sign_public, recovery->sign_secret);
    }
    memset(sealing->invite_seed, 0x1e, SEED_BYTES);
    link_sign_keys(sealing->invite_seed, sealing->invite_key, sealing->invite_secret);
    sealing->epoch = 1;
    sealing->next_id = 1;
}

void sealing_end(struct sealing *sealing)
{
    chain_finish(&sealing->chain);
    free(sealing->entry);
    free(sealing->sealed);
    memset(sealing, 0, sizeof *sealing);
}

struct entry *sealing_entry(struct sealing *sealing, enum kind kind, uint16_t author,
                            uint16_t step)
{
    struct entry *entry = sealing->entry;

    memset(entry, 0, sizeof *entry);
    memcpy(entry->session, sealing->session, HASH_BYTES);
    entry->epoch = sealing->epoch;
    entry->kind = kind;
    entry->author = author;
    entry->step = step;
    memset(entry->id, sealing->next_id++, ID_BYTES);
    if (sealing->chain.count > 0) {
        struct chain_head head = chain_head(&sealing->chain);

        entry->seen_index = head.index;
        memcpy(entry->seen_hash, head.hash, HASH_BYTES);
    }
    sealing->slot_count = 0;
    return entry;
}

static void add_slot(struct sealing *sealing, struct seal_slot slot)
{
    assert(sealing->slot_count < SEALING_SLOTS_MAX);
    sealing->slots[sealing->slot_count++] = slot;
}

void sealing_lock_group(struct sealing *sealing, uint32_t epoch, enum slot_name name,
                        uint32_t name_n, const uint8_t *key)
{
    add_slot(sealing, (struct seal_slot){.lock = LOCK_GROUP,
                                         .name = name,
                                         .name_n = name_n,
                                         .key = key,
                                         .lock_key = sealing->k[epoch]});
}

void sealing_lock_facilitator(struct sealing *sealing, uint32_t epoch, enum slot_name name,
                              uint32_t name_n, const uint8_t *key)
{
    add_slot(sealing, (struct seal_slot){.lock = LOCK_FACILITATOR,
                                         .name = name,
                                         .name_n = name_n,
                                         .key = key,
                                         .lock_key = sealing->f[epoch]});
}

void sealing_lock_member(struct sealing *sealing, uint16_t member, enum slot_name name,
                         uint32_t name_n, const uint8_t *key)
{
    add_slot(sealing, (struct seal_slot){.lock = LOCK_MEMBER,
                                         .lock_n = member,
                                         .name = name,
                                         .name_n = name_n,
                                         .key = key,
                                         .lock_key = sealing->seats[member].keys.box});
}

void sealing_lock_recovery(struct sealing *sealing, uint32_t epoch, const uint8_t *key)
{
    add_slot(sealing, (struct seal_slot){.lock = LOCK_RECOVERY,
                                         .name = NAME_FACILITATOR,
                                         .key = key,
                                         .lock_key = sealing->recovery[epoch].keys.box});
}

void sealing_lock_step(struct sealing *sealing, uint16_t step, const uint8_t *step_key,
                       uint32_t epoch)
{
    add_slot(sealing, (struct seal_slot){.lock = LOCK_STEP,
                                         .lock_n = step,
                                         .name = NAME_CONTENT,
                                         .lock_key = step_key,
                                         .group_key = sealing->k[epoch]});
}

enum status sealing_try(struct sealing *sealing, struct bytes plaintext, uint16_t signer)
{
    sealing->draw_count = 0;
    return entry_seal(sealing->entry, plaintext.data == NULL ? NULL : &plaintext,
                      sealing->slots, sealing->slot_count,
                      signer == 0 ? NULL : &sealing->seats[signer], &sealing->entropy,
                      sealing->sealed);
}

struct bytes sealing_seal(struct sealing *sealing, struct bytes plaintext, uint16_t signer)
{
    enum status status = sealing_try(sealing, plaintext, signer);

    assert(status == STATUS_OK);
    return (struct bytes){sealing->sealed->bytes, sealing->sealed->count};
}

void sealing_append(struct sealing *sealing, struct bytes entry, uint64_t time_ms)
{
    enum status status = STATUS_OK;

    if (sealing->chain.count == 0) {
        hash_of(entry, sealing->session);
        status = chain_init_public(&sealing->chain, sealing->session);
        assert(status == STATUS_OK);
    }
    status = chain_extend(&sealing->chain, time_ms, entry);
    assert(status == STATUS_OK);
}

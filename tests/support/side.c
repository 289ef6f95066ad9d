#include "tests/support/side.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"
#include "protocol/seal.h"

/* Tests have no use for a failure to allocate. */
static void must(enum status status)
{
    if (status != STATUS_OK) {
        abort();
    }
}

void side_init(struct side *side, const uint8_t session[HASH_BYTES],
               const uint8_t seat_seed[SEED_BYTES])
{
    *side = (struct side){0};
    memcpy(side->session, session, HASH_BYTES);
    seat_derive(seat_seed, &side->seat);
    must(session_create(&side->core));
    must(chain_init_public(&side->public_chain, session));
    must(keyring_create(&side->seat, &side->ring));
}

static void free_items(struct side_item *items, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        free(items[i].data);
    }
    free(items);
}

void side_finish(struct side *side)
{
    if (side->core == NULL) {
        return;
    }
    free_items(side->public_items, side_public_index(side));
    free_items(side->own_items, side_own_index(side));
    session_destroy(side->core);
    chain_finish(&side->public_chain);
    chain_finish(&side->own_chain);
    keyring_destroy(side->ring);
    seat_wipe(&side->seat);
    *side = (struct side){0};
}

uint64_t side_public_index(const struct side *side)
{
    return side->public_chain.count - 1;
}

uint64_t side_own_index(const struct side *side)
{
    return side->own_chain.count == 0 ? 0 : side->own_chain.count - 1;
}

static void keep(struct side_item **items, size_t *capacity, uint64_t index, uint64_t time_ms,
                 struct bytes bytes)
{
    uint8_t *data = malloc(bytes.count);

    if (index > *capacity) {
        *capacity = *capacity == 0 ? 64 : *capacity * 2;
        *items = reallocarray(*items, *capacity, sizeof **items);
    }
    if (data == NULL || *items == NULL) {
        abort();
    }
    memcpy(data, bytes.data, bytes.count);
    (*items)[index - 1] =
        (struct side_item){.data = data, .count = bytes.count, .time_ms = time_ms};
}

/* A new epoch key: what was folded before it may hold more keys now. */
static void fold_again(struct side *side)
{
    struct keyring_change change;
    struct entry entry;

    for (uint64_t i = 0; i < side_public_index(side); i++) {
        const struct side_item *item = &side->public_items[i];

        must(entry_decode((struct bytes){.data = item->data, .count = item->count}, &entry));
        must(keyring_fold(side->ring, side->core, &entry, &change));
    }
}

static enum status fold_keys(struct side *side, const struct entry *entry)
{
    struct keyring_change change;
    enum status status = keyring_fold(side->ring, side->core, entry, &change);

    if (status == STATUS_OK && change.wrong > 0) {
        return STATUS_CRYPTO;
    }
    if (status == STATUS_OK && change.epoch_key) {
        fold_again(side);
    }
    return status;
}

static void find_member(struct side *side)
{
    uint16_t member = 0;

    if (side->member == 0) {
        member = session_member_by_noise(side->core, side->seat.keys.noise);
    }
    if (member != 0) {
        side->member = member;
        keyring_set_member(side->ring, member);
        must(chain_init_own(&side->own_chain, side->session, member));
    }
}

enum status side_take_public(struct side *side, uint64_t time_ms, struct bytes bytes,
                             struct entry *entry_out)
{
    enum status status = entry_decode(bytes, entry_out);

    if (status == STATUS_OK) {
        status = entry_verify(entry_out, side->core, &side->public_chain);
    }
    if (status == STATUS_OK) {
        status = session_apply(side->core, entry_out, time_ms);
    }
    if (status == STATUS_OK) {
        status = chain_extend(&side->public_chain, time_ms, bytes);
    }
    if (status != STATUS_OK) {
        return status;
    }
    keep(&side->public_items, &side->public_capacity, side_public_index(side), time_ms, bytes);
    find_member(side);
    return fold_keys(side, entry_out);
}

enum status side_take_own(struct side *side, uint64_t time_ms, struct bytes bytes,
                          struct entry *entry_out)
{
    enum status status = entry_decode(bytes, entry_out);

    if (side->member == 0) {
        return STATUS_BAD_STATE;
    }
    if (status == STATUS_OK) {
        status = entry_verify(entry_out, side->core, &side->public_chain);
    }
    /* it was decided at another moment: only who wrote it can be asked again */
    if (status == STATUS_OK && !entry_out->findings.signature_good) {
        status = STATUS_BAD_SIGNATURE;
    }
    if (status == STATUS_OK) {
        status = chain_extend(&side->own_chain, time_ms, bytes);
    }
    if (status != STATUS_OK) {
        return status;
    }
    keep(&side->own_items, &side->own_capacity, side_own_index(side), time_ms, bytes);
    return fold_keys(side, entry_out);
}

enum status side_read(const struct side *side, const struct entry *entry,
                      uint8_t out[BODY_PADDED_BYTES_MAX], size_t *count_out)
{
    uint8_t key[KEY_BYTES];
    enum status status = keyring_content(side->ring, side->core, entry, key);

    return status == STATUS_OK ? entry_open_body(entry, key, out, count_out) : status;
}

static void read_new(struct side *side, struct side_item *items, uint64_t from, uint64_t count,
                     side_reader *reader, void *context)
{
    static uint8_t plaintext[BODY_PADDED_BYTES_MAX];
    struct entry entry;
    size_t plaintext_count = 0;

    for (uint64_t i = from; i < count; i++) {
        struct bytes bytes = {.data = items[i].data, .count = items[i].count};

        if (items[i].was_read) {
            continue;
        }
        must(entry_decode(bytes, &entry));
        if (!entry.has_body) {
            items[i].was_read = true;
        } else if (side_read(side, &entry, plaintext, &plaintext_count) == STATUS_OK) {
            items[i].was_read = true;
            reader(context, &entry,
                   (struct bytes){.data = plaintext, .count = plaintext_count});
        }
    }
}

void side_read_new(struct side *side, bool all, side_reader *reader, void *context)
{
    uint64_t public_count = side_public_index(side);
    uint64_t own_count = side_own_index(side);

    read_new(side, side->public_items, all || public_count == 0 ? 0 : public_count - 1,
             public_count, reader, context);
    read_new(side, side->own_items, all || own_count == 0 ? 0 : own_count - 1, own_count,
             reader, context);
}

const uint8_t *side_facilitator_key(const struct side *side)
{
    return keyring_facilitator(side->ring, session_epoch(side->core));
}

const uint8_t *side_group_key(const struct side *side)
{
    return keyring_group(side->ring, session_epoch(side->core));
}

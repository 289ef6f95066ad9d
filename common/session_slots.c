/* Body and slots of an entry. A slot is a key under a lock, so what may stand here decides who
 * can read: the permission table says which lock may hold which key, this file that the thing
 * numbered exists and that nothing stands there twice. */
#include <stdlib.h>

#include "common/session_state.h"

static bool lock_exists(const struct asked *asked, const struct entry_slot *slot)
{
    const struct session *session = asked->session;
    uint32_t members = session->member_count;

    switch (slot->lock) {
    case LOCK_GROUP:
    case LOCK_FACILITATOR:
    case LOCK_RECOVERY:
        return slot->lock_n == 0;
    case LOCK_MEMBER:
        if (asked->entry->kind == KIND_GENESIS) {
            members = KRING_FIRST_MEMBER; /* the creator seals to the number to come */
        }
        return slot->lock_n >= KRING_FIRST_MEMBER && slot->lock_n <= members;
    case LOCK_STEP:
        return slot->lock_n <= STEPS_MAX &&
               session_step(session, (uint16_t)slot->lock_n) != NULL;
    }
    return false;
}

static bool name_exists(const struct session *session, const struct entry_slot *slot)
{
    switch (slot->name) {
    case NAME_CONTENT:
    case NAME_GROUP:
    case NAME_FACILITATOR:
    case NAME_PREVIOUS_GROUP:
    case NAME_PREVIOUS_FACILITATOR:
        return slot->name_n == 0;
    case NAME_TEXT: /* text 0 is the script, which the group never gets */
        return slot->name_n > 0 && slot->name_n < TEXTS_MAX &&
               session_has_text(session, (uint16_t)slot->name_n);
    case NAME_STEP:
        return slot->name_n <= STEPS_MAX &&
               session_step(session, (uint16_t)slot->name_n) != NULL;
    }
    return false;
}

static bool slot_allowed(const struct asked *asked, const struct entry_slot *slot)
{
    unsigned name = (unsigned)slot->name;
    unsigned lock = (unsigned)slot->lock;

    return name < NAME_COUNT && lock < LOCK_COUNT &&
           (asked->row->locks_by_name[name] & 1U << lock) != 0 && lock_exists(asked, slot) &&
           name_exists(asked->session, slot);
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* The four numbers of a slot are known to be small by now: they fit one integer. */
static bool has_twins(const struct entry *entry)
{
    uint64_t keys[ENTRY_SLOTS_MAX];

    for (uint16_t i = 0; i < entry->slot_count; i++) {
        const struct entry_slot *slot = &entry->slots[i];

        keys[i] = (uint64_t)slot->lock << 56 | (uint64_t)slot->name << 48 |
                  (uint64_t)slot->lock_n << 24 | slot->name_n;
    }
    qsort(keys, entry->slot_count, sizeof *keys, compare_keys);
    for (uint16_t i = 1; i < entry->slot_count; i++) {
        if (keys[i] == keys[i - 1]) {
            return true;
        }
    }
    return false;
}

enum status session_check_sealed(const struct asked *asked)
{
    const struct entry *entry = asked->entry;
    bool has_content = false;

    if (entry->slot_count > ENTRY_SLOTS_MAX) {
        return STATUS_FULL;
    }
    if (entry->has_body ? !asked->row->body_allowed : asked->row->body_required) {
        return STATUS_BAD_SLOTS;
    }
    for (uint16_t i = 0; i < entry->slot_count; i++) {
        if (!slot_allowed(asked, &entry->slots[i])) {
            return STATUS_BAD_SLOTS;
        }
        has_content = has_content || entry->slots[i].name == NAME_CONTENT;
    }
    /* A body nobody can open and a key to nothing are both mistakes. */
    if (has_content != entry->has_body || has_twins(entry)) {
        return STATUS_BAD_SLOTS;
    }
    return STATUS_OK;
}

bool session_has_slot(const struct entry *entry, enum lock lock, uint32_t lock_n,
                      enum slot_name name, uint32_t name_n)
{
    for (uint16_t i = 0; i < entry->slot_count; i++) {
        const struct entry_slot *slot = &entry->slots[i];

        if (slot->lock == lock && slot->lock_n == lock_n && slot->name == name &&
            slot->name_n == name_n) {
            return true;
        }
    }
    return false;
}

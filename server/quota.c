#include "server/quota.h"

#include <assert.h>

enum status quota_decide(const struct quota *quota, uint16_t member, bool facilitator,
                         uint32_t entries, uint64_t bytes)
{
    uint64_t entries_max = SESSION_ENTRIES_MAX;
    uint64_t bytes_max = SESSION_BYTES_MAX;

    assert(member <= MEMBERS_MAX);
    if (!facilitator) {
        entries_max -= QUOTA_RESERVED_ENTRIES;
        bytes_max -= QUOTA_RESERVED_BYTES;
        if ((uint64_t)quota->member_entries[member] + entries > MEMBER_ENTRIES_MAX ||
            quota->member_bytes[member] + bytes > MEMBER_BYTES_MAX) {
            return STATUS_FULL;
        }
    }
    if ((uint64_t)quota->entries + entries > entries_max || quota->bytes + bytes > bytes_max) {
        return STATUS_FULL;
    }
    return STATUS_OK;
}

void quota_add(struct quota *quota, uint16_t member, uint32_t entries, uint64_t bytes)
{
    assert(member <= MEMBERS_MAX);
    quota->entries += entries;
    quota->bytes += bytes;
    quota->member_entries[member] += entries;
    quota->member_bytes[member] += bytes;
}

void quota_remove(struct quota *quota, uint16_t member, uint32_t entries, uint64_t bytes)
{
    assert(member <= MEMBERS_MAX);
    assert(quota->member_entries[member] >= entries && quota->member_bytes[member] >= bytes);
    quota->entries -= entries;
    quota->bytes -= bytes;
    quota->member_entries[member] -= entries;
    quota->member_bytes[member] -= bytes;
}

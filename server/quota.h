/* server/quota.h -- how much of a session is taken, in all and by each member: what the log and
 * the waiting answers hold together, so that a release never meets a limit. The numbers are
 * published (common/limits.h). A part of each session is kept for facilitators, so that members
 * who fill it cannot keep it from being closed. */
#ifndef SERVER_QUOTA_H
#define SERVER_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/limits.h"
#include "common/status.h"

enum {
    QUOTA_RESERVED_ENTRIES = 512, /* of a session, for facilitators alone */
    QUOTA_RESERVED_BYTES = 4 * 1024 * 1024,
};

struct quota {
    uint32_t entries;
    uint64_t bytes;
    uint32_t member_entries[MEMBERS_MAX + 1]; /* 0: anonymous answers that were released */
    uint64_t member_bytes[MEMBERS_MAX + 1];
};

/* May this member add so much? Errors: STATUS_FULL. */
MUST_CHECK enum status quota_decide(const struct quota *quota, uint16_t member,
                                    bool facilitator, uint32_t entries, uint64_t bytes);
void quota_add(struct quota *quota, uint16_t member, uint32_t entries, uint64_t bytes);
void quota_remove(struct quota *quota, uint16_t member, uint32_t entries, uint64_t bytes);

#endif

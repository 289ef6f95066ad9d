/* common/limits.h -- every limit of a session in one place. PROTOCOL.md prints them. */
#ifndef COMMON_LIMITS_H
#define COMMON_LIMITS_H

enum {
    ID_BYTES = 16,
    KEY_BYTES = 32,
    HASH_BYTES = 32,
    SIGNATURE_BYTES = 64,
    BOX_BYTES = 48, /* a 32-byte key and its tag */

    ENTRY_BYTES_MAX = 61440,
    ENTRY_SLOTS_MAX = 1024,
    PLAINTEXT_BYTES_MAX = 49151,
    BODY_PADDED_BYTES_MAX = 49152,
    SKELETON_BYTES_MAX = 49152,

    MEMBERS_MAX = 500,
    MEMBERS_RESERVED = 8,      /* of those, for devices that recover */
    LOBBY_PER_INVITE_MAX = 64, /* who joined by it and waits */
    STEPS_MAX = 1023,          /* the highest step number */
    TEXTS_MAX = 4096,          /* text numbers are below this */
    INVITES_MAX = 600,         /* the highest invite number */
    INVITE_USES_MAX = 500,
    EPOCHS_MAX = 1000,
    GROUP_MEMBERS_MAX = 30,
    BEHALF_MAX = 8, /* people without a device of their own, per member */
    RECIPIENTS_MAX = 32,
    TIMER_SECONDS_MAX = 86400,
    ANONYMOUS_RELEASE_MIN = 3, /* fewer anonymous answers are deleted, not shown */

    SESSION_ENTRIES_MAX = 65535,
    MEMBER_ENTRIES_MAX = 8192,
    SESSION_BYTES_MAX = 64 * 1024 * 1024,
    MEMBER_BYTES_MAX = 8 * 1024 * 1024, /* facilitators: the session's */
    EDITS_MAX = 1000000,                /* the highest edit number of an answer */

    RETENTION_DEFAULT_DAYS = 90,
    RETENTION_DAYS_MAX = 3660,
    TICKET_LABEL_BYTES_MAX = 120,

    UNFINISHED_HOURS_MAX = 24, /* a created session whose texts never all came */
};

#endif

/* common/entry.h -- one entry of a session, decoded: what the session core decides on.
 *
 * A struct and nothing else. `protocol` fills it from bytes (protocol/entry.h) and adds its
 * findings; the core never sees bytes and never sees a key it would have to calculate with.
 * Everything here comes from a peer or a disk: shapes and ranges are checked by the decoder,
 * meaning by the core. Pointers are borrowed from the bytes it was decoded from. */
#ifndef COMMON_ENTRY_H
#define COMMON_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/numbers.h"

struct device_keys {
    uint8_t noise[KEY_BYTES]; /* X25519: the connection's static key */
    uint8_t box[KEY_BYTES];   /* X25519: what member locks are sealed to */
    uint8_t sign[KEY_BYTES];  /* Ed25519 */
};

struct recovery_keys {
    uint8_t sign[KEY_BYTES];
    uint8_t box[KEY_BYTES];
};

/* One step of the skeleton: all that the server may know of it. */
struct step_plan {
    uint16_t step; /* 1 to STEPS_MAX, in no particular order */
    enum form form;
    enum work work;
    enum working working;
    enum sharing sharing;
    enum who who;
};

struct entry_slot {
    enum lock lock;
    uint32_t lock_n; /* 0 where the lock has none */
    enum slot_name name;
    uint32_t name_n;    /* 0 where the name has none */
    const uint8_t *box; /* BOX_BYTES, borrowed */
};

struct args_genesis {
    struct device_keys device;
    struct recovery_keys recovery;
    uint8_t group_check[HASH_BYTES]; /* H(K) */
    uint16_t text_count;             /* texts 0 to text_count - 1 come before the first open */
    uint64_t retention_ms;           /* Unix time; content goes at this date */
    enum admission admission;
    uint16_t step_count;
    struct step_plan steps[STEPS_MAX];
};

struct args_invite {
    uint16_t number; /* 1 to INVITES_MAX */
    uint8_t key[KEY_BYTES];
    enum role role;
    uint16_t uses; /* 0 revokes */
    uint64_t expiry_ms;
};

struct args_join {
    struct device_keys device;
    uint16_t invite; /* 0: recovery */
    uint8_t proof[SIGNATURE_BYTES];
};

struct roster_change {
    uint16_t member;
    enum role role; /* ROLE_REMOVED: no longer */
};

struct args_roster {
    uint64_t roster_index; /* the public index of the roster it was computed for */
    uint16_t change_count;
    struct roster_change changes[MEMBERS_MAX];
    bool has_epoch;
    uint32_t epoch; /* the number of the new one */
    uint8_t group_check[HASH_BYTES];
    bool has_recovery;
    struct recovery_keys recovery;
};

struct args_step {
    struct step_plan plan;
    uint16_t position; /* the step it comes after; 0: first */
};

struct args_open {
    bool has_key;
    uint8_t step_key[KEY_BYTES];
};

struct args_pace {
    enum verb verb;
    uint32_t seconds; /* timer start and extend; else 0 */
};

struct args_release {
    uint32_t count;
    uint8_t digest[HASH_BYTES];
};

struct args_reveal {
    uint16_t text;      /* 0: only hands out keys */
    uint16_t paragraph; /* 0: the whole text */
};

struct args_groups {
    uint16_t group_count;
    uint16_t member_count;
    uint16_t group_ends[MEMBERS_MAX]; /* group g is members[group_ends[g-1] .. group_ends[g]) */
    uint16_t members[MEMBERS_MAX];
};

struct args_assign {
    enum assignment what;
    uint16_t group; /* 0: the whole circle */
    uint16_t member;
};

struct args_answer {
    uint32_t edit;  /* 1, 2, 3, ...; 0 when anonymous */
    uint8_t behalf; /* 0, or 1 to BEHALF_MAX */
};

struct args_note {  /* note and agreement */
    uint16_t group; /* 0: the whole circle */
    bool has_replaces;
    uint8_t replaces[ID_BYTES];
};

struct args_message {
    uint8_t recipient_count;
    uint16_t recipients[RECIPIENTS_MAX];
};

/* What `protocol` found out about the bytes; the core only reads it. */
struct entry_findings {
    uint8_t hash[HASH_BYTES]; /* H(all bytes of the entry) */
    bool signature_good;      /* by the author's signing key (join: by the key in its args) */
    bool proof_good;          /* join: signed by the invite's key */
    bool seen_good;           /* index and hash are on the chain */
};

struct entry {
    uint8_t session[HASH_BYTES]; /* zero in genesis */
    uint32_t epoch;
    enum kind kind;
    uint16_t step;   /* 0 where the kind has none */
    uint16_t author; /* 0 in join and in anonymous answers */
    uint8_t id[ID_BYTES];
    uint64_t seen_index; /* 0 in genesis */
    uint8_t seen_hash[HASH_BYTES];
    union {
        struct args_genesis genesis;
        struct args_invite invite;
        struct args_join join;
        struct args_roster roster;
        struct args_step step;
        struct args_open open;
        struct args_pace pace;
        struct args_release release;
        struct args_reveal reveal;
        struct args_groups groups;
        struct args_assign assign;
        struct args_answer answer;
        struct args_note note;
        struct args_message message;
        uint16_t text;              /* text: its number */
        uint16_t gate_text;         /* confirm */
        uint8_t left_out[ID_BYTES]; /* leave out */
    } args;

    bool has_body;
    uint8_t commitment[HASH_BYTES]; /* zero without body */
    uint16_t slot_count;
    bool slots_present; /* false: `[]`; then e is zero */
    uint8_t e[KEY_BYTES];
    struct entry_slot slots[ENTRY_SLOTS_MAX];

    /* Borrowed from the decoded bytes, for protocol/ to verify and open. */
    struct bytes raw;         /* the whole entry */
    struct bytes header;      /* the canonical header array */
    struct bytes ciphertext;  /* behind the commitment */
    struct bytes signed_part; /* from the array byte to the end of slots */
    const uint8_t *signature; /* SIGNATURE_BYTES, or NULL when empty */

    struct entry_findings findings;
};

#endif

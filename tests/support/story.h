/* tests/support/story.h -- one session from genesis to purge, with an entry of every kind: what
 * the test vectors print and the tests of bytes take apart. It follows PROTOCOL.md, also where
 * this version of the session core still refuses (epochs, groups, anonymous answers). */
#ifndef TESTS_SUPPORT_STORY_H
#define TESTS_SUPPORT_STORY_H

#include "common/bytes.h"
#include "common/entry.h"
#include "tests/support/sealing.h"

enum { STORY_ENTRIES_MAX = 48 };

struct story_entry {
    const char *name;
    struct bytes bytes;     /* owned */
    enum stream stream;     /* where it goes first; answers wait, and are released later */
    struct bytes plaintext; /* of static bytes; data NULL: no body */
    uint8_t content_key[KEY_BYTES]; /* zero without body */
    uint8_t e_secret[KEY_BYTES];    /* zero without slots */
};

/* The public stream: which entry stands where. */
struct story_item {
    uint8_t entry; /* in story.entries */
    uint64_t time_ms;
};

struct story {
    struct sealing sealing;
    struct story_entry entries[STORY_ENTRIES_MAX];
    uint8_t count;
    struct story_item stream[STORY_ENTRIES_MAX]; /* index 1 is stream[0] */
    uint8_t stream_count;
};

enum {
    STORY_FACILITATOR = 1,
    STORY_PARTICIPANT = 2,
    STORY_OBSERVER = 3,
    STORY_RECOVERED = 4, /* joins by the recovery link, removes 1 and starts epoch 2 */
    STORY_STEP = 2,
    STORY_ANONYMOUS_STEP = 3,
    STORY_PAIRS_STEP = 4,
    STORY_PLENARY_STEP = 5, /* added by a step entry; its notes and agreement */
};

/* The caller owns *story: story_destroy(). Ends the program if it cannot be made. */
struct story *story_create(void);
void story_destroy(struct story *story);

/* By name; ends the program if there is none. */
const struct story_entry *story_find(const struct story *story, const char *name);

#endif

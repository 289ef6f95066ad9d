/* server/record.h -- what the server holds of one session, in memory: the session core, the
 * public and own streams, the waiting answers, the done marks, whose ids are taken, how much
 * of the quotas. Loaded from rows, and changed only together with the batch that makes the
 * change durable.
 *
 * record_append() changes the record at once, so that the requests of one batch are decided one
 * after the other on what those before them did. Nothing of it may be shown before the batch is
 * stored: then record_settle(). If the batch fails, the record is thrown away and loaded again
 * from the store, which is rare and exact. No I/O, no clock, no connections. */
#ifndef SERVER_RECORD_H
#define SERVER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/entry.h"
#include "common/session.h"
#include "server/batch.h"
#include "server/log.h"
#include "server/quota.h"
#include "server/waiting.h"

enum { DONE_BYTES = MEMBERS_MAX / 8 + 1 };

/* An id taken in an own stream: by whom, and where in the author's. */
struct own_id {
    uint8_t id[ID_BYTES];
    uint16_t author;
    uint64_t index;
};

struct record {
    struct session *core;
    struct log public_log;
    struct log own_logs[MEMBERS_MAX + 1]; /* zeroed until first wanted */
    struct waiting waiting;
    struct quota quota;
    uint8_t *done[STEPS_MAX + 1]; /* owned, DONE_BYTES each, a bit per member; NULL: nobody */
    struct own_id *own_ids;       /* owned, in order of id */
    size_t own_id_count;
    size_t own_id_capacity;
    uint64_t time_ms; /* of the last entry of any stream */
    bool spoiled;     /* a change stopped half way: throw it away */
};

/* Who asks: the member its connection has proved to be (0: none yet), and by which key. */
struct asker {
    uint16_t member;
    const uint8_t *noise_key; /* KEY_BYTES */
};

/* Where an entry was put, or is held. */
struct placed {
    enum stream stream;
    uint64_t index; /* 0: waiting, or a purge */
    uint8_t hash[HASH_BYTES];
    uint64_t time_ms;
    enum kind kind;
    uint16_t step;
    uint16_t member; /* its author, of anonymous ones too; of a join its new number */
    bool held;       /* it was there already: nothing changed */
};

/* An empty session of this id. Errors: STATUS_NOMEM. */
MUST_CHECK enum status record_create(const uint8_t session[HASH_BYTES],
                                     struct record **record_out);
void record_destroy(struct record *record);

/* Builds a record from rows in the order of hub_loaded(), verifying each entry as if it came
 * from a peer. Errors: STATUS_MALFORMED (the rows are not a session), STATUS_NOMEM. */
MUST_CHECK enum status record_load(const uint8_t session[HASH_BYTES], const struct row *rows,
                                   size_t count, struct record **record_out);

/* Appends a decoded entry and adds its rows to the batch; or finds that its id is held and says
 * where. now_ms: the clock; the log's time never goes back. A release takes its answers along,
 * `end` and a removal take theirs away, a purge leaves the record as it is.
 * Errors: any refusal, then nothing has changed; or, with record->spoiled, the first thing that
 * went wrong half way. */
MUST_CHECK enum status record_append(struct record *record, struct asker asker,
                                     struct entry *entry, uint64_t now_ms, struct batch *batch,
                                     struct placed *placed_out);

/* Marks a step done, or not, for a member. Errors: STATUS_UNKNOWN (step), STATUS_BAD_STATE (it
 * is not open), STATUS_NOMEM. */
MUST_CHECK enum status record_mark_done(struct record *record, uint16_t member, uint16_t step,
                                        bool done, uint64_t now_ms, struct batch *batch);

/* Everything up to here is stored. */
void record_settle(struct record *record);

/* Count and digest of what a release of this step would show. Errors: STATUS_UNKNOWN,
 * STATUS_NOMEM. */
MUST_CHECK enum status record_digest(const struct record *record, uint16_t step,
                                     uint32_t *count_out, uint8_t digest_out[HASH_BYTES]);

/* The own stream of a member. Errors: STATUS_NOMEM. */
MUST_CHECK enum status record_own_log(struct record *record, uint16_t member,
                                      struct log **log_out);

bool record_is_done(const struct record *record, uint16_t member, uint16_t step);
/* When its content goes: the retention date, or UNFINISHED_HOURS_MAX while texts are missing.
 */
uint64_t record_gone_by_ms(const struct record *record);
/* The state of a member, MEMBER_NONE for 0 and for numbers nobody has. */
enum member_state record_member_state(const struct record *record, uint16_t member);
bool record_is_facilitator(const struct record *record, uint16_t member);

#endif

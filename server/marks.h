/* server/marks.h -- what is known of people at this moment and kept nowhere: who is there, who
 * is ready, needs time, has a question, is writing; and a last call. Each change gets a number,
 * so that a connection needs only remember up to which it was told: nothing queues, and what
 * changed twice is told once. */
#ifndef SERVER_MARKS_H
#define SERVER_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/limits.h"
#include "common/status.h"
#include "protocol/methods.h"

struct mark {
    uint8_t flags;    /* enum message_marks, but those that are durable (answered, done) */
    uint64_t changed; /* also when a durable one did */
};

struct step_marks {
    struct mark members[MEMBERS_MAX + 1];
    uint64_t changed;
    struct message_counts counts; /* as they were at change `counted` */
    uint64_t counted;
};

struct marks {
    uint64_t change; /* the latest; 1 from the start, so that 0 is: told nothing yet */
    bool present[MEMBERS_MAX + 1];
    uint64_t present_changed[MEMBERS_MAX + 1];
    struct step_marks *steps[STEPS_MAX + 1]; /* owned; NULL: nothing yet */
    uint16_t last_call_step;
    uint64_t last_call_until_ms; /* 0: taken back */
    uint64_t last_call_changed;
};

void marks_init(struct marks *marks);
void marks_finish(struct marks *marks);

void marks_set_present(struct marks *marks, uint16_t member, bool present);

/* Replaces ready, more time or question; STATUS_NOMEM, as below. */
MUST_CHECK enum status marks_signal(struct marks *marks, uint16_t step, uint16_t member,
                                    enum message_signal signal);
MUST_CHECK enum status marks_write(struct marks *marks, uint16_t step, uint16_t member,
                                   bool writing);
/* An answer was stored: it is no longer being written. */
void marks_answer(struct marks *marks, uint16_t step, uint16_t member);
/* Something durable about this member at this step changed. */
void marks_touch(struct marks *marks, uint16_t step, uint16_t member);
/* Members came or went: everybody's marks may count differently. */
void marks_touch_all(struct marks *marks);
/* The step opens or closes: signals begin anew. */
void marks_reset(struct marks *marks, uint16_t step);
/* Who went away signals and writes no more, anywhere. */
void marks_leave(struct marks *marks, uint16_t member);

/* seconds 0 takes it back. */
void marks_last_call(struct marks *marks, uint16_t step, uint32_t seconds, uint64_t now_ms);

#endif

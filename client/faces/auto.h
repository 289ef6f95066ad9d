/* client/faces/auto.h -- the simulated member, inside. Private to client/faces/auto*.c and the
 * tests.
 *
 * It looks at the model, and decides on the one next thing to do: auto_next(), a function of
 * the model and of what it did before, without I/O. The face does that thing through the table
 * of intents, as a person would, and looks again. So it goes on by itself after any
 * interruption. */
#ifndef CLIENT_FACES_AUTO_H
#define CLIENT_FACES_AUTO_H

#include "client/faces/base.h"

enum {
    AUTO_PATIENCE_MS = 60000, /* for others at one step, then the facilitator goes on */
    AUTO_TEXT_BYTES_MAX = 4096,
    AUTO_BEAT_MS = 100,   /* it leaves them after all have answered, for second thoughts */
    AUTO_RETRY_MS = 1000, /* after a refusal */
};

/* What was done at a step already. */
enum {
    AUTO_DID_DONE = 1,
    AUTO_DID_ANSWER = 2,
    AUTO_DID_SECOND = 4,
    AUTO_DID_JOT = 8,
    AUTO_DID_REPORT = 16,
    AUTO_DID_NOTE = 32,
};

struct auto_memory {
    uint8_t did[STEPS_MAX + 1];
    bool confirmed;
    bool told_facilitator;
    bool told_participant;
    bool asked;          /* something of the pace is on its way */
    uint16_t asked_step; /* which, and in what state it was */
    enum step_state asked_state;
    bool asked_end;
    uint16_t waiting_step; /* the facilitator waits for others here */
    uint64_t waiting_since_ms;
    uint64_t ready_since_ms; /* 0: not all are ready there */
    uint16_t people;         /* to wait for before the first step */
    struct face_samples samples;
};

/* One thing to do. Strings of `values` point into it. */
struct auto_action {
    const char *intent; /* name of a row */
    struct intent_values values;
    uint16_t step;    /* 0: none */
    const char *says; /* msgid: what it tells on `out` */
    char texts[INTENT_FIELDS_MAX][AUTO_TEXT_BYTES_MAX];
};

/* The next thing, noted in `memory` as done; false: nothing, until something changes (or until
 * *wake_ms_out passes; 0: never). */
bool auto_next(struct auto_memory *memory, const struct model *model, uint64_t now_ms,
               struct auto_action *action, uint64_t *wake_ms_out);

/* ---- auto_member.c, auto_facilitator.c ---- */
bool auto_member_next(struct auto_memory *memory, const struct model *model,
                      struct auto_action *action);
bool auto_observer_next(struct auto_memory *memory, const struct model *model,
                        struct auto_action *action);
bool auto_facilitator_next(struct auto_memory *memory, const struct model *model,
                           uint64_t now_ms, struct auto_action *action, uint64_t *wake_ms_out);
/* The n-th text for a step: a sample, or something of its own. */
const char *auto_text(const struct auto_memory *memory, const struct model *model,
                      uint16_t step, uint16_t n, char out[AUTO_TEXT_BYTES_MAX]);

/* What was asked did not happen, or the connection went: it may be asked again. */
void auto_forget_asked(struct auto_memory *memory);

#endif

/* client/faces/base.h -- what the faces stand on: the loop, input, signals, news in order, and
 * the way out. Private to client/faces.
 *
 * Everything a face does happens inside one of its callbacks below. News that comes while one
 * of them runs waits until it has returned, so that no model changes under it. */
#ifndef CLIENT_FACES_BASE_H
#define CLIENT_FACES_BASE_H

#include "client/faces/face.h"
#include "client/faces/line_input.h"
#include "client/intent.h"

struct face_behaviour {
    bool reads; /* lines of input */
    bool types; /* on a terminal, key by key */
    /* Errors: STATUS_NOMEM. */
    enum status (*create)(struct face *face, void **self_out);
    void (*destroy)(void *self);
    void (*begin)(void *self); /* the client is there; the model may be empty */
    void (*news)(void *self, const struct news *news);
    void (*wake)(void *self); /* the time of face_wake() has come */
    /* The rest: where `reads`. */
    void (*line)(void *self, char *line); /* may be written to */
    void (*bad_line)(void *self, enum status status);
    void (*typing)(void *self, bool busy); /* a line is being typed, or no longer */
    void (*typed)(void *self);             /* keys were pressed; where `types` */
    void (*interrupt)(void *self);         /* ^C; NULL: leave */
    /* About to leave, the model still there: `unfinished` is a line that was not entered. */
    void (*keep)(void *self, const char *unfinished);
    /* Does something still wait that ends by itself, and was meant to be done? NULL: never. */
    bool (*waits)(const void *self);
    /* Everything this turn brought is done. */
    void (*rest)(void *self);
};

extern const struct face_behaviour face_plain;
extern const struct face_behaviour face_json;
extern const struct face_behaviour face_auto;

/* face_fail() in the manner of the json face. */
void face_fail_json(FILE *out, enum status status, const char *text);

const struct face_options *face_options(const struct face *face);
struct client *face_client_of(struct face *face);
/* Never NULL. It and all in it is good until an intent runs, or this callback returns. */
const struct model *face_model(struct face *face);
uint64_t face_now_ms(const struct face *face); /* Unix time */

/* Runs an acting row after intent_check(). On an error `detail` (INTENT_DETAIL_BYTES_MAX) gets
 * a sentence: the row's own, or words_of_status(). Errors: as the row. */
MUST_CHECK enum status face_act(struct face *face, const struct intent *intent,
                                const struct intent_values *values, char *detail);

/* Wakes the face in so many ms; again: instead of before. */
void face_wake(struct face *face, uint64_t delay_ms);
void face_wake_never(struct face *face);

/* The editor of a terminal, or NULL. */
struct line_input *face_keys(struct face *face);

/* Begins to leave: at once, or as soon as all that was said is acknowledged, for at most
 * patience_ms. The first call counts. */
void face_leave(struct face *face, int code, uint64_t patience_ms);
bool face_is_leaving(const struct face *face);

#endif

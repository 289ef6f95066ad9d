/* client/faces/json.h -- the json face, inside: one object per line, both ways. Private to
 * client/faces/json*.c and the tests.
 *
 *   in   {"do": NAME, argument: value ..., "tag": anything, "wait": true}
 *   out  {"event": "done" | "refused", "do": NAME, "tag": as given, ...}   one per line in
 *        {"event": NAME, ...}                                            as things happen
 *
 *   json.c         lines in, the replies
 *   json_event.c   news as events, and the table of events
 *   json_look.c    rows that look: what stands in "result"
 *   json_object.c  parts of the model as objects, and the table of objects
 *   json_said.c    and what is read and said
 *
 * Acts at once; with "wait" it takes the care that faces for people take. Nothing is shortened,
 * nothing is translated but sentences ("text", "reason", "audience"). */
#ifndef CLIENT_FACES_JSON_H
#define CLIENT_FACES_JSON_H

#include <jansson.h>

#include "client/faces/base.h"
#include "client/faces/care.h"

/* ---- documentation, and what the tests hold the face to ---- */

struct json_shape {
    const char *name;
    const char *help;   /* msgid */
    const char *fields; /* names with spaces between; `?` behind one that may be left out */
};

enum json_event_name {
    JSON_EVENT_HELLO,
    JSON_EVENT_DONE,
    JSON_EVENT_REFUSED,
    JSON_EVENT_WAITING,
    JSON_EVENT_CONNECTION,
    JSON_EVENT_STANDING,
    JSON_EVENT_CREATED,
    JSON_EVENT_SESSION,
    JSON_EVENT_MEMBERS,
    JSON_EVENT_STEP,
    JSON_EVENT_RELEASED,
    JSON_EVENT_TEXT,
    JSON_EVENT_PASSAGE,
    JSON_EVENT_ANSWER,
    JSON_EVENT_COUNTS,
    JSON_EVENT_NOTE,
    JSON_EVENT_REPORT,
    JSON_EVENT_MESSAGE,
    JSON_EVENT_PARKED,
    JSON_EVENT_AGREEMENT,
    JSON_EVENT_TIMER,
    JSON_EVENT_LAST_CALL,
    JSON_EVENT_NOT_DONE,
    JSON_EVENT_FAULT,
    JSON_EVENT_NOTICE,
    JSON_EVENT_CLOSING,
    JSON_EVENT_BYE,
    JSON_EVENT_FAILED,
};
enum { JSON_EVENT_COUNT = 28 };
extern const struct json_shape json_events[JSON_EVENT_COUNT];

extern const struct json_shape json_objects[];
extern const size_t json_object_count;

/* ---- json_object.c. All give a new reference, NULL when memory is gone ---- */

void json_set_text(json_t *object, const char *key, const char *text);
void json_set_number(json_t *object, const char *key, uint64_t number);
void json_set_bool(json_t *object, const char *key, bool yes);
void json_set(json_t *object, const char *key, json_t *value); /* takes the reference */
void json_set_trouble(json_t *object, const char *trouble);    /* NULL: there is none */
void json_set_hex(json_t *object, const char *key, const uint8_t *bytes, size_t count);

json_t *json_lines_of(const struct model_lines *lines);
json_t *json_member_of(const struct model_member *member);
json_t *json_members_of(const struct model *model);
json_t *json_missing_of(const struct model *model);
json_t *json_counts_of(const struct model_step *step);
json_t *json_who_of(const struct model_step *step);
json_t *json_own_of(const struct model_step *step, const struct model_own *own);
json_t *json_step_brief(const struct model_step *step);
json_t *json_step_of(const struct model *model, const struct model_step *step);
json_t *json_shared_of(const struct model *model, const struct model_step *step);
json_t *json_explanation_of(const struct model_step *step);
json_t *json_text_of(const struct model_text *text);
json_t *json_said_of(const struct model_said *said);
json_t *json_saids_of(const struct model_said *said, uint32_t count);
json_t *json_note_of(const struct model_note *note);
json_t *json_agreement_of(const struct model_agreement *agreement);
json_t *json_where_of(const struct model *model);

/* ---- the face ---- */

struct json_face {
    struct face *face;
    FILE *out;
    struct care care;
    json_t *waiting_tag;          /* owned; of the command that waits */
    enum model_standing standing; /* as last told */
    bool members_changed;
    bool counts_changed[STEPS_MAX + 1];
    bool any_counts_changed;
    uint64_t written; /* events */
    uint64_t looked;  /* of those, at the last `new` */
};

/* A new event with its name; then json_write(). */
json_t *json_event(enum json_event_name name);
/* Writes it on a line of its own; takes the reference. */
void json_write(struct json_face *json, json_t *event);

void json_news(struct json_face *json, const struct news *news);
/* What was gathered during this turn: members, counts. */
void json_gathered(struct json_face *json);

struct json_look {
    const char *result; /* what stands in it, for help */
    /* NULL: LOOK_NONE. Errors: STATUS_UNKNOWN (no such step or text yet). */
    enum status (*make)(struct json_face *json, const struct intent_values *values,
                        json_t **result_out);
};
extern const struct json_look json_looks[LOOK_COUNT];

json_t *json_invites_of(struct client *client);

#endif

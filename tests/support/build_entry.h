/* tests/support/build_entry.h -- entries as `protocol` hands them to the session core, with all
 * findings good, and a session to try them on. Each build_*() fills scene->entry with an entry
 * that is right in itself and returns it, so that a test may spoil one thing. */
#ifndef TESTS_SUPPORT_BUILD_ENTRY_H
#define TESTS_SUPPORT_BUILD_ENTRY_H

#include "common/entry.h"
#include "common/session.h"

enum {
    SCENE_START_MS = 1000000,
    SCENE_RETENTION_MS = SCENE_START_MS + 86400000,
    SCENE_EXPIRY_MS = SCENE_START_MS + 3600000,
};

struct scene {
    struct session *session; /* owned */
    struct entry *entry;     /* owned: the last one built */
    uint64_t time_ms;        /* what the log would stamp next */
    uint64_t next_id;        /* ids rise, so that answers built in turn are in order */
};

/* An empty session at SCENE_START_MS; scene_end() it. */
void scene_begin(struct scene *scene);
void scene_end(struct scene *scene);

/* Decides on, or folds in, scene->entry. */
enum status scene_decide(const struct scene *scene);
enum status scene_apply(struct scene *scene);
/* Folds it in and asserts that it went well. */
void scene_must(struct scene *scene);

void build_slot(struct entry *entry, enum lock lock, uint32_t lock_n, enum slot_name name,
                uint32_t name_n);
/* The id that counts as number n. */
void build_id(uint8_t id_out[ID_BYTES], uint64_t n);
/* The keys of device number n; 1 is the creator's. */
struct device_keys build_device(uint8_t n);
struct step_plan build_plan(uint16_t step, enum form form);

/* Header and findings only. */
struct entry *build_bare(struct scene *scene, enum kind kind, uint16_t author);
struct entry *build_genesis(struct scene *scene, const struct step_plan *plans, uint16_t count,
                            uint16_t text_count);
struct entry *build_text(struct scene *scene, uint16_t author, uint16_t number);
struct entry *build_invite(struct scene *scene, uint16_t author, uint16_t number,
                           enum role role, uint16_t uses);
struct entry *build_join(struct scene *scene, uint16_t invite, uint8_t device);
struct entry *build_roster(struct scene *scene, uint16_t author, uint16_t member,
                           enum role role);
/* One more change in it, with the slot that goes with it. */
void build_roster_change(struct entry *entry, uint16_t member, enum role role);
/* name, park, report, follow-up: a body for the group. */
struct entry *build_written(struct scene *scene, enum kind kind, uint16_t author);
struct entry *build_confirm(struct scene *scene, uint16_t author, uint16_t text);
struct entry *build_leave_out(struct scene *scene, uint16_t author,
                              const uint8_t named[ID_BYTES]);
struct entry *build_step(struct scene *scene, uint16_t author, const struct step_plan *plan,
                         uint16_t position);
/* Carries a key when the step was never opened. */
struct entry *build_open(struct scene *scene, uint16_t author, uint16_t step);
struct entry *build_pace(struct scene *scene, uint16_t author, enum verb verb, uint16_t step);
struct entry *build_release(struct scene *scene, uint16_t author, uint16_t step,
                            uint32_t count);
struct entry *build_reveal(struct scene *scene, uint16_t author, uint16_t text);
struct entry *build_groups(struct scene *scene, uint16_t author);
struct entry *build_assign(struct scene *scene, uint16_t author, enum assignment what,
                           uint16_t member);
struct entry *build_answer(struct scene *scene, uint16_t author, uint16_t step, uint32_t edit);
/* note or agreement; a note replaces the step's latest. */
struct entry *build_note(struct scene *scene, enum kind kind, uint16_t author, uint16_t step);
struct entry *build_message(struct scene *scene, uint16_t author, uint16_t recipient);

/* The cast of scene_meet(). */
enum {
    CAST_FACILITATOR = 1,
    CAST_OBSERVER = 2,
    CAST_PARTICIPANT = 3,
    CAST_CASE_GIVER = 4,
    CAST_SCRIBE = 5, /* a participant; not yet assigned */
    CAST_LOBBY = 6,
    CAST_REMOVED = 7, /* refused in the lobby */
    CAST_COUNT = 7,
};

/* A session with these steps and that cast, each by an invite of their number, and texts 0 to
 * 2: with text_count (at least) 3 it runs, with more it still waits for some. */
void scene_meet(struct scene *scene, const struct step_plan *plans, uint16_t count,
                uint16_t text_count);

/* FNV-1a over everything the getters show, apart from session_find_id(). */
uint64_t scene_digest(const struct session *session);

#endif

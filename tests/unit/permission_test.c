/* The permission table, walked: each kind and verb, from each role, in each state of session
 * and step, accepted exactly where the table below says. It is written by hand from
 * PROTOCOL.md's words and shares nothing with the one under test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/permission.h"
#include "tests/support/build_entry.h"

/* who:      n nobody yet, l lobby, r removed, f facilitator, o observer, p participant,
 *           c case-giver, s scribe (a participant)
 * sessions: E empty, F filling, R running, P paused, D ended, X purged
 * steps:    - none, u unopened, o open, c closed, r released, s skipped, ? not there
 * locks:    a name (c content, k K, f F, p previous K, q previous F, t text, s step) and a
 *           lock (K, F, M member, S step, R recovery) */
struct expected {
    const char *label;
    enum kind kind;
    int verb;
    const char *who;
    const char *sessions;
    const char *steps;
    const char *locks;
};

static const struct expected table[] = {
    {"genesis", KIND_GENESIS, 0, "n", "E", "-", "cK fM fR"},
    {"text", KIND_TEXT, 0, "f", "FRP", "-", "cF"},
    {"invite", KIND_INVITE, 0, "f", "FRP", "-", ""},
    {"join", KIND_JOIN, 0, "n", "FRP", "-", "cM"},
    {"roster", KIND_ROSTER, 0, "f", "FRP", "-", "kM fM fR pK qF"},
    {"confirm", KIND_CONFIRM, 0, "fopcs", "FRP", "-", ""},
    {"leave out", KIND_LEAVE_OUT, 0, "fopcs", "RP", "-", ""},
    {"name", KIND_NAME, 0, "fopcs", "FRP", "-", "cK"},
    {"step", KIND_STEP, 0, "f", "FRP", "us?", "cF"},
    {"open", KIND_OPEN, 0, "f", "RP", "usc", "tK"},
    {"pace: close", KIND_PACE, VERB_CLOSE, "f", "RP", "o", ""},
    {"pace: go", KIND_PACE, VERB_GO, "f", "RP", "ocr", ""},
    {"pace: skip", KIND_PACE, VERB_SKIP, "f", "RP", "u", ""},
    {"pace: pause", KIND_PACE, VERB_PAUSE, "f", "R", "-", ""},
    {"pace: resume", KIND_PACE, VERB_RESUME, "f", "P", "-", ""},
    {"pace: end", KIND_PACE, VERB_END, "f", "RP", "-", ""},
    {"pace: timer start", KIND_PACE, VERB_TIMER_START, "f", "RP", "-", ""},
    {"pace: timer extend", KIND_PACE, VERB_TIMER_EXTEND, "f", "RP", "-", ""},
    {"pace: timer stop", KIND_PACE, VERB_TIMER_STOP, "f", "RP", "-", ""},
    {"release", KIND_RELEASE, 0, "f", "RP", "c", "sK tK"},
    {"reveal", KIND_REVEAL, 0, "f", "FRP", "-", "sK tK"},
    {"groups", KIND_GROUPS, 0, "", "", "", "cK"}, /* not played yet */
    {"assign: scribe", KIND_ASSIGN, ASSIGNMENT_SCRIBE, "f", "RP", "-", ""},
    {"assign: perspective", KIND_ASSIGN, ASSIGNMENT_PERSPECTIVE, "", "", "", "cK"},
    {"answer", KIND_ANSWER, 0, "fopcs", "R", "o", "cS cM"},
    {"note", KIND_NOTE, 0, "fs", "RP", "o", "cK"},
    {"agreement", KIND_AGREEMENT, 0, "fs", "RP", "o", "cK"},
    {"park", KIND_PARK, 0, "fopcs", "RP", "-ocr", "cK"},
    {"report", KIND_REPORT, 0, "o", "RP", "-ocr", "cK"},
    {"message", KIND_MESSAGE, 0, "fo", "RP", "-ocr", "cM"},
    {"follow-up", KIND_FOLLOW_UP, 0, "fopcs", "RP", "-ocr", "cK"},
    {"purge", KIND_PURGE, 0, "f", "FRPD", "-", ""},
};
enum { TABLE_COUNT = sizeof table / sizeof *table };

static const char whos[] = "nlrfopcs";
static const char sessions[] = "EFRPDX";
static const char steps[] = "-uocrs?";
static const char names[] = " ckfpqts";
static const char locks[] = " KFMSR";

enum { QUESTIONS = 10, DISCUSSIONS = 20, UNHEARD_OF = 900 };

static uint16_t author_of(char who)
{
    switch (who) {
    case 'l':
        return CAST_LOBBY;
    case 'r':
        return CAST_REMOVED;
    case 'f':
        return CAST_FACILITATOR;
    case 'o':
        return CAST_OBSERVER;
    case 'p':
        return CAST_PARTICIPANT;
    case 'c':
        return CAST_CASE_GIVER;
    case 's':
        return CAST_SCRIBE;
    default:
        return 0;
    }
}

/* Steps QUESTIONS + n and DISCUSSIONS + n are in the state of letter n of `steps`. */
static uint16_t step_of(char letter, enum kind kind)
{
    uint16_t base = kind == KIND_NOTE || kind == KIND_AGREEMENT ? DISCUSSIONS : QUESTIONS;

    if (letter == '-') {
        return 0;
    }
    if (letter == '?') {
        return UNHEARD_OF;
    }
    return (uint16_t)(base + (strchr(steps, letter) - steps));
}

/* ---- the sessions to walk through ---- */

struct walk {
    struct scene scene;
    uint8_t names[CAST_COUNT + 1][ID_BYTES]; /* each member's own name entry */
};

static void bring_step(struct scene *scene, uint16_t step, char letter)
{
    if (letter == 's') {
        build_pace(scene, CAST_FACILITATOR, VERB_SKIP, step);
        scene_must(scene);
    }
    if (letter == 'o' || letter == 'c' || letter == 'r') {
        build_open(scene, CAST_FACILITATOR, step);
        scene_must(scene);
    }
    if (letter == 'c' || letter == 'r') {
        build_pace(scene, CAST_FACILITATOR, VERB_CLOSE, step);
        scene_must(scene);
    }
    if (letter == 'r') {
        build_release(scene, CAST_FACILITATOR, step, 0);
        scene_must(scene);
    }
}

static void bring_on(struct walk *walk, char session)
{
    struct scene *scene = &walk->scene;

    build_assign(scene, CAST_FACILITATOR, ASSIGNMENT_SCRIBE, CAST_SCRIBE);
    scene_must(scene);
    for (size_t i = 1; steps[i] != '?'; i++) {
        bring_step(scene, (uint16_t)(QUESTIONS + i), steps[i]);
        bring_step(scene, (uint16_t)(DISCUSSIONS + i), steps[i]);
    }
    build_pace(scene, CAST_FACILITATOR, VERB_TIMER_START, 0);
    scene_must(scene);
    if (session == 'P') {
        build_pace(scene, CAST_FACILITATOR, VERB_PAUSE, 0);
        scene_must(scene);
    }
    if (session == 'D') {
        build_pace(scene, CAST_FACILITATOR, VERB_END, 0);
        scene_must(scene);
    }
    if (session == 'X') {
        build_bare(scene, KIND_PURGE, CAST_FACILITATOR);
        scene_must(scene);
    }
}

static void walk_begin(struct walk *walk, char session)
{
    struct step_plan plans[10];
    uint16_t count = 0;

    memset(walk, 0, sizeof *walk);
    scene_begin(&walk->scene);
    if (session == 'E') {
        return;
    }
    for (uint16_t i = 1; i <= 5; i++) {
        plans[count++] = build_plan((uint16_t)(QUESTIONS + i), FORM_QUESTION);
        plans[count++] = build_plan((uint16_t)(DISCUSSIONS + i), FORM_DISCUSSION);
    }
    scene_meet(&walk->scene, plans, count, session == 'F' ? 4 : 3);
    for (uint16_t member = 1; member <= CAST_SCRIBE; member++) {
        build_written(&walk->scene, KIND_NAME, member);
        memcpy(walk->names[member], walk->scene.entry->id, ID_BYTES);
        scene_must(&walk->scene);
    }
    if (session != 'F') {
        bring_on(walk, session);
    }
}

static struct entry *build_case(struct walk *walk, const struct expected *row, uint16_t author,
                                uint16_t step)
{
    struct scene *scene = &walk->scene;
    struct step_plan plan = build_plan(step, FORM_QUESTION);

    switch (row->kind) {
    case KIND_GENESIS:
        return build_genesis(scene, NULL, 0, 1);
    case KIND_TEXT:
        return build_text(scene, author, 100);
    case KIND_INVITE:
        return build_invite(scene, author, 100, ROLE_PARTICIPANT, 1);
    case KIND_JOIN:
        return build_join(scene, CAST_PARTICIPANT, 100);
    case KIND_ROSTER:
        return build_roster(scene, author, CAST_LOBBY, ROLE_PARTICIPANT);
    case KIND_CONFIRM:
        return build_confirm(scene, author, 1);
    case KIND_LEAVE_OUT:
        return build_leave_out(scene, author, walk->names[author]);
    case KIND_STEP:
        return build_step(scene, author, &plan, 0);
    case KIND_OPEN:
        return build_open(scene, author, step);
    case KIND_PACE:
        return build_pace(scene, author, (enum verb)row->verb, step);
    case KIND_RELEASE:
        return build_release(scene, author, step, 0);
    case KIND_REVEAL:
        return build_reveal(scene, author, 1);
    case KIND_GROUPS:
        return build_groups(scene, author);
    case KIND_ASSIGN:
        return build_assign(scene, author, (enum assignment)row->verb, CAST_PARTICIPANT);
    case KIND_ANSWER:
        return build_answer(scene, author, step, 1);
    case KIND_NOTE:
    case KIND_AGREEMENT:
        return build_note(scene, row->kind, author, step);
    case KIND_MESSAGE:
        return build_message(scene, author,
                             CAST_PARTICIPANT == author ? CAST_CASE_GIVER : CAST_PARTICIPANT);
    case KIND_NAME:
    case KIND_PARK:
    case KIND_REPORT:
    case KIND_FOLLOW_UP:
        return build_written(scene, row->kind, author);
    case KIND_PURGE:
        return build_bare(scene, KIND_PURGE, author);
    }
    fail();
    return NULL;
}

static enum status try_case(struct walk *walk, const struct expected *row, char who, char step)
{
    struct entry *entry = build_case(walk, row, author_of(who), step_of(step, row->kind));

    entry->author = author_of(who);
    entry->step = step_of(step, row->kind);
    if (row->kind == KIND_GENESIS && who == 'n') {
        entry->author = KRING_FIRST_MEMBER; /* the number that nobody has yet */
    }
    return scene_decide(&walk->scene);
}

static bool is_in(const char *set, char letter)
{
    return strchr(set, letter) != NULL;
}

/* Before anything is opened there are unopened steps only, and in an empty session none. */
static bool can_be(char session, char step)
{
    if (session == 'E') {
        return is_in("-?", step);
    }
    return session != 'F' || is_in("-u?", step);
}

static void check_case(struct walk *walk, const struct expected *row, char session)
{
    for (const char *who = whos; *who != '\0'; who++) {
        if (row->kind == KIND_GENESIS && *who == 'f') {
            continue; /* in an empty session the same as nobody */
        }
        for (const char *step = steps; *step != '\0'; step++) {
            bool expected = is_in(row->who, *who) && is_in(row->sessions, session) &&
                            is_in(row->steps, *step);
            enum status status = STATUS_OK;

            if (!can_be(session, *step)) {
                continue;
            }
            status = try_case(walk, row, *who, *step);
            if ((status == STATUS_OK) != expected) {
                fail_msg("%s by %c in session %c at step %c: %s", row->label, *who, session,
                         *step, status_name(status));
            }
        }
    }
}

static void every_case_is_accepted_exactly_where_it_may_be(void **state)
{
    (void)state;
    for (const char *session = sessions; *session != '\0'; session++) {
        struct walk walk;

        walk_begin(&walk, *session);
        for (size_t i = 0; i < TABLE_COUNT; i++) {
            check_case(&walk, &table[i], *session);
        }
        scene_end(&walk.scene);
    }
}

/* ---- locks ---- */

static bool pair_expected(const struct expected *row, int name, int lock)
{
    for (const char *at = row->locks; *at != '\0'; at += at[2] == ' ' ? 3 : 2) {
        if (at[0] == names[name] && at[1] == locks[lock]) {
            return true;
        }
    }
    return false;
}

static void the_table_holds_each_row_once_with_its_locks(void **state)
{
    (void)state;
    assert_int_equal(permission_count, TABLE_COUNT);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        const struct permission *row = permission_find(table[i].kind, table[i].verb);

        assert_non_null(row);
        assert_string_equal(row->label, table[i].label);
        for (int name = 1; name < NAME_COUNT; name++) {
            for (int lock = 1; lock < LOCK_COUNT; lock++) {
                bool held = (row->locks_by_name[name] & 1U << lock) != 0;

                assert_int_equal(held, pair_expected(&table[i], name, lock));
            }
        }
        assert_int_equal(row->stream, table[i].kind == KIND_MESSAGE  ? STREAM_OWN
                                      : table[i].kind == KIND_ANSWER ? STREAM_WAITING
                                                                     : STREAM_PUBLIC);
    }
    assert_null(permission_find((enum kind)KIND_COUNT, 0));
    assert_null(permission_find(KIND_PACE, 0));
    assert_null(permission_find(KIND_TEXT, 1));
}

/* Adds one slot of every pair to an entry that is accepted without it. */
static void check_locks(struct walk *walk, const struct expected *row, char step)
{
    for (int name = 1; name < NAME_COUNT; name++) {
        for (int lock = 1; lock < LOCK_COUNT; lock++) {
            uint16_t at = step_of(step, row->kind);
            struct entry *entry = build_case(walk, row, author_of(row->who[0]), at);

            entry->step = at;
            if (pair_expected(row, name, lock)) {
                continue;
            }
            build_slot(entry, (enum lock)lock,
                       lock == LOCK_MEMBER ? 1
                       : lock == LOCK_STEP ? QUESTIONS + 2U
                                           : 0,
                       (enum slot_name)name,
                       name == NAME_TEXT   ? 1
                       : name == NAME_STEP ? QUESTIONS + 4U
                                           : 0);
            if (scene_decide(&walk->scene) != STATUS_BAD_SLOTS) {
                fail_msg("%s takes %c under %c", row->label, names[name], locks[lock]);
            }
        }
    }
}

static void no_lock_is_accepted_but_where_it_may_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        struct walk walk;

        if (table[i].who[0] == '\0') {
            continue;
        }
        walk_begin(&walk, is_in(table[i].sessions, 'R') ? 'R' : table[i].sessions[0]);
        check_locks(&walk, &table[i], table[i].steps[0]);
        scene_end(&walk.scene);
    }
}

/* What is printed must stay one Markdown table: a line per row, as many cells as the head. */
static void the_printed_table_is_whole(void **state)
{
    char line[512];
    size_t lines = 0;
    FILE *out = tmpfile();

    (void)state;
    assert_non_null(out);
    permission_print(out);
    rewind(out);
    while (fgets(line, sizeof line, out) != NULL) {
        size_t bars = 0;

        for (const char *at = line; *at != '\0'; at++) {
            bars += *at == '|';
        }
        assert_int_equal(bars, 8);
        assert_null(strstr(line, "|  |"));
        lines++;
    }
    fclose(out);
    assert_int_equal(lines, permission_count + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_is_accepted_exactly_where_it_may_be),
        cmocka_unit_test(the_table_holds_each_row_once_with_its_locks),
        cmocka_unit_test(no_lock_is_accepted_but_where_it_may_be),
        cmocka_unit_test(the_printed_table_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The session core under random entries, good and spoiled: what is decided can be folded, what
 * is refused changes nothing, and what was folded gives the same session again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/permission.h"
#include "tests/support/build_entry.h"

enum {
    SEEDS = 15,
    TRIES = 2500,
    LAST_TRIES = 200,
    LOG_MAX = TRIES + 64,
    WAITING_MAX = 64,
    STEPS = 4
};
enum { ROWS_MAX = 64 };

struct run {
    struct scene scene;
    uint64_t random;
    struct entry *log[LOG_MAX]; /* owned copies of what was folded */
    uint64_t times[LOG_MAX];
    size_t log_count;
    struct entry *waiting[WAITING_MAX]; /* owned, one per author and step */
    size_t waiting_count;
    uint32_t *accepted; /* per row of the permission table */
    uint32_t *released;
};

/* xorshift64* (Vigna). */
static uint32_t draw(struct run *run, uint32_t below)
{
    run->random ^= run->random >> 12;
    run->random ^= run->random << 25;
    run->random ^= run->random >> 27;
    return (uint32_t)((run->random * 2685821657736338717U) >> 33) % below;
}

static struct entry *copy_entry(const struct entry *entry)
{
    struct entry *copy = malloc(sizeof *copy);

    assert_non_null(copy);
    *copy = *entry;
    return copy;
}

/* ---- random entries ---- */

static uint16_t draw_member(struct run *run)
{
    if (draw(run, 2) == 0) {
        return CAST_FACILITATOR;
    }
    return (uint16_t)draw(run, session_member_count(run->scene.session) + 2U);
}

/* Draws stand in statements of their own: the order within one is the compiler's, and a seed
 * must mean the same run everywhere. */
static struct step_plan draw_plan(struct run *run, uint16_t step)
{
    struct step_plan plan = build_plan(step, FORM_QUESTION);

    if (draw(run, 3) == 0) {
        plan.form = (enum form)(1 + draw(run, FORM_COUNT - 1));
    }
    if (draw(run, 4) == 0) {
        plan.work = WORK_PLENARY;
    }
    if (draw(run, 5) == 0) {
        plan.sharing = SHARING_NEVER;
    }
    if (draw(run, 3) == 0) {
        plan.who = (enum who)(1 + draw(run, WHO_COUNT - 1));
    }
    return plan;
}

static void draw_id(struct run *run, uint8_t id_out[ID_BYTES])
{
    if (run->log_count > 0) {
        memcpy(id_out, run->log[draw(run, (uint32_t)run->log_count)]->id, ID_BYTES);
    }
}

static uint32_t count_waiting(const struct run *run, uint16_t step)
{
    uint32_t count = 0;

    for (size_t i = 0; i < run->waiting_count; i++) {
        count += run->waiting[i]->step == step;
    }
    return count;
}

static struct entry *build_drawn(struct run *run, const struct permission *row)
{
    struct scene *scene = &run->scene;
    uint16_t author = draw_member(run);
    uint16_t other = draw_member(run);
    uint16_t step = (uint16_t)(1 + draw(run, STEPS + (row->kind == KIND_STEP)));
    uint16_t number = (uint16_t)draw(run, 20);
    struct step_plan plan = draw_plan(run, step);
    struct entry *entry = NULL;
    uint8_t id[ID_BYTES] = {0};

    switch (row->kind) {
    case KIND_GENESIS:
        return build_genesis(scene, &plan, 1, 0);
    case KIND_TEXT:
        return build_text(scene, author, number / 2);
    case KIND_INVITE:
        return build_invite(scene, author, number, (enum role)draw(run, ROLE_COUNT),
                            (uint16_t)(number % 4));
    case KIND_JOIN:
        return build_join(scene, number, (uint8_t)draw(run, 200));
    case KIND_ROSTER:
        return build_roster(scene, author, other, (enum role)draw(run, ROLE_COUNT));
    case KIND_CONFIRM:
        return build_confirm(scene, author, number);
    case KIND_LEAVE_OUT:
        draw_id(run, id);
        return build_leave_out(scene, author, id);
    case KIND_STEP:
        return build_step(scene, author, &plan, (uint16_t)draw(run, STEPS + 1));
    case KIND_OPEN:
        return build_open(scene, author, step);
    case KIND_PACE:
        return build_pace(scene, author, (enum verb)row->verb,
                          row->steps == PERMISSION_STEPLESS ? 0 : step);
    case KIND_RELEASE:
        return build_release(scene, author, step, count_waiting(run, step));
    case KIND_REVEAL:
        return build_reveal(scene, author, number);
    case KIND_GROUPS:
        return build_groups(scene, author);
    case KIND_ASSIGN:
        return build_assign(scene, author, (enum assignment)row->verb, other);
    case KIND_ANSWER:
        return build_answer(scene, author, step, 1 + draw(run, 9));
    case KIND_NOTE:
        return build_note(scene, row->kind, author, step);
    case KIND_AGREEMENT:
        entry = build_note(scene, row->kind, author, step);
        entry->args.note.has_replaces = draw(run, 2) == 0;
        draw_id(run, entry->args.note.replaces);
        return entry;
    case KIND_MESSAGE:
        return build_message(scene, author, other);
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

/* Changes one thing, as a careless or hostile peer might. */
static void spoil(struct run *run, struct entry *entry)
{
    uint32_t lock = draw(run, 8);
    uint32_t name = draw(run, 9);
    uint32_t lock_n = draw(run, 12);
    uint32_t name_n = draw(run, 12);

    switch (draw(run, 11)) {
    case 0:
        entry->epoch += draw(run, 3);
        break;
    case 1:
        entry->author = (uint16_t)draw(run, 600);
        break;
    case 2:
        entry->step = (uint16_t)draw(run, 65536);
        break;
    case 3:
        entry->seen_index += draw(run, 2);
        break;
    case 4:
        entry->findings.signature_good = false;
        break;
    case 5:
        draw_id(run, entry->id);
        break;
    case 6:
        entry->slot_count = (uint16_t)draw(run, entry->slot_count + 1U);
        break;
    case 7:
        build_slot(entry, (enum lock)lock, lock_n, (enum slot_name)name, name_n);
        break;
    case 8:
        entry->has_body = !entry->has_body;
        break;
    case 9:
        entry->kind = (enum kind)draw(run, KIND_COUNT + 3);
        break;
    default:
        entry->session[draw(run, HASH_BYTES)] ^= 1;
        break;
    }
}

/* ---- what must hold ---- */

static void remember(struct run *run, const struct entry *entry)
{
    const struct permission *row =
        permission_find(entry->kind, entry->kind == KIND_PACE     ? (int)entry->args.pace.verb
                                     : entry->kind == KIND_ASSIGN ? (int)entry->args.assign.what
                                                                  : 0);

    assert_non_null(row);
    run->accepted[row - permission_table]++;
    if (row->stream == STREAM_PUBLIC || session_index(run->scene.session) > run->log_count) {
        assert_true(run->log_count < LOG_MAX);
        run->times[run->log_count] = run->scene.time_ms;
        run->log[run->log_count++] = copy_entry(entry);
        assert_int_equal(session_index(run->scene.session), run->log_count);
    }
}

static void keep_waiting(struct run *run, const struct entry *entry)
{
    size_t at = 0;

    while (at < run->waiting_count && (run->waiting[at]->author != entry->author ||
                                       run->waiting[at]->step != entry->step)) {
        at++;
    }
    if (at == run->waiting_count) {
        if (run->waiting_count == WAITING_MAX) {
            return; /* as if it never reached the server */
        }
        run->waiting_count++;
    } else {
        free(run->waiting[at]);
    }
    run->waiting[at] = copy_entry(entry);
}

static int compare_waiting(const void *a, const void *b)
{
    const struct entry *const *left = a;
    const struct entry *const *right = b;

    return memcmp((*left)->id, (*right)->id, ID_BYTES);
}

/* Tries the entry in scene; true when it was folded. */
static bool try_entry(struct run *run)
{
    struct scene *scene = &run->scene;
    struct session_decision decision;
    uint64_t before = scene_digest(scene->session);
    enum status decided =
        session_decide(scene->session, scene->entry, scene->time_ms, &decision);
    enum status applied = STATUS_OK;

    assert_true(scene_digest(scene->session) == before);
    applied = scene_apply(scene);
    if (applied != STATUS_OK) {
        assert_true(scene_digest(scene->session) == before);
        assert_true(decided != STATUS_OK || decision.stream != STREAM_PUBLIC);
    } else if (scene->entry->kind != KIND_ANSWER) {
        assert_int_equal(decided, STATUS_OK);
        assert_int_equal(decision.stream, STREAM_PUBLIC);
    }
    if (decided == STATUS_OK || applied == STATUS_OK) {
        remember(run, scene->entry);
    }
    if (decided == STATUS_OK && decision.stream == STREAM_WAITING) {
        keep_waiting(run, scene->entry);
    }
    return applied == STATUS_OK;
}

/* The answers of the step just released, in order of id, with somebody butting in. */
static void release_waiting(struct run *run, uint16_t step)
{
    size_t kept = 0;

    qsort(run->waiting, run->waiting_count, sizeof(struct entry *), compare_waiting);
    for (size_t i = 0; i < run->waiting_count; i++) {
        if (run->waiting[i]->step != step) {
            run->waiting[kept++] = run->waiting[i];
            continue;
        }
        build_written(&run->scene, KIND_PARK, CAST_FACILITATOR);
        assert_false(try_entry(run));
        *run->scene.entry = *run->waiting[i];
        assert_true(try_entry(run));
        (*run->released)++;
        free(run->waiting[i]);
    }
    run->waiting_count = kept;
    assert_int_equal(session_release_left(run->scene.session), 0);
}

static void replay(const struct run *run)
{
    struct session *again = NULL;

    assert_int_equal(session_create(&again), STATUS_OK);
    for (size_t i = 0; i < run->log_count; i++) {
        assert_int_equal(session_apply(again, run->log[i], run->times[i]), STATUS_OK);
    }
    assert_true(scene_digest(again) == scene_digest(run->scene.session));
    for (size_t i = 0; i < run->log_count; i++) {
        uint64_t index = 0;
        uint16_t author = 0;

        assert_true(session_find_id(again, run->log[i]->id, &index, &author));
        assert_int_equal(index, i + 1);
    }
    session_destroy(again);
}

/* An end or a purge early on would leave the rest of the run without a subject. */
static bool is_final(const struct entry *entry)
{
    return entry->kind == KIND_PURGE ||
           (entry->kind == KIND_PACE && entry->args.pace.verb == VERB_END);
}

static void run_seed(uint64_t seed, uint32_t *accepted, uint32_t *released)
{
    struct run *run = calloc(1, sizeof *run);
    struct step_plan plans[STEPS];

    assert_non_null(run);
    run->random = seed * 7919 + 1;
    run->accepted = accepted;
    run->released = released;
    scene_begin(&run->scene);
    for (uint16_t i = 0; i < STEPS; i++) {
        plans[i] = draw_plan(run, (uint16_t)(i + 1));
    }
    build_genesis(&run->scene, plans, STEPS, seed % 4 == 0 ? 2 : 0);
    assert_true(try_entry(run));
    for (int i = 0; i < TRIES; i++) {
        const struct permission *row = &permission_table[draw(run, (uint32_t)permission_count)];

        if (row->verb == VERB_PAUSE || draw(run, 5) == 0) { /* fewer pauses, more answers */
            row = draw(run, 20) == 0 ? row : permission_find(KIND_ANSWER, 0);
        }
        build_drawn(run, row);
        if (draw(run, 4) == 0) {
            spoil(run, run->scene.entry);
        }
        if (is_final(run->scene.entry) && i < TRIES - LAST_TRIES) {
            continue;
        }
        run->scene.time_ms += draw(run, 900);
        if (try_entry(run) && run->scene.entry->kind == KIND_RELEASE) {
            release_waiting(run, run->scene.entry->step);
        }
    }
    replay(run);
    for (size_t i = 0; i < run->waiting_count; i++) {
        free(run->waiting[i]);
    }
    for (size_t i = 0; i < run->log_count; i++) {
        free(run->log[i]);
    }
    scene_end(&run->scene);
    free(run);
}

static void what_is_decided_holds(void **state)
{
    uint32_t accepted[ROWS_MAX] = {0};
    uint32_t released = 0;

    (void)state;
    assert_true(permission_count <= ROWS_MAX);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        run_seed(seed, accepted, &released);
    }
    assert_true(released > SEEDS);
    /* It was about something: every row was accepted somewhere, but for what is not played. */
    for (size_t i = 0; i < permission_count; i++) {
        bool plays = permission_table[i].kind != KIND_GROUPS &&
                     permission_table[i].verb * (permission_table[i].kind == KIND_ASSIGN) !=
                         ASSIGNMENT_PERSPECTIVE;

        if ((accepted[i] > 0) != plays) {
            fail_msg("%s accepted %u times", permission_table[i].label, accepted[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_decided_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

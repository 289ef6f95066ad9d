/* What a facilitator's client decides by itself, and what it seals: seen in a small session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/policy.h"
#include "protocol/entry.h"
#include "tests/support/small.h"

/* The script as Fatma's client reads it. */
static void read_script(struct circle *circle, struct script *script)
{
    const struct replica_entry *text =
        replica_text(member_replica(circle->people[FATMA].member), 0);

    assert_int_equal(text->body, REPLICA_OPEN);
    assert_int_equal(script_add(script, text->plaintext), STATUS_OK);
}

static const struct replica *replica_of(struct circle *circle)
{
    return member_replica(circle->people[FATMA].member);
}

static void keys_go_out_once_and_with_their_step(void **state)
{
    struct circle *circle = small_begin();
    struct script script = {0};
    struct policy_texts texts;

    (void)state;
    read_script(circle, &script);
    policy_opening(&script, replica_of(circle), READ, &texts);
    assert_int_equal(texts.count, 3); /* phase, prompt, portion */
    small_open(circle, READ);
    policy_opening(&script, replica_of(circle), READ, &texts);
    assert_int_equal(texts.count, 0);
    policy_opening(&script, replica_of(circle), QUESTION, &texts);
    assert_int_equal(texts.count, 1); /* its prompt; the portion beside it is there */
    policy_opening(&script, replica_of(circle), 99, &texts);
    assert_int_equal(texts.count, 0);
    script_finish(&script);
    small_end(circle);
}

static void an_explanation_goes_with_the_last_of_its_steps(void **state)
{
    struct circle *circle = small_begin();
    struct script script = {0};
    struct policy_texts texts;

    (void)state;
    read_script(circle, &script);
    policy_release(&script, replica_of(circle), QUESTION, &texts);
    assert_int_equal(texts.count, 0);
    policy_release(&script, replica_of(circle), CHOICE, &texts);
    assert_int_equal(texts.count, 1); /* consequences */
    small_open(circle, CHOICE);
    small_release(circle, CHOICE);
    policy_release(&script, replica_of(circle), QUESTION, &texts);
    assert_int_equal(texts.count, 1); /* the explanation */
    policy_due(&script, replica_of(circle), &texts);
    assert_int_equal(texts.count, 0);
    script_finish(&script);
    small_end(circle);
}

static void next_passes_over_what_was_done_in_a_detour(void **state)
{
    struct circle *circle = small_begin();
    struct script script = {0};
    const struct session *session = replica_session(replica_of(circle));

    (void)state;
    read_script(circle, &script);
    assert_int_equal(policy_next(&script, session), READ);
    assert_int_equal(policy_previous(&script, session), 0);
    small_open(circle, READ);
    small_open(circle, CHOICE);
    small_release(circle, CHOICE);
    assert_int_equal(policy_next(&script, session), TALK);
    assert_int_equal(policy_previous(&script, session), READ);
    assert_int_equal(member_previous(circle->people[FATMA].member), STATUS_OK);
    circle_run(circle);
    assert_int_equal(session_pointer(session), READ);
    assert_int_equal(policy_next(&script, session), QUESTION);
    assert_int_equal(member_skip_step(circle->people[FATMA].member, QUESTION), STATUS_OK);
    circle_run(circle);
    assert_int_equal(policy_next(&script, session), TALK);
    small_open(circle, PLAN);
    assert_int_equal(policy_next(&script, session), 0);
    script_finish(&script);
    small_end(circle);
}

static void of_several_facilitators_one_acts(void **state)
{
    struct circle *circle = small_begin();
    struct circle_person *joris = circle_join(circle, JORIS, 3, "Joris");
    const struct session *session = replica_session(replica_of(circle));
    bool present[MEMBERS_MAX + 1] = {false};

    (void)state;
    circle_connect(joris);
    circle_run(circle);
    present[1] = present[5] = true;
    assert_true(policy_acts(session, 1, present));
    assert_false(policy_acts(session, 5, present));
    assert_false(policy_acts(session, 3, present)); /* no facilitator */
    present[1] = false;
    assert_true(policy_acts(session, 5, present));
    small_end(circle);
}

/* The slots of the last entry of a kind in the public stream. */
static void read_last(struct circle *circle, enum kind kind, struct entry *entry)
{
    const struct replica *replica = replica_of(circle);

    for (uint64_t i = replica_count(replica, STREAM_PUBLIC); i > 0; i--) {
        if (replica_at(replica, STREAM_PUBLIC, i)->kind == kind) {
            assert_int_equal(entry_decode(replica_at(replica, STREAM_PUBLIC, i)->raw, entry),
                             STATUS_OK);
            return;
        }
    }
    fail();
}

static void locks_are_what_visibility_asks(void **state)
{
    struct circle *circle = small_begin();
    struct entry *entry = malloc(sizeof *entry);

    (void)state;
    assert_non_null(entry);
    read_last(circle, KIND_TEXT, entry);
    assert_int_equal(entry->slot_count, 1);
    assert_int_equal(entry->slots[0].lock, LOCK_FACILITATOR);
    read_last(circle, KIND_JOIN, entry);
    assert_int_equal(entry->slot_count, 1);
    assert_int_equal(entry->slots[0].lock, LOCK_MEMBER);
    assert_int_equal(entry->slots[0].lock_n, 1);
    read_last(circle, KIND_ROSTER, entry);
    assert_int_equal(entry->slots[0].name, NAME_GROUP);
    read_last(circle, KIND_NAME, entry);
    assert_int_equal(entry->slots[0].lock, LOCK_GROUP);

    small_open(circle, QUESTION);
    small_say(&circle->people[BRAM], QUESTION, "x", "", 0);
    circle_run(circle);
    small_release(circle, QUESTION);
    read_last(circle, KIND_ANSWER, entry);
    assert_int_equal(entry->slot_count, 2);
    assert_int_equal(entry->slots[0].lock, LOCK_STEP);
    assert_int_equal(entry->slots[1].lock, LOCK_MEMBER);
    assert_int_equal(entry->slots[1].lock_n, entry->author);
    read_last(circle, KIND_RELEASE, entry);
    assert_int_equal(entry->slots[0].name, NAME_STEP);
    assert_int_equal(entry->slots[0].lock, LOCK_GROUP);
    free(entry);
    small_end(circle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_go_out_once_and_with_their_step),
        cmocka_unit_test(an_explanation_goes_with_the_last_of_its_steps),
        cmocka_unit_test(next_passes_over_what_was_done_in_a_detour),
        cmocka_unit_test(of_several_facilitators_one_acts),
        cmocka_unit_test(locks_are_what_visibility_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

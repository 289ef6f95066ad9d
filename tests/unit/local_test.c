#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/home.h"

#define CANARY "kanarie-4711-in-de-mijn"

/* ---- a member that only notes what it is given back ---- */

enum { GIVEN_MAX = 64, GIVEN_BYTES = 96 };

struct member {
    char given[GIVEN_MAX][GIVEN_BYTES];
    size_t count;
    uint64_t refuses_own_at; /* entries of the own stream from here on */
    unsigned restored;
};

static void note(struct member *member, const char *head, struct bytes bytes)
{
    assert_true(member->count < GIVEN_MAX);
    (void)snprintf(member->given[member->count++], GIVEN_BYTES, "%s:%.*s", head,
                   (int)bytes.count, (const char *)bytes.data);
}

enum status member_restore_record(struct member *member, enum record_kind kind,
                                  struct bytes key, struct bytes value)
{
    char head[GIVEN_BYTES] = "";
    int used = snprintf(head, sizeof head, "%d", (int)kind);

    for (size_t i = 0; i < key.count; i++) {
        used += snprintf(head + used, sizeof head - (size_t)used, ".%u", key.data[i]);
    }
    note(member, head, value);
    return kind == RECORD_NOTE ? STATUS_MALFORMED : STATUS_OK;
}

enum status member_restore_entry(struct member *member, enum stream stream, uint64_t index,
                                 uint64_t time_ms, struct bytes entry)
{
    char head[GIVEN_BYTES];

    if (stream == STREAM_OWN && member->refuses_own_at != 0 &&
        index >= member->refuses_own_at) {
        return STATUS_CONFLICT;
    }
    (void)snprintf(head, sizeof head, "e%d.%llu@%llu", (int)stream, (unsigned long long)index,
                   (unsigned long long)time_ms);
    note(member, head, entry);
    return STATUS_OK;
}

enum status member_restored(struct member *member)
{
    member->restored++;
    return STATUS_OK;
}

/* ---- help ---- */

static int begin(void **state)
{
    struct home *home = malloc(sizeof *home);

    home_begin(home);
    *state = home;
    return home_open(home) == STATUS_OK ? 0 : -1;
}

static int end(void **state)
{
    home_end(*state);
    free(*state);
    return 0;
}

static void reopen(struct home *home)
{
    home_close(home);
    assert_int_equal(home_open(home), STATUS_OK);
}

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)};
}

static const uint8_t *session(uint8_t number)
{
    static uint8_t ids[256][HASH_BYTES];

    memset(ids[number], number, HASH_BYTES);
    return ids[number];
}

static struct local_seat seat_of(uint8_t number, const char *title)
{
    struct local_seat seat = {.host = "kring.example.org",
                              .port = 5746,
                              .member = 7,
                              .role = ROLE_OBSERVER,
                              .opened_ms = 1000U + number,
                              .retention_ms = UINT64_MAX};

    memcpy(seat.session, session(number), HASH_BYTES);
    memset(seat.seed, 0xa0 + number, sizeof seat.seed);
    memset(seat.server_key, 0x33, sizeof seat.server_key);
    (void)snprintf(seat.title, sizeof seat.title, "%s", title);
    return seat;
}

static void put(struct home *home, uint8_t number, const char *title)
{
    struct local_seat seat = seat_of(number, title);

    assert_int_equal(local_put_seat(home->local, &seat), STATUS_OK);
}

static void keep(struct home *home, uint8_t number, enum record_kind kind, const char *key,
                 size_t key_bytes, const char *value)
{
    assert_int_equal(local_keep_record(home->local, session(number), kind,
                                       (struct bytes){(const uint8_t *)key, key_bytes},
                                       bytes_of(value)),
                     STATUS_OK);
}

static void enter(struct home *home, uint8_t number, enum stream stream, uint64_t index,
                  const char *text)
{
    assert_int_equal(local_keep_entry(home->local, session(number), stream, index, 50 + index,
                                      bytes_of(text)),
                     STATUS_OK);
}

static void restore(struct home *home, uint8_t number, struct member *member)
{
    member->count = 0;
    member->restored = 0;
    assert_int_equal(local_restore(home->local, session(number), member), STATUS_OK);
    assert_int_equal(member->restored, 1);
}

static void assert_given(const struct member *member, const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < count && i < member->count; i++) {
        assert_string_equal(member->given[i], wanted[i]);
    }
    assert_int_equal(member->count, count);
}

#define ASSERT_GIVEN(member, ...)                                                              \
    assert_given(member, (const char *const[]){__VA_ARGS__},                                   \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* ---- what is kept ---- */

static void assert_seat(const struct local_seat *seat, const struct local_seat *wanted)
{
    assert_memory_equal(seat->session, wanted->session, sizeof wanted->session);
    assert_memory_equal(seat->seed, wanted->seed, sizeof wanted->seed);
    assert_memory_equal(seat->server_key, wanted->server_key, sizeof wanted->server_key);
    assert_string_equal(seat->host, wanted->host);
    assert_string_equal(seat->title, wanted->title);
    assert_int_equal(seat->port, wanted->port);
    assert_int_equal(seat->member, wanted->member);
    assert_int_equal(seat->role, wanted->role);
    assert_int_equal(seat->opened_ms, wanted->opened_ms);
    assert_true(seat->retention_ms == wanted->retention_ms);
    assert_int_equal(seat->purged, wanted->purged);
}

static void a_restart_keeps_all(void **state)
{
    struct home *home = *state;
    struct member member = {.restored = 0};
    struct local_seat seat;
    struct local_seat wanted = seat_of(1, "Zaak één");
    char text[32];

    put(home, 1, "Zaak één");
    keep(home, 1, RECORD_OUTBOX, "\0\0\0\0\0\0\0\2", 8, "later");
    keep(home, 1, RECORD_DRAFT, "\0\3\0", 3, "my draft");
    keep(home, 1, RECORD_OUTBOX, "\0\0\0\0\0\0\0\1", 8, "sooner");
    keep(home, 1, RECORD_SELF, "", 0, "self");
    keep(home, 1, RECORD_DRAFT, "\0\3\0", 3, "my better draft");
    keep(home, 1, RECORD_NOTE, "\0\3", 2, "damaged for the member");
    keep(home, 2, RECORD_DRAFT, "\0\3\0", 3, "of another session");
    enter(home, 1, STREAM_OWN, 1, "mine");
    enter(home, 1, STREAM_PUBLIC, 2, "second");
    enter(home, 1, STREAM_PUBLIC, 1, "first");
    enter(home, 1, STREAM_PUBLIC, 10, "tenth");
    assert_int_equal(local_set(home->local, "ticket", "kring://..."), STATUS_OK);
    reopen(home);

    assert_int_equal(local_seat(home->local, session(1), &seat), STATUS_OK);
    assert_seat(&seat, &wanted);
    assert_int_equal(local_get(home->local, "ticket", text, sizeof text), STATUS_OK);
    assert_string_equal(text, "kring://...");
    restore(home, 1, &member);
    ASSERT_GIVEN(&member, "1:self", "2.0.3.0:my better draft", "4.0.0.0.0.0.0.0.1:sooner",
                 "4.0.0.0.0.0.0.0.2:later", "7.0.3:damaged for the member", "e0.1@51:first",
                 "e0.2@52:second", "e0.10@60:tenth", "e1.1@51:mine");
    restore(home, 3, &member);
    assert_int_equal(member.count, 0);
}

static void an_empty_value_forgets(void **state)
{
    struct home *home = *state;
    struct member member = {.restored = 0};
    char text[4];

    keep(home, 1, RECORD_DRAFT, "\0\3\0", 3, "draft");
    keep(home, 1, RECORD_DRAFT, "\0\4\0", 3, "other");
    keep(home, 1, RECORD_DRAFT, "\0\3\0", 3, "");
    restore(home, 1, &member);
    ASSERT_GIVEN(&member, "2.0.4.0:other");

    assert_int_equal(local_get(home->local, "ticket", text, sizeof text), STATUS_NOT_FOUND);
    assert_int_equal(local_set(home->local, "ticket", "four"), STATUS_OK);
    assert_int_equal(local_get(home->local, "ticket", text, sizeof text), STATUS_TOO_LONG);
    assert_int_equal(local_set(home->local, "ticket", "3rd"), STATUS_OK);
    assert_int_equal(local_get(home->local, "ticket", text, sizeof text), STATUS_OK);
    assert_int_equal(local_set(home->local, "ticket", ""), STATUS_OK);
    assert_int_equal(local_get(home->local, "ticket", text, sizeof text), STATUS_NOT_FOUND);
}

static void sessions_are_listed_last_used_first(void **state)
{
    struct home *home = *state;
    struct local_seat *seats = NULL;
    struct local_seat again = seat_of(1, "one");
    size_t count = 9;

    assert_int_equal(local_seats(home->local, &seats, &count), STATUS_OK);
    assert_int_equal(count, 0);
    local_free_seats(seats, count);
    put(home, 2, "two");
    put(home, 1, "one");
    put(home, 3, "three");
    again.opened_ms = 5000;
    assert_int_equal(local_put_seat(home->local, &again), STATUS_OK);

    assert_int_equal(local_seats(home->local, &seats, &count), STATUS_OK);
    assert_int_equal(count, 3);
    assert_string_equal(seats[0].title, "one");
    assert_string_equal(seats[1].title, "three");
    assert_string_equal(seats[2].title, "two");
    local_free_seats(seats, count);
    assert_int_equal(local_seat(home->local, session(9), &again), STATUS_NOT_FOUND);
}

static void there_is_an_end_to_sessions(void **state)
{
    struct home *home = *state;
    struct local_seat seat = seat_of(1, "one of many");

    assert_int_equal(local_begin(home->local), STATUS_OK);
    for (uint32_t i = 0; i < LOCAL_SESSIONS_MAX; i++) {
        bytes_put_u32(seat.session, i);
        assert_int_equal(local_put_seat(home->local, &seat), STATUS_OK);
    }
    assert_int_equal(local_end(home->local), STATUS_OK);
    assert_int_equal(local_put_seat(home->local, &seat), STATUS_OK);
    bytes_put_u32(seat.session, LOCAL_SESSIONS_MAX);
    assert_int_equal(local_put_seat(home->local, &seat), STATUS_FULL);
    assert_non_null(strstr(local_detail(home->local), "kring forget"));
}

static void a_group_is_one_write(void **state)
{
    struct home *home = *state;
    struct member member = {.restored = 0};
    static const char long_key[200];

    assert_int_equal(local_end(home->local), STATUS_BAD_STATE);
    assert_int_equal(local_begin(home->local), STATUS_OK);
    enter(home, 1, STREAM_PUBLIC, 1, "lost with the process");
    reopen(home);
    restore(home, 1, &member);
    assert_int_equal(member.count, 0);

    assert_int_equal(local_begin(home->local), STATUS_OK);
    assert_int_equal(local_begin(home->local), STATUS_OK);
    enter(home, 1, STREAM_PUBLIC, 1, "kept");
    assert_int_equal(local_end(home->local), STATUS_OK);
    assert_int_equal(local_end(home->local), STATUS_OK);
    assert_int_equal(local_begin(home->local), STATUS_OK);
    enter(home, 1, STREAM_PUBLIC, 2, "taken back");
    assert_int_equal(local_keep_record(home->local, session(1), RECORD_DRAFT,
                                       (struct bytes){(const uint8_t *)long_key, 200},
                                       bytes_of("x")),
                     STATUS_TOO_LONG);
    assert_int_equal(local_set(home->local, "ticket", "x"), STATUS_TOO_LONG);
    assert_int_equal(local_end(home->local), STATUS_TOO_LONG);
    enter(home, 1, STREAM_OWN, 1, "kept too");
    reopen(home);
    restore(home, 1, &member);
    ASSERT_GIVEN(&member, "e0.1@51:kept", "e1.1@51:kept too");
}

/* ---- what is not believed ---- */

static void a_copy_is_dropped_from_where_it_conflicts(void **state)
{
    struct home *home = *state;
    struct member member = {.refuses_own_at = 2};

    for (uint64_t i = 1; i <= 3; i++) {
        enter(home, 1, STREAM_PUBLIC, i, "all");
        enter(home, 1, STREAM_OWN, i, "own");
    }
    restore(home, 1, &member);
    member.refuses_own_at = 0;
    restore(home, 1, &member);
    ASSERT_GIVEN(&member, "e0.1@51:all", "e0.2@52:all", "e0.3@53:all", "e1.1@51:own");
}

static void a_row_in_the_place_of_another_is_left_out(void **state)
{
    struct home *home = *state;
    struct member member = {.restored = 0};
    struct local_seat seat;
    struct local_seat *seats = NULL;
    size_t count = 0;

    enter(home, 1, STREAM_PUBLIC, 1, "first");
    enter(home, 1, STREAM_PUBLIC, 2, "second");
    enter(home, 1, STREAM_PUBLIC, 3, "third");
    keep(home, 1, RECORD_DRAFT, "\0\3\0", 3, "a");
    keep(home, 1, RECORD_ANSWER, "\0\3\0", 3, "b");
    put(home, 1, "one");
    put(home, 2, "two");
    home_close(home);
    home_sql(home,
             "UPDATE entry SET sealed = (SELECT sealed FROM entry WHERE idx = 3) WHERE idx = 2;"
             "UPDATE record SET sealed = (SELECT sealed FROM record WHERE rowid = 1);"
             "UPDATE seat SET sealed = (SELECT sealed FROM seat WHERE rowid = 1);",
             NULL, 0);
    assert_int_equal(home_open(home), STATUS_OK);

    restore(home, 1, &member);
    ASSERT_GIVEN(&member, "2.0.3.0:a", "e0.1@51:first");
    restore(home, 1, &member);
    ASSERT_GIVEN(&member, "2.0.3.0:a", "e0.1@51:first");
    assert_int_equal(local_seat(home->local, session(1), &seat), STATUS_OK);
    assert_int_equal(local_seat(home->local, session(2), &seat), STATUS_MALFORMED);
    assert_non_null(strstr(local_detail(home->local), "kring.db is damaged"));
    assert_int_equal(local_seats(home->local, &seats, &count), STATUS_OK);
    assert_int_equal(count, 1);
    local_free_seats(seats, count);
    put(home, 2, "joined again");
    assert_int_equal(local_seat(home->local, session(2), &seat), STATUS_OK);
}

/* ---- what a thief sees ---- */

static void assert_sealed(struct home *home)
{
    struct local_seat seat = seat_of(1, "");

    assert_int_equal(home_search(home, CANARY, strlen(CANARY)), 0);
    assert_int_equal(home_search(home, "kring.example.org", 17), 0);
    assert_int_equal(home_search(home, "ticket", 6), 0);
    assert_int_equal(home_search(home, seat.seed, sizeof seat.seed), 0);
    assert_int_equal(home_search(home, seat.server_key, sizeof seat.server_key), 0);
    assert_int_equal(home_search(home, seat.session, sizeof seat.session), 0);
}

static void keep_canaries(struct home *home)
{
    put(home, 1, "about " CANARY);
    keep(home, 1, RECORD_DRAFT, "\0\3\0", 3, "I think of " CANARY);
    enter(home, 1, STREAM_PUBLIC, 1, "they say " CANARY);
    enter(home, 1, STREAM_OWN, 1, "only to me: " CANARY);
    assert_int_equal(local_set(home->local, "ticket", "kring://" CANARY), STATUS_OK);
}

static void nothing_stands_in_the_clear(void **state)
{
    struct home *home = *state;

    keep_canaries(home);
    assert_true(home_file_bytes(home, "kring.db-wal") > 0);
    assert_sealed(home);
    home_close(home);
    assert_true(home_file_bytes(home, "kring.db") > 0);
    assert_sealed(home);
    /* and it would be found */
    home_write(home, "control", "x " CANARY " x", strlen(CANARY) + 4, 0600);
    assert_int_equal(home_search(home, CANARY, strlen(CANARY)), 1);
}

/* The sealed bytes themselves are gone too, not only what points at them. */
static void leaves_nothing(struct home *home, bool erases)
{
    uint8_t sealed[3][24];
    char long_text[9000];
    struct member member = {.restored = 0};
    struct local_seat seat;

    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    keep_canaries(home);
    enter(home, 1, STREAM_PUBLIC, 2, long_text);
    enter(home, 2, STREAM_PUBLIC, 1, "another's");
    home_sql(home, "SELECT sealed FROM entry WHERE idx = 2", sealed[0], sizeof sealed[0]);
    home_sql(home, "SELECT sealed FROM record", sealed[1], sizeof sealed[1]);
    home_sql(home, "SELECT sealed FROM seat", sealed[2], sizeof sealed[2]);
    for (size_t i = 0; i < 3; i++) {
        assert_true(home_search(home, sealed[i], sizeof sealed[i]) > 0);
    }
    assert_int_equal(erases ? local_erase(home->local, session(1))
                            : local_forget(home->local, session(1)),
                     STATUS_OK);
    for (int closed = 0; closed < 2; closed++) {
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(home_search(home, sealed[i], sizeof sealed[i]), 0);
        }
        reopen(home);
    }
    restore(home, 1, &member);
    assert_int_equal(member.count, 0);
    restore(home, 2, &member);
    assert_int_equal(member.count, 1);
    assert_int_equal(local_seat(home->local, session(1), &seat),
                     erases ? STATUS_OK : STATUS_NOT_FOUND);
}

static void forgetting_leaves_nothing(void **state)
{
    leaves_nothing(*state, false);
    assert_int_equal(local_forget(((struct home *)*state)->local, session(1)), STATUS_OK);
}

static void erasing_leaves_the_row(void **state)
{
    static const uint8_t zero[SEED_BYTES];
    struct home *home = *state;
    struct local_seat seat;

    leaves_nothing(home, true);
    put(home, 1, "brought back by who had it open");
    assert_int_equal(local_seat(home->local, session(1), &seat), STATUS_OK);
    assert_true(seat.purged);
    assert_memory_equal(seat.seed, zero, sizeof zero);
    assert_int_equal(local_erase(home->local, session(5)), STATUS_OK);
    assert_int_equal(local_seat(home->local, session(5), &seat), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_restart_keeps_all, begin, end),
        cmocka_unit_test_setup_teardown(an_empty_value_forgets, begin, end),
        cmocka_unit_test_setup_teardown(sessions_are_listed_last_used_first, begin, end),
        cmocka_unit_test_setup_teardown(there_is_an_end_to_sessions, begin, end),
        cmocka_unit_test_setup_teardown(a_group_is_one_write, begin, end),
        cmocka_unit_test_setup_teardown(a_copy_is_dropped_from_where_it_conflicts, begin, end),
        cmocka_unit_test_setup_teardown(a_row_in_the_place_of_another_is_left_out, begin, end),
        cmocka_unit_test_setup_teardown(nothing_stands_in_the_clear, begin, end),
        cmocka_unit_test_setup_teardown(forgetting_leaves_nothing, begin, end),
        cmocka_unit_test_setup_teardown(erasing_leaves_the_row, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/support/circle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/resolve.h"
#include "protocol/seat.h"
#include "protocol/vault.h"

enum { CIRCLE_TURNS_MAX = 100000, DAY_MS = 24 * 3600 * 1000 };

static uint8_t *copy_of(struct bytes bytes)
{
    uint8_t *copy = malloc(bytes.count == 0 ? 1 : bytes.count);

    assert_non_null(copy);
    if (bytes.count > 0) {
        memcpy(copy, bytes.data, bytes.count);
    }
    return copy;
}

static void push(struct circle_message **queue, size_t *count, struct bytes bytes)
{
    *queue = realloc(*queue, (*count + 1) * sizeof **queue);
    assert_non_null(*queue);
    (*queue)[(*count)++] = (struct circle_message){copy_of(bytes), bytes.count};
}

static struct circle_message pop(struct circle_message *queue, size_t *count)
{
    struct circle_message first = queue[0];

    memmove(queue, queue + 1, --*count * sizeof *queue);
    return first;
}

static void empty(struct circle_message *queue, size_t *count)
{
    while (*count > 0) {
        free(queue[--*count].bytes);
    }
}

/* ---- the hub's driver ---- */

static struct circle_person *find(struct circle *circle, uint32_t connection)
{
    for (size_t i = 0; i < CIRCLE_PEOPLE_MAX; i++) {
        if (circle->people[i].connection == connection) {
            return &circle->people[i];
        }
    }
    return NULL;
}

static void hub_sends(void *context, uint32_t connection, struct bytes message)
{
    struct circle_person *person = find(context, connection);

    if (person != NULL) {
        push(&person->from_server, &person->from_server_count, message);
    }
}

static void hub_closes(void *context, uint32_t connection, enum status reason)
{
    (void)context;
    (void)connection;
    (void)reason; /* what was sent before is still read; then nobody answers any more */
}

static void hub_stores(void *context, struct batch *batch)
{
    struct circle *circle = context;

    assert_true(circle->batch_count < 16);
    circle->batches[circle->batch_count++] = batch;
}

static void hub_loads(void *context, const uint8_t session[HASH_BYTES])
{
    struct circle *circle = context;

    assert_true(circle->load_count < 16);
    memcpy(circle->loads[circle->load_count++], session, HASH_BYTES);
}

static void hub_logs(void *context, const char *event, const uint8_t *session, uint16_t member,
                     enum status status)
{
    (void)context;
    (void)event;
    (void)session;
    (void)member;
    (void)status;
}

static void make_hub(struct circle *circle)
{
    struct hub_driver driver = {
        .context = circle,
        .send = hub_sends,
        .close = hub_closes,
        .store = hub_stores,
        .load = hub_loads,
        .log = hub_logs,
    };

    assert_int_equal(hub_create(&driver, circle->now_ms, &circle->hub), STATUS_OK);
    assert_int_equal(hub_ticket_put(circle->hub, &circle->store.ticket), STATUS_OK);
}

/* ---- a member's driver: its device ---- */

static void member_sends(void *context, struct bytes message)
{
    struct circle_person *person = context;

    assert_int_not_equal(person->connection, 0);
    push(&person->to_server, &person->to_server_count, message);
}

static void device_keeps_record(void *context, enum record_kind kind, struct bytes key,
                                struct bytes value)
{
    struct circle_person *person = context;
    struct circle_record *found = NULL;

    assert_true(key.count <= 8);
    for (size_t i = 0; i < person->record_count; i++) {
        struct circle_record *record = &person->records[i];

        if (record->kind == kind && record->key_count == key.count &&
            (key.count == 0 || memcmp(record->key, key.data, key.count) == 0)) {
            found = record;
        }
    }
    if (found == NULL) {
        person->records =
            realloc(person->records, (person->record_count + 1) * sizeof *person->records);
        assert_non_null(person->records);
        found = &person->records[person->record_count++];
        *found = (struct circle_record){.kind = kind, .key_count = key.count};
        if (key.count > 0) {
            memcpy(found->key, key.data, key.count);
        }
    }
    free(found->value);
    found->value = copy_of(value);
    found->count = value.count;
}

static void device_keeps_entry(void *context, enum stream stream, uint64_t index,
                               uint64_t time_ms, struct bytes entry)
{
    struct circle_person *person = context;

    person->items = realloc(person->items, (person->item_count + 1) * sizeof *person->items);
    assert_non_null(person->items);
    person->items[person->item_count++] = (struct circle_item){
        stream, index, time_ms, copy_of(entry), entry.count,
    };
}

static void device_erases(void *context)
{
    struct circle_person *person = context;

    person->erased = true;
}

static void face_hears(void *context, const struct news *news)
{
    struct circle_person *person = context;

    assert_true(person->news_count < CIRCLE_NEWS_MAX);
    person->news[person->news_count++] = *news;
}

static void make_member(struct circle_person *person)
{
    struct member_options options = {
        .driver =
            {
                .context = person,
                .send = member_sends,
                .keep_record = device_keeps_record,
                .keep_entry = device_keeps_entry,
                .erase = device_erases,
                .news = face_hears,
            },
        .entropy = seeded_entropy(&person->circle->seeded),
        .admits = true,
    };

    memcpy(options.seed, person->seed, SEED_BYTES);
    memcpy(options.session, person->circle->session, HASH_BYTES);
    assert_int_equal(member_create(&options, &person->member), STATUS_OK);
}

static void make_person(struct circle *circle, size_t at)
{
    struct circle_person *person = &circle->people[at];
    struct seat seat;

    person->circle = circle;
    memset(person->seed, (int)(at + 1), SEED_BYTES);
    seat_derive(person->seed, &seat);
    memcpy(person->noise_key, seat.keys.noise, KEY_BYTES);
    make_member(person);
}

/* ---- making a circle ---- */

void circle_init(struct circle *circle, uint64_t seed)
{
    uint8_t secret[SIGN_SECRET_BYTES];

    assert_int_equal(vault_start(), STATUS_OK);
    memset(circle, 0, sizeof *circle);
    circle->seeded.state = seed;
    circle->now_ms = 1800000000000U;
    memset(circle->ticket_seed, 0x77, SEED_BYTES);
    link_sign_keys(circle->ticket_seed, circle->store.ticket.key, secret);
    circle->store.ticket.uses_left = 1;
    circle->store.ticket.expiry_ms = circle->now_ms + DAY_MS;
    make_hub(circle);
}

static void forget_person(struct circle_person *person)
{
    member_destroy(person->member);
    empty(person->to_server, &person->to_server_count);
    empty(person->from_server, &person->from_server_count);
    free(person->to_server);
    free(person->from_server);
    for (size_t i = 0; i < person->record_count; i++) {
        free(person->records[i].value);
    }
    for (size_t i = 0; i < person->item_count; i++) {
        free(person->items[i].bytes);
    }
    free(person->records);
    free(person->items);
}

void circle_finish(struct circle *circle)
{
    for (size_t i = 0; i < CIRCLE_PEOPLE_MAX; i++) {
        forget_person(&circle->people[i]);
    }
    for (size_t i = 0; i < circle->batch_count; i++) {
        batch_destroy(circle->batches[i]);
    }
    hub_destroy(circle->hub);
    memory_store_finish(&circle->store);
}

static struct compiled *compile(const char *yaml)
{
    struct bytes bytes = {(const uint8_t *)yaml, strlen(yaml)};
    struct report *report = NULL;
    struct guide *guide = NULL;
    struct resolved *resolved = NULL;
    struct compiled *compiled = NULL;

    assert_int_equal(report_create(&report), STATUS_OK);
    if (guide_read(bytes, "circle.yaml", report, &guide) != STATUS_OK) {
        report_print(report, stderr);
        fail();
    }
    assert_int_equal(resolve_session(guide, NULL, NULL, &resolved), STATUS_OK);
    assert_int_equal(compile_session(resolved, report, &compiled), STATUS_OK);
    resolved_destroy(resolved);
    guide_destroy(guide);
    report_destroy(report);
    return compiled;
}

void circle_host(struct circle *circle, const char *guide, enum admission admission)
{
    static const struct member_invite_plan invites[] = {
        {.role = ROLE_OBSERVER, .uses = 1, .label = "the observer"},
        {.role = ROLE_PARTICIPANT, .uses = 20, .label = "everyone"},
        {.role = ROLE_PARTICIPANT, .uses = 1, .facilitates = true, .label = "the deputy"},
    };
    struct compiled *compiled = compile(guide);
    struct member_host_options options = {
        .compiled = compiled,
        .title = "Title of the session",
        .name = "Fatma",
        .retention_ms = circle->now_ms + 90ULL * DAY_MS,
        .invite_expiry_ms = circle->now_ms + DAY_MS,
        .admission = admission,
        .invite_count = 3,
        .invites = invites,
    };
    uint8_t recovery[SEED_BYTES];

    make_person(circle, CIRCLE_FACILITATOR);
    memcpy(options.ticket_seed, circle->ticket_seed, SEED_BYTES);
    assert_int_equal(member_host(circle->people[CIRCLE_FACILITATOR].member, &options,
                                 circle->session, recovery),
                     STATUS_OK);
    member_keep_all(circle->people[CIRCLE_FACILITATOR].member);
    compiled_destroy(compiled);
}

struct circle_person *circle_join(struct circle *circle, size_t at, uint16_t invite,
                                  const char *name)
{
    struct circle_person *person = &circle->people[at];
    struct link link;

    assert_int_equal(
        member_invite_link(circle->people[CIRCLE_FACILITATOR].member, invite, &link),
        STATUS_OK);
    make_person(circle, at);
    assert_int_equal(member_join(person->member, &link, name), STATUS_OK);
    member_keep_all(person->member);
    return person;
}

/* ---- the network ---- */

void circle_connect(struct circle_person *person)
{
    struct circle *circle = person->circle;

    assert_int_equal(person->connection, 0);
    person->connection = ++circle->last_connection;
    assert_int_equal(
        hub_connect(circle->hub, person->connection, person->noise_key, circle->now_ms),
        STATUS_OK);
    member_connected(person->member, circle->now_ms, circle->now_ms);
}

static void hang_up(struct circle_person *person)
{
    empty(person->to_server, &person->to_server_count);
    empty(person->from_server, &person->from_server_count);
    person->connection = 0;
}

void circle_disconnect(struct circle_person *person)
{
    uint32_t connection = person->connection;

    hang_up(person);
    hub_disconnect(person->circle->hub, connection, person->circle->now_ms);
    member_disconnected(person->member, person->circle->now_ms);
}

void circle_kill(struct circle_person *person)
{
    uint32_t connection = person->connection;

    member_destroy(person->member);
    person->member = NULL;
    if (connection != 0) {
        hang_up(person);
        hub_disconnect(person->circle->hub, connection, person->circle->now_ms);
    }
}

static int in_order(const void *a, const void *b)
{
    const struct circle_record *left = a;
    const struct circle_record *right = b;

    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    return memcmp(left->key, right->key, sizeof left->key);
}

void circle_reopen(struct circle_person *person)
{
    make_member(person);
    qsort(person->records, person->record_count, sizeof *person->records, in_order);
    for (size_t i = 0; i < person->record_count; i++) {
        const struct circle_record *record = &person->records[i];

        if (record->count > 0) {
            assert_int_equal(
                member_restore_record(person->member, record->kind,
                                      (struct bytes){record->key, record->key_count},
                                      (struct bytes){record->value, record->count}),
                STATUS_OK);
        }
    }
    for (int stream = STREAM_PUBLIC; stream <= STREAM_OWN; stream++) {
        for (size_t i = 0; i < person->item_count; i++) {
            const struct circle_item *item = &person->items[i];

            if ((int)item->stream == stream) {
                assert_int_equal(member_restore_entry(person->member, item->stream, item->index,
                                                      item->time_ms,
                                                      (struct bytes){item->bytes, item->count}),
                                 STATUS_OK);
            }
        }
    }
    assert_int_equal(member_restored(person->member), STATUS_OK);
}

void circle_restart_server(struct circle *circle)
{
    for (size_t i = 0; i < CIRCLE_PEOPLE_MAX; i++) {
        struct circle_person *person = &circle->people[i];

        if (person->connection != 0) {
            hang_up(person);
            member_disconnected(person->member, circle->now_ms);
        }
    }
    for (size_t i = 0; i < circle->batch_count; i++) {
        batch_destroy(circle->batches[i]); /* it crashed before the commit */
    }
    circle->batch_count = 0;
    circle->load_count = 0;
    hub_destroy(circle->hub);
    make_hub(circle);
}

/* ---- turns ---- */

static bool turn_store(struct circle *circle)
{
    bool did = false;

    while (circle->batch_count > 0 && !circle->holds_batches) {
        struct batch *batch = circle->batches[0];
        enum status status = memory_store_apply(&circle->store, batch);
        uint64_t number = batch->number;

        memmove(circle->batches, circle->batches + 1,
                --circle->batch_count * sizeof *circle->batches);
        batch_destroy(batch);
        hub_stored(circle->hub, number, status, circle->now_ms);
        did = true;
    }
    while (circle->load_count > 0) {
        uint8_t session[HASH_BYTES];
        struct row *rows = NULL;
        size_t count = 0;
        enum status status = STATUS_OK;

        memcpy(session, circle->loads[--circle->load_count], HASH_BYTES);
        status = memory_store_load(&circle->store, session, &rows, &count);
        hub_loaded(circle->hub, session, status, rows, count, circle->now_ms);
        free(rows);
        did = true;
    }
    return did;
}

static bool turn_person(struct circle_person *person)
{
    struct circle *circle = person->circle;
    bool did = false;

    while (person->to_server_count > 0) {
        struct circle_message message = pop(person->to_server, &person->to_server_count);

        hub_receive(circle->hub, person->connection,
                    (struct bytes){message.bytes, message.count}, circle->now_ms);
        free(message.bytes);
        did = true;
    }
    while (person->from_server_count > 0 && person->member != NULL) {
        struct circle_message message = pop(person->from_server, &person->from_server_count);

        if (circle->tamper == NULL || circle->tamper(circle, person, &message)) {
            assert_int_equal(member_receive(person->member,
                                            (struct bytes){message.bytes, message.count},
                                            circle->now_ms),
                             STATUS_OK);
        }
        free(message.bytes);
        did = true;
    }
    if (did && person->connection != 0) {
        hub_room(circle->hub, person->connection, circle->now_ms);
    }
    return did;
}

static bool turn(struct circle *circle)
{
    bool did = turn_store(circle);

    for (size_t i = 0; i < CIRCLE_PEOPLE_MAX; i++) {
        if (circle->people[i].circle != NULL && circle->people[i].member != NULL) {
            did = turn_person(&circle->people[i]) || did;
        }
    }
    return did;
}

void circle_pass(struct circle *circle, uint64_t ms)
{
    uint64_t next_ms = 0;

    circle->now_ms += ms;
    hub_tick(circle->hub, circle->now_ms, &next_ms);
    for (size_t i = 0; i < CIRCLE_PEOPLE_MAX; i++) {
        if (circle->people[i].member != NULL) {
            member_tick(circle->people[i].member, circle->now_ms, &next_ms);
            assert_true(next_ms > circle->now_ms);
        }
    }
}

void circle_run(struct circle *circle)
{
    for (int rounds = 0; rounds < 3; rounds++) { /* what was put off a moment is due too */
        for (int turns = 0; turn(circle); turns++) {
            assert_true(turns < CIRCLE_TURNS_MAX);
        }
        circle_pass(circle, 1000);
    }
}

/* ---- looking ---- */

const struct model *circle_model(struct circle_person *person)
{
    const struct model *model = member_model(person->member);

    assert_non_null(model);
    return model;
}

size_t circle_told(const struct circle_person *person, enum news_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < person->news_count; i++) {
        count += person->news[i].kind == kind;
    }
    return count;
}

const struct news *circle_last(const struct circle_person *person, enum news_kind kind)
{
    for (size_t i = person->news_count; i > 0; i--) {
        if (person->news[i - 1].kind == kind) {
            return &person->news[i - 1];
        }
    }
    return NULL;
}

bool circle_knows(const struct circle_person *person, const char *text)
{
    const struct replica *replica = member_replica(person->member);

    for (int stream = STREAM_PUBLIC; stream <= STREAM_OWN; stream++) {
        for (uint64_t i = 1; i <= replica_count(replica, (enum stream)stream); i++) {
            const struct replica_entry *entry = replica_at(replica, (enum stream)stream, i);

            if (entry->body == REPLICA_OPEN &&
                memmem(entry->plaintext.data, entry->plaintext.count, text, strlen(text)) !=
                    NULL) {
                return true;
            }
        }
    }
    return false;
}

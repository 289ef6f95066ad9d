/* The whole server in this process, on a port of its own, with real connections to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <unistd.h>

#include "protocol/control.h"
#include "protocol/link.h"
#include "server/server.h"
#include "tests/support/caller.h"
#include "tests/support/draft.h"
#include "tests/support/seeded.h"
#include "tests/support/store_help.h"

enum { WEEK_MS = 7 * 86400 * 1000 };

struct world {
    struct store_help files; /* a directory and a loop; the store in it is the server's */
    struct server *server;
    struct noise_keypair key;
    struct seeded seeded;
    uint16_t port;
    int log_fd;
    bool is_ready;
    bool has_ended;
    enum status status;
    char why[SERVER_WHY_BYTES_MAX];
};

static void on_ready(void *context, struct server *server)
{
    struct world *world = context;
    union config_address address;

    server_address(server, 0, &address);
    world->port = ntohs(address.v4.sin_port);
    world->is_ready = true;
}

static void on_ended(void *context, enum status status, const char *why)
{
    struct world *world = context;

    world->has_ended = true;
    world->status = status;
    strcpy(world->why, why);
}

static void start_at(struct world *world, uint16_t port)
{
    union config_address address = {.v4 = {.sin_family = AF_INET, .sin_port = htons(port)}};
    struct server_options options = {.directory = world->files.directory,
                                     .listens = &address,
                                     .listen_count = 1,
                                     .key = world->key,
                                     .entropy = entropy_system(),
                                     .logger = {.fd = world->log_fd},
                                     .context = world,
                                     .ready = on_ready,
                                     .ended = on_ended};

    (void)inet_pton(AF_INET, "127.0.0.1", &address.v4.sin_addr);
    world->is_ready = false;
    world->has_ended = false;
    assert_int_equal(server_start(&world->files.loop, &options, &world->server, world->why),
                     STATUS_OK);
    while (!world->is_ready && !world->has_ended) {
        (void)uv_run(&world->files.loop, UV_RUN_ONCE);
    }
}

static void stop(struct world *world)
{
    server_stop(world->server);
    while (!world->has_ended) {
        (void)uv_run(&world->files.loop, UV_RUN_ONCE);
    }
}

static int begin(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    uint8_t secret[KEY_BYTES];

    assert_non_null(world);
    store_help_begin(&world->files);
    memset(secret, 7, sizeof secret);
    noise_keypair_from(secret, &world->key);
    world->seeded.state = 1;
    world->log_fd = open("/dev/null", O_WRONLY);
    *state = world;
    start_at(world, 0);
    return world->is_ready ? 0 : -1;
}

static int end(void **state)
{
    struct world *world = *state;

    if (!world->has_ended) {
        stop(world);
    }
    store_help_end(&world->files);
    (void)close(world->log_fd);
    free(world);
    return 0;
}

static enum status call(struct world *world, struct caller *caller, uint8_t number)
{
    uint8_t secret[KEY_BYTES];

    memset(secret, number, sizeof secret);
    caller_connect(caller, &world->files.loop, world->port);
    return caller_shake_hands(caller, secret, world->key.public_key);
}

static void who_knows_the_key_is_welcome_and_may_ping(void **state)
{
    struct world *world = *state;
    struct caller caller;
    struct writer writer;
    struct message_time time;
    const struct message *answer;

    assert_int_equal(call(world, &caller, 1), STATUS_OK);
    assert_memory_equal(channel_peer_name(caller.channel).data, "kringd ", 7);
    writer = caller_begin(&caller, MESSAGE_PING);
    message_encode_nothing(&writer);
    answer = caller_ask(&caller, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_OK);
    assert_int_equal(message_time_decode(answer->body, &time), STATUS_OK);
    assert_true(time.time_ms > 1700000000000U);
    caller_finish(&caller);
}

static void who_has_another_key_hears_nothing(void **state)
{
    struct world *world = *state;
    struct caller caller;
    struct noise_keypair other;
    uint8_t secret[KEY_BYTES] = {9};

    noise_keypair_from(secret, &other);
    caller_connect(&caller, &world->files.loop, world->port);
    assert_int_equal(caller_shake_hands(&caller, secret, other.public_key), STATUS_CRYPTO);
    assert_int_equal(caller.note_count, 0);
    caller_finish(&caller);
}

static void garbage_is_hung_up_on(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *bytes;
        size_t count;
    } garbage[] = {
        {"GET / HTTP/1.1\r\n\r\n", 18},
        {"\x00\x00\x00", 3},
        {"\xff\xff\xff", 3},
        {"\x00\x30 not the forty-eight bytes of a first message at all", 50},
    };

    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct caller caller;

        caller_connect(&caller, &world->files.loop, world->port);
        caller_write(&caller, garbage[i].bytes, garbage[i].count);
        caller_await_close(&caller);
        caller_finish(&caller);
    }
}

static void who_says_nothing_is_hung_up_on(void **state)
{
    struct world *world = *state;
    struct caller caller;
    uint64_t since_ms = uv_now(&world->files.loop);

    caller_connect(&caller, &world->files.loop, world->port);
    caller_await_close(&caller);
    assert_in_range(uv_now(&world->files.loop) - since_ms, CHANNEL_HANDSHAKE_MS_MAX - 500,
                    CHANNEL_HANDSHAKE_MS_MAX + 5000);
    caller_finish(&caller);
}

static void a_message_that_is_none_ends_the_connection(void **state)
{
    struct world *world = *state;
    struct caller caller;
    struct writer writer;

    assert_int_equal(call(world, &caller, 1), STATUS_OK);
    writer_init_growing(&writer, 100);
    writer_array(&writer, 1);
    writer_uint(&writer, 5);
    assert_null(caller_ask(&caller, &writer));
    caller_finish(&caller);
}

static void a_stopping_server_says_goodbye(void **state)
{
    struct world *world = *state;
    struct message_reason reason;
    struct caller caller;
    uint64_t since_ms;

    assert_int_equal(call(world, &caller, 1), STATUS_OK);
    since_ms = uv_now(&world->files.loop);
    server_stop(world->server);
    caller_await_close(&caller);
    assert_non_null(caller_note(&caller, MESSAGE_CLOSING, 0));
    assert_int_equal(
        message_reason_decode(caller_note(&caller, MESSAGE_CLOSING, 0)->body, &reason),
        STATUS_OK);
    assert_int_equal(message_status_of(reason.code), STATUS_CANCELLED);
    caller_finish(&caller);
    while (!world->has_ended) {
        (void)uv_run(&world->files.loop, UV_RUN_ONCE);
    }
    assert_int_equal(world->status, STATUS_OK);
    assert_true(uv_now(&world->files.loop) - since_ms < 5000);
}

static void a_port_in_use_is_named(void **state)
{
    struct world *world = *state;
    struct world second;
    char expected[SERVER_WHY_BYTES_MAX];

    memset(&second, 0, sizeof second);
    store_help_begin(&second.files);
    second.key = world->key;
    second.log_fd = world->log_fd;
    start_at(&second, world->port);
    while (!second.has_ended) {
        (void)uv_run(&second.files.loop, UV_RUN_ONCE);
    }
    assert_int_equal(second.status, STATUS_BUSY);
    snprintf(expected, sizeof expected, "cannot listen on 127.0.0.1:%u: the port is in use",
             (unsigned)world->port);
    assert_string_equal(second.why, expected);
    store_help_end(&second.files);
}

/* ---- a session over a real connection ---- */

struct host {
    struct caller caller;
    struct side side;
    struct seat seat;
    struct draft draft;
};

/* A ticket as an administrator makes it, but straight into the store. */
static void give_ticket(struct world *world, const uint8_t seed[SEED_BYTES])
{
    struct store_ticket ticket = {.label = "test", .uses = 1, .uses_left = 1};
    uint8_t secret[SIGN_SECRET_BYTES];

    link_sign_keys(seed, ticket.key, secret);
    ticket.expiry_ms = UINT64_MAX / 4;
    stop(world);
    assert_int_equal(store_help_open(&world->files, NULL, 0), STATUS_OK);
    assert_int_equal(store_help_put_ticket(&world->files, &ticket), STATUS_OK);
    store_help_stop(&world->files);
    start_at(world, 0);
}

static void draft_first_entry(struct world *world, struct host *host)
{
    static const struct step_plan plan = {.step = 1,
                                          .form = FORM_READ,
                                          .work = WORK_INDIVIDUAL,
                                          .sharing = SHARING_NAMED,
                                          .who = WHO_ALL};
    struct entropy entropy = seeded_entropy(&world->seeded);
    uint8_t seed[SEED_BYTES] = {1, 2, 3};
    uint8_t box_secret[KEY_BYTES];
    struct draft_session session = {
        .steps = &plan, .step_count = 1, .text_count = 1, .admission = ADMISSION_AUTOMATIC};

    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    session.retention_ms = (uint64_t)now.tv_sec * 1000 + WEEK_MS;
    entropy_fill(&entropy, session.f, sizeof session.f);
    recovery_derive(seed, &session.recovery, box_secret);
    draft_genesis(&host->draft, &host->seat, &session,
                  (struct bytes){.data = (const uint8_t *)"title", .count = 5}, &entropy);
}

static const struct message *create(struct host *host, const uint8_t seed[SEED_BYTES])
{
    struct message_create params = {.genesis = draft_bytes(&host->draft)};
    uint8_t secret[SIGN_SECRET_BYTES];
    struct writer writer = caller_begin(&host->caller, MESSAGE_CREATE);

    link_sign_keys(seed, params.ticket_key, secret);
    proof_ticket(secret, host->draft.sealed.hash, params.signature);
    message_create_encode(&writer, &params);
    return caller_ask(&host->caller, &writer);
}

static struct message_attached attach(struct host *host)
{
    struct message_attach params = {.public_place = {.index = 0}};
    struct message_attached attached;
    struct writer writer = caller_begin(&host->caller, MESSAGE_ATTACH);
    const struct message *answer;

    memcpy(params.session, host->draft.sealed.hash, HASH_BYTES);
    message_attach_encode(&writer, &params);
    answer = caller_ask(&host->caller, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_OK);
    assert_int_equal(message_attached_decode(answer->body, &attached), STATUS_OK);
    return attached;
}

static void a_session_outlives_the_server(void **state)
{
    struct world *world = *state;
    struct host *host = calloc(1, sizeof *host);
    uint8_t ticket[SEED_BYTES] = {4, 5, 6};
    uint8_t seed[SEED_BYTES] = {8, 8, 8};
    struct message_appended appended;
    struct message_attached attached;
    struct message_item item;
    const struct message *answer;

    assert_non_null(host);
    seat_derive(seed, &host->seat);
    give_ticket(world, ticket);
    draft_first_entry(world, host);
    caller_connect(&host->caller, &world->files.loop, world->port);
    assert_int_equal(
        caller_shake_hands(&host->caller, host->seat.noise_secret, world->key.public_key),
        STATUS_OK);
    answer = create(host, ticket);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_OK);
    assert_int_equal(message_appended_decode(answer->body, &appended), STATUS_OK);
    assert_int_equal(appended.index, 1);
    assert_memory_equal(appended.hash, host->draft.sealed.hash, HASH_BYTES);
    caller_finish(&host->caller);

    stop(world);
    assert_int_equal(world->status, STATUS_OK);
    start_at(world, 0);
    caller_connect(&host->caller, &world->files.loop, world->port);
    assert_int_equal(
        caller_shake_hands(&host->caller, host->seat.noise_secret, world->key.public_key),
        STATUS_OK);
    attached = attach(host);
    assert_int_equal(attached.public_head.index, 1);
    assert_int_equal(attached.member, 1);
    caller_await_notes(&host->caller, MESSAGE_ITEM, 1);
    assert_int_equal(
        message_item_decode(caller_note(&host->caller, MESSAGE_ITEM, 0)->body, &item),
        STATUS_OK);
    assert_int_equal(item.index, 1);
    assert_int_equal(item.entry.count, host->draft.sealed.count);
    assert_memory_equal(item.entry.data, host->draft.sealed.bytes, item.entry.count);
    caller_finish(&host->caller);
    seat_wipe(&host->seat);
    free(host);
}

static void a_used_ticket_creates_nothing_more(void **state)
{
    struct world *world = *state;
    struct host *host = calloc(1, sizeof *host);
    uint8_t ticket[SEED_BYTES] = {4, 5, 6};
    const struct message *answer;

    assert_non_null(host);
    give_ticket(world, ticket);
    for (uint8_t i = 1; i <= 2; i++) {
        uint8_t seed[SEED_BYTES] = {i};

        seat_derive(seed, &host->seat);
        draft_first_entry(world, host);
        caller_connect(&host->caller, &world->files.loop, world->port);
        assert_int_equal(
            caller_shake_hands(&host->caller, host->seat.noise_secret, world->key.public_key),
            STATUS_OK);
        answer = create(host, ticket);
        assert_non_null(answer);
        assert_int_equal(answer->error, i == 1 ? STATUS_OK : STATUS_USED_UP);
        caller_finish(&host->caller);
    }
    seat_wipe(&host->seat);
    free(host);
}

/* ---- the control socket ---- */

static struct link ask_for_ticket(struct world *world, struct caller *administrator)
{
    struct control_ticket params = {.label = message_text("spring", 64),
                                    .uses = 1,
                                    .expires_ms = UINT64_MAX / 4,
                                    .host = message_text("kring.example:1", 64)};
    struct control_link result;
    enum link_part part = LINK_PART_NONE;
    struct link link;
    const struct message *answer;
    struct writer writer;

    (void)world;
    writer = caller_begin(administrator, MESSAGE_TICKET);
    control_ticket_encode(&writer, &params);
    answer = caller_ask(administrator, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_OK);
    assert_int_equal(control_link_decode(answer->body, &result), STATUS_OK);
    assert_int_equal(link_parse(result.link, &link, &part), STATUS_OK);
    return link;
}

static void purge(struct caller *administrator, const uint8_t *session, enum status expected)
{
    struct control_session params;
    struct writer writer = caller_begin(administrator, MESSAGE_PURGE);
    const struct message *answer;

    memcpy(params.session, session, HASH_BYTES);
    control_session_encode(&writer, &params);
    answer = caller_ask(administrator, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, expected);
}

static void an_administrator_gives_a_ticket_and_purges(void **state)
{
    struct world *world = *state;
    struct host *host = calloc(1, sizeof *host);
    struct caller *administrator = calloc(1, sizeof *administrator);
    uint8_t seed[SEED_BYTES] = {8, 8, 8};
    char path[STORE_HELP_PATH_BYTES + 16];
    struct message_reason reason;
    struct link link;
    const struct message *answer;

    assert_true(host != NULL && administrator != NULL);
    snprintf(path, sizeof path, "%s/kringd.sock", world->files.directory);
    caller_connect_local(administrator, &world->files.loop, path);
    link = ask_for_ticket(world, administrator);
    assert_int_equal(link.type, LINK_TICKET);
    assert_memory_equal(link.server_key, world->key.public_key, KEY_BYTES);

    seat_derive(seed, &host->seat);
    draft_first_entry(world, host);
    caller_connect(&host->caller, &world->files.loop, world->port);
    assert_int_equal(
        caller_shake_hands(&host->caller, host->seat.noise_secret, link.server_key), STATUS_OK);
    answer = create(host, link.seed);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_OK);
    assert_int_equal(attach(host).member, 1);

    purge(administrator, host->draft.sealed.hash, STATUS_OK);
    caller_await_close(&host->caller);
    assert_non_null(caller_note(&host->caller, MESSAGE_CLOSING, 0));
    assert_int_equal(
        message_reason_decode(caller_note(&host->caller, MESSAGE_CLOSING, 0)->body, &reason),
        STATUS_OK);
    assert_int_equal(message_status_of(reason.code), STATUS_PURGED);
    purge(administrator, host->draft.sealed.hash, STATUS_PURGED);
    assert_false(store_help_disk_holds(&world->files, host->draft.sealed.bytes,
                                       host->draft.sealed.count));
    caller_finish(&host->caller);
    caller_finish(administrator);
    seat_wipe(&host->seat);
    free(administrator);
    free(host);
}

static struct control_sessions *list_sessions(struct caller *administrator)
{
    struct control_sessions *sessions = calloc(1, sizeof *sessions);
    struct control_after params = {.session = {.data = NULL, .count = 0}};
    struct writer writer = caller_begin(administrator, MESSAGE_SESSIONS);
    const struct message *answer;

    assert_non_null(sessions);
    control_after_encode(&writer, &params);
    answer = caller_ask(administrator, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_OK);
    assert_int_equal(control_sessions_decode(answer->body, sessions), STATUS_OK);
    return sessions;
}

static void a_session_past_its_date_goes(void **state)
{
    struct world *world = *state;
    struct caller *administrator = calloc(1, sizeof *administrator);
    char path[STORE_HELP_PATH_BYTES + 16];
    bool is_gone = false;

    assert_non_null(administrator);
    stop(world);
    assert_int_equal(store_help_open(&world->files, NULL, 0), STATUS_OK);
    assert_int_equal(store_help_append(&world->files, store_help_genesis(1)), STATUS_OK);
    store_help_stop(&world->files);
    start_at(world, 0);
    snprintf(path, sizeof path, "%s/kringd.sock", world->files.directory);
    caller_connect_local(administrator, &world->files.loop, path);
    for (int i = 0; i < 1000 && !is_gone; i++) { /* each asks and waits for the answer */
        struct control_sessions *sessions = list_sessions(administrator);

        assert_int_equal(sessions->count, 1);
        is_gone = sessions->items[0].purged;
        free(sessions);
    }
    assert_true(is_gone);
    caller_finish(administrator);
    free(administrator);
}

static void an_administrator_may_not_ask_just_anything(void **state)
{
    struct world *world = *state;
    struct caller *administrator = calloc(1, sizeof *administrator);
    char path[STORE_HELP_PATH_BYTES + 16];
    struct writer writer;
    const struct message *answer;

    assert_non_null(administrator);
    snprintf(path, sizeof path, "%s/kringd.sock", world->files.directory);
    caller_connect_local(administrator, &world->files.loop, path);
    writer = caller_begin(administrator, MESSAGE_APPEND);
    message_encode_nothing(&writer);
    answer = caller_ask(administrator, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_UNSUPPORTED);
    writer = caller_begin(administrator, MESSAGE_TICKET);
    message_encode_nothing(&writer);
    answer = caller_ask(administrator, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_MALFORMED);
    caller_finish(administrator);
    free(administrator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_knows_the_key_is_welcome_and_may_ping, begin, end),
        cmocka_unit_test_setup_teardown(who_has_another_key_hears_nothing, begin, end),
        cmocka_unit_test_setup_teardown(garbage_is_hung_up_on, begin, end),
        cmocka_unit_test_setup_teardown(who_says_nothing_is_hung_up_on, begin, end),
        cmocka_unit_test_setup_teardown(a_message_that_is_none_ends_the_connection, begin, end),
        cmocka_unit_test_setup_teardown(a_stopping_server_says_goodbye, begin, end),
        cmocka_unit_test_setup_teardown(a_port_in_use_is_named, begin, end),
        cmocka_unit_test_setup_teardown(a_session_outlives_the_server, begin, end),
        cmocka_unit_test_setup_teardown(a_used_ticket_creates_nothing_more, begin, end),
        cmocka_unit_test_setup_teardown(an_administrator_gives_a_ticket_and_purges, begin, end),
        cmocka_unit_test_setup_teardown(a_session_past_its_date_goes, begin, end),
        cmocka_unit_test_setup_teardown(an_administrator_may_not_ask_just_anything, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

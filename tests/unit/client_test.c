/* Clients as people run them, over real sockets to a real server: all in this process, on one
 * loop. */
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
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "client/client.h"
#include "client/compile.h"
#include "client/guide/resolve.h"
#include "protocol/control.h"
#include "server/server.h"
#include "tests/support/caller.h"
#include "tests/support/home.h"

enum { DEADLINE_MS = 20000, DAY_MS = 24 * 3600 * 1000 };

static const char guide[] = "kring-guide: 1\nid: g\nlanguage: en\ntitle: G\nphases:\n"
                            "  - id: p\n    title: P\n    steps:\n"
                            "      - {id: q, kind: question, text: What?}\n";

struct person {
    struct world *world;
    char home[96];
    struct local *local;
    struct client *client;
    size_t news[NEWS_KIND_COUNT];
    enum status line;
    char text[512];
    bool closed;
};

struct world {
    uv_loop_t loop;
    uv_timer_t deadline;
    char directory[64];
    char data[80];
    struct server *server;
    struct noise_keypair key;
    uint16_t port;
    int log_fd;
    bool ready, ended, late;
    struct link ticket;
    const char *title;
    enum status letters; /* how handing out goes */
    size_t handed_out;
    struct person fatma, bram;
};

/* ---- a server ---- */

static void on_ready(void *context, struct server *server)
{
    struct world *world = context;
    union config_address address;

    server_address(server, 0, &address);
    world->port = ntohs(address.v4.sin_port);
    world->ready = true;
}

static void on_ended(void *context, enum status status, const char *why)
{
    struct world *world = context;

    (void)status;
    (void)why;
    world->ended = true;
}

static void on_deadline(uv_timer_t *timer)
{
    struct world *world = timer->data;

    world->late = true;
}

/* Waits for it, with a deadline. */
#define WAIT_FOR(world, condition)                                                             \
    do {                                                                                       \
        (void)uv_timer_start(&(world)->deadline, on_deadline, DEADLINE_MS, 0);                 \
        while (!(condition) && !(world)->late) {                                               \
            (void)uv_run(&(world)->loop, UV_RUN_ONCE);                                         \
        }                                                                                      \
        assert_false((world)->late);                                                           \
    } while (0)

static void start_server(struct world *world, uint16_t port)
{
    union config_address address = {.v4 = {.sin_family = AF_INET, .sin_port = htons(port)}};
    struct server_options options = {.directory = world->data,
                                     .listens = &address,
                                     .listen_count = 1,
                                     .key = world->key,
                                     .entropy = entropy_system(),
                                     .logger = {.fd = world->log_fd},
                                     .context = world,
                                     .ready = on_ready,
                                     .ended = on_ended};
    char why[SERVER_WHY_BYTES_MAX];

    (void)inet_pton(AF_INET, "127.0.0.1", &address.v4.sin_addr);
    world->ready = world->ended = false;
    assert_int_equal(server_start(&world->loop, &options, &world->server, why), STATUS_OK);
    WAIT_FOR(world, world->ready || world->ended);
    assert_true(world->ready);
}

static void stop_server(struct world *world)
{
    server_stop(world->server);
    WAIT_FOR(world, world->ended);
}

static uint64_t now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_REALTIME, &time);
    return (uint64_t)time.tv_sec * 1000;
}

/* A ticket, as an administrator makes one. */
static void make_ticket(struct world *world)
{
    struct control_ticket asked = {
        .label = {(const uint8_t *)"test", 4}, .uses = 3, .expires_ms = now() + DAY_MS};
    struct control_link made;
    struct caller caller;
    struct writer writer;
    const struct message *answer = NULL;
    enum link_part part = LINK_PART_NONE;
    char path[128];

    (void)snprintf(path, sizeof path, "%s/kringd.sock", world->data);
    caller_connect_local(&caller, &world->loop, path);
    writer = caller_begin(&caller, MESSAGE_TICKET);
    control_ticket_encode(&writer, &asked);
    answer = caller_ask(&caller, &writer);
    assert_non_null(answer);
    assert_int_equal(answer->error, STATUS_OK);
    assert_int_equal(control_link_decode(answer->body, &made), STATUS_OK);
    assert_int_equal(link_parse(made.link, &world->ticket, &part), STATUS_OK);
    caller_finish(&caller);
}

/* ---- people ---- */

static void hears(void *context, const struct news *news)
{
    struct person *person = context;

    person->news[news->kind]++;
    if (news->kind == NEWS_CONNECTION) {
        person->line = news->status;
    }
    if (news->text != NULL) {
        (void)snprintf(person->text, sizeof person->text, "%s", news->text);
    }
}

static void begin_person(struct world *world, struct person *person, const char *name)
{
    char detail[LOCAL_DETAIL_BYTES_MAX];

    person->world = world;
    (void)snprintf(person->home, sizeof person->home, "%s/%s", world->directory, name);
    assert_int_equal(local_open(person->home, entropy_system(), detail, &person->local),
                     STATUS_OK);
}

static void on_closed(void *context)
{
    struct person *person = context;

    person->closed = true;
    person->client = NULL;
}

static void leave(struct person *person)
{
    if (person->client != NULL) {
        person->closed = false;
        client_close(person->client, on_closed, person);
        WAIT_FOR(person->world, person->closed);
    }
}

/* The sheet comes first: neither this device nor the server knows of the session then. */
static enum status hand_out(void *context, const struct client *client,
                            const struct link *recovery)
{
    struct world *world = context;
    struct local_seat seat;

    world->handed_out++;
    assert_int_equal(recovery->type, LINK_RECOVERY);
    assert_memory_equal(recovery->session, client_session(client), HASH_BYTES);
    assert_int_equal(local_seat(world->fatma.local, client_session(client), &seat),
                     STATUS_NOT_FOUND);
    return world->letters;
}

static void host(struct world *world)
{
    static const struct member_invite_plan invites[] = {{.role = ROLE_PARTICIPANT, .uses = 5}};
    struct member_host_options options = {
        .title = world->title,
        .name = "Fatma",
        .retention_ms = now() + 30ULL * DAY_MS,
        .invite_expiry_ms = now() + DAY_MS,
        .invite_count = 1,
        .invites = invites,
    };
    struct client_face face = {.context = &world->fatma, .news = hears};
    struct compiled *compiled = NULL;
    struct report *report = NULL;
    struct guide *read = NULL;
    struct resolved *resolved = NULL;
    struct client_handing_out handing_out = {world, hand_out};
    struct local_seat *seats = NULL;
    size_t count = 0;
    char detail[LOCAL_DETAIL_BYTES_MAX];

    assert_int_equal(report_create(&report), STATUS_OK);
    assert_int_equal(guide_read((struct bytes){(const uint8_t *)guide, strlen(guide)}, "g.yaml",
                                report, &read),
                     STATUS_OK);
    assert_int_equal(resolve_session(read, NULL, NULL, &resolved), STATUS_OK);
    assert_int_equal(compile_session(resolved, report, &compiled), STATUS_OK);
    options.compiled = compiled;
    begin_person(world, &world->fatma, "fatma");
    world->ticket.port = world->port;
    (void)snprintf(world->ticket.host, sizeof world->ticket.host, "127.0.0.1");
    world->letters = STATUS_NO_SPACE;
    assert_int_equal(client_host(&world->loop, world->fatma.local, &face, &world->ticket,
                                 &options, &handing_out, detail, &world->fatma.client),
                     STATUS_NO_SPACE);
    assert_int_equal(local_seats(world->fatma.local, &seats, &count), STATUS_OK);
    assert_int_equal(count, 0); /* not handed out, so it never was */
    local_free_seats(seats, count);
    world->letters = STATUS_OK;
    assert_int_equal(client_host(&world->loop, world->fatma.local, &face, &world->ticket,
                                 &options, &handing_out, detail, &world->fatma.client),
                     STATUS_OK);
    assert_int_equal(world->handed_out, 2);
    WAIT_FOR(world, world->fatma.news[NEWS_CREATED] > 0);
    compiled_destroy(compiled);
    resolved_destroy(resolved);
    guide_destroy(read);
    report_destroy(report);
}

static void parse_invite(struct world *world, struct link *link)
{
    char text[LINK_TEXT_BYTES_MAX + 1];
    enum link_part part = LINK_PART_NONE;

    assert_int_equal(client_invite_text(world->fatma.client, 1, text), STATUS_OK);
    assert_int_equal(
        link_parse((struct bytes){(const uint8_t *)text, strlen(text)}, link, &part),
        STATUS_OK);
}

static const struct model *model_of(struct person *person)
{
    return member_model(client_member(person->client));
}

static void join(struct world *world)
{
    struct client_face face = {.context = &world->bram, .news = hears};
    struct link link;
    char detail[LOCAL_DETAIL_BYTES_MAX];

    parse_invite(world, &link);
    begin_person(world, &world->bram, "bram");
    assert_int_equal(client_join(&world->loop, world->bram.local, &face, &link, "Bram", detail,
                                 &world->bram.client),
                     STATUS_OK);
    WAIT_FOR(world, model_of(&world->bram)->standing == STANDING_MEMBER &&
                        model_of(&world->bram)->title[0] != '\0');
}

static void reopen(struct person *person)
{
    struct client_face face = {.context = person, .news = hears};
    struct local_seat *seats = NULL;
    size_t count = 0;
    char detail[LOCAL_DETAIL_BYTES_MAX];

    leave(person);
    local_close(person->local);
    assert_int_equal(local_open(person->home, entropy_system(), detail, &person->local),
                     STATUS_OK);
    assert_int_equal(local_seats(person->local, &seats, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(client_open(&person->world->loop, person->local, &face, seats[0].session,
                                 detail, &person->client),
                     STATUS_OK);
    local_free_seats(seats, count);
}

static int begin_titled(void **state, const char *title)
{
    struct world *world = calloc(1, sizeof *world);
    uint8_t secret[KEY_BYTES];

    world->title = title;
    (void)uv_loop_init(&world->loop);
    (void)uv_timer_init(&world->loop, &world->deadline);
    world->deadline.data = world;
    (void)snprintf(world->directory, sizeof world->directory, "/tmp/kring-client-XXXXXX");
    if (mkdtemp(world->directory) == NULL) {
        return -1;
    }
    (void)snprintf(world->data, sizeof world->data, "%s/data", world->directory);
    (void)mkdir(world->data, 0700);
    memset(secret, 7, sizeof secret);
    noise_keypair_from(secret, &world->key);
    world->log_fd = open("/dev/null", O_WRONLY);
    *state = world;
    start_server(world, 0);
    make_ticket(world);
    host(world);
    join(world);
    return 0;
}

static int begin(void **state)
{
    return begin_titled(state, "A session");
}

static int begin_with_a_long_title(void **state)
{
#define TEN "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
    return begin_titled(state, "A" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN);
#undef TEN
}

static int end(void **state)
{
    struct world *world = *state;
    char command[128];

    leave(&world->bram);
    leave(&world->fatma);
    local_close(world->bram.local);
    local_close(world->fatma.local);
    if (!world->ended) {
        stop_server(world);
    }
    uv_close((uv_handle_t *)&world->deadline, NULL);
    (void)uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    (void)close(world->log_fd);
    (void)snprintf(command, sizeof command, "rm -rf %s", world->directory);
    free(world);
    return system(command) == 0 ? 0 : -1;
}

/* ---- tests ---- */

static void answer(struct person *person, const char *text)
{
    struct content_answer given = {.field_count = 1};

    given.fields[0] = (struct bytes){(const uint8_t *)text, strlen(text)};
    assert_int_equal(member_answer(client_member(person->client), 1, 0, &given), STATUS_OK);
}

static enum answer_state state_of(struct person *person)
{
    return model_step(model_of(person), 1)->own[0].state;
}

static void open_step(struct world *world)
{
    WAIT_FOR(world, member_next_step(client_member(world->fatma.client)) == 1);
    assert_int_equal(member_next(client_member(world->fatma.client)), STATUS_OK);
    WAIT_FOR(world, model_of(&world->bram)->here == 1);
}

static void two_people_play_over_a_real_line(void **state)
{
    struct world *world = *state;

    open_step(world);
    answer(&world->bram, "over the wire");
    WAIT_FOR(world, state_of(&world->bram) == ANSWER_SAVED);
    assert_int_equal(member_release_step(client_member(world->fatma.client), 1), STATUS_OK);
    WAIT_FOR(world, model_step(model_of(&world->fatma), 1)->answer_count == 1);
    assert_string_equal(model_step(model_of(&world->fatma), 1)->answers[0].fields[0],
                        "over the wire");
    WAIT_FOR(world, state_of(&world->bram) == ANSWER_SHARED);
}

static void who_comes_back_finds_everything(void **state)
{
    struct world *world = *state;
    struct content_answer draft = {.field_count = 1};
    struct local_seat *seats = NULL;
    size_t count = 0;

    open_step(world);
    draft.fields[0] = (struct bytes){(const uint8_t *)"half", 4};
    assert_int_equal(member_draft(client_member(world->bram.client), 1, 0, &draft), STATUS_OK);
    reopen(&world->bram);
    assert_int_equal(model_of(&world->bram)->here, 1); /* before any server was reached */
    assert_string_equal(model_step(model_of(&world->bram), 1)->own[0].fields[0], "half");
    WAIT_FOR(world, model_of(&world->bram)->caught_up);
    assert_int_equal(member_submit(client_member(world->bram.client), 1, 0), STATUS_OK);
    WAIT_FOR(world, state_of(&world->bram) == ANSWER_SAVED);
    assert_int_equal(local_seats(world->bram.local, &seats, &count), STATUS_OK);
    assert_string_equal(seats[0].title, "A session");
    assert_int_equal(seats[0].role, ROLE_PARTICIPANT);
    local_free_seats(seats, count);
    reopen(&world->fatma);
    WAIT_FOR(world, model_of(&world->fatma)->caught_up);
    assert_int_equal(member_release_step(client_member(world->fatma.client), 1), STATUS_OK);
    WAIT_FOR(world, state_of(&world->bram) == ANSWER_SHARED);
}

static void the_line_comes_back_by_itself(void **state)
{
    struct world *world = *state;
    uint16_t port = world->port;

    open_step(world);
    stop_server(world);
    WAIT_FOR(world, !client_is_connected(world->bram.client));
    answer(&world->bram, "kept");
    assert_int_equal(state_of(&world->bram), ANSWER_WAITING);
    WAIT_FOR(world, world->bram.line == STATUS_UNREACHABLE);
    assert_int_equal(member_pause(client_member(world->fatma.client)), STATUS_UNREACHABLE);
    start_server(world, port);
    WAIT_FOR(world, state_of(&world->bram) == ANSWER_SAVED);
    assert_true(client_is_connected(world->bram.client));
}

static void a_session_is_open_once(void **state)
{
    struct world *world = *state;
    struct client *again = NULL;
    struct local *local = NULL;
    struct client_face face = {.context = &world->bram, .news = hears};
    char detail[LOCAL_DETAIL_BYTES_MAX];

    assert_int_equal(local_open(world->bram.home, entropy_system(), detail, &local), STATUS_OK);
    assert_int_equal(client_open(&world->loop, local, &face, client_session(world->bram.client),
                                 detail, &again),
                     STATUS_BUSY);
    assert_non_null(strstr(detail, "another kring"));
    (void)uv_run(&world->loop, UV_RUN_NOWAIT);
    local_close(local);
}

static size_t count_rows(struct person *person, const char *table)
{
    struct home home = {.local = NULL};
    char sql[96];
    char text[16] = "";

    (void)snprintf(home.path, sizeof home.path, "%.63s", person->home);
    (void)snprintf(sql, sizeof sql, "SELECT CAST(count(*) AS TEXT) FROM %s", table);
    home_sql(&home, sql, text, sizeof text - 1);
    return (size_t)strtoul(text, NULL, 10);
}

/* Reading a copy takes away what is torn in it: not while another process is writing it. */
static void who_comes_second_touches_nothing(void **state)
{
    struct world *world = *state;
    struct client *again = NULL;
    struct local *local = NULL;
    struct home home = {.local = NULL};
    struct client_face face = {.context = &world->bram, .news = hears};
    char detail[LOCAL_DETAIL_BYTES_MAX];
    size_t held = count_rows(&world->bram, "entry");

    assert_true(held > 0);
    (void)snprintf(home.path, sizeof home.path, "%.63s", world->bram.home);
    home_sql(&home, "UPDATE entry SET sealed = zeroblob(length(sealed))", NULL, 0);
    assert_int_equal(local_open(world->bram.home, entropy_system(), detail, &local), STATUS_OK);
    assert_int_equal(client_open(&world->loop, local, &face, client_session(world->bram.client),
                                 detail, &again),
                     STATUS_BUSY);
    local_close(local);
    assert_int_equal(count_rows(&world->bram, "entry"), held);
}

static void what_is_deleted_stays_deleted(void **state)
{
    struct world *world = *state;
    struct local_seat *seats = NULL;
    struct client_face face = {.context = &world->bram, .news = hears};
    char detail[LOCAL_DETAIL_BYTES_MAX];
    size_t count = 0;

    open_step(world);
    answer(&world->bram, "to be gone");
    WAIT_FOR(world, state_of(&world->bram) == ANSWER_SAVED);
    assert_true(count_rows(&world->bram, "record") > 0);
    assert_int_equal(member_end(client_member(world->fatma.client)), STATUS_OK);
    WAIT_FOR(world, model_of(&world->fatma)->state == SESSION_ENDED);
    assert_int_equal(member_purge(client_member(world->fatma.client)), STATUS_OK);
    WAIT_FOR(world, model_of(&world->bram)->state == SESSION_PURGED);
    assert_int_equal(count_rows(&world->bram, "record"), 0); /* as soon as it is known */
    assert_int_equal(count_rows(&world->bram, "entry"), 0);
    member_keep_all(client_member(world->bram.client));
    leave(&world->bram);
    assert_int_equal(count_rows(&world->bram, "record"), 0);
    assert_int_equal(count_rows(&world->bram, "entry"), 0);
    assert_int_equal(local_seats(world->bram.local, &seats, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_true(seats[0].purged);
    assert_int_equal(client_open(&world->loop, world->bram.local, &face, seats[0].session,
                                 detail, &world->bram.client),
                     STATUS_PURGED);
    local_free_seats(seats, count);
}

static void a_long_title_is_cut_between_characters(void **state)
{
    struct world *world = *state;
    struct local_seat *seats = NULL;
    size_t count = 0;

    assert_int_equal(local_seats(world->fatma.local, &seats, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(strlen(seats[0].title), LOCAL_TITLE_BYTES_MAX - 1);
    assert_true(
        bytes_is_utf8((struct bytes){(const uint8_t *)seats[0].title, strlen(seats[0].title)}));
    local_free_seats(seats, count);
}

static void another_server_in_its_place_is_not_believed(void **state)
{
    struct world *world = *state;
    struct link link;
    struct local *local = NULL;
    struct person stranger = {.world = world};
    struct client_face face = {.context = &stranger, .news = hears};
    char detail[LOCAL_DETAIL_BYTES_MAX];
    char home[96];

    parse_invite(world, &link);
    link.server_key[0] ^= 1;
    (void)snprintf(home, sizeof home, "%s/stranger", world->directory);
    assert_int_equal(local_open(home, entropy_system(), detail, &local), STATUS_OK);
    assert_int_equal(
        client_join(&world->loop, local, &face, &link, "X", detail, &stranger.client),
        STATUS_OK);
    WAIT_FOR(world, stranger.news[NEWS_CONNECTION] > 0);
    assert_int_equal(stranger.line, STATUS_CRYPTO);
    assert_non_null(strstr(stranger.text, "not the server of this invite"));
    leave(&stranger);
    local_close(local);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(two_people_play_over_a_real_line),
        IN_WORLD(who_comes_back_finds_everything),
        IN_WORLD(the_line_comes_back_by_itself),
        IN_WORLD(a_session_is_open_once),
        IN_WORLD(who_comes_second_touches_nothing),
        IN_WORLD(what_is_deleted_stays_deleted),
        cmocka_unit_test_setup_teardown(a_long_title_is_cut_between_characters,
                                        begin_with_a_long_title, end),
        IN_WORLD(another_server_in_its_place_is_not_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* probe_member HOME dump|try FILE...|listen -- what a device really has, for tests that ask
 * what it must not have. HOME is a device that is in one session and has no kring running.
 *
 *   dump    every entry it holds: "entry STREAM INDEX KIND STEP AUTHOR BODY PLAINTEXT"
 *   try     can its keys open these waiting answers, taken from a server? "FILE: STATUS"
 *   listen  connects as kring does; "message BYTES" for each that comes, as it is after the
 *           transport's decryption, until standard input ends; then as dump
 *
 * Bytes are in hexadecimal, "-" if none; BODY is none, closed, open or unreadable. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <uv.h>

#include "client/connection.h"
#include "client/local.h"
#include "client/member.h"
#include "client/replica.h"
#include "client/words.h"
#include "protocol/entry.h"
#include "protocol/seal.h"
#include "protocol/seat.h"

enum { TICK_MS = 1000, FILE_BYTES_MAX = ENTRY_BYTES_MAX + 1 };

struct probe {
    struct local *local;
    struct local_seat seat;
    struct member *member;
    struct connection *connection; /* NULL: does not listen */
    uv_loop_t loop;
    uv_timer_t timer;
    uv_pipe_t input;
    char chunk[256];
};

static void print_bytes(struct bytes bytes)
{
    if (bytes.count == 0) {
        (void)putchar('-');
    }
    for (size_t i = 0; i < bytes.count; i++) {
        (void)printf("%02x", bytes.data[i]);
    }
}

/* ---- what it holds ---- */

static void print_entry(const struct replica_entry *entry)
{
    static const char *const bodies[] = {
        [REPLICA_NO_BODY] = "none",
        [REPLICA_CLOSED] = "closed",
        [REPLICA_OPEN] = "open",
        [REPLICA_UNREADABLE] = "unreadable",
    };

    (void)printf("entry %s %llu %s %u %u %s ",
                 entry->stream == STREAM_PUBLIC ? "public" : "own",
                 (unsigned long long)entry->index, words_id_of_kind(entry->kind),
                 (unsigned)entry->step, (unsigned)entry->author, bodies[entry->body]);
    print_bytes(entry->plaintext);
    (void)putchar('\n');
}

static void dump(const struct probe *probe)
{
    const struct replica *replica = member_replica(probe->member);

    for (int stream = STREAM_PUBLIC; stream <= STREAM_OWN; stream++) {
        for (size_t i = 1; i <= replica_count(replica, (enum stream)stream); i++) {
            print_entry(replica_at(replica, (enum stream)stream, i));
        }
    }
}

/* ---- what its keys open ---- */

static int try_file(const struct probe *probe, const char *path)
{
    static uint8_t bytes[FILE_BYTES_MAX];
    static uint8_t plain[BODY_PADDED_BYTES_MAX];
    static struct entry entry; /* too large for a stack */
    const struct replica *replica = member_replica(probe->member);
    uint8_t key[KEY_BYTES];
    FILE *file = fopen(path, "rb");
    size_t count = file == NULL ? 0 : fread(bytes, 1, sizeof bytes, file);
    enum status status;

    if (file == NULL || fclose(file) != 0) {
        return EX_NOINPUT;
    }
    status = entry_decode((struct bytes){bytes, count}, &entry);
    if (status == STATUS_OK) {
        status = keyring_content(replica_ring(replica), replica_session(replica), &entry, key);
    }
    if (status == STATUS_OK) {
        status = entry_open_body(&entry, key, plain, &count);
    }
    (void)printf("%s: %s\n", path, status_name(status));
    return EX_OK;
}

/* ---- listening ---- */

static uint64_t now_ms(void)
{
    uv_timeval64_t now = {0};

    (void)uv_gettimeofday(&now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
}

static void on_ready(void *context, uint64_t server_ms)
{
    struct probe *probe = context;

    member_connected(probe->member, now_ms(), server_ms);
}

static enum status on_message(void *context, struct bytes message)
{
    struct probe *probe = context;

    (void)fputs("message ", stdout);
    print_bytes(message);
    (void)putchar('\n');
    (void)fflush(stdout);
    return member_receive(probe->member, message, now_ms());
}

static void on_lost(void *context, enum status status, const char *text, uint64_t retry_ms)
{
    struct probe *probe = context;

    (void)retry_ms;
    (void)printf("lost %s: %s\n", status_name(status), text == NULL ? "" : text);
    (void)fflush(stdout);
    member_disconnected(probe->member, now_ms());
}

static void on_timer(uv_timer_t *timer)
{
    struct probe *probe = timer->data;
    uint64_t next_ms;

    member_tick(probe->member, now_ms(), &next_ms);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct probe *probe = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(probe->chunk, sizeof probe->chunk);
}

static void on_input(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct probe *probe = stream->data;

    (void)buffer;
    if (count < 0) {
        uv_close((uv_handle_t *)&probe->input, NULL);
        uv_close((uv_handle_t *)&probe->timer, NULL);
        connection_close(probe->connection, NULL, NULL);
    }
}

static int listen_on(struct probe *probe)
{
    struct connection_options options = {
        .host = probe->seat.host,
        .port = probe->seat.port,
        .entropy = entropy_system(),
        .driver = {.context = probe, .ready = on_ready, .message = on_message, .lost = on_lost},
    };
    struct seat seat;

    seat_derive(probe->seat.seed, &seat);
    memcpy(options.server_key, probe->seat.server_key, KEY_BYTES);
    memcpy(options.noise_secret, seat.noise_secret, KEY_BYTES);
    if (uv_loop_init(&probe->loop) != 0 ||
        connection_create(&probe->loop, &options, &probe->connection) != STATUS_OK ||
        uv_timer_init(&probe->loop, &probe->timer) != 0 ||
        uv_pipe_init(&probe->loop, &probe->input, 0) != 0 ||
        uv_pipe_open(&probe->input, 0) != 0) {
        return EX_OSERR;
    }
    probe->timer.data = probe;
    probe->input.data = probe;
    (void)uv_timer_start(&probe->timer, on_timer, TICK_MS, TICK_MS);
    (void)uv_read_start((uv_stream_t *)&probe->input, on_alloc, on_input);
    connection_start(probe->connection);
    (void)uv_run(&probe->loop, UV_RUN_DEFAULT);
    seat_wipe(&seat);
    return uv_loop_close(&probe->loop) == 0 ? EX_OK : EX_SOFTWARE;
}

/* ---- the device ---- */

static void send_message(void *context, struct bytes message)
{
    struct probe *probe = context;

    connection_send(probe->connection, message);
}

/* Nothing is written: the device is as it was when the probe is gone. */
static void keep_record(void *context, enum record_kind kind, struct bytes key,
                        struct bytes value)
{
    (void)context, (void)kind, (void)key, (void)value;
}

static void keep_entry(void *context, enum stream stream, uint64_t index, uint64_t time_ms,
                       struct bytes entry)
{
    (void)context, (void)stream, (void)index, (void)time_ms, (void)entry;
}

static void erase(void *context)
{
    (void)context;
}

static void on_news(void *context, const struct news *news)
{
    (void)context, (void)news;
}

static int begin(struct probe *probe, const char *home)
{
    struct member_options options = {
        .driver = {.context = probe,
                   .send = send_message,
                   .keep_record = keep_record,
                   .keep_entry = keep_entry,
                   .erase = erase,
                   .news = on_news},
        .entropy = entropy_system(),
    };
    char detail[LOCAL_DETAIL_BYTES_MAX] = "";
    struct local_seat *seats = NULL;
    size_t count = 0;
    enum status status = local_open(home, entropy_system(), detail, &probe->local);

    if (status == STATUS_OK) {
        status = local_seats(probe->local, &seats, &count);
    }
    if (status == STATUS_OK && count != 1) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        probe->seat = seats[0];
        memcpy(options.seed, probe->seat.seed, SEED_BYTES);
        memcpy(options.session, probe->seat.session, HASH_BYTES);
        status = member_create(&options, &probe->member);
    }
    if (status == STATUS_OK) {
        status = local_restore(probe->local, probe->seat.session, probe->member);
    }
    local_free_seats(seats, count);
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "probe_member: %s: %s %s\n", home, status_name(status), detail);
        return EX_NOINPUT;
    }
    return EX_OK;
}

static void finish(struct probe *probe)
{
    member_destroy(probe->member);
    local_close(probe->local);
}

int main(int argc, char **argv)
{
    static struct probe probe;
    const char *what = argc > 2 ? argv[2] : "";
    int code;

    if (strcmp(what, "dump") != 0 && strcmp(what, "try") != 0 && strcmp(what, "listen") != 0) {
        (void)fputs("usage: probe_member HOME dump|try FILE...|listen\n", stderr);
        return EX_USAGE;
    }
    code = begin(&probe, argv[1]);
    for (int i = 3; code == EX_OK && i < argc && strcmp(what, "try") == 0; i++) {
        code = try_file(&probe, argv[i]);
    }
    if (code == EX_OK && strcmp(what, "listen") == 0) {
        code = listen_on(&probe);
    }
    if (code == EX_OK && strcmp(what, "try") != 0) {
        dump(&probe);
    }
    finish(&probe);
    return code;
}

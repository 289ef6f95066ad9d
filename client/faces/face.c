#include "client/faces/face.h"

#include <signal.h>
#include <stdlib.h>
#include <sysexits.h>
#include <uv.h>

#include "client/faces/base.h"
#include "client/faces/input.h"
#include "client/faces/lines.h"
#include "client/faces/turned_away.h"
#include "client/faces/waiting.h"

enum { SIGNAL_COUNT = 3 };

struct face {
    const struct face_behaviour *does;
    void *self;
    struct face_options options;
    struct client_face callbacks;
    struct client *client;
    struct input *input;
    struct lines *lines;     /* of a pipe or file */
    struct line_input *keys; /* of a terminal */
    uv_timer_t wake;
    uv_timer_t patience;
    uv_signal_t signals[SIGNAL_COUNT];
    struct waiting waiting; /* news that came while the face was busy */
    unsigned open;          /* handles and clients that must close before the loop may stop */
    int code;
    bool entered; /* one of the face's callbacks runs */
    bool leaving;
    bool out_of_patience;
    bool closing;
};

static const struct face_behaviour *behaviour_of(enum face_kind kind)
{
    static const struct face_behaviour *const all[FACE_KIND_COUNT] = {
        [FACE_PLAIN] = &face_plain,
        [FACE_JSON] = &face_json,
        [FACE_AUTO] = &face_auto,
    };

    return all[kind];
}

/* ---- entering and resting ---- */

static void close_all(struct face *face);

/* Whoever is turned away at the door has nothing to stay for. */
static void give(struct face *face, const struct news *news)
{
    int code = turned_away(face_model(face), news);

    face->does->news(face->self, news);
    if (code == EX_OK) {
        return;
    }
    if (face->keys != NULL) {
        face->does->typing(face->self, false); /* said now, whatever is being typed */
    }
    face_leave(face, code, 0);
    face->code = code; /* also when it is leaving already, and waits to have all sent */
    face->out_of_patience = true;
}

static void give_waiting_news(struct face *face)
{
    struct news news;

    while (!face->closing && waiting_take(&face->waiting, &news)) {
        give(face, &news);
        free((void *)(uintptr_t)news.text);
    }
}

/* Around everything that calls the face. */
static bool enter(struct face *face)
{
    if (face->entered || face->closing) {
        return false;
    }
    face->entered = true;
    return true;
}

static bool waits(const struct face *face)
{
    return face->does->waits != NULL && face->does->waits(face->self);
}

/* Is everything this person said done, and with the server? */
static bool all_is_said(struct face *face)
{
    const struct model *model = face_model(face);
    bool attached = model->caught_up || model->standing == STANDING_LOBBY;

    return client_is_connected(face->client) && attached && !waits(face) &&
           member_is_settled(client_member(face->client));
}

static void rest(struct face *face)
{
    give_waiting_news(face);
    if (!face->closing && face->does->rest != NULL) {
        face->does->rest(face->self);
    }
    face->entered = false;
    if (fflush(face->options.out) != 0 || ferror(face->options.out)) {
        face->out_of_patience = true; /* whoever listened is gone */
        face_leave(face, EX_IOERR, 0);
    }
    if (face->leaving && !face->closing && (face->out_of_patience || all_is_said(face))) {
        close_all(face);
    }
}

static void on_news(void *context, const struct news *news)
{
    struct face *face = context;

    if (face->client == NULL || face->closing) {
        return; /* all of it stands in the model when the face begins */
    }
    if (enter(face)) {
        give(face, news);
        rest(face);
    } else if (!waiting_add(&face->waiting, news)) {
        return; /* what it tells of stands in the model all the same */
    }
}

/* ---- what the faces use ---- */

const struct face_options *face_options(const struct face *face)
{
    return &face->options;
}

struct client *face_client_of(struct face *face)
{
    return face->client;
}

struct line_input *face_keys(struct face *face)
{
    return face->keys;
}

const struct model *face_model(struct face *face)
{
    static const uint8_t no_session[HASH_BYTES];
    static const struct model nothing = {
        .session = no_session,
        .fault = "",
        .name = "",
        .title = "",
        .guide_title = "",
        .guide_summary = "",
        .guide_source = "",
        .case_title = "",
        .language = "",
        .preparation = "",
    };
    const struct model *model = member_model(client_member(face->client));

    if (model == NULL) { /* no memory: better an end than a screen that is not true */
        face->out_of_patience = true;
        face_leave(face, EX_OSERR, 0);
        return &nothing;
    }
    return model;
}

uint64_t face_now_ms(const struct face *face)
{
    uv_timeval64_t now = {0};

    (void)face;
    (void)uv_gettimeofday(&now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
}

static void on_wake(uv_timer_t *timer)
{
    struct face *face = timer->data;

    if (enter(face)) {
        face->does->wake(face->self);
        rest(face);
    }
}

void face_wake(struct face *face, uint64_t delay_ms)
{
    if (!face->closing) { /* a timer due at once would be due again before anything else is */
        (void)uv_timer_start(&face->wake, on_wake, delay_ms == 0 ? 1 : delay_ms, 0);
    }
}

void face_wake_never(struct face *face)
{
    if (!face->closing) {
        (void)uv_timer_stop(&face->wake);
    }
}

/* ---- the way out ---- */

static void one_closed(struct face *face)
{
    if (--face->open == 0) {
        uv_stop(face->options.loop);
    }
}

static void on_handle_closed(uv_handle_t *handle)
{
    one_closed(handle->data);
}

static void on_part_closed(void *context)
{
    one_closed(context);
}

static void close_all(struct face *face)
{
    const char *unfinished = face->keys == NULL ? "" : line_input_text(face->keys);

    if (face->does->keep != NULL) {
        face->entered = true; /* what news this brings is of no use any more */
        face->does->keep(face->self, unfinished);
        face->entered = false;
        (void)fflush(face->options.out);
    }
    face->closing = true;
    uv_close((uv_handle_t *)&face->wake, on_handle_closed);
    uv_close((uv_handle_t *)&face->patience, on_handle_closed);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        uv_close((uv_handle_t *)&face->signals[i], on_handle_closed);
    }
    if (face->input != NULL) {
        input_close(face->input, on_part_closed, face);
    }
    client_close(face->client, on_part_closed, face);
}

static void on_impatient(uv_timer_t *timer)
{
    struct face *face = timer->data;

    if (waits(face)) { /* that ends by itself */
        (void)uv_timer_start(timer, on_impatient, FACE_LEAVE_MS_MAX, 0);
        return;
    }
    face->out_of_patience = true;
    face->code = face->code == EX_OK ? EX_TEMPFAIL : face->code;
    if (enter(face)) {
        rest(face);
    }
}

void face_leave(struct face *face, int code, uint64_t patience_ms)
{
    if (face->leaving) {
        return;
    }
    face->leaving = true;
    face->code = code;
    face->out_of_patience = patience_ms == 0;
    if (patience_ms > 0) {
        (void)uv_timer_start(&face->patience, on_impatient, patience_ms, 0);
    }
}

bool face_is_leaving(const struct face *face)
{
    return face->leaving;
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct face *face = handle->data;

    if (!enter(face)) {
        return;
    }
    if (number == SIGINT && face->does->interrupt != NULL) {
        face->does->interrupt(face->self);
    } else {
        face->out_of_patience = true; /* told to end: now */
        face_leave(face, EX_OK, 0);
    }
    rest(face);
}

/* ---- input ---- */

static void on_line(void *context, char *line)
{
    struct face *face = context;

    if (!face->leaving && enter(face)) {
        if (face->keys != NULL) {
            face->does->typing(face->self, false);
        }
        face->does->line(face->self, line);
        rest(face);
    }
}

static void on_bad_line(void *context, enum status status)
{
    struct face *face = context;

    if (!face->leaving && enter(face)) {
        face->does->bad_line(face->self, status);
        rest(face);
    }
}

static void on_busy(void *context, bool busy)
{
    struct face *face = context;

    if (enter(face)) {
        face->does->typing(face->self, busy);
        rest(face);
    }
}

/* What was said before the end is still sent. */
static void on_input_end(void *context, enum status status)
{
    struct face *face = context;

    if (face->lines != NULL) {
        lines_end(face->lines);
    }
    if (enter(face)) {
        face_leave(face, status == STATUS_OK ? EX_OK : EX_IOERR,
                   status == STATUS_OK ? FACE_LEAVE_MS_MAX : 0);
        rest(face);
    }
}

static void on_key(void *context, enum line_key key)
{
    struct face *face = context;

    switch (key) {
    case LINE_KEY_SUSPEND:
        line_input_hide(face->keys);
        (void)fflush(face->options.out);
        input_suspend(face->input);
        line_input_show(face->keys);
        (void)fflush(face->options.out);
        break;
    case LINE_KEY_END:
    case LINE_KEY_INTERRUPT:
        if (enter(face)) {
            face->does->interrupt(face->self);
            rest(face);
        }
        break;
    case LINE_KEY_FULL:
        (void)fputc('\a', face->options.out);
        break;
    }
}

static void on_bytes(void *context, const char *data, size_t count)
{
    struct face *face = context;

    if (face->keys != NULL) {
        line_input_feed(face->keys, data, count);
        (void)fflush(face->options.out);
        if (!face->closing) {
            face->does->typed(face->self);
        }
    } else {
        lines_feed(face->lines, data, count);
    }
}

static enum status start_input(struct face *face)
{
    const struct input_driver driver = {face, on_bytes, on_input_end};
    int out = fileno(face->options.out);
    bool keys = face->does->types && uv_guess_handle(face->options.input) == UV_TTY &&
                out >= 0 && uv_guess_handle(out) == UV_TTY;
    enum status status;

    if (keys) {
        const struct line_input_driver editor = {face, on_line, on_key, on_busy};

        status = line_input_create(face->options.out, &editor, &face->keys);
    } else {
        const struct lines_driver splitter = {face, on_line, on_bad_line};

        status = lines_create(&splitter, &face->lines);
    }
    if (status == STATUS_OK) {
        status =
            input_create(face->options.loop, face->options.input, keys, &driver, &face->input);
    }
    if (status == STATUS_OK) {
        face->open++;
    }
    return status;
}

/* ---- the whole ---- */

enum status face_create(const struct face_options *options, struct face **face_out)
{
    struct face *face = calloc(1, sizeof *face);
    enum status status;

    if (face == NULL) {
        return STATUS_NOMEM;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    face->options = *options;
    face->does = behaviour_of(options->kind);
    face->callbacks = (struct client_face){.context = face, .news = on_news};
    status = face->does->create(face, &face->self);
    if (status != STATUS_OK) {
        free(face);
        return status;
    }
    *face_out = face;
    return STATUS_OK;
}

void face_destroy(struct face *face)
{
    if (face == NULL) {
        return;
    }
    face->does->destroy(face->self);
    waiting_finish(&face->waiting);
    lines_destroy(face->lines);
    line_input_destroy(face->keys);
    free(face);
}

const struct client_face *face_client(struct face *face)
{
    return &face->callbacks;
}

static void start_handles(struct face *face)
{
    static const int numbers[SIGNAL_COUNT] = {SIGINT, SIGTERM, SIGHUP};

    (void)uv_timer_init(face->options.loop, &face->wake);
    (void)uv_timer_init(face->options.loop, &face->patience);
    face->wake.data = face;
    face->patience.data = face;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        (void)uv_signal_init(face->options.loop, &face->signals[i]);
        face->signals[i].data = face;
        (void)uv_signal_start(&face->signals[i], on_signal, numbers[i]);
    }
    face->open = 2 + SIGNAL_COUNT + 1; /* and the client */
}

int face_run(struct face *face, struct client *client)
{
    face->client = client;
    start_handles(face);
    if (face->does->reads && face->options.input >= 0 && start_input(face) != STATUS_OK) {
        face_leave(face, EX_IOERR, 0);
    }
    if (enter(face)) {
        face->does->begin(face->self);
        rest(face);
    }
    while (face->open > 0) {
        (void)uv_run(face->options.loop, UV_RUN_DEFAULT);
    }
    face->client = NULL;
    return face->code;
}

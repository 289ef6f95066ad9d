#include "client/client_private.h"

#include <stdlib.h>
#include <string.h>

#include "client/replica.h"
#include "common/machine/clock.h"
#include "common/secret.h"
#include "common/text.h"

/* ---- news ---- */

static void on_turn(uv_idle_t *turn);

void client_wake(struct client *client)
{
    if (client->connection != NULL && !client->closing) {
        (void)uv_idle_start(&client->turn, on_turn);
    }
}

static void tell(struct client *client, const struct news *news)
{
    struct waiting_news waiting = {.news = *news};

    if (client->news_count == client->news_capacity) {
        size_t capacity = client->news_capacity == 0 ? 32 : client->news_capacity * 2;
        struct waiting_news *more =
            capacity > NEWS_WAITING_MAX ? NULL : realloc(client->news, capacity * sizeof *more);

        if (more == NULL) {
            return; /* nothing is lost: faces draw from the model, news only says "look" */
        }
        client->news = more;
        client->news_capacity = capacity;
    }
    waiting.text = news->text == NULL ? NULL : strdup(news->text);
    waiting.news.text = waiting.text;
    client->news[client->news_count++] = waiting;
    client_wake(client);
}

static void drop_news(struct client *client)
{
    for (size_t i = 0; i < client->news_count; i++) {
        free(client->news[i].text);
    }
    free(client->news);
    client->news = NULL;
    client->news_count = 0;
    client->news_capacity = 0;
}

/* What comes while these are given out is given out on the next turn. */
static void give_news(struct client *client)
{
    struct waiting_news *news = client->news;
    size_t count = client->news_count;

    client->news = NULL;
    client->news_count = 0;
    client->news_capacity = 0;
    for (size_t i = 0; i < count; i++) {
        if (!client->closing) {
            client->face.news(client->face.context, &news[i].news);
        }
        free(news[i].text);
    }
    free(news);
}

/* ---- what the member wants kept and sent ---- */

static void note_disk(struct client *client, enum status status)
{
    struct news news = {.kind = NEWS_NOTICE, .status = status, .text = client->disk_detail};

    if (status == STATUS_OK || client->disk_status != STATUS_OK) {
        return;
    }
    client->disk_status = status;
    (void)snprintf(client->disk_detail, sizeof client->disk_detail, "%s",
                   local_detail(client->local));
    tell(client, &news);
}

static void driver_send(void *context, struct bytes message)
{
    struct client *client = context;

    connection_send(client->connection, message);
}

static void driver_keep_record(void *context, enum record_kind kind, struct bytes key,
                               struct bytes value)
{
    struct client *client = context;

    if (!client->erased) {
        note_disk(client,
                  local_keep_record(client->local, client->seat.session, kind, key, value));
    }
}

static void driver_keep_entry(void *context, enum stream stream, uint64_t index,
                              uint64_t time_ms, struct bytes entry)
{
    struct client *client = context;

    if (!client->erased) {
        note_disk(client, local_keep_entry(client->local, client->seat.session, stream, index,
                                           time_ms, entry));
    }
}

/* Where the disk does not do it now, each turn tries again. */
static void erase(struct client *client)
{
    enum status status = local_erase(client->local, client->seat.session);

    client->erase_due = status != STATUS_OK;
    note_disk(client, status);
}

/* At once, not on the next turn: a process that is killed here must not leave anything. */
static void driver_erase(void *context)
{
    struct client *client = context;

    client->erased = true;
    erase(client);
    client_wake(client);
}

static void driver_news(void *context, const struct news *news)
{
    struct client *client = context;

    if (news->kind == NEWS_CLOSING &&
        (news->status == STATUS_EXISTS || news->status == STATUS_REMOVED ||
         news->status == STATUS_PURGED)) {
        client->stop = true; /* coming back would only be turned away, or push another out */
    }
    tell(client, news);
}

struct member_driver client_member_driver(struct client *client)
{
    return (struct member_driver){.context = client,
                                  .send = driver_send,
                                  .keep_record = driver_keep_record,
                                  .keep_entry = driver_keep_entry,
                                  .erase = driver_erase,
                                  .news = driver_news};
}

/* ---- the connection ---- */

static void on_ready(void *context, uint64_t server_ms)
{
    struct client *client = context;

    client->connected = true;
    client->lost_status = STATUS_OK;
    member_connected(client->member, clock_now_ms(), server_ms);
    client_wake(client);
}

static enum status on_message(void *context, struct bytes message)
{
    struct client *client = context;

    client_wake(client);
    return member_receive(client->member, message, clock_now_ms());
}

static void on_lost(void *context, enum status status, const char *text, uint64_t retry_ms)
{
    struct client *client = context;
    struct news news = {.kind = NEWS_CONNECTION, .status = status, .text = text};

    (void)retry_ms;
    if (client->connected) {
        client->connected = false;
        member_disconnected(client->member, clock_now_ms());
    }
    if (client->lost_status != status) {
        client->lost_status = status;
        tell(client, &news);
    }
    client_wake(client);
}

struct connection_driver client_connection_driver(struct client *client)
{
    return (struct connection_driver){
        .context = client, .ready = on_ready, .message = on_message, .lost = on_lost};
}

/* ---- each turn on which something happened ---- */

/* Never half a character. */
void client_cut_title(const char *title, char out[LOCAL_TITLE_BYTES_MAX + 1])
{
    size_t count = text_prefix(title, LOCAL_TITLE_BYTES_MAX);

    memcpy(out, title, count);
    out[count] = '\0';
}

/* What `kring sessions` shows, as far as it is known now. */
static void keep_seat(struct client *client)
{
    const struct model *model = member_model(client->member);
    struct local_seat *seat = &client->seat;
    char title[LOCAL_TITLE_BYTES_MAX + 1];

    if (model == NULL || model->standing == STANDING_OUTSIDE) {
        return;
    }
    client_cut_title(model->title[0] != '\0' ? model->title : model->guide_title, title);
    if (seat->member == model->me && seat->role == model->role &&
        seat->retention_ms == model->retention_ms && strcmp(seat->title, title) == 0) {
        return;
    }
    seat->member = model->me;
    seat->role = model->role;
    seat->retention_ms = model->retention_ms;
    memcpy(seat->title, title, sizeof title);
    note_disk(client, local_put_seat(client->local, seat));
}

static void on_timer(uv_timer_t *timer)
{
    client_wake(timer->data);
}

/* For good, until client_retry(). Whoever breaks the line is not told that it is broken. */
static void stop_connecting(struct client *client)
{
    connection_stop(client->connection);
    if (client->connected) {
        client->connected = false;
        member_disconnected(client->member, clock_now_ms());
    }
}

static void on_turn(uv_idle_t *turn)
{
    struct client *client = turn->data;
    uint64_t now = clock_now_ms();
    uint64_t next_ms = now;

    (void)uv_idle_stop(turn);
    member_tick(client->member, now, &next_ms);
    (void)uv_timer_start(&client->timer, on_timer, next_ms > now ? next_ms - now : 1, 0);
    if (client->erase_due) {
        erase(client);
    } else if (!client->erased) {
        keep_seat(client);
    }
    give_news(client);
    if (client->stop && !client->closing) {
        stop_connecting(client);
    }
}

/* ---- being asked ---- */

struct member *client_member(struct client *client)
{
    return client->member;
}

const uint8_t *client_session(const struct client *client)
{
    return client->seat.session;
}

enum status client_invite_text(const struct client *client, uint16_t number,
                               char out[LINK_TEXT_BYTES_MAX + 1])
{
    struct link link = {.port = client->seat.port};
    enum status status = member_invite_link(client->member, number, &link);

    if (status == STATUS_OK) {
        memcpy(link.host, client->seat.host, sizeof link.host);
        link.port = client->seat.port;
        memcpy(link.server_key, client->seat.server_key, KEY_BYTES);
        status = link_format(&link, out, LINK_TEXT_BYTES_MAX + 1);
    }
    link_wipe(&link);
    return status;
}

void client_retry(struct client *client)
{
    client->stop = false;
    connection_retry(client->connection);
}

bool client_is_connected(const struct client *client)
{
    return client->connected;
}

enum status client_disk_status(struct client *client, char *detail)
{
    enum status status = client->disk_status;

    (void)snprintf(detail, LOCAL_DETAIL_BYTES_MAX, "%s", client->disk_detail);
    client->disk_status = STATUS_OK;
    return status;
}

/* ---- leaving ---- */

void client_destroy(struct client *client)
{
    void (*done)(void *context) = client->done;
    void *context = client->done_context;

    member_destroy(client->member);
    if (client->claimed) {
        local_release(client->local, client->seat.session);
    }
    drop_news(client);
    secret_wipe(client, sizeof *client);
    free(client);
    if (done != NULL) {
        done(context);
    }
}

static void release(struct client *client)
{
    if (--client->handles == 0) {
        client_destroy(client);
    }
}

static void after_handle(uv_handle_t *handle)
{
    release(handle->data);
}

static void after_connection(void *context)
{
    release(context);
}

void client_close(struct client *client, void (*done)(void *context), void *context)
{
    if (client->closing) {
        return;
    }
    client->closing = true;
    client->done = done;
    client->done_context = context;
    client->handles = HANDLES_TO_CLOSE;
    if (client->connected) {
        member_goodbye(client->member);
    }
    uv_close((uv_handle_t *)&client->turn, after_handle);
    uv_close((uv_handle_t *)&client->timer, after_handle);
    connection_close(client->connection, after_connection, client);
}

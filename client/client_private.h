/* client/client_private.h -- shared by client.c (what runs) and client_begin.c (the three ways
 * in); nobody else includes it. */
#ifndef CLIENT_CLIENT_PRIVATE_H
#define CLIENT_CLIENT_PRIVATE_H

#include <uv.h>

#include "client/client.h"

enum { NEWS_WAITING_MAX = 4096, HANDLES_TO_CLOSE = 3 /* timer, turn, connection */ };

struct waiting_news {
    struct news news;
    char *text; /* owned copy of news.text */
};

struct client {
    uv_loop_t *loop;
    struct local *local;
    struct client_face face;
    struct member *member;
    struct connection *connection;
    struct local_seat seat;
    bool claimed;

    /* News is gathered and given out on the next turn: the member must not be called back from
     * within its own callbacks, and a face may want to. */
    struct waiting_news *news;
    size_t news_count, news_capacity;
    uv_idle_t turn; /* idle, so that the loop does not sleep while there is news */
    uv_timer_t timer;

    bool connected;
    enum status lost_status; /* why the last attempt failed; told once per reason */
    bool stop;               /* the server closed for good: no more attempts */
    bool erased;             /* purged, or past its date: nothing is kept any more */
    bool erase_due;          /* what was kept is still there: the disk failed */

    enum status disk_status;
    char disk_detail[LOCAL_DETAIL_BYTES_MAX];

    bool closing;
    unsigned handles;
    void (*done)(void *context);
    void *done_context;
};

/* Something happened: the next turn of the loop looks after it. */
void client_wake(struct client *client);
/* What fits of a title. */
void client_cut_title(const char *title, char out[LOCAL_TITLE_BYTES_MAX + 1]);
struct member_driver client_member_driver(struct client *client);
struct connection_driver client_connection_driver(struct client *client);
/* Frees all of it; libuv holds none of it any more. */
void client_destroy(struct client *client);

#endif

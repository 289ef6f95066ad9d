#include "client/faces/auto.h"

#include <stdlib.h>
#include <sysexits.h>

#include "client/say.h"
#include "client/words.h"

struct auto_face {
    struct face *face;
    FILE *out;
    struct auto_memory memory;
    struct auto_action action;
    bool soon; /* a wake is set for the next thing */
    bool connected;
};

static void tell(struct auto_face *self)
{
    const char *name = face_model(self->face)->name;

    if (self->action.step > 0) {
        (void)fprintf(self->out, SAY("%s, step %u: %s\n"), name, (unsigned)self->action.step,
                      say(self->action.says));
    } else {
        (void)fprintf(self->out, "%s: %s\n", name, say(self->action.says));
    }
}

static void do_action(struct auto_face *self)
{
    const struct intent *intent = intent_find(self->action.intent);
    char detail[INTENT_DETAIL_BYTES_MAX];

    if (face_act(self->face, intent, &self->action.values, detail) == STATUS_OK) {
        tell(self);
    } else {
        (void)fprintf(self->out, "%s: %s: %s\n", face_model(self->face)->name, intent->name,
                      detail);
        auto_forget_asked(&self->memory);
    }
}

/* ---- what the loop brings ---- */

static void wake_soon(struct auto_face *self, uint64_t delay_ms)
{
    self->soon = true;
    face_wake(self->face, delay_ms);
}

static void on_wake(void *context)
{
    struct auto_face *self = context;
    uint64_t now_ms = face_now_ms(self->face);
    uint64_t wake_ms = 0;

    self->soon = false;
    if (auto_next(&self->memory, face_model(self->face), now_ms, &self->action, &wake_ms)) {
        do_action(self);
        wake_soon(self, face_options(self->face)->pace_ms);
    } else if (wake_ms > now_ms) {
        face_wake(self->face, wake_ms - now_ms);
    }
}

static void on_refused(struct auto_face *self, const struct news *news)
{
    (void)fprintf(self->out, "%s: %s\n", face_model(self->face)->name,
                  news->text != NULL ? news->text : words_of_status(news->status));
    auto_forget_asked(&self->memory);
    wake_soon(self, AUTO_RETRY_MS);
}

static void on_connection(struct auto_face *self, const struct model *model,
                          const struct news *news)
{
    if (model->connected != self->connected) {
        self->connected = model->connected;
        auto_forget_asked(&self->memory);
        (void)fprintf(self->out, "%s: %s\n", model->name,
                      model->connected ? SAY("connected")
                                       : SAY("no connection; it comes back"));
    }
    if (news->status == STATUS_CRYPTO || news->status == STATUS_VERSION) {
        (void)fprintf(self->out, "%s: %s\n", model->name,
                      news->text != NULL ? news->text : words_of_status(news->status));
        face_leave(self->face, EX_UNAVAILABLE, 0);
    }
}

static void on_news(void *context, const struct news *news)
{
    struct auto_face *self = context;

    if (news->kind == NEWS_REFUSED) {
        on_refused(self, news);
    } else if (news->kind == NEWS_CONNECTION) {
        on_connection(self, face_model(self->face), news);
    } else if (news->kind == NEWS_CREATED) {
        (void)fprintf(self->out, "%s: %s\n", face_model(self->face)->name,
                      SAY("the session stands"));
    }
    if (!self->soon) {
        wake_soon(self, face_options(self->face)->pace_ms);
    }
}

static void on_rest(void *context)
{
    struct auto_face *self = context;
    const struct model *model = face_model(self->face);

    if (face_is_leaving(self->face)) {
        return;
    }
    if (model->fault[0] != '\0' && !model->may_write && model->standing == STANDING_MEMBER) {
        (void)fprintf(self->out, "%s: %s\n", model->name, model->fault);
        face_leave(self->face, EX_PROTOCOL, 0);
    } else if (model->standing == STANDING_REMOVED) {
        face_leave(self->face, EX_NOPERM, 0);
    } else if (model->state == SESSION_ENDED || model->state == SESSION_PURGED) {
        (void)fprintf(self->out, "%s: %s\n", model->name, SAY("the session has ended"));
        face_leave(self->face, EX_OK, model->state == SESSION_PURGED ? 0 : FACE_LEAVE_MS_MAX);
    }
}

static void on_begin(void *context)
{
    struct auto_face *self = context;

    self->connected = face_model(self->face)->connected;
    wake_soon(self, 0);
}

static enum status on_create(struct face *face, void **self_out)
{
    struct auto_face *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return STATUS_NOMEM;
    }
    self->face = face;
    self->out = face_options(face)->out;
    self->memory.people = face_options(face)->people;
    self->memory.samples = face_options(face)->samples;
    *self_out = self;
    return STATUS_OK;
}

static void on_destroy(void *self)
{
    free(self);
}

const struct face_behaviour face_auto = {
    .create = on_create,
    .destroy = on_destroy,
    .begin = on_begin,
    .news = on_news,
    .wake = on_wake,
    .rest = on_rest,
};

#include "client/model.h"

#include <stdlib.h>
#include <string.h>

#include "client/model_private.h"
#include "client/say.h"
#include "common/text.h"

const char *answer_state_word(enum answer_state state)
{
    switch (state) {
    case ANSWER_NONE:
        return "";
    case ANSWER_TYPING:
        return SAY("typing");
    case ANSWER_WAITING:
        return SAY("waiting");
    case ANSWER_SAVED:
        return SAY("saved");
    case ANSWER_SHARED:
        return SAY("shared");
    case ANSWER_NOT_SENT:
        return SAY("not sent");
    case ANSWER_KEPT:
        return SAY("kept on this device");
    }
    return "";
}

/* ---- finding ---- */

const struct model_step *model_step(const struct model *model, uint16_t number)
{
    for (uint16_t i = 0; i < model->step_count; i++) {
        if (model->steps[i].number == number) {
            return &model->steps[i];
        }
    }
    return NULL;
}

const struct model_member *model_member(const struct model *model, uint16_t number)
{
    return number >= 1 && number <= model->member_count ? &model->members[number - 1] : NULL;
}

const struct model_phase *model_phase(const struct model *model, uint16_t number)
{
    for (uint16_t i = 0; i < model->phase_count; i++) {
        if (model->phases[i].number == number) {
            return &model->phases[i];
        }
    }
    return NULL;
}

const struct model_text *model_text(const struct model *model, uint16_t number)
{
    for (uint16_t i = 0; i < model->text_count; i++) {
        if (model->texts[i].number == number) {
            return &model->texts[i];
        }
    }
    return NULL;
}

uint16_t model_unconfirmed(const struct model *model)
{
    uint16_t count = 0;

    for (uint16_t i = 0; i < model->member_count && model->gate_text > 0; i++) {
        count = (uint16_t)(count + (model->members[i].state == MEMBER_ADMITTED &&
                                    !model->members[i].confirmed));
    }
    return count;
}

/* ---- memory and text ---- */

void *build_alloc(struct build *build, size_t count, size_t size)
{
    void *memory = NULL;

    if (count > 0 && !build->failed) {
        memory = arena_alloc(build->model->arena, count, size);
        build->failed = memory == NULL;
    }
    return memory;
}

static const char *copy_clean(struct build *build, struct bytes text, bool one_line)
{
    char *copy = build_alloc(build, text.count + 1, 1);
    size_t count = 0;

    if (copy == NULL) {
        return "";
    }
    for (size_t i = 0, passed = 1; i < text.count; i += passed) {
        const struct bytes rest = {text.data + i, text.count - i};

        if (text_harm(rest, &passed) == TEXT_HARMLESS) {
            bool breaks = text.data[i] == '\n' || text.data[i] == '\t';

            copy[count++] = one_line && breaks ? ' ' : (char)text.data[i];
        }
    }
    return copy;
}

const char *build_copy(struct build *build, struct bytes text)
{
    return copy_clean(build, text, false);
}

const char *build_line(struct build *build, struct bytes text)
{
    return copy_clean(build, text, true);
}

const char *build_name(const struct build *build, uint16_t member)
{
    return member >= 1 && member <= session_member_count(build->session) &&
                   build->names[member] != NULL
               ? build->names[member]
               : SAY("somebody");
}

const char *build_trouble(struct build *build, const struct replica_entry *entry)
{
    const char *name = build_name(build, entry->author);
    const char *format = SAY("unreadable, by %s");
    size_t size = strlen(format) + strlen(name) + 1;
    char *text = build_alloc(build, size, 1);

    if (text == NULL) {
        return "";
    }
    (void)snprintf(text, size, SAY("unreadable, by %s"), name);
    return text;
}

bool build_strings(struct build *build, const struct replica_entry *entry,
                   struct content_strings *strings_out, const char **trouble_out)
{
    *trouble_out = NULL;
    if (entry->body == REPLICA_OPEN &&
        content_strings_decode(entry->plaintext, entry->kind, strings_out) == STATUS_OK) {
        return true;
    }
    *trouble_out = build_trouble(build, entry);
    return false;
}

/* ---- building ---- */

static enum model_standing standing_of(const struct build *build)
{
    const struct session_member *self =
        build->model->me == 0 ? NULL : session_member(build->session, build->model->me);

    if (self == NULL) {
        return STANDING_OUTSIDE;
    }
    switch (self->state) {
    case MEMBER_NONE:
        return STANDING_OUTSIDE;
    case MEMBER_LOBBY:
        return STANDING_LOBBY;
    case MEMBER_ADMITTED:
        return STANDING_MEMBER;
    case MEMBER_REMOVED:
        return STANDING_REMOVED;
    }
    return STANDING_OUTSIDE;
}

static uint64_t ended_ms(const struct build *build)
{
    for (uint64_t i = replica_count(build->replica, STREAM_PUBLIC); i > 0; i--) {
        const struct replica_entry *entry = replica_at(build->replica, STREAM_PUBLIC, i);

        if (entry->kind == KIND_PACE && entry->number == VERB_END) {
            return entry->time_ms;
        }
    }
    return 0;
}

static void build_beginning(struct build *build)
{
    struct model *model = build->model;
    const struct replica_trouble *trouble = replica_trouble(build->replica);
    char *fault = build_alloc(build, 1024, 1);

    model->me = replica_me(build->replica);
    model->standing = standing_of(build);
    if (model->standing == STANDING_MEMBER || model->standing == STANDING_LOBBY) {
        model->role = session_member(build->session, model->me)->role;
    }
    model->facilitator = model->standing == STANDING_MEMBER && model->role == ROLE_FACILITATOR;
    model->may_write = model->standing == STANDING_MEMBER && replica_is_sound(build->replica);
    if (fault != NULL) {
        replica_explain(trouble, fault, 1024);
        model->fault = fault;
    }
    model->retention_ms = session_retention_ms(build->session);
    model->admission = session_admission(build->session);
    model->here = session_pointer(build->session);
    model->timer_ends_ms = session_timer(build->session).ends_ms;
    model->ended_ms = ended_ms(build);
    if (replica_count(build->replica, STREAM_PUBLIC) > 0) {
        model->created_ms = replica_at(build->replica, STREAM_PUBLIC, 1)->time_ms;
    }
}

/* Everything a string points to is something. */
static void fill_empty(struct model *model)
{
    model->fault = model->name = model->title = "";
    model->guide_title = model->guide_summary = model->guide_source = "";
    model->case_title = model->language = model->preparation = "";
}

static void build_all(struct build *build)
{
    const struct model_sources *sources = build->sources;
    struct model *model = build->model;

    model->connected = sources->connected;
    model->caught_up = sources->caught_up;
    model->lobby = sources->lobby;
    model->clock_off_ms = sources->clock_off_ms;
    model->outgoing_count = sources->outgoing_count;
    for (size_t i = 0; i < sources->own_count; i++) {
        model->outgoing_count += sources->own[i].state == ANSWER_WAITING;
    }
    if (sources->name != NULL) {
        model->name = build_line(
            build, (struct bytes){(const uint8_t *)sources->name, strlen(sources->name)});
    }
    if (build->replica == NULL) {
        return;
    }
    model->session = session_id(build->session);
    model->state = sources->erased ? SESSION_PURGED : session_state(build->session);
    if (sources->erased || model->state == SESSION_EMPTY) {
        return;
    }
    build->names = build_alloc(build, MEMBERS_MAX + 1, sizeof *build->names);
    build->step_positions = build_alloc(build, STEPS_MAX + 1, sizeof *build->step_positions);
    build->text = build_alloc(build, 1, sizeof *build->text);
    if (build->failed) {
        return;
    }
    build_beginning(build);
    build_people(build);
    build_steps(build);
    build_texts(build);
    build_step_work(build);
    build_said(build);
    build_missing(build);
}

enum status model_build(const struct model_sources *sources, struct model **model_out)
{
    struct model *model = calloc(1, sizeof *model);
    struct build build = {.sources = sources, .replica = sources->replica, .model = model};

    if (model == NULL || arena_create(MODEL_BYTES_MAX, &model->arena) != STATUS_OK) {
        free(model);
        return STATUS_NOMEM;
    }
    fill_empty(model);
    if (sources->replica != NULL) {
        build.session = replica_session(sources->replica);
    }
    build_all(&build);
    if (build.failed) {
        model_destroy(model);
        return STATUS_NOMEM;
    }
    *model_out = model;
    return STATUS_OK;
}

void model_destroy(struct model *model)
{
    if (model != NULL) {
        arena_destroy(model->arena);
        free(model);
    }
}

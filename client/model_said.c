/* What people said outside the steps' answers: reports, messages, remarks, agreements; and the
 * title of the session. */
#include <stdio.h>
#include <string.h>

#include "client/model_private.h"

static uint32_t count_kind(const struct build *build, enum stream stream, enum kind kind)
{
    uint32_t count = 0;

    for (uint64_t i = 1; i <= replica_count(build->replica, stream); i++) {
        const struct replica_entry *entry = replica_at(build->replica, stream, i);

        count += entry->kind == kind && entry->body != REPLICA_CLOSED;
    }
    return count;
}

static const char *names_of(struct build *build, const struct replica_entry *entry)
{
    size_t size = 1;
    size_t at = 0;
    char *names = NULL;

    for (uint8_t i = 0; i < entry->recipient_count; i++) {
        size += strlen(build_name(build, entry->recipients[i])) + 2;
    }
    names = build_alloc(build, size, 1);
    for (uint8_t i = 0; i < entry->recipient_count && names != NULL; i++) {
        at += (size_t)snprintf(names + at, size - at, "%s%s", i == 0 ? "" : ", ",
                               build_name(build, entry->recipients[i]));
    }
    return names == NULL ? "" : names;
}

static void put_said(struct build *build, const struct replica_entry *entry,
                     struct model_said *said)
{
    struct content_strings strings;

    *said = (struct model_said){
        .index = entry->index,
        .time_ms = entry->time_ms,
        .step = entry->step,
        .author = entry->author,
        .author_name = build_name(build, entry->author),
        .to_names = entry->kind == KIND_MESSAGE ? names_of(build, entry) : "",
        .to_count = entry->recipient_count,
        .to = entry->recipients,
        .mine = entry->author == build->model->me,
        .text = "",
    };
    if (build_strings(build, entry, &strings, &said->trouble)) {
        said->text = build_copy(build, strings.at[0]);
    }
}

static struct model_said *put_kind(struct build *build, enum stream stream, enum kind kind,
                                   uint32_t *count_out)
{
    uint32_t count = count_kind(build, stream, kind);
    struct model_said *said = build_alloc(build, count, sizeof *said);
    uint32_t at = 0;

    for (uint64_t i = 1; i <= replica_count(build->replica, stream) && !build->failed; i++) {
        const struct replica_entry *entry = replica_at(build->replica, stream, i);

        if (entry->kind == kind && entry->body != REPLICA_CLOSED) {
            put_said(build, entry, &said[at++]);
        }
    }
    *count_out = at;
    return said;
}

static void put_agreements(struct build *build)
{
    struct model *model = build->model;
    uint32_t count = count_kind(build, STREAM_PUBLIC, KIND_AGREEMENT);

    model->agreements = build_alloc(build, count, sizeof *model->agreements);
    for (uint64_t i = 1; i <= replica_count(build->replica, STREAM_PUBLIC) && !build->failed;
         i++) {
        const struct replica_entry *entry = replica_at(build->replica, STREAM_PUBLIC, i);
        struct model_agreement *agreement = NULL;
        struct content_strings strings;

        if (entry->kind != KIND_AGREEMENT || entry->body == REPLICA_CLOSED) {
            continue;
        }
        agreement = &model->agreements[model->agreement_count++];
        *agreement = (struct model_agreement){
            .id = entry->id,
            .author = entry->author,
            .author_name = build_name(build, entry->author),
            .time_ms = entry->time_ms,
            .text = "",
            .owner = "",
            .by_when = "",
            .process = "",
        };
        if (build_strings(build, entry, &strings, &agreement->trouble)) {
            agreement->text = build_copy(build, strings.at[0]);
            agreement->owner = build_line(build, strings.at[1]);
            agreement->by_when = build_line(build, strings.at[2]);
            agreement->process = build_copy(build, strings.at[3]);
        }
    }
}

static void put_jottings(struct build *build)
{
    const struct model_sources *sources = build->sources;
    struct model *model = build->model;

    model->jottings = build_alloc(build, sources->jotting_count, sizeof *model->jottings);
    for (size_t i = 0; i < sources->jotting_count && !build->failed; i++) {
        model->jottings[model->jotting_count++] = (struct model_said){
            .index = sources->jottings[i].number,
            .time_ms = sources->jottings[i].time_ms,
            .step = sources->jottings[i].step,
            .author = model->me,
            .author_name = model->name,
            .to_names = "",
            .mine = true,
            .text = build_copy(build, sources->jottings[i].text),
        };
    }
}

static void put_title(struct build *build)
{
    const struct replica_entry *genesis = replica_at(build->replica, STREAM_PUBLIC, 1);
    struct content_strings strings;

    if (genesis->body == REPLICA_OPEN &&
        content_strings_decode(genesis->plaintext, KIND_GENESIS, &strings) == STATUS_OK) {
        build->model->title = build_line(build, strings.at[0]);
    }
}

void build_said(struct build *build)
{
    struct model *model = build->model;

    put_title(build);
    model->reports = put_kind(build, STREAM_PUBLIC, KIND_REPORT, &model->report_count);
    model->parked = put_kind(build, STREAM_PUBLIC, KIND_PARK, &model->park_count);
    model->messages = put_kind(build, STREAM_OWN, KIND_MESSAGE, &model->message_count);
    put_agreements(build);
    put_jottings(build);
}

/* Who is there, and how they are called. */
#include <stdio.h>
#include <string.h>

#include "client/model_private.h"
#include "client/say.h"
#include "common/text.h"

enum { NUMBERED_NAME_BYTES = 40, PEOPLE_MIN_DEFAULT = 4 };

static const char *numbered_name(struct build *build, uint16_t number)
{
    char *name = build_alloc(build, NUMBERED_NAME_BYTES, 1);

    if (name == NULL) {
        return "";
    }
    (void)snprintf(name, NUMBERED_NAME_BYTES, SAY("member %u"), (unsigned)number);
    return name;
}

/* The name in a join or name entry, NULL if it cannot be read. */
static const char *said_name(struct build *build, const struct replica_entry *entry)
{
    struct content_strings strings;
    struct bytes name;

    if (entry->body != REPLICA_OPEN ||
        content_strings_decode(entry->plaintext, entry->kind, &strings) != STATUS_OK ||
        strings.at[0].count == 0 || strings.at[0].count > CONTENT_NAME_BYTES_MAX) {
        return NULL;
    }
    name = strings.at[0];
    while (name.count > 0 && name.data[0] == ' ') {
        name.data++;
        name.count--;
    }
    while (name.count > 0 && name.data[name.count - 1] == ' ') {
        name.count--;
    }
    return text_is_blank(name) ? NULL : build_line(build, name);
}

static uint64_t time_of(const struct build *build, uint64_t index)
{
    return index == 0 || index > replica_count(build->replica, STREAM_PUBLIC)
               ? 0
               : replica_at(build->replica, STREAM_PUBLIC, index)->time_ms;
}

static void put_member(struct build *build, uint16_t number, struct model_member *member)
{
    const struct session_member *known = session_member(build->session, number);

    member->number = number;
    member->state = known->state;
    member->role = known->role;
    member->me = number == build->model->me;
    member->present = build->sources->present[number];
    member->joined_ms = time_of(build, known->joined_index);
    member->admitted_ms = time_of(build, known->admitted_index);
    build->model->lobby_count =
        (uint16_t)(build->model->lobby_count + (known->state == MEMBER_LOBBY));
    build->model->admitted_count =
        (uint16_t)(build->model->admitted_count + (known->state == MEMBER_ADMITTED));
}

/* Joins number their members in the order of the stream. */
static void read_names(struct build *build, const char **joined)
{
    uint16_t number = 0;

    for (uint64_t i = 1; i <= replica_count(build->replica, STREAM_PUBLIC); i++) {
        const struct replica_entry *entry = replica_at(build->replica, STREAM_PUBLIC, i);

        if (entry->kind == KIND_GENESIS) {
            number = KRING_FIRST_MEMBER;
        } else if (entry->kind == KIND_JOIN) {
            joined[++number] = said_name(build, entry);
        } else if (entry->kind == KIND_NAME) {
            const char *name = said_name(build, entry);

            if (name != NULL) {
                build->names[entry->author] = name;
            }
        } else if (entry->kind == KIND_CONFIRM) {
            build->model->members[entry->author - 1].confirmed = true;
        }
    }
}

void build_people(struct build *build)
{
    struct model *model = build->model;
    uint16_t count = session_member_count(build->session);
    const char **joined = build_alloc(build, MEMBERS_MAX + 1, sizeof *joined);

    model->members = build_alloc(build, count, sizeof *model->members);
    if (build->failed) {
        return;
    }
    model->member_count = count;
    for (uint16_t n = 1; n <= count; n++) {
        put_member(build, n, &model->members[n - 1]);
    }
    read_names(build, joined);
    for (uint16_t n = 1; n <= count; n++) {
        struct model_member *member = &model->members[n - 1];

        member->named = build->names[n] != NULL;
        member->renamed =
            member->named && joined[n] != NULL && strcmp(build->names[n], joined[n]) != 0;
        if (!member->named) {
            build->names[n] = joined[n] != NULL ? joined[n]
                              : member->me      ? model->name
                                                : numbered_name(build, n);
        }
    }
    build_namesakes(build);
    for (uint16_t n = 1; n <= count; n++) {
        struct model_member *member = &model->members[n - 1];

        member->name = build->names[n];
        if (member->me) {
            model->name = member->name;
            model->gate_confirmed = member->confirmed;
        }
    }
}

void build_missing(struct build *build)
{
    struct model *model = build->model;
    uint16_t least = model->missing.people; /* as the guide says, from its welcome */
    bool observed = false;

    for (uint16_t i = 0; i < model->member_count; i++) {
        observed = observed || (model->members[i].state == MEMBER_ADMITTED &&
                                model->members[i].role == ROLE_OBSERVER);
    }
    least = least == 0 ? PEOPLE_MIN_DEFAULT : least;
    model->missing.people =
        model->admitted_count < least ? (uint16_t)(least - model->admitted_count) : 0;
    model->missing.observer = !observed && model->missing.observer_rule != OBSERVER_OPTIONAL;
}

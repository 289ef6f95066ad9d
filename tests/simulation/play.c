/* What observers, participants and strangers do, when they happen to think of it. */
#include <string.h>

#include "tests/simulation/world.h"

enum { EDITS_AT_MOST = 4, THINK_MS_MIN = 200, THINK_MS_MAX = 2500 };

static struct world *world_of(const struct client *client)
{
    return client->world;
}

static void join(struct client *client)
{
    struct world *world = world_of(client);
    struct written written = {.audience = AUDIENCE_FACILITATORS, .about = NOBODY};
    struct bytes name = letter_text(client, &written);

    draft_join(client->draft, client->side, client->invite, world->invite_seeds[client->invite],
               name, &world->entropy);
    letter_write(client, &written);
}

static void write_for_group(struct client *client, enum kind kind, uint16_t step)
{
    struct written written = {.audience = AUDIENCE_GROUP, .about = NOBODY};
    struct bytes text = letter_text(client, &written);

    draft_written(client->draft, client->side, kind, step, text, &world_of(client)->entropy);
    letter_write(client, &written);
}

static void answer(struct client *client, uint16_t step)
{
    struct written written = {.audience = AUDIENCE_ANSWER, .about = NOBODY};
    struct bytes text = letter_text(client, &written);

    draft_answer(client->draft, client->side, step, ++client->memory.edits[step], text,
                 &world_of(client)->entropy);
    letter_write(client, &written);
}

/* To somebody, or to two, of those who are in. */
static void write_message(struct client *client)
{
    struct world *world = world_of(client);
    struct written written = {.audience = AUDIENCE_NAMED, .about = NOBODY};
    uint16_t recipients[2] = {0};
    uint8_t count = 0;
    struct bytes text;

    for (uint32_t tries = 0; tries < 6 && count < 2; tries++) {
        const struct client *other = &world->clients[world_below(world, world->client_count)];
        uint16_t member =
            other->side->core == NULL
                ? 0
                : session_member_by_noise(client->side->core, other->side->seat.keys.noise);
        const struct session_member *known = session_member(client->side->core, member);

        if (other != client && known != NULL && known->state == MEMBER_ADMITTED &&
            (written.readers & 1U << other->number) == 0) {
            written.readers |= 1U << other->number;
            recipients[count++] = member;
        }
    }
    if (count > 0) {
        text = letter_text(client, &written);
        draft_message(client->draft, client->side, recipients, count, text, &world->entropy);
        letter_write(client, &written);
    }
}

static void mark(struct client *client, enum message_method method, uint16_t step, bool on)
{
    struct message_mark mark = {.step = step, .on = on};
    struct writer writer = client_request(client, method, step, NULL);

    message_mark_encode(&writer, &mark);
    client_send(client, &writer);
}

static void signal(struct client *client, uint16_t step)
{
    struct message_signalled signalled = {
        .step = step, .signal = (enum message_signal)world_below(world_of(client), 4)};
    struct writer writer = client_request(client, MESSAGE_SIGNAL, step, NULL);

    message_signalled_encode(&writer, &signalled);
    client_send(client, &writer);
}

/* Something at the step the group is on. */
static void work(struct client *client, uint16_t step)
{
    const struct session_step *known = session_step(client->side->core, step);
    struct memory *memory = &client->memory;
    uint32_t what = world_below(world_of(client), 100);

    if (known->state != STEP_OPEN || client->outstanding_count > 8) {
        return;
    }
    if (what < 15) {
        mark(client, MESSAGE_PROGRESS, step, world_chance(world_of(client), 50));
    } else if (what < 25) {
        signal(client, step);
    } else if (what < 35) {
        mark(client, MESSAGE_DONE, step, true);
    } else if (session_may_answer(client->side->core, step, client->side->member) &&
               known->plan.sharing == SHARING_NAMED && memory->edits[step] < EDITS_AT_MOST &&
               !letter_waits(client, KIND_ANSWER, step) &&
               session_state(client->side->core) == SESSION_RUNNING) {
        answer(client, step);
    }
}

static void think_as_member(struct client *client)
{
    struct world *world = world_of(client);
    const struct session *core = client->side->core;
    uint16_t step = session_pointer(core);
    bool meets =
        session_state(core) == SESSION_RUNNING || session_state(core) == SESSION_PAUSED;

    if (!client->memory.named && !letter_waits(client, KIND_NAME, 0)) {
        client->memory.named = true;
        write_for_group(client, KIND_NAME, 0);
        return;
    }
    if (!meets || side_group_key(client->side) == NULL) {
        return;
    }
    if (step != 0 && world_chance(world, 60)) {
        work(client, step);
    } else if (client->part == PART_OBSERVER && client->letter_count == 0 &&
               world_chance(world, 25)) {
        if (world_chance(world, 70)) {
            write_message(client);
        } else {
            write_for_group(client, KIND_REPORT, 0);
        }
    } else if (client->letter_count == 0 && world_chance(world, 3)) {
        write_for_group(client, KIND_PARK, 0);
    }
}

static void think_in(struct client *client)
{
    bool caught_up = side_public_index(client->side) > 0;

    switch (client_member_state(client)) {
    case MEMBER_NONE:
        if (client->side->member == 0 && caught_up && !client->memory.joined &&
            !client->memory.gave_up && !letter_waits(client, KIND_JOIN, 0)) {
            join(client);
        }
        break;
    case MEMBER_ADMITTED:
        think_as_member(client);
        break;
    case MEMBER_LOBBY:
    case MEMBER_REMOVED:
        break;
    }
}

void play_think(struct client *client)
{
    if (client->state == CLIENT_IN) {
        if (client->part == PART_FACILITATOR) {
            play_facilitator(client);
        } else {
            think_in(client);
        }
        client_post(client);
    }
    world_plan(world_of(client),
               THINK_MS_MIN + world_below(world_of(client), THINK_MS_MAX - THINK_MS_MIN),
               EVENT_THINK, client->number, 0);
}

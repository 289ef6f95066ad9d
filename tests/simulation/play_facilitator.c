/* What the facilitator does: prepares the session, lets people in, and takes the group through
 * the steps. It acts on what its own fold says, one thing at a time, so that whatever was lost,
 * refused or overtaken on the way is simply done again. */
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/world.h"

enum { TEXTS_AT_ONCE = 4, STEP_THOUGHTS_MIN = 4, PEOPLE_MIN = 4, INVITES = 3 };

void play_create(struct client *client)
{
    struct world *world = client->world;
    struct written written = {.audience = AUDIENCE_GROUP, .about = NOBODY};
    struct draft_session session = {
        .steps = world->steps,
        .step_count = world->plan_count,
        .text_count = world->text_count,
        .retention_ms = WORLD_START_MS + 90ULL * DAY_MS,
        .admission = world->admission,
        .recovery = world->recovery,
    };
    struct seat seat;
    struct bytes title = letter_text(client, &written);

    memcpy(session.f, world->f, KEY_BYTES);
    seat_derive(client->seat_seed, &seat);
    draft_genesis(client->draft, &seat, &session, title, &world->entropy);
    letter_write(client, &written);
    world->genesis = client->letters[--client->letter_count];
    memcpy(world->session, world->genesis->hash, HASH_BYTES);
    world->has_session = true;
}

static bool send_texts(struct client *client)
{
    struct world *world = client->world;

    for (uint16_t n = 0; n < world->text_count && client->letter_count < TEXTS_AT_ONCE; n++) {
        struct written written = {.audience = AUDIENCE_TEXT, .text = n, .about = NOBODY};
        struct bytes text;

        /* those under way are the first that are missing */
        if (session_has_text(client->side->core, n) || n < world->texts_sent) {
            continue;
        }
        text = letter_text(client, &written);
        draft_text(client->draft, client->side, n, text, &world->entropy);
        letter_write(client, &written);
        world->texts_sent = (uint16_t)(n + 1);
    }
    return session_state(client->side->core) == SESSION_FILLING;
}

static bool send_invites(struct client *client)
{
    struct world *world = client->world;
    static const enum role roles[] = {
        [1] = ROLE_OBSERVER, [2] = ROLE_PARTICIPANT, [3] = ROLE_PARTICIPANT};
    static const uint16_t uses[] = {[1] = 1, [2] = 20, [3] = 1};
    struct written written = {.audience = AUDIENCE_NONE, .about = NOBODY};

    for (uint16_t n = 1; n <= INVITES; n++) {
        if (session_invite(client->side->core, n) == NULL) {
            draft_invite(client->draft, client->side, n, world->invite_seeds[n], roles[n],
                         uses[n], WORLD_START_MS + 30ULL * DAY_MS, &world->entropy);
            letter_write(client, &written);
            return true;
        }
    }
    return false;
}

static uint32_t client_of(const struct client *client, uint16_t member)
{
    const struct world *world = client->world;

    for (uint32_t c = 0; c < world->client_count; c++) {
        if (world->clients[c].side->core != NULL &&
            memcmp(world->clients[c].side->seat.keys.noise,
                   session_member(client->side->core, member)->device.noise, KEY_BYTES) == 0) {
            return c;
        }
    }
    return NOBODY;
}

static bool admit(struct client *client)
{
    struct world *world = client->world;
    const struct session *core = client->side->core;

    for (uint16_t n = 1; n <= session_member_count(core); n++) {
        struct written written = {.audience = AUDIENCE_NONE};

        if (session_member(core, n)->state != MEMBER_LOBBY ||
            (world->admission == ADMISSION_BY_HAND && world_chance(world, 60))) {
            continue;
        }
        written.about = client_of(client, n);
        if (written.about == NOBODY) {
            world_fail(world, client, "somebody joined who is nobody");
            return true;
        }
        written.admits = world->clients[written.about].part != PART_STRANGER;
        draft_roster(client->draft, client->side, n,
                     written.admits ? session_member(core, n)->role : ROLE_REMOVED,
                     &world->entropy);
        letter_write(client, &written);
        return true;
    }
    return false;
}

static void set_pace(struct client *client, enum verb verb, uint16_t step, uint32_t seconds)
{
    struct written written = {
        .audience = AUDIENCE_NONE, .about = NOBODY, .ends = verb == VERB_END};

    draft_pace(client->draft, client->side, verb, step, seconds, &client->world->entropy);
    letter_write(client, &written);
}

static void give_name(struct client *client)
{
    struct written written = {.audience = AUDIENCE_GROUP, .about = NOBODY};
    struct bytes text = letter_text(client, &written);

    draft_written(client->draft, client->side, KIND_NAME, 0, text, &client->world->entropy);
    letter_write(client, &written);
}

/* The gate's text, for everybody from the start. */
static void reveal(struct client *client)
{
    struct written written = {.audience = AUDIENCE_NONE, .about = NOBODY, .text = 1};

    draft_reveal(client->draft, client->side, 1, &client->world->entropy);
    letter_write(client, &written);
}

static void open_step(struct client *client, uint16_t step)
{
    struct written written = {
        .audience = AUDIENCE_NONE, .about = NOBODY, .text = (uint16_t)(step + 1)};

    draft_open(client->draft, client->side, step, written.text, &client->world->entropy);
    letter_write(client, &written);
    client->memory.thoughts = 0;
}

static void write_note(struct client *client, uint16_t step)
{
    struct written written = {.audience = AUDIENCE_GROUP, .about = NOBODY};
    struct bytes text = letter_text(client, &written);

    draft_note(client->draft, client->side, step, text, &client->world->entropy);
    letter_write(client, &written);
}

static void call_last(struct client *client, uint16_t step)
{
    struct message_last_call call = {.step = step, .seconds = 15};
    struct writer writer = client_request(client, MESSAGE_LAST_CALL, step, NULL);

    message_last_call_encode(&writer, &call);
    client_send(client, &writer);
}

static void ask_digest(struct client *client, uint16_t step)
{
    struct message_step asked = {.step = step};
    struct writer writer = client_request(client, MESSAGE_DIGEST, step, NULL);

    message_step_encode(&writer, &asked);
    client_send(client, &writer);
}

void play_digest(struct client *client, uint16_t step, const struct message_digest *digest)
{
    const struct session_step *known = session_step(client->side->core, step);
    struct written written = {.audience = AUDIENCE_NONE, .about = NOBODY};

    if (known->state != STEP_CLOSED || client->letter_count > 0) {
        return;
    }
    draft_release(client->draft, client->side, step, digest->count, digest->digest,
                  &client->world->entropy);
    letter_write(client, &written);
}

/* While a step is open. */
static void lead(struct client *client, const struct session_step *step)
{
    struct world *world = client->world;
    uint16_t number = step->plan.step;
    uint32_t what = world_below(world, 100);

    if (session_state(client->side->core) == SESSION_PAUSED) {
        set_pace(client, VERB_RESUME, 0, 0);
    } else if (client->memory.thoughts++ > STEP_THOUGHTS_MIN && what < 40) {
        set_pace(client, VERB_CLOSE, number, 0);
    } else if (what >= 40 && what < 50 && step->plan.form == FORM_DISCUSSION) {
        write_note(client, number);
    } else if (what >= 50 && what < 55) {
        set_pace(client, VERB_PAUSE, 0, 0);
    } else if (what >= 55 && what < 60) {
        set_pace(client, VERB_TIMER_START, 0, 60);
    } else if (what >= 60 && what < 65) {
        call_last(client, number);
    }
}

/* The step that is next to do something about; NULL when all are done. */
static const struct session_step *next_step(const struct session *core)
{
    for (uint16_t i = 0; i < session_step_count(core); i++) {
        const struct session_step *step = session_step_at(core, i);
        bool is_private = step->plan.sharing == SHARING_NEVER;

        if (step->state != STEP_RELEASED && !(is_private && step->state == STEP_CLOSED)) {
            return step;
        }
    }
    return NULL;
}

static void take_step(struct client *client)
{
    const struct session_step *step = next_step(client->side->core);

    if (step == NULL) {
        if (session_state(client->side->core) != SESSION_ENDED) {
            set_pace(client, VERB_END, 0, 0);
        }
        return;
    }
    switch (step->state) {
    case STEP_UNOPENED:
    case STEP_SKIPPED:
        open_step(client, step->plan.step);
        break;
    case STEP_OPEN:
        lead(client, step);
        break;
    case STEP_CLOSED:
        if (world_chance(client->world, 15)) {
            open_step(client, step->plan.step);
        } else {
            ask_digest(client, step->plan.step);
        }
        break;
    case STEP_RELEASED:
        break;
    }
}

static uint32_t people_in(const struct session *core)
{
    uint32_t count = 0;

    for (uint16_t n = 1; n <= session_member_count(core); n++) {
        count += session_member(core, n)->state == MEMBER_ADMITTED;
    }
    return count;
}

void play_facilitator(struct client *client)
{
    struct world *world = client->world;
    const struct session *core = client->side->core;
    bool live = session_state(core) == SESSION_RUNNING || session_state(core) == SESSION_PAUSED;

    if (world->may_purge && session_state(core) == SESSION_ENDED && !client->memory.purged &&
        client->letter_count == 0) {
        struct written written = {.audience = AUDIENCE_NONE, .about = NOBODY};

        draft_purge(client->draft, client->side, &world->entropy);
        letter_write(client, &written);
        return;
    }
    if (session_state(core) == SESSION_FILLING && send_texts(client)) {
        return;
    }
    if (!live || client->letter_count > 0 || client->outstanding_count > 8 ||
        send_invites(client)) {
        return;
    }
    world->invites_are_out = true;
    if (!client->memory.named) {
        client->memory.named = true;
        give_name(client);
    } else if (!client->memory.revealed) {
        client->memory.revealed = true;
        reveal(client);
    } else if (!admit(client) && people_in(core) >= PEOPLE_MIN) {
        take_step(client);
    }
}

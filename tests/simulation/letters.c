/* Entries on their way from a client: written down in the ledger, kept until answered. */
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/world.h"

enum { FILLER_BYTES_MAX = 40000, RETRY_MS_MAX = 1500 };

struct bytes letter_text(struct client *client, struct written *written)
{
    static uint8_t text[TOKEN_BYTES + FILLER_BYTES_MAX];
    struct world *world = client->world;
    uint32_t size = world_below(world, 100);
    uint32_t filler = world_below(world, 200);

    if (size >= 97) { /* now and then something that does not fit with others in a frame */
        filler = world_below(world, FILLER_BYTES_MAX);
    } else if (size >= 75) {
        filler = world_below(world, 3000);
    }
    entropy_fill(&world->entropy, written->token, TOKEN_BYTES);
    memcpy(text, written->token, TOKEN_BYTES);
    memset(text + TOKEN_BYTES, 'x', filler);
    return (struct bytes){.data = text, .count = TOKEN_BYTES + filler};
}

void letter_write(struct client *client, const struct written *written)
{
    const struct draft *draft = client->draft;
    struct written note = *written;
    struct letter *letter = calloc(1, sizeof *letter);

    if (letter == NULL || client->letter_count == LETTERS_MAX) {
        abort();
    }
    memcpy(letter->bytes, draft->sealed.bytes, draft->sealed.count);
    letter->count = draft->sealed.count;
    letter->kind = draft->entry.kind;
    letter->step = draft->entry.step;
    letter->edit = letter->kind == KIND_ANSWER ? draft->entry.args.answer.edit : 0;
    memcpy(letter->id, draft->entry.id, ID_BYTES);
    memcpy(letter->hash, draft->sealed.hash, HASH_BYTES);
    client->letters[client->letter_count++] = letter;

    memcpy(note.id, letter->id, ID_BYTES);
    note.kind = letter->kind;
    note.step = letter->step;
    note.edit = letter->edit;
    note.author = client->number;
    ledger_write(&client->world->ledger, &note);
    world_say(client->world, client, "writes kind %d, step %u", (int)letter->kind,
              letter->step);
}

bool letter_waits(const struct client *client, enum kind kind, uint16_t step)
{
    for (size_t i = 0; i < client->letter_count; i++) {
        if (client->letters[i]->kind == kind && client->letters[i]->step == step) {
            return true;
        }
    }
    return false;
}

static void drop(struct client *client, size_t at)
{
    free(client->letters[at]);
    memmove(&client->letters[at], &client->letters[at + 1],
            (client->letter_count - at - 1) * sizeof client->letters[0]);
    client->letter_count--;
}

/* Refusals that may meet anybody who acts on what was true a moment ago. */
static bool may_be_refused(const struct letter *letter, enum status status)
{
    if (status == STATUS_CONFLICT) {
        return letter->kind != KIND_ANSWER;
    }
    return status == STATUS_BAD_STATE || status == STATUS_PAUSED || status == STATUS_ENDED ||
           status == STATUS_PURGED;
}

static void remember(struct client *client, const struct letter *letter)
{
    switch ((int)letter->kind) {
    case KIND_JOIN:
        client->memory.joined = true;
        break;
    case KIND_ANSWER:
        client->memory.acked_edits[letter->step] = letter->edit;
        break;
    case KIND_PURGE:
        client->memory.purged = true;
        break;
    default: /* nothing to remember */
        break;
    }
}

void letter_answered(struct client *client, const uint8_t *id, enum status status,
                     const struct message_appended *appended)
{
    size_t at = 0;
    struct letter *letter = NULL;

    while (at < client->letter_count && memcmp(client->letters[at]->id, id, ID_BYTES) != 0) {
        at++;
    }
    if (at == client->letter_count) {
        world_fail(client->world, client, "an answer to a letter that was answered before");
        return;
    }
    letter = client->letters[at];
    if (status == STATUS_OK) {
        client->world->tally.appended++;
        client->world->tally.held += appended->time_ms < letter->sent_ms;
        check_acknowledged(client, letter, appended);
        remember(client, letter);
        drop(client, at);
    } else if (status == STATUS_NO_SPACE) {
        letter->is_sent = false;
        letter->not_before_ms =
            client->world->now_ms + world_below(client->world, RETRY_MS_MAX);
    } else if (may_be_refused(letter, status)) {
        client->memory.gave_up = client->memory.gave_up || letter->kind == KIND_JOIN;
        drop(client, at);
    } else {
        world_fail(client->world, client, "its entry of kind %d is refused: %s",
                   (int)letter->kind, status_name(status));
    }
}

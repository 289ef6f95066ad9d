/* What must hold at every step. It is checked where it could break: on every batch that becomes
 * durable, every item a client gets, every acknowledgement. */
#include <string.h>

#include "protocol/entry.h"
#include "tests/simulation/world.h"

/* Every answer that was acknowledged, or a later edit of it, comes out with its release. */
static void check_release(struct world *world, const struct batch *batch, uint16_t step)
{
    for (uint32_t c = 0; c < world->client_count; c++) {
        const struct client *client = &world->clients[c];
        uint32_t acked = client->memory.acked_edits[step];
        bool found = acked == 0;

        for (size_t i = 0; i < batch->count; i++) {
            const struct written *written = batch->rows[i].kind == ROW_PUBLIC
                                                ? ledger_find(&world->ledger, batch->rows[i].id)
                                                : NULL;

            found = found || (written != NULL && written->kind == KIND_ANSWER &&
                              written->author == c && written->edit >= acked);
        }
        if (!found) {
            world_fail(world, client,
                       "its answer to step %u was acknowledged, and is not in "
                       "the release",
                       step);
        }
    }
}

void check_batch(struct world *world, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct row *row = &batch->rows[i];
        const struct written *written = NULL;

        if (row->kind != ROW_PUBLIC && row->kind != ROW_OWN && row->kind != ROW_WAITING) {
            continue;
        }
        written = ledger_find(&world->ledger, row->id);
        if (written == NULL) {
            world_fail(world, NULL, "an entry is stored that nobody wrote");
            return;
        }
        if (row->kind == ROW_PUBLIC && written->kind == KIND_RELEASE) {
            check_release(world, batch, written->step);
        }
        world->has_ended = world->has_ended || (row->kind == ROW_PUBLIC && written->ends);
        if (row->kind == ROW_PUBLIC && written->kind == KIND_MESSAGE) {
            world_fail(world, NULL, "a message is stored in the public stream");
        }
    }
}

void check_item(struct client *client, const struct message_item *item)
{
    static struct entry entry;
    struct world *world = client->world;
    uint16_t member = item->stream == STREAM_OWN ? client->side->member : 0;
    const struct row *row = NULL;
    const char *wrong = NULL;

    if (entry_decode(item->entry, &entry) != STATUS_OK) {
        world_fail(world, client, "gets an entry that does not decode");
        return;
    }
    if (item->stream == STREAM_PUBLIC && item->index == 0 && world->may_purge) {
        return; /* a tombstone, which is for whoever asks; its reader looks at it */
    }
    if (client->part == PART_THIEF) {
        world_fail(world, client, "gets something");
        return;
    }
    wrong = ledger_receive(&world->ledger, client->number, item->stream, item->index, entry.id);
    if (wrong != NULL) {
        world_fail(world, client, "gets %s (kind %d, index %llu)", wrong, (int)entry.kind,
                   (unsigned long long)item->index);
        return;
    }
    if (item->stream == STREAM_WAITING) {
        return;
    }
    row = memory_store_find(&world->store, world->session, member, item->index);
    if (!world->may_purge && (row == NULL || !bytes_equal(row->bytes, item->entry) ||
                              row->time_ms != item->time_ms)) {
        world_fail(world, client, "gets item %llu of stream %d otherwise than it is stored",
                   (unsigned long long)item->index, (int)item->stream);
    }
}

/* A waiting answer is safe when it is stored in its place, itself or a later edit, or is out.
 */
static bool is_waiting_or_out(const struct client *client, const struct letter *letter)
{
    struct world *world = client->world;
    const struct row *row = memory_store_place(&world->store, world->session, ROW_WAITING,
                                               letter->step, client->side->member);
    const struct written *written = ledger_find(&world->ledger, letter->id);

    return (row != NULL && row->edit >= letter->edit) || world->ledger.released[letter->step] ||
           world->has_ended || (written != NULL && written->durable > 1);
}

void check_acknowledged(struct client *client, const struct letter *letter,
                        const struct message_appended *appended)
{
    struct world *world = client->world;
    const struct row *row = NULL;
    bool held = false;

    if (letter->kind == KIND_PURGE) {
        return;
    }
    if (appended->stream == STREAM_WAITING) {
        held = letter->kind == KIND_ANSWER && is_waiting_or_out(client, letter);
    } else {
        row = memory_store_find(&world->store, world->session,
                                appended->stream == STREAM_OWN ? client->side->member : 0,
                                appended->index);
        held = row != NULL && memcmp(row->id, letter->id, ID_BYTES) == 0;
    }
    if (memcmp(appended->hash, letter->hash, HASH_BYTES) != 0) {
        world_fail(world, client, "is told of another entry than it sent");
    }
    if (!held) {
        world_fail(world, client, "is told that its entry of kind %d is stored, and it is not",
                   (int)letter->kind);
    }
}

void check_done(struct client *client, uint16_t step)
{
    struct world *world = client->world;

    if (memory_store_place(&world->store, world->session, ROW_DONE, step,
                           client->side->member) == NULL) {
        world_fail(world, client, "is told that its mark is stored, and it is not");
    }
}

/* ---- at the end ---- */

static bool is_settled(const struct world *world, const struct client *client)
{
    const struct side *side = client->side;

    if (client->state == CLIENT_OUT || client->part == PART_THIEF) {
        return true;
    }
    if (world->may_purge || client->state != CLIENT_IN || client->letter_count > 0) {
        return false;
    }
    if (side->member == 0 && !client->memory.gave_up) {
        return false;
    }
    return side_public_index(side) == memory_store_head(&world->store, world->session, 0) &&
           (side->member == 0 ||
            side_own_index(side) ==
                memory_store_head(&world->store, world->session, side->member));
}

bool check_settled(struct world *world)
{
    for (uint32_t c = 0; c < world->client_count; c++) {
        if (!is_settled(world, &world->clients[c])) {
            return false;
        }
    }
    for (uint32_t c = 0; c < world->client_count; c++) {
        const struct client *client = &world->clients[c];

        if (world->may_purge && client->part != PART_THIEF && !client->was_purged &&
            world->ledger.refused_index[c] == 0) {
            world_fail(world, client, "lost its session and saw no reason");
        }
    }
    for (uint32_t c = 0; c < world->client_count && !world->may_purge; c++) {
        const struct written *missing = ledger_missing(&world->ledger, c);

        if (missing != NULL) {
            world_fail(world, &world->clients[c],
                       "has everything, and could not read an entry of kind %d",
                       (int)missing->kind);
        }
    }
    return true;
}

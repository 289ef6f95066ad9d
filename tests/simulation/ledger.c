#include "tests/simulation/ledger.h"

#include <stdlib.h>
#include <string.h>

void ledger_finish(struct ledger *ledger)
{
    free(ledger->items);
    *ledger = (struct ledger){0};
}

struct written *ledger_write(struct ledger *ledger, const struct written *written)
{
    if (ledger->count == ledger->capacity) {
        ledger->capacity = ledger->capacity == 0 ? 256 : ledger->capacity * 2;
        ledger->items = reallocarray(ledger->items, ledger->capacity, sizeof *ledger->items);
        if (ledger->items == NULL) {
            abort();
        }
    }
    ledger->items[ledger->count] = *written;
    return &ledger->items[ledger->count++];
}

struct written *ledger_find(const struct ledger *ledger, const uint8_t *id)
{
    for (size_t i = ledger->count; i > 0; i--) {
        if (memcmp(ledger->items[i - 1].id, id, ID_BYTES) == 0) {
            return &ledger->items[i - 1];
        }
    }
    return NULL;
}

static uint32_t bit(uint32_t client)
{
    return 1U << client;
}

static void store_public(struct ledger *ledger, const struct row *row,
                         const struct written *written)
{
    if (written->kind == KIND_ROSTER && written->about != NOBODY) {
        if (written->admits) {
            ledger->admitted |= bit(written->about);
        } else {
            ledger->refused_index[written->about] = row->index;
        }
    }
    if (written->kind == KIND_GENESIS) {
        ledger->facilitators |= bit(written->author);
        ledger->admitted |= bit(written->author);
    }
    if ((written->kind == KIND_OPEN || written->kind == KIND_REVEAL) && written->text != 0) {
        ledger->given[written->text] = true;
    }
    if (written->kind == KIND_RELEASE) {
        ledger->released[written->step] = true;
    }
}

void ledger_store(struct ledger *ledger, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct row *row = &batch->rows[i];
        struct written *written = NULL;

        if (row->kind == ROW_PUBLIC || row->kind == ROW_OWN || row->kind == ROW_WAITING) {
            written = ledger_find(ledger, row->id);
        }
        if (written != NULL) {
            written->durable++;
            if (row->kind == ROW_PUBLIC) {
                store_public(ledger, row, written);
            }
        }
    }
}

static bool may_read(const struct ledger *ledger, uint32_t client,
                     const struct written *written)
{
    bool admitted = (ledger->admitted & bit(client)) != 0;
    bool facilitator = (ledger->facilitators & bit(client)) != 0;

    if (written->author == client) {
        return true;
    }
    switch (written->audience) {
    case AUDIENCE_NONE:
        return false;
    case AUDIENCE_GROUP:
        return admitted;
    case AUDIENCE_FACILITATORS:
        return facilitator;
    case AUDIENCE_TEXT:
        return facilitator || (admitted && ledger->given[written->text]);
    case AUDIENCE_ANSWER:
        return admitted && ledger->released[written->step];
    case AUDIENCE_NAMED:
        return (written->readers & bit(client)) != 0;
    }
    return false;
}

const char *ledger_receive(struct ledger *ledger, uint32_t client, enum stream stream,
                           uint64_t index, const uint8_t *id)
{
    struct written *written = ledger_find(ledger, id);

    if (written == NULL) {
        return "an entry that nobody wrote";
    }
    if (written->durable == 0) {
        return "an entry that is not stored";
    }
    written->received |= bit(client);
    if ((written->kind == KIND_MESSAGE) != (stream == STREAM_OWN)) {
        return "an entry in the wrong stream";
    }
    if (written->kind == KIND_MESSAGE && !may_read(ledger, client, written)) {
        return "a message between others";
    }
    if (written->kind == KIND_ANSWER && stream != STREAM_PUBLIC && written->author != client) {
        return "somebody else's waiting answer";
    }
    if (written->kind == KIND_ANSWER && stream == STREAM_PUBLIC &&
        !ledger->released[written->step]) {
        return "an answer before its release";
    }
    if (stream == STREAM_PUBLIC && ledger->refused_index[client] != 0 &&
        index > ledger->refused_index[client]) {
        return "an entry after being refused";
    }
    return NULL;
}

const char *ledger_read(struct ledger *ledger, uint32_t client, const uint8_t *id,
                        struct bytes plaintext)
{
    struct written *written = ledger_find(ledger, id);

    if (written == NULL || plaintext.count < TOKEN_BYTES ||
        memcmp(plaintext.data, written->token, TOKEN_BYTES) != 0) {
        return "a text that nobody wrote";
    }
    if (!may_read(ledger, client, written)) {
        return "what it may not read";
    }
    written->read |= bit(client);
    return NULL;
}

const struct written *ledger_missing(const struct ledger *ledger, uint32_t client)
{
    for (size_t i = 0; i < ledger->count; i++) {
        const struct written *written = &ledger->items[i];
        bool is_out = written->kind != KIND_ANSWER || written->durable > 1;

        if (written->audience != AUDIENCE_NONE && written->author != client && is_out &&
            written->durable > 0 && may_read(ledger, client, written) &&
            (written->read & bit(client)) == 0) {
            return written;
        }
    }
    return NULL;
}

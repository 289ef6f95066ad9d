#include "client/outbox.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"

enum { ANSWERS_FIRST = 16 };

static void forget_bytes(struct bytes *held)
{
    if (held->data != NULL) {
        secret_wipe((void *)held->data, held->count);
        free((void *)held->data);
    }
    *held = (struct bytes){0};
}

enum status outbox_replace(struct bytes *held, struct bytes with)
{
    uint8_t *copy = NULL;

    if (with.count > 0) {
        copy = malloc(with.count);
        if (copy == NULL) {
            return STATUS_NOMEM;
        }
        memcpy(copy, with.data, with.count);
    }
    forget_bytes(held);
    *held = (struct bytes){copy, with.count};
    return STATUS_OK;
}

static void wish_destroy(struct wish *wish)
{
    forget_bytes(&wish->plaintext);
    forget_bytes(&wish->sealed);
    free(wish->texts.at);
    secret_wipe(wish, sizeof *wish);
    free(wish);
}

void outbox_finish(struct outbox *outbox)
{
    while (outbox->first != NULL) {
        struct wish *wish = outbox->first;

        outbox->first = wish->next;
        wish_destroy(wish);
    }
    for (size_t i = 0; i < outbox->answer_count; i++) {
        forget_bytes(&outbox->answers[i].draft);
        forget_bytes(&outbox->answers[i].submitted);
        forget_bytes(&outbox->answers[i].sealed);
    }
    free(outbox->answers);
    *outbox = (struct outbox){0};
}

/* ---- wishes ---- */

struct wish *outbox_add(struct outbox *outbox, enum kind kind, uint16_t step,
                        struct bytes plaintext)
{
    struct wish *wish = NULL;

    if (outbox->wish_count == OUTBOX_WISHES_MAX) {
        return NULL;
    }
    wish = calloc(1, sizeof *wish);
    if (wish == NULL || outbox_replace(&wish->plaintext, plaintext) != STATUS_OK) {
        free(wish);
        return NULL;
    }
    wish->kind = kind;
    wish->step = step;
    wish->order = ++outbox->last_order;
    if (outbox->last == NULL) {
        outbox->first = wish;
    } else {
        outbox->last->next = wish;
    }
    outbox->last = wish;
    outbox->wish_count++;
    return wish;
}

enum status wish_set_texts(struct wish *wish, const uint16_t *texts, uint16_t count)
{
    uint16_t *copy = NULL;

    if (count > 0) {
        copy = calloc(count, sizeof *copy);
        if (copy == NULL) {
            return STATUS_NOMEM;
        }
        memcpy(copy, texts, count * sizeof *copy);
    }
    free(wish->texts.at);
    wish->texts = (struct wish_texts){.count = count, .at = copy};
    return STATUS_OK;
}

enum status wish_set_sealed(struct wish *wish, struct bytes sealed)
{
    return outbox_replace(&wish->sealed, sealed);
}

void wish_unseal(struct wish *wish)
{
    forget_bytes(&wish->sealed);
}

struct wish *outbox_find(struct outbox *outbox, uint64_t order)
{
    for (struct wish *wish = outbox->first; wish != NULL; wish = wish->next) {
        if (wish->order == order) {
            return wish;
        }
    }
    return NULL;
}

struct wish *outbox_last_of(struct outbox *outbox, enum kind kind, uint16_t step)
{
    struct wish *found = NULL;

    for (struct wish *wish = outbox->first; wish != NULL; wish = wish->next) {
        if (wish->kind == kind && (step == 0 || wish->step == step)) {
            found = wish;
        }
    }
    return found;
}

void outbox_remove(struct outbox *outbox, struct wish *wish)
{
    struct wish **place = &outbox->first;
    struct wish *before = NULL;

    while (*place != wish) {
        assert(*place != NULL);
        before = *place;
        place = &before->next;
    }
    *place = wish->next;
    if (outbox->last == wish) {
        outbox->last = before;
    }
    outbox->wish_count--;
    wish_destroy(wish);
}

/* ---- answers ---- */

struct own_answer *outbox_find_answer(struct outbox *outbox, uint16_t step, uint8_t behalf)
{
    for (size_t i = 0; i < outbox->answer_count; i++) {
        if (outbox->answers[i].step == step && outbox->answers[i].behalf == behalf) {
            return &outbox->answers[i];
        }
    }
    return NULL;
}

struct own_answer *outbox_answer(struct outbox *outbox, uint16_t step, uint8_t behalf)
{
    struct own_answer *found = outbox_find_answer(outbox, step, behalf);
    size_t larger = outbox->answer_capacity == 0 ? ANSWERS_FIRST : outbox->answer_capacity * 2;
    struct own_answer *moved = NULL;

    if (found != NULL) {
        return found;
    }
    if (outbox->answer_count == OUTBOX_ANSWERS_MAX) {
        return NULL;
    }
    if (outbox->answer_count == outbox->answer_capacity) {
        moved = realloc(outbox->answers, larger * sizeof *moved);
        if (moved == NULL) {
            return NULL;
        }
        outbox->answers = moved;
        outbox->answer_capacity = larger;
    }
    found = &outbox->answers[outbox->answer_count++];
    *found = (struct own_answer){.step = step, .behalf = behalf};
    return found;
}

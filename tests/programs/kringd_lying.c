/* kringd_lying -- kringd in everything, but for what it tells of the public log while the file
 * that KRING_LIE names exists. The file holds a word and the index the lie is about:
 *
 *   skip N      leaves entry N out: sends what follows it, under its own index
 *   swap N      sends N+1 in the place of N, and N in the place of N+1
 *   repeat N    sends N-1 once more in the place of N
 *   forge N     alters a byte of the signature of N
 *   alter N     alters a byte in the middle of N
 *   time N      says that N came before all that stands before it
 *   genesis 1   sends the genesis of another session of this server
 *
 * To send what stands further on it must have sent that truly before, to anybody. It does not
 * know sessions apart, so it is for one session; `genesis` wants a second one. Linked with
 * --wrap=message_item_encode: the last place where an entry is a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/limits.h"
#include "protocol/methods.h"
#include "server/command.h"

enum { REMEMBERED_MAX = 256, GENESES_MAX = 2 };

struct told {
    size_t count;
    uint8_t bytes[ENTRY_BYTES_MAX];
};

/* The linker calls it without any context of ours, and the loop is one thread. */
static struct told *told[REMEMBERED_MAX + 1];
static struct told *geneses[GENESES_MAX];

void __real_message_item_encode(struct writer *writer, const struct message_item *item);
void __wrap_message_item_encode(struct writer *writer, const struct message_item *item);

static struct told *copy_of(struct bytes entry)
{
    struct told *copy = calloc(1, sizeof *copy);

    if (copy == NULL || entry.count > sizeof copy->bytes) {
        abort();
    }
    copy->count = entry.count;
    memcpy(copy->bytes, entry.data, entry.count);
    return copy;
}

static bool is_same(const struct told *known, struct bytes entry)
{
    return known->count == entry.count && memcmp(known->bytes, entry.data, entry.count) == 0;
}

static void remember(const struct message_item *item)
{
    if (item->stream != STREAM_PUBLIC || item->index == 0 || item->index > REMEMBERED_MAX) {
        return;
    }
    if (told[item->index] == NULL) {
        told[item->index] = copy_of(item->entry);
    }
    for (size_t i = 0; item->index == 1 && i < GENESES_MAX; i++) {
        if (geneses[i] == NULL) {
            geneses[i] = copy_of(item->entry);
        }
        if (is_same(geneses[i], item->entry)) {
            break;
        }
    }
}

static bool read_lie(char word[16], uint64_t *index_out)
{
    const char *path = getenv("KRING_LIE");
    FILE *file = path == NULL ? NULL : fopen(path, "r");
    unsigned long index = 0;
    bool read = file != NULL && fscanf(file, "%15s %lu", word, &index) == 2;

    if (file != NULL) {
        (void)fclose(file);
    }
    *index_out = index;
    return read;
}

static void send_instead(struct message_item *item, const struct told *other)
{
    if (other == NULL) {
        (void)fputs("kringd_lying: that entry is not known here\n", stderr);
        abort();
    }
    item->entry = (struct bytes){other->bytes, other->count};
}

static const struct told *other_genesis(struct bytes entry)
{
    for (size_t i = 0; i < GENESES_MAX; i++) {
        if (geneses[i] != NULL && !is_same(geneses[i], entry)) {
            return geneses[i];
        }
    }
    return NULL;
}

static void lie(struct message_item *item, const char *word, uint64_t index)
{
    static struct told altered;

    if (strcmp(word, "skip") == 0 && item->index >= index) {
        item->index++; /* the client sees a hole where N was */
        if (told[item->index] != NULL) {
            send_instead(item, told[item->index]);
        }
    } else if (strcmp(word, "swap") == 0 && item->index == index) {
        send_instead(item, told[index + 1]);
    } else if (strcmp(word, "swap") == 0 && item->index == index + 1) {
        send_instead(item, told[index]);
    } else if (item->index != index) {
        return;
    } else if (strcmp(word, "repeat") == 0) {
        send_instead(item, told[index - 1]);
    } else if (strcmp(word, "time") == 0) {
        item->time_ms = 1;
    } else if (strcmp(word, "genesis") == 0) {
        send_instead(item, other_genesis(item->entry));
    } else if (strcmp(word, "forge") == 0 || strcmp(word, "alter") == 0) {
        altered.count = item->entry.count;
        memcpy(altered.bytes, item->entry.data, item->entry.count);
        altered.bytes[word[0] == 'f' ? altered.count - 1 : altered.count / 2] ^= 1;
        send_instead(item, &altered);
    }
}

void __wrap_message_item_encode(struct writer *writer, const struct message_item *item)
{
    struct message_item said = *item;
    char word[16];
    uint64_t index;

    remember(item);
    if (item->stream == STREAM_PUBLIC && read_lie(word, &index)) {
        lie(&said, word, index);
    }
    __real_message_item_encode(writer, &said);
}

int main(int argc, char **argv)
{
    return command_main(argc, argv);
}

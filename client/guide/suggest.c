#include "client/guide/suggest.h"

#include <string.h>

static unsigned suggest_least(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;

    return least < c ? least : c;
}

/* Optimal string alignment distance (Damerau 1964, restricted), over bytes. */
static unsigned suggest_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    unsigned rows[3][SUGGEST_WORD_BYTES_MAX + 1] = {{0}};
    unsigned *before = rows[0]; /* the row before the last */
    unsigned *last = rows[1];
    unsigned *row = rows[2];

    for (size_t j = 0; j <= b_bytes; j++) {
        last[j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_bytes; i++) {
        unsigned *spare = before;

        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_bytes; j++) {
            unsigned changed = last[j - 1] + (a[i - 1] != b[j - 1]);

            row[j] = suggest_least(last[j] + 1, row[j - 1] + 1, changed);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < row[j]) {
                row[j] = before[j - 2] + 1;
            }
        }
        before = last;
        last = row;
        row = spare;
    }
    return last[b_bytes];
}

void suggest_init(struct suggestion *suggestion, const char *word)
{
    *suggestion = (struct suggestion){.word = word};
}

void suggest_consider(struct suggestion *suggestion, const char *candidate)
{
    size_t word_bytes = strlen(suggestion->word);
    size_t candidate_bytes = strlen(candidate);
    unsigned distance;

    if (word_bytes > SUGGEST_WORD_BYTES_MAX || candidate_bytes > SUGGEST_WORD_BYTES_MAX) {
        return;
    }
    distance = suggest_distance(suggestion->word, word_bytes, candidate, candidate_bytes);
    if (distance > word_bytes / 3) {
        return;
    }
    if (suggestion->best == NULL || distance < suggestion->distance) {
        suggestion->best = candidate;
        suggestion->distance = distance;
    }
}

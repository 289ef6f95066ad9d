/* client/guide/suggest.h -- the word somebody probably meant. Pure; allocates nothing. */
#ifndef CLIENT_GUIDE_SUGGEST_H
#define CLIENT_GUIDE_SUGGEST_H

#include <stddef.h>

enum { SUGGEST_WORD_BYTES_MAX = 40 }; /* longer words get no suggestion */

struct suggestion {
    const char *word;  /* what was written; borrowed */
    const char *best;  /* the nearest candidate so far, NULL when none is near; borrowed */
    unsigned distance; /* of best: letters added, left out, changed or swapped */
};

void suggest_init(struct suggestion *suggestion, const char *word);

/* Keeps candidate if it is near word (about a letter in three) and nearer than any before. */
void suggest_consider(struct suggestion *suggestion, const char *candidate);

#endif

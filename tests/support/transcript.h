/* tests/support/transcript.h -- what somebody's transcript says, for tests. A failure prints
 * the whole of it. */
#ifndef TESTS_SUPPORT_TRANSCRIPT_H
#define TESTS_SUPPORT_TRANSCRIPT_H

#include <stddef.h>

#include "tests/support/small.h"

/* As export_markdown() writes it; the caller frees it. */
char *transcript_of(struct circle_person *person);

void transcript_has(const char *text, const char *what);
void transcript_lacks(const char *text, const char *what);
/* Both are there, the first one first. */
void transcript_in_order(const char *text, const char *first, const char *second);
size_t transcript_times(const char *text, const char *what);

/* A session in which the sketch was read, the question was answered by Bram and shared, and
 * Bram and Ayse chose 1 and 2. */
struct circle *transcript_played(void);
/* A step in this person's model, so that it says what an honest circle would not. */
struct model_step *transcript_step(struct circle_person *person, uint16_t number);

#endif

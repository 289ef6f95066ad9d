/* tests/support/small.h -- a small session that four people are in, for tests that go on from
 * there: a facilitator, an observer, two participants. */
#ifndef TESTS_SUPPORT_SMALL_H
#define TESTS_SUPPORT_SMALL_H

#include "tests/support/circle.h"

/* Its steps, and its people: their place in circle->people. */
enum { READ = 1, QUESTION, CHOICE, TALK, MINE, REPORT, PLAN };
enum { FATMA, OLGA, BRAM, AYSE, JORIS };

extern const char small_guide[];

/* Everyone is in, connected and caught up. */
struct circle *small_begin(void);
void small_end(struct circle *circle);

/* An answer of one field, or of two; option 0: none. */
struct content_answer small_answer(const char *first, const char *second, uint16_t option);
/* Submits it. */
void small_say(struct circle_person *person, uint16_t step, const char *first,
               const char *second, uint16_t option);
const struct model_step *small_step(struct circle_person *person, uint16_t number);
/* The facilitator does, and it has come about. */
void small_open(struct circle *circle, uint16_t step);
void small_release(struct circle *circle, uint16_t step);

#endif

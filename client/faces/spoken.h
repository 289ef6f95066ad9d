/* client/faces/spoken.h -- a number as words that can be read out over a phone: proquints
 * (D. S. Wilkerson, "A Proposal for Proquints", arXiv:0901.4016), 16 bits to five letters. */
#ifndef CLIENT_FACES_SPOKEN_H
#define CLIENT_FACES_SPOKEN_H

#include <stddef.h>
#include <stdint.h>

enum { SPOKEN_WORDS = 6, SPOKEN_BYTES = SPOKEN_WORDS * 6 }; /* 96 bits; with the end */

/* The first 96 bits of `bytes` as six words with spaces between. */
void spoken_words(const uint8_t bytes[2 * SPOKEN_WORDS], char out[SPOKEN_BYTES]);

#endif

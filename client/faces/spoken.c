#include "client/faces/spoken.h"

#include "common/bytes.h"

void spoken_words(const uint8_t bytes[2 * SPOKEN_WORDS], char out[SPOKEN_BYTES])
{
    static const char consonants[] = "bdfghjklmnprstvz";
    static const char vowels[] = "aiou";

    for (size_t word = 0; word < SPOKEN_WORDS; word++) {
        unsigned bits = bytes_get_u16(bytes + 2 * word);

        *out++ = consonants[bits >> 12 & 15];
        *out++ = vowels[bits >> 10 & 3];
        *out++ = consonants[bits >> 6 & 15];
        *out++ = vowels[bits >> 4 & 3];
        *out++ = consonants[bits & 15];
        *out++ = word + 1 == SPOKEN_WORDS ? '\0' : ' ';
    }
}

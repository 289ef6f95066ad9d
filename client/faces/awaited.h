/* client/faces/awaited.h -- whose answers are missing, as a sentence for who shares them: "Not
 * answered yet: Bram, Carla (both are writing)." Pure but for the FILE. */
#ifndef CLIENT_FACES_AWAITED_H
#define CLIENT_FACES_AWAITED_H

#include <stdbool.h>
#include <stdio.h>

#include "client/model.h"

/* False, and nothing is printed: nobody is missing, or it is not known who. */
bool awaited_print(FILE *out, const struct model_step *step);

#endif

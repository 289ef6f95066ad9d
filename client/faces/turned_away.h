/* client/faces/turned_away.h -- was this person refused at the door, and for good? Pure. */
#ifndef CLIENT_FACES_TURNED_AWAY_H
#define CLIENT_FACES_TURNED_AWAY_H

#include "client/member.h"
#include "client/model.h"

/* EX_OK: no; they are inside, or were once (then what is on this device is still to be read),
 * or it is tried again by itself. Else the code to end with (sysexits.h): EX_NOPERM, the server
 * does not take this invite or ticket; EX_UNAVAILABLE, it has no such session, or no room. */
int turned_away(const struct model *model, const struct news *news);

#endif

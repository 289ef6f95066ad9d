/* client/guide/playable.h -- what this version of kring can play, of all a guide may ask.
 *
 * The format is read and checked whole; the engine plays more of it with each version. Whoever
 * hosts asks here first and refuses with these findings, so that nobody finds out in the middle
 * of a session. Only steps that are played count: what a route or a case leaves out may be
 * anything. */
#ifndef CLIENT_GUIDE_PLAYABLE_H
#define CLIENT_GUIDE_PLAYABLE_H

#include "client/guide/report.h"
#include "client/guide/resolve.h"

/* Adds an error for every kind, share, work or who that cannot be played yet, on the guide's
 * file, and says whether there was none. Warns of a gate, which is not asked yet. */
MUST_CHECK bool playable_check(const struct resolved *resolved, struct report *report);

#endif

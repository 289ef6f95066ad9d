/* client/letters.h -- what a host hands out, as files in a folder: a letter per invite, and the
 * recovery sheet. All of them 0600 in a folder 0700: who has one can come in.
 *
 * The recovery sheet exists once. It is written before the session is made, and never shown or
 * kept anywhere else. */
#ifndef CLIENT_LETTERS_H
#define CLIENT_LETTERS_H

#include <stddef.h>
#include <stdint.h>

#include "common/numbers.h"
#include "common/status.h"

struct letters {
    const char *folder; /* made when it is not there; existing files are never overwritten */
    const char *title;  /* of the session */
    const char *from;   /* the facilitator's name */
};

/* Errors, all of them: STATUS_EXISTS (a file is there already), STATUS_PERMISSION,
 * STATUS_NOT_FOUND (the folder above), STATUS_NO_SPACE, STATUS_IO. */

/* recovery-sheet.txt; path_out (size bytes) gets its path. */
MUST_CHECK enum status letters_write_sheet(const struct letters *letters, const char *link,
                                           char *path_out, size_t size);

/* invite-3-participant.txt, or with a label invite-3-LABEL.txt. label may be NULL. */
MUST_CHECK enum status letters_write_invite(const struct letters *letters, uint16_t number,
                                            enum role role, const char *label,
                                            const char *link);

/* Their names too are on the disk, the folder's among them: call it after the last letter, and
 * before anything is made that needs the sheet. */
MUST_CHECK enum status letters_settle(const struct letters *letters);

#endif

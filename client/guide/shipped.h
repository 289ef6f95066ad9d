/* client/guide/shipped.h -- the guides and cases that come with kring, and where they are.
 *
 * A folder of files `<id>.<language>.yaml`, with cases in its subfolder `cases`. It is the one
 * named by the environment variable KRING_GUIDES, else share/kring/guides beside the bin/ that
 * kring was installed in, else the one it was built with (KRING_GUIDES_DIR). Looks at names and
 * titles only; guide_load() reads. */
#ifndef CLIENT_GUIDE_SHIPPED_H
#define CLIENT_GUIDE_SHIPPED_H

#include <stdint.h>

#include "client/guide/arena.h"
#include "client/guide/guide.h"
#include "common/status.h"

enum { SHIPPED_FILES_MAX = 128 };

struct shipped_file {
    const char *id;
    enum guide_language language;
    const char *title; /* "" when the file does not say one that can be read */
    const char *path;
    bool is_case;
};

struct shipped {
    struct arena *arena; /* owned, with the list */
    const char *folder;
    struct shipped_file *files; /* guides first; sorted by id, then language */
    uint32_t count;
};

/* folder: where to look; NULL: as said above. The caller owns *shipped_out:
 * shipped_destroy(); NULL is fine there. A folder without guides gives an empty list.
 * Errors: STATUS_NOT_FOUND (no such folder), STATUS_FULL (over SHIPPED_FILES_MAX files),
 * STATUS_IO, STATUS_NOMEM. */
MUST_CHECK enum status shipped_list(const char *folder, struct shipped **shipped_out);
void shipped_destroy(struct shipped *shipped);

/* The file with this id: in the language asked for, else in any (GUIDE_LANGUAGE_UNSET: any).
 * NULL when there is none. */
const struct shipped_file *shipped_find(const struct shipped *shipped, const char *id,
                                        bool is_case, enum guide_language language);

#endif

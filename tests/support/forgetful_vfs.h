/* tests/support/forgetful_vfs.h -- an SQLite VFS that forgets: what was written reaches the
 * real file at xSync and not before. So killing the process loses everything unsynced, as a
 * power cut would, which an ordinary kill does not. Without a kill the same can be had by a
 * planned crash: from then on every call fails, and the real files stay as they are.
 *
 * It also makes a chosen write fail, as a full or broken disk does. Exclusive locking only: it
 * has no shared memory. */
#ifndef TESTS_SUPPORT_FORGETFUL_VFS_H
#define TESTS_SUPPORT_FORGETFUL_VFS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"

/* All zero: nothing goes wrong. Counted from when it is set; 1 is the next. */
struct forgetful_plan {
    uint64_t crash_at_sync;  /* instead of this sync */
    uint64_t crash_in_write; /* instead of this write */
    uint64_t torn_seed; /* 0: a crash loses all that is unsynced; else this decides which blocks
                           of it survive */
    uint64_t fail_write; /* this write fails, and once more if it is tried again... */
    bool keeps_failing;  /* ...and all after it */
    int fail_code;       /* with this SQLite code */
};

struct forgetful_vfs; /* opaque */

/* Registers it under this name, which must be new; is_default: for whoever names none.
 * Errors: STATUS_NOMEM. */
MUST_CHECK enum status forgetful_vfs_create(const char *name, bool is_default,
                                            struct forgetful_vfs **vfs_out);
/* All files must be closed. NULL is fine. */
void forgetful_vfs_destroy(struct forgetful_vfs *vfs);

/* Forgets what happened, a crash too. No file may be in use meanwhile. */
void forgetful_vfs_plan(struct forgetful_vfs *vfs, const struct forgetful_plan *plan);

bool forgetful_vfs_has_crashed(const struct forgetful_vfs *vfs);
uint64_t forgetful_vfs_syncs(const struct forgetful_vfs *vfs);  /* since the plan was set */
uint64_t forgetful_vfs_writes(const struct forgetful_vfs *vfs); /* since the plan was set */

#endif

/* kringd on a disk that forgets what was not synced: killing this program is a power cut. It is
 * kringd in everything else; nothing of this is in the real one. */
#include "server/command.h"
#include "tests/support/forgetful_vfs.h"

int main(int argc, char **argv)
{
    struct forgetful_vfs *vfs = NULL;
    int code;

    if (forgetful_vfs_create("forgetful", true, &vfs) != STATUS_OK) {
        return command_exit_code(STATUS_NOMEM);
    }
    code = command_main(argc, argv);
    forgetful_vfs_destroy(vfs);
    return code;
}

#include "client/faces/turned_away.h"

#include <sysexits.h>

static bool is_passing(enum status status)
{
    return status == STATUS_BUSY || status == STATUS_IO || status == STATUS_NOMEM ||
           status == STATUS_NO_SPACE;
}

static bool is_about_the_link(enum status status)
{
    return status == STATUS_EXPIRED || status == STATUS_USED_UP || status == STATUS_UNKNOWN ||
           status == STATUS_FORBIDDEN || status == STATUS_BAD_SIGNATURE ||
           status == STATUS_REMOVED;
}

int turned_away(const struct model *model, const struct news *news)
{
    bool at_the_door = news->entry == KIND_GENESIS || news->entry == KIND_JOIN;

    if (news->kind != NEWS_REFUSED || !at_the_door || is_passing(news->status) ||
        model->standing != STANDING_OUTSIDE) {
        return EX_OK;
    }
    return is_about_the_link(news->status) ? EX_NOPERM : EX_UNAVAILABLE;
}

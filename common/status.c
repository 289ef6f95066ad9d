#include "common/status.h"

const char *status_name(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return "ok";
    case STATUS_NOMEM:
        return "out of memory";
    case STATUS_IO:
        return "input/output error";
    case STATUS_NO_SPACE:
        return "no space";
    case STATUS_BUSY:
        return "busy";
    case STATUS_NOT_FOUND:
        return "not found";
    case STATUS_EXISTS:
        return "exists";
    case STATUS_PERMISSION:
        return "permission denied";
    case STATUS_UNREACHABLE:
        return "unreachable";
    case STATUS_TIMEOUT:
        return "timeout";
    case STATUS_USAGE:
        return "usage";
    case STATUS_CANCELLED:
        return "cancelled";
    case STATUS_SHORT:
        return "short";
    case STATUS_MALFORMED:
        return "malformed";
    case STATUS_TOO_LONG:
        return "too long";
    case STATUS_VERSION:
        return "unknown version";
    case STATUS_CRYPTO:
        return "does not verify";
    case STATUS_BAD_KEY:
        return "bad key";
    case STATUS_FORBIDDEN:
        return "forbidden";
    case STATUS_BAD_STATE:
        return "bad state";
    case STATUS_CONFLICT:
        return "conflict";
    case STATUS_STALE_EPOCH:
        return "stale epoch";
    case STATUS_DUPLICATE:
        return "duplicate";
    case STATUS_BAD_SIGNATURE:
        return "bad signature";
    case STATUS_BAD_SEEN:
        return "bad seen";
    case STATUS_UNKNOWN:
        return "unknown";
    case STATUS_FULL:
        return "full";
    case STATUS_UNSUPPORTED:
        return "unsupported";
    case STATUS_EXPIRED:
        return "expired";
    case STATUS_USED_UP:
        return "used up";
    case STATUS_PAUSED:
        return "paused";
    case STATUS_ENDED:
        return "ended";
    case STATUS_PURGED:
        return "purged";
    case STATUS_NOT_ADMITTED:
        return "not admitted";
    case STATUS_REMOVED:
        return "removed";
    case STATUS_BAD_SLOTS:
        return "bad slots";
    }
    return "unnamed status";
}

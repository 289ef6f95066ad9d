/* common/status.h -- the one way functions say how it went. Codes of libraries are translated
 * at the edge and go no further. Negative is an error; none is ever ignored. */
#ifndef COMMON_STATUS_H
#define COMMON_STATUS_H

enum status {
    STATUS_OK = 0,
    /* of the machine */
    STATUS_NOMEM = -1,
    STATUS_IO = -2,       /* disk or socket failed */
    STATUS_NO_SPACE = -3, /* disk full */
    STATUS_BUSY = -4,     /* held by another process */
    STATUS_NOT_FOUND = -5,
    STATUS_EXISTS = -6,
    STATUS_PERMISSION = -7, /* file permissions, not the permission table */
    STATUS_UNREACHABLE = -8,
    STATUS_TIMEOUT = -9,
    STATUS_USAGE = -10, /* a person gave something that does not fit; the text is elsewhere */
    STATUS_CANCELLED = -11,

    /* of bytes */
    STATUS_SHORT = -20,     /* more bytes are needed */
    STATUS_MALFORMED = -21, /* not the shape it must have */
    STATUS_TOO_LONG = -22,
    STATUS_VERSION = -23, /* a version this program does not know */
    STATUS_CRYPTO = -24,  /* does not decrypt, verify or match */
    STATUS_BAD_KEY = -25, /* small order, not canonical, refused by the library */

    /* of the session: what an append may be refused with; numbers travel, see PROTOCOL.md */
    STATUS_FORBIDDEN = -40,   /* the permission table says no */
    STATUS_BAD_STATE = -41,   /* the step or session is not in a state for it */
    STATUS_CONFLICT = -42,    /* decided on something that has changed; look and try again */
    STATUS_STALE_EPOCH = -43, /* seal again under the current epoch */
    STATUS_DUPLICATE = -44,   /* this id is held already */
    STATUS_BAD_SIGNATURE = -45,
    STATUS_BAD_SEEN = -46,    /* `seen` is not on the chain */
    STATUS_UNKNOWN = -47,     /* a kind, verb, step, member or text nobody has heard of */
    STATUS_FULL = -48,        /* a limit on members, steps, texts, entries or bytes */
    STATUS_UNSUPPORTED = -49, /* fixed in the format, not played by this version */
    STATUS_EXPIRED = -50,     /* ticket or invite */
    STATUS_USED_UP = -51,     /* ticket or invite */
    STATUS_PAUSED = -52,
    STATUS_ENDED = -53,
    STATUS_PURGED = -54,
    STATUS_NOT_ADMITTED = -55, /* waits in the lobby */
    STATUS_REMOVED = -56,
    STATUS_BAD_SLOTS = -57, /* locks or names that this kind may not carry */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* A short constant name such as "malformed", for logs; never NULL. */
const char *status_name(enum status status);

#endif

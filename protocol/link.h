/* protocol/link.h -- the three links people pass on: ticket, invite, recovery. One structure,
 *
 *   kring://HOST:PORT/host|join|recover#<base64url of [type, version, server key, target, seed,
 *   checks]>
 *
 * with a 2-byte check per field, host and port included, so that a typo is named. PROTOCOL.md
 * chapter 4. */
#ifndef PROTOCOL_LINK_H
#define PROTOCOL_LINK_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/limits.h"
#include "common/status.h"
#include "protocol/seat.h"

enum link_type { LINK_TICKET = 1, LINK_INVITE = 2, LINK_RECOVERY = 3 };
enum {
    LINK_VERSION = 1,
    LINK_HOST_BYTES_MAX = 253,
    LINK_TEXT_BYTES_MAX = 640,
    LINK_PASTE_BYTES_MAX = 65536, /* of a pasted letter only this much is looked through */
    LINK_PORT_DEFAULT = 5746,
};

/* The part of a link that is wrong, so that a person can be told where to look. */
enum link_part {
    LINK_PART_NONE,
    LINK_PART_SCHEME, /* no kring:// in it */
    LINK_PART_HOST,
    LINK_PART_PORT,
    LINK_PART_TYPE, /* host, join or recover; or it does not belong to the rest */
    LINK_PART_VERSION,
    LINK_PART_SERVER_KEY,
    LINK_PART_TARGET,
    LINK_PART_SEED,
    LINK_PART_CHECKS, /* the last characters */
    LINK_PART_SHAPE,  /* the part behind # is not whole */
};

struct link {
    enum link_type type;
    char host[LINK_HOST_BYTES_MAX + 1]; /* a name, IPv4, or IPv6 without brackets */
    uint16_t port;
    uint8_t server_key[KEY_BYTES];
    uint8_t session[HASH_BYTES]; /* target of invite and recovery; zero in a ticket */
    uint16_t invite;             /* target of an invite; else 0 */
    uint8_t seed[SEED_BYTES];
};

/* Writes the link as text, NUL-terminated; the host in lower case.
 * Errors: STATUS_TOO_LONG (size), STATUS_MALFORMED (a host or port that no link can hold). */
MUST_CHECK enum status link_format(const struct link *link, char *out, size_t size);

/* Reads the first whole link in a text as people paste it: white space, line breaks, `=20`,
 * `=3D`, `%23`, `<` `>` and quotes around and inside are passed over (mail programs wrap), and
 * so is what comes before and after. Errors: STATUS_MALFORMED, STATUS_VERSION; then *part_out
 * says which part of the first thing that looked like one, and *link_out is untouched. */
MUST_CHECK enum status link_parse(struct bytes text, struct link *link_out,
                                  enum link_part *part_out);

void link_wipe(struct link *link);

#endif

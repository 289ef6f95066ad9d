#include "protocol/control.h"

#include "protocol/shape.h"

SHAPE_DEFINE(status_shape, control_status,
             SHAPE_STR(control_status, version, MESSAGE_NAME_BYTES_MAX),
             SHAPE_U64(control_status, started_ms), SHAPE_U64(control_status, now_ms),
             SHAPE_U64(control_status, connections), SHAPE_U64(control_status, handshaking),
             SHAPE_U64(control_status, sessions), SHAPE_U64(control_status, entries),
             SHAPE_U64(control_status, store_bytes), SHAPE_U64(control_status, commits),
             SHAPE_U64(control_status, commit_us_median),
             SHAPE_U64(control_status, commit_us_99), SHAPE_U64(control_status, commit_us_max));

SHAPE_DEFINE(ticket_shape, control_ticket,
             SHAPE_STR(control_ticket, label, TICKET_LABEL_BYTES_MAX),
             SHAPE_U32(control_ticket, uses, CONTROL_USES_MAX),
             SHAPE_U64(control_ticket, expires_ms),
             SHAPE_STR(control_ticket, host, CONTROL_HOST_BYTES_MAX));

SHAPE_DEFINE(link_shape, control_link, SHAPE_STR(control_link, link, CONTROL_LINK_BYTES_MAX),
             SHAPE_U32(control_link, host, CONTROL_HOST_ASSUMED));

SHAPE_DEFINE(label_shape, control_label,
             SHAPE_STR(control_label, label, TICKET_LABEL_BYTES_MAX));

SHAPE_DEFINE(ticket_row, control_ticket_row,
             SHAPE_STR(control_ticket_row, label, TICKET_LABEL_BYTES_MAX),
             SHAPE_U32(control_ticket_row, uses_left, CONTROL_USES_MAX),
             SHAPE_U64(control_ticket_row, created_ms),
             SHAPE_U64(control_ticket_row, expires_ms));

SHAPE_DEFINE(tickets_shape, control_tickets,
             SHAPE_LIST(control_tickets, items, count, ticket_row));

SHAPE_DEFINE(session_shape, control_session, SHAPE_FIXED(control_session, session));

SHAPE_DEFINE(after_shape, control_after, SHAPE_BIN(control_after, session, HASH_BYTES));

SHAPE_DEFINE(session_row, control_session_row, SHAPE_FIXED(control_session_row, session),
             SHAPE_U64(control_session_row, created_ms),
             SHAPE_U64(control_session_row, keep_until_ms),
             SHAPE_U32(control_session_row, connections, UINT32_MAX),
             SHAPE_U64(control_session_row, entries), SHAPE_U64(control_session_row, bytes),
             SHAPE_BOOL(control_session_row, purged));

SHAPE_DEFINE(sessions_shape, control_sessions,
             SHAPE_LIST(control_sessions, items, count, session_row));

SHAPE_CODEC(control_status, status_shape)
SHAPE_CODEC(control_ticket, ticket_shape)
SHAPE_CODEC(control_link, link_shape)
SHAPE_CODEC(control_label, label_shape)
SHAPE_CODEC(control_tickets, tickets_shape)
SHAPE_CODEC(control_session, session_shape)
SHAPE_CODEC(control_after, after_shape)
SHAPE_CODEC(control_sessions, sessions_shape)

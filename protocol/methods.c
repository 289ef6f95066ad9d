#include "protocol/methods.h"

#include "protocol/reader.h"
#include "protocol/shape.h"

SHAPE_DEFINE(place, message_place, SHAPE_U64(message_place, index),
             SHAPE_FIXED(message_place, hash));

SHAPE_DEFINE(device, device_keys, SHAPE_FIXED(device_keys, noise),
             SHAPE_FIXED(device_keys, box), SHAPE_FIXED(device_keys, sign));

SHAPE_DEFINE(create_shape, message_create, SHAPE_FIXED(message_create, ticket_key),
             SHAPE_FIXED(message_create, signature),
             SHAPE_BIN(message_create, genesis, ENTRY_BYTES_MAX));

SHAPE_DEFINE(attach_shape, message_attach, SHAPE_FIXED(message_attach, session),
             SHAPE_ONE(message_attach, public_place, place),
             SHAPE_ONE(message_attach, own_place, place));

SHAPE_DEFINE(knock_shape, message_knock, SHAPE_FIXED(message_knock, session),
             SHAPE_U16(message_knock, invite), SHAPE_FIXED(message_knock, signature),
             SHAPE_ONE(message_knock, device, device),
             SHAPE_ONE(message_knock, public_place, place));

SHAPE_DEFINE(attached_shape, message_attached, SHAPE_ONE(message_attached, public_head, place),
             SHAPE_ONE(message_attached, own_head, place),
             SHAPE_U32(message_attached, waiting, UINT32_MAX),
             SHAPE_U16(message_attached, member), SHAPE_U64(message_attached, time_ms));

SHAPE_DEFINE(append_shape, message_append, SHAPE_BIN(message_append, entry, ENTRY_BYTES_MAX));

SHAPE_DEFINE(appended_shape, message_appended,
             SHAPE_U32(message_appended, stream, STREAM_WAITING),
             SHAPE_U64(message_appended, index), SHAPE_FIXED(message_appended, hash),
             SHAPE_U64(message_appended, time_ms));

SHAPE_DEFINE(step_shape, message_step, SHAPE_U16(message_step, step));

SHAPE_DEFINE(digest_shape, message_digest, SHAPE_U32(message_digest, count, UINT32_MAX),
             SHAPE_FIXED(message_digest, digest));

SHAPE_DEFINE(signalled_shape, message_signalled, SHAPE_U16(message_signalled, step),
             SHAPE_U32(message_signalled, signal, MESSAGE_SIGNAL_QUESTION));

SHAPE_DEFINE(mark_shape, message_mark, SHAPE_U16(message_mark, step),
             SHAPE_BOOL(message_mark, on));

SHAPE_DEFINE(last_call_shape, message_last_call, SHAPE_U16(message_last_call, step),
             SHAPE_U32(message_last_call, seconds, MESSAGE_LAST_CALL_SECONDS_MAX));

SHAPE_DEFINE(time_shape, message_time, SHAPE_U64(message_time, time_ms));

SHAPE_DEFINE(offer_shape, message_offer, SHAPE_U32(message_offer, version_min, UINT32_MAX),
             SHAPE_U32(message_offer, version_max, UINT32_MAX),
             SHAPE_STR(message_offer, name, MESSAGE_NAME_BYTES_MAX));

SHAPE_DEFINE(welcome_shape, message_welcome, SHAPE_U32(message_welcome, version, UINT32_MAX),
             SHAPE_STR(message_welcome, name, MESSAGE_NAME_BYTES_MAX),
             SHAPE_U64(message_welcome, time_ms));

SHAPE_DEFINE(reason_shape, message_reason, SHAPE_U32(message_reason, code, UINT32_MAX),
             SHAPE_STR(message_reason, text, MESSAGE_TEXT_BYTES_MAX));

SHAPE_DEFINE(item_shape, message_item, SHAPE_U32(message_item, stream, STREAM_WAITING),
             SHAPE_U64(message_item, index), SHAPE_U64(message_item, time_ms),
             SHAPE_BIN(message_item, entry, ENTRY_BYTES_MAX));

SHAPE_DEFINE(member, message_member, SHAPE_U16(message_member, member),
             SHAPE_U32(message_member, state, UINT32_MAX));

SHAPE_DEFINE(members_shape, message_members, SHAPE_BOOL(message_members, whole),
             SHAPE_LIST(message_members, items, count, member));

SHAPE_DEFINE(who_shape, message_who, SHAPE_U16(message_who, step),
             SHAPE_BOOL(message_who, members.whole),
             SHAPE_LIST(message_who, members.items, members.count, member));

SHAPE_DEFINE(counts_shape, message_counts, SHAPE_U16(message_counts, step),
             SHAPE_U32(message_counts, answered, UINT32_MAX),
             SHAPE_U32(message_counts, done, UINT32_MAX),
             SHAPE_U32(message_counts, ready, UINT32_MAX),
             SHAPE_U32(message_counts, more_time, UINT32_MAX),
             SHAPE_U32(message_counts, question, UINT32_MAX),
             SHAPE_U32(message_counts, writing, UINT32_MAX));

SHAPE_DEFINE(lobby_shape, message_lobby, SHAPE_U32(message_lobby, reason, UINT32_MAX));

SHAPE_CODEC(message_create, create_shape)
SHAPE_CODEC(message_attach, attach_shape)
SHAPE_CODEC(message_knock, knock_shape)
SHAPE_CODEC(message_attached, attached_shape)
SHAPE_CODEC(message_append, append_shape)
SHAPE_CODEC(message_appended, appended_shape)
SHAPE_CODEC(message_step, step_shape)
SHAPE_CODEC(message_digest, digest_shape)
SHAPE_CODEC(message_signalled, signalled_shape)
SHAPE_CODEC(message_mark, mark_shape)
SHAPE_CODEC(message_last_call, last_call_shape)
SHAPE_CODEC(message_time, time_shape)
SHAPE_CODEC(message_offer, offer_shape)
SHAPE_CODEC(message_welcome, welcome_shape)
SHAPE_CODEC(message_reason, reason_shape)
SHAPE_CODEC(message_item, item_shape)
SHAPE_CODEC(message_members, members_shape)
SHAPE_CODEC(message_who, who_shape)
SHAPE_CODEC(message_counts, counts_shape)
SHAPE_CODEC(message_lobby, lobby_shape)

void message_encode_nothing(struct writer *writer)
{
    writer_array(writer, 0);
}

enum status message_decode_nothing(struct bytes body)
{
    struct reader reader = reader_begin(body);

    reader_tail(&reader, reader_array(&reader, 0, READER_COUNT_MAX), 0);
    return reader_end(&reader);
}

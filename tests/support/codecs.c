#include "tests/support/codecs.h"

#include <string.h>

#include "protocol/control.h"
#include "protocol/methods.h"

#define UNTYPED(name)                                                                          \
    static void name##_untyped_encode(struct writer *writer, const void *value)                \
    {                                                                                          \
        name##_encode(writer, value);                                                          \
    }                                                                                          \
    static enum status name##_untyped_decode(struct bytes body, void *value_out)               \
    {                                                                                          \
        return name##_decode(body, value_out);                                                 \
    }

#define EACH_CODEC(X)                                                                          \
    X(message_create)                                                                          \
    X(message_attach)                                                                          \
    X(message_knock)                                                                           \
    X(message_attached)                                                                        \
    X(message_append)                                                                          \
    X(message_appended)                                                                        \
    X(message_step)                                                                            \
    X(message_digest)                                                                          \
    X(message_signalled)                                                                       \
    X(message_mark)                                                                            \
    X(message_last_call)                                                                       \
    X(message_time)                                                                            \
    X(message_offer)                                                                           \
    X(message_welcome)                                                                         \
    X(message_reason)                                                                          \
    X(message_item)                                                                            \
    X(message_members)                                                                         \
    X(message_who)                                                                             \
    X(message_counts)                                                                          \
    X(message_lobby)                                                                           \
    X(control_status)                                                                          \
    X(control_ticket)                                                                          \
    X(control_link)                                                                            \
    X(control_label)                                                                           \
    X(control_tickets)                                                                         \
    X(control_session)                                                                         \
    X(control_after)                                                                           \
    X(control_sessions)

EACH_CODEC(UNTYPED)

#define ROW(struct_name)                                                                       \
    {.name = #struct_name,                                                                     \
     .size = sizeof(struct struct_name),                                                       \
     .encode = struct_name##_untyped_encode,                                                   \
     .decode = struct_name##_untyped_decode},

const struct codec codecs[] = {EACH_CODEC(ROW)};
const size_t codecs_count = sizeof codecs / sizeof codecs[0];

const struct codec *codec_named(const char *name)
{
    for (size_t i = 0; i < codecs_count; i++) {
        if (strcmp(codecs[i].name, name) == 0) {
            return &codecs[i];
        }
    }
    return NULL;
}
